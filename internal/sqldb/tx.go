package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"time"

	"clew.dev/clew/internal/query"
	"github.com/jackc/pgx/v5"
)

// ErrNoRows is what Row.Scan returns when there is no row.
var ErrNoRows = sql.ErrNoRows

var (
	errResultOpen = errors.New("sqldb: a result set of this transaction is still open")
	errReadOnly   = errors.New("sqldb: a snapshot cannot be written")
	errUsedLate   = errors.New("sqldb: transaction used after its function returned")
	errOutOfStep  = errors.New("sqldb: the server answered out of step")
)

// Tx is a snapshot or a unit. It belongs to the goroutine of its function and
// ends with it.
type Tx struct {
	db       *DB
	ctx      context.Context
	session  session
	readOnly bool
	// unguarded is a unit of a group without savepoints: what has to be undone
	// ends the transaction, and the unit is run once more, guarded. skipped
	// says that it asked for a savepoint of its own.
	unguarded, skipped bool
	ended              bool
	failed             error // the statement that failed outside any Savepoint
	open               *Rows
	depth              int
	now                time.Time // business time, zero until asked for
	real               time.Time
	after              []func()
	shared             map[any]any
}

func (db *DB) newTx(ctx context.Context, s session) *Tx {
	return &Tx{db: db, ctx: ctx, session: s}
}

// run calls fn and leaves no result set open; a panic becomes an error.
func (tx *Tx) run(fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			tx.db.log.Error("panic in a transaction", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("sqldb: panic in a transaction: %v", p)
		}
		tx.closeOpen()
		tx.ended = true
		if err == nil && tx.failed != nil {
			err = tx.failed
		}
		if err != nil && (tx.skipped || errors.Is(tx.failed, errUnguarded)) {
			err = errUnguarded // what failed may be what a savepoint would have taken back
		}
	}()
	if err = fn(tx); err == nil && tx.failed == nil {
		tx.closeOpen()
		err = tx.fail(tx.settle())
	}
	return err
}

// settle waits for what was Later. A unit without a savepoint of its own does
// not: its group ends together, and the next unit computes meanwhile.
func (tx *Tx) settle() error {
	if tx.unguarded {
		return tx.session.push(tx.ctx)
	}
	return tx.session.flush(tx.ctx)
}

func (tx *Tx) closeOpen() {
	if tx.open != nil {
		_ = tx.open.Close()
	}
}

// usable says why no statement may run now.
func (tx *Tx) usable() error {
	switch {
	case tx.ended:
		return errUsedLate
	case tx.failed != nil:
		return fmt.Errorf("sqldb: an earlier statement of this unit failed: %w", tx.failed)
	case tx.open != nil:
		return errResultOpen
	}
	return nil
}

// fail notes a statement's error: the unit goes no further unless a Savepoint
// around it takes the error back.
func (tx *Tx) fail(err error) error {
	if err != nil && tx.failed == nil {
		tx.failed = err
	}
	return err
}

// Exec runs one statement and tells how many rows it changed.
func (tx *Tx) Exec(sql string, args ...any) (int64, error) {
	if tx.readOnly {
		return 0, errReadOnly
	}
	if err := tx.usable(); err != nil {
		return 0, err
	}
	n, err := tx.session.exec(tx.ctx, sql, args)
	return n, tx.fail(err)
}

// Later runs a statement of which only a failure matters: it may wait for the
// next statement that is not Later, or for the unit's end, and fails the unit then.
func (tx *Tx) Later(sql string, args ...any) error {
	if tx.readOnly {
		return errReadOnly
	}
	if err := tx.usable(); err != nil {
		return err
	}
	return tx.fail(tx.session.later(tx.ctx, sql, args))
}

// Presume runs a statement that nearly always changes a row, and tells whether it
// did. A unit without a savepoint of its own need not wait for that: should it
// turn out that it did not, the unit is run once more, and then is told.
func (tx *Tx) Presume(sql string, args ...any) (bool, error) {
	if !tx.unguarded {
		n, err := tx.Exec(sql, args...)
		return n > 0, err
	}
	if err := tx.usable(); err != nil {
		return false, err
	}
	changed, err := tx.session.presume(tx.ctx, sql, args)
	return changed, tx.fail(err)
}

// Query runs a query. The result is to be closed before the next statement.
func (tx *Tx) Query(sql string, args ...any) (*Rows, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	if asked := tx.db.asked.Load(); asked != nil {
		(*asked)(sql, args)
	}
	c, err := tx.session.query(tx.ctx, sql, args)
	if err != nil {
		return nil, tx.fail(err)
	}
	tx.open = &Rows{tx: tx, cursor: c}
	return tx.open, nil
}

// QueryRow runs a query of which the first row alone is wanted.
func (tx *Tx) QueryRow(sql string, args ...any) Row {
	rows, err := tx.Query(sql, args...)
	return Row{rows: rows, err: err}
}

// Savepoint runs fn as a nested unit: what it wrote is undone when it returns
// an error or panics, and its error is returned.
func (tx *Tx) Savepoint(fn func() error) (err error) {
	if err := tx.usable(); err != nil {
		return err
	}
	if tx.unguarded {
		return tx.withoutSavepoint(fn)
	}
	tx.depth++
	name, after := "s"+strconv.Itoa(tx.depth), len(tx.after)
	defer func() { tx.depth-- }()
	if err := tx.session.savepoint(tx.ctx, name); err != nil {
		return tx.fail(err)
	}
	defer func() {
		p := recover()
		tx.closeOpen()
		if p == nil && err == nil && tx.failed == nil {
			if err = tx.session.release(tx.ctx, name); err == nil {
				return
			}
		}
		if err == nil {
			err = tx.failed
		}
		tx.failed, tx.after = nil, tx.after[:after]
		clear(tx.shared)
		if undo := tx.session.undo(tx.ctx, name); undo != nil {
			err = tx.fail(undo)
		}
		if p != nil {
			panic(p)
		}
	}()
	return fn()
}

// withoutSavepoint is Savepoint in a group that has none: a failure costs the
// whole transaction and another run, and nothing where there is none.
func (tx *Tx) withoutSavepoint(fn func() error) (err error) {
	tx.skipped = true
	defer func() {
		p := recover()
		tx.closeOpen()
		if p != nil || err != nil || tx.failed != nil {
			tx.failed = errUnguarded
			err = errUnguarded
		}
	}()
	return fn()
}

// AfterCommit has fn called once the shared commit is durable, before Write
// returns, by the goroutine that called Write. It is dropped with its unit.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Shared is what the units of one transaction know between them: what one has
// read or written, a later one need not read again. It ends with the
// transaction, and is emptied whenever anything of that is undone. Keys are of
// the caller's own types. Only what no other writer changes meanwhile, or what
// is locked, may be kept here.
func (tx *Tx) Shared() map[any]any {
	if tx.shared == nil {
		tx.shared = map[any]any{}
	}
	return tx.shared
}

// Context carries the caller's values; it is not cancelled with the caller.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Dialect renders record queries for this transaction's database.
func (tx *Tx) Dialect() query.Dialect { return tx.db.engine.dialect() }

// Postgres is the driver's transaction, for libraries that want it; false on
// an embedded database.
func (tx *Tx) Postgres() (pgx.Tx, bool) {
	_ = tx.fail(tx.session.flush(tx.ctx)) // a failure is the unit's, whatever the library does
	return tx.session.postgres()
}

// Size is how many bytes the database takes on the disk, free pages included.
func (tx *Tx) Size() (n int64, err error) {
	text := "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
	if _, ok := tx.Postgres(); ok {
		text = "SELECT pg_database_size(current_database())"
	}
	err = tx.QueryRow(text).Scan(&n)
	return n, err
}

// Skew is how far the database's clock is ahead of this process's, as last seen.
func (tx *Tx) Skew() time.Duration {
	tx.readClock()
	c := tx.db.clock
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.skew
}

// Rows is an open result set.
type Rows struct {
	tx     *Tx
	cursor cursor
}

// Next moves to the next row; after false, look at Err.
func (r *Rows) Next() bool { return r.cursor.next() }

// Scan reads the row's columns in order.
func (r *Rows) Scan(dest ...any) error { return r.cursor.scan(dest) }

// Values reads the row's columns as the database gives them, without a copy of
// its own for each: string, int64, float64, bool, []byte or nil.
func (r *Rows) Values(columns []any) error { return r.cursor.values(columns) }

// Close ends the result; it may be called twice.
func (r *Rows) Close() error {
	if r.tx.open == r {
		r.tx.open = nil
	}
	if err := r.cursor.close(); err != nil {
		return r.tx.fail(err)
	}
	return r.Err()
}

// Err is the error that ended Next.
func (r *Rows) Err() error { return r.tx.fail(r.cursor.err()) }

// Row is the result of QueryRow.
type Row struct {
	rows *Rows
	err  error
}

// Scan reads the first row, ErrNoRows when there is none.
func (r Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	if !r.rows.Next() {
		if err := r.rows.Close(); err != nil {
			return err
		}
		return ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		_ = r.rows.Close()
		return err
	}
	return r.rows.Close()
}
