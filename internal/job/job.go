// Package job is the durable queue for what must happen after a transaction and
// may be tried again: messages to vendors, imports, backfills, purges, calls of
// flows. A job is enqueued in a unit and exists exactly if the unit was
// committed. It runs at least once, outside any transaction, on real time; its
// outside effects therefore need a key that is stable over tries. What a promise
// to a person hangs on (clocks, waits) is never a job but a row of its owner.
//
// A server runs River; the embedded database a small table of its own (see
// docs/adr/0002-jobs.md). Both do the same for the caller.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// Options shape a queue; each zero value is replaced by its default.
type Options struct {
	Workers int                              // jobs at a time, default 8
	Tries   int                              // before a job is dead, default 12
	Timeout time.Duration                    // of one try, default 60 s
	Backoff func(failures int) time.Duration // real time to the next try, default 1 s doubling to 1 h, ±10 %
	Now     func() time.Time                 // real time, default time.Now
	Log     *slog.Logger                     // default discards
}

// Job is one try of one job.
type Job struct {
	ID       string
	Kind     string
	Args     json.RawMessage
	Try      int // 1 for the first
	complete func(tx *sqldb.Tx) error
}

// Bind reads the arguments into v.
func (j *Job) Bind(v any) error { return json.Unmarshal(j.Args, v) }

// Complete ends the job in the transaction of its effect, so that the effect
// happens once even if the process dies right after. It fails when the job is no
// longer this try's; the unit is then to be given up.
func (j *Job) Complete(tx *sqldb.Tx) error { return j.complete(tx) }

// Handler runs one kind. It gets a context that ends with the try's timeout or
// when the queue is stopped; an error, or a panic, brings another try.
type Handler func(ctx context.Context, j *Job) error

// Dead is a job that has used up its tries.
type Dead struct {
	ID, Kind, Reason string
	Args             json.RawMessage
	Tries            int
	At               time.Time // real time of the last try
}

// Backlog is what waits: how many jobs, how many of them should already have
// begun, since when the oldest of those, and how many were given up.
type Backlog struct {
	Waiting, Due, Dead int64
	Oldest             time.Time // zero when none is due
}

// ErrLost is what Complete returns when the job was cancelled, or given to another try.
var ErrLost = errors.New("job: no longer this try's")

// backend is the queue's store. Two ship: table.go and river.go.
type backend interface {
	enqueue(tx *sqldb.Tx, s spec) (string, error)
	cancel(tx *sqldb.Tx, id string) error
	dead(tx *sqldb.Tx, limit int) ([]Dead, error)
	backlog(tx *sqldb.Tx) (Backlog, error)
	start(ctx context.Context) error
	stop(ctx context.Context) error
}

// spec is a job to be.
type spec struct {
	kind, unique string
	args         []byte
	at           time.Time // zero is now
}

// Queue is the company's queue.
type Queue struct {
	backend  backend
	options  Options
	handlers map[string]Handler
}

// New prepares the queue's tables. Handlers are added and Start is called after it.
func New(ctx context.Context, db *sqldb.DB, o Options) (*Queue, error) {
	q := &Queue{options: o.withDefaults(), handlers: map[string]Handler{}}
	if pool, ok := db.Pool(); ok {
		r, err := newRiver(ctx, pool, q)
		if err != nil {
			return nil, fmt.Errorf("job: %w", err)
		}
		q.backend = r
		return q, nil
	}
	q.backend = newTable(db, q)
	return q, nil
}

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = 8
	}
	if o.Tries <= 0 {
		o.Tries = 12
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func backoff(failures int) time.Duration {
	d := time.Hour
	if failures < 12 {
		d = min(d, time.Second<<max(failures-1, 0))
	}
	return d + time.Duration((rand.Float64()-0.5)*0.2*float64(d))
}

// Handle sets the handler of a kind, before Start. A kind without a handler
// fails its tries and says so.
func (q *Queue) Handle(kind string, h Handler) { q.handlers[kind] = h }

// Enqueue adds a job to run as soon as the unit is committed. args is marshalled
// as JSON. A unique text, if not empty, is one that no other job that has not
// ended may have: the job is then left out and the id is "".
func (q *Queue) Enqueue(tx *sqldb.Tx, kind string, args any, unique string) (id string, err error) {
	return q.Schedule(tx, time.Time{}, kind, args, unique)
}

// Schedule is Enqueue for a job not to be run before at, in real time.
func (q *Queue) Schedule(tx *sqldb.Tx, at time.Time, kind string, args any, unique string) (id string, err error) {
	text, err := json.Marshal(args)
	if err != nil {
		return "", fmt.Errorf("job %s: %w", kind, err)
	}
	return q.backend.enqueue(tx, spec{kind: kind, unique: unique, args: text, at: at})
}

// Cancel takes a job out that has not ended; one that is not there is no error.
// A try that is running may go on to its end, its Complete fails.
func (q *Queue) Cancel(tx *sqldb.Tx, id string) error { return q.backend.cancel(tx, id) }

// Dead lists the jobs that have used up their tries, the latest first.
func (q *Queue) Dead(tx *sqldb.Tx, limit int) ([]Dead, error) { return q.backend.dead(tx, limit) }

// Backlog counts what waits.
func (q *Queue) Backlog(tx *sqldb.Tx) (Backlog, error) { return q.backend.backlog(tx) }

// Start begins to run jobs, those that an earlier process left included.
func (q *Queue) Start(ctx context.Context) error { return q.backend.start(ctx) }

// Stop takes no further jobs and waits for the running ones; when ctx ends they
// are cancelled and will be tried again by the next process.
func (q *Queue) Stop(ctx context.Context) error { return q.backend.stop(ctx) }

// work runs one try; a panic is an error with its stack in the log.
func (q *Queue) work(ctx context.Context, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			q.options.Log.Error("panic in a job", "kind", j.Kind, "id", j.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	h, ok := q.handlers[j.Kind]
	if !ok {
		return fmt.Errorf("no handler for jobs of kind %q", j.Kind)
	}
	ctx, cancel := context.WithTimeout(ctx, q.options.Timeout)
	defer cancel()
	return h(ctx, j)
}
