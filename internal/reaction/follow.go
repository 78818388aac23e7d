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
		return f.commented(w)
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

// commented tells who is mentioned for the first time, and the other followers
// and the owner that something new was said; who says it follows from then on.
func (f *Followers) commented(w *record.Work) error {
	comment, by := w.Change.Comment, map[string]any{"by": w.Change.Actor.ID}
	Tell(w, Telling{Kind: "mentioned", Recipients: comment.Fresh(), Params: by, Silent: true})
	if comment.Of != 0 {
		return nil
	}
	listeners, err := f.listeners(w)
	if err != nil {
		return err
	}
	Tell(w, Telling{Kind: "commented", Recipients: listeners, Params: by, Silent: true})
	return follow(w.Tx, w.After.ID, w.Change.Actor.ID, false, false)
}

// listeners are the followers and the owner who may read the record and are not
// told of the comment already.
func (f *Followers) listeners(w *record.Work) ([]string, error) {
	stated, err := statedOf(w.Tx, w.After.ID)
	if err != nil {
		return nil, err
	}
	if _, said := stated[w.Owner()]; !said && w.Owner() != "" {
		stated[w.Owner()] = true
	}
	told := append(slices.Clone(w.Change.Comment.Mentions), w.Change.Actor.ID)
	var listeners []string
	for _, user := range slices.Sorted(maps.Keys(stated)) {
		if !stated[user] || slices.Contains(told, user) {
			continue
		}
		visible, err := f.Readable(user, w.Object, w.After)
		if err != nil {
			return nil, err
		}
		if visible != nil {
			listeners = append(listeners, user)
		}
	}
	return listeners, nil
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
