package record_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
)

func TestEqualComparesWorthNotForm(t *testing.T) {
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	cny := func(text string) schema.Money {
		d, _, err := apd.NewFromString(text)
		if err != nil {
			t.Fatal(err)
		}
		return schema.Money{Amount: d, Currency: "CNY"}
	}
	for _, c := range []struct {
		name string
		a, b any
		want bool
	}{
		{"blank and blank", nil, nil, true},
		{"blank and text", nil, "x", false},
		{"decimals of different scale", apd.New(10, -1), apd.New(1, 0), true},
		{"money of different scale", cny("1.50"), cny("1.5"), true},
		{"money of another currency", cny("1"), schema.Money{Amount: apd.New(1, 0), Currency: "USD"}, false},
		{"the same moment in another zone", at, at.In(time.FixedZone("CST", 8*3600)), true},
		{"lists", []string{"a", "b"}, []string{"a", "b"}, true},
		{"lists in another order", []string{"a", "b"}, []string{"b", "a"}, false},
		{"a list and a text", []string{"a"}, "a", false},
	} {
		if got := record.Equal(c.a, c.b); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestSentencesAgreeInBothLanguages(t *testing.T) {
	all, err := record.LoadSentences()
	if err != nil {
		t.Fatal(err)
	}
	for key := range all["zh-CN"] {
		if all["en"][key] == "" {
			t.Errorf("en lacks %q", key)
		}
	}
	for key := range all["en"] {
		if all["zh-CN"][key] == "" {
			t.Errorf("zh-CN lacks %q", key)
		}
	}
}

func TestCandidatesAreRebuiltFromARecordedRouting(t *testing.T) {
	var params map[string]any
	raw := `{"pool":"east","why":{"u2":"full"},"recorded":{"pools":{"east":{"members":[{"user":"u1","load":3},{"user":"u2","load":9,"capacity":9}]}}}}`
	decoder := json.NewDecoder(strings.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&params); err != nil {
		t.Fatal(err)
	}
	got := record.Candidates(params)
	want := []record.Candidate{{User: "u1", Load: 3}, {User: "u2", Load: 9, Capacity: 9, Why: "full"}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
