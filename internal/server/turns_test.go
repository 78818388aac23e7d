package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// TestLeadsThatShareATransactionTakeTurns: however leads are gathered into
// transactions, and whoever fails among them, a pool's sellers are given leads
// in turn, and each decision was recorded with the figures that were true then.
func TestLeadsThatShareATransactionTakeTurns(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		const senders, each = 14, 6
		var all sync.WaitGroup
		for s := range senders {
			all.Go(func() {
				for i := range each {
					n := s*each + i
					answer, err := c.app.Intake.Receive(context.Background(), fromWebsite(n))
					if err != nil || answer.Record == "" {
						t.Errorf("lead %d: %+v %v", n, answer, err)
					}
					if i%3 == 1 { // spoils the transaction that others are in
						_ = c.app.DB.Write(context.Background(), func(tx *sqldb.Tx) error {
							return errors.Join(tx.Later("UPDATE owner_load SET open=open+1000"), errors.New("undone"))
						})
					}
				}
			})
		}
		all.Wait()
		c.tookTurns(senders * each)
	})
}

func fromWebsite(n int) intake.Request {
	body, _ := json.Marshal(map[string]any{
		"external_id": fmt.Sprint("t", n), "company": fmt.Sprint("轮", n), "phone": fmt.Sprintf("138%08d", n), "region": "江苏",
	})
	return intake.Request{Channel: "website-api", Body: body, Header: map[string][]string{"Authorization": {"Bearer " + websiteToken}}}
}

// tookTurns looks at the decisions in the order of the pool's pointer.
func (c *company) tookTurns(leads int) {
	c.Helper()
	decided := c.decisions()
	given := map[string]int{}
	for seq := range leads {
		d, ok := decided[seq]
		if !ok {
			c.Fatalf("nothing was decided at %d of %d", seq, len(decided))
		}
		for _, m := range d.members {
			if m.Load != given[m.User] || m.Assigned != given[m.User] {
				c.Errorf("decision %d took %s for having %d of %d open, not %d", seq, m.User, m.Load, m.Assigned, given[m.User])
			}
		}
		given[d.owner]++
	}
	for _, short := range []string{"s1", "s2", "s3", "s4", "s5", "s6", "s7"} {
		if given[c.ids[short]] != leads/7 {
			c.Errorf("%s was given %d of %d", short, given[c.ids[short]], leads)
		}
		c.expectCount(fmt.Sprintf("SELECT COALESCE(SUM(open),0) FROM owner_load WHERE owner='%s' AND object='crm.lead'", c.ids[short]), int64(leads/7))
	}
}

type decision struct {
	owner   string
	members []member
}

type member struct {
	User           string `json:"user"`
	Load, Assigned int
}

// decisions are those of the pool, by the pointer that each began with.
func (c *company) decisions() map[int]decision {
	c.Helper()
	found := map[int]decision{}
	err := c.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query("SELECT params FROM thread_entry WHERE kind='routed'")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				return err
			}
			var params struct {
				Owner    string
				Recorded struct {
					Pools map[string]struct {
						Members []member
						Pointer struct{ Seq int }
					}
				}
			}
			if err := json.Unmarshal([]byte(text), &params); err != nil {
				return err
			}
			pool := params.Recorded.Pools["east"]
			found[pool.Pointer.Seq] = decision{params.Owner, pool.Members}
		}
		return rows.Err()
	})
	c.must(err)
	return found
}

// TestThreadsOfLeadsThatCameTogetherVerify: bodies and chains hold whatever
// texts came in.
func TestThreadsOfLeadsThatCameTogetherVerify(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		for n, text := range []string{"plain", `"quoted" \ and <b>`, "line\nbreak", "\u2028", "线索 😀", "\x01"} {
			body, _ := json.Marshal(map[string]any{"company": fmt.Sprint("验", n), "phone": fmt.Sprintf("139%08d", n), "message": text})
			answer, err := c.app.Intake.Receive(context.Background(), intake.Request{
				Channel: "website-api", Body: body, Header: map[string][]string{"Authorization": {"Bearer " + websiteToken}},
			})
			if err != nil || answer.Record == "" {
				t.Fatalf("%q: %+v %v", text, answer, err)
			}
			c.must(c.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
				broken, err := thread.Verify(tx, answer.Record)
				if broken != 0 {
					t.Errorf("%q: the chain breaks at %d", text, broken)
				}
				return err
			}))
		}
	})
}
