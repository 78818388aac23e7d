package worktime

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"time"
)

//go:embed data/cn.json
var chineseDays []byte

const secondsPerDay = 24 * 60 * 60

// public is an official list of days off and make-up days.
type public struct {
	years map[int]bool
	off   map[int]bool // by day number
	work  map[int]bool
}

// publicDays reads an embedded list by its name in a calendar document; false
// when there is none of that name.
func publicDays(name string) (public, bool, error) {
	if name != "cn" {
		return public{}, false, nil
	}
	var file struct {
		Years     []int
		Off, Work []string
	}
	if err := json.Unmarshal(chineseDays, &file); err != nil {
		return public{}, false, fmt.Errorf("embedded public days %s: %w", name, err)
	}
	p := public{years: make(map[int]bool, len(file.Years))}
	for _, year := range file.Years {
		p.years[year] = true
	}
	var err error
	if p.off, err = daySet(file.Off); err != nil {
		return public{}, false, err
	}
	if p.work, err = daySet(file.Work); err != nil {
		return public{}, false, err
	}
	return p, true, nil
}

func daySet(days []string) (map[int]bool, error) {
	set := make(map[int]bool, len(days))
	for _, text := range days {
		day, err := parseDay(text)
		if err != nil {
			return nil, err
		}
		set[day] = true
	}
	return set, nil
}

// parseDay reads "2006-01-02" as a day number, counted from 1970-01-01.
func parseDay(text string) (int, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("day %q: %w", text, err)
	}
	return dayNumber(t), nil
}

// dayNumber is the day that t shows in its own zone.
func dayNumber(t time.Time) int {
	year, month, day := t.Date()
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay) // exact, since it is a midnight
}

// weekday of a day number.
func weekday(day int) time.Weekday {
	return time.Weekday(((day+4)%7 + 7) % 7)
}
