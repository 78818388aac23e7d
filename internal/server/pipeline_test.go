package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
)

// pipeline writes records through the API and remembers what it wrote.
type pipeline struct {
	*company
	by caller
}

func (p *pipeline) create(object string, fields map[string]any) string {
	p.Helper()
	id, _ := p.by("POST", "/api/v1/records/"+object, fields).want(p.T, object, 201).json(p.T)["id"].(string)
	return id
}

func (p *pipeline) read(path string) map[string]any {
	p.Helper()
	return p.by("GET", "/api/v1"+path, nil).want(p.T, path, 200).json(p.T)
}

// on moves business time to a day at noon of the company.
func (p *pipeline) on(day string) {
	p.Helper()
	zone := p.app.Catalog.Current().Zone()
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" 12:00", zone)
	p.must(err)
	p.must(p.app.DB.SetOffset(time.Until(at)))
}

func TestStagesAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := &pipeline{c, c.as("leader")}
		p.on("2027-03-01")
		id := p.create("project", map[string]any{"name": "一号", "stage": "需求确认", "owner": c.ids["s1"]})
		p.on("2027-03-08")
		p.by("PATCH", projects+"/"+id, map[string]any{"stage": "报价", "amount": map[string]any{"amount": "10.50", "currency": "CNY"}}).want(t, "move", 200)
		p.by("PATCH", projects+"/"+id, map[string]any{"note": "无关"}).want(t, "note", 200)
		p.on("2027-03-10")
		refused := p.by("PATCH", projects+"/"+id, map[string]any{"stage": "已丢单"}).want(t, "no reason", 422)
		if !slices.Equal(refused.faults(t), []string{"lost_reason required"}) {
			t.Errorf("faults %v", refused.faults(t))
		}
		p.by("PATCH", projects+"/"+id, map[string]any{"stage": "已丢单", "lost_reason": "价格太高"}).want(t, "lost", 200)
		var told []string
		for _, v := range p.by("GET", projects+"/"+id+"/stages", nil).items(t) {
			left, _ := v["left_at"].(string)
			told = append(told, fmt.Sprintf("%v %.10s %.10s", v["choice"], v["entered_at"], left))
		}
		want := []string{"需求确认 2027-03-01 2027-03-08", "报价 2027-03-08 2027-03-10", "已丢单 2027-03-10 "}
		if !slices.Equal(told, want) {
			t.Errorf("stages %q, want %q", told, want)
		}
		now := p.read("/records/project/" + id)
		if fmt.Sprint(now["stage_since"], now["closed_at"])[:10] != "2027-03-10" || now["closed_at"] == nil {
			t.Errorf("since %v, closed %v", now["stage_since"], now["closed_at"])
		}
		p.on("2027-03-12")
		p.by("PATCH", projects+"/"+id, map[string]any{"stage": "已签约", "won_reason": "价格合适"}).want(t, "won after all", 200)
		p.on("2027-03-15")
		p.by("PATCH", projects+"/"+id, map[string]any{"note": "再看", "won_reason": "交期快"}).want(t, "another reason", 200)
		p.by("DELETE", projects+"/"+id, nil).want(t, "delete", 204)
		p.by("POST", projects+"/"+id+"/restore", nil).want(t, "restore", 200)
		if now = p.read("/records/project/" + id); fmt.Sprintf("%.10s", now["closed_at"]) != "2027-03-12" {
			t.Errorf("won on the 12th, closed at %v", now["closed_at"])
		}
		p.by("PATCH", projects+"/"+id, map[string]any{"stage": "报价"}).want(t, "reopened", 200)
		if now = p.read("/records/project/" + id); now["lost_reason"] != nil || now["closed_at"] != nil {
			t.Errorf("the reason outlives its cause: %v", now)
		}
	})
}

func TestBoardAddsUpWhatOneMaySee(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := &pipeline{c, c.as("leader")}
		for i, one := range []struct{ stage, amount, currency, owner string }{
			{"报价", "100.10", "CNY", "s1"}, {"报价", "200.20", "CNY", "s2"}, {"报价", "7.00", "USD", "s1"}, {"需求确认", "", "", "s1"},
		} {
			fields := map[string]any{"name": fmt.Sprint("项目", i), "stage": one.stage, "owner": c.ids[one.owner]}
			if one.amount != "" {
				fields["amount"] = map[string]any{"amount": one.amount, "currency": one.currency}
			}
			p.create("project", fields)
		}
		column := func(by caller, query, name string) string {
			for _, item := range by("GET", projects+"/board"+query, nil).want(t, "board", 200).json(t)["columns"].([]any) {
				if one := item.(map[string]any); one["choice"] == name {
					return fmt.Sprint(one["count"], one["sums"])
				}
			}
			return "none"
		}
		for _, one := range []struct{ who, query, choice, want string }{
			{"leader", "", "报价", "3 [map[amount:300.30 currency:CNY] map[amount:7.00 currency:USD]]"},
			{"leader", "", "需求确认", "1 []"},
			{"leader", "", "招投标", "0 []"},
			{"leader", "", "", "none"},
			{"s1", "", "报价", "2 [map[amount:100.10 currency:CNY] map[amount:7.00 currency:USD]]"},
			{"leader", "?filter=" + url.QueryEscape(`name = "项目1"`), "报价", "1 [map[amount:200.20 currency:CNY]]"},
		} {
			if got := column(c.as(one.who), one.query, one.choice); got != one.want {
				t.Errorf("%s %s %s: %s, want %s", one.who, one.query, one.choice, got, one.want)
			}
		}
		c.as("service")("GET", projects+"/board", nil).want(t, "no right to the object", 404)
		p.by("GET", "/api/v1/records/contact/board", nil).want(t, "no board", 404)
	})
}

// chain is one lead's way to the money; a date that is "" is not reached.
type chain struct{ born, touched, project, contract, paid string }

func (p *pipeline) live(one chain, owner string) (lead string) {
	p.Helper()
	p.on(one.born)
	lead = p.create("lead", map[string]any{"company": "链", "contact": "甲", "owner": p.ids[owner]})
	if one.touched != "" {
		p.on(one.touched)
		p.by("POST", leads+"/"+lead+"/follow-up", map[string]any{"action": "电话沟通", "next_action": "提交报价", "next_due": "2099-01-05T02:00:00Z"}).want(p.T, "touch", 201)
	}
	p.on(one.project)
	project := p.create("project", map[string]any{"name": "链", "lead": lead, "stage": "报价", "owner": p.ids[owner]})
	contract := p.create("contract", map[string]any{"name": "链", "project": project, "signed_on": one.contract, "owner": p.ids[owner]})
	if one.paid == "" {
		return lead
	}
	p.create("payment", map[string]any{"contract": contract, "paid_on": one.paid, "amount": map[string]any{"amount": "1.00", "currency": "CNY"}, "owner": p.ids[owner]})
	return lead
}

// The article's company: 142 days = 32 + 67 + 21 + 22 became 96, a compression of 32.4 %.
func TestCycleOfTheArticle(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := &pipeline{c, c.as("leader")}
		p.live(chain{"2027-01-01", "2027-02-02", "2027-04-10", "2027-05-01", "2027-05-23"}, "s1")
		lead := p.live(chain{"2027-06-01", "2027-06-20", "2027-07-31", "2027-08-15", "2027-09-05"}, "s1")
		got := p.read("/cycles/lead-to-cash?from=2027-09-01&to=2027-09-30&earlier_from=2027-05-01&earlier_to=2027-05-31")
		var told []string
		for _, item := range append(got["steps"].([]any), got["total"]) {
			one := item.(map[string]any)
			told = append(told, fmt.Sprint(one["days"], " ", one["earlier_days"], " ", one["compression"]))
		}
		want := []string{"19.0 32.0 40.6", "41.0 67.0 38.8", "15.0 21.0 28.6", "21.0 22.0 4.5", "96.0 142.0 32.4"}
		if !slices.Equal(told, want) {
			t.Errorf("%q, want %q", told, want)
		}
		present := got["present"].(map[string]any)
		items := p.by("GET", leads+"?filter="+url.QueryEscape(present["filter"].(string)), nil).items(t)
		if len(items) != 1 || items[0]["id"] != lead || present["records"] != 1.0 {
			t.Errorf("behind the number: %v", items)
		}
		for _, bad := range []string{"?from=gestern", "?from=2020-01-01&to=2027-01-01"} {
			p.by("GET", "/api/v1/cycles/lead-to-cash"+bad, nil).want(t, bad, 400)
		}
		p.by("GET", "/api/v1/cycles/nothing", nil).want(t, "no such cycle", 404)
		c.as("s1")("GET", "/api/v1/cycles/lead-to-cash", nil).want(t, "without the right", 403)
	})
}

// Milestones follow what happens to the records below: a contract that is
// moved, a payment that is deleted and comes back, one that came earlier.
func TestMilestonesFollow(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := &pipeline{c, c.as("admin")}
		lead := p.live(chain{"2027-01-01", "", "2027-02-01", "2027-03-01", "2027-04-01"}, "s1")
		other := p.live(chain{"2027-01-01", "", "2027-02-01", "2027-03-05", "2027-04-05"}, "s1")
		is := func(what, lead, signed, paid string) {
			t.Helper()
			now := p.read("/records/lead/" + lead)
			if got := fmt.Sprint(now["signed_on"], " ", now["paid_on"]); got != signed+" "+paid {
				t.Errorf("%s: %s, want %s %s", what, got, signed, paid)
			}
		}
		is("at first", lead, "2027-03-01", "2027-04-01")
		find := func(object, field, value string) string {
			items := p.by("GET", "/api/v1/records/"+object+"?filter="+url.QueryEscape(fmt.Sprintf("%s = %q", field, value)), nil).items(t)
			return items[0]["id"].(string)
		}
		contract, payment := find("contract", "signed_on", "2027-03-01"), find("payment", "paid_on", "2027-04-01")
		earlier := p.create("payment", map[string]any{"contract": contract, "paid_on": "2027-03-20"})
		is("an earlier payment", lead, "2027-03-01", "2027-03-20")
		p.by("DELETE", "/api/v1/records/payment/"+earlier, nil).want(t, "delete", 204)
		is("deleted", lead, "2027-03-01", "2027-04-01")
		p.by("POST", "/api/v1/records/payment/"+earlier+"/restore", nil).want(t, "restore", 200)
		is("restored", lead, "2027-03-01", "2027-03-20")
		p.by("PATCH", "/api/v1/records/payment/"+earlier, map[string]any{"paid_on": nil}).want(t, "blank", 200)
		is("blanked", lead, "2027-03-01", "2027-04-01")
		p.by("PATCH", "/api/v1/records/contract/"+contract, map[string]any{"project": find("project", "lead", other)}).want(t, "moved", 200)
		is("moved away", lead, "<nil>", "<nil>")
		is("moved here", other, "2027-03-01", "2027-04-01")
		p.by("PATCH", "/api/v1/records/payment/"+payment, map[string]any{"paid_on": "2027-02-28"}).want(t, "dated back", 200)
		is("dated back", other, "2027-03-01", "2027-02-28")
	})
}

// Money that is given back is no first payment: it counts when it is above zero,
// or when nobody has said yet how much it was.
func TestRefundIsNoPayment(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := &pipeline{c, c.as("admin")}
		lead := p.live(chain{"2027-01-01", "", "2027-02-01", "2027-03-01", ""}, "s1")
		project := p.create("project", map[string]any{"name": "又", "lead": lead, "stage": "报价"})
		contract := p.create("contract", map[string]any{"name": "又", "project": project, "signed_on": "2027-03-02"})
		yuan := func(amount string) any { return map[string]any{"amount": amount, "currency": "CNY"} }
		made := map[string]string{}
		for _, one := range []struct {
			what, pays string // a payment of this name
			fields     map[string]any
			want       string
		}{
			{"a refund before any money", "refund", map[string]any{"contract": contract, "paid_on": "2027-03-10", "amount": yuan("-50.00")}, "<nil>"},
			{"nothing at all", "nothing", map[string]any{"contract": contract, "paid_on": "2027-03-11", "amount": yuan("0.00")}, "<nil>"},
			{"the money", "money", map[string]any{"contract": contract, "paid_on": "2027-04-01", "amount": yuan("0.01")}, "2027-04-01"},
			{"all of it given back", "back", map[string]any{"contract": contract, "paid_on": "2027-05-01", "amount": yuan("-0.01")}, "2027-04-01"},
			{"an earlier one of an amount that is not known yet", "unknown", map[string]any{"contract": contract, "paid_on": "2027-03-20"}, "2027-03-20"},
			{"it turns out to be a refund", "unknown", map[string]any{"amount": yuan("-3.00")}, "2027-04-01"},
			{"the sign was a mistake", "refund", map[string]any{"amount": yuan("50.00")}, "2027-03-10"},
			{"a date put right beside the amount", "refund", map[string]any{"amount": yuan("-50.00"), "paid_on": "2027-03-09"}, "2027-04-01"},
		} {
			if id := made[one.pays]; id == "" {
				made[one.pays] = p.create("payment", one.fields)
			} else {
				p.by("PATCH", "/api/v1/records/payment/"+id, one.fields).want(t, one.what, 200)
			}
			if got := fmt.Sprint(p.read("/records/lead/" + lead)["paid_on"]); got != one.want {
				t.Errorf("%s: paid on %s, want %s", one.what, got, one.want)
			}
		}
	})
}

// TestCycleEqualsItsRecords compares the tile with an oracle that counts the
// raw records, for people who see different worlds.
func TestCycleEqualsItsRecords(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := &pipeline{c, c.as("admin")}
		random := rand.New(rand.NewPCG(11, 4))
		day := func(n int) string { return time.Date(2027, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }
		c.must(err(p.by("POST", "/api/v1/users", map[string]any{"name": "west", "email": "west@example.com", "password": password, "roles": []string{"sales"}, "active": true})))
		west := p.by("GET", "/api/v1/users?q=west", nil).items(t)[0]["id"].(string)
		c.ids["west"] = west
		for range 24 {
			born := random.IntN(60)
			touched := born + random.IntN(30)
			project := touched + random.IntN(40)
			one := chain{day(born), day(touched), day(project), day(project - 3 + random.IntN(30)), day(project + random.IntN(80))}
			if random.IntN(5) == 0 {
				one.touched = ""
			}
			p.live(one, []string{"s1", "s2", "west"}[random.IntN(3)])
		}
		for _, who := range []string{"admin", "leader", "marketing"} {
			by := c.as(who)
			got := by("GET", "/api/v1/cycles/lead-to-cash?from=2027-03-15&to=2027-06-30&earlier_from=2027-01-01&earlier_to=2027-03-14", nil).want(t, who, 200).json(t)
			all := by("GET", leads+"?limit=500", nil).items(t)
			present, earlier := count(t, all, "2027-03-15", "2027-06-30"), count(t, all, "2027-01-01", "2027-03-14")
			if n := got["present"].(map[string]any)["records"]; n != float64(present.n) {
				t.Errorf("%s: %v records, want %d", who, n, present.n)
			}
			for i, item := range append(got["steps"].([]any), got["total"]) {
				one := item.(map[string]any)
				want := fmt.Sprint(present.average(t, i), " ", earlier.average(t, i))
				if told := fmt.Sprint(one["days"], " ", one["earlier_days"]); told != want {
					t.Errorf("%s step %d: %s, want %s", who, i, told, want)
				}
			}
		}
		if p.read("/cycles/lead-to-cash?from=2027-03-15&to=2027-06-30")["present"].(map[string]any)["records"] ==
			(&pipeline{c, c.as("leader")}).read("/cycles/lead-to-cash?from=2027-03-15&to=2027-06-30")["present"].(map[string]any)["records"] {
			t.Error("the leader sees the records of another department")
		}
	})
}

// oracle adds up steps from the records as the API shows them; the last is the total.
type oracle struct {
	n    int64
	days [5]int64
}

func (o oracle) average(t *testing.T, step int) string {
	t.Helper()
	if o.n == 0 {
		return "<nil>"
	}
	tenths := (o.days[step]*10*2 + o.n) / (2 * o.n) // half up; days are never negative
	return apd.New(tenths, -1).Text('f')
}

func count(t *testing.T, all []map[string]any, from, to string) (o oracle) {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	number := func(v any) (int, bool) {
		text, ok := v.(string)
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			text = at.In(zone).Format(time.DateOnly)
		}
		d, err := time.Parse(time.DateOnly, text)
		return int(d.Unix() / 86400), ok && err == nil
	}
	for _, lead := range all {
		paid, ok := lead["paid_on"].(string)
		if !ok || paid < from || paid > to {
			continue
		}
		o.n++
		at, _ := number(lead["created_at"])
		for i, name := range []string{"first_touch_at", "converted_at", "signed_on", "paid_on"} {
			if next, reached := number(lead[name]); reached && next > at {
				o.days[i] += int64(next - at)
				o.days[4] += int64(next - at)
				at = next
			}
		}
	}
	return o
}

func TestReasonsAreAskedForAndCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := &pipeline{c, c.as("leader")}
		p.on("2027-03-01")
		close := func(outcome string, fields map[string]any) string {
			id := p.create("lead", map[string]any{"company": "因", "contact": "乙", "owner": c.ids["s1"]})
			p.by("POST", leads+"/"+id+"/follow-up", map[string]any{"action": "电话沟通", "outcome": outcome, "fields": fields}).want(t, outcome, 201)
			return id
		}
		id := close("战败", map[string]any{"lost_reason": "选了竞品"})
		close("战败", map[string]any{"lost_reason": "选了竞品"})
		close("战败", nil) // a caller that gives none: the document says what stands in
		close("无效", map[string]any{"invalid_reason": "空号错号"})
		lead := p.read("/records/lead/" + id)
		if lead["lost_reason"] != "选了竞品" || lead["closed_at"] == nil {
			t.Errorf("lead %v", lead)
		}
		if text := fmt.Sprint(p.by("GET", leads+"/"+id+"/thread", nil).items(t)); !strings.Contains(text, "lost_reason:选了竞品") {
			t.Errorf("the thread does not tell the reason: %s", text)
		}
		p.by("POST", leads+"/"+p.create("lead", map[string]any{"company": "因"})+"/follow-up", map[string]any{"action": "电话沟通", "outcome": "战败", "fields": map[string]any{"lost_reason": "心情不好"}}).want(t, "unknown reason", 422)
		told := map[string]any{}
		for _, reason := range p.by("GET", "/api/v1/reasons/lead?from=2027-02-01&to=2027-03-31", nil).items(t) {
			for _, item := range reason["items"].([]any) {
				one := item.(map[string]any)
				told[fmt.Sprint(reason["field"], " ", one["choice"])] = one["count"]
				if n := len(p.by("GET", leads+"?filter="+url.QueryEscape(one["filter"].(string)), nil).items(t)); float64(n) != one["count"] {
					t.Errorf("%v: the list has %d", one, n)
				}
			}
		}
		if fmt.Sprint(told) != "map[invalid_reason 空号错号:1 lost_reason 未说明:1 lost_reason 选了竞品:2]" {
			t.Errorf("told %v", told)
		}
		c.as("s1")("GET", "/api/v1/reasons/lead", nil).want(t, "without the right", 403)
	})
}
