package query

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
)

// Sort is one level of an order. Blank values come last in both directions,
// texts by their bytes.
type Sort struct {
	Field  *schema.Field
	System string // instead of Field
	Desc   bool
}

// Select reads a page of records.
type Select struct {
	Object *schema.Object
	Fields []*schema.Field // what is read beside the system columns
	Where  Condition       // nil means Always
	Sort   []Sort          // id is added as the last level
	After  []any           // the last row's Key, to read the page after it; nil for the first
	Limit  int             // 0 means no limit
	// Deleted reads the deleted records instead of the live ones.
	Deleted bool
	// Lock keeps other transactions from changing the rows until this one ends.
	Lock bool
}

// Order is the complete order: Sort, then id in the direction of the last level.
func (s Select) Order() []Sort {
	order := append([]Sort(nil), s.Sort...)
	for i, o := range order {
		if o.Field == nil && o.System == "id" {
			return order[:i+1]
		}
	}
	last := Sort{System: "id", Desc: true}
	if len(order) > 0 {
		last.Desc = order[len(order)-1].Desc
	}
	return append(order, last)
}

// Key is the place of a row in the order: texts, nil for blank. It survives
// JSON, and is what After takes. The row must hold the fields sorted by.
func (s Select) Key(r Row) []any {
	var key []any
	for _, o := range s.Order() {
		text, blank := keyText(r.value(o.Field, o.System))
		if blank {
			key = append(key, nil)
		} else {
			key = append(key, text)
		}
	}
	return key
}

// Render writes the SELECT and its arguments. Its columns are those that Scan reads.
func (s Select) Render(d Dialect) (sql string, args []any, err error) {
	st := &statement{d: d}
	table, err := tableOf(s.Object)
	if err != nil {
		return "", nil, err
	}
	var b strings.Builder
	b.WriteString("SELECT " + strings.Join(readColumns(d, s.Fields), ", ") + " FROM " + table)
	b.WriteString(" WHERE " + st.where(s.Where, s.Deleted, s.after(st)))
	b.WriteString(" ORDER BY " + st.order(table, s.Order()))
	if s.Limit > 0 {
		b.WriteString(" LIMIT " + strconv.Itoa(s.Limit))
	}
	if s.Lock {
		b.WriteString(d.Lock())
	}
	return b.String(), st.args, st.err
}

// RenderCount counts the records of Where, at most limit of them (0 = all).
func (s Select) RenderCount(d Dialect, limit int) (sql string, args []any, err error) {
	st := &statement{d: d}
	table, err := tableOf(s.Object)
	if err != nil {
		return "", nil, err
	}
	inner := "SELECT 1 FROM " + table + " WHERE " + st.where(s.Where, s.Deleted, Always{})
	if limit > 0 {
		inner += " LIMIT " + strconv.Itoa(limit)
	}
	return "SELECT count(*) FROM (" + inner + ") AS counted", st.args, st.err
}

func tableOf(o *schema.Object) (string, error) {
	if o == nil || !physicalName.MatchString(o.Table) {
		return "", errors.New("query: an object without a physical table")
	}
	return Quote(o.Table), nil
}

func (s *statement) where(c Condition, deleted bool, after Condition) string {
	live := Compare{System: "deleted_at", Op: expr.OpEqual}
	if deleted {
		live.Op = expr.OpUnequal
	}
	if c == nil {
		c = Always{}
	}
	return And{live, c, after}.render(s)
}

// order names the table, because a bare name would mean the selected text of a number.
func (s *statement) order(table string, order []Sort) string {
	var levels []string
	for _, o := range order {
		col, err := sortColumn(o)
		if err != nil {
			return s.fail(err)
		}
		level := table + "." + col.quoted()
		if o.Desc {
			level += " DESC"
		}
		if col.nullable {
			level += " NULLS LAST"
		}
		levels = append(levels, level)
	}
	return strings.Join(levels, ", ")
}

func sortColumn(o Sort) (column, error) {
	col, err := columnOf(o.Field, o.System)
	if err == nil && col.storage == schema.TextList {
		err = fmt.Errorf("query: %s is a list and has no order", col.name)
	}
	return col, err
}

// after is the condition of all rows behind the key.
func (s Select) after(st *statement) Condition {
	if s.After == nil {
		return Always{}
	}
	order := s.Order()
	if len(s.After) != len(order) {
		st.fail(fmt.Errorf("query: a key of %d values for an order of %d", len(s.After), len(order)))
		return Never{}
	}
	cols := make([]column, len(order))
	for i, o := range order {
		var err error
		if cols[i], err = sortColumn(o); err != nil {
			st.fail(err)
			return Never{}
		}
	}
	return rendered(st.behind(order, cols, s.After))
}

// behind compares level by level; levels that are never blank and run in one
// direction are compared as one row value, which an index serves.
func (s *statement) behind(order []Sort, cols []column, key []any) string {
	if uniform(order, cols) {
		return s.rowBehind(order, cols, key)
	}
	text, blank := keyText(key[0])
	rest := func() string { return s.behind(order[1:], cols[1:], key[1:]) }
	c := cols[0]
	if blank {
		if len(order) == 1 {
			return never
		}
		return "(" + c.quoted() + " IS NULL AND " + rest() + ")"
	}
	op := expr.OpMore
	if order[0].Desc {
		op = expr.OpLess
	}
	parts := []string{s.compareStored(c, op, text)}
	if c.nullable {
		parts = append(parts, c.quoted()+" IS NULL")
	}
	if len(order) > 1 {
		parts = append(parts, "("+s.compareStored(c, expr.OpEqual, text)+" AND "+rest()+")")
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

func uniform(order []Sort, cols []column) bool {
	for i, c := range cols {
		if c.nullable || order[i].Desc != order[0].Desc {
			return false
		}
	}
	return true
}

func (s *statement) rowBehind(order []Sort, cols []column, key []any) string {
	var left, right []string
	for i, c := range cols {
		text, _ := keyText(key[i])
		left = append(left, c.quoted())
		if c.storage == schema.Text {
			right = append(right, s.bind(text))
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return s.fail(fmt.Errorf("query: %q is no whole number", text))
		}
		right = append(right, s.bind(n))
	}
	op := " > "
	if order[0].Desc {
		op = " < "
	}
	if len(cols) == 1 {
		return left[0] + op + right[0]
	}
	return "(" + strings.Join(left, ", ") + ")" + op + "(" + strings.Join(right, ", ") + ")"
}
