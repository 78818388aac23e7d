package clewtest

import (
	"fmt"
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
	if err := copyFiles(o.Dir, from.Dir); err != nil {
		t.Fatalf("copy the data directory: %v", err)
	}
	if from.URL == "" {
		return o
	}
	address, err := server()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	source, err := url.Parse(from.URL)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("clew_test_%d_%d", os.Getpid(), databaseCount.Add(1))
	if err := administer(address, "CREATE DATABASE "+name+" TEMPLATE "+strings.TrimPrefix(source.Path, "/")); err != nil {
		t.Fatalf("copy the database: %v", err)
	}
	t.Cleanup(func() {
		if err := administer(address, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	o.URL = withDatabase(address, name)
	return o
}

// copyFiles copies a folder with all that is in it, for its owner alone.
func copyFiles(to, from string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), content, 0o600)
	})
}
