package schema_test

import (
	"fmt"
	"testing"
	"time"

	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
)

func TestWhatEachTypeForbidsInADefinition(t *testing.T) {
	two := []schema.Choice{{ID: "a", Name: "A"}, {ID: "b", Name: "B"}}
	for _, c := range []struct {
		about string
		field schema.Field
		want  string
	}{
		{"text as it comes", schema.Field{Type: "text"}, ""},
		{"the longest text", schema.Field{Type: "text", Max: 500}, ""},
		{"a longer text", schema.Field{Type: "text", Max: 501}, "max out_of_range"},
		{"a text of less than nothing", schema.Field{Type: "text", Max: -1}, "max out_of_range"},
		{"a unique text", schema.Field{Type: "text", Unique: true, Indexed: true}, ""},
		{"the longest long text", schema.Field{Type: "long_text", Max: 50_000}, ""},
		{"a longer long text", schema.Field{Type: "long_text", Max: 50_001}, "max out_of_range"},
		{"an indexed long text", schema.Field{Type: "long_text", Indexed: true}, "indexed not_for_type"},
		{"a unique long text", schema.Field{Type: "long_text", Unique: true}, "unique not_for_type"},
		{"whole numbers", schema.Field{Type: "number"}, ""},
		{"the finest number", schema.Field{Type: "number", Scale: 10}, ""},
		{"a finer number", schema.Field{Type: "number", Scale: 11}, "scale out_of_range"},
		{"a coarser number", schema.Field{Type: "number", Scale: -1}, "scale out_of_range"},
		{"a finer percent", schema.Field{Type: "percent", Scale: 11}, "scale out_of_range"},
		{"a unique number", schema.Field{Type: "number", Unique: true}, ""},
		{"yuan", schema.Field{Type: "currency", Currency: "CNY", Scale: 2}, ""},
		{"no currency", schema.Field{Type: "currency"}, "currency invalid_currency"},
		{"a currency in small letters", schema.Field{Type: "currency", Currency: "cny"}, "currency invalid_currency"},
		{"a sign for a currency", schema.Field{Type: "currency", Currency: "¥"}, "currency invalid_currency"},
		{"a unique amount", schema.Field{Type: "currency", Currency: "CNY", Unique: true}, "unique not_for_type"},
		{"a finer amount", schema.Field{Type: "currency", Currency: "CNY", Scale: 12}, "scale out_of_range"},
		{"a unique yes or no", schema.Field{Type: "boolean", Unique: true}, "unique not_for_type"},
		{"a choice", schema.Field{Type: "choice", Choices: two, Indexed: true}, ""},
		{"nothing to choose", schema.Field{Type: "choice"}, "choices required"},
		{"a choice without id", schema.Field{Type: "choice", Choices: []schema.Choice{{Name: "A"}}}, "choices.0.id required"},
		{"a choice without name", schema.Field{Type: "choice", Choices: []schema.Choice{{ID: "a", Name: " \u200b"}}}, "choices.0.name required"},
		{"a choice's id twice", schema.Field{Type: "choice", Choices: []schema.Choice{{ID: "a", Name: "A"}, {ID: "a", Name: "B"}}}, "choices.1.id duplicate"},
		{"a choice's name twice", schema.Field{Type: "choice", Choices: []schema.Choice{{ID: "a", Name: "A"}, {ID: "b", Name: "Ａ "}}}, "choices.1.name duplicate"},
		{"a name after its retirement", schema.Field{Type: "choice", Choices: []schema.Choice{{ID: "a", Name: "A", Retired: true}, {ID: "b", Name: "A"}}}, ""},
		{"a name retired after its successor", schema.Field{Type: "choice", Choices: []schema.Choice{{ID: "a", Name: "A"}, {ID: "b", Name: "A", Retired: true}}}, ""},
		{"a name in use beside a retired one", schema.Field{Type: "choice", Choices: []schema.Choice{{ID: "a", Name: "A"}, {ID: "b", Name: "A", Retired: true}, {ID: "c", Name: "A"}}}, "choices.2.name duplicate"},
		{"choices", schema.Field{Type: "choices", Choices: two}, ""},
		{"indexed choices", schema.Field{Type: "choices", Choices: two, Indexed: true}, "indexed not_for_type"},
		{"nothing to choose several of", schema.Field{Type: "choices"}, "choices required"},
		{"unique tags", schema.Field{Type: "tags", Unique: true}, "unique not_for_type"},
		{"a reference to nothing", schema.Field{Type: "reference"}, "object required"},
		{"a reference", schema.Field{Type: "reference", ObjectName: "contact"}, ""},
		{"a number of its own", schema.Field{Type: "auto_number", Format: "L-{yyyy}-{0000}"}, ""},
		{"the shortest number", schema.Field{Type: "auto_number", Format: "{0}"}, ""},
		{"a number with an end", schema.Field{Type: "auto_number", Format: "{yy}{mm}{00}/CN"}, ""},
		{"a number without a place", schema.Field{Type: "auto_number", Format: "L-{yyyy}"}, "format invalid_format"},
		{"a number with two places", schema.Field{Type: "auto_number", Format: "{0}{0}"}, "format invalid_format"},
		{"an unknown part", schema.Field{Type: "auto_number", Format: "{dd}{0}"}, "format invalid_format"},
		{"a brace too many", schema.Field{Type: "auto_number", Format: "{{0}}"}, "format invalid_format"},
		{"no format", schema.Field{Type: "auto_number"}, "format invalid_format"},
		{"an indexed date", schema.Field{Type: "date", Indexed: true, Unique: true}, ""},
		{"an indexed person", schema.Field{Type: "person", Indexed: true}, ""},
		{"a unique address", schema.Field{Type: "email", Unique: true}, ""},
		{"a unique phone", schema.Field{Type: "phone", Unique: true}, ""},
		{"a link", schema.Field{Type: "url"}, ""},
		{"an instant", schema.Field{Type: "datetime", Ordered: true}, ""},
	} {
		kind, ok := schema.TypeOf(c.field.Type)
		if !ok {
			t.Fatal(c.field.Type)
		}
		got := ""
		if e := kind.Check(&c.field); e != nil {
			got = e.Path + " " + e.Code
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.about, got, c.want)
		}
	}
}

func TestHowEachTypeIsKept(t *testing.T) {
	want := map[string]string{
		"text": "c_1 0", "long_text": "c_1 0", "number": "c_1 2.3", "percent": "c_1 2.3", "currency": "c_1 2.3, c_1_u 0",
		"boolean": "c_1 3", "date": "c_1 0", "datetime": "c_1 4", "choice": "c_1 0", "choices": "c_1 5", "tags": "c_1 5",
		"phone": "c_1 0", "email": "c_1 0", "url": "c_1 0", "person": "c_1 0", "reference": "c_1 0", "auto_number": "c_1 0",
	}
	got := map[string]string{}
	for _, name := range schema.TypeNames() {
		f := &schema.Field{Name: "f", Type: name, Column: "c_1", Scale: 3}
		for i, c := range f.Columns() {
			text := fmt.Sprintf("%s %d", c.Name, c.Storage)
			if c.Storage == schema.Scaled {
				text += fmt.Sprintf(".%d", c.Scale)
			} else if c.Scale != 0 {
				t.Errorf("%s: a scale of %d where nothing is scaled", name, c.Scale)
			}
			if i > 0 {
				text = got[name] + ", " + text
			}
			got[name] = text
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNumbersThatTheProgramGives(t *testing.T) {
	day := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		format string
		n      int64
		want   string
	}{
		{"{0}", 7, "7"},
		{"{0}", 12, "12"},
		{"{000}", 7, "007"},
		{"{000}", 1000, "1000"},
		{"L-{yyyy}-{0000}", 42, "L-2026-0042"},
		{"{yy}{mm}{00}", 3, "260303"},
		{"合同{yyyy}年{mm}月第{000}号", 9, "合同2026年03月第009号"},
		{"{0000}/CN", 1, "0001/CN"},
		{"none", 5, "none5"},
		{"{00}", 0, "00"},
	} {
		if got := schema.AutoNumber(c.format, day, c.n); got != c.want {
			t.Errorf("%s of %d: %s, want %s", c.format, c.n, got, c.want)
		}
	}
}

func TestAmountsInSentences(t *testing.T) {
	for text, want := range map[string]string{
		"预算30万": "300000", "30 万": "300000", "３０万": "300000", "0.5万": "5000", "1.25亿": "125000000", "2千万": "20000000",
		"5百": "500", "3十万": "300000", "80k": "80000", "80K": "80000", "2W": "20000", "100w-200w": "1000000", "10~20万": "100000",
		"10至20万": "100000", "10到20万元": "100000", "10万到20万": "100000", "1,234,567.89": "1234567.89", "人民币 5000 元整": "5000",
		"约50": "50", "0": "0", "5-8": "5", "第3期 20万": "3", "no amount": "", "，。": "", "万": "",
	} {
		got := ""
		if d, ok := schema.ParseAmount(text); ok {
			got = d.Text('f')
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDecimalsAsTheyAreShown(t *testing.T) {
	for _, c := range []struct {
		text  string
		scale int
		want  string
	}{
		{"0", 0, "0"}, {"0", 2, "0.00"}, {"-0.001", 2, "0.00"}, {"1.005", 2, "1.01"}, {"-1.005", 2, "-1.01"}, {"1e3", 1, "1000.0"}, {"12.3400", 3, "12.340"},
		{"99999999999999999999", 0, "99999999999999999999"},
	} {
		d, _, err := apd.NewFromString(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := schema.FormatDecimal(d, c.scale); got != c.want {
			t.Errorf("%s at scale %d: %s, want %s", c.text, c.scale, got, c.want)
		}
	}
}

func TestALabelInTheNearestLanguage(t *testing.T) {
	both := schema.Label{"zh-CN": "线索", "en": "Lead"}
	for _, c := range []struct {
		label    schema.Label
		language string
		want     string
	}{
		{both, "en", "Lead"}, {both, "zh-CN", "线索"}, {both, "fr", "线索"}, {both, "", "线索"},
		{schema.Label{"en": "Lead"}, "zh-CN", "Lead"}, {schema.Label{"en": "Lead", "zh-CN": ""}, "zh-CN", "Lead"},
		{schema.Label{"fr": "Piste"}, "en", ""}, {nil, "en", ""},
	} {
		if got := c.label.In(c.language); got != c.want {
			t.Errorf("%v in %q: %q, want %q", c.label, c.language, got, c.want)
		}
	}
}

func TestASealedObjectFindsItsFields(t *testing.T) {
	o := (&schema.Object{Fields: []*schema.Field{{ID: "x.a", Name: "a"}, {ID: "x.b", Name: "b"}}}).Seal()
	for _, name := range []string{"a", "b"} {
		byName, ok1 := o.Field(name)
		byID, ok2 := o.FieldByID("x." + name)
		if !ok1 || !ok2 || byName != byID || byName.Name != name {
			t.Errorf("%s: %v %v", name, byName, byID)
		}
	}
	for _, name := range []string{"", "c", "x.a", "A"} {
		if f, ok := o.Field(name); ok {
			t.Errorf("%q finds %v", name, f)
		}
	}
	if f, ok := o.FieldByID("a"); ok {
		t.Errorf("a name finds %v by id", f)
	}
}

func TestWhenARecordIsClosed(t *testing.T) {
	status := &schema.Field{ID: "x.s", Name: "status", Type: "choice", Column: "c_7"}
	for about, c := range map[string]struct {
		closed *schema.ClosedWhen
		want   *schema.ClosedColumn
	}{
		"never":              {nil, nil},
		"by two choices":     {&schema.ClosedWhen{Field: "status", Choices: []string{"won", "lost"}}, &schema.ClosedColumn{Column: "c_7", Choices: []string{"won", "lost"}}},
		"by no choice":       {&schema.ClosedWhen{Field: "status"}, nil},
		"by a missing field": {&schema.ClosedWhen{Field: "gone", Choices: []string{"won"}}, nil},
	} {
		o := &schema.Object{Fields: []*schema.Field{status}, Closed: c.closed}
		if diff := cmp.Diff(c.want, o.ClosedColumn()); diff != "" {
			t.Errorf("%s: %s", about, diff)
		}
	}
}
