package server_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"clew.dev/clew/internal/api"
)

// junk is what no id, name or parameter is, as a path or a query carries it.
func junk() map[string]string {
	return map[string]string{
		"a NUL":               "%00",
		"a NUL within":        "a%00b",
		"bytes that are none": "%ff%fe",
		"half a character":    "%e4%bd",
		"a quote":             "'%20OR%20'1'='1",
		"a comment":           "--%20x%3B%20DROP%20TABLE%20account",
		"long":                longNoise(3000),
		"long Chinese":        strings.Repeat("%E5%BC%A0", 700),
		"a picture":           "%F0%9F%98%80",
		"a way up":            "..%2F..%2Fetc%2Fpasswd",
		"a number":            "-1",
		"a huge number":       "99999999999999999999999",
		"line breaks":         "a%0d%0aX-Evil:%201",
		"JSON":                "%7B%22a%22%3A1%7D",
		"an id of none":       "00000000-0000-0000-0000-000000000000",
	}
}

// longNoise is text that no index makes shorter.
func longNoise(n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	out, state := make([]byte, n), uint32(7)
	for i := range out {
		state = state*1664525 + 1013904223
		out[i] = letters[state>>16%36]
	}
	return string(out)
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// TestNoAddressBreaksARoute puts junk in place of each part of each route's
// path: on both databases the answer is a refusal that tells nothing of the
// inside, never a failure; nobody who is not logged in is told more.
func TestNoAddressBreaksARoute(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		header := c.bearers()["administrator"]
		for _, route := range api.New(api.Dependencies{}).Routes() {
			parts := placeholder.FindAllString(route.Path, -1)
			for _, part := range parts {
				for what, text := range junk() {
					path := fillers.Replace(strings.Replace(strings.Replace(route.Path, part, text, 1), "{id}", absentID, 1))
					if placeholder.MatchString(path) {
						path = placeholder.ReplaceAllString(path, "absent")
					}
					status, _, raw := c.status(route.Method, path, []byte(`{}`), header)
					inside(t, route.Method+" "+route.Path+" with "+what+" for "+part, status, raw)
					if strings.HasPrefix(route.Path, "/api/") {
						continue // a stranger gets no further than the door there
					}
					status, _, raw = c.status(route.Method, path, []byte(`{}`), nil)
					inside(t, "a stranger's "+route.Method+" "+route.Path+" with "+what+" for "+part, status, raw)
				}
			}
		}
		c.as("boss")("GET", "/api/v1/session", nil).want(t, "alive", 200)
	})
}

// TestNoParameterBreaksARoute does the same with each parameter that a route says it takes.
func TestNoParameterBreaksARoute(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		header := c.bearers()["administrator"]
		lead := c.lead(c.as("leader"), map[string]any{"company": "一"})
		tried := 0
		for _, route := range api.New(api.Dependencies{}).Routes() {
			if route.Method != "GET" {
				continue
			}
			path := strings.Replace(route.Path, "/records/{object}/{id}", "/records/lead/"+lead, 1)
			if known, ok := places[route.Path]; ok {
				path = known
			}
			path = placeholder.ReplaceAllString(fillers.Replace(strings.Replace(path, "{id}", absentID, 1)), "absent")
			for _, parameter := range route.Query {
				tried++
				for what, text := range junk() {
					status, _, raw := c.status("GET", path+"?"+url.QueryEscape(parameter.Name)+"="+text, nil, header)
					inside(t, "GET "+route.Path+" with "+what+" for "+parameter.Name, status, raw)
				}
			}
		}
		if tried < 40 {
			t.Errorf("only %d parameters", tried)
		}
	})
}

// TestNoLogInBreaksTheDatabase: the one body that a stranger may send.
func TestNoLogInBreaksTheDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		for what, text := range junk() {
			plain, err := url.PathUnescape(text)
			c.must(err)
			for _, body := range []map[string]any{{"email": plain, "password": "x"}, {"email": "leader@example.com", "password": plain}} {
				got := c.send("POST", "/api/v1/session", body, map[string]string{"X-Requested-With": "clew"})
				if got.status != 401 && got.status != 400 && got.status != 422 && got.status != 429 {
					t.Errorf("%s: %d %s", what, got.status, got.body)
				}
				inside(t, "a log-in with "+what, got.status, got.body)
			}
			for _, header := range []map[string]string{{"Authorization": "Bearer clew_" + text}, {"Authorization": "Bearer " + text}, {"Cookie": "__Host-clew=" + text}} {
				status, _, raw := c.status("GET", "/api/v1/session", nil, header)
				if status != 401 {
					t.Errorf("%s as a secret: %d %s", what, status, raw)
				}
			}
		}
	})
}

// TestNoHeaderBreaksTheDatabase: a header may hold bytes that are no text.
func TestNoHeaderBreaksTheDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		bearer := c.bearers()["sales"]
		for name, path := range map[string]string{
			"Idempotency-Key": "POST " + leads, "User-Agent": "POST /api/v1/session", "Accept-Language": "GET /api/v1/session", "X-Request-Id": "GET /api/v1/session", "If-Match": "PATCH " + leads + "/" + absentID,
			"X-Forwarded-For": "POST /api/v1/session", "Origin": "GET /api/v1/session", "Referer": "GET /f/website", "If-None-Match": "GET " + leads, "Last-Event-ID": "GET /api/v1/live", "X-Open-Signature": "POST /in/douyin", "Content-Type": "POST " + leads,
		} {
			for _, value := range []string{"\xff\xfe", "\xe4\xbd", longNoise(5000), "%00", "😀", "a;b=\"c", "'--"} {
				method, address, _ := strings.Cut(path, " ")
				header := map[string]string{name: value}
				for k, v := range bearer {
					header[k] = v
				}
				body := `{"company":"x","email":"leader@example.com","password":"wrong"}`
				status, _, raw := c.status(method, address, []byte(body), header)
				inside(t, path+" with "+name, status, raw)
			}
		}
	})
}

// inside checks that an answer is no failure and tells nothing of the inside.
func inside(t *testing.T, what string, status int, raw []byte) {
	t.Helper()
	if status >= 500 {
		t.Errorf("%s: %d %.200s", what, status, raw)
	}
	for _, word := range tells {
		if strings.Contains(string(raw), word) {
			t.Errorf("%s tells %q: %.200s", what, word, raw)
		}
	}
}
