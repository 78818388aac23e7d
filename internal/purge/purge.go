// Package purge removes for good what has been kept long enough: deleted
// records that can no longer come back, messages that were sent, and the raw
// bodies of deliveries. It works in small units, so that the writer is never
// held, and the rows tell what is left: an interrupted sweep goes on with the next.
package purge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

const (
	every      = time.Hour
	first      = time.Minute // after the start
	recordsOne = 10          // records of one unit, with their threads
	rowsOne    = 200         // rows of one unit
	found      = 5000        // records looked up at a time
)

// Keep is how long what is kept; a zero keeps for ever.
type Keep struct {
	Deleted    time.Duration // deleted records
	Messages   time.Duration // messages to groups, after they were sent
	Deliveries time.Duration // raw bodies of deliveries
}

// Done counts what a sweep removed.
type Done struct{ Records, Messages, Bodies int64 }

// Sweeper removes. Its fields are set once, by the server.
type Sweeper struct {
	DB       *sqldb.DB
	Snapshot func() *catalog.Snapshot
	Keep     Keep
	Log      *slog.Logger

	stop context.CancelFunc
	wait sync.WaitGroup
}

// Start sweeps once an hour.
func (s *Sweeper) Start(ctx context.Context) {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.wait.Go(func() {
		timer := time.NewTimer(first)
		defer timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
			done, err := s.Sweep(ctx)
			switch {
			case err != nil && ctx.Err() == nil:
				s.Log.Error("purge", "error", err)
			case done != Done{}:
				s.Log.Info("purged", "records", done.Records, "messages", done.Messages, "bodies", done.Bodies)
			}
			timer.Reset(every)
		}
	})
}

// Stop ends a sweep between two units.
func (s *Sweeper) Stop() {
	if s.stop != nil {
		s.stop()
		s.wait.Wait()
	}
}

// Sweep removes everything that is due.
func (s *Sweeper) Sweep(ctx context.Context) (done Done, err error) {
	for _, object := range s.Snapshot().Objects {
		n, err := s.records(ctx, object)
		done.Records += n
		if err != nil {
			return done, fmt.Errorf("deleted records of %s: %w", object.Name, err)
		}
	}
	if done.Messages, err = s.messages(ctx); err != nil {
		return done, fmt.Errorf("messages: %w", err)
	}
	if done.Bodies, err = s.bodies(ctx); err != nil {
		return done, fmt.Errorf("deliveries: %w", err)
	}
	return done, nil
}

func (s *Sweeper) records(ctx context.Context, object *schema.Object) (n int64, err error) {
	if s.Keep.Deleted == 0 {
		return 0, nil
	}
	for ctx.Err() == nil {
		ids, err := s.deleted(ctx, object)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		for len(ids) > 0 && ctx.Err() == nil {
			part := ids[:min(recordsOne, len(ids))]
			ids = ids[len(part):]
			gone := int64(0)
			err := s.DB.Write(ctx, func(tx *sqldb.Tx) (err error) {
				gone, err = s.remove(tx, object, part)
				return err
			})
			if n += gone; err != nil {
				return n, err
			}
		}
	}
	return n, ctx.Err()
}

// deleted are records that were deleted long enough ago.
func (s *Sweeper) deleted(ctx context.Context, object *schema.Object) (ids []string, err error) {
	err = s.DB.Read(ctx, func(tx *sqldb.Tx) error {
		rows, err := tx.Query("SELECT id FROM "+query.Quote(object.Table)+" WHERE deleted_at < $1 LIMIT $2", tx.Now().Add(-s.Keep.Deleted), found)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return rows.Err()
	})
	return ids, err
}

// remove takes records out with all that hangs on them. Of the thread stays
// who did something when, without what it was, and that the record was purged.
func (s *Sweeper) remove(tx *sqldb.Tx, object *schema.Object, ids []string) (n int64, err error) {
	for _, id := range ids {
		var seq int64
		table := query.Quote(object.Table)
		// Somebody may have restored it meanwhile, or another node been here.
		rows, err := tx.Query("DELETE FROM "+table+" WHERE id=$1 AND deleted_at < $2 RETURNING thread_seq", id, tx.Now().Add(-s.Keep.Deleted))
		if err != nil {
			return n, err
		}
		gone := rows.Next()
		if gone {
			err = rows.Scan(&seq)
		}
		if err = errors.Join(err, rows.Close()); err != nil {
			return n, err
		}
		if !gone {
			continue
		}
		if err := forget(tx, object, id, seq); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func forget(tx *sqldb.Tx, object *schema.Object, id string, seq int64) error {
	if err := thread.Erase(tx, id); err != nil {
		return err
	}
	head, err := thread.HeadOf(tx, id, seq)
	if err != nil {
		return err
	}
	purged := thread.Entry{Record: id, Object: object.ID, At: tx.Now(), Actor: thread.Actor{Kind: thread.System}, Kind: "purged"}
	if _, err := thread.Append(tx, head, []thread.Entry{purged}); err != nil {
		return err
	}
	for _, table := range []string{"match_key", "clock_run", "pin", "recent", "follower", "conversion", "stage_visit"} {
		if _, err := tx.Exec("DELETE FROM "+table+" WHERE record=$1", id); err != nil {
			return err
		}
	}
	// That it became part of another record stays; it cannot be put back any more.
	if _, err := tx.Exec("UPDATE record_merge SET detail='{}' WHERE loser=$1 AND undone_at IS NULL", id); err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE delivery SET body='', headers='{}', errors='[]' WHERE record=$1 AND record<>''", id)
	return err
}
