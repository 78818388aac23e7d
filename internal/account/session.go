package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// SessionLife is how long a session lasts after its last use.
const SessionLife = 14 * 24 * time.Hour

// slideAfter is how old an expiry must be before a use moves it, so that reading costs no write.
const slideAfter = time.Hour

// Session is a log-in of a browser. Its secret lives in the cookie alone: the
// database holds a digest, and the CSRF token is derived from the secret.
type Session struct {
	User    User
	Expires time.Time
	Secret  string // 256 random bits; carried by the cookie
}

// CSRF is the text that a page must send beside the cookie.
func (s Session) CSRF() string { return digest("csrf " + s.Secret) }

// StartSession makes a new session with a secret of its own, whatever cookie came with the log-in.
func (s *Store) StartSession(ctx context.Context, user User) (Session, error) {
	session := Session{User: user, Secret: secret()}
	err := s.db.Write(ctx, func(tx *sqldb.Tx) error {
		now := s.realNow(tx)
		session.Expires = now.Add(SessionLife)
		if _, err := tx.Exec(`DELETE FROM session WHERE expires_at < $1`, sqldb.Micros(now)); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO session (digest, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
			digest(session.Secret), user.ID, sqldb.Micros(now), sqldb.Micros(session.Expires))
		return err
	})
	return session, err
}

// FindSession finds a live session of an active user, and brings the
// directory up to date if another process changed it.
func (s *Store) FindSession(ctx context.Context, secret string) (Session, bool, error) {
	var expires int64
	var now time.Time
	user, ok, err := s.bearer(ctx, func(tx *sqldb.Tx) (string, error) {
		now = s.realNow(tx)
		var id string
		err := tx.QueryRow(`SELECT s.account_id, s.expires_at FROM session s JOIN account a ON a.id = s.account_id
			WHERE s.digest = $1 AND s.expires_at > $2 AND a.active = 1`, digest(secret), sqldb.Micros(now)).
			Scan(&id, &expires)
		return id, err
	})
	if err != nil || !ok {
		return Session{}, false, err
	}
	session := Session{User: user, Expires: sqldb.FromMicros(expires), Secret: secret}
	if session.Expires.Sub(now) < SessionLife-slideAfter {
		err = s.slide(ctx, &session)
	}
	return session, err == nil, err
}

// slide moves the expiry of a session that is in use.
func (s *Store) slide(ctx context.Context, session *Session) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		session.Expires = s.realNow(tx).Add(SessionLife)
		_, err := tx.Exec(`UPDATE session SET expires_at = $1 WHERE digest = $2`,
			sqldb.Micros(session.Expires), digest(session.Secret))
		return err
	})
}

// EndSession ends one session; one that is not there is no error.
func (s *Store) EndSession(ctx context.Context, session Session) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`DELETE FROM session WHERE digest = $1`, digest(session.Secret))
		return err
	})
}

// revoke ends everything by which a person may come in without his password.
func revoke(tx *sqldb.Tx, user string) error {
	if _, err := tx.Exec(`DELETE FROM session WHERE account_id = $1`, user); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM token WHERE account_id = $1`, user)
	return err
}

// bearer runs find, which names an account, and gives that active user from a directory that is not stale.
func (s *Store) bearer(ctx context.Context, find func(*sqldb.Tx) (string, error)) (User, bool, error) {
	var id string
	var version int64
	err := s.db.Read(ctx, func(tx *sqldb.Tx) error {
		var err error
		if id, err = find(tx); err != nil {
			return err
		}
		version, err = readVersion(tx)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRows) {
		return User{}, false, nil
	}
	if err != nil {
		return User{}, false, err
	}
	if version > s.Directory().Version() {
		if err := s.Load(ctx); err != nil {
			return User{}, false, err
		}
	}
	user, ok := s.Directory().User(id)
	return user, ok && user.Active, nil
}

// secret is 256 random bits as text.
func secret() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// digest is what the database keeps of a secret; a random secret needs no salt.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
