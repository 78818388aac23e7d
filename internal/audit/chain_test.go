package audit_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

// fill writes n entries at once.
func fill(t *testing.T, db *sqldb.DB, n int) {
	t.Helper()
	entries := make([]audit.Entry, n)
	for i := range entries {
		entries[i] = audit.Entry{Kind: "token.created", Target: audit.Target{Kind: "person", ID: fmt.Sprint("p", i%7)}, Params: map[string]any{"n": i}}
	}
	write(t, db, anna, entries...)
}

func exec(t *testing.T, db *sqldb.DB, sql string, args ...any) {
	t.Helper()
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error { _, err := tx.Exec(sql, args...); return err })
	if err != nil {
		t.Fatal(err)
	}
}

// copied adds the row of an entry under another number, as somebody would who
// wants the log to say what was not.
const copied = `INSERT INTO audit_entry (seq, at, area, kind, failed, actor_kind, actor, address, target_kind, target, params, salt, digest, chain)
	SELECT %d, at, area, kind, failed, actor_kind, 'eve', address, target_kind, target, params, salt, digest, chain FROM audit_entry WHERE seq = 1`

// TestAnAddedEntryIsFound, before the first, behind the last, and where the
// check's steps meet.
func TestAnAddedEntryIsFound(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		fill(t, db, 1000) // exactly one step of the check
		if broken := verify(t, db); broken != 0 {
			t.Fatalf("an untouched log breaks at %d", broken)
		}
		for _, at := range []int{0, -5, 1001, 5000} {
			exec(t, db, fmt.Sprintf(copied, at))
			if broken := verify(t, db); broken == 0 {
				t.Errorf("an entry added at %d is not found", at)
			}
			exec(t, db, "DELETE FROM audit_entry WHERE seq = $1", int64(at))
		}
		if broken := verify(t, db); broken != 0 {
			t.Errorf("as it was, it breaks at %d", broken)
		}
		exec(t, db, "DELETE FROM audit_entry WHERE seq = 1000")
		if broken := verify(t, db); broken != 1000 {
			t.Errorf("without its last entry it breaks at %d", broken)
		}
	})
}

// TestAnEmptiedLogIsFound: nothing is left to be wrong, but the head remembers.
func TestAnEmptiedLogIsFound(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		if broken := verify(t, db); broken != 0 {
			t.Errorf("an empty log breaks at %d", broken)
		}
		exec(t, db, fmt.Sprintf(strings.Replace(copied, "FROM audit_entry WHERE seq = 1", "FROM (SELECT 0 AS at, '' AS area, 'x.y' AS kind, 0 AS failed, '' AS actor_kind, '' AS address, '' AS target_kind, '' AS target, '{}' AS params, '' AS salt, '' AS digest, '' AS chain) AS made", 1), 1))
		if broken := verify(t, db); broken == 0 {
			t.Error("an entry in a log that has none is not found")
		}
		exec(t, db, "DELETE FROM audit_entry")
		fill(t, db, 3)
		exec(t, db, "DELETE FROM audit_entry")
		if broken := verify(t, db); broken != 1 {
			t.Errorf("an emptied log breaks at %d", broken)
		}
	})
}

// TestASearchAgreesWithAList: every combination of what can be asked for gives
// what a walk through all entries gives, page by page.
func TestASearchAgreesWithAList(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		source := rand.New(rand.NewPCG(3, 4))
		kindsOf := []string{"session.started", "session.refused", "token.created", "person.changed"}
		for range 12 {
			actor := []audit.Actor{anna, robot, nobody}[source.IntN(3)]
			var some []audit.Entry
			for range 5 {
				kind := kindsOf[source.IntN(len(kindsOf))]
				some = append(some, audit.Entry{Kind: kind, Failed: kind == "session.refused", Target: audit.Target{Kind: "person", ID: []string{"anna", "bob", "张"}[source.IntN(3)]}})
			}
			write(t, db, actor, some...)
		}
		all := list(t, db, audit.Search{}, audit.Place{}, 500)
		if len(all) != 60 {
			t.Fatalf("%d entries", len(all))
		}
		middle := all[30].At
		for range 150 {
			pick := func(of ...string) string { return of[source.IntN(len(of))] }
			s := audit.Search{
				Actor: pick("", "", "anna", "nobody"), Target: pick("", "", "bob", "张", "%"), Kind: pick("", "session", "session.refused", "token", "sess", "person.changed", "nothing.such"),
				Failed: source.IntN(4) == 0,
			}
			if source.IntN(3) == 0 {
				s.From = middle
			}
			if source.IntN(3) == 0 {
				s.To = middle.Add(time.Microsecond)
			}
			var want []int64
			for _, e := range all {
				if matches(s, e) {
					want = append(want, e.Seq)
				}
			}
			var got []int64
			below := audit.Place{}
			for {
				page := list(t, db, s, below, 7)
				for _, e := range page {
					got = append(got, e.Seq)
				}
				if len(page) < 7 {
					break
				}
				below = page[6].Place()
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%+v: %s", s, diff)
			}
		}
	})
}

// matches is the search's own words, entry by entry.
func matches(s audit.Search, e audit.Entry) bool {
	area, _, _ := strings.Cut(e.Kind, ".")
	return (s.Actor == "" || e.Actor.ID == s.Actor) && (s.Target == "" || e.Target.ID == s.Target) &&
		(s.Kind == "" || e.Kind == s.Kind || area == s.Kind) && (s.From.IsZero() || !e.At.Before(s.From)) &&
		(s.To.IsZero() || e.At.Before(s.To)) && (!s.Failed || e.Failed)
}

// TestWhatIsWrittenIsRead, in any script and of any shape; large numbers stay exact.
func TestWhatIsWrittenIsRead(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		params := map[string]any{
			"text": "张三\n\"quoted\" \\ <b>&amp; \u2028 😀 \x00 end", "list": []string{"a", "b"}, "nothing": nil, "yes": true,
			"deep": map[string]any{"a": map[string]any{"b": []any{1, "x"}}}, "large": int64(9007199254740993), "empty": "", "long": strings.Repeat("长", 5000),
		}
		write(t, db, audit.Actor{Kind: audit.Token, ID: "安娜", Address: "2001:db8::1"}, audit.Entry{Kind: "config.published", Target: audit.Target{Kind: "文档", ID: "视图/热"}, Params: params})
		e := list(t, db, audit.Search{Actor: "安娜"}, audit.Place{}, 1)[0]
		if e.Params["text"] != params["text"] || e.Params["long"] != params["long"] || fmt.Sprint(e.Params["large"]) != "9007199254740993" || fmt.Sprint(e.Params["deep"]) != "map[a:map[b:[1 x]]]" || e.Params["nothing"] != nil || e.Params["yes"] != true {
			t.Errorf("read %.300v", e.Params)
		}
		if e.Actor.Address != "2001:db8::1" || e.Target.ID != "视图/热" {
			t.Errorf("%+v", e)
		}
		if broken := verify(t, db); broken != 0 {
			t.Errorf("breaks at %d", broken)
		}
	})
}

// TestParamsThatCannotBeKeptRefuseTheAct: an act without its entry is worse than no act.
func TestParamsThatCannotBeKeptRefuseTheAct(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			if _, err := tx.Exec("INSERT INTO setting (name, value) VALUES ('act', 'done')"); err != nil {
				return err
			}
			return audit.Write(tx, audit.Entry{Kind: "config.published", Params: map[string]any{"f": func() {}}})
		})
		if err == nil || !strings.Contains(err.Error(), "config.published") {
			t.Errorf("%v", err)
		}
		n := 0
		if err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			return tx.QueryRow("SELECT COUNT(*) FROM setting WHERE name = 'act'").Scan(&n)
		}); err != nil || n != 0 {
			t.Errorf("the act is there %d times, %v", n, err)
		}
		if broken := verify(t, db); broken != 0 {
			t.Errorf("breaks at %d", broken)
		}
	})
}
