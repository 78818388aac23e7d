package sqldb_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"github.com/jackc/pgx/v5"
)

const createItem = `CREATE TABLE item (id TEXT PRIMARY KEY, name TEXT, n BIGINT)`

// TestAcknowledgedUnitsSurviveAKill runs itself as a process that writes and
// says what was acknowledged, kills it in the middle, and looks for every
// acknowledged unit, whole. A unit is two rows.
func TestAcknowledgedUnitsSurviveAKill(t *testing.T) {
	if dir := os.Getenv("CLEW_TEST_WRITER_DIR"); dir != "" {
		writeAndTell(t, sqldb.Options{Dir: dir, URL: os.Getenv("CLEW_TEST_WRITER_URL")})
		return
	}
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		db, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		alter(t, db, createItem)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		var acknowledged []string
		for round := range 3 {
			acknowledged = append(acknowledged, writeUntilKilled(t, o, round, 300*(round+1))...)
		}
		checkWhole(t, clewtest.Open(t, o), acknowledged)
	})
}

// writeUntilKilled is what a writing process acknowledged before it was killed,
// after at least enough units.
func writeUntilKilled(t *testing.T, o sqldb.Options, round, enough int) (acknowledged []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAcknowledgedUnitsSurviveAKill$")
	cmd.Env = append(os.Environ(), "CLEW_TEST_WRITER_DIR="+o.Dir, "CLEW_TEST_WRITER_URL="+o.URL, fmt.Sprintf("CLEW_TEST_ROUND=%d", round))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		acknowledged = append(acknowledged, lines.Text())
		if len(acknowledged) == enough {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || len(acknowledged) < enough {
		t.Fatalf("the writer ended by itself after %d units: %v", len(acknowledged), err)
	}
	// The last line may have been cut by the kill.
	return acknowledged[:len(acknowledged)-1]
}

func writeAndTell(t *testing.T, o sqldb.Options) {
	db := clewtest.Open(t, o)
	var n atomic.Int64
	var out sync.Mutex
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			for {
				id := fmt.Sprintf("%s-%06d", os.Getenv("CLEW_TEST_ROUND"), n.Add(1))
				if err := writePair(t.Context(), db, id); err != nil {
					panic(err)
				}
				out.Lock()
				fmt.Println(id)
				out.Unlock()
			}
		})
	}
	wait.Wait()
}

func writePair(ctx context.Context, db *sqldb.DB, id string) error {
	return db.Write(ctx, func(tx *sqldb.Tx) error {
		if err := insert(tx, id+"a", 1); err != nil {
			return err
		}
		return insert(tx, id+"b", 2)
	})
}

// sendPair is writePair without waiting for a statement's result.
func sendPair(ctx context.Context, db *sqldb.DB, id string) error {
	return db.Write(ctx, func(tx *sqldb.Tx) error {
		if taken, err := tx.Presume(putOnce, id+"a", 1); err != nil || !taken {
			return errors.Join(err, errors.New("a unit of its own name was there before"))
		}
		for _, filler := range []string{"c", "d", "e", "f"} { // so that some are sent before the unit's end
			if err := tx.Later("DELETE FROM item WHERE id=$1", id+filler); err != nil {
				return err
			}
		}
		return later(tx, id+"b", 2)
	})
}

// checkWhole fails for an acknowledged unit that is not there and for any unit
// of which a half is there.
func checkWhole(t *testing.T, db *sqldb.DB, acknowledged []string) {
	t.Helper()
	stored := map[string]bool{}
	for _, id := range ids(t, db) {
		stored[id] = true
	}
	for _, id := range acknowledged {
		if !stored[id+"a"] {
			t.Errorf("acknowledged unit %s is gone", id)
		}
	}
	for id := range stored {
		unit := id[:len(id)-1]
		if stored[unit+"a"] != stored[unit+"b"] {
			t.Errorf("half of unit %s is there", unit)
		}
	}
	if len(acknowledged) == 0 {
		t.Error("nothing was acknowledged")
	}
}

// TestServerConnectionsAreCut cuts every connection again and again under load:
// errors are Unavailable, what was acknowledged is there, service comes back.
func TestServerConnectionsAreCut(t *testing.T) {
	o := clewtest.PostgreSQL(t)
	db := clewtest.Open(t, o)
	alter(t, db, createItem)
	conn, err := pgx.Connect(t.Context(), o.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())

	var mu sync.Mutex
	var acknowledged []string
	var wait sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for sender := range 10 {
		wait.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				id := fmt.Sprintf("%d-%06d", sender, n)
				write := writePair
				if sender%2 == 1 {
					write = sendPair
				}
				err := write(context.WithoutCancel(ctx), db, id)
				if err != nil && fault.KindOf(err) != fault.Unavailable {
					t.Errorf("unit %s: %v", id, err)
				}
				if err == nil {
					mu.Lock()
					acknowledged = append(acknowledged, id)
					mu.Unlock()
				}
			}
		})
	}
	for range 10 {
		before := len(ids(t, db))
		for len(ids(t, db)) < before+50 && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
		if _, err := conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	wait.Wait()
	checkWhole(t, db, acknowledged)
	if err := db.Ready(t.Context()); err != nil {
		t.Errorf("not ready afterwards: %v", err)
	}
}
