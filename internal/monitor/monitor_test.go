package monitor_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/monitor"
)

func scrape(t *testing.T, m *monitor.Monitor) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestWhatIsCountedIsShown(t *testing.T) {
	m := monitor.New("v1", func(context.Context) (monitor.Levels, error) {
		return monitor.Levels{JobsWaiting: 7, ClocksLate: 90 * time.Second, LastBackup: time.Unix(1_700_000_000, 0)}, nil
	})
	m.Request("/api/v1/records/{object}", "GET", 200, 30*time.Millisecond)
	m.Request("", "GET", 404, time.Millisecond)
	m.Delivery("douyin", "accepted")
	m.Delivery("douyin", "accepted")
	m.Commit(12, 3*time.Millisecond)
	text := scrape(t, m)
	for _, line := range []string{
		`clew_http_request_seconds_bucket{method="GET",route="/api/v1/records/{object}",status="200",le="0.04"} 1`,
		`clew_http_request_seconds_count{method="GET",route="app",status="404"} 1`,
		`clew_deliveries_total{channel="douyin",status="accepted"} 2`,
		`clew_commit_units_sum 12`,
		`clew_commit_seconds_count 1`,
		`clew_jobs_waiting 7`,
		`clew_clocks_late_seconds 90`,
		`clew_backup_last_success_timestamp_seconds 1.7e+09`,
		`clew_build_info{version="v1"} 1`,
		`clew_up 1`,
		`go_goroutines `,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("not shown: %s", line)
		}
	}
}

func TestADatabaseThatIsDownDoesNotHideTheRest(t *testing.T) {
	m := monitor.New("v1", func(context.Context) (monitor.Levels, error) { return monitor.Levels{}, errors.New("down") })
	m.Delivery("douyin", "failed")
	text := scrape(t, m)
	if !strings.Contains(text, "clew_up 0") || !strings.Contains(text, "clew_deliveries_total") || strings.Contains(text, "clew_jobs_waiting ") {
		t.Error(text)
	}
}
