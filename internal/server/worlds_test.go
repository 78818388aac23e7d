package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// hidden is what s1 may not know of a world: how much s2 has, and what of it.
type hiddenWork struct {
	leads   int
	company string
	amount  string
}

// work makes the records of s2, and the ones of s1 beside them, which are the same in every world.
func (c *company) work(w hiddenWork) (own []string) {
	c.Helper()
	leader, s2 := c.as("leader"), c.as("s2")
	for i, name := range []string{"甲一", "乙二", "丙三"} {
		own = append(own, c.lead(leader, map[string]any{
			"company": name + "公司", "contact": "李" + name, "phone": fmt.Sprint("1360000000", i), "owner": c.ids["s1"], "budget": fmt.Sprint(1000 * (i + 1)), "city": "苏州", "next_due": c.due(i).Format(time.RFC3339),
		}))
	}
	made := func(object string, fields map[string]any) string {
		return s2("POST", "/api/v1/records/"+object, fields).want(c.T, object, 201).json(c.T)["id"].(string)
	}
	for i := range w.leads {
		id := c.lead(leader, map[string]any{
			"company": fmt.Sprint(w.company, i), "contact": "李" + w.company, "phone": fmt.Sprint("1380000000", i), "owner": c.ids["s2"], "budget": w.amount, "city": w.company,
		})
		s2("POST", leads+"/"+id+"/follow-up", map[string]any{"action": "电话沟通", "text": w.company, "next_action": "提交报价", "next_due": c.due(1 + i%3).Format(time.RFC3339)}).want(c.T, "follow up", 201)
		s2("POST", leads+"/"+id+"/comments", map[string]any{"text": w.company + " @leader", "mentions": []string{c.ids["leader"]}}).want(c.T, "comment", 204)
		s2("PUT", "/api/v1/pins/lead/"+id, nil).want(c.T, "pin", 204)
		s2("PUT", leads+"/"+id+"/follow", nil).want(c.T, "follow", 200)
		made("task", map[string]any{"subject": w.company, "owner": c.ids["s2"], "lead": id, "due": c.due(i % 4).Format(time.RFC3339)})
		if i%2 == 0 {
			project := made("project", map[string]any{"name": w.company, "owner": c.ids["s2"], "amount": w.amount})
			contract := made("contract", map[string]any{"name": w.company, "owner": c.ids["s2"], "project": project, "amount": w.amount, "signed_on": c.day(0)})
			made("payment", map[string]any{"contract": contract, "owner": c.ids["s2"], "amount": w.amount, "paid_on": c.day(0)})
		}
	}
	if w.leads > 0 {
		c.request(s2, map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"city": w.company}})
		c.saveView(s2, w.company, nil)
		c.carry(-1)
	}
	return own
}

// doors are where s1 might hear of it; {O} is a record of his own.
var doors = []string{
	"/home", "/inbox", "/inbox?unread=1", "/alerts", "/agenda?from={FROM}&to={TO}", "/agenda?from={FROM}&to={TO}&person=all", "/agenda?from={FROM}&to={TO}&person={S2}",
	"/operations", "/views?object=lead", "/pins", "/recent", "/catalog", "/search?q=李", "/search?q=公司", "/search?q=1380", "/search?q=lj&objects=lead,contact", "/search?q=13600000001",
	"/records/lead?count=exact", "/records/lead?sort=-budget,city&count=1", "/records/lead?sort=updated_at", "/records/lead?filter=owner IN TEAM()&count=1", `/records/lead?filter=owner="{S2}"&count=1`,
	"/records/lead?deleted=1", "/records/contact?count=1&sort=name", "/records/contact?expand=company", "/records/interaction?count=1", "/records/task?count=1", "/records/project?count=1", "/records/contract?count=1", "/records/payment?count=1",
	"/records/lead/groups?group=city&sum=budget", "/records/lead/groups?group=owner", "/records/lead/groups?group=created_at:month,status", "/records/task/groups?group=owner", "/records/payment/groups?group=paid_on:month&sum=amount",
	"/records/project/board?view=project.board", "/records/lead/{O}", "/records/lead/{O}?expand=person,project", "/records/lead/{O}/thread", "/records/lead/{O}/related", "/records/lead/{O}/duplicates", "/records/lead/{O}/convert", "/records/lead/{O}/follow", "/records/lead/{O}/stages",
	"/records/lead/export?format=csv", "/records/interaction/export?format=csv", "/dashboards/lead-health", "/dashboards/lead/follow-up", "/cycles/lead-to-cash", "/reasons/lead", "/reasons/project", "/audit", "/channels", "/deliveries/{O}",
}

// acts are what s1 does meanwhile: neither their answers nor what follows from them may differ.
var acts = []attack{
	{"bulk preview", "POST", "/operations?dry_run=1", `{"object":"lead","action":"edit","filter":"","fields":{"city":"x"}}`, 0},
	{"bulk preview by owner", "POST", "/operations?dry_run=1", `{"object":"lead","action":"edit","filter":"NOT ISBLANK(city)","fields":{"city":"x"}}`, 0},
	{"chosen for export", "POST", "/records/lead/export", `{"format":"csv","ids":["{O}"]}`, 0},
	{"duplicates of nobody", "POST", "/records/lead/duplicates", `{"phone":"13699999999"}`, 0},
	{"preview of a conversion", "POST", "/records/lead/{O}/convert?preview=1", `{"targets":{}}`, 0},
	{"comment", "POST", "/records/lead/{O}/comments", `{"text":"hello"}`, 0},
	{"follow-up", "POST", "/records/lead/{O}/follow-up", `{"action":"电话沟通","text":"x","next_action":"提交报价","next_due":"2099-01-01T00:00:00Z"}`, 0},
	{"change", "PATCH", "/records/lead/{O}", `{"city":"无锡"}`, 0},
	{"mention who may not read it", "POST", "/records/lead/{O}/comments", `{"text":"x","mentions":["{S2}"]}`, 0},
	{"convert", "POST", "/records/lead/{O}/convert", `{"targets":{}}`, 0},
	{"undo it", "POST", "/records/lead/{O}/convert/undo", ``, 0},
	{"view", "POST", "/views", `{"object":"lead","label":"mine","shape":{"filter":"budget>1","columns":["company"]}}`, 0},
}

// trace is s1's day: every door, his acts, and every door again.
func (c *company) trace(own string) (script, answers []string) {
	c.Helper()
	p := &prey{company: c, own: own}
	s1, numbers := c.as("s1"), map[string]string{}
	c.indexed()
	look := func() {
		for _, door := range doors {
			got := s1("GET", escaped("/api/v1"+p.filled(door, own, "")), nil)
			if got.status >= 500 {
				c.Errorf("%s: %d %s", door, got.status, got.body)
			}
			script, answers = append(script, "GET "+door), append(answers, plainly(got, numbers))
		}
	}
	look()
	for _, a := range acts {
		a.path = "/api/v1" + a.path
		got := p.try(s1, a, own, "")
		if got.status >= 500 {
			c.Errorf("%s: %d %s", a.name, got.status, got.body)
		}
		script, answers = append(script, a.name), append(answers, plainly(got, numbers))
	}
	c.indexed()
	look()
	return script, answers
}

// TestWorldsOfOthersWorkLookTheSame: noninterference (assurance §3.3, 2) at
// every door: whether a colleague has no records or seven, with whatever in
// them, one's own day is the same byte for byte.
func TestWorldsOfOthersWorkLookTheSame(t *testing.T) {
	onBoth(t, func(t *testing.T, first *company) {
		script, want := first.trace(first.work(hiddenWork{leads: 0})[0])
		if opened, told := counted(want, "200 "), counted(want, "甲一"); opened < 85 || told < 40 {
			t.Errorf("of %d answers %d are of open doors, %d tell of one's own work", len(want), opened, told)
		}
		for _, w := range []hiddenWork{{7, "金丝雀", "771133.57"}, {2, "苏州", "1000.00"}} {
			second := open(t, founded.Embedded(t))
			_, got := second.trace(second.work(w)[0])
			different := 0
			for i := range want {
				if want[i] != got[i] && different < 6 {
					different++
					t.Errorf("%s with %d leads of somebody else:\n%s\n%s", script[i], w.leads, around(want[i], got[i]), around(got[i], want[i]))
				}
			}
		}
	})
}

// counted is how many of the answers hold a text.
func counted(answers []string, text string) (n int) {
	for _, one := range answers {
		if strings.Contains(one, text) {
			n++
		}
	}
	return n
}

// around is a text where it begins to differ from another.
func around(text, other string) string {
	at := 0
	for at < min(len(text), len(other)) && text[at] == other[at] {
		at++
	}
	return strings.ToValidUTF8(text[max(0, at-120):min(len(text), at+200)], "?")
}
