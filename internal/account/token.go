package account

import (
	"context"
	"strings"
	"time"

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
}

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
		return err
	})
	return token, text, err
}

// FindToken finds the active user of a token's text.
func (s *Store) FindToken(ctx context.Context, text string) (User, bool, error) {
	if !strings.HasPrefix(text, tokenPrefix) {
		return User{}, false, nil
	}
	return s.bearer(ctx, func(tx *sqldb.Tx) (string, error) {
		var id string
		err := tx.QueryRow(`SELECT t.account_id FROM token t JOIN account a ON a.id = t.account_id
			WHERE t.digest = $1 AND a.active = 1`, digest(text)).Scan(&id)
		return id, err
	})
}

// Tokens lists a user's tokens, newest first, without their texts.
func (s *Store) Tokens(ctx context.Context, user string) ([]Token, error) {
	var found []Token
	err := s.db.Read(ctx, func(tx *sqldb.Tx) error {
		return each(tx, `SELECT id, account_id, name, created_at FROM token WHERE account_id = $1
			ORDER BY created_at DESC, id DESC`, func(rows *sqldb.Rows) error {
			var t Token
			var created int64
			err := rows.Scan(&t.ID, &t.User, &t.Name, &created)
			t.Created = sqldb.FromMicros(created)
			found = append(found, t)
			return err
		}, user)
	})
	return found, err
}

// DeleteToken ends a token of the user; another's is NotFound.
func (s *Store) DeleteToken(ctx context.Context, user, id string) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(`DELETE FROM token WHERE id = $1 AND account_id = $2`, id, user)
		if err == nil && n == 0 {
			return fault.New(fault.NotFound, "not_found")
		}
		return err
	})
}
