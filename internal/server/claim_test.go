package server_test

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestOnlyOpenRecordsAreClaimed: nobody takes what is won, lost or deleted, and
// the thread holds nothing of the attempt; opened again it can be claimed.
func TestOnlyOpenRecordsAreClaimed(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, seller := c.as("leader"), c.as("s1")
		id := c.lead(leader, map[string]any{"company": "博锐", "phone": "13800001111", "region": "华东"})
		path := leads + "/" + id
		leader("PATCH", path, map[string]any{"owner": c.ids["s1"]}).want(t, "assign", 200)
		seller("PATCH", path, map[string]any{"status": "已战败", "lost_reason": "价格太高"}).want(t, "lost", 200)
		before := c.kinds(id)
		got := seller("POST", path+"/claim", nil).want(t, "claim what is lost", 409)
		if code := got.json(t)["code"]; code != "record_closed" {
			t.Errorf("code %v", code)
		}
		if after := c.kinds(id); after != before {
			t.Errorf("the thread has %s, had %s", after, before)
		}
		seller("PATCH", path, map[string]any{"status": "跟进中"}).want(t, "open again", 200)
		seller("POST", path+"/claim", nil).want(t, "claim", 200)
	})
}

// TestABatchNamesItsItems: a body that names none by mistake is no batch of none.
func TestABatchNamesItsItems(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		for _, body := range []any{map[string]any{}, map[string]any{"items": nil}} {
			got := admin("POST", leads+"/batch", body).want(t, "without items", 422)
			if faults := got.faults(t); len(faults) != 1 || faults[0] != "items required" {
				t.Errorf("%v: %v", body, faults)
			}
		}
		admin("POST", leads+"/batch", map[string]any{"items": []any{}}).want(t, "an empty batch", 200)
	})
}

// TestTheClaimWindowComesBackWithTheLead: what was deleted or closed before its
// owner took it asks for him again when it is there again, and the leader hears
// of it when he does not come; what was claimed is nobody's question any more.
func TestTheClaimWindowComesBackWithTheLead(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, seller := c.as("leader"), c.as("s1")
		at := time.Date(2027, 3, 2, 2, 0, 0, 0, time.UTC) // a Tuesday, 10:00 in Shanghai
		c.must(c.app.DB.SetOffset(time.Until(at)))
		number := 0
		given := func() string {
			number++
			id := c.lead(leader, map[string]any{"company": "博锐", "phone": fmt.Sprint("1380000111", number), "region": "华东", "owner": c.ids["s1"]})
			c.claims(leader, id, "running")
			return id
		}
		change := func(by caller, id string, fields map[string]any) {
			t.Helper()
			by("PATCH", leads+"/"+id, fields).want(t, fmt.Sprint(fields), 200)
		}
		lost, open := map[string]any{"status": "已战败", "lost_reason": "价格太高"}, map[string]any{"status": "待首触"}
		deleted, closed, claimed, passed := given(), given(), given(), given()

		leader("DELETE", leads+"/"+deleted, nil).want(t, "delete", 204)
		leader("POST", leads+"/"+deleted+"/restore", nil).want(t, "restore", 200)
		c.claims(leader, deleted, "running")

		change(leader, closed, lost)
		c.claims(leader, closed, "cancelled")
		change(leader, closed, open)
		c.claims(leader, closed, "running")

		seller("POST", leads+"/"+claimed+"/claim", nil).want(t, "claim", 200)
		change(seller, claimed, lost)
		change(seller, claimed, open)
		c.claims(leader, claimed, "satisfied")

		seller("POST", leads+"/"+passed+"/claim", nil).want(t, "claim", 200)
		change(leader, passed, lost)
		change(leader, passed, map[string]any{"owner": c.ids["s2"]})
		c.claims(leader, passed, "satisfied")
		change(leader, passed, open)
		c.claims(leader, passed, "running")

		c.must(c.app.DB.SetOffset(time.Until(at.Add(40 * time.Minute))))
		if _, err := c.app.Timer.Due(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{deleted, closed, passed} {
			c.claims(leader, id, "fired")
		}
		c.claims(leader, claimed, "satisfied")
	})
}

// claims expects a state of a lead's claim window.
func (c *company) claims(by caller, id, want string) {
	c.Helper()
	for _, item := range by("GET", leads+"/"+id+"/clocks", nil).items(c.T) {
		if item["name"] == "claim" {
			if item["state"] != want {
				c.Errorf("the claim window is %v, want %s", item["state"], want)
			}
			return
		}
	}
	c.Errorf("no claim window, want it %s", want)
}

// TestABatchNamesWhatItChanges: who sends an id with a new record believes that
// it will have it, and who sends none with another one does not say which.
func TestABatchNamesWhatItChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		there := c.lead(admin, map[string]any{"company": "博锐", "phone": "13800007777"})
		got := admin("POST", leads+"/batch", map[string]any{"items": []any{
			map[string]any{"op": "create", "id": "01900000-0000-7000-8000-000000000000", "fields": map[string]any{"company": "甲"}},
			map[string]any{"op": "update", "fields": map[string]any{"company": "乙"}},
			map[string]any{"op": "delete"},
			map[string]any{"op": "create", "fields": map[string]any{"company": "丙"}},
			map[string]any{"op": "update", "id": there, "fields": map[string]any{"company": "丁"}},
		}}).want(t, "batch", 200).items(t)
		var told []string
		for _, item := range got {
			line := fmt.Sprint(item["status"])
			if errors, _ := item["errors"].([]any); len(errors) > 0 {
				one := errors[0].(map[string]any)
				line = fmt.Sprint(line, " ", one["path"], " ", one["code"])
			}
			told = append(told, line)
		}
		if want := "[422 id id_not_chosen 422 id required 422 id required 201 200]"; fmt.Sprint(told) != want {
			t.Errorf("told %v, want %s", told, want)
		}
		if n := len(admin("GET", leads, nil).items(t)); n != 2 {
			t.Errorf("%d leads", n)
		}
	})
}

// TestANameReadsAsItIsKept: what turns the writing around is not kept in what
// people read in lists, wherever it comes in.
func TestANameReadsAsItIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		id := c.lead(admin, map[string]any{"company": "博锐\u202egnp", "contact": "\u2067王\u200d伟", "tags": []string{"急\u200f"}, "message": "می\u200cخواهم"})
		got := admin("GET", leads+"/"+id, nil).json(t)
		if fmt.Sprint(got["company"], got["contact"], got["tags"], got["message"]) != "博锐gnp王伟[急]می\u200cخواهم" {
			t.Errorf("kept %+q %+q %+q %+q", got["company"], got["contact"], got["tags"], got["message"])
		}
		refused := admin("POST", "/api/v1/users", map[string]any{"name": "li\u202e ming", "email": "li@example.com", "password": password, "roles": []string{"sales"}, "active": true}).want(t, "a person", 422)
		if faults := fmt.Sprint(refused.faults(t)); faults != "[name invalid_text]" {
			t.Errorf("a person: %s", faults)
		}
		admin("POST", leads+"/"+id+"/comments", map[string]any{"text": "\u202e\u200b"}).want(t, "a comment of nothing", 422)
	})
}
