package server_test

import (
	"fmt"
	"testing"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/worktime"
)

// at moves the business clock to a moment and handles what is due.
func (c *company) at(moment time.Time) {
	c.Helper()
	c.must(c.app.DB.SetOffset(time.Until(moment)))
	for range 2 { // a second look finds nothing more
		_, err := c.app.Timer.Due(c.Context())
		c.must(err)
	}
}

// tuesday is the next working Tuesday at 10:00 in the company's zone, with a
// working Wednesday after it.
func (c *company) tuesday() time.Time {
	c.Helper()
	snapshot := c.app.Catalog.Current()
	calendar := catalog.All[*worktime.Calendar](snapshot, "calendar")[0]
	day := time.Now().In(snapshot.Zone())
	for range 100 {
		day = day.AddDate(0, 0, 1)
		ten := time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, snapshot.Zone())
		if ten.Weekday() == time.Tuesday && calendar.IsWorking(ten) && calendar.IsWorking(ten.AddDate(0, 0, 1)) {
			return ten
		}
	}
	c.Fatal("no working Tuesday")
	return time.Time{}
}

// fired is how often a record's clock fired, as its thread tells.
func (c *company) fired(id, clock string, want int) {
	c.Helper()
	n := 0
	for _, entry := range c.as("leader")("GET", leads+"/"+id+"/thread?limit=500", nil).items(c.T) {
		if entry["kind"] == "clock_fired" && entry["params"].(map[string]any)["clock"] == clock {
			n++
		}
	}
	if n != want {
		c.Errorf("%s of %s fired %d times, want %d", clock, id, n, want)
	}
}

// heard is how many messages of a fired clock a person has.
func (c *company) heard(short string, want int) {
	c.Helper()
	n := 0
	for _, item := range c.as(short)("GET", "/api/v1/inbox?limit=500", nil).items(c.T) {
		if item["kind"] == "clock_fired" {
			n++
		}
	}
	if n != want {
		c.Errorf("%s heard of %d clocks, want %d", short, n, want)
	}
}

func (c *company) arrive(n int) string {
	c.Helper()
	return c.push(clue(fmt.Sprint("m", n), fmt.Sprint("c", n), fmt.Sprintf("1370000%04d", n), nil)).header.Get("Clew-Record")
}

func (c *company) followUp(by, id string, more map[string]any) {
	c.Helper()
	body := map[string]any{"action": "电话沟通", "text": "已联系"}
	for k, v := range more {
		body[k] = v
	}
	c.as(by)("POST", leads+"/"+id+"/follow-up", body).want(c.T, "follow up", 201)
}

func TestClaimFallsDueAfterThirtyWorkingMinutes(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		start := c.tuesday()
		c.at(start)
		id := c.arrive(1)
		c.at(start.Add(29 * time.Minute))
		c.fired(id, "claim", 0)
		c.at(start.Add(31 * time.Minute))
		c.fired(id, "claim", 1)
		c.heard("leader", 1)
		c.heard("s1", 0)
		c.at(start.Add(2 * time.Hour))
		c.fired(id, "claim", 1)
		c.as("s1")("POST", leads+"/"+id+"/claim", nil).want(t, "claim", 200)
		if lead := c.as("s1")("GET", leads+"/"+id, nil).json(t); lead["overdue_since"] != nil {
			t.Errorf("claimed, and still overdue since %v", lead["overdue_since"])
		}
		evening := start.Add(8*time.Hour + 50*time.Minute) // 18:50: outside hours in the template's calendar
		c.at(evening)
		late := c.arrive(2)
		c.at(evening.Add(3 * time.Hour))
		c.fired(late, "claim", 0)
		c.at(start.AddDate(0, 0, 1).Add(2 * time.Hour))
		c.fired(late, "claim", 1)
		c.heard("leader", 2)
	})
}

func TestWhatStopsAndRestartsClocks(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		start := c.tuesday()
		c.at(start)
		followed, claimed, moved, closed := c.arrive(1), c.arrive(2), c.arrive(3), c.arrive(4)
		due := start.Add(26 * time.Hour)
		c.at(start.Add(10 * time.Minute))
		c.followUp("s1", followed, map[string]any{"next_action": "提交报价", "next_due": due.Format(time.RFC3339)})
		c.as("s2")("POST", leads+"/"+claimed+"/claim", nil).want(t, "claim", 200)
		c.followUp("s4", closed, map[string]any{"outcome": "无效"})
		c.at(start.Add(20 * time.Minute))
		c.as("leader")("PATCH", leads+"/"+moved, map[string]any{"owner": c.ids["s5"]}).want(t, "reassign", 200)
		c.at(start.Add(31 * time.Minute))
		c.heard("leader", 0)
		c.at(start.Add(51 * time.Minute))
		c.fired(moved, "claim", 1)
		c.heard("leader", 1)
		c.at(due.Add(-time.Minute))
		c.fired(followed, "commitment", 0)
		c.at(due.Add(time.Minute))
		c.fired(followed, "commitment", 1)
		c.heard("s1", 1)
		c.heard("leader", 2)
		c.at(start.Add(71 * time.Hour))
		c.fired(claimed, "silence-72h", 0)
		c.at(start.Add(73 * time.Hour))
		c.fired(claimed, "silence-72h", 1)
		c.fired(moved, "silence-72h", 1)
		c.fired(followed, "silence-72h", 0)
		c.heard("leader", 4) // leader and manager in one: told once of each
		for _, clock := range []string{"claim", "silence-72h", "commitment"} {
			c.fired(closed, clock, 0)
		}
		c.at(start.Add(500 * time.Hour))
		c.heard("leader", 4)
		c.followUp("s1", followed, map[string]any{"next_action": "提交报价", "next_due": start.Add(600 * time.Hour).Format(time.RFC3339)})
		c.at(start.Add(601 * time.Hour))
		c.fired(followed, "commitment", 2)
		c.expectCount("SELECT COUNT(*) FROM clock_run WHERE phase='running' AND record='"+closed+"'", 0)
	})
}

func TestStoppedForADayEachClockFiresOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		start := c.tuesday()
		c.at(start)
		const n = 20
		ids := make([]string, n)
		for i := range ids {
			ids[i] = c.arrive(i)
		}
		c.followUp("s1", ids[0], map[string]any{"next_action": "提交报价", "next_due": start.Add(3 * time.Hour).Format(time.RFC3339)})
		before := c.as("leader")("GET", ask("sort", "id"), nil)
		c.end()
		c.begin()
		if after := c.as("leader")("GET", ask("sort", "id"), nil); string(after.body) != string(before.body) {
			t.Error("the same data reads differently after a restart")
		}
		if drift := c.app.DB.Now().Sub(start); drift < 0 || drift > 5*time.Minute {
			t.Errorf("the business clock is off by %v after a restart", drift)
		}
		c.must(c.app.DB.SetOffset(time.Until(start.Add(24 * time.Hour))))
		c.end()
		c.begin()
		c.must(c.app.Start(t.Context()))
		c.at(start.Add(24 * time.Hour))
		for i, id := range ids {
			if i > 0 {
				c.fired(id, "claim", 1)
			}
		}
		c.fired(ids[0], "claim", 0)
		c.fired(ids[0], "commitment", 1)
		c.heard("leader", n)
		c.heard("s1", 1)
	})
}

func TestTheStatusFollowsTheOwner(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		path := leads + "/" + c.arrive(1)
		for _, step := range []struct {
			owner  any
			status string
		}{{nil, "待分配"}, {c.ids["s2"], "待首触"}, {nil, "待分配"}} {
			got := leader("PATCH", path, map[string]any{"owner": step.owner}).want(t, "owner", 200).json(t)
			if got["status"] != step.status {
				t.Errorf("owner %v gives %v, want %s", step.owner, got["status"], step.status)
			}
		}
		got := leader("POST", path+"/claim", nil).want(t, "claim", 200).json(t)
		if got["status"] != "待首触" || got["owner"].(map[string]any)["id"] != c.ids["leader"] {
			t.Errorf("claimed: %v %v", got["status"], got["owner"])
		}
		c.expectCount("SELECT COUNT(*) FROM clock_run WHERE clock='claim' AND phase='running'", 0)
	})
}
