package expr_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// now is Tuesday 2026-03-10 10:30 and some microseconds in Shanghai.
func now() time.Time { return time.Date(2026, 3, 10, 2, 30, 0, 123456789, time.UTC) }

// valued compiles an expression and computes it for one record of everyType.
func valued(t *testing.T, source string, in expr.Input) (any, error) {
	t.Helper()
	o, _ := everyType()
	p, err := expr.Compile(source, expr.Env{
		Object: o, Zone: place(t, "Asia/Shanghai"), Parameters: map[string]expr.Type{"TEAM": expr.People, "LIMIT": expr.Number, "SINCE": expr.DateTime, "WORD": expr.Text},
	}, expr.Unknown)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return p.Eval(in)
}

// huge overflows when it is computed.
const huge = "(number * number * number * number * number * number * number * number * number * number > 1)"

func giant() expr.Input {
	return expr.Input{Field: func(id string) any {
		if id == "t.o.number" {
			return apd.New(999_999_999_999_999_999, 0)
		}
		return nil
	}}
}

// TestWhatIsNotNeededIsNotComputed: AND, OR and IF stop where the answer is known,
// so that a guard protects what stands behind it.
func TestWhatIsNotNeededIsNotComputed(t *testing.T) {
	for _, c := range []struct {
		source string
		want   any
	}{
		{"FALSE AND " + huge, false}, {"TRUE OR " + huge, true}, {"AND(FALSE, " + huge + ")", false}, {"OR(FALSE, TRUE, " + huge + ")", true},
		{"IF(TRUE, 1=1, " + huge + ")", true}, {"IF(FALSE, " + huge + ", 1=2)", false}, {"IF(ISBLANK(number), " + huge + ", FALSE)", false}, {"boolean AND " + huge, false},
		{"number IN (1, 999999999999999999, number*number*number*number*number*number*number*number*number)", true},
	} {
		if got, err := valued(t, c.source, giant()); err != nil || got != c.want {
			t.Errorf("%s = %v, %v", c.source, got, err)
		}
	}
	for _, source := range []string{
		huge, "NOT " + huge, huge + " AND FALSE", huge + " OR TRUE", "IF(" + huge + ", 1, 2)", "TRUE AND " + huge, "FALSE OR " + huge, "ISBLANK(number*number*number*number*number*number)",
		"1 IN (2, number*number*number*number*number*number)", "MAX(1, number*number*number*number*number*number)", "number*number*number*number*number*number = BLANK()", "number = number*number*number*number*number*number", "date + number", "date - number",
		`DATEADD("2026-01-01", number, "month")`, `DATEADD(NOW(), number, "hour")`, `DATEADD("9999-12-31", 1, "day")`, `DATEADD("0001-01-01", -1, "day")`, `DATEADD("2026-01-01", 90000001, "day")`,
	} {
		in := giant()
		read := in.Field
		in.Field = func(id string) any {
			if id == "t.o.date" {
				return schema.Date("2026-01-01")
			}
			return read(id)
		}
		got, err := valued(t, source, in)
		var problem *expr.EvalError
		if !errors.As(err, &problem) || problem.Code != "overflow" || got != nil && got != false {
			t.Errorf("%s = %v, %v: not an overflow", source, got, err)
		}
	}
}

// TestTextsDoNotGrowForEver: joining stops at a megabyte with an error.
func TestTextsDoNotGrowForEver(t *testing.T) {
	long := strings.Repeat("好", 60_000)
	in := expr.Input{Field: func(string) any { return long }}
	if got, err := valued(t, "LEN(text & text & text & text & text)", in); err != nil || got.(*apd.Decimal).String() != "300000" {
		t.Errorf("%v, %v", got, err)
	}
	_, err := valued(t, "text & text & text & text & text & text", in)
	var problem *expr.EvalError
	if !errors.As(err, &problem) || problem.Code != "too_long" || problem.Function != "&" {
		t.Errorf("a megabyte and more: %v", err)
	}
}

// TestEveryFormOfNothing: whatever a caller's record gives for a blank field is blank.
func TestEveryFormOfNothing(t *testing.T) {
	for _, c := range []struct {
		field string
		value any
	}{
		{"text", nil}, {"text", ""}, {"number", (*apd.Decimal)(nil)}, {"number", nil}, {"currency", schema.Money{}}, {"currency", schema.Money{Currency: "CNY"}}, {"currency", nil}, {"date", schema.Date("")}, {"date", nil},
		{"datetime", time.Time{}}, {"datetime", nil}, {"tags", []string(nil)}, {"tags", []string{}}, {"choices", []string{}}, {"choice", ""}, {"person", ""}, {"reference", nil}, {"boolean", nil}, {"phone", ""},
	} {
		in := expr.Input{Field: func(id string) any {
			if id == "t.o."+c.field {
				return c.value
			}
			return nil
		}}
		if got, err := valued(t, "ISBLANK("+c.field+")", in); err != nil || got != true {
			t.Errorf("%s with %#v is not blank: %v, %v", c.field, c.value, got, err)
		}
		if got, err := valued(t, c.field, in); err != nil || got != nil {
			t.Errorf("%s with %#v gives %#v, %v", c.field, c.value, got, err)
		}
	}
	if got, err := valued(t, "CURRENCY(currency)", expr.Input{Field: func(string) any { return schema.Money{Currency: "CNY"} }}); err != nil || got != nil {
		t.Errorf("the currency of no amount is %v, %v", got, err)
	}
	if got, err := valued(t, "text", expr.Input{}); err != nil || got != nil {
		t.Errorf("without a record: %v, %v", got, err)
	}
	if got, err := valued(t, "boolean = FALSE", expr.Input{Field: func(string) any { return false }}); err != nil || got != true {
		t.Errorf("no is not blank: %v, %v", got, err)
	}
	if got, err := valued(t, "ISBLANK(number)", expr.Input{Field: func(string) any { return apd.New(0, 0) }}); err != nil || got != false {
		t.Errorf("zero is not blank: %v, %v", got, err)
	}
}

// TestWhatIsGivenFromOutside: parameters, the reader and the moment.
func TestWhatIsGivenFromOutside(t *testing.T) {
	owner := func(string) any { return "u-wang" }
	for name, c := range map[string]struct {
		source string
		in     expr.Input
		want   any
	}{
		"the reader":                   {"ME()", expr.Input{Me: "u-li"}, "u-li"},
		"the program has no name":      {"ISBLANK(ME())", expr.Input{}, true},
		"and owns nothing":             {"person = ME()", expr.Input{Field: func(string) any { return nil }}, false},
		"the team":                     {"person IN TEAM()", expr.Input{Field: owner, Params: map[string]any{"TEAM": []string{"u-li", "u-wang"}}}, true},
		"the team and one more":        {`person IN ("u-x", TEAM(), "u-wang")`, expr.Input{Field: owner, Params: map[string]any{"TEAM": []string{"u-li"}}}, true},
		"another team":                 {"person NOT IN TEAM()", expr.Input{Field: owner, Params: map[string]any{"TEAM": []string{"u-li"}}}, true},
		"an empty team":                {"person IN TEAM()", expr.Input{Field: owner, Params: map[string]any{"TEAM": []string{}}}, false},
		"a team that nobody gave":      {"person IN TEAM()", expr.Input{Field: owner}, false},
		"nobody is in no team":         {"person NOT IN TEAM()", expr.Input{}, true},
		"the reader in his team":       {"ME() IN TEAM()", expr.Input{Me: "u-li", Params: map[string]any{"TEAM": []string{"u-li"}}}, true},
		"a number":                     {"LIMIT() + 1 > 100", expr.Input{Params: map[string]any{"LIMIT": apd.New(100, 0)}}, true},
		"a number that nobody gave":    {"LIMIT() + 1", expr.Input{}, nil},
		"a blank text":                 {"ISBLANK(WORD())", expr.Input{Params: map[string]any{"WORD": ""}}, true},
		"a moment that nobody gave":    {"SINCE() < NOW()", expr.Input{Now: now()}, false},
		"a zero moment is blank":       {"ISBLANK(SINCE())", expr.Input{Params: map[string]any{"SINCE": time.Time{}}}, true},
		"today where the company is":   {"TODAY()", expr.Input{Now: time.Date(2026, 3, 9, 16, 0, 0, 0, time.UTC)}, schema.Date("2026-03-10")},
		"a second earlier":             {"TODAY()", expr.Input{Now: time.Date(2026, 3, 9, 15, 59, 59, 0, time.UTC)}, schema.Date("2026-03-09")},
		"today where the reader is":    {"TODAY()", expr.Input{Now: time.Date(2026, 3, 9, 16, 0, 0, 0, time.UTC), Zone: time.UTC}, schema.Date("2026-03-09")},
		"now to the microsecond":       {"NOW()", expr.Input{Now: now()}, time.Date(2026, 3, 10, 2, 30, 0, 123456000, time.UTC)},
		"now in any zone":              {"NOW()", expr.Input{Now: now().In(time.FixedZone("x", 3600))}, time.Date(2026, 3, 10, 2, 30, 0, 123456000, time.UTC)},
		"a wall clock of the company":  {`STARTOFDAY("2026-03-10 10:30")`, expr.Input{}, time.Date(2026, 3, 9, 16, 0, 0, 0, time.UTC)},
		"a wall clock somewhere else":  {`DATEADD("2026-03-10 10:30", 0, "day")`, expr.Input{Zone: time.UTC}, time.Date(2026, 3, 10, 10, 30, 0, 0, time.UTC)},
		"an instant with its own zone": {`DATEADD("2026-03-10T10:30:00+01:00", 0, "hour")`, expr.Input{}, time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)},
		"to the microsecond too":       {`DATEADD("2026-03-10T10:30:00.1234567Z", 0, "hour")`, expr.Input{}, time.Date(2026, 3, 10, 10, 30, 0, 123456000, time.UTC)},
	} {
		got, err := valued(t, c.source, c.in)
		if at, ok := c.want.(time.Time); ok && err == nil {
			if when, isTime := got.(time.Time); !isTime || !when.Equal(at) || when.Location() != time.UTC {
				t.Errorf("%s: %s = %v, want %v", name, c.source, got, at)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %s = %v, %v; want %v", name, c.source, got, err, c.want)
		}
	}
}

// TestValuesOfTheWrongKind: a caller's mistake is an error or false, never a panic.
func TestValuesOfTheWrongKind(t *testing.T) {
	o, operands := everyType()
	values := []any{"text", 7, int64(7), 1.5, true, []string{"a"}, time.Now(), schema.Date("nonsense"), schema.Date("2026-02-30"), apd.New(1, 0), schema.Money{Amount: apd.New(1, 0)}, struct{}{}}
	for _, a := range operands {
		for _, source := range []string{
			a + " = " + a, a + " < " + a, a + " + 1", "ISBLANK(" + a + ")", a + ` & "x"`, "LEN(" + a + ")", "YEAR(" + a + ")", "HOUR(" + a + ")", "DATEADD(" + a + `, 1, "day")`, "DATEDIFF(" + a + `, date, "day")`,
			"CONTAINS(" + a + `, "a")`, "MAX(" + a + ", 1)", "IF(" + a + " = " + a + ", 1, 2)", a + " IN (" + a + ")", "STARTOFDAY(" + a + ")", "NOT " + a, "CURRENCY(" + a + ")",
		} {
			p, err := expr.Compile(source, expr.Env{Object: o}, expr.Unknown)
			if err != nil {
				continue
			}
			for _, v := range values {
				_, err := p.Eval(expr.Input{Field: func(string) any { return v }})
				var problem *expr.EvalError
				if err != nil && !errors.As(err, &problem) {
					t.Errorf("%s with %#v: %v", source, v, err)
				}
			}
		}
	}
}

// TestOneProgramForEverybody: a program is compiled once and asked at the same
// time for other records, by other people, in other zones.
func TestOneProgramForEverybody(t *testing.T) {
	o, _ := everyType()
	p, err := expr.Compile(`person = ME() AND number * 2 > LIMIT() AND datetime < TODAY() AND text & "!" <> "?"`, expr.Env{Object: o, Parameters: map[string]expr.Type{"LIMIT": expr.Number}}, expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			me := string(rune('a' + i))
			for n := range int64(200) {
				in := expr.Input{Me: me, Now: now(), Zone: time.FixedZone(me, i*600), Params: map[string]any{"LIMIT": apd.New(100, 0)}, Field: func(id string) any {
					return map[string]any{"t.o.person": me, "t.o.number": apd.New(n, 0), "t.o.datetime": now().AddDate(0, 0, -1), "t.o.text": me}[id]
				}}
				if got, err := p.Truth(in); err != nil || got != (n > 50) {
					t.Errorf("%s with %d: %v, %v", me, n, got, err)
					return
				}
			}
		})
	}
	all.Wait()
}

// TestATruthIsNoNumber: what is asked as a condition must be one.
func TestATruthIsNoNumber(t *testing.T) {
	p, err := expr.Compile("1 + 1", expr.Env{}, expr.Unknown)
	if err != nil {
		t.Fatal(err)
	}
	var problem *expr.EvalError
	if _, err := p.Truth(expr.Input{}); !errors.As(err, &problem) || problem.Code != "wrong_type" {
		t.Errorf("1 + 1 is said to hold or not: %v", err)
	}
	blank, err := expr.Compile("BLANK()", expr.Env{}, expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	if holds, err := blank.Truth(expr.Input{}); holds || err != nil {
		t.Errorf("nothing holds: %v, %v", holds, err)
	}
}

// TestWithoutAnObject: where there are no fields, there are none of the system either.
func TestWithoutAnObject(t *testing.T) {
	for _, source := range []string{"created_at < NOW()", "id = 'x'", "编号 = 'x'"} {
		_, err := expr.Compile(source, expr.Env{}, expr.Bool)
		var syntax *expr.SyntaxError
		if !errors.As(err, &syntax) || syntax.Code != "unknown_field" {
			t.Errorf("%s: %v", source, err)
		}
	}
	if _, err := expr.Compile(`TODAY() > "2026-01-01"`, expr.Env{}, expr.Bool); err != nil {
		t.Error(err)
	}
}

// TestConstantParts: a part without fields is known before a query, a part with one is not.
func TestConstantParts(t *testing.T) {
	p, err := expr.Compile("score + 2 * 3 > LEN('abc')", env(), expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	sum, length := p.Root().Args[0], p.Root().Args[1]
	if v, err := p.Constant(length, expr.Input{}); err != nil || v.(*apd.Decimal).String() != "3" {
		t.Errorf("LEN('abc') = %v, %v", v, err)
	}
	if v, err := p.Constant(sum.Args[1], expr.Input{}); err != nil || v.(*apd.Decimal).String() != "6" {
		t.Errorf("2 * 3 = %v, %v", v, err)
	}
	if _, err := p.Constant(sum, expr.Input{}); err == nil {
		t.Error("score + 6 is said to be constant")
	}
}

// TestRefusedAsAFilter: the message names the function in the way, and only what
// stands with a field is in the way.
func TestRefusedAsAFilter(t *testing.T) {
	for _, c := range []struct{ source, function string }{
		{"score / 3 > 1", "/"}, {"score / budget > 1", "/"}, {"1 / score > 1", "/"}, {"score / 4 > 1", ""}, {"10 / 3 > score", ""}, {"score / (1 + 1) > 1", "/"}, {"score / -8 > 1", ""}, {"score / 0 > 1", "/"},
		{"DATE(score, 1, 1) = TODAY()", "DATE"}, {"DATE(2026, 1, 1) < due", ""}, {"ROUND(score, budget) = 1", "ROUND"}, {"ROUND(budget, 1) = 1", ""}, {"ROUNDUP(budget, -2) = 1", ""}, {"ROUND(budget, 31) = 1", "ROUND"},
		{"ROUND(budget, 1 + 1) = 1", "ROUND"}, {"DATEADD(due, score, 'day') > due", "DATEADD"}, {"due + score > due", "DATEADD"}, {"due - 7 > NOW()", ""}, {"DATEADD(NOW(), score, 'day') > due", "DATEADD"}, {"DATEADD(due, 1 + 2, 'day') > due", ""},
		{"vip OR score / 3 > 1", "/"}, {"IF(vip, score / 3, 1) > 1", "/"}, {"NOT (vip AND ROUND(score, score) = 1)", "ROUND"}, {"MIN(score / 7, 1) = 1", "/"}, {"LEN(contact_name) / 7 > 1", "/"}, {"score IN (1, score / 3)", "/"},
		{"score * score * score * score > 1", ""}, {"score * score * score * score * score > 1", "*"}, {"budget * 1.00000000000000000000000000000001 * score * score > 1", "*"},
	} {
		p, err := expr.Compile(c.source, env(), expr.Bool)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		var problem *expr.SQLError
		got := ""
		if errors.As(p.SQLProblem(), &problem) {
			got = problem.Function
			if f := expr.FieldOf(problem, "filter"); f.Path != "filter" || f.Code != "not_filterable" || f.Params["name"] != got {
				t.Errorf("%s as a fault: %+v", c.source, f)
			}
		}
		if got != c.function {
			t.Errorf("%s is refused for %q, want %q", c.source, got, c.function)
		}
	}
}
