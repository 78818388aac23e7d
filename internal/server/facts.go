package server

import (
	"context"
	"time"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/backup"
	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/monitor"
	"clew.dev/clew/internal/sqldb"
)

// health is what the health page shows.
func (a *App) health(tx *sqldb.Tx) (api.Health, error) {
	items, err := a.warnings(tx)
	if err != nil {
		return api.Health{}, err
	}
	facts, err := a.facts(tx)
	return api.Health{Items: items, Facts: facts}, err
}

// facts are the figures of a system that may be well.
func (a *App) facts(tx *sqldb.Tx) ([]api.Fact, error) {
	bytes, err := tx.Size()
	if err != nil {
		return nil, err
	}
	space, err := disk.SpaceOf(a.Data)
	if err != nil {
		return nil, err
	}
	late, err := lateness(tx)
	if err != nil {
		return nil, err
	}
	waiting, err := a.Jobs.Backlog(tx)
	if err != nil {
		return nil, err
	}
	var messages int64
	if err := tx.QueryRow("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'").Scan(&messages); err != nil {
		return nil, err
	}
	list := []api.Fact{
		{Code: "version", Kind: "text", Value: a.Version},
		{Code: "configuration", Kind: "count", Value: a.Catalog.Current().Version},
		{Code: "database", Kind: "text", Value: a.databaseName()},
		{Code: "database_size", Kind: "bytes", Value: bytes},
		{Code: "disk_free", Kind: "bytes", Value: space.Free},
		{Code: "clocks_late", Kind: "seconds", Value: int(late.Seconds())},
		{Code: "jobs_waiting", Kind: "count", Value: waiting.Waiting},
		{Code: "messages_waiting", Kind: "count", Value: messages},
	}
	good, _, err := backup.Last(tx)
	return append(append(list, timeFact("backup", good.At)...), timeFact("certificate", a.certificateEnd())...), err
}

func timeFact(code string, at time.Time) []api.Fact {
	if at.IsZero() {
		return nil
	}
	return []api.Fact{{Code: code, Kind: "time", Value: at.UTC().Format(time.RFC3339)}}
}

func (a *App) databaseName() string {
	if a.Database == "" {
		return "SQLite"
	}
	return "PostgreSQL"
}

// levels are what a scrape of the metrics reads.
func (a *App) levels(ctx context.Context) (l monitor.Levels, err error) {
	space, err := disk.SpaceOf(a.Data)
	if err != nil {
		return l, err
	}
	l.DiskFree = space.Free
	err = a.DB.Read(ctx, func(tx *sqldb.Tx) (err error) {
		if l.DatabaseBytes, err = tx.Size(); err != nil {
			return err
		}
		if l.ClocksLate, err = lateness(tx); err != nil {
			return err
		}
		jobs, err := a.Jobs.Backlog(tx)
		if err != nil {
			return err
		}
		l.JobsWaiting, l.JobsDead = jobs.Waiting, jobs.Dead
		good, _, err := backup.Last(tx)
		if err != nil {
			return err
		}
		l.LastBackup = good.At
		return tx.QueryRow(`SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting'), (SELECT COUNT(*) FROM outbox WHERE state = 'dead'),
			(SELECT COUNT(*) FROM delivery WHERE status = 'failed' AND status <> 'accepted')`).Scan(&l.MessagesWaiting, &l.MessagesGivenUp, &l.DeliveriesFailed)
	})
	return l, err
}
