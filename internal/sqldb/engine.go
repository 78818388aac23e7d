package sqldb

import (
	"context"
	"time"

	"clew.dev/clew/internal/query"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// engine is one database product. Two ship: sqlite.go and postgres.go.
type engine interface {
	migrate(ctx context.Context) error
	beginRead(ctx context.Context) (session, error)
	// beginWrite begins the shared transaction of a group, with its first
	// unit's savepoint already set where that saves a round trip.
	beginWrite(ctx context.Context) (session, error)
	alter(ctx context.Context, statements []string) error
	// indexes is the query for table and name of each index that is no constraint's.
	indexes() string
	// soundness is the queries that each give a line for every fault of the
	// stored data, at most $1 of them.
	soundness() []string
	ping(ctx context.Context) error
	trim(ctx context.Context) error
	pool() (*pgxpool.Pool, bool)
	dialect() query.Dialect
	close() error
}

// session is one transaction on one connection. It is used by one goroutine.
type session interface {
	exec(ctx context.Context, sql string, args []any) (int64, error)
	query(ctx context.Context, sql string, args []any) (cursor, error)
	// later is exec whose outcome may come with a later call's, flush at the
	// latest: a server runs it beside the caller. push sees to it that all begin.
	later(ctx context.Context, sql string, args []any) error
	// presume is later for a statement that is to change a row. It tells whether
	// it did where that is known at once; else flush fails when it did not.
	presume(ctx context.Context, sql string, args []any) (bool, error)
	push(ctx context.Context) error
	flush(ctx context.Context) error
	// savepoint, release and undo work on the savepoint of that name.
	savepoint(ctx context.Context, name string) error
	release(ctx context.Context, name string) error
	undo(ctx context.Context, name string) error
	// now is the database's own clock; ok is false when it is this process's.
	now(ctx context.Context) (t time.Time, ok bool, err error)
	postgres() (pgx.Tx, bool)
	// commit ends the transaction; on an error nothing further may be assumed
	// but that the connection is released.
	commit(ctx context.Context) error
	rollback()
}

// cursor is an open result set.
type cursor interface {
	next() bool
	scan(dest []any) error
	// values gives the columns as they are: string, int64, float64, bool, []byte or nil.
	values(columns []any) error
	close() error
	err() error
}
