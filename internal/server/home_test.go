package server_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"clew.dev/clew/internal/catalog"

	"github.com/google/go-cmp/cmp"
)

// blocksOf are the blocks of a home by name.
func blocksOf(t *testing.T, by caller) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	for _, item := range by("GET", "/api/v1/home", nil).want(t, "home", 200).json(t)["blocks"].([]any) {
		block := item.(map[string]any)
		out[block["name"].(string)] = block
	}
	return out
}

// TestSalesHomeTellsTheLastThreeAndCompetitors: a lead's line tells its last
// three entries and which competitors its customer named how often (H9).
func TestSalesHomeTellsTheLastThreeAndCompetitors(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		seller := c.as("s1")
		id := c.lead(c.as("leader"), map[string]any{"company": "苏州恒力", "phone": "13700001001", "owner": c.ids["s1"]})
		for i, text := range []string{"客户在比较基恩士", "基恩士和康耐视都来过", "没有提到别家", "约了下次"} {
			c.must(c.app.DB.SetOffset(time.Duration(i) * time.Minute))
			due := c.app.DB.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
			seller("POST", leads+"/"+id+"/follow-up", map[string]any{"action": "电话沟通", "text": text, "next_action": "提交报价", "next_due": due}).want(t, "follow up", 201)
		}
		item := blocksOf(t, seller)["sales.upcoming"]["items"].([]any)[0].(map[string]any)
		if earlier := item["earlier"].([]any); len(earlier) != 2 {
			t.Errorf("two earlier entries expected, got %v", earlier)
		}
		want := []any{map[string]any{"value": "基恩士", "count": 2.0}, map[string]any{"value": "康耐视", "count": 1.0}}
		if diff := cmp.Diff(want, item["mentions"]); diff != "" {
			t.Error(diff)
		}
	})
}

// TestHomeFollowsItsDocuments: a block that is changed, added or taken away
// changes the home at once, and one that needs a hidden field is left out.
func TestHomeFollowsItsDocuments(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin, service := c.as("admin"), c.as("service")
		block := func(extra map[string]any) map[string]any {
			body := map[string]any{
				"label": map[string]any{"en": "Big", "zh-CN": "大单"}, "home": "service", "type": "list", "object": "lead", "position": 9,
			}
			for name, value := range extra {
				body[name] = value
			}
			return body
		}
		put := func(name string, extra map[string]any, status int) answer {
			t.Helper()
			return admin("PUT", "/api/v1/config/block/"+name, block(extra)).want(t, name, status)
		}
		put("service.high", map[string]any{"filter": `意向 = 高`}, 201)
		put("service.rich", map[string]any{"filter": `预算 > 100000`}, 201)
		put("service.sorted", map[string]any{"sort": "-budget"}, 201)
		blocks := blocksOf(t, service)
		if blocks["service.high"] == nil {
			t.Error("the new block is not on the home")
		}
		for _, name := range []string{"service.rich", "service.sorted"} {
			if blocks[name] != nil {
				t.Errorf("%s tells of the hidden budget: %v", name, blocks[name])
			}
		}
		admin("DELETE", "/api/v1/config/block/service.high", nil).want(t, "delete", 204)
		if blocksOf(t, service)["service.high"] != nil {
			t.Error("a deleted block is still on the home")
		}
		for name, extra := range map[string]map[string]any{
			"an unknown field":         {"filter": "没有这个字段 = 1"},
			"an unknown order":         {"sort": "nothing"},
			"a heat by a text":         {"type": "heat", "rows": "company", "columns": "industry"},
			"a risk without its dates": {"type": "risk", "ends": "nothing", "company": "person"},
			"a home that is none":      {"home": "moon"},
		} {
			answer := admin("PUT", "/api/v1/config/block/service.bad", block(extra))
			if answer.status != 422 {
				t.Errorf("%s: %d %s", name, answer.status, answer.body)
			}
		}
	})
}

// TestHeatEqualsItsLists compares each cell with the list behind it, for
// marketing, and for a reader who sees nothing of one field.
func TestHeatEqualsItsLists(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		for i := range 24 {
			fields := map[string]any{"company": fmt.Sprint("c", i), "phone": fmt.Sprintf("1370000%04d", i)}
			if i%3 > 0 {
				fields["source"] = []any{"官网", "展会"}[i%3-1]
			}
			if i%4 > 0 {
				fields["industry"] = []any{"医疗器械", "锂电装备", "食品包装"}[i%4-1]
			}
			c.lead(leader, fields)
		}
		marketing := c.as("marketing")
		heat := marketing("GET", "/api/v1/home/heat/marketing.quality_by_industry", nil).want(t, "heat", 200).json(t)
		sum := 0.0
		for _, item := range heat["cells"].([]any) {
			cell := item.(map[string]any)
			equals(t, marketing, fmt.Sprint(cell["row"], cell["column"]), cell["count"], cell["filter"])
			good := cell["filter"].(string) + " AND stars >= 3"
			equals(t, marketing, "good "+good, cell["good"], good)
			sum += cell["count"].(float64)
		}
		if sum != 24 {
			t.Errorf("the cells hold %v of 24 leads", sum)
		}
		if rows := heat["rows"].([]any); rows[len(rows)-1].(map[string]any)["key"] != "" {
			t.Errorf("leads without a source have no row of their own: %v", rows)
		}
		c.as("s1")("GET", "/api/v1/home/heat/marketing.quality_by_industry", nil).want(t, "another's home", 404)
		marketing("GET", "/api/v1/home/heat/marketing.new", nil).want(t, "a block of another type", 404)
	})
}

// TestRiskNamesTheSilentAndUnhappy: a contract that ends is red when nobody
// spoke to the customer for long and the service score is low (H7).
func TestRiskNamesTheSilentAndUnhappy(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		today := c.app.DB.Now().In(c.app.Catalog.Current().Zone())
		day := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
		make := func(object string, fields map[string]any) string {
			t.Helper()
			return leader("POST", "/api/v1/records/"+object, fields).want(t, object, 201).json(t)["id"].(string)
		}
		spoken := func(company string, days int) {
			make("interaction", map[string]any{"text": "call", "company": company, "at": today.AddDate(0, 0, -days).UTC().Format(time.RFC3339), "owner": c.ids["leader"]})
		}
		contract := func(name string, ends int, status string, score any) string {
			company := make("company", map[string]any{"name": name})
			make("contract", map[string]any{"name": "合同 " + name, "company": company, "ends_on": day(ends), "status": status, "owner": c.ids["leader"]})
			if score != nil {
				make("ticket", map[string]any{"subject": "repair", "company": company, "score": score})
			}
			return company
		}
		spoken(contract("lost", 20, "履约中", "2.0"), 40)
		spoken(contract("quiet", 80, "履约中", "4.5"), 31)
		spoken(contract("well", 45, "履约中", "4.5"), 3)
		contract("never", 10, "履约中", nil)
		spoken(contract("later", 200, "履约中", "1.0"), 99)
		spoken(contract("over", 20, "已完成", "1.0"), 99)

		risk := leader("GET", "/api/v1/home/risk/manager.risk", nil).want(t, "risk", 200).json(t)
		got := map[string]any{}
		for _, item := range risk["items"].([]any) {
			one := item.(map[string]any)
			got[one["company"].(map[string]any)["label"].(string)] = []any{one["level"], one["silent"], one["score"], one["days_left"]}
		}
		want := map[string]any{
			"lost": []any{"red", 40.0, "2.0", 20.0}, "quiet": []any{"amber", 31.0, "4.5", 80.0}, "well": []any{"", 3.0, "4.5", 45.0}, "never": []any{"amber", nil, nil, 10.0},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		c.as("s1")("GET", "/api/v1/home/risk/manager.risk", nil).want(t, "another's home", 404)
	})
}

// TestEachHomeOfTheTemplateIsWhole: no block of the template is left out for
// the role that it is made for.
func TestEachHomeOfTheTemplateIsWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		for home, short := range map[string]string{"sales": "s1", "manager": "leader", "marketing": "marketing", "service": "service", "administrator": "admin"} {
			shown := blocksOf(t, c.as(short))
			for _, b := range catalog.All[*catalog.Block](c.app.Catalog.Current(), "block") {
				if b.Home == home && shown[b.Name] == nil {
					t.Errorf("%s does not see %s", short, b.Name)
				}
			}
			for name, block := range shown {
				if block["type"] != "list" {
					continue
				}
				ask := url.Values{"filter": {block["filter"].(string)}, "sort": {fmt.Sprint(block["sort"])}}
				c.as(short)("GET", fmt.Sprint("/api/v1/records/", block["object"], "?", ask.Encode()), nil).want(t, "the list of "+name, 200)
			}
		}
	})
}
