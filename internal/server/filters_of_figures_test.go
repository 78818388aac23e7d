package server_test

import (
	"fmt"
	"net/url"
	"sort"
	"strings"
	"testing"
)

// filtersIn are all filters that stand anywhere in an answer, with the count
// beside each, where there is one.
func filtersIn(at any, found map[string]any) {
	switch node := at.(type) {
	case map[string]any:
		if filter, ok := node["filter"].(string); ok && filter != "" {
			if found[filter] = node["count"]; node["leads"] != nil {
				found[filter] = node["leads"]
			}
		}
		for _, one := range node {
			filtersIn(one, found)
		}
	case []any:
		for _, one := range node {
			filtersIn(one, found)
		}
	}
}

// TestEveryFigureOpensItsList: whatever the choices, people and places are
// called, each filter that a figure carries can be asked as it stands, and
// finds as many records as the figure says.
func TestEveryFigureOpensItsList(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		c.oddChoices("source", "status", "lost_reason", "region", "industry")
		leader := c.as("leader")
		lead, _ := c.app.Catalog.Current().Object("lead")
		choice := func(field string, i int) string {
			f, _ := lead.Field(field)
			return f.Choices[(i+len(f.Choices)-1)%len(f.Choices)].Name // the odd one first
		}
		for i := range 12 {
			fields := map[string]any{
				"company": fmt.Sprint("客户", i), "phone": fmt.Sprintf("1370000%04d", i), "owner": c.ids[fmt.Sprint("s", 1+i%3)],
				"source": choice("source", i), "region": choice("region", i), "industry": choice("industry", i),
			}
			id := c.lead(leader, fields)
			switch i % 4 {
			case 0:
				leader("PATCH", leads+"/"+id, map[string]any{"status": "已战败", "lost_reason": choice("lost_reason", i)}).want(t, "lost", 200)
			case 1:
				leader("POST", leads+"/"+id+"/follow-up", map[string]any{"action": "电话沟通", "next_action": "电话沟通", "next_due": "2099-01-01T00:00:00Z"}).want(t, "follow-up", 201)
			}
		}
		asked := 0
		for _, path := range []string{
			"/api/v1/dashboards/lead-health", "/api/v1/dashboards/lead/follow-up", "/api/v1/cycles/lead-to-cash", "/api/v1/reasons/lead",
			"/api/v1/home", "/api/v1/home/heat/marketing.quality_by_region", "/api/v1/home/heat/marketing.quality_by_industry", "/api/v1/home/risk/manager.risk",
			leads + "/groups?group=source", leads + "/groups?group=status,region", leads + "/groups?group=lost_reason",
		} {
			for who, by := range map[string]caller{"admin": admin, "leader": leader, "marketing": c.as("marketing"), "s1": c.as("s1")} {
				got := by("GET", path, nil)
				if got.status != 200 {
					continue // not everybody's page
				}
				found := map[string]any{}
				filtersIn(got.json(t), found)
				for filter, count := range found {
					asked++
					if problem := c.opens(by, filter, count); problem != "" {
						t.Errorf("%s of %s: %s (%v): %s", path, who, filter, count, problem)
					}
				}
			}
		}
		if asked < 60 {
			t.Errorf("only %d filters were asked", asked)
		}
	})
}

// opens asks a filter over the objects that figures are made of; "" when one of
// them has as many records as the figure says.
func (c *company) opens(by caller, filter string, count any) string {
	c.Helper()
	var answers []string
	for _, object := range []string{"lead", "interaction", "project", "contract", "ticket", "task", "company", "contact"} {
		got := by("GET", "/api/v1/records/"+object+"?count=exact&limit=1&filter="+url.QueryEscape(filter), nil)
		if got.status == 200 {
			n := got.json(c.T)["count"]
			if count == nil || n == count {
				return ""
			}
			answers = append(answers, fmt.Sprint(object, " has ", n))
		} else {
			answers = append(answers, fmt.Sprint(object, " ", got.status))
		}
	}
	sort.Strings(answers)
	return strings.Join(answers, ", ")
}

// oddChoices gives a lead's choice fields one more, whose name holds quotation
// marks, a comma and a word of the language.
func (c *company) oddChoices(fields ...string) {
	c.Helper()
	admin := c.as("admin")
	body := admin("GET", documents+"object/lead", nil).want(c.T, "object", 200).json(c.T)
	for _, field := range asList(body["fields"]) {
		for _, name := range fields {
			if field["name"] != name {
				continue
			}
			choices := asList(field["choices"])
			last := choices[len(choices)-1]
			field["choices"] = append(field["choices"].([]any), map[string]any{
				"id": fmt.Sprint(last["id"], "_odd"), "name": `5" AND, "x`, "label": map[string]string{"zh-CN": `5" AND, "x`, "en": `5" AND, "x`},
			})
		}
	}
	admin("PUT", documents+"object/lead", body).want(c.T, "odd choices", 200)
}
