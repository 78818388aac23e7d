package clock

import "clew.dev/clew/internal/schema"

// Definition is the body of a configuration document of kind clock.
type Definition struct {
	ID    string       `json:"id,omitempty"`
	Label schema.Label `json:"label,omitempty"`
	// Object is the API name of the object whose records carry the clock.
	Object string `json:"object"`
	// Start begins a run when none is running.
	Start Trigger `json:"start"`
	// Satisfied ends the run well (late, if it was overdue already).
	Satisfied Trigger `json:"satisfied,omitzero"`
	// Cancelled ends the run without a result.
	Cancelled Trigger `json:"cancelled,omitzero"`
	// Restart begins the run anew while it is running, overdue or not.
	Restart Trigger `json:"restart,omitzero"`
	// Target says when the run is due.
	Target Target `json:"target"`
	// Warnings fire before the due time, each once.
	Warnings []Stage `json:"warnings,omitempty"`
	// Breach fires at or after the due time, each once, in order of After.
	Breach []Stage `json:"breach,omitempty"`
}

// Trigger is a list of events and a condition; both must hold. Without On,
// the trigger holds when the condition becomes true (Start) or is true
// (Satisfied, Cancelled) at any event; Restart needs On. Without both it never
// holds.
type Trigger struct {
	// On lists event kinds: created, changed, assigned, unassigned, claimed,
	// follow_up, touched, message_in, message_out, closed, reopened, deleted,
	// restored, scored, converted. "changed:FIELD" is a change of that field (API name).
	On   []string `json:"on,omitempty"`
	When string   `json:"when,omitempty"` // expression, yes/no, on the record after the event
}

// Target is the time allowed: exactly one of Minutes, Hours, Days, or Field.
type Target struct {
	Minutes int `json:"minutes,omitempty"`
	Hours   int `json:"hours,omitempty"`
	Days    int `json:"days,omitempty"`
	// Field names a date or datetime field (API name) whose value is the due
	// time; the run moves with it. A date is due at the day's end.
	Field string `json:"field,omitempty"`
	// Calendar is "working" or "calendar" (the default): what minutes, hours
	// and days count in, here and in the stages.
	Calendar string `json:"calendar,omitempty"`
}

// Stage is something that happens once at a distance from the due time.
type Stage struct {
	ID     string       `json:"id"`
	Label  schema.Label `json:"label,omitempty"`
	Before Distance     `json:"before,omitzero"` // warnings
	After  Distance     `json:"after,omitzero"`  // breaches; zero = at the due time
	// Tell names who hears of it: owner, leader, creator, role:NAME,
	// robot:NAME, user:EMAIL.
	Tell []string `json:"tell,omitempty"`
	// Set writes values by API name (a choice by its name).
	Set map[string]any `json:"set,omitempty"`
	// Add adds values to tags or choices fields, by API name.
	Add map[string][]string `json:"add,omitempty"`
	// Reroute sends the record through its routing table again.
	Reroute bool `json:"reroute,omitempty"`
}

// Distance is a length of time, the sum of its parts.
type Distance struct {
	Minutes int `json:"minutes,omitempty"`
	Hours   int `json:"hours,omitempty"`
	Days    int `json:"days,omitempty"`
}
