package backup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// staging is where a restore unpacks. A data directory that is not there yet
// comes into being by renaming the staging folder. One that is there and empty
// (a mount point, a folder made by the service) keeps its owner: the staging
// folder lies inside it, and its files are moved once they are all complete.
type staging struct {
	target     string
	dir        string
	inside     bool
	lock       *os.File
	unfinished *Manifest // an earlier restore got so far that its files only have to be moved
}

const (
	lockName     = "clew.lock"
	completeName = "complete.json" // says that the staging folder's files are all there
)

// stage prepares a staging folder for a directory, or refuses it.
func stage(target string) (*staging, error) {
	s := &staging{target: target, dir: target + sqldb.Restoring}
	entries, err := os.ReadDir(target)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if s.inside = err == nil; s.inside {
		s.dir = filepath.Join(target, sqldb.Restoring)
		s.readUnfinished()
	}
	if s.unfinished == nil && !blank(entries) {
		return nil, fault.New(fault.Conflict, "not_empty").With("place", target)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	if err := s.take(); err != nil || s.unfinished != nil {
		return s, err
	}
	return s, s.empty()
}

// blank tells whether a directory holds nothing but what any may hold.
func blank(entries []fs.DirEntry) bool {
	return !slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return !slices.Contains([]string{lockName, sqldb.Restoring, "lost+found"}, e.Name())
	})
}

// take locks what will be the data directory, against the server and another restore.
func (s *staging) take() error {
	folder := s.dir
	if s.inside {
		folder = s.target
	}
	f, err := os.OpenFile(filepath.Join(folder, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := disk.Lock(f); err != nil {
		_ = f.Close()
		return fault.Wrap(fault.Conflict, "data_directory_in_use", err).With("directory", s.target)
	}
	s.lock = f
	return nil
}

func (s *staging) readUnfinished() {
	var m Manifest
	text, err := os.ReadFile(filepath.Join(s.dir, completeName))
	if err == nil && json.Unmarshal(text, &m) == nil {
		s.unfinished = &m
	}
}

// empty removes what an interrupted restore left.
func (s *staging) empty() error {
	entries, err := os.ReadDir(s.dir)
	for _, e := range entries {
		if e.Name() != lockName {
			err = errors.Join(err, os.RemoveAll(filepath.Join(s.dir, e.Name())))
		}
	}
	return err
}

// drop removes the staging folder after a failure.
func (s *staging) drop() error { return os.RemoveAll(s.dir) }

// complete notes, durably, that nothing but moving is left to do.
func (s *staging) complete(m Manifest) error {
	if err := syncTree(s.dir); err != nil || !s.inside {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return disk.WriteFile(filepath.Join(s.dir, completeName), text, 0o600)
}

// settle moves the files to where they belong.
func (s *staging) settle() error {
	if !s.inside {
		// Some systems rename no folder with an open file in it.
		return errors.Join(s.lock.Close(), disk.Rename(s.dir, s.target))
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == completeName {
			continue
		}
		if err := disk.Rename(filepath.Join(s.dir, e.Name()), filepath.Join(s.target, e.Name())); err != nil {
			return err
		}
	}
	return errors.Join(os.RemoveAll(s.dir), disk.SyncDir(s.target))
}

// syncTree makes the names in a folder and those below durable.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return disk.SyncDir(path)
	})
}
