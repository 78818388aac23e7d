package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
)

// sqliteConn is a connection with its prepared statements, which the driver
// itself runs: the standard library's layer copied more than 10 KB of arguments
// for a lead, and took a quarter of the time of reading a page. Statements
// outlive schema changes: the library prepares them again by itself.
type sqliteConn struct {
	conn       *sql.Conn
	statements map[string]driver.Stmt
	values     []driver.NamedValue // of the statement that is begun
}

func newSQLiteConn(c *sql.Conn) *sqliteConn {
	return &sqliteConn{conn: c, statements: map[string]driver.Stmt{}}
}

// exec runs a statement without a result.
func (c *sqliteConn) exec(ctx context.Context, text string, args []any) (n int64, err error) {
	err = c.run(text, args, func(stmt driver.Stmt, values []driver.NamedValue) error {
		result, err := stmt.(driver.StmtExecContext).ExecContext(ctx, values) //nolint:forcetypeassert // the driver's statements are
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	return n, err
}

// query runs a statement with a result, which is to be closed before the next.
func (c *sqliteConn) query(ctx context.Context, text string, args []any) (rows driver.Rows, err error) {
	err = c.run(text, args, func(stmt driver.Stmt, values []driver.NamedValue) error {
		rows, err = stmt.(driver.StmtQueryContext).QueryContext(ctx, values) //nolint:forcetypeassert // the driver's statements are
		return err
	})
	return rows, err
}

func (c *sqliteConn) run(text string, args []any, fn func(driver.Stmt, []driver.NamedValue) error) error {
	values, err := c.named(args)
	if err != nil {
		return err
	}
	defer clear(values)
	return c.conn.Raw(func(raw any) error {
		stmt, err := c.prepare(raw, text)
		if err != nil {
			return err
		}
		return fn(stmt, values)
	})
}

func (c *sqliteConn) prepare(raw any, text string) (driver.Stmt, error) {
	if s, ok := c.statements[text]; ok {
		return s, nil
	}
	if len(c.statements) >= statementCache {
		c.forget()
	}
	s, err := raw.(driver.Conn).Prepare(unnumbered(text)) //nolint:forcetypeassert // as the standard library promises
	if err == nil {
		c.statements[text] = s
	}
	return s, err
}

// named are arguments as a driver takes them, times and bools as they are kept.
// The driver has copied them when a statement has begun.
func (c *sqliteConn) named(args []any) ([]driver.NamedValue, error) {
	c.values = c.values[:0]
	for i, arg := range args {
		value, ok := bound(arg)
		if !ok {
			var err error
			if value, err = plainValue(arg); err != nil {
				return nil, fmt.Errorf("argument $%d: %w", i+1, err)
			}
		}
		c.values = append(c.values, driver.NamedValue{Ordinal: i + 1, Value: value})
	}
	return c.values, nil
}

func plainValue(arg any) (driver.Value, error) {
	switch arg.(type) {
	case nil, string, int64, []byte:
		return arg, nil
	}
	return driver.DefaultParameterConverter.ConvertValue(arg)
}

func (c *sqliteConn) forget() {
	for _, s := range c.statements {
		_ = s.Close()
	}
	clear(c.statements)
}

// discard closes a connection of which nobody knows how it stands; close would
// give it to the next who asks for one.
func (c *sqliteConn) discard() {
	c.forget()
	_ = c.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = c.conn.Close()
}

func (c *sqliteConn) close() {
	if c.conn != nil {
		c.forget()
		_ = c.conn.Close()
	}
}
