package sqldb

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/fault"
)

// Restoring is what a folder's name ends with, or is inside a data directory,
// while a backup is being restored there.
const Restoring = ".restoring"

// refuseRestoring refuses a directory in which a restore was interrupted.
func refuseRestoring(dir string) error {
	entries, err := os.ReadDir(filepath.Join(dir, Restoring))
	if err != nil || len(entries) == 0 {
		return nil // not there, or left empty by the very last step
	}
	return fault.New(fault.Conflict, "restore_unfinished").With("directory", dir)
}

// lockDir makes the data directory and takes its lock for the life of the
// process: the kernel drops it with the file, even after kill -9.
func lockDir(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "clew.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := disk.Lock(f); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 20))
		_ = f.Close()
		if !errors.Is(err, disk.ErrLocked) {
			return nil, fmt.Errorf("data directory: lock: %w", err)
		}
		return nil, fault.New(fault.Conflict, "data_directory_in_use").
			With("directory", dir).With("process", strings.TrimSpace(string(holder)))
	}
	if err := f.Truncate(0); err == nil {
		_, _ = fmt.Fprintf(f, "%d\n", os.Getpid())
	}
	return f, nil
}
