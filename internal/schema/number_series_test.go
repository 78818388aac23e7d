package schema

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Property: a number begins with its series, two numbers of one series are two,
// and a series changes just when a date that its format names does.
func TestNumbersOfASeries(t *testing.T) {
	formats := []string{"L-{yyyy}-{0000}", "{yy}{mm}/{00}号", "{0}", "P{000}", "{mm}{yyyy}-{00000}-x", "合同{yyyy}第{000}份"}
	rapid.Check(t, func(r *rapid.T) {
		format := rapid.SampledFrom(formats).Draw(r, "format")
		day := func(name string) time.Time {
			return time.Date(rapid.IntRange(2000, 2099).Draw(r, name+" year"), time.Month(rapid.IntRange(1, 12).Draw(r, name+" month")), 15, 0, 0, 0, 0, time.UTC)
		}
		a, b := day("a"), day("b")
		n, m := rapid.Int64Range(1, 2_000_000).Draw(r, "n"), rapid.Int64Range(1, 2_000_000).Draw(r, "m")
		series := NumberSeries(format, a)
		first, second := AutoNumber(format, a, n), AutoNumber(format, a, m)
		if !strings.HasPrefix(first, series) || strings.ContainsAny(first, "{}") || (n == m) != (first == second) {
			r.Fatalf("%s: series %q, numbers %q and %q of %d and %d", format, series, first, second, n, m)
		}
		same := true
		for place, layout := range map[string]string{"{yyyy}": "2006", "{yy}": "06", "{mm}": "01"} {
			same = same && (!strings.Contains(format, place) || a.Format(layout) == b.Format(layout))
		}
		if (NumberSeries(format, b) == series) != same {
			r.Fatalf("%s: %v and %v count in %q and %q", format, a, b, series, NumberSeries(format, b))
		}
	})
}
