package sqldb_test

import (
	"context"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

// Readers who go away at any moment, a browser that is closed, leave no
// connection behind in the middle of their snapshot.
func TestReadersWhoGoAwayLeaveNothingBehind(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		alter(t, db, createItem)
		count := func(ctx context.Context) error {
			return db.Read(ctx, func(tx *sqldb.Tx) error {
				return tx.QueryRow("SELECT COUNT(*) FROM item").Scan(new(int64))
			})
		}
		began := time.Now()
		if err := count(t.Context()); err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		for i := range 2000 {
			ctx, cancel := context.WithTimeout(t.Context(), took*time.Duration(i%100)/50)
			_ = count(ctx) // in time or not
			cancel()
			if i%20 == 0 {
				if err := count(t.Context()); err != nil {
					t.Fatalf("after %d: %v", i, err)
				}
			}
		}
	})
}
