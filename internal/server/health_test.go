package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

// warned are the health page's warnings by code, with their sentences.
func (c *company) warned() map[string]string {
	c.Helper()
	found := map[string]string{}
	for _, item := range c.as("admin")("GET", "/api/v1/health/status", nil).want(c.T, "health", 200).items(c.T) {
		code := fmt.Sprint(item["code"])
		found[code] = fmt.Sprint(item["text"])
		for _, part := range []string{"text", "advice"} {
			if text := fmt.Sprint(item[part]); text == "" || strings.Contains(text, "{") || strings.HasPrefix(text, "advice ") || strings.HasPrefix(text, "warning ") {
				c.Errorf("%s has the %s %q", code, part, text)
			}
		}
		if item["state"] != "warn" && item["state"] != "bad" {
			c.Errorf("%s has the state %v", code, item["state"])
		}
	}
	return found
}

func (c *company) exec(sql string, args ...any) {
	c.Helper()
	c.must(c.app.DB.Write(c.Context(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(sql, args...)
		return err
	}))
}

func TestTheHealthPageTellsWhatIsWrong(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		now := time.Now()
		has := func(code string, want bool) {
			t.Helper()
			if _, ok := c.warned()[code]; ok != want {
				t.Errorf("%s: %v, want %v", code, ok, want)
			}
		}
		c.must(server.Backup(t.Context(), c.options, filepath.Join(t.TempDir(), "b"), "", &strings.Builder{}))
		for _, code := range []string{"backup_none", "backup_old", "backup_failed", "key_wrong", "robot_no_secret", "failed_deliveries", "clocks_behind", "jobs_dead"} {
			has(code, false)
		}
		c.push(clue("m1", "c1", "not a phone at all, and nothing else", map[string]any{"name": "", "telephone": ""}))
		c.exec(`UPDATE delivery SET status = 'failed'`)
		c.exec(`DELETE FROM outbox`) // what that lead had to tell
		has("failed_deliveries", true)
		c.exec(`INSERT INTO outbox (id, robot, cause, kind, params, object, record, at, state, queued_at)
			VALUES ('1', 'sales-group', 'x', 'x', '{}', '', '', 0, 'waiting', $1), ('2', 'sales-group', 'y', 'x', '{}', '', '', 0, 'dead', 0)`, now.Add(-time.Hour))
		has("robot_no_secret", true)
		has("dead_messages", true)
		has("outbox_behind", false) // it is the secret that is missing
		c.exec(`INSERT INTO robot_secret (robot, sealed, at) VALUES ('sales-group', 'not ours', 0)`)
		has("outbox_behind", true)
		has("robot_no_secret", false)
		has("key_wrong", true)
		c.exec(`INSERT INTO clock_run (record, clock, object, phase, state, wake_at) VALUES ('r', 'c', 'o', 'running', '{}', $1)`, now.Add(-time.Hour))
		has("clocks_behind", true)
		has("late_clocks", false)
		c.exec(`UPDATE clock_run SET tries = 2 WHERE record = 'r'`)
		has("late_clocks", true)
		c.exec(`INSERT INTO backup_run (id, at, ended_at, origin, file, bytes, encrypted, problem) VALUES ('z', $1, $1, 'schedule', 'f', 0, 0, 'the disk is full')`, now.Add(time.Minute))
		if said := c.warned()["backup_failed"]; !strings.Contains(said, "the disk is full") {
			t.Errorf("failed backup: %q", said)
		}
		c.exec(`UPDATE backup_run SET at = $1 WHERE problem = ''`, now.Add(-73*time.Hour))
		if said := c.warned()["backup_old"]; !strings.Contains(said, "3") {
			t.Errorf("old backup: %q", said)
		}
	})
}

func TestTheHealthPageHasItsFiguresAndItsReaders(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		facts := map[string]any{}
		answer := c.as("admin")("GET", "/api/v1/health/status", nil).json(t)
		for _, fact := range answer["facts"].([]any) {
			one := fact.(map[string]any)
			facts[fmt.Sprint(one["code"])] = one["value"]
		}
		if facts["version"] != "test" || facts["jobs_waiting"] != 0.0 || facts["messages_waiting"] != 0.0 {
			t.Errorf("%v", facts)
		}
		for _, code := range []string{"database_size", "disk_free"} {
			if n, _ := facts[code].(float64); n < 10_000 {
				t.Errorf("%s = %v", code, facts[code])
			}
		}
		if facts["backup"] != nil {
			t.Errorf("a backup that was not made: %v", facts["backup"])
		}
		c.as("s1")("GET", "/api/v1/health/status", nil).want(t, "a seller asks", 403)
	})
}

func TestAnotherKeyIsNoticed(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.end()
		c.must(os.Remove(filepath.Join(c.options.Data, "secret.key")))
		c.begin()
		if _, ok := c.warned()["key_wrong"]; !ok {
			t.Error("a new key beside old secrets is not told")
		}
	})
}
