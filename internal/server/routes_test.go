package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/sqldb"
)

// routeColumns are the people of testdata/routes.txt, in its order.
var routeColumns = []string{"nobody", "sales", "service", "marketing", "leader", "manager", "administrator"}

// places are what a route's path says where it is no record's.
var places = map[string]string{
	"/api/v1/home/heat/{block}": "/api/v1/home/heat/marketing.quality_by_region",
	"/api/v1/home/risk/{block}": "/api/v1/home/risk/manager.risk",
	"/in/{channel}":             "/in/website-api",
	"/f/{form}":                 "/f/website",
	"/f/{form}/qr.svg":          "/f/website/qr.svg",
	"/api/v1/cycles/{name}":     "/api/v1/cycles/lead-to-cash",
}

// fillers stand for the other parameters of paths.
var fillers = strings.NewReplacer(
	"{object}", "lead", "{session}", absentID, "{token}", absentID, "{kind}", "view", "{n}", "99999", "{channel}", "website-api",
	"/pools/{name}", "/pools/east", "/channels/{name}", "/channels/website-api", "/dashboards/{name}", "/dashboards/lead-health",
	"/channel/{name}", "/channel/website-api", "/robots/{name}", "/robots/dingtalk-east", "{name}", "absent",
	"{language}", "en", "{page}", "absent", "{image}", "absent.png",
)

// addressed is the route's path for one call: of a new lead of s1, or of what is not there.
func (c *company) addressed(by caller, path string) string {
	c.Helper()
	if known, ok := places[path]; ok {
		return known
	}
	if strings.Contains(path, "{object}/{id}") {
		path = strings.Replace(path, "{id}", c.lead(by, map[string]any{"company": "x", "owner": c.ids["s1"]}), 1)
	}
	if strings.HasPrefix(path, "/api/v1/users/{id}") {
		path = strings.Replace(path, "{id}", c.ids["spare"], 1)
	}
	return fillers.Replace(strings.Replace(path, "{id}", absentID, 1))
}

// status sends one request, follows no redirect, and reads no stream.
func (c *company) status(method, path string, body []byte, header map[string]string) (int, http.Header, []byte) {
	c.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.site.URL+path, bytes.NewReader(body))
	c.must(err)
	for name, value := range header {
		request.Header.Set(name, value)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	c.must(err)
	defer response.Body.Close()
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		return response.StatusCode, response.Header, nil
	}
	raw, err := io.ReadAll(response.Body)
	c.must(err)
	return response.StatusCode, response.Header, raw
}

// more hires a team leader, an administrator's colleague and somebody whose sessions may go.
func (c *company) more() {
	c.Helper()
	ctx := context.Background()
	department := ""
	for _, d := range c.app.Accounts.Directory().Departments() {
		department = d.ID
	}
	for short, role := range map[string]string{"team": "leader", "spare": "sales", "boss": "administrator"} {
		u, err := c.app.Accounts.CreateUser(ctx, account.NewUser{
			Name: short, Email: short + "@example.com", Roles: []string{role}, Department: department, Password: password,
		})
		c.must(err)
		c.ids[short] = u.ID
	}
}

// bearers are the headers of each column: a token of a person with that role.
func (c *company) bearers() map[string]map[string]string {
	c.Helper()
	found := map[string]map[string]string{"nobody": {}}
	for role, short := range map[string]string{"sales": "s1", "service": "service", "marketing": "marketing", "leader": "team", "manager": "leader", "administrator": "boss"} {
		token, err := c.app.CreateToken(context.Background(), short+"@example.com", "table")
		c.must(err)
		found[role] = map[string]string{"Authorization": "Bearer " + token}
	}
	return found
}

// routeTable is testdata/routes.txt: what each of the people gets of each route.
func routeTable(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/routes.txt")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for n, line := range strings.Split(string(raw), "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) != 2+len(routeColumns) {
			t.Fatalf("routes.txt:%d has %d words", n+1, len(words))
		}
		name := words[0] + " " + words[1]
		if table[name] != nil {
			t.Errorf("routes.txt:%d: %s stands twice", n+1, name)
		}
		table[name] = words[2:]
	}
	return table
}

// TestEveryRouteAnswersEveryoneAsTheTableSays compares each route and role with
// a table that was written from the documents, not from the code. A new route
// without a line there fails.
func TestEveryRouteAnswersEveryoneAsTheTableSays(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		table, bearers, manager := routeTable(t), c.bearers(), c.as("leader")
		for _, route := range api.New(api.Dependencies{}).Routes() {
			name := route.Method + " " + route.Path
			wanted := table[name]
			if wanted == nil {
				t.Errorf("%s has no line in routes.txt", name)
				continue
			}
			delete(table, name)
			for i, role := range routeColumns {
				var body []byte
				if route.Method != "GET" && route.Method != "DELETE" {
					body = []byte("{}")
				}
				header := map[string]string{"Content-Type": "application/json"}
				for k, v := range bearers[role] {
					header[k] = v
				}
				got, head, raw := c.status(route.Method, c.addressed(manager, route.Path), body, header)
				if fmt.Sprint(got) != wanted[i] {
					t.Errorf("%s: %s gets %d, want %s: %.200s", name, role, got, wanted[i], raw)
				}
				if got >= 400 && strings.HasPrefix(route.Path, "/api/") && head.Get("Content-Type") != "application/problem+json; charset=utf-8" {
					t.Errorf("%s: %s gets %d as %s", name, role, got, head.Get("Content-Type"))
				}
			}
		}
		for name := range table {
			t.Errorf("routes.txt has %s, which is no route", name)
		}
	})
}

// TestADeadSessionIsNobody: who was logged out, whose session ran out and who
// shows a wrong token gets of every route what nobody gets, byte for byte.
func TestADeadSessionIsNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		manager := c.as("leader")
		gone, _ := c.enter("boss@example.com", password)
		c.as("admin")("POST", "/api/v1/users/"+c.ids["boss"]+"/sessions/revoke", nil).want(t, "revoke", 200)
		late, _ := c.enter("boss@example.com", password)
		late.do("GET", "/api/v1/session", nil).want(t, "still in", 200)
		c.must(c.app.DB.Write(context.Background(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec("UPDATE session SET created_at=1, seen_at=1, expires_at=1")
			return err
		}))
		dead := map[string]map[string]string{
			"revoked": {"Cookie": gone.cookie, "X-CSRF-Token": gone.csrf},
			"expired": {"Cookie": late.cookie, "X-CSRF-Token": late.csrf},
			"made up": {"Cookie": "__Host-clew=x", "X-CSRF-Token": "x"},
		}
		for _, route := range api.New(api.Dependencies{}).Routes() {
			name, path := route.Method+" "+route.Path, c.addressed(manager, route.Path)
			if strings.HasPrefix(route.Path, "/auth/") || strings.HasPrefix(route.Path, "/f/") || route.Path == "/docs" {
				continue // answers hold a state, a stamp or a nonce of their own
			}
			want, _, first := c.status(route.Method, path, []byte("{}"), map[string]string{"X-Request-Id": "same"})
			for who, header := range dead {
				header["X-Request-Id"] = "same"
				got, _, raw := c.status(route.Method, path, []byte("{}"), header)
				if got != want || !bytes.Equal(raw, first) {
					t.Errorf("%s: a %s session gets %d %.100s, nobody %d %.100s", name, who, got, raw, want, first)
				}
			}
		}
	})
}
