package server

import (
	"maps"
	"reflect"
	"time"

	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// readable is the object as a user may read it, nil when he may not read the
// record with these values.
func (a *App) readable(user string, object *schema.Object, row query.Row) (*schema.Object, error) {
	grants := a.grants(user)
	reads, err := grants.Reads(object, row)
	if err != nil || !reads {
		return nil, err
	}
	return grants.Visible(object), nil
}

// reader reads records with a user's rights.
func (a *App) reader(tx *sqldb.Tx, user string) *record.Reader {
	return &record.Reader{Tx: tx, Snapshot: a.Catalog.Current(), Directory: a.Accounts.Directory(), Grants: a.grants(user)}
}

// changesMost bounds how many entries a message joins.
const changesMost = 200

// changes says what a person changed in a record between two entries of its
// thread, before → after over all of them, with the reader's rights.
func (a *App) changes(sentences record.Sentences) func(*sqldb.Tx, notify.Reader, string, string, notify.Span) (string, error) {
	return func(tx *sqldb.Tx, who notify.Reader, id, by string, span notify.Span) (string, error) {
		entries, err := thread.List(tx, id, span.To+1, changesMost)
		if err != nil || len(entries) == 0 {
			return "", err
		}
		merged := thread.Entry{Kind: "changed", Record: id, Object: entries[0].Object, Actor: thread.Actor{Kind: thread.User, ID: by}}
		before, after := map[string]any{}, map[string]any{}
		for _, e := range entries { // newest first
			if e.Seq < span.From || e.Actor != merged.Actor {
				continue
			}
			was, _ := e.Params["before"].(map[string]any)
			is, _ := e.Params["after"].(map[string]any)
			for field, value := range is {
				before[field] = was[field]
				if _, later := after[field]; !later {
					after[field] = value
				}
			}
		}
		maps.DeleteFunc(after, func(field string, value any) bool { return reflect.DeepEqual(value, before[field]) })
		if len(after) == 0 {
			return "", nil // and back again
		}
		merged.Params = map[string]any{"before": before, "after": after}
		voice := a.voiceOf(who, sentences)
		if err := voice.NameReferences(a.reader(tx, who.User), []thread.Entry{merged}); err != nil {
			return "", err
		}
		return voice.Tell(merged).Text, nil
	}
}

// voiceOf tells entries to a reader of messages.
func (a *App) voiceOf(who notify.Reader, sentences record.Sentences) *record.Voice {
	snapshot, grants := a.Catalog.Current(), a.grants(who.User)
	user, _ := a.Accounts.Directory().User(who.User)
	zone, err := time.LoadLocation(user.Zone)
	if err != nil || user.Zone == "" {
		zone = snapshot.Zone()
	}
	return &record.Voice{
		Language: who.Language, Zone: zone, Snapshot: snapshot, Directory: a.Accounts.Directory(), Texts: sentences,
		Visible: func(o *schema.Object) *schema.Object {
			if visible := grants.Visible(o); visible != nil {
				return visible
			}
			return (&schema.Object{ID: o.ID, Name: o.Name, Label: o.Label}).Seal()
		},
		Part: func(kind, name, part string) (schema.Label, []string) {
			return reaction.PartOf(snapshot, kind, name, part)
		},
	}
}
