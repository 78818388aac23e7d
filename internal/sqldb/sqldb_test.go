package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"github.com/google/go-cmp/cmp"
)

// withTable is a fresh database with a table item (id, name UNIQUE, n).
func withTable(t *testing.T, fn func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		alter(t, db, `CREATE TABLE item (id TEXT PRIMARY KEY, name TEXT, n BIGINT)`,
			`CREATE UNIQUE INDEX item_name ON item (name) WHERE n >= 0`)
		fn(t, db)
	})
}

func alter(t *testing.T, db *sqldb.DB, statements ...string) {
	t.Helper()
	if err := db.Alter(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, db *sqldb.DB, fn func(tx *sqldb.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func insert(tx *sqldb.Tx, id string, n int) error {
	_, err := tx.Exec(`INSERT INTO item (id, name, n) VALUES ($1, $2, $3)`, id, "name "+id, n)
	return err
}

// ids are the stored rows' ids in order.
func ids(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	var out []string
	err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query(`SELECT id FROM item ORDER BY id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			out = append(out, id)
		}
		return rows.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantIDs(t *testing.T, db *sqldb.DB, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, ids(t, db)); diff != "" {
		t.Errorf("stored ids (-want +got):\n%s", diff)
	}
}

func TestValuesComeBackAsTheyWent(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		alter(t, db, `CREATE TABLE v (yes BOOLEAN, flag INTEGER, at BIGINT, later BIGINT, raw BYTEA, text TEXT, none TEXT)`)
		at := time.Date(2026, 11, 24, 2, 0, 0, 123456000, time.UTC)
		write(t, db, func(tx *sqldb.Tx) error {
			n, err := tx.Exec(`INSERT INTO v (yes, flag, at, later, raw, text, none) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
				true, true, at, &at, []byte{0, 1, 255}, "液压阀 'x'", nil)
			if n != 1 {
				t.Errorf("rows changed = %d", n)
			}
			return err
		})
		err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			var yes, flag bool
			var gotAt time.Time
			var later *time.Time
			var raw []byte
			var text string
			var none *string
			if err := tx.QueryRow(`SELECT yes, flag, at, later, raw, text, none FROM v WHERE flag = $1 AND yes = $2`, true, true).
				Scan(&yes, &flag, &gotAt, &later, &raw, &text, &none); err != nil {
				return err
			}
			if !yes || !flag || !gotAt.Equal(at) || later == nil || !later.Equal(at) || string(raw) != "\x00\x01\xff" ||
				text != "液压阀 'x'" || none != nil {
				t.Error(yes, flag, gotAt, later, raw, text, none)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestPoisonUnitHarmsOnlyItself(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		boom := errors.New("boom")
		var wait sync.WaitGroup
		for i := range 60 {
			wait.Go(func() {
				id := fmt.Sprintf("%02d", i)
				err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
					if err := insert(tx, id, i); err != nil {
						return err
					}
					switch i % 6 {
					case 1:
						return boom
					case 2:
						panic("poison")
					case 3:
						_, _ = tx.Exec(`INSERT INTO no_such_table VALUES (1)`)
					}
					return nil
				})
				if good := i%6 == 0 || i%6 > 3; good != (err == nil) {
					t.Errorf("unit %d: %v", i, err)
				}
				if i%6 == 1 && !errors.Is(err, boom) {
					t.Errorf("unit %d: %v, want its own error", i, err)
				}
			})
		}
		wait.Wait()
		if got := len(ids(t, db)); got != 30 {
			t.Errorf("%d rows, want 30", got)
		}
	})
}

func TestSavepointTakesBackOnlyItsOwn(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		inner := errors.New("inner")
		var after []string
		var undone, duplicate error
		write(t, db, func(tx *sqldb.Tx) error {
			after = nil
			tx.AfterCommit(func() { after = append(after, "outer") })
			if err := insert(tx, "a", 1); err != nil {
				return err
			}
			undone = tx.Savepoint(func() error {
				tx.AfterCommit(func() { after = append(after, "dropped") })
				if err := insert(tx, "b", 2); err != nil {
					return err
				}
				if err := tx.Savepoint(func() error { return insert(tx, "c", 3) }); err != nil {
					return err
				}
				return inner
			})
			duplicate = tx.Savepoint(func() error { return insert(tx, "a", -1) })
			return tx.Savepoint(func() error { return insert(tx, "d", 4) })
		})
		if !errors.Is(undone, inner) {
			t.Errorf("Savepoint = %v", undone)
		}
		if name, ok := sqldb.IsUnique(duplicate); !ok || name != "item_pkey" {
			t.Errorf("duplicate = %v, constraint %q", duplicate, name)
		}
		wantIDs(t, db, "a", "d")
		if diff := cmp.Diff([]string{"outer"}, after); diff != "" {
			t.Error(diff)
		}
	})
}

func TestUniqueNamesTheIndex(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		alter(t, db, `CREATE TABLE pair (a TEXT, b TEXT, c TEXT, UNIQUE (a, b))`, `CREATE UNIQUE INDEX pair_c ON pair (lower(c))`)
		write(t, db, func(tx *sqldb.Tx) error {
			if _, err := tx.Exec(`INSERT INTO pair VALUES ('1', '2', 'x')`); err != nil {
				return err
			}
			return insert(tx, "a", 1)
		})
		for statement, want := range map[string]string{
			`INSERT INTO item VALUES ('b', 'name a', 1)`: "item_name",
			`INSERT INTO item VALUES ('a', 'other', 1)`:  "item_pkey",
			`INSERT INTO pair VALUES ('1', '2', 'y')`:    "pair_a_b_key",
			`INSERT INTO pair VALUES ('1', '3', 'X')`:    "pair_c",
		} {
			err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
				_, err := tx.Exec(statement)
				return err
			})
			if got, ok := sqldb.IsUnique(err); !ok || got != want {
				t.Errorf("%s: %q %v, want %q (%v)", statement, got, ok, want, err)
			}
		}
		if _, ok := sqldb.IsUnique(errors.New("other")); ok {
			t.Error("any error is unique")
		}
	})
}

func TestFailedStatementFailsTheUnit(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			_, first := tx.Exec(`INSERT INTO nowhere VALUES (1)`)
			if err := insert(tx, "a", 1); !errors.Is(err, first) {
				t.Errorf("after a failure: %v", err)
			}
			return nil // swallowed, and yet the unit has failed
		})
		if err == nil {
			t.Error("a unit with a failed statement was committed")
		}
		wantIDs(t, db)
	})
}

func TestOneResultAtATime(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, func(tx *sqldb.Tx) error {
			rows, err := tx.Query(`SELECT 1`)
			if err != nil {
				return err
			}
			if _, err := tx.Query(`SELECT 2`); err == nil {
				t.Error("second result set was opened")
			}
			if err := rows.Close(); err != nil {
				return err
			}
			return insert(tx, "a", 1)
		})
		write(t, db, func(tx *sqldb.Tx) error { // a result left open is closed with the unit
			_, err := tx.Query(`SELECT id FROM item`)
			return err
		})
		write(t, db, func(tx *sqldb.Tx) error {
			var n int
			err := tx.QueryRow(`SELECT n FROM item WHERE id = 'none'`).Scan(&n)
			if !errors.Is(err, sqldb.ErrNoRows) {
				t.Errorf("no row = %v", err)
			}
			return insert(tx, "b", 1)
		})
		wantIDs(t, db, "a", "b")
	})
}

func TestSnapshotSeesOneStateAndCannotWrite(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		count := func(tx *sqldb.Tx) (n int) {
			if err := tx.QueryRow(`SELECT count(*) FROM item`).Scan(&n); err != nil {
				t.Error(err)
			}
			return n
		}
		err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			if n := count(tx); n != 0 {
				t.Errorf("%d rows before", n)
			}
			write(t, db, func(tx *sqldb.Tx) error { return insert(tx, "a", 1) })
			if n := count(tx); n != 0 {
				t.Errorf("snapshot moved: %d rows", n)
			}
			if err := insert(tx, "b", 1); err == nil {
				t.Error("a snapshot was written")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wantIDs(t, db, "a")
	})
}

func TestWriteIsRefusedInsideAUnit(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, func(tx *sqldb.Tx) error {
			if err := db.Write(tx.Context(), func(*sqldb.Tx) error { return nil }); err == nil {
				t.Error("nested Write did not fail")
			}
			return nil
		})
	})
}

func TestCancelBeforeTheUnitBegins(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		running, release := make(chan struct{}), make(chan struct{})
		var wait sync.WaitGroup
		wait.Go(func() {
			write(t, db, func(tx *sqldb.Tx) error {
				close(running)
				<-release
				return insert(tx, "a", 1)
			})
		})
		<-running
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := db.Write(ctx, func(tx *sqldb.Tx) error { return insert(tx, "b", 1) })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Write = %v", err)
		}
		close(release)
		wait.Wait()
		wantIDs(t, db, "a")
	})
}

func TestConcurrentCountersLoseNothing(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, func(tx *sqldb.Tx) error { return insert(tx, "counter", 0) })
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() {
				for range 10 {
					write(t, db, func(tx *sqldb.Tx) error {
						var n int
						if err := tx.QueryRow(`SELECT n FROM item WHERE id = 'counter'`).Scan(&n); err != nil {
							return err
						}
						_, err := tx.Exec(`UPDATE item SET n = $1 WHERE id = 'counter'`, n+1)
						return err
					})
				}
			})
		}
		wait.Wait()
		err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			var n int
			if err := tx.QueryRow(`SELECT n FROM item WHERE id = 'counter'`).Scan(&n); err != nil || n != 200 {
				t.Errorf("counter = %d %v", n, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestBusinessTimeIsMovedDurably(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		db, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.SetOffset(72 * time.Hour); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = clewtest.Open(t, o)
		write(t, db, func(tx *sqldb.Tx) error {
			if d := tx.Now().Sub(tx.RealNow()); d != 72*time.Hour {
				t.Errorf("offset = %v", d)
			}
			if d := time.Since(tx.RealNow()); d < -time.Minute || d > time.Minute {
				t.Errorf("real time is off by %v", d)
			}
			if !tx.Now().Equal(tx.Now()) {
				t.Error("business time moved within a unit")
			}
			return nil
		})
		past := time.Date(2026, 5, 1, 1, 0, 0, 0, time.UTC)
		db.SetClock(func() time.Time { return past })
		write(t, db, func(tx *sqldb.Tx) error {
			if !tx.Now().Equal(past) || tx.RealNow().Before(past.Add(time.Hour)) {
				t.Errorf("with a source: %v, real %v", tx.Now(), tx.RealNow())
			}
			return nil
		})
	})
}

func TestSecondProcessIsRefused(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		clewtest.Open(t, o)
		_, err := sqldb.Open(t.Context(), o)
		f, ok := fault.As(err)
		if !ok || f.Code != "data_directory_in_use" {
			t.Errorf("second open: %v", err)
		}
	})
}

func TestClosedDatabaseIsUnavailable(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		db, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		err = db.Write(t.Context(), func(*sqldb.Tx) error { return nil })
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("Write = %v", err)
		}
	})
}

func TestNewIDGrows(t *testing.T) {
	db := clewtest.Open(t, clewtest.Embedded(t))
	last := ""
	for range 10_000 {
		id := db.NewID()
		if id <= last || len(id) != 36 || id[14] != '7' {
			t.Fatalf("%s after %s", id, last)
		}
		last = id
	}
}

// TestMoreStatementsThanAreKept: a connection keeps so many prepared ones; with
// more, also inside one unit and with a result open, it only prepares again.
func TestMoreStatementsThanAreKept(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, func(tx *sqldb.Tx) error { return insert(tx, "kept", 1) })
		count := func(tx *sqldb.Tx, n int) (got int64, err error) {
			err = tx.QueryRow(fmt.Sprintf("SELECT COUNT(*) FROM item WHERE n <> %d", -n)).Scan(&got)
			return got, err
		}
		write(t, db, func(tx *sqldb.Tx) error {
			for n := range 2 * sqldb.StatementCache {
				if _, err := tx.Exec(fmt.Sprintf("UPDATE item SET n = %d WHERE id = 'kept'", n)); err != nil {
					return err
				}
				if got, err := count(tx, n+1); err != nil || got != 1 {
					return fmt.Errorf("after %d statements: %d, %w", n, got, err)
				}
			}
			return nil
		})
		err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			for n := range 2 * sqldb.StatementCache {
				if got, err := count(tx, n+1); err != nil || got != 1 {
					return fmt.Errorf("after %d queries: %d, %w", n, got, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestAUnitThatDoesNotEndIsSaid: what hangs in the program itself is no busy
// database, and is over once it ends.
func TestAUnitThatDoesNotEndIsSaid(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		db.SetPatience(time.Millisecond)
		end, ended := make(chan struct{}), make(chan error, 1)
		go func() { ended <- db.Write(t.Context(), func(*sqldb.Tx) error { <-end; return nil }) }()
		for {
			if f, ok := fault.As(db.Ready(t.Context())); ok && f.Code == "writer_hung" {
				break
			}
			if err := t.Context().Err(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		close(end)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := db.Ready(t.Context()); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// TestSlowReadsHoldUpNoQuickOne: reads that go on for long, one for each
// processor, leave the turns to others.
func TestSlowReadsHoldUpNoQuickOne(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		end := make(chan struct{})
		var slow sync.WaitGroup
		begun := make(chan struct{}, 2)
		for range cap(begun) {
			slow.Go(func() {
				if err := db.Read(t.Context(), func(*sqldb.Tx) error { begun <- struct{}{}; <-end; return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		for range cap(begun) {
			<-begun
		}
		if got := ids(t, db); len(got) != 0 {
			t.Errorf("rows: %v", got)
		}
		close(end)
		slow.Wait()
	})
}
