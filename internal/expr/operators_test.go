package expr_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"github.com/google/go-cmp/cmp"
)

// everyType is an object with a field of each type, named like its type.
func everyType() (*schema.Object, []string) {
	names := slices.DeleteFunc(schema.TypeNames(), func(name string) bool {
		return slices.Contains([]string{"long_text", "percent", "email", "url", "auto_number"}, name) // as text or number
	})
	o := &schema.Object{ID: "t.o", Name: "o"}
	for _, name := range names {
		f := &schema.Field{ID: "t.o." + name, Name: name, Type: name, Scale: 2}
		if strings.HasPrefix(name, "choice") {
			f.Choices = []schema.Choice{{ID: f.ID + ".a", Name: "a"}, {ID: f.ID + ".b", Name: "b"}}
		}
		o.Fields = append(o.Fields, f)
	}
	return o.Seal(), append(names, "BLANK()", `"2026-01-31"`, "5", `"x"`)
}

// resultOf is the type that an expression has, or "!code".
func resultOf(source string, e expr.Env) string {
	p, err := expr.Compile(source, e, expr.Unknown)
	var syntax *expr.SyntaxError
	if errors.As(err, &syntax) {
		return "!" + strings.TrimPrefix(syntax.Code, "wrong_")
	}
	if err != nil {
		return err.Error()
	}
	return strings.ReplaceAll(p.Root().Type.String(), " ", "-")
}

// TestEveryOperatorWithEveryType compares testdata/operators.txt: what each
// operator and function gives between values of all types.
func TestEveryOperatorWithEveryType(t *testing.T) {
	o, operands := everyType()
	e := expr.Env{Object: o, Parameters: map[string]expr.Type{"TEAM": expr.People}}
	lines := []string{
		"# What each operator and function gives for values of each type: the type of",
		"# the result, or ! and why it is refused. A field is named like its type.", "",
	}
	for _, op := range []string{"=", "<", "+", "-", "*", "/", "&", "AND", "IN"} {
		lines = append(lines, "operator "+op)
		for _, a := range operands {
			byResult := map[string][]string{}
			for _, b := range operands {
				right := b
				if op == "IN" {
					right = "(" + b + ")"
				}
				result := resultOf(a+" "+op+" "+right, e)
				byResult[result] = append(byResult[result], b)
			}
			lines = append(lines, grouped("  "+a+" "+op, byResult)...)
		}
		lines = append(lines, "")
	}
	lines = append(lines, "functions of one")
	for _, name := range []string{"ISBLANK", "LEN", "LOWER", "UPPER", "TRIM", "ABS", "INT", "ROUND", "ROUNDUP", "ROUNDDOWN", "YEAR", "MONTH", "DAY", "WEEKDAY", "HOUR", "STARTOFDAY", "CURRENCY", "MIN", "MAX", "NOT", "-"} {
		byResult := map[string][]string{}
		for _, a := range operands {
			result := resultOf(name+"("+a+")", e)
			byResult[result] = append(byResult[result], a)
		}
		lines = append(lines, grouped("  "+name, byResult)...)
	}
	lines = append(lines, "", "functions of two")
	for _, name := range []string{"STARTSWITH", "ENDSWITH", "CONTAINS", "MOD", "ROUND", "MIN", "MAX"} {
		for _, a := range operands {
			byResult := map[string][]string{}
			for _, b := range operands {
				result := resultOf(name+"("+a+", "+b+")", e)
				byResult[result] = append(byResult[result], b)
			}
			lines = append(lines, grouped("  "+name+" "+a+",", byResult)...)
		}
	}
	lines = append(lines, "", "functions of three")
	for _, a := range operands {
		byResult := map[string][]string{}
		for _, b := range operands {
			result := resultOf("IF(boolean, "+a+", "+b+")", e)
			byResult[result] = append(byResult[result], b)
		}
		lines = append(lines, grouped("  IF boolean, "+a+",", byResult)...)
		for _, f := range []string{"DATEADD(" + a + `, 1, "month")`, "DATEDIFF(" + a + `, datetime, "hour")`, "DATEDIFF(date, " + a + `, "day")`, "DATE(" + a + ", 1, 1)"} {
			lines = append(lines, "  "+f+" => "+resultOf(f, e))
		}
	}
	path := filepath.Join("testdata", "operators.txt")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(lines, "\n") + "\n"
	if diff := cmp.Diff(string(content), got); diff != "" {
		if os.Getenv("CLEW_UPDATE") != "" {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("operators.txt (-want +got):\n%s", diff)
	}
}

// grouped writes one line a result, the operands behind it.
func grouped(what string, byResult map[string][]string) []string {
	var lines []string
	for result, operands := range byResult {
		lines = append(lines, what+" "+strings.Join(operands, " ")+" => "+result)
	}
	slices.Sort(lines)
	return lines
}

// TestWhatIsComparedIsComparedBothWays: where a = b compiles, so does b = a, and
// for no values at all both give the same; so does each comparison and its mirror image.
func TestWhatIsComparedIsComparedBothWays(t *testing.T) {
	o, operands := everyType()
	e := expr.Env{Object: o}
	for _, pair := range [][2]string{{"=", "="}, {"<>", "<>"}, {"<", ">"}, {"<=", ">="}} {
		for _, a := range operands {
			for _, b := range operands {
				there, back := a+" "+pair[0]+" "+b, b+" "+pair[1]+" "+a
				if x, y := resultOf(there, e), resultOf(back, e); x != y {
					t.Errorf("%s gives %s, %s gives %s", there, x, back, y)
				}
			}
		}
	}
}

// TestNothingIsKnownOfBlank: every function that is not about blanks gives a
// blank for one, and no comparison with one holds.
func TestNothingIsKnownOfBlank(t *testing.T) {
	o, _ := everyType()
	e := expr.Env{Object: o}
	nothing := expr.Input{Field: func(string) any { return nil }}
	for _, source := range []string{
		"LEN(text)", "LOWER(text)", "UPPER(text)", "TRIM(text)", "ABS(number)", "INT(number)", "MOD(number, 2)", "MOD(2, number)", "ROUND(number)",
		"ROUNDUP(number, 1)", "ROUNDDOWN(5, number)", "YEAR(date)", "MONTH(datetime)", "DAY(date)", "WEEKDAY(datetime)", "HOUR(datetime)",
		"STARTOFDAY(date)", "CURRENCY(currency)", `DATEADD(date, 1, "day")`, `DATEADD("2026-01-01", number, "day")`, `DATEDIFF(date, datetime, "day")`,
		"DATE(number, 1, 1)", "number + 1", "1 - number", "number * 0", "number / 1", "-number", "date + 1", "date - datetime", "MIN(number)", "MAX(number, currency)",
		"IF(boolean, 1)", "STARTSWITH(text, \"a\")", "ENDSWITH(\"a\", text)",
	} {
		p, err := expr.Compile(source, e, expr.Unknown)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		got, err := p.Eval(nothing)
		if blank := got == nil || got == false; !blank || err != nil {
			t.Errorf("%s = %v, %v", source, got, err)
		}
	}
	for _, name := range []string{"text", "number", "currency", "boolean", "date", "datetime", "choice", "person", "reference", "phone"} {
		for _, op := range []string{"=", "<>", "<", "<=", ">", ">="} {
			source := name + " " + op + " " + name
			p, err := expr.Compile(source, e, expr.Bool)
			if err != nil {
				continue // no order
			}
			holds, err := p.Truth(nothing)
			if holds || err != nil {
				t.Errorf("%s holds of nothing: %v", source, err)
			}
			denied, err := expr.Compile("NOT ("+source+")", e, expr.Bool)
			if err != nil {
				t.Fatal(err)
			}
			if holds, err := denied.Truth(nothing); !holds || err != nil {
				t.Errorf("NOT (%s) does not hold of nothing: %v", source, err)
			}
		}
		p, err := expr.Compile(fmt.Sprintf("ISBLANK(%s) AND %s = BLANK()", name, name), e, expr.Bool)
		if err != nil {
			t.Fatal(err)
		}
		if holds, err := p.Truth(nothing); !holds || err != nil {
			t.Errorf("%s is not blank: %v", name, err)
		}
	}
}
