package intake

import (
	"context"
	"errors"
	"sync"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// Secrets keeps the channels' secrets: sealed in the database, opened once
// into memory. They are never read back by anyone.
type Secrets struct {
	DB  *sqldb.DB
	Box *seal.Box

	mu   sync.Mutex
	open map[string]string
}

// Get is a channel's secret, "" when none is set.
func (s *Secrets) Get(ctx context.Context, channel string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if secret, ok := s.open[channel]; ok {
		return secret, nil
	}
	var sealed string
	err := s.DB.Read(ctx, func(tx *sqldb.Tx) error {
		return tx.QueryRow("SELECT sealed FROM channel_secret WHERE channel=$1", channel).Scan(&sealed)
	})
	secret := ""
	switch {
	case errors.Is(err, sqldb.ErrNoRows):
	case err != nil:
		return "", err
	default:
		if secret, err = s.Box.OpenText(sealed, "channel:"+channel); err != nil {
			return "", err
		}
	}
	if s.open == nil {
		s.open = map[string]string{}
	}
	s.open[channel] = secret
	return secret, nil
}

// shortest is the least length of a secret, in bytes.
const shortest = 8

// Set replaces a channel's secret.
func (s *Secrets) Set(ctx context.Context, channel, secret string) error {
	if len(secret) < shortest {
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "secret", Code: "too_short", Params: map[string]any{"min": shortest}})
	}
	sealed := s.Box.SealText(secret, "channel:"+channel)
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`INSERT INTO channel_secret(channel,sealed,at) VALUES($1,$2,$3)
			ON CONFLICT (channel) DO UPDATE SET sealed=excluded.sealed, at=excluded.at`, channel, sealed, sqldb.Micros(tx.Now()))
		if err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "secret.set", Target: audit.Target{Kind: "channel", ID: channel}})
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, channel)
	return nil
}
