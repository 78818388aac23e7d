package sqldb_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// TestUpkeepBesideTheWriter: on a server it is done while a unit holds the
// writer; the embedded database has one writer, so there it waits for it.
func TestUpkeepBesideTheWriter(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		held, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		let := sync.OnceFunc(func() { close(free) })
		defer let()
		go func() {
			done <- db.Write(t.Context(), func(tx *sqldb.Tx) error {
				err := insert(tx, "unit", 1)
				close(held)
				<-free
				return err
			})
		}()
		<-held
		if _, server := db.Pool(); server {
			if err := db.WriteBeside(t.Context(), func(tx *sqldb.Tx) error { return insert(tx, "upkeep", 2) }); err != nil {
				t.Fatal(err)
			}
			if got := len(ids(t, db)); got != 1 {
				t.Errorf("%d rows are seen while the unit is open, want the upkeep's", got)
			}
		} else {
			short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			err := db.WriteBeside(short, func(tx *sqldb.Tx) error { return insert(tx, "never", 3) })
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("beside the only writer: %v", err)
			}
		}
		let()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	})
}

// TestUpkeepIsAUnit: it is undone when it fails, told when it is done, and
// refused where a unit would be.
func TestUpkeepIsAUnit(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		boom := errors.New("boom")
		for _, c := range []struct {
			name string
			fn   func(*sqldb.Tx) error
			want error
		}{
			{"fails after a row", func(tx *sqldb.Tx) error { return errors.Join(insert(tx, "a", 1), boom) }, boom},
			{"fails with a row on its way", func(tx *sqldb.Tx) error {
				return errors.Join(tx.Later("INSERT INTO item (id, n) VALUES ($1, $2)", "b", 1), boom)
			}, boom},
		} {
			if err := db.WriteBeside(t.Context(), c.fn); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if err := db.WriteBeside(t.Context(), func(tx *sqldb.Tx) error { _ = insert(tx, "c", 1); panic("poison") }); err == nil {
			t.Error("a panic was taken for done")
		}
		if got := len(ids(t, db)); got != 0 {
			t.Fatalf("%d rows of what failed are there", got)
		}
		rang := 0
		if err := db.WriteBeside(t.Context(), func(tx *sqldb.Tx) error {
			tx.AfterCommit(func() { rang++ })
			return tx.Later("INSERT INTO item (id, n) VALUES ($1, $2)", "d", 1)
		}); err != nil || rang != 1 || len(ids(t, db)) != 1 {
			t.Errorf("%v; told %d times, %d rows", err, rang, len(ids(t, db)))
		}
		if err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			return db.WriteBeside(tx.Context(), func(*sqldb.Tx) error { return nil })
		}); err == nil {
			t.Error("upkeep inside a unit was let in")
		}
	})
}

// TestUpkeepThatIsRefusedIsTold: what shows up only when all results
// are read is told, and nothing of it is kept.
func TestUpkeepThatIsRefusedIsTold(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		put := func(tx *sqldb.Tx) error {
			return errors.Join(tx.Later("INSERT INTO item (id, n) VALUES ($1, 1)", "x"), tx.Later("INSERT INTO item (id, n) VALUES ($1, 2)", "y"))
		}
		if err := db.WriteBeside(t.Context(), put); err != nil {
			t.Fatal(err)
		}
		if err := db.WriteBeside(t.Context(), func(tx *sqldb.Tx) error {
			return errors.Join(tx.Later("INSERT INTO item (id, n) VALUES ($1, 3)", "z"), put(tx))
		}); err == nil {
			t.Error("a row that is there was put in twice")
		}
		if got := len(ids(t, db)); got != 2 {
			t.Errorf("%d rows, want 2", got)
		}
	})
}

// TestNoReadWaitsForUpkeep: while upkeep holds the writer, a read begins at once;
// it would let a unit go first.
func TestNoReadWaitsForUpkeep(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		ids(t, db) // opens what is opened once
		held, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- db.WriteBeside(t.Context(), func(*sqldb.Tx) error {
				close(held)
				<-free
				return nil
			})
		}()
		<-held
		if n := db.Writing(); n != 0 {
			t.Errorf("reads let %d groups go first, where there is only upkeep", n)
		}
		ids(t, db)
		close(free)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		write(t, db, func(*sqldb.Tx) error {
			if n := db.Writing(); n != 1 {
				t.Errorf("reads let %d groups go first beside a unit, want 1", n)
			}
			return nil
		})
	})
}
