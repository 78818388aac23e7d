package sqldb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

// later inserts without waiting for the outcome.
func later(tx *sqldb.Tx, id string, n int64) error {
	return tx.Later("INSERT INTO item (id, name, n) VALUES ($1,$2,$3)", id, "x", n)
}

var errWanted = errors.New("wanted")

// What was written with Later is there for the next query, counts as the unit's,
// and goes with the unit, or the savepoint, in which anything fails.
func TestLater(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		alter(t, db, createItem)
		for _, c := range []struct {
			name string
			unit func(tx *sqldb.Tx) error
			want string // ids afterwards
			bad  bool
		}{
			{"kept", func(tx *sqldb.Tx) error { return later(tx, "a", 1) }, "a", false},
			{"seen by a query", func(tx *sqldb.Tx) error {
				if err := later(tx, "b", 2); err != nil {
					return err
				}
				var n int64
				if err := tx.QueryRow("SELECT n FROM item WHERE id=$1", "b").Scan(&n); err != nil || n != 2 {
					return fmt.Errorf("%d %w", n, err)
				}
				return nil
			}, "a b", false},
			{"seen by a change", func(tx *sqldb.Tx) error {
				if err := later(tx, "c", 3); err != nil {
					return err
				}
				changed, err := tx.Exec("UPDATE item SET n=n+1 WHERE id=$1", "c")
				if changed != 1 {
					return fmt.Errorf("%d rows", changed)
				}
				return err
			}, "a b c", false},
			{"undone with its unit", func(tx *sqldb.Tx) error {
				return errors.Join(later(tx, "d", 4), errWanted)
			}, "a b c", true},
			{"failing at the end", func(tx *sqldb.Tx) error { return errors.Join(later(tx, "d", 4), later(tx, "a", 1)) }, "a b c", true},
			{"failing before a query", func(tx *sqldb.Tx) error {
				if err := later(tx, "a", 1); err != nil {
					return err
				}
				return tx.QueryRow("SELECT n FROM item WHERE id=$1", "a").Scan(new(int64))
			}, "a b c", true},
			{"more than are kept back", func(tx *sqldb.Tx) error {
				for i := range 200 {
					if err := later(tx, fmt.Sprintf("many-%03d", i), 0); err != nil {
						return err
					}
				}
				changed, err := tx.Exec("DELETE FROM item WHERE id LIKE 'many-%'")
				if changed != 200 {
					return fmt.Errorf("%d rows", changed)
				}
				return err
			}, "a b c", false},
			{"a savepoint that fails", func(tx *sqldb.Tx) error {
				if err := later(tx, "e", 5); err != nil {
					return err
				}
				err := tx.Savepoint(func() error { return errors.Join(later(tx, "f", 6), errWanted) })
				if !errors.Is(err, errWanted) {
					return fmt.Errorf("not the savepoint's error: %w", err)
				}
				return later(tx, "g", 7)
			}, "a b c e g", false},
			{"a savepoint whose statement fails", func(tx *sqldb.Tx) error {
				if err := later(tx, "h", 8); err != nil {
					return err
				}
				err := tx.Savepoint(func() error { return errors.Join(later(tx, "i", 9), later(tx, "a", 1)) })
				if name, unique := sqldb.IsUnique(err); !unique {
					return fmt.Errorf("not the statement's error: %s %w", name, err)
				}
				return later(tx, "j", 10)
			}, "a b c e g h j", false},
			{"a savepoint in a savepoint", func(tx *sqldb.Tx) error {
				return tx.Savepoint(func() error {
					_ = tx.Savepoint(func() error { return errors.Join(later(tx, "k", 11), errWanted) })
					return later(tx, "l", 12)
				})
			}, "a b c e g h j l", false},
		} {
			err := db.Write(t.Context(), c.unit)
			if (err != nil) != c.bad {
				t.Errorf("%s: %v", c.name, err)
			}
			if got := strings.Join(ids(t, db), " "); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
	})
}

// Units that share a commit lose nothing by a neighbour's failure, whenever it shows.
func TestLaterBesideFailingNeighbours(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		alter(t, db, createItem)
		if err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return later(tx, "taken", 0) }); err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		var mu sync.Mutex
		want := []string{"taken"}
		for i := range 300 {
			group.Go(func() {
				id := fmt.Sprintf("%03d", i)
				err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
					if err := later(tx, id, int64(i)); err != nil {
						return err
					}
					switch i % 4 {
					case 0:
						return errWanted
					case 1:
						return later(tx, "taken", 0)
					case 2:
						_ = tx.Savepoint(func() error { return later(tx, "taken", 0) })
					}
					return nil
				})
				if (err == nil) != (i%4 >= 2) {
					t.Errorf("%s: %v", id, err)
				}
				if i%4 >= 2 {
					mu.Lock()
					want = append(want, id)
					mu.Unlock()
				}
			})
		}
		group.Wait()
		got := ids(t, db)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%d units are there, want %d", len(got), len(want))
		}
	})
}

// A snapshot is not written.
func TestLaterInASnapshot(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		if err := db.Read(t.Context(), func(tx *sqldb.Tx) error { return later(tx, "a", 1) }); err == nil {
			t.Error("a snapshot was written")
		}
	})
}
