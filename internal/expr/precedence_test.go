package expr_test

import (
	"errors"
	"strings"
	"testing"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"pgregory.net/rapid"
)

// part is an expression as README.md says it is read: an operator with its
// rank, or something that needs no brackets.
type part struct {
	op   string
	args []part
}

// rank is the place of an operator in README.md's list, weakest first.
func (p part) rank() int {
	for i, operators := range [][]string{{"OR"}, {"AND"}, {"NOT"}, {"=", "<>", "<", ">", "IN"}, {"&"}, {"+", "-"}, {"*", "/"}, {"sign"}} {
		for _, op := range operators {
			if p.op == op {
				return i
			}
		}
	}
	return 100
}

// full writes brackets round every part.
func (p part) full() string {
	switch {
	case len(p.args) == 0:
		return p.op
	case p.op == "NOT":
		return "(NOT " + p.args[0].full() + ")"
	case p.op == "sign":
		return "(- " + p.args[0].full() + ")"
	case p.op == "IN":
		return "(" + p.args[0].full() + " IN (" + p.args[1].full() + ", " + p.args[2].full() + "))"
	}
	return "(" + p.args[0].full() + " " + p.op + " " + p.args[1].full() + ")"
}

// bare writes only the brackets that README.md says are needed.
func (p part) bare() string {
	inner := func(i int, least int) string {
		if p.args[i].rank() < least {
			return "(" + p.args[i].bare() + ")"
		}
		return p.args[i].bare()
	}
	own := p.rank()
	switch {
	case len(p.args) == 0:
		return p.op
	case p.op == "NOT":
		return "NOT " + inner(0, own)
	case p.op == "sign":
		return "- " + inner(0, own)
	case p.op == "IN":
		return inner(0, own+1) + " IN (" + p.args[1].bare() + ", " + p.args[2].bare() + ")"
	case own == 3:
		return inner(0, own+1) + " " + p.op + " " + inner(1, own+1) // comparisons are not chained
	}
	return inner(0, own) + " " + p.op + " " + inner(1, own+1) // the left one first
}

func drawPart(t *rapid.T, condition bool, depth int) part {
	numbers := []string{"score", "budget", "2", "0.5", "7"}
	conditions := []string{"vip", "TRUE", "FALSE", "ISBLANK(score)"}
	if depth == 0 {
		if condition {
			return part{op: rapid.SampledFrom(conditions).Draw(t, "condition")}
		}
		return part{op: rapid.SampledFrom(numbers).Draw(t, "number")}
	}
	sub := func(condition bool) part {
		return drawPart(t, condition, rapid.IntRange(0, depth-1).Draw(t, "depth"))
	}
	if !condition {
		op := rapid.SampledFrom([]string{"+", "-", "*", "/", "sign"}).Draw(t, "operator")
		if op == "sign" {
			return part{op, []part{sub(false)}}
		}
		return part{op, []part{sub(false), sub(false)}}
	}
	switch op := rapid.SampledFrom([]string{"AND", "OR", "NOT", "=", "<>", "<", ">", "IN"}).Draw(t, "operator"); op {
	case "AND", "OR":
		return part{op, []part{sub(true), sub(true)}}
	case "NOT":
		return part{op, []part{sub(true)}}
	case "IN":
		return part{op, []part{sub(false), sub(false), sub(false)}}
	default:
		return part{op, []part{sub(false), sub(false)}}
	}
}

// TestBracketsThatAreNotNeeded: written with as few brackets as README.md's order
// of operators needs, an expression means what it means with all of them.
func TestBracketsThatAreNotNeeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPart(t, true, rapid.IntRange(1, 4).Draw(t, "depth"))
		full, err := expr.Compile(p.full(), env(), expr.Bool)
		if err != nil {
			t.Fatalf("%s: %v", p.full(), err)
		}
		bare, err := expr.Compile(p.bare(), env(), expr.Bool)
		if err != nil {
			t.Fatalf("%s, with brackets %s: %v", p.bare(), p.full(), err)
		}
		for _, r := range someRecords() {
			if score := r["crm.lead.score"]; score != nil {
				r["crm.lead.budget"] = schema.Money{Amount: schema.Scale(250, 2), Currency: "CNY"}
			}
			in := expr.Input{Field: func(id string) any { return r[id] }}
			x, err1 := full.Truth(in)
			y, err2 := bare.Truth(in)
			if x != y || (err1 == nil) != (err2 == nil) {
				t.Fatalf("%s is %v (%v), %s is %v (%v)", p.full(), x, err1, p.bare(), y, err2)
			}
		}
	})
}

// TestTheOrderOfOperators in the cases that people ask about.
func TestTheOrderOfOperators(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"2+3*4", "14"}, {"(2+3)*4", "20"}, {"2*3+4", "10"}, {"10-4-3", "3"}, {"10-(4-3)", "9"}, {"100/10/2=5", "true"}, {"100/(10/2)=20", "true"}, {"2*-3", "-6"}, {"-2*3", "-6"}, {"-2-3", "-5"}, {"2--3", "5"}, {"2-+3", "-1"},
		{"- 3 + 5", "2"}, {"-(3+5)", "-8"}, {"6/2*3=9", "true"}, {"6*2/3=4", "true"}, {"'a'&'b'='ab'", "true"}, {"'ab'='a'&'b'", "true"}, {"NOT 1=2", "true"}, {"NOT 1=2 AND 1=2", "false"}, {"NOT (1=2 AND 1=2)", "true"},
		{"TRUE OR TRUE AND FALSE", "true"}, {"(TRUE OR TRUE) AND FALSE", "false"}, {"FALSE AND TRUE OR TRUE", "true"}, {"FALSE AND (TRUE OR TRUE)", "false"}, {"NOT TRUE OR TRUE", "true"}, {"NOT (TRUE OR TRUE)", "false"},
		{"1+1 IN (2, 3)", "true"}, {"NOT 2 IN (2)", "false"}, {"2 NOT IN (2) OR TRUE", "true"}, {"1 < 2 AND 2 < 3", "true"}, {"TRUE = NOT FALSE", "true"}, {"1=1 AND NOT 1=2 OR FALSE", "true"}, {"AND(TRUE, TRUE OR FALSE, NOT FALSE)", "true"},
		{"OR(FALSE, TRUE) AND AND(TRUE)", "true"}, {"NOT AND(TRUE, FALSE)", "true"}, {"1 + LEN('ab') * 2", "5"}, {"IF(1<2, 1, 2) + 1", "2"}, {"2 IN (1, 2) = TRUE", "true"},
	} {
		if got := evaluated(c.source); got != c.want {
			t.Errorf("%s is %s, want %s", c.source, got, c.want)
		}
	}
}

// TestLimitsStandWhereTheyAreSaid: what README.md allows compiles, one more does not.
func TestLimitsStandWhereTheyAreSaid(t *testing.T) {
	chain := func(n int) string { return "vip" + strings.Repeat(" AND vip", n-1) }
	deep := func(n int) string { return strings.Repeat("(", n) + "vip" + strings.Repeat(")", n) }
	list := func(n int) string { return "score IN (" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + ")" }
	sum := func(n int) string { return "1" + strings.Repeat("+1", n) + "=1" }
	for _, c := range []struct {
		name, source, code string
	}{
		{"8 KB", "vip" + strings.Repeat(" ", 8<<10-3), ""}, {"8 KB and one", "vip" + strings.Repeat(" ", 8<<10-2), "too_long"},
		{"8 KB of Chinese", "CONTAINS(tags, '" + strings.Repeat("好", (8<<10-18)/3) + "')", ""}, {"more Chinese", "CONTAINS(tags, '" + strings.Repeat("好", (8<<10)/3) + "')", "too_long"},
		{"63 brackets", deep(63), ""}, {"64 brackets", deep(64), "too_deep"}, {"1,000 brackets", deep(1000), "too_deep"},
		{"a list of 1,998", list(1998), ""}, {"one of 1,999", list(1999), "too_complex"},
		{"a chain of 900 ANDs", chain(900), ""}, {"a sum of 250", sum(250), ""}, {"a sum of 256", sum(256), "too_complex"},
		{"functions in functions", strings.Repeat("ABS(", 60) + "score" + strings.Repeat(")", 60) + "=1", ""},
		{"deeper ones", strings.Repeat("ABS(", 70) + "score" + strings.Repeat(")", 70) + "=1", "too_deep"},
		{"IFs in IFs", strings.Repeat("IF(vip, ", 60) + "vip" + strings.Repeat(")", 60), ""},
		{"a NOT of NOTs", strings.Repeat("NOT ", 62) + "vip", ""}, {"too many", strings.Repeat("NOT ", 64) + "vip", "too_deep"},
	} {
		p, err := expr.Compile(c.source, env(), expr.Bool)
		var syntax *expr.SyntaxError
		got := ""
		if errors.As(err, &syntax) {
			got = syntax.Code
		}
		if got != c.code {
			t.Errorf("%s: %q, want %q", c.name, got, c.code)
		}
		if err == nil {
			if _, err := p.Eval(expr.Input{}); err != nil {
				t.Errorf("%s cannot be computed: %v", c.name, err)
			}
			if _, err := expr.FromStored(p.Stored(), env(), expr.Bool); err != nil {
				t.Errorf("%s does not come back: %v", c.name, err)
			}
		}
	}
}

// TestWhatWasTypedIsWhatIsKept: an expression that a person may type comes back
// from what is stored, also when the ids are longer than the names.
func TestWhatWasTypedIsWhatIsKept(t *testing.T) {
	for _, n := range []int{1, 100, 500, 900} {
		source := "vip" + strings.Repeat(" OR vip", n)
		p, err := expr.Compile(source, env(), expr.Bool)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := expr.FromStored(p.Stored(), env(), expr.Bool); err != nil {
			t.Errorf("%d characters are kept as %d, which are refused: %v", len(source), len(p.Stored()), strings.SplitN(err.Error(), "\n", 2)[0])
		}
	}
}
