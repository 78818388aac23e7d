package job_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/job"
	"clew.dev/clew/internal/sqldb"
)

// patience is how long a test waits for a sign before it fails.
const patience = 20 * time.Second

func quick(int) time.Duration { return 10 * time.Millisecond }

func newQueue(t *testing.T, db *sqldb.DB, o job.Options) *job.Queue {
	t.Helper()
	if o.Backoff == nil {
		o.Backoff = quick
	}
	q, err := job.New(t.Context(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func start(t *testing.T, q *job.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
}

func write(t *testing.T, db *sqldb.DB, fn func(tx *sqldb.Tx) error) {
	t.Helper()
	if err := db.Write(context.WithoutCancel(t.Context()), fn); err != nil {
		t.Error(err)
	}
}

func enqueue(t *testing.T, db *sqldb.DB, q *job.Queue, kind string, args any, unique string) (id string) {
	t.Helper()
	write(t, db, func(tx *sqldb.Tx) (err error) {
		id, err = q.Enqueue(tx, kind, args, unique)
		return err
	})
	return id
}

func receive[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(patience):
		t.Fatal("no sign in time")
	}
	return v
}

func TestJobExistsIfItsUnitWasCommitted(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		q, ran := newQueue(t, db, job.Options{}), make(chan string, 10)
		q.Handle("greet", func(_ context.Context, j *job.Job) error {
			var name string
			err := j.Bind(&name)
			ran <- fmt.Sprint(name, j.Try)
			return err
		})
		start(t, q)
		gone := errors.New("given up")
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			if _, err := q.Enqueue(tx, "greet", "nobody", ""); err != nil {
				return err
			}
			return gone
		})
		if !errors.Is(err, gone) {
			t.Fatal(err)
		}
		enqueue(t, db, q, "greet", "恒锐", "")
		if got := receive(t, ran); got != "恒锐1" {
			t.Errorf("ran %q", got)
		}
	})
}

func TestFailuresAreTriedAgainAndThenDead(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		q, tries := newQueue(t, db, job.Options{Tries: 3}), make(chan int, 10)
		q.Handle("bad", func(_ context.Context, j *job.Job) error {
			tries <- j.Try
			if j.Try == 2 {
				panic("poison")
			}
			return fmt.Errorf("no luck %d", j.Try)
		})
		start(t, q)
		id := enqueue(t, db, q, "bad", map[string]int{"n": 1}, "only")
		for want := 1; want <= 3; want++ {
			if got := receive(t, tries); got != want {
				t.Errorf("try %d, want %d", got, want)
			}
		}
		dead := waitForDead(t, db, q)
		if dead.ID != id || dead.Kind != "bad" || dead.Tries != 3 || !strings.Contains(dead.Reason, "no luck 3") ||
			string(dead.Args) != `{"n":1}` && string(dead.Args) != `{"n": 1}` {
			t.Errorf("dead = %+v (%s)", dead, dead.Args)
		}
		if enqueue(t, db, q, "bad", nil, "only") == "" {
			t.Error("a dead job still holds its unique text")
		}
	})
}

func waitForDead(t *testing.T, db *sqldb.DB, q *job.Queue) job.Dead {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		var dead []job.Dead
		err := db.Read(t.Context(), func(tx *sqldb.Tx) (err error) {
			dead, err = q.Dead(tx, 10)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(dead) == 1 {
			return dead[0]
		}
	}
	t.Fatal("no dead job in time")
	return job.Dead{}
}

func TestUniqueAndCancel(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		q, ran := newQueue(t, db, job.Options{}), make(chan string, 10)
		q.Handle("k", func(_ context.Context, j *job.Job) error {
			var s string
			err := j.Bind(&s)
			ran <- s
			return err
		})
		first := enqueue(t, db, q, "k", "first", "u")
		if second := enqueue(t, db, q, "k", "second", "u"); second != "" || first == "" {
			t.Errorf("unique: %q then %q", first, second)
		}
		var later string
		write(t, db, func(tx *sqldb.Tx) (err error) {
			later, err = q.Schedule(tx, tx.RealNow().Add(time.Hour), "k", "later", "")
			return err
		})
		write(t, db, func(tx *sqldb.Tx) error { return q.Cancel(tx, first) })
		write(t, db, func(tx *sqldb.Tx) error { return q.Cancel(tx, first) }) // again is no error
		write(t, db, func(tx *sqldb.Tx) error { return q.Cancel(tx, later) })
		enqueue(t, db, q, "k", "third", "u")
		start(t, q)
		if got := receive(t, ran); got != "third" {
			t.Errorf("ran %q", got)
		}
	})
}

func TestCompleteHappensWithItsEffect(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		if err := db.Alter(t.Context(), []string{`CREATE TABLE effect (id TEXT PRIMARY KEY)`}); err != nil {
			t.Fatal(err)
		}
		q := newQueue(t, db, job.Options{Workers: 4})
		var all sync.WaitGroup
		all.Add(50)
		q.Handle("effect", func(ctx context.Context, j *job.Job) error {
			err := db.Write(ctx, func(tx *sqldb.Tx) error {
				if _, err := tx.Exec(`INSERT INTO effect (id) VALUES ($1)`, j.ID); err != nil {
					return err
				}
				return j.Complete(tx)
			})
			if err == nil {
				all.Done()
			}
			return err
		})
		start(t, q)
		for range 50 {
			enqueue(t, db, q, "effect", nil, "")
		}
		done := make(chan struct{})
		go func() { all.Wait(); close(done) }()
		receive(t, done)
	})
}

// TestKilledProcessLosesNoJob runs itself as a process that dies in the middle
// of its jobs, three times, and then to the end.
func TestKilledProcessLosesNoJob(t *testing.T) {
	const jobs = 40
	if dir := os.Getenv("CLEW_TEST_JOB_DIR"); dir != "" {
		runJobsAndDie(t, dir, os.Getenv("CLEW_TEST_JOB_URL"), jobs)
		return
	}
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		db, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Alter(t.Context(), []string{`CREATE TABLE effect (id TEXT PRIMARY KEY)`}); err != nil {
			t.Fatal(err)
		}
		q := newQueue(t, db, job.Options{})
		for range jobs {
			enqueue(t, db, q, "effect", nil, "")
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for round := range 4 {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledProcessLosesNoJob$")
			cmd.Env = append(os.Environ(), "CLEW_TEST_JOB_DIR="+o.Dir, "CLEW_TEST_JOB_URL="+o.URL,
				fmt.Sprintf("CLEW_TEST_JOB_DIE=%d", (round+1)%4*8))
			if out, err := cmd.CombinedOutput(); err != nil && !strings.Contains(err.Error(), "signal: killed") {
				t.Fatalf("round %d: %v\n%s", round, err, out)
			}
		}
		if n := countEffects(t, clewtest.Open(t, o)); n != jobs {
			t.Errorf("%d effects of %d jobs", n, jobs)
		}
	})
}

func countEffects(t *testing.T, db *sqldb.DB) (n int) {
	t.Helper()
	err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM effect`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// runJobsAndDie kills its own process after CLEW_TEST_JOB_DIE effects, or ends
// when all jobs have had theirs.
func runJobsAndDie(t *testing.T, dir, url string, jobs int) {
	var die int
	if _, err := fmt.Sscan(os.Getenv("CLEW_TEST_JOB_DIE"), &die); err != nil {
		t.Fatal(err)
	}
	db := clewtest.Open(t, sqldb.Options{Dir: filepath.Clean(dir), URL: url})
	workers := 2
	if url != "" {
		workers = 1 // River rescues a job that a dead process held only after a minute
	}
	q := newQueue(t, db, job.Options{Workers: workers, Timeout: time.Second})
	var mu sync.Mutex
	done, all := 0, make(chan struct{}, jobs)
	q.Handle("effect", func(ctx context.Context, j *job.Job) error {
		err := db.Write(ctx, func(tx *sqldb.Tx) error {
			if _, err := tx.Exec(`INSERT INTO effect (id) VALUES ($1)`, j.ID); err != nil {
				return err
			}
			return j.Complete(tx)
		})
		mu.Lock()
		defer mu.Unlock()
		if done++; done == die {
			kill(t)
		}
		all <- struct{}{}
		return err
	})
	start(t, q)
	for countEffects(t, db) < jobs {
		receive(t, all)
	}
}

func kill(t *testing.T) {
	p, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	select {}
}
