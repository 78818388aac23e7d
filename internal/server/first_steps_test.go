package server_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

const firstSteps = "/api/v1/first-steps"

// onBothEmpty runs a test in a company that has nobody but its administrator.
func onBothEmpty(t *testing.T, test func(t *testing.T, c *company)) {
	t.Helper()
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		c := &company{T: t, ids: map[string]string{}, options: server.Options{
			Data: o.Dir, Database: o.URL, Listen: "127.0.0.1:0", Template: "crm", Version: "test",
			AdminName: "Admin", AdminEmail: "admin@example.com", AdminPassword: password,
		}}
		c.begin()
		t.Cleanup(c.end)
		test(t, c)
	})
}

// stepsOf are the first steps as one person sees them, and whether they are put away.
func stepsOf(t *testing.T, by caller) (steps map[string]map[string]any, order []string, away bool) {
	t.Helper()
	told := by("GET", firstSteps, nil).want(t, "first steps", 200).json(t)
	steps = map[string]map[string]any{}
	for _, item := range told["steps"].([]any) {
		step := item.(map[string]any)
		steps[step["name"].(string)] = step
		order = append(order, step["name"].(string))
	}
	return steps, order, told["put_away"].(bool)
}

// stillOpen are the names of the steps that are not done, in order.
func stillOpen(t *testing.T, by caller) []string {
	t.Helper()
	steps, order, _ := stepsOf(t, by)
	return slices.DeleteFunc(order, func(name string) bool { return steps[name]["done"] == true })
}

// TestFirstStepsFollowTheCompany: each step is open in a new company, and done
// as soon as what it asks for is there, and open again when that is gone.
func TestFirstStepsFollowTheCompany(t *testing.T) {
	onBothEmpty(t, func(t *testing.T, c *company) {
		ctx, admin := context.Background(), c.as("admin")
		all := []string{"people", "departments", "pools", "intake", "robot", "calendar", "backup"}
		_, order, away := stepsOf(t, admin)
		if diff := cmp.Diff(all, order); diff != "" || away {
			t.Errorf("put away: %v; %s", away, diff)
		}
		left := func(when string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, stillOpen(t, admin)); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
		}
		left("a new company", "people", "departments", "pools", "intake", "robot", "backup")
		seller := admin("POST", "/api/v1/users", map[string]any{"name": "林悦", "email": "lin@example.com", "roles": []string{"sales"}}).want(t, "user", 201).json(t)["id"].(string)
		left("with a colleague", "departments", "pools", "intake", "robot", "backup")
		admin("POST", "/api/v1/departments", map[string]any{"name": "销售部"}).want(t, "department", 201)
		left("with a department", "pools", "intake", "robot", "backup")
		admin("PUT", "/api/v1/pools/east/members", map[string]any{"members": []any{map[string]any{"user": seller}}}).want(t, "pool", 200)
		left("with a member", "intake", "robot", "backup")
		admin("PATCH", "/api/v1/users/"+seller, map[string]any{"active": false}).want(t, "disable", 200)
		left("with nobody who works", "people", "pools", "intake", "robot", "backup")
		admin("PATCH", "/api/v1/users/"+seller, map[string]any{"active": true}).want(t, "enable", 200)

		c.must(c.app.Intake.Secrets.Set(ctx, "website-api", websiteToken))
		left("with a secret at which nothing came in", "intake", "robot", "backup")
		c.send("POST", "/in/website-api", `{}`, map[string]string{"Authorization": "Bearer wrong"})
		left("after somebody without the secret", "intake", "robot", "backup")
		c.send("POST", "/in/website-api", map[string]any{"contact": "周敏", "phone": "13800138000", "company": "恒力"}, map[string]string{"Authorization": "Bearer " + websiteToken}).want(t, "lead", 200)
		left("after the first lead", "robot", "backup")
		admin("PUT", "/api/v1/robots/dingtalk-east/secret", map[string]any{"key": "abc"}).want(t, "robot", 204)
		left("with a robot", "backup")
	})
}

// TestFirstStepsAreThoseThatOneMayTake: a role sees the steps of its rights and
// no others, and whoever may take none is refused.
func TestFirstStepsAreThoseThatOneMayTake(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		for _, short := range []string{"leader", "s1", "marketing", "service"} {
			c.as(short)("GET", firstSteps, nil).want(t, short, 403)
		}
		admin("PUT", "/api/v1/config/role/hands", map[string]any{
			"label": map[string]any{"en": "Hands"}, "home": "administrator", "rights": []string{"users.read", "users.write"}, "objects": map[string]any{},
		}).want(t, "role", 201)
		user, err := c.app.Accounts.CreateUser(context.Background(), account.NewUser{
			Name: "hands", Email: "hands@example.com", Roles: []string{"hands"}, Password: password,
		})
		c.must(err)
		c.ids["hands"] = user.ID
		_, order, _ := stepsOf(t, c.as("hands"))
		if diff := cmp.Diff([]string{"people", "departments", "pools"}, order); diff != "" {
			t.Error(diff)
		}
		steps, _, _ := stepsOf(t, admin)
		if steps["pools"]["count"] != 1.0 || steps["pools"]["of"] != 8.0 || steps["robot"]["of"] != 12.0 || steps["calendar"]["document"] != "cn" {
			t.Errorf("the administrator's steps are %v", steps)
		}
	})
}

// TestFirstStepsArePutAwayByEachForHimself, and come back when he wants them.
func TestFirstStepsArePutAwayByEachForHimself(t *testing.T) {
	onBothEmpty(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		admin("POST", "/api/v1/users", map[string]any{"name": "Second", "email": "second@example.com", "roles": []string{"administrator"}, "password": password}).want(t, "second", 201)
		second := c.as("second")
		for _, wish := range []bool{true, true, false, false, true} {
			told := admin("PUT", firstSteps, map[string]any{"put_away": wish}).want(t, "put away", 200).json(t)
			if told["put_away"] != wish || len(told["steps"].([]any)) != 7 {
				t.Errorf("asked for %v, told %v", wish, told)
			}
			if _, _, away := stepsOf(t, second); away {
				t.Error("one has put them away for the other")
			}
		}
		if got := admin("PUT", firstSteps, map[string]any{"put_away": "yes"}); got.status != 422 {
			t.Errorf("a word for yes or no: %d", got.status)
		}
	})
}

// TestARobotIsConnectedByItsAddress: its secret is set by who has the right,
// is told by nobody, and lets what waited go.
func TestARobotIsConnectedByItsAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		const place = "/api/v1/robots/wecom-managers/secret"
		connected := func() (names []string) {
			answer := admin("GET", "/api/v1/robots", nil).want(t, "robots", 200)
			if strings.Contains(string(answer.body), "SECx9") || strings.Contains(string(answer.body), "key77") {
				t.Errorf("a secret is told: %s", answer.body)
			}
			for _, item := range answer.json(t)["items"].([]any) {
				if robot := item.(map[string]any); robot["has_secret"] == true {
					names = append(names, robot["name"].(string)+" "+robot["vendor"].(string))
				}
			}
			return names
		}
		if got := connected(); got != nil {
			t.Errorf("connected before: %v", got)
		}
		for _, wrong := range []any{map[string]any{}, map[string]any{"key": ""}, map[string]any{"key": "https://oapi.dingtalk.com/robot/send"}} {
			answer := admin("PUT", place, wrong).want(t, "wrong", 422)
			if got := answer.faults(t); !slices.Equal(got, []string{"key no_webhook_key"}) {
				t.Errorf("%v: %v", wrong, got)
			}
		}
		admin("PUT", "/api/v1/robots/absent/secret", map[string]any{"key": "key77"}).want(t, "absent", 404)
		c.as("marketing")("PUT", place, map[string]any{"key": "key77"}).want(t, "marketing", 403)
		c.as("leader")("GET", "/api/v1/robots", nil).want(t, "leader", 403)
		if got := connected(); got != nil {
			t.Errorf("connected by what was refused: %v", got)
		}
		admin("PUT", place, map[string]any{"key": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key77", "secret": "SECx9"}).want(t, "set", 204)
		if got := connected(); !slices.Equal(got, []string{"wecom-managers wecom"}) {
			t.Errorf("connected: %v", got)
		}
		audited := admin("GET", "/api/v1/audit", nil).want(t, "audit", 200)
		if text := string(audited.body); !strings.Contains(text, "wecom-managers") || strings.Contains(text, "key77") {
			t.Errorf("the audit says %s", text)
		}
	})
}
