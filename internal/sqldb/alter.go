package sqldb

import "context"

// Alter runs run-time DDL. The embedded database runs all statements in one
// transaction between two groups; a server waits at most two seconds at a time
// for its locks and tries again, and runs CREATE INDEX CONCURRENTLY outside the
// transaction of those before it.
func (db *DB) Alter(ctx context.Context, statements []string) error {
	if len(statements) == 0 {
		return nil
	}
	if err := db.gone.err(); err != nil {
		return err
	}
	return Classify(db.engine.alter(ctx, statements))
}

// Indexes are the names of the indexes by table, without those of constraints.
func (db *DB) Indexes(ctx context.Context) (map[string][]string, error) {
	found := map[string][]string{}
	err := db.Read(ctx, func(tx *Tx) error {
		rows, err := tx.Query(db.engine.indexes())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table, name string
			if err := rows.Scan(&table, &name); err != nil {
				return err
			}
			found[table] = append(found[table], name)
		}
		return rows.Err()
	})
	return found, err
}
