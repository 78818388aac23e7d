// Command spike measures what a job queue on the embedded database costs the
// group-committed intake beside it, at synchronous=FULL: River, or the job
// package's own table. docs/adr/0002-jobs.md has its figures.
//
//	go run ./bench/spike [-seconds 6] [-senders 50] [-rounds 2]
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"clew.dev/clew/internal/job"
	"clew.dev/clew/internal/sqldb"
)

// statementsPerUnit is about what one lead writes: delivery, record, thread
// entries, clocks, inbox, outbox, counters.
const statementsPerUnit = 12

const (
	createRow = `CREATE TABLE row (id TEXT PRIMARY KEY, unit TEXT, kind TEXT, at BIGINT, body TEXT)`
	insertRow = `INSERT INTO row (id, unit, kind, at, body) VALUES ($1, $2, $3, $4, $5)`
)

var body = fmt.Sprintf("%0250d", 7)

// scenario runs for a while and says what it did.
type scenario struct {
	name string
	run  func(dir string, senders int, d time.Duration) (figures, error)
}

type figures struct {
	units, jobs int64
	p50, p99    time.Duration
}

func main() {
	seconds := flag.Int("seconds", 6, "length of one run")
	senders := flag.Int("senders", 50, "senders at a time")
	rounds := flag.Int("rounds", 2, "interleaved rounds")
	flag.Parse()
	if err := run(*seconds, *senders, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(seconds, senders, rounds int) error {
	d := time.Duration(seconds) * time.Second
	scenarios := []scenario{
		{"raw limit: one-row units, sqldb", rawLimit},
		{"intake alone, sqldb", func(dir string, n int, d time.Duration) (figures, error) { return ownTable(dir, n, d, false) }},
		{"intake + one job each, own table", func(dir string, n int, d time.Duration) (figures, error) { return ownTable(dir, n, d, true) }},
		{"intake alone, shared *sql.Tx", func(dir string, n int, d time.Duration) (figures, error) { return riverTable(dir, n, d, false) }},
		{"intake + one job each, River", func(dir string, n int, d time.Duration) (figures, error) { return riverTable(dir, n, d, true) }},
	}
	for round := range rounds {
		for _, s := range scenarios {
			dir, err := os.MkdirTemp(".", "spike-")
			if err != nil {
				return err
			}
			f, err := s.run(dir, senders, d)
			if err := os.RemoveAll(dir); err != nil {
				return err
			}
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			fmt.Printf("round %d  %-34s %7.0f units/s  p50 %8s  p99 %8s  %6.0f jobs worked/s\n", round+1, s.name,
				float64(f.units)/d.Seconds(), f.p50.Round(10*time.Microsecond), f.p99.Round(10*time.Microsecond), float64(f.jobs)/d.Seconds())
		}
	}
	return nil
}

// drive has senders call one unit after the other and keeps how long each took.
func drive(senders int, d time.Duration, unit func(id string) error) (figures, error) {
	var f figures
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	end := time.Now().Add(d)
	var wait sync.WaitGroup
	for sender := range senders {
		wait.Go(func() {
			var mine []time.Duration
			for n := 0; time.Now().Before(end); n++ {
				began := time.Now()
				if err := unit(fmt.Sprintf("%d-%d", sender, n)); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
				mine = append(mine, time.Since(began))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
		})
	}
	wait.Wait()
	if failed != nil || len(took) == 0 {
		return f, failed
	}
	slices.Sort(took)
	f.units, f.p50, f.p99 = int64(len(took)), took[len(took)/2], took[len(took)*99/100]
	return f, nil
}

func open(dir string) (*sqldb.DB, error) {
	db, err := sqldb.Open(context.Background(), sqldb.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	return db, db.Alter(context.Background(), []string{createRow})
}

func rawLimit(dir string, senders int, d time.Duration) (figures, error) {
	db, err := open(dir)
	if err != nil {
		return figures{}, err
	}
	defer db.Close()
	return drive(4*senders, d, func(id string) error {
		return db.Write(context.Background(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(insertRow, id, id, "k", 1, body)
			return err
		})
	})
}

func ownTable(dir string, senders int, d time.Duration, withJobs bool) (figures, error) {
	ctx := context.Background()
	db, err := open(dir)
	if err != nil {
		return figures{}, err
	}
	defer db.Close()
	q, err := job.New(ctx, db, job.Options{})
	if err != nil {
		return figures{}, err
	}
	var jobs atomic.Int64
	q.Handle("post", func(context.Context, *job.Job) error { jobs.Add(1); return nil })
	if withJobs {
		if err := q.Start(ctx); err != nil {
			return figures{}, err
		}
		defer q.Stop(ctx)
	}
	f, err := drive(senders, d, func(id string) error {
		return db.Write(ctx, func(tx *sqldb.Tx) error {
			for n := range statementsPerUnit {
				if _, err := tx.Exec(insertRow, fmt.Sprintf("%s-%d", id, n), id, "k", 1, body); err != nil {
					return err
				}
			}
			if !withJobs {
				return nil
			}
			_, err := q.Enqueue(tx, "post", id, "")
			return err
		})
	})
	f.jobs = jobs.Load()
	return f, err
}

// txUnit is one unit of the group commit over *sql.Tx, which River needs.
type txUnit struct {
	fn   func(tx *sql.Tx, insert *sql.Stmt) error
	done chan error
}
