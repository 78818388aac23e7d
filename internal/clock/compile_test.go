package clock_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
)

func TestCompileFaults(t *testing.T) {
	var def clock.Definition
	document := `{"object": "lead",
	  "satisfied": {"on": ["called", "changed:nothing"], "when": "负责人 ="},
	  "restart": {"when": "状态 = 新"},
	  "target": {"minutes": -1, "field": "source", "calendar": "lunar"},
	  "warnings": [{"id": "a", "after": {"hours": 1}}, {"id": "a"}],
	  "breach": [{"id": "b", "after": {"days": -1}, "tell": ["everyone", "role:", "owner:x"], "set": {"status": "输单", "gone": 1}, "add": {"source": ["x"]}}]}`
	if err := json.Unmarshal([]byte(document), &def); err != nil {
		t.Fatal(err)
	}
	_, err := clock.Compile(def, 1, expr.Env{Object: lead()})
	problem, ok := fault.As(err)
	if !ok {
		t.Fatalf("error %v is no fault", err)
	}
	got := map[string]string{}
	for _, f := range problem.Fields {
		got[f.Path] += f.Code + " "
	}
	want := map[string]string{
		"start": "required ", "satisfied.on.0": "unknown_event ", "satisfied.on.1": "unknown_field ", "satisfied.when": "syntax ", "restart.on": "required ",
		"target": "too_low exactly_one ", "target.field": "wrong_type ", "target.calendar": "unknown_choice ",
		"warnings.0": "wrong_side ", "warnings.1.id": "not_unique ", "warnings.1.before": "required ",
		"breach.0": "too_low ", "breach.0.tell.0": "unknown_recipient ", "breach.0.tell.1": "unknown_recipient ", "breach.0.tell.2": "unknown_recipient ",
		"breach.0.set.status": "unknown_choice ", "breach.0.set.gone": "unknown_field ", "breach.0.add.source": "invalid_type ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFields(t *testing.T) {
	c := compile(t, `{"object":"lead","start":{"on":["created"],"when":"来源 = \"抖音\""},"target":{"field":"next_due"}}`, nil)
	if diff := cmp.Diff([]string{"f.source", "f.due"}, c.Fields()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if c.Working() || c.Version() != 3 {
		t.Errorf("working %v, version %d", c.Working(), c.Version())
	}
}
