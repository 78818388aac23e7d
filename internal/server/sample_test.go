package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
)

const samples = "/api/v1/records/sample"

// sampleFields are one field of every type, with the values that records get.
// Few values make many ties; nil is a blank.
var sampleFields = []struct {
	name, kind string
	more       map[string]any
	values     []any
}{
	{"name", "text", nil, []any{"a", "A", "ab", "é", "e\u0301", "中", "中文", "𠮷野家", "ａ", "%", "_", "a'b", `a"b`, `a\b`, "مرحبا", "👩‍🚀", "0", "10", "9", nil}},
	{"note", "long_text", nil, []any{"one\ntwo", "%\\_", "Straße", "STRASSE", nil}},
	{"size", "number", nil, []any{"0", "-0", "0.0001", "-1.5", "1.50", "10", "9", "100000000000", nil}},
	{"price", "currency", nil, []any{"0.01", "9.99", "10", "-3", "1000000.10", nil}},
	{"share", "percent", nil, []any{"12.5", "0", "100", nil}},
	{"ready", "boolean", nil, []any{true, false, nil}},
	{"day", "date", nil, []any{"2024-02-29", "2026-11-24", "2026-11-25", "1999-12-31", nil}},
	{"moment", "datetime", nil, []any{"2026-11-23T15:59:59Z", "2026-11-23T16:00:00Z", "2026-11-24T15:59:59.999999Z", "2026-11-24T16:00:00Z", "1969-12-31T23:59:59Z", nil}},
	{"kind", "choice", map[string]any{"choices": choicesNamed("红", "绿", "B 'C'")}, []any{"红", "绿", "B 'C'", nil}},
	{"colours", "choices", map[string]any{"choices": choicesNamed("x", "xy", "100%")}, []any{[]string{"x"}, []string{"xy", "x"}, []string{"100%"}, nil}},
	{"tags", "tags", nil, []any{[]string{"a"}, []string{"a", "ab"}, []string{"é", "中"}, []string{`"`, "[", "%"}, nil}},
	{"phone", "phone", nil, []any{"13900000001", "+8613900000002", "+442071838750", nil}},
	{"mail", "email", nil, []any{"a@b.co", "Z@b.co", nil}},
	{"site", "url", nil, []any{"https://a.example/?q=1&r=%25", "http://b.example", nil}},
}

func choicesNamed(names ...string) (choices []any) {
	for _, name := range names {
		choices = append(choices, map[string]any{"name": name, "label": map[string]string{"en": name, "zh-CN": name}})
	}
	return choices
}

// sampleObject publishes an object with a field of every type.
func (c *company) sampleObject() {
	c.Helper()
	fields := []any{map[string]any{"name": "number", "type": "auto_number", "format": "P-{0000}", "label": map[string]string{"en": "number", "zh-CN": "number"}}}
	for _, f := range sampleFields {
		field := map[string]any{"name": f.name, "type": f.kind, "label": map[string]string{"en": f.name, "zh-CN": f.name}}
		for key, value := range f.more {
			field[key] = value
		}
		fields = append(fields, field)
	}
	for name, more := range map[string]map[string]any{"owner": {"type": "person"}, "link": {"type": "reference", "object": "sample"}} {
		more["name"], more["label"] = name, map[string]string{"en": name, "zh-CN": name}
		fields = append(fields, more)
	}
	c.as("admin")("PUT", "/api/v1/config/object/sample", map[string]any{
		"label": map[string]string{"en": "Sample", "zh-CN": "样本"}, "plural": map[string]string{"en": "Samples", "zh-CN": "样本"},
		"title": "name", "owner": "owner", "fields": fields,
	}).want(c.T, "the object of every type", 201)
}

// sample makes n records of all kinds of values; the same seed makes the same ones.
func (c *company) sample(seed uint64, n int) []string {
	c.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	admin := c.as("admin")
	var items []any
	for range n {
		fields := map[string]any{}
		for _, f := range sampleFields {
			if v := f.values[random.IntN(len(f.values))]; v != nil || random.IntN(2) == 0 {
				fields[f.name] = v
			}
		}
		if random.IntN(3) > 0 {
			fields["owner"] = c.ids[fmt.Sprint("s", 1+random.IntN(3))]
		}
		items = append(items, map[string]any{"op": "create", "fields": fields})
	}
	var ids []string
	for i, one := range admin("POST", samples+"/batch", map[string]any{"items": items}).items(c.T) {
		if one["status"] != 201.0 {
			c.Fatalf("sample %d: %v %v", i, one, items[i])
		}
		ids = append(ids, one["id"].(string))
	}
	for i, id := range ids { // a third of them points to another, and one to itself
		if i%3 == 0 {
			admin("PATCH", samples+"/"+id, map[string]any{"link": ids[i/2]}).want(c.T, "link", 200)
		}
	}
	return ids
}

// listed are all pages of a question about samples.
func (c *company) listed(by caller, limit int, pairs ...string) (items []map[string]any) {
	c.Helper()
	query := url.Values{"limit": {fmt.Sprint(limit)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	for range 500 {
		got := by("GET", samples+"?"+query.Encode(), nil).want(c.T, fmt.Sprint(pairs), 200)
		if got.status != 200 {
			return nil
		}
		items = append(items, got.items(c.T)...)
		next, _ := got.json(c.T)["next_cursor"].(string)
		if next == "" {
			return items
		}
		query.Set("cursor", next)
	}
	c.Fatalf("%v: the pages do not end", pairs)
	return nil
}

func column(items []map[string]any, name string) (values []string) {
	for _, item := range items {
		values = append(values, fmt.Sprint(item[name]))
	}
	return values
}

func sorted(values []string) []string {
	values = slices.Clone(values)
	slices.Sort(values)
	return values
}
