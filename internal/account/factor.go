package account

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/totp"
)

// recoveryCodes is how many codes stand in for a lost phone.
const recoveryCodes = 10

// Lock-out of codes: per person and address, and per person whatever the address.
const (
	codesPerAddress = 5
	codesPerPerson  = 25
)

// EnrolFactor makes the secret of a second factor, which counts once
// ConfirmFactor had a code of it. A factor that counts already is not replaced.
func (s *Store) EnrolFactor(ctx context.Context, user string) (string, error) {
	secret := totp.NewSecret()
	sealed := s.options.Box.SealText(secret, "factor/"+user)
	err := s.db.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(`INSERT INTO second_factor (account_id, sealed, confirmed, last_step, created_at)
			VALUES ($1, $2, 0, 0, $3) ON CONFLICT (account_id) DO UPDATE SET sealed = excluded.sealed,
			created_at = excluded.created_at WHERE second_factor.confirmed = 0`, user, sealed, sqldb.Micros(s.realNow(tx)))
		if err == nil && n == 0 {
			return fault.New(fault.Conflict, "factor_there")
		}
		return err
	})
	return secret, err
}

// ConfirmFactor lets the enrolled factor count, and gives recovery codes, to be shown once.
func (s *Store) ConfirmFactor(ctx context.Context, user, code, address string) ([]string, error) {
	counters := codeCounters(user, address)
	if err := s.countAttempt(ctx, counters); err != nil {
		return nil, err
	}
	codes := newRecoveryCodes()
	err := s.write(ctx, func(tx *sqldb.Tx) error {
		if ok, err := s.useCode(tx, user, code, false); err != nil || !ok {
			return orWrongCode(err)
		}
		if _, err := tx.Exec(`UPDATE second_factor SET confirmed = 1 WHERE account_id = $1`, user); err != nil {
			return err
		}
		if err := replaceRecovery(tx, user, codes); err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "factor.enrolled", Target: personTarget(user)})
	})
	if err != nil {
		return nil, err
	}
	return codes, s.forgetAttempts(ctx, counters)
}

// CheckFactor checks a code of the person's app, or one of his recovery codes,
// which is used up by it. A code of the app is good once. It gives the way of
// coming in that the code stands for. Recovery codes also serve where the key of
// the secrets was lost.
func (s *Store) CheckFactor(ctx context.Context, user, code, address string) (string, error) {
	counters := codeCounters(user, address)
	if err := s.countAttempt(ctx, counters); err != nil {
		return "", err
	}
	method, unreadable := "", error(nil)
	err := s.db.Write(ctx, func(tx *sqldb.Tx) error {
		method, unreadable = ByFactor, nil
		ok, err := s.useCode(tx, user, code, true)
		if errors.Is(err, seal.ErrOpen) {
			unreadable, err = err, nil
		}
		if err != nil || ok {
			return err
		}
		method = ByRecovery
		n, err := tx.Exec(`DELETE FROM recovery_code WHERE account_id = $1 AND digest = $2`, user, recoveryDigest(user, code))
		if err == nil && n > 0 {
			return audit.Write(tx, audit.Entry{Kind: "factor.recovery_used", Target: personTarget(user)})
		}
		if err == nil {
			method = ""
			return audit.Write(tx, audit.Entry{Kind: "factor.refused", Failed: true, Target: personTarget(user)})
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if method == "" {
		return "", orWrongCode(unreadable)
	}
	return method, s.forgetAttempts(ctx, counters)
}

// NewRecoveryCodes replaces a person's recovery codes.
func (s *Store) NewRecoveryCodes(ctx context.Context, user string) ([]string, error) {
	codes := newRecoveryCodes()
	return codes, s.db.Write(ctx, func(tx *sqldb.Tx) error {
		if err := replaceRecovery(tx, user, codes); err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "factor.recovery_made", Target: personTarget(user)})
	})
}

// RecoveryLeft counts the recovery codes that a person has not used.
func (s *Store) RecoveryLeft(ctx context.Context, user string) (n int64, err error) {
	err = s.db.Read(ctx, func(tx *sqldb.Tx) error {
		return tx.QueryRow(`SELECT COUNT(*) FROM recovery_code WHERE account_id = $1`, user).Scan(&n)
	})
	return n, err
}

// RemoveFactor takes a person's second factor and recovery codes away; kind is
// "factor.removed" by himself, "factor.reset" by somebody else, which also ends his sessions.
func (s *Store) RemoveFactor(ctx context.Context, user string, byOther bool) error {
	kind := "factor.removed"
	if byOther {
		kind = "factor.reset"
	}
	return s.write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(`DELETE FROM recovery_code WHERE account_id = $1`, user); err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM second_factor WHERE account_id = $1`, user)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "not_found")
		}
		if byOther {
			if _, err := tx.Exec(`DELETE FROM session WHERE account_id = $1`, user); err != nil {
				return err
			}
			s.ended(tx, user)
		}
		return audit.Write(tx, audit.Entry{Kind: kind, Target: personTarget(user)})
	})
}

// useCode checks a code of the app and notes its step, so that it is good once.
func (s *Store) useCode(tx *sqldb.Tx, user, code string, confirmed bool) (bool, error) {
	var sealed string
	var last int64
	err := tx.QueryRow(`SELECT sealed, last_step FROM second_factor WHERE account_id = $1 AND confirmed = $2`,
		user, truth(confirmed)).Scan(&sealed, &last)
	if errors.Is(err, sqldb.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	secret, err := s.options.Box.OpenText(sealed, "factor/"+user)
	if err != nil {
		return false, fault.Wrap(fault.Conflict, "factor_unreadable", err)
	}
	step, ok := totp.Check(secret, strings.ReplaceAll(code, " ", ""), s.realNow(tx), last)
	if !ok {
		return false, nil
	}
	n, err := tx.Exec(`UPDATE second_factor SET last_step = $1 WHERE account_id = $2 AND last_step < $1`, step, user)
	return n > 0, err
}

func orWrongCode(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "code", Code: "wrong_code"})
}

// codeCounters are named so that forgetAttempts clears the first and takes one from the second.
func codeCounters(user, address string) []counter {
	return []counter{
		{name: "code " + user + " " + address, limit: codesPerAddress}, {name: "code " + user, limit: codesPerPerson},
	}
}

// newRecoveryCodes are texts of 80 random bits: too many for guessing, even from the digests.
func newRecoveryCodes() []string {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		text := strings.ToLower(rand.Text())[:16]
		codes[i] = text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
	}
	return codes
}

func replaceRecovery(tx *sqldb.Tx, user string, codes []string) error {
	if _, err := tx.Exec(`DELETE FROM recovery_code WHERE account_id = $1`, user); err != nil {
		return err
	}
	for _, code := range codes {
		if _, err := tx.Exec(`INSERT INTO recovery_code (account_id, digest) VALUES ($1, $2)`, user, recoveryDigest(user, code)); err != nil {
			return err
		}
	}
	return nil
}

// recoveryDigest is bound to the person and does not mind case, spaces or hyphens.
func recoveryDigest(user, code string) string {
	plain := strings.NewReplacer(" ", "", "-", "").Replace(strings.ToLower(code))
	return digest("recovery " + user + " " + plain)
}
