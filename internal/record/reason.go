package record

import (
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

// giveReasons keeps the fields that a choice asks for in step with it: the
// rule's stand-in where none is given, blank again once the choice is another.
func (w *Work) giveReasons() {
	for _, f := range w.Object.Fields {
		rule := f.RequiredWhen
		if rule == nil || !w.Changed(rule.Field) && !w.Created() {
			continue
		}
		asked := contains(rule.Choices, w.Text(rule.Field))
		_, given := w.Change.Set[f.ID]
		switch {
		case asked && rule.Otherwise != "" && w.After.Values[f.ID] == nil:
			w.SetField(f, rule.Otherwise)
		case !asked && !given:
			w.SetField(f, nil)
		}
	}
}

// lacksReason tells that a person made a choice that asks for a reason and
// gave none. What clocks and channels do is not asked for one.
func (w *Work) lacksReason(f *schema.Field) bool {
	rule := f.RequiredWhen
	if rule == nil || w.Change.Actor.Kind != thread.User || w.After.Values[f.ID] != nil {
		return false
	}
	return (w.Created() || w.Changed(rule.Field) || w.changed[f.ID]) && contains(rule.Choices, w.Text(rule.Field))
}
