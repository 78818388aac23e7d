//go:build crash

package server_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

// TestCrashSweepOfBackupAndRestore kills the program at its first, second,
// third … call of each kind that changes the disk, until a run is not hit: an
// earlier backup is whole each time, and a directory is absent, complete, or
// made complete by the next restore. It needs strace and the right to trace.
func TestCrashSweepOfBackupAndRestore(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Fatal("strace is needed: sudo apt-get install -y strace")
	}
	c := open(t, founded.Embedded(t))
	for i := range 20 {
		c.push(clue(fmt.Sprint("m", i), fmt.Sprint("c", i), fmt.Sprintf("1370000%04d", i), nil))
	}
	binary, file := filepath.Join(t.TempDir(), "clew"), filepath.Join(t.TempDir(), "clew.backup")
	if out, err := exec.Command("go", "build", "-o", binary, "clew.dev/clew/cmd/clew").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	c.must(server.Backup(t.Context(), c.options, file, "", &bytes.Buffer{}))
	for _, calls := range []string{"fsync,fdatasync", "rename,renameat,renameat2", "unlink,unlinkat", "mkdir,mkdirat", "ftruncate"} {
		t.Run("backup "+calls, func(t *testing.T) {
			for n := 1; tracedKill(t, calls, n, binary, "backup", file, "--data", c.options.Data); n++ {
				restoredFrom(t, file, filepath.Join(t.TempDir(), "data"))
			}
		})
		for _, there := range []bool{false, true} {
			t.Run(fmt.Sprintf("restore %s, folder there %v", calls, there), func(t *testing.T) {
				for n, killed := 1, true; killed; n++ {
					dir := filepath.Join(t.TempDir(), "data")
					if there {
						c.must(os.Mkdir(dir, 0o700))
					}
					killed = tracedKill(t, calls, n, binary, "restore", file, "--data", dir)
					if !exists(filepath.Join(dir, "clew.db")) || exists(filepath.Join(dir, sqldb.Restoring, "complete.json")) {
						restoredFrom(t, file, dir)
					}
					if _, err := sqldb.ContentOf(t.Context(), sqldb.Options{Dir: dir}); err != nil {
						t.Errorf("killed at call %d: %v", n, err)
					}
				}
			})
		}
	}
}

// restoredFrom restores, and opens what came of it.
func restoredFrom(t *testing.T, file, dir string) {
	t.Helper()
	if err := server.Restore(t.Context(), server.Options{Data: dir}, file, "", "", &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	db, err := sqldb.Open(t.Context(), sqldb.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// tracedKill runs a command that is killed at its n-th call; false when it came to its end.
func tracedKill(t *testing.T, calls string, n int, command ...string) bool {
	t.Helper()
	injection := fmt.Sprintf("inject=%s:signal=SIGKILL:when=%d", calls, n)
	cmd := exec.Command("strace", append([]string{"-f", "-qq", "-o", os.DevNull, "-e", "trace=" + calls, "-e", injection}, command...)...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || !strings.Contains(err.Error(), "killed")) {
		t.Fatalf("%v: %v: %s", command, err, out)
	}
	return err != nil
}
