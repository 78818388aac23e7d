package server_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAParameterThatCannotBeReadIsRefused: a filter with a bare semicolon or a
// stray percent sign would else be left out, and the answer would be everything.
func TestAParameterThatCannotBeReadIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		c.lead(leader, map[string]any{"company": "一"})
		for _, query := range []string{"filter=%zz", "filter=company%3D%221%22;x", "limit=1;sort=x", "filter=%", "%=1", "sort=company&filter=100%", "fields=%e4%"} {
			for _, path := range []string{"/records/lead", "/records/lead/groups", "/records/lead/export", "/users", "/inbox", "/search", "/agenda", "/audit", "/operations"} {
				by := leader
				if path == "/audit" {
					by = c.as("admin")
				}
				got := by("GET", "/api/v1"+path+"?"+query, nil).want(t, path+"?"+query, 400)
				if got.json(t)["code"] != "invalid_query" {
					t.Errorf("%s?%s: %s", path, query, got.body)
				}
			}
		}
		leader("POST", operations+"?dry_run=1;", map[string]any{"object": "lead", "action": "delete", "filter": ""}).want(t, "a dry run that would be none", 400)
		c.expectCount("SELECT COUNT(*) FROM operation", 0)
		leader("GET", leads+"?filter="+url.QueryEscape(`company="100%;"`), nil).want(t, "escaped", 200)
		c.send("GET", "/healthz?x=%zz", nil, nil).want(t, "a page is no API", 200)
	})
}

// TestABodyThatIsNothing: null is no record, no batch and no operation.
func TestABodyThatIsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		id := c.lead(admin, map[string]any{"company": "一"})
		for _, route := range [][2]string{
			{"POST", leads}, {"PATCH", leads + "/" + id}, {"POST", leads + "/batch"}, {"POST", leads + "/" + id + "/follow-up"}, {"POST", leads + "/" + id + "/comments"},
			{"POST", leads + "/duplicates"}, {"POST", leads + "/" + id + "/merge"}, {"POST", leads + "/export"}, {"POST", operations}, {"POST", "/api/v1/views"},
			{"PUT", "/api/v1/views/preference"}, {"POST", "/api/v1/users"}, {"POST", "/api/v1/departments"}, {"POST", "/api/v1/tokens"}, {"POST", "/api/v1/config/drafts"}, {"POST", "/api/v1/agenda/move"},
			{"PUT", "/api/v1/alerts"}, {"PUT", "/api/v1/security/rules"}, {"PUT", "/api/v1/channels/douyin/secret"}, {"POST", "/api/v1/config/check"}, {"PATCH", "/api/v1/session"}, {"POST", "/api/v1/session"},
		} {
			for body, status := range map[string]int{"null": 422, "": 400, "[]": 422, `"x"`: 422, "1": 422, "{": 400, "{} {}": 400, "\xff": 400, "{\"a\": \x00}": 400} {
				got := admin(route[0], route[1], body)
				if got.status != status {
					t.Errorf("%s %s with %q: %d, want %d: %s", route[0], route[1], body, got.status, status, got.body)
				}
			}
		}
		c.expectCount("SELECT COUNT(*) FROM operation", 0)
		if n := len(c.rows("lead")); n != 1 {
			t.Errorf("%d leads", n)
		}
	})
}

// TestACursorIsOneThing: wherever a page can be followed by another, a text that
// is no cursor of that question gets the same answer.
func TestACursorIsOneThing(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		ids := c.someLeads(3)
		operation := c.request(admin, map[string]any{"object": "lead", "action": "edit", "ids": ids, "fields": map[string]any{"city": "无锡"}})
		c.carry(-1)
		paths := []string{
			"/records/lead?sort=city", "/records/contact?x=1", "/records/lead/" + ids[0] + "/thread?x=1", "/users?x=1", "/operations?x=1", "/operations/" + operation + "/failures?x=1",
			"/inbox?x=1", "/audit?x=1", "/channels/douyin/deliveries?x=1", "/search?q=139&objects=lead",
		}
		list := admin("GET", "/api/v1/users?limit=1", nil).want(t, "users", 200).json(t)
		foreign, _ := list["next_cursor"].(string)
		plain := base64.RawURLEncoding.EncodeToString([]byte("zhang\x00id"))
		for i, path := range paths {
			var answers []string
			for _, cursor := range []string{"x", "%00", "null", "0", "-1", plain, strings.Repeat("A", 5000), ids[0], foreign + "A", strings.ToUpper(foreign)} {
				got := admin("GET", "/api/v1"+path+"&cursor="+url.QueryEscape(cursor), nil).want(t, path+" at "+cursor[:min(len(cursor), 20)], 400)
				answers = append(answers, string(got.body))
			}
			if !strings.HasPrefix(path, "/users") {
				got := admin("GET", "/api/v1"+path+"&cursor="+url.QueryEscape(foreign), nil).want(t, path+" with another list's cursor", 400)
				answers = append(answers, string(got.body))
			}
			sort.Strings(answers)
			if answers[0] != answers[len(answers)-1] || !strings.Contains(answers[0], `"invalid_cursor"`) {
				t.Errorf("%d %s: %s\n%s", i, path, answers[0], answers[len(answers)-1])
			}
		}
	})
}

// TestPagesOfPeople: the list of people is walked by any limit; its cursor tells
// nobody a name and belongs to one question.
func TestPagesOfPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		whole := namesOf(admin("GET", "/api/v1/users?limit=500", nil).items(t))
		if len(whole) != 11 {
			t.Fatalf("%d people: %v", len(whole), whole)
		}
		for _, limit := range []int{1, 2, 3, 10, 11, 12} {
			var found []string
			cursor := ""
			for range 20 {
				got := admin("GET", fmt.Sprintf("/api/v1/users?limit=%d&cursor=%s", limit, url.QueryEscape(cursor)), nil).want(t, "page", 200)
				found = append(found, namesOf(got.items(t))...)
				if cursor, _ = got.json(t)["next_cursor"].(string); cursor == "" {
					break
				}
				if raw, err := base64.RawURLEncoding.DecodeString(cursor); err == nil && strings.Contains(string(raw), "\x00") && strings.Contains(string(raw), c.ids["s1"]) {
					t.Errorf("the cursor tells whom it stands at: %q", raw)
				}
			}
			if diff := cmp.Diff(whole, found); diff != "" {
				t.Errorf("by %d: %s", limit, diff)
			}
		}
		cursor, _ := admin("GET", "/api/v1/users?limit=1&q=s", nil).json(t)["next_cursor"].(string)
		admin("GET", "/api/v1/users?limit=1&q=s&cursor="+url.QueryEscape(cursor), nil).want(t, "the same question", 200)
		admin("GET", "/api/v1/users?limit=1&q=m&cursor="+url.QueryEscape(cursor), nil).want(t, "another question", 400)
		admin("GET", "/api/v1/users?limit=1&q=s&active=1&cursor="+url.QueryEscape(cursor), nil).want(t, "another list", 400)
	})
}

func namesOf(items []map[string]any) (names []string) {
	for _, item := range items {
		names = append(names, item["name"].(string))
	}
	return names
}
