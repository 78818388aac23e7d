package expr

import (
	"strings"
	"time"
	"unicode/utf8"

	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// blanks are the characters that TRIM removes.
const blanks = " \t\r\n"

// strict computes a function that is blank (or false, for a condition) when an argument is blank.
func strict(n *Node) evaluation {
	compute := function(n)
	var blank any
	if n.Type == Bool {
		blank = false
	}
	return func(in *Input) (any, error) {
		var room [4]any
		values := room[:0]
		for _, a := range n.Args {
			v, err := a.eval(in)
			if err != nil {
				return nil, err
			}
			if v == nil {
				return blank, nil
			}
			values = append(values, v)
		}
		return compute(in, values)
	}
}

// function is the computation of a strict function over values that are not blank.
func function(n *Node) func(in *Input, v []any) (any, error) {
	switch n.Op {
	case OpHas:
		return func(_ *Input, v []any) (any, error) {
			list, _ := v[0].([]string)
			return has(list, v[1]), nil
		}
	case "CONTAINS", "STARTSWITH", "ENDSWITH":
		return textTest(n.Op)
	case "LEN", "LOWER", "UPPER", "TRIM":
		return textFunction(n.Op)
	case OpDay, OpStart, "YEAR", "MONTH", "DAY", "WEEKDAY", "HOUR", "DATE":
		return dateFunction(n.Op)
	case "DATEADD":
		return func(in *Input, v []any) (any, error) { return dateAdd(in, v, n.Unit) }
	case "DATEDIFF":
		return func(_ *Input, v []any) (any, error) { return dateDifference(v, n.Unit), nil }
	}
	return func(_ *Input, v []any) (any, error) {
		var room [2]*apd.Decimal
		numbers := room[:0]
		for _, x := range v {
			d, ok := x.(*apd.Decimal)
			if !ok {
				return nil, &EvalError{Code: "wrong_type", Function: string(n.Op)}
			}
			numbers = append(numbers, d)
		}
		d, err := Arithmetic(n.Op, numbers...)
		if d == nil {
			return nil, err
		}
		return d, err
	}
}

func textTest(op Op) func(*Input, []any) (any, error) {
	test := strings.Contains
	switch op {
	case "STARTSWITH":
		test = strings.HasPrefix
	case "ENDSWITH":
		test = strings.HasSuffix
	}
	return func(_ *Input, v []any) (any, error) {
		a, _ := v[0].(string)
		b, _ := v[1].(string)
		return test(a, b), nil
	}
}

func textFunction(op Op) func(*Input, []any) (any, error) {
	return func(_ *Input, v []any) (any, error) {
		s, _ := v[0].(string)
		switch op {
		case "LEN":
			return apd.New(int64(utf8.RuneCountInString(s)), 0), nil
		case "LOWER":
			s = letters(s, 'A', 'Z', 'a'-'A')
		case "UPPER":
			s = letters(s, 'a', 'z', 'A'-'a')
		case "TRIM":
			s = strings.Trim(s, blanks)
		}
		return canonical(s), nil
	}
}

// letters moves the letters from first to last; only A–Z have cases that every database agrees on.
func letters(s string, first, last, by rune) string {
	return strings.Map(func(r rune) rune {
		if r >= first && r <= last {
			return r + by
		}
		return r
	}, s)
}

func dateFunction(op Op) func(*Input, []any) (any, error) {
	return func(in *Input, v []any) (any, error) {
		switch op {
		case "DATE":
			return dateOf(v), nil
		case OpStart:
			d, _ := v[0].(schema.Date)
			t, ok := StartOf(d, in.Zone)
			return orBlank(t, ok), nil
		case OpDay:
			t, ok := v[0].(time.Time)
			return orBlank(DayOf(t, in.Zone), ok), nil
		case "HOUR":
			t, ok := v[0].(time.Time)
			return orBlank(apd.New(int64(t.In(in.Zone).Hour()), 0), ok), nil
		}
		d, _ := v[0].(schema.Date)
		return dayPart(op, d), nil
	}
}

func orBlank(v any, ok bool) any {
	if !ok {
		return nil
	}
	return v
}

func dayPart(op Op, d schema.Date) any {
	t, ok := StartOf(d, time.UTC)
	n := 0
	switch op {
	case "YEAR":
		n = t.Year()
	case "MONTH":
		n = int(t.Month())
	case "DAY":
		n = t.Day()
	case "WEEKDAY":
		w, _ := Weekday(d)
		n = int(w)
	}
	return orBlank(apd.New(int64(n), 0), ok)
}

// dateOf is DATE(y, m, d): months and days beyond their range roll over.
func dateOf(v []any) any {
	var part [3]int
	for i := range part {
		d, _ := v[i].(*apd.Decimal)
		n, ok := Whole(d)
		if !ok || n < -100000 || n > 100000 {
			return nil
		}
		part[i] = int(n)
	}
	t := time.Date(part[0], time.Month(part[1]), part[2], 0, 0, 0, 0, time.UTC)
	return orBlank(DayOf(t, time.UTC), t.Year() >= 1 && t.Year() <= 9999)
}

func dateAdd(in *Input, v []any, unit string) (any, error) {
	d, _ := v[1].(*apd.Decimal)
	n, whole := Whole(d)
	var out any
	ok := false
	if whole && n >= -MaxSteps && n <= MaxSteps {
		switch from := v[0].(type) {
		case schema.Date:
			out, ok = AddToDay(from, n, unit)
		case time.Time:
			out, ok = AddTo(from, n, unit, in.Zone)
		}
	}
	if !ok {
		return nil, &EvalError{Code: "overflow", Function: "DATEADD"}
	}
	return out, nil
}

// MaxSteps is how far DATEADD reaches, in its units: 9,999 years of hours.
const MaxSteps = 90_000_000

// dateDifference counts from the first to the second: calendar days, or whole hours or minutes.
func dateDifference(v []any, unit string) any {
	switch from := v[0].(type) {
	case schema.Date:
		to, _ := v[1].(schema.Date)
		n, ok := DaysBetween(from, to)
		return orBlank(apd.New(n, 0), ok)
	case time.Time:
		to, ok := v[1].(time.Time)
		micros := to.UnixMicro() - from.UnixMicro()
		return orBlank(apd.New(micros/UnitMicros(unit), 0), ok)
	}
	return nil
}

// UnitMicros is the length of an hour or a minute in microseconds.
func UnitMicros(unit string) int64 {
	if unit == "hour" {
		return time.Hour.Microseconds()
	}
	return time.Minute.Microseconds()
}
