package sqldb_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"github.com/jackc/pgx/v5"
)

// TestDeadlocksAreRunAgain has several writers lock two rows in both orders.
func TestDeadlocksAreRunAgain(t *testing.T) {
	o := clewtest.PostgreSQL(t)
	o.Writers = 2
	o.URL += "?deadlock_timeout=20ms" // of the server, which else looks once a second
	db := clewtest.Open(t, o)
	alter(t, db, createItem)
	write(t, db, func(tx *sqldb.Tx) error { return errors.Join(insert(tx, "a", 0), insert(tx, "b", 0)) })
	var wait sync.WaitGroup
	for sender := range 4 {
		wait.Go(func() {
			order := []string{"a", "b"}
			if sender%2 == 1 {
				order = []string{"b", "a"}
			}
			for range 3 {
				write(t, db, func(tx *sqldb.Tx) error {
					for _, id := range order {
						if _, err := tx.Exec(`UPDATE item SET n = n + 1 WHERE id = $1`, id); err != nil {
							return err
						}
					}
					return nil
				})
			}
		})
	}
	wait.Wait()
	err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
		var sum int
		err := tx.QueryRow(`SELECT sum(n) FROM item`).Scan(&sum)
		if sum != 24 {
			t.Errorf("sum = %d, want 24", sum)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLaterSchemaIsRefused(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		db, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		write(t, db, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, $1)`, true)
			return err
		})
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		_, err = sqldb.Open(t.Context(), o)
		if f, ok := fault.As(err); !ok || f.Code != "schema_too_new" {
			t.Errorf("Open = %v", err)
		}
	})
}

func TestAlterTogetherOrNotAtAll(t *testing.T) {
	withTable(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, func(tx *sqldb.Tx) error { return insert(tx, "a", 1) })
		if ids(t, db) == nil { // a statement is prepared before the table changes
			t.Fatal("nothing stored")
		}
		alter(t, db, `ALTER TABLE item ADD COLUMN c_1 TEXT`, `CREATE INDEX item_c_1 ON item (c_1)`)
		write(t, db, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`UPDATE item SET c_1 = 'x'`)
			return err
		})
		err := db.Alter(t.Context(), []string{`ALTER TABLE item ADD COLUMN c_2 TEXT`, `ALTER TABLE nowhere ADD COLUMN c TEXT`})
		if err == nil {
			t.Fatal("altered a table that is not there")
		}
		err = db.Read(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Query(`SELECT c_2 FROM item`)
			return err
		})
		if err == nil {
			t.Error("half of the changes stayed")
		}
		wantIDs(t, db, "a")
	})
}

// TestAlterWaitsItsTurn changes a table that a long transaction reads: the
// others are not held up for longer than one try, and the change comes through.
func TestAlterWaitsItsTurn(t *testing.T) {
	o := clewtest.PostgreSQL(t)
	db := clewtest.Open(t, o)
	alter(t, db, createItem)
	conn, err := pgx.Connect(t.Context(), o.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, statement := range []string{"BEGIN", "SELECT * FROM item"} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	altered := make(chan error, 1)
	go func() {
		altered <- db.Alter(context.WithoutCancel(t.Context()), []string{"ALTER TABLE item ADD COLUMN c TEXT"})
	}()
	for waiting := false; !waiting; {
		if err := conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	ids(t, db)                                             // queued behind the change, and let through when it steps back
	if d := time.Since(began); d > 4500*time.Millisecond { // a try takes 2 s; without its limit 5 s go by
		t.Errorf("a reader waited %v", d)
	}
	if _, err := conn.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := <-altered; err != nil {
		t.Errorf("Alter = %v", err)
	}
}

// TestFailedConcurrentIndexLeavesNothing builds a unique index that the rows
// do not allow, mends them, and builds it again.
func TestFailedConcurrentIndexLeavesNothing(t *testing.T) {
	db := clewtest.Open(t, clewtest.PostgreSQL(t))
	alter(t, db, createItem)
	const create = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS item_n ON item (n)"
	write(t, db, func(tx *sqldb.Tx) error { return errors.Join(insert(tx, "a", 1), insert(tx, "b", 1)) })
	if err := db.Alter(t.Context(), []string{create}); err == nil {
		t.Fatal("a unique index on equal values was built")
	}
	write(t, db, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`UPDATE item SET n = 2 WHERE id = 'b'`)
		return err
	})
	alter(t, db, create)
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return insert(tx, "c", 2) })
	if name, ok := sqldb.IsUnique(err); !ok || name != "item_n" {
		t.Errorf("after the index was built: %v", err)
	}
}
