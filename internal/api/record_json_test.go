package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

func TestTextsAreWrittenAsTheEncoderWritesThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(
			rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("苏州\u2028\u2029\u2030\"\\<&>\x00\x1f\n é😀\ufffd"))),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		).Draw(t, "text")
		want, err := encode(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendText([]byte("x"), s); string(got) != "x"+strings.TrimSuffix(string(want), "\n") {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	})
}

// writtenFields are one of each kind of value.
func writtenFields() []*schema.Field {
	return []*schema.Field{
		{ID: "f.text", Name: "name", Type: "text"}, {ID: "f.number", Name: "amount", Type: "number", Scale: 2},
		{ID: "f.money", Name: "price", Type: "currency", Currency: "CNY", Scale: 2}, {ID: "f.yes", Name: "hot", Type: "boolean"},
		{ID: "f.date", Name: "day", Type: "date"}, {ID: "f.time", Name: "due", Type: "datetime"},
		{ID: "f.choice", Name: "stage", Type: "choice", Choices: []schema.Choice{{ID: "c.a", Name: "甲"}}},
		{ID: "f.choices", Name: "kinds", Type: "choices", Choices: []schema.Choice{{ID: "c.b", Name: "乙"}}},
		{ID: "f.tags", Name: "tags", Type: "tags"}, {ID: "f.person", Name: "owner", Type: "person"}, {ID: "f.ref", Name: "zz", Type: "reference"},
	}
}

func TestRowsAreWrittenAsTheirViews(t *testing.T) {
	c := &Call{Directory: &account.Directory{}}
	labels := map[string]string{"r1": "恒锐 <工业>"}
	w := newRecordWriter(c, writtenFields(), labels)
	at := time.Date(2026, 11, 24, 10, 0, 0, 120_000_000, time.UTC)
	full := map[string]any{
		"f.text": "a \"b\"\n", "f.number": apd.New(1250, -2), "f.money": schema.Money{Amount: apd.New(5, 0), Currency: "USD"}, "f.yes": false,
		"f.date": schema.Date("2026-11-24"), "f.time": at, "f.choice": "c.a", "f.choices": []string{"c.b", "gone"},
		"f.tags": []string{"急", "x\u2028"}, "f.person": "u1", "f.ref": "r1",
	}
	rows := []query.Row{
		{ID: "1", CreatedAt: at, UpdatedAt: at.Add(time.Hour), Values: full}, {ID: "2", CreatedAt: at, UpdatedAt: at, Values: map[string]any{}},
		{ID: "3", CreatedAt: at, UpdatedAt: at, Values: map[string]any{"f.choice": "gone", "f.ref": "hidden", "f.person": "u1"}},
	}
	got, err := w.list(nil, rows)
	if err != nil {
		t.Fatal(err)
	}
	var views []Record
	for _, row := range rows {
		views = append(views, c.view(writtenFields(), row, labels))
	}
	want, err := encode(views)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
		t.Error(diff)
	}
	if !json.Valid(got) || bytes.Contains(got, []byte("\\u003c")) {
		t.Errorf("%s", got)
	}
	if none, err := w.list(nil, nil); err != nil || string(none) != "[]" {
		t.Errorf("no rows: %s %v", none, err)
	}
}
