package query

import (
	"errors"
	"fmt"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
)

// Condition is a part of WHERE. Logic is two-valued: what compares with blank
// is false, and Not is the exact complement.
type Condition interface{ render(s *statement) string }

// And holds when every part holds; with no part it always holds.
type And []Condition

// Or holds when one part holds; with no part it never holds.
type Or []Condition

// Not holds when its part does not.
type Not struct{ Condition Condition }

// Always holds.
type Always struct{}

// Never holds.
type Never struct{}

// Expr is a compiled expression; its parts without fields are computed first, from Input.
type Expr struct {
	Program *expr.Program
	Input   expr.Input
}

// In holds when the field is one of the canonical values. With no value it never holds.
type In struct {
	Field  *schema.Field
	System string // instead of Field
	Values []any
}

// Compare holds when the column compares so with a canonical value. Op is one
// of = <> < <= > >=; a nil value with = or <> asks whether the column is blank or not.
type Compare struct {
	Field  *schema.Field
	System string // instead of Field
	Op     expr.Op
	Value  any
}

// Has holds when a list field (choices, tags) has the element.
type Has struct {
	Field *schema.Field
	Value string
}

// System compares a system column: id, created_at, updated_at, created_by,
// deleted_at, revision, thread_seq.
func System(column string, op expr.Op, value any) Compare {
	return Compare{System: column, Op: op, Value: value}
}

// Where compares a field.
func Where(f *schema.Field, op expr.Op, value any) Compare {
	return Compare{Field: f, Op: op, Value: value}
}

// Blank holds when the field has no value.
func Blank(f *schema.Field) Compare { return Compare{Field: f, Op: expr.OpEqual} }

func (c And) render(s *statement) string {
	return s.join(c, " AND ", always, never)
}

func (c Or) render(s *statement) string {
	return s.join(c, " OR ", never, always)
}

// join leaves out the parts that change nothing (neutral) and stops at one that decides.
func (s *statement) join(parts []Condition, operator, neutral, decides string) string {
	mark := len(s.args)
	return s.settled(mark, s.joined(parts, operator, neutral, decides))
}

func (s *statement) joined(parts []Condition, operator, neutral, decides string) string {
	var out []string
	for _, part := range parts {
		if part == nil {
			return s.fail(errors.New("query: a nil condition"))
		}
		switch text := part.render(s); text {
		case neutral:
		case decides:
			if s.err == nil {
				return decides
			}
		default:
			out = append(out, text)
		}
	}
	switch len(out) {
	case 0:
		return neutral
	case 1:
		return out[0]
	}
	return "(" + balanced(out, operator) + ")"
}

func (c Not) render(s *statement) string {
	if c.Condition == nil {
		return s.fail(errors.New("query: a nil condition"))
	}
	if asked, ok := c.Condition.(Compare); ok && asked.Value == nil {
		switch asked.Op { // in the words of an index over what is not blank
		case expr.OpEqual:
			asked.Op = expr.OpUnequal
			return asked.render(s)
		case expr.OpUnequal:
			asked.Op = expr.OpEqual
			return asked.render(s)
		}
	}
	return complement(c.Condition.render(s))
}

// complement holds exactly where sql does not hold, NULL included.
func complement(sql string) string {
	switch sql {
	case always:
		return never
	case never:
		return always
	}
	return "(" + sql + ") IS NOT TRUE"
}

func (Always) render(*statement) string { return always }
func (Never) render(*statement) string  { return never }

func (c In) render(s *statement) string {
	col, err := columnOf(c.Field, c.System)
	if err != nil {
		return s.fail(err)
	}
	if col.storage != schema.Text {
		return c.oneByOne(s)
	}
	return s.among(col.quoted(), textsOf(c.Values))
}

// textsOf are the values that are not blank.
func textsOf(values []any) []string {
	texts := make([]string, 0, len(values))
	for _, v := range values {
		if text, blank := keyText(v); !blank {
			texts = append(texts, text)
		}
	}
	return texts
}

func (c In) oneByOne(s *statement) string {
	var parts Or
	for _, v := range c.Values {
		if v != nil {
			parts = append(parts, Compare{Field: c.Field, System: c.System, Op: expr.OpEqual, Value: v})
		}
	}
	return parts.render(s)
}

// among is text IN texts.
func (s *statement) among(column string, texts []string) string {
	switch len(texts) {
	case 0:
		return never
	case 1:
		return column + " = " + s.bind(texts[0])
	}
	return s.d.Among(column, texts, s.bind)
}

func (c Has) render(s *statement) string {
	col, err := columnOf(c.Field, "")
	if err != nil {
		return s.fail(err)
	}
	text, err := s.d.Function(expr.OpHas, "", col.quoted(), s.bind(c.Value))
	if err != nil {
		return s.fail(err)
	}
	return text
}

func (c Compare) render(s *statement) string {
	col, err := columnOf(c.Field, c.System)
	if err != nil {
		return s.fail(err)
	}
	if !c.Op.Comparison() {
		return s.fail(fmt.Errorf("query: %q is no comparison", c.Op))
	}
	text, blank := keyText(c.Value)
	switch {
	case blank && c.Op == expr.OpEqual:
		return col.quoted() + " IS NULL"
	case blank && c.Op == expr.OpUnequal:
		return s.known(col.quoted(), c.Field)
	case blank:
		return never
	case col.storage == schema.TextList:
		return s.fail(fmt.Errorf("query: %s is a list", col.name))
	}
	return s.compareStored(col, c.Op, text)
}

func (c Expr) render(s *statement) string {
	if c.Program == nil {
		return s.fail(errors.New("query: an expression without a program"))
	}
	if err := c.Program.SQLProblem(); err != nil {
		return s.fail(err)
	}
	e := &expression{statement: s, program: c.Program, input: c.Input}
	return e.truth(c.Program.Root())
}
