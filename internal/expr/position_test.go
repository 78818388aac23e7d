package expr_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"clew.dev/clew/internal/expr"
	"pgregory.net/rapid"
)

// TestWhereTheErrorIs: the sign ⟦ stands before the place that the message must
// point at. It is taken out before the expression is compiled.
func TestWhereTheErrorIs(t *testing.T) {
	for _, marked := range []string{
		"⟦nobody > 1", "score > ⟦nobody", "vip AND ⟦nobody", "(vip AND (score > ⟦nobody))", "IF(vip, score, ⟦nobody) > 1", "score IN (1, ⟦nobody, 3)", "NOT ⟦nobody", "- ⟦nobody = 1", "LEN(⟦nobody) = 1",
		"⟦[no body] > 1", "评分 > ⟦没有 AND vip", "“中文” = contact_name AND ⟦nobody", "评分 ＞ 1　且　⟦没有", "'😀😀' = contact_name AND ⟦nobody", "'e\u0301' = contact_name AND ⟦nobody",
		"来源 = ⟦火星", "来源 IN (抖音, ⟦火星)", "⟦火星 = 来源", "来源 <> ⟦'火星'", "⟦地区 = 'x'", "vip OR\n  ⟦地区 = 'x'",
		"⟦FOO(1) = 1", "1 + ⟦FOO(1) = 1", "IF(vip, ⟦FOO(), 1) = 1", "⟦LEN() = 1", "1 + ⟦LEN(contact_name, 1) = 1", "vip AND ⟦ISBLANK()", "⟦MIN() > 1", "vip AND ⟦AND()",
		"score ⟦= 'seven'", "vip AND score ⟦= 'seven'", "vip ⟦> vip", "来源 ⟦> 抖音", "tags ⟦= 'a'", "due ⟦+ due = due", "score ⟦& 'x' = 'x'", "⟦IF(vip, 1, 'x') = 1", "IF(⟦score, vip, vip)", "NOT ⟦score", "⟦score AND vip", "vip AND ⟦score",
		"LEN(⟦score) = 1", "MIN(1, ⟦'x') = 1", "CONTAINS(⟦score, '7')", "CONTAINS(tags, ⟦7)", "ABS(⟦'x') = 1", "⟦-vip = 1", "CURRENCY(⟦score) = 'CNY'", "DATEADD(due, 1, ⟦'second') = due", "DATEADD(⟦score, 1, 'day') = due", "DATEDIFF(due, ⟦vip, 'day') = 1",
		"due > ⟦'tomorrow'", "due IN ('2026-01-01', ⟦'x')", "YEAR(⟦'x') = 1", "⟦score", "⟦'text'", "1 ⟦+ 1",
		"⟦", "   ⟦", "\n\n⟦", "vip AND ⟦", "vip AND\n⟦", "score = ⟦", "(vip⟦", "LEN(contact_name⟦", "score IN ⟦", "score ⟦IN ()", "score IN (1,⟦)", "vip ⟦vip", "vip⟦)", "vip\n⟦)", "1 < score ⟦< 3", "score NOT ⟦= 7", "⟦AND vip", "vip OR ⟦OR vip", "score = ⟦= 7", "score = ⟦> 7",
		"⟦[score", "vip AND ⟦[score", "vip AND ⟦'text", "vip AND\n\t⟦'text", "vip AND ⟦“文", "⟦[]", "score > ⟦2score", "score ⟦% 2 = 1", "score > 1 ⟦; vip", "vip &⟦& vip", "vip ⟦|| vip", "评分 > 1 ⟦；vip", "⟦{{x}}", "vip AND ⟦\x00",
		"vip\nAND nobody2\nOR ⟦nobody"[:4] + "AND ⟦nobody2\nOR vip", "\t\t⟦nobody", "vip AND\r\n⟦nobody", "score > " + "⟦" + strings.Repeat("9", 35),
	} {
		at := strings.Index(marked, "⟦")
		source := strings.Replace(marked, "⟦", "", 1)
		_, err := expr.Compile(source, env(), expr.Bool)
		var syntax *expr.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: %v", marked, err)
			continue
		}
		before := source[:at]
		line := strings.Count(before, "\n") + 1
		column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
		if syntax.Line != line || syntax.Column != column {
			t.Errorf("%q: line %d, column %d, want %d and %d: %s", marked, syntax.Line, syntax.Column, line, column, syntax.Message)
		}
		checkCaret(t, source, syntax)
	}
}

// checkCaret asks that the caret stands below the place: on a screen where a wide
// character takes two cells and an accent none.
func checkCaret(t interface {
	Errorf(format string, args ...any)
}, source string, e *expr.SyntaxError,
) {
	lines := strings.Split(source, "\n")
	if e.Line < 1 || e.Line > len(lines) {
		t.Errorf("%q: line %d of %d", source, e.Line, len(lines))
		return
	}
	line := lines[e.Line-1]
	if e.Column < 1 || e.Column > utf8.RuneCountInString(line)+1 {
		t.Errorf("%q: column %d of %q", source, e.Column, line)
		return
	}
	shown, caret, two := strings.Cut(e.Caret, "\n")
	if !two || shown != strings.ToValidUTF8(line, "�") || !strings.HasSuffix(caret, "^") || strings.Contains(caret, "\n") {
		t.Errorf("%q: the place is shown as %q", source, e.Caret)
		return
	}
	lead := string([]rune(line)[:e.Column-1])
	if got, want := cells(strings.TrimSuffix(caret, "^")), cells(lead); got != want {
		t.Errorf("%q: the caret stands at cell %d, the place is at %d:\n%s", source, got, want, e.Caret)
	}
}

// cells is how wide a text is on a screen of fixed cells, a tab counted apart.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r == '\t':
			n += 1000
		case r == 0x3000, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff, r >= 0xff01 && r <= 0xff60, r >= 0x1f300 && r <= 0x1faff:
			n += 2
		case r >= 0x300 && r <= 0x36f:
		default:
			n++
		}
	}
	return n
}

// TestEveryErrorPointsIntoItsText: whatever is typed, cut off or pasted in the
// middle, the error names a place that exists, and shows it.
func TestEveryErrorPointsIntoItsText(t *testing.T) {
	pieces := []string{
		"vip", "评分", "来源", "抖音", "nobody", "[Contact name]", "[", "]", "(", ")", ",", "=", "<>", "<=", "+", "-", "*", "/", "&", " AND ", " 且 ", " NOT ", " IN ", "IF", "LEN", "CONTAINS", "DATEADD", "1", "2.5", `"a"`, "'", "“引”", "\n", "\r\n", "\t", "　", "😀", "e\u0301", "；", ".", "{{", "TRUE", "BLANK()",
	}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "pieces") {
			b.WriteString(rapid.SampledFrom(pieces).Draw(t, "piece"))
		}
		p, err := expr.Compile(b.String(), env(), expr.Bool)
		if err == nil {
			if p.Root() == nil {
				t.Fatal("compiled to nothing")
			}
			return
		}
		var syntax *expr.SyntaxError
		if !errors.As(err, &syntax) || syntax.Code == "" || syntax.Message == "" {
			t.Fatalf("%q: %v", b.String(), err)
		}
		checkCaret(t, b.String(), syntax)
		if want := fmt.Sprintf("line %d, column %d: ", syntax.Line, syntax.Column); !strings.HasPrefix(syntax.Error(), want) {
			t.Fatalf("%q: the message begins otherwise: %s", b.String(), syntax.Error())
		}
	})
}

// TestErrorsOfTheLastLine: a long text keeps its own line only.
func TestErrorsOfTheLastLine(t *testing.T) {
	source := strings.Repeat("vip AND score > 1 OR\n", 60) + "  来源 = 火星"
	_, err := expr.Compile(source, env(), expr.Bool)
	var syntax *expr.SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatal(err)
	}
	if syntax.Line != 61 || syntax.Column != 8 || syntax.Caret != "  来源 = 火星\n  　　   ^" {
		t.Errorf("line %d, column %d\n%s", syntax.Line, syntax.Column, syntax.Caret)
	}
	fault := expr.Refusal(syntax, "filter")
	if len(fault.Fields) != 1 || fault.Fields[0].Path != "filter" || fault.Fields[0].Line != 61 || !strings.Contains(fault.Fields[0].Detail, syntax.Caret) {
		t.Errorf("as a fault: %+v", fault)
	}
}
