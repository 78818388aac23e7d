package account

import (
	"context"
	"errors"
	"time"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// ResetLife is how long a one-time link holds.
const ResetLife = 30 * time.Minute

// NewReset makes the secret of a one-time link by which a person sets a
// password. An earlier link of his ends.
func (s *Store) NewReset(ctx context.Context, user string) (string, time.Time, error) {
	text, expires := secret(), time.Time{}
	err := s.db.Write(ctx, func(tx *sqldb.Tx) error {
		expires = s.realNow(tx).Add(ResetLife)
		if _, err := tx.Exec(`DELETE FROM password_reset WHERE account_id = $1 OR expires_at < $2`, user, s.realNow(tx)); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO password_reset (digest, account_id, expires_at) VALUES ($1, $2, $3)`,
			digest(text), user, sqldb.Micros(expires))
		if err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "person.reset_made", Target: personTarget(user)})
	})
	return text, expires, err
}

// UseReset sets a new password by a one-time link, which ends with it, as do
// all sessions and tokens. A link that is wrong, used or too old is Malformed
// bad_reset; a password that the rules refuse leaves it as it is.
func (s *Store) UseReset(ctx context.Context, text, password string) error {
	user, err := s.resetUser(ctx, text)
	if err != nil {
		return err
	}
	if f := s.checkPassword("password", password, user.Email); f != nil {
		return fault.New(fault.Invalid, "invalid_input", *f)
	}
	if err := s.refuseEarlier(ctx, "password", user.ID, password); err != nil {
		return err
	}
	hash, err := s.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(`DELETE FROM password_reset WHERE digest = $1`, digest(text))
		if err != nil {
			return err
		}
		if n == 0 { // used meanwhile
			return fault.New(fault.Malformed, "bad_reset")
		}
		if err := s.setPassword(tx, user.ID, hash, false); err != nil {
			return err
		}
		if err := s.revoke(tx, user.ID); err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "person.password_changed", Target: personTarget(user.ID), Params: map[string]any{"by_link": true}})
	})
}

func (s *Store) resetUser(ctx context.Context, text string) (User, error) {
	var id string
	err := s.db.Read(ctx, func(tx *sqldb.Tx) error {
		return tx.QueryRow(`SELECT account_id FROM password_reset WHERE digest = $1 AND expires_at > $2`,
			digest(text), s.realNow(tx)).Scan(&id)
	})
	if err != nil && !errors.Is(err, sqldb.ErrNoRows) {
		return User{}, err
	}
	user, ok := s.Directory().User(id)
	if !ok || !user.Active {
		return User{}, fault.New(fault.Malformed, "bad_reset")
	}
	return user, nil
}
