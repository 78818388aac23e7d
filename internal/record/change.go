package record

import (
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// Act is what a change is to the record.
type Act string

// The acts.
const (
	Create   Act = "create"
	Update   Act = "update"
	Touch    Act = "touch" // a new delivery that met an open record
	Claim    Act = "claim"
	FollowUp Act = "follow_up"
	Delete   Act = "delete"
	Restore  Act = "restore"
	Tick     Act = "tick"   // a clock acts on the record
	Remark   Act = "remark" // a comment for colleagues
)

// Change is one wish to write one record.
type Change struct {
	Act    Act
	Actor  thread.Actor
	Object *schema.Object
	ID     string         // the record; a Create may bring an id of its own
	Set    map[string]any // canonical values by field id; nil blanks the field

	// Scope limits the records that may be changed; the zero value allows all.
	Scope query.Condition
	// Holds is asked, under the record's lock, whether the caller's view of it is current.
	Holds func(before query.Row) error
	// TouchOpen lets a Create that meets an open record become a Touch; otherwise it is refused.
	TouchOpen bool

	// Reason is why, in the words of who changes it; kept in the thread.
	Reason string

	Delivery *Delivery
	FollowUp *FollowUpCard
	Comment  *Comment
	// Note is what the change is part of; it takes the place of the entry that tells changed fields.
	Note *Note

	// Routing lets an Update look for a new owner; nil leaves the owner alone.
	Routing *Routing
	// Operation is the operation over many records that this is part of, "" for none.
	Operation string
	// Merge is the record that this one is merged with, "" for none; Unmerge
	// takes that back.
	Merge   string
	Unmerge bool
	// Kept are, by field id, the people who have left and so are not given back
	// what was theirs.
	Kept map[string]any
}

// Routing says where a new owner is looked for.
type Routing struct {
	Pool string `json:"pool,omitempty"` // a pool's name; "" is the object's own routing table
}

// Note is an entry that a change brings along: a conversion, for one.
type Note struct {
	Kind   string
	Params map[string]any
}

// The kinds of note that a conversion leaves on each record that it touches.
const (
	Converted   = "converted"
	Unconverted = "unconverted"
)

// Delivery is where a channel's change came from.
type Delivery struct {
	ID       string
	Channel  string
	Key      string            // the record key's value, "" if the channel has none
	SourceAt *time.Time        // the source's own time stamp
	Flags    map[string]string // field id → code of a value kept although doubtful
}

// FollowUpCard is what a person says of a contact with the customer (D1, D2).
type FollowUpCard struct {
	Action     string // choice id
	Text       string
	NextAction string // choice id
	NextDue    time.Time
	Outcome    string // choice id of an outcome that closes, or ""
}

// Result is what became of a change.
type Result struct {
	ID      string
	Act     Act // Create may have become Touch
	Row     query.Row
	Before  *query.Row // nil for a new record
	Created bool
}

// Reaction is one step that every change passes, in the order that the server sets.
type Reaction struct {
	Name string
	Run  func(*Work) error
}

// Work is a change on its way: reactions read it, change After and add entries.
type Work struct {
	Tx        *sqldb.Tx
	Snapshot  *catalog.Snapshot
	Directory *account.Directory
	Object    *schema.Object
	Change    *Change
	Act       Act
	Before    *query.Row // nil for a new record
	After     query.Row
	Entries   []thread.Entry
	Party     string         // the party's record, when the object has parties
	PartyNew  bool           // the party was made by this change
	Facts     map[string]any // what one reaction leaves for a later one

	person  *person         // who stands behind a new record
	party   *Work           // a new party, not written yet
	changed map[string]bool // ids of the fields that differ from Before
}

// Get is the value of a field by API name, nil when blank or unknown.
func (w *Work) Get(name string) any {
	if f, ok := w.Object.Field(name); ok {
		return w.After.Values[f.ID]
	}
	return nil
}

// Text is Get for a text value, "" when blank.
func (w *Work) Text(name string) string {
	s, _ := w.Get(name).(string)
	return s
}

// Set writes a canonical value by API name; an unknown field is ignored, since
// documents may name fields that a company removed.
func (w *Work) Set(name string, value any) {
	if f, ok := w.Object.Field(name); ok {
		w.SetField(f, value)
	}
}

// SetField writes a canonical value.
func (w *Work) SetField(f *schema.Field, value any) {
	if Equal(w.After.Values[f.ID], value) {
		return
	}
	if value == nil {
		delete(w.After.Values, f.ID)
	} else {
		w.After.Values[f.ID] = value
	}
	if w.changed == nil {
		w.changed = map[string]bool{}
	}
	w.changed[f.ID] = true
}

// AddTo adds values to a tags or choices field by API name and tells which were new.
func (w *Work) AddTo(name string, values []string) []string {
	f, ok := w.Object.Field(name)
	if !ok {
		return nil
	}
	have, _ := w.After.Values[f.ID].([]string)
	var added []string
	for _, v := range values {
		if !contains(have, v) && !contains(added, v) {
			added = append(added, v)
		}
	}
	if len(added) > 0 {
		w.SetField(f, append(append([]string{}, have...), added...))
	}
	return added
}

// Changed tells whether a field (API name) differs from before the change.
func (w *Work) Changed(name string) bool {
	f, ok := w.Object.Field(name)
	return ok && w.changed[f.ID]
}

// BeforeValue is a field's value before the change, nil for a new record.
func (w *Work) BeforeValue(f *schema.Field) any {
	if w.Before == nil {
		return nil
	}
	return w.Before.Values[f.ID]
}

// ChangedIDs are the ids of the fields that differ from before the change.
func (w *Work) ChangedIDs() []string {
	ids := make([]string, 0, len(w.changed))
	for id := range w.changed {
		ids = append(ids, id)
	}
	return ids
}

// ChangedAny tells whether any field differs from before the change.
func (w *Work) ChangedAny() bool { return len(w.changed) > 0 }

// Created tells whether the change makes a new record.
func (w *Work) Created() bool { return w.Before == nil }

// Owner is the owner after the change, "" if none.
func (w *Work) Owner() string { return w.Text(w.Object.OwnerField) }

// OwnerBefore is the owner before the change, "" if none.
func (w *Work) OwnerBefore() string {
	if w.Before == nil {
		return ""
	}
	return textOf(w.Object, *w.Before, w.Object.OwnerField)
}

// Open tells whether the record counts as open after the change.
func (w *Work) Open() bool { return w.After.DeletedAt == nil && IsOpen(w.Object, w.After) }

// WasOpen tells whether the record counted as open before the change.
func (w *Work) WasOpen() bool {
	return w.Before != nil && w.Before.DeletedAt == nil && IsOpen(w.Object, *w.Before)
}

// Say adds an entry by the change's own actor; one of an operation names it.
func (w *Work) Say(kind string, params map[string]any) {
	if w.Change.Operation != "" {
		if params == nil {
			params = map[string]any{}
		}
		params["operation"] = w.Change.Operation
	}
	w.SayAs(w.Change.Actor, kind, params)
}

// SayAs adds an entry by another actor: the program for what it decided itself.
func (w *Work) SayAs(actor thread.Actor, kind string, params map[string]any) {
	w.Entries = append(w.Entries, thread.Entry{
		Record: w.After.ID, Object: w.Object.ID, At: w.Tx.Now(), Actor: actor, Kind: kind, Params: params,
	})
}

// IsOpen tells whether a live record counts as open, by the object's closing rule.
func IsOpen(o *schema.Object, row query.Row) bool {
	if o.Closed == nil {
		return true
	}
	return !contains(o.Closed.Choices, textOf(o, row, o.Closed.Field))
}

func textOf(o *schema.Object, row query.Row, name string) string {
	if f, ok := o.Field(name); ok {
		s, _ := row.Values[f.ID].(string)
		return s
	}
	return ""
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

// errGone is made anew each time: a fault may be added to by who passes it on.
func errGone() error { return fault.New(fault.NotFound, "not_found") }
