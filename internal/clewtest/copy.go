package clewtest

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/sqldb"
)

// Copy names a fresh database and data directory with all that those of from
// hold: what several tests begin from is made once. Nobody may have from open.
func Copy(t testing.TB, from sqldb.Options) sqldb.Options {
	t.Helper()
	o := Blank(t, sqldb.Options{})
	if err := copyFiles(o.Dir, os.DirFS(from.Dir)); err != nil {
		t.Fatalf("copy the data directory: %v", err)
	}
	if from.URL == "" {
		return o
	}
	source, err := url.Parse(from.URL)
	if err != nil {
		t.Fatal(err)
	}
	o.URL = database(t, strings.TrimPrefix(source.Path, "/"))
	return o
}

// copyFiles copies all that is in a folder, for its owner alone.
func copyFiles(to string, from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path := filepath.Join(to, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(path, 0o700)
		}
		content, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return os.WriteFile(path, content, 0o600)
	})
}
