package server_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"clew.dev/clew/internal/sqldb"
)

// A group in which a unit fails is run once more: a repeat among its members
// must get the first answer the second time too, and not become a lead.
func TestRepeatsBesideFailingUnitsAreStillOneLead(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		body := clue("m1", "c1", "13700001111", nil)
		first := c.push(body)
		boom := errors.New("boom")
		var mu sync.Mutex
		answers := map[string]int{}
		var group sync.WaitGroup
		for range 60 {
			group.Go(func() {
				got := c.push(body)
				mu.Lock()
				defer mu.Unlock()
				answers[fmt.Sprint(got.status, got.header.Get("Clew-Record"))]++
			})
			group.Go(func() {
				if err := c.app.DB.Write(context.Background(), func(*sqldb.Tx) error { return boom }); !errors.Is(err, boom) {
					t.Errorf("the failing unit: %v", err)
				}
			})
		}
		group.Wait()
		if want := fmt.Sprint(200, first.header.Get("Clew-Record")); len(answers) != 1 || answers[want] != 60 {
			t.Errorf("answers %v, want only %s", answers, want)
		}
		c.expectCount("SELECT COUNT(*) FROM delivery", 1)
		c.expectCount("SELECT SUM(repeats) FROM delivery", 60)
		c.expectCount("SELECT COUNT(*) FROM thread_entry WHERE kind='touched'", 0)
		c.expectCount("SELECT SUM(n) FROM channel_day WHERE status='repeated'", 60)
	})
}

// A delivery that the mapping refuses is kept as failed, and its neighbours of
// the same group become leads, whatever had to be run again for that.
func TestRefusedDeliveriesAmongGoodOnes(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		var group sync.WaitGroup
		for i := range 40 {
			group.Go(func() {
				phone := fmt.Sprintf("1370001%04d", i)
				if i%4 == 0 {
					phone = ""
				}
				c.push(clue(fmt.Sprint("m", i), fmt.Sprint("c", i), phone, nil))
			})
		}
		group.Wait()
		c.expectCount("SELECT COUNT(*) FROM delivery", 40)
		c.expectCount("SELECT COUNT(*) FROM delivery WHERE status='accepted' OR status='failed'", 40)
		c.expectCount("SELECT COUNT(*) FROM delivery WHERE (status='accepted')<>(record<>'')", 0)
		c.expectCount("SELECT COUNT(*)-(SELECT COUNT(DISTINCT record) FROM delivery WHERE record<>'') FROM "+
			"(SELECT DISTINCT record FROM thread_entry WHERE object='crm.lead') AS leads", 0)
	})
}
