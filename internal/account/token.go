package account

import (
	"context"
	"errors"
	"strings"
	"time"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// tokenPrefix lets people and secret scanners recognise a token.
const tokenPrefix = "clew_"

// nameMax is the length of a name in characters.
const nameMax = 100

// Token is a person's key for programs; its text is shown once and never kept.
type Token struct {
	ID      string
	User    string
	Name    string
	Created time.Time
	Seen    time.Time // last use, give or take tokenNote; zero for never
}

// tokenNote is how old the note of a token's last use may become before a use renews it.
const tokenNote = time.Hour

// CreateToken makes a token with the user's rights and returns its text, "clew_…".
func (s *Store) CreateToken(ctx context.Context, user, name string) (Token, string, error) {
	var faults fault.Collector
	name = checkName(&faults, "name", name)
	if err := faults.Err(); err != nil {
		return Token{}, "", err
	}
	token, text := Token{ID: s.db.NewID(), User: user, Name: name}, tokenPrefix+secret()
	err := s.db.Write(ctx, func(tx *sqldb.Tx) error {
		token.Created = s.realNow(tx).UTC()
		_, err := tx.Exec(`INSERT INTO token (id, account_id, name, digest, created_at) VALUES ($1, $2, $3, $4, $5)`,
			token.ID, user, name, digest(text), sqldb.Micros(token.Created))
		if err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "token.created", Target: personTarget(user), Params: map[string]any{"name": name}})
	})
	return token, text, err
}

// FindToken finds the active user of a token's text.
func (s *Store) FindToken(ctx context.Context, text string) (User, bool, error) {
	if !strings.HasPrefix(text, tokenPrefix) {
		return User{}, false, nil
	}
	var seen, now time.Time
	user, ok, err := s.bearer(ctx, func(tx *sqldb.Tx) (string, error) {
		var id string
		now = s.realNow(tx)
		err := tx.QueryRow(`SELECT t.account_id, t.seen_at FROM token t JOIN account a ON a.id = t.account_id
			WHERE t.digest = $1 AND a.active = 1`, digest(text)).Scan(&id, &seen)
		return id, err
	})
	if err != nil || !ok || now.Sub(seen) < tokenNote {
		return user, ok, err
	}
	err = s.db.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`UPDATE token SET seen_at = $1 WHERE digest = $2`, sqldb.Micros(now), digest(text))
		return err
	})
	return user, err == nil, err
}

// Tokens lists a user's tokens, newest first, without their texts.
func (s *Store) Tokens(ctx context.Context, user string) ([]Token, error) {
	var found []Token
	err := s.db.Read(ctx, func(tx *sqldb.Tx) error {
		return each(tx, `SELECT id, account_id, name, created_at, seen_at FROM token WHERE account_id = $1
			ORDER BY created_at DESC, id DESC`, func(rows *sqldb.Rows) error {
			var t Token
			var seen int64
			err := rows.Scan(&t.ID, &t.User, &t.Name, &t.Created, &seen)
			if seen > 0 {
				t.Seen = sqldb.FromMicros(seen)
			}
			found = append(found, t)
			return err
		}, user)
	})
	return found, err
}

// DeleteToken ends a token of the user; another's is NotFound.
func (s *Store) DeleteToken(ctx context.Context, user, id string) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		var name string
		err := tx.QueryRow(`DELETE FROM token WHERE id = $1 AND account_id = $2 RETURNING name`, id, user).Scan(&name)
		if errors.Is(err, sqldb.ErrNoRows) {
			return fault.New(fault.NotFound, "not_found")
		}
		if err != nil {
			return err
		}
		s.ended(tx, user)
		return audit.Write(tx, audit.Entry{Kind: "token.ended", Target: personTarget(user), Params: map[string]any{"name": name}})
	})
}
