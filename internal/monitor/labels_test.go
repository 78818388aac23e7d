package monitor_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/monitor"
)

// lines counts the lines of a metric.
func lines(text, metric string) int {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, metric+"{") || strings.HasPrefix(line, metric+" ") {
			n++
		}
	}
	return n
}

// TestAStrangersMethodMakesNoSeries: any word may stand where a request says its
// method; each new series stays in memory for ever.
func TestAStrangersMethodMakesNoSeries(t *testing.T) {
	m := monitor.New("v1", func(context.Context) (monitor.Levels, error) { return monitor.Levels{}, nil })
	for n := range 500 {
		m.Request("", fmt.Sprint("METHOD", n), 405, time.Millisecond)
	}
	for _, known := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		m.Request("/healthz", known, 200, time.Millisecond)
	}
	text := scrape(t, m)
	if n := lines(text, "clew_http_request_seconds_count"); n > 8 {
		t.Errorf("%d series of requests", n)
	}
	if !strings.Contains(text, `clew_http_request_seconds_count{method="other",route="app",status="405"} 500`) {
		t.Error("strangers' methods are not counted as other")
	}
	for _, known := range []string{"GET", "PATCH", "OPTIONS"} {
		if !strings.Contains(text, `method="`+known+`",route="/healthz"`) {
			t.Errorf("%s is not told apart", known)
		}
	}
}

// TestWhatIsShownCanBeRead whatever a channel is called: one line each, quoted.
func TestWhatIsShownCanBeRead(t *testing.T) {
	m := monitor.New("v1\n\"quoted\"", func(context.Context) (monitor.Levels, error) { return monitor.Levels{}, nil })
	for _, channel := range []string{"douyin", `a"b`, "a\nb", `a\b`, "抖音", "", "a}b{c=\"d\""} {
		m.Delivery(channel, "accepted")
	}
	text := scrape(t, m)
	if n := lines(text, "clew_deliveries_total"); n != 7 {
		t.Errorf("%d series of deliveries", n)
	}
	for n, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if line == "" || !strings.HasPrefix(line, "#") && !strings.Contains(line, " ") {
			t.Errorf("line %d is no metric: %q", n+1, line)
		}
	}
}

// TestCountsOfManyAtOnceAddUp.
func TestCountsOfManyAtOnceAddUp(t *testing.T) {
	m := monitor.New("v1", func(context.Context) (monitor.Levels, error) { return monitor.Levels{}, nil })
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 250 {
				m.Request("/x", "GET", 200, time.Millisecond)
				m.Delivery("douyin", "accepted")
				m.Commit(3, time.Millisecond)
			}
		})
	}
	for range 3 {
		all.Go(func() { scrape(t, m) })
	}
	all.Wait()
	text := scrape(t, m)
	for _, line := range []string{
		`clew_http_request_seconds_count{method="GET",route="/x",status="200"} 2000`, `clew_deliveries_total{channel="douyin",status="accepted"} 2000`, "clew_commit_units_sum 6000", "clew_commit_seconds_count 2000",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("not shown: %s", line)
		}
	}
}

// TestEveryLevelIsShownAndFollows what the database says at each scrape; a day
// without an answer shows none of the old ones.
func TestEveryLevelIsShownAndFollows(t *testing.T) {
	var levels monitor.Levels
	var down error
	m := monitor.New("v1", func(ctx context.Context) (monitor.Levels, error) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("a scrape may wait for ever")
		}
		return levels, down
	})
	names := []string{"jobs_waiting", "jobs_dead", "messages_waiting", "messages_dead", "deliveries_failed", "clocks_late_seconds", "database_bytes", "disk_free_bytes", "backup_last_success_timestamp_seconds"}
	text := scrape(t, m)
	for _, name := range names {
		if !strings.Contains(text, "\nclew_"+name+" 0\n") {
			t.Errorf("%s is not shown as nothing", name)
		}
	}
	levels = monitor.Levels{JobsWaiting: 1, JobsDead: 2, MessagesWaiting: 3, MessagesGivenUp: 4, DeliveriesFailed: 5, ClocksLate: 1500 * time.Millisecond, DatabaseBytes: 7, DiskFree: 1 << 40, LastBackup: time.Unix(9, 0)}
	text = scrape(t, m)
	for n, want := range []string{"1", "2", "3", "4", "5", "1.5", "7", "1.099511627776e+12", "9"} {
		if !strings.Contains(text, "\nclew_"+names[n]+" "+want+"\n") {
			t.Errorf("%s is not %s", names[n], want)
		}
	}
	down = errors.New("down")
	text = scrape(t, m)
	for _, name := range names {
		if strings.Contains(text, "\nclew_"+name+" ") {
			t.Errorf("%s is still shown", name)
		}
	}
	if !strings.Contains(text, "\nclew_up 0\n") || strings.Contains(text, "down") {
		t.Error("an answer that did not come is not told, or its cause is")
	}
}
