package record

import (
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/sqldb"
)

// Select runs a selection and scans its rows.
func Select(tx *sqldb.Tx, selection query.Select) ([]query.Row, error) {
	var found []query.Row
	for _, half := range selection.Halves() {
		half.Limit -= len(found)
		rows, err := selectHalf(tx, half)
		if found == nil {
			found = rows
		} else {
			found = append(found, rows...)
		}
		if err != nil || selection.Limit > 0 && len(found) >= selection.Limit {
			return found, err
		}
	}
	return found, nil
}

func selectHalf(tx *sqldb.Tx, selection query.Select) ([]query.Row, error) {
	sql, args, err := selection.Render(tx.Dialect())
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make([]query.Row, 0, max(0, min(selection.Limit, MaxLimit+1)))
	columns := make([]any, query.Width(selection.Fields))
	for rows.Next() {
		if err := rows.Values(columns); err != nil {
			return nil, err
		}
		row, err := query.Scan(columns, selection.Fields, tx.Dialect())
		if err != nil {
			return nil, err
		}
		found = append(found, row)
	}
	return found, rows.Err()
}
