package schema

import (
	"math"
	"strings"

	"clew.dev/clew/internal/fault"
	"github.com/cockroachdb/apd/v3"
)

// MaxScale is the largest number of digits after the point.
const MaxScale = 10

const (
	decimalLength   = 60 // characters of a number that are read at all
	decimalExponent = 40 // guards against 1e999999
)

// parseDecimal reads an exact number and brings it to the field's scale.
func parseDecimal(f *Field, s string, in Input) (*apd.Decimal, *fault.Field) {
	d, code := ReadDecimal(s)
	if code != "" {
		return nil, wrong(f, code)
	}
	return fitScale(f, d, in)
}

// ReadDecimal reads a plain decimal number, with or without thousands
// separators. The code is "" or "invalid_number" or "out_of_range".
func ReadDecimal(s string) (d *apd.Decimal, code string) {
	if strings.ContainsAny(s, ", _") { // most numbers come without
		s = strings.NewReplacer(",", "", " ", "", "_", "").Replace(s)
	}
	if s == "" || len(s) > decimalLength || strings.ContainsAny(s, "nNiIxX") {
		return nil, "invalid_number"
	}
	d, _, err := apd.NewFromString(s)
	if err != nil || d.Form != apd.Finite {
		return nil, "invalid_number"
	}
	if d.Exponent > decimalExponent || d.Exponent < -decimalLength {
		return nil, "out_of_range"
	}
	return d, ""
}

// fitScale gives d exactly f.Scale digits after the point. A person's further
// digits are refused, a channel's rounded half up. What a scaled 64-bit integer
// cannot hold is refused on every database alike.
func fitScale(f *Field, d *apd.Decimal, in Input) (*apd.Decimal, *fault.Field) {
	scaled, exact := quantize(d, f.Scale)
	if !exact && in.Person {
		e := wrong(f, "too_precise")
		e.Params = map[string]any{"scale": f.Scale}
		return nil, e
	}
	if !exact {
		in.flag(f, "too_precise")
	}
	if _, ok := Unscale(scaled, f.Scale); !ok {
		return nil, wrong(f, "out_of_range")
	}
	return scaled, nil
}

// quantize rounds half up (away from zero) to scale digits; exact says that nothing was lost.
func quantize(d *apd.Decimal, scale int) (out *apd.Decimal, exact bool) {
	ctx := apd.BaseContext.WithPrecision(120)
	ctx.Rounding = apd.RoundHalfUp
	ctx.Traps = 0
	out = new(apd.Decimal)
	cond, err := ctx.Quantize(out, d, -int32(scale)) //nolint:gosec // a scale is 0 to 10
	if err != nil || out.Form != apd.Finite {
		return d, false
	}
	if out.IsZero() {
		out.Negative = false
	}
	return out, !cond.Inexact()
}

// Unscale is d × 10^scale as a 64-bit integer: how a scaled column keeps it
// where there is no exact decimal. ok is false when it does not fit or has more digits.
func Unscale(d *apd.Decimal, scale int) (n int64, ok bool) {
	out, exact := quantize(d, scale)
	if !exact || !out.Coeff.IsInt64() {
		return 0, false
	}
	n = out.Coeff.Int64()
	if n == math.MinInt64 {
		return 0, false
	}
	if out.Negative {
		n = -n
	}
	return n, true
}

// Scale is the decimal n ÷ 10^scale.
func Scale(n int64, scale int) *apd.Decimal {
	return apd.New(n, -int32(scale)) //nolint:gosec // a scale is 0 to 10
}

// FormatDecimal writes d with exactly scale digits after the point.
func FormatDecimal(d *apd.Decimal, scale int) string {
	out, _ := quantize(d, scale)
	return out.Text('f')
}

func checkScale(f *Field) *fault.Field {
	if f.Scale < 0 || f.Scale > MaxScale {
		return &fault.Field{Path: "scale", Code: "out_of_range", Params: map[string]any{"min": 0, "max": MaxScale}}
	}
	return nil
}
