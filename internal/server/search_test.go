package server_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

// find types something as somebody and gives the hits in order, as object:title.
func (c *company) find(as caller, typed string) []string {
	c.Helper()
	got := as("GET", "/api/v1/search?limit=20&q="+url.QueryEscape(typed), nil)
	if got.status != http.StatusOK {
		c.Fatalf("search %q: %d %s", typed, got.status, got.body)
	}
	var hits []string
	for _, group := range got.json(c.T)["groups"].([]any) {
		for _, item := range group.(map[string]any)["items"].([]any) {
			hit := item.(map[string]any)
			hits = append(hits, hit["object"].(string)+":"+hit["title"].(map[string]any)["text"].(string))
		}
	}
	return hits
}

// indexed waits until the index holds what was written.
func (c *company) indexed() {
	c.Helper()
	c.must(c.app.Search.CatchUp(context.Background()))
}

func (c *company) leadOf(fields map[string]any) string {
	c.Helper()
	got := c.as("admin")("POST", "/api/v1/records/lead", fields)
	if got.status != http.StatusCreated {
		c.Fatalf("%d %s", got.status, got.body)
	}
	return got.json(c.T)["id"].(string)
}

func (c *company) searchLeads() map[string]string {
	c.Helper()
	ids := map[string]string{}
	ids["hengli"] = c.leadOf(map[string]any{"company": "苏州恒力液压有限公司", "contact": "王磊", "phone": "13900001234", "email": "wang.lei@hengli.example.cn", "owner": c.ids["s1"]})
	ids["jixie"] = c.leadOf(map[string]any{"company": "恒力机械(苏州)有限公司", "owner": c.ids["s2"]})
	ids["changan"] = c.leadOf(map[string]any{"company": "重庆长安动力", "owner": c.ids["s1"]})
	ids["acme"] = c.leadOf(map[string]any{"company": "ACME Robotics GmbH", "owner": c.ids["s3"]})
	ids["leshan"] = c.leadOf(map[string]any{"company": "乐山精密", "owner": c.ids["s4"]})
	return ids
}

// Contract: people find what they may read by what they remember, in this order.
func TestSearchScenarios(t *testing.T) {
	raw, err := os.ReadFile("testdata/search.txt")
	if err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(t *testing.T, c *company) {
		c.searchLeads()
		c.indexed()
		as := map[string]caller{}
		for n, line := range strings.Split(string(raw), "\n") {
			parts := strings.SplitN(line, "|", 3)
			if strings.HasPrefix(line, "#") || len(parts) != 3 {
				continue
			}
			who, typed, want := strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1]), strings.TrimSpace(parts[2])
			if as[who] == nil {
				as[who] = c.as(who)
			}
			if got := strings.Join(c.find(as[who], typed), ", "); got != want {
				t.Errorf("line %d: %s types %q\n got %s\nwant %s", n+1, who, typed, got, want)
			}
		}
	})
}

// Contract: the index follows changes of words, owner, deletion and restoring.
func TestSearchFollowsTheRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.searchLeads()
		admin, s1, s3 := c.as("admin"), c.as("s1"), c.as("s3")
		path := "/api/v1/records/lead/" + ids["hengli"]
		check := func(when string, as caller, typed string, want int) {
			t.Helper()
			c.indexed()
			if got := c.find(as, typed); len(got) != want {
				t.Errorf("%s: %q finds %v, want %d", when, typed, got, want)
			}
		}
		check("at first", s1, "hlyy", 1)
		admin("PATCH", path, map[string]any{"company": "无锡博锐"})
		check("renamed", s1, "hlyy", 0)
		check("renamed", s1, "wxbr", 1)
		admin("PATCH", path, map[string]any{"owner": c.ids["s3"]})
		check("given away", s1, "wxbr", 0)
		check("given away", s3, "wxbr", 1)
		if got := admin("DELETE", path, nil); got.status != http.StatusNoContent {
			t.Fatal(got.status)
		}
		check("deleted", s3, "wxbr", 0)
		admin("POST", path+"/restore", nil)
		check("restored", s3, "wxbr", 1)
	})
}

// Contract: a record cannot be found by a field that the reader may not read,
// and the answer is the same as if it did not hold the words.
// TestAContactIsFoundByItsWeChat: by the name that one has at hand when the
// message comes, and no more by a former one.
func TestAContactIsFoundByItsWeChat(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		contact := admin("POST", "/api/v1/records/contact", map[string]any{"name": "王磊", "wechat": "wanglei_hydraulic", "owner": c.ids["s1"]}).want(t, "contact", 201).json(t)["id"].(string)
		c.indexed()
		for _, by := range []string{"admin", "s1"} {
			if hits := c.find(c.as(by), "wanglei_hydraulic"); strings.Join(hits, " ") != "contact:王磊" {
				t.Errorf("%s finds %v", by, hits)
			}
		}
		if hits := c.find(c.as("s2"), "wanglei_hydraulic"); len(hits) > 0 {
			t.Errorf("another's contact: %v", hits)
		}
		admin("PATCH", "/api/v1/records/contact/"+contact, map[string]any{"wechat": "wl2027"}).want(t, "another name", 200)
		c.indexed()
		if hits := strings.Join(append(c.find(admin, "wanglei_hydraulic"), c.find(admin, "wl2027")...), " "); hits != "contact:王磊" {
			t.Errorf("after it changed: %s", hits)
		}
	})
}

func TestSearchKeepsHiddenFields(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.searchLeads()
		admin := c.as("admin")
		role := admin("GET", "/api/v1/config/role/service", nil).json(t)["document"]
		if role == nil {
			role = admin("GET", "/api/v1/config/role/service", nil).json(t)
		}
		body := role.(map[string]any)
		objects := body["objects"].(map[string]any)
		objects["lead"] = map[string]any{"read": true, "scope": "all", "fields": map[string]any{"*": "read", "phone": "hidden", "owner": "hidden"}}
		delete(objects, "contact")
		if got := admin("PUT", "/api/v1/config/role/service", body); got.status >= 300 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		c.indexed()
		service := c.as("service")
		if got := c.find(service, "13900001234"); got != nil {
			t.Errorf("found by a hidden phone: %v", got)
		}
		hidden := service("GET", "/api/v1/search?q=13900001234", nil).body
		nothing := service("GET", "/api/v1/search?q=13912345678", nil).body
		if strings.ReplaceAll(string(hidden), "13900001234", "") != strings.ReplaceAll(string(nothing), "13912345678", "") {
			t.Errorf("the answers differ: %s %s", hidden, nothing)
		}
		shown := service("GET", "/api/v1/search?q=szhl", nil)
		if !strings.Contains(string(shown.body), ids["hengli"]) || strings.Contains(string(shown.body), "1390000") || strings.Contains(string(shown.body), c.ids["s1"]) {
			t.Errorf("the hit shows too much or nothing: %s", shown.body)
		}
	})
}

// Contract: a field that becomes searchable is found in old records too, and a
// renamed one goes on being found.
func TestSearchTakesOldRecordsIn(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.leadOf(map[string]any{"company": "老记录", "city": "景德镇", "owner": c.ids["s1"]})
		c.indexed()
		s1, admin := c.as("s1"), c.as("admin")
		if got := c.find(s1, "景德"); got != nil {
			t.Fatalf("city is not searchable yet: %v", got)
		}
		body := admin("GET", "/api/v1/config/object/lead", nil).json(t)
		if inner, ok := body["document"].(map[string]any); ok {
			body = inner
		}
		for _, f := range body["fields"].([]any) {
			field := f.(map[string]any)
			if field["name"] == "city" {
				field["searchable"] = true
			}
		}
		if got := admin("PUT", "/api/v1/config/object/lead", body); got.status >= 300 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		c.indexed()
		for _, typed := range []string{"景德", "jdz", "老记录"} {
			if got := c.find(s1, typed); len(got) != 1 {
				t.Errorf("%q finds %v", typed, got)
			}
		}
	})
}

// Contract: pages of a search hold every hit once.
func TestSearchPages(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		owners := []string{"s1", "s2", "s3", "leader"}
		for i := range 37 {
			c.leadOf(map[string]any{"company": "翻页测试公司" + strings.Repeat("甲", i%4), "owner": c.ids[owners[i%4]]})
		}
		c.indexed()
		for who, want := range map[string]int{"s1": 10, "leader": 37, "admin": 37} {
			as, seen := c.as(who), map[string]bool{}
			next := "/api/v1/search?objects=lead&limit=7&q=" + url.QueryEscape("测试")
			for path := next; path != ""; {
				groups := as("GET", path, nil).json(t)["groups"].([]any)
				path = ""
				if len(groups) == 0 {
					break
				}
				group := groups[0].(map[string]any)
				for _, item := range group["items"].([]any) {
					id := item.(map[string]any)["id"].(string)
					if seen[id] {
						t.Errorf("%s sees %s twice", who, id)
					}
					seen[id] = true
				}
				if cursor, ok := group["next_cursor"].(string); ok {
					path = next + "&cursor=" + url.QueryEscape(cursor)
				}
			}
			if len(seen) != want {
				t.Errorf("%s sees %d, want %d", who, len(seen), want)
			}
		}
	})
}

func TestSearchRefusals(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1 := c.as("s1")
		for path, want := range map[string]int{
			"?q=a&limit=0": 400, "?q=a&limit=51": 400, "?q=a&objects=nothing": 404, "?q=a&cursor=x": 400, "?q=": 200, "?q=%FF%00": 400,
		} {
			if got := s1("GET", "/api/v1/search"+path, nil); got.status != want {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
		}
		if got := c.send("GET", "/api/v1/search?q=a", nil, nil); got.status != 401 {
			t.Errorf("signed out: %d", got.status)
		}
	})
}

// Contract: pins and recent records are one's own, and only what one may read.
func TestPinsAndRecent(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.searchLeads()
		s1, s2 := c.as("s1"), c.as("s2")
		labels := func(as caller, what string) string {
			t.Helper()
			var list []string
			for _, item := range as("GET", "/api/v1/"+what, nil).json(t)["items"].([]any) {
				list = append(list, item.(map[string]any)["label"].(string))
			}
			return strings.Join(list, ",")
		}
		for _, what := range []string{"pins", "recent"} {
			for _, name := range []string{"hengli", "changan", "hengli"} {
				if got := s1("PUT", "/api/v1/"+what+"/lead/"+ids[name], nil); got.status != http.StatusNoContent {
					t.Fatalf("%d %s", got.status, got.body)
				}
			}
			if got := s1("PUT", "/api/v1/"+what+"/lead/"+ids["acme"], nil); got.status != http.StatusNotFound {
				t.Errorf("another's record: %d", got.status)
			}
		}
		if got := labels(s1, "pins"); got != "苏州恒力液压有限公司,重庆长安动力" {
			t.Errorf("pins: %s", got)
		}
		if got := labels(s1, "recent"); got != "苏州恒力液压有限公司,重庆长安动力" {
			t.Errorf("recent: %s", got)
		}
		if got := labels(s2, "pins") + labels(s2, "recent"); got != "" {
			t.Errorf("another's: %s", got)
		}
		c.as("admin")("PATCH", "/api/v1/records/lead/"+ids["hengli"], map[string]any{"owner": c.ids["s2"]})
		if got := labels(s1, "pins"); got != "重庆长安动力" {
			t.Errorf("pins after it was given away: %s", got)
		}
		s1("DELETE", "/api/v1/pins/lead/"+ids["changan"], nil)
		if got := labels(s1, "pins"); got != "" {
			t.Errorf("pins after unpinning: %s", got)
		}
	})
}
