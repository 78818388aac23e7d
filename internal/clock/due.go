package clock

import (
	"errors"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
)

// due is when a run that begins or follows now has to be met; false when its
// field gives no time.
func (t *turn) due() (time.Time, bool) {
	target := t.clock.target
	if t.clock.field == "" {
		return t.move(t.event.Now, Distance{Minutes: target.Minutes, Hours: target.Hours, Days: target.Days}, 1), true
	}
	switch value := t.event.Values[t.clock.field].(type) {
	case time.Time:
		return value, true
	case schema.Date:
		return t.endOf(value)
	}
	return time.Time{}, false
}

// endOf is the end of a day: of its working hours in a working calendar, its
// midnight otherwise.
func (t *turn) endOf(date schema.Date) (time.Time, bool) {
	day, err := time.ParseInLocation(time.DateOnly, string(date), t.zone())
	if err != nil {
		return time.Time{}, false
	}
	if t.clock.Working() && t.cal != nil {
		return t.cal.EndOfDay(day).UTC(), true
	}
	return expr.EndOf(date, t.zone())
}

func (t *turn) zone() *time.Location {
	if t.clock.Working() && t.cal != nil {
		return t.cal.Zone()
	}
	return t.clock.zone
}

// move goes a distance from a moment, forward (1) or back (-1), in the clock's
// calendar: days first, then hours and minutes.
func (t *turn) move(from time.Time, d Distance, sign int) time.Time {
	span := time.Duration(sign) * (time.Duration(d.Hours)*time.Hour + time.Duration(d.Minutes)*time.Minute)
	if t.clock.Working() && t.cal != nil {
		if d.Days != 0 {
			from = t.cal.AddDays(from, sign*d.Days)
		}
		return t.cal.Add(from, span).UTC()
	}
	if d.Days != 0 {
		from, _ = expr.AddTo(from, int64(sign*d.Days), "day", t.zone())
	}
	return from.Add(span).UTC()
}

// codeOf is the stable code of an evaluation's failure.
func codeOf(err error) string {
	var evaluation *expr.EvalError
	if errors.As(err, &evaluation) {
		return evaluation.Code
	}
	return "internal"
}
