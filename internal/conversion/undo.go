package conversion

import (
	"slices"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

// undoable is how long a conversion can be undone, as long as a deletion.
const undoable = 30 * 24 * time.Hour

// Undo takes a conversion back: what it made is deleted, blanks that it filled
// are blank again, the source is as it was. Conflict changed_since names what
// somebody else has changed meanwhile, and linked_since what points to it now.
func (e *Engine) Undo(r *record.Reader, actor thread.Actor, c *Conversion, id string) error {
	source, err := e.source(r, c.Object, id, true)
	if err != nil {
		return err
	}
	done, err := convertedInto(r.Tx, id)
	switch {
	case err != nil:
		return err
	case done == nil:
		return fault.New(fault.Conflict, "not_converted")
	case r.Tx.Now().Sub(done.at) > undoable:
		return fault.New(fault.Conflict, "undo_too_late")
	}
	u := &undoing{engine: e, reader: r, actor: actor, conversion: c, source: source, done: done}
	if err := u.allowed(); err != nil {
		return err
	}
	return u.run()
}

type undoing struct {
	engine     *Engine
	reader     *record.Reader
	actor      thread.Actor
	conversion *Conversion
	source     query.Row
	done       *entry
}

// allowed: whoever converted may undo it; others need the right to delete what was made.
func (u *undoing) allowed() error {
	var faults fault.Collector
	for _, link := range u.done.kept.Links {
		object, ok := u.reader.Snapshot.ObjectByID(link.Object)
		if !ok {
			continue
		}
		if link.Made && u.done.actor != u.actor.ID && !u.reader.Grants.Can(object, access.Delete) {
			return fault.New(fault.Forbidden, "forbidden")
		}
		if !link.Made {
			continue
		}
		if err := u.untouched(object, link.ID, link.Seq, &faults); err != nil {
			return err
		}
		if err := u.unlinked(object, link.ID, &faults); err != nil {
			return err
		}
	}
	if err := u.untouched(u.conversion.Object, u.source.ID, u.done.kept.Seq, &faults); err != nil {
		return err
	}
	if len(faults.Fields) > 0 {
		return fault.New(fault.Conflict, "changed_since", faults.Fields...)
	}
	return nil
}

// untouched notes a fault when another person acted on a record since.
func (u *undoing) untouched(o *schema.Object, id string, seq int64, faults *fault.Collector) error {
	rows, err := u.reader.Tx.Query(`SELECT DISTINCT actor FROM thread_entry
		WHERE record=$1 AND seq>$2 AND actor_kind='user' AND actor<>$3`, id, seq, u.actor.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var by string
		if err := rows.Scan(&by); err != nil {
			return err
		}
		person, _ := u.reader.Directory.User(by)
		faults.Add(&fault.Field{Path: o.Name, Code: "changed_by", Params: map[string]any{"name": person.Name}})
	}
	return rows.Err()
}

// unlinked notes a fault for each object whose records point to what would be deleted.
func (u *undoing) unlinked(target *schema.Object, id string, faults *fault.Collector) error {
	for _, object := range u.reader.Snapshot.Objects {
		for _, f := range object.Fields {
			if f.Type != "reference" || f.ObjectName != target.Name {
				continue
			}
			rows, err := record.Select(u.reader.Tx, query.Select{
				Object: object, Where: query.Where(f, expr.OpEqual, id), Limit: len(u.done.kept.Links) + 2,
			})
			if err != nil {
				return err
			}
			if slices.ContainsFunc(rows, func(row query.Row) bool { return !u.ours(row.ID) }) {
				faults.Add(&fault.Field{Path: target.Name, Code: "linked_by", Params: map[string]any{"object": object.Name}})
			}
		}
	}
	return nil
}

// ours tells whether a record is part of this conversion.
func (u *undoing) ours(id string) bool {
	return id == u.source.ID || slices.ContainsFunc(u.done.kept.Links, func(l Link) bool { return l.ID == id })
}

func (u *undoing) run() error {
	tx := u.reader.Tx
	if _, err := tx.Exec("DELETE FROM conversion WHERE record=$1", u.source.ID); err != nil {
		return err
	}
	for _, link := range slices.Backward(u.done.kept.Links) {
		object, ok := u.reader.Snapshot.ObjectByID(link.Object)
		if !ok {
			continue
		}
		if err := u.takeBack(object, link); err != nil {
			return err
		}
	}
	set, kept := u.restored(u.conversion.Object, u.source, u.done.kept.After, u.done.kept.Before)
	_, err := u.engine.Records.Apply(tx, record.Change{
		Act: record.Update, Actor: u.actor, Object: u.conversion.Object, ID: u.source.ID,
		Set: set, Note: u.note(kept), Scope: u.reader.Grants.Scope(u.conversion.Object, access.Update),
	})
	return err
}

// note tells of the undo, and of the people who have left and so are not given back what was theirs.
func (u *undoing) note(kept map[string]any) *record.Note {
	params := map[string]any{"conversion": u.conversion.Name, "from_object": u.conversion.Object.ID, "from": u.source.ID}
	if len(kept) > 0 {
		params["kept"] = kept
	}
	return &record.Note{Kind: record.Unconverted, Params: params}
}

// takeBack deletes what was made, and blanks what was filled. What is gone already stays gone.
func (u *undoing) takeBack(o *schema.Object, link Link) error {
	rows, err := record.Select(u.reader.Tx, query.Select{
		Object: o, Fields: o.Fields, Where: query.System("id", "=", link.ID), Limit: 1, Lock: true,
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	change := record.Change{Act: record.Delete, Actor: u.actor, Object: o, ID: link.ID}
	if !link.Made {
		change.Act, change.Note = record.Update, u.note(nil)
		change.Set, _ = u.restored(o, rows[0], link.Filled, nil)
	}
	_, err = u.engine.Records.Apply(u.reader.Tx, change)
	return err
}

// restored are the values from before, of those fields that still hold what the
// conversion put there; what belonged to somebody who has left, and is kept, stays where it is.
func (u *undoing) restored(o *schema.Object, row query.Row, put, before map[string]any) (set, kept map[string]any) {
	set, kept = map[string]any{}, map[string]any{}
	in := u.reader.Snapshot.Input(false)
	for id, stored := range put {
		f, ok := o.FieldByID(id)
		if !ok {
			continue
		}
		was, bad := f.Parse(stored, in)
		if bad != nil || !record.Equal(row.Values[id], was) {
			continue
		}
		var former any
		if before[id] != nil {
			if value, bad := f.Parse(before[id], in); bad == nil {
				former = value
			}
		}
		if record.Left(u.reader.Directory, f, former) {
			kept[id] = former
		} else {
			set[id] = former
		}
	}
	return set, kept
}
