package schema

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"clew.dev/clew/internal/fault"
)

var autoNumberPattern = regexp.MustCompile(`^[^{}]*(\{(yyyy|yy|mm)\}[^{}]*)*\{0+\}[^{}]*$`)

type autoNumber struct{}

func (autoNumber) Name() string     { return "auto_number" }
func (autoNumber) Storage() Storage { return Text }

// Parse keeps a number that the program, an import or the generator gives.
func (autoNumber) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	return text{}.Parse(f, raw, in)
}

func (autoNumber) Encode(_ *Field, value any) any { return value }

func (autoNumber) Check(f *Field) *fault.Field {
	if !autoNumberPattern.MatchString(f.Format) {
		return &fault.Field{Path: "format", Code: "invalid_format"}
	}
	return nil
}

// AutoNumber writes the n-th number of a format like "L-{yyyy}-{0000}"; the
// day is that of the company's zone.
func AutoNumber(format string, day time.Time, n int64) string {
	s := onDay(format, day)
	i, j := strings.Index(s, "{0"), strings.LastIndex(s, "}")
	if i < 0 || j < i {
		return fmt.Sprintf("%s%d", s, n)
	}
	return fmt.Sprintf("%s%0*d%s", s[:i], j-i-1, n, s[j+1:])
}

// NumberSeries names the series that a number of the day counts up in: what
// stands before it.
func NumberSeries(format string, day time.Time) string {
	series, _, _ := strings.Cut(onDay(format, day), "{0")
	return series
}

func onDay(format string, day time.Time) string {
	return strings.NewReplacer("{yyyy}", day.Format("2006"), "{yy}", day.Format("06"), "{mm}", day.Format("01")).Replace(format)
}
