package server

import (
	"context"
	"fmt"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// CreateToken makes an API token for a user; it is shown once.
func (a *App) CreateToken(ctx context.Context, email, name string) (string, error) {
	user, ok := a.Accounts.Directory().ByEmail(email)
	if !ok {
		return "", fault.New(fault.NotFound, "unknown_user")
	}
	_, text, err := a.Accounts.CreateToken(ctx, user.ID, name)
	return text, err
}

// Doctor checks a company's data and says what it found, one line each; the
// error says that something is wrong.
func (a *App) Doctor(ctx context.Context) (report []string, err error) {
	if err := a.DB.Ready(ctx); err != nil {
		return nil, err
	}
	report = append(report, "ok   database answers")
	snapshot := a.Catalog.Current()
	if snapshot.Version == 0 {
		report = append(report, "note no configuration yet: it comes with the first start")
		return report, nil
	}
	report = append(report, fmt.Sprintf("ok   configuration version %d, %d objects", snapshot.Version, len(snapshot.Objects)))
	err = a.DB.Read(ctx, func(tx *sqldb.Tx) error {
		found, err := a.warnings(tx)
		for _, w := range found {
			report = append(report, fmt.Sprintf("warn %s %v", w.Code, w.Params))
		}
		return err
	})
	return report, err
}
