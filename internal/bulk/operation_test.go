package bulk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"pgregory.net/rapid"
)

// TestWhatCanBeUndoneAndResumed: to the last moment of thirty days, once, and
// only what has ended.
func TestWhatCanBeUndoneAndResumed(t *testing.T) {
	ended := office.Noon()
	for _, one := range []struct {
		name         string
		o            Operation
		after        time.Duration
		undo, resume bool
	}{
		{"done", Operation{State: Done, Done: 3, Total: 3}, 0, true, false},
		{"done, nothing changed", Operation{State: Done, Total: 3, Failed: 3}, 0, false, false},
		{"done, some failed", Operation{State: Done, Total: 3, Done: 1, Failed: 2}, 0, true, false},
		{"queued", Operation{State: Queued, Total: 3}, 0, false, false},
		{"running", Operation{State: Running, Total: 3, Done: 2}, 0, false, false},
		{"stopped at once", Operation{State: Stopped, Total: 3}, 0, false, true},
		{"stopped half way", Operation{State: Stopped, Total: 3, Done: 1, Failed: 1}, 0, true, true},
		{"stopped at its end", Operation{State: Stopped, Total: 3, Done: 2, Failed: 1}, 0, true, false},
		{"undone", Operation{State: Done, Total: 3, Done: 3, UndoneBy: "u"}, 0, false, false},
		{"stopped and undone", Operation{State: Stopped, Total: 3, Done: 1, UndoneBy: "u"}, 0, false, false},
		{"a moment before thirty days", Operation{State: Stopped, Total: 3, Done: 1}, 30*24*time.Hour - time.Microsecond, true, true},
		{"thirty days", Operation{State: Stopped, Total: 3, Done: 1}, 30 * 24 * time.Hour, false, false},
	} {
		one.o.EndedAt = ended
		now := ended.Add(one.after)
		if undo, resume := one.o.MayUndo(now), one.o.MayResume(now); undo != one.undo || resume != one.resume {
			t.Errorf("%s: undo %v, resume %v", one.name, undo, resume)
		}
	}
}

// TestIdsAreDealtWithInOrderAndOnce: whatever order and repeats they come in,
// and the caller's list stays his.
func TestIdsAreDealtWithInOrderAndOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ids := rapid.SliceOf(rapid.StringMatching(`[a-c]{0,2}`)).Draw(r, "ids")
		before := strings.Join(ids, ",")
		got := sorted(ids)
		for i := 1; i < len(got); i++ {
			if got[i-1] >= got[i] {
				r.Fatalf("%q from %q", got, ids)
			}
		}
		for _, id := range ids {
			if !strings.Contains(","+strings.Join(got, ",")+",", ","+id+",") {
				r.Fatalf("%q lacks %q", got, id)
			}
		}
		if strings.Join(ids, ",") != before {
			r.Fatal("the caller's list was sorted")
		}
	})
}

// TestAChangeIsWhatDiffers: what was asked for apart from what followed, and
// nothing that is worth the same.
func TestAChangeIsWhatDiffers(t *testing.T) {
	object := (&schema.Object{ID: "o", Name: "o", Fields: []*schema.Field{
		{ID: "text", Name: "text", Type: "text"}, {ID: "money", Name: "money", Type: "currency", Scale: 2, Currency: "CNY"},
		{ID: "tags", Name: "tags", Type: "tags"}, {ID: "score", Name: "score", Type: "number"},
	}}).Seal()
	value := func(field, raw string) any {
		f, _ := object.Field(field)
		v, bad := f.Parse(raw, schema.Input{})
		if bad != nil {
			t.Fatal(bad.Code)
		}
		return v
	}
	asked := func(field string) bool { return field == "text" || field == "money" }
	before := query.Row{Values: map[string]any{"text": "a", "money": value("money", "5"), "tags": []string{"x"}}}
	for _, one := range []struct {
		name  string
		after map[string]any
		want  string
	}{
		{"nothing", map[string]any{"text": "a", "money": value("money", "5.00"), "tags": []string{"x"}}, `{}`},
		{"what was asked for", map[string]any{"text": "b", "money": value("money", "5"), "tags": []string{"x"}}, `{"asked":{"text":["a","b"]}}`},
		{"a value blanked", map[string]any{"text": "a", "tags": []string{"x"}}, `{"asked":{"money":[{"amount":"5.00","currency":"CNY"},null]}}`},
		{"what followed", map[string]any{"text": "a", "money": value("money", "5"), "tags": []string{"x", "y"}, "score": value("score", "7")}, `{"derived":{"score":[null,"7"],"tags":[["x"],["x","y"]]}}`},
	} {
		c := changeOf(object, record.Result{Before: &before, Row: query.Row{Values: one.after}}, asked)
		raw, err := json.Marshal(c)
		if err != nil || string(raw) != one.want || c.empty() != (one.want == "{}") {
			t.Errorf("%s: %s, want %s (%v)", one.name, raw, one.want, err)
		}
	}
	if !changeOf(object, record.Result{Row: before}, asked).empty() {
		t.Error("a new record has a former value")
	}
}

// TestAProblemKeepsItsCodes: and no value and no other record's id, which its
// fault may carry.
func TestAProblemKeepsItsCodes(t *testing.T) {
	f := fault.New(fault.Conflict, "duplicate",
		fault.Field{Path: "phone", Code: "duplicate", Params: map[string]any{"max": 5}, Current: "13900000001", Detail: "secret"}).With("record", "another's")
	text, err := encode(problemOf(f))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"13900000001", "another's", "secret"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is kept in %s", secret, text)
		}
	}
	var back problem
	if err := decode(text, &back); err != nil {
		t.Fatal(err)
	}
	if got := back.fault(); got.Code != "duplicate" || len(got.Fields) != 1 || got.Fields[0].Path != "phone" || fmt.Sprint(got.Fields[0].Params["max"]) != "5" {
		t.Errorf("reads back as %+v", got)
	}
}
