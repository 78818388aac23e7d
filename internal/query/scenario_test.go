package query_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// scenario is one case of ../expr/testdata/scenarios.txt.
type scenario struct {
	line   int
	source string
	record string // name of the record
	want   string
	goOnly bool
}

func zone(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// now is Tuesday 2026-03-10 10:30 in Shanghai.
func now() time.Time { return time.Date(2026, 3, 10, 2, 30, 0, 0, time.UTC) }

// lead is the object of the scenarios.
func lead() *schema.Object {
	label := func(zh, en string) schema.Label { return schema.Label{"zh-CN": zh, "en": en} }
	f := func(n int, name, kind string, l schema.Label) *schema.Field {
		return &schema.Field{ID: "crm.lead." + name, Name: name, Type: kind, Label: l, Column: fmt.Sprintf("c_%d", n)}
	}
	source := f(1, "source", "choice", label("来源", "Source"))
	source.Choices = []schema.Choice{
		{ID: "crm.lead.source.douyin", Name: "抖音", Label: label("抖音", "Douyin")},
		{ID: "crm.lead.source.website", Name: "官网", Label: label("官网", "Website")},
		{ID: "crm.lead.source.expo", Name: "展会", Label: label("展会", "Trade fair")},
	}
	demand := f(2, "demand", "choices", label("需求", "Demand"))
	demand.Choices = []schema.Choice{
		{ID: "crm.lead.demand.sample", Name: "样品", Label: label("样品", "Sample")},
		{ID: "crm.lead.demand.price", Name: "报价", Label: label("报价", "Quotation")},
	}
	budget := f(3, "budget", "currency", label("预算", "Budget"))
	budget.Scale, budget.Currency = 2, "CNY"
	score := f(4, "score", "number", label("评分", "Score"))
	rate := f(5, "rate", "number", label("费率", "Rate"))
	rate.Scale = 4
	fields := []*schema.Field{
		source, demand, budget, score, rate,
		f(6, "company", "text", label("公司", "Company")),
		f(7, "contact_name", "text", label("联系人 姓名", "Contact name")),
		f(8, "phone", "phone", label("电话", "Phone")),
		f(9, "message", "long_text", label("留言", "Message")),
		f(10, "tags", "tags", label("标签", "Tags")),
		f(11, "vip", "boolean", label("大客户", "Key account")),
		f(12, "owner", "person", label("负责人", "Owner")),
		f(13, "next_due", "datetime", label("下次时间", "Next due")),
		f(14, "visit", "date", label("拜访日", "Visit")),
		f(15, "account", "reference", label("客户", "Account")),
		f(16, "region_a", "text", label("地区", "Region A")),
		f(17, "region_b", "text", label("地区", "Region B")),
	}
	return (&schema.Object{ID: "crm.lead", Name: "lead", Table: "o_1", OwnerField: "owner", Fields: fields}).Seal()
}

func env(t testing.TB) expr.Env {
	return expr.Env{
		Object: lead(), Zone: zone(t),
		Parameters: map[string]expr.Type{"TEAM": expr.People, "NOBODY": expr.People, "LIMIT": expr.Number},
		Phone: func(s string) string {
			s = strings.ReplaceAll(s, " ", "")
			if strings.HasPrefix(s, "+") {
				return s
			}
			return "+86" + s
		},
	}
}

func input(r query.Row) expr.Input {
	return expr.Input{
		Field: r.Field, Now: now(), Me: "u-li",
		Params: map[string]any{"TEAM": []string{"u-li", "u-wang"}, "LIMIT": schema.Scale(100, 0)},
	}
}

// readScenarios reads records and cases. A record is "record NAME {json by API
// name}"; a case is "expression => results", one result per record named in
// the last "on" line, or "value: …" for the first record.
func readScenarios(t testing.TB) (map[string]query.Row, []scenario) {
	t.Helper()
	content, err := os.ReadFile("../expr/testdata/scenarios.txt")
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]query.Row{}
	var cases []scenario
	var on []string
	for i, text := range strings.Split(string(content), "\n") {
		text = strings.TrimSpace(text)
		switch {
		case text == "", strings.HasPrefix(text, "#"):
		case strings.HasPrefix(text, "record "):
			name, body, _ := strings.Cut(strings.TrimPrefix(text, "record "), " ")
			records[name] = readRecord(t, name, body)
		case strings.HasPrefix(text, "on "):
			on = strings.Fields(strings.TrimPrefix(text, "on "))
		default:
			source, results, ok := strings.Cut(text, " => ")
			if !ok {
				t.Fatalf("line %d: no =>", i+1)
			}
			cases = append(cases, readCases(t, i+1, strings.TrimSpace(source), strings.TrimSpace(results), on)...)
		}
	}
	return records, cases
}

func readCases(t testing.TB, line int, source, results string, on []string) []scenario {
	t.Helper()
	goOnly := strings.HasSuffix(results, "(go)")
	results = strings.TrimSpace(strings.TrimSuffix(results, "(go)"))
	if !isTruths(results) {
		return []scenario{{line: line, source: source, record: on[0], want: results, goOnly: goOnly}}
	}
	words := strings.Fields(results)
	if len(words) != len(on) {
		t.Fatalf("line %d: %d results for %d records", line, len(words), len(on))
	}
	var out []scenario
	for i, word := range words {
		out = append(out, scenario{line: line, source: source, record: on[i], want: word, goOnly: goOnly})
	}
	return out
}

func isTruths(results string) bool {
	for _, word := range strings.Fields(results) {
		if word != "yes" && word != "no" {
			return false
		}
	}
	return true
}

func readRecord(t testing.TB, name, body string) query.Row {
	t.Helper()
	var raw map[string]any
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&raw); err != nil {
		t.Fatalf("record %s: %v", name, err)
	}
	o := lead()
	created := now().Add(-26 * time.Hour)
	r := query.Row{ID: name, CreatedAt: created, UpdatedAt: now(), CreatedBy: "u-li", Revision: 1, ThreadSeq: 1, Values: map[string]any{}}
	for key, v := range raw {
		f, ok := o.Field(key)
		if !ok {
			t.Fatalf("record %s: no field %s", name, key)
		}
		value, bad := f.Parse(v, schema.Input{Country: "CN", Zone: zone(t)})
		if bad != nil {
			t.Fatalf("record %s: %s: %s", name, key, bad.Code)
		}
		if value != nil {
			r.Values[f.ID] = value
		}
	}
	return r
}

// store makes the object's table and inserts the rows.
func store(t testing.TB, db *sqldb.DB, o *schema.Object, rows []query.Row) {
	t.Helper()
	if err := db.Alter(t.Context(), db.Statements(schema.Diff(nil, []*schema.Object{o}))); err != nil {
		t.Fatal(err)
	}
	for start := 0; start < len(rows); start += 100 {
		part := rows[start:min(start+100, len(rows))]
		if err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			for _, r := range part {
				sql, args, err := query.Insert(tx.Dialect(), o, r)
				if err != nil {
					return err
				}
				if _, err := tx.Exec(sql, args...); err != nil {
					return fmt.Errorf("%s: %w", sql, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// selectRows reads a selection by its halves, as package record does.
func selectRows(db *sqldb.DB, t testing.TB, s query.Select) (out []query.Row, err error) {
	for _, half := range s.Halves() {
		half.Limit -= len(out)
		rows, err := selectHalf(db, t, half)
		if out = append(out, rows...); err != nil || s.Limit > 0 && len(out) >= s.Limit {
			return out, err
		}
	}
	return out, nil
}

func selectHalf(db *sqldb.DB, t testing.TB, s query.Select) ([]query.Row, error) {
	var out []query.Row
	err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
		sql, args, err := s.Render(tx.Dialect())
		if err != nil {
			return err
		}
		rows, err := tx.Query(sql, args...)
		if err != nil {
			return fmt.Errorf("%s %v: %w", sql, args, err)
		}
		defer rows.Close()
		for rows.Next() {
			columns := make([]any, query.Width(s.Fields))
			if err := rows.Values(columns); err != nil {
				return err
			}
			r, err := query.Scan(columns, s.Fields, tx.Dialect())
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("%s %v: %w", sql, args, err)
		}
		return nil
	})
	return out, err
}

// condition is the expression of a case as a condition: a value becomes a
// comparison with what is expected.
func (s scenario) condition() (source, want string) {
	if s.want == "yes" || s.want == "no" {
		return s.source, s.want
	}
	if s.want == "blank" {
		return "ISBLANK(" + s.source + ")", "yes"
	}
	return "(" + s.source + ") = " + s.want, "yes"
}

func TestScenariosInGo(t *testing.T) {
	records, cases := readScenarios(t)
	lines := map[int]bool{}
	for _, c := range cases {
		lines[c.line] = true
		source, want := c.condition()
		p, err := expr.Compile(source, env(t), expr.Bool)
		if err != nil {
			t.Errorf("line %d: %s: %v", c.line, source, err)
			continue
		}
		r, ok := records[c.record]
		if !ok {
			t.Fatalf("line %d: no record %s", c.line, c.record)
		}
		got, err := p.Truth(input(r))
		if err != nil || yes(got) != want {
			t.Errorf("line %d: %s on %s = %v, %v; want %s", c.line, source, c.record, yes(got), err, want)
		}
		if refused := p.SQLProblem() != nil; refused != c.goOnly {
			t.Errorf("line %d: %s: SQL problem %v, but the file says go only: %v", c.line, source, p.SQLProblem(), c.goOnly)
		}
	}
	if len(lines) < 150 {
		t.Errorf("only %d cases", len(lines))
	}
}

func yes(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}

func TestScenariosInDatabases(t *testing.T) {
	records, cases := readScenarios(t)
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		var rows []query.Row
		for _, r := range records {
			rows = append(rows, r)
		}
		store(t, db, o, rows)
		for _, c := range cases {
			if !c.goOnly {
				checkInDatabase(t, db, c)
			}
		}
	})
}

func checkInDatabase(t *testing.T, db *sqldb.DB, c scenario) {
	source, want := c.condition()
	p, err := expr.Compile(source, env(t), expr.Bool)
	if err != nil {
		t.Errorf("line %d: %v", c.line, err)
		return
	}
	filter := query.Expr{Program: p, Input: input(query.Row{})}
	for _, negated := range []bool{false, true} {
		var where query.Condition = query.And{query.System("id", "=", c.record), filter}
		if negated {
			where = query.And{query.System("id", "=", c.record), query.Not{Condition: filter}}
		}
		got, err := selectRows(db, t, query.Select{Object: lead(), Where: where})
		if err != nil {
			t.Errorf("line %d: %s: %v", c.line, source, err)
		} else if held := yes(len(got) == 1 != negated); held != want {
			t.Errorf("line %d: %s on %s holds: %s, want %s (negated: %v)", c.line, source, c.record, held, want, negated)
		}
	}
}
