package clewtest_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

// keep writes a secret of a channel, which stands for anything that is kept.
func keep(t *testing.T, db *sqldb.DB, channel string) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec("INSERT INTO channel_secret(channel, sealed, at) VALUES($1, 'x', 0)", channel)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// kept are the channels with a secret, in order.
func kept(t *testing.T, db *sqldb.DB) string {
	t.Helper()
	var all []string
	if err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query("SELECT channel FROM channel_secret ORDER BY channel")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var one string
			if err := rows.Scan(&one); err != nil {
				return err
			}
			all = append(all, one)
		}
		return rows.Err()
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

// TestEachDatabaseIsItsOwn: two databases of one test know nothing of each other,
// and both begin empty, with the system's tables in place.
func TestEachDatabaseIsItsOwn(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		first := clewtest.Open(t, o)
		keep(t, first, "first")
		other := clewtest.Embedded
		if o.URL != "" {
			other = clewtest.PostgreSQL
		}
		second := clewtest.Open(t, other(t))
		if got := kept(t, second); got != "" {
			t.Errorf("a fresh database holds %q", got)
		}
		keep(t, second, "second")
		if a, b := kept(t, first), kept(t, second); a != "first" || b != "second" {
			t.Errorf("one holds %q, the other %q", a, b)
		}
	})
}

// TestACopyIsWholeAndApart: what was made once is there, with its files, and what
// is done to the copy is not done to what it was made from.
func TestACopyIsWholeAndApart(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		made, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		keep(t, made, "made")
		if err := made.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(o.Dir, "files", "a"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(o.Dir, "files", "a", "note.txt"), []byte("附件"), 0o600); err != nil {
			t.Fatal(err)
		}
		copied := clewtest.Copy(t, o)
		again := clewtest.Copy(t, o)
		raw, err := os.ReadFile(filepath.Join(copied.Dir, "files", "a", "note.txt"))
		if err != nil || string(raw) != "附件" {
			t.Errorf("the copy's file holds %q, %v", raw, err)
		}
		a, b := clewtest.Open(t, copied), clewtest.Open(t, again)
		keep(t, a, "more")
		if x, y := kept(t, a), kept(t, b); x != "made more" || y != "made" {
			t.Errorf("one copy holds %q, another %q", x, y)
		}
		if got := kept(t, clewtest.Open(t, o)); got != "made" {
			t.Errorf("what was copied holds %q", got)
		}
	})
}

// TestBlankHasNothing: no folder and no tables, so that a restore can be tried.
func TestBlankHasNothing(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, like sqldb.Options) {
		o := clewtest.Blank(t, like)
		if _, err := os.Stat(o.Dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the folder is there already: %v", err)
		}
		if (o.URL == "") != (like.URL == "") || o.URL != "" && o.URL == like.URL {
			t.Errorf("blank is at %q, like %q", o.URL, like.URL)
		}
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if got := kept(t, clewtest.Open(t, o)); got != "" {
			t.Errorf("blank holds %q", got)
		}
	})
}

// TestTheClockStandsStill until it is moved, for everybody at once.
func TestTheClockStandsStill(t *testing.T) {
	begin := time.Date(2026, 3, 10, 2, 30, 0, 0, time.UTC)
	clock := clewtest.NewClock(begin)
	if !clock.Now().Equal(begin) || !clock.Now().Equal(begin) {
		t.Error("it goes by itself")
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				clock.Advance(time.Second)
				if clock.Now().Before(begin) {
					t.Error("it went back")
				}
			}
		})
	}
	all.Wait()
	if got := clock.Now().Sub(begin); got != 800*time.Second {
		t.Errorf("moved by %s", got)
	}
	clock.Advance(-time.Hour)
	if got := clock.Now().Sub(begin); got != 800*time.Second-time.Hour {
		t.Errorf("set back to %s", got)
	}
}
