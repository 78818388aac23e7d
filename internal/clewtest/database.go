// Package clewtest gives tests what they run on: either database, fresh and
// real, and a clock that stands still until told. Only tests import it.
package clewtest

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// Databases runs fn as the subtests "embedded" and "postgresql", each on a
// fresh database of its own with the system tables in place. Absent PostgreSQL
// is a failure that says how to install it.
func Databases(t *testing.T, fn func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	EachDatabase(t, func(t *testing.T, o sqldb.Options) { fn(t, Open(t, o)) })
}

// EachDatabase is Databases for tests that open the database themselves, more
// than once or with a clock of their own: o names a fresh database.
func EachDatabase(t *testing.T, fn func(t *testing.T, o sqldb.Options)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { fn(t, Embedded(t)) })
	t.Run("postgresql", func(t *testing.T) { fn(t, PostgreSQL(t)) })
}

// Open opens the database that o names and closes it with the test.
func Open(t testing.TB, o sqldb.Options) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("open database: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return db
}

// embeddedTemplate is a migrated file, made once a process.
var embeddedTemplate = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "clew-template-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	db, err := sqldb.Open(context.Background(), sqldb.Options{Dir: dir})
	if err != nil {
		return "", err
	}
	if err := db.Close(); err != nil {
		return "", err
	}
	content, err := os.ReadFile(filepath.Join(dir, "clew.db"))
	return string(content), err
})

// Embedded names a fresh embedded database in the test's own directory.
func Embedded(t testing.TB) sqldb.Options {
	t.Helper()
	content, err := embeddedTemplate()
	if err != nil {
		t.Fatalf("make the embedded database's template: %v", err)
	}
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "clew.db"))
	if err == nil {
		_, err = io.WriteString(f, content)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return sqldb.Options{Dir: dir}
}

// Clock stands still until it is moved. Its methods are safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock is a clock at t.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
