package schema

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func fieldNamed(kind string) *Field {
	return &Field{ID: "x.f", Name: "f", Type: kind, Column: "c_1", Scale: 2, Currency: "CNY", Choices: []Choice{
		{ID: "x.f.a", Name: "抖音", Label: Label{"zh-CN": "抖音", "en": "Douyin"}},
		{ID: "x.f.b", Name: "官网", Label: Label{"en": "Website"}},
		{ID: "x.f.c", Name: "旧", Retired: true},
	}}
}

func TestEveryTypeIsRegisteredUnderItsOwnName(t *testing.T) {
	for _, name := range TypeNames() {
		got, ok := TypeOf(name)
		if !ok || got.Name() != name {
			t.Errorf("TypeOf(%q) = %v, %v", name, got, ok)
		}
	}
	if _, ok := TypeOf("nothing"); ok {
		t.Error("an unknown type was found")
	}
}

func TestBlankIsNilForEveryType(t *testing.T) {
	for _, name := range TypeNames() {
		for _, raw := range []any{nil, "", "  \u3000 "} {
			got, err := fieldNamed(name).Parse(raw, Input{Person: true})
			if got != nil || err != nil {
				t.Errorf("%s: Parse(%q) = %#v, %v", name, raw, got, err)
			}
		}
	}
}

func TestParseAndEncode(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	cases := []struct {
		kind    string
		raw     any
		channel bool
		json    string // of the encoded value, "" with a fault
		code    string // of the fault or flag
	}{
		{kind: "text", raw: " 恒锐\n智能 装备 ", json: `"恒锐 智能 装备"`},
		{kind: "text", raw: "ABC", json: `"ABC"`},
		{kind: "text", raw: "a\x00b", json: `"ab"`},
		{kind: "text", raw: []any{"a"}, code: "invalid_type"},
		{kind: "long_text", raw: "一\r\n二", json: `"一\n二"`},
		{kind: "number", raw: json.Number("12.5"), json: `"12.50"`},
		{kind: "number", raw: "1,234", json: `"1234.00"`},
		{kind: "number", raw: "-0.00", json: `"0.00"`},
		{kind: "number", raw: "1.005", code: "too_precise"},
		{kind: "number", raw: "1.005", channel: true, json: `"1.01"`, code: "too_precise"},
		{kind: "number", raw: "-1.005", channel: true, json: `"-1.01"`, code: "too_precise"},
		{kind: "number", raw: "1e50", code: "out_of_range"},
		{kind: "number", raw: "99999999999999999999", code: "out_of_range"},
		{kind: "number", raw: "92233720368547758.07", json: `"92233720368547758.07"`},
		{kind: "number", raw: "92233720368547758.08", code: "out_of_range"},
		{kind: "number", raw: "NaN", code: "invalid_number"},
		{kind: "number", raw: true, code: "invalid_type"},
		{kind: "percent", raw: "12.5%", json: `"12.50"`},
		{kind: "currency", raw: "120000", json: `{"amount":"120000.00","currency":"CNY"}`},
		{kind: "currency", raw: map[string]any{"amount": "9.9", "currency": "usd"}, json: `{"amount":"9.90","currency":"USD"}`},
		{kind: "currency", raw: map[string]any{"amount": "9.999"}, code: "too_precise"},
		{kind: "currency", raw: map[string]any{"amount": "9", "currency": "元"}, code: "invalid_currency"},
		{kind: "currency", raw: map[string]any{"amount": ""}, json: `null`},
		{kind: "boolean", raw: "是", json: `true`},
		{kind: "boolean", raw: false, json: `false`},
		{kind: "boolean", raw: "maybe", code: "invalid_boolean"},
		{kind: "date", raw: "2026年1月2日", json: `"2026-01-02"`},
		{kind: "date", raw: "2026-01-02T20:00:00Z", json: `"2026-01-03"`},
		{kind: "date", raw: "2026-02-30", code: "invalid_date"},
		{kind: "datetime", raw: "2026-01-02 10:00:00", json: `"2026-01-02T02:00:00Z"`},
		{kind: "datetime", raw: "2026-01-02T10:00:00.1234567+08:00", json: `"2026-01-02T02:00:00.123456Z"`},
		{kind: "datetime", raw: json.Number("1767319200000"), json: `"2026-01-02T02:00:00Z"`},
		{kind: "datetime", raw: "soon", code: "invalid_datetime"},
		{kind: "choice", raw: "抖音", json: `"抖音"`},
		{kind: "choice", raw: "douyin", json: `"抖音"`},
		{kind: "choice", raw: "x.f.b", json: `"官网"`},
		{kind: "choice", raw: "x.f.c", json: `"旧"`},
		{kind: "choice", raw: "旧", code: "unknown_choice"},
		{kind: "choice", raw: "百度", channel: true, code: "unknown_choice"},
		{kind: "choices", raw: "官网,抖音", json: `["抖音","官网"]`},
		{kind: "choices", raw: []any{"抖音", "?"}, code: "unknown_choice"},
		{kind: "tags", raw: []any{"液压阀", " 工业客户", "液压阀"}, json: `["液压阀","工业客户"]`},
		{kind: "tags", raw: "a、b，c", json: `["a","b","c"]`},
		{kind: "phone", raw: "139 0000 7777", json: `"+8613900007777"`},
		{kind: "phone", raw: "１３９－００００－７７７７", json: `"+8613900007777"`},
		{kind: "phone", raw: "+86 139-0000-7777", json: `"+8613900007777"`},
		{kind: "phone", raw: "0519-85123456", json: `"+8651985123456"`},
		{kind: "phone", raw: "852-2345 6789", json: `"+85223456789"`},
		{kind: "phone", raw: "400-820-8820", json: `"+864008208820"`},
		{kind: "phone", raw: "微信同号", code: "invalid_phone"},
		{kind: "phone", raw: "微信同号", channel: true, json: `"微信同号"`, code: "invalid_phone"},
		{kind: "email", raw: "Li.Wei@Example.COM", json: `"li.wei@example.com"`},
		{kind: "email", raw: "li@", code: "invalid_email"},
		{kind: "email", raw: "li@", channel: true, json: `"li@"`, code: "invalid_email"},
		{kind: "url", raw: "example.com/a", json: `"https://example.com/a"`},
		{kind: "url", raw: "javascript://a.b/%0aalert(1)", code: "invalid_url"},
		{kind: "person", raw: map[string]any{"id": "u1", "label": "x"}, json: `"u1"`},
		{kind: "reference", raw: "r1", json: `"r1"`},
		{kind: "auto_number", raw: "L-2026-0001", json: `"L-2026-0001"`},
	}
	for _, c := range cases {
		var code string
		in := Input{Country: "CN", Zone: shanghai, Person: !c.channel, Flag: func(_ *Field, flag string) { code = flag }}
		f := fieldNamed(c.kind)
		value, problem := f.Parse(c.raw, in)
		if problem != nil {
			code = problem.Code
		}
		if code != c.code {
			t.Errorf("%s: %v: code %q, want %q", c.kind, c.raw, code, c.code)
		}
		if problem != nil {
			continue
		}
		got, err := json.Marshal(f.Encode(value))
		if err != nil || string(got) != c.json {
			t.Errorf("%s: %v: %s, want %s (%v)", c.kind, c.raw, got, c.json, err)
		}
	}
}

func TestScaledIntegersComeBackExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.IntRange(0, MaxScale).Draw(t, "scale")
		n := rapid.Int64Range(-1<<62, 1<<62).Draw(t, "n")
		d := Scale(n, scale)
		back, _, err := apd.NewFromString(FormatDecimal(d, scale))
		if err != nil {
			t.Fatal(err)
		}
		got, ok := Unscale(back, scale)
		if !ok || got != n {
			t.Fatalf("%d at scale %d came back as %d, %v", n, scale, got, ok)
		}
	})
}

func TestParseAmount(t *testing.T) {
	for text, want := range map[string]string{
		"30万": "300000", "约 20-30 万元": "200000", "1.2亿": "120000000", "50000": "50000", "￥50,000.50": "50000.50",
		"5千": "5000", "50w以上": "500000", "30万-50万": "300000", "三十万": "", "": "",
	} {
		d, ok := ParseAmount(text)
		if !ok {
			if want != "" {
				t.Errorf("%q: nothing found", text)
			}
			continue
		}
		expected, _, _ := apd.NewFromString(want)
		if want == "" || d.Cmp(expected) != 0 {
			t.Errorf("%q = %s, want %s", text, d, want)
		}
	}
}

func TestAutoNumber(t *testing.T) {
	day := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	if got := AutoNumber("L-{yyyy}{mm}-{0000}", day, 42); got != "L-202603-0042" {
		t.Error(got)
	}
}

func TestCheck(t *testing.T) {
	for name, f := range map[string]*Field{
		"scale":          {Type: "number", Scale: 11},
		"currency":       {Type: "currency", Currency: "RMBX"},
		"choices":        {Type: "choice"},
		"object":         {Type: "reference"},
		"format":         {Type: "auto_number", Format: "L-{day}"},
		"max":            {Type: "text", Max: 5000},
		"indexed":        {Type: "tags", Indexed: true},
		"choices.1.name": {Type: "choice", Choices: []Choice{{ID: "a", Name: "A"}, {ID: "b", Name: "A"}}},
	} {
		kind, _ := TypeOf(f.Type)
		got := kind.Check(f)
		if got == nil || got.Path != name {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, name := range TypeNames() {
		f := fieldNamed(name)
		f.ObjectName, f.Format = "contact", "L-{yyyy}-{0000}"
		kind, _ := TypeOf(name)
		if got := kind.Check(f); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("+86 139", "phone")
	f.Add("1e9", "number")
	f.Fuzz(func(t *testing.T, raw, kind string) {
		field := fieldNamed(kind)
		v, problem := field.Parse(raw, Input{Country: "CN"})
		if problem != nil || v == nil {
			return
		}
		again, problem := field.Parse(field.Encode(v), Input{Country: "CN"})
		if problem != nil {
			t.Fatalf("%s: %q became %#v, which is refused: %v", kind, raw, v, problem)
		}
		if diff := cmp.Diff(field.Encode(v), field.Encode(again)); diff != "" && kind != "phone" {
			t.Fatalf("%s: %q: %s", kind, raw, diff)
		}
	})
}
