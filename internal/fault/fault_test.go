package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"clew.dev/clew/internal/fault"
	"github.com/google/go-cmp/cmp"
)

func TestTheMessageOfAFault(t *testing.T) {
	for want, e := range map[string]*fault.Error{
		"not_found":                            fault.New(fault.NotFound, "not_found"),
		"invalid_input; name: required":        fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "name", Code: "required"}),
		"invalid_input; : empty":               fault.New(fault.Invalid, "invalid_input", fault.Field{Code: "empty"}),
		"internal: EOF":                        fault.Wrap(fault.Internal, "internal", io.EOF),
		"x; a: b (told in words); c: d":        fault.New(fault.Invalid, "x", fault.Field{Path: "a", Code: "b", Detail: "told in words"}, fault.Field{Path: "c", Code: "d"}),
		"x; a: b: unexpected EOF":              {Code: "x", Fields: []fault.Field{{Path: "a", Code: "b"}}, Cause: io.ErrUnexpectedEOF},
		"draft_outdated; documents: view/lead": fault.New(fault.Conflict, "draft_outdated", fault.Field{Path: "documents", Code: "view/lead"}),
	} {
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTheKindComesThroughWrapping(t *testing.T) {
	inner := fault.New(fault.Stale, "stale")
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"nothing":           {nil, fault.Internal},
		"another error":     {io.EOF, fault.Internal},
		"bare":              {inner, fault.Stale},
		"wrapped once":      {fmt.Errorf("while saving: %w", inner), fault.Stale},
		"wrapped twice":     {fmt.Errorf("a: %w", fmt.Errorf("b: %w", inner)), fault.Stale},
		"joined":            {errors.Join(io.EOF, inner), fault.Stale},
		"a fault's cause":   {fault.Wrap(fault.Unavailable, "later", inner), fault.Unavailable},
		"text of it only":   {fmt.Errorf("while saving: %v", inner), fault.Internal}, //nolint:errorlint // that is the case
		"beside another":    {errors.Join(inner, fault.New(fault.Full, "full")), fault.Stale},
		"with a cause":      {fault.Wrap(fault.Full, "full", io.ErrShortWrite), fault.Full},
		"wrapped and again": {fmt.Errorf("%w, %w", io.EOF, inner), fault.Stale},
	} {
		if got := fault.KindOf(c.err); got != c.want {
			t.Errorf("%s: kind %d, want %d", name, got, c.want)
		}
		found, ok := fault.As(c.err)
		if wants := c.want != fault.Internal; ok != wants || (ok && found.Kind != c.want) {
			t.Errorf("%s: found %v %v", name, found, ok)
		}
	}
}

func TestTheCauseIsKeptForTheLog(t *testing.T) {
	e := fault.Wrap(fault.Unavailable, "database_unavailable", io.ErrClosedPipe)
	if !errors.Is(e, io.ErrClosedPipe) || !errors.Is(fmt.Errorf("outer: %w", e), io.ErrClosedPipe) {
		t.Error("the cause is lost")
	}
	if errors.Unwrap(fault.New(fault.NotFound, "x")) != nil {
		t.Error("a fault without a cause has one")
	}
}

func TestWithAddsPlaceholders(t *testing.T) {
	e := fault.New(fault.TooMany, "too_many").With("max", 5).With("name", "李").With("max", 6)
	if diff := cmp.Diff(map[string]any{"max": 6, "name": "李"}, e.Params); diff != "" {
		t.Error(diff)
	}
}

func TestACollectorTellsNoMoreThanAnybodyReads(t *testing.T) {
	var c fault.Collector
	for i := range 50_000 {
		c.Add(&fault.Field{Path: fmt.Sprint("k", i), Code: "unknown_field"})
	}
	e, _ := fault.As(c.Err())
	if len(e.Fields) != 200 || e.Fields[199].Path != "k199" {
		t.Errorf("%d faults", len(e.Fields))
	}
}

func TestACollectorTellsEverythingAtOnce(t *testing.T) {
	var c fault.Collector
	if err := c.Err(); err != nil {
		t.Errorf("nothing collected, yet %v", err)
	}
	c.Add(nil)
	if err := c.Err(); err != nil {
		t.Errorf("nil counts as a fault: %v", err)
	}
	one := &fault.Field{Path: "name", Code: "required"}
	c.Add(one)
	one.Path = "changed later"
	c.Add(&fault.Field{Path: "phone", Code: "invalid_phone", Line: 3, Column: 4})
	c.Add(nil)
	e, ok := fault.As(c.Err())
	if !ok || e.Kind != fault.Invalid || e.Code != "invalid_input" {
		t.Fatalf("%+v", e)
	}
	want := []fault.Field{{Path: "name", Code: "required"}, {Path: "phone", Code: "invalid_phone", Line: 3, Column: 4}}
	if diff := cmp.Diff(want, e.Fields); diff != "" {
		t.Error(diff)
	}
}
