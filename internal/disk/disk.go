// Package disk is what each operating system does in its own way with files:
// locks that end with their process, free space, folders made durable, and who
// else may read a file.
package disk

import (
	"errors"
	"os"
	"path/filepath"
)

// ErrLocked is what Lock returns when another process holds the lock.
var ErrLocked = errors.New("disk: locked by another process")

// Space is the room of the file system that a folder is on, in bytes.
type Space struct{ Free, Total uint64 }

// WriteFile writes a file whole or not at all: to a neighbour first, made
// durable, then renamed over name.
func WriteFile(name string, content []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return Rename(f.Name(), name)
}

// Rename moves a file and makes the move durable.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(to))
}
