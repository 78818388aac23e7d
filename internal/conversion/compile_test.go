package conversion_test

import (
	"fmt"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/conversion"
)

type wish = conversion.Wish

// TestDocumentsAreRefusedWithTheirPlace: every name that there is not, every
// field that is of another type, and all of them at once.
func TestDocumentsAreRefusedWithTheirPlace(t *testing.T) {
	onBoth(t, func(c *company) {
		for _, one := range []struct{ name, from, to, want string }{
			{"the object", "object: lead\nwhen", "object: moon\nwhen", "object unknown_object"},
			{"the condition's field", "NOT 状态 IN", "NOT 月亮 IN", "when unknown_field"},
			{"the condition's choice", `IN ("战败")`, `IN ("moon")`, "when unknown_choice"},
			{"half a condition", `IN ("战败")'`, "IN ('", "when syntax"},
			{"no condition", `'NOT 状态 IN ("战败")'`, "'状态'", "when wrong_type"},
			{"a field that it sets", "sets: {status: 已转", "sets: {moon: 已转", "sets.moon unknown_field"},
			{"a choice that it sets", "sets: {status: 已转", "sets: {status: moon", "sets.status unknown_choice"},
			{"a target", "  - object: firm\n    link: firm", "  - object: moon\n    link: firm", "targets.0.object unknown_object; targets.1.refer.0.target unknown_object; targets.2.refer.0.target unknown_object"},
			{"a link that there is not", "    link: firm\n", "    link: moon\n", "targets.0.link unknown_field"},
			{"a link that is no reference", "    link: firm\n", "    link: city\n", "targets.0.link wrong_field_type"},
			{"a link to another object", "    link: firm\n", "    link: person\n", "targets.0.link wrong_field_type"},
			{"a way back that there is not", "    back: lead", "    back: moon", "targets.2.back unknown_field"},
			{"a way back to another", "    back: lead", "    back: firm", "targets.2.back wrong_field_type"},
			{"a field to match by", "match: [name]", "match: [name, moon]", "targets.0.match.1 unknown_field"},
			{"a field to ask for", "ask: [name, amount]", "ask: [moon, amount]", "targets.2.ask.0 unknown_field"},
			{"a field to copy to", "copy: [{to: name, from: contact}", "copy: [{to: moon, from: contact}", "targets.1.copy.0.to unknown_field"},
			{"a field to copy from", "{to: phone, from: phone}", "{to: phone, from: moon}", "targets.1.copy.1.from unknown_field"},
			{"a field of a template", "'{company} {product}'", "'{company} {moon} {sun}'", "targets.2.copy.0.text unknown_field; targets.2.copy.0.text unknown_field"},
			{"a value", "value: 初步", "value: moon", "targets.2.copy.3.value unknown_choice"},
			{"a reference to what comes later", "refer: [{to: firm, target: firm}]\n  - object: deal", "refer: [{to: firm, target: deal}]\n  - object: deal", "targets.1.refer.0.target unknown_object; targets.1.refer.0.to wrong_field_type"},
			{"a reference by a field that there is not", "refer: [{to: firm, target: firm}]\n  - object: deal", "refer: [{to: moon, target: firm}]\n  - object: deal", "targets.1.refer.0.to unknown_field"},
			{"nothing wrong", "ask: [name, amount]", "ask: [name]", ""},
		} {
			text := strings.Replace(documents, one.from, one.to, 1)
			if text == documents {
				t.Fatalf("%s: nothing was changed", one.name)
			}
			c.Same(one.name, c.compiled(text), one.want)
		}
	})
}

// compiled are the faults of the conversion in a YAML text, each with its path.
func (c *company) compiled(text string) string {
	c.Helper()
	for _, d := range c.Documents(text) {
		if d.Kind == "conversion" {
			_, err := conversion.Compile(c.Catalog.Current(), d)
			_, paths, _ := strings.Cut(office.Fault(err), ": ")
			return strings.ReplaceAll(paths, ", ", "; ")
		}
	}
	return "no conversion"
}

// TestABodyThatIsNoDocument: is refused, and breaks nothing.
func TestABodyThatIsNoDocument(t *testing.T) {
	onBoth(t, func(c *company) {
		for _, body := range []string{"", "[]", `{"targets":"x"}`, `{"object":7}`, "null", `{"object":"lead","targets":[{}]}`} {
			if _, err := conversion.Compile(c.Catalog.Current(), config.Document{Kind: "conversion", Name: "x", Body: []byte(body)}); err == nil {
				t.Errorf("%q compiles", body)
			}
		}
	})
}

// TestTemplatesOfTexts: words and fields in any order, and what stands in
// curly brackets that are not closed.
func TestTemplatesOfTexts(t *testing.T) {
	onBoth(t, func(c *company) {
		for i, one := range []struct{ template, want string }{
			{"{company}", "恒力"}, {"{company}{product}", "恒力VX"}, {"机型 {product} 给 {company}!", "机型 VX 给 恒力!"}, {"words alone", "words alone"},
			{"{contact}", "fallback"}, {"{contact} {product}", "VX"}, {"a } b", "a } b"}, {"{tags}", "fallback"}, {"{company", "恒力"},
		} {
			c.Publish(strings.Replace(documents, "'{company} {product}'", "'"+one.template+"'", 1))
			lead := c.lead(map[string]any{"company": "恒力", "product": "VX", "tags": []any{"a"}})
			made, fault := c.convert("eve", lead, nil)
			if one.want == "fallback" {
				c.Same(one.template, fault, "invalid_input: deal.name required")
				continue
			}
			c.Same(fmt.Sprint(i, " ", one.template), fault, "")
			c.Same(one.template, c.Value("deal", made["deal"], "name"), one.want)
		}
	})
}
