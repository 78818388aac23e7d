package job

import (
	"context"
	"errors"
	"sync"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// idlePoll is how often the table is looked at without any sign of work.
const idlePoll = 10 * time.Second

// table is the embedded queue: one process, so that a running job whose process
// has ended is known by the next start, and no leases are needed. Every change is
// a unit of the group commit.
type table struct {
	db    *sqldb.DB
	queue *Queue
	wake  chan struct{} // one pending sign is enough

	mu   sync.Mutex
	busy int // jobs running

	loop     context.Context // ends with stop
	stopLoop context.CancelFunc
	stopJobs context.CancelFunc
	ended    chan struct{} // closed when loop and jobs have ended
}

func newTable(db *sqldb.DB, q *Queue) *table {
	return &table{db: db, queue: q, wake: make(chan struct{}, 1)}
}

func (t *table) sign() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (t *table) enqueue(tx *sqldb.Tx, s spec) (string, error) {
	id, at := t.db.NewID(), s.at
	if at.IsZero() {
		at = tx.RealNow()
	}
	var unique any
	if s.unique != "" {
		unique = s.unique
	}
	n, err := tx.Exec(`INSERT INTO job (id, kind, args, unique_key, state, due, tries, reason)
		VALUES ($1, $2, $3, $4, 'waiting', $5, 0, '') ON CONFLICT DO NOTHING`, id, s.kind, string(s.args), unique, at)
	if err != nil || n == 0 {
		return "", err
	}
	tx.AfterCommit(t.sign)
	return id, nil
}

func (t *table) cancel(tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM job WHERE id = $1 AND state <> 'dead'`, id)
	return err
}

func (t *table) dead(tx *sqldb.Tx, limit int) ([]Dead, error) {
	rows, err := tx.Query(`SELECT id, kind, reason, args, tries, due FROM job
		WHERE state = 'dead' ORDER BY due DESC, id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Dead
	for rows.Next() {
		var d Dead
		var args string
		if err := rows.Scan(&d.ID, &d.Kind, &d.Reason, &args, &d.Tries, &d.At); err != nil {
			return nil, err
		}
		d.Args = []byte(args)
		out = append(out, d)
	}
	return out, rows.Close()
}

func (t *table) backlog(tx *sqldb.Tx) (b Backlog, err error) {
	var oldest int64
	err = tx.QueryRow(`SELECT COUNT(*), COUNT(CASE WHEN due <= $1 THEN 1 END), COALESCE(MIN(CASE WHEN due <= $1 THEN due END), 0)
		FROM job WHERE state = 'waiting'`, tx.RealNow()).Scan(&b.Waiting, &b.Due, &oldest)
	if err != nil {
		return b, err
	}
	if oldest > 0 {
		b.Oldest = sqldb.FromMicros(oldest)
	}
	err = tx.QueryRow(`SELECT COUNT(*) FROM job WHERE state = 'dead'`).Scan(&b.Dead)
	return b, err
}

// start takes up what an earlier process left running: its tries were counted
// before they began, so a job that ends the process each time ends dead.
func (t *table) start(ctx context.Context) error {
	err := t.db.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`UPDATE job SET state = CASE WHEN tries >= $1 THEN 'dead' ELSE 'waiting' END,
			reason = 'the process ended while the job ran', due = $2 WHERE state = 'running'`,
			t.queue.options.Tries, tx.RealNow())
		return err
	})
	if err != nil {
		return err
	}
	var jobs context.Context
	t.loop, t.stopLoop = context.WithCancel(context.WithoutCancel(ctx))
	jobs, t.stopJobs = context.WithCancel(context.WithoutCancel(ctx))
	t.ended = make(chan struct{})
	go t.run(jobs)
	return nil
}

func (t *table) stop(ctx context.Context) error {
	if t.ended == nil {
		return nil
	}
	t.stopLoop()
	defer t.stopJobs()
	select {
	case <-t.ended:
		return nil
	case <-ctx.Done():
		t.stopJobs()
		<-t.ended
		return ctx.Err()
	}
}

// run hands due jobs to goroutines until the loop ends, then waits for them.
func (t *table) run(jobs context.Context) {
	defer close(t.ended)
	var running sync.WaitGroup
	defer running.Wait()
	for t.loop.Err() == nil {
		claimed, next, err := t.claim(t.loop)
		if err != nil && t.loop.Err() == nil {
			t.queue.options.Log.Warn("jobs cannot be claimed", "error", err)
		}
		for _, j := range claimed {
			t.begin(1)
			running.Go(func() {
				defer t.sign()
				defer t.begin(-1)
				t.finish(j, t.queue.work(jobs, j))
			})
		}
		if len(claimed) == 0 {
			t.sleep(next)
		}
	}
}

func (t *table) begin(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.busy += n
}

func (t *table) free() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.queue.options.Workers - t.busy
}

func (t *table) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-t.wake:
	case <-timer.C:
	case <-t.loop.Done():
	}
}

// claim marks due jobs as running, as many as there are free workers, and says
// how long to sleep when there are none. Nothing is written while nothing is due.
func (t *table) claim(ctx context.Context) (claimed []*Job, next time.Duration, err error) {
	free := t.free()
	if free <= 0 {
		return nil, idlePoll, nil
	}
	next, err = t.untilDue(ctx)
	if err != nil || next > 0 {
		return nil, next, err
	}
	err = t.db.Write(ctx, func(tx *sqldb.Tx) error {
		claimed = nil
		rows, err := tx.Query(`UPDATE job SET state = 'running', tries = tries + 1 WHERE id IN
			(SELECT id FROM job WHERE state = 'waiting' AND due <= $1 ORDER BY due, id LIMIT $2)
			RETURNING id, kind, args, tries`, tx.RealNow(), free)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			j := &Job{}
			var args string
			if err := rows.Scan(&j.ID, &j.Kind, &args, &j.Try); err != nil {
				return err
			}
			j.Args = []byte(args)
			j.complete = func(tx *sqldb.Tx) error { return t.remove(tx, j) }
			claimed = append(claimed, j)
		}
		return rows.Close()
	})
	if err != nil {
		return nil, time.Second, err
	}
	return claimed, time.Millisecond, nil
}

// untilDue is the time to the next waiting job, at most idlePoll.
func (t *table) untilDue(ctx context.Context) (d time.Duration, err error) {
	d = idlePoll
	err = t.db.Read(ctx, func(tx *sqldb.Tx) error {
		var due *time.Time
		if err := tx.QueryRow(`SELECT min(due) FROM job WHERE state = 'waiting'`).Scan(&due); err != nil || due == nil {
			return err
		}
		d = min(d, due.Sub(tx.RealNow()))
		return nil
	})
	if err != nil {
		return time.Second, err
	}
	return d, nil
}

// remove ends a job that went well, if it is still this try's.
func (t *table) remove(tx *sqldb.Tx, j *Job) error {
	n, err := tx.Exec(`DELETE FROM job WHERE id = $1 AND tries = $2 AND state = 'running'`, j.ID, j.Try)
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}

// finish records a try's outcome, again and again while the database is away: a
// job forgotten here would run no more until the next start.
func (t *table) finish(j *Job, failed error) {
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := t.record(j, failed)
		if err == nil || errors.Is(err, ErrLost) {
			return
		}
		t.queue.options.Log.Warn("a job's outcome cannot be recorded", "kind", j.Kind, "id", j.ID, "error", err)
		select {
		case <-time.After(wait):
		case <-t.loop.Done():
			return // the next start takes it up
		}
	}
}

func (t *table) record(j *Job, failed error) error {
	return t.db.Write(context.Background(), func(tx *sqldb.Tx) error {
		if failed == nil {
			return t.remove(tx, j)
		}
		state, due := "waiting", tx.RealNow().Add(t.queue.options.Backoff(j.Try))
		if j.Try >= t.queue.options.Tries {
			state, due = "dead", tx.RealNow()
		}
		_, err := tx.Exec(`UPDATE job SET state = $1, due = $2, reason = $3,
			unique_key = CASE WHEN $1 = 'dead' THEN NULL ELSE unique_key END
			WHERE id = $4 AND tries = $5 AND state = 'running'`, state, due, failed.Error(), j.ID, j.Try)
		return err
	})
}
