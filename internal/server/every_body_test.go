package server_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/api"
)

// wrongKinds are values of each kind of JSON, to be sent where another is described.
var wrongKinds = map[string]any{
	"string": "words", "number": 7.5, "boolean": true, "array": []any{"words"}, "object": map[string]any{"a": "b"},
}

// TestAWrongKindIsNamed reads from /openapi.json what each route takes, and puts a
// value of another kind into each property in turn: it is refused at that
// property's name, whatever else is missing, and nothing is written.
func TestAWrongKindIsNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		admin, d := c.as("admin"), c.described(c.as("admin"))
		lead := c.lead(c.as("leader"), map[string]any{"company": "甲", "owner": c.ids["s1"]})
		before, named := c.counted("SELECT 'lead', COUNT(*) FROM "+c.table("lead")), 0
		for _, route := range api.New(api.Dependencies{}).Routes() {
			if _, record := route.In.(api.Record); route.In == nil || record || !strings.HasPrefix(route.Path, api.Prefix) {
				continue
			}
			path := fillers.Replace(strings.Replace(strings.Replace(route.Path, "/users/{id}", "/users/"+c.ids["spare"], 1), "{object}/{id}", "lead/"+lead, 1))
			operation, _ := at(d.paths, route.Path, strings.ToLower(route.Method)).(map[string]any)
			shape := d.resolved(at(operation, "requestBody", "content", "application/json", "schema"))
			properties, _ := shape["properties"].(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(properties)) {
				for kind, value := range wrongKinds {
					if d.takes(properties[name], kind, value) {
						continue
					}
					got := admin(route.Method, path, map[string]any{name: value})
					if got.status/100 != 4 {
						t.Errorf("%s %s takes a %s as %s: %d %s", route.Method, path, kind, name, got.status, got.body)
					}
					if got.status != 422 {
						continue // what the path names comes first
					}
					named++
					if !slices.ContainsFunc(got.faults(t), func(one string) bool { return strings.HasPrefix(one, name) }) {
						t.Errorf("%s %s does not name %s, a %s: %s", route.Method, path, name, kind, got.body)
					}
				}
			}
			got := admin(route.Method, path, map[string]any{"nobody_knows": 1})
			if got.status == 422 && !slices.Contains(got.faults(t), "nobody_knows unknown_field") || got.status/100 != 4 {
				t.Errorf("%s %s takes a property that is not described: %d %s", route.Method, path, got.status, got.body)
			}
		}
		if named < 200 {
			t.Errorf("only %d properties were refused by their name", named)
		}
		if after := c.counted("SELECT 'lead', COUNT(*) FROM " + c.table("lead")); !maps.Equal(before, after) {
			t.Errorf("%v leads became %v", before, after)
		}
	})
}

// resolved follows a schema to where it is written.
func (d description) resolved(shape any) map[string]any {
	schema, _ := shape.(map[string]any)
	for schema["$ref"] != nil {
		schema, _ = d.schemas[strings.TrimPrefix(fmt.Sprint(schema["$ref"]), "#/components/schemas/")].(map[string]any)
	}
	return schema
}

// takes tells whether a property is described as taking a value of a kind.
func (d description) takes(shape any, kind string, value any) bool {
	schema := d.resolved(shape)
	if options, ok := schema["anyOf"].([]any); ok {
		return slices.ContainsFunc(options, func(one any) bool { return d.takes(one, kind, value) })
	}
	kinds := kindsOf(schema["type"])
	return len(kinds) == 0 || slices.ContainsFunc(kinds, func(one string) bool { return isKind(one, value) })
}

// TestEveryPostTakesAKey repeats each POST under an Idempotency-Key: what was done
// is answered again without being done again, what was refused is refused again
// for the same reason, and nothing breaks.
func TestEveryPostTakesAKey(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		leader, admin := c.with("leader"), c.with("admin")
		bodies, done := c.postable(), map[string]bool{}
		for i, route := range api.New(api.Dependencies{}).Routes() {
			if route.Method != "POST" || !strings.HasPrefix(route.Path, api.Prefix) || strings.HasPrefix(route.Path, api.Prefix+"/session") {
				continue
			}
			by, one, known := admin, post{path: fillers.Replace(strings.Replace(route.Path, "{id}", absentID, 1))}, false
			if one, known = bodies[route.Path]; !known {
				one.path = fillers.Replace(strings.Replace(route.Path, "{id}", absentID, 1))
			} else if one.who == "leader" {
				by = leader
			}
			key := map[string]string{"Idempotency-Key": fmt.Sprint("every ", i)}
			first := by("POST", one.path, one.body, key)
			again := by("POST", one.path, one.body, key)
			what := fmt.Sprintf("%s: %d, then %d", route.Path, first.status, again.status)
			replayed := again.header.Get("Idempotent-Replayed") == "true"
			switch {
			case first.status >= 500 || again.status >= 500:
				t.Errorf("%s: %s %s", what, first.body, again.body)
			case known && first.status/100 != 2:
				t.Errorf("%s is not done at all: %s", what, first.body)
			case first.status >= 400:
				if again.status != first.status || fmt.Sprint(first.faults(t)) != fmt.Sprint(again.faults(t)) || replayed {
					t.Errorf("%s: %s, then %s", what, first.body, again.body)
				}
			case route.Anew:
				if again.status != first.status || replayed {
					t.Errorf("%s: it is not asked anew", what)
				}
			case route.Secret:
				if again.status != 409 || len(again.faults(t)) > 0 && replayed {
					t.Errorf("%s: a secret is told twice", what)
				}
			case again.status != first.status || string(again.body) != string(first.body) || !replayed:
				t.Errorf("%s: %s, then %s", what, first.body, again.body)
			}
			done[route.Path] = true
		}
		for path := range bodies {
			if !done[path] {
				t.Errorf("%s is no route", path)
			}
		}
	})
}

// post is a request that succeeds once.
type post struct {
	who, path string
	body      any
}

// postable are requests that succeed, by their routes' paths.
func (c *company) postable() map[string]post {
	c.Helper()
	leader := c.as("leader")
	lead := func(more map[string]any) string {
		fields := map[string]any{"company": "甲", "owner": c.ids["s1"]}
		maps.Copy(fields, more)
		return leads + "/" + c.lead(leader, fields)
	}
	gone, one, other, free := lead(nil), lead(nil), lead(nil), lead(map[string]any{"owner": nil})
	leader("DELETE", gone, nil).want(c.T, "delete", 204)
	draft := c.as("admin")("POST", "/api/v1/config/drafts", map[string]any{}).want(c.T, "draft", 201).json(c.T)["id"].(string)
	object, record := "/api/v1/records/{object}", "/api/v1/records/{object}/{id}"
	return map[string]post{
		object:                                {"leader", leads, map[string]any{"company": "乙"}},
		object + "/batch":                     {"leader", leads + "/batch", map[string]any{"items": []any{map[string]any{"op": "create", "fields": map[string]any{"company": "丙"}}}}},
		object + "/duplicates":                {"leader", leads + "/duplicates", map[string]any{"phone": "13900000001"}},
		object + "/export":                    {"leader", leads + "/export", map[string]any{"format": "xlsx", "ids": []string{strings.TrimPrefix(one, leads+"/")}}},
		record + "/restore":                   {"leader", gone + "/restore", nil},
		record + "/claim":                     {"leader", free + "/claim", nil},
		record + "/follow-up":                 {"leader", one + "/follow-up", map[string]any{"action": "电话沟通", "text": "x", "next_action": "电话沟通", "next_due": c.due(2)}},
		record + "/comments":                  {"leader", one + "/comments", map[string]any{"text": "一次"}},
		record + "/merge":                     {"leader", one + "/merge", map[string]any{"other": strings.TrimPrefix(other, leads+"/")}},
		record + "/convert":                   {"leader", lead(map[string]any{"company": "转", "contact": "王", "owner": c.ids["leader"]}) + "/convert", map[string]any{"targets": map[string]any{}}},
		"/api/v1/operations":                  {"leader", operations, map[string]any{"object": "lead", "action": "edit", "ids": []string{strings.TrimPrefix(free, leads+"/")}, "fields": map[string]any{"city": "苏州"}}},
		"/api/v1/views":                       {"leader", views, map[string]any{"object": "lead", "label": "看法", "shape": map[string]any{"columns": []string{"company"}}}},
		"/api/v1/tokens":                      {"leader", "/api/v1/tokens", map[string]any{"name": "t"}},
		"/api/v1/users":                       {"admin", "/api/v1/users", map[string]any{"name": "新", "email": "new@example.com"}},
		"/api/v1/departments":                 {"admin", "/api/v1/departments", map[string]any{"name": "新部"}},
		"/api/v1/inbox/read":                  {"leader", "/api/v1/inbox/read", nil},
		"/api/v1/config/drafts":               {"admin", "/api/v1/config/drafts", map[string]any{"label": "稿"}},
		"/api/v1/config/convert":              {"admin", "/api/v1/config/convert", map[string]any{"kind": "view", "name": "x", "yaml": "object: lead\n"}},
		"/api/v1/config/drafts/{id}/validate": {"admin", "/api/v1/config/drafts/" + draft + "/validate", nil},
		"/api/v1/config/drafts/{id}/diff":     {"admin", "/api/v1/config/drafts/" + draft + "/diff", nil},
		"/api/v1/users/{id}/leave":            {"admin", "/api/v1/users/" + c.ids["spare"] + "/leave", map[string]any{"from": "2026-12-01", "to": "2026-12-02"}},
		"/api/v1/users/{id}/reset":            {"admin", "/api/v1/users/" + c.ids["spare"] + "/reset", nil},
		"/api/v1/users/{id}/sessions/revoke":  {"admin", "/api/v1/users/" + c.ids["spare"] + "/sessions/revoke", nil},
	}
}
