package record

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// Restorable is how long a deleted record can come back (decisions.md, "Deletion").
const Restorable = 30 * 24 * time.Hour

// Store writes records. Its fields are set once, by the server.
type Store struct {
	DB        *sqldb.DB
	Snapshot  func() *catalog.Snapshot
	Directory func() *account.Directory
	Reactions []Reaction
	// Written sees every record that is written, in the transaction, a party that
	// a change makes included; nil when nobody looks.
	Written func(*Work) error
	// Changed hears of every committed change; it must not block. Before is the
	// record as it was, nil for a new one.
	Changed func(objectID, recordID string, before *query.Row)
}

// Apply carries out one change inside tx: a create may become a touch of the
// open record that it meets. Faults are the user's; the caller's unit rolls
// everything back.
func (s *Store) Apply(tx *sqldb.Tx, change Change) (Result, error) {
	w := &Work{
		Tx: tx, Snapshot: s.Snapshot(), Directory: s.Directory(),
		Object: change.Object, Change: &change, Act: change.Act, Facts: map[string]any{},
	}
	if err := s.prepare(w); err != nil {
		return Result{}, err
	}
	for _, reaction := range s.Reactions {
		if err := reaction.Run(w); err != nil {
			return Result{}, fmt.Errorf("%s: %w", reaction.Name, err)
		}
	}
	if err := s.save(w); err != nil {
		return Result{}, err
	}
	if s.Changed != nil {
		tx.AfterCommit(func() { s.Changed(w.Object.ID, w.After.ID, w.Before) })
	}
	return Result{ID: w.After.ID, Act: w.Act, Row: w.After, Before: w.Before, Created: w.Created()}, nil
}

// prepare loads or makes the record and lays the change itself over it.
func (s *Store) prepare(w *Work) error {
	if w.Act == Create {
		met, err := s.meet(w)
		if err != nil {
			return err
		}
		if met == "" {
			return s.prepareNew(w)
		}
		w.Act, w.Change.ID = Touch, met
	}
	if err := s.load(w); err != nil {
		return err
	}
	if err := w.person.settle(w); err != nil {
		return err
	}
	return s.lay(w)
}

func (s *Store) prepareNew(w *Work) error {
	now := w.Tx.Now()
	w.After.CreatedAt, w.After.UpdatedAt = now, now
	w.After.CreatedBy = w.Change.Actor.ID
	for _, f := range w.Object.Fields {
		if v, ok := w.Change.Set[f.ID]; ok {
			w.SetField(f, v)
		}
	}
	if d, h := w.Change.Delivery, w.Object.Health; d != nil && d.SourceAt != nil && h != nil {
		w.Set(h.SourceTime, *d.SourceAt)
	}
	if err := s.number(w); err != nil {
		return err
	}
	w.giveReasons()
	w.sayArrival("received")
	w.sayNote()
	return s.linkParty(w)
}

// load reads the record under its lock, within the caller's scope.
func (s *Store) load(w *Work) error {
	where := query.And{query.System("id", "=", w.Change.ID)}
	if w.Change.Scope != nil {
		where = append(where, w.Change.Scope)
	}
	rows, err := Select(w.Tx, query.Select{
		Object: w.Object, Fields: w.Object.Fields, Where: where, Limit: 1,
		Deleted: w.Act == Restore, Lock: true,
	})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errGone()
	}
	before := rows[0]
	w.Before, w.After = &before, before
	w.After.Values = make(map[string]any, len(before.Values)+len(w.Change.Set))
	for id, v := range before.Values {
		w.After.Values[id] = v
	}
	if w.Change.Holds != nil {
		return w.Change.Holds(before)
	}
	return nil
}

// lay puts the change over the loaded record and says so in the thread.
func (s *Store) lay(w *Work) error {
	w.sayMerged()
	switch w.Act {
	case Update:
		w.layFields(func(any) bool { return true })
		w.giveReasons()
		w.sayChanged()
	case Touch:
		w.layFields(func(before any) bool { return before == nil })
		w.layTouch()
	case Claim:
		return w.layClaim()
	case FollowUp:
		return s.layFollowUp(w)
	case Remark:
		return w.layComment()
	case Delete:
		now := w.Tx.Now()
		w.After.DeletedAt = &now
		w.Say("deleted", nil)
	case Restore:
		return w.layRestore()
	}
	return nil
}

// layFields writes the change's values where the old value lets it.
func (w *Work) layFields(may func(before any) bool) {
	for _, f := range w.Object.Fields {
		value, ok := w.Change.Set[f.ID]
		if !ok {
			continue
		}
		if list, isList := value.([]string); isList && w.Act == Touch {
			w.AddTo(f.Name, list)
		} else if may(w.After.Values[f.ID]) {
			w.SetField(f, value)
		}
	}
}

// layClaim: only what is still worked with can be claimed.
func (w *Work) layClaim() error {
	if !w.WasOpen() {
		return fault.New(fault.Conflict, "record_closed")
	}
	if w.Owner() == "" && w.Change.Actor.Kind == thread.User {
		w.Set(w.Object.OwnerField, w.Change.Actor.ID)
	}
	w.Say("claimed", nil)
	return nil
}

func (w *Work) layRestore() error {
	if w.Before.DeletedAt == nil {
		return fault.New(fault.Conflict, "not_deleted")
	}
	if w.Tx.Now().Sub(*w.Before.DeletedAt) > Restorable {
		return fault.New(fault.Conflict, "restore_too_late")
	}
	w.After.DeletedAt = nil
	w.Say("restored", nil)
	return nil
}

// sayArrival is the first entry of a record, or of a further delivery to it.
func (w *Work) sayArrival(kind string) {
	params := map[string]any{"fields": storedFields(w.Object, w.Change.Set)}
	if d := w.Change.Delivery; d != nil {
		params["channel"], params["delivery"] = d.Channel, d.ID
		if d.SourceAt != nil {
			params["source_at"] = d.SourceAt.UTC().Format(time.RFC3339)
		}
		if len(d.Flags) > 0 {
			params["flags"] = d.Flags
		}
	}
	w.Say(kind, params)
}

// sayChanged tells what a person's or a clock's own values changed.
func (w *Work) sayChanged() {
	before, after := map[string]any{}, map[string]any{}
	for id := range w.changed {
		f, ok := w.Object.FieldByID(id)
		if !ok {
			continue
		}
		before[id], after[id] = storedOrNil(f, w.Before.Values[id]), storedOrNil(f, w.After.Values[id])
	}
	switch {
	case w.Change.Note != nil:
		w.sayNote()
		params := w.Entries[len(w.Entries)-1].Params
		params["before"], params["after"] = before, after
	case len(after) > 0:
		params := map[string]any{"before": before, "after": after}
		if w.Change.Reason != "" {
			params["reason"] = w.Change.Reason
		}
		w.Say("changed", params)
	}
}

// sayNote adds the entry that the change brings along.
func (w *Work) sayNote() {
	if note := w.Change.Note; note != nil {
		w.Say(note.Kind, maps.Clone(note.Params))
	}
}

func storedFields(o *schema.Object, values map[string]any) map[string]any {
	stored := make(map[string]any, len(values))
	for id, v := range values {
		if f, ok := o.FieldByID(id); ok && v != nil {
			stored[id] = Stored(f, v)
		}
	}
	return stored
}

func storedOrNil(f *schema.Field, v any) any {
	if v == nil {
		return nil
	}
	return Stored(f, v)
}

// save writes the record, its keys and its entries.
func (s *Store) save(w *Work) error {
	if !w.Created() && !w.ChangedAny() && len(w.Entries) == 0 {
		return nil
	}
	if err := s.check(w); err != nil {
		return err
	}
	if err := s.writeDown(w); err != nil {
		return err
	}
	return s.saveParty(w)
}

// writeDown writes what was checked.
func (s *Store) writeDown(w *Work) error {
	head, err := w.appendEntries()
	if err != nil {
		return err
	}
	w.After.ThreadSeq = head.Seq
	w.After.Revision++
	w.After.UpdatedAt = w.Tx.Now()
	if err := w.write(); err != nil {
		return err
	}
	if s.Written != nil {
		if err := s.Written(w); err != nil {
			return err
		}
	}
	if err := s.keepKeys(w); err != nil {
		return err
	}
	return keepHints(w)
}

func (w *Work) appendEntries() (thread.Head, error) {
	if w.Created() {
		return thread.Append(w.Tx, thread.Head{}, w.Entries)
	}
	head, err := thread.HeadOf(w.Tx, w.After.ID, w.Before.ThreadSeq)
	if err != nil {
		return head, err
	}
	return thread.Append(w.Tx, head, w.Entries)
}

func (w *Work) write() error {
	if w.Created() {
		sql, args, err := query.Insert(w.Tx.Dialect(), w.Object, w.After)
		if err != nil {
			return err
		}
		if !hasUnique(w.Object) {
			return w.Tx.Later(sql, args...)
		}
		_, err = w.Tx.Exec(sql, args...)
		return uniqueFault(w.Object, err)
	}
	var fields []*schema.Field
	for _, f := range w.Object.Fields {
		if w.changed[f.ID] {
			fields = append(fields, f)
		}
	}
	sql, args, err := query.Update(w.Tx.Dialect(), w.Object, w.After, fields)
	if err != nil {
		return err
	}
	_, err = w.Tx.Exec(sql, args...)
	return uniqueFault(w.Object, err)
}

// hasUnique says that an insertion may fail because of its values, which the
// caller is to be told by field.
func hasUnique(o *schema.Object) bool {
	return slices.ContainsFunc(o.Fields, func(f *schema.Field) bool { return f.Unique })
}

// uniqueFault names the field whose value is taken, and nothing of the record that has it.
func uniqueFault(o *schema.Object, err error) error {
	constraint, ok := sqldb.IsUnique(err)
	if !ok {
		return err
	}
	for _, f := range o.Fields {
		if f.Unique && strings.HasSuffix(constraint, "_"+f.Column+"_unique") {
			return fault.New(fault.Conflict, "not_unique", fault.Field{Path: f.Name, Code: "not_unique"})
		}
	}
	return fault.Wrap(fault.Conflict, "not_unique", err)
}

// check refuses a record that lacks what its object requires.
func (s *Store) check(w *Work) error {
	var faults fault.Collector
	if w.After.DeletedAt != nil {
		return nil
	}
	for _, f := range w.Object.Fields {
		if f.Required && w.After.Values[f.ID] == nil && (w.Created() || w.changed[f.ID]) || w.lacksReason(f) {
			faults.Add(&fault.Field{Path: f.Name, Code: "required"})
		}
	}
	if err := w.checkPlans(&faults); err != nil {
		return err
	}
	return faults.Err()
}
