package query_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestAnyTextComesBack: whatever a customer writes is read as it was written, and
// found by it: every script, every sign that means something to a database.
func TestAnyTextComesBack(t *testing.T) {
	clewtest.Databases(t, func(outer *testing.T, db *sqldb.DB) {
		o := lead()
		company, tags := field(outer, o, "company"), field(outer, o, "tags")
		store(outer, db, o, []query.Row{{ID: "r", CreatedAt: now(), UpdatedAt: now(), Revision: 1, Values: map[string]any{}}})
		text := rapid.StringOfN(rapid.OneOf(rapid.RuneFrom([]rune("'\"\\%_;$?[]{}`,\n\r\t \u00a0\u200b\u2028\ufeff😀é液ى\u0301￿\u0001\x7f")), rapid.Rune()), 1, 20, -1)
		rapid.Check(outer, func(t *rapid.T) {
			word := strings.ReplaceAll(text.Draw(t, "text"), "\x00", "")
			list := rapid.SliceOfN(text, 0, 3).Draw(t, "list")
			for i := range list {
				list[i] = strings.ReplaceAll(list[i], "\x00", "x")
			}
			want := query.Row{ID: "r", CreatedAt: now(), UpdatedAt: now(), CreatedBy: "", Revision: 1, Values: map[string]any{}}
			if word != "" {
				want.Values[company.ID] = word
			}
			if len(list) > 0 {
				want.Values[tags.ID] = list
			}
			update(outer, db, o, want, []*schema.Field{company, tags})
			where := query.And{query.System("id", "=", "r")}
			if word != "" {
				where = append(where, query.Where(company, "=", word), query.In{Field: company, Values: []any{"no", word, "none"}})
			}
			for _, item := range list {
				where = append(where, query.Has{Field: tags, Value: item})
			}
			got, err := selectRows(db, outer, query.Select{Object: o, Fields: o.Fields, Where: where})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]query.Row{want}, got); diff != "" {
				t.Fatalf("%q, %q (-want +got):\n%s", word, list, diff)
			}
			missed, err := selectRows(db, outer, query.Select{Object: o, Where: query.And{query.Where(company, "=", word+"x")}})
			if err != nil || len(missed) != 0 {
				t.Fatalf("%q is found by %q: %v", word, word+"x", err)
			}
		})
	})
}

// TestWhatDoesNotFitIsNotWritten: a value of another kind than its field's is an
// error before any SQL, never a surprise in the database.
func TestWhatDoesNotFitIsNotWritten(t *testing.T) {
	o := lead()
	row := func(name string, v any) query.Row {
		return query.Row{ID: "r", CreatedAt: now(), UpdatedAt: now(), Values: map[string]any{field(t, o, name).ID: v}}
	}
	for name, r := range map[string]query.Row{
		"a float as a number":        row("score", 1.5),
		"a struct as a text":         row("company", struct{ A int }{1}),
		"a number as money":          row("budget", apd.New(1, 0)),
		"a text as money":            row("budget", "1"),
		"a number with too much":     row("score", apd.New(15, -1)),
		"money with too much":        row("budget", schema.Money{Amount: apd.New(1234, -3), Currency: "CNY"}),
		"a number beyond 64 bits":    row("score", apd.New(1, 19)),
		"a number beyond its scale":  row("rate", apd.New(922337203685478, 0)),
		"a pointer":                  row("company", new(string)),
		"a list of anything as tags": row("tags", []any{"a"}),
	} {
		for _, d := range []query.Dialect{sqldb.SQLiteDialect{}, sqldb.PostgresDialect{}} {
			if sql, args, err := query.Insert(d, o, r); err == nil {
				t.Errorf("%s: %s %v", name, sql, args)
			}
			if sql, args, err := query.Update(d, o, r, o.Fields); err == nil {
				t.Errorf("%s: %s %v", name, sql, args)
			}
		}
	}
	for name, object := range map[string]*schema.Object{"no object": nil, "no table": {}, "a table with SQL in its name": {Table: `o_1"; DROP TABLE o_2 --`}} {
		if sql, _, err := query.Insert(sqldb.SQLiteDialect{}, object, query.Row{}); err == nil {
			t.Errorf("%s: %s", name, sql)
		}
		if sql, _, err := query.Update(sqldb.SQLiteDialect{}, object, query.Row{}, nil); err == nil {
			t.Errorf("%s: %s", name, sql)
		}
	}
}

// TestAnUpdateTouchesItsFieldsOnly: what is not named keeps its value, what is
// named and absent becomes blank, and the record's making is never rewritten.
func TestAnUpdateTouchesItsFieldsOnly(t *testing.T) {
	records, _ := readScenarios(t)
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		full, other := records["full"], records["other"]
		store(t, db, o, []query.Row{full, other})
		later := now().Add(time.Hour)
		changed := query.Row{ID: "full", CreatedAt: later, CreatedBy: "u-thief", UpdatedAt: later, Revision: 9, ThreadSeq: 12, Values: map[string]any{
			"crm.lead.company": "新名字", "crm.lead.message": "not named",
		}}
		update(t, db, o, changed, []*schema.Field{field(t, o, "company"), field(t, o, "budget"), field(t, o, "tags")})
		got, err := selectRows(db, t, query.Select{Object: o, Fields: o.Fields, Sort: []query.Sort{{System: "id"}}})
		if err != nil {
			t.Fatal(err)
		}
		want := full
		want.UpdatedAt, want.Revision, want.ThreadSeq = later, 9, 12
		want.Values = map[string]any{}
		for id, v := range full.Values {
			want.Values[id] = v
		}
		want.Values["crm.lead.company"] = "新名字"
		delete(want.Values, "crm.lead.budget")
		delete(want.Values, "crm.lead.tags")
		if diff := cmp.Diff([]query.Row{want, other}, got, decimals()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestAFoundNothing: a question to the index that has no word in it finds nothing,
// and is known to before the index is asked.
func TestAFoundNothing(t *testing.T) {
	word, none := query.Match{Token: "恒锐"}, query.Match{}
	for name, c := range map[string]struct {
		match query.Match
		empty bool
	}{
		"nothing asked":             {none, true},
		"a word":                    {word, false},
		"a beginning":               {query.Match{Token: "h", Prefix: true}, false},
		"a prefix of nothing":       {query.Match{Prefix: true}, true},
		"all of words":              {query.Match{All: []query.Match{word, word}}, false},
		"all, one of them nothing":  {query.Match{All: []query.Match{word, none}}, true},
		"any of nothing":            {query.Match{Any: []query.Match{none, none}}, true},
		"any, one of them a word":   {query.Match{Any: []query.Match{none, word}}, false},
		"no parts at all":           {query.Match{All: []query.Match{}, Any: []query.Match{}}, true},
		"any inside all":            {query.Match{All: []query.Match{word, {Any: []query.Match{none, word}}}}, false},
		"an empty any inside all":   {query.Match{All: []query.Match{word, {Any: []query.Match{none}}}}, true},
		"an empty all inside any":   {query.Match{Any: []query.Match{{All: []query.Match{word, none}}}}, true},
		"a full all inside any":     {query.Match{Any: []query.Match{none, {All: []query.Match{word, word}}}}, false},
		"a word beside empty parts": {query.Match{Token: "a", All: []query.Match{none}}, false},
	} {
		if got := c.match.Empty(); got != c.empty {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestTheOrderIsComplete: every order ends in the record's id, so that two pages
// never share or lose a record, and follows the direction of what was asked.
func TestTheOrderIsComplete(t *testing.T) {
	o := lead()
	score := field(t, o, "score")
	for name, c := range map[string]struct {
		sort []query.Sort
		want string
	}{
		"nothing asked":          {nil, "created_at- id-"},
		"by a field":             {[]query.Sort{{Field: score}}, "score+ created_at+ id+"},
		"by a field, down":       {[]query.Sort{{Field: score, Desc: true}}, "score- created_at- id-"},
		"by two, the last leads": {[]query.Sort{{Field: score, Desc: true}, {System: "updated_at"}}, "score- updated_at+ created_at+ id+"},
		"by creation":            {[]query.Sort{{System: "created_at"}}, "created_at+ id+"},
		"by id":                  {[]query.Sort{{System: "id"}}, "id+"},
		"id ends it":             {[]query.Sort{{System: "id", Desc: true}, {Field: score}}, "id-"},
		"creation in between":    {[]query.Sort{{System: "created_at"}, {Field: score, Desc: true}}, "created_at+ score- id-"},
	} {
		s := query.Select{Object: o, Sort: c.sort}
		before := slices.Clone(c.sort)
		var got []string
		for _, level := range s.Order() {
			name, sign := level.System, "+"
			if level.Field != nil {
				name = level.Field.Name
			}
			if level.Desc {
				sign = "-"
			}
			got = append(got, name+sign)
		}
		if strings.Join(got, " ") != c.want || !slices.Equal(before, c.sort) {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
		if key := s.Key(query.Row{ID: "r", CreatedAt: now(), UpdatedAt: now(), Values: map[string]any{}}); len(key) != len(got) || key[len(key)-1] != "r" {
			t.Errorf("%s: the key is %v", name, key)
		}
	}
}
