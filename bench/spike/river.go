package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver's name is "sqlite"
)

type postArgs struct {
	ID string `json:"id"`
}

// Kind is River's name of the job.
func (postArgs) Kind() string { return "post" }

type postWorker struct {
	river.WorkerDefaults[postArgs]
	jobs *atomic.Int64
}

// Work counts the job.
func (w *postWorker) Work(context.Context, *river.Job[postArgs]) error {
	w.jobs.Add(1)
	return nil
}

// riverTable is the same intake with a group commit of its own over the one
// connection that it shares with River.
func riverTable(dir string, senders int, d time.Duration, withJobs bool) (figures, error) {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "clew.db")+
		"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-32000)")
	if err != nil {
		return figures{}, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(createRow); err != nil {
		return figures{}, err
	}
	var jobs atomic.Int64
	client, err := newRiver(ctx, db, &jobs)
	if err != nil {
		return figures{}, err
	}
	if withJobs {
		if err := client.Start(ctx); err != nil {
			return figures{}, err
		}
		defer client.StopAndCancel(ctx)
	}
	queue := make(chan *txUnit, 1024)
	defer close(queue)
	go groupCommit(db, queue)
	f, err := drive(senders, d, func(id string) error {
		u := &txUnit{done: make(chan error, 1), fn: func(tx *sql.Tx, insert *sql.Stmt) error {
			for n := range statementsPerUnit {
				if _, err := insert.Exec(fmt.Sprintf("%s-%d", id, n), id, "k", 1, body); err != nil {
					return err
				}
			}
			if !withJobs {
				return nil
			}
			_, err := client.InsertTx(ctx, tx, postArgs{ID: id}, nil)
			return err
		}}
		queue <- u
		return <-u.done
	})
	f.jobs = jobs.Load()
	return f, err
}

func newRiver(ctx context.Context, db *sql.DB, jobs *atomic.Int64) (*river.Client[*sql.Tx], error) {
	driver := riversqlite.New(db)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &postWorker{jobs: jobs})
	return river.NewClient(driver, &river.Config{
		Logger: slog.New(slog.DiscardHandler), Workers: workers,
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 8}},
		FetchPollInterval: 500 * time.Millisecond, FetchCooldown: 10 * time.Millisecond,
	})
}

func groupCommit(db *sql.DB, queue chan *txUnit) {
	for first := range queue {
		units := []*txUnit{first}
		tx, err := db.Begin()
		if err == nil {
			var insert *sql.Stmt
			if insert, err = tx.Prepare(insertRow); err == nil {
				units, err = runGroup(tx, insert, queue, first)
			}
		}
		for _, u := range units {
			u.done <- err
		}
	}
}

func runGroup(tx *sql.Tx, insert *sql.Stmt, queue chan *txUnit, first *txUnit) ([]*txUnit, error) {
	units, began := []*txUnit{first}, time.Now()
	for u := first; u != nil; {
		if _, err := tx.Exec("SAVEPOINT u"); err != nil {
			return units, err
		}
		if err := u.fn(tx, insert); err != nil {
			return units, err
		}
		if _, err := tx.Exec("RELEASE u"); err != nil {
			return units, err
		}
		u = nil
		if len(units) < 100 && time.Since(began) < 5*time.Millisecond {
			select {
			case u = <-queue:
				if u != nil {
					units = append(units, u)
				}
			default:
			}
		}
	}
	return units, tx.Commit()
}
