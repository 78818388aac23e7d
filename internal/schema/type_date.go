package schema

import (
	"time"

	"clew.dev/clew/internal/fault"
)

type date struct{}

func (date) Name() string     { return "date" }
func (date) Storage() Storage { return Text }

// Parse reads 2006-01-02, 2006/1/2, 2006年1月2日, or the day of an instant in the zone.
func (date) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	if t, ok := raw.(time.Time); ok {
		return Date(t.In(in.zone()).Format(time.DateOnly)), nil
	}
	s, ok := scalar(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	if s == "" {
		return nil, nil
	}
	for _, layout := range [...]string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return dayOf(f, t)
		}
	}
	if t, ok := readInstant(s, in.zone()); ok {
		return dayOf(f, t.In(in.zone()))
	}
	return nil, wrong(f, "invalid_date")
}

func dayOf(f *Field, t time.Time) (any, *fault.Field) {
	if t.Year() < 1 || t.Year() > 9999 {
		return nil, wrong(f, "invalid_date")
	}
	return Date(t.Format(time.DateOnly)), nil
}

func (date) Encode(_ *Field, value any) any {
	d, ok := value.(Date)
	if !ok {
		return nil
	}
	return string(d)
}

func (date) Check(*Field) *fault.Field { return nil }
