//go:build unix

package disk_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"clew.dev/clew/internal/disk"
)

// asHolder makes the test binary a process that holds a lock until its input ends.
const asHolder = "HOLD_THIS_LOCK"

func TestMain(m *testing.M) {
	if name := os.Getenv(asHolder); name != "" {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err == nil {
			err = disk.Lock(f)
		}
		if err != nil {
			os.Exit(3)
		}
		_, _ = os.Stdout.WriteString("held\n")
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestALockEndsWithItsProcess, however that ends: a killed server must not keep
// the next one out.
func TestALockEndsWithItsProcess(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	holder := exec.CommandContext(t.Context(), os.Args[0])
	holder.Env = []string{asHolder + "=" + name}
	if _, err := holder.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 5)
	if _, err := out.Read(said); err != nil || string(said) != "held\n" {
		t.Fatalf("%q %v", said, err)
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := disk.Lock(f); !errors.Is(err, disk.ErrLocked) {
		t.Errorf("beside another process: %v", err)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	if err := disk.Lock(f); err != nil {
		t.Errorf("after it was killed: %v", err)
	}
}

// TestOfManyOneHasTheLock, and a lock of one's own can be taken again.
func TestOfManyOneHasTheLock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	var mu sync.Mutex
	var held []*os.File
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { _ = f.Close() })
			switch err := disk.Lock(f); {
			case err == nil:
				mu.Lock()
				held = append(held, f)
				mu.Unlock()
			case !errors.Is(err, disk.ErrLocked):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(held) != 1 {
		t.Fatalf("%d hold it", len(held))
	}
	if err := disk.Lock(held[0]); err != nil {
		t.Errorf("again by the one who has it: %v", err)
	}
	closed, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	if err := disk.Lock(closed); err == nil || errors.Is(err, disk.ErrLocked) {
		t.Errorf("a file that was closed: %v", err)
	}
}

// TestReadersSeeOneVersionOrTheOther while a file is written over and over.
func TestReadersSeeOneVersionOrTheOther(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	versions := [][]byte{bytes.Repeat([]byte("a"), 1<<16), bytes.Repeat([]byte("b"), 10), {}}
	if err := disk.WriteFile(name, versions[0], 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				got, err := os.ReadFile(name)
				whole := err == nil && (bytes.Equal(got, versions[0]) || bytes.Equal(got, versions[1]) || len(got) == 0)
				if !whole {
					t.Errorf("read %d bytes, %v", len(got), err)
					return
				}
			}
		})
	}
	for i := range 150 {
		if err := disk.WriteFile(name, versions[i%3], 0o600); err != nil {
			t.Error(err)
		}
	}
	close(done)
	readers.Wait()
}

// TestAFileThatCannotBeWrittenLeavesTheOldOne and nothing beside it.
func TestAFileThatCannotBeWrittenLeavesTheOldOne(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(name, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := disk.WriteFile(name, []byte("x"), 0o600); err == nil {
		t.Error("a file was written over a folder")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 || !entries[0].IsDir() {
		t.Errorf("left: %v", entries)
	}
	if err := disk.WriteFile(filepath.Join(dir, strings.Repeat("x", 300)), nil, 0o600); err == nil {
		t.Error("a name of 300 letters was taken")
	}
	if err := disk.Rename(filepath.Join(dir, "absent"), filepath.Join(dir, "there")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there was moved: %v", err)
	}
	if err := disk.SyncDir(filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestWhoMayRead: a mode is what was asked for whatever the process's mask is,
// and one bit for others is enough to be no secret.
func TestWhoMayRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	for mode, private := range map[os.FileMode]bool{0o600: true, 0o400: true, 0o700: true, 0o640: false, 0o604: false, 0o644: false, 0o620: false, 0o602: false, 0o610: false, 0o601: false} {
		if err := disk.WriteFile(name, []byte("x"), mode); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != mode || disk.Private(info) != private {
			t.Errorf("%o: is %o, private %t, %v", mode, info.Mode().Perm(), disk.Private(info), err)
		}
	}
}
