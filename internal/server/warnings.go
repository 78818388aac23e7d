package server

import (
	"errors"
	"fmt"
	"time"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/backup"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/search"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/worktime"
)

// From when on something is worth a warning.
const (
	diskLow       = 10 << 30 // bytes, and a tenth of the disk
	diskBad       = 1 << 30
	backupOld     = 48 * time.Hour
	clocksBehind  = 2 * time.Minute
	outboxBehind  = 15 * time.Minute
	jobsBehind    = 5 * time.Minute
	skewMost      = 5 * time.Second
	expiresSoon   = 14 * 24 * time.Hour
	nothingBefore = "'accepted'" // lets the partial index of odd deliveries serve
)

// warnings are what an administrator should look at.
func (a *App) warnings(tx *sqldb.Tx) ([]api.Warning, error) {
	list := a.calendarWarnings(tx)
	for _, part := range []func(*sqldb.Tx) ([]api.Warning, error){
		a.searchWarnings, a.diskWarnings, a.backupWarnings, a.keyWarnings, countWarnings, behindWarnings, a.jobWarnings, mutedRobots,
	} {
		found, err := part(tx)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return append(list, a.certificateWarnings(tx)...), nil
}

func warning(state, code string, params map[string]any) []api.Warning {
	return []api.Warning{{Code: code, State: state, Params: params}}
}

// searchWarnings say how far old records can be found.
func (a *App) searchWarnings(tx *sqldb.Tx) ([]api.Warning, error) {
	left, err := search.Backfill(tx)
	var list []api.Warning
	for _, p := range left {
		if object, ok := a.Catalog.Current().ObjectByID(p.Object); ok {
			list = append(list, warning(api.Warn, "search_filling", map[string]any{"object": object.Name, "done": p.Done, "total": p.Total})...)
		}
	}
	return list, err
}

// countWarnings count what failed and was not seen to.
func countWarnings(tx *sqldb.Tx) (list []api.Warning, err error) {
	for _, q := range []struct{ code, sql string }{
		{"failed_deliveries", "SELECT COUNT(*) FROM delivery WHERE status='failed' AND status<>" + nothingBefore},
		{"late_clocks", "SELECT COUNT(*) FROM clock_run WHERE tries>0 AND phase='running'"},
		{"dead_messages", "SELECT COUNT(*) FROM outbox WHERE state='dead'"},
	} {
		var n int64
		if err := tx.QueryRow(q.sql).Scan(&n); err != nil {
			return nil, fmt.Errorf("%s: %w", q.code, err)
		}
		if n > 0 {
			list = append(list, warning(api.Bad, q.code, map[string]any{"count": n})...)
		}
	}
	return list, nil
}

// calendarWarnings announce each year, up to the next, whose public days are unknown.
func (a *App) calendarWarnings(tx *sqldb.Tx) (list []api.Warning) {
	now := tx.Now()
	for _, calendar := range catalog.All[*worktime.Calendar](a.Catalog.Current(), "calendar") {
		for _, year := range calendar.Missing(now, now.AddDate(0, 3, 0)) {
			list = append(list, warning(api.Warn, "calendar_missing", map[string]any{"year": year})...)
		}
	}
	return list
}

func (a *App) diskWarnings(*sqldb.Tx) ([]api.Warning, error) {
	space, err := disk.SpaceOf(a.Data)
	if err != nil {
		return nil, err
	}
	state := api.Warn
	if space.Free < diskBad {
		state = api.Bad
	} else if space.Free >= diskLow || space.Free >= space.Total/10 {
		return nil, nil
	}
	return warning(state, "disk_low", map[string]any{"free": size(int64(space.Free)), "total": size(int64(space.Total))}), nil
}

// backupWarnings go by the notes that each backup leaves; the demo needs none.
func (a *App) backupWarnings(tx *sqldb.Tx) ([]api.Warning, error) {
	good, newest, err := backup.Last(tx)
	if err != nil || a.Demo {
		return nil, err
	}
	age := tx.RealNow().Sub(good.At)
	var list []api.Warning
	switch {
	case good.At.IsZero():
		list = warning(api.Warn, "backup_none", nil)
	case age > backupOld:
		list = warning(api.Bad, "backup_old", map[string]any{"days": int(age.Hours() / 24)})
	}
	if newest.Problem != "" {
		list = append(list, warning(api.Bad, "backup_failed", map[string]any{"problem": newest.Problem})...)
	}
	return list, nil
}

// keyWarnings try the key on one stored secret of each kind.
func (a *App) keyWarnings(tx *sqldb.Tx) ([]api.Warning, error) {
	for _, q := range []struct{ sql, purpose string }{
		{"SELECT channel, sealed FROM channel_secret LIMIT 1", "channel:"},
		{"SELECT robot, sealed FROM robot_secret LIMIT 1", "robot/"},
		{"SELECT name, sealed FROM security_setting WHERE sealed<>'' LIMIT 1", "signin/"},
		{"SELECT account_id, sealed FROM second_factor LIMIT 1", "factor/"},
	} {
		var name, sealed string
		err := tx.QueryRow(q.sql).Scan(&name, &sealed)
		if errors.Is(err, sqldb.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if _, err := a.Box.OpenText(sealed, q.purpose+name); err != nil {
			return warning(api.Bad, "key_wrong", nil), nil
		}
	}
	return nil, nil
}

// behindWarnings look for what is late though nothing failed.
func behindWarnings(tx *sqldb.Tx) (list []api.Warning, err error) {
	late, err := lateness(tx)
	if err != nil {
		return nil, err
	}
	if late > clocksBehind {
		list = warning(api.Bad, "clocks_behind", map[string]any{"seconds": int(late.Seconds())})
	}
	if skew := tx.Skew().Abs(); skew > skewMost {
		list = append(list, warning(api.Warn, "clock_skew", map[string]any{"seconds": int(skew.Seconds())})...)
	}
	var n int64
	err = tx.QueryRow(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND queued_at < $1
		AND EXISTS (SELECT 1 FROM robot_secret s WHERE s.robot = outbox.robot)`, tx.RealNow().Add(-outboxBehind)).Scan(&n)
	if n > 0 {
		list = append(list, warning(api.Warn, "outbox_behind", map[string]any{"count": n})...)
	}
	return list, err
}

// lateness is how long the oldest clock that has not failed has been due.
func lateness(tx *sqldb.Tx) (time.Duration, error) {
	var wake time.Time
	err := tx.QueryRow("SELECT wake_at FROM clock_run WHERE wake_at IS NOT NULL AND tries=0 ORDER BY wake_at LIMIT 1").Scan(&wake)
	if errors.Is(err, sqldb.ErrNoRows) {
		return 0, nil
	}
	return max(0, tx.Now().Sub(wake)), err
}

func (a *App) jobWarnings(tx *sqldb.Tx) (list []api.Warning, err error) {
	b, err := a.Jobs.Backlog(tx)
	if err != nil {
		return nil, err
	}
	if !b.Oldest.IsZero() && tx.RealNow().Sub(b.Oldest) > jobsBehind {
		list = warning(api.Warn, "jobs_behind", map[string]any{"count": b.Due})
	}
	if b.Dead > 0 {
		list = append(list, warning(api.Bad, "jobs_dead", map[string]any{"count": b.Dead})...)
	}
	return list, nil
}

// mutedRobots are those whose messages wait because nobody gave them a secret.
func mutedRobots(tx *sqldb.Tx) (list []api.Warning, err error) {
	rows, err := tx.Query(`SELECT o.robot, COUNT(*) FROM outbox o LEFT JOIN robot_secret s ON s.robot = o.robot
		WHERE o.state = 'waiting' AND s.robot IS NULL GROUP BY o.robot ORDER BY o.robot`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var robot string
		var n int64
		if err := rows.Scan(&robot, &n); err != nil {
			return nil, err
		}
		list = append(list, warning(api.Bad, "robot_no_secret", map[string]any{"robot": robot, "count": n})...)
	}
	return list, rows.Close()
}

func (a *App) certificateWarnings(tx *sqldb.Tx) []api.Warning {
	end := a.certificateEnd()
	if end.IsZero() {
		return nil
	}
	left := end.Sub(tx.RealNow())
	switch {
	case left <= 0:
		return warning(api.Bad, "tls_expired", nil)
	case left < expiresSoon:
		return warning(api.Warn, "tls_expiring", map[string]any{"days": int(left.Hours() / 24)})
	}
	return nil
}
