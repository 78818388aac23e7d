package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
)

// kindOf is a field's line in a document, with what its type needs.
func kindOf(id, name, kind string) string {
	more := map[string]string{
		"choice": ", choices: [{id: " + id + ".x, name: 甲}, {id: " + id + ".y, name: 乙}]", "choices": ", choices: [{id: " + id + ".x, name: 甲}, {id: " + id + ".y, name: 乙}]",
		"reference": ", object: lead", "auto_number": ", format: 'T-{0000}'", "number": ", scale: 2",
	}[kind]
	return fmt.Sprintf("  - {id: %s, name: %s, type: %s%s}\n", id, name, kind, more)
}

func kindsDocument(kinds map[string]string) string {
	var b strings.Builder
	b.WriteString("document: object\nid: t.thing\nname: thing\nlabel: {zh-CN: 物}\nfields:\n")
	for _, name := range schema.TypeNames() {
		if kind := kinds[name]; kind != "" {
			b.WriteString(kindOf("t.thing."+name, "f_"+name, kind))
		}
	}
	return b.String()
}

// TestWhichTypesAFieldMayBecome: of all types to all others, only what is kept as
// text may become a text or a long text; everything else is refused, each field
// by its own path, because its values would be left behind.
func TestWhichTypesAFieldMayBecome(t *testing.T) {
	each(t, func(b bench) {
		if !strings.HasSuffix(b.Name(), "/embedded") {
			return // nothing of it is asked of the database
		}
		names := schema.TypeNames()
		same := map[string]string{}
		for _, name := range names {
			same[name] = name
		}
		b.apply(kindsDocument(same))
		for by := 1; by < len(names); by++ {
			next := map[string]string{}
			for i, name := range names {
				next[name] = names[(i+by)%len(names)]
			}
			_, problems, err := b.Propose(b.Context(), "", "object/thing", b.parse(kindsDocument(next))[0])
			if err != nil {
				b.Fatal(err)
			}
			refused := map[string]string{}
			for _, p := range problems {
				refused[p.Path] = p.Code
			}
			for was, is := range next {
				texts := slices.Contains([]string{"text", "long_text", "phone", "email", "url", "auto_number"}, was)
				allowed := texts && (is == "text" || is == "long_text")
				if code := refused["fields.f_"+was+".type"]; (code == "type_is_fixed") == allowed {
					b.Errorf("%s to %s: %q", was, is, code)
				}
			}
		}
	})
}

// valuesOf has one value of each type, as records keep them.
func valuesOf() map[string]any {
	return map[string]any{
		"text": "恒锐 'x'", "long_text": "a\nb", "number": schema.Scale(-1250, 2), "currency": schema.Money{Amount: schema.Scale(999, 2), Currency: "USD"}, "percent": schema.Scale(1250, 2),
		"boolean": true, "date": schema.Date("2024-02-29"), "datetime": time.Date(2026, 3, 10, 2, 30, 0, 123456000, time.UTC), "choice": "t.thing.choice.x",
		"choices": []string{"t.thing.choices.x", "t.thing.choices.y"}, "tags": []string{"a,b", `"c"`}, "phone": "+8613900001234", "email": "a@b.cn", "url": "https://b.cn/路",
		"person": "u-1", "reference": "r-1", "auto_number": "T-0001",
	}
}

// TestEveryKindOfFieldHasItsColumn: fields of every type, made with their object or
// added one by one while records are there, keep and give back their values; a
// record from before has none of them.
func TestEveryKindOfFieldHasItsColumn(t *testing.T) {
	each(t, func(b bench) {
		b.apply("document: object\nid: t.thing\nname: thing\nlabel: {zh-CN: 物}\nfields:\n" + kindOf("t.thing.first", "first", "text"))
		made := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		b.write(b.object("thing"), query.Row{ID: "before", CreatedAt: made, UpdatedAt: made, Revision: 1, Values: map[string]any{"t.thing.first": "x"}})
		fields := kindOf("t.thing.first", "first", "text")
		for i, name := range schema.TypeNames() {
			fields += kindOf("t.thing."+name, "f_"+name, name)
			if i%6 == 5 || i == len(schema.TypeNames())-1 { // some at a time
				b.apply("document: object\nid: t.thing\nname: thing\nlabel: {zh-CN: 物}\nfields:\n" + fields)
			}
		}
		o := b.object("thing")
		after := query.Row{ID: "since", CreatedAt: made, UpdatedAt: made, Revision: 1, Values: map[string]any{"t.thing.first": "y"}}
		for name, v := range valuesOf() {
			after.Values["t.thing."+name] = v
		}
		b.write(o, after)
		want := []query.Row{{ID: "before", CreatedAt: made, UpdatedAt: made, Revision: 1, Values: map[string]any{"t.thing.first": "x"}}, after}
		decimals := cmp.Comparer(func(x, y *apd.Decimal) bool { return x.Text('f') == y.Text('f') })
		if diff := cmp.Diff(want, b.rows(o), decimals); diff != "" {
			b.Errorf("(-want +got)\n%s", diff)
		}
		again, err := New(b.db, b.store, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := again.Load(b.Context()); err != nil {
			b.Fatal(err)
		}
		loaded, _ := again.Current().Object("thing")
		if diff := cmp.Diff(want, b.rows(loaded), decimals); diff != "" {
			b.Errorf("after a restart (-want +got)\n%s", diff)
		}
	})
}

func (b bench) write(o *schema.Object, r query.Row) {
	b.Helper()
	if err := b.db.Write(b.Context(), func(tx *sqldb.Tx) error {
		text, args, err := query.Insert(tx.Dialect(), o, r)
		if err != nil {
			return err
		}
		_, err = tx.Exec(text, args...)
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

func (b bench) rows(o *schema.Object) (out []query.Row) {
	b.Helper()
	err := b.db.Read(b.Context(), func(tx *sqldb.Tx) error {
		text, args, err := query.Select{Object: o, Fields: o.Fields, Sort: []query.Sort{{System: "id"}}}.Render(tx.Dialect())
		if err != nil {
			return err
		}
		rows, err := tx.Query(text, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			columns := make([]any, query.Width(o.Fields))
			if err := rows.Values(columns); err != nil {
				return err
			}
			r, err := query.Scan(columns, o.Fields, tx.Dialect())
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return rows.Err()
	})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// TestUniqueIsAmongTheLiving: blanks never meet, a deleted record's value is free
// again, and two of one value are refused at the moment of writing.
func TestUniqueIsAmongTheLiving(t *testing.T) {
	each(t, func(b bench) {
		b.apply("document: object\nid: t.thing\nname: thing\nlabel: {zh-CN: 物}\nfields:\n  - {id: t.thing.code, name: code, type: text, unique: true}\n  - {id: t.thing.n, name: n, type: number, scale: 0, unique: true}\n")
		o := b.object("thing")
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		try := func(id string, deleted bool, code any, n any) error {
			r := query.Row{ID: id, CreatedAt: at, UpdatedAt: at, Revision: 1, Values: map[string]any{}}
			if deleted {
				r.DeletedAt = &at
			}
			if code != nil {
				r.Values["t.thing.code"] = code
			}
			if n != nil {
				r.Values["t.thing.n"] = schema.Scale(n.(int64), 0)
			}
			return b.db.Write(b.Context(), func(tx *sqldb.Tx) error {
				text, args, err := query.Insert(tx.Dialect(), o, r)
				return errors.Join(err, func() error { _, err := tx.Exec(text, args...); return err }())
			})
		}
		for _, c := range []struct {
			id      string
			deleted bool
			code, n any
			free    bool
		}{
			{"a", false, "X", int64(1), true}, {"b", false, nil, nil, true}, {"c", false, nil, nil, true}, {"d", false, "X", int64(2), false}, {"e", false, "x", int64(1), false},
			{"f", false, "x", int64(2), true}, {"g", true, "X", int64(1), true}, {"h", true, "X", int64(1), true}, {"i", false, "Y", int64(0), true}, {"j", false, "Z", int64(0), false},
		} {
			err := try(c.id, c.deleted, c.code, c.n)
			if _, taken := sqldb.IsUnique(err); taken == c.free || err != nil && !taken {
				b.Errorf("%s with %v and %v: %v", c.id, c.code, c.n, err)
			}
		}
	})
}

// TestHowLargeAnObjectMayBe: 500 fields are compiled and made; one more is told, and
// nothing of it is made.
func TestHowLargeAnObjectMayBe(t *testing.T) {
	each(t, func(b bench) {
		var fields strings.Builder
		for i := range fieldLimit {
			fields.WriteString(kindOf(fmt.Sprintf("t.thing.f%d", i), fmt.Sprintf("f%d", i), "text"))
		}
		head := "document: object\nid: t.thing\nname: thing\nlabel: {zh-CN: 物}\nfields:\n"
		b.apply(head + fields.String())
		if got := len(b.object("thing").Fields); got != fieldLimit {
			b.Errorf("%d fields", got)
		}
		if got := b.refused(head + fields.String() + kindOf("t.thing.more", "more", "text")); !slices.Equal(got, []string{"fields invalid_shape"}) {
			b.Errorf("one field more: %q", got)
		}
		if got := b.refused("document: field\nname: thing.more\nobject: thing\ntype: text\n"); !slices.Equal(got, []string{"object/thing.fields too_many"}) {
			b.Errorf("one field more beside it: %q", got)
		}
	})
}

// TestWhoAsksBeforePublishing: a guard sees what is in force and what would be, can
// refuse with a reason of its own, and is not asked about what does not compile.
func TestWhoAsksBeforePublishing(t *testing.T) {
	each(t, func(b bench) {
		asked := 0
		refusing := WithGuard(b.Context(), func(before, after *Snapshot) error {
			asked++
			if len(after.Documents("view")) < len(before.Documents("view")) {
				return fault.New(fault.Forbidden, "views_stay")
			}
			return nil
		})
		if _, err := b.Remove(refusing, "view", "lead.web", config.Note{}); fault.KindOf(err) != fault.Forbidden {
			b.Errorf("a view went: %v", err)
		}
		view := "document: view\nname: lead.all\nlabel: {zh-CN: 全}\nobject: lead\ncolumns: [company]\n"
		if _, err := b.Apply(refusing, b.parse(view), config.Note{}); err != nil {
			b.Errorf("a view more: %v", err)
		}
		if _, err := b.Apply(refusing, b.parse(strings.Replace(view, "company", "nothing", 1)), config.Note{}); fault.KindOf(err) != fault.Invalid || asked != 2 {
			b.Errorf("what does not compile: %v, asked %d times", err, asked)
		}
		if len(b.Current().Documents("view")) != 2 {
			b.Errorf("%d views", len(b.Current().Documents("view")))
		}
		if err := b.Validate(refusing, b.draft("gone", view)); err != nil || asked != 3 {
			b.Errorf("a validation: %v, asked %d times", err, asked)
		}
	})
}
