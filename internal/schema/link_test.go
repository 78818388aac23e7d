package schema_test

import (
	"testing"

	"clew.dev/clew/internal/schema"
)

// TestLinksAreSafeToFollow: a link leads where it says, to a web page: no program,
// no letter, and nobody's name before the host that hides where it goes.
func TestLinksAreSafeToFollow(t *testing.T) {
	f := &schema.Field{ID: "t.u", Name: "u", Type: "url"}
	for typed, want := range map[string]string{
		"example.com": "https://example.com", "http://example.com/a?b=c#d": "http://example.com/a?b=c#d", "HTTPS://Example.com": "https://Example.com",
		"example.com:8443/x": "https://example.com:8443/x", "https://example.com/路": "https://example.com/%E8%B7%AF",
		"mailto:li@example.com": "!", "tel:13800138000": "!", "javascript:alert(1)": "!", "javascript://a.b/%0aalert(1)": "!", "data:text/html,x": "!", "file:///etc/passwd": "!", "ftp://example.com": "!",
		"https://bank.example@evil.example": "!", "https://user:secret@example.com": "!", "user@example.com": "!", "https://": "!", "https://localhost": "!", "https://.": "!", "https://a..": "!", "//example.com": "!", "http:example.com": "!",
		"https://exa mple.com": "!", "https://example.com\x00": "https://example.com",
	} {
		v, bad := f.Parse(typed, schema.Input{Person: true})
		got, _ := v.(string)
		if bad != nil {
			got = "!"
		}
		if got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
		flagged := ""
		kept, problem := f.Parse(typed, schema.Input{Flag: func(_ *schema.Field, code string) { flagged = code }})
		if problem != nil || (kept == nil) != (bad != nil) || (flagged == "invalid_url") != (bad != nil) {
			t.Errorf("%q from a channel: %v, %v, %q", typed, kept, problem, flagged)
		}
	}
}
