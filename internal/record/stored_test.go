package record_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"pgregory.net/rapid"
)

// everything is an object with a field of each type that a person may fill.
func everything() *schema.Object {
	choices := []schema.Choice{{ID: "t.a", Name: "甲"}, {ID: "t.b", Name: "乙"}, {ID: "t.c", Name: "丙"}}
	return (&schema.Object{ID: "t", Name: "t", Fields: []*schema.Field{
		{ID: "text", Name: "text", Type: "text"},
		{ID: "long", Name: "long", Type: "long_text"},
		{ID: "number", Name: "number", Type: "number", Scale: 4},
		{ID: "money", Name: "money", Type: "currency", Scale: 2, Currency: "CNY"},
		{ID: "percent", Name: "percent", Type: "percent", Scale: 2},
		{ID: "yes", Name: "yes", Type: "boolean"},
		{ID: "day", Name: "day", Type: "date"},
		{ID: "moment", Name: "moment", Type: "datetime"},
		{ID: "one", Name: "one", Type: "choice", Choices: choices},
		{ID: "many", Name: "many", Type: "choices", Choices: choices},
		{ID: "tags", Name: "tags", Type: "tags"},
		{ID: "phone", Name: "phone", Type: "phone"},
		{ID: "email", Name: "email", Type: "email"},
		{ID: "url", Name: "url", Type: "url"},
	}}).Seal()
}

// typed is what somebody may type into a field of a type.
func typed(r *rapid.T, f *schema.Field) any {
	decimal := rapid.StringMatching(`-?[0-9]{1,9}(\.[0-9]{1,2})?`)
	switch f.Type {
	case "number", "percent", "currency":
		return decimal.Draw(r, f.Name)
	case "boolean":
		return rapid.Bool().Draw(r, f.Name)
	case "date", "datetime":
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(r, f.Name), 0).UTC()
		if f.Type == "date" {
			return at.Format(time.DateOnly)
		}
		return at.Format(time.RFC3339)
	case "choice":
		return rapid.SampledFrom([]string{"甲", "乙", "t.c"}).Draw(r, f.Name)
	case "choices":
		return rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"甲", "乙", "丙"}), 1, 3, rapid.ID[string]).Draw(r, f.Name)
	case "tags":
		return rapid.SliceOfN(rapid.StringMatching(`[a-z液压阀 ,"']{1,8}`), 1, 4).Draw(r, f.Name)
	case "phone":
		return "139" + rapid.StringMatching(`[0-9]{8}`).Draw(r, f.Name)
	case "email":
		return rapid.StringMatching(`[a-z]{1,8}@[a-z]{2,8}\.cn`).Draw(r, f.Name)
	case "url":
		return "https://" + rapid.StringMatching(`[a-z]{2,8}\.cn/[a-z]{0,5}`).Draw(r, f.Name)
	}
	return rapid.StringMatching(`[a-zA-Z0-9苏州恒力 "'\\<>&%_]{1,20}`).Draw(r, f.Name)
}

// Property: what a thread keeps of a value reads back as that value, whatever
// its type, through JSON as a database gives it.
func TestWhatAThreadKeepsReadsBack(t *testing.T) {
	object := everything()
	rapid.Check(t, func(r *rapid.T) {
		f := object.Fields[rapid.IntRange(0, len(object.Fields)-1).Draw(r, "field")]
		raw := typed(r, f)
		value, bad := f.Parse(raw, schema.Input{Country: "CN", Zone: time.UTC})
		if bad != nil {
			r.Fatalf("%s %v: %s", f.Type, raw, bad.Code)
		}
		kept, err := json.Marshal(record.Stored(f, value))
		if err != nil {
			r.Fatal(err)
		}
		decoder := json.NewDecoder(strings.NewReader(string(kept)))
		decoder.UseNumber()
		var stored any
		if err := decoder.Decode(&stored); err != nil {
			r.Fatal(err)
		}
		back, ok := record.Unstored(f, stored)
		if !ok || !record.Equal(value, back) {
			r.Fatalf("%s %v is kept as %s and reads back as %v, want %v", f.Type, raw, kept, back, value)
		}
	})
}

func TestWhatIsNoValueDoesNotReadBack(t *testing.T) {
	object := everything()
	for _, c := range []struct {
		field  string
		stored any
	}{
		{"one", 7.0}, {"one", []any{"t.a"}}, {"many", "t.a"}, {"many", []any{"t.a", 1.0}}, {"tags", map[string]any{}},
		{"number", "x"}, {"day", "2026-02-30"}, {"moment", "yesterday"}, {"yes", "perhaps"},
	} {
		f, _ := object.Field(c.field)
		if value, ok := record.Unstored(f, c.stored); ok {
			t.Errorf("%s: %v reads as %v", c.field, c.stored, value)
		}
	}
	for _, f := range object.Fields {
		if value, ok := record.Unstored(f, nil); !ok || value != nil {
			t.Errorf("%s: blank reads as %v, %v", f.Name, value, ok)
		}
	}
}

// Property: Equal is an equivalence, as comparing before and after needs it.
func TestEqualIsAnEquivalence(t *testing.T) {
	object := everything()
	rapid.Check(t, func(r *rapid.T) {
		f := object.Fields[rapid.IntRange(0, len(object.Fields)-1).Draw(r, "field")]
		values := []any{nil}
		for range 3 {
			value, bad := f.Parse(typed(r, f), schema.Input{Country: "CN", Zone: time.UTC})
			if bad != nil {
				r.Fatal(bad.Code)
			}
			values = append(values, value)
		}
		for _, a := range values {
			if !record.Equal(a, a) {
				r.Fatalf("%v is not itself", a)
			}
			for _, b := range values {
				if record.Equal(a, b) != record.Equal(b, a) {
					r.Fatalf("%v and %v, but not the other way", a, b)
				}
				if (a == nil) != (b == nil) && record.Equal(a, b) {
					r.Fatalf("%v is blank", a)
				}
				for _, c := range values {
					if record.Equal(a, b) && record.Equal(b, c) && !record.Equal(a, c) {
						r.Fatalf("%v, %v, %v", a, b, c)
					}
				}
			}
		}
	})
}

var holder = regexp.MustCompile(`\{[a-z_]+\}`)

// TestSentencesHaveTheSameGaps: a phrase says the same in both languages, so
// it has the same gaps, but for those that a language does without.
func TestSentencesHaveTheSameGaps(t *testing.T) {
	all, err := record.LoadSentences()
	if err != nil {
		t.Fatal(err)
	}
	gaps := func(text string) []string {
		found := holder.FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for key, chinese := range all["zh-CN"] {
		zh, en := gaps(chinese), gaps(all["en"][key])
		if !slices.Equal(zh, en) {
			t.Errorf("%s: %v in Chinese, %v in English", key, zh, en)
		}
	}
}

// TestChineseSentencesUseChineseMarks: no half-width comma, semicolon, colon or
// bracket between Chinese words.
func TestChineseSentencesUseChineseMarks(t *testing.T) {
	all, err := record.LoadSentences()
	if err != nil {
		t.Fatal(err)
	}
	for key, text := range all["zh-CN"] {
		bare := holder.ReplaceAllString(text, "")
		if strings.ContainsAny(bare, ",;:()?!") {
			t.Errorf("%s: %s", key, text)
		}
	}
}

// TestNumbersOfCandidatesAreReadCarefully: what is no number counts as none.
func TestNumbersOfCandidatesAreReadCarefully(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want string
	}{
		{`{"fallback":true,"recorded":{"fallback":[{"user":"u1","load":2}]}}`, "[{u1 2 0 }]"},
		{`{"group":"g","why":{"u1":"away"},"recorded":{"groups":{"g":[{"user":"u1","load":2.5,"capacity":"x"}]}}}`, "[{u1 0 0 away}]"},
		{`{"pool":"east","recorded":{"pools":{"west":{"members":[{"user":"u1"}]}}}}`, "[]"},
		{`{"pool":"east","recorded":{"pools":{"east":[]}}}`, "[]"},
		{`{"recorded":null}`, "[]"},
		{`{}`, "[]"},
	} {
		decoder := json.NewDecoder(strings.NewReader(c.raw))
		decoder.UseNumber()
		var params map[string]any
		if err := decoder.Decode(&params); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(record.Candidates(params)); got != c.want {
			t.Errorf("%s: %s, want %s", c.raw, got, c.want)
		}
	}
}
