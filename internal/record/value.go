package record

import (
	"slices"
	"time"

	"github.com/cockroachdb/apd/v3"

	"clew.dev/clew/internal/schema"
)

// Equal compares two canonical values of one field; decimals by worth, not by scale.
func Equal(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case *apd.Decimal:
		y, ok := b.(*apd.Decimal)
		return ok && x.Cmp(y) == 0
	case schema.Money:
		y, ok := b.(schema.Money)
		return ok && x.Currency == y.Currency && x.Amount.Cmp(y.Amount) == 0
	case []string:
		y, ok := b.([]string)
		return ok && slices.Equal(x, y)
	case time.Time:
		y, ok := b.(time.Time)
		return ok && x.Equal(y)
	}
	return a == b
}

// Stored is the shape in which a value lies in thread entries and recorded
// inputs: as JSON carries it, but with permanent ids for choices.
func Stored(f *schema.Field, value any) any {
	switch f.Type {
	case "choice", "choices", "tags", "person", "reference":
		return value
	}
	return f.Encode(value)
}

// Unstored reads back what Stored gave, after JSON with json.Number; false when
// the field has no such value any more.
func Unstored(f *schema.Field, stored any) (any, bool) {
	if stored == nil {
		return nil, true
	}
	switch f.Type {
	case "choice", "person", "reference":
		text, ok := stored.(string)
		return text, ok
	case "choices", "tags":
		return listOfTexts(stored)
	}
	value, bad := f.Parse(stored, schema.Input{})
	return value, bad == nil
}

func listOfTexts(stored any) (any, bool) {
	if list, ok := stored.([]string); ok {
		return list, true
	}
	items, ok := stored.([]any)
	list := make([]string, 0, len(items))
	for _, item := range items {
		text, isText := item.(string)
		ok = ok && isText
		list = append(list, text)
	}
	return list, ok
}
