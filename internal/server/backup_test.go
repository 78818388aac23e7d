package server_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// TestABackupUnderLoadIsRestored is the restore drill: leads come in while the
// backup is written; what was acknowledged before it began is in it, every
// checksum is right, the server starts on it and every thread's chain holds.
func TestABackupUnderLoadIsRestored(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		var before []string
		for i := range 30 {
			before = append(before, c.push(clue(fmt.Sprint("m", i), fmt.Sprint("c", i), fmt.Sprintf("1370000%04d", i), nil)).header.Get("Clew-Record"))
		}
		file, out := filepath.Join(t.TempDir(), "clew.backup"), &bytes.Buffer{}
		stop := c.senders(4)
		for range 3 { // the later ones replace the earlier
			c.must(server.Backup(t.Context(), c.options, file, "", out))
		}
		stop()
		place := clewtest.Blank(t, sqldb.Options{URL: c.options.Database})
		key := filepath.Join(c.options.Data, "secret.key")
		c.must(server.Restore(t.Context(), server.Options{Data: place.Dir, Database: place.URL}, file, "", key, out))
		if !strings.Contains(out.String(), "all checksums are right") || strings.Contains(out.String(), "holds no key") {
			t.Errorf("said: %s", out)
		}
		again := &company{T: t, ids: c.ids, options: c.options}
		again.options.Data, again.options.Database = place.Dir, place.URL
		again.begin()
		defer again.end()
		again.chainsHold()
		leader := again.as("leader")
		for _, id := range before {
			leader("GET", leads+"/"+id, nil).want(t, "a lead from before the backup", 200)
		}
		if id := again.push(clue("later", "later", "13911112222", nil)).header.Get("Clew-Record"); id == "" {
			t.Error("the restored company takes no leads with its channel's secret")
		}
	})
}

// senders push leads until stop is called.
func (c *company) senders(n int) (stop func()) {
	var group sync.WaitGroup
	done := make(chan struct{})
	for sender := range n {
		group.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
					c.push(clue(fmt.Sprint("load", sender, "-", i), fmt.Sprint("load", sender, "-", i), fmt.Sprintf("138%d%07d", sender, i), nil))
				}
			}
		})
	}
	return func() { close(done); group.Wait() }
}

// chainsHold verifies the thread of every record.
func (c *company) chainsHold() {
	c.Helper()
	c.must(c.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query("SELECT DISTINCT record FROM thread_entry")
		if err != nil {
			return err
		}
		var records []string
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			records = append(records, id)
		}
		if err := rows.Close(); err != nil {
			return err
		}
		if len(records) < 30 {
			c.Errorf("%d threads", len(records))
		}
		for _, id := range records {
			if broken, err := thread.Verify(tx, id); err != nil || broken != 0 {
				c.Errorf("thread of %s: broken at %d: %v", id, broken, err)
			}
		}
		return nil
	}))
}

// TestARestoreKilledAtAnyTimeLeavesNothingOrAll kills the program's restore and
// backup after growing waits; run again, each comes to its end.
func TestARestoreKilledAtAnyTimeLeavesNothingOrAll(t *testing.T) {
	founded.Each(t, func(t *testing.T, o sqldb.Options) {
		c := open(t, o)
		for i := range 40 {
			c.push(clue(fmt.Sprint("m", i), fmt.Sprint("c", i), fmt.Sprintf("1370000%04d", i), nil))
		}
		binary := filepath.Join(t.TempDir(), "clew")
		if out, err := exec.Command("go", "build", "-o", binary, "clew.dev/clew/cmd/clew").CombinedOutput(); err != nil {
			t.Fatalf("build: %v: %s", err, out)
		}
		file := filepath.Join(t.TempDir(), "clew.backup")
		from := func(dir, url string) []string {
			if url == "" {
				return []string{"--data", dir}
			}
			return []string{"--data", dir, "--database", url}
		}
		place := clewtest.Blank(t, o)
		for _, step := range [][]string{append([]string{"backup", file}, from(c.options.Data, o.URL)...), append([]string{"restore", file}, from(place.Dir, place.URL)...)} {
			for wait, done := time.Millisecond, false; !done; wait = wait * 3 / 2 {
				done = runKilled(t, wait, binary, step...)
				if whole := exists(filepath.Join(place.Dir, "clew.db")); whole && o.URL == "" {
					again := clewtest.Open(t, sqldb.Options{Dir: place.Dir})
					c.must(again.Close())
					done = true // killed after the last step
				}
			}
		}
		content, err := sqldb.ContentOf(t.Context(), place)
		if err != nil || content.Rows() == 0 {
			t.Errorf("restored: %d rows, %v", content.Rows(), err)
		}
	})
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// runKilled runs a command and kills it after the wait; true when it ended well before.
func runKilled(t *testing.T, wait time.Duration, name string, arguments ...string) bool {
	t.Helper()
	cmd := exec.Command(name, arguments...)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(wait, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	err := cmd.Wait()
	if err != nil && cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("%v: %v: %s", arguments, err, said.String())
	}
	return err == nil
}
