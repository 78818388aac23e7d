package purge

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

//go:embed testdata/company.yaml
var documents string

const days = 24 * time.Hour

// onBoth is a sweeper that keeps for thirty days.
func onBoth(t *testing.T, test func(c *office.Company, s *Sweeper)) {
	t.Helper()
	office.Each(t, documents, map[string]string{"eve": "boss"}, nil, func(c *office.Company) {
		test(c, &Sweeper{
			DB: c.DB, Snapshot: c.Catalog.Current, Log: slog.New(slog.DiscardHandler),
			Keep: Keep{Deleted: 30 * days, Messages: 30 * days, Deliveries: 30 * days},
		})
	})
}

func sweep(c *office.Company, s *Sweeper) string {
	c.Helper()
	done, err := s.Sweep(c.Context())
	c.Must(err)
	return fmt.Sprintf("%d %d %d", done.Records, done.Messages, done.Bodies)
}

// TestDeletedRecordsGoAtTheirTime: of every object, more than one unit of them,
// to the moment, and none that was restored.
func TestDeletedRecordsGoAtTheirTime(t *testing.T) {
	onBoth(t, func(c *office.Company, s *Sweeper) {
		var ids []string
		for i := range 23 {
			id := c.Create("eve", []string{"lead", "note"}[i%2], map[string]any{"name": fmt.Sprint(i)})
			c.Delete("eve", []string{"lead", "note"}[i%2], id)
			ids = append(ids, id)
		}
		live := c.Create("eve", "lead", map[string]any{"name": "live"})
		c.Clock.Advance(30 * days)
		c.Same("at thirty days", sweep(c, s), "0 0 0")
		c.Restore("eve", "lead", ids[0])
		c.Clock.Advance(time.Microsecond)
		c.Same("a moment later", sweep(c, s), "22 0 0")
		c.Same("again", sweep(c, s), "0 0 0")
		c.Same("what stays", fmt.Sprint(len(c.Rows("lead")), c.Value("lead", live, "name"), c.Value("lead", ids[0], "name")), "2live0")
		c.Same("of the thread", c.Kinds(ids[2]), "[received matched deleted purged]")
		c.Same("what was said", c.Count("SELECT COUNT(*) FROM thread_entry WHERE record=$1 AND params<>'{}'", ids[2]), 0)
		_, err := c.Change("eve", "lead", record.Change{Act: record.Restore, ID: ids[2]})
		c.Same("restore", office.Fault(err), "not_found")
		c.Delete("eve", "lead", live)
		c.Clock.Advance(10 * 365 * days)
		s.Keep = Keep{}
		c.Same("kept for ever", sweep(c, s), "0 0 0")
	})
}

// TestAChannelsOwnIdIsFreeAfterThePurge: and what hangs on the record goes too.
func TestAChannelsOwnIdIsFreeAfterThePurge(t *testing.T) {
	onBoth(t, func(c *office.Company, s *Sweeper) {
		id := c.Create("eve", "lead", map[string]any{"name": "a", "phone": "13900000001"})
		c.Must(c.Write(func(tx *sqldb.Tx) error {
			for _, sql := range []string{
				"INSERT INTO match_key(scope,kind,value,record) VALUES('!web','external','clue-1',$1)",
				"INSERT INTO follower(record,account_id,muted,at) VALUES($1,'u',0,0)",
				"INSERT INTO conversion(record,document,at,actor,made) VALUES($1,'d',0,'u','{}')",
				"INSERT INTO stage_visit(record,n,object,choice,entered_at) VALUES($1,1,'o','c',0)",
				"INSERT INTO record_merge(id,object,winner,loser,asker,detail,merged_at) VALUES('m','o','w',$1,'u','{\"secret\":1}',0)",
			} {
				if _, err := tx.Exec(sql, id); err != nil {
					return fmt.Errorf("%s: %w", sql, err)
				}
			}
			return nil
		}))
		c.Delete("eve", "lead", id)
		c.Clock.Advance(31 * days)
		c.Same("sweep", sweep(c, s), "1 0 0")
		for _, table := range []string{"match_key", "follower", "conversion", "stage_visit"} {
			c.Same(table, c.Count("SELECT COUNT(*) FROM "+table+" WHERE record=$1", id), 0)
		}
		c.Same("that it was merged stays, without what", c.Count("SELECT COUNT(*) FROM record_merge WHERE loser=$1 AND detail='{}'", id), 1)
	})
}

// TestMessagesAndBodiesGoInUnits: those that were sent, more than one unit of
// them, and bodies of deliveries whose rows stay.
func TestMessagesAndBodiesGoInUnits(t *testing.T) {
	onBoth(t, func(c *office.Company, s *Sweeper) {
		const n = 2*rowsOne + 7
		c.Must(c.Write(func(tx *sqldb.Tx) error {
			for i := range n {
				state := "sent"
				if i%100 == 0 {
					state = "waiting"
				}
				if _, err := tx.Exec(`INSERT INTO outbox (id, robot, cause, kind, params, object, record, at, state, queued_at, sent_at) VALUES ($1, 'r', $1, 'x', '{}', '', '', 0, $2, 0, $3)`,
					c.DB.NewID(), state, tx.Now()); err != nil {
					return err
				}
				if _, err := tx.Exec(`INSERT INTO delivery (id, channel, at, status, external_id, object, record, headers, body, errors) VALUES ($1, 'web', $2, 'accepted', '', '', '', '{"h":1}', 'body', '[]')`,
					c.DB.NewID(), sqldb.Micros(tx.Now())); err != nil {
					return err
				}
			}
			return nil
		}))
		c.Same("at once", sweep(c, s), "0 0 0")
		c.Clock.Advance(31 * days)
		c.Same("after a month", sweep(c, s), fmt.Sprintf("0 %d %d", n-5, n))
		c.Same("what was not sent stays", c.Count("SELECT COUNT(*) FROM outbox"), 5)
		c.Same("the deliveries stay", c.Count("SELECT COUNT(*) FROM delivery WHERE body='' AND headers='{}'"), n)
		c.Same("again", sweep(c, s), "0 0 0")
		c.Must(c.Write(func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`INSERT INTO delivery (id, channel, at, status, external_id, object, record, headers, body, errors) VALUES ($1, 'web', $2, 'accepted', '', '', '', '{}', 'body', '[]')`, c.DB.NewID(), sqldb.Micros(tx.Now()))
			return err
		}))
		c.Same("a fresh one", sweep(c, s), "0 0 0")
		c.Clock.Advance(31 * days)
		c.Same("which goes in its turn", sweep(c, s), "0 0 1")
	})
}

// TestASweepThatIsStoppedGoesOnLater: between two units, and loses nothing.
func TestASweepThatIsStoppedGoesOnLater(t *testing.T) {
	onBoth(t, func(c *office.Company, s *Sweeper) {
		for i := range 12 {
			c.Delete("eve", "note", c.Create("eve", "note", map[string]any{"name": fmt.Sprint(i)}))
		}
		c.Clock.Advance(31 * days)
		stopped, cancel := context.WithCancel(c.Context())
		cancel()
		if done, err := s.Sweep(stopped); err == nil || done.Records != 0 {
			t.Errorf("a stopped sweep removed %d, %v", done.Records, err)
		}
		c.Same("later", sweep(c, s), "12 0 0")
		s.Stop() // one that never began
		s.Start(c.Context())
		s.Stop() // and one that waits for its first hour
	})
}
