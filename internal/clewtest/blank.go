package clewtest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"clew.dev/clew/internal/sqldb"
)

// Blank names a database of the same kind as like without any tables, and a
// data directory that is not there yet: what a backup is restored into.
func Blank(t testing.TB, like sqldb.Options) sqldb.Options {
	t.Helper()
	o := sqldb.Options{Dir: filepath.Join(t.TempDir(), "data")}
	if like.URL == "" {
		return o
	}
	address, err := server()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name := fmt.Sprintf("clew_test_%d_%d", os.Getpid(), databaseCount.Add(1))
	if err := administer(address, "DROP DATABASE IF EXISTS "+name, "CREATE DATABASE "+name); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	t.Cleanup(func() {
		if err := administer(address, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	o.URL = withDatabase(address, name)
	return o
}
