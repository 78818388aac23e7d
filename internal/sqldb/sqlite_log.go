package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// The write-ahead log's limits, in pages.
const (
	logLong     = 4000    // from here on it is folded into the file
	logRest     = 300     // for so many the writer waits gladly
	logRounds   = 8       // tries to get there while units go on writing
	logTooLong  = "40000" // then a commit folds it by itself
	logInterval = 100 * time.Millisecond
	logPause    = time.Second // when a reader keeps the log
)

// logFolder folds the write-ahead log into the database file beside the writer.
// Left to the writing connection it was part of a commit: a tenth of the
// writer's time under load, and a wait of 50 ms for those behind it.
type logFolder struct {
	conn    *sql.DB
	file    *os.File    // the database; see close
	between sync.Locker // held by the writer during a transaction
	wrote   atomic.Bool
	log     *slog.Logger
	stop    chan struct{}
	stopped sync.WaitGroup
}

func openLogFolder(path string, between sync.Locker, log *slog.Logger) (*logFolder, error) {
	conn, err := sql.Open("sqlite", sqliteDSN(path, "synchronous(FULL)", "wal_autocheckpoint(0)"))
	if err != nil {
		return nil, err
	}
	conn.SetMaxOpenConns(1)
	file, err := os.OpenFile(path, os.O_RDWR, 0) // Windows lets only writers sync
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	f := &logFolder{conn: conn, file: file, between: between, log: log, stop: make(chan struct{})}
	f.stopped.Go(f.loop)
	return f, nil
}

func (f *logFolder) loop() {
	tick := time.NewTicker(logInterval)
	defer tick.Stop()
	for {
		select {
		case <-f.stop:
			return
		case <-tick.C:
		}
		if !f.wrote.Swap(false) {
			continue
		}
		done, err := f.fold()
		if err != nil {
			f.log.Warn("the write-ahead log was not folded into the database", "error", err)
		}
		if done && err == nil {
			continue
		}
		select { // a reader keeps the log: looking for what cannot be done yet costs more than it
		case <-f.stop:
			return
		case <-time.After(logPause):
			f.wrote.Store(true)
		}
	}
}

// fold does most beside the writer and the rest between two groups, since only a
// log that is folded whole begins anew. It is not done while a reader still needs
// what the file had before.
func (f *logFolder) fold() (done bool, err error) {
	rest, err := f.checkpoint("NOOP")
	if err != nil || rest < logLong {
		return true, err
	}
	for round := 0; rest >= logRest && round < logRounds; round++ {
		before := rest
		if rest, err = f.checkpoint("PASSIVE"); err != nil {
			return false, err
		}
		if rest >= before && rest >= logLong {
			return false, nil // a reader keeps it
		}
	}
	if rest == 0 || rest >= logLong {
		return rest == 0, nil
	}
	// What the file has got is on the disk before the writer has to wait for it.
	if err := f.file.Sync(); err != nil {
		return false, err
	}
	f.between.Lock()
	defer f.between.Unlock()
	rest, err = f.checkpoint("PASSIVE")
	return rest == 0, err
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

// close is called when no other connection is left: closing any handle of the
// file takes the locks that this process has on it.
func (f *logFolder) close() error { return errors.Join(f.conn.Close(), f.file.Close()) }
