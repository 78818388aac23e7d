package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"clew.dev/clew/internal/sqldb"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// riverDueIndex serves River's search for due jobs, which would else walk every
// job that waits. A River migration may rebuild the table, so it is made at every start.
const riverDueIndex = `CREATE INDEX IF NOT EXISTS river_sched_due ON river_job (scheduled_at)
	WHERE state IN ('retryable', 'scheduled')`

// riverArgs is how every job of ours looks to River, which needs one Go type a kind.
type riverArgs struct {
	Name   string          `json:"name"`
	Args   json.RawMessage `json:"args"`
	Unique string          `json:"unique,omitempty" river:"unique"`
}

// Kind is River's name for all our jobs.
func (riverArgs) Kind() string { return "clew" }

// riverBackend is the queue on a server, shared by all nodes.
type riverBackend struct {
	queue  *Queue
	client *river.Client[pgx.Tx]
}

func newRiver(ctx context.Context, pool *pgxpool.Pool, q *Queue) (*riverBackend, error) {
	driver := riverpgxv5.New(pool)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: q.options.Log})
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	if _, err := pool.Exec(ctx, riverDueIndex); err != nil {
		return nil, err
	}
	b := &riverBackend{queue: q}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &riverWorker{backend: b}); err != nil {
		return nil, err
	}
	b.client, err = river.NewClient(driver, &river.Config{
		Logger:                      q.options.Log,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.options.Workers}},
		Workers:                     workers,
		MaxAttempts:                 q.options.Tries,
		JobTimeout:                  q.options.Timeout + 5*time.Second, // ours ends first
		RescueStuckJobsAfter:        q.options.Timeout + 30*time.Second,
		FetchPollInterval:           500 * time.Millisecond,
		FetchCooldown:               10 * time.Millisecond,
		DiscardedJobRetentionPeriod: 30 * 24 * time.Hour,
		RetryPolicy:                 riverRetry{q},
	})
	return b, err
}

func (b *riverBackend) enqueue(tx *sqldb.Tx, s spec) (string, error) {
	pgtx, ok := tx.Postgres()
	if !ok {
		return "", errors.New("job: not a transaction of this queue's database")
	}
	o := &river.InsertOpts{ScheduledAt: s.at}
	if s.unique != "" {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}}
	}
	r, err := b.client.InsertTx(tx.Context(), pgtx, riverArgs{Name: s.kind, Args: s.args, Unique: s.unique}, o)
	if err != nil || r.UniqueSkippedAsDuplicate {
		return "", err
	}
	return strconv.FormatInt(r.Job.ID, 10), nil
}

func (b *riverBackend) cancel(tx *sqldb.Tx, id string) error {
	pgtx, _ := tx.Postgres()
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return fmt.Errorf("job id %q: %w", id, err)
	}
	_, err = b.client.JobCancelTx(tx.Context(), pgtx, n)
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil
	}
	return err
}

func (b *riverBackend) dead(tx *sqldb.Tx, limit int) ([]Dead, error) {
	rows, err := tx.Query(`SELECT id, args->>'name', coalesce(errors[array_length(errors, 1)]->>'error', ''),
		(args->'args')::text, attempt, (extract(epoch from finalized_at) * 1000000)::bigint
		FROM river_job WHERE state = 'discarded' AND kind = 'clew' ORDER BY finalized_at DESC, id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Dead
	for rows.Next() {
		var d Dead
		var id int64
		var args string
		if err := rows.Scan(&id, &d.Kind, &d.Reason, &args, &d.Tries, &d.At); err != nil {
			return nil, err
		}
		d.ID, d.Args = strconv.FormatInt(id, 10), json.RawMessage(args)
		out = append(out, d)
	}
	return out, rows.Close()
}

func (b *riverBackend) backlog(tx *sqldb.Tx) (found Backlog, err error) {
	var oldest int64
	err = tx.QueryRow(`SELECT COUNT(*), COUNT(*) FILTER (WHERE scheduled_at <= now()),
		COALESCE((extract(epoch from MIN(scheduled_at) FILTER (WHERE scheduled_at <= now())) * 1000000)::bigint, 0)
		FROM river_job WHERE state IN ('available', 'scheduled', 'retryable') AND kind = 'clew'`).Scan(&found.Waiting, &found.Due, &oldest)
	if err != nil {
		return found, err
	}
	if oldest > 0 {
		found.Oldest = sqldb.FromMicros(oldest)
	}
	err = tx.QueryRow(`SELECT COUNT(*) FROM river_job WHERE state = 'discarded' AND kind = 'clew'`).Scan(&found.Dead)
	return found, err
}

func (b *riverBackend) start(ctx context.Context) error {
	return b.client.Start(context.WithoutCancel(ctx))
}

func (b *riverBackend) stop(ctx context.Context) error {
	if err := b.client.Stop(ctx); err == nil {
		return nil
	}
	forced, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(ctx.Err(), b.client.StopAndCancel(forced))
}

// riverWorker hands River's jobs to our handlers.
type riverWorker struct {
	river.WorkerDefaults[riverArgs]
	backend *riverBackend
}

// Work runs one try.
func (w *riverWorker) Work(ctx context.Context, r *river.Job[riverArgs]) error {
	return w.backend.queue.work(ctx, &Job{
		ID: strconv.FormatInt(r.ID, 10), Kind: r.Args.Name, Args: r.Args.Args, Try: r.Attempt,
		complete: func(tx *sqldb.Tx) error {
			pgtx, _ := tx.Postgres()
			done, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, pgtx, r)
			if err == nil && done.State != rivertype.JobStateCompleted {
				err = ErrLost
			}
			return err
		},
	})
}

// riverRetry gives River our backoff.
type riverRetry struct{ queue *Queue }

// NextRetry is the real time of the next try.
func (p riverRetry) NextRetry(r *rivertype.JobRow) time.Time {
	return p.queue.options.Now().Add(p.queue.options.Backoff(len(r.Errors) + 1))
}
