package view_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/view"
)

// object is a lead of three fields; hidden ones are left out, renamed ones have another name.
func object(hidden string, renamed map[string]string) *schema.Object {
	o := &schema.Object{ID: "crm.lead", Name: "lead", Table: "o_1"}
	for _, f := range []schema.Field{
		{ID: "f.company", Name: "company", Type: "text"}, {ID: "f.budget", Name: "budget", Type: "number"}, {ID: "f.due", Name: "due", Type: "datetime"},
	} {
		if name, ok := renamed[f.Name]; ok {
			f.Name = name
		}
		if f.Name != hidden {
			o.Fields = append(o.Fields, &f)
		}
	}
	return o.Seal()
}

func env(o *schema.Object) expr.Env { return expr.Env{Object: o} }

func stored(t *testing.T, s view.Shape) view.Shape {
	t.Helper()
	o := object("", nil)
	out, err := s.Stored(o, env(o))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func whole() view.Shape {
	return view.Shape{
		Filter: "budget > 3 AND due < NOW()", Sort: "-budget,company,created_at", Columns: []string{"company", "budget", "updated_at"},
		Widths: map[string]int{"company": 300, "budget": 80}, Group: "due:month,company", Density: "compact",
	}
}

func TestAShapeComesBackAsItWasWritten(t *testing.T) {
	o := object("", nil)
	got, refused := stored(t, whole()).Shown(o, env(o), "en")
	if diff := cmp.Diff(whole(), got); diff != "" || refused {
		t.Errorf("refused %t, %s", refused, diff)
	}
}

func TestAShapeFollowsRenames(t *testing.T) {
	o := object("", map[string]string{"budget": "money", "due": "deadline"})
	got, refused := stored(t, whole()).Shown(o, env(o), "en")
	want := view.Shape{
		Filter: "money > 3 AND deadline < NOW()", Sort: "-money,company,created_at", Columns: []string{"company", "money", "updated_at"},
		Widths: map[string]int{"company": 300, "money": 80}, Group: "deadline:month,company", Density: "compact",
	}
	if diff := cmp.Diff(want, got); diff != "" || refused {
		t.Errorf("refused %t, %s", refused, diff)
	}
}

func TestAHiddenFieldIsLeftOutOrRefuses(t *testing.T) {
	kept := whole()
	kept.Filter = "due < NOW()"
	o := object("budget", nil)
	got, refused := stored(t, kept).Shown(o, env(o), "en")
	want := view.Shape{
		Filter: "due < NOW()", Sort: "company,created_at", Columns: []string{"company", "updated_at"}, Widths: map[string]int{"company": 300},
		Group: "due:month,company", Density: "compact",
	}
	if diff := cmp.Diff(want, got); diff != "" || refused {
		t.Errorf("refused %t, %s", refused, diff)
	}
	got, refused = stored(t, whole()).Shown(o, env(o), "en")
	if diff := cmp.Diff(view.Shape{}, got); diff != "" || !refused {
		t.Errorf("refused %t, %s", refused, diff)
	}
}

func TestWhatIsWrongWithAShape(t *testing.T) {
	o := object("", nil)
	for name, c := range map[string]struct {
		shape view.Shape
		want  []string
	}{
		"names":   {view.Shape{Sort: "-nothing", Group: "nobody:day", Columns: []string{"company", "nope"}, Widths: map[string]int{"none": 1}}, []string{"shape.columns.1 unknown_field", "shape.group unknown_field", "shape.sort unknown_field", "shape.widths.none unknown_field"}},
		"several": {view.Shape{Columns: []string{"nope", "id", "company", "", "budget"}, Widths: map[string]int{"b": 1, "a": 1, "budget": 1}}, []string{"shape.columns.0 unknown_field", "shape.columns.3 unknown_field", "shape.widths.a unknown_field", "shape.widths.b unknown_field"}},
		"columns": {view.Shape{Columns: slices.Repeat([]string{"company"}, view.MostColumns+1)}, []string{"shape.columns too_many"}},
		"density": {view.Shape{Density: "roomy"}, []string{"shape.density unknown_choice"}},
		"filter":  {view.Shape{Filter: "budget > "}, []string{"shape.filter syntax"}},
		"type":    {view.Shape{Filter: "budget + 1"}, []string{"shape.filter wrong_type"}},
	} {
		_, err := c.shape.Stored(o, env(o))
		f, ok := fault.As(err)
		if !ok {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, one := range f.Fields {
			got = append(got, one.Path+" "+one.Code)
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWidthsStayWithinBounds(t *testing.T) {
	got := stored(t, view.Shape{Widths: map[string]int{"company": 5, "budget": 5000, "due": 120}})
	if diff := cmp.Diff(map[string]int{"f.company": 48, "f.budget": 1000, "f.due": 120}, got.Widths); diff != "" {
		t.Error(diff)
	}
}

// TestAViewIsWhatAListCanShow: what a list refuses is refused when it is saved,
// at the place where it stands, all at once.
func TestAViewIsWhatAListCanShow(t *testing.T) {
	o := object("", nil)
	o.Fields = append(o.Fields,
		&schema.Field{ID: "f.tags", Name: "tags", Type: "tags"}, &schema.Field{ID: "f.money", Name: "money", Type: "currency", Currency: "CNY"},
		&schema.Field{ID: "f.note", Name: "note", Type: "long_text"}, &schema.Field{ID: "f.day", Name: "day", Type: "date"})
	o.Seal()
	for _, one := range []struct {
		what, sort, group string
		want              []string
	}{
		{"nothing", "", "", nil},
		{"what a list gives", "-budget,company,created_at", "day:week,company", nil},
		{"groups by tags", "", "tags", []string{"shape.group not_groupable"}},
		{"groups by money", "", "company,money", []string{"shape.group not_groupable"}},
		{"groups by a long text", "", "note", []string{"shape.group not_groupable"}},
		{"groups by a moment without a step", "", "due", []string{"shape.group not_groupable"}},
		{"groups by a step that there is not", "", "day:quarter", []string{"shape.group not_groupable"}},
		{"groups by a step of what is no moment", "", "company:day", []string{"shape.group not_groupable"}},
		{"groups by what there is not", "", "colour", []string{"shape.group unknown_field"}},
		{"groups by the record itself", "", "id", []string{"shape.group unknown_field"}},
		{"three levels", "", "company,budget,day:day", []string{"shape.group out_of_range"}},
		{"no name between commas", ",", ",", []string{"shape.group out_of_range", "shape.sort out_of_range"}},
		{"an order by tags", "-tags", "", []string{"shape.sort unknown_field"}},
		{"an order by what there is not, and groups by tags", "colour", "tags", []string{"shape.group not_groupable", "shape.sort unknown_field"}},
		{"an order by too many", "company,budget,due,day,company,budget,due,day,company", "", []string{"shape.sort out_of_range"}},
	} {
		_, err := view.Shape{Sort: one.sort, Group: one.group}.Stored(o, env(o))
		var got []string
		if problem, ok := fault.As(err); ok {
			for _, f := range problem.Fields {
				got = append(got, f.Path+" "+f.Code)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(one.want, got); diff != "" {
			t.Errorf("%s: %s", one.what, diff)
		}
	}
}

// TestAnOldViewShowsWhatAListCan: one that was saved when it was not checked,
// or whose field has become another, is shown without what no list gives.
func TestAnOldViewShowsWhatAListCan(t *testing.T) {
	o := object("", nil)
	o.Fields = append(o.Fields, &schema.Field{ID: "f.tags", Name: "tags", Type: "tags"})
	o.Seal()
	old := view.Shape{Sort: "f.tags,f.company", Group: "f.tags", Columns: []string{"f.company", "f.tags"}}
	got, refused := old.Shown(o, env(o), "en")
	if diff := cmp.Diff(view.Shape{Columns: []string{"company", "tags"}}, got); diff != "" || refused {
		t.Errorf("refused %t, %s", refused, diff)
	}
}
