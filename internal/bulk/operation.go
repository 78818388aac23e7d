package bulk

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// Kind is what an operation does to each record.
type Kind string

// The kinds.
const (
	Assign  Kind = "assign"
	Edit    Kind = "edit"
	Delete  Kind = "delete"
	Restore Kind = "restore"
	Undo    Kind = "undo" // puts back what another operation did
)

// State is where an operation stands.
type State string

// The states.
const (
	Queued  State = "queued"
	Running State = "running"
	Stopped State = "stopped"
	Done    State = "done"
)

const (
	// MaxIDs is the most records that an operation may name one by one.
	MaxIDs = 5000
	// undoable is how long the former values are kept; as long as a deleted record can come back.
	undoable = 30 * 24 * time.Hour
)

// Wish is what is to be done, to which records: those that match the filter,
// or those of the ids.
type Wish struct {
	Kind    Kind            `json:"-"`
	Filter  string          `json:"filter,omitempty"`
	IDs     []string        `json:"ids,omitempty"`
	Set     map[string]any  `json:"set,omitempty"` // stored values by field id; nil blanks the field
	Routing *record.Routing `json:"routing,omitempty"`
}

// Operation is an operation as it stands.
type Operation struct {
	Wish
	ID        string
	Asker     string
	Object    string // the object's permanent id
	Version   int64  // of the configuration when it was asked for
	Undoes    string // the operation that this one puts back
	UndoneBy  string // the operation that put this one back
	State     State
	Problem   string // code: why it was stopped by the program
	Total     int64
	Done      int64
	Failed    int64
	Position  string    // the last record dealt with
	CreatedAt time.Time // business time
	EndedAt   time.Time // zero while it goes on
}

// Active tells whether there is still something to do.
func (o Operation) Active() bool { return o.State == Queued || o.State == Running }

// MayUndo tells whether the operation can be put back at that time.
func (o Operation) MayUndo(now time.Time) bool {
	return !o.Active() && o.UndoneBy == "" && o.Done > 0 && now.Sub(o.EndedAt) < undoable
}

// MayResume tells whether the operation was stopped before its end and can go
// on at that time. One that was put back since cannot.
func (o Operation) MayResume(now time.Time) bool {
	return o.State == Stopped && o.UndoneBy == "" && o.Done+o.Failed < o.Total && now.Sub(o.EndedAt) < undoable
}

// change is what was done to one record: the values of fields before and
// after, of those that were asked for and of those that followed.
type change struct {
	Asked   map[string][2]any `json:"asked,omitempty"`
	Derived map[string][2]any `json:"derived,omitempty"`
}

// changeOf compares a record before and after, field by field.
func changeOf(o *schema.Object, result record.Result, asked func(field string) bool) change {
	c := change{Asked: map[string][2]any{}, Derived: map[string][2]any{}}
	if result.Before == nil {
		return c
	}
	for _, f := range o.Fields {
		before, after := result.Before.Values[f.ID], result.Row.Values[f.ID]
		if record.Equal(before, after) {
			continue
		}
		pair := [2]any{storedOrNil(f, before), storedOrNil(f, after)}
		if asked(f.ID) {
			c.Asked[f.ID] = pair
		} else {
			c.Derived[f.ID] = pair
		}
	}
	return c
}

func (c change) empty() bool { return len(c.Asked)+len(c.Derived) == 0 }

func storedOrNil(f *schema.Field, value any) any {
	if value == nil {
		return nil
	}
	return record.Stored(f, value)
}

// problem is why a record was not changed, as it is kept.
type problem struct {
	Code   string         `json:"code"`
	Fields []problemField `json:"fields,omitempty"`
}

type problemField struct {
	Path   string         `json:"path"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
}

// problemOf keeps a fault's codes; never a value, and no other record's id.
func problemOf(f *fault.Error) problem {
	p := problem{Code: f.Code}
	for _, one := range f.Fields {
		p.Fields = append(p.Fields, problemField{Path: one.Path, Code: one.Code, Params: one.Params})
	}
	return p
}

func (p problem) fault() *fault.Error {
	f := fault.New(fault.Conflict, p.Code)
	for _, one := range p.Fields {
		f.Fields = append(f.Fields, fault.Field{Path: one.Path, Code: one.Code, Params: one.Params})
	}
	return f
}

const columns = `id,asker,kind,object,wish,version,undoes,undone_by,state,problem,total,done,failed,position,created_at,ended_at`

func scanOperation(rows interface{ Scan(dest ...any) error }) (Operation, error) {
	var o Operation
	var kind, wish, state string
	var created int64
	var ended *int64
	err := rows.Scan(&o.ID, &o.Asker, &kind, &o.Object, &wish, &o.Version, &o.Undoes, &o.UndoneBy, &state, &o.Problem,
		&o.Total, &o.Done, &o.Failed, &o.Position, &created, &ended)
	if err != nil {
		return o, err
	}
	err = decode(wish, &o.Wish)
	o.Kind, o.State, o.CreatedAt = Kind(kind), State(state), sqldb.FromMicros(created)
	if ended != nil {
		o.EndedAt = sqldb.FromMicros(*ended)
	}
	return o, err
}

// decode reads JSON with numbers as they were written.
func decode(text string, target any) error {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	return d.Decode(target)
}

func encode(v any) (string, error) {
	raw, err := json.Marshal(v)
	return string(raw), err
}

// sorted are the ids in the order in which they are dealt with, each once.
func sorted(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}
