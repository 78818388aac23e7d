package server_test

import (
	"crypto/rand"
	"crypto/rsa"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/sandbox"
)

const settings = "/api/v1/security/provider"

// provided is a company whose people come in by a provider.
type provided struct {
	*company
	provider *sandbox.Provider
	address  string
	admin    caller
}

func onBothProvided(t *testing.T, test func(t *testing.T, c *provided)) {
	t.Helper()
	onBoth(t, func(t *testing.T, c *company) {
		p := &sandbox.Provider{People: []sandbox.Person{
			{Subject: "sub-leader", Name: "Leader", Email: "Leader@example.com", Verified: true, Groups: []string{"bosses"}},
			{Subject: "sub-s1", Name: "S1", Email: "s1@example.com"},
			{Subject: "sub-new", Name: "新人", Email: "new@example.com", Verified: true, Groups: []string{"sellers", "others"}},
			{Subject: "sub-thief", Name: "Thief", Email: "leader@example.com", Verified: true},
		}}
		web := httptest.NewServer(p)
		t.Cleanup(web.Close)
		c.ids["admin"] = c.userID("admin@example.com")
		all := &provided{company: c, provider: p, address: web.URL + sandbox.ProviderPath, admin: c.as("admin")}
		all.set(nil)
		test(t, all)
	})
}

func (c *company) userID(email string) string {
	u, _ := c.app.Accounts.Directory().ByEmail(email)
	return u.ID
}

// set writes the provider's settings, with some of them changed.
func (c *provided) set(change map[string]any) answer {
	c.Helper()
	body := map[string]any{
		"enabled": true, "label": "公司账号", "issuer": c.address, "client_id": sandbox.ProviderClient, "allow_private": true,
		"secret": sandbox.ProviderSecret,
	}
	for name, value := range change {
		if body[name] = value; value == nil {
			delete(body, name)
		}
	}
	return c.admin("PUT", settings, body)
}

// browser is a person's browser: it keeps cookies and follows no redirect by itself.
type browser struct {
	*http.Client
	c *provided
}

func (c *provided) browser() browser {
	c.Helper()
	jar, err := cookiejar.New(nil)
	c.must(err)
	return browser{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, c}
}

// visit opens an address and gives its status, where it leads, and its text.
func (b browser) visit(method, address string, form url.Values) (int, string, string) {
	b.c.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	b.c.must(err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	// The cookie is marked Secure, which browsers take from loopback; this jar does not.
	site, _ := url.Parse(b.c.site.URL)
	secure := *site
	secure.Scheme = "https"
	for _, cookie := range b.Jar.Cookies(&secure) {
		if strings.HasPrefix(address, b.c.site.URL) {
			request.AddCookie(cookie)
		}
	}
	response, err := b.Do(request)
	b.c.must(err)
	defer response.Body.Close()
	b.Jar.SetCookies(&secure, response.Cookies())
	raw, err := io.ReadAll(response.Body)
	b.c.must(err)
	return response.StatusCode, response.Header.Get("Location"), string(raw)
}

// authorize begins a log-in and gives the provider's page and the way back for a person.
func (b browser) authorize(next, subject string) (page, back string) {
	b.c.Helper()
	status, page, text := b.visit("GET", b.c.site.URL+"/auth/oidc?next="+url.QueryEscape(next), nil)
	if status != http.StatusSeeOther || !strings.HasPrefix(page, b.c.address) {
		b.c.Fatalf("begin: %d %s %s", status, page, text)
	}
	status, back, text = b.visit("POST", page, url.Values{"subject": {subject}})
	if status != http.StatusSeeOther {
		b.c.Fatalf("provider: %d %s", status, text)
	}
	return page, back
}

// logIn goes all the way and gives where it ends.
func (b browser) logIn(next, subject string) string {
	b.c.Helper()
	_, back := b.authorize(next, subject)
	_, place, _ := b.visit("GET", back, nil)
	return place
}

func (b browser) me() (int, string) {
	status, _, text := b.visit("GET", b.c.site.URL+"/api/v1/session", nil)
	return status, text
}

func TestLogInByTheProvider(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		if got := c.send("GET", "/api/v1/session/options", nil, nil); !strings.Contains(string(got.body), "公司账号") {
			t.Errorf("options: %s", got.body)
		}
		b := c.browser()
		if place := b.logIn("/o/lead?view=mine", "sub-leader"); place != "/o/lead?view=mine" {
			t.Errorf("ends at %s", place)
		}
		if status, text := b.me(); status != 200 || !strings.Contains(text, "leader@example.com") || strings.Contains(text, `"duty"`) {
			t.Errorf("me: %d %s", status, text)
		}
		own := c.as("leader")("GET", "/api/v1/sessions", nil).items(t)
		if len(own) != 1 || own[0]["method"] != "provider" {
			t.Errorf("sessions %v", own)
		}
	})
}

func TestOnlyVerifiedAndKnownAddressesComeIn(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		for subject, want := range map[string]string{"sub-s1": "email_unverified", "sub-new": "not_known"} {
			b := c.browser()
			if place := b.logIn("/", subject); place != "/login?error="+want {
				t.Errorf("%s: %s", subject, place)
			}
			if status, _ := b.me(); status != 401 {
				t.Errorf("%s is in", subject)
			}
		}
		c.set(map[string]any{"trust_email": true}).want(t, "trust", 200)
		if place := c.browser().logIn("/", "sub-s1"); place != "/" {
			t.Errorf("a trusted provider: %s", place)
		}
		off := false
		c.as("admin")("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"active": off}).want(t, "disable", 200)
		if place := c.browser().logIn("/", "sub-s1"); place != "/login?error=not_known" {
			t.Errorf("a disabled person: %s", place)
		}
	})
}

func TestAnAddressThatPassedToSomebodyNewOpensNothing(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		if place := c.browser().logIn("/", "sub-leader"); place != "/" {
			t.Fatal(place)
		}
		if place := c.browser().logIn("/", "sub-thief"); place != "/login?error=linked_elsewhere" {
			t.Errorf("ends at %s", place)
		}
		c.admin("DELETE", "/api/v1/users/"+c.ids["leader"]+"/link", nil).want(t, "unlink", 204)
		if place := c.browser().logIn("/", "sub-thief"); place != "/" {
			t.Errorf("after the administrator unlinked: %s", place)
		}
	})
}

func TestPeopleAreAddedWithTheRolesOfTheirGroups(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		c.set(map[string]any{
			"create": true, "roles": []string{"service"}, "group_claim": "groups",
			"groups": []map[string]any{{"group": "sellers", "role": "sales"}, {"group": "bosses", "role": "manager"}},
		}).want(t, "settings", 200)
		b := c.browser()
		if place := b.logIn("/", "sub-new"); place != "/" {
			t.Fatal(place)
		}
		if _, text := b.me(); !strings.Contains(text, "新人") || !strings.Contains(text, `"name":"sales"`) || !strings.Contains(text, `"name":"service"`) {
			t.Errorf("me: %s", text)
		}
		c.provider.People[2].Groups = []string{"bosses"}
		if place := c.browser().logIn("/", "sub-new"); place != "/" {
			t.Fatal(place)
		}
		if _, text := b.me(); strings.Contains(text, `"name":"sales"`) || !strings.Contains(text, `"name":"manager"`) || !strings.Contains(text, `"name":"service"`) {
			t.Errorf("after a change of groups: %s", text)
		}
	})
}

func TestTokensThatAreRefused(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		other, err := rsa.GenerateKey(rand.Reader, 2048)
		c.must(err)
		for name, tamper := range map[string]func(*sandbox.ForgedToken){
			"another issuer":        func(f *sandbox.ForgedToken) { f.Claims["iss"] = "https://evil.example" },
			"another audience":      func(f *sandbox.ForgedToken) { f.Claims["aud"] = "somebody-else" },
			"several audiences":     func(f *sandbox.ForgedToken) { f.Claims["aud"] = []string{"clew", "somebody-else"} },
			"another party":         func(f *sandbox.ForgedToken) { f.Claims["azp"] = "somebody-else" },
			"expired":               func(f *sandbox.ForgedToken) { f.Claims["exp"] = time.Now().Add(-time.Hour).Unix() },
			"without expiry":        func(f *sandbox.ForgedToken) { delete(f.Claims, "exp") },
			"another nonce":         func(f *sandbox.ForgedToken) { f.Claims["nonce"] = "replayed" },
			"without a nonce":       func(f *sandbox.ForgedToken) { delete(f.Claims, "nonce") },
			"without a subject":     func(f *sandbox.ForgedToken) { f.Claims["sub"] = "" },
			"algorithm none":        func(f *sandbox.ForgedToken) { f.Header["alg"] = "none"; f.Unsigned = true },
			"no signature":          func(f *sandbox.ForgedToken) { f.Unsigned = true },
			"a shared secret":       func(f *sandbox.ForgedToken) { f.Header["alg"] = "HS256" },
			"another key":           func(f *sandbox.ForgedToken) { f.Key = other },
			"a key that is a path":  func(f *sandbox.ForgedToken) { f.Header["kid"] = "../../etc/passwd" },
			"a key of one's own":    func(f *sandbox.ForgedToken) { f.Key = other; f.Header["jku"] = "https://evil.example/keys" },
			"verified as a number":  func(f *sandbox.ForgedToken) { f.Claims["email_verified"] = 1 },
			"an address as a list":  func(f *sandbox.ForgedToken) { f.Claims["email"] = []string{"leader@example.com"} },
			"an unverified address": func(f *sandbox.ForgedToken) { f.Claims["email_verified"] = "false" },
		} {
			c.provider.Tamper = tamper
			b := c.browser()
			place := b.logIn("/", "sub-leader")
			if place != "/login?error=provider_failed" && place != "/login?error=email_unverified" {
				t.Errorf("%s: ends at %s", name, place)
			}
			if status, _ := b.me(); status != 401 {
				t.Errorf("%s: is in", name)
			}
		}
		c.provider.Tamper = nil
		if place := c.browser().logIn("/", "sub-leader"); place != "/" {
			t.Errorf("untouched: %s", place)
		}
	})
}

func TestStatesAreUsedOnceByTheBrowserThatBegan(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		const refused = "/login?error=provider_state"
		victim, attacker := c.browser(), c.browser()
		_, back := attacker.authorize("/", "sub-leader")
		if _, place, _ := victim.visit("GET", back, nil); place != refused {
			t.Errorf("another's log-in pushed on a browser: %s", place)
		}
		if _, place, _ := attacker.visit("GET", back, nil); place != refused {
			t.Errorf("a state that was tried already: %s", place)
		}
		_, back = victim.authorize("/", "sub-leader")
		if _, place, _ := victim.visit("GET", back, nil); place != "/" {
			t.Fatal(place)
		}
		if _, place, _ := victim.visit("GET", back, nil); place != refused {
			t.Errorf("the way back again: %s", place)
		}
		for name, change := range map[string]func(url.Values){
			"no state":        func(q url.Values) { q.Del("state") },
			"another state":   func(q url.Values) { q.Set("state", "made-up") },
			"a mix-up":        func(q url.Values) { q.Set("iss", "https://other.example") },
			"no code":         func(q url.Values) { q.Del("code") },
			"another code":    func(q url.Values) { q.Set("code", "made-up") },
			"the person said": func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") },
		} {
			b := c.browser()
			_, back := b.authorize("/", "sub-leader")
			u, err := url.Parse(back)
			c.must(err)
			q := u.Query()
			change(q)
			u.RawQuery = q.Encode()
			if _, place, _ := b.visit("GET", u.String(), nil); !strings.HasPrefix(place, "/login?error=provider_") {
				t.Errorf("%s: %s", name, place)
			}
			if status, _ := b.me(); status != 401 {
				t.Errorf("%s: is in", name)
			}
		}
	})
}

func TestProofKeyAndRedirectAreWhatWasAsked(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		page, back := c.browser().authorize("/", "sub-leader")
		u, err := url.Parse(page)
		c.must(err)
		q := u.Query()
		if q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("state") == "" || q.Get("redirect_uri") != c.site.URL+"/auth/oidc/callback" {
			t.Errorf("asked: %v", q)
		}
		way, err := url.Parse(back)
		c.must(err)
		for name, form := range map[string]url.Values{
			"no verifier":      {},
			"another verifier": {"code_verifier": {strings.Repeat("a", 43)}},
		} {
			form.Set("grant_type", "authorization_code")
			form.Set("code", way.Query().Get("code"))
			form.Set("redirect_uri", c.site.URL+"/auth/oidc/callback")
			form.Set("client_id", sandbox.ProviderClient)
			form.Set("client_secret", sandbox.ProviderSecret)
			response, err := http.PostForm(c.address+"/token", form)
			c.must(err)
			raw, _ := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if response.StatusCode != 400 || !strings.Contains(string(raw), "invalid_grant") {
				t.Errorf("%s: a stolen code is redeemed: %d %s", name, response.StatusCode, raw)
			}
		}
	})
}

func TestTheWayOnStaysOnThisSite(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		for _, next := range []string{
			"https://evil.example", "//evil.example", `/\evil.example`, `\\evil.example`, "javascript:alert(1)", "/\t/evil.example", "evil.example", "",
		} {
			if place := c.browser().logIn(next, "sub-leader"); place != "/" {
				t.Errorf("next=%q ends at %s", next, place)
			}
		}
	})
}

func TestALogInByTheProviderTakesANewSession(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		b := c.browser()
		site, _ := url.Parse(c.site.URL)
		site.Scheme = "https"
		b.Jar.SetCookies(site, []*http.Cookie{{Name: "__Host-clew", Value: "planted", Path: "/", Secure: true}})
		if place := b.logIn("/", "sub-leader"); place != "/" {
			t.Fatal(place)
		}
		for _, cookie := range b.Jar.Cookies(site) {
			if cookie.Name == "__Host-clew" && cookie.Value == "planted" {
				t.Error("the planted session was taken over")
			}
			if cookie.Name == "__Host-clew-signin" {
				t.Error("the log-in's cookie stays")
			}
		}
	})
}

func TestProviderSettings(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		shown := c.admin("GET", settings, nil)
		if strings.Contains(string(shown.body), sandbox.ProviderSecret) || shown.json(t)["has_secret"] != true || shown.json(t)["callback"] != c.site.URL+"/auth/oidc/callback" {
			t.Errorf("settings: %s", shown.body)
		}
		c.set(map[string]any{"secret": nil, "label": "SSO"}).want(t, "another label keeps the secret", 200)
		for name, change := range map[string]map[string]any{
			"another host":   {"issuer": "http://10.0.0.5/oidc", "secret": nil},
			"another client": {"client_id": "other", "secret": nil},
			"http outside":   {"issuer": "http://idp.example", "allow_private": false},
			"no issuer":      {"issuer": ""},
			"user info":      {"issuer": "https://a@idp.example"},
			"a file":         {"issuer": "file:///etc/passwd"},
			"an odd role":    {"roles": []string{"nobody"}},
			"an odd place":   {"department": "nowhere"},
		} {
			c.set(change).want(t, name, 422)
		}
		c.as("leader")("GET", settings, nil).want(t, "without the right", 403)
		c.as("leader")("PUT", settings, map[string]any{}).want(t, "without the right", 403)
		// The secret never shows in the audit either.
		log := c.admin("GET", "/api/v1/audit?kind=security", nil)
		if strings.Contains(string(log.body), sandbox.ProviderSecret) || !strings.Contains(string(log.body), "security.provider_changed") {
			t.Errorf("audit: %s", log.body)
		}
	})
}

func TestTheConnectionIsTried(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		try := func(change map[string]any) map[string]bool {
			body := map[string]any{"issuer": c.address, "client_id": sandbox.ProviderClient, "allow_private": true}
			for name, value := range change {
				body[name] = value
			}
			found := map[string]bool{}
			checks, _ := c.admin("POST", settings+"/test", body).want(t, "test", 200).json(t)["checks"].([]any)
			for _, item := range checks {
				check := item.(map[string]any)
				found[check["name"].(string)], _ = check["ok"].(bool)
				if check["ok"] == false && check["message"] == nil {
					t.Errorf("no reason: %v", check)
				}
			}
			return found
		}
		if got := try(nil); !got["discovery"] || !got["keys"] || !got["client"] {
			t.Errorf("as it is: %v", got)
		}
		if got := try(map[string]any{"secret": "wrong"}); !got["keys"] || got["client"] {
			t.Errorf("a wrong secret: %v", got)
		}
		if got := try(map[string]any{"client_id": "other"}); got["client"] {
			t.Errorf("another client with the kept secret: %v", got)
		}
		if got := try(map[string]any{"issuer": c.address + "/other"}); got["discovery"] {
			t.Errorf("another issuer: %v", got)
		}
		private := strings.Replace(c.address, "http://", "https://", 1)
		if got := try(map[string]any{"issuer": private, "allow_private": false}); got["discovery"] {
			t.Errorf("an inner address that was not allowed: %v", got)
		}
	})
}
