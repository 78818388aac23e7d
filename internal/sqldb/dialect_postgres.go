package sqldb

import (
	"encoding/json"
	"strconv"
	"strings"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// PostgresDialect renders record queries for PostgreSQL. A number is NUMERIC,
// which computes exactly; every part of a number expression is cast to it.
type PostgresDialect struct{}

var _ query.Dialect = PostgresDialect{}

// Scaled implements query.Dialect.
func (PostgresDialect) Scaled(d *apd.Decimal, scale int) (arg any, around string, ok bool) {
	_, ok = schema.Unscale(d, scale)
	return d.Text('f'), "%::numeric", ok
}

// Unscaled implements query.Dialect.
func (PostgresDialect) Unscaled(text string, scale int) (*apd.Decimal, error) {
	d, _, err := apd.NewFromString(text)
	if err != nil {
		return nil, err
	}
	ctx := apd.BaseContext.WithPrecision(100)
	_, err = ctx.Quantize(d, d, int32(-scale)) //nolint:gosec // a scale is 0 to 10
	return d, err
}

// ReadScaled implements query.Dialect.
func (PostgresDialect) ReadScaled(column string) string { return "(" + column + ")::text" }

// Decimal implements query.Dialect.
func (PostgresDialect) Decimal(column string, _ int) string { return column }

// Literal implements query.Dialect.
func (PostgresDialect) Literal(d *apd.Decimal) (arg any, around string) {
	return d.Text('f'), "%::numeric"
}

// CompareDecimals implements query.Dialect.
func (PostgresDialect) CompareDecimals(op expr.Op, a, b string) string {
	return a + " " + string(op) + " " + b
}

// Bytewise implements query.Dialect.
func (PostgresDialect) Bytewise(text string) string { return "(" + text + `) COLLATE "C"` }

// Among implements query.Dialect.
func (PostgresDialect) Among(column string, values []string, bind func(any) string) string {
	return column + " = ANY(" + bind(values) + ")"
}

// Sought implements query.Dialect: the server weighs by itself.
func (PostgresDialect) Sought(table, column string, ids []string, bind func(any) string) (from, where string) {
	return table, column + " = ANY(" + bind(ids) + ")"
}

// Beyond implements query.Dialect: a row value is where the index begins.
func (PostgresDialect) Beyond(moment, id, op, m, i string) string {
	return "(" + moment + ", " + id + ")" + op + "(" + m + ", " + i + ")"
}

// Few implements query.Dialect: the server counts by itself.
func (PostgresDialect) Few(condition string) string { return condition }

// Lock implements query.Dialect.
func (PostgresDialect) Lock() string { return " FOR UPDATE" }

// Function implements query.Dialect.
func (PostgresDialect) Function(op expr.Op, unit string, args ...string) (string, error) {
	list := strings.Join(args, ", ")
	switch op {
	case expr.OpAdd, expr.OpSubtract, expr.OpMultiply:
		return "(" + args[0] + " " + string(op) + " " + args[1] + ")", nil
	case expr.OpNegate:
		return "(- " + args[0] + ")", nil
	case "ABS":
		return "abs(" + list + ")", nil
	case "INT":
		return "floor(" + list + ")", nil
	case "MOD":
		divisor := "NULLIF(" + args[1] + ", 0)"
		return "mod(mod(" + args[0] + ", " + divisor + ") + " + divisor + ", " + divisor + ")", nil
	case "ROUND":
		return "round(" + list + ")", nil
	case "ROUNDDOWN":
		return "trunc(" + list + ")", nil
	case "ROUNDUP":
		return roundUp(args[0], args[1])
	case "MIN":
		return "LEAST(" + list + ")", nil
	case "MAX":
		return "GREATEST(" + list + ")", nil
	case expr.OpHas:
		return "jsonb_exists(" + args[0] + "::jsonb, " + args[1] + ")", nil
	case "CONTAINS":
		return "strpos(" + list + ") > 0", nil
	case "ENDSWITH":
		return "right(" + args[0] + ", length(" + args[1] + ")) = " + args[1], nil
	case "LOWER", "UPPER":
		return strings.ToLower(string(op)) + "((" + list + `) COLLATE "C")`, nil
	}
	return postgresDate(op, unit, args)
}

// roundUp rounds away from zero to a literal number of places.
func roundUp(x, places string) (string, error) {
	n, err := strconv.Atoi(places)
	if err != nil {
		return "", err
	}
	grow, shrink := power(n), power(-n)
	return "(sign(" + x + ") * ceil(abs(" + x + ") * " + grow + ") * " + shrink + ")", nil
}

// power is 10^n as a literal.
func power(n int) string {
	if n >= 0 {
		return "1" + strings.Repeat("0", n) + "::numeric"
	}
	return "0." + strings.Repeat("0", -n-1) + "1::numeric"
}

func postgresDate(op expr.Op, unit string, args []string) (string, error) {
	switch op {
	case "WEEKDAY":
		return "extract(isodow FROM " + args[0] + "::date)::numeric", nil
	case "DATEDIFF":
		return "(" + args[1] + "::date - " + args[0] + "::date)::numeric", nil
	case "DATEADD":
		step := "make_interval(" + unit + "s => " + args[1] + "::int)"
		if len(args) == 2 {
			return "to_char(" + args[0] + "::date + " + step + ", 'YYYY-MM-DD')", nil
		}
		return micros("(" + localTime(args[0], args[2]) + " + " + step + ") AT TIME ZONE " + args[2]), nil
	case expr.OpDay:
		return "to_char(" + localTime(args[0], args[1]) + ", 'YYYY-MM-DD')", nil
	case expr.OpStart:
		return micros("(" + args[0] + "::date)::timestamp AT TIME ZONE " + args[1]), nil
	case "HOUR":
		return "extract(hour FROM " + localTime(args[0], args[1]) + ")::numeric", nil
	}
	return "", &expr.SQLError{Function: string(op)}
}

// localTime is what a wall clock in the zone shows at the microseconds.
func localTime(us, zone string) string {
	return "((timestamptz 'epoch' + " + us + " * interval '1 microsecond') AT TIME ZONE " + zone + ")"
}

func micros(instant string) string {
	return "(extract(epoch FROM " + instant + ") * 1000000)::bigint"
}

// jsonTexts is a JSON array of the texts.
func jsonTexts(values []string) string {
	b, _ := json.Marshal(values) // texts cannot fail
	return string(b)
}
