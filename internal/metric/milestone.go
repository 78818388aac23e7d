package metric

import (
	"slices"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

// Milestones keeps the milestones of cycles on their records: when a contract
// is signed, the lead behind it learns of it in the same transaction. The
// store is asked for when needed, since it holds this reaction itself.
func Milestones(store func() *record.Store) record.Reaction {
	return record.Reaction{Name: "milestones", Run: func(w *record.Work) error {
		for _, cycle := range catalog.All[*Cycle](w.Snapshot, "cycle") {
			k := &keeper{work: w, cycle: cycle, reached: map[string]map[string]any{}}
			for i := range cycle.Steps {
				if err := k.step(&cycle.Steps[i]); err != nil {
					return err
				}
			}
			if err := k.keep(store()); err != nil {
				return err
			}
		}
		return nil
	}}
}

// keeper works out what a change means for the milestones of one cycle.
type keeper struct {
	work    *record.Work
	cycle   *Cycle
	reached map[string]map[string]any // by record of the cycle's object and field id
}

// step notes the milestone anew for each record that the change may concern.
func (k *keeper) step(s *Step) error {
	for i, hop := range s.Through {
		if hop.Object.ID != k.work.Object.ID || !k.concerns(s, i) {
			continue
		}
		roots, err := k.roots(s.Through, i)
		if err != nil {
			return err
		}
		for _, root := range roots {
			at, err := k.earliest(s, root)
			if err != nil {
				return err
			}
			if k.reached[root] == nil {
				k.reached[root] = map[string]any{}
			}
			k.reached[root][s.Until.ID] = at
		}
	}
	return nil
}

func (k *keeper) concerns(s *Step, hop int) bool {
	w := k.work
	if w.Created() || (w.Before.DeletedAt == nil) != (w.After.DeletedAt == nil) || w.Changed(s.Through[hop].Field.Name) {
		return true
	}
	return hop == 0 && slices.ContainsFunc(s.reads(), func(f *schema.Field) bool { return w.Changed(f.Name) })
}

// reads are the fields of the first hop's object on which the milestone rests.
func (s *Step) reads() []*schema.Field {
	var fields []*schema.Field
	if s.At != nil {
		fields = append(fields, s.At)
	}
	if s.When != nil {
		for _, id := range s.When.Fields() {
			if f, ok := s.Through[0].Object.FieldByID(id); ok && f != s.At {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// roots are the records at the top of the way from the changed record, before and after the change.
func (k *keeper) roots(way []Hop, from int) ([]string, error) {
	var roots []string
	rows := []query.Row{k.work.After}
	if k.work.Before != nil {
		rows = append(rows, *k.work.Before)
	}
	for _, row := range rows {
		id, _ := row.Values[way[from].Field.ID].(string)
		for _, hop := range way[from+1:] {
			if id == "" {
				break
			}
			parents, err := record.Select(k.work.Tx, query.Select{
				Object: hop.Object, Fields: []*schema.Field{hop.Field}, Where: query.System("id", "=", id), Limit: 1,
			})
			if err != nil {
				return nil, err
			}
			if id = ""; len(parents) > 0 {
				id, _ = parents[0].Values[hop.Field.ID].(string)
			}
		}
		if id != "" && !slices.Contains(roots, id) {
			roots = append(roots, id)
		}
	}
	return roots, nil
}

// earliest goes down from a root and finds the milestone, nil when it is not reached.
func (k *keeper) earliest(s *Step, root string) (any, error) {
	ids := []any{root}
	var rows []query.Row
	for i, hop := range slices.Backward(s.Through) {
		fields := []*schema.Field{hop.Field}
		if i == 0 {
			fields = append(fields, s.reads()...)
		}
		var err error
		rows, err = record.Select(k.work.Tx, query.Select{Object: hop.Object, Fields: fields, Where: query.In{Field: hop.Field, Values: ids}})
		if err != nil {
			return nil, err
		}
		rows = k.asChanged(hop, rows, ids)
		if len(rows) == 0 {
			return nil, nil
		}
		ids = make([]any, 0, len(rows))
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
	}
	rows, err := k.counting(s, rows)
	return first(s, rows), err
}

// counting are the records that the step's condition lets count.
func (k *keeper) counting(s *Step, rows []query.Row) ([]query.Row, error) {
	if s.When == nil {
		return rows, nil
	}
	var counting []query.Row
	for _, row := range rows {
		holds, err := s.When.Truth(expr.Input{Field: row.Field, Now: k.work.Tx.Now()})
		if err != nil {
			return nil, err
		}
		if holds {
			counting = append(counting, row)
		}
	}
	return counting, nil
}

// asChanged puts the record that is being changed, not written yet, among what was read.
func (k *keeper) asChanged(hop Hop, rows []query.Row, under []any) []query.Row {
	w := k.work
	if hop.Object.ID != w.Object.ID {
		return rows
	}
	rows = slices.DeleteFunc(rows, func(row query.Row) bool { return row.ID == w.After.ID })
	if w.After.DeletedAt == nil && slices.Contains(under, w.After.Values[hop.Field.ID]) {
		rows = append(rows, w.After)
	}
	return rows
}

func first(s *Step, rows []query.Row) any {
	var earliest any
	for _, row := range rows {
		var at any = row.CreatedAt
		if s.At != nil {
			at = row.Values[s.At.ID]
		}
		if at != nil && (earliest == nil || before(at, earliest)) {
			earliest = at
		}
	}
	return earliest
}

func before(a, b any) bool {
	if x, ok := a.(time.Time); ok {
		return x.Before(b.(time.Time))
	}
	return a.(schema.Date) < b.(schema.Date)
}

// keep writes the milestones that are not as they should be.
func (k *keeper) keep(store *record.Store) error {
	roots := make([]string, 0, len(k.reached))
	for root := range k.reached {
		roots = append(roots, root)
	}
	slices.Sort(roots)
	for _, root := range roots {
		rows, err := record.Select(k.work.Tx, query.Select{
			Object: k.cycle.Object, Fields: k.milestones(), Where: query.System("id", expr.OpEqual, root), Limit: 1, Lock: true,
		})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			continue // deleted: nothing is told of it
		}
		set := k.reached[root]
		for id, at := range set {
			if record.Equal(rows[0].Values[id], at) {
				delete(set, id)
			}
		}
		if len(set) == 0 {
			continue
		}
		if _, err := store.Apply(k.work.Tx, record.Change{
			Act: record.Update, Actor: thread.Actor{Kind: thread.System}, Object: k.cycle.Object, ID: root, Set: set,
		}); err != nil {
			return err
		}
	}
	return nil
}

func (k *keeper) milestones() []*schema.Field {
	var fields []*schema.Field
	for _, s := range k.cycle.Steps {
		fields = append(fields, s.Until)
	}
	return fields
}
