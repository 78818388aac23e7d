package sqldb

// Queued is how many units wait for the writer.
func (db *DB) Queued() int { return len(db.queue) }

// StatementCache is how many prepared statements a connection keeps.
const StatementCache = statementCache
