package server_test

import (
	"fmt"
	"strings"
	"testing"

	"clew.dev/clew/internal/account"
)

// changedTexts are a person's messages of changed records.
func (c *company) changedTexts(short string) []string {
	c.Helper()
	return c.inbox(short, "record_changed")
}

// patch writes fields of a record whatever its state.
func (c *company) patch(by, path string, fields map[string]any) {
	c.Helper()
	etag := c.as(by)("GET", path, nil).header.Get("ETag")
	c.with(by)("PATCH", path, fields, map[string]string{"If-Match": etag}).want(c.T, "change", 200)
}

// project makes one of s1's.
func (c *company) project() string {
	c.Helper()
	made := c.as("leader")("POST", projects, map[string]any{"name": "六轴项目", "owner": c.ids["s1"], "stage": "需求确认"})
	return projects + "/" + made.want(c.T, "project", 201).json(c.T)["id"].(string)
}

// hire makes a person with a role of these rules.
func (c *company) hire(short string, objects map[string]any) {
	c.Helper()
	body := map[string]any{"label": map[string]any{"en": short, "zh-CN": short}, "home": "sales", "rights": []any{}, "objects": objects}
	c.as("admin")("PUT", "/api/v1/config/role/"+short, body).want(c.T, "role", 201)
	user, err := c.app.Accounts.CreateUser(c.Context(), account.NewUser{Name: short, Email: short + "@example.com", Roles: []string{short}, Password: password})
	c.must(err)
	c.ids[short] = user.ID
}

// broadcast lets an object's changes of fields be told to roles.
func (c *company) broadcast(object string, rules ...map[string]any) {
	c.Helper()
	admin := c.as("admin")
	body := admin("GET", "/api/v1/config/object/"+object, nil).want(c.T, "document", 200).json(c.T)
	body["broadcast"] = rules
	admin("PUT", "/api/v1/config/object/"+object, body).want(c.T, "broadcast", 200)
}

func TestTheOwnerHearsWhatOthersChangeUntilHeSwitchesItOff(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1 := c.as("s1")
		path := leads + "/" + c.lead(c.as("leader"), map[string]any{"company": "负责公司", "phone": "13900002001", "owner": c.ids["s1"]})
		if got := s1("GET", path+"/follow", nil).json(t); got["following"] != true || got["because"] != "owner" {
			t.Errorf("the owner: %v", got)
		}
		c.patch("s1", path, map[string]any{"city": "苏州"})
		if got := c.changedTexts("s1"); len(got) != 0 {
			t.Errorf("one's own act: %v", got)
		}
		c.patch("leader", path, map[string]any{"city": "常州"})
		if got := c.changedTexts("s1"); len(got) != 1 || !strings.Contains(got[0], "苏州") || !strings.Contains(got[0], "常州") {
			t.Errorf("what the leader changed: %v", got)
		}
		if got := c.changedTexts("leader"); len(got) != 0 {
			t.Errorf("who changed it: %v", got)
		}
		s1("POST", "/api/v1/inbox/read", nil)
		s1("DELETE", path+"/follow", nil).want(t, "switch off", 200)
		c.patch("leader", path, map[string]any{"city": "无锡"})
		if got := c.changedTexts("s1"); len(got) != 1 {
			t.Errorf("after switching off: %v", got)
		}
		if got := s1("GET", path+"/follow", nil).json(t); got["following"] != false || got["because"] != nil {
			t.Errorf("the owner who switched it off: %v", got)
		}
	})
}

// TestWhoGetsARecordIsToldOnce: a new owner hears that the record is his and not
// once more that its owner changed, though he follows it.
func TestWhoGetsARecordIsToldOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		path := leads + "/" + c.lead(c.as("leader"), map[string]any{"company": "交接公司", "phone": "13900002002", "owner": c.ids["s1"]})
		c.patch("leader", path, map[string]any{"owner": c.ids["s2"], "city": "常州"})
		if assigned, changed := c.inbox("s2", "assigned"), c.changedTexts("s2"); len(assigned) != 1 || len(changed) != 0 {
			t.Errorf("the new owner: %v %v", assigned, changed)
		}
		if got := c.changedTexts("s1"); len(got) != 0 {
			t.Errorf("who may not read it any more: %v", got)
		}
		// A project is given without a word of its own, so the new owner hears of the change.
		project := c.project()
		c.patch("leader", project, map[string]any{"owner": c.ids["s3"]})
		if got := c.changedTexts("s3"); len(got) != 1 || !strings.Contains(got[0], "s3") {
			t.Errorf("the new owner of a project: %v", got)
		}
	})
}

// TestABroadcastKeepsToFieldRights: who has the role and may not read the field
// hears nothing of it, neither by itself nor beside another field.
func TestABroadcastKeepsToFieldRights(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.hire("blind", map[string]any{"project": map[string]any{"read": true, "scope": "all", "fields": map[string]any{"*": "read", "amount": "hidden"}}})
		c.hire("far", map[string]any{"project": map[string]any{"read": true, "scope": `阶段 = "招投标"`}})
		c.broadcast("project", map[string]any{"fields": []string{"amount"}, "roles": []string{"blind", "far", "manager"}})
		project := c.project()
		amount := func(text string) map[string]any { return map[string]any{"amount": text, "currency": "CNY"} }
		c.patch("s1", project, map[string]any{"amount": amount("880000.00"), "note": "六台"})
		for _, short := range []string{"blind", "far"} {
			if got := c.changedTexts(short); len(got) != 0 {
				t.Errorf("%s hears %v", short, got)
			}
			if got := c.as(short)("GET", project+"/follow", nil); strings.Contains(string(got.body), "金额") {
				t.Errorf("%s reads that he hears of %s", short, got.body)
			}
		}
		if got := c.changedTexts("leader"); len(got) != 1 || !strings.Contains(got[0], "880000") {
			t.Errorf("the leader: %v", got)
		}
		if got := c.as("leader")("GET", project+"/follow", nil).json(t); got["because"] != "role" || fmt.Sprint(got["fields"]) != "[预计金额]" || got["following"] != false {
			t.Errorf("what the leader hears: %v", got)
		}
		// He who follows it himself hears of what he may read, of the amount never.
		c.as("blind")("PUT", project+"/follow", nil).want(t, "follow", 200)
		c.patch("s1", project, map[string]any{"amount": amount("990000.00"), "note": "七台"})
		if got := c.changedTexts("blind"); len(got) != 1 || !strings.Contains(got[0], "七台") || strings.Contains(got[0], "990000") {
			t.Errorf("the follower who may not read the amount: %v", got)
		}
	})
}

// TestRolesAreManyAndOneMessageIsEnough: several rules that name the same person
// give one message; a change within ten minutes joins it.
func TestRolesAreManyAndOneMessageIsEnough(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.broadcast("project",
			map[string]any{"fields": []string{"stage"}, "roles": []string{"manager"}},
			map[string]any{"fields": []string{"stage", "amount"}, "roles": []string{"manager", "administrator"}})
		project := c.project()
		c.as("leader")("PUT", project+"/follow", nil).want(t, "follow", 200)
		c.patch("s1", project, map[string]any{"stage": "报价"})
		c.patch("s1", project, map[string]any{"stage": "招投标"})
		for _, short := range []string{"leader", "admin"} {
			got := c.changedTexts(short)
			if len(got) != 1 || !strings.Contains(got[0], "需求确认") || !strings.Contains(got[0], "招投标") || strings.Contains(got[0], "报价") {
				t.Errorf("%s: %v", short, got)
			}
		}
		c.patch("admin", project, map[string]any{"stage": "报价"})
		if got := c.changedTexts("leader"); len(got) != 2 {
			t.Errorf("of another person: %v", got)
		}
		if got := c.changedTexts("admin"); len(got) != 1 {
			t.Errorf("who changed it: %v", got)
		}
	})
}
