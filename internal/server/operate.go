package server

import (
	"context"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/purge"
	"clew.dev/clew/internal/record"
)

// Keeping is how long what is kept: deleted records as long as they can be
// restored, the others so many days.
func Keeping(messages, deliveries int) purge.Keep {
	const day = 24 * time.Hour
	return purge.Keep{Deleted: record.Restorable, Messages: time.Duration(messages) * day, Deliveries: time.Duration(deliveries) * day}
}

// CreateToken makes an API token for a user; it is shown once.
func (a *App) CreateToken(ctx context.Context, email, name string) (string, error) {
	user, ok := a.Accounts.Directory().ByEmail(email)
	if !ok {
		return "", fault.New(fault.NotFound, "unknown_user")
	}
	_, text, err := a.Accounts.CreateToken(ctx, user.ID, name)
	return text, err
}
