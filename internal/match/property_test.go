package match_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/match"
	"clew.dev/clew/internal/schema"
)

// arrival draws keys, each once, and what is known of some of them, at most one holder a key.
func arrival(t *rapid.T) (keys []match.Key, found []match.Holder) {
	kinds := rapid.Permutation(match.Kinds()).Draw(t, "order of strength")
	for _, kind := range kinds[:rapid.IntRange(0, len(kinds)).Draw(t, "keys")] {
		key := match.Key{Field: "f." + kind, Kind: kind, Value: kind + " value"}
		keys = append(keys, key)
		if !rapid.Bool().Draw(t, "known "+kind) {
			continue
		}
		h := match.Holder{Key: key}
		if kind == match.Company {
			h.Organisation = rapid.SampledFrom([]string{"", "o1", "o2"}).Draw(t, "organisation")
		} else {
			h.Record = rapid.SampledFrom([]string{"", "r1", "r2", "r3"}).Draw(t, "record")
			h.Open = h.Record != "" && rapid.Bool().Draw(t, "open")
			h.Party = rapid.SampledFrom([]string{"", "p1", "p2"}).Draw(t, "party")
		}
		found = append(found, h)
	}
	return keys, found
}

// TestADecisionFollowsFromTheStrongestKey in the words of the rule itself.
func TestADecisionFollowsFromTheStrongestKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys, found := arrival(t)
		got := match.Decide(keys, found)
		strength := slices.Clone(keys)
		slices.SortStableFunc(strength, func(a, b match.Key) int {
			rank := func(k match.Key) int {
				if k.Kind == match.External {
					return 0
				}
				return 1
			}
			return rank(a) - rank(b)
		})
		record, party := "", ""
		for _, key := range strength {
			i := slices.IndexFunc(found, func(h match.Holder) bool { return h.Key == key })
			if i < 0 || key.Kind == match.Company {
				continue
			}
			if record == "" && (found[i].Open || key.Kind == match.External) {
				record = found[i].Record
			}
			if party == "" {
				party = found[i].Party
			}
		}
		want := match.New
		switch {
		case record != "":
			want = match.Touch
		case party != "":
			want = match.SameParty
		}
		if got.Outcome != want || got.Record != record || got.Party != party {
			t.Fatalf("%+v, want %s of %q and %q", got, want, record, party)
		}
	})
}

// TestTheOrderOfWhatIsKnownDoesNotMatter, and nothing known is nobody.
func TestTheOrderOfWhatIsKnownDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys, found := arrival(t)
		want := match.Decide(keys, found)
		if diff := cmp.Diff(want, match.Decide(keys, rapid.Permutation(found).Draw(t, "shuffled"))); diff != "" {
			t.Fatal(diff)
		}
		strange := match.Holder{Key: match.Key{Kind: match.Phone, Value: "somebody else's"}, Record: "r9", Open: true, Party: "p9", Organisation: "o9"}
		if diff := cmp.Diff(want, match.Decide(keys, append(slices.Clone(found), strange))); diff != "" {
			t.Fatalf("a key that did not arrive decides: %s", diff)
		}
		if diff := cmp.Diff(match.Decision{Outcome: match.New}, match.Decide(keys, nil)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestTheReasonsAreComplete: a holder speaks for, or against, or not at all,
// never both; a touch has a reason, and whoever points elsewhere is told.
func TestTheReasonsAreComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys, found := arrival(t)
		d := match.Decide(keys, found)
		for _, h := range d.Against {
			if slices.Contains(d.Because, h.Key) {
				t.Fatalf("%+v is for and against", h)
			}
		}
		for _, h := range found {
			elsewhere := h.Key.Kind != match.Company && (h.Open && d.Record != "" && h.Record != d.Record || h.Party != "" && d.Party != "" && h.Party != d.Party)
			if elsewhere != slices.Contains(d.Against, h) {
				t.Fatalf("%+v: elsewhere %t, but against is %+v", h, elsewhere, d.Against)
			}
		}
		if d.Outcome == match.New && (len(d.Because) > 0 || len(d.Against) > 0) {
			t.Fatalf("new with reasons: %+v", d)
		}
		if d.Outcome != match.New && len(d.Because)+len(d.Against) == 0 {
			t.Fatalf("no reason: %+v", d)
		}
	})
}

func TestWhatIsIgnored(t *testing.T) {
	object := func(kind string, ignore ...string) *schema.Object {
		o := &schema.Object{Fields: []*schema.Field{{ID: "f.x", Name: "x", Type: "text"}}}
		o.Keys = []schema.MatchKey{{Field: "x", Kind: kind, Ignore: ignore}}
		return o.Seal()
	}
	for _, c := range []struct{ kind, entry, value, by string }{
		{match.Email, "info@example.com", "INFO@EXAMPLE.COM", "info@example.com"},
		{match.Email, "Info@*", "info@example.com", "Info@*"},
		{match.Email, "info@*", "information@example.com", ""},
		{match.Email, "*", "a@b.cn", ""},
		{match.Email, "", "a@b.cn", ""},
		{match.WeChat, "Test Account", "testaccount", "Test Account"},
		{match.WeChat, "Test*", "TEST-7", "Test*"},
		{match.WeChat, "Test A*", "test account 3", "Test A*"},
		{match.WeChat, "test", "tester", ""},
		{match.Company, "个人", "个人", "个人"},
		{match.Company, "无*", "无公司", "无*"},
		{match.Company, "测试（上海）有限公司", "测试有限公司", "测试（上海）有限公司"},
		{match.External, "0", "0", "0"},
		{match.External, "TEST-*", "TEST-77", "TEST-*"},
		{match.External, "TEST-*", "test-77", ""},
		{match.Phone, "400*", "+864008208820", "400*"},
		{match.Phone, "+86400*", "+864008208820", "+86400*"},
		{match.Phone, "+1400*", "+864008208820", ""},
		{match.Phone, "13900000000", "+8613900000000", "13900000000"},
		{match.Phone, "139 0000 0000", "+8613900000000", "139 0000 0000"},
		{match.Phone, "139-0000-000", "+8613900000000", ""},
	} {
		keys, ignored := match.Keys(object(c.kind, c.entry), map[string]any{"f.x": c.value})
		by := ""
		if len(ignored) > 0 {
			by = ignored[0].By
		}
		if by != c.by || len(keys)+len(ignored) != 1 {
			t.Errorf("%s %q with %q on the list: ignored by %q, want %q; keys %v", c.kind, c.value, c.entry, by, c.by, keys)
		}
	}
}

// TestNamesOfCompaniesMeet: spellings of one company give one key, others another.
func TestNamesOfCompaniesMeet(t *testing.T) {
	for i, same := range [][]string{
		{"恒锐液压有限公司", "恒锐液压", "恒锐 液压 有限责任公司", "恒锐液压（中国）有限公司", "恒锐液压股份有限公司", "恒锐液压公司", "恒锐液压有限公司(上海)"},
		{"Hengrui Hydraulics Co., Ltd.", "hengrui hydraulics", "HENGRUI HYDRAULICS LTD", "Hengrui-Hydraulics Inc."},
		{"上海分公司"}, {"Siemens AG", "siemens"}, {"３Ｍ", "3m", "3M Company"},
	} {
		for j, other := range [][]string{{"恒锐液压"}, {"hengrui hydraulics"}, {"上海分公司"}, {"siemens"}, {"3m"}} {
			for _, name := range same {
				a, b := match.Normalise(match.Company, name), match.Normalise(match.Company, other[0])
				if a == "" || (a == b) != (i == j) {
					t.Errorf("%q is %q, %q is %q", name, a, other[0], b)
				}
			}
		}
	}
}

// TestKeysAreEachOnce, in the order of the object's rules.
func TestKeysAreEachOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := &schema.Object{}
		values := map[string]any{}
		for i := range rapid.IntRange(1, 6).Draw(t, "fields") {
			id := fmt.Sprint("f", i)
			o.Fields = append(o.Fields, &schema.Field{ID: id, Name: id, Type: "text"})
			o.Keys = append(o.Keys, schema.MatchKey{Field: id, Kind: rapid.SampledFrom(match.Kinds()).Draw(t, "kind"), Ignore: []string{"x*"}})
			values[id] = rapid.SampledFrom([]string{"", "a@b.cn", "A@B.CN", "+8613900001111", "13900001111", "x1234567", "恒锐有限公司", "恒锐"}).Draw(t, "value")
		}
		keys, ignored := match.Keys(o.Seal(), values)
		seen := map[string]bool{}
		last := -1
		for _, k := range keys {
			if k.Value == "" || seen[k.Kind+k.Value] || match.Normalise(k.Kind, k.Value) != k.Value {
				t.Fatalf("%+v of %v", k, keys)
			}
			seen[k.Kind+k.Value] = true
			at := slices.IndexFunc(o.Keys, func(r schema.MatchKey) bool { return r.Field == k.Field })
			if at <= last {
				t.Fatalf("%v is out of order", keys)
			}
			last = at
		}
		for _, i := range ignored {
			if i.By != "x*" || seen[i.Kind+i.Value] {
				t.Fatalf("%+v is ignored, and a key: %v", i, keys)
			}
		}
	})
}
