package disk

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// Lock takes an exclusive lock on an open file for as long as it stays open.
// The locked byte lies far behind what the file holds, so that others may read it.
func Lock(f *os.File) error {
	const exclusive = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), exclusive, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrLocked
	}
	return err
}

// SpaceOf is the room on the file system of a folder, as an ordinary user has it.
func SpaceOf(dir string) (Space, error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return Space{}, err
	}
	var s Space
	err = windows.GetDiskFreeSpaceEx(path, &s.Free, &s.Total, nil)
	return s, err
}

// SyncDir does nothing: the file system keeps its own log of names.
func SyncDir(string) error { return nil }

// Private is always true: the mode's bits say nothing here, the folder's access list decides.
func Private(fs.FileInfo) bool { return true }
