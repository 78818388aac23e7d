package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// expanding is a lead whose person works at a company that has a project, all
// of the manager's but the company, which is a seller's own.
type expanding struct {
	*company
	lead, person, organisation, project string
}

func expandable(t *testing.T, c *company) *expanding {
	t.Helper()
	leader := c.as("leader")
	e := &expanding{company: c}
	made := func(object string, fields map[string]any) string {
		return leader("POST", "/api/v1/records/"+object, fields).want(t, object, 201).json(t)["id"].(string)
	}
	e.organisation = made("company", map[string]any{"name": "博锐精工", "city": "苏州", "owner": c.ids["s2"]})
	e.lead = c.lead(leader, map[string]any{"company": "博锐精工", "contact": "王伟", "phone": "13911110001", "owner": c.ids["s1"]})
	e.person = idOf(leader("GET", leads+"/"+e.lead, nil).json(t)["person"])
	leader("PATCH", "/api/v1/records/contact/"+e.person, map[string]any{"company": e.organisation, "title": "采购经理", "owner": c.ids["s1"]}).want(t, "contact", 200)
	e.project = made("project", map[string]any{"name": "一号线", "lead": e.lead, "contact": e.person, "company": e.organisation, "owner": c.ids["s1"]})
	return e
}

// TestAReferenceIsAnsweredWhole: expand= puts the record into its reference, as
// deep as three, in lists and in single answers alike.
func TestAReferenceIsAnsweredWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		e, leader := expandable(t, c), c.as("leader")
		one := leader("GET", leads+"/"+e.lead+"?expand=person", nil).want(t, "one", 200).json(t)["person"].(map[string]any)
		listed := leader("GET", ask("expand", "person", "filter", fmt.Sprintf("id=%q", e.lead)), nil).items(t)[0]["person"].(map[string]any)
		alone := leader("GET", "/api/v1/records/contact/"+e.person, nil).json(t)
		alone["label"] = "王伟"
		if diff := cmp.Diff(alone, one); diff != "" {
			t.Errorf("the person within a lead is another than by itself:\n%s", diff)
		}
		if diff := cmp.Diff(one, listed); diff != "" {
			t.Errorf("a list expands otherwise:\n%s", diff)
		}
		deep := leader("GET", "/api/v1/records/project/"+e.project+"?expand=lead.person.company,company", nil).want(t, "deep", 200).json(t)
		for _, path := range [][]string{{"lead", "person", "company", "city"}, {"company", "city"}} {
			if got := within(deep, path...); got != "苏州" {
				t.Errorf("%v = %v", path, got)
			}
		}
		if title := within(deep, "contact", "title"); title != nil {
			t.Errorf("a reference that was not asked for is whole: %v", title)
		}
	})
}

// within is a value by its path, nil where it breaks off.
func within(tree any, path ...string) any {
	for _, name := range path {
		node, _ := tree.(map[string]any)
		tree = node[name]
	}
	return tree
}

func TestExpandGoesWithTheOtherParameters(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		e, leader := expandable(t, c), c.as("leader")
		item := leader("GET", ask("expand", "person", "fields", "company"), nil).items(t)[0]
		if within(item, "person", "title") != "采购经理" || item["phone"] != nil {
			t.Errorf("with fields=: %v", item)
		}
		for range 3 {
			c.lead(leader, map[string]any{"company": "ohne Person"})
		}
		ids, persons := walk(t, leader, 1, "person", "expand", "person", "sort", "company")
		if len(ids) != 4 {
			t.Errorf("pages with expand hold %d of 4", len(ids))
		}
		whole := 0
		for _, p := range persons {
			if within(p, "title") != nil {
				whole++
			}
		}
		if whole != 1 {
			t.Errorf("%d persons are whole, want 1", whole)
		}
		same := leader("GET", leads+"/"+e.lead, nil)
		got := c.with("leader")("GET", leads+"/"+e.lead+"?expand=person", nil, map[string]string{"If-None-Match": same.header.Get("ETag")})
		if got.want(t, "a known tag says nothing of the person", 200); within(got.json(t), "person", "title") == nil {
			t.Errorf("%s", got.body)
		}
		leader("DELETE", "/api/v1/records/contact/"+e.person, nil)
		if gone := leader("GET", leads+"/"+e.lead+"?expand=person", nil).want(t, "deleted", 200).json(t)["person"]; within(gone, "title") != nil {
			t.Errorf("a deleted person is shown: %v", gone)
		}
	})
}

// TestExpandWidensNothing: A11, A12: what the reader may not see by itself he does not see within another record.
func TestExpandWidensNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		e := expandable(t, c)
		s1 := c.as("s1") // owns the lead, the person and the project; the company is s2's
		got := s1("GET", "/api/v1/records/project/"+e.project+"?expand=company,contact.company", nil).want(t, "s1", 200)
		company := within(got.json(t), "company")
		if diff := cmp.Diff(any(map[string]any{"id": e.organisation}), company); diff != "" {
			t.Errorf("A11: %s", diff)
		}
		if within(got.json(t), "contact", "title") != "采购经理" || within(got.json(t), "contact", "company", "city") != nil {
			t.Errorf("%s", got.body)
		}
		c.as("admin")("PUT", "/api/v1/config/role/narrow", map[string]any{
			"label": map[string]string{"zh-CN": "窄", "en": "Narrow"}, "home": "manager", "rights": []string{},
			"objects": map[string]any{
				"lead":    map[string]any{"read": true, "scope": "all"},
				"contact": map[string]any{"read": true, "scope": "all", "fields": map[string]any{"*": "read", "title": "hidden", "company": "hidden"}},
			},
		}).want(t, "role", 201)
		c.as("admin")("PATCH", "/api/v1/users/"+c.ids["s3"], map[string]any{"roles": []string{"narrow"}}).want(t, "given", 200)
		narrow := c.as("s3")
		person := within(narrow("GET", leads+"/"+e.lead+"?expand=person", nil).want(t, "narrow", 200).json(t), "person").(map[string]any)
		if _, there := person["title"]; there || person["name"] != "王伟" {
			t.Errorf("A3: a hidden field within a record: %v", person)
		}
		for _, pair := range [][2]string{{"person.company", "person.zzzzzzz"}, {"person.title", "person.zzzzz"}, {"organisation.city", "organisation.zzzz"}, {"phone", "zzzzz"}, {"owner", "zzzzz"}} {
			a, b := narrow("GET", ask("expand", pair[0]), nil), narrow("GET", ask("expand", pair[1]), nil)
			if a.status != 400 || string(a.body) != string(b.body) {
				t.Errorf("%s: %d %s\n%s: %d %s", pair[0], a.status, a.body, pair[1], b.status, b.body)
			}
		}
	})
}

func TestExpandHasBounds(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		e, leader := expandable(t, c), c.as("leader")
		circle := strings.TrimSuffix(strings.Repeat("lead.project.", 20), ".")
		for _, wrong := range []string{",", ".", "person.", ".person", "person..company", "PERSON", "联系人", "lead.project.lead.project", circle, strings.Repeat("person,", 9) + "person", "*", "person;x", "id"} {
			for _, path := range []string{leads + "?expand=" + url.QueryEscape(wrong), leads + "/" + e.lead + "?expand=" + url.QueryEscape(wrong)} {
				got := leader("GET", path, nil).want(t, wrong, 400)
				if faults := got.faults(t); len(faults) != 1 || !strings.HasPrefix(faults[0], "expand ") {
					t.Errorf("%s: %v", wrong, faults)
				}
			}
		}
		leader("GET", leads+"/"+absentID+"?expand=zzz", nil).want(t, "an absent record", 404)
	})
}
