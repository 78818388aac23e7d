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

// TestWhoMakesItOwnsIt makes records that are closed from their beginning: a
// payment noted once it has come is seen by the seller who noted it.
func TestWhoMakesItOwnsIt(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1 := c.as("s1")
		for _, one := range []struct {
			object string
			fields map[string]any
		}{
			{"payment", map[string]any{"amount": money("1.00", "CNY"), "status": "已到账"}},
			{"payment", map[string]any{"amount": money("1.00", "CNY"), "status": "待收"}},
			{"contract", map[string]any{"name": "旧合同", "status": "已完成"}},
			{"project", map[string]any{"name": "旧项目", "stage": "已签约", "won_reason": "老客户"}},
			{"lead", map[string]any{"company": "旧线索", "status": "无效"}},
		} {
			got := s1("POST", "/api/v1/records/"+one.object, one.fields).want(t, one.object, 201).json(t)
			if idOf(got["owner"]) != c.ids["s1"] {
				t.Errorf("%s %v: owner %v", one.object, one.fields, got["owner"])
			}
		}
	})
}

func money(amount, currency string) map[string]any {
	return map[string]any{"amount": amount, "currency": currency}
}

// deal is what was written of one record below a company, to count by.
type deal struct {
	id, owner, parent, status, amount, currency string
}

// dealing is what a company's related lists should tell, by object.
type dealing struct {
	*pipeline
	firm  string
	deals map[string][]deal
}

// owners are the people among whom the records of it are dealt out.
var owners = []string{"s1", "s2", "west"}

// dealOut makes projects, contracts and payments of one company, of several
// owners, amounts and currencies; some are deleted again.
func dealOut(t *testing.T, c *company, random *rand.Rand) *dealing {
	t.Helper()
	p := &pipeline{c, c.as("admin")}
	c.must(err(p.by("POST", "/api/v1/users", map[string]any{"name": "west", "email": "west@example.com", "password": password, "roles": []string{"sales"}, "active": true})))
	c.ids["west"], _ = p.by("GET", "/api/v1/users?q=west", nil).items(t)[0]["id"].(string)
	w := &dealing{pipeline: p, firm: p.create("company", map[string]any{"name": "关联公司", "owner": c.ids["s1"]}), deals: map[string][]deal{}}
	for i := range 9 {
		w.add(random, "project", map[string]any{"name": fmt.Sprint("项目", i), "company": w.firm}, "stage", []string{"报价", "需求确认"}, "")
	}
	for i := range 12 {
		above := w.any(random, "project")
		w.add(random, "contract", map[string]any{"name": fmt.Sprint("合同", i), "company": w.firm, "project": above}, "status", []string{"履约中", "已完成", ""}, above)
	}
	for range 30 {
		above := w.any(random, "contract")
		w.add(random, "payment", map[string]any{"company": w.firm, "contract": above}, "status", []string{"待收", "已到账", "逾期", ""}, above)
	}
	for object, deals := range w.deals {
		gone := random.IntN(len(deals))
		p.by("DELETE", "/api/v1/records/"+object+"/"+deals[gone].id, nil).want(t, "delete", 204)
		w.deals[object] = slices.Delete(deals, gone, gone+1)
	}
	return w
}

func (w *dealing) any(random *rand.Rand, object string) string {
	return w.deals[object][random.IntN(len(w.deals[object]))].id
}

func (w *dealing) add(random *rand.Rand, object string, fields map[string]any, choice string, choices []string, parent string) {
	w.Helper()
	one := deal{owner: owners[random.IntN(len(owners))], parent: parent, status: choices[random.IntN(len(choices))]}
	fields["owner"] = w.ids[one.owner]
	if one.status != "" {
		fields[choice] = one.status
	}
	if random.IntN(6) > 0 {
		one.amount, one.currency = fmt.Sprintf("%d.%02d", random.IntN(1_000_000), random.IntN(100)), []string{"CNY", "CNY", "USD"}[random.IntN(3)]
		fields["amount"] = money(one.amount, one.currency)
	}
	one.id = w.create(object, fields)
	w.deals[object] = append(w.deals[object], one)
}

// sees tells whose records a person sees.
func sees(who, owner string) bool {
	switch who {
	case "admin":
		return true
	case "leader":
		return owner != "west"
	}
	return who == owner
}

// sums adds up what a person sees of some deals, per currency, sorted.
func sums(t *testing.T, deals []deal) []string {
	t.Helper()
	by := map[string]*apd.Decimal{}
	for _, one := range deals {
		if one.currency == "" {
			continue
		}
		if by[one.currency] == nil {
			by[one.currency] = new(apd.Decimal)
		}
		amount, _, err := apd.NewFromString(one.amount)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := apd.BaseContext.WithPrecision(40).Add(by[one.currency], by[one.currency], amount); err != nil {
			t.Fatal(err)
		}
	}
	var told []string
	for currency, sum := range by {
		told = append(told, sum.Text('f')+" "+currency)
	}
	slices.Sort(told)
	return told
}

func shown(list any) []string {
	var told []string
	items, _ := list.([]any)
	for _, item := range items {
		one := item.(map[string]any)
		told = append(told, fmt.Sprint(one["amount"], " ", one["currency"]))
	}
	slices.Sort(told)
	return told
}

func only(deals []deal, keep func(deal) bool) []deal {
	return slices.DeleteFunc(slices.Clone(deals), func(d deal) bool { return !keep(d) })
}

func group(t *testing.T, by caller, path, object string) map[string]any {
	t.Helper()
	for _, one := range by("GET", "/api/v1/records/"+path+"/related", nil).want(t, path, 200).items(t) {
		if one["object"] == object {
			return one
		}
	}
	return nil
}

// TestRelatedEqualsAnOracle compares the lists beside a company with what was
// written, for five people with different rights.
func TestRelatedEqualsAnOracle(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		w := dealOut(t, c, rand.New(rand.NewPCG(5, 17)))
		for _, who := range []string{"admin", "leader", "s1"} {
			by := c.as(who)
			for object, deals := range w.deals {
				mine := only(deals, func(d deal) bool { return sees(who, d.owner) })
				got := group(t, by, "company/"+w.firm, object)
				if got == nil {
					t.Errorf("%s has no list of %s", who, object)
					continue
				}
				if got["count"] != float64(len(mine)) {
					t.Errorf("%s %s: %v, want %d", who, object, got["count"], len(mine))
				}
				if told, want := shown(got["sums"]), sums(t, mine); !slices.Equal(told, want) {
					t.Errorf("%s %s: sums %v, want %v", who, object, told, want)
				}
				if n := len(got["records"].([]any)); n != min(10, len(mine)) || got["more"] != (len(mine) > 10) {
					t.Errorf("%s %s: %d shown of %d, more %v", who, object, n, len(mine), got["more"])
				}
				behind := by("GET", "/api/v1/records/"+object+"?limit=100&filter="+url.QueryEscape(got["filter"].(string)), nil).items(t)
				if len(behind) != len(mine) {
					t.Errorf("%s %s: the list has %d, want %d", who, object, len(behind), len(mine))
				}
			}
		}
		for _, object := range []string{"project", "contract", "payment"} {
			if got := group(t, c.as("marketing"), "company/"+w.firm, object); got != nil {
				t.Errorf("marketing sees %v", got)
			}
		}
		got := group(t, c.as("service"), "company/"+w.firm, "contract")
		if got["count"] != float64(len(w.deals["contract"])) || got["sum"] != nil || got["sums"] != nil || slices.Contains(got["columns"].([]any), any("amount")) {
			t.Errorf("a hidden amount is added up: %v", got)
		}
		if strings.Contains(string(c.as("service")("GET", "/api/v1/records/company/"+w.firm+"/related", nil).body), "CNY") {
			t.Error("service reads an amount")
		}
		c.as("s2")("GET", "/api/v1/records/company/"+w.firm+"/related", nil).want(t, "somebody else's company", 404)
	})
}

// TestRelatedThroughEqualsAnOracle: the payments of a project lie behind its
// contracts, of which each reader has some.
func TestRelatedThroughEqualsAnOracle(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		w := dealOut(t, c, rand.New(rand.NewPCG(8, 3)))
		contracts := map[string]deal{}
		for _, one := range w.deals["contract"] {
			contracts[one.id] = one
		}
		for _, who := range []string{"admin", "leader", "s1", "west"} {
			for _, project := range w.deals["project"] {
				if !sees(who, project.owner) {
					continue
				}
				mine := only(w.deals["payment"], func(d deal) bool {
					between, live := contracts[d.parent]
					return live && between.parent == project.id && sees(who, between.owner) && sees(who, d.owner)
				})
				got := group(t, c.as(who), "project/"+project.id, "payment")
				if got == nil {
					if len(mine) > 0 {
						t.Errorf("%s: no payments of %s, want %d", who, project.id, len(mine))
					}
					continue
				}
				if got["count"] != float64(len(mine)) || got["can_create"] != false || got["filter"] != "" {
					t.Errorf("%s: %v, want %d", who, got, len(mine))
				}
				if told, want := shown(got["sums"]), sums(t, mine); !slices.Equal(told, want) {
					t.Errorf("%s: sums %v, want %v", who, told, want)
				}
			}
		}
	})
}

// TestWhatIsLeftOfAContract counts payments in against the contract's amount,
// and never one currency against another.
func TestWhatIsLeftOfAContract(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		p := &pipeline{c, c.as("leader")}
		pay := func(contract, amount, currency, status string) {
			p.create("payment", map[string]any{"contract": contract, "amount": money(amount, currency), "status": status, "owner": c.ids["s1"]})
		}
		for _, one := range []struct {
			what     string
			amount   map[string]any
			payments []string
			done     string
			left     string
		}{
			{"nothing yet", money("100.00", "CNY"), []string{"40.00 CNY 待收"}, "[]", "map[amount:100.00 currency:CNY]"},
			{"some", money("100.00", "CNY"), []string{"40.10 CNY 已到账", "10.00 CNY 逾期", "9.95 CNY 已到账"}, "[50.05 CNY]", "map[amount:49.95 currency:CNY]"},
			{"all", money("100.00", "CNY"), []string{"100.00 CNY 已到账"}, "[100.00 CNY]", "map[amount:0.00 currency:CNY]"},
			{"too much", money("100.00", "CNY"), []string{"100.01 CNY 已到账"}, "[100.01 CNY]", "map[amount:-0.01 currency:CNY]"},
			{"another currency", money("100.00", "CNY"), []string{"5.00 USD 已到账"}, "[5.00 USD]", "<nil>"},
			{"two currencies", money("100.00", "CNY"), []string{"5.00 USD 已到账", "7.00 CNY 已到账"}, "[5.00 USD 7.00 CNY]", "<nil>"},
			{"expected in another, come in its own", money("100.00", "USD"), []string{"5.00 CNY 待收", "7.00 USD 已到账"}, "[7.00 USD]", "map[amount:93.00 currency:USD]"},
			{"no amount of its own", nil, []string{"5.00 CNY 已到账"}, "[5.00 CNY]", "<nil>"},
			{"cents of a trillion", money("1000000000000.00", "CNY"), []string{"0.01 CNY 已到账"}, "[0.01 CNY]", "map[amount:999999999999.99 currency:CNY]"},
		} {
			fields := map[string]any{"name": one.what, "owner": c.ids["s1"]}
			if one.amount != nil {
				fields["amount"] = one.amount
			}
			contract := p.create("contract", fields)
			for _, text := range one.payments {
				parts := strings.Fields(text)
				pay(contract, parts[0], parts[1], parts[2])
			}
			got := group(t, c.as("s1"), "contract/"+contract, "payment")
			if done := fmt.Sprint(shown(got["done"])); done != one.done {
				t.Errorf("%s: done %s, want %s", one.what, done, one.done)
			}
			if left := fmt.Sprint(got["left"]); left != one.left {
				t.Errorf("%s: left %s, want %s", one.what, left, one.left)
			}
		}
	})
}

// TestBoardEqualsItsLists: each column's count and sums are those of the list
// that its filter opens, for each person, with and without a filter.
func TestBoardEqualsItsLists(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		random := rand.New(rand.NewPCG(2, 9))
		p := &pipeline{c, c.as("admin")}
		stages := []string{"需求确认", "方案确认中", "报价", "招投标", "合同拟订", ""}
		for i := range 60 {
			fields := map[string]any{"name": fmt.Sprint("板", i), "owner": c.ids[[]string{"s1", "s2", "s3"}[random.IntN(3)]], "probability": fmt.Sprint(random.IntN(101))}
			if stage := stages[random.IntN(len(stages))]; stage != "" {
				fields["stage"] = stage
			}
			if random.IntN(4) > 0 {
				fields["amount"] = money(fmt.Sprintf("%d.%02d", random.IntN(900_000), random.IntN(100)), []string{"CNY", "USD", "EUR"}[random.IntN(3)])
			}
			p.create("project", fields)
		}
		for _, who := range []string{"admin", "leader", "s1"} {
			for _, filter := range []string{"", "probability >= 50", "NOT ISBLANK(amount)", `name = "gibt es nicht"`} {
				by := c.as(who)
				board := by("GET", projects+"/board?filter="+url.QueryEscape(filter), nil).want(t, "board", 200).json(t)
				all := 0
				for _, item := range board["columns"].([]any) {
					column := item.(map[string]any)
					asked := column["filter"].(string)
					if filter != "" {
						asked = "(" + filter + ") AND " + asked
					}
					rows := by("GET", projects+"?limit=100&filter="+url.QueryEscape(asked), nil).items(t)
					all += len(rows)
					if column["count"] != float64(len(rows)) {
						t.Errorf("%s %q %v: %v, the list has %d", who, filter, column["choice"], column["count"], len(rows))
					}
					var deals []deal
					for _, row := range rows {
						if amount, ok := row["amount"].(map[string]any); ok {
							deals = append(deals, deal{amount: amount["amount"].(string), currency: amount["currency"].(string)})
						}
					}
					if told, want := shown(column["sums"]), sums(t, deals); !slices.Equal(told, want) {
						t.Errorf("%s %q %v: %v, want %v", who, filter, column["choice"], told, want)
					}
				}
				if whole := len(by("GET", projects+"?limit=100&filter="+url.QueryEscape(filter), nil).items(t)); whole != all {
					t.Errorf("%s %q: the columns hold %d of %d", who, filter, all, whole)
				}
			}
		}
		for _, bad := range []string{"gibtsnicht = 1", "amount >", `name = `} {
			p.by("GET", projects+"/board?filter="+url.QueryEscape(bad), nil).want(t, bad, 422)
		}
		p.by("GET", projects+"/board?view=project.all", nil).want(t, "a view that is no board", 404)
	})
}

// TestStaysAreHistory: any order of moves leaves stays without gap or overlap,
// and the record says since when it stands where it stands.
func TestStaysAreHistory(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		random := rand.New(rand.NewPCG(4, 4))
		p := &pipeline{c, c.as("leader")}
		stages := []string{"需求确认", "方案确认中", "报价", "招投标", "合同拟订", "已丢单", "已签约"}
		p.on("2027-01-01")
		id := p.create("project", map[string]any{"name": "长路", "stage": stages[0], "owner": c.ids["s1"]})
		want := []string{stages[0] + " 2027-01-01"}
		for n := 1; n < 12; n++ {
			day := time.Date(2027, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			p.on(day)
			stage := stages[random.IntN(len(stages))]
			fields := map[string]any{"stage": stage}
			switch stage {
			case "已丢单":
				fields["lost_reason"] = "价格太高"
			case "已签约":
				fields["won_reason"] = "老客户"
			}
			p.by("PATCH", projects+"/"+id, fields).want(t, stage, 200)
			if last := want[len(want)-1]; !strings.HasPrefix(last, stage+" ") {
				want = append(want, stage+" "+day)
			}
		}
		visits := p.by("GET", projects+"/"+id+"/stages", nil).items(t)
		var told []string
		for i, v := range visits {
			told = append(told, fmt.Sprintf("%v %.10s", v["choice"], v["entered_at"]))
			left, over := v["left_at"]
			if over != (i < len(visits)-1) || over && left != visits[i+1]["entered_at"] {
				t.Errorf("stay %d ends %v: %v", i, left, visits)
			}
		}
		if !slices.Equal(told, want) {
			t.Errorf("stays %q, want %q", told, want)
		}
		if now := p.read("/records/project/" + id); now["stage_since"] != visits[len(visits)-1]["entered_at"] {
			t.Errorf("since %v, last stay %v", now["stage_since"], visits[len(visits)-1])
		}
		c.as("s2")("GET", projects+"/"+id+"/stages", nil).want(t, "somebody else's", 404)
		c.as("service")("GET", projects+"/"+id+"/stages", nil).want(t, "no right", 404)
	})
}
