package sqldb_test

import (
	"errors"
	"testing"

	"clew.dev/clew/internal/sqldb"
)

type memo string

// recall counts up what the transaction remembers and what the table holds;
// both say how often it was called since, and have to agree.
func recall(t *testing.T, tx *sqldb.Tx) error {
	n, known := tx.Shared()[memo("n")].(int64)
	var kept int64
	if err := tx.QueryRow("SELECT n FROM item WHERE id=$1", "count").Scan(&kept); err != nil {
		return err
	}
	if !known {
		n = kept
	}
	if n != kept {
		t.Errorf("remembers %d where %d is kept", n, kept)
	}
	tx.Shared()[memo("n")] = n + 1
	return tx.Later("UPDATE item SET n=n+1 WHERE id=$1", "count")
}

// TestUnitsShareWhatStands: what units of a transaction know together is never
// what was undone, whoever failed and however.
func TestUnitsShareWhatStands(t *testing.T) {
	boom := errors.New("boom")
	for name, bad := range map[string]func(t *testing.T, tx *sqldb.Tx) error{
		"a unit that fails": func(t *testing.T, tx *sqldb.Tx) error { return errors.Join(recall(t, tx), boom) },
		"one that panics":   func(t *testing.T, tx *sqldb.Tx) error { _ = recall(t, tx); panic("poison") },
		"one with a bad statement": func(t *testing.T, tx *sqldb.Tx) error {
			return errors.Join(recall(t, tx), tx.Later("INSERT INTO item (id, n) VALUES ($1, 1)", "count"))
		},
		"a part that is undone": func(t *testing.T, tx *sqldb.Tx) error {
			_ = tx.Savepoint(func() error { return errors.Join(recall(t, tx), boom) })
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			withTable(t, func(t *testing.T, db *sqldb.DB) {
				write(t, db, func(tx *sqldb.Tx) error {
					return tx.Later("INSERT INTO item (id, n) VALUES ($1, 0)", "count")
				})
				good := func(tx *sqldb.Tx) error { return recall(t, tx) }
				for range 3 { // unguarded, then guarded
					together(t, db, good, good, func(tx *sqldb.Tx) error { return bad(t, tx) }, good, good)
				}
				var n int64
				write(t, db, func(tx *sqldb.Tx) error {
					if len(tx.Shared()) != 0 {
						t.Error("a transaction knows of the one before")
					}
					return tx.QueryRow("SELECT n FROM item WHERE id=$1", "count").Scan(&n)
				})
				if n != 12 {
					t.Errorf("counted %d of 12 good units", n)
				}
			})
		})
	}
}

// TestUnitsOfAGroupShare: a later unit of the same transaction finds what an
// earlier one left.
func TestUnitsOfAGroupShare(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		found := 0
		leave := func(tx *sqldb.Tx) error {
			if tx.Shared()[memo("left")] != nil {
				found++
			}
			tx.Shared()[memo("left")] = true
			return nil
		}
		together(t, db, leave, leave, leave)
		if found != 2 {
			t.Errorf("%d of 2 found it", found)
		}
	})
}
