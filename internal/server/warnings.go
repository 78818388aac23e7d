package server

import (
	"fmt"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/search"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/worktime"
)

// warnings are what an administrator should look at: calendar years without
// data, deliveries that failed, clocks that cannot be handled, messages given up.
func (a *App) warnings(tx *sqldb.Tx) ([]api.Warning, error) {
	list := a.calendarWarnings(tx)
	filling, err := a.searchWarnings(tx)
	if err != nil {
		return nil, err
	}
	list = append(list, filling...)
	for _, q := range []struct{ code, sql string }{
		// the second condition lets the partial index serve
		{"failed_deliveries", "SELECT COUNT(*) FROM delivery WHERE status='failed' AND status<>'accepted'"},
		{"late_clocks", "SELECT COUNT(*) FROM clock_run WHERE wake_at IS NOT NULL AND tries>0"},
		{"dead_messages", "SELECT COUNT(*) FROM outbox WHERE state='dead'"},
	} {
		var n int64
		if err := tx.QueryRow(q.sql).Scan(&n); err != nil {
			return nil, fmt.Errorf("%s: %w", q.code, err)
		}
		if n > 0 {
			list = append(list, api.Warning{Code: q.code, Params: map[string]any{"count": n}})
		}
	}
	return list, nil
}

// searchWarnings say how far old records can be found.
func (a *App) searchWarnings(tx *sqldb.Tx) ([]api.Warning, error) {
	left, err := search.Backfill(tx)
	var list []api.Warning
	for _, p := range left {
		if object, ok := a.Catalog.Current().ObjectByID(p.Object); ok {
			list = append(list, api.Warning{Code: "search_filling", Params: map[string]any{"object": object.Name, "done": p.Done, "total": p.Total}})
		}
	}
	return list, err
}

// calendarWarnings announce each year, up to the next, whose public days are unknown.
func (a *App) calendarWarnings(tx *sqldb.Tx) []api.Warning {
	var list []api.Warning
	now := tx.Now()
	for _, calendar := range catalog.All[*worktime.Calendar](a.Catalog.Current(), "calendar") {
		for _, year := range calendar.Missing(now, now.AddDate(0, 3, 0)) {
			list = append(list, api.Warning{Code: "calendar_missing", Params: map[string]any{"year": year}})
		}
	}
	return list
}
