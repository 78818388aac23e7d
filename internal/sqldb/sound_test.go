package sqldb_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

func faults(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	found, err := db.Faults(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestASoundDatabaseHasNoFaults(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		if found := faults(t, db); len(found) > 0 {
			t.Errorf("%q", found)
		}
	})
}

// TestARowThatNamesAnAbsentOneIsFound: a server refuses it; the embedded
// database takes it, and tells when it is looked through.
func TestARowThatNamesAnAbsentOneIsFound(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			for _, role := range []string{"a", "b"} {
				if _, err := tx.Exec("INSERT INTO account_role (account_id, role, position) VALUES ('nobody', $1, 0)", role); err != nil {
					return err
				}
			}
			return nil
		})
		found := faults(t, db)
		if err != nil {
			if len(found) > 0 {
				t.Errorf("refused, and yet: %q", found)
			}
			return
		}
		if len(found) != 2 || !strings.Contains(found[0], "account_role") || !strings.Contains(found[0], "account that is not there") {
			t.Errorf("%q", found)
		}
	})
}

// TestADamagedFileIsSaidToBeOne: wherever the file is spoilt, opening it or
// looking it through says so, in words for people; it is never taken for sound.
func TestADamagedFileIsSaidToBeOne(t *testing.T) {
	place := clewtest.Embedded(t)
	db := clewtest.Open(t, place)
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		for i := range 400 {
			if _, err := tx.Exec("INSERT INTO account_role (account_id, role, position) VALUES ($1, 'r', 0)", strings.Repeat("x", 200)+string(rune('a'+i%26))+string(rune('a'+i/26))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(place.Dir, "clew.db")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	seen := map[string]int{}
	for range 24 {
		spoilt := bytes.Clone(whole)
		from := random.IntN(len(spoilt)/4096) * 4096 // a page's head, where its structure is
		for i := from; i < min(from+random.IntN(3000)+100, len(spoilt)); i++ {
			spoilt[i] = byte(random.IntN(256))
		}
		seen[looked(t, spoilt)]++
	}
	for name, content := range map[string][]byte{"cut": whole[:len(whole)/2-100], "cut at a page": whole[:len(whole)/8192*4096], "text": []byte(strings.Repeat("no database ", 1000)), "its head": whole[:512]} {
		if said := looked(t, content); said == "sound" {
			t.Errorf("%s is taken for sound", name)
		}
	}
	if seen["sound"] > 2 || seen["refused"] == 0 && seen["faults"] == 0 { // a free page may be spoilt without harm
		t.Errorf("%v", seen)
	}
}

// looked opens a file and looks it through: sound, faults or refused.
func looked(t *testing.T, content []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "clew.db"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sqldb.Open(t.Context(), sqldb.Options{Dir: dir})
	if err != nil {
		return refused(t, err)
	}
	defer db.Close()
	found, err := db.Faults(t.Context())
	switch {
	case err != nil:
		return refused(t, err)
	case len(found) > 0:
		return "faults"
	}
	return "sound"
}

func refused(t *testing.T, err error) string {
	t.Helper()
	if f, ok := fault.As(err); !ok || f.Code != "database_damaged" {
		t.Logf("a damaged file says: %v", err)
	}
	return "refused"
}
