package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver's name is "sqlite"
)

// statementCache is how many prepared statements a connection keeps.
const statementCache = 500

// sqliteEngine is the embedded database: one writing connection, which is the
// group commit's, and a few reading ones.
type sqliteEngine struct {
	writing *sql.DB
	reading *sql.DB
	mu      sync.Mutex // held while the writing connection is in a transaction
	writer  *sqliteConn
	log     *logFolder
	readers chan *sqliteConn // idle or, with a nil sql.Conn, not yet opened
}

func openSQLite(ctx context.Context, path string, o Options) (*sqliteEngine, error) {
	if err := registerSQLiteFunctions(); err != nil {
		return nil, err
	}
	if err := own(path); err != nil {
		return nil, err
	}
	n := o.Readers
	e := &sqliteEngine{readers: make(chan *sqliteConn, n)}
	var err error
	if e.writing, err = sql.Open("sqlite", sqliteDSN(path, "journal_mode(WAL)", "synchronous(FULL)",
		"cache_size(-32000)", "wal_autocheckpoint("+logLong+")", "temp_store(MEMORY)")); err != nil {
		return nil, err
	}
	e.writing.SetMaxOpenConns(1)
	if e.reading, err = sql.Open("sqlite", sqliteDSN(path, "query_only(1)", "cache_size(-8000)")); err != nil {
		return nil, err
	}
	e.reading.SetMaxOpenConns(n)
	for range n {
		e.readers <- &sqliteConn{}
	}
	if err := e.writing.PingContext(ctx); err != nil {
		_ = e.writing.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if e.log, err = openLogFolder(path, o.Log); err != nil {
		_ = e.writing.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return e, nil
}

// own makes a new database file readable for its owner alone, wherever it lies;
// its log gets the same rights. It is closed before the first connection: closing
// it later would drop that connection's locks.
func own(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	return file.Close()
}

func sqliteDSN(path string, pragmas ...string) string {
	values := url.Values{"_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + values.Encode()
}

// migrate runs before the writer takes its connection for good.
func (e *sqliteEngine) migrate(ctx context.Context) error {
	if err := migrate(ctx, goose.DialectSQLite3, e.writing, migrationFS{product: "sqlite"}); err != nil {
		return err
	}
	c, err := e.writing.Conn(ctx)
	if err != nil {
		return err
	}
	e.writer = newSQLiteConn(c)
	return nil
}

// beginRead begins a snapshot on an idle connection.
func (e *sqliteEngine) beginRead(ctx context.Context) (session, error) {
	var c *sqliteConn
	select {
	case c = <-e.readers:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(acquireWait):
		return nil, fault.New(fault.Unavailable, "database_busy")
	}
	c, err := e.begun(ctx, c)
	if err != nil {
		e.readers <- &sqliteConn{}
		return nil, err
	}
	return &sqliteSession{conn: c, done: func() { e.readers <- c }, cancellable: true}, nil
}

// begun is a reader in a transaction: c, or another where that is of no use. The
// caller's going away does not count here: a BEGIN that is done but said to be
// cancelled would leave the connection in a transaction that nobody ends.
func (e *sqliteEngine) begun(ctx context.Context, c *sqliteConn) (*sqliteConn, error) {
	const begin = "BEGIN"
	if c.conn != nil {
		if _, err := c.exec(context.Background(), begin, nil); err == nil {
			return c, nil
		}
		c.discard()
	}
	opened, err := e.reading.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c = newSQLiteConn(opened)
	if _, err := c.exec(context.Background(), begin, nil); err != nil {
		c.discard()
		return nil, err
	}
	return c, nil
}

func (e *sqliteEngine) beginWrite(ctx context.Context) (session, error) {
	e.mu.Lock()
	if _, err := e.writer.exec(context.WithoutCancel(ctx), "BEGIN IMMEDIATE", nil); err != nil {
		_, _ = e.writer.exec(context.Background(), "ROLLBACK", nil) // should an earlier end have failed
		e.mu.Unlock()
		return nil, err
	}
	return &sqliteSession{conn: e.writer, done: func() { e.log.wrote.Store(true); e.mu.Unlock() }}, nil
}

// alter runs the statements as one transaction of its own.
func (e *sqliteEngine) alter(ctx context.Context, statements []string) error {
	s, err := e.beginWrite(ctx)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := s.exec(ctx, statement, nil); err != nil {
			s.rollback()
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return s.commit(ctx)
}

func (e *sqliteEngine) ping(ctx context.Context) error {
	s, err := e.beginRead(ctx)
	if err != nil {
		return err
	}
	s.rollback()
	return nil
}

// trim gives up the page caches of the writing connection and of an idle reader.
func (e *sqliteEngine) trim(ctx context.Context) error {
	for _, begin := range []func(context.Context) (session, error){e.beginWrite, e.beginRead} {
		s, err := begin(ctx)
		if err != nil {
			return err
		}
		_, err = s.exec(ctx, "PRAGMA shrink_memory", nil)
		s.rollback()
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *sqliteEngine) indexes() string {
	return "SELECT tbl_name, name FROM sqlite_master WHERE type='index' AND sql IS NOT NULL"
}

// soundness: references are declared but not enforced, so that a copy can be
// read in any order; a row that names an absent one is a fault all the same.
func (e *sqliteEngine) soundness() []string {
	return []string{
		`SELECT quick_check FROM pragma_quick_check WHERE quick_check<>'ok' LIMIT $1`,
		`SELECT "table" || ': row ' || COALESCE(rowid, '?') || ' names a ' || parent || ' that is not there' FROM pragma_foreign_key_check LIMIT $1`,
	}
}

func (e *sqliteEngine) dialect() query.Dialect { return SQLiteDialect{} }

func (e *sqliteEngine) pool() (*pgxpool.Pool, bool) { return nil, false }

// close waits for the readers; the last connection to close, the log folder's,
// folds what is left of the log into the file.
func (e *sqliteEngine) close() error {
	e.log.halt()
	for range cap(e.readers) {
		(<-e.readers).close()
	}
	err := e.reading.Close()
	if e.writer != nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.writer.close()
	}
	return errors.Join(err, e.writing.Close(), e.log.close())
}

// sqliteSession is a transaction. Only a snapshot's statements may be
// interrupted by their context: an interrupted write would end its neighbours'
// transaction.
type sqliteSession struct {
	conn        *sqliteConn
	done        func()
	cancellable bool
}

func (s *sqliteSession) context(ctx context.Context) context.Context {
	if s.cancellable {
		return ctx
	}
	return context.Background()
}

func (s *sqliteSession) exec(ctx context.Context, text string, args []any) (int64, error) {
	n, err := s.conn.exec(s.context(ctx), text, args)
	if err != nil {
		err = s.nameConstraint(err)
	}
	return n, err
}

// later, as all here, has nothing to wait for.
func (s *sqliteSession) later(ctx context.Context, text string, args []any) error {
	_, err := s.exec(ctx, text, args)
	return err
}

func (s *sqliteSession) presume(ctx context.Context, text string, args []any) (bool, error) {
	n, err := s.exec(ctx, text, args)
	return n > 0, err
}

func (s *sqliteSession) push(context.Context) error { return nil }

func (s *sqliteSession) flush(context.Context) error { return nil }

func (s *sqliteSession) query(ctx context.Context, text string, args []any) (cursor, error) {
	ctx = s.context(ctx)
	rows, err := s.conn.query(ctx, text, bind(args))
	if err != nil {
		return nil, s.nameConstraint(err)
	}
	return &sqliteCursor{rows: rows, row: make([]driver.Value, len(rows.Columns())), ctx: ctx, session: s}, nil
}

func (s *sqliteSession) savepoint(ctx context.Context, name string) error {
	_, err := s.exec(ctx, "SAVEPOINT "+name, nil)
	return err
}

func (s *sqliteSession) release(ctx context.Context, name string) error {
	_, err := s.exec(ctx, "RELEASE "+name, nil)
	return err
}

func (s *sqliteSession) undo(ctx context.Context, name string) error {
	if _, err := s.exec(ctx, "ROLLBACK TO "+name, nil); err != nil {
		return err
	}
	return s.release(ctx, name)
}

func (s *sqliteSession) now(context.Context) (time.Time, bool, error) {
	return time.Time{}, false, nil
}

func (s *sqliteSession) postgres() (pgx.Tx, bool) { return nil, false }

func (s *sqliteSession) commit(ctx context.Context) error {
	if _, err := s.conn.exec(s.context(ctx), "COMMIT", nil); err != nil {
		s.rollback()
		return err
	}
	s.done()
	return nil
}

// rollback may find that the library has already rolled back by itself. Should it
// fail otherwise, the next BEGIN does, which gets over it.
func (s *sqliteSession) rollback() {
	_, _ = s.conn.exec(context.Background(), "ROLLBACK", nil)
	s.done()
}

// nameConstraint adds the violated constraint's name to err, by the same rule
// as a server names it: the index, TABLE_pkey, or TABLE_COLUMN_key.
func (s *sqliteSession) nameConstraint(err error) error {
	const mark = "UNIQUE constraint failed: "
	if !isSQLiteUnique(err) {
		return err
	}
	_, columns, ok := strings.Cut(err.Error(), mark)
	if !ok {
		return err
	}
	if i := strings.LastIndex(columns, " ("); i >= 0 {
		columns = columns[:i]
	}
	if name, ok := strings.CutPrefix(columns, "index '"); ok {
		return &uniqueError{strings.TrimSuffix(name, "'"), err}
	}
	table, names := "", []string{}
	for _, qualified := range strings.Split(columns, ", ") {
		var column string
		table, column, _ = strings.Cut(qualified, ".")
		names = append(names, column)
	}
	return &uniqueError{s.conn.uniqueIndex(table, names), err}
}

// uniqueIndex is the name of the unique index on exactly these columns.
func (c *sqliteConn) uniqueIndex(table string, columns []string) string {
	fallback := table + "_" + strings.Join(columns, "_") + "_key"
	const text = `SELECT l.name, l.origin, (SELECT group_concat(i.name, ',') FROM pragma_index_info(l.name) i)
		FROM pragma_index_list($1) l WHERE l."unique" = 1`
	rows, err := c.conn.QueryContext(context.Background(), text, table)
	if err != nil {
		return fallback
	}
	defer rows.Close()
	for rows.Next() {
		var name, origin, list string
		if rows.Scan(&name, &origin, &list) != nil || list != strings.Join(columns, ",") {
			continue
		}
		switch origin {
		case "c":
			return name
		case "pk":
			return table + "_pkey"
		}
	}
	return fallback
}
