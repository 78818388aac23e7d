package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"pgregory.net/rapid"
)

// model is what a catalog should hold: the fields of one object by permanent
// id, what each version had, and the value that was put into each field once.
type model struct {
	bench
	versions []map[string]string // id → name
	values   map[string]string   // id → value
	columns  map[string]string   // id → column
}

func (m *model) live() map[string]string { return m.versions[len(m.versions)-1] }

// document writes the object with these fields.
func (m *model) document(fields map[string]string) string {
	var b strings.Builder
	b.WriteString("document: object\nid: t.thing\nname: thing\nlabel: {zh-CN: 物}\nfields:\n")
	ids := make([]string, 0, len(fields))
	for id := range fields {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		fmt.Fprintf(&b, "  - {id: t.thing.%s, name: %s, label: {zh-CN: %s}, type: text}\n", id, fields[id], fields[id])
	}
	return b.String()
}

// TestACatalogKeepsColumnsAndValuesThroughEverything: fields come, go, are
// renamed and brought back by roll-backs in any order; each permanent id keeps
// its column, no value is lost, and a second process sees the same.
func TestACatalogKeepsColumnsAndValuesThroughEverything(t *testing.T) {
	each(t, func(b bench) {
		m := &model{bench: b, values: map[string]string{}, columns: map[string]string{}}
		first := b.apply(m.document(map[string]string{"a": "a"}))
		m.versions = []map[string]string{{"a": "a"}}
		b.insert(b.object("thing").Table, "r1", b.object("thing").Fields[0].Column, "x")
		rapid.Check(b.T, func(t *rapid.T) {
			if len(m.versions) > 20 {
				return
			}
			if len(m.versions) > 1 && rapid.Bool().Draw(t, "roll back") {
				back := rapid.IntRange(0, len(m.versions)-1).Draw(t, "to")
				if _, err := b.Rollback(b.Context(), first+int64(back), config.Note{}); err != nil {
					t.Fatal(err)
				}
				m.note(m.versions[back])
			} else {
				next := map[string]string{}
				for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 1, 4, rapid.ID[string]).Draw(t, "fields") {
					next[id] = id + rapid.SampledFrom([]string{"", "_new"}).Draw(t, "name of "+id)
				}
				b.apply(m.document(next))
				m.note(next)
			}
			m.check(t, b.Catalog)
		})
		other, err := New(b.db, b.store, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := other.Load(b.Context()); err != nil {
			b.Fatal(err)
		}
		rapid.Check(b.T, func(t *rapid.T) { m.check(t, other) })
	})
}

// note remembers a new version, unless nothing changed.
func (m *model) note(next map[string]string) {
	if m.document(next) != m.document(m.live()) {
		m.versions = append(m.versions, next)
	}
}

func (m *model) check(t *rapid.T, c *Catalog) {
	o, ok := c.Current().Object("thing")
	if !ok || len(o.Fields) != len(m.live()) {
		t.Fatalf("%d fields, want %v", len(o.Fields), m.live())
	}
	for id, name := range m.live() {
		f, ok := o.Field(name)
		if !ok || f.ID != "t.thing."+id {
			t.Fatalf("%s is %+v", name, f)
		}
		if m.columns[id] == "" {
			for other, column := range m.columns {
				if column == f.Column {
					t.Fatalf("%s has the column of %s", id, other)
				}
			}
			m.columns[id] = f.Column
			m.values[id] = "value of " + id
			m.exec("UPDATE "+o.Table+" SET "+f.Column+" = $1", m.values[id])
		}
		if m.columns[id] != f.Column {
			t.Fatalf("%s moved from %s to %s", id, m.columns[id], f.Column)
		}
		var kept string
		err := m.db.Read(m.Context(), func(tx *sqldb.Tx) error {
			return tx.QueryRow("SELECT " + f.Column + " FROM " + o.Table).Scan(&kept)
		})
		if err != nil || kept != m.values[id] {
			t.Fatalf("%s holds %q, %v", id, kept, err)
		}
	}
}

// TestARefusedPublicationLeavesEverythingAsItWas: the live snapshot, the
// version, the draft and what a new process loads.
func TestARefusedPublicationLeavesEverythingAsItWas(t *testing.T) {
	each(t, func(b bench) {
		before, published := b.Current(), 0
		b.OnPublish(func(_, _ *Snapshot) { published++ })
		draft := b.draft("bad", leadWith+"  - {id: t.lead.company, name: company, type: text}\n")
		for range 2 {
			if _, err := b.Publish(b.Context(), draft, config.Note{}); fault.KindOf(err) != fault.Invalid {
				b.Fatalf("%v", err)
			}
		}
		if b.Current() != before || published != 0 {
			b.Errorf("the snapshot changed, %d publications were told", published)
		}
		if err := b.Load(b.Context()); err != nil {
			b.Fatal(err)
		}
		if got := b.Current(); got.Version != before.Version || len(b.object("lead").Fields) != 4 {
			b.Errorf("version %d with %d fields", got.Version, len(b.object("lead").Fields))
		}
		err := b.db.Read(b.Context(), func(tx *sqldb.Tx) error {
			d, err := b.store.Draft(tx, draft)
			if d.Published != 0 {
				b.Errorf("a refused draft counts as published: %+v", d)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	})
}

// TestEachPublicationIsToldOnceWithBothSides, nothing new is not told.
func TestEachPublicationIsToldOnceWithBothSides(t *testing.T) {
	each(t, func(b bench) {
		var told []string
		b.OnPublish(func(before, after *Snapshot) {
			told = append(told, fmt.Sprint(before.Version, "→", after.Version, " ", len(before.Documents("view")), "→", len(after.Documents("view"))))
		})
		view := "document: view\nname: lead.all\nlabel: {zh-CN: 全}\nobject: lead\ncolumns: [company]\n"
		b.apply(view)
		b.apply(view)
		if _, err := b.Remove(b.Context(), "view", "lead.all", config.Note{}); err != nil {
			b.Fatal(err)
		}
		if _, err := b.Rollback(b.Context(), 2, config.Note{}); err != nil {
			b.Fatal(err)
		}
		if want := []string{"1→2 1→2", "2→3 2→1", "3→4 1→2"}; !slices.Equal(told, want) {
			b.Errorf("%q, want %q", told, want)
		}
	})
}

func TestWhatIsNotThereCannotBePublishedRemovedOrRestored(t *testing.T) {
	each(t, func(b bench) {
		for about, c := range map[string]struct {
			act  func() error
			want string
		}{
			"an unknown draft":            {func() error { _, err := b.Publish(b.Context(), "no", config.Note{}); return err }, "draft_not_found"},
			"an unknown draft's validity": {func() error { return b.Validate(b.Context(), "no") }, "draft_not_found"},
			"an unknown document":         {func() error { _, err := b.Remove(b.Context(), "view", "no", config.Note{}); return err }, "document_not_found"},
			"a document of another kind":  {func() error { _, err := b.Remove(b.Context(), "page", "lead.web", config.Note{}); return err }, "document_not_found"},
			"a version to come":           {func() error { _, err := b.Rollback(b.Context(), 99, config.Note{}); return err }, "version_not_found"},
			"the version before any":      {func() error { _, err := b.Rollback(b.Context(), 0, config.Note{}); return err }, "version_not_found"},
		} {
			problem, ok := fault.As(c.act())
			if !ok || problem.Code != c.want {
				b.Errorf("%s: %v, want %s", about, problem, c.want)
			}
		}
		if b.Current().Version != 1 {
			b.Errorf("version %d", b.Current().Version)
		}
	})
}
