package server_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/sqldb"
)

func TestDouyinClueBecomesAnOwnedLeadThatExplainsItself(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		got := c.push(clue("m1", "c1", "13700001111", nil))
		if got.status != 200 || string(got.body) != `{"BaseResp":{"StatusCode":200,"StatusMessage":"ok"}}` {
			t.Fatalf("acknowledgement: %d %s", got.status, got.body)
		}
		id := got.header.Get("Clew-Record")
		if id == "" {
			t.Fatal("no Clew-Record")
		}
		leader := c.as("leader")
		lead := leader("GET", "/api/v1/records/lead/"+id, nil).json(t)
		for name, want := range map[string]any{
			"company": "博锐精工", "contact": "王伟", "phone": "+8613700001111", "product": "VX-200", "source": "抖音",
			"region": "华东", "intent": "高", "status": "待首触", "external_id": "c1",
		} {
			if lead[name] != want {
				t.Errorf("%s = %v, want %v", name, lead[name], want)
			}
		}
		if tags := fmt.Sprint(lead["tags"]); !strings.Contains(tags, "需市场补全") || !strings.Contains(tags, "工业客户") {
			t.Errorf("tags = %s", tags)
		}
		owner, _ := lead["owner"].(map[string]any)
		if owner["id"] != c.ids["s1"] {
			t.Errorf("owner = %v", lead["owner"])
		}
		kinds := c.kinds(id)
		for _, want := range []string{"received", "matched", "understood", "scored", "routed", "clock_started", "message"} {
			if !strings.Contains(kinds, want) {
				t.Errorf("thread lacks %s: %s", want, kinds)
			}
		}
		inbox := c.as("s1")("GET", "/api/v1/inbox", nil).json(t)
		if n := len(inbox["items"].([]any)); n != 1 {
			t.Errorf("owner's inbox holds %d", n)
		}
		if n := len(c.as("marketing")("GET", "/api/v1/inbox", nil).json(t)["items"].([]any)); n != 1 {
			t.Errorf("marketing's inbox holds %d", n)
		}
		why := leader("GET", "/api/v1/records/lead/"+id+"/why", nil).json(t)
		if why["owner"] == nil || why["score"] == nil {
			t.Errorf("why = %v", why)
		}
	})
}

func TestTheSameDeliveryAHundredTimesInParallelIsOneLead(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		body := clue("m1", "c1", "13700001111", nil)
		var mu sync.Mutex
		records := map[string]int{}
		var group sync.WaitGroup
		for range 100 {
			group.Go(func() {
				got := c.push(body)
				mu.Lock()
				defer mu.Unlock()
				records[fmt.Sprint(got.status, got.header.Get("Clew-Record"))]++
			})
		}
		group.Wait()
		if len(records) != 1 {
			t.Fatalf("answers differ: %v", records)
		}
		c.expectCount("SELECT COUNT(*) FROM inbox", 2) // the owner and marketing
		c.expectCount("SELECT COUNT(*) FROM thread_entry WHERE kind='routed'", 1)
		c.expectCount("SELECT COUNT(*) FROM delivery", 1)
	})
}

func TestParallelLeadsAreSharedFairly(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		const leads, senders = 1000, 50
		var group sync.WaitGroup
		for s := range senders {
			group.Go(func() {
				for i := s; i < leads; i += senders {
					got := c.push(clue(fmt.Sprint("m", i), fmt.Sprint("c", i), fmt.Sprintf("1370001%04d", i), nil))
					if got.status != 200 {
						t.Errorf("lead %d: %d %s", i, got.status, got.body)
					}
				}
			})
		}
		group.Wait()
		c.must(c.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
			var least, most int64
			err := tx.QueryRow("SELECT MIN(open),MAX(open) FROM owner_load WHERE object='crm.lead'").Scan(&least, &most)
			if most-least > 1 {
				t.Errorf("from %d to %d of %d", least, most, leads)
			}
			return err
		}))
		c.expectCount("SELECT COUNT(*) FROM owner_load WHERE object='crm.lead'", 7)
	})
}

func TestEveryWayInGivesTheSameOwnerRuleScoreAndClocks(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		fields := func(phone string) map[string]any {
			return map[string]any{"company": "博锐精工", "contact": "王伟", "phone": phone, "source": "官网", "region": "华东", "message": "急需液压阀样品"}
		}
		leader := c.as("leader")
		byChannel := c.send("POST", "/in/website-api", fields("13700000001"), map[string]string{"Authorization": "Bearer " + websiteToken})
		byAPI := leader("POST", "/api/v1/records/lead", fields("13700000002"))
		byBatch := leader("POST", "/api/v1/records/lead/batch", map[string]any{"items": []any{map[string]any{"op": "create", "fields": fields("13700000003")}}})
		if byChannel.status != 200 || byAPI.status != 201 || byBatch.status != 200 {
			t.Fatalf("%s\n%s\n%s", byChannel.body, byAPI.body, byBatch.body)
		}
		batch := byBatch.json(t)["items"].([]any)[0].(map[string]any)
		ids := []string{byChannel.json(t)["record"].(string), byAPI.json(t)["id"].(string), batch["id"].(string)}
		var seen []string
		for _, id := range ids {
			why := leader("GET", "/api/v1/records/lead/"+id+"/why", nil).json(t)
			clocks := leader("GET", "/api/v1/records/lead/"+id+"/clocks", nil).json(t)
			names := ""
			for _, item := range clocks["items"].([]any) {
				names += " " + item.(map[string]any)["name"].(string)
			}
			seen = append(seen, fmt.Sprint(why["owner"].(map[string]any)["row"], why["score"].(map[string]any)["total"], names))
		}
		if seen[0] != seen[1] || seen[1] != seen[2] {
			t.Errorf("ways in differ: %q", seen)
		}
	})
}

func TestFollowUpNeedsTheNextStepAndStopsTheClocks(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		id := c.push(clue("m1", "c1", "13700001111", nil)).header.Get("Clew-Record")
		s1 := c.as("s1")
		path := "/api/v1/records/lead/" + id + "/follow-up"
		bad := s1("POST", path, map[string]any{"action": "电话沟通", "text": "已沟通"})
		if bad.status != 422 || !bytes.Contains(bad.body, []byte(`"next_action"`)) || !bytes.Contains(bad.body, []byte(`"next_due"`)) {
			t.Fatalf("without a next step: %d %s", bad.status, bad.body)
		}
		due := time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
		good := s1("POST", path, map[string]any{"action": "电话沟通", "text": "客户要报价", "next_action": "提交报价", "next_due": due})
		if good.status != 201 {
			t.Fatalf("follow-up: %d %s", good.status, good.body)
		}
		if status := good.json(t)["status"]; status != "跟进中" {
			t.Errorf("status = %v", status)
		}
		c.expectCount("SELECT COUNT(*) FROM clock_run WHERE phase='satisfied'", 2)
		c.expectCount("SELECT COUNT(*) FROM clock_run WHERE phase='running'", 1)
	})
}

func TestOverdueClocksTellTheRightPeopleOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		id := c.push(clue("m1", "c1", "13700001111", nil)).header.Get("Clew-Record")
		ctx := context.Background()
		c.must(c.app.DB.SetOffset(20 * 24 * time.Hour))
		for range 3 {
			_, err := c.app.Timer.Due(ctx)
			c.must(err)
		}
		c.expectCount("SELECT COUNT(*) FROM thread_entry WHERE kind='clock_fired' AND record='"+id+"'", 2)
		inbox := c.as("leader")("GET", "/api/v1/inbox", nil).json(t)
		if n := len(inbox["items"].([]any)); n != 2 { // unclaimed, and silent for 72 hours
			t.Errorf("leader's inbox: %v", inbox["items"])
		}
		lead := c.as("leader")("GET", "/api/v1/records/lead/"+id, nil).json(t)
		if lead["overdue_since"] == nil {
			t.Error("the lead is not marked overdue")
		}
	})
}

func TestAHiddenFieldIsAsIfItDidNotExist(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		body := clue("m1", "c1", "13700001111", map[string]any{"remark_dict": map[string]any{"公司名称": "博锐精工", "预算": "77万"}})
		id := c.push(body).header.Get("Clew-Record")
		service := c.as("service")
		for _, path := range []string{"", "/thread", "/why", "/clocks", "/related"} {
			got := service("GET", "/api/v1/records/lead/"+id+path, nil)
			if got.status != 200 {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
			if bytes.Contains(got.body, []byte("770000")) || bytes.Contains(got.body, []byte(`"budget"`)) || bytes.Contains(got.body, []byte("crm.lead.budget")) {
				t.Errorf("%s shows the budget: %s", path, got.body)
			}
		}
		strip := func(a answer, name string) string { return strings.ReplaceAll(string(a.body), name, "F") }
		for _, query := range []string{"filter=%s>5", "sort=-%s", "fields=%s", "filter=ISBLANK(%s)"} {
			hidden := service("GET", "/api/v1/records/lead?"+strings.ReplaceAll(fmt.Sprintf(query, "budget"), ">", "%3E"), nil)
			absent := service("GET", "/api/v1/records/lead?"+strings.ReplaceAll(fmt.Sprintf(query, "zzzzzz"), ">", "%3E"), nil)
			if hidden.status != absent.status || strip(hidden, "budget") != strip(absent, "zzzzzz") {
				t.Errorf("%s: hidden %s, absent %s", query, hidden.body, absent.body)
			}
		}
		patch := service("PATCH", "/api/v1/records/lead/"+id, map[string]any{"budget": "1"})
		if patch.status == 200 {
			t.Errorf("the hidden field was written: %s", patch.body)
		}
	})
}

func TestScopeLimitsWhatASellerSees(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		mine := c.push(clue("m1", "c1", "13700001111", nil)).header.Get("Clew-Record")
		theirs := c.push(clue("m2", "c2", "13700002222", nil)).header.Get("Clew-Record")
		s1 := c.as("s1")
		if got := s1("GET", "/api/v1/records/lead/"+mine, nil); got.status != 200 {
			t.Errorf("own lead: %d", got.status)
		}
		other := s1("GET", "/api/v1/records/lead/"+theirs, nil)
		absent := s1("GET", "/api/v1/records/lead/01900000-0000-7000-8000-000000000000", nil)
		if other.status != 404 || !bytes.Equal(other.body, absent.body) {
			t.Errorf("another's lead: %d %s; absent %s", other.status, other.body, absent.body)
		}
		list := s1("GET", "/api/v1/records/lead?count=1", nil).json(t)
		if list["count"] != float64(1) {
			t.Errorf("count = %v", list["count"])
		}
		if got := s1("POST", "/api/v1/records/lead/"+theirs+"/claim", nil); got.status != 404 {
			t.Errorf("claim of another's: %d", got.status)
		}
	})
}

func TestWhatBadInputGets(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		body := clue("m1", "c1", "13700001111", nil)
		if got := c.send("POST", "/in/nowhere", body, nil); got.status != 404 {
			t.Errorf("unknown channel: %d", got.status)
		}
		if got := c.send("POST", "/in/douyin", body, map[string]string{"X-Open-Signature": "00"}); got.status != 401 {
			t.Errorf("wrong signature: %d", got.status)
		}
		c.expectCount("SELECT COUNT(*) FROM delivery", 0)
		broken := []byte(`{"message_id":`)
		if got := c.push(broken); got.status != 400 {
			t.Errorf("malformed: %d %s", got.status, got.body)
		}
		huge := bytes.Repeat([]byte("x"), 1<<20+5)
		if got := c.push(huge); got.status != 413 {
			t.Errorf("oversized: %d", got.status)
		}
		c.expectCount("SELECT COUNT(*) FROM delivery WHERE status='rejected'", 2)
		challenge := c.send("POST", "/in/douyin", `{"event":"verify_webhook","challenge":12345}`, nil)
		if challenge.status != 200 || !bytes.Contains(challenge.body, []byte(`"challenge":12345`)) {
			t.Errorf("challenge: %d %s", challenge.status, challenge.body)
		}
	})
}

func TestDuplicatesTouchAndRefuse(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		first := c.push(clue("m1", "c1", "13700001111", nil)).header.Get("Clew-Record")
		again := c.push(clue("m2", "c9", "13700001111", map[string]any{"email": "w@b.cn"})).header.Get("Clew-Record")
		if first != again {
			t.Fatalf("the same phone gave %s and %s", first, again)
		}
		leader := c.as("leader")
		if lead := leader("GET", "/api/v1/records/lead/"+first, nil).json(t); lead["email"] != "w@b.cn" {
			t.Errorf("blank e-mail was not filled: %v", lead["email"])
		}
		refused := leader("POST", "/api/v1/records/lead", map[string]any{"company": "x", "contact": "y", "phone": "137 0000 1111"})
		if refused.status != 409 || refused.json(t)["code"] != "duplicate" {
			t.Errorf("a person's duplicate: %d %s", refused.status, refused.body)
		}
		blind := c.as("s3")("POST", "/api/v1/records/lead", map[string]any{"company": "x", "contact": "y", "phone": "13700001111"})
		if blind.status != 409 || bytes.Contains(blind.body, []byte(first)) {
			t.Errorf("a seller who may not see it: %d %s", blind.status, blind.body)
		}
		touched := leader("POST", "/api/v1/records/lead?duplicate=touch", map[string]any{"company": "x", "contact": "y", "phone": "13700001111"})
		if touched.status != 200 || touched.json(t)["id"] != first {
			t.Errorf("touch: %d %s", touched.status, touched.body)
		}
		closed := leader("POST", "/api/v1/records/lead/"+first+"/follow-up", map[string]any{"action": "电话沟通", "text": "无意向", "outcome": "无效"})
		if closed.status != 201 {
			t.Fatalf("closing: %d %s", closed.status, closed.body)
		}
		fresh := c.push(clue("m3", "c10", "13700001111", nil)).header.Get("Clew-Record")
		if fresh == first || fresh == "" {
			t.Errorf("after closing the same phone gave %s", fresh)
		}
		c.expectCount("SELECT COUNT(DISTINCT record) FROM match_key WHERE scope='crm.contact'", 1)
	})
}

func TestFailedDeliveriesAreKeptAndReplayed(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		got := c.send("POST", "/in/website-api", map[string]any{"company": "x", "nonsense": 1, "phone": "13700001111"}, map[string]string{"Authorization": "Bearer " + websiteToken})
		if got.status != 200 || got.header.Get("Clew-Record") != "" {
			t.Fatalf("unmapped: %d %s", got.status, got.body)
		}
		marketing := c.as("marketing")
		list := marketing("GET", "/api/v1/channels/website-api/deliveries?status=failed", nil).json(t)
		items := list["items"].([]any)
		if len(items) != 1 || !strings.Contains(fmt.Sprint(items[0]), "nonsense") {
			t.Fatalf("failed deliveries: %v", items)
		}
		c.expectCount("SELECT COUNT(*) FROM delivery WHERE status='failed'", 1)
		c.push(clue("m1", "c1", "13700001111", nil))
		for _, item := range marketing("GET", "/api/v1/channels", nil).json(t)["items"].([]any) {
			channel := item.(map[string]any)
			if told := channel["delay_p50_seconds"] != nil; told != (channel["name"] == "douyin") {
				t.Errorf("delay of %v: %v", channel["name"], channel["delay_p50_seconds"])
			}
		}
	})
}
