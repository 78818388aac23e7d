package server_test

import (
	"testing"
)

// TestAChannelThatIsNotThere: what is asked of a channel that nobody made is not
// found, not empty; what a removed channel brought is still found.
func TestAChannelThatIsNotThere(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		const channels = "/api/v1/channels/"
		for _, name := range []string{"nobody", "douyin2", "%20", "website-api%2F"} {
			admin("GET", channels+name+"/deliveries", nil).want(t, "the deliveries of "+name, 404)
			admin("GET", channels+name+"/deliveries?status=failed&limit=1", nil).want(t, "the failed ones of "+name, 404)
			admin("POST", channels+name+"/replay", nil).want(t, "a replay of "+name, 404)
		}
		if items := admin("GET", channels+"douyin/deliveries", nil).want(t, "a quiet channel", 200).items(t); len(items) > 0 {
			t.Errorf("a quiet channel has %v", items)
		}
		c.push(clue("m1", "c1", "13700001111", nil))
		admin("DELETE", documents+"channel/douyin", nil).want(t, "removed", 204)
		if items := admin("GET", channels+"douyin/deliveries", nil).want(t, "a removed channel", 200).items(t); len(items) != 1 {
			t.Errorf("a removed channel brought %v", items)
		}
		if items := admin("GET", channels+"douyin/deliveries?status=failed", nil).want(t, "a removed channel's failures", 200).items(t); len(items) > 0 {
			t.Errorf("a removed channel failed with %v", items)
		}
	})
}
