// Package sqldb opens the company's database, an embedded SQLite file or a
// PostgreSQL server, and gives both one face: read-only snapshots, units of
// work that are committed in groups, portable SQL with $1, $2 …, business
// time, numbered migrations and run-time DDL.
//
// Shapes. System SQL is written once in the portable subset: TEXT, BIGINT,
// INTEGER 0/1 for yes and no, BYTEA for bytes. Arguments may be string, the
// integer kinds, bool (0/1 or false/true as the column wants), []byte, nil,
// pointers to these, and time.Time (bound as microseconds since 1970 UTC).
// Scan takes pointers to the same, *bool from INTEGER and boolean columns,
// *time.Time and **time.Time from BIGINT microseconds.
//
// A unit (the function given to Write) runs under a savepoint of its own inside
// a transaction shared with its neighbours; Write returns after their common
// commit is durable. A unit must not do any I/O but through its Tx, should stay
// below 50 ms, and may be run again from its start after a deadlock, so it may
// touch nothing outside but variables that it sets anew. One result set is open
// at a time. After a statement failed, the unit has failed, on both databases,
// unless the statement ran under Tx.Savepoint.
//
// Errors that leave Read, Write and Alter are classified: Unavailable, Full or
// the function's own. See DESIGN.md for the group commit.
package sqldb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"clew.dev/clew/internal/query"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pressTime is for how long after units waited more of them are expected.
const pressTime = 100 * time.Millisecond

// Options say which database to open. The zero value of each field but Dir is
// usable.
type Options struct {
	URL     string           // "" or "file:PATH" is embedded, "postgres://…" a server
	Dir     string           // the data directory, locked against a second process
	Readers int              // most snapshots at a time, default 4 embedded, 8 on a server
	Writers int              // group-committing goroutines on a server, default 1: more may wait for each other's locks
	Now     func() time.Time // real time, default time.Now; a server's own clock corrects it
	Log     *slog.Logger     // default discards

	Committed func(units int, took time.Duration) // hears of each group's commit; nil does not
}

// DB is an open database. Its methods are safe for concurrent use.
type DB struct {
	engine engine
	turns  *turns
	lock   *os.File
	log    *slog.Logger
	clock  *clock
	queue  chan *unit
	closed chan struct{} // closed when writers are to end
	ended  chan struct{} // closed when every writer has ended
	ids    idSource
	gone   brokenFlag
	watch  watch
	ending sync.Once

	pressed atomic.Int64 // when a group last left units waiting, in nanoseconds since 1970
	asked   atomic.Pointer[func(sql string, args []any)]

	committed func(units int, took time.Duration)
}

// Open locks the data directory, connects, and runs the system migrations. The
// fault's code is "data_directory_in_use" when another process holds the
// directory and "schema_too_new" when a later program has been here.
func Open(ctx context.Context, o Options) (*DB, error) {
	o = o.withDefaults()
	lock, err := lockDir(o.Dir)
	if err != nil {
		return nil, err
	}
	if err := refuseRestoring(o.Dir); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	db := &DB{
		lock: lock, log: o.Log, clock: newClock(o.Now),
		queue: make(chan *unit, queueLength), closed: make(chan struct{}), ended: make(chan struct{}),
		committed: o.Committed, watch: watch{patience: groupHung},
	}
	if err := db.open(ctx, o); err != nil {
		_ = db.lock.Close()
		return nil, Classify(err)
	}
	return db, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Committed == nil {
		o.Committed = func(int, time.Duration) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Dir == "" {
		o.Dir = "."
	}
	if o.Readers <= 0 {
		o.Readers = 4
		if o.server() {
			o.Readers = 8
		}
	}
	return o
}

func (db *DB) open(ctx context.Context, o Options) error {
	var err error
	writers := 1
	db.turns = newTurns(runtime.GOMAXPROCS(0))
	if o.server() {
		writers = max(o.Writers, 1)
		db.turns = newTurns(o.Readers)
		db.engine, err = openPostgres(ctx, o, writers)
	} else {
		var path string
		if path, err = embeddedPath(o); err != nil {
			return err
		}
		db.engine, err = openSQLite(ctx, path, o)
	}
	if err != nil {
		return err
	}
	if err := db.start(ctx, writers); err != nil {
		_ = db.engine.close()
		return err
	}
	return nil
}

func (db *DB) start(ctx context.Context, writers int) error {
	if err := db.engine.migrate(ctx); err != nil {
		return err
	}
	if err := db.loadOffset(ctx); err != nil {
		return err
	}
	db.startWriters(writers)
	return nil
}

// embeddedPath is the file of an embedded database: DIR/clew.db, or what the URL names.
func embeddedPath(o Options) (string, error) {
	if o.URL == "" {
		return filepath.Join(o.Dir, "clew.db"), nil
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "file" {
		return "", fmt.Errorf("database address %q: want file:PATH or postgres://…", o.URL)
	}
	if u.Opaque != "" {
		return url.PathUnescape(u.Opaque)
	}
	return u.Path, nil
}

// Close ends the writers after the units already queued, closes the
// connections and unlocks the directory. A second call does nothing.
func (db *DB) Close() (err error) {
	db.ending.Do(func() {
		close(db.closed)
		<-db.ended
		err = errors.Join(db.engine.close(), db.lock.Close())
	})
	return err
}

// Read runs fn on a read-only snapshot: every query of it sees the same state.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	giveBack, err := db.turns.take(ctx)
	if err != nil {
		return Classify(err)
	}
	defer giveBack()
	s, err := db.engine.beginRead(ctx)
	if err != nil {
		return Classify(err)
	}
	tx := db.newTx(ctx, s)
	tx.readOnly = true
	err = tx.run(fn)
	s.rollback()
	return Classify(err)
}

// Observe has fn called with every query before it runs: its plan can be asked
// for, its time told. nil ends it.
func (db *DB) Observe(fn func(sql string, args []any)) {
	if fn == nil {
		db.asked.Store(nil)
		return
	}
	db.asked.Store(&fn)
}

// Pressed tells that units wait for the writer, or did a moment ago: upkeep had
// better let them go first.
func (db *DB) Pressed() bool {
	return time.Since(time.Unix(0, db.pressed.Load())) < pressTime
}

// Trim gives memory back that a burst of writing left in page caches.
func (db *DB) Trim(ctx context.Context) error { return Classify(db.engine.trim(ctx)) }

// Ready is nil while the database answers and no failed write to the disk was
// seen; otherwise an Unavailable fault.
func (db *DB) Ready(ctx context.Context) error {
	if err := db.gone.err(); err != nil {
		return err
	}
	if err := db.watch.err(); err != nil {
		return err
	}
	return Classify(db.engine.ping(ctx))
}

// Dialect renders record queries for this database.
func (db *DB) Dialect() query.Dialect { return db.engine.dialect() }

// Pool is the server's connections, for libraries that want them; false on an
// embedded database.
func (db *DB) Pool() (*pgxpool.Pool, bool) { return db.engine.pool() }
