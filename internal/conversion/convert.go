package conversion

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// Link is one record that a conversion made or used.
type Link struct {
	Object string         `json:"object"` // id
	ID     string         `json:"id"`
	Made   bool           `json:"made"`
	Seq    int64          `json:"seq"`              // of its thread when the conversion was done
	Filled map[string]any `json:"filled,omitempty"` // by field id: what was put into blanks of a used one
}

// kept is what a conversion leaves to be undone by.
type kept struct {
	Links  []Link         `json:"links"`
	Seq    int64          `json:"seq"`    // of the source's thread afterwards
	Before map[string]any `json:"before"` // of the source, by field id, as stored
	After  map[string]any `json:"after"`
}

// Done is what a conversion did.
type Done struct {
	Source string
	Links  []Link
}

// Convert carries a conversion out inside tx. A second one of the same record
// is refused; the lock on the source lets only one begin.
func (e *Engine) Convert(r *record.Reader, actor thread.Actor, c *Conversion, id string, wishes map[string]Wish, current func(query.Row) error) (Done, error) {
	plan, err := e.plan(r, c, id, wishes, true)
	if err != nil {
		return Done{}, err
	}
	if current != nil {
		if err := current(plan.Source); err != nil {
			return Done{}, err
		}
	}
	x := &execution{engine: e, reader: r, actor: actor, plan: plan}
	for i := range plan.Steps {
		if err := x.target(&plan.Steps[i]); err != nil {
			return Done{}, err
		}
	}
	if err := x.source(); err != nil {
		return Done{}, err
	}
	return Done{Source: id, Links: x.kept.Links}, x.keep()
}

type execution struct {
	engine *Engine
	reader *record.Reader
	actor  thread.Actor
	plan   *Plan
	kept   kept
}

// note is the entry on one of the records: what it came from, and all that belong together.
func (x *execution) note() *record.Note {
	c := x.plan.Conversion
	links := []map[string]any{}
	for _, step := range x.plan.Steps {
		if step.Action != Skip {
			links = append(links, map[string]any{"object": step.Target.Object.ID, "id": step.ID, "made": step.Action == Create})
		}
	}
	return &record.Note{Kind: record.Converted, Params: map[string]any{
		"conversion": c.Name, "from_object": c.Object.ID, "from": x.plan.Source.ID, "links": links,
	}}
}

func (x *execution) target(step *Step) error {
	link := Link{Object: step.Target.Object.ID, ID: step.ID, Made: step.Action == Create}
	change := record.Change{
		Act: record.Create, Actor: x.actor, Object: step.Target.Object, ID: step.ID, Set: step.Set, Note: x.note(),
	}
	switch step.Action {
	case Skip:
		return nil
	case Reuse:
		change.Act, link.Filled = record.Update, storedAll(step.Target.Object, step.Set)
	}
	done, err := x.engine.Records.Apply(x.reader.Tx, change)
	if err != nil {
		return atTarget(step.Target.Object, err)
	}
	link.ID, link.Seq = done.ID, done.Row.ThreadSeq
	x.kept.Links = append(x.kept.Links, link)
	return nil
}

// atTarget puts the object's name before the paths of a fault.
func atTarget(o *schema.Object, err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	for i := range f.Fields {
		f.Fields[i].Path = o.Name + "." + f.Fields[i].Path
	}
	return f
}

// source marks the converted record and points it to what came of it.
func (x *execution) source() error {
	c := x.plan.Conversion
	set := map[string]any{}
	for id, v := range c.Sets {
		set[id] = v
	}
	for _, step := range x.plan.Steps {
		if step.Action != Skip {
			set[step.Target.Link.ID] = step.ID
		}
	}
	x.kept.Before = map[string]any{}
	for id := range set {
		f, _ := c.Object.FieldByID(id)
		if v := x.plan.Source.Values[id]; v != nil {
			x.kept.Before[id] = record.Stored(f, v)
		} else {
			x.kept.Before[id] = nil
		}
	}
	x.kept.After = storedAll(c.Object, set)
	done, err := x.engine.Records.Apply(x.reader.Tx, record.Change{
		Act: record.Update, Actor: x.actor, Object: c.Object, ID: x.plan.Source.ID, Set: set, Note: x.note(),
		Scope: x.reader.Grants.Scope(c.Object, access.Update),
	})
	x.kept.Seq = done.Row.ThreadSeq
	return err
}

func (x *execution) keep() error {
	made, err := json.Marshal(x.kept)
	if err != nil {
		return err
	}
	tx := x.reader.Tx
	_, err = tx.Exec("INSERT INTO conversion(record,document,at,actor,made) VALUES($1,$2,$3,$4,$5)",
		x.plan.Source.ID, x.plan.Conversion.Name, sqldb.Micros(tx.Now()), x.actor.ID, string(made))
	if _, taken := sqldb.IsUnique(err); taken {
		return fault.New(fault.Conflict, "already_converted")
	}
	return err
}

func storedAll(o *schema.Object, set map[string]any) map[string]any {
	out := make(map[string]any, len(set))
	for id, v := range set {
		if f, ok := o.FieldByID(id); ok && v != nil {
			out[id] = record.Stored(f, v)
		} else {
			out[id] = nil
		}
	}
	return out
}

// entry is the row of a conversion that stands.
type entry struct {
	at    time.Time
	actor string
	kept  kept
}

// convertedInto reads the conversion of a record, nil when there is none.
func convertedInto(tx *sqldb.Tx, id string) (*entry, error) {
	var at int64
	var actor, made string
	err := tx.QueryRow("SELECT at,actor,made FROM conversion WHERE record=$1", id).Scan(&at, &actor, &made)
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	e := &entry{at: sqldb.FromMicros(at), actor: actor}
	if err := json.Unmarshal([]byte(made), &e.kept); err != nil {
		return nil, fmt.Errorf("conversion of %s: %w", id, err)
	}
	return e, nil
}

// Links are the records that a conversion of this one made or used, nil when
// it was not converted, and who converted it.
func Links(tx *sqldb.Tx, id string) (links []Link, by string, err error) {
	e, err := convertedInto(tx, id)
	if err != nil || e == nil {
		return nil, "", err
	}
	return e.kept.Links, e.actor, nil
}
