package server_test

import (
	"fmt"
	"testing"
)

// TestDaysOfOtherLengths: where the clocks change, a day has 23 or 25 hours;
// the calendar shows it by itself as any other, and as many days as always.
func TestDaysOfOtherLengths(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		company := admin("GET", documents+"company/company", nil).want(t, "company", 200).json(t)
		for _, zone := range []string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Shanghai"} {
			company["zone"] = zone
			admin("PUT", documents+"company/company", company).want(t, zone, 200)
			for _, one := range []struct {
				from, to string
				days     int // 0: refused
			}{
				{"2026-03-08", "2026-03-08", 1}, {"2026-03-29", "2026-03-29", 1}, {"2026-10-25", "2026-10-25", 1}, {"2026-11-01", "2026-11-01", 1}, {"2026-10-04", "2026-10-04", 1},
				{"2026-03-07", "2026-03-09", 3}, {"2026-03-01", "2026-05-02", 63}, {"2026-03-01", "2026-05-03", 0}, {"2026-10-01", "2026-12-02", 63}, {"2026-10-01", "2026-12-03", 0},
				{"2026-03-09", "2026-03-08", 0}, {"2026-03-30", "2026-03-29", 0}, {"2026-02-29", "2026-03-01", 0}, {"", "2026-03-08", 0},
			} {
				path := fmt.Sprintf("/api/v1/agenda?from=%s&to=%s&person=all", one.from, one.to)
				got := admin("GET", path, nil)
				switch {
				case one.from == "":
					got.want(t, zone+" "+path, 200)
				case one.days == 0:
					got.want(t, zone+" "+path, 400)
				default:
					if days, _ := got.want(t, zone+" "+path, 200).json(t)["days"].([]any); len(days) != one.days {
						t.Errorf("%s %s: %d days, want %d", zone, path, len(days), one.days)
					}
				}
			}
			due := map[string]any{"subject": "late on that day " + zone, "due": "2026-11-01T23:30", "owner": c.ids["s1"]}
			task := admin("POST", "/api/v1/records/task", due).want(t, "task", 201).json(t)
			seen := 0
			for _, item := range asList(admin("GET", "/api/v1/agenda?from=2026-11-01&to=2026-11-01&person="+c.ids["s1"], nil).json(t)["items"]) {
				if item["id"] == task["id"] {
					seen++
				}
			}
			if seen != 1 {
				t.Errorf("%s: a task of half past eleven at night is seen %d times: %v", zone, seen, task["due"])
			}
		}
	})
}
