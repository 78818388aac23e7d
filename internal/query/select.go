package query

import (
	"errors"
	"fmt"
	"slices"
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

	half half
}

// Order is the complete order: Sort, then creation and id in the direction of
// the last level.
func (s Select) Order() []Sort {
	order := append([]Sort(nil), s.Sort...)
	desc, created := true, false
	for i, o := range order {
		if o.Field == nil && o.System == "id" {
			return order[:i+1]
		}
		created = created || o.Field == nil && o.System == "created_at"
		desc = o.Desc
	}
	if !created {
		order = append(order, Sort{System: "created_at", Desc: desc})
	}
	return append(order, Sort{System: "id", Desc: desc})
}

// half is one of the two parts of a page in the order of a field that may be blank.
type half int

const (
	whole  half = iota
	filled      // the records with a value, which an index of the field has in order
	blank       // those without, in what remains of the order
)

// Halves are the selections whose rows, one after the other up to Limit, are the
// page. A field that may be blank is read in two: neither database walks an
// index for "blank comes last" in both directions.
func (s Select) Halves() []Select {
	order := s.Order()
	first := order[0]
	if first.Field == nil || s.Limit == 0 || s.Deleted {
		return []Select{s}
	}
	with, without := s, s
	with.half, without.half = filled, blank
	never, always := demands(s.Where, first.Field)
	switch {
	case never, s.After != nil && s.After[0] == nil && !always:
		return []Select{without}
	case always:
		return []Select{with}
	}
	if without.After != nil {
		without.After = nil // the page before ended among those with a value
	}
	return []Select{with, without}
}

// demands says whether a condition lets pass only records in which the field is
// blank, or only such in which it is not. It may miss one, never invent one.
func demands(c Condition, f *schema.Field) (blank, filled bool) {
	switch c := c.(type) {
	case And:
		for _, part := range c {
			b, v := demands(part, f)
			blank, filled = blank || b, filled || v
		}
	case Compare:
		if c.Field != nil && c.Field.ID == f.ID {
			empty := c.Value == nil
			return empty && c.Op == expr.OpEqual, !empty || c.Op == expr.OpUnequal
		}
	case In:
		return false, c.Field != nil && c.Field.ID == f.ID
	case Expr:
		if c.Program != nil {
			return demanded(c.Program.Root(), f)
		}
	}
	return blank, filled
}

func demanded(n *expr.Node, f *schema.Field) (blank, filled bool) {
	is := func(n *expr.Node) bool {
		return n.Op == expr.OpField && n.Column.Field != nil && n.Column.Field.ID == f.ID
	}
	switch {
	case n.Op == expr.OpAnd:
		for _, part := range n.Args {
			b, v := demanded(part, f)
			blank, filled = blank || b, filled || v
		}
	case n.Op == "ISBLANK":
		return is(n.Args[0]), false
	case n.Op == expr.OpNot && n.Args[0].Op == "ISBLANK":
		return false, is(n.Args[0].Args[0])
	case n.Op.Comparison(), n.Op == expr.OpMember:
		return false, is(n.Args[0]) || len(n.Args) > 1 && n.Op != expr.OpMember && is(n.Args[1])
	}
	return blank, filled
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
	st := &statement{d: d, object: s.Object}
	table, err := tableOf(s.Object)
	if err != nil {
		return "", nil, err
	}
	var b strings.Builder
	from, sought := st.sought(table, s.Where)
	where := st.where(sought, s.Deleted, s.half.of(s.Order()[0]), s.after(st))
	if where == never { // what was bound for the ids and the key is not asked for
		from, st.args = table, nil
	}
	b.WriteString("SELECT " + strings.Join(readColumns(d, s.Fields), ", ") + " FROM " + from + " WHERE " + where)
	b.WriteString(" ORDER BY " + st.order(table, s.levels()))
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
	st := &statement{d: d, object: s.Object}
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

// sought is where the records are read from; if their ids stand in the
// condition, or those of a few that they refer to, that is by them.
func (s *statement) sought(table string, c Condition) (string, Condition) {
	parts, ok := c.(And)
	if !ok {
		parts = And{c}
	}
	for i, part := range parts {
		in, ok := part.(In)
		if !ok || !in.ids() {
			continue
		}
		col, err := columnOf(in.Field, in.System)
		if err != nil {
			s.fail(err)
			continue
		}
		ids := textsOf(in.Values)
		slices.Sort(ids)
		from, where := s.d.Sought(table, col.quoted(), slices.Compact(ids), s.bind)
		rest := append(And{rendered(where)}, parts[:i]...)
		return from, append(rest, parts[i+1:]...)
	}
	return table, c
}

// ids tells that the values are several records' ids: the records', or those of
// what they refer to.
func (c In) ids() bool {
	reference := c.Field != nil && c.Field.Type == "reference"
	return len(c.Values) > 1 && (reference || c.Field == nil && c.System == "id")
}

func tableOf(o *schema.Object) (string, error) {
	if o == nil || !physicalName.MatchString(o.Table) {
		return "", errors.New("query: an object without a physical table")
	}
	return Quote(o.Table), nil
}

// of is the half's condition on the first level of the order.
func (h half) of(first Sort) Condition {
	switch h {
	case filled:
		return Compare{Field: first.Field, Op: expr.OpUnequal}
	case blank:
		return Compare{Field: first.Field, Op: expr.OpEqual}
	}
	return Always{}
}

// level is one of the order's, of whose values none is blank if it is filled.
type level struct {
	Sort
	filled bool
}

// levels are the order of the half: blank ones have no order among themselves.
func (s Select) levels() []level {
	var levels []level
	for i, o := range s.Order() {
		if i > 0 || s.half != blank {
			levels = append(levels, level{o, i == 0 && s.half == filled})
		}
	}
	return levels
}

func (s *statement) where(c Condition, deleted bool, more ...Condition) string {
	live := Compare{System: "deleted_at", Op: expr.OpEqual}
	if deleted {
		live.Op = expr.OpUnequal
	}
	if c == nil {
		c = Always{}
	}
	return append(And{live, c}, more...).render(s)
}

// order names the table, because a bare name would mean the selected text of a number.
func (s *statement) order(table string, order []level) string {
	var levels []string
	for _, o := range order {
		col, err := o.column()
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

func (o level) column() (column, error) {
	col, err := columnOf(o.Field, o.System)
	col.nullable = col.nullable && !o.filled
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
	order := s.levels()
	key := s.After
	if want := len(s.Order()); len(key) != want {
		st.fail(fmt.Errorf("query: a key of %d values for an order of %d", len(key), want))
		return Never{}
	}
	key = key[len(key)-len(order):]
	cols := make([]column, len(order))
	for i, o := range order {
		var err error
		if cols[i], err = o.column(); err != nil {
			st.fail(err)
			return Never{}
		}
	}
	return rendered(st.behind(order, cols, key))
}

// behind compares level by level; levels that are never blank and run in one
// direction are compared as one row value, which an index serves.
func (s *statement) behind(order []level, cols []column, key []any) string {
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
	if len(order) == 1 {
		parts := []string{s.compareStored(c, op, text)}
		if c.nullable {
			parts = append(parts, c.quoted()+" IS NULL")
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	}
	from := ""
	if !c.nullable { // where an index begins
		from = s.compareStored(c, op+"=", text) + " AND "
	}
	parts := []string{s.compareStored(c, op, text)}
	if c.nullable {
		parts = append(parts, c.quoted()+" IS NULL")
	}
	parts = append(parts, "("+s.compareStored(c, expr.OpEqual, text)+" AND "+rest()+")")
	return "(" + from + "(" + strings.Join(parts, " OR ") + "))"
}

func uniform(order []level, cols []column) bool {
	for i, c := range cols {
		if c.nullable || order[i].Desc != order[0].Desc {
			return false
		}
	}
	return true
}

func (s *statement) rowBehind(order []level, cols []column, key []any) string {
	var left, right []string
	for i, c := range cols {
		text, _ := keyText(key[i])
		left, right = append(left, c.quoted()), append(right, s.keyed(c, text))
	}
	op := " > "
	if order[0].Desc {
		op = " < "
	}
	if len(cols) == 1 {
		return left[0] + op + right[0]
	}
	if len(cols) == 2 && order[0].System == "created_at" {
		return s.d.Beyond(left[0], left[1], op, right[0], right[1])
	}
	return "(" + strings.Join(left, ", ") + ")" + op + "(" + strings.Join(right, ", ") + ")"
}
