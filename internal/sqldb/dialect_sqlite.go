package sqldb

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
	"modernc.org/sqlite"
)

// SQLiteDialect renders record queries for the embedded database. A number
// lies in an INTEGER, scaled; inside expressions it is the text of an exact
// decimal, which the functions of SQLiteFunctions compute with the code that
// package expr uses itself.
type SQLiteDialect struct{}

var _ query.Dialect = SQLiteDialect{}

// Scaled implements query.Dialect.
func (SQLiteDialect) Scaled(d *apd.Decimal, scale int) (arg any, around string, ok bool) {
	n, ok := schema.Unscale(d, scale)
	return n, "%", ok
}

// Unscaled implements query.Dialect.
func (SQLiteDialect) Unscaled(text string, scale int) (*apd.Decimal, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, err
	}
	return schema.Scale(n, scale), nil
}

// ReadScaled implements query.Dialect.
func (SQLiteDialect) ReadScaled(column string) string { return column }

// Decimal implements query.Dialect.
func (SQLiteDialect) Decimal(column string, scale int) string {
	if scale == 0 {
		return column
	}
	return "clew_decimal(" + column + ", " + strconv.Itoa(scale) + ")"
}

// Literal implements query.Dialect.
func (SQLiteDialect) Literal(d *apd.Decimal) (arg any, around string) { return d.Text('f'), "%" }

// CompareDecimals implements query.Dialect.
func (SQLiteDialect) CompareDecimals(op expr.Op, a, b string) string {
	return "clew_compare(" + a + ", " + b + ") " + string(op) + " 0"
}

// Bytewise implements query.Dialect: texts compare by their bytes anyway.
func (SQLiteDialect) Bytewise(text string) string { return text }

// Among implements query.Dialect: a long list is one JSON argument, so that
// the statement's text does not depend on its length.
func (SQLiteDialect) Among(column string, values []string, bind func(any) string) string {
	if len(values) > 16 {
		return column + " IN (SELECT value FROM json_each(" + bind(jsonTexts(values)) + "))"
	}
	places := make([]string, len(values))
	for i, v := range values {
		places[i] = bind(v)
	}
	return column + " IN (" + strings.Join(places, ", ") + ")"
}

// Sought implements query.Dialect. CROSS JOIN keeps the ids outside: the
// library knows nothing of how many records another condition would leave.
func (SQLiteDialect) Sought(table, column string, ids []string, bind func(any) string) (from, where string) {
	return "(SELECT value AS sought FROM json_each(" + bind(jsonTexts(ids)) + ")) CROSS JOIN " + table, column + " = sought"
}

// Beyond implements query.Dialect: the library compares a row value with every
// record, though it begins behind it; a page far on took a quarter longer.
func (SQLiteDialect) Beyond(moment, id, op, m, i string) string {
	from := strings.TrimSuffix(op, " ") + "= "
	return "(" + moment + from + m + " AND (" + moment + " <> " + m + " OR " + id + op + i + "))"
}

// Few implements query.Dialect: one in a hundred. Without it the library walks
// the index that the groups stand in, and reads each record of it.
func (SQLiteDialect) Few(condition string) string { return "likelihood(" + condition + ", 0.01)" }

// Lock implements query.Dialect: there is one writer.
func (SQLiteDialect) Lock() string { return "" }

// Function implements query.Dialect.
func (SQLiteDialect) Function(op expr.Op, unit string, args ...string) (string, error) {
	list := strings.Join(args, ", ")
	switch op {
	case expr.OpAdd:
		return "clew_add(" + list + ")", nil
	case expr.OpSubtract:
		return "clew_subtract(" + list + ")", nil
	case expr.OpMultiply:
		return "clew_multiply(" + list + ")", nil
	case expr.OpNegate:
		return "clew_negate(" + list + ")", nil
	case expr.OpHas:
		return "EXISTS (SELECT 1 FROM json_each(" + args[0] + ") WHERE value = " + args[1] + ")", nil
	case "CONTAINS":
		return "instr(" + list + ") > 0", nil
	case "ENDSWITH":
		return "substr(" + args[0] + ", -length(" + args[1] + ")) = " + args[1], nil
	case "LOWER", "UPPER":
		return strings.ToLower(string(op)) + "(" + list + ")", nil
	case expr.OpDay, expr.OpStart, "ABS", "INT", "MOD", "ROUND", "ROUNDUP", "ROUNDDOWN", "MIN", "MAX", "WEEKDAY", "HOUR":
		return "clew_" + strings.ToLower(string(op)) + "(" + list + ")", nil
	case "DATEADD":
		return "clew_dateadd('" + unit + "', " + list + ")", nil
	case "DATEDIFF":
		return "clew_days(" + list + ")", nil
	}
	return "", &expr.SQLError{Function: string(op)}
}

// registerSQLiteFunctions makes the functions known to every connection that
// the process opens from then on. The driver's registry is the process's own,
// so it happens once.
var registerSQLiteFunctions = sync.OnceValue(func() error {
	for name, f := range SQLiteFunctions() {
		if err := sqlite.RegisterFunction(name, f); err != nil {
			return fmt.Errorf("register %s: %w", name, err)
		}
	}
	return nil
})

// SQLiteFunctions are the functions that SQLiteDialect's SQL calls. Each gives
// NULL when an argument is NULL, except clew_min and clew_max, which leave it out.
func SQLiteFunctions() map[string]*sqlite.FunctionImpl {
	out := map[string]*sqlite.FunctionImpl{
		"clew_decimal": strictFunction(2, toDecimal),
		"clew_compare": strictFunction(2, compareDecimals),
		"clew_min":     extremeFunction("MIN"),
		"clew_max":     extremeFunction("MAX"),
		"clew_days":    strictFunction(2, daysBetween),
		"clew_weekday": strictFunction(1, weekday),
	}
	for name, op := range map[string]expr.Op{
		"clew_add": expr.OpAdd, "clew_subtract": expr.OpSubtract, "clew_multiply": expr.OpMultiply, "clew_mod": "MOD",
		"clew_round": "ROUND", "clew_roundup": "ROUNDUP", "clew_rounddown": "ROUNDDOWN",
	} {
		out[name] = strictFunction(2, arithmetic(op))
	}
	for name, op := range map[string]expr.Op{"clew_negate": expr.OpNegate, "clew_abs": "ABS", "clew_int": "INT"} {
		out[name] = strictFunction(1, arithmetic(op))
	}
	zones := &zoneCache{}
	out["clew_dayof"] = strictFunction(2, zones.day)
	out["clew_startof"] = strictFunction(2, zones.start)
	out["clew_hour"] = strictFunction(2, zones.hour)
	out["clew_dateadd"] = strictFunction(-1, zones.dateAdd)
	return out
}

type scalar = func(args []driver.Value) (driver.Value, error)

func strictFunction(arguments int32, compute scalar) *sqlite.FunctionImpl {
	return &sqlite.FunctionImpl{
		NArgs: arguments, Deterministic: true,
		Scalar: func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			for _, a := range args {
				if a == nil {
					return nil, nil
				}
			}
			return compute(args)
		},
	}
}

// decimalOf reads an argument: a whole number or the text of a decimal.
func decimalOf(v driver.Value) (*apd.Decimal, error) {
	switch x := v.(type) {
	case int64:
		return apd.New(x, 0), nil
	case string:
		d, _, err := apd.NewFromString(x)
		return d, err
	}
	return nil, fmt.Errorf("sqldb: a %T is no exact number", v)
}

func decimalsOf(args []driver.Value) ([]*apd.Decimal, error) {
	out := make([]*apd.Decimal, 0, len(args))
	for _, a := range args {
		d, err := decimalOf(a)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func decimalText(d *apd.Decimal, err error) (driver.Value, error) {
	if err != nil || d == nil {
		return nil, err
	}
	return d.Text('f'), nil
}

func toDecimal(args []driver.Value) (driver.Value, error) {
	n, ok1 := args[0].(int64)
	scale, ok2 := args[1].(int64)
	if !ok1 || !ok2 {
		return nil, fmt.Errorf("sqldb: a %T is no scaled number", args[0])
	}
	return schema.Scale(n, int(scale)).Text('f'), nil
}

func compareDecimals(args []driver.Value) (driver.Value, error) {
	d, err := decimalsOf(args)
	if err != nil {
		return nil, err
	}
	return int64(d[0].Cmp(d[1])), nil
}

func arithmetic(op expr.Op) scalar {
	return func(args []driver.Value) (driver.Value, error) {
		d, err := decimalsOf(args)
		if err != nil {
			return nil, err
		}
		return decimalText(expr.Arithmetic(op, d...))
	}
}

func extremeFunction(op expr.Op) *sqlite.FunctionImpl {
	return &sqlite.FunctionImpl{
		NArgs: -1, Deterministic: true,
		Scalar: func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			var given []*apd.Decimal
			for _, a := range args {
				if a == nil {
					continue
				}
				d, err := decimalOf(a)
				if err != nil {
					return nil, err
				}
				given = append(given, d)
			}
			if len(given) == 0 {
				return nil, nil
			}
			return decimalText(expr.Arithmetic(op, given...))
		},
	}
}

func daysBetween(args []driver.Value) (driver.Value, error) {
	from, _ := args[0].(string)
	to, _ := args[1].(string)
	n, ok := expr.DaysBetween(schema.Date(from), schema.Date(to))
	return orNull(n, ok)
}

func weekday(args []driver.Value) (driver.Value, error) {
	d, _ := args[0].(string)
	n, ok := expr.Weekday(schema.Date(d))
	return orNull(n, ok)
}

func orNull(v driver.Value, ok bool) (driver.Value, error) {
	if !ok {
		return nil, nil
	}
	return v, nil
}

// zoneCache keeps the zones that queries name; a zone is read from disk once.
type zoneCache struct{ zones sync.Map }

func (c *zoneCache) zone(name driver.Value) (*time.Location, error) {
	if z, ok := c.zones.Load(name); ok {
		return z.(*time.Location), nil //nolint:forcetypeassert // only locations are stored
	}
	text, _ := name.(string)
	z, err := time.LoadLocation(text)
	if err == nil {
		c.zones.Store(name, z)
	}
	return z, err
}

func (c *zoneCache) day(args []driver.Value) (driver.Value, error) {
	us, ok := args[0].(int64)
	zone, err := c.zone(args[1])
	if err != nil || !ok {
		return nil, err
	}
	return string(expr.DayOf(time.UnixMicro(us), zone)), nil
}

func (c *zoneCache) start(args []driver.Value) (driver.Value, error) {
	d, _ := args[0].(string)
	zone, err := c.zone(args[1])
	if err != nil {
		return nil, err
	}
	t, ok := expr.StartOf(schema.Date(d), zone)
	return orNull(t.UnixMicro(), ok)
}

func (c *zoneCache) hour(args []driver.Value) (driver.Value, error) {
	us, ok := args[0].(int64)
	zone, err := c.zone(args[1])
	if err != nil || !ok {
		return nil, err
	}
	return int64(time.UnixMicro(us).In(zone).Hour()), nil
}

// dateAdd takes unit, date, steps; or unit, microseconds, steps, zone.
func (c *zoneCache) dateAdd(args []driver.Value) (driver.Value, error) {
	unit, _ := args[0].(string)
	steps, _ := args[2].(int64)
	if d, ok := args[1].(string); ok {
		out, ok := expr.AddToDay(schema.Date(d), steps, unit)
		return orNull(string(out), ok)
	}
	us, ok := args[1].(int64)
	if !ok || len(args) < 4 {
		return nil, nil
	}
	zone, err := c.zone(args[3])
	if err != nil {
		return nil, err
	}
	out, ok := expr.AddTo(time.UnixMicro(us), steps, unit, zone)
	return orNull(out.UnixMicro(), ok)
}
