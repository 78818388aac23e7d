package metric

import (
	"sort"
	"time"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// Count computes the same figures from the records themselves, exactly.
func Count(rows []query.Row, source, firstTouch *schema.Field, zone *time.Location) Figures {
	f := Figures{BySource: map[string]Counts{}}
	responses, days := map[string][]time.Duration{}, map[Day]int64{}
	var all []time.Duration
	for _, row := range rows {
		from, _ := row.Values[source.ID].(string)
		c := f.BySource[from]
		c.Created++
		if first, ok := row.Values[firstTouch.ID].(time.Time); ok {
			response := max(0, first.Sub(row.CreatedAt))
			responses[from] = append(responses[from], response)
			all = append(all, response)
			c.touch(response)
		}
		f.BySource[from] = c
		days[Day{Day: row.CreatedAt.In(zone).Format(time.DateOnly), Source: from}]++
	}
	for from, c := range f.BySource {
		c.Median = middle(responses[from])
		f.BySource[from] = c
		f.Total.Created += c.Created
		f.Total.Touched += c.Touched
		f.Total.Within24h += c.Within24h
		f.Total.Within30m += c.Within30m
	}
	f.Total.Median = middle(all)
	for d, n := range days {
		f.ByDay = append(f.ByDay, Day{d.Day, d.Source, n})
	}
	sort.Slice(f.ByDay, func(i, j int) bool {
		a, b := f.ByDay[i], f.ByDay[j]
		return a.Day < b.Day || a.Day == b.Day && a.Source < b.Source
	})
	return f
}

func (c *Counts) touch(response time.Duration) {
	c.Touched++
	if response <= 24*time.Hour {
		c.Within24h++
	}
	if response <= 30*time.Minute {
		c.Within30m++
	}
}

func middle(responses []time.Duration) *time.Duration {
	if len(responses) == 0 {
		return nil
	}
	sort.Slice(responses, func(i, j int) bool { return responses[i] < responses[j] })
	return &responses[(len(responses)-1)/2]
}
