// Package clewtest gives tests what they run on: either database, fresh and
// real, and a clock that stands still until told. Only tests import it.
package clewtest

import (
	"context"
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
	migrated.Each(t, fn)
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

// migrated has the system tables in place.
var migrated = Prepared{Fill: func(t testing.TB, o sqldb.Options) {
	t.Helper()
	db, err := sqldb.Open(context.Background(), o)
	if err != nil {
		t.Fatalf("make the database that tests begin from: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}}

// Embedded names a fresh embedded database in the test's own directory.
func Embedded(t testing.TB) sqldb.Options {
	t.Helper()
	return migrated.Embedded(t)
}

// PostgreSQL names a fresh database on a throw-away server; it is dropped with
// the test.
func PostgreSQL(t testing.TB) sqldb.Options {
	t.Helper()
	return migrated.PostgreSQL(t)
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
