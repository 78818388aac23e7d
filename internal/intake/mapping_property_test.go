package intake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// drawBody is a delivery by API names: values that a field takes, that it does
// not, blanks, and names that are no field.
func drawBody(r *rapid.T) map[string]any {
	values := map[string][]any{
		"company": {"博锐", " x ", "", nil, 7, []any{"x"}, "😀"}, "phone": {"139 0000 1111", "12", "", "+442071838750"},
		"region": {"华东", "火星", nil}, "budget": {"12", "30万", "x", 5, json.Number("1e3")}, "source": {"抖音", "B站"},
		"owner": {"u1"}, "score": {1}, "colour": {"red"}, "_note": {map[string]any{"a": 1}},
	}
	body := map[string]any{}
	for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(values))), rapid.ID).Draw(r, "names") {
		body[name] = rapid.SampledFrom(values[name]).Draw(r, name)
	}
	return body
}

// outcomeOf is everything that a mapping gave, as text.
func outcomeOf(m Mapped, err error) string {
	var faults []string
	if f, ok := fault.As(err); ok {
		for _, one := range f.Fields {
			faults = append(faults, one.Path+" "+one.Code)
		}
	}
	return fmt.Sprint(m.Values, m.Flags, m.DeliveryKey, m.RecordKey, faults)
}

func bodyOf(r *rapid.T, value any) []byte {
	raw, err := json.Marshal(value)
	if err != nil {
		r.Fatal(err)
	}
	return raw
}

// Property: it is nobody's business how a body is wrapped: data as an object, as
// JSON in a text, or as JSON in a text in a text, is mapped alike.
func TestJSONInATextIsMappedAsTheObjectItself(t *testing.T) {
	wrapped := testChannel(t, Definition{Passthrough: true, Data: "outer.data", RecordKey: "_note.a"})
	rapid.Check(t, func(r *rapid.T) {
		data := drawBody(r)
		raw := bodyOf(r, data)
		outer := string(bodyOf(r, map[string]any{"data": string(raw)}))
		want := outcomeOf(wrapped.Map(bodyOf(r, map[string]any{"outer": map[string]any{"data": data}}), input()))
		for name, body := range map[string]any{
			"data as text":   map[string]any{"outer": map[string]any{"data": string(raw)}},
			"outer as text":  map[string]any{"outer": string(bodyOf(r, map[string]any{"data": data}))},
			"text in text":   map[string]any{"outer": outer},
			"blanks round":   map[string]any{"outer": map[string]any{"data": " \n" + string(raw) + " "}},
			"more beside it": map[string]any{"outer": map[string]any{"data": data, "else": 1}, "sign": "x"},
		} {
			if got := outcomeOf(wrapped.Map(bodyOf(r, body), input())); got != want {
				r.Fatalf("%s: %s, want %s", name, got, want)
			}
		}
	})
}

// Property: each value is mapped by itself: a body with two halves gives what both
// halves give alone, faults and flags included, whatever their order.
func TestEachValueIsMappedByItself(t *testing.T) {
	channel := testChannel(t, Definition{Passthrough: true, Fields: []Mapping{
		{Field: "region", Paths: []string{"region"}, Drop: true}, {Field: "source", Paths: []string{"source"}, Map: map[string]string{"B站": "抖音"}},
	}})
	rapid.Check(t, func(r *rapid.T) {
		whole := drawBody(r)
		values, flags, faults := map[string]any{}, map[string]string{}, []string{}
		for name, value := range whole {
			m, err := channel.Map(bodyOf(r, map[string]any{name: value}), input())
			maps.Copy(values, m.Values)
			maps.Copy(flags, m.Flags)
			if f, ok := fault.As(err); ok {
				for _, one := range f.Fields {
					faults = append(faults, one.Path+" "+one.Code)
				}
			}
		}
		m, err := channel.Map(bodyOf(r, whole), input())
		var got []string
		if f, ok := fault.As(err); ok {
			for _, one := range f.Fields {
				got = append(got, one.Path+" "+one.Code)
			}
		}
		slices.Sort(got)
		slices.Sort(faults)
		if !slices.Equal(got, faults) || fmt.Sprint(m.Values) != fmt.Sprint(values) || !maps.Equal(m.Flags, flags) {
			r.Fatalf("%v: %v %v %v, want %v %v %v", whole, m.Values, m.Flags, got, values, flags, faults)
		}
	})
}

// Property: what a field gives out it takes in again by an API channel without a change.
func TestWhatGoesOutComesInAgain(t *testing.T) {
	channel := testChannel(t, Definition{Passthrough: true})
	rapid.Check(t, func(r *rapid.T) {
		first, err := channel.Map(bodyOf(r, drawBody(r)), input())
		if err != nil {
			return
		}
		out := map[string]any{}
		for id, value := range first.Values {
			f, _ := channel.object.FieldByID(id)
			if first.Flags[id] == "" { // a doubtful value is kept as it was typed, and doubted again
				out[f.Name] = f.Encode(value)
			}
		}
		again, err := channel.Map(bodyOf(r, out), input())
		if err != nil {
			r.Fatalf("%v: %v", out, err)
		}
		for id, value := range again.Values {
			f, _ := channel.object.FieldByID(id)
			if diff := cmp.Diff(out[f.Name], f.Encode(value)); diff != "" {
				r.Fatalf("%s: %s", f.Name, diff)
			}
		}
		if len(again.Values) != len(out) {
			r.Fatalf("%v became %v", out, again.Values)
		}
	})
}

// Property: a vendor's own id is kept so that different ones stay different, the
// same stays the same, and an index can hold it.
func TestKeysOfSourcesStayApart(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		id := rapid.OneOf(
			rapid.StringN(0, 20, -1), rapid.Map(rapid.IntRange(490, 510), func(n int) string { return strings.Repeat("x", n) }),
			rapid.Map(rapid.IntRange(160, 170), func(n int) string { return strings.Repeat("长", n) }), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 12), func(b []byte) string { return string(b) }),
		)
		a, b := id.Draw(r, "one"), id.Draw(r, "other")
		x, y := keyOf(a), keyOf(b)
		if (a == b) != (x == y) || x != keyOf(a) {
			r.Fatalf("%q is %q, %q is %q", a, x, b, y)
		}
		if len(x) > keyMost || strings.ContainsRune(x, 0) || !json.Valid(bodyOf(r, x)) {
			r.Fatalf("%q is kept as %q", a, x)
		}
		if a != "" && x == "" {
			r.Fatalf("%q is no key at all", a)
		}
	})
}

// TestRulesInTheirOrder: paths, transforms, map, default and what is required
// follow one another as the document says.
func TestRulesInTheirOrder(t *testing.T) {
	for _, one := range []struct {
		name string
		rule Mapping
		body string
		want string // the company, or the fault
	}{
		{"the first path that gives something", Mapping{Paths: []string{"a", "b"}}, `{"a":"","b":"x"}`, "x"},
		{"the first path that gives something at all", Mapping{Paths: []string{"a", "b"}}, `{"a":"y","b":"x"}`, "y"},
		{"a blank of another script is a blank", Mapping{Paths: []string{"a", "b"}}, `{"a":"　","b":"x"}`, "x"},
		{"null is a blank", Mapping{Paths: []string{"a", "b"}}, `{"a":null,"b":"x"}`, "x"},
		{"an empty list is a blank", Mapping{Paths: []string{"a", "b"}}, `{"a":[],"b":"x"}`, "x"},
		{"no is an answer", Mapping{Paths: []string{"a", "b"}}, `{"a":false,"b":"x"}`, "false"},
		{"nought is an answer", Mapping{Paths: []string{"a", "b"}}, `{"a":0,"b":"x"}`, "0"},
		{"what a transform empties gives nothing", Mapping{Paths: []string{"a", "b"}, Transform: []string{"digits"}}, `{"a":"none","b":"7"}`, "7"},
		{"transforms one after another", Mapping{Paths: []string{"a"}, Transform: []string{"first_line", "upper"}}, `{"a":"ab\ncd"}`, "AB"},
		{"the map sees what the transforms made", Mapping{Paths: []string{"a"}, Transform: []string{"upper"}, Map: map[string]string{"AB": "甲"}}, `{"a":"ab"}`, "甲"},
		{"what is not in the map stays", Mapping{Paths: []string{"a"}, Map: map[string]string{"x": "甲"}}, `{"a":"ab"}`, "ab"},
		{"unless only the map counts", Mapping{Paths: []string{"a"}, Map: map[string]string{"x": "甲"}, Only: true}, `{"a":"ab"}`, "<nil>"},
		{"then the next path is asked", Mapping{Paths: []string{"a", "b"}, Map: map[string]string{"x": "甲"}, Only: true}, `{"a":"ab","b":"x"}`, "甲"},
		{"then the default", Mapping{Paths: []string{"a"}, Map: map[string]string{"x": "甲"}, Only: true, Default: "乙"}, `{"a":"ab"}`, "乙"},
		{"the default is for nothing else", Mapping{Paths: []string{"a"}, Default: "乙"}, `{"a":"ab"}`, "ab"},
		{"the default satisfies what is required", Mapping{Paths: []string{"a"}, Default: "乙", Required: true}, `{}`, "乙"},
		{"what is required and absent", Mapping{Paths: []string{"a"}, Required: true}, `{}`, "company required"},
		{"what is required and blank", Mapping{Paths: []string{"a"}, Required: true}, `{"a":" "}`, "company required"},
		{"an object is no text", Mapping{Paths: []string{"a"}}, `{"a":{"b":1}}`, "company invalid_type"},
		{"and is dropped where that is said", Mapping{Paths: []string{"a"}, Drop: true}, `{"a":{"b":1}}`, "<nil>"},
		{"a constant", Mapping{Default: "丙"}, `{"company":"x"}`, "丙"},
	} {
		one.rule.Field = "company"
		m, err := testChannel(t, Definition{Fields: []Mapping{one.rule}}).Map([]byte(one.body), schema.Input{Country: "CN", Zone: time.UTC})
		got := fmt.Sprint(m.Values["t.company"])
		if f, ok := fault.As(err); ok {
			got = f.Fields[0].Path + " " + f.Fields[0].Code
		}
		if got != one.want {
			t.Errorf("%s: %s, want %s", one.name, got, one.want)
		}
	}
}
