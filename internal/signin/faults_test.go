package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/signin"
)

// TestWhatIsAskedOfTheProvider: the browser is sent with state, nonce and the
// proof key's digest, each another one at each log-in; the secret, the verifier
// and the browser's own text stay here.
func TestWhatIsAskedOfTheProvider(t *testing.T) {
	houses(t, func(h *house) {
		seen := map[string]bool{}
		for range 3 {
			start := h.begin()
			u, err := url.Parse(start.URL)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			if u.Scheme+"://"+u.Host+u.Path != h.idp.URL+"/authorize" || q.Get("client_id") != "clew" || q.Get("redirect_uri") != ourAddress ||
				q.Get("response_type") != "code" || q.Get("scope") != "openid email profile" || q.Get("code_challenge_method") != "S256" {
				h.t.Errorf("asked %s", start.URL)
			}
			for _, once := range []string{q.Get("state"), q.Get("nonce"), q.Get("code_challenge"), start.Browser} {
				if len(once) < 26 || seen[once] {
					h.t.Errorf("%q is guessed or was used", once)
				}
				seen[once] = true
			}
			if strings.Contains(start.URL, start.Browser) || strings.Contains(start.URL, "secret") || q.Get("code_verifier") != "" {
				h.t.Errorf("the address tells what must stay: %s", start.URL)
			}
		}
		if n := h.count("login_state"); n != 3 {
			h.t.Errorf("%d log-ins under way", n)
		}
		user, code := h.logIn()
		if code != "" || user.ID != h.anna.ID {
			h.t.Errorf("%q %+v", code, user)
		}
		form := h.idp.forms[0]
		if form.Get("grant_type") != "authorization_code" || form.Get("redirect_uri") != ourAddress || len(form.Get("code_verifier")) < 43 {
			h.t.Errorf("redeemed with %v", form)
		}
	})
}

// TestKeysAreRotatedWithoutUs: the provider signs with a new key from one moment
// to the next; an old one that it shows no more is believed no more.
func TestKeysAreRotatedWithoutUs(t *testing.T) {
	houses(t, func(h *house) {
		in := func(what, want string) {
			h.t.Helper()
			if _, code := h.logIn(); code != want {
				h.t.Errorf("%s: %q, want %q", what, code, want)
			}
		}
		in("the first key", "")
		h.idp.set(func() { h.idp.rotate(true) })
		in("a second key beside the first", "")
		h.idp.set(func() { h.idp.published = []int{1} })
		in("the second alone", "")
		h.idp.set(func() { h.idp.rotate(false) })
		in("a key that is not shown", "provider_failed")
		h.idp.set(func() { h.idp.published = []int{2} })
		in("once it is shown", "")
		h.idp.set(func() { h.idp.published = nil })
		in("no keys at all", "provider_failed")
	})
}

// TestHowFarClocksMayDiffer: a token that ended is refused, one without an end
// too; what the provider's clock says of its making does not matter.
func TestHowFarClocksMayDiffer(t *testing.T) {
	houses(t, func(h *house) {
		now := time.Now()
		for _, c := range []struct {
			name   string
			claims map[string]any
			want   string
		}{
			{"ends in five minutes", map[string]any{"exp": now.Add(5 * time.Minute).Unix()}, ""},
			{"ended a minute ago", map[string]any{"exp": now.Add(-time.Minute).Unix()}, "provider_failed"},
			{"ended in another year", map[string]any{"exp": 1}, "provider_failed"},
			{"ends never", map[string]any{"exp": nil}, "provider_failed"},
			{"ends as a text", map[string]any{"exp": "soon"}, "provider_failed"},
			{"made by a clock a minute ahead", map[string]any{"iat": now.Add(time.Minute).Unix()}, ""},
			{"not before now", map[string]any{"nbf": now.Unix()}, ""},
			{"not before a clock two minutes ahead", map[string]any{"nbf": now.Add(2 * time.Minute).Unix()}, ""},
			{"not before tomorrow", map[string]any{"nbf": now.Add(24 * time.Hour).Unix()}, "provider_failed"},
		} {
			h.idp.set(func() { h.idp.claims = c.claims })
			if _, code := h.logIn(); code != c.want {
				h.t.Errorf("%s: %q, want %q", c.name, code, c.want)
			}
		}
	})
}

// TestABrokenProviderIsNoWayIn, nor does it break us: each fault has a code that
// the log-in page knows, no cause is told, and nobody waits longer than a call may last.
func TestABrokenProviderIsNoWayIn(t *testing.T) {
	houses(t, func(h *house) {
		const discovery = "/.well-known/openid-configuration"
		other := func(member, value string) http.HandlerFunc {
			said := map[string]string{"issuer": h.idp.URL, "authorization_endpoint": h.idp.URL + "/authorize", "token_endpoint": h.idp.URL + "/token", "jwks_uri": h.idp.URL + "/keys"}
			said[member] = value
			return func(w http.ResponseWriter, _ *http.Request) { h.idp.say(w, said) }
		}
		token := func(body string) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(body))
			}
		}
		for _, c := range []struct {
			name, path string
			answer     http.HandlerFunc
			want       string
		}{
			{"a page for a description", discovery, text("<html>"), "provider_unreachable"},
			{"a failure for a description", discovery, status(500, "inner-host.corp is down"), "provider_unreachable"},
			{"a redirect for a description", discovery, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://169.254.169.254/", 302) }, "provider_unreachable"},
			{"an endless description", discovery, text(long(3 << 20)), "provider_unreachable"},
			{"another issuer", discovery, other("issuer", "https://evil.example"), "provider_unreachable"},
			{"the issuer with a slash", discovery, other("issuer", h.idp.URL+"/"), "provider_unreachable"},
			{"a token address inside", discovery, other("token_endpoint", "http://127.0.0.1:1/token"), "provider_failed"},
			{"keys at an address inside", discovery, other("jwks_uri", "http://127.0.0.1:1/keys"), "provider_failed"},
			{"a failure for a token", "/token", status(500, "stack trace of inner-host.corp"), "provider_failed"},
			{"a refusal of the client", "/token", status(401, `{"error":"invalid_client"}`), "provider_failed"},
			{"a page for a token", "/token", text("<html>"), "provider_failed"},
			{"an endless token", "/token", text(`{"access_token":"` + long(3<<20) + `"}`), "provider_failed"},
			{"no ID token", "/token", token(`{"access_token":"a","token_type":"Bearer"}`), "provider_failed"},
			{"an ID token that is a number", "/token", token(`{"access_token":"a","token_type":"Bearer","id_token":7}`), "provider_failed"},
			{"an ID token that is a word", "/token", token(`{"access_token":"a","token_type":"Bearer","id_token":"x"}`), "provider_failed"},
			{"an ID token of three words", "/token", token(`{"access_token":"a","token_type":"Bearer","id_token":"x.y.z"}`), "provider_failed"},
			{"a failure for the keys", "/keys", status(500, ""), "provider_failed"},
			{"a page for the keys", "/keys", text("<html>"), "provider_failed"},
			{"keys that are none", "/keys", text(`{"keys":[{"kty":"RSA","kid":"key-0","n":"","e":""}]}`), "provider_failed"},
			{"a shared key", "/keys", text(`{"keys":[{"kty":"oct","kid":"key-0","k":"AAAA"}]}`), "provider_failed"},
		} {
			start := h.begin()
			state, code := h.idp.approve(start.URL)
			h.idp.set(func() {
				h.idp.answers = map[string]http.HandlerFunc{}
				if c.path != "" {
					h.idp.answers[c.path] = c.answer
				}
			})
			_, _, err := h.Finish(h.t.Context(), ourAddress, signin.Answer{State: state, Code: code, Browser: start.Browser})
			if got := codeOf(err); got != c.want {
				h.t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
			if f, ok := fault.As(err); ok && (f.Cause != nil || strings.Contains(f.Error(), "inner-host")) {
				h.t.Errorf("%s: the fault tells %v", c.name, f)
			}
			if c.want == "provider_unreachable" {
				if _, err := h.Begin(h.t.Context(), ourAddress, "/"); codeOf(err) != "provider_unreachable" {
					h.t.Errorf("%s: a log-in begins: %v", c.name, err)
				}
			}
			h.idp.set(func() { h.idp.answers = map[string]http.HandlerFunc{} })
		}
		if n := h.count("login_state"); n != 0 {
			h.t.Errorf("%d states can be used again", n)
		}
	})
}

// TestOfTwoThatComeBackOneComesIn: the browser sent its way back twice.
func TestOfTwoThatComeBackOneComesIn(t *testing.T) {
	houses(t, func(h *house) {
		start := h.begin()
		state, code := h.idp.approve(start.URL)
		answer := signin.Answer{State: state, Code: code, Browser: start.Browser}
		codes := make([]string, 6)
		var all sync.WaitGroup
		for i := range codes {
			all.Go(func() {
				_, _, err := h.Finish(h.t.Context(), ourAddress, answer)
				codes[i] = codeOf(err)
			})
		}
		all.Wait()
		in := 0
		for _, got := range codes {
			switch got {
			case "":
				in++
			case "provider_state":
			default:
				h.t.Errorf("got %q", got)
			}
		}
		if in != 1 || len(h.idp.forms) != 1 {
			h.t.Errorf("%d came in, the code was redeemed %d times", in, len(h.idp.forms))
		}
	})
}

// TestAStateEndsAfterTenMinutes, is gone once it was looked at, and what is left
// over is swept by the next log-in.
func TestAStateEndsAfterTenMinutes(t *testing.T) {
	houses(t, func(h *house) {
		late := h.begin()
		state, code := h.idp.approve(late.URL)
		h.run("UPDATE login_state SET expires_at = expires_at - 601000000") // ten minutes and a second, in microseconds
		_, _, err := h.Finish(h.t.Context(), ourAddress, signin.Answer{State: state, Code: code, Browser: late.Browser})
		if codeOf(err) != "provider_state" || h.count("login_state") != 0 {
			h.t.Errorf("%v, %d left", err, h.count("login_state"))
		}
		for range 3 {
			h.begin()
		}
		h.run("UPDATE login_state SET expires_at = expires_at - 601000000")
		h.begin()
		if n := h.count("login_state"); n != 1 {
			h.t.Errorf("%d under way, want the last alone", n)
		}
		for name, answer := range map[string]signin.Answer{
			"nothing": {}, "a NUL": {State: "a\x00", Code: "x"}, "no text": {State: "\xff", Browser: "\xfe"}, "long": {State: long(10_000), Code: "x", Browser: long(10_000)},
		} {
			if _, _, err := h.Finish(h.t.Context(), ourAddress, answer); codeOf(err) != "provider_state" {
				h.t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestSettingsThatChangeMeanwhile: what was begun under other settings does not end under these.
func TestSettingsThatChangeMeanwhile(t *testing.T) {
	houses(t, func(h *house) {
		finish := func(start signin.Start) string {
			h.t.Helper()
			state, code := h.idp.approve(start.URL)
			_, _, err := h.Finish(h.t.Context(), ourAddress, signin.Answer{State: state, Code: code, Browser: start.Browser, Issuer: h.idp.URL})
			return codeOf(err)
		}
		begun := h.begin()
		h.settings.Enabled = false
		h.keep()
		if got := finish(begun); got != "not_found" {
			h.t.Errorf("switched off: %q", got)
		}
		if _, err := h.Begin(h.t.Context(), ourAddress, "/"); codeOf(err) != "not_found" {
			h.t.Errorf("begins: %v", err)
		}
		h.settings.Enabled = true
		h.keep()
		begun = h.begin()
		h.settings.ClientID = "another"
		h.keep()
		if got := finish(begun); got != "provider_failed" { // the token is for clew
			h.t.Errorf("another client: %q", got)
		}
		h.settings.ClientID = "clew"
		h.keep()
		if got := finish(h.begin()); got != "" {
			h.t.Errorf("as it was: %q", got)
		}
		// Without a secret of ours nothing can be switched on; with another host it has to be given anew.
		elsewhere := h.settings
		elsewhere.Issuer = "https://login.example.com"
		if err := h.Set(h.t.Context(), elsewhere, nil); codeOf(err) != "invalid_input" {
			h.t.Errorf("the secret goes along to another host: %v", err)
		}
	})
}

// TestWhoseLogInItIs: the link goes before the address, an address alone has to
// be vouched for, and nobody is taken over.
func TestWhoseLogInItIs(t *testing.T) {
	houses(t, func(h *house) {
		in := func(claims map[string]any) (account.User, string) {
			h.t.Helper()
			h.idp.set(func() { h.idp.claims = claims })
			return h.logIn()
		}
		if _, code := in(map[string]any{"email_verified": false}); code != "email_unverified" {
			h.t.Errorf("an address that nobody vouches for: %q", code)
		}
		if _, code := in(map[string]any{"email": nil}); code != "email_unverified" {
			h.t.Errorf("no address: %q", code)
		}
		if _, code := in(map[string]any{"email": "bob@example.com"}); code != "not_known" {
			h.t.Errorf("an address of nobody: %q", code)
		}
		if n := h.count("login_link"); n != 0 {
			h.t.Errorf("%d links of refused ones", n)
		}
		if user, code := in(map[string]any{"email": " ANNA@Example.com "}); code != "" || user.ID != h.anna.ID {
			h.t.Errorf("in capitals: %q %+v", code, user)
		}
		// From now on she is known by her link, whatever address the provider has for her.
		for _, claims := range []map[string]any{{"email": "bob@example.com"}, {"email": nil, "email_verified": false}, {"name": "Somebody"}} {
			if user, code := in(claims); code != "" || user.ID != h.anna.ID || user.Name != "Anna" {
				h.t.Errorf("%v: %q %+v", claims, code, user)
			}
		}
		if _, code := in(map[string]any{"sub": "sub-2"}); code != "linked_elsewhere" {
			h.t.Errorf("another with her address: %q", code)
		}
		off, on := false, true
		if _, err := h.Accounts.UpdateUser(h.t.Context(), h.anna.ID, account.UserChange{Active: &off}); err != nil {
			h.t.Fatal(err)
		}
		if _, code := in(nil); code != "not_known" {
			h.t.Errorf("somebody who left: %q", code)
		}
		if _, err := h.Accounts.UpdateUser(h.t.Context(), h.anna.ID, account.UserChange{Active: &on}); err != nil {
			h.t.Fatal(err)
		}
		if err := h.Unlink(h.t.Context(), h.anna.ID); err != nil {
			h.t.Fatal(err)
		}
		if user, code := in(map[string]any{"sub": "sub-2"}); code != "" || user.ID != h.anna.ID {
			h.t.Errorf("after the link was taken away: %q", code)
		}
	})
}

// TestSubjectsAreWhatTheyAre: long, odd or alike but for a letter, each is its own.
func TestSubjectsAreWhatTheyAre(t *testing.T) {
	houses(t, func(h *house) {
		h.settings.Create = true
		h.keep()
		ids := map[string]string{}
		for i, subject := range []string{"a", "A", "a ", "ａ", "张", "😀", long(255), "' OR 1=1 --", "%"} {
			h.idp.set(func() {
				h.idp.claims = map[string]any{"sub": subject, "email": "p" + string(rune('a'+i)) + "@example.com", "name": nil}
			})
			user, code := h.logIn()
			if code != "" || ids[user.ID] != "" {
				h.t.Errorf("%.20q: %q, and is %q", subject, code, ids[user.ID])
			}
			ids[user.ID] = subject
			if again, code := h.logIn(); code != "" || again.ID != user.ID {
				h.t.Errorf("%.20q again: %q", subject, code)
			}
			if user.Name != "p"+string(rune('a'+i)) {
				h.t.Errorf("without a name he is called %q", user.Name)
			}
		}
		for _, claims := range []map[string]any{{"sub": "a\x00b", "email": "z1@example.com"}, {"sub": strings.Repeat("张x", 4000), "email": "z2@example.com"}, {"sub": 7, "email": "z3@example.com"}, {"sub": nil}, {"sub": "z4", "name": "a\x00", "email": "z4@example.com"}, {"sub": "z5", "email": "z5\x00@example.com"}} {
			h.idp.set(func() { h.idp.claims = claims })
			if _, code := h.logIn(); code == "" || strings.HasPrefix(code, "not a fault") {
				h.t.Errorf("%.60v: %q", claims, code)
			}
		}
	})
}
