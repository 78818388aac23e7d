package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// SessionLife is how long a session lasts after its last use, unless the rules say otherwise.
const SessionLife = 14 * 24 * time.Hour

// pendingLife is how long a person may take to give the second factor.
const pendingLife = 10 * time.Minute

// slideAfter is how old the note of the last use may become before a use
// renews it, so that reading costs hardly any write.
const slideAfter = 5 * time.Minute

// The ways by which a session began.
const (
	ByPassword = "password"
	ByFactor   = "password+code"
	ByRecovery = "password+recovery"
	ByProvider = "provider"
)

// Arrival is how and from where somebody comes in.
type Arrival struct {
	Method  string // "" is ByPassword
	Address string // IP address
	Device  string // what the browser says of itself
	Pending bool   // the second factor is still to come
}

// Session is a log-in of a browser. Its secret lives in the cookie alone: the
// database holds a digest, and the CSRF token is derived from the secret.
type Session struct {
	Arrival
	ID      string
	User    User
	Created time.Time
	Seen    time.Time // last use, give or take slideAfter
	Expires time.Time
	Secret  string    // 256 random bits; carried by the cookie
	Checked time.Time // real time at which it was looked up
}

// CSRF is the text that a page must send beside the cookie.
func (s Session) CSRF() string { return digest("csrf " + s.Secret) }

// expire works out until when the session lasts under the rules.
func (s *Session) expire(r Rules) {
	if s.Pending {
		s.Expires = s.Created.Add(pendingLife)
		return
	}
	s.Expires = s.Seen.Add(r.idle())
	if end := s.Created.Add(r.Life()); end.Before(s.Expires) {
		s.Expires = end
	}
}

// deviceMax bounds what is kept of a browser's name.
const deviceMax = 300

// StartSession makes a new session with a secret of its own, whatever cookie came with the log-in.
func (s *Store) StartSession(ctx context.Context, user User, arrival Arrival) (Session, error) {
	if arrival.Method == "" {
		arrival.Method = ByPassword
	}
	arrival.Device = clip(arrival.Device, deviceMax)
	session := Session{Arrival: arrival, ID: s.db.NewID(), User: user, Secret: secret()}
	ctx = audit.As(ctx, audit.Actor{Kind: audit.Person, ID: user.ID, Address: arrival.Address})
	err := s.db.Write(ctx, func(tx *sqldb.Tx) error {
		now := s.realNow(tx)
		session.Created, session.Seen, session.Checked = now, now, now
		session.expire(s.Directory().Rules())
		if _, err := tx.Exec(`DELETE FROM session WHERE expires_at < $1`, sqldb.Micros(now)); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO session (digest, id, account_id, created_at, seen_at, expires_at, address, device, method, pending)
			VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)`,
			digest(session.Secret), session.ID, user.ID, sqldb.Micros(now), sqldb.Micros(session.Expires),
			arrival.Address, arrival.Device, arrival.Method, arrival.Pending)
		if err != nil || arrival.Pending {
			return err
		}
		return audit.Write(tx, audit.Entry{
			Kind: "session.started", Target: personTarget(user.ID), Params: map[string]any{"method": arrival.Method, "device": arrival.Device},
		})
	})
	return session, err
}

// clip cuts a text to so many characters and leaves out what no header should hold.
func clip(text string, most int) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// FindSession finds a live session of an active user, notes its use, and
// brings the directory up to date if another process changed it.
func (s *Store) FindSession(ctx context.Context, secret string) (Session, bool, error) {
	session, ok, err := s.PeekSession(ctx, secret)
	if err != nil || !ok || session.Pending {
		return session, ok, err
	}
	if session.Checked.Sub(session.Seen) > min(slideAfter, s.Directory().Rules().idle()/10) {
		err = s.slide(ctx, &session)
	}
	return session, err == nil, err
}

// PeekSession is FindSession for what is no use by a person: a page that
// refreshes itself, a stream that stays open.
func (s *Store) PeekSession(ctx context.Context, secret string) (Session, bool, error) {
	session := Session{Secret: secret}
	user, ok, err := s.bearer(ctx, func(tx *sqldb.Tx) (string, error) {
		var id string
		session.Checked = s.realNow(tx)
		err := tx.QueryRow(`SELECT s.account_id, s.id, s.created_at, s.seen_at, s.address, s.device, s.method, s.pending
			FROM session s JOIN account a ON a.id = s.account_id WHERE s.digest = $1 AND a.active = 1`, digest(secret)).
			Scan(&id, &session.ID, &session.Created, &session.Seen, &session.Address, &session.Device, &session.Method, &session.Pending)
		return id, err
	})
	if err != nil || !ok {
		return Session{}, false, err
	}
	session.User = user
	session.expire(s.Directory().Rules())
	if !session.Checked.Before(session.Expires) {
		return Session{}, false, nil
	}
	return session, true, nil
}

// slide notes that a session is in use, which moves its expiry.
func (s *Store) slide(ctx context.Context, session *Session) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		session.Seen = s.realNow(tx)
		session.expire(s.Directory().Rules())
		_, err := tx.Exec(`UPDATE session SET expires_at = $1, seen_at = $2 WHERE digest = $3`,
			sqldb.Micros(session.Expires), sqldb.Micros(session.Seen), digest(session.Secret))
		return err
	})
}

// EndSession ends one session; one that is not there is no error.
func (s *Store) EndSession(ctx context.Context, session Session) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(`DELETE FROM session WHERE digest = $1`, digest(session.Secret))
		if err != nil || n == 0 || session.Pending {
			return err
		}
		s.ended(tx, session.User.ID)
		return audit.Write(tx, audit.Entry{Kind: "session.ended", Target: personTarget(session.User.ID)})
	})
}

// Sessions lists a person's live sessions, the last used first.
func (s *Store) Sessions(ctx context.Context, user string) ([]Session, error) {
	var found []Session
	rules := s.Directory().Rules()
	err := s.db.Read(ctx, func(tx *sqldb.Tx) error {
		found = nil
		now := s.realNow(tx)
		return each(tx, `SELECT id, created_at, seen_at, address, device, method FROM session
			WHERE account_id = $1 AND pending = 0 ORDER BY seen_at DESC, id DESC`, func(rows *sqldb.Rows) error {
			var one Session
			err := rows.Scan(&one.ID, &one.Created, &one.Seen, &one.Address, &one.Device, &one.Method)
			if one.expire(rules); now.Before(one.Expires) {
				found = append(found, one)
			}
			return err
		}, user)
	})
	return found, err
}

// RevokeSession ends one session of a person; another's is NotFound.
func (s *Store) RevokeSession(ctx context.Context, user, id string) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(`DELETE FROM session WHERE id = $1 AND account_id = $2`, id, user)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "not_found")
		}
		s.ended(tx, user)
		return audit.Write(tx, audit.Entry{Kind: "session.revoked", Target: personTarget(user), Params: map[string]any{"count": 1}})
	})
}

// RevokeSessions ends all sessions of a person but the one to keep, "" for
// none, and says how many.
func (s *Store) RevokeSessions(ctx context.Context, user, keep string) (int64, error) {
	var n int64
	err := s.db.Write(ctx, func(tx *sqldb.Tx) (err error) {
		if n, err = tx.Exec(`DELETE FROM session WHERE account_id = $1 AND id <> $2`, user, keep); err != nil {
			return err
		}
		s.ended(tx, user)
		return audit.Write(tx, audit.Entry{Kind: "session.revoked", Target: personTarget(user), Params: map[string]any{"count": n}})
	})
	return n, err
}

// ended tells the edges, after the commit, that a person's sessions or tokens have to be looked at.
func (s *Store) ended(tx *sqldb.Tx, user string) {
	if s.options.OnRevoke != nil {
		tx.AfterCommit(func() { s.options.OnRevoke(user) })
	}
}

// revoke ends everything by which a person may come in without his password.
func (s *Store) revoke(tx *sqldb.Tx, user string) error {
	if _, err := tx.Exec(`DELETE FROM session WHERE account_id = $1`, user); err != nil {
		return err
	}
	s.ended(tx, user)
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
