package sqldb

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// The write-ahead log's limits, in pages.
const (
	logAhead    = 1000    // so many are folded into the file beside the writer
	logLong     = "16000" // from here on a commit folds the rest, and the log begins anew
	logInterval = 25 * time.Millisecond
)

// logFolder copies pages of the write-ahead log into the database file beside the
// writer, so that a commit that finds the log long has few of them left to copy.
// It takes no lock that a writer or a reader waits for.
type logFolder struct {
	conn    *sql.DB
	wrote   atomic.Bool
	log     *slog.Logger
	stop    chan struct{}
	stopped sync.WaitGroup
}

func openLogFolder(path string, log *slog.Logger) (*logFolder, error) {
	conn, err := sql.Open("sqlite", sqliteDSN(path, "synchronous(FULL)", "wal_autocheckpoint(0)"))
	if err != nil {
		return nil, err
	}
	conn.SetMaxOpenConns(1)
	f := &logFolder{conn: conn, log: log, stop: make(chan struct{})}
	f.stopped.Go(f.loop)
	return f, nil
}

func (f *logFolder) loop() {
	tick := time.NewTicker(logInterval)
	defer tick.Stop()
	failing := false // told once, not forty times a second while a disk is full
	for {
		select {
		case <-f.stop:
			return
		case <-tick.C:
		}
		if !f.wrote.Swap(false) {
			continue
		}
		_, err := f.fold()
		if err != nil && !failing {
			f.log.Warn("the write-ahead log was not folded into the database", "error", err)
		}
		failing = err != nil
	}
}

// fold copies what no reader needs as it was; it tells how many pages are left.
func (f *logFolder) fold() (rest int, err error) {
	rest, err = f.checkpoint("NOOP")
	if err != nil || rest < logAhead {
		return rest, err
	}
	return f.checkpoint("PASSIVE")
}

// checkpoint tells how many pages of the log are not in the file.
func (f *logFolder) checkpoint(mode string) (rest int, err error) {
	var busy, length, done int
	err = f.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &length, &done)
	return max(0, length-done), err
}

// halt ends the folding.
func (f *logFolder) halt() {
	close(f.stop)
	f.stopped.Wait()
}

func (f *logFolder) close() error { return f.conn.Close() }
