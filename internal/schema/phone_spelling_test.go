package schema

import "testing"

// TestPhonesHoweverTyped: signs between the digits are passed over, alone or
// several together.
func TestPhonesHoweverTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"13812345678": "+8613812345678", "138-1234-5678": "+8613812345678", "138—1234–5678": "+8613812345678",
		"138‐1234−5678": "+8613812345678", "138·1234·5678": "+8613812345678", "(+86)13812345678": "+8613812345678",
		"+86\u00a0138\u00a012345678": "+8613812345678", "(0512) 66778899": "+8651266778899",
	} {
		if got, ok := NormalizePhone(typed, "CN"); !ok || got != want {
			t.Errorf("%q: %q %v", typed, got, ok)
		}
	}
}
