package sqldb_test

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"clew.dev/clew/internal/sqldb"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// together runs the units in one group, in their order, and gives their errors.
func together(t testing.TB, db *sqldb.DB, units ...func(*sqldb.Tx) error) []error {
	t.Helper()
	running, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		var once sync.Once
		if err := db.Write(t.Context(), func(*sqldb.Tx) error { once.Do(func() { close(running) }); <-release; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-running
	outcomes := make([]error, len(units))
	for i, unit := range units {
		all.Go(func() { outcomes[i] = db.Write(t.Context(), unit) })
		for db.Queued() <= i {
			runtime.Gosched()
		}
	}
	close(release)
	all.Wait()
	return outcomes
}

// counted is fn with a count of how often it was run.
func counted(runs *int, fn func(*sqldb.Tx) error) func(*sqldb.Tx) error {
	return func(tx *sqldb.Tx) error { *runs++; return fn(tx) }
}

func TestALoneUnitThatFailsIsRunOnce(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		boom, runs := errors.New("boom"), 0
		err := db.Write(t.Context(), counted(&runs, func(tx *sqldb.Tx) error {
			if err := insert(tx, "a", 1); err != nil {
				return err
			}
			return boom
		}))
		if !errors.Is(err, boom) || runs != 1 {
			t.Errorf("%v after %d runs", err, runs)
		}
		wantIDs(t, db)
	})
}

func TestAGroupWithAFailureIsRunAgainGuarded(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		boom, runs := errors.New("boom"), [4]int{}
		put := func(i int) func(*sqldb.Tx) error {
			return counted(&runs[i], func(tx *sqldb.Tx) error { return insert(tx, fmt.Sprint(i), i) })
		}
		fail := counted(&runs[1], func(tx *sqldb.Tx) error { _ = insert(tx, "1", 1); return boom })
		got := together(t, db, put(0), fail, put(2), put(3))
		if !errors.Is(got[1], boom) || got[0] != nil || got[2] != nil || got[3] != nil {
			t.Errorf("outcomes: %v", got)
		}
		wantIDs(t, db, "0", "2", "3")
		if runs[0] != 2 || runs[1] != 2 || runs[3] > 2 {
			t.Errorf("runs: %v", runs)
		}
		runs = [4]int{}
		if got = together(t, db, fail, put(0)); !errors.Is(got[0], boom) || got[1] == nil {
			t.Errorf("outcomes: %v", got)
		}
		if runs[1] != 1 || runs[0] != 1 {
			t.Errorf("after a failure each unit is guarded, yet was run %v times", runs)
		}
	})
}

func TestASavepointThatIsTakenBackCostsOneMoreRun(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		var runs, before, called int
		var inner error
		boom := errors.New("boom")
		got := together(t, db,
			counted(&before, func(tx *sqldb.Tx) error { return insert(tx, "before", 1) }),
			counted(&runs, func(tx *sqldb.Tx) error {
				tx.AfterCommit(func() { called++ })
				if err := insert(tx, "kept", 1); err != nil {
					return err
				}
				inner = tx.Savepoint(func() error {
					if err := insert(tx, "undone", 2); err != nil {
						return err
					}
					return boom
				})
				return tx.Later("UPDATE item SET n=5 WHERE id=$1", "kept")
			}))
		if got[0] != nil || got[1] != nil || !errors.Is(inner, boom) {
			t.Errorf("outcomes %v, inside %v", got, inner)
		}
		if runs != 2 || before != 2 || called != 1 {
			t.Errorf("%d and %d runs, %d calls after the commit", before, runs, called)
		}
		wantIDs(t, db, "before", "kept")
	})
}

func TestAPanicUnderASavepointIsTheUnitsOwn(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		got := together(t, db,
			func(tx *sqldb.Tx) error { return insert(tx, "a", 1) },
			func(tx *sqldb.Tx) error { return tx.Savepoint(func() error { panic("poison") }) })
		if got[0] != nil || got[1] == nil {
			t.Errorf("outcomes: %v", got)
		}
		wantIDs(t, db, "a")
	})
}

// TestGroupsAgreeWithUnitsOneByOne: whatever fails, with and without
// savepoints, what is there afterwards is what the good units wrote.
func TestGroupsAgreeWithUnitsOneByOne(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		round := 0
		rapid.Check(t, func(r *rapid.T) {
			round++
			acts := rapid.SliceOfN(rapid.SampledFrom([]string{"good", "error", "panic", "duplicate", "undone", "nested"}), 1, 8).Draw(r, "acts")
			var want []string
			var units []func(*sqldb.Tx) error
			for i, act := range acts {
				id := fmt.Sprintf("%04d.%d", round, i)
				units = append(units, acting(act, id))
				if act == "good" || act == "undone" || act == "nested" {
					want = append(want, id)
				}
			}
			outcomes := together(t, db, units...)
			for i, act := range acts {
				if good := act == "good" || act == "undone" || act == "nested"; good != (outcomes[i] == nil) {
					r.Errorf("%s: %v", act, outcomes[i])
				}
			}
			var got []string
			for _, id := range ids(t, db) {
				if len(id) > 4 && id[:5] == fmt.Sprintf("%04d.", round) {
					got = append(got, id)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				r.Errorf("%v:\n%s", acts, diff)
			}
		})
	})
}

// acting is a unit that writes id and then does what act says.
func acting(act, id string) func(*sqldb.Tx) error {
	return func(tx *sqldb.Tx) error {
		if err := insert(tx, id, 1); err != nil {
			return err
		}
		switch act {
		case "error":
			return errors.New("refused")
		case "panic":
			panic("poison")
		case "duplicate":
			return tx.Later("INSERT INTO item (id, n) VALUES ($1, 1)", id)
		case "undone":
			_ = tx.Savepoint(func() error { return insert(tx, id, 1) })
		case "nested":
			return tx.Savepoint(func() error { return tx.Later("UPDATE item SET n=2 WHERE id=$1", id) })
		}
		return nil
	}
}
