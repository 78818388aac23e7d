package record

import (
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

// Planned are the fields of an object that say when something is to be done:
// the deadline of its next action, and what puts its records on the agenda.
func Planned(o *schema.Object) []*schema.Field {
	var names []string
	if o.FollowUp != nil {
		names = append(names, o.FollowUp.NextDue)
	}
	if o.Agenda != nil {
		names = append(names, o.Agenda.Due)
	}
	var fields []*schema.Field
	for _, name := range names {
		if f, ok := o.Field(name); ok {
			fields = append(fields, f)
		}
	}
	return fields
}

// checkPlans refuses to plan what is still to be done for a time that has
// passed. It holds for what a person changes: a record may come in with a
// promise that is broken already, and a time that it had before may be put back.
func (w *Work) checkPlans(faults *fault.Collector) error {
	change := w.Change
	if w.Act != Update || change.Actor.Kind != thread.User || change.Note != nil || change.Merge != "" || change.Unmerge || !w.toBeDone() {
		return nil
	}
	for _, f := range Planned(w.Object) {
		at, ok := w.After.Values[f.ID].(time.Time)
		if !ok || !w.changed[f.ID] || at.After(w.Tx.Now()) {
			continue
		}
		had, err := w.had(f, at)
		if err != nil {
			return err
		}
		if !had {
			faults.Add(&fault.Field{Path: f.Name, Code: "in_the_past"})
		}
	}
	return nil
}

// toBeDone says whether there is still something to do with the record.
func (w *Work) toBeDone() bool {
	return w.Open() && (w.Object.Agenda == nil || w.Get(w.Object.Agenda.Done) != true)
}

// remembered is how many of a record's last entries are asked for a former value.
const remembered = 100

// had says whether the thread tells of the field with that value.
func (w *Work) had(f *schema.Field, value any) (bool, error) {
	entries, err := thread.List(w.Tx, w.After.ID, w.Before.ThreadSeq+1, remembered)
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		for _, part := range []string{"before", "after", "fields"} {
			values, _ := e.Params[part].(map[string]any)
			if former, ok := Unstored(f, values[f.ID]); ok && Equal(former, value) {
				return true, nil
			}
		}
	}
	return false, nil
}
