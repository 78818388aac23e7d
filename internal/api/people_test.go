package api_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// items is a list's items.
func (a answer) items() []map[string]any {
	var found []map[string]any
	list, _ := a.body["items"].([]any)
	for _, item := range list {
		entry, _ := item.(map[string]any)
		found = append(found, entry)
	}
	return found
}

func TestUsers(t *testing.T) {
	sites(t, func(s *site) {
		admin := s.logIn("admin")
		made := admin.do("POST", "/api/v1/users", map[string]any{
			"name": "王芳", "email": "wang@example.com", "password": "long enough", "roles": []string{"sales"}, "capacity": 20,
			"department": s.users["sales"].Department,
		})
		s.want("create", made, 201, "")
		for _, q := range []string{"王", "wangf", "wf", "WANG@"} {
			found := admin.do("GET", "/api/v1/users?q="+url.QueryEscape(q), nil)
			if list := found.items(); len(list) != 1 || list[0]["name"] != "王芳" {
				s.t.Errorf("q=%s: %s", q, found.raw)
			}
		}
		s.want("same address", admin.do("POST", "/api/v1/users", map[string]any{"name": "x", "email": "WANG@example.com"}), 409, "email_taken")
		changed := admin.do("PATCH", "/api/v1/users/"+made.text("id"), map[string]any{"capacity": nil, "department": nil, "roles": []string{"service"}})
		s.want("change", changed, 200, "")
		if changed.body["capacity"] != nil || changed.body["department"] != nil || !strings.Contains(changed.raw, `"name":"service"`) {
			s.t.Errorf("changed: %s", changed.raw)
		}
		s.want("unknown role", admin.do("PATCH", "/api/v1/users/"+made.text("id"), map[string]any{"roles": []string{"king"}}), 422, "invalid_input")
		s.want("unknown user", admin.do("PATCH", "/api/v1/users/nobody", map[string]any{}), 404, "not_found")
		s.want("last administrator", admin.do("PATCH", "/api/v1/users/"+s.users["admin"].ID, map[string]any{"roles": []string{"sales"}}), 409, "last_administrator")
	})
}

func TestUsersComeInPages(t *testing.T) {
	sites(t, func(s *site) {
		admin := s.logIn("admin")
		var seen []string
		path := "/api/v1/users?limit=3"
		for range 3 {
			page := admin.do("GET", path, nil)
			for _, item := range page.items() {
				seen = append(seen, item["name"].(string))
			}
			if page.body["next_cursor"] == nil {
				break
			}
			path = "/api/v1/users?limit=3&cursor=" + page.text("next_cursor")
		}
		if diff := cmp.Diff([]string{"admin", "hr", "sales", "service"}, seen); diff != "" {
			s.t.Error(diff)
		}
		for _, query := range []string{"limit=0", "limit=501", "limit=x", "cursor=!"} {
			if got := admin.do("GET", "/api/v1/users?"+query, nil).status; got != 400 {
				s.t.Errorf("%s: %d", query, got)
			}
		}
	})
}

func TestColleaguesSeeNamesButNotAddresses(t *testing.T) {
	sites(t, func(s *site) {
		seen := s.logIn("sales").do("GET", "/api/v1/users", nil)
		if strings.Contains(seen.raw, "admin@example.com") || strings.Contains(seen.raw, `"administrator"`) {
			s.t.Errorf("sales sees too much: %s", seen.raw)
		}
		if !strings.Contains(seen.raw, "sales@example.com") || len(seen.items()) != 4 {
			s.t.Errorf("sales sees too little: %s", seen.raw)
		}
		hidden := s.logIn("sales").do("GET", "/api/v1/users?q=admin%40example", nil)
		if len(hidden.items()) != 0 {
			s.t.Errorf("a hidden address can be searched: %s", hidden.raw)
		}
	})
}

func TestNobodyManagesBeyondHisRights(t *testing.T) {
	sites(t, func(s *site) {
		hr, sales := s.logIn("hr"), s.logIn("sales")
		s.want("sales creates", sales.do("POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@example.com"}), 403, "forbidden")
		s.want("hr makes an administrator", hr.do("POST", "/api/v1/users",
			map[string]any{"name": "x", "email": "x@example.com", "roles": []string{"administrator"}}), 403, "beyond_own_rights")
		s.want("hr becomes one", hr.do("PATCH", "/api/v1/users/"+s.users["hr"].ID, map[string]any{"roles": []string{"people", "administrator"}}), 403, "beyond_own_rights")
		s.want("hr sets the administrator's password", hr.do("PATCH", "/api/v1/users/"+s.users["admin"].ID, map[string]any{"password": "mine all mine"}), 403, "beyond_own_rights")
		s.want("hr gives its own", hr.do("POST", "/api/v1/users",
			map[string]any{"name": "y", "email": "y@example.com", "roles": []string{"people"}}), 201, "")
		s.want("the administrator's password", s.call("POST", "/api/v1/session", map[string]any{"email": "admin@example.com", "password": password}), 200, "")
	})
}

func TestDepartments(t *testing.T) {
	sites(t, func(s *site) {
		admin := s.logIn("admin")
		root := s.users["sales"].Department
		east := admin.do("POST", "/api/v1/departments", map[string]any{"name": "华东", "parent": root, "leader": s.users["hr"].ID})
		s.want("create", east, 201, "")
		if !strings.Contains(east.raw, `"leader":{"id":"`+s.users["hr"].ID+`","label":"hr"}`) {
			s.t.Errorf("created: %s", east.raw)
		}
		s.want("loop", admin.do("PATCH", "/api/v1/departments/"+root, map[string]any{"parent": east.text("id")}), 422, "invalid_input")
		emptied := admin.do("PATCH", "/api/v1/departments/"+east.text("id"), map[string]any{"leader": nil, "parent": nil})
		s.want("empty", emptied, 200, "")
		if emptied.body["leader"] != nil || emptied.body["parent"] != nil || emptied.text("name") != "华东" {
			s.t.Errorf("emptied: %s", emptied.raw)
		}
		if list := s.logIn("sales").do("GET", "/api/v1/departments", nil); len(list.items()) != 2 {
			s.t.Errorf("list: %s", list.raw)
		}
		s.want("sales changes", s.logIn("sales").do("PATCH", "/api/v1/departments/"+root, map[string]any{"name": "x"}), 403, "forbidden")
	})
}

func TestPools(t *testing.T) {
	sites(t, func(s *site) {
		admin := s.logIn("admin")
		set := admin.do("PUT", "/api/v1/pools/top-3/members", map[string]any{
			"members": []any{map[string]any{"user": s.users["sales"].ID, "capacity": 5, "weight": 2}, map[string]any{"user": s.users["hr"].ID}},
		})
		s.want("set", set, 200, "")
		list := admin.do("GET", "/api/v1/pools", nil)
		if !strings.Contains(list.raw, `"strategy":"least_load"`) || !strings.Contains(list.raw, `"capacity":5,"open_load":0,"weight":2,"away":false`) {
			s.t.Errorf("pools: %s", list.raw)
		}
		s.want("unknown pool", admin.do("PUT", "/api/v1/pools/none/members", map[string]any{"members": []any{}}), 404, "not_found")
		wrong := admin.do("PUT", "/api/v1/pools/top-3/members", map[string]any{"members": []any{map[string]any{"user": "nobody", "wait": 1}}})
		if diff := cmp.Diff(map[string]string{"members.0.wait": "unknown_field"}, wrong.codes()); diff != "" {
			s.t.Error(diff)
		}
	})
}

func TestLeaveIsOnesOwnOrTheLeaders(t *testing.T) {
	sites(t, func(s *site) {
		sales, service, admin := s.logIn("sales"), s.logIn("service"), s.logIn("admin")
		path := "/api/v1/users/" + s.users["sales"].ID + "/leave"
		days := map[string]any{"from": "2026-10-01", "to": "2026-10-03", "reason": "国庆"}
		made := sales.do("POST", path, days)
		s.want("own", made, 201, "")
		if made.text("from") != "2026-09-30T16:00:00Z" || made.text("to") != "2026-10-03T16:00:00Z" {
			s.t.Errorf("days of the company's zone: %s", made.raw)
		}
		s.want("a colleague's", service.do("POST", path, days), 403, "forbidden")
		s.want("a colleague's list", service.do("GET", path, nil), 403, "forbidden")
		s.want("taking back a colleague's", service.do("DELETE", "/api/v1/leave/"+made.text("id"), nil), 404, "not_found")
		s.want("leads now", admin.do("PATCH", "/api/v1/departments/"+s.users["sales"].Department, map[string]any{"leader": s.users["service"].ID}), 200, "")
		s.want("the leader's list", service.do("GET", path, nil), 200, "")
		s.want("the leader takes back", service.do("DELETE", "/api/v1/leave/"+made.text("id"), nil), 204, "")
		wrong := sales.do("POST", path, map[string]any{"from": "soon", "to": ""})
		if diff := cmp.Diff(map[string]string{"from": "invalid_datetime", "to": "required"}, wrong.codes()); diff != "" {
			s.t.Error(diff)
		}
	})
}
