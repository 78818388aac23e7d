package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
)

// TestReasonsOnEveryPath closes projects and leads in every way there is: a
// project asks each person for a reason, a lead has one that stands in.
func TestReasonsOnEveryPath(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := &pipeline{c, c.as("leader")}
		project := func() string {
			return p.create("project", map[string]any{"name": "路", "stage": "报价", "owner": c.ids["s1"]})
		}
		missing := []string{"lost_reason required"}

		refused := p.by("POST", projects, map[string]any{"name": "路", "stage": "已丢单"}).want(t, "created lost", 422)
		if !slices.Equal(refused.faults(t), missing) {
			t.Errorf("created: %v", refused.faults(t))
		}
		p.by("POST", projects, map[string]any{"name": "路", "stage": "已丢单", "lost_reason": "价格太高"}).want(t, "created with a reason", 201)

		id := project()
		refused = p.by("PATCH", projects+"/"+id, map[string]any{"stage": "已丢单", "lost_reason": nil}).want(t, "a blank reason", 422)
		if !slices.Equal(refused.faults(t), missing) {
			t.Errorf("patched: %v", refused.faults(t))
		}
		p.by("PATCH", projects+"/"+id, map[string]any{"stage": "已丢单", "won_reason": "老客户"}).want(t, "the other reason", 422)
		p.by("PATCH", projects+"/"+id, map[string]any{"stage": "已丢单", "lost_reason": "价格太高"}).want(t, "lost", 200)
		refused = p.by("PATCH", projects+"/"+id, map[string]any{"lost_reason": nil}).want(t, "taken away afterwards", 422)
		if !slices.Equal(refused.faults(t), missing) {
			t.Errorf("taken away: %v", refused.faults(t))
		}
		p.by("PATCH", projects+"/"+id, map[string]any{"note": "无关"}).want(t, "another field", 200)
		p.by("PATCH", projects+"/"+id, map[string]any{"stage": "已签约", "won_reason": "老客户"}).want(t, "won after all", 200)
		if now := p.read("/records/project/" + id); now["lost_reason"] != nil || now["won_reason"] != "老客户" {
			t.Errorf("reasons of another end: %v, %v", now["lost_reason"], now["won_reason"])
		}

		first, second := project(), project()
		batch := p.by("POST", projects+"/batch", map[string]any{"items": []any{
			map[string]any{"op": "update", "id": first, "fields": map[string]any{"stage": "已丢单"}},
			map[string]any{"op": "update", "id": second, "fields": map[string]any{"stage": "已丢单", "lost_reason": "需求消失"}},
			map[string]any{"op": "create", "fields": map[string]any{"name": "路", "stage": "已签约"}},
		}}).want(t, "batch", 200)
		var told []string
		for _, one := range batch.items(t) {
			text := fmt.Sprint(one["status"])
			if list, _ := one["errors"].([]any); len(list) == 1 {
				text += fmt.Sprint(" ", list[0].(map[string]any)["path"])
			}
			told = append(told, text)
		}
		if want := []string{"422 lost_reason", "200", "422 won_reason"}; !slices.Equal(told, want) {
			t.Errorf("batch %q, want %q", told, want)
		}
		if now := p.read("/records/project/" + first); now["stage"] != "报价" {
			t.Errorf("lost by a batch without a reason: %v", now["stage"])
		}

		bulk := []string{project(), project()}
		without := c.request(p.by, map[string]any{"object": "project", "action": "edit", "ids": bulk, "fields": map[string]any{"stage": "已丢单"}})
		wantCounts(t, "bulk without a reason", c.ended(p.by, without), "done", 2, 0, 2)
		with := c.request(p.by, map[string]any{"object": "project", "action": "edit", "ids": bulk, "fields": map[string]any{"stage": "已丢单", "lost_reason": "资金未批"}})
		wantCounts(t, "bulk with a reason", c.ended(p.by, with), "done", 2, 2, 0)

		lead := p.create("lead", map[string]any{"company": "路", "owner": c.ids["s1"]})
		p.by("PATCH", leads+"/"+lead, map[string]any{"status": "已战败"}).want(t, "a lead needs none", 200)
		if now := p.read("/records/lead/" + lead); now["lost_reason"] != "未说明" {
			t.Errorf("what stands in: %v", now["lost_reason"])
		}
		p.by("PATCH", leads+"/"+lead, map[string]any{"status": "跟进中"}).want(t, "reopened", 200)
		if now := p.read("/records/lead/" + lead); now["lost_reason"] != nil {
			t.Errorf("the reason outlives its cause: %v", now["lost_reason"])
		}
		card := map[string]any{"action": "电话沟通", "outcome": "无效"}
		p.by("POST", leads+"/"+lead+"/follow-up", card).want(t, "invalid by a follow-up", 201)
		if now := p.read("/records/lead/" + lead); now["invalid_reason"] != "未说明" {
			t.Errorf("by a follow-up: %v", now["invalid_reason"])
		}
	})
}

// TestChannelsAreNotAskedForReasons: what a customer's form brings in is taken
// as it is, whatever is missing.
func TestChannelsAreNotAskedForReasons(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		header := map[string]string{"Authorization": "Bearer " + websiteToken}
		got := c.send("POST", "/in/website-api", map[string]any{"company": "来自网站", "contact": "丁", "phone": "13712340001", "message": "询价"}, header)
		if got.status >= 300 {
			t.Fatalf("the website: %d %s", got.status, got.body)
		}
		c.carry(-1)
		for _, one := range c.as("leader")("GET", leads, nil).items(t) {
			for _, reason := range []string{"won_reason", "lost_reason", "invalid_reason"} {
				if one[reason] != nil {
					t.Errorf("%s of an open lead: %v", reason, one[reason])
				}
			}
		}
	})
}

// states are a record's clocks by name, each with its state and when it is due.
func states(t *testing.T, by caller, id string) map[string]string {
	t.Helper()
	told := map[string]string{}
	for _, one := range by("GET", leads+"/"+id+"/clocks", nil).items(t) {
		if one["state"] == "running" {
			told[one["name"].(string)] = fmt.Sprint(one["due_at"])
		}
	}
	return told
}

// TestClocksAfterUndo: a conversion ends the lead's clocks; an undo starts each
// one again that belongs to the state before, and the promise keeps its day.
func TestClocksAfterUndo(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, s1 := c.as("leader"), c.as("s1")
		promise := map[string]any{"action": "电话沟通", "next_action": "提交报价", "next_due": "2099-01-05T02:00:00Z"}
		for name, prepare := range map[string]func(id string){
			"nobody has touched it": func(string) {},
			"claimed":               func(id string) { s1("POST", leads+"/"+id+"/claim", nil) },
			"promised": func(id string) {
				s1("POST", leads+"/"+id+"/follow-up", promise).want(t, "promise", 201)
			},
		} {
			id := c.lead(leader, with(known(len(name)+40), "owner", c.ids["s1"]))
			prepare(id)
			before := states(t, s1, id)
			s1("POST", leads+"/"+id+"/convert", nil).want(t, name, 201)
			if now := states(t, s1, id); len(now) > 0 {
				t.Errorf("%s: converted, and clocks go on: %v", name, now)
			}
			s1("POST", leads+"/"+id+"/convert/undo", nil).want(t, name, 200)
			after := states(t, s1, id)
			for clock := range before {
				if _, runs := after[clock]; !runs {
					t.Errorf("%s: %s does not run again: %v, was %v", name, clock, after, before)
				}
			}
			if due, promised := before["commitment"]; promised && after["commitment"] != due {
				t.Errorf("%s: the promise is for %s, was %s", name, after["commitment"], due)
			}
		}
	})
}

// TestConvertWhileOthersWork converts leads of one company while it is renamed,
// deleted and made again: each conversion is whole or not there at all.
func TestConvertWhileOthersWork(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin, s1 := c.as("admin"), c.as("s1")
		p := &pipeline{c, admin}
		firm := p.create("company", map[string]any{"name": "并发公司", "owner": c.ids["s1"]})
		const n = 8
		var ids []string
		for i := range n {
			fields := known(60 + i)
			fields["company"] = "并发公司有限公司"
			ids = append(ids, c.lead(s1, with(fields, "owner", c.ids["s1"])))
		}
		answers := make([]answer, n)
		var wait sync.WaitGroup
		for i, id := range ids {
			wait.Go(func() { answers[i] = s1("POST", leads+"/"+id+"/convert", nil) })
		}
		wait.Go(func() {
			for i := range 6 {
				admin("PATCH", "/api/v1/records/company/"+firm, map[string]any{"city": fmt.Sprint("城市", i)})
			}
			admin("DELETE", "/api/v1/records/company/"+firm, nil)
		})
		wait.Wait()
		linked := 0
		for i, a := range answers {
			lead := p.read("/records/lead/" + ids[i])
			if a.status != http.StatusCreated {
				if lead["project"] != nil || lead["status"] == "已转商机" {
					t.Errorf("refused with %d, and converted by half: %v", a.status, lead)
				}
				if a.status >= 500 {
					t.Errorf("%d %s", a.status, a.body)
				}
				continue
			}
			project := p.read("/records/project/" + idOf(lead["project"]))
			if idOf(project["lead"]) != ids[i] || idOf(project["company"]) != idOf(lead["organisation"]) {
				t.Errorf("lead %d: %v, project %v", i, lead["organisation"], project["company"])
			}
			linked++
		}
		if linked == 0 {
			t.Error("no conversion went through")
		}
		want := len(admin("GET", projects+"?limit=100&filter="+url.QueryEscape("NOT ISBLANK(lead)"), nil).items(t))
		if want != linked {
			t.Errorf("%d projects of %d conversions", want, linked)
		}
		c.expectCount("SELECT count(*) FROM conversion", int64(linked))
	})
}

// TestConvertAndUndoAtOnce: whoever comes second is told so; nothing is left between.
func TestConvertAndUndoAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1 := c.as("s1")
		p := &pipeline{c, c.as("admin")}
		id := c.lead(s1, with(known(80), "owner", c.ids["s1"]))
		s1("POST", leads+"/"+id+"/convert", nil).want(t, "convert", 201)
		var wait sync.WaitGroup
		statuses := make([]int, 4)
		for i := range statuses {
			wait.Go(func() { statuses[i] = s1("POST", leads+"/"+id+"/convert/undo", nil).status })
		}
		wait.Wait()
		slices.Sort(statuses)
		if !slices.Equal(statuses, []int{200, 409, 409, 409}) {
			t.Errorf("statuses %v", statuses)
		}
		if lead := p.read("/records/lead/" + id); lead["project"] != nil || lead["converted_at"] != nil {
			t.Errorf("lead %v", lead)
		}
		if n := len(p.by("GET", projects, nil).items(t)); n != 0 {
			t.Errorf("%d projects are left", n)
		}
	})
}
