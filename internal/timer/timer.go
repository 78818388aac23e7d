// Package timer is the shell of the clocks: it finds the rows whose time has
// come by the index on wake_at, and lets the one write path act on each record.
// The truth is the row: a late tick loses nothing, and a stage that fired is
// over for good (decisions.md, "Jobs" and "Time").
package timer

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

const (
	period    = time.Second // between two looks
	batch     = 100         // rows of one look
	lanes     = 8           // records at work at once: their units share commits
	firstWait = 2 * time.Second
	longest   = 5 * time.Minute
)

// Timer looks for clocks that are due. Its fields are set once, by the server.
type Timer struct {
	DB       *sqldb.DB
	Snapshot func() *catalog.Snapshot
	Records  *record.Store
	Log      *slog.Logger

	stop func()
	done chan struct{}
	turn sync.Mutex
}

// Start begins to look, once a second, until Stop.
func (t *Timer) Start(ctx context.Context) {
	ctx, t.stop = context.WithCancel(ctx)
	t.done = make(chan struct{})
	go func() {
		defer close(t.done)
		ticker := time.NewTicker(period)
		defer ticker.Stop()
		for {
			if _, err := t.Due(ctx); err != nil && ctx.Err() == nil {
				t.Log.Error("clocks", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}()
}

// Stop waits until the clocks at work are done.
func (t *Timer) Stop() {
	if t.stop != nil {
		t.stop()
		<-t.done
	}
}

// due is one row whose time has come.
type due struct{ record, clock, object string }

// Due handles every clock that is due now and tells how many records it
// looked at. It returns when none is left.
func (t *Timer) Due(ctx context.Context) (handled int, err error) {
	t.turn.Lock()
	defer t.turn.Unlock()
	for ctx.Err() == nil {
		rows, err := t.find(ctx)
		if err != nil || len(rows) == 0 {
			return handled, err
		}
		t.work(ctx, rows)
		handled += len(rows)
	}
	return handled, ctx.Err()
}

// find reads the next rows; a row that failed waits for its retry, in real time.
func (t *Timer) find(ctx context.Context) (found []due, err error) {
	err = t.DB.Read(ctx, func(tx *sqldb.Tx) error {
		rows, err := tx.Query(`SELECT record,clock,object FROM clock_run
			WHERE wake_at IS NOT NULL AND wake_at<=$1 AND retry_at<=$2 ORDER BY wake_at LIMIT $3`,
			sqldb.Micros(tx.Now()), sqldb.Micros(tx.RealNow()), int64(batch))
		if err != nil {
			return err
		}
		defer rows.Close()
		seen := map[string]bool{}
		for rows.Next() {
			var d due
			if err := rows.Scan(&d.record, &d.clock, &d.object); err != nil {
				return err
			}
			if !seen[d.record] {
				seen[d.record] = true
				found = append(found, d)
			}
		}
		return rows.Err()
	})
	return found, err
}

// work ticks each record in a unit of its own; units of different lanes share commits.
func (t *Timer) work(ctx context.Context, rows []due) {
	queue := make(chan due)
	var group sync.WaitGroup
	for range min(lanes, len(rows)) {
		group.Go(func() {
			for d := range queue {
				if err := t.tick(ctx, d); err != nil && ctx.Err() == nil {
					t.postpone(ctx, d, err)
				}
			}
		})
	}
	for _, d := range rows {
		queue <- d
	}
	close(queue)
	group.Wait()
}

func (t *Timer) tick(ctx context.Context, d due) error {
	return t.DB.Write(ctx, func(tx *sqldb.Tx) error {
		object, ok := t.Snapshot().Object(d.object)
		if !ok {
			return t.abandon(tx, d)
		}
		_, err := t.Records.Apply(tx, record.Change{
			Act: record.Tick, Actor: thread.Actor{Kind: thread.Clock, ID: d.clock}, Object: object, ID: d.record,
		})
		if fault.KindOf(err) == fault.NotFound {
			return t.abandon(tx, d)
		}
		return err
	})
}

// abandon ends the clocks of a record that is no more.
func (t *Timer) abandon(tx *sqldb.Tx, d due) error {
	_, err := tx.Exec("UPDATE clock_run SET phase='cancelled', wake_at=NULL WHERE record=$1", d.record)
	return err
}

// postpone notes a failure on the row and tries again later, ever more slowly.
func (t *Timer) postpone(ctx context.Context, d due, cause error) {
	t.Log.Error("clock failed", "clock", d.clock, "record", d.record, "error", cause)
	err := t.DB.Write(ctx, func(tx *sqldb.Tx) error {
		var tries int64
		if err := tx.QueryRow("SELECT tries FROM clock_run WHERE record=$1 AND clock=$2", d.record, d.clock).Scan(&tries); err != nil {
			return err
		}
		wait := min(firstWait<<min(tries, 10), longest)
		_, err := tx.Exec("UPDATE clock_run SET tries=tries+1, retry_at=$1, problem=$2 WHERE record=$3 AND wake_at IS NOT NULL",
			sqldb.Micros(tx.RealNow().Add(wait)), cause.Error(), d.record)
		return err
	})
	if err != nil {
		t.Log.Error("clock cannot be postponed", "record", d.record, "error", err)
	}
}

// Next is when the earliest clock is due; zero when none is running.
func (t *Timer) Next(ctx context.Context) (at time.Time, err error) {
	err = t.DB.Read(ctx, func(tx *sqldb.Tx) error {
		var wake *int64
		if err := tx.QueryRow("SELECT MIN(wake_at) FROM clock_run WHERE wake_at IS NOT NULL").Scan(&wake); err != nil {
			return err
		}
		if wake != nil {
			at = sqldb.FromMicros(*wake)
		}
		return nil
	})
	return at, err
}
