package api_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

func embeddedSite(t *testing.T) *site {
	t.Helper()
	return newSite(t, clewtest.Open(t, clewtest.Embedded(t)), nil)
}

func TestEveryRouteDeclaresItsPolicy(t *testing.T) {
	seen := map[string]bool{}
	for _, route := range api.New(api.Dependencies{}).Routes() {
		name := route.Method + " " + route.Path
		if !route.Policy.Declared() {
			t.Errorf("%s declares no policy", name)
		}
		if route.Handle == nil || route.Summary == "" || route.Tag == "" {
			t.Errorf("%s lacks a handler, a summary or a tag", name)
		}
		if seen[name] {
			t.Errorf("%s stands twice in the table", name)
		}
		seen[name] = true
	}
}

func TestNobodyPassesAGuardedRoute(t *testing.T) {
	s := embeddedSite(t)
	parameter := regexp.MustCompile(`\{[^}]+\}`)
	for _, route := range api.New(api.Dependencies{}).Routes() {
		if strings.HasPrefix(route.Policy.Reason, "needs ") || s.call(route.Method, parameter.ReplaceAllString(route.Path, "x"), nil).status == 401 {
			s.want(route.Method+" "+route.Path, s.call(route.Method, parameter.ReplaceAllString(route.Path, "x"), nil), 401, "unauthorized")
			s.want("with a wrong token", s.call(route.Method, parameter.ReplaceAllString(route.Path, "x"), nil, "Authorization", "Bearer clew_x"), 401, "unauthorized")
		}
	}
}

func TestPathTricksLeadNowhere(t *testing.T) {
	s := newSite(t, clewtest.Open(t, clewtest.Embedded(t)), func(d *api.Dependencies) {
		d.App = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("app")) })
	})
	for _, path := range []string{"/api/v1/users?x=/openapi.json", "/api/v1/users?x=/healthz"} {
		s.want(path, s.call("GET", path, nil), 401, "unauthorized")
	}
	for _, path := range []string{"//api/v1/users", "/api/v1/users/", "/API/v1/users", "/x/../api/v1/users", "/api/v1/%2e%2e/v1/users", "/api/v2/users"} {
		a := s.call("GET", path, nil)
		if a.status != 404 && a.status != 401 {
			t.Errorf("%s: %d %s", path, a.status, a.raw)
		}
	}
	if a := s.call("GET", "/leads/7", nil); a.status != 200 || a.raw != "app" {
		t.Errorf("a page of the app: %d %s", a.status, a.raw)
	}
	s.want("a form to nowhere", s.call("POST", "/leads/7", "{}"), 404, "not_found")
}

func TestStrictJSON(t *testing.T) {
	s := embeddedSite(t)
	admin := s.logIn("admin")
	for _, test := range []struct {
		body   string
		status int
		code   string
		errors map[string]string
	}{
		{`{"name":"x"`, 400, "invalid_json", map[string]string{"": "syntax"}},
		{``, 400, "invalid_json", map[string]string{"": "syntax"}},
		{`{"name":NaN}`, 400, "invalid_json", map[string]string{"": "syntax"}},
		{`{"capacity":Infinity}`, 400, "invalid_json", map[string]string{"": "syntax"}},
		{`{"name":"x"}{"name":"y"}`, 400, "invalid_json", map[string]string{"": "trailing_data"}},
		{"{\"name\":\"\xff\"}", 400, "invalid_utf8", map[string]string{}},
		{`{"name":"x","owner_id":"1","_role":"admin","Name":"y"}`, 422, "invalid_input", map[string]string{
			"owner_id": "unknown_field", "_role": "unknown_field", "Name": "unknown_field",
		}},
		{`{"name":7}`, 422, "invalid_input", map[string]string{"name": "wrong_type"}},
		{`{"capacity":1.5}`, 422, "invalid_input", nil},
		{`[]`, 422, "invalid_input", map[string]string{"": "wrong_type"}},
		{strings.Repeat("[", 20_000), 400, "invalid_json", map[string]string{"": "syntax"}},
		{`{"name":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "too_large", map[string]string{}},
	} {
		a := admin.do("POST", "/api/v1/users", test.body)
		s.want(test.body[:min(len(test.body), 60)], a, test.status, test.code)
		if diff := cmp.Diff(test.errors, a.codes()); diff != "" && test.errors != nil {
			t.Errorf("%.60s: %s", test.body, diff)
		}
	}
}

func TestProblemsSpeakTheCallersLanguage(t *testing.T) {
	s := embeddedSite(t)
	for accept, want := range map[string]string{
		"": "请先登录", "en-GB,zh;q=0.5": "Log in first.", "fr, zh-TW;q=0.3": "请先登录", "fr": "请先登录", "*;q=x": "请先登录",
	} {
		a := s.call("GET", "/api/v1/session", nil, "Accept-Language", accept)
		if a.text("title") != want || a.header.Get("Content-Type") != "application/problem+json; charset=utf-8" {
			t.Errorf("Accept-Language %q: %s", accept, a.raw)
		}
		if a.header.Get("WWW-Authenticate") == "" {
			t.Error("401 without WWW-Authenticate")
		}
	}
}

func TestUnseenAndAbsentAreTheSameBytes(t *testing.T) {
	s := embeddedSite(t)
	sales, service := s.logIn("sales"), s.logIn("service")
	made := sales.do("POST", "/api/v1/users/"+s.users["sales"].ID+"/leave", map[string]any{"from": "2026-10-01", "to": "2026-10-02"})
	unseen := service.do("DELETE", "/api/v1/leave/"+made.text("id"), nil)
	absent := service.do("DELETE", "/api/v1/leave/00000000-0000-7000-8000-000000000000", nil)
	nowhere := service.do("DELETE", "/api/v1/nothing/of/this/kind", nil)
	if unseen.raw != absent.raw || unseen.raw != nowhere.raw || unseen.status != 404 {
		t.Errorf("%s / %s / %s", unseen.raw, absent.raw, nowhere.raw)
	}
}

func TestEveryAnswerCarriesTheGuards(t *testing.T) {
	s := embeddedSite(t)
	for _, path := range []string{"/api/v1/session", "/openapi.json", "/docs", "/nothing"} {
		h := s.call("GET", path, nil).header
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-Id", "X-Frame-Options"} {
			if h.Get(name) == "" {
				t.Errorf("%s lacks %s", path, name)
			}
		}
		if policy := h.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "http") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
}

func TestPanicBecomesAnAnswer(t *testing.T) {
	s := newSite(t, clewtest.Open(t, clewtest.Embedded(t)), func(d *api.Dependencies) {
		d.OpenLoad = func(*sqldb.Tx, []string) (map[string]int, error) { panic("secret detail") }
		d.App = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret detail") })
	})
	for _, a := range []answer{s.logIn("admin").do("GET", "/api/v1/users", nil), s.call("GET", "/page", nil)} {
		s.want("panic", a, 500, "internal")
		if strings.Contains(a.raw, "secret detail") || a.text("request_id") != a.header.Get("X-Request-Id") || a.text("request_id") == "" {
			t.Errorf("%s", a.raw)
		}
	}
}

func TestDatabaseDownIsSaidSo(t *testing.T) {
	s := newSite(t, clewtest.Open(t, clewtest.Embedded(t)), func(d *api.Dependencies) {
		d.OpenLoad = func(*sqldb.Tx, []string) (map[string]int, error) {
			return nil, fault.Wrap(fault.Unavailable, "database_unavailable", errors.New("connection refused"))
		}
	})
	a := s.logIn("admin").do("GET", "/api/v1/users", nil)
	s.want("down", a, 503, "database_unavailable")
	if a.header.Get("Retry-After") != "2" || strings.Contains(a.raw, "refused") {
		t.Errorf("Retry-After %q: %s", a.header.Get("Retry-After"), a.raw)
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	s := embeddedSite(t)
	if a := s.call("HEAD", "/openapi.json", nil); a.status != 200 || a.raw != "" {
		t.Errorf("%d %q", a.status, a.raw)
	}
	s.want("HEAD of a guarded route", answer{status: s.call("HEAD", "/api/v1/users", nil).status}, 401, "")
}

// A body that never ends is cut at the limit, whatever its length claims.
func TestBodyWithoutLengthIsCut(t *testing.T) {
	s := embeddedSite(t)
	handler := s.server.Config.Handler
	r := httptest.NewRequest("POST", "/api/v1/session", endless{})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != 413 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
