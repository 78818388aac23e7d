package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/fault"
	"modernc.org/sqlite"
)

func openEmbedded(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Alter(t.Context(), []string{`CREATE TABLE item (id TEXT PRIMARY KEY, body TEXT)`}); err != nil {
		t.Fatal(err)
	}
	return db
}

func put(ctx context.Context, db *DB, id string, size int) error {
	return db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO item (id, body) VALUES ($1, $2)`, id, strings.Repeat("x", size))
		return err
	})
}

// setPageLimit plays a disk of that many pages.
func setPageLimit(t *testing.T, db *DB, pages int) {
	t.Helper()
	e := db.engine.(*sqliteEngine)
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := e.writer.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
		t.Fatal(err)
	}
}

func TestFullDiskIsSaidAndGotOver(t *testing.T) {
	db := openEmbedded(t)
	setPageLimit(t, db, 1) // the library takes the present size instead
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			err := put(t.Context(), db, fmt.Sprintf("big%d", i), 100_000)
			if fault.KindOf(err) != fault.Full {
				t.Errorf("write on a full disk: %v", err)
			}
		})
	}
	wait.Wait()
	if err := db.Ready(t.Context()); err != nil {
		t.Errorf("reading must go on: %v", err)
	}
	setPageLimit(t, db, 1_000_000)
	if err := put(t.Context(), db, "after", 100_000); err != nil {
		t.Errorf("after space came back: %v", err)
	}
}

// brokenCommit is an engine whose commits fail as if the disk had.
type brokenCommit struct {
	engine
	err error
}

type brokenSession struct {
	session
	err error
}

func (e brokenCommit) beginWrite(ctx context.Context) (session, error) {
	s, err := e.engine.beginWrite(ctx)
	return brokenSession{s, e.err}, err
}

func (s brokenSession) commit(context.Context) error {
	s.session.rollback()
	return s.err
}

// diskError is a real I/O error of the library.
func diskError(t *testing.T) error {
	t.Helper()
	db, err := sql.Open("sqlite", sqliteDSN(filepath.Join(t.TempDir(), "missing", "x.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err = db.PingContext(t.Context()); err == nil {
		t.Fatal("opened in a folder that is not there")
	}
	var s *sqlite.Error
	if !errors.As(err, &s) {
		t.Fatal(err)
	}
	return err
}

func TestFailedCommitIsNeverAcknowledged(t *testing.T) {
	db := openEmbedded(t)
	sound := db.engine
	db.engine = brokenCommit{sound, diskError(t)}
	var after bool
	err := db.Write(t.Context(), func(tx *Tx) error {
		tx.AfterCommit(func() { after = true })
		_, err := tx.Exec(`INSERT INTO item (id) VALUES ('a')`)
		return err
	})
	if fault.KindOf(err) != fault.Unavailable || after {
		t.Errorf("Write = %v, called after the commit: %v", err, after)
	}
	db.engine = brokenCommit{sound, errors.New("the line broke")}
	err = put(t.Context(), db, "b", 1)
	if f, ok := fault.As(err); !ok || f.Code != "commit_unknown" {
		t.Errorf("a commit without an answer: %v", err)
	}
	db.engine = sound
	if err := put(t.Context(), db, "a", 1); err != nil {
		t.Errorf("the same unit again: %v", err)
	}
}

func TestWriterDoesNotWaitForTheSlow(t *testing.T) {
	db := openEmbedded(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	release := make(chan struct{})
	running := make(chan struct{})
	go func() {
		_ = db.Write(context.Background(), func(*Tx) error { close(running); <-release; return nil })
	}()
	<-running
	err := put(ctx, db, "late", 1)
	close(release)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Write = %v", err)
	}
	if err := put(t.Context(), db, "late", 1); err != nil {
		t.Errorf("the abandoned unit was run: %v", err)
	}
}
