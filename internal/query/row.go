package query

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// Row is a record: its system columns and canonical values by field id; a
// blank field has no entry.
type Row struct {
	ID                   string
	CreatedAt, UpdatedAt time.Time
	CreatedBy            string
	DeletedAt            *time.Time
	Revision, ThreadSeq  int64
	Values               map[string]any
}

// Field gives a value by field id or system column name, as expr.Input.Field wants it.
func (r Row) Field(id string) any {
	switch id {
	case "id":
		return r.ID
	case "created_at":
		return r.CreatedAt
	case "updated_at":
		return r.UpdatedAt
	case "created_by":
		return r.CreatedBy
	}
	return r.Values[id]
}

func (r Row) value(f *schema.Field, system string) any {
	if f != nil {
		return r.Values[f.ID]
	}
	switch system {
	case "deleted_at":
		return r.DeletedAt
	case "revision":
		return r.Revision
	case "thread_seq":
		return r.ThreadSeq
	case "created_by":
		if r.CreatedBy == "" {
			return nil
		}
	}
	return r.Field(system)
}

// readColumns are the columns that Scan expects, in its order.
func readColumns(d Dialect, fields []*schema.Field) []string {
	var out []string
	for _, c := range schema.SystemColumns() {
		out = append(out, Quote(c.Name))
	}
	for _, f := range fields {
		if f.Storage() == schema.Scaled || f.Storage() == schema.MoneyPair {
			out = append(out, d.ReadScaled(Quote(f.Column)))
		} else {
			out = append(out, Quote(f.Column))
		}
		if f.Storage() == schema.MoneyPair {
			out = append(out, Quote(f.Column+"_u"))
		}
	}
	return out
}

// Width is how many columns a rendered Select of these fields has.
func Width(fields []*schema.Field) int {
	n := len(schema.SystemColumns()) + len(fields)
	for _, f := range fields {
		if f.Storage() == schema.MoneyPair {
			n++
		}
	}
	return n
}

// Scan makes a record of the columns of a rendered Select of these fields, as
// the database gives them: texts, whole numbers, yes and no, or nothing.
func Scan(columns []any, fields []*schema.Field, d Dialect) (Row, error) {
	r := Row{Values: make(map[string]any, filledOf(columns))}
	at := r.system(columns)
	for _, f := range fields {
		column, unit := columns[at], any(nil)
		if at++; f.Storage() == schema.MoneyPair {
			unit = columns[at]
			at++
		}
		if column == nil {
			continue
		}
		v, err := canonical(column, unit, f, d)
		if err != nil {
			return Row{}, fmt.Errorf("field %s: %w", f.ID, err)
		}
		if v != nil {
			r.Values[f.ID] = v
		}
	}
	return r, nil
}

func filledOf(columns []any) (n int) {
	for _, column := range columns {
		if column != nil {
			n++
		}
	}
	return n
}

// system reads the system columns and tells how many they are.
func (r *Row) system(columns []any) int {
	whole := func(i int) int64 { n, _ := columns[i].(int64); return n }
	r.ID, _ = columns[0].(string)
	r.CreatedAt, r.UpdatedAt = time.UnixMicro(whole(1)).UTC(), time.UnixMicro(whole(2)).UTC()
	r.CreatedBy, _ = columns[3].(string)
	if columns[4] != nil {
		t := time.UnixMicro(whole(4)).UTC()
		r.DeletedAt = &t
	}
	r.Revision, r.ThreadSeq = whole(5), whole(6)
	return 7
}

// canonical is a field's value, nil for blank.
func canonical(column, unit any, f *schema.Field, d Dialect) (any, error) {
	storage := f.Storage()
	switch v := column.(type) {
	case int64:
		switch storage {
		case schema.Micros:
			return time.UnixMicro(v).UTC(), nil
		case schema.Boolean:
			return v != 0, nil
		case schema.Integer:
			return v, nil
		case schema.Scaled:
			return schema.Scale(v, f.Scale), nil
		case schema.MoneyPair:
			return money(schema.Scale(v, f.Scale), unit, f), nil
		}
	case bool:
		return v, nil
	case string:
		switch storage {
		case schema.Scaled:
			return d.Unscaled(v, f.Scale)
		case schema.MoneyPair:
			amount, err := d.Unscaled(v, f.Scale)
			return money(amount, unit, f), err
		case schema.TextList:
			return listOf(v)
		}
		if f.Type == "date" {
			return schema.Date(v), nil
		}
		return v, nil
	}
	return nil, fmt.Errorf("a column gives %T", column)
}

func listOf(text string) (any, error) {
	var list []string
	err := json.Unmarshal([]byte(text), &list)
	if len(list) == 0 {
		return nil, err
	}
	return list, err
}

func money(amount *apd.Decimal, unit any, f *schema.Field) schema.Money {
	m := schema.Money{Amount: amount, Currency: f.Currency}
	if text, ok := unit.(string); ok {
		m.Currency = text
	}
	return m
}

// Scanner is the current row of a result.
type Scanner interface{ Scan(dest ...any) error }

// cell receives one column of a group, or its field's two.
type cell struct {
	text, unit *string
	number     *int64
	yes        *bool
}

func (c *cell) destinations(dest []any, storage schema.Storage) []any {
	switch storage {
	case schema.Integer, schema.Micros:
		return append(dest, &c.number)
	case schema.Boolean:
		return append(dest, &c.yes)
	case schema.MoneyPair:
		return append(dest, &c.text, &c.unit)
	}
	return append(dest, &c.text)
}

// value is the canonical value, nil for blank.
func (c *cell) value(f *schema.Field, d Dialect) (any, error) {
	switch {
	case c.yes != nil:
		return *c.yes, nil
	case c.number != nil:
		return canonical(*c.number, nil, f, d)
	case c.text == nil:
		return nil, nil
	case c.unit == nil:
		return canonical(*c.text, nil, f, d)
	}
	return canonical(*c.text, *c.unit, f, d)
}

// listText is a list as its column keeps it.
func listText(list []string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(list)
	return strings.TrimSuffix(b.String(), "\n"), err
}
