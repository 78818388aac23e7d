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
