package demo

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/worktime"
)

// world is the company while its past is lived through.
type world struct {
	Company
	zone       *time.Location
	calendar   *worktime.Calendar
	start, end time.Time
	clock      *moving
	lead       *schema.Object

	user, email map[string]string // id by e-mail and back
	sellers     []string          // e-mails of those who take leads
	former      []*prospect       // closed leads whose customer may come back
	queue       queue
	born        int
}

// moving is the business clock of the past.
type moving struct {
	mu sync.RWMutex
	at time.Time
}

func (m *moving) now() time.Time {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.at
}

func (m *moving) set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t.After(m.at) {
		m.at = t
	}
}

// opening is the hour of the Tuesday at which history ends.
const opening = 10

// margin is how far the end lies ahead at least: generating takes its time.
const margin = time.Hour

func newWorld(ctx context.Context, c Company) (*world, error) {
	snapshot := c.Snapshot()
	lead, ok := snapshot.Object("lead")
	calendars := catalog.All[*worktime.Calendar](snapshot, "calendar")
	if !ok || lead.FollowUp == nil || len(calendars) == 0 {
		return nil, fault.New(fault.Conflict, "not_a_demo")
	}
	w := &world{
		Company: c, zone: snapshot.Zone(), calendar: calendars[0], lead: lead, end: c.End,
		user: map[string]string{}, email: map[string]string{},
	}
	if w.end.IsZero() {
		real, err := realNow(ctx, c.DB)
		if err != nil {
			return nil, err
		}
		w.end = tuesday(w.calendar, real.Add(margin))
	}
	w.start = w.end.AddDate(0, -6, 0)
	w.clock = &moving{at: w.start.Add(-time.Hour)}
	return w, nil
}

// tuesday is the first working Tuesday 10:00 at or after t.
func tuesday(calendar *worktime.Calendar, t time.Time) time.Time {
	day := t.In(calendar.Zone())
	for {
		at := time.Date(day.Year(), day.Month(), day.Day(), opening, 0, 0, 0, calendar.Zone())
		if at.Weekday() == time.Tuesday && !at.Before(t) && calendar.IsWorkday(at) {
			return at.UTC()
		}
		day = day.AddDate(0, 0, 1)
	}
}

// arrivals draws when each lead comes: more as the company grows, few at night
// and on free days, many while an exhibition is open.
func (w *world) arrivals() []*prospect {
	scripted := w.scripted()
	leads := make([]*prospect, 0, w.Leads)
	for i := range max(0, w.Leads-len(scripted)) {
		leads = append(leads, newProspect(w.Seed, i, time.Time{}))
	}
	rng := rand.New(rand.NewPCG(w.Seed, 1<<40))
	days, weights := w.days()
	for _, p := range leads {
		w.date(p, rng, days, weights)
	}
	leads = append(leads, scripted[:min(len(scripted), w.Leads)]...)
	slices.SortStableFunc(leads, func(a, b *prospect) int { return a.at.Compare(b.at) })
	return leads
}

// days are the midnights of history with how busy each is, added up.
func (w *world) days() (days []time.Time, sums []float64) {
	first := w.start.In(w.zone)
	total := 0.0
	for n := 0; ; n++ {
		day := time.Date(first.Year(), first.Month(), first.Day()+n, 0, 0, 0, 0, w.zone)
		if day.After(w.end) {
			return days, sums
		}
		weight := 0.7 + 0.6*float64(n)/183
		if !w.calendar.IsWorkday(day) {
			weight *= 0.25
		}
		total += weight
		days, sums = append(days, day), append(sums, total)
	}
}

// date puts a lead on a day and an hour that suit its source.
func (w *world) date(p *prospect, rng *rand.Rand, days []time.Time, sums []float64) {
	for {
		n, _ := slices.BinarySearch(sums, rng.Float64()*sums[len(sums)-1])
		day := days[min(n, len(days)-1)]
		if p.way == "expo" {
			day = w.exhibition(rng)
		}
		p.at = day.Add(time.Duration(hourOf(p, rng) * float64(time.Hour))).Truncate(time.Second)
		if p.way == "" {
			p.at = w.calendar.Next(p.at).Add(time.Duration(rng.IntN(1200)) * time.Second)
		}
		if p.at.After(w.start) && p.at.Before(w.end.Add(-time.Minute)) {
			if p.way == "" {
				p.seller = pick(rng, w.sellers)
			}
			return
		}
	}
}

// exhibition is a day of one of the four fairs; the last one closed last week.
func (w *world) exhibition(rng *rand.Rand) time.Time {
	ago := pick(rng, []int{165, 118, 62, 12}) - rng.IntN(4)
	day := w.end.In(w.zone).AddDate(0, 0, -ago)
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, w.zone)
}

// hourOf is the hour of the day: Douyin is watched in the evening too.
func hourOf(p *prospect, rng *rand.Rand) float64 {
	n := rng.Float64()
	switch {
	case p.way == "expo":
		return 9.5 + 7.5*n
	case p.way == "douyin" && n < 0.35:
		return 18 + 5*rng.Float64()
	case n < 0.05:
		return 7 + 17*rng.Float64()
	}
	return 8.5 + 9.5*rng.Float64()
}
