package worktime

import (
	"encoding/json"
	"fmt"

	"clew.dev/clew/internal/schema"
)

// Definition is the body of a configuration document of kind calendar.
type Definition struct {
	ID    string       `json:"id,omitempty"`
	Label schema.Label `json:"label,omitempty"`
	// Zone is an IANA name such as Asia/Shanghai; days begin at its midnight.
	Zone string `json:"zone"`
	// Week gives the working spans of mon, tue, wed, thu, fri, sat, sun; an
	// absent day is free.
	Week map[string][]Span `json:"week"`
	// Holidays names the embedded public calendar: "cn", or "" for none.
	Holidays string `json:"holidays,omitempty"`
	// Days overrides single dates ("2027-01-01") and beats Holidays.
	Days map[string]Day `json:"days,omitempty"`
}

// Span is a working span of one day, ["09:00","12:00"]; "24:00" is the end of the day.
type Span [2]string

// Day is what one date is: off, work (the Monday's hours), or its own hours.
// In JSON it is "off", "work" or [["09:00","12:00"]].
type Day struct {
	Off   bool
	Hours []Span // nil with Off false means "work"
}

// MarshalJSON writes the day in its document form.
func (d Day) MarshalJSON() ([]byte, error) {
	switch {
	case d.Off:
		return []byte(`"off"`), nil
	case len(d.Hours) == 0:
		return []byte(`"work"`), nil
	}
	return json.Marshal(d.Hours)
}

// UnmarshalJSON reads "off", "work" or a list of spans.
func (d *Day) UnmarshalJSON(raw []byte) error {
	*d = Day{}
	switch string(raw) {
	case `"off"`:
		d.Off = true
		return nil
	case `"work"`:
		return nil
	}
	if err := json.Unmarshal(raw, &d.Hours); err != nil {
		return fmt.Errorf(`a day is "off", "work" or a list of spans: %w`, err)
	}
	d.Off = len(d.Hours) == 0
	return nil
}
