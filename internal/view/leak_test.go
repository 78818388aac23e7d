package view_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/view"
)

var fieldNames = []string{"company", "budget", "due"}

// shapes are views that somebody who sees everything may save.
func shapes() *rapid.Generator[view.Shape] {
	return rapid.Custom(func(r *rapid.T) view.Shape {
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(append([]string{"id", "created_at", "updated_at"}, fieldNames...)), 0, 4, rapid.ID[string])
		s := view.Shape{
			Filter:  rapid.SampledFrom([]string{"", "budget > 3", `company = "x"`, "due < NOW()", `budget > 1 AND company = "x"`, "ISBLANK(due) OR budget < 0"}).Draw(r, "filter"),
			Columns: some.Draw(r, "columns"), Density: rapid.SampledFrom([]string{"", "compact"}).Draw(r, "density"),
			Group: rapid.SampledFrom([]string{"", "company", "due:month", "due:week,company", "company,due:day"}).Draw(r, "group"),
		}
		var sort []string
		for _, name := range some.Draw(r, "sort") {
			if name != "id" {
				sort = append(sort, rapid.SampledFrom([]string{"", "-"}).Draw(r, "down")+name)
			}
		}
		s.Sort = strings.Join(sort, ",")
		for _, name := range some.Draw(r, "widths") {
			if s.Widths == nil {
				s.Widths = map[string]int{}
			}
			s.Widths[name] = rapid.IntRange(-10, 5000).Draw(r, "width")
		}
		return s
	})
}

// Property: whoever may not see a field finds neither its name nor its id in
// anything that he is shown of a view, and of a filter that needs it nothing at
// all; what he may see of columns stays in its order.
func TestNothingOfAHiddenFieldIsShown(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		written := shapes().Draw(r, "shape")
		writer := object("", nil)
		kept, err := written.Stored(writer, env(writer))
		if err != nil {
			r.Fatalf("%+v: %v", written, err)
		}
		hidden := rapid.SampledFrom(fieldNames).Draw(r, "hidden")
		reader := object(hidden, nil)
		shown, refused := kept.Shown(reader, env(reader), "en")
		raw, err := json.Marshal(shown)
		if err != nil {
			r.Fatal(err)
		}
		if strings.Contains(string(raw), hidden) {
			r.Fatalf("%s is told: %s", hidden, raw)
		}
		if needs := strings.Contains(written.Filter, hidden); refused != needs {
			r.Fatalf("the filter %q is refused: %t", written.Filter, refused)
		}
		if refused {
			return
		}
		var want []string
		for _, name := range written.Columns {
			if name != hidden {
				want = append(want, name)
			}
		}
		if !slices.Equal(shown.Columns, want) || shown.Density != written.Density {
			r.Fatalf("shown %+v of %+v", shown, written)
		}
		for name, width := range shown.Widths {
			if width < 48 || width > 1000 {
				r.Fatalf("%s is %d wide", name, width)
			}
		}
	})
}

// Property: renames come through, and a shape that is shown can be saved again
// as the very same one; two fields may even exchange their names.
func TestAShapeIsKeptByWhatItMeans(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		written := shapes().Draw(r, "shape")
		before := object("", nil)
		kept, err := written.Stored(before, env(before))
		if err != nil {
			r.Fatal(err)
		}
		raw, err := json.Marshal(kept)
		if err != nil {
			r.Fatal(err)
		}
		var read view.Shape // as the database gives it back
		if err := json.Unmarshal(raw, &read); err != nil {
			r.Fatal(err)
		}
		renamed := map[string]string{"company": "budget", "budget": "company", "due": "deadline"}
		after := object("", renamed)
		shown, refused := read.Shown(after, env(after), "en")
		if refused {
			r.Fatalf("%+v is refused after a rename", written)
		}
		for n, name := range written.Columns {
			want := name
			if other, ok := renamed[name]; ok {
				want = other
			}
			if shown.Columns[n] != want {
				r.Fatalf("column %s became %s", name, shown.Columns[n])
			}
		}
		again, err := shown.Stored(after, env(after))
		if err != nil {
			r.Fatalf("%+v cannot be saved again: %v", shown, err)
		}
		second, err := json.Marshal(again)
		if err != nil || string(second) != string(raw) {
			r.Fatalf("%s became %s, %v", raw, second, err)
		}
	})
}
