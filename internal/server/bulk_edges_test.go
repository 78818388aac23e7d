package server_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
)

// cities counts all leads by their city, which tells who wrote last.
func (c *company) cities() map[string]int {
	c.Helper()
	found := map[string]int{}
	lead, _ := c.app.Catalog.Current().Object("lead")
	f, _ := lead.Field("city")
	for _, row := range c.rows("lead") {
		found[fmt.Sprint(row.Values[f.ID])]++
	}
	return found
}

// half asks for an operation over all leads and carries its first chunk out.
func (c *company) half(by caller, wish map[string]any) string {
	c.Helper()
	id := c.request(by, wish)
	c.carry(1)
	if o := by("GET", operations+"/"+id, nil).json(c.T); o["state"] != "running" || o["done"].(float64) == 0 {
		c.Fatalf("not half way: %v", o)
	}
	return id
}

func everyLead(city string) map[string]any {
	return map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"city": city}}
}

// TestTheWorldChangesUnderAnOperation: what others do while an operation is half
// way: it goes on with what still holds, tells what does not, and its counts agree with what is there.
func TestTheWorldChangesUnderAnOperation(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		const n = 230
		ids := c.someLeads(n)
		admin, leader := c.as("admin"), c.as("leader")
		t.Run("records go", func(t *testing.T) {
			id := c.half(leader, everyLead("无锡"))
			for _, one := range ids[n-7:] {
				admin("DELETE", leads+"/"+one, nil)
			}
			for _, one := range ids[:3] {
				admin("DELETE", leads+"/"+one, nil)
			}
			o := c.ended(leader, id)
			if o["state"] != "done" || o["done"].(float64)+o["failed"].(float64) != o["total"].(float64) {
				t.Errorf("%v", o)
			}
			if left := c.cities()["苏州"]; left != 0 {
				t.Errorf("%d leads were left out: %v", left, o)
			}
			for _, one := range append(ids[n-7:], ids[:3]...) {
				admin("POST", leads+"/"+one+"/restore", nil).want(t, "restore", 200)
			}
		})
		t.Run("records come", func(t *testing.T) {
			id := c.half(leader, everyLead("常州"))
			late := c.lead(admin, map[string]any{"company": "später", "phone": "13500000001", "city": "苏州", "owner": c.ids["s1"]})
			c.ended(leader, id)
			if city := admin("GET", leads+"/"+late, nil).json(t)["city"]; city != "苏州" {
				t.Errorf("a lead made after the wish was edited: %v", city)
			}
			admin("DELETE", leads+"/"+late, nil)
		})
		t.Run("two at once", func(t *testing.T) {
			first, second := c.request(leader, everyLead("甲")), c.request(admin, everyLead("乙"))
			var wait sync.WaitGroup
			for range 3 {
				wait.Go(func() { c.carry(-1) })
			}
			wait.Wait()
			for id, by := range map[string]caller{first: leader, second: admin} {
				if o := c.ended(by, id); o["state"] != "done" || o["done"].(float64)+o["failed"].(float64) < n-7 {
					t.Errorf("%v", o)
				}
			}
			if found := c.cities(); found["甲"]+found["乙"] < n-7 || found["甲"] > 0 && found["乙"] > 0 && found["甲"]+found["乙"] > n {
				t.Errorf("%v", found)
			}
		})
		t.Run("the asker is locked out", func(t *testing.T) {
			s1 := c.as("s1")
			id := c.half(s1, everyLead("丙"))
			before := c.cities()["丙"]
			admin("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"active": false}).want(t, "locked out", 200)
			c.carry(-1)
			if after := c.cities()["丙"]; after != before {
				t.Errorf("after he was locked out %d more leads were edited", after-before)
			}
			admin("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"active": true}).want(t, "back", 200)
			if o := c.ended(c.as("s1"), id); o["state"] == "running" || o["state"] == "queued" {
				t.Errorf("it hangs: %v", o)
			}
		})
	})
}

// TestTheConfigurationChangesUnderAnOperation: a field that becomes unreadable,
// read-only, renamed or gone while an operation writes or looks at it.
func TestTheConfigurationChangesUnderAnOperation(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.someLeads(160)
		admin := c.as("admin")
		role := func(city, budget string) {
			admin("PUT", documents+"role/clerk", map[string]any{
				"label": map[string]string{"en": "Clerk", "zh-CN": "文员"}, "home": "manager", "rights": []string{"records.bulk"},
				"objects": map[string]any{"lead": map[string]any{"read": true, "update": true, "scope": "all", "fields": map[string]any{"*": "write", "city": city, "budget": budget}}},
			})
		}
		role("write", "write")
		admin("PATCH", "/api/v1/users/"+c.ids["s5"], map[string]any{"roles": []string{"clerk"}}).want(t, "clerk", 200)
		clerk := c.as("s5")
		for name, one := range map[string]struct {
			filter, city, budget string
		}{
			"what it writes becomes read-only":  {"", "read", "write"},
			"what it writes becomes hidden":     {"", "hidden", "write"},
			"what it looks at becomes hidden":   {"budget > 0", "write", "hidden"},
			"it loses nothing by other changes": {"budget > 0", "write", "read"},
		} {
			role("write", "write")
			wish := everyLead(name)
			wish["filter"] = one.filter
			id := c.half(clerk, wish)
			before := c.cities()[name]
			role(one.city, one.budget)
			o := c.ended(clerk, id)
			after := c.cities()[name]
			lost := one.city != "write" || one.budget == "hidden"
			if lost && after != before {
				t.Errorf("%s: %d more were written: %v", name, after-before, o)
			}
			if !lost && after != 160 {
				t.Errorf("%s: %d of 160: %v", name, after, o)
			}
			if o["state"] == "running" || o["state"] == "queued" {
				t.Errorf("%s: it hangs: %v", name, o)
			}
		}
	})
}

// TestWishesRepeatedAtOnceAreOne: eight repeats of one wish with one key make one operation, and one record.
func TestWishesRepeatedAtOnceAreOne(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.someLeads(5)
		leader := c.with("leader")
		for what, one := range map[string]struct {
			path string
			body any
		}{
			"an operation": {operations, map[string]any{"object": "lead", "action": "edit", "ids": ids, "fields": map[string]any{"city": "一次"}}},
			"a record":     {leads, map[string]any{"company": "一次有限公司"}},
			"a comment":    {leads + "/" + ids[0] + "/comments", map[string]any{"text": "一次"}},
			"a view":       {"/api/v1/views", map[string]any{"object": "lead", "label": "一次", "shape": map[string]any{}}},
		} {
			var wait sync.WaitGroup
			answers := make([]answer, 8)
			for i := range answers {
				wait.Go(func() {
					answers[i] = leader("POST", one.path, one.body, map[string]string{"Idempotency-Key": "key of " + what})
				})
			}
			wait.Wait()
			good := map[string]bool{}
			for _, got := range answers {
				switch {
				case got.status < 300:
					good[string(got.body)] = true
				case got.status != 409: // under way
					t.Errorf("%s: %d %s", what, got.status, got.body)
				}
			}
			if len(good) != 1 {
				t.Errorf("%s: %d different answers", what, len(good))
			}
			leader("POST", one.path, one.body, map[string]string{"Idempotency-Key": "key of " + what})
		}
		c.expectCount("SELECT COUNT(*) FROM operation", 1)
		c.expectCount("SELECT COUNT(*) FROM thread_entry WHERE kind='comment'", 1)
		if n := len(c.rows("lead")); n != 6 {
			t.Errorf("%d leads, want 6", n)
		}
	})
}

// wantNamed is a refusal of the input that names one place.
func (a answer) wantNamed(t *testing.T, what, named string) {
	t.Helper()
	if got := a.want(t, what, 422).faults(t); len(got) != 1 || got[0] != named {
		t.Errorf("%s: %v", what, got)
	}
}

// TestARequiredFieldIsBlankedNowhere: it is said at once, not of each record.
func TestARequiredFieldIsBlankedNowhere(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		for _, blank := range []any{nil, ""} {
			wish := map[string]any{"object": "task", "action": "edit", "filter": "", "fields": map[string]any{"subject": blank}}
			leader("POST", operations, wish).wantNamed(t, "operation", "subject required")
			leader("POST", operations+"?dry_run=1", wish).wantNamed(t, "dry run", "subject required")
		}
	})
}

// TestAnIdThatIsNoTextIsNamed, wherever a body has one: it brings no database to
// fail, stops no operation over the others and no file.
func TestAnIdThatIsNoTextIsNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		lead := c.lead(leader, map[string]any{"company": "甲"})
		for _, bad := range []string{"\x00", "a\x00b"} {
			ids := []string{lead, bad, "unknown"}
			wish := map[string]any{"object": "lead", "action": "edit", "ids": ids, "fields": map[string]any{"city": "x"}}
			leader("POST", operations+"?dry_run=1", wish).wantNamed(t, "dry run", "ids.1 invalid_text")
			leader("POST", operations, wish).wantNamed(t, "operation", "ids.1 invalid_text")
			leader("POST", leads+"/export", map[string]any{"format": "csv", "ids": ids}).wantNamed(t, "export", "ids.1 invalid_text")
			leader("POST", leads+"/"+lead+"/convert", map[string]any{"targets": map[string]any{"company": map[string]any{"use": bad}}}).wantNamed(t, "conversion", "targets.company.use invalid_text")
			leader("POST", "/api/v1/agenda/move", map[string]any{"object": "lead", "id": bad, "due_at": "2030-01-01T00:00:00Z"}).wantNamed(t, "agenda", "id invalid_text")
			leader("PUT", "/api/v1/views/preference", map[string]any{"object": "lead", "default": bad}).wantNamed(t, "view", "default invalid_text")
			c.as("admin")("POST", "/api/v1/simulate/scorecard/lead", map[string]any{"record": bad}).wantNamed(t, "simulation", "record invalid_text")
			c.as("admin")("POST", "/api/v1/users/"+c.ids["s1"]+"/leave", map[string]any{"from": "2030-01-01", "to": "2030-01-02", "reason": bad}).wantNamed(t, "leave", "reason invalid_text")
		}
		id := c.request(leader, map[string]any{"object": "lead", "action": "edit", "ids": []string{lead, "unknown"}, "fields": map[string]any{"city": "x"}})
		if o := c.ended(leader, id); o["state"] != "done" || o["done"] != 1.0 || o["failed"] != 1.0 {
			t.Errorf("of an id that nothing has: %v", o)
		}
	})
}

// TestOperationsOverTheirOwnUndo: edits, hand-overs, deletions and their undos
// by two people in a random order end as a model of plain maps says.
func TestOperationsOverTheirOwnUndo(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.sampleObject()
		ids := c.sample(9, 40)
		admin := c.as("admin")
		random := rand.New(rand.NewPCG(8, 8))
		type state struct {
			name    any
			deleted bool
		}
		model := map[string]state{}
		for _, id := range ids {
			model[id] = state{name: admin("GET", samples+"/"+id, nil).json(t)["name"]}
		}
		for step := range 24 {
			var chosen []string
			for _, id := range ids {
				if random.IntN(3) == 0 {
					chosen = append(chosen, id)
				}
			}
			if len(chosen) == 0 {
				continue
			}
			before := map[string]state{}
			wish := map[string]any{"object": "sample", "ids": chosen}
			name := fmt.Sprint("step ", step)
			switch action := []string{"edit", "delete", "restore"}[random.IntN(3)]; action {
			case "edit":
				wish["action"], wish["fields"] = action, map[string]any{"name": name}
			default:
				wish["action"] = action
			}
			for _, id := range chosen {
				now := model[id]
				before[id] = now
				switch {
				case wish["action"] == "edit" && !now.deleted:
					now.name = name
				case wish["action"] == "delete":
					now.deleted = true
				case wish["action"] == "restore":
					now.deleted = false
				}
				model[id] = now
			}
			got := admin("POST", operations, wish)
			if got.status == 422 {
				for id, was := range before {
					model[id] = was
				}
				continue
			}
			operation := got.want(t, fmt.Sprint(wish), 201).json(t)["id"].(string)
			c.carry(-1)
			if random.IntN(2) == 0 {
				undo := admin("POST", operations+"/"+operation+"/undo", nil)
				c.carry(-1)
				if undo.status == 201 {
					for id, was := range before {
						model[id] = was
					}
				}
			}
			for _, id := range ids {
				found := admin("GET", samples+"/"+id, nil)
				if gone := found.status == 404; gone != model[id].deleted || !gone && found.json(t)["name"] != model[id].name {
					t.Fatalf("step %d %v: %s is %d %v, want %+v", step, wish["action"], id, found.status, found.json(t)["name"], model[id])
				}
			}
		}
	})
}
