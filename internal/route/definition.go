package route

import "clew.dev/clew/internal/schema"

// Definition is the body of a configuration document of kind routing-table.
type Definition struct {
	ID    string       `json:"id,omitempty"`
	Label schema.Label `json:"label,omitempty"`
	// Object is the API name of the object that is routed; its owner field
	// receives the owner.
	Object string `json:"object"`
	// When limits the table to some records; "" for all.
	When string `json:"when,omitempty"`
	// Sticky keeps the party's known owner (if active) before any row is tried.
	Sticky bool `json:"sticky,omitempty"`
	// Rows are tried from the top.
	Rows []Row `json:"rows"`
	// Fallback owns what no row could place; capacity, leave and hours do not
	// apply to it.
	Fallback Fallback `json:"fallback"`
	// Pools describes the pools that rows name; who is in them are rows of
	// the database, not part of the document.
	Pools []Pool `json:"pools,omitempty"`
}

// Row is one line of the table. It either ends the table (Then names a
// target) or only adds (Then names none, and Continue is true).
type Row struct {
	ID    string       `json:"id"`
	Label schema.Label `json:"label,omitempty"`
	// When is an expression, yes/no; "" always holds.
	When string `json:"when,omitempty"`
	// From and Until are dates ("2026-01-31") in the company's zone; the row
	// holds from the first until and including the last.
	From  string `json:"from,omitempty"`
	Until string `json:"until,omitempty"`
	Then  Then   `json:"then"`
}

// Then is what a row does. Exactly one of Pool, Person and Group, or Continue.
type Then struct {
	Pool   string `json:"pool,omitempty"`   // a pool's name
	Person string `json:"person,omitempty"` // a user's e-mail address or id
	Group  string `json:"group,omitempty"`  // a department's key: everyone in its tree, by least load
	// Continue marks a row that only adds and lets the table go on.
	Continue bool `json:"continue,omitempty"`
	// Add adds values to tags or choices fields, by API name.
	Add map[string][]string `json:"add,omitempty"`
	// Tell sends a message; it does not change the owner.
	Tell Tell `json:"tell,omitzero"`
}

// Tell names who hears of it.
type Tell struct {
	Roles  []string `json:"roles,omitempty"`
	Robots []string `json:"robots,omitempty"`
}

// Fallback names the owner of last resort: exactly one member.
type Fallback struct {
	User     string `json:"user,omitempty"`      // a user's e-mail address or id
	Role     string `json:"role,omitempty"`      // the first active user with the role, by least load
	LeaderOf string `json:"leader_of,omitempty"` // a department's key: its leader
}

// Strategy is how a pool picks among its eligible members.
type Strategy string

// The strategies.
const (
	RoundRobin Strategy = "round_robin" // in turn
	LeastLoad  Strategy = "least_load"  // fewest open records
	Weighted   Strategy = "weighted"    // in turn, in proportion to each weight
	TopN       Strategy = "top_n"       // in turn among the best N by rate
)

// Hours is how a pool treats members outside their working hours.
type Hours string

// The treatments.
const (
	HoursPreferred Hours = "preferred" // those within hours first; if there is none, everyone: no record waits overnight without an owner
	HoursRequired  Hours = "required"  // only those within hours
	HoursIgnored   Hours = "ignored"
)

// Pool describes a pool.
type Pool struct {
	ID       string       `json:"id,omitempty"`
	Name     string       `json:"name"`
	Label    schema.Label `json:"label,omitempty"`
	Strategy Strategy     `json:"strategy,omitempty"` // default round_robin
	Top      int          `json:"top,omitempty"`      // top_n: N, default 3
	Hours    Hours        `json:"hours,omitempty"`    // default preferred
	Calendar string       `json:"calendar,omitempty"` // a calendar's name; default the company's
	Capacity int          `json:"capacity,omitempty"` // open records per member without an own limit; 0 = no limit
	Robots   []string     `json:"robots,omitempty"`   // group robots that see each assignment
}
