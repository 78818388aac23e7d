package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const followUpBoard = "/api/v1/dashboards/lead/follow-up"

// TestFollowUpBoardCountsPromises follows one lead in time and late, leaves
// another without an answer, and reads the board after each.
func TestFollowUpBoardCountsPromises(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		seller, leader := c.as("s1"), c.as("leader")
		kept := c.lead(leader, map[string]any{"company": "in time", "phone": "13700001001", "owner": c.ids["s1"]})
		late := c.lead(leader, map[string]any{"company": "late", "phone": "13700001002", "owner": c.ids["s1"]})
		left := c.lead(leader, map[string]any{"company": "left", "phone": "13700001003", "owner": c.ids["s1"]})
		for _, id := range []string{kept, late, left} {
			c.promise(seller, id, time.Hour)
		}
		c.must(c.app.DB.SetOffset(30 * time.Minute))
		c.promise(seller, kept, 99*time.Hour)
		c.must(c.app.DB.SetOffset(2 * time.Hour))
		c.promise(seller, late, 99*time.Hour)
		_, err := c.app.Timer.Due(c.Context())
		c.must(err)

		board := leader("GET", followUpBoard, nil).want(t, "board", 200).json(t)
		totals := board["totals"].(map[string]any)
		for name, want := range map[string]any{"follow_ups": 5.0, "kept": 1.0, "late": 1.0, "waiting": 1.0, "rate": 33.3} {
			if totals[name] != want {
				t.Errorf("%s is %v, want %v", name, totals[name], want)
			}
		}
		overdue := board["overdue"].([]any)
		if len(overdue) != 1 || overdue[0].(map[string]any)["record"].(map[string]any)["id"] != left {
			t.Errorf("the longest overdue are %v, want only %s", overdue, left)
		}
		boardEqualsLists(t, leader)
	})
}

// TestFollowUpBoardEqualsItsLists lets random acts happen and compares each
// number of the board with the list that it opens, for owners' scopes and for
// a scope that only the records can answer, and the roll-ups with the records.
func TestFollowUpBoardEqualsItsLists(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.watcher()
		a := &acting{company: c, random: rand.New(rand.NewPCG(3, 11)), people: map[string]caller{}}
		for range 2 {
			for range 60 {
				a.act()
			}
			a.clocks()
			c.followUpsEqualRecords()
			for _, role := range []string{"admin", "leader", "watcher"} {
				t.Run(role, func(t *testing.T) { boardEqualsLists(t, a.by(role)) })
			}
		}
	})
}

func TestFollowUpBoardRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.as("s1")("GET", followUpBoard, nil).want(t, "without the right", 403)
		leader := c.as("leader")
		leader("GET", "/api/v1/dashboards/company/follow-up", nil).want(t, "an object that is not followed up", 404)
		leader("GET", "/api/v1/dashboards/nothing/follow-up", nil).want(t, "an unknown object", 404)
		leader("GET", followUpBoard+"?from=yesterday", nil).want(t, "a day that is none", 400)
		c.watcher()
		c.as("watcher")("GET", followUpBoard+"?from=2020-01-01", nil).want(t, "a live range that is too long", 400)
	})
}

// TestFollowUpBoardHidesWhatAFieldTells hides whether a promise was kept.
func TestFollowUpBoardHidesWhatAFieldTells(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.watcher("kept", "action")
		leader := c.as("leader")
		id := c.lead(leader, map[string]any{"company": "one", "phone": "13700001001", "owner": c.ids["s1"]})
		c.promise(c.as("s1"), id, time.Hour)
		c.promise(c.as("s1"), id, time.Hour)
		board := c.as("watcher")("GET", followUpBoard, nil).want(t, "board", 200).json(t)
		totals := board["totals"].(map[string]any)
		if totals["follow_ups"] != 2.0 || totals["kept"] != 0.0 || totals["rate"] != nil || len(board["by_action"].([]any)) != 0 {
			t.Errorf("the board tells of hidden fields: %v", board)
		}
	})
}

// promise follows a lead up and promises the next step after a while.
func (c *company) promise(by caller, id string, after time.Duration) {
	c.Helper()
	due := c.app.DB.Now().Add(after).UTC().Format(time.RFC3339)
	by("POST", leads+"/"+id+"/follow-up", map[string]any{"action": "电话沟通", "next_action": "提交报价", "next_due": due}).want(c.T, "follow up", 201)
}

// watcher hires somebody who reads calls only, by an expression.
func (c *company) watcher(hidden ...string) {
	c.Helper()
	fields := map[string]any{}
	for _, name := range hidden {
		fields[name] = "hidden"
	}
	body := map[string]any{
		"label": map[string]any{"en": "Watcher", "zh-CN": "观察"}, "home": "manager", "rights": []any{"dashboard.read"},
		"objects": map[string]any{
			"lead":        map[string]any{"read": true, "scope": "all"},
			"interaction": map[string]any{"read": true, "scope": `NOT ISBLANK(时间) AND NOT ISBLANK(跟进人)`, "fields": fields},
		},
	}
	c.as("admin")("PUT", "/api/v1/config/role/watcher", body).want(c.T, "role", 201)
	u, err := c.app.Accounts.CreateUser(c.Context(), account.NewUser{Name: "watcher", Email: "watcher@example.com", Roles: []string{"watcher"}, Password: password})
	c.must(err)
	c.ids["watcher"] = u.ID
}

// followUpsEqualRecords computes the figures from the records and compares them with the roll-ups.
func (c *company) followUpsEqualRecords() {
	c.Helper()
	snapshot := c.app.Catalog.Current()
	object, _ := snapshot.Object("interaction")
	fields := metric.FollowUpFieldsOf(object)
	c.must(c.app.DB.Read(c.Context(), func(tx *sqldb.Tx) error {
		rolled, err := metric.ReadFollowUps(tx, metric.Range{Object: object.ID, From: "2000-01-01", To: "2100-01-01"})
		if err != nil {
			return err
		}
		rows, err := record.Select(tx, query.Select{Object: object, Fields: fields.All(), Where: query.Always{}})
		if diff := cmp.Diff(metric.CountFollowUps(rows, fields, snapshot.Zone()), rolled, cmpopts.EquateEmpty()); diff != "" {
			c.Errorf("records and roll-ups: %s", diff)
		}
		return err
	}))
	c.expectCount(`SELECT COUNT(*) FROM follow_up_day WHERE done<0 OR due<0 OR kept<0 OR kept>due OR due>done`, 0)
}

func boardEqualsLists(t *testing.T, by caller) {
	t.Helper()
	board := by("GET", followUpBoard, nil).want(t, "board", 200).json(t)
	check := func(what string, number any, object, filter any) {
		t.Helper()
		query := url.Values{"filter": {filter.(string)}, "count": {"1"}, "limit": {"1"}}
		list := by("GET", fmt.Sprint("/api/v1/records/", object, "?", query.Encode()), nil).want(t, what, 200).json(t)
		if list["count"] != number {
			t.Errorf("%s is %v, its list holds %v: %s", what, number, list["count"], filter)
		}
	}
	totals := func(what string, view map[string]any) {
		t.Helper()
		filters := view["filters"].(map[string]any)
		for _, name := range []string{"follow_ups", "kept", "late"} {
			check(what+" "+name, view[name], board["list"], filters[name])
		}
		check(what+" waiting", view["waiting"], board["object"], filters["waiting"])
	}
	totals("all", board["totals"].(map[string]any))
	for _, item := range board["by_person"].([]any) {
		row := item.(map[string]any)
		totals(fmt.Sprint(row["user"].(map[string]any)["label"]), row)
	}
	for _, item := range board["by_action"].([]any) {
		row := item.(map[string]any)
		check(fmt.Sprint(row["label"]), row["count"], board["list"], row["filter"])
	}
	for _, item := range board["by_day"].([]any) {
		row := item.(map[string]any)
		check(fmt.Sprint(row["day"]), row["done"], board["list"], row["filter"])
	}
}
