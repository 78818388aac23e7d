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
	values, err := namedValues(args)
	if err != nil {
		return err
	}
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

// namedValues are arguments as a driver takes them, times and bools as they are kept.
func namedValues(args []any) ([]driver.NamedValue, error) {
	if len(args) == 0 {
		return nil, nil
	}
	out := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		out[i].Ordinal = i + 1
		if value, ok := bound(arg); ok {
			out[i].Value = value
			continue
		}
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

func (c *sqliteConn) forget() {
	for _, s := range c.statements {
		_ = s.Close()
	}
	clear(c.statements)
}

func (c *sqliteConn) close() {
	if c.conn != nil {
		c.forget()
		_ = c.conn.Close()
	}
}
