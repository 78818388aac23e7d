//go:build crash

package server_test

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

// TestCrashSweepOfAnUpgrade kills the program at its first, second, third …
// step while it brings an earlier schema up to date, each time from the same
// earlier company, until a run is not hit: the next start finishes it, with all
// rows. A step is a sync to disk on the embedded database, and a message to the
// server on PostgreSQL, where every fifth is tried. It needs strace.
func TestCrashSweepOfAnUpgrade(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Fatal("strace is needed: sudo apt-get install -y strace")
	}
	binary := filepath.Join(t.TempDir(), "clew")
	if out, err := exec.Command("go", "build", "-o", binary, "clew.dev/clew/cmd/clew").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		calls, stride := "fsync,fdatasync", 1
		if o.URL != "" {
			calls, stride = "write", 5
		}
		kills := 0
		for n, killed := 1, true; killed; n += stride {
			place := earlier(t, o)
			before := rowsOf(t, place)
			arguments := []string{"export", filepath.Join(t.TempDir(), "documents"), "--data", place.Dir}
			if place.URL != "" {
				arguments = append(arguments, "--database", place.URL)
			}
			killed = tracedKill(t, calls, n, append([]string{binary}, arguments...)...)
			t.Run(fmt.Sprintf("killed at %d", n), func(t *testing.T) { finished(t, o, place, before) })
			if killed {
				kills++
			}
		}
		if kills < 6 {
			t.Errorf("only %d kills hit the upgrade", kills)
		}
	})
}

// finished starts the program on what a killed upgrade left.
func finished(t *testing.T, like, place sqldb.Options, before map[string]int64) {
	c := &company{T: t, ids: map[string]string{}, options: server.Options{Data: place.Dir, Database: place.URL, Listen: "127.0.0.1:0", Version: "test"}}
	c.begin()
	defer c.end()
	c.chainsHold()
	c.sameAsFresh(like)
	after := rowsOf(t, place)
	for table, rows := range before {
		if after[table] < rows {
			t.Errorf("%s had %d rows and has %d", table, rows, after[table])
		}
	}
}

// rowsOf counts the rows of every table.
func rowsOf(t *testing.T, place sqldb.Options) map[string]int64 {
	t.Helper()
	content, err := sqldb.ContentOf(context.WithoutCancel(t.Context()), place)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int64{}
	for _, table := range content.Tables {
		rows[table.Name] = table.Rows
	}
	return rows
}
