package record

import (
	"time"

	"github.com/cockroachdb/apd/v3"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// layFollowUp writes what a person says of a contact with the customer. The
// next action and its deadline are the commitment lock (D2): without them only
// an outcome that closes the record is accepted, on every path.
func (s *Store) layFollowUp(w *Work) error {
	rule, card := w.Object.FollowUp, w.Change.FollowUp
	if rule == nil {
		return fault.New(fault.Invalid, "no_follow_up")
	}
	if err := checkCard(w, rule, card); err != nil {
		return err
	}
	before, promised := w.Text(rule.Status), w.Get(rule.NextDue)
	w.layFields(func(any) bool { return true })
	if outcome, ok := outcomeOf(rule, card.Outcome); ok {
		w.Set(rule.Status, outcome.Sets)
		w.Set(rule.NextAction, nil)
		w.Set(rule.NextDue, nil)
	} else {
		if rule.Working != "" && waits(w, rule) {
			w.Set(rule.Status, rule.Working)
		}
		w.Set(rule.NextAction, card.NextAction)
		w.Set(rule.NextDue, card.NextDue)
	}
	w.giveReasons()
	w.touchedByPerson()
	if w.Owner() == "" {
		w.Set(w.Object.OwnerField, w.Change.Actor.ID)
	}
	w.Say("follow_up", followUpParams(w, rule, card, before))
	return s.keepInteraction(w, rule, card, promised)
}

// waits tells whether a follow-up begins the work: the record stood where nobody
// had reached out yet, or it was over. What is further on, such as one that was
// converted, stays where it stands.
func waits(w *Work, rule *schema.FollowUp) bool {
	status := w.Text(rule.Status)
	return status == "" || status == rule.Initial || status == rule.Assigned || !w.Open()
}

func checkCard(w *Work, rule *schema.FollowUp, card *FollowUpCard) error {
	var faults fault.Collector
	if card.Action == "" {
		faults.Add(&fault.Field{Path: "action", Code: "required"})
	}
	if _, ends := outcomeOf(rule, card.Outcome); card.Outcome != "" && !ends {
		faults.Add(&fault.Field{Path: "outcome", Code: "unknown_choice", Params: map[string]any{"name": card.Outcome}})
	}
	if card.Outcome == "" {
		if card.NextAction == "" {
			faults.Add(&fault.Field{Path: "next_action", Code: "required"})
		}
		if card.NextDue.IsZero() {
			faults.Add(&fault.Field{Path: "next_due", Code: "required"})
		} else if !card.NextDue.After(w.Tx.Now()) {
			faults.Add(&fault.Field{Path: "next_due", Code: "in_the_past"})
		}
	}
	return faults.Err()
}

func outcomeOf(rule *schema.FollowUp, id string) (schema.Outcome, bool) {
	for _, o := range rule.Outcomes {
		if o.ID == id {
			return o, true
		}
	}
	return schema.Outcome{}, false
}

// touchedByPerson keeps the first and the last time that a person reached out.
func (w *Work) touchedByPerson() {
	if h := w.Object.Health; h != nil {
		if w.Get(h.FirstTouch) == nil {
			w.Set(h.FirstTouch, w.Tx.Now())
		}
		w.Set(h.LastTouch, w.Tx.Now())
	}
}

func followUpParams(w *Work, rule *schema.FollowUp, card *FollowUpCard, statusBefore string) map[string]any {
	params := map[string]any{"action": card.Action, "text": card.Text}
	if card.Outcome != "" {
		params["outcome"] = card.Outcome
	} else {
		fields := map[string]any{}
		for _, name := range []string{rule.NextAction, rule.NextDue} {
			if f, ok := w.Object.Field(name); ok {
				fields[f.ID] = Stored(f, w.After.Values[f.ID])
			}
		}
		params["fields"] = fields
	}
	if f, ok := w.Object.Field(rule.Status); ok && w.Text(rule.Status) != statusBefore {
		was, is := map[string]any{f.ID: statusBefore}, map[string]any{f.ID: w.Text(rule.Status)}
		for _, reason := range w.Object.Fields {
			if rule := reason.RequiredWhen; rule != nil && rule.Field == f.Name && w.changed[reason.ID] {
				was[reason.ID], is[reason.ID] = storedOrNil(reason, w.BeforeValue(reason)), storedOrNil(reason, w.After.Values[reason.ID])
			}
		}
		params["before"], params["after"] = was, is
	}
	return params
}

// The fields of the record that a follow-up becomes, beside its owner. An
// object may lack any of them.
const (
	FollowUpAction   = "action"
	FollowUpText     = "text"
	FollowUpAt       = "at"
	FollowUpPromised = "promised_at" // the deadline that it answers (D2), blank for none
	FollowUpKept     = "kept"        // whether it came before that deadline
)

// keepInteraction makes the record that a follow-up becomes; promised is the
// deadline that it answers, nil for none.
func (s *Store) keepInteraction(w *Work, rule *schema.FollowUp, card *FollowUpCard, promised any) error {
	object, ok := w.Snapshot.Object(rule.Object)
	if !ok {
		return nil
	}
	values := map[string]any{}
	put := func(name string, value any) {
		if f, ok := object.Field(name); ok && value != nil && value != "" {
			values[f.ID] = value
		}
	}
	put(rule.Link, w.After.ID)
	if action, ok := choiceNamed(object, FollowUpAction, actionName(rule, card.Action)); ok {
		put(FollowUpAction, action)
	}
	put(FollowUpText, card.Text)
	put(FollowUpAt, w.Tx.Now())
	put(object.OwnerField, w.Change.Actor.ID)
	if due, ok := promised.(time.Time); ok {
		put(FollowUpPromised, due)
		put(FollowUpKept, !w.Tx.Now().After(due))
	}
	for _, f := range object.Fields {
		if f.Type == "reference" && values[f.ID] == nil {
			if id := w.refersTo(f.ObjectName); id != "" {
				values[f.ID] = id
			}
		}
	}
	_, err := s.Apply(w.Tx, Change{Act: Create, Actor: w.Change.Actor, Object: object, Set: values})
	return err
}

// refersTo is the record of another object that this one refers to: a lead's
// contact is the contact of its follow-ups too.
func (w *Work) refersTo(object string) string {
	for _, f := range w.Object.Fields {
		if id, ok := w.After.Values[f.ID].(string); ok && f.Type == "reference" && f.ObjectName == object {
			return id
		}
	}
	return ""
}

func actionName(rule *schema.FollowUp, id string) string {
	for _, a := range rule.Actions {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}

func choiceNamed(o *schema.Object, field, name string) (string, bool) {
	f, ok := o.Field(field)
	if !ok {
		return "", false
	}
	for _, c := range f.Choices {
		if c.Name == name {
			return c.ID, true
		}
	}
	return "", false
}

// layTouch counts a further delivery to an open record.
func (w *Work) layTouch() {
	if h := w.Object.Health; h != nil && h.Touches != "" {
		n, _ := w.Get(h.Touches).(*apd.Decimal)
		next := new(apd.Decimal)
		if n == nil {
			n = apd.New(0, 0)
		}
		if _, err := apd.BaseContext.Add(next, n, apd.New(1, 0)); err == nil {
			w.Set(h.Touches, next)
		}
	}
	w.sayArrival("touched")
}
