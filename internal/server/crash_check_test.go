package server_test

import (
	"context"
	"net"
	"net/http"
	"time"

	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
	"github.com/google/go-cmp/cmp"
)

// survivor is the company as it was left, opened in this process.
type survivor struct {
	*crashRun
	app  *server.App
	site *http.Server
	lead *schema.Object
}

// reopen starts the services once more on the same data, where the sandbox
// that the robots post to can still be reached.
func (r *crashRun) reopen(ctx context.Context) *survivor {
	r.Helper()
	app, err := server.Open(ctx, server.Options{
		Data: r.dir, Database: r.place.URL, Listen: r.address, Template: "crm", Version: "test", Demo: true, DemoLeads: 10,
	})
	r.must(err)
	listener, err := net.Listen("tcp", r.address)
	r.must(err)
	s := &survivor{crashRun: r, app: app, site: &http.Server{Handler: app.Handler()}}
	go func() { _ = s.site.Serve(listener) }() // ends with close
	s.lead, _ = app.Catalog.Current().Object("lead")
	r.must(app.Start(ctx))
	return s
}

func (s *survivor) close() {
	if err := s.site.Close(); err != nil {
		s.Error(err)
	}
	if err := s.app.Close(context.Background()); err != nil {
		s.Error(err)
	}
}

// verify checks everything that an acknowledgement promises.
func (s *survivor) verify() {
	s.Helper()
	if len(s.ledger) != s.leads {
		s.Errorf("%d of %d leads were acknowledged", len(s.ledger), s.leads)
	}
	s.must(s.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
		rows, err := record.Select(tx, query.Select{Object: s.lead, Fields: s.lead.Fields})
		if err != nil {
			return err
		}
		s.checkLeads(tx, rows)
		s.checkThreads(tx, rows)
		s.checkLoads(tx, rows)
		s.checkFigures(tx, rows)
		s.checkDeliveries(tx)
		return nil
	}))
}

// drained waits until the robots have nothing left to post.
func (s *survivor) drained(limit time.Duration) {
	s.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(time.Second) {
		if s.count("SELECT COUNT(*) FROM outbox WHERE state='waiting'") == 0 {
			return
		}
	}
	s.Error("robots still have posts waiting")
}

func (s *survivor) count(sql string, args ...any) (n int64) {
	s.Helper()
	s.must(s.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error { return tx.QueryRow(sql, args...).Scan(&n) }))
	return n
}

// pairs reads rows of a text and a number.
func (s *survivor) pairs(tx *sqldb.Tx, sql string, args ...any) map[string]int64 {
	s.Helper()
	rows, err := tx.Query(sql, args...)
	s.must(err)
	defer rows.Close()
	found := map[string]int64{}
	for rows.Next() {
		var key string
		var n int64
		s.must(rows.Scan(&key, &n))
		found[key] = n
	}
	s.must(rows.Err())
	return found
}

func (s *survivor) value(row query.Row, name string) any {
	f, _ := s.lead.Field(name)
	return row.Values[f.ID]
}

// checkLeads: every acknowledged lead once, with one owner, its clocks, one
// inbox row per recipient, and a robot's post that names it.
func (s *survivor) checkLeads(tx *sqldb.Tx, rows []query.Row) {
	byKey := map[string][]query.Row{}
	for _, row := range rows {
		key, _ := s.value(row, "external_id").(string)
		byKey[key] = append(byKey[key], row)
	}
	clocks := s.pairs(tx, "SELECT record,COUNT(*) FROM clock_run WHERE phase='running' GROUP BY record")
	told := s.pairs(tx, "SELECT record||' '||recipient,COUNT(*) FROM inbox WHERE kind IN ('assigned','fallback') GROUP BY record,recipient")
	tellings := s.pairs(tx, "SELECT record,COUNT(*) FROM inbox WHERE kind IN ('assigned','fallback') GROUP BY record")
	named := s.pairs(tx, "SELECT record,COUNT(*) FROM outbox WHERE state<>'dead' GROUP BY record")
	for i, id := range s.ledger {
		found := byKey[crashKey(i)]
		if len(found) != 1 || found[0].ID != id {
			s.Errorf("lead %d (%s) is there %d times", i, id, len(found))
			continue
		}
		owner, _ := s.value(found[0], "owner").(string)
		if owner == "" {
			s.Errorf("lead %d has no owner", i)
		}
		if clocks[id] != 2 {
			s.Errorf("lead %d has %d clocks, want 2", i, clocks[id])
		}
		if told[id+" "+owner] != 1 || tellings[id] != 1 {
			s.Errorf("lead %d: its owner was told %d times, anybody %d times", i, told[id+" "+owner], tellings[id])
		}
		if named[id] == 0 {
			s.Errorf("lead %d is in no robot's outbox", i)
		}
	}
	for key, n := range s.pairs(tx, "SELECT record||' '||recipient||' '||kind,COUNT(*) FROM inbox GROUP BY record,recipient,kind HAVING COUNT(*)>1 AND MIN(kind)<>'clock_fired'") {
		s.Errorf("%s: %d inbox rows", key, n)
	}
}

// checkThreads: no gap, no broken chain.
func (s *survivor) checkThreads(tx *sqldb.Tx, rows []query.Row) {
	entries := s.pairs(tx, "SELECT record,COUNT(*) FROM thread_entry GROUP BY record")
	for _, row := range rows {
		if entries[row.ID] != row.ThreadSeq {
			s.Errorf("%s: thread at %d has %d entries", row.ID, row.ThreadSeq, entries[row.ID])
		}
		bad, err := thread.Verify(tx, row.ID)
		s.must(err)
		if bad != 0 {
			s.Errorf("%s: thread breaks at %d", row.ID, bad)
		}
	}
}

// checkLoads: what is kept of each owner's open leads equals what is there.
func (s *survivor) checkLoads(tx *sqldb.Tx, rows []query.Row) {
	counted := map[string]int64{}
	for _, row := range rows {
		owner, _ := s.value(row, "owner").(string)
		status, _ := s.value(row, s.lead.Closed.Field).(string)
		closed := false
		for _, c := range s.lead.Closed.Choices {
			closed = closed || c == status
		}
		if owner != "" && !closed {
			counted[owner]++
		}
	}
	kept := s.pairs(tx, "SELECT owner,open FROM owner_load WHERE object=$1 AND open<>0", s.lead.ID)
	if diff := cmp.Diff(counted, kept); diff != "" {
		s.Errorf("open loads, counted - kept +:\n%s", diff)
	}
}

// checkFigures: the roll-ups equal the records counted one by one.
func (s *survivor) checkFigures(tx *sqldb.Tx, rows []query.Row) {
	kept, err := metric.Read(tx, metric.Range{Object: s.lead.ID, From: "2000-01-01", To: "2100-01-01"})
	s.must(err)
	source, _ := s.lead.Field(s.lead.Health.Source)
	first, _ := s.lead.Field(s.lead.Health.FirstTouch)
	counted := metric.Count(rows, source, first, s.app.Catalog.Current().Zone())
	forget := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Median" }, cmp.Ignore()) // kept in buckets
	if diff := cmp.Diff(counted, kept, forget); diff != "" {
		s.Errorf("figures, counted - kept +:\n%s", diff)
	}
}

// checkDeliveries: the counts of each channel equal the deliveries kept.
func (s *survivor) checkDeliveries(tx *sqldb.Tx) {
	kept := s.pairs(tx, "SELECT channel||' '||status,CAST(SUM(n) AS BIGINT) FROM channel_day WHERE status<>'repeated' GROUP BY channel,status")
	counted := s.pairs(tx, "SELECT channel||' '||status,COUNT(*) FROM delivery GROUP BY channel,status")
	if diff := cmp.Diff(counted, kept); diff != "" {
		s.Errorf("deliveries, counted - kept +:\n%s", diff)
	}
}
