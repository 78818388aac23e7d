package sqldb

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// openLogged is an engine with a table that takes a page a row.
func openLogged(t *testing.T) *sqliteEngine {
	t.Helper()
	e, err := openSQLite(t.Context(), filepath.Join(t.TempDir(), "x.db"), Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.close(); err != nil {
			t.Error(err)
		}
	})
	e.log.halt() // the test folds by itself
	e.log.stop = make(chan struct{})
	if err := e.migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := e.alter(t.Context(), []string{"CREATE TABLE page (n INTEGER PRIMARY KEY, text TEXT)"}); err != nil {
		t.Fatal(err)
	}
	return e
}

func writePages(t *testing.T, e *sqliteEngine, n int) {
	t.Helper()
	s, err := e.beginWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		if _, err := s.exec(t.Context(), "INSERT INTO page(text) VALUES($1)", []any{strings.Repeat("x", 4000)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// rest is how many pages of the log are not in the file.
func rest(t *testing.T, e *sqliteEngine) int {
	t.Helper()
	n, err := e.log.checkpoint("NOOP")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fold tells whether all that was to be done could be.
func fold(t *testing.T, e *sqliteEngine) bool {
	t.Helper()
	done, err := e.log.fold()
	if err != nil {
		t.Error(err)
	}
	return done
}

// A folder may be open to others; what is in it is not.
func TestTheFilesAreTheOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps rights by lists")
	}
	e := openLogged(t)
	writePages(t, e, 1)
	folder := filepath.Dir(e.log.file.Name())
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
	e := openLogged(t)
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
		rows, err := s.query(t.Context(), "SELECT COUNT(*) FROM page", nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = rows.close()
		s.rollback()
	}
	if open := e.reading.Stats().OpenConnections; open > cap(e.readers) {
		t.Errorf("%d connections are open", open)
	}
	writePages(t, e, 2*logLong)
	if !fold(t, e) || rest(t, e) != 0 {
		t.Errorf("a forgotten snapshot keeps %d pages of the log", rest(t, e))
	}
}

func TestALongLogIsFoldedAndAShortOneLeftAlone(t *testing.T) {
	e := openLogged(t)
	fold(t, e) // what the migrations wrote, should it be long already
	writePages(t, e, logLong/2)
	short := rest(t, e)
	fold(t, e)
	if got := rest(t, e); short >= logLong || got != short || short < logLong/2 {
		t.Errorf("a log of %d pages was folded to %d", short, got)
	}
	writePages(t, e, logLong)
	if fold(t, e); rest(t, e) != 0 {
		t.Errorf("%d pages are left in the log", rest(t, e))
	}
}

// What a reader still sees cannot be folded; it is not an error, and is done once the reader is gone.
func TestAReaderKeepsTheLog(t *testing.T) {
	e := openLogged(t)
	reader, err := e.beginRead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	count := func() (n int64) {
		rows, err := reader.query(t.Context(), "SELECT COUNT(*) FROM page", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.close()
		if !rows.next() || rows.scan([]any{&n}) != nil {
			t.Fatal("no count")
		}
		return n
	}
	before := count()
	writePages(t, e, 2*logLong)
	if done := fold(t, e); done || rest(t, e) < logLong {
		t.Errorf("done %v: all but %d pages were folded under a reader", done, rest(t, e))
	}
	if after := count(); after != before {
		t.Errorf("the snapshot changed from %d rows to %d", before, after)
	}
	reader.rollback()
	if done := fold(t, e); !done || rest(t, e) != 0 {
		t.Errorf("done %v: %d pages are left in the log", done, rest(t, e))
	}
}

// Folding goes on beside a writer that does not stop, and loses none of its rows.
func TestFoldingBesideTheWriter(t *testing.T) {
	e := openLogged(t)
	const groups, each = 30, 400
	var writer sync.WaitGroup
	done := make(chan struct{})
	writer.Go(func() {
		defer close(done)
		for range groups {
			writePages(t, e, each)
		}
	})
	folded := 0
	for open := true; open; {
		select {
		case <-done:
			open = false
		default:
		}
		if rest(t, e) >= logLong {
			fold(t, e)
			folded++
		}
	}
	writer.Wait()
	s, err := e.beginRead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.rollback()
	rows, err := s.query(t.Context(), "SELECT COUNT(*), (SELECT quick_check FROM pragma_quick_check) FROM page", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.close()
	var n int64
	var sound string
	if !rows.next() || rows.scan([]any{&n, &sound}) != nil || n != groups*each || sound != "ok" || folded == 0 {
		t.Errorf("%d rows, %s, folded %d times", n, sound, folded)
	}
}
