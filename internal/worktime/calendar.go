package worktime

import (
	"maps"
	"slices"
	"time"

	"clew.dev/clew/internal/fault"
)

// Calendar is a compiled calendar. It is immutable and safe for concurrent use.
type Calendar struct {
	zone     *time.Location
	week     [7][]hours // by time.Weekday
	makeUp   []hours    // what a make-up day works
	public   public
	official bool // public days are in force
	days     map[int][]hours
	edited   map[int]bool // years in which the document names a day
}

// hours is a working span in minutes of the local day, from inclusive.
type hours struct{ from, until int }

const minutesPerDay = 24 * 60

// weekdays are the document's keys, by time.Weekday.
var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// New compiles a definition. A wrong one gives an Invalid fault with the path
// of each mistake.
func New(def Definition) (*Calendar, error) {
	var faults fault.Collector
	c := &Calendar{days: map[int][]hours{}, edited: map[int]bool{}}
	c.zone = parseZone(def.Zone, &faults)
	c.setWeek(def.Week, &faults)
	if def.Holidays != "" {
		days, known, err := publicDays(def.Holidays)
		if err != nil {
			return nil, err
		}
		if !known {
			faults.Add(&fault.Field{Path: "holidays", Code: "unknown_holidays", Params: map[string]any{"name": def.Holidays}})
		}
		c.public, c.official = days, known
	}
	c.setDays(def.Days, &faults)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

func parseZone(name string, faults *fault.Collector) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		faults.Add(&fault.Field{Path: "zone", Code: "unknown_zone", Params: map[string]any{"zone": name}})
	}
	return zone
}

func (c *Calendar) setWeek(week map[string][]Span, faults *fault.Collector) {
	for _, name := range slices.Sorted(maps.Keys(week)) {
		day := slices.Index(weekdays[:], name)
		if day < 0 {
			faults.Add(&fault.Field{Path: "week." + name, Code: "unknown_weekday"})
			continue
		}
		c.week[day] = parseHours("week."+name, week[name], faults)
	}
	for i := range 7 { // Monday first
		if day := (i + 1) % 7; len(c.makeUp) == 0 {
			c.makeUp = c.week[day]
		}
	}
	if len(c.makeUp) == 0 {
		faults.Add(&fault.Field{Path: "week", Code: "no_working_hours"})
	}
}

func (c *Calendar) setDays(days map[string]Day, faults *fault.Collector) {
	for _, text := range slices.Sorted(maps.Keys(days)) {
		day := days[text]
		number, err := parseDay(text)
		if err != nil {
			faults.Add(&fault.Field{Path: "days." + text, Code: "bad_date"})
			continue
		}
		c.edited[dateOf(number).Year()] = true
		switch {
		case day.Off:
			c.days[number] = nil
		case len(day.Hours) == 0:
			c.days[number] = c.makeUp
		default:
			c.days[number] = parseHours("days."+text, day.Hours, faults)
		}
	}
}

func dateOf(day int) time.Time { return time.Unix(int64(day)*secondsPerDay, 0).UTC() }

// Zone is the calendar's time zone.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Missing lists the years between two times, both included, for which the
// public days are not known: nothing is embedded, and the document names no
// day of that year. In such a year every weekday counts by the week alone.
func (c *Calendar) Missing(from, until time.Time) []int {
	if !c.official {
		return nil
	}
	var missing []int
	for year := from.In(c.zone).Year(); year <= until.In(c.zone).Year(); year++ {
		if !c.public.years[year] && !c.edited[year] {
			missing = append(missing, year)
		}
	}
	return missing
}

// on gives the working hours of a day, in order.
func (c *Calendar) on(day int) []hours {
	if list, ok := c.days[day]; ok {
		return list
	}
	switch {
	case c.public.off[day]:
		return nil
	case c.public.work[day]:
		return c.makeUp
	}
	return c.week[weekday(day)]
}

// parseHours reads the spans of a day: in order, apart, and inside the day.
func parseHours(path string, spans []Span, faults *fault.Collector) []hours {
	list := make([]hours, 0, len(spans))
	last := -1
	for _, span := range spans {
		from, okFrom := parseMinute(span[0])
		until, okUntil := parseMinute(span[1])
		if !okFrom || !okUntil || from >= until || from < last {
			faults.Add(&fault.Field{Path: path, Code: "bad_hours", Params: map[string]any{"from": span[0], "until": span[1]}})
			return nil
		}
		last = until
		list = append(list, hours{from, until})
	}
	return list
}

func parseMinute(text string) (int, bool) {
	if text == "24:00" {
		return minutesPerDay, true
	}
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return t.Hour()*60 + t.Minute(), true
}
