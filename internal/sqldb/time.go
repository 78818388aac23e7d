package sqldb

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"
)

// Micros is t as stored: microseconds since 1970 UTC.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// FromMicros is the stored time, in UTC.
func FromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

// clock makes business time: the database's time plus the company's offset.
type clock struct {
	mu     sync.RWMutex
	real   func() time.Time
	source func() time.Time // replaces business time while a generator runs
	offset time.Duration
	skew   time.Duration // database's clock minus ours, as last seen
}

func newClock(real func() time.Time) *clock { return &clock{real: real} }

// business is the business time that belongs to a real database time.
func (c *clock) business(real time.Time) time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.source != nil {
		return c.source().UTC().Truncate(time.Microsecond)
	}
	return real.Add(c.offset).UTC().Truncate(time.Microsecond)
}

// estimate is the database's time as far as we know without asking.
func (c *clock) estimate() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.real().Add(c.skew)
}

func (c *clock) setSkew(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skew = d
}

// Now is business time: the database's time plus the offset, one value for the
// whole unit or snapshot, UTC, microseconds.
func (tx *Tx) Now() time.Time {
	tx.readClock()
	return tx.now
}

// RealNow is the database's time without the offset: for sessions, backoff,
// signatures and rate limits.
func (tx *Tx) RealNow() time.Time {
	tx.readClock()
	return tx.real
}

func (tx *Tx) setNow(real time.Time) {
	tx.real = real.UTC().Truncate(time.Microsecond)
	if at, ok := tx.ctx.Value(moment{}).(time.Time); ok && tx.db.clock.replaced() {
		tx.now = at.UTC().Truncate(time.Microsecond)
		return
	}
	tx.now = tx.db.clock.business(real)
}

// moment is the context key of a business time of one's own.
type moment struct{}

// At gives units and snapshots under the context a business time of their
// own, so that acts of different moments share a commit. It holds only while
// SetClock replaces the clock: for generators alone.
func At(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, moment{}, t)
}

// readClock asks the database for the time once. Where it does not answer, the
// last known difference to our clock stands in; the next statement will say
// what is wrong.
func (tx *Tx) readClock() {
	if !tx.real.IsZero() {
		return
	}
	c := tx.db.clock
	if tx.open == nil && tx.failed == nil && !tx.ended {
		if t, ok, err := tx.session.now(tx.ctx); err == nil && ok {
			c.setSkew(t.Sub(c.real()))
		}
	}
	tx.setNow(c.estimate())
}

// Now is business time outside any transaction, from the database's clock as
// last seen.
func (db *DB) Now() time.Time { return db.clock.business(db.clock.estimate()) }

// Offset is how far business time is ahead of real time.
func (db *DB) Offset() time.Duration {
	db.clock.mu.RLock()
	defer db.clock.mu.RUnlock()
	return db.clock.offset
}

// SetOffset moves business time, durably.
func (db *DB) SetOffset(d time.Duration) error {
	err := db.Write(context.Background(), func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (name, value) VALUES ('clock_offset', $1)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, strconv.FormatInt(d.Microseconds(), 10))
		return err
	})
	if err != nil {
		return err
	}
	db.applyOffset(d)
	return nil
}

func (db *DB) applyOffset(d time.Duration) {
	db.clock.mu.Lock()
	defer db.clock.mu.Unlock()
	db.clock.offset = d
}

// SetClock replaces the source of business time, for generators alone; nil
// gives it back to the database.
func (db *DB) SetClock(source func() time.Time) {
	db.clock.mu.Lock()
	defer db.clock.mu.Unlock()
	db.clock.source = source
}

func (c *clock) replaced() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.source != nil
}

func (db *DB) loadOffset(ctx context.Context) error {
	return db.Read(ctx, func(tx *Tx) error {
		var value string
		err := tx.QueryRow(`SELECT value FROM setting WHERE name = 'clock_offset'`).Scan(&value)
		if errors.Is(err, ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		us, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return err
		}
		db.applyOffset(time.Duration(us) * time.Microsecond)
		return nil
	})
}
