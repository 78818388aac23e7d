package server_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
	"github.com/google/go-cmp/cmp"
)

const operations = "/api/v1/operations"

// make creates records of an object past the API, many to a unit.
func (c *company) make(object string, n int, fields func(i int) map[string]any) []string {
	c.Helper()
	o, ok := c.app.Catalog.Current().Object(object)
	if !ok {
		c.Fatalf("no object %s", object)
	}
	ids := make([]string, 0, n)
	for from := 0; from < n; from += 100 {
		c.must(c.app.DB.Write(context.Background(), func(tx *sqldb.Tx) error {
			ids = ids[:from]
			for i := from; i < min(n, from+100); i++ {
				set := map[string]any{}
				for name, raw := range fields(i) {
					f, _ := o.Field(name)
					value, bad := f.Parse(raw, c.app.Catalog.Current().Input(true))
					if bad != nil {
						return fmt.Errorf("%s: %s", name, bad.Code)
					}
					set[f.ID] = value
				}
				done, err := c.app.Records.Apply(tx, record.Change{Act: record.Create, Actor: thread.Actor{Kind: thread.User, ID: c.ids["leader"]}, Object: o, Set: set})
				if err != nil {
					return err
				}
				ids = append(ids, done.ID)
			}
			return nil
		}))
	}
	return ids
}

// rows are all live records of an object by id, whole.
func (c *company) rows(object string) map[string]query.Row {
	c.Helper()
	o, _ := c.app.Catalog.Current().Object(object)
	found := map[string]query.Row{}
	c.must(c.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
		rows, err := record.Select(tx, query.Select{Object: o, Fields: o.Fields})
		for _, row := range rows {
			found[row.ID] = row
		}
		return err
	}))
	return found
}

// request begins an operation and gives its id.
func (c *company) request(by caller, wish map[string]any) string {
	c.Helper()
	return by("POST", operations, wish).want(c.T, "ask", http.StatusCreated).json(c.T)["id"].(string)
}

// carry advances operations by at most n chunks; n < 0 carries them to their end.
func (c *company) carry(n int) {
	c.Helper()
	for ; n != 0; n-- {
		worked, err := c.app.Bulk.Advance(context.Background())
		c.must(err)
		if !worked {
			return
		}
	}
}

// ended carries everything out and gives one operation as its asker sees it.
func (c *company) ended(by caller, id string) map[string]any {
	c.Helper()
	c.carry(-1)
	return by("GET", operations+"/"+id, nil).want(c.T, "operation", 200).json(c.T)
}

func wantCounts(t *testing.T, what string, o map[string]any, state string, total, done, failed int) {
	t.Helper()
	got := fmt.Sprint(o["state"], o["total"], " ", o["done"], " ", o["failed"])
	if want := fmt.Sprint(state, total, " ", done, " ", failed); got != want {
		t.Errorf("%s: %s, want %s: %v", what, got, want, o)
	}
}

// undo puts an operation back and gives the operation that did.
func (c *company) undo(by caller, id string) map[string]any {
	c.Helper()
	undo := by("POST", operations+"/"+id+"/undo", nil).want(c.T, "undo", http.StatusCreated).json(c.T)
	return c.ended(by, undo["id"].(string))
}

// values are the records' values alone as texts, without stamps and revisions.
func (c *company) values(object string, rows map[string]query.Row) map[string]string {
	o, _ := c.app.Catalog.Current().Object(object)
	found := map[string]string{}
	for id, row := range rows {
		text := ""
		for _, f := range o.Fields {
			if v := row.Values[f.ID]; v != nil {
				text += fmt.Sprint(f.Name, "=", record.Stored(f, v), "; ")
			}
		}
		found[id] = text
	}
	return found
}

func (c *company) sameValues(what, object string, want, got map[string]query.Row) {
	c.Helper()
	if diff := cmp.Diff(c.values(object, want), c.values(object, got)); diff != "" {
		c.Errorf("%s: - before, + after\n%.3000s", what, diff)
	}
}

func TestFiveThousandCompaniesAreEditedAndPutBack(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		ids := c.make("company", 5000, func(i int) map[string]any {
			return map[string]any{"name": fmt.Sprintf("第%d有限公司", i), "owner": c.ids["leader"], "city": []string{"苏州", "无锡"}[i%2]}
		})
		before := c.rows("company")
		wish := map[string]any{"object": "company", "action": "edit", "filter": `city="苏州"`, "fields": map[string]any{"city": "昆山"}}
		preview := leader("POST", operations+"?dry_run=1", wish).want(t, "dry run", 200).json(t)
		if preview["count"] != 2500.0 || preview["skipped"] != 0.0 || len(preview["sample"].([]any)) != 5 {
			t.Errorf("preview: %v", preview)
		}
		id := c.request(leader, wish)
		wantCounts(t, "edit", c.ended(leader, id), "done", 2500, 2500, 0)
		for i, id := range ids {
			if i%500 > 1 {
				continue
			}
			row := c.rowOf("company", id)
			if want := int64(2 - i%2); row.Revision != want {
				t.Errorf("company %d was written %d times, want %d", i, row.Revision, want)
			}
		}
		thread := leader("GET", "/api/v1/records/company/"+ids[0]+"/thread", nil).items(t)
		if text := thread[0]["text"].(string); !strings.Contains(text, "批量操作") || !strings.Contains(text, "昆山") {
			t.Errorf("the thread says %q", text)
		}
		wantCounts(t, "undo", c.undo(leader, id), "done", 2500, 2500, 0)
		c.sameValues("put back", "company", before, c.rows("company"))
		leader("POST", operations+"/"+id+"/undo", nil).want(t, "undo twice", 409)
	})
}

// rowOf reads one record.
func (c *company) rowOf(object, id string) *query.Row {
	c.Helper()
	o, _ := c.app.Catalog.Current().Object(object)
	var found *query.Row
	c.must(c.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
		rows, err := record.Select(tx, query.Select{Object: o, Fields: o.Fields, Where: query.System("id", "=", id)})
		if len(rows) == 1 {
			found = &rows[0]
		}
		return err
	}))
	return found
}

// leads makes n leads, of s1 and s2 in turn.
func (c *company) someLeads(n int) []string {
	c.Helper()
	return c.make("lead", n, func(i int) map[string]any {
		return map[string]any{
			"company": fmt.Sprintf("客户%03d", i), "phone": fmt.Sprintf("139%08d", i), "owner": c.ids[fmt.Sprint("s", 1+i%2)],
			"budget": fmt.Sprint(1000 * (i + 1)), "city": "苏州",
		}
	})
}

func TestAnOperationGoesOnWhereItWasLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.someLeads(230)
		leader := c.as("leader")
		id := c.request(leader, map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"city": "无锡"}})
		for range 4 {
			c.carry(1)
			c.end()
			c.begin()
		}
		leader = c.as("leader")
		half := leader("GET", operations+"/"+id, nil).json(t)
		if half["state"] != "running" || half["done"].(float64) < 1 || half["done"].(float64) > 229 {
			t.Errorf("half way: %v", half)
		}
		wantCounts(t, "after four restarts", c.ended(leader, id), "done", 230, 230, 0)
		for _, id := range ids {
			if row := c.rowOf("lead", id); row.Revision != 2 {
				t.Errorf("%s was written %d times, want 2", id, row.Revision)
			}
		}
		c.expectCount("SELECT COUNT(*) FROM operation_item", 230)
	})
}

func TestAnOperationStopsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.someLeads(120)
		leader := c.as("leader")
		id := c.request(leader, map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"city": "无锡"}})
		c.carry(1)
		leader("POST", operations+"/"+id+"/undo", nil).want(t, "undo while it runs", 409)
		stopped := leader("POST", operations+"/"+id+"/stop", nil).want(t, "stop", 200).json(t)
		done := int(stopped["done"].(float64))
		wantCounts(t, "stopped", c.ended(leader, id), "stopped", 120, done, 0)
		leader("POST", operations+"/"+id+"/stop", nil).want(t, "stop again", 409)
		c.as("s1")("POST", operations+"/"+id+"/stop", nil).want(t, "somebody else's", 404)
		undo := c.undo(leader, id)
		wantCounts(t, "undo of what was done", undo, "done", done, done, 0)
		for _, row := range c.rows("lead") {
			if row.Values["crm.lead.city"] != "苏州" {
				t.Errorf("%s: %v", row.ID, row.Values["crm.lead.city"])
			}
		}
	})
}

func TestRightsAreAskedOfEveryChunk(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.someLeads(240)
		s1 := c.as("s1")
		id := c.request(s1, map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"city": "无锡"}})
		c.carry(1)
		roles := []string{"service"} // reads leads, changes none
		_, err := c.app.Accounts.UpdateUser(context.Background(), c.ids["s1"], account.UserChange{Roles: &roles})
		c.must(err)
		moved := len(c.where("lead", "crm.lead.city", "无锡"))
		got := c.ended(s1, id)
		if got["state"] != "stopped" || got["problem"].(map[string]any)["code"] != "rights_revoked" {
			t.Errorf("revoked: %v", got)
		}
		if after := len(c.where("lead", "crm.lead.city", "无锡")); after != moved || moved == 0 || moved > 119 {
			t.Errorf("%d leads were changed before, %d after", moved, after)
		}
	})
}

// where are the records whose field has the value.
func (c *company) where(object, field string, value any) (found []query.Row) {
	c.Helper()
	for _, row := range c.rows(object) {
		if row.Values[field] == value {
			found = append(found, row)
		}
	}
	return found
}

func TestAnOperationReachesOnlyWhatItsAskerMayChange(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.someLeads(10)
		s1, service, marketing := c.as("s1"), c.as("service"), c.as("marketing")
		edit := map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"city": "无锡"}}
		if preview := s1("POST", operations+"?dry_run=1", edit).json(t); preview["count"] != 5.0 || preview["skipped"] != 0.0 {
			t.Errorf("a seller's preview: %v", preview)
		}
		wantCounts(t, "a seller", c.ended(s1, c.request(s1, edit)), "done", 5, 5, 0)
		if n := len(c.where("lead", "crm.lead.city", "无锡")); n != 5 {
			t.Errorf("%d leads were changed", n)
		}
		named := map[string]any{"object": "lead", "action": "edit", "ids": ids, "fields": map[string]any{"city": "常州"}}
		id := c.request(s1, named)
		wantCounts(t, "ids of others", c.ended(s1, id), "done", 10, 5, 5)
		for _, failure := range s1("GET", operations+"/"+id+"/failures", nil).items(t) {
			if failure["code"] != "no_longer_there" || failure["record"].(map[string]any)["label"] != nil {
				t.Errorf("failure tells %v", failure)
			}
		}
		service("POST", operations, edit).want(t, "who may only read", 403)
		s1("POST", operations, map[string]any{"object": "lead", "action": "delete", "filter": ""}).want(t, "delete without the right", 403)
		marketing("POST", operations, map[string]any{"object": "lead", "action": "assign", "filter": "", "owner": c.ids["s3"]}).want(t, "a field that is read only", 403)
		marketing("POST", operations, map[string]any{"object": "lead", "action": "assign", "filter": "", "routing": true}).want(t, "routing without the right", 403)
		s1("POST", operations, map[string]any{"object": "lead", "action": "assign", "filter": "", "owner": c.ids["s2"]}).want(t, "give away", 422)
		service("POST", operations+"?dry_run=1", map[string]any{"object": "ticket", "action": "edit", "filter": "budget>1", "fields": map[string]any{"status": "x"}}).want(t, "bad", 422)
		hidden := service("POST", operations+"?dry_run=1", map[string]any{"object": "lead", "action": "restore", "filter": "budget>1"})
		noTrace(t, "filter over a hidden field", hidden)
	})
}

func TestWrongWishesAreRefusedWithTheirFields(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		for _, test := range []struct {
			wish map[string]any
			want string
		}{
			{map[string]any{"object": "moon", "action": "edit", "filter": ""}, "object unknown_object"},
			{map[string]any{"object": "lead", "action": "edit"}, "filter nothing_chosen"},
			{map[string]any{"object": "lead", "action": "edit", "filter": "", "ids": []string{"x"}}, "filter nothing_chosen"},
			{map[string]any{"object": "lead", "action": "edit", "filter": ""}, "fields required"},
			{map[string]any{"object": "lead", "action": "fly", "filter": ""}, "action unknown_action"},
			{map[string]any{"object": "lead", "action": "assign", "filter": ""}, "owner one_target"},
			{map[string]any{"object": "lead", "action": "assign", "filter": "", "pool": "east", "routing": true}, "owner one_target"},
			{map[string]any{"object": "lead", "action": "assign", "filter": "", "pool": "moon"}, "pool unknown_pool"},
			{map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"phone": "x", "zzz": 1}}, "phone invalid_phone zzz unknown_field"},
			{map[string]any{"object": "lead", "action": "edit", "filter": "zzz=1", "fields": map[string]any{"city": "x"}}, "filter unknown_field"},
		} {
			got := leader("POST", operations, test.wish).want(t, test.want, 422)
			if faults := strings.Join(got.faults(t), " "); faults != test.want {
				t.Errorf("%v: %s, want %s", test.wish, faults, test.want)
			}
		}
		c.expectCount("SELECT COUNT(*) FROM operation", 0)
	})
}

func TestOneRepeatOfAnOperationIsTheSame(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.someLeads(3)
		leader := c.with("leader")
		wish := map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"city": "无锡"}}
		key := map[string]string{"Idempotency-Key": "once"}
		first := leader("POST", operations, wish, key).want(t, "first", 201).json(t)
		again := leader("POST", operations, wish, key).want(t, "again", 201).json(t)
		if first["id"] != again["id"] {
			t.Errorf("%v and %v", first["id"], again["id"])
		}
		c.expectCount("SELECT COUNT(*) FROM operation", 1)
		c.expectCount("SELECT COUNT(*) FROM idempotency WHERE state='running'", 0)
	})
}

func TestWhatFailsIsReportedAndTheRestGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.someLeads(6)
		leader := c.as("leader")
		id := c.request(leader, map[string]any{"object": "lead", "action": "edit", "ids": ids, "fields": map[string]any{"phone": "13700009999"}})
		leader("DELETE", leads+"/"+ids[3], nil).want(t, "deleted meanwhile", 204)
		got := c.ended(leader, id)
		wantCounts(t, "one phone for all", got, "done", 6, 1, 5)
		codes := map[string]int{}
		for _, failure := range leader("GET", operations+"/"+id+"/failures?limit=2", nil).items(t) {
			codes[failure["code"].(string)]++
			if failure["record"].(map[string]any)["label"] == nil || failure["text"] == "" {
				t.Errorf("failure: %v", failure)
			}
		}
		if codes["duplicate"] != 2 {
			t.Errorf("failures: %v", codes)
		}
		wantCounts(t, "undo", c.undo(leader, id), "done", 1, 1, 0)
	})
}

func TestAssignToPoolAndByRouting(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.someLeads(14)
		before := c.rows("lead")
		leader := c.as("leader")
		id := c.request(leader, map[string]any{"object": "lead", "action": "assign", "filter": "", "pool": "east"})
		wantCounts(t, "pool", c.ended(leader, id), "done", 14, 14, 0)
		owners := map[any]int{}
		for _, row := range c.rows("lead") {
			owners[row.Values["crm.lead.owner"]]++
		}
		if len(owners) != 7 {
			t.Errorf("the pool of seven gave: %v", owners)
		}
		for id := range before {
			thread := leader("GET", leads+"/"+id+"/thread", nil).items(t)
			found := false
			for _, entry := range thread {
				text := entry["text"].(string)
				found = found || entry["kind"] == "routed" && strings.Contains(text, "批量操作") && strings.Contains(text, "接单组")
			}
			if !found {
				t.Errorf("no entry tells of the pool: %v", thread)
			}
			leader("GET", leads+"/"+id+"/why", nil).want(t, "why", 200)
		}
		c.undo(leader, id)
		c.sameValues("put back", "lead", before, c.rows("lead"))
		again := c.request(leader, map[string]any{"object": "lead", "action": "assign", "filter": "", "routing": true})
		wantCounts(t, "routing", c.ended(leader, again), "done", 14, 14, 0)
		c.loadsAgree()
		person := c.request(leader, map[string]any{"object": "lead", "action": "assign", "filter": "", "owner": c.ids["s5"]})
		wantCounts(t, "person", c.ended(leader, person), "done", 14, 14, 0)
		if n := len(c.where("lead", "crm.lead.owner", c.ids["s5"])); n != 14 {
			t.Errorf("s5 has %d", n)
		}
		c.loadsAgree()
		if told := c.ended(leader, person)["owner"].(map[string]any)["label"]; told != "s5" {
			t.Errorf("the operation tells %v", told)
		}
	})
}

// loadsAgree: what is kept of each owner's open leads equals what is there.
func (c *company) loadsAgree() {
	c.Helper()
	for _, id := range c.ids {
		c.expectCount("SELECT COALESCE(SUM(open),0) FROM owner_load WHERE object='crm.lead' AND owner='"+id+"'", int64(len(c.where("lead", "crm.lead.owner", id))))
	}
}

func TestDeletedRecordsComeBackUnlessTouched(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.someLeads(10)
		before := c.rows("lead")
		leader := c.as("leader")
		id := c.request(leader, map[string]any{"object": "lead", "action": "delete", "filter": `company<>"客户009"`})
		wantCounts(t, "delete", c.ended(leader, id), "done", 9, 9, 0)
		if left := c.rows("lead"); len(left) != 1 {
			t.Errorf("%d leads are left", len(left))
		}
		leader("POST", leads+"/"+ids[0]+"/restore", nil).want(t, "one by hand", 200)
		wantCounts(t, "undo", c.undo(leader, id), "done", 9, 8, 1)
		c.sameValues("all back", "lead", before, c.rows("lead"))
		list := leader("GET", operations+"?limit=1", nil)
		if items := list.items(t); items[0]["action"] != "undo" || items[0]["undoes"] != id {
			t.Errorf("history: %v", items)
		}
		next := list.json(t)["next_cursor"].(string)
		older := leader("GET", operations+"?limit=1&cursor="+next, nil).items(t)
		if len(older) != 1 || older[0]["id"] != id || older[0]["undone_by"] == nil || older[0]["may_undo"] != false {
			t.Errorf("older: %v", older)
		}
		redo := c.undo(leader, c.lastOperation(leader))
		wantCounts(t, "undo of the undo", redo, "done", 8, 8, 0)
		if left := c.rows("lead"); len(left) != 2 {
			t.Errorf("%d leads are left after the undo of the undo", len(left))
		}
		all := c.request(leader, map[string]any{"object": "lead", "action": "restore", "filter": ""})
		wantCounts(t, "restore", c.ended(leader, all), "done", 8, 8, 0)
		c.sameValues("restored", "lead", before, c.rows("lead"))
	})
}

func (c *company) lastOperation(by caller) string {
	c.Helper()
	return by("GET", operations+"?limit=1", nil).items(c.T)[0]["id"].(string)
}

// TestUndoRestoresWhatNobodyTouched is the oracle: after an operation, random
// changes by others, and its undo, every record that nobody touched is as
// before, and every other one is as the others left it.
func TestUndoRestoresWhatNobodyTouched(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.someLeads(40)
		leader := c.as("leader")
		dice := rand.New(rand.NewPCG(7, 11))
		wishes := []map[string]any{
			{"action": "edit", "fields": map[string]any{"city": "无锡", "budget": nil}},
			{"action": "edit", "fields": map[string]any{"region": "华东", "intent": "高"}},
			{"action": "assign", "owner": c.ids["s4"]},
			{"action": "assign", "pool": "east"},
			{"action": "edit", "fields": map[string]any{"company": "同名", "budget": "99.50"}},
		}
		for round, wish := range wishes {
			wish["object"], wish["ids"] = "lead", ids
			before := c.rows("lead")
			id := c.request(leader, wish)
			wantCounts(t, "do", c.ended(leader, id), "done", 40, 40, 0)
			touched := map[string]bool{}
			for range 12 {
				one := ids[dice.IntN(len(ids))]
				touched[one] = true
				patch := map[string]any{"city": fmt.Sprint("城市", round), "owner": c.ids["s6"], "company": fmt.Sprint("改名", round), "budget": "777", "region": "华南", "intent": "低"}
				leader("PATCH", leads+"/"+one, patch).want(t, "touch", 200)
			}
			left := c.rows("lead")
			got := c.undo(leader, id)
			done, failed := int(got["done"].(float64)), int(got["failed"].(float64)) // a pool may have given to the same again
			if got["total"] != float64(done+failed) || done < 40-len(touched)-10 || failed > len(touched) || failed == 0 {
				t.Errorf("undo %v with %d touched: %v", wish["action"], len(touched), got)
			}
			want := map[string]query.Row{}
			for id := range before {
				if want[id] = before[id]; touched[id] {
					want[id] = left[id]
				}
			}
			c.sameValues(fmt.Sprint("round ", round), "lead", want, c.rows("lead"))
		}
		c.loadsAgree()
	})
}

func TestAnAdministratorSeesAndStopsOperationsOfOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.someLeads(120)
		leader, admin := c.as("leader"), c.as("admin")
		id := c.request(leader, map[string]any{"object": "lead", "action": "edit", "ids": ids, "fields": map[string]any{"city": "常州"}})
		c.carry(1)
		leader("GET", operations+"?all=1", nil).want(t, "a leader asks for all", 403)
		if own := admin("GET", operations, nil).items(t); len(own) != 0 {
			t.Errorf("the administrator's own: %v", own)
		}
		all := admin("GET", operations+"?all=1", nil).items(t)
		if len(all) != 1 || all[0]["asker"].(map[string]any)["label"] != "leader" || all[0]["may_undo"] != false {
			t.Fatalf("all: %v", all)
		}
		admin("POST", operations+"/"+id+"/undo", nil).want(t, "undo of somebody else's", 404)
		admin("GET", operations+"/"+id+"/failures", nil).want(t, "its failures", 404)
		admin("POST", operations+"/"+id+"/stop", nil).want(t, "stop", 200)
		c.as("s1")("POST", operations+"/"+id+"/resume", nil).want(t, "resume by another", 404)
		stopped := c.ended(leader, id)
		if stopped["state"] != "stopped" || stopped["may_resume"] != true {
			t.Fatalf("stopped: %v", stopped)
		}
		if why, _ := stopped["problem"].(map[string]any); why["code"] != "operation_stopped_by_other" || why["message"] == "" {
			t.Errorf("the asker is not told why: %v", stopped["problem"])
		}
		if heard := admin("GET", "/api/v1/audit?kind=operation.stopped", nil).items(t); len(heard) != 1 || !strings.Contains(fmt.Sprint(heard[0]["text"]), "leader") {
			t.Errorf("audit: %v", heard)
		}
		leader("POST", operations+"/"+id+"/resume", nil).want(t, "resume", 200)
		wantCounts(t, "resumed", c.ended(leader, id), "done", 120, 120, 0)
		leader("POST", operations+"/"+id+"/resume", nil).want(t, "resume what is done", 409)
	})
}

func TestAStoppedUndoGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.someLeads(120)
		leader, before := c.as("leader"), c.rows("lead")
		id := c.request(leader, map[string]any{"object": "lead", "action": "edit", "ids": ids, "fields": map[string]any{"city": "常州"}})
		c.ended(leader, id)
		undo := leader("POST", operations+"/"+id+"/undo", nil).want(t, "undo", 201).json(t)["id"].(string)
		c.carry(1)
		leader("POST", operations+"/"+undo+"/stop", nil).want(t, "stop", 200)
		c.carry(-1)
		leader("POST", operations+"/"+id+"/undo", nil).want(t, "a second undo", 409)
		leader("POST", operations+"/"+undo+"/resume", nil).want(t, "resume", 200)
		wantCounts(t, "resumed", c.ended(leader, undo), "done", 120, 120, 0)
		c.sameValues("all back", "lead", before, c.rows("lead"))
	})
}
