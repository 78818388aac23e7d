package query

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// column is a physical column of a record's table.
type column struct {
	name     string
	storage  schema.Storage // of a currency: Scaled, its amount
	scale    int
	nullable bool
}

func (c column) quoted() string { return Quote(c.name) }

var physicalName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// columnOf finds the column of a field, or the system column when there is no field.
func columnOf(f *schema.Field, system string) (column, error) {
	if f == nil {
		for _, c := range schema.SystemColumns() {
			if c.Name == system {
				return column{c.Name, c.Storage, 0, !c.NotNull}, nil
			}
		}
		return column{}, fmt.Errorf("query: unknown system column %q", system)
	}
	if !physicalName.MatchString(f.Column) {
		return column{}, fmt.Errorf("query: field %s has no physical column", f.ID)
	}
	c := column{f.Column, f.Storage(), f.Scale, true}
	if c.storage == schema.MoneyPair {
		c.storage = schema.Scaled
	}
	return c, nil
}

// keyText is a canonical value as a text that survives JSON: times are
// microseconds, money is its amount. blank is true for nil.
func keyText(v any) (text string, blank bool) {
	switch x := v.(type) {
	case nil:
		return "", true
	case string:
		return x, false
	case schema.Date:
		return string(x), false
	case time.Time:
		return strconv.FormatInt(x.UnixMicro(), 10), false
	case *time.Time:
		if x == nil {
			return "", true
		}
		return strconv.FormatInt(x.UnixMicro(), 10), false
	case *apd.Decimal:
		if x == nil {
			return "", true
		}
		return x.Text('f'), false
	case schema.Money:
		return keyText(x.Amount)
	case *string:
		if x == nil {
			return "", true
		}
		return *x, false
	}
	return fmt.Sprint(v), false
}

// keyed binds a value given as keyText for comparison with its column.
func (s *statement) keyed(col column, text string) string {
	switch col.storage {
	case schema.Text:
		return s.bind(text)
	case schema.Boolean:
		return truthValue(text == "true")
	case schema.Scaled:
		d, _, err := apd.NewFromString(text)
		if err != nil {
			return s.fail(fmt.Errorf("query: %q is no number", text))
		}
		arg, around, ok := s.d.Scaled(d, col.scale)
		if !ok {
			return s.fail(fmt.Errorf("query: %q is no value of %s", text, col.name))
		}
		return s.around(arg, around)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return s.fail(fmt.Errorf("query: %q is no whole number", text))
	}
	return s.bind(n)
}

// compareStored compares a column with a value given as keyText.
func (s *statement) compareStored(col column, op expr.Op, text string) string {
	switch col.storage {
	case schema.Text:
		return col.quoted() + " " + string(op) + " " + s.bind(text)
	case schema.Boolean:
		return col.quoted() + " " + string(op) + " " + truthValue(text == "true")
	case schema.Scaled:
		d, _, err := apd.NewFromString(text)
		if err != nil {
			return s.fail(fmt.Errorf("query: %q is no number", text))
		}
		return s.compareNumber(col, op, d)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return s.fail(fmt.Errorf("query: %q is no whole number", text))
	}
	return col.quoted() + " " + string(op) + " " + s.bind(n)
}

func truthValue(v bool) string {
	if v {
		return always
	}
	return never
}

// compareNumber compares a scaled column with a number that may have more digits.
func (s *statement) compareNumber(col column, op expr.Op, d *apd.Decimal) string {
	if arg, around, ok := s.d.Scaled(d, col.scale); ok {
		return col.quoted() + " " + string(op) + " " + s.around(arg, around)
	}
	if op == expr.OpEqual {
		return never
	}
	arg, around := s.d.Literal(d)
	return s.d.CompareDecimals(op, s.d.Decimal(col.quoted(), col.scale), s.around(arg, around))
}
