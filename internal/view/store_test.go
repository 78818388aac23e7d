package view_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/view"
)

func onBoth(t *testing.T, fn func(t *testing.T, db *sqldb.DB, clock *clewtest.Clock)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		clock := clewtest.NewClock(time.Date(2026, 3, 10, 2, 30, 0, 0, time.UTC))
		db.SetClock(clock.Now)
		do(t, db, func(tx *sqldb.Tx) error {
			for _, person := range []string{"ann", "bob", "carl"} {
				_, err := tx.Exec(`INSERT INTO account (id, name, email, email_key, language, zone, active, password_hash, created_at, updated_at)
					VALUES ($1, $1, $1, $1, 'en', '', 1, '', 0, 0)`, person)
				if err != nil {
					return err
				}
			}
			return nil
		})
		fn(t, db, clock)
	})
}

func do(t *testing.T, db *sqldb.DB, fn func(tx *sqldb.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, db *sqldb.DB, v view.View) (kept view.View) {
	t.Helper()
	do(t, db, func(tx *sqldb.Tx) (err error) {
		kept, err = view.Add(tx, v)
		return err
	})
	return kept
}

func seen(t *testing.T, db *sqldb.DB, object, person string, departments ...string) (ids []string) {
	t.Helper()
	do(t, db, func(tx *sqldb.Tx) error {
		found, err := view.Seen(tx, object, person, departments)
		for _, v := range found {
			ids = append(ids, v.ID)
		}
		return err
	})
	return ids
}

func TestAViewIsKeptWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sqldb.DB, clock *clewtest.Clock) {
		made := add(t, db, view.View{ID: "v1", Object: "crm.lead", Label: " ｍｙ  热门 ", Owner: "ann", Department: "east", Shape: stored(t, whole())})
		at := clock.Now()
		want := view.View{ID: "v1", Object: "crm.lead", Label: "my  热门", Owner: "ann", Department: "east", Shape: stored(t, whole()), Created: at, Updated: at}
		if diff := cmp.Diff(want, made); diff != "" {
			t.Error(diff)
		}
		clock.Advance(time.Hour)
		changed := made
		changed.Label, changed.Department, changed.Shape = "other", "", view.Shape{Sort: "-f.due"}
		changed.Owner, changed.Object = "somebody else", "crm.contact" // which a change does not touch
		do(t, db, func(tx *sqldb.Tx) error {
			_, err := view.Change(tx, changed)
			return err
		})
		do(t, db, func(tx *sqldb.Tx) error {
			got, err := view.Find(tx, "v1")
			want := view.View{ID: "v1", Object: "crm.lead", Label: "other", Owner: "ann", Shape: view.Shape{Sort: "-f.due"}, Created: at, Updated: at.Add(time.Hour)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			return err
		})
		do(t, db, func(tx *sqldb.Tx) error { return view.Remove(tx, "v1") })
		do(t, db, func(tx *sqldb.Tx) error {
			if _, err := view.Find(tx, "v1"); fault.KindOf(err) != fault.NotFound {
				t.Errorf("a removed view: %v", err)
			}
			return view.Remove(tx, "v1")
		})
	})
}

func TestWhoFindsAView(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sqldb.DB, clock *clewtest.Clock) {
		for i, v := range []view.View{
			{ID: "ann alone", Object: "crm.lead", Owner: "ann"}, {ID: "ann for east", Object: "crm.lead", Owner: "ann", Department: "east"},
			{ID: "bob alone", Object: "crm.lead", Owner: "bob"}, {ID: "bob for west", Object: "crm.lead", Owner: "bob", Department: "west"},
			{ID: "ann on contacts", Object: "crm.contact", Owner: "ann", Department: "east"},
		} {
			v.Label = fmt.Sprint("view ", i)
			add(t, db, v)
			clock.Advance(time.Second)
		}
		for about, c := range map[string]struct {
			got, want []string
		}{
			"the owner":                {seen(t, db, "crm.lead", "ann"), []string{"ann alone", "ann for east"}},
			"the owner elsewhere":      {seen(t, db, "crm.lead", "ann", "west"), []string{"ann alone", "ann for east", "bob for west"}},
			"a colleague":              {seen(t, db, "crm.lead", "carl", "east"), []string{"ann for east"}},
			"one of two departments":   {seen(t, db, "crm.lead", "carl", "east", "west"), []string{"ann for east", "bob for west"}},
			"a stranger":               {seen(t, db, "crm.lead", "carl"), nil},
			"a stranger without name":  {seen(t, db, "crm.lead", ""), nil},
			"another object":           {seen(t, db, "crm.contact", "ann"), []string{"ann on contacts"}},
			"a department of quotes":   {seen(t, db, "crm.lead", "carl", "' OR 1=1 --"), nil},
			"a department with no one": {seen(t, db, "crm.lead", "carl", "north"), nil},
		} {
			if diff := cmp.Diff(c.want, c.got); diff != "" {
				t.Errorf("%s: %s", about, diff)
			}
		}
	})
}

func TestWhatAViewMayNotBe(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sqldb.DB, _ *clewtest.Clock) {
		refuse := func(about string, v view.View, code string) {
			t.Helper()
			for name, act := range map[string]func(*sqldb.Tx, view.View) (view.View, error){"add": view.Add, "change": view.Change} {
				err := db.Write(t.Context(), func(tx *sqldb.Tx) error { _, err := act(tx, v); return err })
				problem, ok := fault.As(err)
				if !ok || len(problem.Fields) != 1 || problem.Fields[0].Path != "label" || problem.Fields[0].Code != code {
					t.Errorf("%s of %s: %v", name, about, err)
				}
			}
		}
		refuse("no label", view.View{ID: "a", Owner: "ann"}, "required")
		refuse("a label of nothing", view.View{ID: "a", Owner: "ann", Label: " \u3000\u200b\t"}, "required")
		refuse("a long label", view.View{ID: "a", Owner: "ann", Label: strings.Repeat("热", 61)}, "too_long")
		kept := add(t, db, view.View{ID: "b", Object: "o", Owner: "ann", Label: strings.Repeat("热", 60)})
		if len([]rune(kept.Label)) != 60 {
			t.Errorf("%q", kept.Label)
		}
	})
}

func TestAPersonKeepsAHundredViewsOfAnObject(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sqldb.DB, _ *clewtest.Clock) {
		do(t, db, func(tx *sqldb.Tx) error {
			for i := range 100 {
				if _, err := view.Add(tx, view.View{ID: fmt.Sprint("v", i), Object: "crm.lead", Owner: "ann", Label: "x"}); err != nil {
					return fmt.Errorf("the %dth: %w", i+1, err)
				}
			}
			return nil
		})
		more := view.View{ID: "more", Object: "crm.lead", Owner: "ann", Label: "x"}
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error { _, err := view.Add(tx, more); return err })
		if problem, ok := fault.As(err); !ok || problem.Code != "too_many_views" || problem.Params["max"] != 100 {
			t.Errorf("the 101st: %v", err)
		}
		other, contact := more, more
		other.Owner, contact.ID, contact.Object = "bob", "contact", "crm.contact"
		add(t, db, other)
		add(t, db, contact)
		do(t, db, func(tx *sqldb.Tx) error { return view.Remove(tx, "v7") })
		more.ID = "again"
		add(t, db, more)
	})
}

func TestHowAPersonLikesHisViews(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sqldb.DB, _ *clewtest.Clock) {
		preference := func(person, object string) (p view.Preference) {
			t.Helper()
			do(t, db, func(tx *sqldb.Tx) (err error) {
				p, err = view.PreferenceOf(tx, person, object)
				return err
			})
			return p
		}
		prefer := func(person, object string, p view.Preference) error {
			return db.Write(t.Context(), func(tx *sqldb.Tx) error { return view.Prefer(tx, person, object, p) })
		}
		if diff := cmp.Diff(view.Preference{Tabs: []string{}}, preference("ann", "crm.lead")); diff != "" {
			t.Errorf("before he said anything: %s", diff)
		}
		first := view.Preference{Standard: "v1", Tabs: []string{"v2", "v1", "热门"}}
		second := view.Preference{Tabs: []string{"v1"}}
		for _, p := range []view.Preference{first, second} {
			if err := prefer("ann", "crm.lead", p); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(p, preference("ann", "crm.lead")); diff != "" {
				t.Error(diff)
			}
		}
		if err := prefer("ann", "crm.contact", view.Preference{Standard: "v3"}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(view.Preference{Standard: "v3", Tabs: []string{}}, preference("ann", "crm.contact")); diff != "" {
			t.Errorf("without an order: %s", diff)
		}
		for _, other := range [][2]string{{"bob", "crm.lead"}, {"ann", "crm.task"}} {
			if diff := cmp.Diff(view.Preference{Tabs: []string{}}, preference(other[0], other[1])); diff != "" {
				t.Errorf("%v: %s", other, diff)
			}
		}
		if err := prefer("ann", "crm.lead", view.Preference{Tabs: slices.Repeat([]string{"v"}, 200)}); err != nil {
			t.Errorf("200 tabs: %v", err)
		}
		err := prefer("ann", "crm.lead", view.Preference{Tabs: slices.Repeat([]string{"v"}, 201)})
		if problem, ok := fault.As(err); !ok || len(problem.Fields) != 1 || problem.Fields[0].Path != "order" {
			t.Errorf("201 tabs: %v", err)
		}
	})
}
