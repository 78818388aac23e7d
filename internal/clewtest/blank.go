package clewtest

import (
	"path/filepath"
	"testing"

	"clew.dev/clew/internal/sqldb"
)

// Blank names a database of the same kind as like without any tables, and a
// data directory that is not there yet: what a backup is restored into.
func Blank(t testing.TB, like sqldb.Options) sqldb.Options {
	t.Helper()
	o := sqldb.Options{Dir: filepath.Join(t.TempDir(), "data")}
	if like.URL != "" {
		o.URL = database(t, "template1")
	}
	return o
}
