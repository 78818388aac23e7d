package sqldb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"clew.dev/clew/internal/query"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

const (
	beginWriteSQL = "begin; savepoint " + unitPoint
	beginReadSQL  = "begin isolation level repeatable read read only"
	beginTries    = 3
	acquireWait   = 5 * time.Second
	alterTries    = 15
)

// postgresEngine is a server, reached through one pool in exec mode: no
// statement is prepared, so that run-time DDL never meets a stale plan.
type postgresEngine struct{ conns *pgxpool.Pool }

func openPostgres(ctx context.Context, o Options, writers int) (*postgresEngine, error) {
	config, err := parseAddress(o.URL)
	if err != nil {
		return nil, err
	}
	config.MaxConns = int32(o.Readers + writers + 4) // 4: jobs, DDL, listening
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.ConnConfig.ConnectTimeout = acquireWait
	for name, value := range map[string]string{
		"application_name": "clew", "timezone": "UTC", "lock_timeout": "5s",
		"idle_in_transaction_session_timeout": "60s",
	} {
		if _, given := config.ConnConfig.RuntimeParams[name]; !given {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return &postgresEngine{pool}, nil
}

// migrate runs under an advisory lock: several nodes may start at once.
func (e *postgresEngine) migrate(ctx context.Context) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(e.conns)
	defer db.Close()
	return migrate(ctx, goose.DialectPostgres, db, migrationFS{product: "postgres", collate: `COLLATE "C"`}, goose.WithSessionLocker(locker))
}

func (e *postgresEngine) beginRead(ctx context.Context) (session, error) {
	return e.begin(ctx, beginReadSQL)
}

func (e *postgresEngine) beginWrite(ctx context.Context) (session, error) {
	return e.begin(ctx, beginWriteSQL)
}

// begin tries again on a connection that turns out dead: nothing was sent yet.
func (e *postgresEngine) begin(ctx context.Context, text string) (session, error) {
	var last error
	for range beginTries {
		conn, err := e.acquire(ctx)
		if err != nil {
			return nil, err
		}
		tx, err := conn.BeginTx(ctx, pgx.TxOptions{BeginQuery: text})
		if err == nil {
			writes := text == beginWriteSQL
			return &postgresSession{conn: conn, tx: tx, writes: writes, unitOpen: writes}, nil
		}
		conn.Release()
		if last = err; ctx.Err() != nil || !IsDown(err) {
			return nil, err
		}
		e.conns.Reset()
	}
	return nil, last
}

func (e *postgresEngine) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, acquireWait)
	defer cancel()
	return e.conns.Acquire(ctx)
}

// trim has nothing to give up: the pages are the server's.
func (e *postgresEngine) trim(context.Context) error { return nil }

func (e *postgresEngine) ping(ctx context.Context) error {
	conn, err := e.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return conn.Ping(ctx)
}

// indexes leaves out an index that an interrupted build left unusable.
func (e *postgresEngine) indexes() string {
	return `SELECT t.relname, c.relname FROM pg_index i JOIN pg_class c ON c.oid=i.indexrelid JOIN pg_class t ON t.oid=i.indrelid
		WHERE t.relnamespace=current_schema()::regnamespace AND i.indisvalid
		AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid=i.indexrelid AND k.contype IN ('p','u'))`
}

func (e *postgresEngine) soundness() []string { return nil }

func (e *postgresEngine) dialect() query.Dialect { return PostgresDialect{} }

func (e *postgresEngine) pool() (*pgxpool.Pool, bool) { return e.conns, true }

func (e *postgresEngine) close() error {
	e.conns.Close()
	return nil
}

// alter runs the statements in one transaction that waits at most two seconds
// for each lock and then lets the others pass before it tries again. CREATE
// INDEX CONCURRENTLY runs by itself, after those before it.
func (e *postgresEngine) alter(ctx context.Context, statements []string) error {
	for len(statements) > 0 {
		n := 0
		for n < len(statements) && !isConcurrent(statements[n]) {
			n++
		}
		n = max(n, 1)
		if err := e.alterTogether(ctx, statements[:n]); err != nil {
			return err
		}
		statements = statements[n:]
	}
	return nil
}

func isConcurrent(statement string) bool {
	return strings.Contains(strings.ToUpper(statement), " INDEX CONCURRENTLY ")
}

func (e *postgresEngine) alterTogether(ctx context.Context, statements []string) error {
	wait := 100 * time.Millisecond
	for try := 1; ; try++ {
		err := e.alterOnce(ctx, statements)
		if err == nil || !isLockTimeout(err) || try == alterTries {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
		wait = min(2*wait, 2*time.Second)
	}
}

func (e *postgresEngine) alterOnce(ctx context.Context, statements []string) error {
	conn, err := e.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if isConcurrent(statements[0]) {
		return indexConcurrently(ctx, conn, statements[0])
	}
	return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "set local lock_timeout = '2s'"); err != nil {
			return err
		}
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}

// indexConcurrently builds an index beside the writers. What a failed build
// leaves behind is unusable and would make IF NOT EXISTS pass over the next try,
// so it is dropped.
func indexConcurrently(ctx context.Context, conn *pgxpool.Conn, statement string) error {
	_, err := conn.Exec(ctx, statement)
	if err == nil {
		return nil
	}
	words := strings.Fields(statement)
	for i, word := range words[:max(len(words)-1, 0)] {
		if strings.EqualFold(words[i+1], "ON") {
			_, dropped := conn.Exec(context.WithoutCancel(ctx), "DROP INDEX IF EXISTS "+word)
			return errors.Join(fmt.Errorf("%s: %w", statement, err), dropped)
		}
	}
	return err
}

// postgresSession is a transaction.
type postgresSession struct {
	conn     *pgxpool.Conn
	tx       pgx.Tx
	writes   bool // its statements, which come again and again, are kept prepared
	unitOpen bool // a unit's savepoint is set and nothing was done under it
	unitDone bool // it is set and its unit went well
	waiting  []statement
	sent     pipeline
	built    pgx.ExtendedQueryBuilder
}

// idle says that nothing runs beside the unit.
func (s *postgresSession) idle() bool { return len(s.waiting) == 0 && s.sent.Pipeline == nil }

func (s *postgresSession) exec(ctx context.Context, text string, args []any) (int64, error) {
	if s.idle() {
		tag, err := s.tx.Exec(ctx, text, s.bind(args)...)
		return tag.RowsAffected(), err
	}
	result, err := s.behind(ctx, statement{text: text, args: args})
	if err != nil {
		return 0, err
	}
	tag, err := result.Close()
	return tag.RowsAffected(), s.end(err)
}

func (s *postgresSession) query(ctx context.Context, text string, args []any) (cursor, error) {
	if s.idle() {
		rows, err := s.tx.Query(ctx, text, s.bind(args)...)
		if err != nil {
			return nil, err
		}
		return &postgresCursor{rows: rows}, nil
	}
	result, err := s.behind(ctx, statement{text: text, args: args})
	if err != nil {
		return nil, err
	}
	return &postgresCursor{rows: s.rows(result), end: func() error { return s.end(nil) }}, nil
}

// bind puts the arguments of a writing session behind the mode that keeps its
// statements prepared: planning them each time cost more than running them. A
// snapshot's statements are planned for their values.
func (s *postgresSession) bind(args []any) []any {
	if !s.writes || len(args) == 0 {
		return bind(args)
	}
	out := make([]any, 0, len(args)+1)
	return append(append(out, pgx.QueryExecModeCacheStatement), wholes(bind(args))...)
}

// whole is a number for columns of numbers and for those of yes and no.
type whole int64

// Int64Value is for columns of numbers.
func (w whole) Int64Value() (pgtype.Int8, error) {
	return pgtype.Int8{Int64: int64(w), Valid: true}, nil
}

// BoolValue is for columns of yes and no.
func (w whole) BoolValue() (pgtype.Bool, error) { return pgtype.Bool{Bool: w != 0, Valid: true}, nil }

// savepoint sets a unit's at once, and releases the one before in the same round
// trip: what a unit's failure undoes must not hang on what it had sent.
func (s *postgresSession) savepoint(ctx context.Context, name string) error {
	if name != unitPoint {
		s.waiting = append(s.waiting, statement{text: "savepoint " + name, sets: name})
		return nil
	}
	if s.unitOpen {
		s.unitOpen = false
		return nil
	}
	text := "savepoint " + name
	if s.unitDone {
		s.unitDone = false
		text = "release savepoint " + name + "; " + text
	}
	_, err := s.tx.Exec(ctx, text)
	return err
}

func (s *postgresSession) release(ctx context.Context, name string) error {
	if name == unitPoint {
		s.unitDone = true
		return nil
	}
	s.waiting = append(s.waiting, statement{text: "release savepoint " + name})
	return s.flush(ctx)
}

func (s *postgresSession) undo(ctx context.Context, name string) error {
	for i, one := range s.waiting {
		if one.sets == name { // nothing was done under it yet
			s.waiting = s.waiting[:i]
			return nil
		}
	}
	s.waiting = s.waiting[:0]
	_ = s.drain() // what failed goes with the rest
	text := "rollback to savepoint " + name
	if name == unitPoint {
		s.unitOpen = true
	} else {
		text += "; release savepoint " + name
	}
	_, err := s.tx.Exec(ctx, text)
	return err
}

func (s *postgresSession) now(ctx context.Context) (time.Time, bool, error) {
	var us int64
	const text = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint"
	if err := s.flush(ctx); err != nil {
		return time.Time{}, false, err
	}
	if err := s.tx.QueryRow(ctx, text).Scan(&us); err != nil {
		return time.Time{}, false, err
	}
	return FromMicros(us), true, nil
}

func (s *postgresSession) postgres() (pgx.Tx, bool) { return s.tx, true }

func (s *postgresSession) commit(ctx context.Context) error {
	err := s.flush(ctx)
	if err == nil {
		err = s.tx.Commit(ctx)
	}
	if err != nil {
		_ = s.tx.Rollback(ctx)
	}
	s.conn.Release()
	return err
}

func (s *postgresSession) rollback() {
	ctx, cancel := context.WithTimeout(context.Background(), acquireWait)
	defer cancel()
	s.waiting = nil
	_ = s.drain()
	_ = s.tx.Rollback(ctx)
	s.conn.Release()
}

// postgresCursor is an open result.
type postgresCursor struct {
	rows pgx.Rows
	end  func() error // of the pipeline that the rows are the last of; nil when they came alone
}

func (c *postgresCursor) next() bool            { return c.rows.Next() }
func (c *postgresCursor) scan(dest []any) error { return c.rows.Scan(receive(dest)...) }
func (c *postgresCursor) err() error            { return c.rows.Err() }

func (c *postgresCursor) values(columns []any) error {
	values, err := c.rows.Values()
	if err != nil {
		return err
	}
	if len(values) != len(columns) {
		return fmt.Errorf("sqldb: %d columns where %d are expected", len(values), len(columns))
	}
	copy(columns, values)
	return nil
}

func (c *postgresCursor) close() error {
	c.rows.Close()
	if c.end == nil {
		return nil
	}
	end := c.end
	c.end = nil
	return end()
}
