package schema

import (
	"strconv"
	"time"

	"clew.dev/clew/internal/fault"
)

type datetime struct{}

func (datetime) Name() string     { return "datetime" }
func (datetime) Storage() Storage { return Micros }

// Parse reads RFC 3339, a local date and time in the zone, or an epoch in
// seconds or milliseconds. The value is UTC with microseconds.
func (datetime) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	if t, ok := raw.(time.Time); ok {
		return t.UTC().Truncate(time.Microsecond), nil
	}
	s, ok := scalar(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	if s == "" {
		return nil, nil
	}
	t, ok := readInstant(s, in.zone())
	t = t.UTC()
	if !ok || t.Year() < 1 || t.Year() > 9999 {
		return nil, wrong(f, "invalid_datetime")
	}
	return t.Truncate(time.Microsecond), nil
}

func readInstant(s string, zone *time.Location) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, true
	}
	for _, layout := range [...]string{
		time.DateTime, "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04",
		"2006/1/2 15:04:05", "2006/1/2 15:04", "2006年1月2日 15:04:05", "2006年1月2日 15:04", "2006年1月2日15:04",
		time.DateOnly, "2006/1/2", "2006年1月2日",
	} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return readEpoch(s)
}

// readEpoch reads 10 digits as seconds and 13 as milliseconds since 1970.
func readEpoch(s string) (time.Time, bool) {
	n, err := strconv.ParseUint(s, 10, 63)
	switch {
	case err != nil:
	case len(s) == 10:
		return time.Unix(int64(n), 0), true
	case len(s) == 13:
		return time.UnixMilli(int64(n)), true
	}
	return time.Time{}, false
}

func (datetime) Encode(_ *Field, value any) any {
	t, ok := value.(time.Time)
	if !ok {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (datetime) Check(*Field) *fault.Field { return nil }
