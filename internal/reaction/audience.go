package reaction

import (
	"maps"
	"slices"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// audience is who wants to hear of a change: by person, of which of the changed
// fields; of none who does not want to. A person's own word stands before what
// he is to the record.
type audience map[string][]string

// audienceOf are the followers of a record, its owner, and the people of roles
// that the object's broadcasts tell of some of the changed fields.
func audienceOf(w *record.Work, changed map[string]any) (audience, error) {
	stated, err := statedOf(w.Tx, w.After.ID)
	if err != nil {
		return nil, err
	}
	every := slices.Collect(maps.Keys(changed))
	a := audience{}
	for user, hears := range stated {
		if hears {
			a[user] = every
		}
	}
	if _, said := stated[w.Owner()]; !said && w.Owner() != "" {
		a[w.Owner()] = every
	}
	for _, b := range w.Object.Broadcasts {
		fields := slices.DeleteFunc(slices.Clone(b.Fields), func(id string) bool { _, ok := changed[id]; return !ok })
		for _, user := range peopleOf(w, b.Roles, fields) {
			if _, said := stated[user]; !said {
				a[user] = append(slices.Clone(a[user]), fields...)
			}
		}
	}
	for _, user := range append(toldAlready(w), w.Change.Actor.ID) {
		delete(a, user)
	}
	return a, nil
}

// peopleOf are those with the roles, where there is a field for them to hear of.
func peopleOf(w *record.Work, roles, fields []string) (users []string) {
	if len(fields) == 0 {
		return nil
	}
	for _, role := range roles {
		for _, user := range w.Directory.WithRole(role) {
			users = append(users, user.ID)
		}
	}
	return users
}

// toldAlready are those to whom the change itself sends a message: a new owner
// hears that the record is his, and not once more that its owner changed.
func toldAlready(w *record.Work) []string {
	var users []string
	if telling, ok := reassigned(w); ok {
		users = append(users, telling.Recipients...)
	}
	list, _ := w.Facts[tellings].([]Telling)
	for _, t := range list {
		users = append(users, t.Recipients...)
	}
	return users
}

// Hearing is what a person hears of a record, and why.
type Hearing struct {
	Following bool   // of every change
	Because   string // ByOwner or ByRole where he did not ask for it, else ""
	Fields    []*schema.Field
}

// Why somebody hears of changes who did not ask for it.
const (
	ByOwner = "owner"
	ByRole  = "role" // of Fields alone
)

// HearingOf says what a person hears of a record that he may read; the object is
// what he may know of it. An owner field that he may not see is none of his.
func HearingOf(tx *sqldb.Tx, object *schema.Object, row query.Row, user account.User) (Hearing, error) {
	stated, err := statedOf(tx, row.ID)
	if err != nil {
		return Hearing{}, err
	}
	if hears, said := stated[user.ID]; said {
		return Hearing{Following: hears}, nil
	}
	if owner, ok := object.Field(object.OwnerField); ok && row.Values[owner.ID] == user.ID {
		return Hearing{Following: true, Because: ByOwner}, nil
	}
	if fields := broadcastFields(object, user.Roles); len(fields) > 0 {
		return Hearing{Because: ByRole, Fields: fields}, nil
	}
	return Hearing{}, nil
}

// broadcastFields are the fields of the object whose changes people with the roles hear of.
func broadcastFields(object *schema.Object, roles []string) []*schema.Field {
	heard := map[string]bool{}
	for _, b := range object.Broadcasts {
		if slices.ContainsFunc(b.Roles, func(role string) bool { return slices.Contains(roles, role) }) {
			for _, id := range b.Fields {
				heard[id] = true
			}
		}
	}
	var fields []*schema.Field
	for _, f := range object.Fields {
		if heard[f.ID] {
			fields = append(fields, f)
		}
	}
	return fields
}

// Follow lets a person follow a record from now on.
func Follow(tx *sqldb.Tx, record, user string) error { return follow(tx, record, user, false, true) }

// Unfollow stops it; a later comment does not begin it again, nor does being its owner.
func Unfollow(tx *sqldb.Tx, record, user string) error { return follow(tx, record, user, true, true) }

func follow(tx *sqldb.Tx, record, user string, muted, asked bool) error {
	conflict := ` ON CONFLICT (record, account_id) DO NOTHING`
	if asked {
		conflict = ` ON CONFLICT (record, account_id) DO UPDATE SET muted = excluded.muted, at = excluded.at`
	}
	_, err := tx.Exec(`INSERT INTO follower (record, account_id, muted, at) VALUES ($1, $2, $3, $4)`+conflict, record, user, muted, tx.Now())
	return err
}

// statedOf are the people who said whether they want to follow a record.
func statedOf(tx *sqldb.Tx, record string) (map[string]bool, error) {
	rows, err := tx.Query(`SELECT account_id, muted FROM follower WHERE record = $1`, record)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	stated := map[string]bool{}
	for rows.Next() {
		var user string
		var muted int64
		if err := rows.Scan(&user, &muted); err != nil {
			return nil, err
		}
		stated[user] = muted == 0
	}
	return stated, rows.Err()
}
