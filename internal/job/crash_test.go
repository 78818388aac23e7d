package job_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/job"
	"clew.dev/clew/internal/sqldb"
)

// TestJobThatEndsTheProcessEndsDead runs itself twice as a process that a job
// kills: its tries were counted before it ran, so the third start gives it up.
func TestJobThatEndsTheProcessEndsDead(t *testing.T) {
	if dir := os.Getenv("CLEW_TEST_POISON_DIR"); dir != "" {
		db := clewtest.Open(t, sqldb.Options{Dir: dir})
		q := newQueue(t, db, job.Options{Tries: 2})
		q.Handle("poison", func(context.Context, *job.Job) error { kill(t); return nil })
		start(t, q)
		select {}
	}
	o := clewtest.Embedded(t)
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	id := enqueue(t, db, newQueue(t, db, job.Options{}), "poison", nil, "")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestJobThatEndsTheProcessEndsDead$")
		cmd.Env = append(os.Environ(), "CLEW_TEST_POISON_DIR="+o.Dir)
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the process was not killed: %v\n%s", err, out)
		}
	}
	db = clewtest.Open(t, o)
	q, fine := newQueue(t, db, job.Options{Tries: 2}), make(chan struct{}, 1)
	q.Handle("poison", func(context.Context, *job.Job) error { t.Error("the poison ran a third time"); return nil })
	q.Handle("fine", func(context.Context, *job.Job) error { fine <- struct{}{}; return nil })
	start(t, q)
	enqueue(t, db, q, "fine", nil, "")
	receive(t, fine)
	if dead := waitForDead(t, db, q); dead.ID != id || !strings.Contains(dead.Reason, "process ended") {
		t.Errorf("dead = %+v", dead)
	}
}
