package query

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"clew.dev/clew/internal/schema"
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

// Scanner is the current row of a result.
type Scanner interface{ Scan(dest ...any) error }

// Scan reads one row of a rendered Select of these fields.
func Scan(rows Scanner, fields []*schema.Field, d Dialect) (Row, error) {
	var r Row
	var createdBy *string
	var created, updated int64
	var deleted *int64
	dest := []any{&r.ID, &created, &updated, &createdBy, &deleted, &r.Revision, &r.ThreadSeq}
	cells := make([]cell, len(fields))
	for i, f := range fields {
		dest = cells[i].destinations(dest, f.Storage())
	}
	if err := rows.Scan(dest...); err != nil {
		return Row{}, err
	}
	r.CreatedAt, r.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if createdBy != nil {
		r.CreatedBy = *createdBy
	}
	if deleted != nil {
		t := time.UnixMicro(*deleted).UTC()
		r.DeletedAt = &t
	}
	r.Values = make(map[string]any, len(fields))
	for i, f := range fields {
		v, err := cells[i].value(f, d)
		if err != nil {
			return Row{}, fmt.Errorf("field %s: %w", f.ID, err)
		}
		if v != nil {
			r.Values[f.ID] = v
		}
	}
	return r, nil
}

// cell receives one field's columns.
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
	switch storage := f.Storage(); {
	case c.yes != nil:
		return *c.yes, nil
	case c.number != nil && storage == schema.Micros:
		return time.UnixMicro(*c.number).UTC(), nil
	case c.number != nil:
		return *c.number, nil
	case c.text == nil:
		return nil, nil
	case storage == schema.Scaled:
		return d.Unscaled(*c.text, f.Scale)
	case storage == schema.MoneyPair:
		return money(*c.text, c.unit, f, d)
	case storage == schema.TextList:
		var list []string
		err := json.Unmarshal([]byte(*c.text), &list)
		if len(list) == 0 {
			return nil, err
		}
		return list, err
	case f.Type == "date":
		return schema.Date(*c.text), nil
	}
	return *c.text, nil
}

func money(text string, unit *string, f *schema.Field, d Dialect) (any, error) {
	amount, err := d.Unscaled(text, f.Scale)
	if err != nil {
		return nil, err
	}
	m := schema.Money{Amount: amount, Currency: f.Currency}
	if unit != nil {
		m.Currency = *unit
	}
	return m, nil
}

// listText is a list as its column keeps it.
func listText(list []string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(list)
	return strings.TrimSuffix(b.String(), "\n"), err
}
