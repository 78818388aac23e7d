package server_test

import (
	"context"
	"fmt"
	"testing"

	"clew.dev/clew/internal/account"
	"github.com/google/go-cmp/cmp"
)

const views = "/api/v1/views"

// shape is a view's columns and filter.
func shape(filter string, columns ...string) map[string]any {
	return map[string]any{"filter": filter, "columns": columns, "sort": "-created_at,company", "widths": map[string]any{"company": 300}, "group": "status"}
}

// seenViews are the labels of the views that somebody finds, with a mark on those refused.
func seenViews(t *testing.T, by caller) map[string]map[string]any {
	t.Helper()
	found := map[string]map[string]any{}
	for _, item := range by("GET", views+"?object=lead", nil).want(t, "views", 200).items(t) {
		found[item["label"].(string)] = item
	}
	return found
}

func (c *company) saveView(by caller, label string, more map[string]any) map[string]any {
	c.Helper()
	body := map[string]any{"object": "lead", "label": label, "shape": shape(`来源 = "抖音" AND owner IN TEAM()`, "company", "budget")}
	for k, v := range more {
		body[k] = v
	}
	return by("POST", views, body).want(c.T, "save "+label, 201).json(c.T)
}

func TestViewsBelongToTheirPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, seller, admin := c.as("leader"), c.as("s1"), c.as("marketing")
		c.saveView(seller, "own of s1", nil)
		team := c.saveView(leader, "of the team", map[string]any{"share": "team"})
		for name, want := range map[string][]bool{"s1": {true, true}, "s2": {false, true}, "leader": {false, true}, "marketing": {false, false}} {
			found := seenViews(t, c.as(name))
			if got := []bool{found["own of s1"] != nil, found["of the team"] != nil}; !cmp.Equal(got, want) {
				t.Errorf("%s finds %v, want %v", name, got, want)
			}
		}
		id := views + "/" + team["id"].(string)
		seller("PATCH", id, map[string]any{"label": "mine now"}).want(t, "a member changes it", 403)
		seller("DELETE", id, nil).want(t, "a member deletes it", 403)
		admin("PATCH", id, map[string]any{"label": "x"}).want(t, "a stranger changes it", 404)
		admin("DELETE", id, nil).want(t, "a stranger deletes it", 404)
		seller("POST", views, map[string]any{"object": "lead", "label": "x", "share": "team", "shape": map[string]any{}}).want(t, "a member shares", 403)
		admin("POST", views, map[string]any{"object": "lead", "label": "x", "share": "team", "shape": map[string]any{}}).want(t, "shares without a department", 422)

		changed := leader("PATCH", id, map[string]any{"label": "renamed", "shape": shape("", "status", "company")}).want(t, "change", 200).json(t)
		if diff := cmp.Diff([]any{"status", "company"}, changed["columns"]); diff != "" || changed["label"] != "renamed" {
			t.Errorf("changed: %v", changed)
		}
		leader("PATCH", id, map[string]any{"share": "own"}).want(t, "unshare", 200)
		if seenViews(t, seller)["renamed"] != nil {
			t.Error("it is shared still")
		}
		leader("DELETE", id, nil).want(t, "delete", 204)
		leader("DELETE", id, nil).want(t, "delete again", 404)
	})
}

// TestAHandedDownViewIsTheLeadersToManage: whoever leads the department now
// manages what it shares; who led it once may only take his own back.
func TestAHandedDownViewIsTheLeadersToManage(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, next := c.as("leader"), c.as("s1")
		view := c.saveView(leader, "of the team", map[string]any{"share": "team"})
		id := views + "/" + view["id"].(string)
		department := c.app.Accounts.Directory().Departments()[0].ID
		successor := c.ids["s1"]
		_, err := c.app.Accounts.UpdateDepartment(context.Background(), department, account.DepartmentChange{Leader: &successor})
		c.must(err)
		next("PATCH", id, map[string]any{"label": "of the new leader"}).want(t, "the new leader changes it", 200)
		leader("PATCH", id, map[string]any{"label": "of the old one"}).want(t, "the old leader changes it for all", 403)
		leader("PATCH", id, map[string]any{"share": "own"}).want(t, "the old leader takes it back", 200)
	})
}

// TestASharedViewTellsNoHiddenField: without the column, without the order,
// and refused where the filter needs it (assurance.md 3.2, A14).
func TestASharedViewTellsNoHiddenField(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ctx := context.Background()
		leader := c.as("leader")
		east := c.app.Accounts.Directory().Departments()[0].ID
		for i, name := range []string{"service"} {
			u, err := c.app.Accounts.CreateUser(ctx, account.NewUser{Name: fmt.Sprint("aide", i), Email: fmt.Sprint("aide", i, "@example.com"), Roles: []string{name}, Department: east, Password: password})
			c.must(err)
			c.ids[u.Name] = u.ID
		}
		c.saveView(leader, "column", map[string]any{"share": "team", "shape": map[string]any{
			"columns": []string{"company", "budget"}, "sort": "-budget,company", "widths": map[string]any{"budget": 90, "company": 200},
		}})
		c.saveView(leader, "filter", map[string]any{"share": "team", "shape": shape("预算 > 987654321", "company")})
		aide := c.as("aide0")
		found := seenViews(t, aide)
		column := found["column"]
		if diff := cmp.Diff([]any{"company"}, column["columns"]); diff != "" || column["sort"] != "company" || column["refused"] != false {
			t.Errorf("column: %v", column)
		}
		if diff := cmp.Diff(map[string]any{"company": 200.0}, column["widths"]); diff != "" {
			t.Error(diff)
		}
		refused := found["filter"]
		if refused["refused"] != true || refused["filter"] != nil || refused["columns"] != nil {
			t.Errorf("filter: %v", refused)
		}
		if whole := string(aide("GET", views+"?object=lead", nil).body); contains(whole, "budget", "预算", "987654321") {
			t.Errorf("it tells the hidden field: %s", whole)
		}
		service := c.as("service")
		service("POST", views, map[string]any{"object": "lead", "label": "x", "shape": shape("预算 > 1", "company")}).want(t, "filter by a hidden field", 422)
		got := service("POST", views, map[string]any{"object": "lead", "label": "x", "shape": map[string]any{"columns": []string{"budget"}, "group": "budget"}}).want(t, "column of a hidden field", 422)
		if diff := cmp.Diff([]string{"shape.columns.0 unknown_field", "shape.group unknown_field"}, got.faults(t)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestAViewIsCheckedAsItsListIs: whatever the list refuses for an order or for
// groups, a view of it refuses too, at the same place with the same word; the
// same holds of a view for everybody, which is configuration.
func TestAViewIsCheckedAsItsListIs(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		id := c.saveView(admin, "to be changed", nil)["id"].(string)
		for _, one := range []struct{ place, value, want string }{
			{"group", "tags", "group not_groupable"},
			{"group", "budget", "group not_groupable"},
			{"group", "created_at", "group not_groupable"},
			{"group", "status:month", "group not_groupable"},
			{"group", "created_at:month,owner", ""},
			{"group", "status,owner,region", "group out_of_range"},
			{"sort", "-tags", "sort unknown_field"},
			{"sort", "colour", "sort unknown_field"},
			{"sort", "-budget,company", ""},
		} {
			path := ask(one.place, one.value)
			if one.place == "group" {
				path = leads + "/groups?" + path[len(leads)+1:]
			}
			status, saved, changed := 200, 201, 200
			if one.want != "" {
				status, saved, changed = 400, 422, 422
			}
			view := map[string]any{"object": "lead", "label": "x", "shape": map[string]any{one.place: one.value}}
			document := map[string]any{"object": "lead", "label": map[string]any{"en": "x", "zh-CN": "x"}, "columns": []string{"company"}, one.place: one.value}
			answers := map[string]answer{
				"the list":  admin("GET", path, nil).want(t, "the list by "+one.value, status),
				"saved":     admin("POST", views, view).want(t, "saved by "+one.value, saved),
				"changed":   admin("PATCH", views+"/"+id, map[string]any{"shape": view["shape"]}).want(t, "changed to "+one.value, changed),
				"published": admin("PUT", "/api/v1/config/view/lead.checked", document),
			}
			for what, got := range answers {
				want := one.want
				if want != "" && (what == "saved" || what == "changed") {
					want = "shape." + want // where it stands in what was sent
				}
				if faults := got.faults(t); want != "" && !cmp.Equal(faults, []string{want}) || want == "" && got.status >= 300 {
					t.Errorf("%s by %s: %d %v, want %q", what, one.value, got.status, faults, want)
				}
			}
		}
	})
}

func contains(text string, any ...string) bool {
	for _, one := range any {
		if len(one) > 0 && len(text) >= len(one) {
			for i := 0; i+len(one) <= len(text); i++ {
				if text[i:i+len(one)] == one {
					return true
				}
			}
		}
	}
	return false
}

func TestViewInputIsChecked(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		seller := c.as("s1")
		long := make([]rune, 61)
		for i := range long {
			long[i] = '长'
		}
		for name, one := range map[string]struct {
			body   map[string]any
			status int
			faults []string
		}{
			"no label":       {map[string]any{"object": "lead", "label": " ", "shape": shape("")}, 422, []string{"label required"}},
			"long label":     {map[string]any{"object": "lead", "label": string(long), "shape": shape("")}, 422, []string{"label too_long"}},
			"no such object": {map[string]any{"object": "nothing", "label": "x", "shape": shape("")}, 404, nil},
			"broken filter":  {map[string]any{"object": "lead", "label": "x", "shape": shape("来源 = ")}, 422, []string{"shape.filter syntax"}},
			"density":        {map[string]any{"object": "lead", "label": "x", "shape": map[string]any{"density": "huge"}}, 422, []string{"shape.density unknown_choice"}},
			"share":          {map[string]any{"object": "lead", "label": "x", "share": "world", "shape": shape("")}, 422, []string{"share unknown_choice"}},
		} {
			got := seller("POST", views, one.body).want(t, name, one.status)
			if one.faults != nil {
				if diff := cmp.Diff(one.faults, got.faults(t)); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		}
		seller("GET", views+"?object=nothing", nil).want(t, "list of nothing", 404)
		c.send("GET", views+"?object=lead", nil, nil).want(t, "nobody", 401)
	})
}

func TestViewPreferenceIsPersonal(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		seller, other := c.as("s1"), c.as("s2")
		mine := c.saveView(seller, "mine", nil)["id"].(string)
		for _, order := range [][]any{{mine, "lead.all"}, {"lead.all", mine}} {
			seller("PUT", views+"/preference", map[string]any{"object": "lead", "default": mine, "order": order}).want(t, "prefer", 200)
			got := seller("GET", views+"?object=lead", nil).json(t)
			if diff := cmp.Diff(order, got["order"]); diff != "" || got["default"] != mine {
				t.Errorf("%v %v", got["order"], got["default"])
			}
		}
		if got := other("GET", views+"?object=lead", nil).json(t); got["default"] != "" || len(got["order"].([]any)) != 0 {
			t.Errorf("another person's: %v", got)
		}
		other("PUT", views+"/preference", map[string]any{"object": "nothing"}).want(t, "of nothing", 404)
	})
}
