// Package query is the tree of filters, sorts, pages and groups over one
// object, and its rendering to SQL. Values are always bound, never written;
// identifiers are the generated physical names and pass through one quoting
// function. What differs between databases is behind Dialect; its two
// implementations are in package sqldb. There is no I/O here.
package query

import (
	"strconv"
	"strings"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// Dialect is what a database does in its own way. Arguments and results are
// SQL fragments; numbers inside expressions are exact decimals, never floats.
type Dialect interface {
	// Scaled is the argument that compares with, or goes into, a scaled column,
	// and the SQL round its placeholder ("%" stands for it). ok is false when
	// such a column cannot hold the number exactly.
	Scaled(d *apd.Decimal, scale int) (arg any, around string, ok bool)
	// Unscaled reads what ReadScaled selects.
	Unscaled(text string, scale int) (*apd.Decimal, error)
	// ReadScaled selects a scaled column, or a sum of one, as text or integer.
	ReadScaled(column string) string
	// Decimal is a scaled column as an exact decimal.
	Decimal(column string, scale int) string
	// Literal is a decimal bound as an argument.
	Literal(d *apd.Decimal) (arg any, around string)
	// CompareDecimals compares two exact decimals.
	CompareDecimals(op expr.Op, a, b string) string
	// Bytewise makes a text compare and sort by its bytes.
	Bytewise(text string) string
	// Function is an operation or function of the expression language; unit is
	// that of DATEADD and DATEDIFF. A zone argument comes last.
	Function(op expr.Op, unit string, args ...string) (string, error)
	// Among is column IN values; bind gives the placeholder of an argument.
	Among(column string, values []string, bind func(any) string) string
	// Sought is where a table's records are read from that are sought by ids in a
	// column, and the condition that does it: whatever else is asked of them, the
	// ids are what they are found by.
	Sought(table, column string, ids []string, bind func(any) string) (from, where string)
	// Beyond is (moment, id) op (m, i), where few records share a moment; op is
	// " < " or " > ".
	Beyond(moment, id, op, m, i string) string
	// Few marks a condition that few records meet, for a library that keeps no
	// account of how many do.
	Few(condition string) string
	// Lock is what makes a SELECT lock its rows, "" where writers are alone.
	Lock() string
}

// Quote writes an identifier so that no character of it can end it.
func Quote(identifier string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(identifier, "\x00", ""), `"`, `""`) + `"`
}

// statement gathers arguments while SQL is written; the first error stays.
type statement struct {
	d      Dialect
	object *schema.Object // whose records are asked for
	all    bool           // every record that is met is read, in whatever order
	args   []any
	err    error
}

func (s *statement) bind(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

func (s *statement) around(arg any, pattern string) string {
	return strings.ReplaceAll(pattern, "%", s.bind(arg))
}

// known is that a column is not blank. Where all that are met are read, those with
// a moment are found by it: it is set on few (what is overdue), and indexed.
func (s *statement) known(column string, f *schema.Field) string {
	text := column + " IS NOT NULL"
	if s.all && f != nil && isMoment(GroupBy{Field: f}) {
		return s.d.Few(text)
	}
	return text
}

// settled drops the arguments bound since mark when the text turned out not to need them.
func (s *statement) settled(mark int, text string) string {
	if text == never || text == always {
		s.args = s.args[:mark]
	}
	return text
}

// fail notes an error and gives SQL that selects nothing.
func (s *statement) fail(err error) string {
	if s.err == nil {
		s.err = err
	}
	return never
}

const (
	never  = "FALSE"
	always = "TRUE"
)

// balanced joins parts so that their tree stays shallow, however many there are.
func balanced(parts []string, operator string) string {
	if len(parts) <= 8 {
		return strings.Join(parts, operator)
	}
	half := len(parts) / 2
	return "(" + balanced(parts[:half], operator) + ")" + operator + "(" + balanced(parts[half:], operator) + ")"
}
