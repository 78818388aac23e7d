package account

import (
	"context"
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

//go:embed common_passwords.txt
var commonPasswords string

// checkPassword refuses what the company's rules, or good sense, do not allow.
func (s *Store) checkPassword(path, password, email string) *fault.Field {
	return refusal(s.Directory().Rules().passwords(), path, password, email)
}

func refusal(rules Profile, path, password, email string) *fault.Field {
	length := utf8.RuneCountInString(password)
	switch {
	case length < rules.MinLength:
		return &fault.Field{Path: path, Code: "password_too_short", Params: map[string]any{"min": rules.MinLength}}
	case length > passwordMax:
		return &fault.Field{Path: path, Code: "too_long", Params: map[string]any{"max": passwordMax}}
	case EmailKey(password) == EmailKey(email):
		return &fault.Field{Path: path, Code: "password_is_email"}
	case common(password):
		return &fault.Field{Path: path, Code: "password_common"}
	case classes(password) < rules.Classes:
		return &fault.Field{Path: path, Code: "password_too_plain", Params: map[string]any{"classes": rules.Classes}}
	}
	return nil
}

// common says whether a password is one of those that guessers try first: a
// known one, one character over and over, or a run of neighbours.
func common(password string) bool {
	text := strings.ToLower(password)
	if slices.Contains(strings.Fields(commonPasswords), text) {
		return true
	}
	up, down, same := true, true, true
	runes := []rune(text)
	for i := 1; i < len(runes); i++ {
		step := runes[i] - runes[i-1]
		up, down, same = up && step == 1, down && step == -1, same && step == 0
	}
	return up || down || same
}

// classes counts which of lower case, upper case, digits and signs there are;
// letters without case, such as Chinese, count as signs.
func classes(password string) int {
	var lower, upper, digit, sign int
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			sign = 1
		}
	}
	return lower + upper + digit + sign
}

// refuseEarlier refuses a password that the person had before, as far back as the rules say.
func (s *Store) refuseEarlier(ctx context.Context, path, user, password string) error {
	history := s.Directory().Rules().passwords().History
	if history == 0 {
		return nil
	}
	var hashes []string
	err := s.db.Read(ctx, func(tx *sqldb.Tx) error {
		hashes = nil
		return each(tx, `SELECT hash FROM password_history WHERE account_id = $1 ORDER BY at DESC LIMIT $2`,
			func(rows *sqldb.Rows) error {
				var hash string
				err := rows.Scan(&hash)
				hashes = append(hashes, hash)
				return err
			}, user, int64(history))
	})
	if err != nil {
		return err
	}
	for _, hash := range hashes {
		used, err := s.hasher.matches(ctx, password, hash)
		if err != nil {
			return err
		}
		if used {
			return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: path, Code: "password_used_before", Params: map[string]any{"n": history}})
		}
	}
	return nil
}

// setPassword stores a new hash, and remembers it where the rules ask for a
// history, with the hash before when it is not there yet.
func (s *Store) setPassword(tx *sqldb.Tx, user, hash string, mustChange bool) error {
	now, before := sqldb.Micros(s.realNow(tx)), ""
	if err := tx.QueryRow(`SELECT password_hash FROM account WHERE id = $1`, user).Scan(&before); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE account SET password_hash = $1, password_at = $2, must_change = $3 WHERE id = $4`,
		hash, now, mustChange, user)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM password_reset WHERE account_id = $1`, user); err != nil {
		return err
	}
	history := s.Directory().Rules().passwords().History
	if history == 0 {
		_, err := tx.Exec(`DELETE FROM password_history WHERE account_id = $1`, user)
		return err
	}
	for at, kept := range map[int64]string{now - 1: before, now: hash} {
		if kept == "" {
			continue
		}
		if _, err := tx.Exec(`INSERT INTO password_history (account_id, at, hash)
			SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM password_history WHERE account_id = $1 AND hash = $3)`, user, at, kept); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`DELETE FROM password_history WHERE account_id = $1 AND at NOT IN
		(SELECT at FROM password_history WHERE account_id = $1 ORDER BY at DESC LIMIT $2)`, user, int64(history))
	return err
}
