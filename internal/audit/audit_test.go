package audit_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

func write(t *testing.T, db *sqldb.DB, actor audit.Actor, entries ...audit.Entry) {
	t.Helper()
	err := db.Write(audit.As(t.Context(), actor), func(tx *sqldb.Tx) error {
		for _, e := range entries {
			if err := audit.Write(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, db *sqldb.DB, s audit.Search, below audit.Place, limit int) []audit.Entry {
	t.Helper()
	var found []audit.Entry
	err := db.Read(t.Context(), func(tx *sqldb.Tx) (err error) {
		found, err = audit.List(tx, s, below, limit)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func kinds(entries []audit.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Kind)
	}
	return out
}

func verify(t *testing.T, db *sqldb.DB) int64 {
	t.Helper()
	var broken int64
	err := db.Read(t.Context(), func(tx *sqldb.Tx) (err error) {
		broken, err = audit.Verify(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return broken
}

var (
	anna   = audit.Actor{Kind: audit.Person, ID: "anna", Address: "192.0.2.1"}
	robot  = audit.Actor{Kind: audit.Token, ID: "anna", Address: "192.0.2.9"}
	nobody = audit.Actor{Kind: audit.Nobody, Address: "198.51.100.7"}
)

func TestAnEntryKeepsWhoWhatAndFromWhere(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		before := time.Now().Add(-time.Minute)
		write(t, db, anna, audit.Entry{
			Kind: "person.changed", Target: audit.Target{Kind: "person", ID: "bob"},
			Params: map[string]any{"roles": []string{"sales"}, "n": 3},
		})
		got := list(t, db, audit.Search{}, audit.Place{}, 10)
		if len(got) != 1 {
			t.Fatalf("%d entries", len(got))
		}
		e := got[0]
		if e.Seq != 1 || e.Actor != anna || e.Kind != "person.changed" || e.Target.ID != "bob" || e.Failed {
			t.Errorf("got %+v", e)
		}
		if e.At.Before(before) || e.At.After(time.Now().Add(time.Minute)) {
			t.Errorf("at %v", e.At)
		}
		if diff := cmp.Diff(`map[n:3 roles:[sales]]`, fmt.Sprint(e.Params)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheProgramIsTheActorWhereNobodyIsNamed(t *testing.T) {
	db := clewtest.Open(t, clewtest.Embedded(t))
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return audit.Write(tx, audit.Entry{Kind: "backup.made"}) })
	if err != nil {
		t.Fatal(err)
	}
	if got := list(t, db, audit.Search{}, audit.Place{}, 1); got[0].Actor != (audit.Actor{Kind: audit.Program}) {
		t.Errorf("actor %+v", got[0].Actor)
	}
}

func TestARolledBackUnitLeavesNoEntryAndNoGap(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, anna, audit.Entry{Kind: "token.created"})
		refused := errors.New("refused")
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			if err := audit.Write(tx, audit.Entry{Kind: "token.ended"}); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		write(t, db, anna, audit.Entry{Kind: "token.created"})
		got := list(t, db, audit.Search{}, audit.Place{}, 10)
		if len(got) != 2 || got[0].Seq != 2 {
			t.Errorf("got %+v", got)
		}
		if broken := verify(t, db); broken != 0 {
			t.Errorf("breaks at %d", broken)
		}
	})
}

func TestAKindWithoutAnAreaIsRefused(t *testing.T) {
	db := clewtest.Open(t, clewtest.Embedded(t))
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return audit.Write(tx, audit.Entry{Kind: "oops"}) })
	if err == nil {
		t.Error("accepted")
	}
}

func TestSearch(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, anna, audit.Entry{Kind: "session.started"}, audit.Entry{Kind: "person.changed", Target: audit.Target{Kind: "person", ID: "bob"}})
		write(t, db, nobody, audit.Entry{Kind: "session.refused", Failed: true, Target: audit.Target{Kind: "person", ID: "bob"}})
		write(t, db, robot, audit.Entry{Kind: "export.made"})
		now := time.Now()
		for name, c := range map[string]struct {
			search audit.Search
			want   []string
		}{
			"everything":       {audit.Search{}, []string{"export.made", "session.refused", "person.changed", "session.started"}},
			"by a person":      {audit.Search{Actor: "anna"}, []string{"export.made", "person.changed", "session.started"}},
			"to a person":      {audit.Search{Target: "bob"}, []string{"session.refused", "person.changed"}},
			"an area":          {audit.Search{Kind: "session"}, []string{"session.refused", "session.started"}},
			"a kind":           {audit.Search{Kind: "session.started"}, []string{"session.started"}},
			"what was refused": {audit.Search{Failed: true}, []string{"session.refused"}},
			"the last hour":    {audit.Search{From: now.Add(-time.Hour), To: now.Add(time.Hour), Actor: "anna", Kind: "export"}, []string{"export.made"}},
			"before":           {audit.Search{To: now.Add(-time.Hour)}, nil},
			"after":            {audit.Search{From: now.Add(time.Hour)}, nil},
			"a quote":          {audit.Search{Actor: "' OR 1=1 --"}, nil},
		} {
			if diff := cmp.Diff(c.want, kinds(list(t, db, c.search, audit.Place{}, 10))); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

func TestPagesNeitherRepeatNorSkip(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		for i := range 23 {
			write(t, db, anna, audit.Entry{Kind: "token.created", Params: map[string]any{"n": i}})
		}
		var seen []int64
		place := audit.Place{}
		for {
			page := list(t, db, audit.Search{Kind: "token"}, place, 5)
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				seen = append(seen, e.Seq)
			}
			place = page[len(page)-1].Place()
		}
		if len(seen) != 23 {
			t.Fatalf("%d of 23: %v", len(seen), seen)
		}
		for i, seq := range seen {
			if seq != int64(23-i) {
				t.Fatalf("order %v", seen)
			}
		}
	})
}

func TestParallelWritersMakeOneChain(t *testing.T) {
	o := clewtest.PostgreSQL(t)
	o.Writers = 3
	db := clewtest.Open(t, o)
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			for range 5 {
				write(t, db, anna, audit.Entry{Kind: "session.started"})
			}
		})
	}
	wait.Wait()
	if got := list(t, db, audit.Search{}, audit.Place{}, 100); len(got) != 30 {
		t.Errorf("%d entries", len(got))
	}
	if broken := verify(t, db); broken != 0 {
		t.Errorf("breaks at %d", broken)
	}
}

func TestTamperingIsFound(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		for range 6 {
			write(t, db, anna, audit.Entry{Kind: "person.changed", Target: audit.Target{Kind: "person", ID: "bob"}, Params: map[string]any{"a": 1}})
		}
		undo := errors.New("undo")
		for name, c := range map[string]struct {
			sql  string
			want int64
		}{
			"params changed":  {"UPDATE audit_entry SET params = '{}' WHERE seq = 2", 2},
			"actor changed":   {"UPDATE audit_entry SET actor = 'eve' WHERE seq = 3", 3},
			"address changed": {"UPDATE audit_entry SET address = '' WHERE seq = 1", 1},
			"time changed":    {"UPDATE audit_entry SET at = at + 1 WHERE seq = 4", 4},
			"an entry gone":   {"DELETE FROM audit_entry WHERE seq = 5", 5},
			"the end gone":    {"DELETE FROM audit_entry WHERE seq = 6", 6},
			"a false erasure": {"UPDATE audit_entry SET params = '{}', salt = '', digest = 'x' WHERE seq = 2", 2},
			"the head moved":  {"UPDATE audit_head SET chain = 'x'", 6},
		} {
			var got int64
			err := db.Write(t.Context(), func(tx *sqldb.Tx) (err error) {
				if _, err := tx.Exec(c.sql); err != nil {
					return err
				}
				if got, err = audit.Verify(tx); err != nil {
					return err
				}
				return undo
			})
			if !errors.Is(err, undo) || got != c.want {
				t.Errorf("%s: breaks at %d, want %d (%v)", name, got, c.want, err)
			}
		}
		if broken := verify(t, db); broken != 0 {
			t.Errorf("untouched breaks at %d", broken)
		}
	})
}
