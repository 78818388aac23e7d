package sqldb

import "context"

// soundMost is how many faults Faults tells at most of each kind.
const soundMost = 20

// Faults looks the whole database through for pages and rows that do not fit
// together, and gives one line for each fault. A server's database is looked after by
// its server: there is nothing to find.
func (db *DB) Faults(ctx context.Context) (found []string, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		for _, query := range db.engine.soundness() {
			lines, err := texts(tx, query)
			if err != nil {
				return err
			}
			found = append(found, lines...)
		}
		return nil
	})
	return found, err
}

func texts(tx *Tx, query string) (lines []string, err error) {
	rows, err := tx.Query(query, soundMost)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, rows.Err()
}
