package schema_test

import (
	"testing"

	"clew.dev/clew/internal/schema"
)

func TestLabelAmidASentence(t *testing.T) {
	for _, c := range []struct{ label, language, want string }{
		{"Lead", "en", "lead"},
		{"Follow-up plan", "en", "follow-up plan"},
		{"POC", "en", "POC"},
		{"A", "en", "A"},
		{"lead", "en", "lead"},
		{"线索", "en", "线索"},
		{"Élan", "en", "Élan"},
		{"", "en", ""},
		{"线索", "zh-CN", "线索"},
		{"Lead", "zh-CN", "Lead"},
	} {
		if got := (schema.Label{c.language: c.label}).Amid(c.language); got != c.want {
			t.Errorf("%q in %s is %q, want %q", c.label, c.language, got, c.want)
		}
	}
}
