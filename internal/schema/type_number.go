package schema

import (
	"clew.dev/clew/internal/fault"
	"github.com/cockroachdb/apd/v3"
)

type number struct{}

func (number) Name() string     { return "number" }
func (number) Storage() Storage { return Scaled }

func (number) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	if d, ok := raw.(*apd.Decimal); ok {
		return decimalValue(fitScale(f, d, in))
	}
	s, ok := scalar(raw)
	if _, isBool := raw.(bool); !ok || isBool {
		return nil, wrong(f, "invalid_type")
	}
	if s == "" {
		return nil, nil
	}
	return decimalValue(parseDecimal(f, s, in))
}

func decimalValue(d *apd.Decimal, e *fault.Field) (any, *fault.Field) {
	if e != nil {
		return nil, e
	}
	return d, nil
}

func (number) Encode(f *Field, value any) any {
	d, ok := value.(*apd.Decimal)
	if !ok {
		return nil
	}
	return FormatDecimal(d, f.Scale)
}

func (number) Check(f *Field) *fault.Field { return checkScale(f) }
