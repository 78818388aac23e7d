package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// onRecord are the tries to reach R by its id. Each has to give the same
// bytes as an id that is not there.
var onRecord = []attack{
	{"A1 read", "GET", "/records/lead/{R}", "", 404},
	{"A1 head", "HEAD", "/records/lead/{R}", "", 404},
	{"A1 some fields", "GET", "/records/lead/{R}?fields=company", "", 404},
	{"A11 with its contact", "GET", "/records/lead/{R}?expand=person", "", 404},
	{"A23 history", "GET", "/records/lead/{R}/thread", "", 404},
	{"A23 a page of it", "GET", "/records/lead/{R}/thread?limit=1", "", 404},
	{"A1 clocks", "GET", "/records/lead/{R}/clocks", "", 404},
	{"A1 reasons", "GET", "/records/lead/{R}/why", "", 404},
	{"A1 related", "GET", "/records/lead/{R}/related", "", 404},
	{"A1 stages", "GET", "/records/lead/{R}/stages", "", 404},
	{"A1 duplicates of it", "GET", "/records/lead/{R}/duplicates", "", 404},
	{"A1 whether followed", "GET", "/records/lead/{R}/follow", "", 404},
	{"A1 plan of a conversion", "GET", "/records/lead/{R}/convert", "", 404},
	{"A18 follow", "PUT", "/records/lead/{R}/follow", "", 404},
	{"A18 stop following", "DELETE", "/records/lead/{R}/follow", "", 404},
	{"B39 change", "PATCH", "/records/lead/{R}", `{"city":"x"}`, 404},
	{"B39 change nothing", "PATCH", "/records/lead/{R}", `{}`, 404},
	{"B39 change an unknown field", "PATCH", "/records/lead/{R}", `{"zzz":1}`, 0},
	{"B39 delete", "DELETE", "/records/lead/{R}", "", 0},
	{"B39 restore", "POST", "/records/lead/{R}/restore", "", 0},
	{"B39 claim", "POST", "/records/lead/{R}/claim", "", 404},
	{"B39 follow up", "POST", "/records/lead/{R}/follow-up", `{"action":"电话沟通","next_action":"提交报价","next_due":"2099-01-01T00:00:00Z"}`, 404},
	{"B39 close", "POST", "/records/lead/{R}/follow-up", `{"action":"电话沟通","outcome":"已战败"}`, 0},
	{"B39 comment", "POST", "/records/lead/{R}/comments", `{"text":"x"}`, 404},
	{"B39 mention oneself", "POST", "/records/lead/{R}/comments", `{"text":"x","mentions":["{ME}"]}`, 404},
	{"B39 convert", "POST", "/records/lead/{R}/convert", `{"targets":{}}`, 404},
	{"B39 preview a conversion", "POST", "/records/lead/{R}/convert?preview=1", `{"targets":{}}`, 404},
	{"B39 undo a conversion", "POST", "/records/lead/{R}/convert/undo", "", 404},
	{"A28 batch", "POST", "/records/lead/batch", `{"items":[{"op":"update","id":"{R}","fields":{"city":"x"}}]}`, 200},
	{"A34 batch with one's own", "POST", "/records/lead/batch", `{"items":[{"op":"update","id":"{O}","fields":{"city":"y"}},{"op":"update","id":"{R}","fields":{"city":"x"}},{"op":"delete","id":"{R}"}]}`, 200},
	{"A34 bulk preview", "POST", "/operations?dry_run=1", `{"object":"lead","action":"edit","ids":["{R}"],"fields":{"city":"x"}}`, 0},
	{"A34 bulk preview with one's own", "POST", "/operations?dry_run=1", `{"object":"lead","action":"edit","ids":["{O}","{R}"],"fields":{"city":"x"}}`, 0},
	{"B45 merge into it", "POST", "/records/lead/{R}/merge", `{"other":"{O}"}`, 0},
	{"B45 merge it into one's own", "POST", "/records/lead/{O}/merge", `{"other":"{R}"}`, 0},
	{"B45 preview a merge with it", "POST", "/records/lead/{O}/merge?dry_run=1", `{"other":"{R}"}`, 0},
	{"B45 undo its merge", "POST", "/records/lead/{R}/merge/undo", "", 0},
	{"A35 pin it", "PUT", "/pins/lead/{R}", "", 0},
	{"A35 note it as opened", "PUT", "/recent/lead/{R}", "", 0},
	{"B43 link to it", "POST", "/records/interaction", `{"lead":"{R}","text":"x"}`, 422},
	{"B43 link to it in a task", "POST", "/records/task", `{"subject":"x","lead":"{R}"}`, 422},
	{"B43 move its task's date", "POST", "/agenda/move", `{"object":"lead","id":"{R}","due_at":"2099-01-01T00:00:00Z","reason":"x"}`, 404},
	{"A4 filter by its id", "GET", `/records/lead?filter=id="{R}"&count=1`, "", 200},
	{"A4 filter by its person", "GET", `/records/interaction?filter=lead="{R}"&count=1`, "", 200},
	{"A6 group what points to it", "GET", `/records/interaction/groups?filter=lead="{R}"&group=lead`, "", 200},
	{"A13 search for its id", "GET", "/search?q={R}", "", 200},
}

// TestAttacksOnARecord: A1 and what follows of it, with every other object's record of s2 too.
func TestAttacksOnARecord(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := besieged(t, c)
		s1, s2 := c.as("s1"), c.as("s2")
		before := s2("GET", leads+"/"+p.r, nil)
		thread := s2("GET", leads+"/"+p.r+"/thread", nil)
		for _, a := range onRecord {
			a.path = "/api/v1" + a.path
			got := p.try(s1, a, p.r, "")
			silent(t, a.name, got)
			if a.status != 0 {
				got.want(t, a.name, a.status)
			} else if got.status < 300 && !strings.Contains(a.path, "dry_run") && !strings.Contains(a.path, "pins") && !strings.Contains(a.path, "recent") {
				t.Errorf("%s was done: %d %s", a.name, got.status, got.body)
			}
			sameBytes(t, a.name, got, p.try(s1, a, absentID, ""), p.r, absentID)
		}
		for object, id := range map[string]string{"contact": p.rContact, "interaction": p.rInteraction, "task": p.rTask, "project": p.rProject} {
			for _, a := range onRecord[:14] {
				a.path = strings.ReplaceAll("/api/v1"+a.path, "/lead/", "/"+object+"/")
				got := p.try(s1, a, id, "")
				silent(t, object+" "+a.name, got)
				if got.status < 400 {
					t.Errorf("%s %s: %d %s", object, a.name, got.status, got.body)
				}
				sameBytes(t, object+" "+a.name, got, p.try(s1, a, absentID, ""), id, absentID)
			}
		}
		if after := s2("GET", leads+"/"+p.r, nil); string(after.body) != string(before.body) || after.header.Get("ETag") != before.header.Get("ETag") {
			t.Errorf("a refused call wrote:\n%s\n%s", before.body, after.body)
		}
		if after := s2("GET", leads+"/"+p.r+"/thread", nil); string(after.body) != string(thread.body) {
			t.Errorf("a refused call left a trace in the thread:\n%s\n%s", thread.body, after.body)
		}
	})
}

// TestAttacksOnWhatBelongsToOthers: views, operations, deliveries, drafts, leave, messages, sessions by id.
func TestAttacksOnWhatBelongsToOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := besieged(t, c)
		s1 := c.as("s1")
		inbox := c.as("s2")("GET", "/api/v1/inbox", nil).items(t)
		leave, _ := c.as("s2")("POST", "/api/v1/users/"+c.ids["s2"]+"/leave", map[string]any{"from": "2099-01-01", "to": "2099-01-02", "reason": "cnry"}).want(t, "leave", 201).json(t)["id"].(string)
		tokens := c.as("s2")("GET", "/api/v1/tokens", nil).items(t)
		for _, a := range []struct{ name, method, path, id, body string }{
			{"A14 change a view", "PATCH", "/views/{}", p.rView, `{"label":"mine"}`},
			{"A14 delete a view", "DELETE", "/views/{}", p.rView, ""},
			{"A34 an operation", "GET", "/operations/{}", p.rOperation, ""},
			{"A34 its failures", "GET", "/operations/{}/failures", p.rOperation, ""},
			{"A34 stop it", "POST", "/operations/{}/stop", p.rOperation, ""},
			{"A34 undo it", "POST", "/operations/{}/undo", p.rOperation, ""},
			{"A24 read a message", "POST", "/inbox/{}/read", fmt.Sprint(inbox[0]["id"]), ""},
			{"C53 end a token", "DELETE", "/tokens/{}", fmt.Sprint(tokens[0]["id"]), ""},
			{"B44 end a leave", "DELETE", "/leave/{}", leave, ""},
		} {
			path := "/api/v1" + a.path
			var body any
			if a.body != "" {
				body = a.body
			}
			got := s1(a.method, strings.Replace(path, "{}", a.id, 1), body)
			silent(t, a.name, got)
			if got.status != 404 && got.status != 403 {
				t.Errorf("%s: %d %s", a.name, got.status, got.body)
			}
			sameBytes(t, a.name, got, s1(a.method, strings.Replace(path, "{}", absentID, 1), body), a.id, absentID)
		}
		if len(c.as("s2")("GET", "/api/v1/views?object=lead", nil).items(t)) != 1 || len(c.as("s2")("GET", "/api/v1/tokens", nil).items(t)) < len(tokens) {
			t.Error("something of s2 is gone")
		}
	})
}

// overAll are the lists, sums and pages on which nothing of R may show.
var overAll = []string{
	"/records/lead", "/records/lead?count=1", "/records/lead?count=exact", "/records/lead?fields=*&expand=person", "/records/lead?sort=-phone", "/records/lead?sort=person",
	"/records/lead?deleted=1", "/records/lead?filter=owner=\"{S2}\"", `/records/lead?filter=CONTAINS(company,"CNRY")&count=1`, `/records/lead?filter=owner IN TEAM()`,
	`/records/lead?filter=NOT (company="own")`, `/records/lead?filter=company="own" OR 1=1`, `/records/lead?filter=phone="13712340001" OR company="zzz"`,
	"/records/lead/groups?group=city", "/records/lead/groups?group=owner", "/records/lead/groups?group=status,owner", "/records/lead/groups?group=created_at:month&sum=budget", "/records/lead/groups?group=person",
	"/records/contact", "/records/contact/groups?group=name", "/records/interaction", "/records/interaction/groups?group=lead", "/records/task", "/records/project", "/records/company",
	"/records/project/board", "/records/project/board?view=project.board", "/records/contact?sort=-name&expand=company",
	"/home", "/inbox", "/agenda", "/agenda?from={FROM}&to={TO}&person=all", "/agenda?from={FROM}&to={TO}&person={S2}",
	"/search?q=CNRY", "/search?q=cnry", "/search?q=金丝雀", "/search?q=jsq", "/search?q=jinsique", "/search?q=13712340001", "/search?q=40001", "/search?q=cnry@example.com", "/search?q=cnry_wechat&objects=lead,contact",
	"/pins", "/recent", "/operations", "/views?object=lead", "/views?object=contact", "/tokens", "/sessions", "/users?q=cnry", "/catalog", "/pools", "/departments",
}

// TestAttacksByLists: A9, A11–A13, A17, A33, A35: only what is visible is counted, named, found.
func TestAttacksByLists(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := besieged(t, c)
		s1 := c.with("s1")
		for _, path := range overAll {
			for _, language := range []string{"zh-CN", "en"} {
				got := s1("GET", escaped(p.filled("/api/v1"+path, p.r, "")), nil, map[string]string{"Accept-Language": language})
				allowed := []string{"771133", "881144", "991155"} // budgets of his own
				if strings.Contains(path, "q=") {                 // what was asked for may be said back
					allowed = append(allowed, "CNRY", "cnry", "金丝雀", "13712340001")
				}
				silent(t, path, got, allowed...)
				if strings.Contains(string(got.body), p.r) {
					t.Errorf("%s names R", path)
				}
				if strings.Contains(path, "q=") && strings.Contains(string(got.body), `"id"`) && !strings.Contains(path, "users") {
					t.Errorf("%s finds something: %s", path, got.body)
				}
			}
		}
		for path, want := range map[string]float64{
			"/records/lead?count=exact": 2, `/records/lead?count=exact&filter=owner="{S2}"`: 0, "/records/interaction?count=exact": 0, "/records/project?count=exact": 0,
			`/records/lead?count=exact&filter=CONTAINS(company,"own")`: 2, "/records/contact?count=exact": 2,
		} {
			got := s1("GET", escaped(p.filled("/api/v1"+path, p.r, "")), nil, nil).want(t, path, 200).json(t)
			if got["count"] != want {
				t.Errorf("A9 %s counts %v, want %v", path, got["count"], want)
			}
		}
		for _, path := range []string{"/dashboards/lead-health", "/dashboards/lead-health?user=admin", "/dashboards/lead/follow-up?person={S2}", "/cycles/lead-to-cash", "/reasons/lead", "/records/lead/export?format=csv", "/records/lead/export?format=xlsx&user=admin", "/channels", "/audit", "/config", "/config/role/sales", "/health/status", "/config/drafts"} {
			s1("GET", p.filled("/api/v1"+path, p.r, ""), nil, nil).want(t, "A21 A22 "+path, 403)
		}
	})
}

// TestAttacksByDuplicates: A28, A30: a collision with a hidden record is one
// bit, the same for every hidden record; never its id, its owner or its name.
func TestAttacksByDuplicates(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := besieged(t, c)
		s1 := c.as("s1")
		other := c.lead(c.as("s3"), map[string]any{"company": "another", "phone": "13712340002", "owner": c.ids["s3"]})
		for _, body := range []string{`{"phone":"%s"}`, `{"phone":"%s","wechat":"x"}`} {
			one := s1("POST", leads+"/duplicates", fmt.Sprintf(body, "13712340001")).want(t, "warning", 200)
			two := s1("POST", leads+"/duplicates", fmt.Sprintf(body, "13712340002")).want(t, "warning", 200)
			silent(t, "A30 warning", one)
			sameBytes(t, "A30 warning", one, two)
			if strings.Contains(string(one.body), p.r) || strings.Contains(string(one.body), c.ids["s2"]) {
				t.Errorf("A30: %s", one.body)
			}
		}
		for _, suffix := range []string{"", "?duplicate=touch"} {
			one := s1("POST", leads+suffix, `{"company":"x","phone":"13712340001"}`)
			two := s1("POST", leads+suffix, `{"company":"x","phone":"13712340002"}`)
			silent(t, "A30 create"+suffix, one, "13712340001")
			sameBytes(t, "A30 create"+suffix, one, two, "13712340001", "13712340002", "+8613712340001", "+8613712340002")
			if strings.Contains(string(one.body), p.r) || strings.Contains(string(two.body), other) {
				t.Errorf("A30 create%s: %s", suffix, one.body)
			}
		}
		batch := s1("POST", leads+"/batch", `{"items":[{"op":"create","fields":{"company":"x","phone":"13712340001"}}]}`).want(t, "batch", 200)
		silent(t, "A28 batch", batch, "13712340001")
		if strings.Contains(string(batch.body), p.r) {
			t.Errorf("A28: %s", batch.body)
		}
	})
}

// TestAttacksByTheStream: A18: a change of R is no event for who may not read
// it, nor a tick or a gap in the numbers of those that he gets.
func TestAttacksByTheStream(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := besieged(t, c)
		c.must(c.app.Start(t.Context()))
		s := c.listen("s1")
		s2 := c.as("s2")
		for i := range 3 {
			s2("PATCH", leads+"/"+p.r, map[string]any{"city": fmt.Sprint("CNRY", i)}).want(t, "change", 200)
			s2("POST", leads+"/"+p.r+"/comments", map[string]any{"text": "cnry"}).want(t, "comment", 204)
		}
		c.as("s1")("PATCH", leads+"/"+p.own, map[string]any{"city": "常州"}).want(t, "own", 200)
		for _, event := range s.until(p.own) {
			if strings.Contains(event, p.r) || strings.Contains(event, p.rContact) || strings.HasPrefix(event, "change ") {
				t.Errorf("A18: %s", event)
			}
		}
	})
}
