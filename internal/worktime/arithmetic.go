package worktime

import "time"

// interval is a stretch of working time, from inclusive, until exclusive.
type interval struct{ from, until time.Time }

// intervals gives a day's working time as instants, in order and apart, also
// where clocks jump inside the day.
func (c *Calendar) intervals(day int) []interval {
	list := c.on(day)
	if len(list) == 0 {
		return nil
	}
	begin, end := c.at(day, 0), c.at(day+1, 0)
	out := make([]interval, 0, len(list))
	for _, h := range list {
		from := later(begin, c.at(day, h.from))
		until := earlier(end, c.at(day, h.until))
		if from.Before(until) {
			out = append(out, interval{from, until})
			begin = until
		}
	}
	return out
}

// at is the instant of a minute of a local day. A minute that the clocks jump
// over is the instant of the jump: what ends at such a midnight ends then.
func (c *Calendar) at(day, minute int) time.Time {
	year, month, date := dateOf(day).Date()
	t := time.Date(year, month, date, minute/60, minute%60, 0, 0, c.zone)
	wanted, got := day*minutesPerDay+minute, dayNumber(t)*minutesPerDay+t.Hour()*60+t.Minute()
	if got == wanted {
		return t
	}
	start, end := t.ZoneBounds()
	if got < wanted {
		return end
	}
	return start
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (c *Calendar) day(t time.Time) int { return dayNumber(t.In(c.zone)) }

// IsWorking says whether t lies in working time.
func (c *Calendar) IsWorking(t time.Time) bool {
	for _, i := range c.intervals(c.day(t)) {
		if !t.Before(i.from) && t.Before(i.until) {
			return true
		}
	}
	return false
}

// IsWorkday says whether the local day of t has any working time.
func (c *Calendar) IsWorkday(t time.Time) bool { return len(c.on(c.day(t))) > 0 }

// DayKind is what a day is to working people.
type DayKind string

// The kinds of days. A make-up day works although its weekday is free.
const (
	Workday DayKind = "workday"
	Weekend DayKind = "weekend"
	Holiday DayKind = "holiday"
	MakeUp  DayKind = "make_up"
)

// Kind says what the local day of t is.
func (c *Calendar) Kind(t time.Time) DayKind {
	day := c.day(t)
	works, usual := len(c.on(day)) > 0, len(c.week[weekday(day)]) > 0
	switch {
	case works && usual:
		return Workday
	case works:
		return MakeUp
	case usual:
		return Holiday
	}
	return Weekend
}

// EndOfDay is the last instant of t's working day, or its midnight when the
// day is free.
func (c *Calendar) EndOfDay(t time.Time) time.Time {
	day := c.day(t)
	if list := c.intervals(day); len(list) > 0 {
		return list[len(list)-1].until.In(t.Location())
	}
	return c.at(day+1, 0).In(t.Location())
}

// Next is the earliest working instant at or after t.
func (c *Calendar) Next(t time.Time) time.Time {
	for day := c.day(t); ; day++ {
		for _, i := range c.intervals(day) {
			if t.Before(i.until) {
				return later(t, i.from).In(t.Location())
			}
		}
	}
}

// Add moves by an amount of working time: the earliest instant at which that
// much of it has passed since from. A negative amount moves back, to the
// latest instant that is that far away. Zero gives from itself.
func (c *Calendar) Add(from time.Time, amount time.Duration) time.Time {
	switch {
	case amount > 0:
		return c.forward(from, amount).In(from.Location())
	case amount < 0:
		return c.back(from, -amount).In(from.Location())
	}
	return from
}

func (c *Calendar) forward(from time.Time, left time.Duration) time.Time {
	for day := c.day(from); ; day++ {
		for _, i := range c.intervals(day) {
			begin := later(from, i.from)
			span := i.until.Sub(begin)
			if span <= 0 {
				continue
			}
			if left <= span {
				return begin.Add(left)
			}
			left -= span
		}
	}
}

func (c *Calendar) back(from time.Time, left time.Duration) time.Time {
	for day := c.day(from); ; day-- {
		list := c.intervals(day)
		for n := len(list) - 1; n >= 0; n-- {
			end := earlier(from, list[n].until)
			span := end.Sub(list[n].from)
			if span <= 0 {
				continue
			}
			if left <= span {
				return end.Add(-left)
			}
			left -= span
		}
	}
}

// Between is the working time from a until b, negative when b is before a.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.Between(b, a)
	}
	var total time.Duration
	for day, last := c.day(a), c.day(b); day <= last; day++ {
		for _, i := range c.intervals(day) {
			if span := earlier(b, i.until).Sub(later(a, i.from)); span > 0 {
				total += span
			}
		}
	}
	return total
}

// AddDays moves by n working days and keeps the time of day, moved into the
// hours of that day: forward out of the morning or a break, back out of the
// evening. Zero days gives the next working instant.
func (c *Calendar) AddDays(from time.Time, n int) time.Time {
	if n == 0 {
		return c.Next(from)
	}
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	day := c.day(from)
	for n > 0 {
		day += step
		if len(c.intervals(day)) > 0 {
			n--
		}
	}
	return c.clip(day, from).In(from.Location())
}

// clip is from's time of day on another day, moved into that day's hours.
func (c *Calendar) clip(day int, from time.Time) time.Time {
	local := from.In(c.zone)
	wanted := c.at(day, local.Hour()*60+local.Minute()).
		Add(time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond()))
	list := c.intervals(day)
	for _, i := range list {
		if wanted.Before(i.until) {
			return later(wanted, i.from)
		}
	}
	return list[len(list)-1].until
}
