package search_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/search"
	"clew.dev/clew/internal/sqldb"
)

// lead is an object with every kind of field that is searched.
func lead() *schema.Object {
	o := &schema.Object{ID: "t.lead", Name: "lead", Table: "o_1", TitleField: "company", Fields: []*schema.Field{
		{ID: "company", Name: "company", Type: "text", Column: "c_1"},
		{ID: "contact", Name: "contact", Type: "text", Column: "c_2", Searchable: true},
		{ID: "phone", Name: "phone", Type: "phone", Column: "c_3"},
		{ID: "email", Name: "email", Type: "email", Column: "c_12"},
		{ID: "number", Name: "number", Type: "auto_number", Column: "c_13"},
		{ID: "note", Name: "note", Type: "long_text", Column: "c_14", Searchable: true},
		{ID: "city", Name: "city", Type: "text", Column: "c_15"},
	}}
	return o.Seal()
}

func TestSearchableFields(t *testing.T) {
	var names []string
	for _, f := range search.Searchable(lead()) {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "company contact phone email number note" {
		t.Error(got)
	}
}

func TestTermInField(t *testing.T) {
	o := lead()
	for _, c := range []struct{ field, value, typed, want string }{
		{"company", "苏州恒力液压", "恒力", "[{2 4}]"},
		{"company", "苏州恒力液压", "szhl", "[{0 4}]"},
		{"company", "苏州恒力液压", "hlyy", "[{2 6}]"},
		{"company", "苏州恒力液压", "suzhouh", "[{0 3}]"},
		{"company", "苏州恒力液压", "HENGLI", "[{2 4}]"},
		{"company", "苏州恒力液压", "engli", "[]"},
		{"company", "苏州恒力液压", "h", "[]"},
		{"company", "重庆长安", "zhangan", "[{2 4}]"},
		{"company", "西安先锋", "xian", "[{0 2}]"},
		{"company", "Acme Robotics", "rob", "[{5 8}]"},
		{"company", "Acme Robotics", "otics", "[]"},
		{"company", "ＡＣＭＥ公司", "acme公", "[{0 5}]"},
		{"phone", "+8613900001234", "1234", "[{10 14}]"},
		{"phone", "+8613900001234", "+86 139-0000", "[{3 10}]"},
		{"phone", "+8613900001234", "123", "[]"},
		{"phone", "+14155550000", "4155550000", "[{2 12}]"},
		{"email", "wang.lei@acme.cn", "acme", "[{9 13}]"},
		{"email", "wang.lei@acme.cn", "wang.l", "[{0 6}]"},
		{"number", "L-2026-0012", "0012", "[{7 11}]"},
		{"number", "L-2026-0012", "l20260", "[{0 11}]"},
		{"number", "L-2026-0012", "20260012", "[{0 11}]"},
		{"note", "型号M8螺栓100%", "m8", "[{2 4}]"},
		{"note", "型号M8螺栓100%", "xhms", "[]"},
		{"note", "", "a", "[]"},
	} {
		f, _ := o.Field(c.field)
		terms := search.Terms(c.typed)
		if len(terms) != 1 {
			t.Fatalf("%q gives %d terms", c.typed, len(terms))
		}
		if got := fmt.Sprint(terms[0].In(f, c.value)); got != c.want {
			t.Errorf("%q in %q: %s, want %s", c.typed, c.value, got, c.want)
		}
	}
}

func TestTermsOfAQuestion(t *testing.T) {
	for typed, want := range map[string]int{
		"": 0, "  ": 0, "%_": 0, `"`: 0, "恒力 王": 2, "138 0000 1234": 1, "(0512) 6888-9999": 1, "12 34": 1, "1 2": 2,
		strings.Repeat("a ", 40): 8, "恒力\t液压": 2,
	} {
		if got := len(search.Terms(typed)); got != want {
			t.Errorf("%q: %d terms, want %d", typed, got, want)
		}
	}
}

// Property: for any records and any question, the index gives exactly those of
// which a readable field holds each term, and none by a field left out.
func TestIndexGivesWhatAScanGives(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		db, err := sqldb.Open(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		rapid.Check(t, func(r *rapid.T) { checkAgainstScan(r, db) })
	})
}

func words() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune("苏州恒力液压重庆长安王磊abhlszxin1380 .@-%'\"")), 0, 12, -1)
}

func checkAgainstScan(r *rapid.T, db *sqldb.DB) {
	object := lead()
	var rows []query.Row
	for i := range rapid.IntRange(1, 8).Draw(r, "records") {
		row := query.Row{ID: fmt.Sprintf("r%d", i), Values: map[string]any{}}
		for _, f := range object.Fields {
			if text := schema.Clean(words().Draw(r, f.Name)); text != "" {
				row.Values[f.ID] = text
			}
		}
		rows = append(rows, row)
	}
	readable := search.Searchable(object)
	readable = readable[:rapid.IntRange(1, len(readable)).Draw(r, "readable")]
	terms := search.Terms(words().Draw(r, "typed"))
	var want []string
	for i := len(rows) - 1; i >= 0; i-- {
		if len(terms) > 0 && search.Holds(terms, readable, rows[i]) {
			want = append(want, rows[i].ID)
		}
	}
	for _, form := range []search.Form{search.Begun, search.Earlier, search.Complete} {
		match := search.MatchOf(terms, readable, form)
		got := indexAnd(r, db, object, rows, match)
		for _, id := range want {
			if !slices.Contains(got, id) && form != search.Complete {
				r.Fatalf("%v: the index gives %v, a scan %v", rows, got, want)
			}
		}
		for _, row := range rows {
			if slices.Contains(got, row.ID) != search.Answers(search.Tokens(object, row), match) {
				r.Fatalf("%v: the index gives %v, and its tokens say otherwise", row, got)
			}
		}
	}
}

// indexAnd takes the rows in, asks the index and undoes it all.
func indexAnd(r *rapid.T, db *sqldb.DB, object *schema.Object, rows []query.Row, match query.Match) []string {
	var got []string
	undo := fmt.Errorf("undo")
	err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
		var records []sqldb.Indexed
		for i, row := range rows {
			records = append(records, sqldb.Indexed{N: int64(i + 1), Object: object.ID, Record: row.ID, Tokens: search.Tokens(object, row)})
		}
		if err := tx.Index(records); err != nil {
			return err
		}
		places, err := tx.Places(object.ID, match, 1<<40, 100)
		for _, place := range places {
			got = append(got, place.Record)
		}
		if err != nil {
			return err
		}
		return undo
	})
	if err != undo {
		r.Fatal(err)
	}
	return got
}

// FuzzTokens: whatever is in a field or typed, tokens are valid and a text
// that holds a term has the tokens that are asked for.
func FuzzTokens(f *testing.F) {
	f.Add("苏州恒力液压有限公司", "szhl")
	f.Add("ACME Robotics 2026", "rob 20")
	f.Add("İstanbul ǅ ﬀ ½", "i\u0307")
	f.Fuzz(func(t *testing.T, value, typed string) {
		object := lead()
		row := query.Row{ID: "r", Values: map[string]any{}}
		for _, field := range object.Fields {
			if text := schema.Clean(value); text != "" {
				row.Values[field.ID] = text
			}
		}
		tokens := search.Tokens(object, row)
		for _, token := range tokens {
			if !utf8.ValidString(token) || strings.ContainsAny(token, " \t\n\"'\x00") || len(token) > 200 {
				t.Errorf("token %q", token)
			}
		}
		terms := search.Terms(typed)
		for _, field := range search.Searchable(object) {
			one := []*schema.Field{field}
			held := len(terms) > 0 && search.Holds(terms, one, row)
			for _, form := range []search.Form{search.Begun, search.Earlier} {
				if held && !search.Answers(tokens, search.MatchOf(terms, one, form)) {
					t.Errorf("%s %q holds %q, its tokens do not say so: %q", field.Name, value, typed, tokens)
				}
			}
			if search.Answers(tokens, search.MatchOf(terms, one, search.Complete)) && !search.Answers(tokens, search.MatchOf(terms, one, search.Begun)) {
				t.Errorf("%s %q: %q is found as complete words and not as begun ones", field.Name, value, typed)
			}
		}
	})
}

// Contract: while an index is made anew, the records with yesterday's tokens
// are found by all that found them yesterday.
func TestYesterdaysTokensAreFound(t *testing.T) {
	yesterday := strings.Fields(`1:苏 1:苏州 1:州 1:州恒 1:恒 1:恒力 1:力 1.szh 1.zhl 1.hl 1.l 1~suzhou 1~zhouheng 1~hengli 1~li
		1:acme2026 1:2026 1^苏州恒力 3:1390 3:3900 3:9000 3:0000 3:0001`)
	slices.Sort(yesterday)
	readable := search.Searchable(lead())
	for typed, want := range map[string]bool{
		"苏": true, "苏州": true, "苏州恒力": true, "州力": false, "sz": true, "hl": true, "szhl": true, "sl": false,
		"suzh": true, "suzhouh": true, "zhoushan": false, "heng": true, "hen": true, "li": true, "a": true, "acm": true, "acme2": true, "acme3": false,
		"2026": true, "ＡＣＭＥ": true, "13900001": true, "13900002": false, "恒力 acme": true,
	} {
		if got := search.Answers(yesterday, search.MatchOf(search.Terms(typed), readable, search.Earlier)); got != want {
			t.Errorf("%q: %t", typed, got)
		}
	}
}

// Contract: what is typed letter by letter is asked for as tokens by themselves;
// only long words that are begun are gathered from all that begin so.
func TestOnlyLongWordsAreGathered(t *testing.T) {
	readable := search.Searchable(lead())
	for typed, want := range map[string]bool{
		"苏": false, "苏州恒力": false, "s": false, "sz": false, "szh": false, "suzho": true, "suz": false, "138": false, "1380000": false,
		"acme": false, "acmer": true, "wang.lei@heng": false, "wang.lei@hengl": true, "l-2026": false,
	} {
		terms := search.Terms(typed)
		if gathers(search.MatchOf(terms, readable, search.Complete)) {
			t.Errorf("%q as complete words is gathered", typed)
		}
		if got := gathers(search.MatchOf(terms, readable, search.Begun)); got != want {
			t.Errorf("%q is gathered: %t", typed, got)
		}
	}
}

func gathers(m query.Match) bool {
	return m.Prefix || slices.ContainsFunc(m.All, gathers) || slices.ContainsFunc(m.Any, gathers)
}

// Contract: an index that nobody stops twice, and that was never started, stops.
func TestStopWithoutStart(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		db, err := sqldb.Open(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		search.NewIndex(db, nil, slog.New(slog.DiscardHandler)).Stop()
	})
}
