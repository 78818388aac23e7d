package catalog

import (
	"slices"
	"strings"
	"testing"
)

// longing is an object whose one field has a label of so many characters.
func longing(label int) string {
	return "document: object\nid: t.thing\nname: thing\nlabel: {zh-CN: 物}\nfields:\n  - {id: t.thing.v, name: v, type: boolean, label: {zh-CN: " + strings.Repeat("长", label) + "}}\n"
}

// TestWhatIsPublishedCanBeLoaded: an expression is kept by ids and written with
// labels, which may be longer than what was typed. One that would be too long so
// is refused when it, or the label, is published; never when the company starts.
func TestWhatIsPublishedCanBeLoaded(t *testing.T) {
	each(t, func(b bench) {
		view := func(times int) string {
			return "document: view\nid: t.view.long\nname: thing.long\nlabel: {zh-CN: 长}\nobject: thing\ncolumns: [v]\nfilter: v" + strings.Repeat(" OR v", times) + "\n"
		}
		b.apply(longing(40))
		if got := b.refused(view(400)); !slices.Equal(got, []string{"filter too_long"}) {
			b.Errorf("a long filter: %q", got)
		}
		b.apply(view(50))
		if got := b.refused(longing(60)); !slices.Equal(got, []string{"view/thing.long.filter too_long"}) {
			b.Errorf("a long label: %q", got)
		}
		b.apply(longing(30))
		again, err := New(b.db, b.store, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := again.Load(b.Context()); err != nil {
			b.Fatalf("the company does not start: %.200s", err)
		}
		if compiled, ok := Compiled[*View](again.Current(), "view", "thing.long"); !ok || strings.Count(compiled.Filter, strings.Repeat("长", 30)) != 51 {
			b.Errorf("the filter came back as %.100s", compiled.Filter)
		}
	})
}
