package bulk

import (
	"slices"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// step is what is done to one record, and which fields were asked for.
type step struct {
	change record.Change
	asked  func(field string) bool
}

// step is the operation's change of one record.
func (sc *scene) step(tx *sqldb.Tx, id string, condition query.Condition) (step, error) {
	if sc.Kind == Undo {
		return sc.undoStep(tx, id)
	}
	change := sc.plain(id, sc.op())
	change.Scope = query.And{change.Scope, condition}
	switch sc.Kind {
	case Delete:
		change.Act = record.Delete
	case Restore:
		change.Act = record.Restore
	default:
		change.Act, change.Routing, change.Set = record.Update, sc.Routing, map[string]any{}
		if err := sc.fill(change.Set); err != nil {
			return step{}, err
		}
	}
	owner, _ := sc.object.Field(sc.object.OwnerField)
	return step{change, func(field string) bool {
		_, set := sc.Set[field]
		return set || sc.Routing != nil && owner != nil && owner.ID == field
	}}, nil
}

// plain is a change of the asker's within his scope.
func (sc *scene) plain(id string, op access.Op) record.Change {
	return record.Change{
		Actor: thread.Actor{Kind: thread.User, ID: sc.Asker}, Object: sc.object, ID: id,
		Scope: sc.grants.Scope(sc.object, op), Operation: sc.ID,
	}
}

// fill reads the values that were asked for.
func (sc *scene) fill(set map[string]any) error {
	for id, stored := range sc.Set {
		f, ok := sc.object.FieldByID(id)
		if !ok {
			return errRevoked
		}
		value, ok := record.Unstored(f, stored)
		if !ok {
			return errRevoked
		}
		set[id] = value
	}
	return nil
}

// item is what the operation that is put back did to one record.
type item struct {
	change
	act      record.Act
	revision int64
}

func (sc *scene) item(tx *sqldb.Tx, id string) (item, error) {
	var it item
	var act, text string
	err := tx.QueryRow("SELECT act,change,revision FROM operation_item WHERE operation=$1 AND record=$2", sc.Undoes, id).Scan(&act, &text, &it.revision)
	if err != nil {
		return it, err
	}
	it.act = record.Act(act)
	return it, decode(text, &it.change)
}

// undoStep puts one record back, if nobody changed since what was changed then.
func (sc *scene) undoStep(tx *sqldb.Tx, id string) (step, error) {
	it, err := sc.item(tx, id)
	if err != nil {
		return step{}, err
	}
	op := access.Update
	if it.act != record.Update {
		op = access.Delete
	}
	change := sc.plain(id, op)
	switch it.act {
	case record.Delete:
		change.Act, change.Holds = record.Restore, untouched(it.revision)
	case record.Restore:
		change.Act, change.Holds = record.Delete, untouched(it.revision)
	default:
		change.Act, change.Set = record.Update, map[string]any{}
		change.Holds = func(before query.Row) error { return sc.putBack(it, before, change.Set) }
	}
	return step{change, func(field string) bool { _, asked := it.Asked[field]; return asked }}, nil
}

func untouched(revision int64) func(query.Row) error {
	return func(before query.Row) error {
		if before.Revision != revision {
			return fault.New(fault.Conflict, "changed_meanwhile")
		}
		return nil
	}
}

// putBack fills in the former values. A field that was asked for and that
// somebody changed since, or that would name somebody who has left, refuses the
// record; one that only followed and moved on since is left alone, and one that
// clocks and scorecards reckon follows again.
func (sc *scene) putBack(it item, before query.Row, set map[string]any) error {
	var faults fault.Collector
	for id, pair := range it.Asked {
		f, ok := sc.object.FieldByID(id)
		if !ok {
			continue
		}
		former, readable := record.Unstored(f, pair[0])
		after, _ := record.Unstored(f, pair[1])
		switch {
		case sc.grants.Field(f) < access.Writable && !f.ReadOnly:
			faults.Add(&fault.Field{Path: f.Name, Code: "read_only"})
		case !readable || !record.Equal(before.Values[id], after):
			faults.Add(&fault.Field{Path: f.Name, Code: "changed_meanwhile"})
		case record.Left(sc.Directory(), f, former):
			faults.Add(&fault.Field{Path: f.Name, Code: "person_left"})
		default:
			set[id] = former
		}
	}
	if f, ok := fault.As(faults.Err()); ok {
		f.Kind, f.Code = fault.Conflict, "changed_meanwhile"
		if !slices.ContainsFunc(f.Fields, func(one fault.Field) bool { return one.Code != "person_left" }) {
			f.Code = "person_left"
		}
		return f
	}
	for id, pair := range it.Derived {
		f, ok := sc.object.FieldByID(id)
		if !ok || sc.object.Reckons(f.Name) {
			continue
		}
		former, readable := record.Unstored(f, pair[0])
		readable = readable && !record.Left(sc.Directory(), f, former)
		if after, _ := record.Unstored(f, pair[1]); readable && record.Equal(before.Values[id], after) {
			set[id] = former
		}
	}
	return nil
}
