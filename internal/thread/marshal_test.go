package thread

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// byLibrary is what encoding/json writes without escaping HTML.
func byLibrary(t interface{ Fatal(...any) }, value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// values are parameters of any depth, texts with all that JSON escapes among them.
func values() *rapid.Generator[any] {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"", `"`, `\`, "\n", "\x00", "\x7f", "<b>&", "线索", "\u2028", "a\u2029b", "\u2027", "\u202a", "\xff", "a\xe2\x80", "\xe2\x80\xa8", "😀",
	}))
	leaf := rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(text, func(s string) any { return s }),
		rapid.Map(rapid.Bool(), func(v bool) any { return v }), rapid.Map(rapid.Int(), func(v int) any { return v }),
		rapid.Map(rapid.Int64(), func(v int64) any { return v }), rapid.Map(rapid.Float64Range(-1e30, 1e30), func(v float64) any { return v }),
		rapid.Map(rapid.SliceOf(text), func(v []string) any { return v }),
		rapid.Map(rapid.MapOf(text, text), func(v map[string]string) any { return v }),
		rapid.SampledFrom([]any{
			json.Number("12.50"), []string(nil), []any(nil), map[string]any(nil), map[string]string(nil), time.Unix(1e9, 5).UTC(),
			struct {
				User string `json:"user"`
				Load int    `json:"load,omitempty"`
			}{"<u>", 0},
		}),
	)
	return rapid.Deferred(func() *rapid.Generator[any] {
		return rapid.OneOf(leaf, leaf, leaf,
			rapid.Map(rapid.SliceOfN(values(), 0, 3), func(v []any) any { return v }),
			rapid.Map(rapid.MapOfN(text, values(), 0, 40), func(v map[string]any) any { return v }),
			rapid.Map(rapid.SliceOfN(rapid.MapOfN(text, leaf, 0, 3), 0, 3), func(v []map[string]any) any { return v }),
		)
	})
}

// TestParametersAreWrittenAsTheLibraryWritesThem: entries that were written
// before and those written now have the same bodies for the same parameters.
func TestParametersAreWrittenAsTheLibraryWritesThem(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		value := values().Draw(r, "value")
		got, err := appendJSON([]byte("before "), value)
		if err != nil {
			r.Fatal(err)
		}
		if want := "before " + byLibrary(r, value); string(got) != want {
			r.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestParametersThatCannotBeWritten(t *testing.T) {
	for name, params := range map[string]map[string]any{
		"a channel": {"c": make(chan int)}, "one within": {"a": map[string]any{"b": []any{func() {}}}}, "no number": {"n": []any{1 / zero()}},
	} {
		if text, _, err := marshal(nil, params); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
	for _, none := range []map[string]any{nil, {}} {
		if text, _, err := marshal(nil, none); err != nil || text != "{}" {
			t.Errorf("%q %v", text, err)
		}
	}
}

func zero() float64 { return 0 }

func TestTuples(t *testing.T) {
	for _, c := range []struct {
		rows, columns int
		want          string
	}{{1, 1, "($1)"}, {1, 3, "($1,$2,$3)"}, {3, 1, "($1),($2),($3)"}, {2, 2, "($1,$2),($3,$4)"}} {
		if got := tuples(c.rows, c.columns); got != c.want {
			t.Errorf("%d rows of %d: %s", c.rows, c.columns, got)
		}
	}
	if long := tuples(40, 11); !strings.HasSuffix(long, fmt.Sprintf(",$%d)", 440)) || strings.Count(long, "(") != 40 {
		t.Error(long)
	}
}
