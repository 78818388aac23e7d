package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
)

// sqliteCursor is an open result.
type sqliteCursor struct {
	rows    driver.Rows
	row     []driver.Value
	ctx     context.Context //nolint:containedctx // a result lives as long as its query
	session *sqliteSession
	failed  error
	closed  bool
}

func (c *sqliteCursor) next() bool {
	if c.closed || c.failed != nil {
		return false
	}
	if c.failed = c.ctx.Err(); c.failed != nil {
		return false
	}
	err := c.rows.Next(c.row)
	if err != nil && !errors.Is(err, io.EOF) {
		c.failed = c.session.nameConstraint(err)
	}
	return err == nil
}

func (c *sqliteCursor) scan(dest []any) error {
	if len(dest) != len(c.row) {
		return fmt.Errorf("sqldb: %d columns into %d destinations", len(c.row), len(dest))
	}
	for i, d := range dest {
		if err := assign(d, c.row[i]); err != nil {
			return fmt.Errorf("sqldb: column %d: %w", i+1, err)
		}
	}
	return nil
}

func (c *sqliteCursor) values(columns []any) error {
	if len(columns) != len(c.row) {
		return fmt.Errorf("sqldb: %d columns where %d are expected", len(c.row), len(columns))
	}
	for i, v := range c.row {
		columns[i] = v
	}
	return nil
}

func (c *sqliteCursor) close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	return c.rows.Close()
}

func (c *sqliteCursor) err() error { return c.failed }

// assign puts a column's value where dest points, as the standard library does.
func assign(dest any, v driver.Value) error {
	switch d := dest.(type) {
	case *string:
		if text, ok := v.(string); ok {
			*d = text
			return nil
		}
	case *int64:
		if n, ok := v.(int64); ok {
			*d = n
			return nil
		}
	case **string:
		if text, ok := v.(string); ok {
			*d = &text
			return nil
		}
	case *[]byte:
		if raw, ok := v.([]byte); ok {
			*d = raw
			return nil
		}
	case *any:
		*d = v
		return nil
	case sql.Scanner:
		return d.Scan(v)
	}
	if special, ok := receiver(dest); ok { // times, yes and no
		return special.(sql.Scanner).Scan(v) //nolint:forcetypeassert // as receiver says
	}
	to := reflect.ValueOf(dest)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return fmt.Errorf("cannot scan into %T", dest)
	}
	return assignTo(to.Elem(), v)
}

// assignTo is assign for the kinds that are seldom read.
func assignTo(to reflect.Value, v driver.Value) error {
	if to.Kind() == reflect.Pointer {
		if v == nil {
			to.SetZero()
			return nil
		}
		to.Set(reflect.New(to.Type().Elem()))
		return assign(to.Interface(), v)
	}
	switch text := textOf(v); {
	case v == nil:
	case to.Kind() == reflect.String && (isText(v) || to.Type() == reflect.TypeFor[string]()):
		to.SetString(text)
		return nil
	case to.Kind() == reflect.Bool:
		yes, err := driver.Bool.ConvertValue(v)
		to.SetBool(yes == true)
		return err
	case to.CanInt():
		n, err := strconv.ParseInt(text, 10, to.Type().Bits())
		to.SetInt(n)
		return err
	case to.CanUint():
		n, err := strconv.ParseUint(text, 10, to.Type().Bits())
		to.SetUint(n)
		return err
	case to.CanFloat():
		n, err := strconv.ParseFloat(text, to.Type().Bits())
		to.SetFloat(n)
		return err
	case to.Kind() == reflect.Slice && to.Type().Elem().Kind() == reflect.Uint8:
		to.SetBytes([]byte(text))
		return nil
	}
	if v == nil && to.Kind() == reflect.Slice {
		to.SetZero()
		return nil
	}
	return fmt.Errorf("cannot scan %T into a %s", v, to.Type())
}

func isText(v driver.Value) bool {
	switch v.(type) {
	case string, []byte:
		return true
	}
	return false
}

// textOf writes a value as text.
func textOf(v driver.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}
