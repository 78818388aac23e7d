package query_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"pgregory.net/rapid"
)

// words are texts that databases like to misread.
var words = []string{"a", "B", "b%", "_", `\`, "'", `"`, "a,b", "液压阀", "é", "😀", " x ", "NULL", "ab"}

func drawRow(t *rapid.T, i int) query.Row {
	r := query.Row{
		ID: fmt.Sprintf("r%03d", i), CreatedAt: drawTime(t), UpdatedAt: now(), CreatedBy: "u-li",
		Revision: 1, ThreadSeq: 1, Values: map[string]any{},
	}
	o := lead()
	for _, f := range o.Fields {
		if rapid.IntRange(0, 3).Draw(t, "blank") == 0 {
			continue
		}
		r.Values[f.ID] = drawValue(t, f)
	}
	return r
}

func drawTime(t *rapid.T) time.Time {
	return now().Add(time.Duration(rapid.IntRange(-100000, 100000).Draw(t, "seconds")) * time.Second)
}

func drawValue(t *rapid.T, f *schema.Field) any {
	switch f.Storage() {
	case schema.Scaled:
		return schema.Scale(rapid.Int64Range(-30, 30).Draw(t, "number"), f.Scale)
	case schema.MoneyPair:
		return schema.Money{Amount: schema.Scale(rapid.Int64Range(-300, 300).Draw(t, "cents"), f.Scale), Currency: "CNY"}
	case schema.Boolean:
		return rapid.Bool().Draw(t, "yes")
	case schema.Micros:
		return drawTime(t)
	case schema.TextList:
		if f.Type == "choices" {
			return []string{f.Choices[rapid.IntRange(0, 1).Draw(t, "choice")].ID}
		}
		return rapid.SliceOfNDistinct(rapid.SampledFrom(words), 1, 3, rapid.ID).Draw(t, "tags")
	}
	switch f.Type {
	case "choice":
		return rapid.SampledFrom(f.Choices).Draw(t, "choice").ID
	case "date":
		return expr.DayOf(drawTime(t), time.UTC)
	}
	return rapid.SampledFrom(words).Draw(t, "word")
}

// drawExpression writes a random expression of a type, at most depth levels deep.
func drawExpression(t *rapid.T, kind expr.Type, depth int) string {
	pick := func(options ...func() string) string {
		return options[rapid.IntRange(0, len(options)-1).Draw(t, "option")]()
	}
	sub := func(k expr.Type) string { return drawExpression(t, k, depth-1) }
	say := func(s string) func() string { return func() string { return s } }
	word := func() string {
		return `"` + strings.ReplaceAll(rapid.SampledFrom(words).Draw(t, "literal"), `"`, `""`) + `"`
	}
	operator := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "operator") }
	order := []string{"=", "<>", "<", "<=", ">", ">="}
	switch kind {
	case expr.Number:
		if depth <= 0 {
			return pick(say("评分"), say("费率"), say("预算"), func() string {
				return fmt.Sprintf("%d.%d", rapid.IntRange(-9, 9).Draw(t, "int"), rapid.IntRange(0, 99).Draw(t, "fraction"))
			}, say("BLANK()"))
		}
		return pick(
			func() string { return "(" + sub(expr.Number) + operator("+", "-", "*") + sub(expr.Number) + ")" },
			func() string { return operator("ABS", "INT", "-") + "(" + sub(expr.Number) + ")" },
			func() string {
				return operator("ROUND", "ROUNDUP", "ROUNDDOWN") + "(" + sub(expr.Number) + ", " + operator("-1", "0", "1", "2") + ")"
			},
			func() string {
				return operator("MIN", "MAX") + "(" + sub(expr.Number) + ", " + sub(expr.Number) + ")"
			},
			func() string { return "MOD(" + sub(expr.Number) + ", " + operator("3", "-0.7", "0", "评分") + ")" },
			func() string {
				return "IF(" + sub(expr.Bool) + ", " + sub(expr.Number) + ", " + sub(expr.Number) + ")"
			},
			func() string { return "LEN(" + sub(expr.Text) + ")" },
			func() string { return operator("YEAR", "MONTH", "DAY", "WEEKDAY") + "(" + sub(expr.Date) + ")" },
			func() string { return "DATEDIFF(" + sub(expr.Date) + ", " + sub(expr.Date) + `, "day")` },
			func() string { return "HOUR(创建时间)" },
			func() string { return "(" + sub(expr.Number) + " / " + operator("4", "-100", "0.5") + ")" },
		)
	case expr.Text:
		if depth <= 0 {
			return pick(say("公司"), say("留言"), say("电话"), word)
		}
		return pick(
			func() string { return "(" + sub(expr.Text) + " & " + sub(expr.Text) + ")" },
			func() string { return operator("LOWER", "UPPER", "TRIM") + "(" + sub(expr.Text) + ")" },
			func() string {
				return "IF(" + sub(expr.Bool) + ", " + sub(expr.Text) + ", " + sub(expr.Text) + ")"
			},
		)
	case expr.Date:
		if depth <= 0 {
			return pick(say("拜访日"), say("TODAY()"), say("DATE(2026,3,11)"))
		}
		return pick(
			func() string {
				return "DATEADD(" + sub(expr.Date) + ", " + operator("-1", "2", "12") + `, "` + operator("day", "week", "month", "year") + `")`
			},
			func() string { return "(" + sub(expr.Date) + " + 1)" },
		)
	case expr.DateTime:
		if depth <= 0 {
			return pick(say("下次时间"), say("创建时间"), say("NOW()"))
		}
		return pick(
			func() string { return "STARTOFDAY(" + sub(expr.DateTime) + ")" },
			func() string {
				return "DATEADD(" + sub(expr.DateTime) + ", " + operator("-30", "7") + `, "` + operator("minute", "hour", "day", "month") + `")`
			},
		)
	}
	if depth <= 0 {
		return pick(say("大客户"), say("来源=抖音"), say("ISBLANK(预算)"), say("来源<>官网"), say("TRUE"), say("负责人 IN TEAM()"),
			say("来源 IN (抖音, 展会)"), func() string { return "CONTAINS(标签, " + word() + ")" }, say("CONTAINS(需求, 样品)"))
	}
	return pick(
		func() string { return "(" + sub(expr.Bool) + operator(" AND ", " OR ") + sub(expr.Bool) + ")" },
		func() string { return "NOT (" + sub(expr.Bool) + ")" },
		func() string { return "(" + sub(expr.Number) + operator(order...) + sub(expr.Number) + ")" },
		func() string { return "(" + sub(expr.Text) + operator(order...) + sub(expr.Text) + ")" },
		func() string { return "(" + sub(expr.Date) + operator(order...) + sub(expr.Date) + ")" },
		func() string {
			return "(" + sub(expr.DateTime) + operator(order...) + operator(sub(expr.DateTime), sub(expr.Date)) + ")"
		},
		func() string { return "((" + sub(expr.Bool) + ")" + operator("=", "<>") + "(" + sub(expr.Bool) + "))" },
		func() string {
			return operator("CONTAINS", "STARTSWITH", "ENDSWITH") + "(" + sub(expr.Text) + ", " + sub(expr.Text) + ")"
		},
		func() string { return "IF(" + sub(expr.Bool) + ", " + sub(expr.Bool) + ", " + sub(expr.Bool) + ")" },
		func() string { return "ISBLANK(" + sub(expr.Text) + ")" },
		func() string { return "ISBLANK(" + sub(expr.Number) + ")" },
		func() string { return "(" + sub(expr.Text) + " IN (" + word() + ", " + word() + "))" },
		func() string { return "(" + sub(expr.Number) + " IN (1, 2.5, 评分))" },
	)
}

// TestGoAgreesWithDatabases draws rows once and many expressions: each selects
// the same rows in Go and in SQL, and its complement the others.
func TestGoAgreesWithDatabases(t *testing.T) {
	rows := rapid.Custom(func(t *rapid.T) []query.Row {
		out := make([]query.Row, 60)
		for i := range out {
			out[i] = drawRow(t, i)
		}
		return out
	}).Example(7)
	clewtest.Databases(t, func(outer *testing.T, db *sqldb.DB) {
		store(outer, db, lead(), rows)
		environment := env(outer)
		rapid.Check(outer, func(t *rapid.T) {
			source := drawExpression(t, expr.Bool, 3)
			p, err := expr.Compile(source, environment, expr.Bool)
			if err != nil {
				t.Fatalf("%s: %v", source, err)
			}
			if p.SQLProblem() != nil {
				return
			}
			want := chosenInGo(t, p, rows)
			for _, negated := range []bool{false, true} {
				got := chosenInSQL(t, outer, db, p, negated)
				if !slices.Equal(got, want[negated]) {
					t.Fatalf("%s (negated: %v)\n%s", source, negated, differing(rows, want[negated], got))
				}
			}
		})
	})
}

// differing describes the first record on which the two disagree.
func differing(rows []query.Row, inGo, inSQL []string) string {
	for _, r := range rows {
		if a, b := slices.Contains(inGo, r.ID), slices.Contains(inSQL, r.ID); a != b {
			return fmt.Sprintf("%s: Go %v, SQL %v: %v", r.ID, a, b, r.Values)
		}
	}
	return "only the order"
}

func chosenInGo(t *rapid.T, p *expr.Program, rows []query.Row) map[bool][]string {
	want := map[bool][]string{}
	for _, r := range rows {
		holds, err := p.Truth(input(r))
		if err != nil {
			t.Fatal(err)
		}
		want[!holds] = append(want[!holds], r.ID)
	}
	return want
}

func chosenInSQL(t *rapid.T, outer *testing.T, db *sqldb.DB, p *expr.Program, negated bool) []string {
	var where query.Condition = query.Expr{Program: p, Input: input(query.Row{})}
	if negated {
		where = query.Not{Condition: where}
	}
	found, err := selectRows(db, outer, query.Select{Object: lead(), Where: where, Sort: []query.Sort{{System: "id"}}})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range found {
		ids = append(ids, r.ID)
	}
	return ids
}
