package sqldb_test

import (
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// TestUnitsThatWaitAreTold: upkeep asks before it takes the writer's time.
func TestUnitsThatWaitAreTold(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		if db.Pressed() {
			t.Fatal("pressed before anything was written")
		}
		write(t, db, func(tx *sqldb.Tx) error { return insert(tx, "alone", 1) })
		if db.Pressed() {
			t.Fatal("pressed by one unit, behind which nobody waited")
		}
		crowd(t, db)
		if !db.Pressed() {
			t.Fatal("units waited and nobody was told")
		}
		for began := time.Now(); db.Pressed(); {
			if time.Since(began) > 10*time.Second {
				t.Fatal("still pressed long after the last unit")
			}
			time.Sleep(time.Millisecond) // until the moment is over
		}
	})
}

// crowd writes more units than a group takes, behind one that holds the writer.
func crowd(t *testing.T, db *sqldb.DB) {
	t.Helper()
	const units = 150 // a group takes a hundred
	held, free := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		write(t, db, func(tx *sqldb.Tx) error {
			close(held)
			<-free
			return nil
		})
	})
	<-held
	for range units {
		all.Go(func() { write(t, db, func(*sqldb.Tx) error { return nil }) })
	}
	for db.Queued() < units {
		time.Sleep(time.Millisecond)
	}
	close(free)
	all.Wait()
}
