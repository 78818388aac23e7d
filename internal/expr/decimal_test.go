package expr_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"clew.dev/clew/internal/expr"
	"github.com/cockroachdb/apd/v3"
	"pgregory.net/rapid"
)

// drawDecimal draws numbers of up to 25 digits with up to 12 after the point,
// often small ones, halves and whole tens, where rounding is decided.
func drawDecimal(t *rapid.T, label string) *apd.Decimal {
	if rapid.Bool().Draw(t, label+" small") {
		return apd.New(rapid.Int64Range(-2000, 2000).Draw(t, label), int32(rapid.IntRange(-3, 0).Draw(t, label+" exponent")))
	}
	text := rapid.StringMatching(`-?[1-9][0-9]{0,12}(\.[0-9]{1,12})?`).Draw(t, label)
	d, _, err := apd.NewFromString(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// exactly is the number as a fraction, which computes without rounding.
func exactly(t interface {
	Fatalf(format string, args ...any)
}, d *apd.Decimal) *big.Rat {
	r, ok := new(big.Rat).SetString(d.Text('f'))
	if !ok {
		t.Fatalf("%s is no fraction", d)
	}
	return r
}

func computed(t *rapid.T, op expr.Op, args ...*apd.Decimal) *apd.Decimal {
	out, err := expr.Arithmetic(op, args...)
	if err != nil {
		t.Fatalf("%s %v: %v", op, args, err)
	}
	return out
}

// TestSumsAndProductsAreExact compares with fractions: not a digit is lost.
func TestSumsAndProductsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDecimal(t, "a"), drawDecimal(t, "b")
		x, y := exactly(t, a), exactly(t, b)
		for op, want := range map[expr.Op]*big.Rat{
			expr.OpAdd: new(big.Rat).Add(x, y), expr.OpSubtract: new(big.Rat).Sub(x, y), expr.OpMultiply: new(big.Rat).Mul(x, y),
		} {
			if got := exactly(t, computed(t, op, a, b)); got.Cmp(want) != 0 {
				t.Fatalf("%s %s %s = %s, want %s", a, op, b, got, want)
			}
		}
		if got := exactly(t, computed(t, expr.OpNegate, a)); got.Cmp(new(big.Rat).Neg(x)) != 0 {
			t.Fatalf("-%s = %s", a, got)
		}
		if got := exactly(t, computed(t, "ABS", a)); got.Cmp(new(big.Rat).Abs(x)) != 0 {
			t.Fatalf("ABS(%s) = %s", a, got)
		}
	})
}

// TestAQuotientIsTheNearestOf34Digits: it is off by at most half of its last digit.
func TestAQuotientIsTheNearestOf34Digits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDecimal(t, "a"), drawDecimal(t, "b")
		q, err := expr.Arithmetic(expr.OpDivide, a, b)
		if b.IsZero() {
			if q != nil || err != nil {
				t.Fatalf("%s / 0 = %v, %v: not blank", a, q, err)
			}
			return
		}
		if err != nil || q.NumDigits() > 34 {
			t.Fatalf("%s / %s = %v, %v", a, b, q, err)
		}
		off := new(big.Rat).Sub(exactly(t, q), new(big.Rat).Quo(exactly(t, a), exactly(t, b)))
		half := exactly(t, apd.New(5, q.Exponent-1))
		if off.Abs(off).Cmp(half) > 0 {
			t.Fatalf("%s / %s = %s is off by %s", a, b, q, off.FloatString(60))
		}
		if finite, ok := expr.Reciprocal(b); ok && exactly(t, finite).Cmp(new(big.Rat).Inv(exactly(t, b))) != 0 {
			t.Fatalf("the reciprocal of %s is said to be %s", b, finite)
		}
	})
}

// TestRemainders: a = b·n + MOD(a, b) for a whole n, and the remainder has the sign
// of the divisor and is smaller than it.
func TestRemainders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDecimal(t, "a"), drawDecimal(t, "b")
		rest := computed(t, "MOD", a, b)
		if b.IsZero() {
			if rest != nil {
				t.Fatalf("MOD(%s, 0) = %s", a, rest)
			}
			return
		}
		r, y := exactly(t, rest), exactly(t, b)
		times := new(big.Rat).Quo(new(big.Rat).Sub(exactly(t, a), r), y)
		if !times.IsInt() {
			t.Fatalf("MOD(%s, %s) = %s: the divisor goes in %s times", a, b, rest, times)
		}
		if r.Sign() != 0 && r.Sign() != y.Sign() || new(big.Rat).Abs(r).Cmp(new(big.Rat).Abs(y)) >= 0 {
			t.Fatalf("MOD(%s, %s) = %s", a, b, rest)
		}
	})
}

// TestRoundingByFractions computes every way of rounding with whole numbers only.
func TestRoundingByFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawDecimal(t, "a")
		places := rapid.IntRange(-8, 12).Draw(t, "places")
		unit := exactly(t, apd.New(1, int32(-places)))
		units := new(big.Rat).Quo(exactly(t, a), unit)
		for op, whole := range map[expr.Op]*big.Int{
			"ROUND": nearest(units), "ROUNDUP": away(units), "ROUNDDOWN": toZero(units),
		} {
			want := new(big.Rat).Mul(new(big.Rat).SetInt(whole), unit)
			if got := computed(t, op, a, apd.New(int64(places), 0)); exactly(t, got).Cmp(want) != 0 {
				t.Fatalf("%s(%s, %d) = %s, want %s", op, a, places, got, want.FloatString(12))
			}
		}
		if places == 0 {
			floor := toZero(units)
			if units.Sign() < 0 {
				floor = away(units)
			}
			if got := computed(t, "INT", a); exactly(t, got).Cmp(new(big.Rat).SetInt(floor)) != 0 {
				t.Fatalf("INT(%s) = %s, want %s", a, got, floor)
			}
		}
	})
}

func toZero(r *big.Rat) *big.Int { return new(big.Int).Quo(r.Num(), r.Denom()) }

func away(r *big.Rat) *big.Int {
	n := toZero(r)
	if !r.IsInt() {
		n.Add(n, big.NewInt(int64(r.Sign())))
	}
	return n
}

// nearest rounds half away from zero.
func nearest(r *big.Rat) *big.Int {
	half := big.NewRat(int64(r.Sign()), 2)
	return toZero(new(big.Rat).Add(r, half))
}

// TestOrderOfNumbers: MIN and MAX are the ends of the sorted numbers, however they are written.
func TestOrderOfNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var numbers []*apd.Decimal
		for i := range rapid.IntRange(1, 6).Draw(t, "how many") {
			numbers = append(numbers, drawDecimal(t, fmt.Sprint(i)))
		}
		least, most := computed(t, "MIN", numbers...), computed(t, "MAX", numbers...)
		found := 0
		for _, n := range numbers {
			if n.Cmp(least) < 0 || n.Cmp(most) > 0 {
				t.Fatalf("%v: MIN %s, MAX %s", numbers, least, most)
			}
			if n == least || n == most {
				found++
			}
		}
		if found == 0 {
			t.Fatalf("MIN %s and MAX %s are none of %v", least, most, numbers)
		}
	})
}

// TestZeroHasNoSign: a filter for = 0 and a text of -0 would confuse people.
func TestZeroHasNoSign(t *testing.T) {
	minus := apd.New(0, 0)
	minus.Negative = true
	half := apd.New(-4, -1)
	for name, c := range map[string]struct {
		op   expr.Op
		args []*apd.Decimal
	}{
		"negated zero":         {expr.OpNegate, []*apd.Decimal{apd.New(0, -2)}},
		"a product":            {expr.OpMultiply, []*apd.Decimal{apd.New(0, 0), apd.New(-5, 0)}},
		"a quotient":           {expr.OpDivide, []*apd.Decimal{apd.New(0, 0), apd.New(-5, 0)}},
		"a difference":         {expr.OpSubtract, []*apd.Decimal{apd.New(-5, 0), apd.New(-5, 0)}},
		"what rounds to zero":  {"ROUND", []*apd.Decimal{half, apd.New(0, 0)}},
		"what is cut to zero":  {"ROUNDDOWN", []*apd.Decimal{half, apd.New(0, 0)}},
		"the rest of nothing":  {"MOD", []*apd.Decimal{apd.New(-6, 0), apd.New(3, 0)}},
		"the rest by a minus":  {"MOD", []*apd.Decimal{apd.New(6, 0), apd.New(-3, 0)}},
		"minus zero plus zero": {expr.OpAdd, []*apd.Decimal{minus, minus}},
		"its size":             {"ABS", []*apd.Decimal{minus}},
	} {
		got, err := expr.Arithmetic(c.op, c.args...)
		if err != nil || !got.IsZero() || got.Negative {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestNumbersDoNotGrowForEver: beyond 80 digits is an error, never a rounded number.
func TestNumbersDoNotGrowForEver(t *testing.T) {
	number := func(s string) *apd.Decimal {
		d, _, err := apd.NewFromString(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	nines := func(n int) string { return strings.Repeat("9", n) }
	for _, c := range []struct {
		name string
		op   expr.Op
		a, b string
		ok   bool
	}{
		{"a product of 80 digits", expr.OpMultiply, nines(40), nines(40), true},
		{"one of 81", expr.OpMultiply, nines(41), nines(40), false},
		{"a sum that needs 80", expr.OpAdd, "1" + strings.Repeat("0", 79), "1", true},
		{"one that needs 81", expr.OpAdd, nines(80), "1", true}, // 10^80 has one digit that counts
		{"one that needs all 81", expr.OpAdd, nines(80), "2", false},
		{"far apart", expr.OpAdd, nines(40), "0." + nines(41), false},
		{"as far as it goes", expr.OpAdd, nines(40), "0." + nines(40), true},
		{"a difference far apart", expr.OpSubtract, "1e90", "1", false},
		{"rounding what is too long", "ROUND", nines(75), "10", false},
		{"a remainder of giants", "MOD", "1e200", "3", false},
		{"a product beyond the exponents", expr.OpMultiply, "1e300", "1e300", false},
		{"a quotient below them", expr.OpDivide, "1e-300", "1e300", false},
	} {
		got, err := expr.Arithmetic(c.op, number(c.a), number(c.b))
		var problem *expr.EvalError
		switch {
		case c.ok && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case !c.ok && (!errors.As(err, &problem) || problem.Code != "overflow" || problem.Function != strings.TrimSuffix(string(c.op), "S")):
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

// TestPlacesOutOfRangeAreBlank: nobody gets a number rounded to places he did not mean.
func TestPlacesOutOfRangeAreBlank(t *testing.T) {
	for _, c := range []struct {
		places string
		blank  bool
	}{{"30", false}, {"31", true}, {"-30", false}, {"-31", true}, {"1e9", true}, {"-1e30", true}, {"1.9", false}} {
		places, _, _ := apd.NewFromString(c.places)
		for _, op := range []expr.Op{"ROUND", "ROUNDUP", "ROUNDDOWN"} {
			got, err := expr.Arithmetic(op, apd.New(12345, -3), places)
			if err != nil || (got == nil) != c.blank {
				t.Errorf("%s(12.345, %s) = %v, %v", op, c.places, got, err)
			}
		}
	}
	cut, _ := expr.Arithmetic("ROUND", apd.New(12345, -3), apd.New(19, -1))
	if cut.Text('f') != "12.3" {
		t.Errorf("places without their fraction: %s", cut)
	}
}

func TestWholeNumbers(t *testing.T) {
	for _, c := range []struct {
		in string
		n  int64
		ok bool
	}{
		{"0", 0, true}, {"7.999", 7, true}, {"-7.999", -7, true}, {"-0.1", 0, true}, {"1000000000", 1_000_000_000, true}, {"1000000000.9", 1_000_000_000, true},
		{"1000000001", 1_000_000_001, false}, {"-1000000000", -1_000_000_000, true}, {"-1000000001", -1_000_000_001, false}, {"1e30", 0, false}, {"1e100", 0, false}, {"1e-30", 0, true},
	} {
		d, _, err := apd.NewFromString(c.in)
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := expr.Whole(d); ok != c.ok || ok && n != c.n {
			t.Errorf("%s is %d, %v", c.in, n, ok)
		}
	}
}

// TestReciprocalsThatEnd: only by these numbers a filter may divide.
func TestReciprocalsThatEnd(t *testing.T) {
	for _, c := range []struct{ number, reciprocal string }{
		{"4", "0.25"}, {"100", "0.01"}, {"-8", "-0.125"}, {"0.5", "2"}, {"1", "1"}, {"12.5", "0.08"}, {"1e10", "0.0000000001"}, {"0.0001", "10000"}, {"1024", "0.0009765625"},
		{"3", ""}, {"7", ""}, {"0", ""}, {"0.3", ""}, {"60", ""}, {"365", ""},
		{"1.00000000000000000000000000000001", ""}, // it would not end
		{"16777216", "0.000000059604644775390625"}, // 2^24
		{"1298074214633706907132624082305024", ""}, // 2^110: 110 digits
	} {
		d, _, _ := apd.NewFromString(c.number)
		got, ok := expr.Reciprocal(d)
		if ok != (c.reciprocal != "") || ok && got.Text('f') != c.reciprocal {
			t.Errorf("1/%s = %v, %v; want %s", c.number, got, ok, c.reciprocal)
		}
	}
}
