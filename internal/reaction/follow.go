package reaction

import (
	"fmt"
	"maps"
	"slices"

	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

// Followers tells those who follow a record, its owner, and the roles that the
// object's broadcasts name, what a person changed in it: one message for each,
// and none for who may read nothing of it or does not want to hear. Who comments
// follows from then on. An operation over many records tells nobody one by one.
type Followers struct {
	Notify *notify.Notify
	// Readable is the object as a user may read it, nil when he may not read the
	// record with these values.
	Readable func(user string, object *schema.Object, row query.Row) (*schema.Object, error)
}

// Reaction is the step in the order of all.
func (f *Followers) Reaction() record.Reaction {
	return record.Reaction{Name: "followers", Run: f.run}
}

func (f *Followers) run(w *record.Work) error {
	if w.Created() || w.Change.Actor.Kind != thread.User || w.Change.Operation != "" {
		return nil
	}
	if w.Act == record.Remark {
		return commented(w)
	}
	changed, at := changedEntry(w)
	if len(changed) == 0 {
		return nil
	}
	recipients, err := f.recipients(w, changed)
	if err != nil || len(recipients) == 0 {
		return err
	}
	return f.Notify.TellChanged(w.Tx, notify.Message{
		Cause: fmt.Sprintf("%s:changed:%d", w.After.ID, w.After.Revision+1), Recipients: recipients,
		Object: w.Object.Name, Record: w.After.ID,
	}, w.Change.Actor.ID, notify.Span{From: at, To: at})
}

// recipients are those of the audience who may read the record as it is now and
// any of the changed fields that they want to hear of.
func (f *Followers) recipients(w *record.Work, changed map[string]any) ([]string, error) {
	audience, err := audienceOf(w, changed)
	if err != nil {
		return nil, err
	}
	var recipients []string
	for _, user := range slices.Sorted(maps.Keys(audience)) {
		visible, err := f.Readable(user, w.Object, w.After)
		if err != nil {
			return nil, err
		}
		if readsAny(visible, audience[user]) {
			recipients = append(recipients, user)
		}
	}
	return recipients, nil
}

// commented tells who is mentioned for the first time; who says something new follows.
func commented(w *record.Work) error {
	Tell(w, Telling{
		Kind: "mentioned", Recipients: w.Change.Comment.Fresh(), Params: map[string]any{"by": w.Change.Actor.ID}, Silent: true,
	})
	if w.Change.Comment.Of != 0 {
		return nil
	}
	return follow(w.Tx, w.After.ID, w.Change.Actor.ID, false, false)
}

// changedEntry is the fields that the act's own entry says to have changed, and its number.
func changedEntry(w *record.Work) (map[string]any, int64) {
	for i, e := range w.Entries {
		if after, ok := e.Params["after"].(map[string]any); ok && e.Actor == w.Change.Actor {
			return after, w.Before.ThreadSeq + int64(i) + 1
		}
	}
	return nil, 0
}

func readsAny(visible *schema.Object, fields []string) bool {
	return visible != nil && slices.ContainsFunc(fields, func(id string) bool { _, ok := visible.FieldByID(id); return ok })
}
