package score_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/score"
)

// limit is a condition with the answer that a person would give.
type limit struct {
	text string
	hold func(budget int, high bool) bool
}

func limits() []limit {
	return []limit{
		{"预算 >= 500", func(b int, _ bool) bool { return b >= 500 }},
		{"预算 < 100 OR 意向 = 高", func(b int, high bool) bool { return b < 100 || high }},
		{"意向 = 低", func(_ int, high bool) bool { return !high }},
		{"TRUE", func(int, bool) bool { return true }},
		{"FALSE", func(int, bool) bool { return false }},
		{"NOT 意向 = 高 AND 预算 IN (1, 2, 3)", func(b int, high bool) bool { return !high && b >= 1 && b <= 3 }},
	}
}

// TestAnyCardIsAddedUpAsAPersonWould draws cards and records.
func TestAnyCardIsAddedUpAsAPersonWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		def := score.Definition{Object: "lead", Base: rapid.IntRange(-50, 50).Draw(t, "base")}
		low := rapid.IntRange(-100, 50).Draw(t, "min")
		high := low + rapid.IntRange(1, 150).Draw(t, "range")
		def.Min, def.Max = &low, &high
		var chosen []limit
		for i := range rapid.IntRange(0, 6).Draw(t, "rules") {
			l := rapid.SampledFrom(limits()).Draw(t, "when")
			chosen = append(chosen, l)
			def.Rules = append(def.Rules, score.Rule{ID: fmt.Sprint("r", i), Dimension: fmt.Sprint("d", i%2), When: l.text, Points: rapid.IntRange(-60, 60).Draw(t, "points")})
		}
		from := rapid.SliceOfNDistinct(rapid.IntRange(-100, 200), 0, 4, rapid.ID[int]).Draw(t, "bands")
		for _, f := range from {
			def.Bands = append(def.Bands, score.Band{ID: fmt.Sprint("b", f), From: f})
		}
		var stars []limit
		for range rapid.IntRange(0, 3).Draw(t, "stars") {
			s := score.Star{Stars: rapid.IntRange(0, 5).Draw(t, "star")}
			l := limit{"", func(int, bool) bool { return true }}
			if rapid.Bool().Draw(t, "conditional") {
				l = rapid.SampledFrom(limits()).Draw(t, "star when")
				s.When = l.text
			}
			if rapid.Bool().Draw(t, "bounded") {
				n := rapid.IntRange(-100, 150).Draw(t, "at least")
				s.AtLeast = &n
			}
			stars = append(stars, l)
			def.Stars = append(def.Stars, s)
		}
		card, err := score.Compile(def, expr.Env{Object: lead()})
		if err != nil {
			t.Fatal(err)
		}
		budget, keen := rapid.IntRange(0, 1000).Draw(t, "budget"), rapid.Bool().Draw(t, "keen")
		intent := map[bool]string{true: "i.high", false: "i.low"}[keen]
		got := score.Compute(card, input(map[string]any{"f.budget": apd.New(int64(budget), 0), "f.intent": intent}))

		sum, held := def.Base, []string{}
		for i, l := range chosen {
			if l.hold(budget, keen) {
				sum += def.Rules[i].Points
				held = append(held, def.Rules[i].ID)
			}
		}
		total := min(max(sum, low), high)
		if got.Sum != sum || got.Total != total || len(got.Failed) > 0 {
			t.Fatalf("%+v, want the sum %d and the total %d", got, sum, total)
		}
		told := []string{}
		for _, c := range got.Contributions {
			told = append(told, c.Rule)
		}
		if !slices.Equal(told, held) {
			t.Fatalf("%v gave points, want %v", told, held)
		}
		wantStars := 0
		for i, s := range def.Stars {
			if (s.AtLeast == nil || total >= *s.AtLeast) && stars[i].hold(budget, keen) {
				wantStars = s.Stars
				break
			}
		}
		if got.Stars != wantStars {
			t.Fatalf("%d stars, want %d", got.Stars, wantStars)
		}
		band, best := "", 0
		for _, f := range from {
			if total >= f && (band == "" || f > best) {
				band, best = fmt.Sprint("b", f), f
			}
		}
		if got.Band != band {
			t.Fatalf("the band of %d is %q, want %q of %v", total, got.Band, band, from)
		}
		if again := score.Compute(card, input(map[string]any{"f.budget": apd.New(int64(budget), 0), "f.intent": intent})); !cmp.Equal(got, again, cmp.Comparer(func(a, b *apd.Decimal) bool { return a.Cmp(b) == 0 })) {
			t.Fatalf("the same record scores otherwise: %s", cmp.Diff(got, again))
		}
	})
}

// TestTheInputsExplainTheScore: what was read is enough to compute it again.
func TestTheInputsExplainTheScore(t *testing.T) {
	c, err := compile(t, card)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		values := map[string]any{"f.score": apd.New(99, 0)}
		if rapid.Bool().Draw(t, "has a title") {
			values["f.title"] = rapid.SampledFrom([]string{"采购总监", "学生"}).Draw(t, "title")
		}
		if rapid.Bool().Draw(t, "has a budget") {
			values["f.budget"] = apd.New(rapid.Int64Range(0, 200_000).Draw(t, "budget"), 0)
		}
		first := score.Compute(c, input(values))
		if _, told := first.Inputs["f.score"]; told {
			t.Fatal("a field that no rule reads is an input")
		}
		second := score.Compute(c, input(first.Inputs))
		if first.Total != second.Total || first.Stars != second.Stars || first.Band != second.Band || len(first.Contributions) != len(second.Contributions) {
			t.Fatalf("%+v from its inputs is %+v", first, second)
		}
	})
}

// TestARuleThatFailsGivesNothingAndIsTold, while the others count.
func TestARuleThatFailsGivesNothingAndIsTold(t *testing.T) {
	nine := strings.Repeat("9", 30)
	c, err := compile(t, `{"object": "lead", "rules": [
		{"id": "huge", "when": "预算 * `+nine+" * "+nine+" * "+nine+" * "+nine+` > 1", "points": 50},
		{"id": "fine", "when": "预算 > 1", "points": 7}],
		"stars": [{"stars": 5, "when": "预算 * `+nine+" * "+nine+" * "+nine+" * "+nine+` > 1"}, {"stars": 2}]}`)
	if err != nil {
		t.Fatal(err)
	}
	got := score.Compute(c, input(map[string]any{"f.budget": apd.New(5, 0)}))
	want := []score.Failure{{Rule: "huge", Code: "overflow"}, {Rule: "stars", Code: "overflow"}}
	if diff := cmp.Diff(want, got.Failed); diff != "" || got.Total != 7 || got.Stars != 2 {
		t.Errorf("%+v %s", got, diff)
	}
	raw, err := json.Marshal(got)
	if err != nil || !strings.Contains(string(raw), `"failed":[{"rule":"huge","code":"overflow"}`) {
		t.Errorf("%s %v", raw, err)
	}
}

func TestWhatIsWrongWithACard(t *testing.T) {
	for about, c := range map[string]struct {
		document string
		want     []string
	}{
		"bounds the wrong way":  {`{"object":"lead","min":10,"max":0,"rules":[]}`, []string{"max not_above_min"}},
		"a minimum above 100":   {`{"object":"lead","min":100,"rules":[]}`, []string{"max not_above_min"}},
		"a rule without id":     {`{"object":"lead","rules":[{"when":"TRUE","points":1}]}`, []string{"rules.0.id not_unique"}},
		"a rule without words":  {`{"object":"lead","rules":[{"id":"a","points":1}]}`, []string{"rules.0.when required"}},
		"a rule that is a text": {`{"object":"lead","rules":[{"id":"a","when":"职位","points":1}]}`, []string{"rules.0.when wrong_type"}},
		"an unknown field":      {`{"object":"lead","rules":[{"id":"a","when":"城市 = \"x\"","points":1}]}`, []string{"rules.0.when unknown_field"}},
		"an unknown choice":     {`{"object":"lead","rules":[{"id":"a","when":"意向 = 中","points":1}]}`, []string{"rules.0.when unknown_choice"}},
		"negative stars":        {`{"object":"lead","rules":[],"stars":[{"stars":-1}]}`, []string{"stars.0.stars too_low"}},
		"a star's condition":    {`{"object":"lead","rules":[],"stars":[{"stars":1,"when":"1 +"}]}`, []string{"stars.0.when syntax"}},
		"bands of one name":     {`{"object":"lead","rules":[],"bands":[{"id":"a","from":1},{"id":"a","from":2}]}`, []string{"bands.1.id not_unique"}},
		"bands of one place":    {`{"object":"lead","rules":[],"bands":[{"id":"a","from":1},{"id":"b","from":1}]}`, []string{"bands.1.from not_unique"}},
		"into a text":           {`{"object":"lead","into":{"total":"title"},"rules":[]}`, []string{"into.total wrong_type"}},
		"a band into a number":  {`{"object":"lead","into":{"band":"score"},"rules":[]}`, []string{"into.band wrong_type"}},
		"into nothing there":    {`{"object":"lead","into":{"stars":"sterne"},"rules":[]}`, []string{"into.stars unknown_field"}},
	} {
		_, err := compile(t, c.document)
		problem, ok := fault.As(err)
		if !ok {
			t.Errorf("%s: %v", about, err)
			continue
		}
		var got []string
		for _, f := range problem.Fields {
			got = append(got, f.Path+" "+f.Code)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", about, diff)
		}
	}
}
