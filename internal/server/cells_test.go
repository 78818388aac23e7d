package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cell is what somebody writes into a field: shown is what the field then
// holds, code why it is refused; one of them.
type cell struct {
	field   string
	written any
	shown   any
	code    string
}

// cells are the ways to write each type of field, as people and programs do.
var cells = []cell{
	{"name", " x ", "x", ""}, {"name", "", nil, ""}, {"name", "　", nil, ""}, {"name", "\u200b\ufeff", nil, ""}, {"name", "a\x00b", "ab", ""}, {"name", "e\u0301", "é", ""}, {"name", "ﬁ", "fi", ""}, {"name", "①", "1", ""},
	{"name", 5, "5", ""}, {"name", []any{"x"}, nil, "invalid_type"}, {"name", map[string]any{"a": 1}, nil, "invalid_type"}, {"name", strings.Repeat("𠮷", 200), strings.Repeat("𠮷", 200), ""}, {"name", strings.Repeat("x", 60000), nil, "too_long"},
	{"note", "a\r\nb", "a\nb", ""}, {"note", "  a\n\n b ", "a\n\n b", ""}, {"note", strings.Repeat("中", 50001), nil, "too_long"},
	{"size", "1e3", "1000.0000", ""}, {"size", 1e3, "1000.0000", ""}, {"size", "-0.00", "0.0000", ""}, {"size", "１２", "12.0000", ""}, {"size", "1,234.5", "1234.5000", ""}, {"size", "", nil, ""}, {"size", " 7 ", "7.0000", ""},
	{"size", "0.00001", nil, "too_precise"}, {"size", "1e30", nil, "out_of_range"}, {"size", "x", nil, "invalid_number"}, {"size", "NaN", nil, "invalid_number"}, {"size", "Infinity", nil, "invalid_number"}, {"size", "1.2.3", nil, "invalid_number"}, {"size", "0x10", nil, "invalid_number"}, {"size", true, nil, "invalid_type"}, {"size", []any{}, nil, "invalid_type"}, {"size", []any{1}, nil, "invalid_type"},
	{"price", "10", money("10.00", "CNY"), ""}, {"price", 10.5, money("10.50", "CNY"), ""}, {"price", money("3", "usd"), money("3.00", "USD"), ""}, {"price", map[string]any{"amount": 3}, money("3.00", "CNY"), ""}, {"price", "0.001", nil, "too_precise"}, {"price", money("x", "CNY"), nil, "invalid_number"},
	{"price", money("1", "EURO"), nil, "invalid_currency"}, {"price", money("1", "12"), nil, "invalid_currency"}, {"price", money("1", ""), nil, "invalid_currency"}, {"price", money("", "USD"), nil, ""}, {"price", "99999999999999999999", nil, "out_of_range"},
	{"share", "12.5", "12.50", ""}, {"share", "12.5%", "12.50", ""}, {"share", "x%", nil, "invalid_number"},
	{"ready", true, true, ""}, {"ready", "true", true, ""}, {"ready", "是", true, ""}, {"ready", "no", false, ""}, {"ready", 1, true, ""}, {"ready", 0, false, ""}, {"ready", "vielleicht", nil, "invalid_boolean"}, {"ready", 2, nil, "invalid_boolean"}, {"ready", "", nil, ""},
	{"day", "2026-11-24", "2026-11-24", ""}, {"day", "2026/1/2", "2026-01-02", ""}, {"day", "2026-02-29", nil, "invalid_date"}, {"day", "2024-02-29", "2024-02-29", ""}, {"day", "0000-01-01", nil, "invalid_date"}, {"day", "10000-01-01", nil, "invalid_date"}, {"day", "24.11.2026", nil, "invalid_date"}, {"day", "", nil, ""}, {"day", []any{"2026-11-24"}, nil, "invalid_type"},
	{"moment", "2026-11-24T00:00:00+08:00", "2026-11-23T16:00:00Z", ""}, {"moment", "2026-11-24 00:00", "2026-11-23T16:00:00Z", ""}, {"moment", "2026-11-24", "2026-11-23T16:00:00Z", ""}, {"moment", "2026-11-24T23:59:59.9999999Z", "2026-11-24T23:59:59.999999Z", ""}, {"moment", "2026-11-24T24:00:00Z", nil, "invalid_datetime"}, {"moment", "soon", nil, "invalid_datetime"},
	{"kind", "红", "红", ""}, {"kind", "", nil, ""}, {"kind", "r", nil, "unknown_choice"}, {"kind", []any{"红"}, nil, "invalid_type"}, {"kind", "B 'C'", "B 'C'", ""}, {"kind", "b 'c'", "B 'C'", ""},
	{"colours", []any{"x", "x", "xy"}, []any{"x", "xy"}, ""}, {"colours", "x", []any{"x"}, ""}, {"colours", []any{}, nil, ""}, {"colours", []any{"x", "z"}, nil, "unknown_choice"}, {"colours", []any{nil, "x"}, nil, "*"}, {"colours", map[string]any{"x": 1}, nil, "invalid_type"},
	{"tags", []any{" a ", "a", "", "b"}, []any{"a", "b"}, ""}, {"tags", "solo", []any{"solo"}, ""}, {"tags", []any{1, true}, nil, "*"}, {"tags", []any{strings.Repeat("中", 65)}, nil, "too_long"}, {"tags", []any{[]any{"x"}}, nil, "invalid_type"},
	{"phone", "139 0000 7777", "+8613900007777", ""}, {"phone", "0086-13900007777", "+8613900007777", ""}, {"phone", "(+44) 20 7183 8750", "+442071838750", ""}, {"phone", "１３９００００７７７７", "+8613900007777", ""}, {"phone", "12345", nil, "*"}, {"phone", "call me", nil, "invalid_phone"}, {"phone", "", nil, ""},
	{"mail", "A.B@Example.COM", "a.b@example.com", ""}, {"mail", "a@b", nil, "*"}, {"mail", "a b@c.de", nil, "invalid_email"}, {"mail", "<a@b.co>", nil, "*"}, {"mail", "a@b.co\r\nBcc: x@y.z", nil, "invalid_email"},
	{"site", "https://a.example", "https://a.example", ""}, {"site", "javascript:alert(1)", nil, "invalid_url"}, {"site", "data:text/html,x", nil, "invalid_url"}, {"site", "https://a b", nil, "invalid_url"}, {"site", "//a.example", nil, "*"}, {"site", "", nil, ""},
	{"owner", "nobody", nil, "unknown_user"}, {"owner", map[string]any{"id": ""}, nil, "*"}, {"link", absentID, nil, "unknown_record"}, {"link", "x", nil, "*"}, {"link", "", nil, ""}, {"number", "P-9999", nil, "read_only"}, {"zzz", 1, nil, "unknown_field"},
}

// TestWhatCanBeWrittenIntoACell: each way of writing each type, on create, on
// change and in a batch: the same form is kept, or the same refusal is given and nothing changes.
func TestWhatCanBeWrittenIntoACell(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.sampleObject()
		admin := c.as("admin")
		id := admin("POST", samples, map[string]any{"name": "before", "size": "1", "tags": []string{"before"}}).want(t, "a record", 201).json(t)["id"].(string)
		for _, one := range cells {
			what := fmt.Sprintf("%s=%.60v", one.field, one.written)
			before := admin("GET", samples+"/"+id, nil).header.Get("ETag")
			made := admin("POST", samples, map[string]any{one.field: one.written})
			changed := admin("PATCH", samples+"/"+id, map[string]any{one.field: one.written})
			batch := admin("POST", samples+"/batch", map[string]any{"items": []any{map[string]any{"op": "create", "fields": map[string]any{one.field: one.written}}}}).items(t)[0]
			if (made.status == 201) != (changed.status == 200) || batch["status"] != float64(made.status) {
				t.Errorf("%s: create %d, change %d, batch %v", what, made.status, changed.status, batch["status"])
				continue
			}
			if made.status >= 500 {
				t.Errorf("%s: %s", what, made.body)
				continue
			}
			switch {
			case one.code == "*":
			case one.code == "" && made.status != 201:
				t.Errorf("%s is refused: %s", what, made.body)
			case one.code == "":
				if diff := cmp.Diff(one.shown, made.json(t)[one.field]); diff != "" {
					t.Errorf("%s: %s", what, diff)
				}
				if diff := cmp.Diff(one.shown, changed.json(t)[one.field]); diff != "" {
					t.Errorf("%s changed: %s", what, diff)
				}
			case made.status == 201:
				t.Errorf("%s is taken as %v", what, made.json(t)[one.field])
			default:
				for _, got := range []answer{made, changed} {
					if faults := fmt.Sprint(got.faults(t)); faults != "["+one.field+" "+one.code+"]" {
						t.Errorf("%s: %s, want %s", what, faults, one.code)
					}
				}
			}
			if after := admin("GET", samples+"/"+id, nil).header.Get("ETag"); made.status != 201 && after != before {
				t.Errorf("%s: refused, and yet the record changed", what)
			}
		}
	})
}

// TestWhatWasSeenStillHolds: an offline client's base, for a value and a blank
// of every type: what still holds is written, anything else is told with the present value.
func TestWhatWasSeenStillHolds(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.sampleObject()
		admin := c.as("admin")
		for _, f := range sampleFields {
			was, next, other := f.values[0], f.values[1], f.values[2]
			if f.name == "size" {
				next, other = f.values[2], f.values[3] // 0 and -0 are one number
			}
			id := admin("POST", samples, map[string]any{f.name: was}).want(t, f.name, 201).json(t)["id"].(string)
			patch := func(seen, written any) answer {
				return admin("PATCH", samples+"/"+id, map[string]any{f.name: written, "base": map[string]any{f.name: seen}})
			}
			shown := func() any { return admin("GET", samples+"/"+id, nil).json(t)[f.name] }
			first := shown()
			for _, stale := range []any{nil, next} {
				got := patch(stale, next).want(t, fmt.Sprint(f.name, " was seen as ", stale), 409)
				errors, _ := got.json(t)["errors"].([]any)
				if len(errors) != 1 || !cmp.Equal(errors[0].(map[string]any)["current"], first) {
					t.Errorf("%s: %s", f.name, got.body)
				}
			}
			if !cmp.Equal(shown(), first) {
				t.Errorf("%s: refused, and yet changed", f.name)
			}
			patch(first, next).want(t, f.name+" as it is shown", 200)
			patch(next, was).want(t, f.name+" as it was written", 200)
			patch(was, nil).want(t, f.name+" emptied", 200)
			patch(was, next).want(t, f.name+" is blank by now", 409)
			if got := patch(nil, other); other != nil && got.status != 200 {
				t.Errorf("%s was blank: %d %s", f.name, got.status, got.body)
			}
		}
	})
}
