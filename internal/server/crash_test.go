//go:build crash

package server_test

import (
	"context"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

// TestCrashesUnderLoadLoseNothing: 5,000 leads from 16 senders, ten kills,
// both databases; afterwards every robot has said what it had to.
func TestCrashesUnderLoadLoseNothing(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, place sqldb.Options) {
		r := newCrashRun(t, place, 5000)
		r.underLoad(16, 10)
		company := r.reopen(context.Background())
		defer company.close()
		company.verify()
		company.drained(15 * time.Minute)
		if dead := company.count("SELECT COUNT(*) FROM outbox WHERE state<>'sent'"); dead != 0 {
			t.Errorf("%d messages were not posted", dead)
		}
	})
}
