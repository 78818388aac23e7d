package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/config"
	"pgregory.net/rapid"
)

// around are documents that name the fields of an object in every way there is:
// in lists, in texts, as keys, with signs and steps, and in expressions.
const around = `
document: view
id: t.view.all
name: thing.all
label: {zh-CN: 全}
object: thing
filter: a = b OR NOT ISBLANK(c)
columns: [a, b, c, d]
sort: -c,a
widths: {a: 100, d: 300}
---
document: page
id: t.page.thing
name: thing
label: {zh-CN: 物}
object: thing
sections: [{label: {zh-CN: 基本}, fields: [d, c, b, a]}]
---
document: role
id: t.role.r
name: r
label: {zh-CN: 角色}
home: sales
objects:
  thing: {read: true, scope: 'a <> b', fields: {a: hidden, c: read}}
  other: {read: true, scope: all, fields: {a: read, to: hidden}}
---
document: object
id: t.other
name: other
label: {zh-CN: 其他}
fields:
  - {id: t.other.a, name: a, type: text}
  - {id: t.other.to, name: to, type: reference, object: thing}
---
document: view
id: t.view.other
name: other.all
label: {zh-CN: 其他}
object: other
columns: [a, to]
`

// thing is the object whose fields have these names, by the letter of their id.
func thing(object string, names map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "document: object\nid: t.thing\nname: %s\nlabel: {zh-CN: 物}\nfields:\n", object)
	for _, id := range []string{"a", "b", "c", "d"} {
		fmt.Fprintf(&b, "  - {id: t.thing.%s, name: %s, type: text}\n", id, names[id])
	}
	return b.String()
}

// TestNamesThatChangePlaces: fields that take each other's names, with or without a
// new name of the object, keep their places in every document; those of another
// object that are called the same keep theirs.
func TestNamesThatChangePlaces(t *testing.T) {
	each(t, func(b bench) {
		names := map[string]string{"a": "a", "b": "b", "c": "c", "d": "d"}
		b.apply(thing("thing", names) + "---" + around)
		rapid.Check(b.T, func(t *rapid.T) {
			list := rapid.Permutation([]string{"a", "b", "c", "d", "e", "thing", "other"}).Draw(t, "names")
			next := map[string]string{"a": list[0], "b": list[1], "c": list[2], "d": list[3]}
			object := rapid.SampledFrom([]string{"thing", "stuff"}).Draw(t, "object")
			d := b.parse(thing(object, next))[0]
			s, problems, err := b.Propose(b.Context(), "", d.Reference(), d)
			if err != nil || len(problems) > 0 {
				t.Fatalf("%v: %v %+v", next, err, problems)
			}
			checkPlaces(t, s, object, next)
		})
	})
}

func checkPlaces(t *rapid.T, s *Snapshot, object string, n map[string]string) {
	view := part(t, s, "view", object+".all")
	if got, want := fmt.Sprint(view["columns"]), fmt.Sprint([]string{n["a"], n["b"], n["c"], n["d"]}); got != want {
		t.Fatalf("columns %s, want %s", got, want)
	}
	if got, want := view["sort"], "-"+n["c"]+","+n["a"]; got != want {
		t.Fatalf("sorted by %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(view["widths"]), fmt.Sprint(map[string]any{n["a"]: 100, n["d"]: 300}); got != want {
		t.Fatalf("widths %s, want %s", got, want)
	}
	o, _ := s.Object(object)
	if compiled, ok := Compiled[*View](s, "view", object+".all"); !ok || compiled.Filter != n["a"]+" = "+n["b"]+" OR NOT ISBLANK("+n["c"]+")" || o.ID != "t.thing" {
		t.Fatalf("filter %q of %s", compiled.Filter, o.ID)
	}
	page := part(t, s, "page", "thing")
	if got, want := fmt.Sprint(page["sections"].([]any)[0].(map[string]any)["fields"]), fmt.Sprint([]string{n["d"], n["c"], n["b"], n["a"]}); got != want {
		t.Fatalf("the page shows %s, want %s", got, want)
	}
	objects := part(t, s, "role", "r")["objects"].(map[string]any)
	own := objects[object].(map[string]any)
	if got, want := fmt.Sprint(own["fields"]), fmt.Sprint(map[string]any{n["a"]: "hidden", n["c"]: "read"}); got != want || own["scope"] != n["a"]+" <> "+n["b"] {
		t.Fatalf("the role: %s and %s, want %s", got, own["scope"], want)
	}
	if got := fmt.Sprint(objects["other"].(map[string]any)["fields"]); got != fmt.Sprint(map[string]any{"a": "read", "to": "hidden"}) {
		t.Fatalf("the role for another object: %s", got)
	}
	if got := fmt.Sprint(part(t, s, "view", "other.all")["columns"]); got != "[a to]" {
		t.Fatalf("columns of another object: %s", got)
	}
	other, _ := s.Object("other")
	if to, ok := other.Field("to"); !ok || to.ObjectName != object {
		t.Fatalf("the reference leads to %+v", to)
	}
}

// part is the body of a document of a snapshot.
func part(t *rapid.T, s *Snapshot, kind, name string) map[string]any {
	d, err := s.Document(kind, name)
	if err != nil {
		var all []string
		for _, one := range s.Documents(kind) {
			all = append(all, one.Name)
		}
		t.Fatalf("no %s %s among %v", kind, name, all)
	}
	var body map[string]any
	if err := json.Unmarshal(d.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// TestWhatTheProposalItselfSaysStands: a document that is published together with
// the new names is taken as it is written, not translated a second time.
func TestWhatTheProposalItselfSaysStands(t *testing.T) {
	each(t, func(b bench) {
		names := map[string]string{"a": "a", "b": "b", "c": "c", "d": "d"}
		b.apply(thing("thing", names) + "---" + around)
		swapped := map[string]string{"a": "b", "b": "a", "c": "c", "d": "d"}
		view := "document: view\nid: t.view.all\nname: thing.all\nlabel: {zh-CN: 全}\nobject: thing\ncolumns: [a]\n" // the field that was b
		if _, err := b.Apply(b.Context(), b.parse(thing("thing", swapped)+"---\n"+view), config.Note{}); err != nil {
			b.Fatal(err)
		}
		compiled, _ := Compiled[*View](b.Current(), "view", "thing.all")
		o := b.object("thing")
		f, _ := o.Field(compiled.Columns[0])
		if !slices.Equal(compiled.Columns, []string{"a"}) || f.ID != "t.thing.b" {
			b.Errorf("%v, which is %s", compiled.Columns, f.ID)
		}
	})
}
