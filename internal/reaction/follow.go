package reaction

import (
	"fmt"
	"maps"
	"slices"

	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// Followers tells those who follow a record, and the roles that the object's
// broadcasts name, what a person changed in it: one message for each, and none
// for who may read nothing of it or said that he does not want to follow. Who comments
// follows from then on. An operation over many records tells nobody one by one.
type Followers struct {
	Notify *notify.Notify
	// Readable is the object as a user may read it, nil when he may not read the record.
	Readable func(tx *sqldb.Tx, user string, object *schema.Object, record string) (*schema.Object, error)
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
		tellMentioned(w)
		return follow(w.Tx, w.After.ID, w.Change.Actor.ID, false, false)
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

// recipients are the followers, and the people of roles who hear of the changed
// fields, who may read any of these, but for who changed them.
func (f *Followers) recipients(w *record.Work, changed map[string]any) ([]string, error) {
	muted, err := followersOf(w.Tx, w.After.ID)
	if err != nil {
		return nil, err
	}
	for _, user := range broadcastTo(w, changed) {
		if _, said := muted[user]; !said {
			muted[user] = false
		}
	}
	var recipients []string
	for _, user := range slices.Sorted(maps.Keys(muted)) {
		if user == w.Change.Actor.ID || muted[user] {
			continue
		}
		visible, err := f.Readable(w.Tx, user, w.Object, w.After.ID)
		if err != nil {
			return nil, err
		}
		if readsAny(visible, changed) {
			recipients = append(recipients, user)
		}
	}
	return recipients, nil
}

// broadcastTo are the people of the roles that hear of one of the changed fields.
func broadcastTo(w *record.Work, changed map[string]any) []string {
	var users []string
	for _, b := range w.Object.Broadcasts {
		if !slices.ContainsFunc(b.Fields, func(id string) bool { _, ok := changed[id]; return ok }) {
			continue
		}
		for _, role := range b.Roles {
			for _, user := range w.Directory.WithRole(role) {
				users = append(users, user.ID)
			}
		}
	}
	return users
}

func tellMentioned(w *record.Work) {
	Tell(w, Telling{
		Kind: "mentioned", Recipients: w.Change.Comment.Mentions, Params: map[string]any{"by": w.Change.Actor.ID}, Silent: true,
	})
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

func readsAny(visible *schema.Object, changed map[string]any) bool {
	if visible == nil {
		return false
	}
	for id := range changed {
		if _, ok := visible.FieldByID(id); ok {
			return true
		}
	}
	return false
}

// Follow lets a person follow a record from now on.
func Follow(tx *sqldb.Tx, record, user string) error { return follow(tx, record, user, false, true) }

// Unfollow stops it; a later comment does not begin it again.
func Unfollow(tx *sqldb.Tx, record, user string) error { return follow(tx, record, user, true, true) }

func follow(tx *sqldb.Tx, record, user string, muted, asked bool) error {
	conflict := ` ON CONFLICT (record, account_id) DO NOTHING`
	if asked {
		conflict = ` ON CONFLICT (record, account_id) DO UPDATE SET muted = excluded.muted, at = excluded.at`
	}
	_, err := tx.Exec(`INSERT INTO follower (record, account_id, muted, at) VALUES ($1, $2, $3, $4)`+conflict, record, user, muted, tx.Now())
	return err
}

// Follows tells whether a person follows a record.
func Follows(tx *sqldb.Tx, record, user string) (bool, error) {
	var n int64
	err := tx.QueryRow(`SELECT COUNT(*) FROM follower WHERE record = $1 AND account_id = $2 AND muted = 0`, record, user).Scan(&n)
	return n > 0, err
}

// followersOf are the people who said something about following the record, and
// whether it was that they do not want to.
func followersOf(tx *sqldb.Tx, record string) (map[string]bool, error) {
	rows, err := tx.Query(`SELECT account_id, muted FROM follower WHERE record = $1`, record)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	muted := map[string]bool{}
	for rows.Next() {
		var user string
		var off int64
		if err := rows.Scan(&user, &off); err != nil {
			return nil, err
		}
		muted[user] = off != 0
	}
	return muted, rows.Err()
}
