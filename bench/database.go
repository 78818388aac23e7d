package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// otherRow is what a row beside thread and delivery weighs about, in bytes.
const otherRow = 250

// leadRows is about how many rows a lead makes.
const leadRows = 23

// tables are what a lead writes beside the objects' own.
var tables = []string{"thread_entry", "delivery", "delivery_key", "match_key", "clock_run", "inbox", "outbox"}

// threadContent is the length of all that a thread's row holds.
const threadContent = `SELECT CAST(COALESCE(SUM(octet_length(record)+octet_length(object)+octet_length(actor_kind)+octet_length(actor)+octet_length(kind)
	+octet_length(params)+octet_length(salt)+octet_length(digest)+octet_length(chain)+16),0) AS BIGINT) FROM thread_entry`

// sizes reads what the leads left behind, once the program has stopped.
func (r *Report) sizes(ctx context.Context, at place) error {
	db, err := sqldb.Open(ctx, sqldb.Options{URL: at.url, Dir: at.dir})
	if err != nil {
		return err
	}
	defer db.Close()
	onDisk, whole := diskQueries(at)
	leads := float64(r.Leads)
	return db.Read(ctx, func(tx *sqldb.Tx) error {
		number := func(sql string) (float64, error) {
			var n int64
			if err := tx.QueryRow(sql).Scan(&n); err != nil {
				return 0, fmt.Errorf("%s: %w", sql, err)
			}
			return float64(n), nil
		}
		rows := 1.8 * leads // the lead's own, and mostly a contact's
		for _, table := range tables {
			n, err := number("SELECT COUNT(*) FROM " + table)
			if err != nil {
				return err
			}
			rows += n
		}
		r.RowsPerLead = rows / leads
		for _, q := range []struct {
			to  *float64
			sql string
		}{{&r.Thread, threadContent}, {&r.ThreadDisk, onDisk}, {&r.Disk, whole}} {
			n, err := number(q.sql)
			if err != nil {
				return err
			}
			*q.to = n / leads
		}
		return nil
	})
}

// diskQueries read the pages of the thread and of everything.
func diskQueries(at place) (thread, whole string) {
	if at.url != "" {
		return "SELECT pg_total_relation_size('thread_entry')", "SELECT pg_database_size(current_database())"
	}
	return "SELECT SUM(pgsize) FROM dbstat WHERE name LIKE '%thread_entry%'", "SELECT page_count*page_size FROM pragma_page_count, pragma_page_size"
}

// raw measures what the database itself can take: the rows of a lead, as many
// and as long, with nothing else done; and single rows one after the other.
func (r *Report) raw(ctx context.Context, at place, d time.Duration) error {
	db, err := sqldb.Open(ctx, sqldb.Options{URL: at.url, Dir: at.dir})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Alter(ctx, []string{"CREATE TABLE raw (id TEXT PRIMARY KEY, lead TEXT, kind TEXT, at BIGINT, body TEXT)"}); err != nil {
		return err
	}
	rows := max(1, int(r.RowsPerLead+0.5))
	body := strings.Repeat("x", otherRow)
	if r.RawLeads, err = write(ctx, db, 64, rows, body, d); err != nil {
		return err
	}
	r.RawRows = r.RawLeads * float64(rows)
	if r.RawAppends, err = write(ctx, db, 1, 1, body, d); err != nil {
		return err
	}
	r.RawReads, err = read(ctx, db, 8, d)
	return err
}

// read lets readers take snapshots of one row and returns how many a second.
func read(ctx context.Context, db *sqldb.DB, readers int, d time.Duration) (float64, error) {
	var group sync.WaitGroup
	var snapshots atomic.Int64
	var failed atomic.Pointer[error]
	began := time.Now()
	for range readers {
		group.Go(func() {
			for time.Since(began) < d && failed.Load() == nil {
				err := db.Read(ctx, func(tx *sqldb.Tx) error {
					var n int64
					return tx.QueryRow("SELECT COUNT(*) FROM raw WHERE id=$1", "x").Scan(&n)
				})
				if err != nil {
					failed.Store(&err)
					return
				}
				snapshots.Add(1)
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(snapshots.Load()) / time.Since(began).Seconds(), nil
}

// write lets senders commit units of rows and returns the units a second.
func write(ctx context.Context, db *sqldb.DB, senders, rows int, body string, d time.Duration) (float64, error) {
	var group sync.WaitGroup
	var units atomic.Int64
	var failed atomic.Pointer[error]
	began := time.Now()
	for range senders {
		group.Go(func() {
			for time.Since(began) < d && failed.Load() == nil {
				if err := db.Write(ctx, func(tx *sqldb.Tx) error { return insertRows(db, tx, rows, body) }); err != nil {
					failed.Store(&err)
					return
				}
				units.Add(1)
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(units.Load()) / time.Since(began).Seconds(), nil
}

func insertRows(db *sqldb.DB, tx *sqldb.Tx, rows int, body string) error {
	lead := db.NewID()
	for range rows {
		if _, err := tx.Exec("INSERT INTO raw (id, lead, kind, at, body) VALUES ($1,$2,$3,$4,$5)", db.NewID(), lead, "raw", int64(1), body); err != nil {
			return err
		}
	}
	return nil
}
