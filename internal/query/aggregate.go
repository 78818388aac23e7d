package query

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// MeasureKind is what is computed of a group. Blank values are ignored.
type MeasureKind string

// The measures.
const (
	Count   MeasureKind = "count" // of records, or of values that are not blank when Field is set
	Sum     MeasureKind = "sum"
	Average MeasureKind = "avg" // 34 digits, half away from zero
	Min     MeasureKind = "min"
	Max     MeasureKind = "max"
)

// Measure is one figure of a group.
type Measure struct {
	Kind  MeasureKind
	Field *schema.Field
	Where Condition // counts only these records; nil means all
}

// GroupBy is one level of grouping: by value, or by calendar "day", "week" (its Monday), "month" or "year".
type GroupBy struct {
	Field  *schema.Field
	System string // instead of Field
	Bucket string
}

// Aggregate computes figures. A measure of a currency field splits each group by currency.
type Aggregate struct {
	Object   *schema.Object
	Where    Condition
	Group    []GroupBy
	Measures []Measure
	Zone     *time.Location // of the buckets; nil means UTC
	Limit    int            // of groups; 0 means no limit
}

// Group is one group's figures.
type Group struct {
	// Keys are canonical values, nil for blank; a bucket is a text: "2026-01-31" (a day, or a week by its Monday), "2026-01", "2026".
	Keys []any
	// Currency is that of the money in the group, "" when it has none.
	Currency string
	// Values are per measure: int64 for a count; for the others the field's
	// canonical value, nil when every value is blank.
	Values []any
}

// currency finds the currency column that splits the groups, "" if none does.
func (a Aggregate) currency() (string, error) {
	found := ""
	for _, m := range a.Measures {
		if m.Kind == Count || m.Field == nil || m.Field.Storage() != schema.MoneyPair {
			continue
		}
		if name := m.Field.Column + "_u"; found != "" && found != name {
			return "", errors.New("query: two currency fields in one aggregate")
		} else {
			found = name
		}
	}
	return found, nil
}

// Render writes the SELECT and its arguments; ScanGroup reads its rows.
func (a Aggregate) Render(d Dialect) (sql string, args []any, err error) {
	s := &statement{d: d, object: a.Object, all: true}
	table, err := tableOf(a.Object)
	if err != nil {
		return "", nil, err
	}
	unit, err := a.currency()
	if err != nil {
		return "", nil, err
	}
	var columns []string
	for _, g := range a.Group {
		columns = append(columns, a.groupColumn(s, g))
	}
	if unit != "" {
		columns = append(columns, Quote(unit))
	}
	keys := len(columns)
	for _, m := range a.Measures {
		columns = append(columns, s.measure(m)...)
	}
	if len(columns) == 0 {
		return "", nil, errors.New("query: an aggregate without measures")
	}
	sql = "SELECT " + strings.Join(columns, ", ") + " FROM " + table + " WHERE " + s.where(a.Where, false, Always{})
	return sql + grouping(keys, a.Limit), s.args, s.err
}

// grouping groups and orders by the first columns of the result.
func grouping(keys, limit int) string {
	var group, order []string
	for i := range keys {
		group = append(group, strconv.Itoa(i+1))
		order = append(order, strconv.Itoa(i+1)+" NULLS LAST")
	}
	out := ""
	if keys > 0 {
		out = " GROUP BY " + strings.Join(group, ", ") + " ORDER BY " + strings.Join(order, ", ")
	}
	if limit > 0 {
		out += " LIMIT " + strconv.Itoa(limit)
	}
	return out
}

func (a Aggregate) zone() string {
	if a.Zone == nil {
		return "UTC"
	}
	return a.Zone.String()
}

func (a Aggregate) groupColumn(s *statement, g GroupBy) string {
	col, err := columnOf(g.Field, g.System)
	switch {
	case err != nil:
		return s.fail(err)
	case col.storage == schema.TextList:
		return s.fail(fmt.Errorf("query: %s is a list and cannot be grouped", col.name))
	case col.storage == schema.Scaled:
		return s.d.ReadScaled(col.quoted())
	case g.Bucket == "":
		return col.quoted()
	}
	if !slices.Contains(Buckets(), g.Bucket) || !isMoment(g) {
		return s.fail(fmt.Errorf("query: %s cannot be grouped by %q", col.name, g.Bucket))
	}
	day := col.quoted()
	if col.storage == schema.Micros {
		if day, err = s.d.Function(expr.OpDay, "", day, s.bind(a.zone())); err != nil {
			return s.fail(err)
		}
	}
	switch g.Bucket {
	case "year":
		return "substr(" + day + ", 1, 4)"
	case "month":
		return "substr(" + day + ", 1, 7)"
	case "week":
		return s.monday(day)
	}
	return day
}

// Buckets are the calendar steps by which moments are grouped.
func Buckets() []string { return []string{"day", "week", "month", "year"} }

// monday is the first day of a day's week.
func (s *statement) monday(day string) string {
	weekday, err := s.d.Function("WEEKDAY", "", day)
	if err != nil {
		return s.fail(err)
	}
	text, err := s.d.Function("DATEADD", "day", day, "(1 - "+weekday+")")
	if err != nil {
		return s.fail(err)
	}
	return text
}

func isMoment(g GroupBy) bool {
	if g.Field != nil {
		return g.Field.Type == "date" || g.Field.Type == "datetime"
	}
	return strings.HasSuffix(g.System, "_at")
}

// measure gives the columns of a measure: two for an average.
func (s *statement) measure(m Measure) []string {
	filter := ""
	if m.Where != nil {
		filter = " FILTER (WHERE " + m.Where.render(s) + ")"
	}
	if m.Field == nil {
		if m.Kind != Count {
			s.fail(fmt.Errorf("query: %s needs a field", m.Kind))
		}
		return []string{"count(*)" + filter}
	}
	col, err := columnOf(m.Field, "")
	if err != nil {
		s.fail(err)
		return nil
	}
	if err := measurable(m, col); err != nil {
		s.fail(err)
	}
	count := "count(" + col.quoted() + ")" + filter
	switch m.Kind {
	case Count:
		return []string{count}
	case Average:
		return []string{s.d.ReadScaled("sum(" + col.quoted() + ")" + filter), count}
	}
	value := string(m.Kind) + "(" + col.quoted() + ")" + filter
	if col.storage == schema.Scaled {
		value = s.d.ReadScaled(value)
	}
	return []string{value}
}

func measurable(m Measure, col column) error {
	ok := false
	switch m.Kind {
	case Count:
		ok = true
	case Sum, Average:
		ok = col.storage == schema.Scaled
	case Min, Max:
		ok = col.storage == schema.Scaled || col.storage == schema.Micros || m.Field.Type == "date"
	}
	if !ok {
		return fmt.Errorf("query: no %s of a %s", m.Kind, m.Field.Type)
	}
	return nil
}

// ScanGroup reads one row of the rendered aggregate.
func (a Aggregate) ScanGroup(rows Scanner, d Dialect) (Group, error) {
	unit, err := a.currency()
	if err != nil {
		return Group{}, err
	}
	var dest []any
	keys := make([]cell, len(a.Group))
	for i, g := range a.Group {
		dest = keys[i].destinations(dest, g.storage())
	}
	var currency *string
	if unit != "" {
		dest = append(dest, &currency)
	}
	figures := make([]figure, len(a.Measures))
	for i, m := range a.Measures {
		dest = figures[i].destinations(dest, m)
	}
	if err := rows.Scan(dest...); err != nil {
		return Group{}, err
	}
	var g Group
	if currency != nil {
		g.Currency = *currency
	}
	for i, by := range a.Group {
		v, err := by.key(&keys[i], d)
		if err != nil {
			return Group{}, err
		}
		g.Keys = append(g.Keys, v)
	}
	for i, m := range a.Measures {
		v, err := figures[i].value(m, g.Currency, d)
		if err != nil {
			return Group{}, err
		}
		g.Values = append(g.Values, v)
	}
	return g, nil
}

// storage is how the group's key comes out: a bucket and a number as text.
func (g GroupBy) storage() schema.Storage {
	col, err := columnOf(g.Field, g.System)
	if err != nil || g.Bucket != "" || col.storage == schema.Scaled {
		return schema.Text
	}
	return col.storage
}

func (g GroupBy) key(c *cell, d Dialect) (any, error) {
	if g.Field != nil && g.Bucket == "" {
		f := *g.Field
		if f.Storage() == schema.MoneyPair {
			f.Type = "number"
		}
		return c.value(&f, d)
	}
	switch {
	case c.number != nil:
		return *c.number, nil
	case c.text != nil:
		return *c.text, nil
	}
	return nil, nil
}

// figure receives one measure's columns.
type figure struct {
	cell  cell
	count int64
}

func (f *figure) destinations(dest []any, m Measure) []any {
	if m.Kind == Count {
		return append(dest, &f.count)
	}
	storage := m.Field.Storage()
	if storage == schema.MoneyPair {
		storage = schema.Scaled
	}
	dest = f.cell.destinations(dest, storage)
	if m.Kind == Average {
		dest = append(dest, &f.count)
	}
	return dest
}

func (f *figure) value(m Measure, currency string, d Dialect) (any, error) {
	if m.Kind == Count {
		return f.count, nil
	}
	plain := *m.Field
	if m.Field.Storage() == schema.MoneyPair {
		plain.Type = "number"
	}
	v, err := f.cell.value(&plain, d)
	number, ok := v.(*apd.Decimal)
	if err != nil || !ok {
		return v, err
	}
	if m.Kind == Average {
		if number, err = expr.Arithmetic(expr.OpDivide, number, apd.New(f.count, 0)); err != nil {
			return nil, err
		}
	}
	if m.Field.Storage() == schema.MoneyPair {
		return schema.Money{Amount: number, Currency: currency}, nil
	}
	return number, nil
}
