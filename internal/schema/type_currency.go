package schema

import (
	"strings"

	"clew.dev/clew/internal/fault"
	"github.com/cockroachdb/apd/v3"
)

type currency struct{}

func (currency) Name() string     { return "currency" }
func (currency) Storage() Storage { return MoneyPair }

// Parse reads {amount, currency}, or a plain number in the field's currency.
func (currency) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	code := f.Currency
	switch v := raw.(type) {
	case Money:
		return amountOf(f, v.Amount, v.Currency, in)
	case map[string]any:
		if c, ok := v["currency"]; ok && c != nil {
			s, _ := scalar(c)
			code = strings.ToUpper(s)
		}
		amount, given := v["amount"]
		if !given { // must not be taken for a blank
			return nil, wrong(f, "invalid_type")
		}
		raw = amount
	}
	s, ok := scalar(raw)
	if _, isBool := raw.(bool); !ok || isBool {
		return nil, wrong(f, "invalid_type")
	}
	if s == "" {
		return nil, nil
	}
	d, problem := ReadDecimal(s)
	if problem != "" {
		return nil, wrong(f, problem)
	}
	return amountOf(f, d, code, in)
}

func amountOf(f *Field, d *apd.Decimal, code string, in Input) (any, *fault.Field) {
	if !isCurrency(code) {
		return nil, wrong(f, "invalid_currency")
	}
	d, e := fitScale(f, d, in)
	if e != nil {
		return nil, e
	}
	return Money{Amount: d, Currency: code}, nil
}

func (currency) Encode(f *Field, value any) any {
	m, ok := value.(Money)
	if !ok {
		return nil
	}
	return map[string]any{"amount": FormatDecimal(m.Amount, f.Scale), "currency": m.Currency}
}

func (currency) Check(f *Field) *fault.Field {
	if !isCurrency(f.Currency) {
		return &fault.Field{Path: "currency", Code: "invalid_currency"}
	}
	if f.Unique {
		return &fault.Field{Path: "unique", Code: "not_for_type"}
	}
	return checkScale(f)
}

func isCurrency(code string) bool {
	if len(code) != 3 {
		return false
	}
	for _, r := range code {
		if r < 'A' || r > 'Z' {
			return false
		}
	}
	return true
}
