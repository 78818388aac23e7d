//go:build crash

package sqldb_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

const sweepUnits = 8

// TestCrashSweep kills a writing process at its first, second, third … call of
// each kind that changes the disk, until a run is not hit, and after each checks
// every acknowledged unit. It needs strace and the right to trace.
func TestCrashSweep(t *testing.T) {
	if dir := os.Getenv("CLEW_TEST_SWEEP_DIR"); dir != "" {
		db, err := sqldb.Open(t.Context(), sqldb.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Alter(t.Context(), []string{createItem}); err != nil {
			t.Fatal(err)
		}
		for n := range sweepUnits {
			id := fmt.Sprintf("unit%02d", n)
			if err := writePair(t.Context(), db, id); err != nil {
				t.Fatal(err)
			}
			fmt.Println(id)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return
	}
	if _, err := exec.LookPath("strace"); err != nil {
		t.Fatal("strace is needed: sudo apt-get install -y strace")
	}
	for _, call := range []string{"fsync,fdatasync", "pwrite64", "ftruncate", "unlink,unlinkat", "openat"} {
		t.Run(call, func(t *testing.T) {
			for n := 1; ; n++ {
				dir := t.TempDir()
				acknowledged, killed := sweepOnce(t, dir, fmt.Sprintf("inject=%s:signal=SIGKILL:when=%d", call, n), call)
				checkSweep(t, dir, acknowledged)
				if !killed {
					t.Logf("%d calls", n-1)
					return
				}
			}
		})
	}
}

// sweepOnce is what the process acknowledged, and whether it was killed.
func sweepOnce(t *testing.T, dir, injection, calls string) (acknowledged []string, killed bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "strace", "-f", "-qq", "-o", os.DevNull, "-e", "trace="+calls, "-e", injection,
		os.Args[0], "-test.run=^TestCrashSweep$")
	cmd.Env = append(os.Environ(), "CLEW_TEST_SWEEP_DIR="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "unit") && strings.HasSuffix(line, "\n") {
			acknowledged = append(acknowledged, strings.TrimSpace(line))
		}
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err != nil && !strings.Contains(err.Error(), "killed") {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return acknowledged, err != nil
}

func checkSweep(t *testing.T, dir string, acknowledged []string) {
	t.Helper()
	db := clewtest.Open(t, sqldb.Options{Dir: dir})
	if err := db.Alter(t.Context(), []string{strings.Replace(createItem, "TABLE", "TABLE IF NOT EXISTS", 1)}); err != nil {
		t.Fatal(err)
	}
	if len(acknowledged) > 0 {
		checkWhole(t, db, acknowledged)
	}
	err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
		var verdict string
		if err := tx.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
			return fmt.Errorf("integrity: %q %w", verdict, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
