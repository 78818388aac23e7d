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
