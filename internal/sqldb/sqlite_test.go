package sqldb

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func openEngine(t *testing.T) *sqliteEngine { return openIn(t, t.TempDir()) }

func openIn(t *testing.T, folder string) *sqliteEngine {
	t.Helper()
	e, err := openSQLite(t.Context(), filepath.Join(folder, "x.db"), Options{Log: slog.New(slog.DiscardHandler), Readers: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.close(); err != nil {
			t.Error(err)
		}
	})
	if err := e.migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return e
}

// A folder may be open to others; what is in it is not.
func TestTheFilesAreTheOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps rights by lists")
	}
	folder := t.TempDir()
	e := openIn(t, folder)
	if err := e.alter(t.Context(), []string{"CREATE TABLE page (n INTEGER PRIMARY KEY)"}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) < 2 {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", entry.Name(), info.Mode(), err)
		}
	}
}

// A reader that was left in the middle of its snapshot spoils no later one.
func TestAConnectionLeftInATransactionIsReplaced(t *testing.T) {
	e := openEngine(t)
	for range 2 * cap(e.readers) {
		left, err := e.beginRead(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		session := left.(*sqliteSession)
		session.done() // without its end
	}
	for range 3 * cap(e.readers) {
		s, err := e.beginRead(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		rows, err := s.query(t.Context(), "SELECT COUNT(*) FROM sqlite_master", nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = rows.close()
		s.rollback()
	}
	if open := e.reading.Stats().OpenConnections; open > cap(e.readers) {
		t.Errorf("%d connections are open", open)
	}
}
