package thread_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// appendActs writes three acts of two, one and three entries.
func appendActs(t *testing.T, db *sqldb.DB) {
	t.Helper()
	write(t, db, func(tx *sqldb.Tx) error {
		head := thread.Head{}
		for act, n := range []int{2, 1, 3} {
			var entries []thread.Entry
			for i := range n {
				entries = append(entries, thread.Entry{
					Record: "r", Object: "o", At: time.UnixMicro(int64(act)), Actor: thread.Actor{Kind: thread.System},
					Kind: "said", Params: map[string]any{"n": i},
				})
			}
			var err error
			if head, err = thread.Append(tx, head, entries); err != nil {
				return err
			}
			if head, err = thread.HeadOf(tx, "r", head.Seq); err != nil { // as the next change would find it
				return err
			}
		}
		return nil
	})
}

func write(t *testing.T, db *sqldb.DB, fn func(*sqldb.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func TestTamperingBreaksTheChain(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		appendActs(t, db)
		for name, c := range map[string]struct {
			sql  string
			want int64
		}{
			"untouched":                  {"SELECT 1", 0},
			"a body changed":             {"UPDATE thread_entry SET params='{}' WHERE seq=1", 2},
			"a time changed":             {"UPDATE thread_entry SET at=at+1 WHERE seq=4", 6},
			"an entry gone":              {"DELETE FROM thread_entry WHERE seq=2", 2},
			"the end gone":               {"DELETE FROM thread_entry WHERE seq=6", 5},
			"a link gone":                {"UPDATE thread_entry SET chain='' WHERE seq=6", 6},
			"a link changed":             {"UPDATE thread_entry SET chain='x' WHERE seq=3", 3},
			"erased with another digest": {"UPDATE thread_entry SET params='{}', digest='x', salt='' WHERE seq=3", 3},
		} {
			var got int64
			err := db.Write(t.Context(), func(tx *sqldb.Tx) (err error) {
				if _, err := tx.Exec(c.sql); err != nil && name != "untouched" {
					return err
				}
				if got, err = thread.Verify(tx, "r"); err != nil {
					return err
				}
				return errUndo
			})
			if err != errUndo || got != c.want {
				t.Errorf("%s: breaks at %d, want %d (%v)", name, got, c.want, err)
			}
		}
	})
}

// errUndo ends a unit whose changes are to be forgotten.
var errUndo = errors.New("undo")

func TestLastOfGivesEachRecordItsOwnNewestOfTheKinds(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, func(tx *sqldb.Tx) error {
			for record, kinds := range map[string][]string{
				"a": {"received", "follow_up", "message"}, "b": {"received", "message"}, "c": {"message"}, "d": {"follow_up"},
			} {
				var entries []thread.Entry
				for _, kind := range kinds {
					entries = append(entries, thread.Entry{Record: record, Object: "o", Actor: thread.Actor{Kind: thread.System}, Kind: kind})
				}
				if _, err := thread.Append(tx, thread.Head{}, entries); err != nil {
					return err
				}
			}
			return nil
		})
		err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			last, err := thread.LastOf(tx, []string{"a", "b", "c", "absent"}, "follow_up", "received")
			if err != nil {
				return err
			}
			if len(last) != 2 || last["a"].Kind != "follow_up" || last["a"].Seq != 2 || last["b"].Kind != "received" {
				t.Errorf("got %+v", last)
			}
			recent, err := thread.RecentOf(tx, []string{"a", "b", "c", "absent"}, 2, "received", "message")
			var kinds []string
			for _, e := range recent {
				kinds = append(kinds, e.Record+" "+e.Kind)
			}
			if want := "a message, a received, b message, b received, c message"; err != nil || strings.Join(kinds, ", ") != want {
				t.Errorf("recent are %v (%v), want %s", kinds, err, want)
			}
			if recent, err = thread.RecentOf(tx, []string{"a"}, 1, "received", "follow_up", "message"); err != nil || len(recent) != 1 || recent[0].Seq != 3 {
				t.Errorf("the one newest is %+v, %v", recent, err)
			}
			none, err := thread.LastOf(tx, nil, "received")
			if len(none) != 0 {
				t.Errorf("nothing asked gave %+v", none)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
