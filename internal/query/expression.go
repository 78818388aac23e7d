package query

import (
	"fmt"
	"strings"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// expression renders one program. truth gives SQL that is true exactly where
// the condition holds and false or NULL elsewhere; value gives SQL that is NULL
// for blank.
type expression struct {
	*statement
	program *expr.Program
	input   expr.Input
}

func (e *expression) truth(n *expr.Node) string {
	mark := len(e.args)
	return e.settled(mark, e.condition(n))
}

func (e *expression) condition(n *expr.Node) string {
	if n.Constant() {
		v, err := e.program.Constant(n, e.input)
		if err != nil {
			return e.fail(err)
		}
		return truthValue(v == true)
	}
	switch {
	case n.Op == expr.OpAnd:
		return e.logic(n.Args, " AND ", always, never)
	case n.Op == expr.OpOr:
		return e.logic(n.Args, " OR ", never, always)
	case n.Op == expr.OpNot:
		return e.not(n.Args[0])
	case n.Op == "ISBLANK":
		return e.value(n.Args[0]) + " IS NULL"
	case n.Op == expr.OpMember:
		return e.opened(n, e.member(n))
	case n.Op.Comparison():
		return e.opened(n, e.compare(n.Op, n.Args[0], n.Args[1]))
	case n.Op == "STARTSWITH":
		x, start := e.value(n.Args[0]), e.value(n.Args[1])
		return "substr(" + x + ", 1, length(" + start + ")) = " + start
	case n.Op == expr.OpField:
		return e.value(n)
	case n.Op == "IF":
		return e.conditional(n)
	}
	return e.function(n)
}

func (e *expression) logic(args []*expr.Node, operator, neutral, decides string) string {
	parts := make([]Condition, len(args))
	for i, a := range args {
		parts[i] = rendered(e.truth(a))
	}
	return e.join(parts, operator, neutral, decides)
}

// rendered is a condition that is SQL already.
type rendered string

func (c rendered) render(*statement) string { return string(c) }

func (e *expression) not(n *expr.Node) string {
	if n.Op == "ISBLANK" && !n.Constant() {
		return e.known(e.value(n.Args[0]), fieldOf(n.Args[0]))
	}
	if open, _ := e.closing(n); open {
		return Open(*e.object.ClosedColumn())
	}
	return complement(e.truth(n))
}

// fieldOf is the field that a node stands for, nil for anything else.
func fieldOf(n *expr.Node) *schema.Field {
	if n.Op != expr.OpField {
		return nil
	}
	return n.Column.Field
}

// value is the SQL of a value; a condition gives TRUE or FALSE.
func (e *expression) value(n *expr.Node) string {
	if n.Type == expr.Blank {
		return "NULL"
	}
	if n.Constant() {
		return e.constant(n)
	}
	switch n.Op {
	case expr.OpField:
		return e.field(n)
	case "IF":
		return e.conditional(n)
	case expr.OpJoin:
		return "NULLIF(COALESCE(" + e.value(n.Args[0]) + ", '') || COALESCE(" + e.value(n.Args[1]) + ", ''), '')"
	case "CURRENCY":
		return Quote(n.Args[0].Column.Field.Column + "_u")
	case "TRIM":
		cut := e.bind(" \t\r\n")
		return "NULLIF(ltrim(rtrim(" + e.value(n.Args[0]) + ", " + cut + "), " + cut + "), '')"
	case "LEN":
		return "CAST(length(" + e.value(n.Args[0]) + ") AS NUMERIC)"
	case "YEAR":
		return e.part(n, "1, 4")
	case "MONTH":
		return e.part(n, "6, 2")
	case "DAY":
		return e.part(n, "9, 2")
	}
	if n.Type == expr.Bool {
		return "((" + e.truth(n) + ") IS TRUE)"
	}
	return e.function(n)
}

// part reads digits of a date's text.
func (e *expression) part(n *expr.Node, position string) string {
	return "CAST(substr(" + e.value(n.Args[0]) + ", " + position + ") AS NUMERIC)"
}

func (e *expression) conditional(n *expr.Node) string {
	return "CASE WHEN " + e.truth(n.Args[0]) + " THEN " + e.value(n.Args[1]) + " ELSE " + e.value(n.Args[2]) + " END"
}

func (e *expression) field(n *expr.Node) string {
	col, err := columnOf(n.Column.Field, n.Column.ID)
	if err != nil {
		return e.fail(err)
	}
	if col.storage == schema.Scaled {
		return e.d.Decimal(col.quoted(), col.scale)
	}
	return col.quoted()
}

// constant computes a part without fields and binds its value.
func (e *expression) constant(n *expr.Node) string {
	v, err := e.program.Constant(n, e.input)
	if err != nil {
		return e.fail(err)
	}
	switch x := v.(type) {
	case nil:
		return "CAST(NULL AS " + nullType(n.Type) + ")"
	case bool:
		return truthValue(x)
	case *apd.Decimal:
		arg, around := e.d.Literal(x)
		return e.around(arg, around)
	case time.Time:
		return e.bind(x.UnixMicro())
	case schema.Date:
		return e.bind(string(x))
	case string:
		return e.bind(x)
	}
	return e.fail(fmt.Errorf("query: a %T is no value in SQL", v))
}

// nullType names the type of a NULL, which a CASE of nothing but NULLs needs.
func nullType(t expr.Type) string {
	switch t {
	case expr.Number, expr.Money:
		return "NUMERIC"
	case expr.Bool:
		return "BOOLEAN"
	case expr.DateTime:
		return "BIGINT"
	}
	return "TEXT"
}

func (e *expression) zone() string { return e.bind(e.program.Zone(e.input).String()) }

// function renders what every database does in its own way.
func (e *expression) function(n *expr.Node) string {
	var args []string
	switch n.Op {
	case expr.OpDivide:
		return e.divide(n)
	case "DATEADD":
		return e.dateAdd(n)
	case "ROUND", "ROUNDUP", "ROUNDDOWN":
		places, _ := n.Args[1].Literal()
		whole, _ := expr.Whole(places)
		args = []string{e.value(n.Args[0]), fmt.Sprint(whole)}
	default:
		for _, a := range n.Args {
			args = append(args, e.value(a))
		}
	}
	if n.Op == expr.OpDay || n.Op == expr.OpStart || n.Op == "HOUR" {
		args = append(args, e.zone())
	}
	if n.Op == "DATEDIFF" && n.Unit != "day" {
		return fmt.Sprintf("CAST((%s - %s) / %d AS NUMERIC)", args[1], args[0], expr.UnitMicros(n.Unit))
	}
	text, err := e.d.Function(n.Op, n.Unit, args...)
	if err != nil {
		return e.fail(err)
	}
	return text
}

// divide multiplies by the reciprocal, which is finite: SQLProblem has looked.
func (e *expression) divide(n *expr.Node) string {
	by, _ := n.Args[1].Literal()
	reciprocal, ok := expr.Reciprocal(by)
	if !ok {
		return e.fail(&expr.SQLError{Function: "/"})
	}
	arg, around := e.d.Literal(reciprocal)
	text, err := e.d.Function(expr.OpMultiply, "", e.value(n.Args[0]), e.around(arg, around))
	if err != nil {
		return e.fail(err)
	}
	return text
}

// dateAdd adds hours and minutes as microseconds and leaves calendar steps to the dialect.
func (e *expression) dateAdd(n *expr.Node) string {
	v, err := e.program.Constant(n.Args[1], e.input)
	if err != nil {
		return e.fail(err)
	}
	d, ok := v.(*apd.Decimal)
	if !ok {
		return "NULL"
	}
	steps, ok := expr.Whole(d)
	if !ok || steps > expr.MaxSteps || steps < -expr.MaxSteps {
		return e.fail(&expr.EvalError{Code: "overflow", Function: "DATEADD"})
	}
	from := e.value(n.Args[0])
	if n.Unit == "hour" || n.Unit == "minute" {
		return "(" + from + " + " + e.bind(steps*expr.UnitMicros(n.Unit)) + ")"
	}
	args := []string{from, e.bind(steps)}
	if n.Type == expr.DateTime {
		args = append(args, e.zone())
	}
	text, err := e.d.Function("DATEADD", n.Unit, args...)
	if err != nil {
		return e.fail(err)
	}
	return text
}

// member is x IN (…): constant texts in one list, everything else one by one.
func (e *expression) member(n *expr.Node) string {
	x := n.Args[0]
	var texts []string
	var parts Or
	for _, a := range n.Args[1:] {
		if !a.Constant() || !textual(x.Type) {
			parts = append(parts, rendered(e.compare(expr.OpEqual, x, a)))
			continue
		}
		v, err := e.program.Constant(a, e.input)
		if err != nil {
			return e.fail(err)
		}
		switch value := v.(type) {
		case string:
			texts = append(texts, value)
		case []string:
			texts = append(texts, value...)
		}
	}
	if len(texts) > 0 {
		parts = append(parts, rendered(e.among(e.value(x), texts)))
	}
	return parts.render(e.statement)
}

// textual says that values of the type lie in the database as text.
func textual(t expr.Type) bool {
	switch t {
	case expr.Text, expr.Choice, expr.Person, expr.Reference:
		return true
	}
	return false
}

func numeric(n *expr.Node) bool { return n.Type == expr.Number || n.Type == expr.Money }

func (e *expression) compare(op expr.Op, a, b *expr.Node) string {
	if a.Constant() && !b.Constant() {
		a, b, op = b, a, op.Mirrored()
	}
	if a.Type == expr.Blank || b.Type == expr.Blank {
		return never
	}
	var constant any
	if b.Constant() {
		var err error
		if constant, err = e.program.Constant(b, e.input); err != nil {
			return e.fail(err)
		}
		if constant == nil {
			return never
		}
	}
	if day, ok := constant.(schema.Date); ok && a.Op == expr.OpDay {
		return e.compareDay(op, a.Args[0], day)
	}
	if numeric(a) {
		return e.compareNumbers(op, a, b, constant)
	}
	left, right := e.value(a), e.value(b)
	if a.Type == expr.Text && op != expr.OpEqual && op != expr.OpUnequal {
		left = e.d.Bytewise(left)
	}
	return left + " " + string(op) + " " + right
}

// compareDay compares an instant with a day by the day's two ends, so that an index serves.
func (e *expression) compareDay(op expr.Op, instant *expr.Node, day schema.Date) string {
	zone := e.program.Zone(e.input)
	start, ok1 := expr.StartOf(day, zone)
	end, ok2 := expr.EndOf(day, zone)
	if !ok1 || !ok2 {
		return e.fail(&expr.EvalError{Code: "overflow", Function: "date"})
	}
	x := e.value(instant)
	from := func(op string, t time.Time) string { return x + " " + op + " " + e.bind(t.UnixMicro()) }
	switch op {
	case expr.OpEqual:
		return "(" + from(">=", start) + " AND " + from("<", end) + ")"
	case expr.OpUnequal:
		return "(" + from("<", start) + " OR " + from(">=", end) + ")"
	case expr.OpLess:
		return from("<", start)
	case expr.OpLessEqual:
		return from("<", end)
	case expr.OpMore:
		return from(">=", end)
	}
	return from(">=", start)
}

// compareNumbers compares stored numbers as they are where it can, decimals elsewhere.
func (e *expression) compareNumbers(op expr.Op, a, b *expr.Node, constant any) string {
	if a.Op == expr.OpField {
		col, err := columnOf(a.Column.Field, a.Column.ID)
		if err != nil {
			return e.fail(err)
		}
		if d, ok := constant.(*apd.Decimal); ok {
			return e.compareNumber(col, op, d)
		}
		if b.Op == expr.OpField && b.Column.Field.Scale == col.scale {
			return strings.Join([]string{col.quoted(), string(op), Quote(b.Column.Field.Column)}, " ")
		}
	}
	return e.d.CompareDecimals(op, e.value(a), e.value(b))
}
