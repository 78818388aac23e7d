package route

import (
	"errors"

	"clew.dev/clew/internal/expr"
)

// Reason says how an owner was found, or why there is none.
type Reason string

// The reasons. A strategy's name is a reason as well.
const (
	NamedPerson   Reason = "person"         // the row names the person
	KnownOwner    Reason = "known_owner"    // the party had this owner, and the table is sticky
	LastResort    Reason = "fallback"       // no row could place it
	NotApplicable Reason = "not_applicable" // the table is not for this record
	Nobody        Reason = "nobody"         // not even the fallback is active
)

// Why says why a row did not place a record, or a person was no candidate.
type Why string

// Why a row did not place a record.
const (
	NoMatch      Why = "no_match"
	OutsideDates Why = "outside_dates"
	Failed       Why = "failed"      // its condition could not be evaluated
	NoEligible   Why = "no_eligible" // nobody in its target could take the record
)

// Why a person was no candidate.
const (
	Inactive     Why = "inactive"
	Away         Why = "away"
	Full         Why = "full"
	OutsideHours Why = "outside_hours"
	BelowTop     Why = "below_top"
)

// Decision is the owner with its reasons. It is recorded as it is.
type Decision struct {
	Version    int64       `json:"version"`
	Row        string      `json:"row,omitempty"` // the row that placed it, "" for the fallback
	Pool       string      `json:"pool,omitempty"`
	Group      string      `json:"group,omitempty"`
	Owner      string      `json:"owner,omitempty"` // user id
	Reason     Reason      `json:"reason"`
	Fallback   bool        `json:"fallback,omitempty"`
	AfterHours bool        `json:"after_hours,omitempty"` // nobody was within hours, so everyone counted
	Candidates []Candidate `json:"candidates,omitempty"`  // of the deciding row, in the pool's order
	Adds       []Addition  `json:"adds,omitempty"`        // what rows added that was not there
	Tells      []Telling   `json:"tells,omitempty"`
	Robots     []string    `json:"robots,omitempty"`  // the pool's, which see the assignment
	Skipped    []Skip      `json:"skipped,omitempty"` // rows that applied but placed nothing, or could not be tried
	Passed     []string    `json:"passed,omitempty"`  // rows whose condition did not hold
	// Pointer is the pool's new pointer; the owner's LastSeq becomes its Seq.
	// nil when no pool decided.
	Pointer *Pointer `json:"pointer,omitempty"`
}

// Candidate is a person who was looked at.
type Candidate struct {
	User     string `json:"user"`
	Load     int    `json:"load"`
	Capacity int    `json:"capacity,omitempty"` // 0: no limit
	LastSeq  int64  `json:"last_seq,omitempty"`
	Eligible bool   `json:"eligible"`
	Why      Why    `json:"why,omitempty"` // why not
}

// Addition is values for a list field, by field id.
type Addition struct {
	Row    string   `json:"row"`
	Field  string   `json:"field"`
	Values []string `json:"values"`
}

// Telling is who hears of it because of which row.
type Telling struct {
	Row    string   `json:"row"`
	Roles  []string `json:"roles,omitempty"`
	Robots []string `json:"robots,omitempty"`
}

// Skip is a row that placed nothing, and why.
type Skip struct {
	Row        string      `json:"row"`
	Why        Why         `json:"why"`
	Code       string      `json:"code,omitempty"` // Failed: the expression's
	Candidates []Candidate `json:"candidates,omitempty"`
}

// Decide finds the owner of a record. Rows are tried from the top. An adding
// row adds, tells and goes on, and later rows see what it added; it never sets
// the owner. A row with a target ends the table if someone there is eligible,
// else it does nothing at all. What no row places goes to the fallback.
func Decide(t *Table, in Input) Decision {
	d := Decision{Version: t.version}
	scene := t.scene(in)
	if holds, _ := scene.holds(t.when); !holds {
		d.Reason = NotApplicable
		return d
	}
	for _, r := range t.rows {
		switch why, code := scene.matches(r); {
		case why == NoMatch:
			d.Passed = append(d.Passed, r.id)
		case why != "":
			d.Skipped = append(d.Skipped, Skip{Row: r.id, Why: why, Code: code})
		case r.then.Continue:
			d.apply(scene, r)
		case t.place(&d, in, r):
			d.apply(scene, r)
			return d
		}
	}
	t.fallBack(&d, in)
	return d
}

// apply notes what a row adds and whom it tells.
func (d *Decision) apply(scene *scene, r row) {
	d.Adds = append(d.Adds, scene.grow(r.add)...)
	if tell := r.then.Tell; len(tell.Roles)+len(tell.Robots) > 0 {
		d.Tells = append(d.Tells, Telling{r.id, tell.Roles, tell.Robots})
	}
}

// place tries a row's target and says whether it found an owner.
func (t *Table) place(d *Decision, in Input, r row) bool {
	if t.keepKnown(d, in) {
		d.Row = r.id
		return true
	}
	var c choice
	switch {
	case r.then.Pool != "":
		c = choose(t.pools[r.then.Pool], in.Pools[r.then.Pool])
	case r.then.Group != "":
		c = choose(Pool{Strategy: LeastLoad, Hours: HoursPreferred}, PoolState{Members: in.Groups[r.then.Group]})
	default:
		c = choose(Pool{Strategy: LeastLoad, Hours: HoursIgnored}, PoolState{Members: one(in.People, r.then.Person)})
	}
	if c.owner == "" {
		d.Skipped = append(d.Skipped, Skip{Row: r.id, Why: NoEligible, Candidates: c.candidates})
		return false
	}
	d.Row, d.Owner, d.Candidates, d.AfterHours = r.id, c.owner, c.candidates, c.afterHours
	d.Pool, d.Group, d.Reason = r.then.Pool, r.then.Group, Reason(c.strategy)
	switch {
	case r.then.Pool != "":
		d.Pointer, d.Robots = &c.pointer, t.pools[r.then.Pool].Robots
	case r.then.Person != "":
		d.Reason = NamedPerson
	}
	return true
}

func one(people map[string]Member, name string) []Member {
	if m, ok := people[name]; ok {
		return []Member{m}
	}
	return nil
}

// keepKnown keeps the party's owner in a sticky table.
func (t *Table) keepKnown(d *Decision, in Input) bool {
	if !t.sticky || in.Known == nil || !in.Known.Active || in.Known.Away {
		return false
	}
	d.Owner, d.Reason = in.Known.User, KnownOwner
	return true
}

// fallBack gives the record to the owner of last resort. Capacity, leave and
// hours do not apply; an account that is closed cannot take it.
func (t *Table) fallBack(d *Decision, in Input) {
	if t.keepKnown(d, in) {
		return
	}
	members := make([]Member, len(in.Fallback))
	for i, m := range in.Fallback {
		m.Capacity, m.Away = 0, false
		members[i] = m
	}
	c := choose(Pool{Strategy: LeastLoad, Hours: HoursIgnored}, PoolState{Members: members})
	d.Owner, d.Candidates, d.Fallback, d.Reason = c.owner, c.candidates, true, LastResort
	if c.owner == "" {
		d.Reason = Nobody
	}
}

// codeOf is the stable code of an evaluation's failure.
func codeOf(err error) string {
	var evaluation *expr.EvalError
	if errors.As(err, &evaluation) {
		return evaluation.Code
	}
	return "internal"
}
