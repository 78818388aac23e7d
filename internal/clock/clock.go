package clock

import (
	"time"

	"clew.dev/clew/internal/expr"
)

// Clock is a compiled definition. It is immutable and safe for concurrent use.
type Clock struct {
	version   int64
	zone      *time.Location
	start     trigger
	satisfied trigger
	cancelled trigger
	restart   trigger
	target    Target
	field     string // id of Target.Field, "" for none
	stages    []stage
	fields    []string
}

type trigger struct {
	on      []string      // event kinds
	changed []string      // ids of fields whose change counts
	when    *expr.Program // nil: always
}

type stage struct {
	id     string
	breach bool
	offset Distance // before the due time for a warning, after it for a breach
	act    Act      // Tell, Set, Add, Reroute
}

// Recipient is somebody who hears of a stage.
type Recipient struct {
	Kind string `json:"kind"`           // owner, leader, creator, role, robot, user
	Name string `json:"name,omitempty"` // of the role, robot or user
}

// Version is the version given at compilation.
func (c *Clock) Version() int64 { return c.version }

// Fields are the ids of the fields and system columns that the clock reads.
func (c *Clock) Fields() []string { return append([]string(nil), c.fields...) }

// Working says whether the clock counts working time, so that Next needs a calendar.
func (c *Clock) Working() bool { return c.target.Calendar == Working }

// The calendars of a target.
const (
	Working    = "working"
	Continuous = "calendar"
)

// The kinds of event. Tick is time passing; no trigger can wait for it, but
// conditions without events are looked at then as well.
const (
	Tick       = "tick"
	Created    = "created"
	Changed    = "changed"
	Assigned   = "assigned"
	Unassigned = "unassigned"
	Claimed    = "claimed"
	FollowUp   = "follow_up"
	Touched    = "touched"
	MessageIn  = "message_in"
	MessageOut = "message_out"
	Closed     = "closed"
	Reopened   = "reopened"
	Deleted    = "deleted"
	Restored   = "restored"
	Scored     = "scored"
	Converted  = "converted"

	// Unconverted takes a conversion back: what it stopped goes on. No document names it.
	Unconverted = "unconverted"
)

// Kinds lists the kinds of event that a document may name.
func Kinds() []string {
	return []string{
		Created, Changed, Assigned, Unassigned, Claimed, FollowUp, Touched,
		MessageIn, MessageOut, Closed, Reopened, Deleted, Restored, Scored, Converted,
	}
}

// Event is something that happened to the record, or the time passing.
type Event struct {
	Kinds   []string       // all that one act was: a follow-up is follow_up and changed
	Changed []string       // ids of the fields that it changed
	Values  map[string]any // the record afterwards: canonical values by field id
	Now     time.Time
	Me      string // the acting user's id
	Over    string // Closed or Deleted for a record that is so afterwards, else ""
}

// Phase is where a clock stands on a record.
type Phase string

// The phases. A clock that ended may start again.
const (
	Idle      Phase = ""
	Running   Phase = "running"
	Satisfied Phase = "satisfied"
	Cancelled Phase = "cancelled"
)

// State is a clock on one record. The zero value is a clock that never ran.
type State struct {
	Phase    Phase     `json:"phase,omitempty"`
	Version  int64     `json:"version,omitempty"` // of the document that the run began with
	Run      int       `json:"run,omitempty"`     // runs so far
	Started  time.Time `json:"started,omitzero"`
	Moved    time.Time `json:"moved,omitzero"` // when the due time last followed its field
	Due      time.Time `json:"due,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`
	EndedBy  string    `json:"ended_by,omitempty"` // why it was cancelled, as in Act
	Breached bool      `json:"breached,omitempty"` // the due time passed in this run
	Fired    []string  `json:"fired,omitempty"`    // stages that are over, by id
	Held     bool      `json:"held,omitempty"`     // whether a Start without events held last time
	Owed     bool      `json:"owed,omitempty"`     // whether a Start came while the record was over
}

// owes says that the record was over when its clock should have run: the clock
// begins anew when the record comes back.
func (s State) owes() bool {
	return s.Owed || s.Phase == Cancelled && (s.EndedBy == Closed || s.EndedBy == Deleted)
}

// The kinds of act.
const (
	Start   = "started"
	Restart = "restarted" // the run began anew
	Move    = "moved"     // the due time followed its field
	Warn    = "warned"
	Breach  = "breached"
	Satisfy = "satisfied"
	Cancel  = "cancelled"
)

// Act is one thing that the step does, with its reason.
type Act struct {
	Kind    string              `json:"kind"`
	Stage   string              `json:"stage,omitempty"` // Warn, Breach: id
	By      string              `json:"by,omitempty"`    // the event kind that caused it, "condition", "no_due" or "time"
	Due     time.Time           `json:"due,omitzero"`
	Late    bool                `json:"late,omitempty"` // Satisfy: after the due time
	Tell    []Recipient         `json:"tell,omitempty"`
	Set     map[string]any      `json:"set,omitempty"` // canonical values by field id
	Add     map[string][]string `json:"add,omitempty"` // canonical values by field id
	Reroute bool                `json:"reroute,omitempty"`
}

// Step is what happens next.
type Step struct {
	State State
	// Changed says that State is not the one given, so that it has to be kept;
	// it can change without an act.
	Changed bool
	Acts    []Act
	Wake    time.Time // when Next must be called with a Tick; zero: no need
	Failed  []string  // codes of conditions that could not be evaluated; they did not hold
}
