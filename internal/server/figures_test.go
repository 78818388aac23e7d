package server_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestEachNumberEqualsItsList lets random acts happen, then compares each
// number of the dashboard and of the homes with the list that it opens, for
// five roles, and the roll-ups with the records themselves.
func TestEachNumberEqualsItsList(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		a := &acting{company: c, random: rand.New(rand.NewPCG(2, 7)), people: map[string]caller{}}
		for round := range 3 {
			for range 40 {
				a.act()
			}
			a.clocks()
			c.rollUpsEqualRecords()
			for _, role := range []string{"admin", "leader", "marketing", "s1", "service"} {
				t.Run(fmt.Sprint(role, " round ", round), func(t *testing.T) {
					a.by(role)("GET", "/api/v1/home", nil).want(t, "home", 200)
					homeEqualsLists(t, a.by(role))
					dashboardEqualsLists(t, a.by(role), role == "s1" || role == "service")
				})
			}
		}
	})
}

// acting does things to leads at random.
type acting struct {
	*company
	random  *rand.Rand
	people  map[string]caller
	open    []string // ids
	deleted []string
	n       int
	offset  time.Duration
}

func (a *acting) by(short string) caller {
	if a.people[short] == nil {
		a.people[short] = a.as(short)
	}
	return a.people[short]
}

func (a *acting) pick(from []string) string { return from[a.random.IntN(len(from))] }

func (a *acting) act() {
	a.Helper()
	a.offset += time.Duration(a.random.ExpFloat64() * float64(40*time.Minute))
	a.must(a.app.DB.SetOffset(a.offset))
	leader := a.by("leader")
	if len(a.open) < 5 || a.random.IntN(3) == 0 {
		a.create(leader)
		return
	}
	path := leads + "/" + a.pick(a.open)
	switch a.random.IntN(8) {
	case 0, 1, 2:
		due := a.app.DB.Now().Add(time.Duration(a.random.IntN(72)+1) * time.Hour).UTC().Format(time.RFC3339)
		leader("POST", path+"/follow-up", map[string]any{"action": "电话沟通", "next_action": "提交报价", "next_due": due}).want(a.T, "follow up", 201)
	case 3:
		owner := any(a.ids[fmt.Sprint("s", a.random.IntN(7)+1)])
		if a.random.IntN(3) == 0 {
			owner = nil
		}
		leader("PATCH", path, map[string]any{"owner": owner}).want(a.T, "reassign", 200)
	case 4:
		leader("PATCH", path, map[string]any{"source": []any{"官网", "展会", nil}[a.random.IntN(3)]}).want(a.T, "source", 200)
	case 5:
		leader("POST", path+"/follow-up", map[string]any{"action": "电话沟通", "outcome": "战败"}).want(a.T, "close", 201)
	case 6:
		leader("DELETE", path, nil).want(a.T, "delete", 204)
		a.deleted = append(a.deleted, path[len(leads)+1:])
		a.open = remove(a.open, path[len(leads)+1:])
	case 7:
		if len(a.deleted) > 0 {
			id := a.pick(a.deleted)
			leader("POST", leads+"/"+id+"/restore", nil).want(a.T, "restore", 200)
			a.deleted, a.open = remove(a.deleted, id), append(a.open, id)
		}
	}
}

func (a *acting) create(leader caller) {
	a.Helper()
	a.n++
	fields := map[string]any{"company": fmt.Sprint("c", a.n), "phone": fmt.Sprintf("1370000%04d", a.n)}
	if source := []any{"抖音", "官网", "展会", nil}[a.random.IntN(4)]; source != nil {
		fields["source"] = source
	}
	if a.random.IntN(2) == 0 {
		fields["region"] = "华东"
	}
	a.open = append(a.open, a.lead(leader, fields))
}

func (a *acting) clocks() {
	_, err := a.app.Timer.Due(a.Context())
	a.must(err)
}

func remove(list []string, one string) []string {
	var kept []string
	for _, s := range list {
		if s != one {
			kept = append(kept, s)
		}
	}
	return kept
}

// equals compares a number with the count of the list behind its filter.
func equals(t *testing.T, by caller, what string, number any, filter any) {
	t.Helper()
	text, ok := filter.(string)
	if !ok || text == "" {
		t.Errorf("%s has no filter", what)
		return
	}
	list := by("GET", ask("filter", text, "count", "1", "limit", "1"), nil).want(t, what+": "+text, 200)
	if count := list.json(t)["count"]; count != number {
		t.Errorf("%s is %v, its list holds %v: %s", what, number, count, text)
	}
}

func dashboardEqualsLists(t *testing.T, by caller, refused bool) {
	t.Helper()
	got := by("GET", "/api/v1/dashboards/lead-health", nil)
	if refused {
		got.want(t, "without the right", 403)
		return
	}
	d := got.want(t, "dashboard", 200).json(t)
	totals, filters := d["totals"].(map[string]any), d["filters"].(map[string]any)
	for _, name := range []string{"leads", "touched", "untouched", "within_24h", "within_30m", "unassigned", "overdue"} {
		equals(t, by, name, totals[name], filters[name])
	}
	for list, number := range map[string]string{"by_channel": "leads", "by_person": "overdue", "by_day": "leads"} {
		sum := 0.0
		for i, item := range d[list].([]any) {
			row := item.(map[string]any)
			equals(t, by, fmt.Sprint(list, " ", i, " ", number), row[number], row["filter"])
			sum += row[number].(float64)
		}
		if total := totals[number]; list != "by_person" && sum != total {
			t.Errorf("%s adds up to %v of %v", list, sum, total)
		}
	}
	one := by("GET", "/api/v1/dashboards/lead-health?channel=%E5%AE%98%E7%BD%91", nil).want(t, "one channel", 200).json(t)
	equals(t, by, "官网", one["totals"].(map[string]any)["touched"], one["filters"].(map[string]any)["touched"])
}

func homeEqualsLists(t *testing.T, by caller) {
	t.Helper()
	home := by("GET", "/api/v1/home", nil).want(t, "home", 200).json(t)
	blocks := home["blocks"].([]any)
	if len(blocks) == 0 {
		t.Errorf("the home of %v is empty", home["kind"])
	}
	for _, item := range blocks {
		block := item.(map[string]any)
		if block["type"] == "list" && block["object"] == "lead" {
			equals(t, by, fmt.Sprint(block["name"]), block["count"], block["filter"])
		}
		people, _ := block["people"].([]any)
		for _, item := range people {
			row := item.(map[string]any)
			equals(t, by, "waiting", row["overdue"], row["filter"])
		}
	}
}

// rollUpsEqualRecords computes the figures from the records and compares them
// with the roll-ups: counts exactly, medians within five per cent.
func (c *company) rollUpsEqualRecords() {
	c.Helper()
	snapshot := c.app.Catalog.Current()
	object, _ := snapshot.Object("lead")
	source, _ := object.Field(object.Health.Source)
	first, _ := object.Field(object.Health.FirstTouch)
	owner, _ := object.Field(object.OwnerField)
	for _, who := range [][]string{nil, {c.ids["s1"], c.ids["s2"]}, {}} {
		where := query.Condition(query.Always{})
		if who != nil {
			values := make([]any, 0, len(who))
			for _, id := range who {
				values = append(values, id)
			}
			where = query.In{Field: owner, Values: values}
		}
		c.must(c.app.DB.Read(c.Context(), func(tx *sqldb.Tx) error {
			kept, err := metric.Read(tx, metric.Range{Object: object.ID, From: "2000-01-01", To: "2100-01-01", Owners: who})
			if err != nil {
				return err
			}
			rows, err := record.Select(tx, query.Select{Object: object, Fields: []*schema.Field{source, first, owner}, Where: where})
			exact := metric.Count(rows, source, first, snapshot.Zone())
			near := cmp.Comparer(func(a, b *time.Duration) bool {
				if a == nil || b == nil {
					return a == b
				}
				return (*a - *b).Abs() <= max(*a, *b)/20+time.Second
			})
			if diff := cmp.Diff(exact, kept, near, cmpopts.EquateEmpty()); diff != "" {
				c.Errorf("records and roll-ups of %v: %s", who, diff)
			}
			return err
		}))
	}
	c.expectCount(`SELECT COUNT(*) FROM figure WHERE created<0 OR touched<0 OR within_24h<0 OR within_30m<0`, 0)
	c.expectCount(`SELECT COUNT(*) FROM owner_load WHERE open<0`, 0)
}
