package sqldb

import (
	"fmt"
	"time"
)

// bind turns times into microseconds and bools into 0 and 1, which every
// column for yes and no takes.
func bind(args []any) []any {
	for i, arg := range args {
		if v, ok := bound(arg); ok {
			return bindFrom(args, i, v)
		}
	}
	return args
}

// bindFrom copies args, of which the one at i is the first to be changed.
func bindFrom(args []any, i int, v any) []any {
	out := append([]any(nil), args...)
	out[i] = v
	for j := i + 1; j < len(out); j++ {
		if v, ok := bound(out[j]); ok {
			out[j] = v
		}
	}
	return out
}

// bound is the stored form of an argument, false when it is its own.
func bound(arg any) (any, bool) {
	switch v := arg.(type) {
	case bool:
		if v {
			return int64(1), true
		}
		return int64(0), true
	case time.Time:
		return Micros(v), true
	case *time.Time:
		if v == nil {
			return nil, true
		}
		return Micros(*v), true
	}
	return nil, false
}

// receive wraps the destinations that need the way back: times and bools.
func receive(dest []any) []any {
	for i, d := range dest {
		if s, ok := receiver(d); ok {
			out := append([]any(nil), dest...)
			out[i] = s
			for j := i + 1; j < len(out); j++ {
				if s, ok := receiver(out[j]); ok {
					out[j] = s
				}
			}
			return out
		}
	}
	return dest
}

func receiver(dest any) (any, bool) {
	switch d := dest.(type) {
	case *bool:
		return boolReceiver{d}, true
	case *time.Time:
		return timeReceiver{d}, true
	case **time.Time:
		return nullTimeReceiver{d}, true
	}
	return nil, false
}

type boolReceiver struct{ dest *bool }

// Scan takes a boolean column's bool or an INTEGER column's 0 and 1.
func (r boolReceiver) Scan(src any) error {
	switch v := src.(type) {
	case bool:
		*r.dest = v
	case int64:
		*r.dest = v != 0
	default:
		return fmt.Errorf("sqldb: cannot scan %T into a bool", src)
	}
	return nil
}

type timeReceiver struct{ dest *time.Time }

// Scan takes stored microseconds.
func (r timeReceiver) Scan(src any) error {
	us, ok := src.(int64)
	if !ok {
		return fmt.Errorf("sqldb: cannot scan %T into a time", src)
	}
	*r.dest = FromMicros(us)
	return nil
}

type nullTimeReceiver struct{ dest **time.Time }

// Scan takes stored microseconds or NULL.
func (r nullTimeReceiver) Scan(src any) error {
	if src == nil {
		*r.dest = nil
		return nil
	}
	var t time.Time
	if err := (timeReceiver{&t}).Scan(src); err != nil {
		return err
	}
	*r.dest = &t
	return nil
}
