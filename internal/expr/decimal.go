package expr

import "github.com/cockroachdb/apd/v3"

// Digits of an exact sum or product, and of a quotient. More is an overflow;
// a quotient is rounded half away from zero.
const (
	exactDigits    = 80
	quotientDigits = 34
	maxPlaces      = 30 // of ROUND
)

func context(digits uint32, rounding apd.Rounder) *apd.Context {
	return &apd.Context{
		Precision: digits, MaxExponent: 400, MinExponent: -400,
		Rounding: rounding, Traps: apd.Overflow | apd.Underflow | apd.Subnormal | apd.InvalidOperation | apd.DivisionImpossible,
	}
}

// Arithmetic computes a number operation or function of package expr: + - * /
// NEGATE ABS INT MOD ROUND ROUNDUP ROUNDDOWN MIN MAX. No argument may be nil;
// the result is nil (blank) for a division by zero. The SQL functions of the
// embedded database call it too, so that both compute the same.
func Arithmetic(op Op, args ...*apd.Decimal) (*apd.Decimal, error) {
	ctx := context(exactDigits, apd.RoundHalfUp)
	out := new(apd.Decimal)
	var cond apd.Condition
	var err error
	a := args[0]
	switch op {
	case OpAdd:
		cond, err = ctx.Add(out, a, args[1])
	case OpSubtract:
		cond, err = ctx.Sub(out, a, args[1])
	case OpMultiply:
		cond, err = ctx.Mul(out, a, args[1])
	case OpDivide:
		return divide(a, args[1])
	case OpNegate:
		cond, err = ctx.Neg(out, a)
	case "ABS":
		cond, err = ctx.Abs(out, a)
	case "INT":
		return places(a, 0, apd.RoundFloor)
	case "MOD":
		return modulo(ctx, a, args[1])
	case "ROUND":
		return round(a, args[1], apd.RoundHalfUp)
	case "ROUNDUP":
		return round(a, args[1], apd.RoundUp)
	case "ROUNDDOWN":
		return round(a, args[1], apd.RoundDown)
	case "MIN", "MAX":
		return extreme(op, args), nil
	}
	if err != nil || cond.Inexact() {
		return nil, &EvalError{Code: "overflow", Function: string(op)}
	}
	return tidy(out), nil
}

// tidy removes the sign of zero.
func tidy(d *apd.Decimal) *apd.Decimal {
	if d.IsZero() {
		d.Negative = false
	}
	return d
}

func divide(a, b *apd.Decimal) (*apd.Decimal, error) {
	if b.IsZero() {
		return nil, nil
	}
	out := new(apd.Decimal)
	if _, err := context(quotientDigits, apd.RoundHalfUp).Quo(out, a, b); err != nil {
		return nil, &EvalError{Code: "overflow", Function: "/"}
	}
	return tidy(out), nil
}

// modulo has the sign of the divisor, as in a spreadsheet.
func modulo(ctx *apd.Context, a, b *apd.Decimal) (*apd.Decimal, error) {
	if b.IsZero() {
		return nil, nil
	}
	out := new(apd.Decimal)
	_, err := ctx.Rem(out, a, b)
	if err == nil && !out.IsZero() && out.Negative != b.Negative {
		_, err = ctx.Add(out, out, b)
	}
	if err != nil {
		return nil, &EvalError{Code: "overflow", Function: "MOD"}
	}
	return tidy(out), nil
}

// round reads the number of places, which may be negative; out of range is blank.
func round(a, n *apd.Decimal, how apd.Rounder) (*apd.Decimal, error) {
	whole, ok := Whole(n)
	if !ok || whole > maxPlaces || whole < -maxPlaces {
		return nil, nil
	}
	return places(a, whole, how)
}

// places brings a to n places. Rounding away from zero, and down, is a step on
// from the truncated number: apd's own Quantize gives 0 for what is below one unit.
func places(a *apd.Decimal, n int64, how apd.Rounder) (*apd.Decimal, error) {
	out := new(apd.Decimal)
	exponent := int32(-n) //nolint:gosec // n is within ±30
	first := how
	if how != apd.RoundHalfUp {
		first = apd.RoundDown
	}
	_, err := context(exactDigits, first).Quantize(out, a, exponent)
	away := how == apd.RoundUp || (how == apd.RoundFloor && a.Negative)
	if err == nil && away && out.Cmp(a) != 0 {
		step := apd.New(1, exponent)
		step.Negative = a.Negative
		_, err = context(exactDigits, apd.RoundHalfUp).Add(out, out, step)
	}
	if err != nil {
		return nil, &EvalError{Code: "overflow", Function: "ROUND"}
	}
	return tidy(out), nil
}

func extreme(op Op, args []*apd.Decimal) *apd.Decimal {
	best := args[0]
	for _, a := range args[1:] {
		if (op == "MIN") == (a.Cmp(best) < 0) && a.Cmp(best) != 0 {
			best = a
		}
	}
	return best
}

// Whole is d without its fraction; ok is false beyond ±10^9.
func Whole(d *apd.Decimal) (n int64, ok bool) {
	out := new(apd.Decimal)
	if _, err := context(exactDigits, apd.RoundDown).Quantize(out, d, 0); err != nil {
		return 0, false
	}
	n, err := out.Int64()
	return n, err == nil && n <= 1e9 && n >= -1e9
}

// Reciprocal is 1/d where it is a finite decimal of at most 34 digits.
func Reciprocal(d *apd.Decimal) (*apd.Decimal, bool) {
	if d.IsZero() {
		return nil, false
	}
	out := new(apd.Decimal)
	cond, err := context(quotientDigits, apd.RoundHalfUp).Quo(out, apd.New(1, 0), d)
	if err != nil || cond.Inexact() {
		return nil, false
	}
	out.Reduce(out)
	return out, true
}
