package server

import (
	"fmt"
	"strings"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/live"
	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

func (a *App) notifyOptions() notify.Options {
	return notify.Options{
		DB: a.DB, Log: a.Log, Client: a.outboundClient(), Describe: a.describe, Box: a.Box, Robots: a.robots, Base: a.vendorBase,
		Alone: a.Database == "",
		Person: func(id string) string {
			u, _ := a.Accounts.Directory().User(id)
			return u.Name
		},
		Label: a.label,
		Told: func(recipients []string) {
			for _, user := range recipients {
				a.Live.Publish(live.Event{Kind: live.Inbox, User: user})
			}
		},
	}
}

// label is what a document, or a clock's stage ("CLOCK/STAGE"), is called.
func (a *App) label(kind, name, language string) string {
	part := ""
	if kind == "stage" {
		kind = "clock"
		name, part, _ = strings.Cut(name, "/")
	}
	label, _ := reaction.PartOf(a.Catalog.Current(), kind, name, part)
	return label.In(language)
}

// robots are the live robot documents as the outbox wants them.
func (a *App) robots() []notify.Robot {
	var robots []notify.Robot
	for _, r := range catalog.All[*catalog.Robot](a.Catalog.Current(), "robot") {
		robots = append(robots, notify.Robot{
			Name: r.Name, Vendor: r.Vendor, Base: r.Base, Language: r.Language, Keyword: r.Keyword, Fields: r.Fields, PerMinute: r.PerMinute,
		})
	}
	return robots
}

// vendorBase sends the demo's posts to the sandbox; "" is the vendor's own host.
func (a *App) vendorBase(vendor string) string {
	if a.Demo {
		return "http://" + a.Listen + "/sandbox/" + vendor
	}
	return ""
}

// describe tells a message's reader of records: a person with his own rights,
// a robot only the fields that its document lists.
func (a *App) describe(tx *sqldb.Tx, who notify.Reader, objectName string, ids []string) (map[string]notify.Subject, error) {
	snapshot := a.Catalog.Current()
	object, ok := snapshot.Object(objectName)
	if !ok {
		return nil, nil
	}
	grants := a.Access.For(access.Principal{UserID: who.User, System: who.User == ""}, a.policy(snapshot), a.Accounts.Directory())
	visible := grants.Visible(object)
	if visible == nil || !grants.Can(object, access.Read) {
		return nil, nil
	}
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	names := calledBy(snapshot, visible)
	fields := wantedFields(visible, append(names, who.Fields...))
	rows, err := record.Select(tx, query.Select{
		Object: visible, Fields: fields,
		Where: query.And{query.In{System: "id", Values: values}, grants.Scope(object, access.Read)},
	})
	if err != nil {
		return nil, err
	}
	found := make(map[string]notify.Subject, len(rows))
	for _, row := range rows {
		found[row.ID] = a.subject(visible, names, fields, row, who)
	}
	return found, nil
}

// calledBy names the fields that a record is called by, the first that is
// filled: its title, or what its party is called by.
func calledBy(s *catalog.Snapshot, object *schema.Object) []string {
	names := []string{object.TitleField}
	if object.Party != nil {
		if party, ok := s.Object(object.Party.Object); ok {
			names = append(names, object.Party.Copy[party.TitleField])
		}
	}
	return names
}

// wantedFields are the fields of these names that there are, each once.
func wantedFields(object *schema.Object, names []string) []*schema.Field {
	var fields []*schema.Field
	for _, name := range names {
		if f, ok := object.Field(name); ok && !contains(fields, f) {
			fields = append(fields, f)
		}
	}
	return fields
}

func contains(fields []*schema.Field, f *schema.Field) bool {
	for _, one := range fields {
		if one.ID == f.ID {
			return true
		}
	}
	return false
}

func (a *App) subject(object *schema.Object, names []string, fields []*schema.Field, row query.Row, who notify.Reader) notify.Subject {
	subject := notify.Subject{Link: a.link(object.Name, row.ID)}
	for _, f := range fields {
		text := a.plain(f, row.Values[f.ID], who.Language)
		shown := listed(who.Fields, f.Name)
		if subject.Label == "" && listed(names, f.Name) && (who.User != "" || shown) {
			subject.Label = text
		} else if text != "" && shown {
			subject.Fields = append(subject.Fields, notify.FieldText{Label: f.Label.In(who.Language), Text: text})
		}
	}
	return subject
}

func listed(names []string, name string) bool {
	for _, one := range names {
		if one == name {
			return true
		}
	}
	return false
}

// plain is a value as a message shows it; phone numbers are masked, since a
// group may be read by many.
func (a *App) plain(f *schema.Field, value any, language string) string {
	text, _ := value.(string)
	switch {
	case value == nil:
		return ""
	case f.Type == "choice":
		if c, ok := f.Choice(text); ok {
			return c.Label.In(language)
		}
	case f.Type == "person":
		u, _ := a.Accounts.Directory().User(text)
		return u.Name
	case f.Type == "phone" && len(text) > 7:
		return text[:len(text)-8] + "****" + text[len(text)-4:]
	case f.Type == "currency":
		if m, ok := value.(schema.Money); ok {
			return m.Amount.Text('f') + " " + m.Currency
		}
	}
	return fmt.Sprint(f.Encode(value))
}

func (a *App) link(object, id string) string {
	return a.address() + "/o/" + object + "/" + id
}

// address is the site's, as people reach it.
func (a *App) address() string {
	if a.PublicURL == "" {
		return a.scheme() + "://" + a.Listen
	}
	return strings.TrimRight(a.PublicURL, "/")
}

// policy is the access rules of a snapshot.
func (a *App) policy(s *catalog.Snapshot) access.Policy {
	return access.Policy{Version: s.Version, Objects: s.Objects, Roles: catalog.All[*access.Role](s, "role"), Zone: s.Zone()}
}

// grants is what a user may do at this moment.
func (a *App) grants(user string) *access.Grants {
	return a.Access.For(access.Principal{UserID: user}, a.policy(a.Catalog.Current()), a.Accounts.Directory())
}

// openLoad counts the open records of users over all objects.
func (a *App) openLoad(tx *sqldb.Tx, users []string) (map[string]int, error) {
	rows, err := tx.Query("SELECT owner,CAST(SUM(open) AS BIGINT) FROM owner_load GROUP BY owner")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	wanted := map[string]bool{}
	for _, id := range users {
		wanted[id] = true
	}
	loads := map[string]int{}
	for rows.Next() {
		var owner string
		var n int64
		if err := rows.Scan(&owner, &n); err != nil {
			return nil, err
		}
		if wanted[owner] {
			loads[owner] = int(n)
		}
	}
	return loads, rows.Err()
}
