package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// oddObject is an object whose choices and labels hold what breaks careless
// texts: quotation marks, commas, brackets, other scripts.
const oddObject = `
{"label": {"zh-CN": "怪", "en": "Odd, \"very\""}, "title": "name", "owner": "owner", "stage": {"field": "size"}, "fields": [
 {"id": "x.odd.name", "name": "name", "label": {"zh-CN": "名称", "en": "Name"}, "type": "text"},
 {"id": "x.odd.owner", "name": "owner", "label": {"zh-CN": "负责人", "en": "Owner"}, "type": "person"},
 {"id": "x.odd.amount", "name": "amount", "label": {"zh-CN": "金额", "en": "Amount"}, "type": "currency", "scale": 2, "currency": "CNY"},
 {"id": "x.odd.rank", "name": "rank", "label": {"zh-CN": "名次", "en": "Rank"}, "type": "number", "scale": 3},
 {"id": "x.odd.rate", "name": "rate", "label": {"zh-CN": "比率", "en": "Rate"}, "type": "percent", "scale": 1},
 {"id": "x.odd.tags", "name": "tags", "label": {"zh-CN": "标签", "en": "Tags"}, "type": "tags"},
 {"id": "x.odd.size", "name": "size", "label": {"zh-CN": "尺寸", "en": "Size"}, "type": "choice", "choices": [
  {"id": "x.odd.size.a", "name": "5\" 屏", "label": {"zh-CN": "5\" 屏", "en": "5\" screen"}},
  {"id": "x.odd.size.b", "name": "a, b", "label": {"zh-CN": "a, b", "en": "a, b"}},
  {"id": "x.odd.size.c", "name": "=1+1", "label": {"zh-CN": "=1+1", "en": "=1+1"}},
  {"id": "x.odd.size.d", "name": "(x) OR TRUE", "label": {"zh-CN": "(x) OR TRUE", "en": "(x) OR TRUE"}},
  {"id": "x.odd.size.e", "name": "مرحبا 😀", "label": {"zh-CN": "مرحبا 😀", "en": "مرحبا 😀"}},
  {"id": "x.odd.size.f", "name": "' OR 1=1 --", "label": {"zh-CN": "' OR 1=1 --", "en": "' OR 1=1 --"}}]}]}`

// odd makes one record of each choice, one without, and gives the names of the choices.
func (c *company) odd() (choices []string) {
	c.Helper()
	admin := c.as("admin")
	admin("PUT", documents+"object/odd", []byte(strings.Replace(oddObject, "{", `{"id": "x.odd", `, 1))).want(c.T, "object", 201)
	admin("PUT", documents+"view/odd.board", map[string]any{
		"id": "x.view.odd", "label": map[string]string{"zh-CN": "看板", "en": "Board"}, "object": "odd", "layout": "board", "group": "size", "sum": "amount", "columns": []string{"name"},
	}).want(c.T, "board", 201)
	o, _ := c.app.Catalog.Current().Object("odd")
	size, _ := o.Field("size")
	for i, choice := range size.Choices {
		choices = append(choices, choice.Name)
		admin("POST", "/api/v1/records/odd", map[string]any{"name": fmt.Sprint(i), "size": choice.Name, "amount": fmt.Sprint(i, ".10"), "rank": fmt.Sprint(i, "00000"), "rate": fmt.Sprint(i, ".5")}).want(c.T, choice.Name, 201)
	}
	admin("POST", "/api/v1/records/odd", map[string]any{"name": "none"}).want(c.T, "none", 201)
	return choices
}

// TestOddChoicesFindTheirRecords: a board's column, a group and a filter written
// by hand find just the records of a choice, whatever letters its name has.
func TestOddChoicesFindTheirRecords(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		choices := c.odd()
		admin := c.as("admin")
		count := func(filter string) any {
			return admin("GET", "/api/v1/records/odd?count=exact&filter="+url.QueryEscape(filter), nil).want(t, filter, 200).json(t)["count"]
		}
		board := admin("GET", "/api/v1/records/odd/board", nil).want(t, "board", 200).json(t)
		columns := asList(board["columns"])
		if len(columns) != len(choices)+1 {
			t.Fatalf("%d columns", len(columns))
		}
		for i, column := range columns {
			if column["count"] != 1.0 {
				t.Errorf("column %v counts %v", column["choice"], column["count"])
			}
			if found := count(column["filter"].(string)); found != 1.0 {
				t.Errorf("the filter %v of a column finds %v", column["filter"], found)
			}
			if i < len(choices) && fmt.Sprint(column["sums"]) != fmt.Sprintf("[map[amount:%d.10 currency:CNY]]", i) {
				t.Errorf("column %v adds up to %v", column["choice"], column["sums"])
			}
		}
		for _, by := range []string{"size", "rank", "rate", "name", "owner", "size,rank"} {
			groups := admin("GET", "/api/v1/records/odd/groups?group="+url.QueryEscape(by), nil).want(t, by, 200).json(t)
			for _, group := range asList(groups["items"]) {
				if found := count(group["filter"].(string)); found != group["count"] {
					t.Errorf("by %s: %v counts %v, finds %v", by, group["filter"], group["count"], found)
				}
			}
		}
		for _, choice := range choices {
			if found := count(`size = "` + strings.ReplaceAll(choice, `"`, `""`) + `"`); found != 1.0 {
				t.Errorf("%s written by hand finds %v", choice, found)
			}
		}
	})
}

// TestOddValuesInAnExport: what a spreadsheet would compute or cut stays what it
// was, in both kinds of file.
func TestOddValuesInAnExport(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.odd()
		admin := c.as("admin")
		texts := []string{
			"=HYPERLINK(\"http://x\")", "+861390000", "-1", "@SUM(A1)", "a\tb", "line\nbreak", "quote \" and ' and ,;|", "\u202eabc", "0012", "1E5", "2026-03-01", "TRUE",
			"😀😀", "ﷺ", strings.Repeat("长", 150), "&lt;b&gt;<b>", "\\n", "NULL", "#REF!", " x ",
		}
		stored := map[string]string{}
		for i, text := range texts {
			made := admin("POST", "/api/v1/records/odd", map[string]any{"name": text, "tags": []string{string([]rune(text)[:min(20, len([]rune(text)))]), "t"}, "rank": fmt.Sprint(1000 + i)}).want(t, text, 201).json(t)
			stored[fmt.Sprint(1000+i)] = fmt.Sprint(made["name"])
		}
		path := "/api/v1/records/odd/export?fields=rank,name,tags&filter=" + url.QueryEscape("rank >= 1000 AND rank < 2000") + "&sort=rank&format="
		csv := admin("GET", path+"csv", nil).lines(t)
		sheet := admin("GET", path+"xlsx", nil).sheet(t)
		if len(csv) != len(texts)+1 || len(sheet) != len(texts)+1 {
			t.Fatalf("%d lines, %d rows", len(csv), len(sheet))
		}
		for i := range texts {
			rank := strings.TrimSuffix(csv[i+1][0], ".000")
			want := stored[rank]
			if got := csv[i+1][1]; got != want && got != "'"+want {
				t.Errorf("CSV of %q: %q", want, got)
			}
			if got := csv[i+1][1]; got != "" && strings.ContainsRune("=+-@\t\r", rune(got[0])) {
				t.Errorf("CSV of %q can be computed: %q", want, got)
			}
			if got := sheet[i+1][1]; got != want {
				t.Errorf("XLSX of %q: %q", want, got)
			}
		}
		exact := admin("POST", "/api/v1/records/odd", map[string]any{"name": "exact", "amount": "12345678901234.56", "rank": "-0.001", "rate": "33.3"}).want(t, "exact", 201).json(t)
		row := admin("GET", "/api/v1/records/odd/export?format=csv&fields=amount,rank,rate&filter="+url.QueryEscape(`name = "exact"`), nil).lines(t)[1]
		if got := strings.Join(row, " "); got != "12345678901234.56 CNY -0.001 33.3" {
			t.Errorf("exact values: %s of %v", got, exact)
		}
	})
}

// TestAlertsThatAreNothing: null and absent are an empty list, and stay one.
func TestAlertsThatAreNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1 := c.as("s1")
		for _, body := range []string{`{"quiet":true,"off":null}`, `{"quiet":true}`, `{}`, `{"off":[]}`} {
			for what, got := range map[string]answer{"chosen": s1("PUT", "/api/v1/alerts", body), "read": s1("GET", "/api/v1/alerts", nil)} {
				if off, ok := got.want(t, body, 200).json(t)["off"].([]any); !ok || len(off) != 0 {
					t.Errorf("%s, %s: %s", body, what, got.body)
				}
			}
		}
	})
}
