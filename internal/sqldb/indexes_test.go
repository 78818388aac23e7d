package sqldb_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

var indexCommand = regexp.MustCompile(`(CREATE (?:UNIQUE )?|DROP )INDEX (?:IF (?:NOT )?EXISTS )?(\w+)`)

// TestNoIndexIsLostOnTheWay: what a migration made is there at the end unless
// one dropped it by name; a table that is built anew takes its indexes along.
func TestNoIndexIsLostOnTheWay(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		other, names := ".postgres.", "SELECT name FROM sqlite_master WHERE type='index'"
		if _, server := db.Pool(); server {
			other, names = ".sqlite.", "SELECT indexname FROM pg_indexes WHERE schemaname=current_schema()"
		}
		wanted := indexesMade(t, other)
		if len(wanted) < 20 {
			t.Fatalf("only %v", wanted)
		}
		var there []string
		err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			rows, err := tx.Query(names)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var name string
				if err := rows.Scan(&name); err != nil {
					return err
				}
				there = append(there, name)
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range wanted {
			if !slices.Contains(there, name) {
				t.Errorf("the index %s is lost", name)
			}
		}
	})
}

// indexesMade are the indexes that the migrations leave, but for those of the
// other kind of database.
func indexesMade(t *testing.T, other string) (names []string) {
	t.Helper()
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.Contains(file, other) {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		for _, command := range indexCommand.FindAllStringSubmatch(up, -1) {
			names = slices.DeleteFunc(names, func(n string) bool { return n == command[2] })
			if command[1] != "DROP " {
				names = append(names, command[2])
			}
		}
	}
	return names
}
