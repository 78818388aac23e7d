package reaction

import (
	"fmt"
	"slices"

	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/record"
)

// Telling is a message that a change causes.
type Telling struct {
	Kind       string
	Key        string // tells two messages of one kind and change apart
	Cause      string // what it follows from where that is not the change itself
	Recipients []string
	Robots     []string
	Params     map[string]any
	Urgent     bool
	Silent     bool // another entry of the thread tells who heard
}

const tellings = "tellings"

// Tell notes a message; the Messages reaction writes it.
func Tell(w *record.Work, t Telling) {
	if len(t.Recipients)+len(t.Robots) == 0 {
		return
	}
	list, _ := w.Facts[tellings].([]Telling)
	w.Facts[tellings] = append(list, t)
}

// Messages writes the rows of all that was told, in the change's transaction:
// exactly one per cause and recipient.
func Messages(n *notify.Notify) record.Reaction {
	return record.Reaction{Name: "messages", Run: func(w *record.Work) error {
		tellReassigned(w)
		list, _ := w.Facts[tellings].([]Telling)
		if len(list) == 0 {
			return nil
		}
		messages := make([]notify.Message, 0, len(list))
		for _, t := range list {
			messages = append(messages, message(w, t))
			if !t.Silent {
				w.SayAs(program, "message", map[string]any{"message": t.Kind, "recipients": t.Recipients, "robots": t.Robots})
			}
		}
		return n.Tell(w.Tx, messages...)
	}}
}

func message(w *record.Work, t Telling) notify.Message {
	cause := t.Cause
	if cause == "" {
		cause = fmt.Sprintf("%s:%s:%d:%s", w.After.ID, t.Kind, w.After.Revision+1, t.Key)
	}
	return notify.Message{
		Cause: cause, Recipients: t.Recipients, Robots: t.Robots, Kind: t.Kind, Params: t.Params,
		Object: w.Object.Name, Record: w.After.ID, Urgent: t.Urgent,
	}
}

// tellReassigned tells a new owner whom a person named, unless he named himself.
func tellReassigned(w *record.Work) {
	if telling, ok := reassigned(w); ok {
		Tell(w, telling)
	}
}

func reassigned(w *record.Work) (Telling, bool) {
	if w.Object.OwnerField == "" || w.Object.FollowUp == nil || w.Owner() == "" || w.Owner() == w.OwnerBefore() || w.Owner() == w.Change.Actor.ID {
		return Telling{}, false
	}
	list, _ := w.Facts[tellings].([]Telling)
	told := slices.ContainsFunc(list, func(t Telling) bool { return t.Kind == "assigned" || t.Kind == "fallback" })
	return Telling{Kind: "assigned", Recipients: []string{w.Owner()}, Params: map[string]any{"owner": w.Owner(), "by": w.Change.Actor.ID}}, !told
}

// tellTouched tells the owner that the customer came again.
func tellTouched(w *record.Work) {
	if w.Act == record.Touch && w.Owner() != "" && w.Owner() != w.Change.Actor.ID {
		Tell(w, Telling{Kind: "touched", Recipients: []string{w.Owner()}, Params: map[string]any{"channel": w.Change.Actor.ID}})
	}
}
