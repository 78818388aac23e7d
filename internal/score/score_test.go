package score_test

import (
	"encoding/json"
	"testing"

	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/score"
)

func lead() *schema.Object {
	return (&schema.Object{ID: "crm.lead", Name: "lead", Fields: []*schema.Field{
		{ID: "f.title", Name: "title", Label: schema.Label{"zh-CN": "职位"}, Type: "text"},
		{ID: "f.intent", Name: "intent", Label: schema.Label{"zh-CN": "意向"}, Type: "choice", Choices: []schema.Choice{
			{ID: "i.high", Name: "高"}, {ID: "i.low", Name: "低"}}},
		{ID: "f.budget", Name: "budget", Label: schema.Label{"zh-CN": "预算"}, Type: "number", Scale: 2},
		{ID: "f.score", Name: "score", Type: "number"},
	}}).Seal()
}

const card = `{
  "object": "lead", "into": {"total": "score"}, "base": 10,
  "rules": [
    {"id": "intent", "dimension": "behaviour", "when": "意向 = 高", "points": 40},
    {"id": "buyer", "dimension": "organisation", "when": "CONTAINS(职位, \"采购\")", "points": 30},
    {"id": "budget", "dimension": "behaviour", "when": "NOT ISBLANK(预算) AND 预算 >= 100000", "points": 35},
    {"id": "cheap", "when": "预算 < 1000", "points": -50}
  ],
  "stars": [{"stars": 3, "at_least": 80, "when": "NOT ISBLANK(预算)"}, {"stars": 2, "at_least": 50}, {"stars": 1}],
  "bands": [{"id": "cold", "from": 0}, {"id": "top", "from": 85}, {"id": "middle", "from": 60}]
}`

func compile(t testing.TB, document string) (*score.Card, error) {
	t.Helper()
	var def score.Definition
	if err := json.Unmarshal([]byte(document), &def); err != nil {
		t.Fatal(err)
	}
	return score.Compile(def, expr.Env{Object: lead()})
}

func input(values map[string]any) expr.Input {
	return expr.Input{Field: func(id string) any { return values[id] }}
}

func TestCompute(t *testing.T) {
	c, err := compile(t, card)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		values map[string]any
		want   score.Result
	}{
		"everything holds, bounded above": {
			map[string]any{"f.intent": "i.high", "f.title": "采购总监", "f.budget": apd.New(200000, 0)},
			score.Result{Total: 100, Sum: 115, Stars: 3, Band: "top", Contributions: []score.Contribution{
				{Rule: "intent", Dimension: "behaviour", Points: 40}, {Rule: "buyer", Dimension: "organisation", Points: 30}, {Rule: "budget", Dimension: "behaviour", Points: 35}}},
		},
		"no budget, no third star": {
			map[string]any{"f.intent": "i.high", "f.title": "采购总监"},
			score.Result{Total: 80, Sum: 80, Stars: 2, Band: "middle", Contributions: []score.Contribution{
				{Rule: "intent", Dimension: "behaviour", Points: 40}, {Rule: "buyer", Dimension: "organisation", Points: 30}}},
		},
		"bounded below": {
			map[string]any{"f.budget": apd.New(1, 0)},
			score.Result{Total: 0, Sum: -40, Stars: 1, Band: "cold", Contributions: []score.Contribution{{Rule: "cheap", Points: -50}}},
		},
		"blank": {nil, score.Result{Total: 10, Sum: 10, Stars: 1, Band: "cold"}},
	} {
		test.want.Inputs = map[string]any{"f.intent": test.values["f.intent"], "f.title": test.values["f.title"], "f.budget": test.values["f.budget"]}
		sameDecimal := cmp.Comparer(func(a, b *apd.Decimal) bool { return a.Cmp(b) == 0 })
		if diff := cmp.Diff(test.want, score.Compute(c, input(test.values)), sameDecimal); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
	if diff := cmp.Diff([]string{"f.intent", "f.title", "f.budget"}, c.Fields()); diff != "" {
		t.Errorf("fields (-want +got)\n%s", diff)
	}
}

func TestBands(t *testing.T) {
	c, err := compile(t, card)
	if err != nil {
		t.Fatal(err)
	}
	for total, want := range map[int]string{0: "cold", 59: "cold", 60: "middle", 84: "middle", 85: "top", 100: "top", -1: ""} {
		band, ok := c.Band(total)
		if band.ID != want || ok != (want != "") {
			t.Errorf("Band(%d) = %q, %v", total, band.ID, ok)
		}
	}
}

func TestTotalIsTheSumOfContributions(t *testing.T) {
	c, err := compile(t, card)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		values := map[string]any{}
		if rapid.Bool().Draw(t, "intent") {
			values["f.intent"] = "i.high"
		}
		if rapid.Bool().Draw(t, "title") {
			values["f.title"] = rapid.SampledFrom([]string{"采购", "工程师"}).Draw(t, "t")
		}
		if rapid.Bool().Draw(t, "budget") {
			values["f.budget"] = apd.New(rapid.Int64Range(0, 1_000_000).Draw(t, "b"), 0)
		}
		r := score.Compute(c, input(values))
		sum := 10
		for _, k := range r.Contributions {
			sum += k.Points
		}
		if sum != r.Sum || r.Total != min(max(sum, 0), 100) {
			t.Fatalf("contributions give %d, sum %d, total %d", sum, r.Sum, r.Total)
		}
	})
}

func TestCompileFaults(t *testing.T) {
	_, err := compile(t, `{"object": "lead", "into": {"total": "title", "stars": "nothing"}, "min": 5, "max": 5,
	  "rules": [{"id": "a", "when": "意向 = 高", "points": 1}, {"id": "a", "when": "意向 =", "points": 1}, {"id": "b", "when": "", "points": 1}, {"id": "c", "when": "1 + 1", "points": 1}],
	  "stars": [{"stars": -1, "when": "无此字段 = 1"}],
	  "bands": [{"id": "x", "from": 1}, {"id": "x", "from": 1}]}`)
	problem, ok := fault.As(err)
	if !ok {
		t.Fatalf("error %v is no fault", err)
	}
	var got []string
	for _, f := range problem.Fields {
		got = append(got, f.Path)
	}
	want := []string{"max", "into.total", "into.stars", "rules.1.id", "rules.1.when", "rules.2.when", "rules.3.when", "stars.0.stars", "stars.0.when", "bands.1.id", "bands.1.from"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if f := problem.Fields[4]; f.Line != 1 || f.Column == 0 {
		t.Errorf("a syntax error has no place: %+v", f)
	}
}

func TestStoredExpressions(t *testing.T) {
	program, err := expr.Compile("意向 = 高", expr.Env{Object: lead()}, expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	c, err := score.Compile(score.Definition{Rules: []score.Rule{{ID: "a", When: program.Stored(), Points: 7}}}, expr.Env{Object: lead()})
	if err != nil {
		t.Fatal(err)
	}
	if got := score.Compute(c, input(map[string]any{"f.intent": "i.high"})).Total; got != 7 {
		t.Errorf("total %d, want 7", got)
	}
}
