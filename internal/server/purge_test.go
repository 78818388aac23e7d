package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

func TestWhatWasDeletedIsGoneForGoodAfterThirtyDays(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.app.Purge.Keep = server.Keeping(90, 180)
		leader := c.as("leader")
		var gone []string
		for i := range 25 { // more than one unit
			gone = append(gone, c.push(clue(fmt.Sprint("m", i), fmt.Sprint("c", i), fmt.Sprintf("1370000%04d", i), nil)).header.Get("Clew-Record"))
			leader("DELETE", leads+"/"+gone[i], nil).want(t, "delete", 204)
		}
		kept := c.push(clue("k", "k", "13799998888", nil)).header.Get("Clew-Record")
		sweep := func() (records int64) {
			t.Helper()
			done, err := c.app.Purge.Sweep(t.Context())
			c.must(err)
			return done.Records
		}
		c.must(c.app.DB.SetOffset(29 * 24 * time.Hour))
		if n := sweep(); n != 0 {
			t.Errorf("%d were purged after 29 days", n)
		}
		leader("POST", leads+"/"+gone[0]+"/restore", nil).want(t, "restore after 29 days", 200)
		c.must(c.app.DB.SetOffset(31 * 24 * time.Hour))
		if n := sweep(); n != 24 {
			t.Errorf("%d were purged after 31 days", n)
		}
		if n := sweep(); n != 0 {
			t.Errorf("%d were purged again", n)
		}
		leader("GET", leads+"/"+gone[0], nil).want(t, "the restored one", 200)
		leader("GET", leads+"/"+kept, nil).want(t, "the one that stayed", 200)
		id := gone[1]
		leader("POST", leads+"/"+id+"/restore", nil).want(t, "restore what was purged", 404)
		for _, table := range []string{"match_key", "clock_run"} {
			c.expectCount("SELECT COUNT(*) FROM "+table+" WHERE record='"+id+"'", 0)
		}
		c.expectCount("SELECT COUNT(*) FROM delivery WHERE record='"+id+"' AND body<>''", 0)
		c.expectCount("SELECT COUNT(*) FROM delivery WHERE record='"+kept+"' AND body<>''", 1)
		c.expectCount("SELECT COUNT(*) FROM thread_entry WHERE record='"+id+"' AND kind='purged'", 1)
		c.expectCount("SELECT COUNT(*) FROM thread_entry WHERE record='"+id+"' AND kind<>'purged' AND params<>'{}'", 0)
		c.must(c.app.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
			broken, err := thread.Verify(tx, id)
			if broken != 0 {
				t.Errorf("the chain of what was purged is broken at %d", broken)
			}
			return err
		}))
		if again := c.push(clue("m1", "c1", "13700000001", nil)); again.status != 200 { // the vendor sends the old one again
			t.Errorf("a redelivery of what was purged: %d %s", again.status, again.body)
		}
	})
}

func TestOldMessagesAndBodiesGo(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.app.Purge.Keep = server.Keeping(90, 180)
		id := c.push(clue("m1", "c1", "13700001111", nil)).header.Get("Clew-Record")
		c.exec(`DELETE FROM outbox`)
		for i, state := range []string{"sent", "waiting", "dead"} {
			c.exec(`INSERT INTO outbox (id, robot, cause, kind, params, object, record, at, state, queued_at, sent_at) VALUES ($1, 'r', $1, 'x', '{}', '', '', 0, $2, 0, $3)`,
				c.app.DB.NewID(), state, time.Now().Add(time.Duration(i)))
		}
		for _, step := range []struct {
			days             int
			messages, bodies int64
		}{{89, 0, 0}, {91, 1, 0}, {179, 0, 0}, {181, 0, 1}, {400, 0, 0}} {
			c.must(c.app.DB.SetOffset(time.Duration(step.days) * 24 * time.Hour))
			done, err := c.app.Purge.Sweep(t.Context())
			c.must(err)
			if done.Messages != step.messages || done.Bodies != step.bodies {
				t.Errorf("after %d days: %+v", step.days, done)
			}
		}
		c.expectCount("SELECT COUNT(*) FROM outbox", 2)
		delivery := c.as("marketing")("GET", "/api/v1/channels/douyin/deliveries", nil).items(t)
		if len(delivery) != 1 || delivery[0]["record"].(map[string]any)["id"] != id {
			t.Errorf("the delivery itself: %v", delivery)
		}
		c.as("marketing")("GET", "/api/v1/deliveries/"+fmt.Sprint(delivery[0]["id"]), nil).want(t, "a delivery without its body", 200)
		c.app.Purge.Keep = server.Keeping(0, 0)
		if done, err := c.app.Purge.Sweep(t.Context()); err != nil || done.Messages+done.Bodies != 0 {
			t.Errorf("kept for ever: %+v %v", done, err)
		}
	})
}

func TestASenderIsSlowedDownAndLosesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		channel := admin("GET", "/api/v1/config/channel/website-api", nil).json(t)
		channel["per_minute"] = 60
		admin("PUT", "/api/v1/config/channel/website-api", channel).want(t, "limit", 200)
		taken, refused := 0, 0
		for i := range 115 {
			got := c.send("POST", "/in/website-api", map[string]any{"phone": fmt.Sprintf("1370000%04d", i), "company": fmt.Sprint("c", i)}, map[string]string{"Authorization": "Bearer " + websiteToken})
			switch got.status {
			case http.StatusOK:
				taken++
			case http.StatusTooManyRequests:
				refused++
				if got.header.Get("Retry-After") == "" || got.header.Get("Clew-Record") != "" || !strings.Contains(string(got.body), "too_many_deliveries") {
					t.Errorf("refused: %v %s", got.header, got.body)
				}
			default:
				t.Fatalf("%d %s", got.status, got.body)
			}
		}
		if taken < 100 || refused == 0 {
			t.Errorf("%d taken, %d refused", taken, refused)
		}
		c.expectCount("SELECT COUNT(*) FROM delivery WHERE channel='website-api' AND record<>''", int64(taken))
		if c.push(clue("m1", "c1", "13912345678", nil)).status != 200 {
			t.Error("another channel is slowed down as well")
		}
	})
}

func TestForgedDeliveriesCostLittleAndHarmNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		statuses := map[int]int{}
		for range 260 {
			statuses[c.send("POST", "/in/douyin", []byte("{}"), map[string]string{"X-Open-Signature": "00"}).status]++
		}
		if statuses[401] < 200 || statuses[429] == 0 || len(statuses) != 2 {
			t.Errorf("%v", statuses)
		}
		if got := c.push(clue("m1", "c1", "13912345678", nil)); got.status != 200 {
			t.Errorf("a right one: %d", got.status)
		}
	})
}

func TestDoctorSaysWhatIsWrong(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.push(clue("m1", "c1", "13700001111", nil))
		states := func(language string) map[string]string {
			found := map[string]string{}
			for _, check := range server.Doctor(t.Context(), c.options, language, nil) {
				found[check.Name] = check.State + " " + check.Text
			}
			return found
		}
		if running := states("en")["lock"]; !strings.Contains(running, "running") {
			t.Errorf("beside the server: %q", running)
		}
		c.exec(`UPDATE thread_entry SET kind='claimed' WHERE seq=1`)
		c.end()
		defer c.begin()
		found := states("zh-CN")
		for name, want := range map[string]string{"threads": "bad", "backup_none": "warn 还没有", "configuration": "ok", "disk": "ok", "data directory": "ok", "version": "ok test"} {
			if !strings.HasPrefix(found[name], want) {
				t.Errorf("%s: %q, want %s", name, found[name], want)
			}
		}
	})
}
