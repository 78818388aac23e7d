package signin

import (
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/fault"
)

// TestWhatAProviderSaysOfAPerson: claims come from outside, in any type; what is
// not what it should be says nothing.
func TestWhatAProviderSaysOfAPerson(t *testing.T) {
	for _, c := range []struct {
		said     any
		text     string
		verified bool
		list     []string
	}{
		{nil, "", false, nil},
		{"", "", false, []string{""}},
		{" 张伟\t", "张伟", false, []string{" 张伟\t"}},
		{"true", "true", true, []string{"true"}},
		{"TRUE", "TRUE", false, []string{"TRUE"}},
		{"1", "1", false, []string{"1"}},
		{true, "", true, nil},
		{false, "", false, nil},
		{1.0, "", false, nil},
		{[]any{}, "", false, nil},
		{[]any{"a", "b"}, "", false, []string{"a", "b"}},
		{[]any{"a", 1.0, nil, true, []any{"x"}, map[string]any{"y": "z"}, "b"}, "", false, []string{"a", "b"}},
		{map[string]any{"a": "b"}, "", false, nil},
	} {
		said := claims{"x": c.said, "email_verified": c.said}
		if got := said.text("x"); got != c.text {
			t.Errorf("%#v is the text %q, want %q", c.said, got, c.text)
		}
		if got := said.verified(); got != c.verified {
			t.Errorf("%#v vouches for the address: %t", c.said, got)
		}
		if got := said.list("x"); !slices.Equal(got, c.list) {
			t.Errorf("%#v is the list %q, want %q", c.said, got, c.list)
		}
		if said.text("absent") != "" || said.list("absent") != nil || (claims{}).verified() {
			t.Error("something is said that was not")
		}
	}
}

// TestWhichIssuersAreTaken: https to the world, http only inside, and nothing that would reach another place than it seems.
func TestWhichIssuersAreTaken(t *testing.T) {
	for issuer, want := range map[string]string{
		"https://login.example.com": "", "https://login.example.com/realms/a": "", "https://login.example.com:8443/": "", "https://登录.example": "", "HTTPS://login.example.com": "",
		"http://login.example.com": "needs_https", "http://127.0.0.1:8421/o": "needs_https",
		"ftp://login.example.com": "invalid_url", "file:///etc/passwd": "invalid_url", "unix:/run/x": "invalid_url", "gopher://x": "invalid_url", "javascript:alert(1)": "invalid_url",
		"login.example.com": "invalid_url", "//login.example.com": "invalid_url", "https://": "invalid_url", "https:///path": "invalid_url", "https://user@login.example.com": "invalid_url",
		"https://user:pass@login.example.com": "invalid_url", "https://login.example.com?x=1": "invalid_url", "https://login.example.com#x": "invalid_url", "https://a b": "invalid_url",
		"https://[::1": "invalid_url", "https://%zz": "invalid_url", "https://login.example.com:port": "invalid_url", "\x00": "invalid_url",
	} {
		s := Settings{Issuer: issuer}
		code := ""
		if f := s.checkIssuer(); f != nil {
			code = f.Code
		}
		if code != want {
			t.Errorf("%q: %q, want %q", issuer, code, want)
		}
		s.AllowPrivate = true
		if f := s.checkIssuer(); want == "needs_https" && f != nil {
			t.Errorf("%q inside: %s", issuer, f.Code)
		}
		if f := s.checkIssuer(); want == "invalid_url" && f == nil {
			t.Errorf("%q is taken inside", issuer)
		}
	}
}

// TestWhoseTheSecretIs: a secret stays with its host, which is the same however it is written and another one by its port.
func TestWhoseTheSecretIs(t *testing.T) {
	for _, same := range [][2]string{
		{"https://a.example", "https://A.EXAMPLE/other?x"}, {"https://a.example", "https://a.example:443"}, {"http://a.example:80/x", "http://a.example"}, {"https://[2001:db8::1]", "https://[2001:DB8::1]:443/"},
	} {
		if host(same[0]) != host(same[1]) || host(same[0]) == "" {
			t.Errorf("%s and %s: %q, %q", same[0], same[1], host(same[0]), host(same[1]))
		}
	}
	for _, other := range [][2]string{
		{"https://a.example", "http://a.example"}, {"https://a.example", "https://a.example:8443"}, {"https://a.example", "https://b.a.example"}, {"https://a.example", "https://a.example.evil"}, {"https://a.example", ""},
	} {
		if host(other[0]) == host(other[1]) {
			t.Errorf("%s and %s are one host", other[0], other[1])
		}
	}
	for _, none := range []string{"", "x", "://", "https://%zz", "/path"} {
		if host(none) != "" {
			t.Errorf("%q has the host %q", none, host(none))
		}
	}
	if got := (Settings{Issuer: "https://a.example"}).inside(); got != nil {
		t.Errorf("a public issuer opens %v", got)
	}
	if got := (Settings{Issuer: "https://a.example:8443/x", AllowPrivate: true}).inside(); !slices.Equal(got, []string{"a.example:8443"}) {
		t.Errorf("an inside issuer opens %v", got)
	}
}

// TestSettingsAreCheckedTogether: everything wrong is told at once; what is not yet enabled may be half done.
func TestSettingsAreCheckedTogether(t *testing.T) {
	long := strings.Repeat("x", lengthMost+1)
	for _, c := range []struct {
		settings Settings
		want     []string
	}{
		{Settings{}, nil},
		{Settings{Enabled: true}, []string{"client_id required", "issuer required", "label required"}},
		{Settings{Enabled: true, Label: "x", Issuer: "https://a.example", ClientID: "c"}, nil},
		{Settings{Label: long, ClientID: long}, []string{"client_id too_long", "label too_long"}},
		{Settings{Enabled: true, Label: " \t", Issuer: "ftp://a", ClientID: "c"}, []string{"issuer invalid_url", "label required"}},
		{Settings{Issuer: "http://a.example"}, []string{"issuer needs_https"}},
		{Settings{Issuer: "http://a.example", AllowPrivate: true}, nil},
	} {
		c.settings.tidy()
		var got []string
		if f, ok := fault.As(c.settings.check()); ok {
			for _, field := range f.Fields {
				got = append(got, field.Path+" "+field.Code)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.settings, got, c.want)
		}
	}
}

func TestSettingsAreTidied(t *testing.T) {
	s := Settings{Label: " a ", Issuer: "\thttps://a.example\n", ClientID: " c", EmailClaim: "  ", GroupClaim: " groups "}
	s.tidy()
	if s.Label != "a" || s.Issuer != "https://a.example" || s.ClientID != "c" || s.EmailClaim != "email" || s.GroupClaim != "groups" {
		t.Errorf("%+v", s)
	}
	if s.Roles == nil || s.Groups == nil {
		t.Error("an absent list is null to those who read it")
	}
}
