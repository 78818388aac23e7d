package sqldb

import "time"

// Queued is how many units wait for the writer.
func (db *DB) Queued() int { return len(db.queue) }

// StatementCache is how many prepared statements a connection keeps.
const StatementCache = statementCache

// SetPatience is after what time a group counts as hung.
func (db *DB) SetPatience(d time.Duration) { db.watch.patience = d }

// Writing is how many groups reads let go first.
func (db *DB) Writing() int {
	db.turns.mu.Lock()
	defer db.turns.mu.Unlock()
	return db.turns.writing
}
