package sqldb

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"

	"clew.dev/clew/internal/fault"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// uniqueError adds the constraint's name to the embedded database's error.
type uniqueError struct {
	constraint string
	cause      error
}

func (e *uniqueError) Error() string { return e.cause.Error() + " [" + e.constraint + "]" }
func (e *uniqueError) Unwrap() error { return e.cause }

// IsUnique tells whether err is a violated UNIQUE or PRIMARY KEY constraint,
// and its name: the index's, TABLE_pkey, or TABLE_COLUMN_key where the
// constraint stands in CREATE TABLE.
func IsUnique(err error) (constraint string, ok bool) {
	var u *uniqueError
	if errors.As(err, &u) {
		return u.constraint, true
	}
	var p *pgconn.PgError
	if errors.As(err, &p) && p.Code == "23505" {
		return p.ConstraintName, true
	}
	return "", false
}

// IsBusy tells whether err is a lock that was not had in time or a lost
// deadlock: nothing was written, asking again is safe.
func IsBusy(err error) bool {
	return isRetryable(err) || isLockTimeout(err) || sqliteCode(err) == sqlite3.SQLITE_BUSY
}

// IsDown tells whether the database could not be reached, or broke off.
func IsDown(err error) bool {
	if err == nil {
		return false
	}
	switch sqliteCode(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	if code := postgresCode(err); code != "" {
		return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P") || code == "53300" || code == "25P03"
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// isFull tells whether the disk, or the server's, has no space left.
func isFull(err error) bool {
	return sqliteCode(err) == sqlite3.SQLITE_FULL || postgresCode(err) == "53100"
}

// isDamaged tells whether what is stored cannot be read as what was written.
func isDamaged(err error) bool {
	switch sqliteCode(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	code := postgresCode(err)
	return code == "XX001" || code == "XX002"
}

func isRetryable(err error) bool {
	code := postgresCode(err)
	return code == "40001" || code == "40P01"
}

func isLockTimeout(err error) bool { return postgresCode(err) == "55P03" }

func isSQLiteUnique(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) &&
		(e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// sqliteCode is the primary result code, 0 for another database's error.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Classify turns what is the database's state, not the caller's doing, into an
// Unavailable or Full fault; any other error is returned as it is.
func Classify(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := fault.As(err); ok {
		return err
	}
	switch {
	case isDamaged(err):
		return fault.Wrap(fault.Unavailable, "database_damaged", err)
	case isFull(err):
		return fault.Wrap(fault.Full, "storage_full", err)
	case IsBusy(err):
		return fault.Wrap(fault.Unavailable, "database_busy", err)
	case IsDown(err), errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(fault.Unavailable, "database_unavailable", err)
	}
	return err
}

// commitError is the answer to every member of a group whose commit failed.
// Unless the database itself refused, the result may be unknown.
func commitError(err error) error {
	if sqliteCode(err) != 0 || isFull(err) || IsBusy(err) {
		if c := Classify(err); c != err {
			return c
		}
	}
	return fault.Wrap(fault.Unavailable, "commit_unknown", err)
}

// brokenFlag remembers that a write to the disk failed during a commit: what
// the kernel then holds of the file is not known, so no further write is
// acknowledged until the process has been started again.
type brokenFlag struct{ cause atomic.Pointer[error] }

func (b *brokenFlag) note(err error) {
	if sqliteCode(err) == sqlite3.SQLITE_IOERR {
		b.cause.CompareAndSwap(nil, &err)
	}
}

func (b *brokenFlag) err() error {
	if cause := b.cause.Load(); cause != nil {
		return fault.Wrap(fault.Unavailable, "disk_failed", *cause)
	}
	return nil
}
