package api_test

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/clewtest"
)

func TestLogInAndOut(t *testing.T) {
	sites(t, func(s *site) {
		s.want("nobody", s.call("GET", "/api/v1/session", nil), 401, "unauthorized")
		sales := s.logIn("sales")
		me := sales.do("GET", "/api/v1/session", nil)
		s.want("me", me, 200, "")
		user, _ := me.body["user"].(map[string]any)
		if user["home"] != "sales" || user["email"] != "sales@example.com" || me.text("csrf") != sales.csrf {
			s.t.Errorf("session: %s", me.raw)
		}
		if !strings.Contains(me.raw, `"zone":"Asia/Shanghai"`) || !strings.Contains(me.raw, `"label":"销售"`) {
			s.t.Errorf("session: %s", me.raw)
		}
		s.want("log-out", sales.do("DELETE", "/api/v1/session", nil), 204, "")
		s.want("after log-out", sales.do("GET", "/api/v1/session", nil), 401, "unauthorized")
	})
}

func TestCookieIsGuarded(t *testing.T) {
	sites(t, func(s *site) {
		body := map[string]any{"email": "sales@example.com", "password": password}
		for _, test := range []struct {
			host, name string
			secure     bool
		}{{"", "__Host-clew", true}, {"localhost:8420", "__Host-clew", true}, {"crm.example.com", "clew", false}} {
			header := []string{}
			if test.host != "" {
				header = append(header, "Host", test.host)
			}
			cookie := s.call("POST", "/api/v1/session", body, header...).header.Get("Set-Cookie")
			for _, part := range []string{test.name + "=", "HttpOnly", "SameSite=Lax", "Path=/"} {
				if !strings.Contains(cookie, part) {
					s.t.Errorf("host %q: cookie %q lacks %s", test.host, cookie, part)
				}
			}
			if strings.Contains(cookie, "Secure") != test.secure || strings.Contains(cookie, "Domain") {
				s.t.Errorf("host %q: cookie %q", test.host, cookie)
			}
		}
	})
}

func TestLogInTakesANewSession(t *testing.T) {
	sites(t, func(s *site) {
		first := s.logIn("sales")
		planted := "__Host-clew=planted-by-somebody"
		a := s.call("POST", "/api/v1/session", map[string]any{"email": "sales@example.com", "password": password}, "Cookie", planted)
		if strings.Contains(a.header.Get("Set-Cookie"), "planted") {
			s.t.Error("a planted session was taken over")
		}
		a = s.call("POST", "/api/v1/session", map[string]any{"email": "sales@example.com", "password": password}, "Cookie", first.cookie)
		if strings.Contains(a.header.Get("Set-Cookie"), first.cookie) {
			s.t.Error("the session before the log-in was kept")
		}
		s.want("the session before", first.do("GET", "/api/v1/session", nil), 401, "unauthorized")
	})
}

func TestUnsafeRequestsNeedTheCSRFToken(t *testing.T) {
	sites(t, func(s *site) {
		sales := s.logIn("sales")
		name := map[string]any{"name": "robot"}
		for _, given := range []string{"", "wrong", s.logIn("admin").csrf} {
			s.want("token "+given, s.call("POST", "/api/v1/tokens", name, "Cookie", sales.cookie, "X-CSRF-Token", given), 403, "csrf")
		}
		s.want("cross-site", sales.do("POST", "/api/v1/tokens", name, "Sec-Fetch-Site", "cross-site"), 403, "cross_site")
		login := map[string]any{"email": "sales@example.com", "password": password}
		s.want("cross-site log-in", s.call("POST", "/api/v1/session", login, "Sec-Fetch-Site", "cross-site"), 403, "cross_site")
		s.want("its own", sales.do("POST", "/api/v1/tokens", name), 201, "")
		s.want("GET that changes", sales.do("GET", "/api/v1/tokens/1", nil), 405, "method_not_allowed")
	})
}

func TestLockOutTellsNothing(t *testing.T) {
	sites(t, func(s *site) {
		try := func(email, pass string) answer {
			return s.call("POST", "/api/v1/session", map[string]any{"email": email, "password": pass}, "X-Forwarded-For", "203.0.113.9")
		}
		for i := range 7 {
			known, unknown := try("sales@example.com", "wrong password"), try("nobody@example.com", "wrong password")
			if known.status != unknown.status || known.raw != unknown.raw {
				s.t.Fatalf("try %d tells them apart: %s / %s", i, known.raw, unknown.raw)
			}
			if i < 5 && known.text("code") != "bad_credentials" || i >= 5 && known.text("code") != "locked" {
				s.t.Fatalf("try %d: %s", i, known.raw)
			}
		}
		locked := try("sales@example.com", password)
		s.want("the right password while locked", locked, 429, "locked")
		if after, _ := locked.body["retry_after"].(float64); after != 901 && after != 900 {
			s.t.Errorf("retry after %v seconds", after)
		}
		if locked.header.Get("Retry-After") == "" {
			s.t.Error("no Retry-After")
		}
		s.clock.Advance(15*time.Minute + time.Second)
		s.want("later", try("sales@example.com", password), 200, "")
	})
}

func TestAddressComesFromBelievedProxiesOnly(t *testing.T) {
	s := newSite(t, clewtest.Open(t, clewtest.Embedded(t)), func(d *api.Dependencies) {
		d.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	})
	try := func(forwarded, pass string) answer {
		return s.call("POST", "/api/v1/session", map[string]any{"email": "sales@example.com", "password": pass}, "X-Forwarded-For", forwarded)
	}
	for range 5 {
		s.want("guess", try("198.51.100.7, 203.0.113.9", "wrong password"), 401, "bad_credentials")
	}
	s.want("same client with another claim", try("198.51.100.8, 203.0.113.9", password), 429, "locked")
	s.want("another client", try("203.0.113.10", password), 200, "")
	https := s.call("POST", "/api/v1/session", map[string]any{"email": "sales@example.com", "password": password},
		"X-Forwarded-For", "203.0.113.11", "X-Forwarded-Proto", "https", "Host", "crm.example.com")
	if !strings.HasPrefix(https.header.Get("Set-Cookie"), "__Host-clew=") || https.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("behind an https proxy: %v", https.header)
	}
}

func TestTokens(t *testing.T) {
	sites(t, func(s *site) {
		sales := s.logIn("sales")
		made := sales.do("POST", "/api/v1/tokens", map[string]any{"name": "robot"})
		s.want("token", made, 201, "")
		bearer := []string{"Authorization", "Bearer " + made.text("token")}
		s.want("bearer", s.call("GET", "/api/v1/session", nil, bearer...), 200, "")
		s.want("bearer needs no csrf", s.call("POST", "/api/v1/tokens", map[string]any{"name": "second"}, bearer...), 201, "")
		s.want("empty authorization", sales.do("GET", "/api/v1/session", nil, "Authorization", ""), 200, "")
		s.want("wrong bearer with a good cookie", sales.do("GET", "/api/v1/session", nil, "Authorization", "Bearer clew_wrong"), 401, "unauthorized")
		s.want("basic", s.call("GET", "/api/v1/session", nil, "Authorization", "Basic abc"), 401, "unauthorized")
		list := sales.do("GET", "/api/v1/tokens", nil)
		if strings.Contains(list.raw, made.text("token")) || !strings.Contains(list.raw, "robot") {
			s.t.Errorf("list: %s", list.raw)
		}
		s.want("another's token", s.logIn("admin").do("DELETE", "/api/v1/tokens/"+made.text("id"), nil), 404, "not_found")
		s.want("own token", sales.do("DELETE", "/api/v1/tokens/"+made.text("id"), nil), 204, "")
		s.want("ended bearer", s.call("GET", "/api/v1/session", nil, bearer...), 401, "unauthorized")
	})
}

func TestOwnPasswordAndLanguage(t *testing.T) {
	sites(t, func(s *site) {
		here, there := s.logIn("sales"), s.logIn("sales")
		s.want("wrong old", here.do("PATCH", "/api/v1/session", map[string]any{"password": map[string]any{"old": "x", "new": "new password"}}), 422, "invalid_input")
		changed := here.do("PATCH", "/api/v1/session", map[string]any{
			"language": "en", "password": map[string]any{"old": password, "new": "new password"},
		})
		s.want("change", changed, 200, "")
		s.want("elsewhere", there.do("GET", "/api/v1/session", nil), 401, "unauthorized")
		s.want("the old cookie", here.do("GET", "/api/v1/session", nil), 401, "unauthorized")
		cookie, _, _ := strings.Cut(changed.header.Get("Set-Cookie"), ";")
		now := login{site: s, cookie: cookie, csrf: changed.text("csrf")}
		missing := now.do("DELETE", "/api/v1/tokens/1", nil)
		s.want("the new cookie", missing, 404, "not_found")
		if !strings.Contains(missing.text("title"), "does not exist") {
			s.t.Errorf("not in the user's language: %s", missing.raw)
		}
	})
}

func TestDisabledUserIsOutAtOnce(t *testing.T) {
	sites(t, func(s *site) {
		sales, admin := s.logIn("sales"), s.logIn("admin")
		s.want("disable", admin.do("PATCH", "/api/v1/users/"+s.users["sales"].ID, map[string]any{"active": false}), 200, "")
		s.want("session", sales.do("GET", "/api/v1/session", nil), 401, "unauthorized")
		s.want("log-in", s.call("POST", "/api/v1/session", map[string]any{"email": "sales@example.com", "password": password}), 401, "bad_credentials")
	})
}

func TestFloodOfLogInsIsLimited(t *testing.T) {
	s := newSite(t, clewtest.Open(t, clewtest.Embedded(t)), nil)
	var statuses []int
	for range 60 {
		statuses = append(statuses, s.call("POST", "/api/v1/session", map[string]any{}).status)
	}
	if !slices.Contains(statuses, http.StatusTooManyRequests) {
		t.Errorf("60 log-ins at once: %v", statuses)
	}
}
