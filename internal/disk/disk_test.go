package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"clew.dev/clew/internal/disk"
)

func TestALockIsHadOnceAndEndsWithItsFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first, second := open(), open()
	defer second.Close()
	if err := disk.Lock(first); err != nil {
		t.Fatal(err)
	}
	if err := disk.Lock(second); !errors.Is(err, disk.ErrLocked) {
		t.Errorf("the second lock = %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := disk.Lock(second); err != nil {
		t.Errorf("after the first ended: %v", err)
	}
}

func TestWriteFileReplacesWholeAndLeavesNothingBeside(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	for _, content := range []string{"first", "second, longer"} {
		if err := disk.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(name)
		if err != nil || string(got) != content {
			t.Errorf("read %q %v", got, err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left beside it: %v", entries)
	}
	if err := disk.WriteFile(filepath.Join(dir, "nowhere", "file"), nil, 0o600); err == nil {
		t.Error("wrote into a folder that is not there")
	}
	info, err := os.Stat(name)
	if err != nil || !disk.Private(info) {
		t.Errorf("others may read it: %v %v", info.Mode(), err)
	}
}

func TestSpaceOf(t *testing.T) {
	space, err := disk.SpaceOf(t.TempDir())
	if err != nil || space.Free == 0 || space.Total < space.Free {
		t.Errorf("%+v %v", space, err)
	}
	if _, err := disk.SpaceOf(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("a folder that is not there has room")
	}
}
