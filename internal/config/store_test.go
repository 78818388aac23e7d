package config_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shelf is a store with short ways to use it.
type shelf struct {
	*config.Store
	t  testing.TB
	db *sqldb.DB
}

func onShelf(t *testing.T, fn func(t *testing.T, s shelf)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		db.SetClock(func() time.Time { return time.Date(2026, 3, 10, 2, 30, 0, 0, time.UTC) })
		fn(t, shelf{config.New(db), t, db})
	})
}

func (s shelf) write(fn func(tx *sqldb.Tx) error) error {
	return s.db.Write(s.t.Context(), fn)
}

func (s shelf) must(fn func(tx *sqldb.Tx) error) {
	s.t.Helper()
	if err := s.write(fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s shelf) read(fn func(tx *sqldb.Tx) error) {
	s.t.Helper()
	if err := s.db.Read(s.t.Context(), fn); err != nil {
		s.t.Fatal(err)
	}
}

// view is a document with an id, a name and a value.
func view(id, name, value string) config.Document {
	d, err := config.NewDocument("view", name, map[string]any{"id": id, "x": value})
	if err != nil {
		panic(err)
	}
	return d
}

func (s shelf) commit(label string, documents ...config.Document) (version int64) {
	s.t.Helper()
	s.must(func(tx *sqldb.Tx) (err error) {
		version, err = s.Commit(tx, documents, config.Note{By: "u1", Label: label})
		return err
	})
	return version
}

// brief tells documents in one line each.
func brief(documents []config.Document) []string {
	out := []string{}
	for _, d := range documents {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s v%d %s", d.Reference(), d.ID, d.Version, d.Body)))
	}
	return out
}

func code(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return fmt.Sprint(err)
}

func TestVersionsKeepWhatWas(t *testing.T) {
	onShelf(t, func(t *testing.T, s shelf) {
		a, b := view("t.a", "a", "1"), view("t.b", "b", "1")
		first := s.commit("begin", a, b)
		same := s.commit("nothing new", b, a)
		changed := s.commit("change a", view("t.a", "a", "2"), b)
		renamed := s.commit("rename b", view("t.a", "a", "2"), view("t.b", "c", "1"))
		removed := s.commit("remove a", view("t.b", "c", "1"))
		if diff := cmp.Diff([]int64{1, 1, 2, 3, 4}, []int64{first, same, changed, renamed, removed}); diff != "" {
			t.Fatal(diff)
		}
		s.read(func(tx *sqldb.Tx) error {
			for version, want := range map[int64][]string{
				1: {`view/a t.a v1 {"id":"t.a","name":"a","x":"1"}`, `view/b t.b v1 {"id":"t.b","name":"b","x":"1"}`},
				2: {`view/a t.a v2 {"id":"t.a","name":"a","x":"2"}`, `view/b t.b v1 {"id":"t.b","name":"b","x":"1"}`},
				3: {`view/a t.a v2 {"id":"t.a","name":"a","x":"2"}`, `view/c t.b v3 {"id":"t.b","name":"c","x":"1"}`},
				4: {`view/c t.b v3 {"id":"t.b","name":"c","x":"1"}`},
			} {
				got, err := s.At(tx, version)
				if diff := cmp.Diff(want, brief(got)); diff != "" || err != nil {
					t.Errorf("version %d: %v %s", version, err, diff)
				}
			}
			versions, err := s.Versions(tx, 10)
			var told []string
			for _, v := range versions {
				told = append(told, fmt.Sprint(v.Number, " ", v.Label, " ", v.By, " ", v.Changes, " ", v.At.Format(time.DateTime)))
			}
			want := []string{"4 remove a u1 1 2026-03-10 02:30:00", "3 rename b u1 1 2026-03-10 02:30:00", "2 change a u1 1 2026-03-10 02:30:00", "1 begin u1 2 2026-03-10 02:30:00"}
			if diff := cmp.Diff(want, told); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
			if latest, err := s.Versions(tx, 1); err != nil || len(latest) != 1 || latest[0].Number != 4 {
				t.Errorf("%+v %v", latest, err)
			}
			one, err := s.Version(tx, 3)
			if err != nil || one.Label != "rename b" || one.Changes != 1 {
				t.Errorf("%+v %v", one, err)
			}
			for _, number := range []int64{0, 5, -1} {
				if _, err := s.Version(tx, number); code(err) != "version_not_found" {
					t.Errorf("version %d: %v", number, err)
				}
				if _, err := s.At(tx, number); code(err) != "version_not_found" {
					t.Errorf("documents at %d: %v", number, err)
				}
			}
			return nil
		})
	})
}

func TestTheHistoryOfADocument(t *testing.T) {
	onShelf(t, func(t *testing.T, s shelf) {
		s.commit("", view("t.a", "a", "1"))
		s.commit("", view("t.a", "b", "1"))
		s.commit("", view("t.z", "a", "other"))
		s.commit("", view("t.a", "b", "3"), view("t.z", "a", "other"))
		s.read(func(tx *sqldb.Tx) error {
			history, err := s.History(tx, "view", "t.a")
			want := []string{
				`view/b t.a v4 {"id":"t.a","name":"b","x":"3"}`, `view/b t.a v3`,
				`view/b t.a v2 {"id":"t.a","name":"b","x":"1"}`, `view/a t.a v1 {"id":"t.a","name":"a","x":"1"}`,
			}
			if diff := cmp.Diff(want, brief(history)); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
			if none, err := s.History(tx, "page", "t.a"); err != nil || len(none) != 0 {
				t.Errorf("%v %v", none, err)
			}
			for _, c := range []struct {
				name    string
				version int64
				want    string
			}{
				{"a", 1, `view/a t.a v1 {"id":"t.a","name":"a","x":"1"}`},
				{"a", 2, `view/a t.a v1 {"id":"t.a","name":"a","x":"1"}`},
				{"a", 3, `view/a t.z v3 {"id":"t.z","name":"a","x":"other"}`},
				{"b", 9, `view/b t.a v4 {"id":"t.a","name":"b","x":"3"}`},
			} {
				got, err := s.Revision(tx, "view", c.name, c.version)
				if diff := cmp.Diff([]string{c.want}, brief([]config.Document{got})); diff != "" || err != nil {
					t.Errorf("%s at %d: %v %s", c.name, c.version, err, diff)
				}
			}
			if _, err := s.Revision(tx, "view", "b", 1); code(err) != "document_not_found" {
				t.Error(err)
			}
			return nil
		})
	})
}

func TestNamesMayBeExchanged(t *testing.T) {
	onShelf(t, func(t *testing.T, s shelf) {
		s.commit("", view("t.a", "a", "1"), view("t.b", "b", "2"))
		s.commit("", view("t.a", "b", "1"), view("t.b", "a", "2"))
		s.read(func(tx *sqldb.Tx) error {
			for name, id := range map[string]string{"a": "t.b", "b": "t.a"} {
				if got, err := s.Get(tx, "view", name); err != nil || got.ID != id {
					t.Errorf("%s is %s, %v", name, got.ID, err)
				}
			}
			return nil
		})
		err := s.write(func(tx *sqldb.Tx) error {
			_, err := s.Commit(tx, []config.Document{view("t.a", "same", "1"), view("t.b", "same", "2")}, config.Note{})
			return err
		})
		if code(err) != "duplicate_document" {
			t.Error(err)
		}
		s.read(func(tx *sqldb.Tx) error {
			if n, err := s.Current(tx); err != nil || n != 2 {
				t.Errorf("a refused version counts: %d %v", n, err)
			}
			_, err := s.Get(tx, "view", "same")
			if code(err) != "document_not_found" {
				t.Errorf("a refused document is there: %v", err)
			}
			return nil
		})
	})
}

func (s shelf) draft(label string) (d config.Draft) {
	s.t.Helper()
	s.must(func(tx *sqldb.Tx) (err error) {
		d, err = s.CreateDraft(tx, label, "u1")
		return err
	})
	return d
}

func (s shelf) put(draft string, documents ...config.Document) {
	s.t.Helper()
	s.must(func(tx *sqldb.Tx) error {
		for _, d := range documents {
			if _, err := s.Put(tx, draft, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s shelf) proposed(draft string) (documents []config.Document) {
	s.t.Helper()
	s.read(func(tx *sqldb.Tx) (err error) {
		documents, err = s.Proposed(tx, draft)
		return err
	})
	return documents
}

func TestADraftLiesOverWhatIsLive(t *testing.T) {
	onShelf(t, func(t *testing.T, s shelf) {
		s.commit("", view("t.a", "a", "1"), view("t.b", "b", "1"))
		draft := s.draft("try")
		s.put(draft.ID, view("t.a", "a", "2"), view("", "b", "2"), view("", "new", "3"))
		s.must(func(tx *sqldb.Tx) error { return s.Remove(tx, draft.ID, "view", "a") })
		proposed := s.proposed(draft.ID)
		if len(proposed) != 2 || proposed[0].Reference() != "view/b" || proposed[0].ID != "t.b" || proposed[1].Reference() != "view/new" || proposed[1].ID == "" {
			t.Errorf("%v", brief(proposed))
		}
		s.put(draft.ID, view("t.b", "renamed", "2"))
		s.read(func(tx *sqldb.Tx) error {
			live, err := s.List(tx, "view")
			if err != nil || len(live) != 2 || string(live[0].Body) != `{"id":"t.a","name":"a","x":"1"}` {
				t.Errorf("the draft shows in what is live: %v %v", brief(live), err)
			}
			laid, err := s.InDraft(tx, draft.ID)
			var got []string
			for _, d := range laid {
				got = append(got, fmt.Sprint(d.Name, " ", d.Body == nil))
			}
			if diff := cmp.Diff([]string{"a true", "new false", "renamed false"}, got); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
			return nil
		})
		s.must(func(tx *sqldb.Tx) error { return s.Forget(tx, draft.ID, "view", "a") })
		if got := s.proposed(draft.ID); len(got) != 3 || got[0].Reference() != "view/a" {
			t.Errorf("what is forgotten is not as it is live: %v", brief(got))
		}
	})
}

func TestWhatADraftRefuses(t *testing.T) {
	onShelf(t, func(t *testing.T, s shelf) {
		s.commit("", view("t.a", "a", "1"))
		open, closed, dropped := s.draft("open"), s.draft("closed"), s.draft("dropped")
		s.put(dropped.ID, view("t.a", "a", "2"))
		s.must(func(tx *sqldb.Tx) error {
			if err := s.MarkPublished(tx, closed.ID, 1); err != nil {
				return err
			}
			return s.DropDraft(tx, dropped.ID)
		})
		for about, c := range map[string]struct {
			act  func(tx *sqldb.Tx) error
			want string
		}{
			"to remove what is not there":   {func(tx *sqldb.Tx) error { return s.Remove(tx, open.ID, "view", "nothing") }, "document_not_found"},
			"to remove of another kind":     {func(tx *sqldb.Tx) error { return s.Remove(tx, open.ID, "page", "a") }, "document_not_found"},
			"to forget what is not in it":   {func(tx *sqldb.Tx) error { return s.Forget(tx, open.ID, "view", "a") }, "document_not_found"},
			"to write into a published one": {func(tx *sqldb.Tx) error { _, err := s.Put(tx, closed.ID, view("t.a", "a", "2")); return err }, "draft_published"},
			"to remove from a published":    {func(tx *sqldb.Tx) error { return s.Remove(tx, closed.ID, "view", "a") }, "draft_published"},
			"to forget in a published":      {func(tx *sqldb.Tx) error { return s.Forget(tx, closed.ID, "view", "a") }, "draft_published"},
			"to rebase a published":         {func(tx *sqldb.Tx) error { return s.Rebase(tx, closed.ID, nil, nil) }, "draft_published"},
			"to drop a published":           {func(tx *sqldb.Tx) error { return s.DropDraft(tx, closed.ID) }, "draft_published"},
			"to read a dropped":             {func(tx *sqldb.Tx) error { _, err := s.Draft(tx, dropped.ID); return err }, "draft_not_found"},
			"to drop twice":                 {func(tx *sqldb.Tx) error { return s.DropDraft(tx, dropped.ID) }, "draft_not_found"},
			"to write where none is":        {func(tx *sqldb.Tx) error { _, err := s.Put(tx, "no", view("t.a", "a", "2")); return err }, "draft_not_found"},
		} {
			if err := s.write(c.act); code(err) != c.want {
				t.Errorf("%s: %v, want %s", about, err, c.want)
			}
		}
		s.read(func(tx *sqldb.Tx) error {
			drafts, err := s.Drafts(tx)
			if err != nil || len(drafts) != 1 || drafts[0].Label != "open" || drafts[0].CreatedBy != "u1" || drafts[0].Base != 1 {
				t.Errorf("%+v %v", drafts, err)
			}
			d, err := s.Draft(tx, closed.ID)
			if err != nil || d.Published != 1 {
				t.Errorf("%+v %v", d, err)
			}
			rest, err := s.InDraft(tx, dropped.ID)
			if err != nil || len(rest) != 0 {
				t.Errorf("a dropped draft leaves %v %v", brief(rest), err)
			}
			return nil
		})
	})
}

func TestARebaseDecidesEachConflict(t *testing.T) {
	onShelf(t, func(t *testing.T, s shelf) {
		s.commit("", view("t.a", "a", "1"), view("t.b", "b", "1"), view("t.c", "c", "1"))
		draft := s.draft("mine")
		s.put(draft.ID, view("t.a", "a", "mine"), view("t.b", "b", "mine"))
		s.commit("theirs", view("t.a", "a", "theirs"), view("t.b", "b", "theirs"), view("t.c", "c", "theirs"))
		outdated := func() (found []string) {
			s.read(func(tx *sqldb.Tx) (err error) {
				found, err = s.Outdated(tx, draft.ID)
				return err
			})
			return found
		}
		if diff := cmp.Diff([]string{"view/a", "view/b"}, outdated()); diff != "" {
			t.Error(diff)
		}
		for about, c := range map[string]struct{ mine, theirs []string }{
			"neither is decided":  {nil, nil},
			"one is left out":     {[]string{"view/a"}, nil},
			"the other is":        {nil, []string{"view/b"}},
			"a third is no help":  {[]string{"view/a", "view/c"}, nil},
			"names are not guess": {[]string{"a", "b"}, nil},
		} {
			err := s.write(func(tx *sqldb.Tx) error { return s.Rebase(tx, draft.ID, c.mine, c.theirs) })
			if code(err) != "draft_outdated" {
				t.Errorf("%s: %v", about, err)
			}
		}
		if got := outdated(); len(got) != 2 {
			t.Errorf("a refused rebase decided something: %v", got)
		}
		s.must(func(tx *sqldb.Tx) error { return s.Rebase(tx, draft.ID, []string{"view/a"}, []string{"view/b"}) })
		if got := outdated(); len(got) != 0 {
			t.Errorf("still outdated: %v", got)
		}
		want := []string{
			`view/a t.a v0 {"id":"t.a","name":"a","x":"mine"}`, `view/b t.b v2 {"id":"t.b","name":"b","x":"theirs"}`, `view/c t.c v2 {"id":"t.c","name":"c","x":"theirs"}`,
		}
		if diff := cmp.Diff(want, brief(s.proposed(draft.ID))); diff != "" {
			t.Error(diff)
		}
		s.commit("again", view("t.a", "a", "once more"), view("t.b", "b", "theirs"), view("t.c", "c", "theirs"))
		if diff := cmp.Diff([]string{"view/a"}, outdated()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestADocumentRemovedByOthersIsOutdated(t *testing.T) {
	onShelf(t, func(t *testing.T, s shelf) {
		s.commit("", view("t.a", "a", "1"), view("t.b", "b", "1"))
		draft := s.draft("mine")
		s.put(draft.ID, view("t.a", "a", "mine"))
		s.commit("removed", view("t.b", "b", "1"))
		s.read(func(tx *sqldb.Tx) error {
			got, err := s.Outdated(tx, draft.ID)
			if diff := cmp.Diff([]string{"view/a"}, got); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
			return nil
		})
		s.must(func(tx *sqldb.Tx) error { return s.Rebase(tx, draft.ID, nil, []string{"view/a"}) })
		if diff := cmp.Diff([]string{`view/b t.b v1 {"id":"t.b","name":"b","x":"1"}`}, brief(s.proposed(draft.ID))); diff != "" {
			t.Error(diff)
		}
	})
}

// TestVersionsAgreeWithAList: whatever is committed, every version gives back
// what it was given, and what is live is the last one.
func TestVersionsAgreeWithAList(t *testing.T) {
	onShelf(t, func(t *testing.T, s shelf) {
		var model [][]string
		rapid.Check(t, func(r *rapid.T) {
			if len(model) > 25 {
				return
			}
			var next []config.Document
			names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}), 0, 5, rapid.ID[string]).Draw(r, "names")
			for i, name := range names {
				next = append(next, view(fmt.Sprintf("t.%d", i), name, rapid.SampledFrom([]string{"1", "2"}).Draw(r, "value")))
			}
			version := s.commit("", next...)
			var want []string
			for _, d := range next {
				want = append(want, d.ID+string(d.Body))
			}
			slices.Sort(want)
			if len(model) > 0 && slices.Equal(model[len(model)-1], want) {
				if int(version) != len(model) {
					r.Fatalf("a version %d of nothing new", version)
				}
				return
			}
			if model = append(model, want); int(version) != len(model) {
				r.Fatalf("version %d, want %d", version, len(model))
			}
		})
		s.read(func(tx *sqldb.Tx) error {
			for i, want := range model {
				documents, err := s.At(tx, int64(i+1))
				var got []string
				for _, d := range documents {
					got = append(got, d.ID+string(d.Body))
				}
				slices.Sort(got)
				if !slices.Equal(want, got) || err != nil {
					t.Fatalf("version %d: %v, %v; want %v", i+1, got, err, want)
				}
			}
			live, err := s.List(tx, "")
			if err != nil || len(live) != len(model[len(model)-1]) {
				t.Errorf("%v %v", brief(live), err)
			}
			return nil
		})
	})
}
