package account

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Lock-out, by real time. One counter per account and address stops guessing
// one password; one per address stops trying one password on many accounts.
// Neither lets a stranger lock a colleague out of another place.
const (
	failuresPerAccount = 5
	failuresPerAddress = 100
)

// EmailKey is the form in which e-mail addresses are compared.
func EmailKey(email string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(email)))
}

// keyMost is how long, in bytes, the key of an e-mail address may be.
const keyMost = 1000

// knownKey is the key of what was typed as an e-mail address, "" for what
// cannot be anybody's: a stranger may type what no database takes.
func knownKey(email string) string {
	key := EmailKey(email)
	if len(key) > keyMost || !utf8.ValidString(key) || strings.ContainsRune(key, 0) {
		return ""
	}
	return key
}

// Authenticate finds the active user who has this e-mail address and password.
// The address is the client's IP. Failures: Unauthorized bad_credentials, the
// same for an unknown user, a disabled one and a wrong password, and by the
// same computation; TooMany locked with retry_after in seconds.
//
// An attempt counts before it is checked, so that parallel guesses gain nothing.
func (s *Store) Authenticate(ctx context.Context, email, password, address string) (User, error) {
	key := knownKey(email)
	counters := []counter{
		{name: key + " " + address, limit: failuresPerAccount},
		{name: address, limit: failuresPerAddress},
	}
	if err := s.countAttempt(ctx, counters); err != nil {
		return User{}, err
	}
	id, stored, err := s.credentials(ctx, key)
	if err != nil {
		return User{}, err
	}
	ok, err := s.hasher.matches(ctx, password, stored)
	if err != nil {
		return User{}, err
	}
	if !ok {
		return User{}, s.refuse(ctx, id, "bad_credentials")
	}
	if err := s.forgetAttempts(ctx, counters); err != nil {
		return User{}, err
	}
	user, ok := s.Directory().User(id)
	if !ok {
		return User{}, fault.New(fault.Unauthorized, "bad_credentials")
	}
	return user, nil
}

// refuse notes a failed log-in, of the person meant if there is one: what was
// typed in place of an address may be a password, and is not kept.
func (s *Store) refuse(ctx context.Context, user, code string) error {
	err := s.db.Write(ctx, func(tx *sqldb.Tx) error {
		return audit.Write(tx, audit.Entry{
			Kind: "session.refused", Failed: true, Target: personTarget(user), Params: map[string]any{"reason": code},
		})
	})
	if err != nil {
		return err
	}
	return fault.New(fault.Unauthorized, code)
}

type counter struct {
	name  string
	limit int64
}

// countAttempt adds one to each counter, or refuses when one of them is locked.
func (s *Store) countAttempt(ctx context.Context, counters []counter) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		now, lock := s.realNow(tx), s.Directory().Rules().passwords().Lock
		for _, c := range counters {
			if err := count(tx, c, now, lock); err != nil {
				return err
			}
		}
		return nil
	})
}

func count(tx *sqldb.Tx, c counter, now time.Time, lock time.Duration) error {
	failures, since, locked := int64(0), sqldb.Micros(now), int64(0)
	err := tx.QueryRow(`SELECT failures, since, locked_until FROM login_failure WHERE counter = $1`, c.name).
		Scan(&failures, &since, &locked)
	if err != nil && !errors.Is(err, sqldb.ErrNoRows) {
		return err
	}
	// What lies further ahead than a lock lasts was noted by a clock that was wrong.
	if until := sqldb.FromMicros(locked); locked > 0 && now.Before(until) && until.Sub(now) <= lock {
		return fault.New(fault.TooMany, "locked").With("retry_after", int(until.Sub(now)/time.Second)+1)
	}
	if age := now.Sub(sqldb.FromMicros(since)); locked > 0 || age > lock || age < 0 {
		failures, since, locked = 0, sqldb.Micros(now), 0
	}
	failures++
	if failures >= c.limit {
		locked = sqldb.Micros(now.Add(lock))
	}
	_, err = tx.Exec(`INSERT INTO login_failure (counter, failures, since, locked_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (counter) DO UPDATE SET failures = excluded.failures, since = excluded.since,
		locked_until = excluded.locked_until`, c.name, failures, since, locked)
	return err
}

// forgetAttempts clears the account's counter after a success and takes the attempt back from the address's.
func (s *Store) forgetAttempts(ctx context.Context, counters []counter) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(`DELETE FROM login_failure WHERE counter = $1`, counters[0].name); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE login_failure SET failures = failures - 1,
			locked_until = CASE WHEN failures <= $2 THEN 0 ELSE locked_until END
			WHERE counter = $1 AND failures > 0`, counters[1].name, counters[1].limit)
		return err
	})
}

// credentials reads an active account's id and hash, both empty when there is none.
func (s *Store) credentials(ctx context.Context, key string) (id, hash string, err error) {
	var version int64
	err = s.db.Read(ctx, func(tx *sqldb.Tx) (err error) {
		if version, err = readVersion(tx); err != nil {
			return err
		}
		err = tx.QueryRow(`SELECT id, password_hash FROM account WHERE email_key = $1 AND active = 1`,
			key).Scan(&id, &hash)
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil
		}
		return err
	})
	if err == nil && version > s.Directory().Version() { // another process may have asked for a second factor
		err = s.Load(ctx)
	}
	return id, hash, err
}
