package sqldb

import (
	"context"
	"errors"
	"runtime/debug"
	"sync/atomic"
	"time"

	"clew.dev/clew/internal/fault"
)

// startWait is when a unit that has not begun is given up.
const startWait = 10 * time.Second

// What became of a unit.
const (
	unitQueued int32 = iota
	unitStarted
	unitAbandoned
)

// unit is one call of Write on its way through the queue.
type unit struct {
	ctx   context.Context
	fn    func(*Tx) error
	state atomic.Int32
	tries int
	quiet bool // upkeep: no read waits for it
	after []func()
	err   error
	done  chan struct{}
}

func newUnit(ctx context.Context, fn func(*Tx) error) *unit {
	return &unit{ctx: ctx, fn: fn, done: make(chan struct{})}
}

func (u *unit) start() bool { return u.state.CompareAndSwap(unitQueued, unitStarted) }

// giveUp is true when the unit had not begun and now never will.
func (u *unit) giveUp() bool { return u.state.CompareAndSwap(unitQueued, unitAbandoned) }

func (u *unit) finish(err error) {
	u.err = err
	close(u.done)
}

// insideUnit marks the context of a unit, so that a nested Write is refused
// instead of waiting for itself.
type insideUnit struct{}

// Write runs fn as one unit of a group commit and returns when the commit is
// durable. A cancelled ctx is honoured only before the unit begins: after that
// the outcome is waited for. An Unavailable fault after the unit began may mean
// that the commit's result is unknown; ask again with an idempotency key.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if ctx.Value(insideUnit{}) != nil {
		return errInsideUnit()
	}
	return db.write(newUnit(ctx, fn))
}

func (db *DB) write(u *unit) error {
	if err := db.enqueue(u.ctx, u); err != nil {
		return err
	}
	return db.outcome(u)
}

func errInsideUnit() error { return errors.New("sqldb: Write inside a unit") }

// outcome is that of a unit that is finished.
func (db *DB) outcome(u *unit) error {
	if u.err != nil {
		return Classify(u.err)
	}
	for _, fn := range u.after {
		db.callAfter(fn)
	}
	return nil
}

// WriteBeside is Write for upkeep of rows that no other unit writes: no read waits
// for it, and on a server it has a transaction of its own, so that no lead does.
func (db *DB) WriteBeside(ctx context.Context, fn func(*Tx) error) error {
	if ctx.Value(insideUnit{}) != nil {
		return errInsideUnit()
	}
	if err := db.gone.err(); err != nil {
		return err
	}
	u := newUnit(ctx, fn)
	u.quiet = true
	if _, server := db.engine.(*postgresEngine); !server {
		return db.write(u)
	}
	alone := &group{db: db}
	alone.commit(u)
	return db.outcome(u)
}

// enqueue queues u and waits for its outcome, or gives it up unbegun.
func (db *DB) enqueue(ctx context.Context, u *unit) error {
	if err := db.gone.err(); err != nil {
		return err
	}
	timeout := time.NewTimer(startWait)
	defer timeout.Stop()
	select {
	case <-db.closed:
		return errClosed()
	default:
	}
	select {
	case db.queue <- u:
	case <-ctx.Done():
		return ctx.Err()
	case <-timeout.C:
		return fault.New(fault.Unavailable, "database_busy")
	case <-db.closed:
		return errClosed()
	}
	select {
	case <-u.done:
		return nil
	case <-ctx.Done():
		if u.giveUp() {
			return ctx.Err()
		}
	case <-timeout.C:
		if u.giveUp() {
			return fault.New(fault.Unavailable, "database_busy")
		}
	case <-db.ended:
		if u.giveUp() {
			return errClosed()
		}
	}
	<-u.done
	return nil
}

func errClosed() error { return fault.New(fault.Unavailable, "database_closed") }

func (db *DB) callAfter(fn func()) {
	defer func() {
		if p := recover(); p != nil {
			db.log.Error("panic after a commit", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	fn()
}
