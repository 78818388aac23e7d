package schema_test

import (
	"strings"
	"testing"

	"clew.dev/clew/internal/schema"
)

// TestCleanShowsWhatIsKept: nothing that a reader cannot see changes what he
// reads, and no word of any script loses what makes it a word.
func TestCleanShowsWhatIsKept(t *testing.T) {
	for _, one := range []struct{ what, text, want string }{
		{"a name turned around", "博锐\u202egnp.exe", "博锐gnp.exe"},
		{"an embedding that is never closed", "\u202bAcme", "Acme"},
		{"an isolate", "\u2067Acme\u2069 GmbH", "Acme GmbH"},
		{"marks of direction", "Acme\u200f\u200e\u061c", "Acme"},
		{"nothing but marks", "\u202e\u2066\u200b", ""},
		{"a twin with a joiner between Chinese letters", "王\u200d伟", "王伟"},
		{"a twin with a non-joiner in Latin", "A\u200ccme", "Acme"},
		{"a twin with a word joiner", "Ac\u2060me", "Acme"},
		{"a twin with a control character of the upper half", "Ac\u0085me\u009b", "Acme"},
		{"a joiner at the beginning", "\u200dAcme", "Acme"},
		{"a joiner after a full-width letter", "Ａ\u200d", "A"},
		{"a joiner after a letter in a circle", "Ⓐ\u200dB", "AB"},
		{"an accent that a joiner kept apart", "e\u200d\u0301", "é"},
		{"Hebrew and Arabic", "שלום, عالم", "שלום, عالم"},
		{"Persian, whose words take a non-joiner", "می\u200cخواهم", "می\u200cخواهم"},
		{"Hindi with an explicit half letter", "क्\u200dष", "क्\u200dष"},
		{"Malayalam with a joiner at the word's end", "അവന്\u200d", "അവന്\u200d"},
		{"a family", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"a profession with a skin tone", "👩🏽\u200d🔧", "👩🏽\u200d🔧"},
		{"a rainbow flag", "🏳️\u200d🌈", "🏳️\u200d🌈"},
		{"lines and tabs", "一\n二\t三\r\n四", "一\n二\t三\n四"},
		{"bytes that are no text", "a\xffb", "a\uFFFDb"},
	} {
		got := schema.Clean(one.text)
		if got != one.want {
			t.Errorf("%s: %+q, want %+q", one.what, got, one.want)
		}
		if again := schema.Clean(got); again != got {
			t.Errorf("%s: %+q becomes %+q", one.what, got, again)
		}
		if strings.ContainsAny(got, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
			t.Errorf("%s: %+q turns the writing around", one.what, got)
		}
	}
}
