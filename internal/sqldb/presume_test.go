package sqldb_test

import (
	"errors"
	"fmt"
	"testing"

	"clew.dev/clew/internal/sqldb"
)

const putOnce = "INSERT INTO item (id, n) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING"

// presuming is a unit that puts id should nobody have it, and notes what it was told last.
func presuming(id string, told *bool, runs *int) func(*sqldb.Tx) error {
	return func(tx *sqldb.Tx) error {
		*runs++
		taken, err := tx.Presume(putOnce, id, 1)
		if *told = taken; err != nil {
			return err
		}
		return tx.Later("INSERT INTO item (id, n) VALUES ($1, $2)", fmt.Sprintf("%s-%v-%d", id, taken, *runs), 1)
	}
}

func TestAPresumptionThatIsRightCostsNoSecondRun(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		var told [3]bool
		var runs [3]int
		for i, err := range together(t, db, presuming("a", &told[0], &runs[0]), presuming("b", &told[1], &runs[1]), presuming("c", &told[2], &runs[2])) {
			if err != nil || !told[i] || runs[i] != 1 {
				t.Errorf("unit %d: %v, told %v after %d runs", i, err, told[i], runs[i])
			}
		}
		wantIDs(t, db, "a", "a-true-1", "b", "b-true-1", "c", "c-true-1")
	})
}

// A wrong presumption is never what a unit is left with: neither alone, nor
// beside others, nor when a neighbour of the same group was first.
func TestAWrongPresumptionIsPutRight(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		var told, twin bool
		var runs, twinRuns int
		if err := db.Write(t.Context(), presuming("a", &told, &runs)); err != nil || !told {
			t.Fatalf("%v, told %v", err, told)
		}
		runs = 0
		if err := db.Write(t.Context(), presuming("a", &told, &runs)); err != nil || told {
			t.Errorf("alone: %v, told %v", err, told)
		}
		if rows := ids(t, db); len(rows) != 3 {
			t.Errorf("a unit's first run left something behind: %v", rows)
		}
		before := func(tx *sqldb.Tx) error { return insert(tx, "before", 1) }
		after := func(tx *sqldb.Tx) error { return tx.Later("INSERT INTO item (id, n) VALUES ('after', 1)") }
		runs, twinRuns = 0, 10
		for i, err := range together(t, db, before, presuming("new", &told, &runs), presuming("new", &twin, &twinRuns), after) {
			if err != nil {
				t.Errorf("unit %d: %v", i, err)
			}
		}
		if !told || twin {
			t.Errorf("the first was told %v, its twin %v", told, twin)
		}
		got := map[string]bool{}
		for _, id := range ids(t, db) {
			got[id] = true
		}
		if !got["before"] || !got["after"] || !got["new"] || len(got) != 3+5 {
			t.Errorf("%v", got)
		}
	})
}

// A unit that swallows the error of a statement behind a wrong presumption is run again all the same.
func TestAWrongPresumptionCannotBeSwallowed(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		if err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return insert(tx, "a", 1) }); err != nil {
			t.Fatal(err)
		}
		told := true
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			taken, err := tx.Presume(putOnce, "a", 2)
			if told = taken; err != nil {
				return err
			}
			_ = tx.QueryRow("SELECT n FROM item WHERE id=$1", "a").Scan(new(int64))
			return nil
		})
		if err != nil || told {
			t.Errorf("%v, told %v", err, told)
		}
	})
}

func TestPresumingInASnapshot(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		if err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			taken, err := tx.Presume(putOnce, "a", 1)
			if err == nil || taken {
				return errors.New("a snapshot was written")
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}
