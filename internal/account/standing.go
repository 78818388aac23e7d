package account

import (
	"slices"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// Standing is how far a person may come in: what the rules look at.
type Standing struct {
	HasPassword bool
	PasswordAt  time.Time // when it was set
	MustChange  bool      // at the next log-in
	HasFactor   bool
	Created     time.Time
}

// Duty is what a person has to do before anything else, "" for nothing.
type Duty string

// The duties.
const (
	ChangePassword Duty = "password" // it is too old, or somebody else chose it
	EnrolFactor    Duty = "factor"   // a role asks for a second factor
)

// Rules are what the company demands of log-ins.
func (d *Directory) Rules() Rules { return d.rules }

// Standing is a person's, the zero value for one who is not known.
func (d *Directory) Standing(user string) Standing { return d.standing[user] }

// Duty is what the user of a session has to do first. Who came in through a
// provider has his password and his factor there.
func (d *Directory) Duty(session Session, now time.Time) Duty {
	if session.Secret == "" || session.Method == ByProvider {
		return ""
	}
	standing, most := d.standing[session.User.ID], d.rules.passwords().MaxAge
	if standing.MustChange || most > 0 && now.Sub(standing.PasswordAt) > most {
		return ChangePassword
	}
	if due, needed := d.FactorDue(session.User); needed && !now.Before(due) {
		return EnrolFactor
	}
	return ""
}

// FactorDue is until when a person who needs a second factor, and has none, may go on without.
func (d *Directory) FactorDue(user User) (time.Time, bool) {
	standing := d.standing[user.ID]
	needed := slices.ContainsFunc(user.Roles, func(role string) bool { return slices.Contains(d.rules.FactorRoles, role) })
	if !needed || standing.HasFactor {
		return time.Time{}, false
	}
	from := sqldb.FromMicros(d.rules.FactorSince)
	if standing.Created.After(from) {
		from = standing.Created
	}
	return from.AddDate(0, 0, d.rules.FactorGraceDays), true
}

func readStanding(tx *sqldb.Tx) (map[string]Standing, error) {
	found := map[string]Standing{}
	err := each(tx, `SELECT a.id, a.password_hash <> '', a.password_at, a.must_change, a.created_at, COALESCE(f.confirmed, 0)
		FROM account a LEFT JOIN second_factor f ON f.account_id = a.id`, func(rows *sqldb.Rows) error {
		var id string
		var one Standing
		err := rows.Scan(&id, &one.HasPassword, &one.PasswordAt, &one.MustChange, &one.Created, &one.HasFactor)
		found[id] = one
		return err
	})
	return found, err
}
