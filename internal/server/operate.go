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

// ResetPassword makes a link by which a person sets a new password, for who has
// the company's files and can log in no other way: the only administrator who
// forgot his, or lost his second factor, which then goes with it.
func (a *App) ResetPassword(ctx context.Context, email string, factor bool) (link string, expires time.Time, err error) {
	user, ok := a.Accounts.Directory().ByEmail(email)
	if !ok {
		return "", expires, fault.New(fault.NotFound, "unknown_user")
	}
	if !user.Active {
		return "", expires, fault.New(fault.Conflict, "user_inactive")
	}
	if factor {
		err := a.Accounts.RemoveFactor(ctx, user.ID, true)
		if err != nil && fault.KindOf(err) != fault.NotFound { // he may have none
			return "", expires, err
		}
	}
	text, expires, err := a.Accounts.NewReset(ctx, user.ID)
	link = "/set-password#" + text
	if a.PublicURL != "" || a.Listen != "" {
		link = a.address() + link
	}
	return link, expires, err
}
