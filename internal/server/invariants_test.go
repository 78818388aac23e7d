package server_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"github.com/google/go-cmp/cmp"
)

// dice are random acts of random people on one company.
type dice struct {
	*company
	*rand.Rand
	people []string
	by     map[string]caller
	leads  []string
	n      int
	hours  time.Duration
	pass   func() // lets time pass
}

// act does one of the things that people, channels and clocks do. Refusals
// are fine, breakdowns are not.
func (d *dice) act() {
	d.Helper()
	who := d.people[d.IntN(len(d.people))]
	by, id := d.by[who], absentID
	if len(d.leads) > 0 {
		id = d.leads[d.IntN(len(d.leads))]
	}
	path := leads + "/" + id
	phone := fmt.Sprintf("1390000%04d", d.IntN(40))
	statuses := []string{"待首触", "跟进中", "已成交", "已战败", "无效", "待分配"}
	due := time.Now().Add(d.hours + time.Duration(d.IntN(72)-12)*time.Hour).UTC().Format(time.RFC3339)
	d.n++
	switch d.IntN(16) {
	case 0, 1:
		d.note(by("POST", leads, map[string]any{"company": fmt.Sprint("随机", d.IntN(30)), "phone": phone, "source": "官网", "region": "华东"}))
	case 2, 3:
		got := d.push(clue(fmt.Sprint("r", d.IntN(60)), fmt.Sprint("c", d.IntN(40)), phone, nil))
		if r := got.header.Get("Clew-Record"); r != "" && !slices.Contains(d.leads, r) {
			d.leads = append(d.leads, r)
		}
		d.whole(got)
	case 4:
		d.whole(by("PATCH", path, map[string]any{"status": statuses[d.IntN(len(statuses))]}))
	case 5:
		d.whole(by("PATCH", path, map[string]any{"phone": phone, "city": fmt.Sprint("城", d.IntN(5))}))
	case 6:
		d.whole(d.by["leader"]("PATCH", path, map[string]any{"owner": d.ids[fmt.Sprint("s", 1+d.IntN(7))]}))
	case 7:
		d.whole(by("POST", path+"/follow-up", map[string]any{"action": "电话沟通", "text": "x", "next_action": "提交报价", "next_due": due}))
	case 8:
		d.whole(by("POST", path+"/follow-up", map[string]any{"action": "电话沟通", "outcome": "已战败", "fields": map[string]any{"lost_reason": "价格太高"}}))
	case 9:
		d.whole(by("POST", path+"/claim", nil))
	case 10:
		d.whole(d.by["leader"]("DELETE", path, nil))
	case 11:
		d.whole(d.by["leader"]("POST", path+"/restore", nil))
	case 12:
		d.whole(d.by["leader"]("POST", path+"/merge", map[string]any{"other": d.leads[d.IntN(max(1, len(d.leads)))%max(1, len(d.leads))]}))
	case 13:
		d.whole(d.by["leader"]("POST", path+"/merge/undo", nil))
	case 14:
		undo := ""
		if d.IntN(2) == 0 {
			undo = "/undo"
		}
		d.whole(d.by["leader"]("POST", path+"/convert"+undo, map[string]any{"targets": map[string]any{}}))
	default:
		d.pass()
	}
}

// leap moves the business time some hours on and lets the clocks that are due fire.
func (d *dice) leap() {
	d.Helper()
	d.hours += time.Duration(d.IntN(20)) * time.Hour
	d.must(d.app.DB.SetOffset(d.hours))
	_, err := d.app.Timer.Due(context.Background())
	d.must(err)
}

func (d *dice) note(got answer) {
	d.Helper()
	d.whole(got)
	if got.status == 201 {
		d.leads = append(d.leads, got.json(d.T)["id"].(string))
	}
}

func (d *dice) whole(got answer) {
	d.Helper()
	if got.status >= 500 {
		d.Fatalf("act %d: %d %s", d.n, got.status, got.body)
	}
}

// counted reads rows of a text and a number.
func (c *company) counted(sql string) map[string]int64 {
	c.Helper()
	found := map[string]int64{}
	c.must(c.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query(sql)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var key string
			var n int64
			if err := rows.Scan(&key, &n); err != nil {
				return err
			}
			found[key] = n
		}
		return rows.Err()
	}))
	return found
}

// invariants recounts from the records what is kept beside them.
func (c *company) invariants() {
	c.Helper()
	lead, _ := c.app.Catalog.Current().Object("lead")
	s := &survivor{crashRun: &crashRun{T: c.T}, app: c.app, lead: lead}
	c.must(c.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
		rows, err := record.Select(tx, query.Select{Object: lead, Fields: lead.Fields})
		if err != nil {
			return err
		}
		s.checkThreads(tx, rows)
		s.checkLoads(tx, rows)
		s.checkFigures(tx, rows)
		c.clocksHold(s, tx, rows)
		c.visitsHold(s, tx, rows)
		return nil
	}))
	// Deliveries: what was counted is what is there.
	for what, sql := range map[string]string{
		"an inbox row twice (I4)":                        "SELECT cause||' '||recipient, COUNT(*) FROM inbox GROUP BY cause, recipient HAVING COUNT(*)>1",
		"a match key of two open records":                "SELECT kind||' '||value||' '||scope, COUNT(*) FROM match_key GROUP BY scope, kind, value HAVING COUNT(*)>1",
		"a clock that runs twice on one record (I3)":     "SELECT record||' '||clock, COUNT(*) FROM clock_run GROUP BY record, clock HAVING COUNT(*)>1",
		"a thread entry without a place, or two for one": "SELECT record, COUNT(*)-MAX(seq) FROM thread_entry GROUP BY record HAVING COUNT(*)<>MAX(seq)",
		"two present stages":                             "SELECT record, COUNT(*) FROM stage_visit WHERE left_at IS NULL GROUP BY record HAVING COUNT(*)>1",
		"a visit that ends before it begins":             "SELECT record, n FROM stage_visit WHERE left_at < entered_at",
	} {
		if found := c.counted(sql); len(found) > 0 {
			c.Errorf("%s: %v", what, found)
		}
	}
}

// clocksHold: closed and deleted records have no running clock that could still fire.
func (c *company) clocksHold(s *survivor, tx *sqldb.Tx, rows []query.Row) {
	c.Helper()
	running := s.pairs(tx, "SELECT record, COUNT(*) FROM clock_run WHERE phase='running' AND wake_at IS NOT NULL GROUP BY record")
	for _, row := range rows {
		status, _ := s.value(row, s.lead.Closed.Field).(string)
		if slices.Contains(s.lead.Closed.Choices, status) && running[row.ID] > 0 {
			c.Errorf("%s is closed (%s) and has %d clocks running", row.ID, status, running[row.ID])
		}
		delete(running, row.ID)
	}
	for id, n := range running {
		if gone := s.pairs(tx, "SELECT id, 1 FROM "+s.lead.Table+" WHERE id=$1 AND deleted_at IS NOT NULL", id); len(gone) > 0 {
			c.Errorf("%s is deleted and has %d clocks running", id, n)
		}
	}
}

// visitsHold: the last visit of each record is the stage that it is in.
func (c *company) visitsHold(s *survivor, tx *sqldb.Tx, rows []query.Row) {
	c.Helper()
	present := map[string]string{}
	found, err := tx.Query("SELECT record, choice FROM stage_visit WHERE left_at IS NULL AND object=$1", s.lead.ID)
	c.must(err)
	defer found.Close()
	for found.Next() {
		var id, choice string
		c.must(found.Scan(&id, &choice))
		present[id] = choice
	}
	c.must(found.Err())
	for _, row := range rows {
		status, _ := s.value(row, "status").(string)
		if at, ok := present[row.ID]; ok && at != status {
			c.Errorf("%s is in %q, its last visit is %q", row.ID, status, at)
		}
	}
}

// TestInvariantsHoldAfterRandomActs: whatever people, channels and clocks do in
// whatever order, what is kept beside the records equals a recount of them.
// CLEW_TEST_SEED makes another run.
func TestInvariantsHoldAfterRandomActs(t *testing.T) {
	seed := uint64(7)
	if text := os.Getenv("CLEW_TEST_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	onBoth(t, func(t *testing.T, c *company) {
		t.Logf("CLEW_TEST_SEED=%d", seed)
		d := &dice{company: c, Rand: rand.New(rand.NewPCG(seed, 1)), people: []string{"leader", "s1", "s2", "s3", "marketing", "admin"}, by: map[string]caller{}}
		d.pass = d.leap
		for _, who := range d.people {
			d.by[who] = c.as(who)
		}
		for i := range 3 {
			d.leads = append(d.leads, c.lead(d.by["leader"], map[string]any{"company": fmt.Sprint("开头", i), "phone": fmt.Sprintf("1380000000%d", i)}))
		}
		for range 6 {
			for range 35 {
				d.act()
			}
			c.invariants()
			if t.Failed() {
				t.Fatalf("after %d acts with CLEW_TEST_SEED=%d", d.n, seed)
			}
		}
		d.indexHolds()
	})
}

// indexHolds: every live lead is found by its id's own words, and none that is gone.
func (d *dice) indexHolds() {
	d.Helper()
	d.indexed()
	want := map[string]bool{}
	for _, row := range d.rows("lead") {
		if text, _ := row.Values["crm.lead.company"].(string); text != "" {
			want["lead:"+text] = true
		}
	}
	found := map[string]bool{}
	for _, word := range []string{"随机", "开头", "博锐精工"} {
		for cursor, page := "", 0; page < 20; page++ {
			got := d.by["admin"]("GET", escaped("/api/v1/search?objects=lead&limit=50&q="+word+"&cursor="+cursor), nil).want(d.T, "search", 200).json(d.T)
			cursor = ""
			for _, group := range got["groups"].([]any) {
				for _, item := range group.(map[string]any)["items"].([]any) {
					found["lead:"+item.(map[string]any)["title"].(map[string]any)["text"].(string)] = true
				}
				cursor, _ = group.(map[string]any)["next_cursor"].(string)
			}
			if cursor == "" {
				break
			}
		}
	}
	if diff := cmp.Diff(want, found); diff != "" {
		d.Errorf("the search index, records - index +:\n%s", diff)
	}
}
