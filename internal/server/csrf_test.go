package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"clew.dev/clew/internal/api"
)

// TestEveryUnsafeRouteWantsTheToken: with a cookie alone nothing is done (62),
// whatever else another site can make a browser send.
func TestEveryUnsafeRouteWantsTheToken(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		manager := c.as("leader")
		s, _ := c.enter("boss@example.com", password)
		tries := map[string]map[string]string{
			"csrf without a token":      {},
			"csrf with an empty one":    {"X-CSRF-Token": ""},
			"csrf with a wrong one":     {"X-CSRF-Token": strings.Repeat("x", len(s.csrf))},
			"csrf with half of it":      {"X-CSRF-Token": s.csrf[:len(s.csrf)/2]},
			"csrf with more":            {"X-CSRF-Token": s.csrf + "x"},
			"csrf with the cookie":      {"X-CSRF-Token": strings.TrimPrefix(s.cookie, "__Host-clew=")},
			"csrf in another header":    {"X-Xsrf-Token": s.csrf},
			"csrf as a form's post":     {"Content-Type": "text/plain"},
			"cross_site by its mark":    {"X-CSRF-Token": s.csrf, "Sec-Fetch-Site": "cross-site"},
			"cross_site by a neighbour": {"X-CSRF-Token": s.csrf, "Sec-Fetch-Site": "same-site"},
			"cross_site by its origin":  {"X-CSRF-Token": s.csrf, "Origin": "https://evil.example"},
			"cross_site by no origin":   {"X-CSRF-Token": s.csrf, "Origin": "null"},
		}
		for _, route := range api.New(api.Dependencies{}).Routes() {
			public := strings.HasPrefix(route.Path, "/in/") || strings.HasPrefix(route.Path, "/f/") || route.Path == "/api/v1/session" && route.Method == "POST" ||
				route.Path == "/api/v1/session/reset"
			if route.Method == "GET" || public {
				continue
			}
			path := c.addressed(manager, route.Path)
			for what, header := range tries {
				all := map[string]string{"Cookie": s.cookie, "Content-Type": "application/json"}
				for k, v := range header {
					all[k] = v
				}
				status, _, raw := c.status(route.Method, path, []byte("{}"), all)
				want, _, _ := strings.Cut(what, " ")
				if status != 403 || !strings.Contains(string(raw), `"code":"`+want+`"`) {
					t.Errorf("%s %s %s: %d %s", route.Method, route.Path, what, status, raw)
				}
			}
		}
		s.do("GET", "/api/v1/session", nil).want(t, "still in", 200)
	})
}

// TestNothingIsDoneByGet: no GET or HEAD of any route changes a record, a
// document, a person or a log-in.
func TestNothingIsDoneByGet(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		boss := c.as("boss")
		there := c.standing(boss)
		id := c.lead(c.as("leader"), map[string]any{"company": "x", "owner": c.ids["s1"]})
		there["{object}"] = id
		state := func() string {
			var b strings.Builder
			for _, path := range []string{"/api/v1/config", "/api/v1/users", "/api/v1/pools", "/api/v1/config/drafts", "/api/v1/views?object=lead", "/api/v1/pins", "/api/v1/recent", leads, leads + "/" + id + "/thread", "/api/v1/inbox", operations} {
				fmt.Fprintf(&b, "%s\n", boss("GET", path, nil).body)
			}
			return b.String()
		}
		header := c.bearers()["administrator"]
		before := state()
		for _, route := range api.New(api.Dependencies{}).Routes() {
			if route.Method != "GET" || strings.HasPrefix(route.Path, "/auth/") {
				continue
			}
			path := strings.Replace(route.Path, "{object}/{id}", "lead/"+id, 1)
			path = c.reaching(boss, path, there)
			for _, method := range []string{"GET", "HEAD"} {
				for _, query := range []string{"", "?_method=DELETE", "?method=POST&_method=PUT"} {
					status, head, raw := c.status(method, path+query, nil, header)
					if status >= 500 && route.Path != "/readyz" {
						t.Errorf("%s %s: %d %.200s", method, path, status, raw)
					}
					if method == "HEAD" && len(raw) > 0 {
						t.Errorf("HEAD %s has a body: %.100s", path, raw)
					}
					if head.Get("Access-Control-Allow-Origin") != "" {
						t.Errorf("%s lets other sites read", path)
					}
				}
			}
		}
		if after := state(); after != before {
			t.Errorf("a GET changed something:\n%s\n%s", before, after)
		}
	})
}

// TestOtherMethodsAreRefused: a path answers only the methods that the table names; all others get 405.
func TestOtherMethodsAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		header, manager := c.bearers()["administrator"], c.as("leader")
		known := map[string]map[string]bool{}
		for _, route := range api.New(api.Dependencies{}).Routes() {
			if known[route.Path] == nil {
				known[route.Path] = map[string]bool{}
			}
			known[route.Path][route.Method] = true
		}
		for path, methods := range known {
			if strings.HasSuffix(path, "/{id}") || strings.HasSuffix(path, "/{name}") || strings.Contains(path, "/{kind}") {
				continue // another route with a parameter may stand behind it
			}
			for _, method := range []string{"PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "QUERY"} {
				if methods[method] {
					continue
				}
				status, head, raw := c.status(method, c.addressed(manager, path), []byte("{}"), header)
				problem(t, method+" "+path, status, head, raw)
				if status != 405 && status != 404 {
					t.Errorf("%s %s: %d %.200s", method, path, status, raw)
				}
			}
		}
	})
}

// TestOtherOriginsReadNothing: no origin, however near, is let in (113).
func TestOtherOriginsReadNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s, _ := c.enter("s1@example.com", password)
		host := strings.TrimPrefix(c.site.URL, "http://")
		for _, origin := range []string{"null", "https://evil.example", "http://" + host + ".evil.example", "http://evil." + host, "http://" + host + "@evil.example", "file://", "http://localhost"} {
			for _, method := range []string{http.MethodGet, http.MethodOptions} {
				_, head, _ := c.status(method, "/api/v1/session", nil, map[string]string{"Cookie": s.cookie, "Origin": origin, "Access-Control-Request-Method": "PATCH"})
				for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"} {
					if head.Get(name) != "" {
						t.Errorf("%s by %s: %s %s", method, origin, name, head.Get(name))
					}
				}
			}
		}
	})
}
