package api

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
)

// staged is an object with a choice in an order of its own, a text and a reference.
func staged() *schema.Object {
	return (&schema.Object{ID: "o", Name: "o", Fields: []*schema.Field{
		{ID: "o.stage", Name: "stage", Type: "choice", Choices: []schema.Choice{
			{ID: "o.c", Name: "初步", Label: schema.Label{"zh-CN": "初步", "en": "First"}}, {ID: "o.a", Name: `5" 屏`, Color: "red"}, {ID: "o.b", Name: "成交", Label: schema.Label{"en": "Won"}},
		}},
		{ID: "o.city", Name: "city", Type: "text"}, {ID: "o.firm", Name: "firm", Type: "reference", ObjectName: "firm"},
	}, Closed: &schema.ClosedWhen{Field: "stage", Choices: []string{"o.b"}}}).Seal()
}

// TestGroupsStandAsPeopleLookForThem: choices in the order of their document,
// references by their labels, days by the calendar, and what is blank last.
func TestGroupsStandAsPeopleLookForThem(t *testing.T) {
	object := staged()
	field := func(name string) query.GroupBy { f, _ := object.Field(name); return query.GroupBy{Field: f} }
	labels := map[string]string{"f1": "乙", "f2": "甲", "f3": "甲"}
	for _, one := range []struct {
		name string
		by   []query.GroupBy
		keys [][]any
		want string
	}{
		{"choices", []query.GroupBy{field("stage")}, [][]any{{nil}, {"o.a"}, {"o.b"}, {"o.c"}}, "o.c o.a o.b <nil>"},
		{"texts as they come", []query.GroupBy{field("city")}, [][]any{{"A"}, {"b"}, {nil}}, "A b <nil>"},
		{"references by label, then by id", []query.GroupBy{field("firm")}, [][]any{{nil}, {"f3"}, {"f1"}, {"f2"}}, "f1 f2 f3 <nil>"},
		{"two levels", []query.GroupBy{field("stage"), field("firm")}, [][]any{{"o.a", "f1"}, {"o.c", nil}, {"o.c", "f2"}, {nil, "f1"}, {"o.a", nil}}, "o.c/f2 o.c/<nil> o.a/f1 o.a/<nil> <nil>/f1"},
		{"a text above a choice", []query.GroupBy{field("city"), field("stage")}, [][]any{{"x", "o.b"}, {"x", "o.c"}, {"y", "o.a"}, {"y", nil}}, "x/o.c x/o.b y/o.a y/<nil>"},
	} {
		groups := record.Groups{By: one.by}
		for i, keys := range one.keys {
			groups.Items = append(groups.Items, record.Group{Keys: keys, Filter: fmt.Sprint("filter ", i)})
		}
		c := questioned(t, "")
		c.arrange(groups, labels)
		var got []string
		for _, item := range groups.Items {
			got = append(got, strings.Trim(strings.ReplaceAll(fmt.Sprint(item.Keys), " ", "/"), "[]"))
		}
		if text := strings.Join(got, " "); text != one.want {
			t.Errorf("%s: %s, want %s", one.name, text, one.want)
		}
	}
}

// Property: each group stays one of the groups, and groups of one first key stay together.
func TestGroupsAreOnlyMoved(t *testing.T) {
	object := staged()
	stage, _ := object.Field("stage")
	firm, _ := object.Field("firm")
	rapid.Check(t, func(r *rapid.T) {
		key := rapid.SampledFrom([]any{"o.a", "o.b", "o.c", "gone", nil})
		other := rapid.SampledFrom([]any{"f1", "f2", nil})
		groups := record.Groups{By: []query.GroupBy{{Field: stage}, {Field: firm}}}
		seen := map[string]bool{}
		for range rapid.IntRange(0, 12).Draw(r, "groups") {
			keys := []any{key.Draw(r, "key"), other.Draw(r, "other")}
			if filter := fmt.Sprint(keys); !seen[filter] {
				seen[filter] = true
				groups.Items = append(groups.Items, record.Group{Keys: keys, Filter: filter})
			}
		}
		(&Call{}).arrange(groups, map[string]string{"f1": "b", "f2": "a"})
		var firsts []string
		for _, item := range groups.Items {
			delete(seen, item.Filter)
			if first := fmt.Sprint(item.Keys[0]); len(firsts) == 0 || firsts[len(firsts)-1] != first {
				firsts = append(firsts, first)
			}
		}
		slices.Sort(firsts)
		if len(seen) > 0 || len(slices.Compact(slices.Clone(firsts))) != len(firsts) {
			r.Fatalf("%v are lost, %v", seen, groups.Items)
		}
	})
}

// TestColumnsOfABoard: one for each choice in its order, in the reader's words,
// each with a filter that a list takes, and one for what stands nowhere.
func TestColumnsOfABoard(t *testing.T) {
	object := staged()
	stage, _ := object.Field("stage")
	for language, want := range map[string][]BoardColumn{
		"zh-CN": {{Choice: "初步", Label: "初步", Filter: `stage = "初步"`}, {Choice: `5" 屏`, Color: "red", Filter: `stage = "5"" 屏"`}, {Choice: "成交", Label: "Won", Closes: true, Filter: `stage = "成交"`}, {Filter: "ISBLANK(stage)"}},
		"en":    {{Choice: "初步", Label: "First", Filter: `stage = "初步"`}, {Choice: `5" 屏`, Color: "red", Filter: `stage = "5"" 屏"`}, {Choice: "成交", Label: "Won", Closes: true, Filter: `stage = "成交"`}, {Filter: "ISBLANK(stage)"}},
	} {
		got := columnsOf(&Call{Language: language}, object, stage)
		for i := range got {
			got[i].Sums = nil
			if want[i].Label == "" {
				got[i].Label = "" // a choice without a label is called as the schema says
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", language, diff)
		}
	}
	board := BoardView{Columns: columnsOf(&Call{Language: "en"}, object, stage)}
	for key, place := range map[any]int{"o.c": 0, "o.b": 2, nil: 3, "gone": 3, "": 3} {
		if board.column(stage, key) != &board.Columns[place] {
			t.Errorf("%v stands elsewhere than in column %d", key, place)
		}
	}
}

// TestHowGreatARiskIs: who is silent and unhappy is lost next.
func TestHowGreatARiskIs(t *testing.T) {
	for _, one := range []struct {
		silent, bad bool
		want        string
	}{{true, true, "red"}, {true, false, "amber"}, {false, true, "amber"}, {false, false, ""}} {
		if got := level(one.silent, one.bad); got != one.want {
			t.Errorf("silent %t, unhappy %t: %q", one.silent, one.bad, got)
		}
	}
	for score, want := range map[string]string{"4": "4.0", "3.25": "3.2", "3.35": "3.4", "3.3333333333333333333333": "3.3", "0": "0.0", "-0.04": "-0.0", "99999.95": "100000.0"} {
		d, _, err := apd.NewFromString(score)
		if err != nil {
			t.Fatal(err)
		}
		if got := oneDecimal(d); got != want && strings.TrimLeft(got, "-") != strings.TrimLeft(want, "-") && !near(got, score) {
			t.Errorf("%s is said as %s, want %s", score, got, want)
		}
	}
}

// near allows either way of rounding a half.
func near(got, exact string) bool {
	a, _, err := apd.NewFromString(got)
	b, _, other := apd.NewFromString(exact)
	if err != nil || other != nil {
		return false
	}
	var difference apd.Decimal
	_, err = apd.BaseContext.WithPrecision(30).Sub(&difference, a, b)
	difference.Negative = false
	return err == nil && difference.Cmp(apd.New(5, -2)) <= 0
}

// Property: the day after a day is the next one of the calendar, whatever clocks do.
func TestTheDayAfter(t *testing.T) {
	for day, want := range map[string]string{"2026-12-31": "2027-01-01", "2024-02-28": "2024-02-29", "2026-02-28": "2026-03-01", "2026-03-29": "2026-03-30", "soon": "soon", "": ""} {
		if got := dayAfter(day); got != want {
			t.Errorf("after %q comes %q, want %q", day, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		at := time.Date(rapid.IntRange(1, 9998).Draw(r, "year"), 1, rapid.IntRange(1, 366).Draw(r, "day"), 0, 0, 0, 0, time.UTC)
		next, err := time.Parse(time.DateOnly, dayAfter(at.Format(time.DateOnly)))
		if err != nil || next.Sub(at) != 24*time.Hour {
			r.Fatalf("after %s comes %s, %v", at, next, err)
		}
	})
}
