package job_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/job"
	"clew.dev/clew/internal/sqldb"
)

// TestTheBacklogTellsWhatWaits: how much, how much of it should have begun, since
// when, and what was given up.
func TestTheBacklogTellsWhatWaits(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		q := newQueue(t, db, job.Options{Tries: 1})
		look := func() (b job.Backlog) {
			t.Helper()
			if err := db.Read(t.Context(), func(tx *sqldb.Tx) (err error) {
				b, err = q.Backlog(tx)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return b
		}
		if b := look(); b != (job.Backlog{}) {
			t.Errorf("of nothing: %+v", b)
		}
		var due time.Time
		write(t, db, func(tx *sqldb.Tx) error {
			due = tx.RealNow().Add(-time.Minute).Truncate(time.Microsecond)
			for _, at := range []time.Time{due, due.Add(30 * time.Second), due.Add(time.Hour)} {
				if _, err := q.Schedule(tx, at, "bad", nil, ""); err != nil {
					return err
				}
			}
			return nil
		})
		if b := look(); b.Waiting != 3 || b.Due != 2 || b.Dead != 0 || !b.Oldest.Equal(due) {
			t.Errorf("waiting: %+v, the oldest is of %v", b, due)
		}
		ran := make(chan bool, 10)
		q.Handle("bad", func(context.Context, *job.Job) error {
			ran <- true
			return errors.New("no luck")
		})
		start(t, q)
		receive(t, ran)
		receive(t, ran)
		for end := time.Now().Add(patience); look().Dead != 2; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("never given up: %+v", look())
			}
		}
		if b := look(); b.Waiting != 1 || b.Due != 0 || !b.Oldest.IsZero() {
			t.Errorf("afterwards: %+v", b)
		}
	})
}

// TestJobsRunInTheOrderOfTheirTime: the one that is due longest first, and none
// before its time.
func TestJobsRunInTheOrderOfTheirTime(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		q := newQueue(t, db, job.Options{Workers: 1})
		var mu sync.Mutex
		var order []string
		done := make(chan bool, 10)
		q.Handle("k", func(_ context.Context, j *job.Job) error {
			var name string
			err := j.Bind(&name)
			mu.Lock()
			order = append(order, name)
			mu.Unlock()
			done <- true
			return err
		})
		write(t, db, func(tx *sqldb.Tx) error {
			now := tx.RealNow()
			for _, one := range []struct {
				name string
				at   time.Time
			}{{"third", now.Add(-time.Second)}, {"first", now.Add(-time.Hour)}, {"never", now.Add(time.Hour)}, {"second", now.Add(-time.Minute)}} {
				if _, err := q.Schedule(tx, one.at, "k", one.name, ""); err != nil {
					return err
				}
			}
			return nil
		})
		start(t, q)
		for range 3 {
			receive(t, done)
		}
		mu.Lock()
		defer mu.Unlock()
		if !slices.Equal(order, []string{"first", "second", "third"}) {
			t.Errorf("ran %v", order)
		}
	})
}

// TestArgumentsComeAsTheyWereGiven: of any shape and letters; what is no JSON is
// refused before anything is written.
func TestArgumentsComeAsTheyWereGiven(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		q, got := newQueue(t, db, job.Options{Workers: 1}), make(chan string, 10)
		q.Handle("k", func(_ context.Context, j *job.Job) error {
			var v any
			err := j.Bind(&v)
			got <- fmt.Sprint(v)
			return err
		})
		start(t, q)
		for _, one := range []struct {
			args any
			want string
		}{
			{nil, "<nil>"}, {"恒锐 \"液压\" <b>\\n 😀", "恒锐 \"液压\" <b>\\n 😀"}, {[]int{1, 2}, "[1 2]"}, {map[string]any{"a": map[string]any{"b": nil}}, "map[a:map[b:<nil>]]"},
			{struct {
				Name string `json:"name"`
			}{"x"}, "map[name:x]"},
		} {
			enqueue(t, db, q, "k", one.args, "")
			if text := receive(t, got); text != one.want {
				t.Errorf("%v came as %s", one.args, text)
			}
		}
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			_, err := q.Enqueue(tx, "k", make(chan int), "")
			return err
		})
		if err == nil {
			t.Error("a channel is JSON")
		}
		enqueue(t, db, q, "k", "after", "")
		if text := receive(t, got); text != "after" {
			t.Errorf("then ran %s", text)
		}
	})
}

// TestAKindWithoutAHandlerSaysSo: and is given up like any other.
func TestAKindWithoutAHandlerSaysSo(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		q := newQueue(t, db, job.Options{Tries: 2})
		start(t, q)
		enqueue(t, db, q, "moon", nil, "")
		if dead := waitForDead(t, db, q); dead.Kind != "moon" || dead.Tries != 2 || dead.Reason != `no handler for jobs of kind "moon"` {
			t.Errorf("dead: %+v", dead)
		}
	})
}

// TestATryThatLastsTooLongIsTriedAgain: its context ends, and so does the one of
// a stop; what was running then is done by the next start.
func TestATryThatLastsTooLongIsTriedAgain(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		q, tries := newQueue(t, db, job.Options{Timeout: 50 * time.Millisecond}), make(chan int, 10)
		q.Handle("slow", func(ctx context.Context, j *job.Job) error {
			if j.Try == 1 {
				<-ctx.Done()
				tries <- j.Try
				return ctx.Err()
			}
			tries <- j.Try
			return nil
		})
		start(t, q)
		enqueue(t, db, q, "slow", nil, "")
		for want := 1; want <= 2; want++ {
			if got := receive(t, tries); got != want {
				t.Errorf("try %d, want %d", got, want)
			}
		}
	})
}
