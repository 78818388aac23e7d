package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const contacts = "/api/v1/records/contact"

// twoContacts are two contacts of one person, each with a lead and keys of its own.
func (c *company) twoContacts() (first, second string, leadIDs [2]string) {
	c.Helper()
	leader := c.as("leader")
	people := [2]string{}
	for i, fields := range []map[string]any{
		{"company": "博锐", "contact": "王伟", "phone": "13700001111", "owner": c.ids["s1"]},
		{"company": "博锐", "contact": "王伟", "wechat": "wangwei8", "city": "苏州", "owner": c.ids["s2"]},
	} {
		leadIDs[i] = c.lead(leader, fields)
		person := leader("GET", leads+"/"+leadIDs[i], nil).json(c.T)["person"].(map[string]any)
		people[i] = person["id"].(string)
	}
	return people[0], people[1], leadIDs
}

func TestTwoContactsBecomeOneAndTwoAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		first, second, leadIDs := c.twoContacts()
		before, leadsBefore := c.rows("contact"), c.rows("lead")
		preview := leader("POST", contacts+"/"+first+"/merge?dry_run=1", map[string]any{"other": second}).want(t, "preview", 200).json(t)
		if preview["merged"] != false || fmt.Sprint(preview["references"]) != "[map[count:1 label:线索 object:lead]]" {
			t.Errorf("preview: %v", preview)
		}
		chosen := map[string]string{}
		for _, one := range preview["fields"].([]any) {
			field := one.(map[string]any)
			chosen[field["name"].(string)] = field["chosen"].(string)
		}
		if chosen["wechat"] != "other" || chosen["phone"] != "this" || chosen["owner"] != "this" {
			t.Errorf("better values: %v", chosen)
		}
		c.sameValues("a preview writes nothing", "contact", before, c.rows("contact"))
		leader("POST", contacts+"/"+first+"/merge", map[string]any{"other": second, "fields": map[string]string{"owner": "other"}}).want(t, "merge", 200)

		merged := leader("GET", contacts+"/"+first, nil).want(t, "winner", 200).json(t)
		if merged["wechat"] != "wangwei8" || merged["phone"] != "+8613700001111" || merged["owner"].(map[string]any)["label"] != "s2" {
			t.Errorf("merged: %v", merged)
		}
		if led := leader("GET", contacts+"/"+second, nil).want(t, "the loser's address", 200).json(t); led["id"] != first {
			t.Errorf("the loser's address leads to %v", led["id"])
		}
		for _, lead := range leadIDs {
			if person := leader("GET", leads+"/"+lead, nil).json(t)["person"].(map[string]any); person["id"] != first {
				t.Errorf("a lead points to %v", person)
			}
		}
		texts := c.wholeThread(leader, contacts+"/"+first)
		if !strings.Contains(texts, "并入了这条") || !strings.Contains(texts, "并入了另一条") || strings.Count(texts, "带入") != 2 {
			t.Errorf("the thread of both: %s", texts)
		}
		if seen := leader("GET", contacts+"/"+first+"/duplicates", nil).json(t); seen["merged"] != true {
			t.Errorf("duplicates do not tell of the merge: %v", seen)
		}
		leader("POST", contacts+"/"+first+"/merge/undo", nil).want(t, "undo", 200)
		c.sameValues("two again", "contact", before, c.rows("contact"))
		for id, row := range leadsBefore {
			if now := c.rows("lead")[id]; now.Values["crm.lead.person"] != row.Values["crm.lead.person"] {
				t.Errorf("%s points to %v, before to %v", id, now.Values["crm.lead.person"], row.Values["crm.lead.person"])
			}
		}
		leader("GET", contacts+"/"+second, nil).want(t, "the loser is back", 200)
		leader("POST", contacts+"/"+first+"/merge/undo", nil).want(t, "undo again", 409)
		c.expectCount("SELECT COUNT(*) FROM match_key WHERE record='"+second+"' AND kind='wechat'", 1)
		c.expectCount("SELECT COUNT(*) FROM match_key WHERE record='"+first+"' AND kind='wechat'", 0)
	})
}

// wholeThread reads a thread page by page, two entries each.
func (c *company) wholeThread(by caller, path string) string {
	c.Helper()
	texts, cursor := "", ""
	for range 50 {
		page := by("GET", path+"/thread?limit=2&cursor="+cursor, nil).want(c.T, "thread", 200)
		for _, entry := range page.items(c.T) {
			texts += entry["text"].(string) + "\n"
		}
		next, more := page.json(c.T)["next_cursor"].(string)
		if !more {
			return texts
		}
		cursor = next
	}
	c.Error("the thread does not end")
	return texts
}

func TestAMergedLeadMeetsTheNextDelivery(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		first := c.lead(leader, map[string]any{"company": "博锐精工", "phone": "13700001111", "owner": c.ids["s1"]})
		second := c.push(clue("m2", "c2", "13700002222", nil)).header.Get("Clew-Record")
		leader("POST", leads+"/"+first+"/merge", map[string]any{"other": second}).want(t, "merge", 200)
		c.loadsAgree()
		met := c.push(clue("m3", "c3", "13700002222", nil)).header.Get("Clew-Record")
		if met != first {
			t.Errorf("the loser's phone meets %s, want %s", met, first)
		}
		leader("PATCH", leads+"/"+first, map[string]any{"city": "上海"}).want(t, "a further change", 200)
		undone := leader("POST", leads+"/"+first+"/merge/undo", nil)
		if undone.status == 409 && len(undone.faults(t)) == 0 {
			t.Errorf("what prevents it is not named: %s", undone.body)
		}
	})
}

func TestUndoOfAMergeSaysWhatPreventsIt(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		first, second, _ := c.twoContacts()
		leader("POST", contacts+"/"+first+"/merge", map[string]any{"other": second}).want(t, "merge", 200)
		leader("PATCH", contacts+"/"+first, map[string]any{"wechat": "else"}).want(t, "change", 200)
		before := c.rows("contact")
		undone := leader("POST", contacts+"/"+first+"/merge/undo", nil).want(t, "undo", 409)
		if faults := fmt.Sprint(undone.faults(t)); faults != "[wechat changed_meanwhile]" {
			t.Errorf("prevented by %s", faults)
		}
		c.sameValues("nothing was written", "contact", before, c.rows("contact"))
	})
}

func TestMergeIsWithinOnesRights(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, s1, service := c.as("leader"), c.as("s1"), c.as("service")
		first, second, _ := c.twoContacts()
		s1("POST", contacts+"/"+first+"/merge", map[string]any{"other": second}).want(t, "without the right to delete", 403)
		service("POST", contacts+"/"+first+"/merge", map[string]any{"other": second}).want(t, "who only reads", 403)
		s1("GET", contacts+"/"+second+"/duplicates", nil).want(t, "another's", 404)
		leader("POST", contacts+"/"+first+"/merge", map[string]any{"other": first}).want(t, "itself", 422)
		leader("POST", contacts+"/"+first+"/merge", map[string]any{"other": "x"}).want(t, "nothing", 404)
		leader("POST", contacts+"/"+first+"/merge", map[string]any{"other": second, "fields": map[string]string{"zzz": "other"}}).want(t, "field", 422)
		leader("POST", contacts+"/"+first+"/merge/undo", nil).want(t, "no merge", 409)
		leader("POST", contacts+"/"+first+"/merge", map[string]any{"other": second}).want(t, "merge", 200)
		if gone, absent := s1("GET", contacts+"/"+second, nil), s1("GET", contacts+"/"+first, nil); gone.status != absent.status {
			t.Errorf("the pointer answers %d, its winner %d", gone.status, absent.status)
		}
	})
}

func TestDuplicatesAreFoundByKeyAndName(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, s1 := c.as("leader"), c.as("s1")
		make := func(name, owner string) string {
			got := leader("POST", "/api/v1/records/company", map[string]any{"name": name, "owner": c.ids[owner]}).want(t, "create", 201)
			return got.json(t)["id"].(string)
		}
		one, same, theirs := make("昆山博锐精工有限公司", "s1"), make("昆山博锐精工有限公司", "s1"), make("昆山博锐精工有限公司", "s2")
		similar := make("昆山博锐精工股份", "s1")
		c.app.Search.Start(t.Context())
		defer c.app.Search.Stop()
		found := map[string]string{}
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline) && found[similar] == ""; time.Sleep(20 * time.Millisecond) {
			for _, item := range s1("GET", "/api/v1/records/company/"+one+"/duplicates", nil).want(t, "duplicates", 200).items(t) {
				found[item["id"].(string)] = fmt.Sprint(item["same"])
			}
		}
		if found[same] != "[公司名称]" || found[similar] != "[]" || found[theirs] != "" || len(found) != 2 {
			t.Errorf("found %v", found)
		}
	})
}

func TestARestoredLoserStandsForItself(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		first, second, _ := c.twoContacts()
		leader("POST", contacts+"/"+first+"/merge", map[string]any{"other": second}).want(t, "merge", 200)
		leader("POST", contacts+"/"+second+"/restore", nil).want(t, "while the winner has its key", 409)
		leader("PATCH", contacts+"/"+first, map[string]any{"wechat": nil}).want(t, "the winner gives the key up", 200)
		leader("POST", contacts+"/"+second+"/restore", nil).want(t, "restore", 200)
		if got := leader("GET", contacts+"/"+second, nil).want(t, "the loser", 200).json(t); got["id"] != second {
			t.Errorf("its address still leads to %v", got["id"])
		}
		leader("POST", contacts+"/"+first+"/merge/undo", nil).want(t, "undo of a merge that is over", 409)
	})
}

func TestFollowersMoveWithAMerge(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, admin := c.as("leader"), c.as("admin")
		first, second, _ := c.twoContacts()
		admin("PUT", contacts+"/"+second+"/follow", nil).want(t, "follow", 200)
		leader("POST", contacts+"/"+first+"/merge", map[string]any{"other": second}).want(t, "merge", 200)
		follows := func(id string) any { return admin("GET", contacts+"/"+id+"/follow", nil).json(t)["following"] }
		if follows(first) != true {
			t.Error("the follower of the loser does not follow the winner")
		}
		leader("POST", contacts+"/"+first+"/merge/undo", nil).want(t, "undo", 200)
		if follows(first) != false || follows(second) != true {
			t.Errorf("after the undo: %v %v", follows(first), follows(second))
		}
	})
}
