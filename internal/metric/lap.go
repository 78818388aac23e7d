package metric

import (
	"time"

	"github.com/cockroachdb/apd/v3"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// Laps are the days that records took for each step of a cycle, added up.
type Laps struct {
	Records int64
	Steps   []int64 // days, by step
}

// Total is the days of all steps.
func (l Laps) Total() int64 {
	var total int64
	for _, days := range l.Steps {
		total += days
	}
	return total
}

// Add counts one record that has gone through the cycle. Days are those of the
// company's calendar. A milestone that is missing, or lies before the one that
// precedes it, takes no days: the steps always add up to the whole.
func (l *Laps) Add(c *Cycle, row query.Row, zone *time.Location) {
	if l.Steps == nil {
		l.Steps = make([]int64, len(c.Steps))
	}
	at, ok := dayOf(c.From, row, zone)
	if !ok {
		return
	}
	l.Records++
	for i, s := range c.Steps {
		next, reached := dayOf(s.Until, row, zone)
		if !reached || next < at {
			continue
		}
		l.Steps[i] += next - at
		at = next
	}
}

const day = 24 * time.Hour

// dayOf is the number of the company day of a date or datetime field, or of created_at.
func dayOf(f *schema.Field, row query.Row, zone *time.Location) (int64, bool) {
	var value any = row.CreatedAt
	if f != nil {
		value = row.Values[f.ID]
	}
	text := ""
	switch v := value.(type) {
	case time.Time:
		text = v.In(zone).Format(time.DateOnly)
	case schema.Date:
		text = string(v)
	}
	t, err := time.Parse(time.DateOnly, text)
	return int64(t.Unix() / int64(day/time.Second)), err == nil
}

// Average is days per record to one digit, half away from zero; "" without records.
func Average(days, records int64) string {
	if records == 0 {
		return ""
	}
	return oneDigit(apd.New(days, 0), apd.New(records, 0))
}

// Compression is by how many per cent an average has become shorter than an
// earlier one, to one digit: (earlier − present) ÷ earlier. "" where there is
// nothing to compare with.
func Compression(days, records, earlierDays, earlierRecords int64) string {
	if records == 0 || earlierRecords == 0 || earlierDays == 0 {
		return ""
	}
	// Over a common denominator, so that nothing is rounded twice.
	was := product(earlierDays, records)
	is := product(days, earlierRecords)
	saved := new(apd.Decimal)
	if _, err := exact().Sub(saved, was, is); err != nil {
		return ""
	}
	if _, err := exact().Mul(saved, saved, apd.New(100, 0)); err != nil {
		return ""
	}
	return oneDigit(saved, was)
}

func exact() *apd.Context {
	context := apd.BaseContext.WithPrecision(60)
	context.Rounding = apd.RoundHalfUp
	return context
}

func product(a, b int64) *apd.Decimal {
	out := new(apd.Decimal)
	if _, err := exact().Mul(out, apd.New(a, 0), apd.New(b, 0)); err != nil {
		return apd.New(0, 0)
	}
	return out
}

func oneDigit(a, b *apd.Decimal) string {
	out := new(apd.Decimal)
	if _, err := exact().Quo(out, a, b); err != nil {
		return ""
	}
	if _, err := exact().Quantize(out, out, -1); err != nil {
		return ""
	}
	return out.Text('f')
}
