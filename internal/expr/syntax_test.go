package expr_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"pgregory.net/rapid"
)

// TestSpellingsOfOneThing: what a Chinese keyboard, a spreadsheet user and a
// programmer type is one expression, with one result for every record.
func TestSpellingsOfOneThing(t *testing.T) {
	for _, spellings := range [][]string{
		{`vip AND score>1`, `vip and score > 1`, `vip 且 score>1`, `AND(vip, score>1)`, `and(vip,score>1)`, `vip　且　score＞１`, "vip\nAND\n\tscore>1", `(vip) AND ((score>1))`},
		{`vip OR score>1`, `vip 或 score>1`, `OR(vip, score>1)`, `Or（vip，score＞1）`, `or(vip)OR(score>1)`},
		{`NOT vip`, `not vip`, `非 vip`, `NOT(vip)`, `非（vip）`, `非(vip)`, `NOT NOT NOT vip`},
		{`score<>7`, `score!=7`, `score≠7`, `score＜＞7`, `score！＝7`, `7<>score`, `NOT ISBLANK(score) AND NOT score=7`},
		{`score<=7`, `score≤7`, `score＜＝7`, `7>=score`, `7≥score`, `score IN (7) OR score<7`},
		{`score>=7`, `score≥7`, `score＞＝7`, `score >= +7`, `score>=７`, `score >= 7.00`, `score >= 6 + 1`, `score>=(7)`},
		{`score*2=14`, `score×2=14`, `2*score=14`, `score + score = 14`, `score÷0.5=14`, `score/0.5=14`},
		{`来源=抖音`, `[来源]=[抖音]`, `Source=Douyin`, `source="抖音"`, `source='Douyin'`, `source=“抖音”`, `source=‘抖音’`, `source=”抖音”`, `source＝＂抖音＂`, `抖音=来源`, `来源 IN (抖音)`, `来源 in 抖音`,
			`source="crm.lead.source.douyin"`, `[source]=[Douyin]`, `[ source ] = [ Douyin ]`},
		{`来源 NOT IN (抖音, "旧")`, `来源 not in (抖音,旧)`, `NOT 来源 IN (抖音, 旧)`, `NOT (来源=抖音 OR 来源=旧)`, `非 来源 IN （抖音，旧）`},
		{`ISBLANK(score)`, `isblank(score)`, `IsBlank( score )`, `score=BLANK()`, `score = ""`, `score=''`, `score=“”`, `BLANK()=score`, `NOT score<>BLANK()`, `ISBLANK(score+1)`, `ISBLANK(-score)`},
		{`TRUE`, `true`, `True()`, `1=1`, `NOT FALSE`, `非 FALSE()`, `"a"='a'`, `1.0=1`, `１=1`},
		{`CONTAINS(tags, "a""b")`, `CONTAINS(tags, 'a"b')`, `CONTAINS(标签, “a"b”)`},
		{`score - 1 - 1 = 5`, `(score - 1) - 1 = 5`, `score-2=5`, `score+-2=5`, `score - +2 = 5`, `- - score - 2 = 5`},
		{`due < "2026-03-10"`, `due<DATE(2026,3,10)`, `STARTOFDAY(due) < STARTOFDAY("2026-03-10")`, `NOT due >= "2026-03-10" AND NOT ISBLANK(due)`, `[下次时间] < '2026-03-10'`, `due < "2026-03-10 00:00"`},
	} {
		want := truths(t, spellings[0])
		for _, other := range spellings[1:] {
			if got := truths(t, other); got != want {
				t.Errorf("%s is %s, but %s is %s", spellings[0], want, other, got)
			}
		}
	}
}

// truths is what a condition gives for some records, "y" and "n".
func truths(t *testing.T, source string) string {
	t.Helper()
	p, err := expr.Compile(source, env(), expr.Bool)
	if err != nil {
		t.Errorf("%s: %v", source, err)
		return ""
	}
	var out strings.Builder
	for _, r := range someRecords() {
		holds, err := p.Truth(expr.Input{Field: func(id string) any { return r[id] }})
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		out.WriteByte("ny"[map[bool]int{true: 1}[holds]])
	}
	return out.String()
}

// someRecords differ in what the expressions of these tests read.
func someRecords() []map[string]any {
	out := []map[string]any{{}}
	for i, score := range []int64{-7, 0, 1, 2, 5, 6, 7, 8, 14} {
		out = append(out, map[string]any{
			"crm.lead.score":  schema.Scale(score, 0),
			"crm.lead.vip":    i%2 == 0,
			"crm.lead.source": []string{"crm.lead.source.douyin", "crm.lead.source.website", "crm.lead.source.old"}[i%3],
			"crm.lead.tags":   []string{"x", `a"b`, "a＂"}[i%3 : i%3+1],
			"crm.lead.due":    time.Date(2026, 3, 9, 20+i, 0, 0, 0, time.UTC),
		})
	}
	return out
}

// TestLiterals: what each literal is, or why it is none.
func TestLiterals(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"0", "0"}, {"007", "7"}, {"12.50", "12.50"}, {"0.5", "0.5"}, {"-0.5", "-0.5"}, {"+3", "3"}, {"１２．５", "12.5"}, {"1 + 1", "2"},
		{".5", "!syntax"}, {"5.", "!syntax"}, {"1.2.3", "!syntax"}, {"1,000", "!syntax"}, {"1e3", "!syntax"}, {"0x10", "!syntax"}, {"1_000", "!syntax"}, {"½", "!syntax"}, {"²", "!syntax"}, {"٣", "!syntax"},
		{strings.Repeat("9", 34), strings.Repeat("9", 34)}, {strings.Repeat("9", 35), "!too_long"},
		{strings.Repeat("9", 17) + "." + strings.Repeat("9", 17), strings.Repeat("9", 17) + "." + strings.Repeat("9", 17)},
		{strings.Repeat("9", 17) + "." + strings.Repeat("9", 18), "!too_long"},
		{`"a"`, "a"}, {`'a'`, "a"}, {`“a”`, "a"}, {`‘a’`, "a"}, {`"it's"`, "it's"}, {`'say ""'`, `say ""`}, {`'it''s'`, "it's"}, {`"say ""hi"""`, `say "hi"`}, {`“say ”” twice”`, "say ” twice"},
		{`"＂"""`, `!syntax`}, {`"Ａ１"`, "A1"}, {`"[x]"`, "[x]"}, {`"a" & 'b' & “c”`, "abc"}, {"\"two\nlines\"", "two\nlines"}, {`"ﬁ"`, "fi"}, {`"e` + "\u0301" + `"`, "é"}, {`" a "`, " a "},
		{`"a`, "!syntax"}, {`a"`, "!syntax"}, {`“a"`, "!syntax"}, {`"a" "b"`, "!syntax"}, {`""`, "blank"}, {`"" & ""`, "blank"}, {`"" & "x"`, "x"}, {"\"a\x00\"", "!syntax"}, {"\"\xff\"", "!syntax"},
		{"TRUE", "true"}, {"FALSE", "false"}, {"TRUE()", "true"}, {"TRUE(1)", "!syntax"}, {"BLANK()", "blank"}, {"BLANK(1)", "!wrong_arguments"}, {"BLANK", "!unknown_field"},
		{"DATE(2026, 2, 30)", "2026-03-02"}, {"DATE(2026, 13, 1)", "2027-01-01"}, {"DATE(2026, 0, 1)", "2025-12-01"}, {"DATE(2026, 3, 0)", "2026-02-28"}, {"DATE(2026.9, 1.9, 1.9)", "2026-01-01"},
		{"DATE(0, 1, 1)", "blank"}, {"DATE(9999, 12, 31)", "9999-12-31"}, {"DATE(9999, 12, 32)", "blank"}, {"DATE(1, 1, 1)", "0001-01-01"}, {"DATE(1e9, 1, 1)", "!syntax"}, {"DATE(1000000, 1, 1)", "blank"},
	} {
		if got := evaluated(c.source); got != c.want {
			t.Errorf("%q is %s, want %s", c.source, got, c.want)
		}
	}
}

// evaluated is the value as a text, "blank", or "!" and the code of the error.
func evaluated(source string) string {
	p, err := expr.Compile(source, env(), expr.Unknown)
	var syntax *expr.SyntaxError
	if errors.As(err, &syntax) {
		return "!" + syntax.Code
	}
	v, err := p.Eval(expr.Input{Now: time.Date(2026, 3, 10, 2, 30, 0, 0, time.UTC), Me: "u-li"})
	var problem *expr.EvalError
	if errors.As(err, &problem) {
		return "!" + problem.Code + " in " + problem.Function
	}
	switch x := v.(type) {
	case nil:
		return "blank"
	case time.Time:
		return x.Format(time.RFC3339Nano)
	case fmt.Stringer:
		return x.String()
	}
	return fmt.Sprint(v)
}

// TestWhatIsNoExpression: each is refused with the code that a program can rely on.
func TestWhatIsNoExpression(t *testing.T) {
	for _, c := range []struct{ source, code string }{
		{"", "syntax"}, {"   ", "syntax"}, {"\n\t", "syntax"}, {"()", "syntax"}, {"vip)", "syntax"}, {"((vip)", "syntax"}, {"vip vip", "syntax"}, {"AND vip", "syntax"}, {"vip AND", "syntax"},
		{"vip OR OR vip", "syntax"}, {"NOT", "syntax"}, {"vip NOT vip", "syntax"}, {"score NOT = 7", "syntax"}, {"score IN", "syntax"}, {"score IN ()", "syntax"}, {"score IN (1,)", "syntax"}, {"score IN (,1)", "syntax"},
		{"score IN (1 2)", "syntax"}, {"score IN 1, 2", "syntax"}, {"score = = 7", "syntax"}, {"score => 7", "syntax"}, {"score =< 7", "syntax"}, {"score == 7", "syntax"}, {"score <> <> 7", "syntax"}, {"1 < score < 3", "syntax"},
		{"score = 1 = vip", "syntax"}, {"score ** 2 > 1", "syntax"}, {"score % 2 = 1", "syntax"}, {"score ^ 2 > 1", "syntax"}, {"score # 2", "syntax"}, {"score; DROP", "syntax"}, {"a || b", "syntax"}, {"vip && vip", "syntax"},
		{"!vip", "syntax"}, {"vip ? 1 : 2", "syntax"}, {"lead.score > 1", "syntax"}, {"$1", "syntax"}, {"@me", "syntax"}, {"`score`", "syntax"}, {"{score}", "syntax"}, {"{{crm.lead.vip}}", "syntax"}, {"[", "syntax"}, {"[]", "syntax"}, {"[ ]", "syntax"},
		{"[score", "syntax"}, {"score]", "syntax"}, {"😀", "syntax"}, {"LEN(", "syntax"}, {"LEN(,)", "syntax"}, {"IF(vip,,1)", "syntax"}, {"=1", "syntax"}, {"-", "syntax"}, {"score -", "syntax"}, {"且", "syntax"}, {"score 2", "syntax"}, {"2score", "syntax"},
		{"nobody > 1", "unknown_field"}, {"[no such] > 1", "unknown_field"}, {"score > nobody", "unknown_field"}, {"SELECT", "unknown_field"}, {"vip OR nothing", "unknown_field"}, {"LEN = 3", "unknown_field"}, {"[TRUE]", "unknown_field"},
		{"地区='x'", "ambiguous_field"}, {"Region IN ('x')", "ambiguous_field"}, {"ISBLANK(地区)", "ambiguous_field"},
		{"来源=火星", "unknown_choice"}, {"来源 IN (抖音, 火星)", "unknown_choice"}, {"来源='Tok'", "unknown_choice"}, {"火星<>来源", "unknown_choice"},
		{"FOO(1)", "unknown_function"}, {"LENGTH(contact_name)", "unknown_function"}, {"score(1)", "unknown_function"}, {"来源(抖音)", "unknown_function"}, {"COUNT(tags)", "unknown_function"}, {"me2()", "unknown_function"},
		{"LEN()=1", "wrong_arguments"}, {"LEN(contact_name, 1)=1", "wrong_arguments"}, {"ME(1)='u'", "wrong_arguments"}, {"IF(vip)", "wrong_arguments"}, {"IF(vip,vip,vip,vip)", "wrong_arguments"}, {"ISBLANK()", "wrong_arguments"},
		{"ISBLANK(score, vip)", "wrong_arguments"}, {"CONTAINS(tags)", "wrong_arguments"}, {"MIN()>1", "wrong_arguments"}, {"AND()", "wrong_arguments"}, {"OR()", "wrong_arguments"}, {"TODAY(1)='2026-01-01'", "wrong_arguments"}, {"ROUND()=1", "wrong_arguments"},
		{"ROUND(1,2,3)=1", "wrong_arguments"}, {"DATE(2026,1)='2026-01-01'", "wrong_arguments"}, {"DATEADD(due,1)=due", "wrong_arguments"}, {"DATEADD(due,1,'second')=due", "wrong_arguments"}, {"DATEDIFF(due,due,'week')=1", "wrong_arguments"},
		{"DATEADD(due,1,contact_name)=due", "wrong_arguments"}, {"DATEADD(due,1,day)=due", "wrong_arguments"}, {"STARTOFDAY()=due", "wrong_arguments"}, {"CURRENCY()='CNY'", "wrong_arguments"},
		{"score", "wrong_type"}, {"score + 1", "wrong_type"}, {"'text'", "wrong_type"}, {"vip + 1 = 2", "wrong_type"}, {"NOT score", "wrong_type"}, {"score AND vip", "wrong_type"}, {"vip OR 'x'", "wrong_type"}, {"score = 'seven'", "wrong_type"},
		{"vip = 1", "wrong_type"}, {"vip > vip", "wrong_type"}, {"来源 > 抖音", "wrong_type"}, {"tags = 'a'", "wrong_type"}, {"tags IN ('a')", "wrong_type"}, {"due > 7", "wrong_type"}, {"due + due = due", "wrong_type"}, {"due * 2 > due", "wrong_type"}, {"2 - due > due", "wrong_type"},
		{"contact_name & score = 'x'", "wrong_type"}, {"IF(score, vip, vip)", "wrong_type"}, {"IF(vip, 1, 'x') = 1", "wrong_type"}, {"CONTAINS(score, '7')", "wrong_type"}, {"CONTAINS(contact_name, 7)", "wrong_type"}, {"LEN(score) = 1", "wrong_type"},
		{"MIN(score, 'x') = 1", "wrong_type"}, {"CURRENCY(score) = 'CNY'", "wrong_type"}, {"CURRENCY(budget + 1) = 'CNY'", "wrong_type"}, {"HOUR(score) = 1", "wrong_type"}, {"YEAR(contact_name) = 1", "wrong_type"}, {"ABS('x') = 1", "wrong_type"},
		{"DATEADD(TODAY(), 1, 'hour') = due", "wrong_type"}, {"DATEADD(score, 1, 'day') = due", "wrong_type"}, {"DATEDIFF(score, due, 'day') = 1", "wrong_type"}, {"created_by = score", "wrong_type"}, {"-vip = 1", "wrong_type"}, {"-due = due", "wrong_type"},
		{"due = 'tomorrow'", "bad_date"}, {"due = '2026-02-30'", "bad_date"}, {"due > '2026-1-1'", "bad_date"}, {"due > '2026-01-01 25:00'", "bad_date"}, {"due > '20260101'", "bad_date"}, {"YEAR('x') = 1", "bad_date"}, {"due IN ('x')", "bad_date"}, {"due > '2026-01-01T10:00'", "bad_date"},
	} {
		_, err := expr.Compile(c.source, env(), expr.Bool)
		var syntax *expr.SyntaxError
		if !errors.As(err, &syntax) || syntax.Code != c.code {
			t.Errorf("%q: %v, want %s", c.source, err, c.code)
		}
	}
}

// TestBlanksBetweenTokensMeanNothing: an expression with any blanks between its
// tokens is the same, and its stored form keeps them as they were typed.
func TestBlanksBetweenTokensMeanNothing(t *testing.T) {
	sources := [][]string{
		{"vip", " AND ", "score", ">", "=", "7"},
		{"NOT ", "(", "来源", "=", "抖音", " OR ", "ISBLANK", "(", "[Contact name]", ")", ")"},
		{"score", " NOT ", "IN ", "(", "1", ",", "7", ",", "-", "7", ")"},
		{"IF", "(", "vip", ",", "score", "+", "2", "*", "3", ",", "BLANK", "(", ")", ")", "<", "11"},
		{"CONTAINS", "(", "tags", ",", `"a""b"`, ")", " 且 ", "due", "<", `"2026-03-10"`},
	}
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.SampledFrom(sources).Draw(t, "source")
		var spaced strings.Builder
		for _, token := range tokens {
			if token != "=" || !strings.HasSuffix(spaced.String(), ">") { // >= is one token
				spaced.WriteString(rapid.StringOfN(rapid.RuneFrom([]rune(" \t\n\r　\u00a0")), 0, 3, -1).Draw(t, "blanks"))
			}
			spaced.WriteString(token)
		}
		plain := strings.Join(tokens, "")
		a, err := expr.Compile(plain, env(), expr.Bool)
		if err != nil {
			t.Fatal(err)
		}
		b, err := expr.Compile(spaced.String(), env(), expr.Bool)
		if err != nil {
			t.Fatalf("%q: %v", spaced.String(), err)
		}
		for _, r := range someRecords() {
			in := expr.Input{Field: func(id string) any { return r[id] }}
			x, _ := a.Truth(in)
			if y, _ := b.Truth(in); x != y {
				t.Fatalf("%q is %v, %q is %v", plain, x, spaced.String(), y)
			}
		}
		if bare(a.Stored()) != bare(b.Stored()) {
			t.Fatalf("stored as %q and %q", a.Stored(), b.Stored())
		}
	})
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\r　\u00a0", r) {
			return -1
		}
		return r
	}, s)
}
