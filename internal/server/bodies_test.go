package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"clew.dev/clew/internal/api"
)

// standing makes things that routes can name, so that a call reaches its handler.
func (c *company) standing(by caller) map[string]string {
	c.Helper()
	text := func(a answer, key string) string {
		c.Helper()
		value, _ := a.json(c.T)[key].(string)
		return value
	}
	draft := text(by("POST", "/api/v1/config/drafts", map[string]any{"label": "x"}).want(c.T, "draft", 201), "id")
	view := text(by("POST", "/api/v1/views", map[string]any{"object": "lead", "label": "x", "shape": map[string]any{}}).want(c.T, "view", 201), "id")
	operation := text(by("POST", operations, map[string]any{"object": "lead", "action": "edit", "filter": `company="nobody"`, "fields": map[string]any{"city": "x"}}).want(c.T, "operation", 201), "id")
	c.push([]byte(`{"message_id":"f1","data":"{\"clue_id\":\"f1\"}"}`))
	deliveries := by("GET", "/api/v1/channels/douyin/deliveries", nil).items(c.T)
	return map[string]string{"drafts": draft, "views": view, "operations": operation, "deliveries": deliveries[0]["id"].(string)}
}

// reaching is a route's path with ids of what is there.
func (c *company) reaching(by caller, path string, there map[string]string) string {
	c.Helper()
	for collection, id := range there {
		path = strings.Replace(path, "/"+collection+"/{id}", "/"+collection+"/"+id, 1)
	}
	path = strings.Replace(path, "/versions/{n}", "/versions/1", 1)
	path = strings.Replace(path, "/config/{kind}/{name}", "/config/clock/claim", 1)
	path = strings.Replace(path, "/simulate/{kind}/{name}", "/simulate/scorecard/lead", 1)
	return c.addressed(by, path)
}

// spoilt are bodies that no route can take as they are.
func spoilt() map[string]string {
	deep := 10_000
	return map[string]string{
		"nothing":              ``,
		"half an object":       `{"name":`,
		"half a text":          `{"name":"x`,
		"a list":               `[]`,
		"a text":               `"x"`,
		"a number":             `7`,
		"true":                 `true`,
		"null":                 `null`,
		"two objects":          `{}{}`,
		"a comment":            `{/* x */}`,
		"NaN":                  `{"limit":NaN}`,
		"deep lists":           strings.Repeat("[", deep) + strings.Repeat("]", deep),
		"deep objects":         strings.Repeat(`{"fields":`, deep) + "1" + strings.Repeat("}", deep),
		"deep within a field":  `{"fields":` + strings.Repeat("[", deep) + strings.Repeat("]", deep) + `}`,
		"a byte that is none":  "{\"name\":\"\xff\xfe\"}",
		"half a surrogate":     `{"name":"\ud800","label":"\udfff"}`,
		"a NUL":                `{"name":"a\u0000b","label":"a\u0000b","text":"a\u0000b","company":"a\u0000b","q":"\u0000"}`,
		"a huge number":        `{"hours":1e999,"limit":1e999,"capacity":99999999999999999999,"amount":1e400}`,
		"unknown keys":         `{"owner_id":"1","_role":"administrator","tenant_id":"2","id":"3","version":9,"__proto__":{"x":1},"constructor":{}}`,
		"keys that look alike": `{"Ｆields":{},"FIELDS":{},"fields ":{},"\u200bfields":{}}`,
		"wrong types":          `{"name":{},"label":7,"fields":"x","filter":{},"ids":"x","members":{},"text":[],"email":1,"password":2,"roles":"administrator","object":[],"action":{},"targets":[],"other":{},"items":{},"shape":"x","kind":1,"body":"x","secret":[],"from":{},"document":"x","code":{},"sort":{},"format":1,"token":{},"hours":"many"}`,
		"many keys":            `{` + manyKeys(5000) + `"last":1}`,
		"YAML":                 "name: x\nfields: [",
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"k%d":1,`, i)
	}
	return b.String()
}

// tells are words of the inside that no answer may hold.
var tells = []string{"goroutine", "panic", "SQLSTATE", "pq:", "sql:", "syntax error at", "constraint failed", "runtime error", ".go:", "/internal/", "no such column", "json: "}

// problem checks that a refusal is one: problem+json with a code and a title, and nothing of the inside.
func problem(t *testing.T, what string, status int, header http.Header, raw []byte) {
	t.Helper()
	if status >= 500 {
		t.Errorf("%s: %d %.300s", what, status, raw)
	}
	for _, word := range tells {
		if bytes.Contains(raw, []byte(word)) {
			t.Errorf("%s tells %q: %.300s", what, word, raw)
		}
	}
	if status < 400 {
		return
	}
	var p struct{ Title, Code, Type string }
	if err := json.Unmarshal(raw, &p); err != nil || p.Title == "" || p.Code == "" || p.Type == "" {
		t.Errorf("%s: %d is no problem: %.300s", what, status, raw)
	}
	if got := header.Get("Content-Type"); got != "application/problem+json; charset=utf-8" {
		t.Errorf("%s: %d as %s", what, status, got)
	}
}

// unsafeRoutes are the routes that take a body, but for pages for people.
func unsafeRoutes() []api.Route {
	var found []api.Route
	for _, route := range api.New(api.Dependencies{}).Routes() {
		if route.Method != "GET" && route.Method != "DELETE" && !strings.HasPrefix(route.Path, "/f/") && !strings.HasPrefix(route.Path, "/auth/") {
			found = append(found, route)
		}
	}
	return found
}

// TestNoBodyBreaksARoute sends each spoilt body to each route that takes one.
func TestNoBodyBreaksARoute(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		boss := c.as("boss")
		there := c.standing(boss)
		header := c.bearers()["administrator"]
		for _, route := range unsafeRoutes() {
			path := c.reaching(c.as("leader"), route.Path, there)
			for what, body := range spoilt() {
				name := route.Method + " " + route.Path + " with " + what
				status, head, raw := c.status(route.Method, path, []byte(body), header)
				problem(t, name, status, head, raw)
				if route.In != nil && body != "" && !json.Valid([]byte(body)) && status < 400 {
					t.Errorf("%s: %d", name, status)
				}
			}
		}
		boss("GET", "/api/v1/session", nil).want(t, "alive", 200)
	})
}

// TestABodyBeyondTheLimitIsRefused: 413 with the limit, wherever a body is read.
func TestABodyBeyondTheLimitIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		there := c.standing(c.as("boss"))
		header := c.bearers()["administrator"]
		for _, route := range unsafeRoutes() {
			if route.In == nil || strings.HasPrefix(route.Path, "/in/") {
				continue
			}
			limit := route.Limit
			if limit == 0 {
				limit = 1 << 20
			}
			body := []byte(`{"text":"` + strings.Repeat("x", int(limit)) + `"}`)
			path := c.reaching(c.as("leader"), route.Path, there)
			status, head, raw := c.status(route.Method, path, body, header)
			name := route.Method + " " + route.Path
			problem(t, name, status, head, raw)
			if status != 413 && status != 403 && status != 401 && status != 404 && status != 429 {
				t.Errorf("%s: %d %.200s", name, status, raw)
			}
		}
	})
}

// TestTheTypeOfABodyIsNoWayRound: what is JSON counts as JSON whatever it is
// called, and what is none is refused whatever it is called. (The cookie's
// protection does not rest on the type, see TestEveryUnsafeRouteWantsTheToken.)
func TestTheTypeOfABodyIsNoWayRound(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/json; charset=gbk", "é/ü", ";;;"} {
			got := c.with("leader")("POST", leads, `company=x&owner=y`, map[string]string{"Content-Type": kind})
			if got.status != 400 {
				t.Errorf("a form as %q: %d %s", kind, got.status, got.body)
			}
			multipart := "--x\r\nContent-Disposition: form-data; name=\"company\"\r\n\r\nx\r\n--x--\r\n"
			if got := c.with("leader")("POST", leads, multipart, map[string]string{"Content-Type": kind}); got.status != 400 {
				t.Errorf("parts as %q: %d %s", kind, got.status, got.body)
			}
		}
		c.expectCount("SELECT COUNT(*) FROM thread_entry", 0)
	})
}

// TestFilesAreNotReadByTheirPath: a form post that claims files is data like any other (92).
func TestFilesAreNotReadByTheirPath(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		body := `{"files":[{"filepath":"/etc/passwd","originalFilename":"x"}],"company":"x"}`
		header := map[string]string{"Authorization": "Bearer " + websiteToken}
		got := c.send("POST", "/in/website-api", body, header)
		if bytes.Contains(got.body, []byte("root:")) || got.status >= 500 {
			t.Errorf("%d %s", got.status, got.body)
		}
		page := c.send("POST", "/f/website", body, map[string]string{"Content-Type": "application/json"})
		if page.status < 400 || page.status >= 500 || bytes.Contains(page.body, []byte("root:")) {
			t.Errorf("form: %d %s", page.status, page.body)
		}
	})
}
