package notify

import (
	"errors"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

func (s *stage) list(t *testing.T, user string, unread bool, limit int) (all []Item) {
	t.Helper()
	cursor := ""
	for {
		var items []Item
		err := s.DB.Read(t.Context(), func(tx *sqldb.Tx) (err error) {
			items, cursor, err = s.List(tx, user, "zh-CN", unread, cursor, limit)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, items...)
		if cursor == "" {
			return all
		}
	}
}

func TestInbox(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.tell(t, 0, 7, []string{"u1", "u2"})
		s.tell(t, 0, 7, []string{"u1", "u3"}) // the same causes again
		for user, want := range map[string]int{"u1": 7, "u2": 7, "u3": 7, "u4": 0} {
			if got := s.list(t, user, false, 2); len(got) != want {
				t.Errorf("%s has %d, want %d", user, len(got), want)
			}
		}
		if len(s.told) != 28 {
			t.Errorf("%d told after the commits", len(s.told))
		}
		items := s.list(t, "u1", true, 3)
		if items[0].Text != "「⟦6⟧」分给了你 · 恒锐6" || items[0].Label != "⟦6⟧" || items[0].Read || items[0].Object != "lead" {
			t.Errorf("newest: %+v", items[0])
		}
		s.hidden["6"] = true
		if hidden := s.list(t, "u1", true, 3)[0]; hidden.Text != "「一条记录」分给了你" || hidden.Record+hidden.Label+hidden.Object != "" {
			t.Errorf("a record that may not be seen: %+v", hidden)
		}
		s.write(t, func(tx *sqldb.Tx) error { return s.MarkRead(tx, "u1", items[0].ID) })
		s.write(t, func(tx *sqldb.Tx) error { return s.MarkRead(tx, "u1", items[0].ID) })
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return s.MarkRead(tx, "u2", items[1].ID) })
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("another one's message: %v", err)
		}
		if got := s.list(t, "u1", true, 50); len(got) != 6 {
			t.Errorf("%d unread", len(got))
		}
		s.write(t, func(tx *sqldb.Tx) error {
			count, err := s.MarkAll(tx, "u1")
			left, err2 := s.Unread(tx, "u1")
			if count != 6 || left != 0 {
				t.Errorf("marked %d, %d left", count, left)
			}
			return errors.Join(err, err2)
		})
	})
}

func TestTellIsPartOfItsTransaction(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		stop := errors.New("stop")
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			if err := s.Tell(tx, Message{Cause: "c", Recipients: []string{"u1"}, Robots: []string{"top3"}, Kind: "assigned"}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) || len(s.list(t, "u1", false, 0)) != 0 || len(s.counts(t, "top3")) != 0 || len(s.told) != 0 {
			t.Errorf("something stayed: %v", err)
		}
	})
}

func TestHistoryIsDelivered(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.secrets(t)
		s.SetHistory(true)
		s.tell(t, 0, 120, []string{"u1"}, "top3")
		s.SetHistory(false)
		if got := s.list(t, "u1", true, 500); len(got) != 0 {
			t.Errorf("%d unread", len(got))
		}
		if got := s.list(t, "u1", false, 500); len(got) != 120 {
			t.Errorf("%d in all", len(got))
		}
		if c := s.counts(t, "top3"); c["sent"] != 120 || len(c) != 1 {
			t.Error(c)
		}
	})
}

func TestManyRecipientsAndABadCursor(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		to := strings.Split(strings.Repeat("x,", 120)+"x", ",")
		for i := range to {
			to[i] = db.NewID()
		}
		s.tell(t, 0, 1, to)
		for _, user := range to {
			if len(s.list(t, user, false, 1)) != 1 {
				t.Fatalf("%s was not told", user)
			}
		}
		for _, cursor := range []string{"?", "AAAA", "enp6"} {
			err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
				_, _, err := s.List(tx, "u1", "en", false, cursor, 1)
				return err
			})
			if fault.KindOf(err) != fault.Malformed {
				t.Errorf("%s: %v", cursor, err)
			}
		}
	})
}
