package sqldb

import "testing"

func TestUnnumbered(t *testing.T) {
	for text, want := range map[string]string{
		"INSERT INTO a VALUES ($1,$2),($3,$4)":    "INSERT INTO a VALUES (?,?),(?,?)",
		"SELECT a-b/c WHERE a='$1' AND \"$2\"=$1": "SELECT a-b/c WHERE a='$1' AND \"$2\"=?",
		"SELECT 'it''s $1', $1":                   "SELECT 'it''s $1', ?",
		"SELECT $1,$2,$3,$4,$5,$6,$7,$8,$9,$10":   "SELECT ?,?,?,?,?,?,?,?,?,?",
		"SELECT $2,$1":                            "SELECT $2,$1",
		"SELECT $1,$1":                            "SELECT $1,$1",
		"SELECT $12":                              "SELECT $12",
		"SELECT $1 -- it's\n,$2":                  "SELECT $1 -- it's\n,$2",
		"SELECT $1 /* ' */, $2":                   "SELECT $1 /* ' */, $2",
		"SELECT ?1":                               "SELECT ?1",
		"SELECT 'unfinished $1":                   "SELECT 'unfinished $1",
		"SELECT $":                                "SELECT $",
	} {
		if got := unnumbered(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
