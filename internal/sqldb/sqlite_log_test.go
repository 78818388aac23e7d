package sqldb

import (
	"strings"
	"sync"
	"testing"
)

// openLogged is an engine with a table that takes a page a row; the test folds by itself.
func openLogged(t *testing.T) *sqliteEngine {
	t.Helper()
	e := openEngine(t)
	e.log.halt()
	e.log.stop = make(chan struct{})
	if err := e.alter(t.Context(), []string{"CREATE TABLE page (n INTEGER PRIMARY KEY, text TEXT)"}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.log.checkpoint("PASSIVE"); err != nil { // what the migrations wrote
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

func fold(t *testing.T, e *sqliteEngine) (rest int) {
	t.Helper()
	rest, err := e.log.fold()
	if err != nil {
		t.Error(err)
	}
	return rest
}

// pagesSeen is how many rows a session sees, read anew.
func pagesSeen(t *testing.T, s session) (n int64) {
	t.Helper()
	rows, err := s.query(t.Context(), "SELECT COUNT(*) FROM page", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.close()
	if !rows.next() || rows.scan([]any{&n}) != nil {
		t.Fatal("no count")
	}
	return n
}

func TestALongLogIsFoldedAndAShortOneLeftAlone(t *testing.T) {
	e := openLogged(t)
	writePages(t, e, logAhead/2)
	short := rest(t, e)
	if got := fold(t, e); short >= logAhead || got != short || short < logAhead/2 {
		t.Errorf("a log of %d pages was folded to %d", short, got)
	}
	writePages(t, e, logAhead)
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
	before := pagesSeen(t, reader)
	writePages(t, e, 2*logAhead)
	if left := fold(t, e); left < logAhead {
		t.Errorf("all but %d pages were folded under a reader", left)
	}
	if after := pagesSeen(t, reader); after != before {
		t.Errorf("the snapshot changed from %d rows to %d", before, after)
	}
	reader.rollback()
	if fold(t, e); rest(t, e) != 0 {
		t.Errorf("%d pages are left in the log", rest(t, e))
	}
}

// The engine folds by itself while it is written to, without being asked.
func TestTheLogIsFoldedWhileUnitsAreWritten(t *testing.T) {
	e := openEngine(t)
	if err := e.alter(t.Context(), []string{"CREATE TABLE page (n INTEGER PRIMARY KEY, text TEXT)"}); err != nil {
		t.Fatal(err)
	}
	writePages(t, e, 3*logAhead)
	for rest(t, e) >= logAhead {
		if t.Context().Err() != nil {
			t.Fatal("the log is never folded")
		}
	}
}

// Folding goes on beside a writer that does not stop, and loses none of its rows.
func TestFoldingBesideTheWriter(t *testing.T) {
	e := openLogged(t)
	const groups, each = 60, 400 // more than a commit leaves in the log by itself
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
		if rest(t, e) >= logAhead {
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
