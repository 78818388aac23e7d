package server_test

import (
	"fmt"
	"strings"
	"testing"
)

const drafts = "/api/v1/config/drafts"

// drafted lays a document, as edit leaves it, into a draft of its own and gives the draft's id.
func (c *company) drafted(kind, name string, edit func(body map[string]any)) string {
	c.Helper()
	admin := c.as("admin")
	body := admin("GET", "/api/v1/config/"+kind+"/"+name, nil).want(c.T, "document", 200).json(c.T)
	edit(body)
	draft := admin("POST", drafts, map[string]any{"label": "x"}).want(c.T, "draft", 201).json(c.T)["id"].(string)
	admin("PUT", "/api/v1/config/"+kind+"/"+name+"?draft="+draft, body).want(c.T, "put", 200)
	return draft
}

// effects are what a draft touches, as a person is told: sentence → count.
func (c *company) effects(by, draft string) map[string]map[string]any {
	c.Helper()
	told := map[string]map[string]any{}
	for _, item := range c.as(by)("POST", drafts+"/"+draft+"/effects", nil).items(c.T) {
		told[fmt.Sprint(item["text"])] = item
	}
	return told
}

// wantEffect finds the sentence that holds the words, and compares its number.
func wantEffect(t *testing.T, told map[string]map[string]any, words string, count int) map[string]any {
	t.Helper()
	for text, item := range told {
		if strings.Contains(text, words) {
			if item["count"] != float64(count) || !strings.Contains(text, fmt.Sprint(count)) {
				t.Errorf("%s: %v, want %d", text, item["count"], count)
			}
			return item
		}
	}
	t.Errorf("nothing says %q: %v", words, told)
	return nil
}

// fieldNamed is a field in an object's document.
func fieldNamed(t *testing.T, body map[string]any, name string) map[string]any {
	t.Helper()
	for _, one := range body["fields"].([]any) {
		if f := one.(map[string]any); f["name"] == name {
			return f
		}
	}
	t.Fatalf("no field %s", name)
	return nil
}

func (c *company) sourced(n int, source string) {
	c.Helper()
	for i := range n {
		c.lead(c.as("leader"), map[string]any{"company": "来源公司", "phone": fmt.Sprintf("137%04d%04d", []rune(source)[0]%10000, i), "source": source, "owner": c.ids["s1"]})
	}
}

func TestADraftSaysWhatItTouches(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.sourced(3, "展会")
		c.sourced(2, "抖音")
		draft := c.drafted("object", "lead", func(body map[string]any) {
			source := fieldNamed(t, body, "source")
			for _, one := range source["choices"].([]any) {
				switch choice := one.(map[string]any); choice["name"] {
				case "展会":
					choice["retired"] = true
				case "抖音":
					choice["label"] = map[string]any{"zh-CN": "抖音企业号", "en": "Douyin business"}
				}
			}
			fieldNamed(t, body, "company")["label"] = map[string]any{"zh-CN": "客户公司", "en": "Customer"}
		})
		told := c.effects("admin", draft)
		retired := wantEffect(t, told, "不能再选", 3)
		wantEffect(t, told, "「抖音企业号」", 2)
		wantEffect(t, told, "「客户公司」", 5)
		if got := c.as("leader")("GET", ask("filter", fmt.Sprint(retired["filter"])), nil).items(t); len(got) != 3 {
			t.Errorf("the list of the retired: %d", len(got))
		}
		if len(told) != 3 {
			t.Errorf("told %v", told)
		}
		c.as("leader")("POST", drafts+"/"+draft+"/effects", nil).want(t, "who may not write the configuration", 403)
		c.as("admin")("POST", drafts+"/none/effects", nil).want(t, "no draft", 404)
	})
}

func TestARemovedFieldSaysHowManyFilledIt(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		field := map[string]any{"object": "lead", "type": "choices", "label": map[string]any{"zh-CN": "颜色", "en": "Colour"},
			"choices": []any{map[string]any{"name": `a"b`, "label": map[string]any{"zh-CN": "甲", "en": "A"}}, map[string]any{"name": "c", "label": map[string]any{"zh-CN": "丙", "en": "C"}}}}
		admin := c.as("admin")
		field = admin("PUT", "/api/v1/config/field/lead.colour", field).want(t, "field", 201).json(t)
		id := c.lead(c.as("leader"), map[string]any{"company": "颜色公司", "phone": "13700009999", "owner": c.ids["s1"]})
		c.patch("leader", leads+"/"+id, map[string]any{"colour": []string{`a"b`}})
		field["choices"] = field["choices"].([]any)[1:]
		draft := admin("POST", drafts, map[string]any{"label": "x"}).want(t, "draft", 201).json(t)["id"].(string)
		admin("PUT", "/api/v1/config/field/lead.colour?draft="+draft, field).want(t, "put", 200)
		wantEffect(t, c.effects("admin", draft), "「甲」", 1)
		admin("DELETE", "/api/v1/config/field/lead.colour?draft="+draft, nil).want(t, "remove", 204)
		wantEffect(t, c.effects("admin", draft), "「颜色」", 1)
	})
}

func TestAClockAndARoutingRowSayWhatTheyTouch(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		for i := range 3 {
			c.push(clue(fmt.Sprint("m", i), fmt.Sprint("c", i), fmt.Sprintf("1380000100%d", i), nil)).want(t, "push", 200)
		}
		c.sourced(2, "展会")
		claim := c.drafted("clock", "claim", func(body map[string]any) { body["label"] = map[string]any{"zh-CN": "领取", "en": "Claim"} })
		running := 0
		for _, item := range c.as("admin")("GET", ask("limit", "100"), nil).items(t) {
			for _, clock := range c.as("admin")("GET", leads+"/"+item["id"].(string)+"/clocks", nil).items(t) {
				if clock["name"] == "claim" && clock["state"] == "running" {
					running++
				}
			}
		}
		if running == 0 {
			t.Fatal("no clock runs")
		}
		got := wantEffect(t, c.effects("admin", claim), "按原来的规则走完", running)
		if sample, _ := got["sample"].([]any); len(sample) != min(running, 5) {
			t.Errorf("sample %v", got["sample"])
		}
		table := c.drafted("routing-table", "lead", func(body map[string]any) {
			row := map[string]any{"label": map[string]any{"zh-CN": "展会给抖音组", "en": "Fairs"}, "when": `来源 = "展会"`, "then": map[string]any{"person": "admin@example.com"}}
			body["rows"] = append([]any{row}, body["rows"].([]any)...)
		})
		moved := wantEffect(t, c.effects("admin", table), "会派到别处", 2)
		for _, one := range moved["sample"].([]any) {
			if one.(map[string]any)["label"] != "来源公司" {
				t.Errorf("sample %v", moved["sample"])
			}
		}
		same := c.drafted("routing-table", "lead", func(body map[string]any) { body["label"] = map[string]any{"zh-CN": "派单", "en": "Routing"} })
		wantEffect(t, c.effects("admin", same), "会派到别处", 0)
	})
}

func TestAScorecardAndAPoolSayWhatTheyTouch(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.sourced(2, "展会")
		leader := c.as("leader")
		rich := c.lead(leader, map[string]any{"company": "有预算", "phone": "13711110001", "region": "华东", "owner": c.ids["s1"], "budget": map[string]any{"amount": "900000", "currency": "CNY"}})
		points := func(to int) func(body map[string]any) {
			return func(body map[string]any) {
				for _, one := range body["rules"].([]any) {
					if rule := one.(map[string]any); rule["id"] == "crm.scorecard.lead.budget" {
						rule["points"] = to
					}
				}
			}
		}
		before := c.as("admin")("GET", leads+"/"+rich, nil).json(t)["score"]
		draft := c.drafted("scorecard", "lead", points(3))
		scored := wantEffect(t, c.effects("admin", draft), "评分或星级会不同", 1)
		if sample, _ := scored["sample"].([]any); len(sample) != 1 || sample[0].(map[string]any)["id"] != rich {
			t.Errorf("sample %v", scored["sample"])
		}
		relabelled := c.drafted("scorecard", "lead", func(body map[string]any) { body["label"] = map[string]any{"zh-CN": "评分", "en": "Score"} })
		wantEffect(t, c.effects("admin", relabelled), "评分或星级会不同", 0)
		if now := c.as("admin")("GET", leads+"/"+rich, nil).json(t)["score"]; now != before {
			t.Errorf("counting changed the score from %v to %v", before, now)
		}
		strategy := func(body map[string]any) { body["strategy"] = "weighted" }
		wantEffect(t, c.effects("admin", c.drafted("pool", "east", strategy)), "会派到这个接单组", 1)
		wantEffect(t, c.effects("admin", c.drafted("pool", "north", strategy)), "会派到这个接单组", 0)
	})
}
