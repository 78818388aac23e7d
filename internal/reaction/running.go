package reaction

import (
	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/sqldb"
)

// RunningOn are records on which a clock runs, at most so many.
func RunningOn(tx *sqldb.Tx, name string, limit int) ([]string, error) {
	rows, err := tx.Query(`SELECT record FROM clock_run WHERE wake_at IS NOT NULL AND clock=$1 AND phase=$2 LIMIT $3`, name, string(clock.Running), int64(limit))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var records []string
	for rows.Next() {
		var record string
		if err := rows.Scan(&record); err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, rows.Err()
}
