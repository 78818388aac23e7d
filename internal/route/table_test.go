package route_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/schema"
)

func TestCompileFaults(t *testing.T) {
	var def route.Definition
	document := `{"object": "lead", "when": "无此字段 = 1",
	  "pools": [{"name": "p", "strategy": "dice", "hours": "never", "top": -1}, {"name": "p"}],
	  "rows": [
	    {"id": "a", "when": "职位 =", "then": {"pool": "p", "person": "x"}},
	    {"id": "a", "then": {"continue": true, "pool": "p"}},
	    {"id": "b", "from": "2026-13-01", "until": "soon", "then": {"continue": true}},
	    {"id": "c", "from": "2026-02-01", "until": "2026-01-01", "then": {"pool": "q"}},
	    {"id": "d", "then": {"continue": true, "add": {"title": ["x"], "nothing": ["x"]}}},
	    {"id": "e", "then": {}}
	  ],
	  "fallback": {"user": "x", "role": "y"}}`
	if err := json.Unmarshal([]byte(document), &def); err != nil {
		t.Fatal(err)
	}
	_, err := route.Compile(def, 1, expr.Env{Object: lead()})
	problem, ok := fault.As(err)
	if !ok {
		t.Fatalf("error %v is no fault", err)
	}
	var got []string
	for _, f := range problem.Fields {
		got = append(got, f.Path+": "+f.Code)
	}
	want := []string{
		"when: unknown_field", "pools.0.strategy: unknown_choice", "pools.0.hours: unknown_choice", "pools.0: too_low", "pools.1.name: not_unique",
		"fallback: exactly_one", "rows.0.when: syntax", "rows.0.then: exactly_one", "rows.1.id: not_unique", "rows.1.then: ends_or_adds",
		"rows.2.from: bad_date", "rows.2.until: bad_date", "rows.2.then: does_nothing", "rows.3.until: before_from", "rows.3.then.pool: unknown_pool",
		"rows.4.then.add.nothing: unknown_field", "rows.4.then.add.title: invalid_type", "rows.5.then: exactly_one",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNeeds(t *testing.T) {
	table := compile(t, `{"object":"lead","rows":[
	  {"id":"a","when":"职位 = \"x\"","then":{"pool":"p"}}, {"id":"b","then":{"pool":"q"}}, {"id":"c","then":{"pool":"q"}},
	  {"id":"d","until":"2020-01-01","then":{"person":"old"}}, {"id":"e","then":{"person":"dan"}}, {"id":"f","then":{"group":"sales"}}
	],"fallback":{"user":"last"},"pools":[{"name":"p"},{"name":"q"}]}`)
	got := table.Needs(route.Input{Values: map[string]any{"f.title": "y"}, Now: time.Unix(1_800_000_000, 0)})
	if diff := cmp.Diff(route.Needs{Pools: []string{"q"}, People: []string{"dan"}, Groups: []string{"sales"}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	pool, ok := table.Pool("p")
	if !ok || pool.Strategy != route.RoundRobin || pool.Hours != route.HoursPreferred || len(table.Pools()) != 2 {
		t.Errorf("pool p is %+v", pool)
	}
}

// TestRecordKeepsEveryType takes one value of each type through JSON.
func TestRecordKeepsEveryType(t *testing.T) {
	table := compile(t, `{"object":"lead","rows":[{"id":"a",
	  "when":"职位 = \"x\" AND 来源 = 抖音 AND 预算 > 1 AND NOT ISBLANK(到访) AND NOT ISBLANK(标签) AND NOT ISBLANK(负责人)","then":{"person":"dan"}}],
	  "fallback":{"user":"last"}}`)
	amount, _, err := apd.NewFromString("12345678901234.50")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{
		"f.title": "x", "f.source": "s.douyin", "f.budget": schema.Money{Amount: amount, Currency: "CNY"},
		"f.seen": time.Date(2026, 3, 3, 1, 2, 3, 456789000, time.UTC), "f.tags": []string{"a", "b"}, "f.owner": "u-1",
	}
	recorded, err := table.Record(route.Input{Values: values, Now: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	back, err := table.Restore(recorded)
	if err != nil {
		t.Fatal(err)
	}
	same := cmp.Comparer(func(a, b *apd.Decimal) bool { return a.Cmp(b) == 0 && a.Exponent == b.Exponent })
	if diff := cmp.Diff(values, back.Values, same); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	recorded.Values["f.budget"] = json.RawMessage(`"much"`)
	if _, err := table.Restore(recorded); err == nil {
		t.Error("a damaged record is restored")
	}
}
