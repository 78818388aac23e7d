package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
)

// sqliteConn is a connection with its prepared statements. Statements outlive
// schema changes: the library prepares them again by itself.
type sqliteConn struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	writes     map[string]driver.Stmt // those without a result, without the standard library's layer
}

func newSQLiteConn(c *sql.Conn) *sqliteConn {
	return &sqliteConn{conn: c, statements: map[string]*sql.Stmt{}, writes: map[string]driver.Stmt{}}
}

func (c *sqliteConn) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := c.statements[text]; ok {
		return s, nil
	}
	if len(c.statements) >= statementCache {
		c.forgetReads()
	}
	s, err := c.conn.PrepareContext(ctx, unnumbered(text))
	if err != nil {
		return nil, err
	}
	c.statements[text] = s
	return s, nil
}

// exec runs a statement by the driver itself: for a lead, the standard
// library's layer copied more than 10 KB of arguments.
func (c *sqliteConn) exec(ctx context.Context, text string, args []any) (n int64, err error) {
	err = c.conn.Raw(func(raw any) error {
		stmt, err := c.prepareWrite(raw, text)
		if err != nil {
			return err
		}
		values, err := namedValues(args)
		if err != nil {
			return err
		}
		result, err := stmt.(driver.StmtExecContext).ExecContext(ctx, values) //nolint:forcetypeassert // the driver's statements are
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	return n, err
}

// prepareWrite runs while the connection is held, so it must not touch what the
// standard library prepared: closing such a statement waits for the connection.
func (c *sqliteConn) prepareWrite(raw any, text string) (driver.Stmt, error) {
	if s, ok := c.writes[text]; ok {
		return s, nil
	}
	if len(c.writes) >= statementCache {
		c.forgetWrites()
	}
	s, err := raw.(driver.Conn).Prepare(unnumbered(text)) //nolint:forcetypeassert // as the standard library promises
	if err == nil {
		c.writes[text] = s
	}
	return s, err
}

// namedValues are arguments as a driver takes them.
func namedValues(args []any) ([]driver.NamedValue, error) {
	if len(args) == 0 {
		return nil, nil
	}
	out := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		out[i].Ordinal = i + 1
		switch arg.(type) {
		case nil, string, int64, []byte:
			out[i].Value = arg
			continue
		}
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, fmt.Errorf("argument $%d: %w", i+1, err)
		}
		out[i].Value = value
	}
	return out, nil
}

func (c *sqliteConn) forgetReads() {
	for _, s := range c.statements {
		_ = s.Close()
	}
	clear(c.statements)
}

func (c *sqliteConn) forgetWrites() {
	for _, s := range c.writes {
		_ = s.Close()
	}
	clear(c.writes)
}

func (c *sqliteConn) close() {
	if c.conn != nil {
		c.forgetReads()
		c.forgetWrites()
		_ = c.conn.Close()
	}
}
