package server_test

import "testing"

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
