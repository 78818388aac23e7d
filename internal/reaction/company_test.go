package reaction_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

const (
	administrator = "admin"
	douyinSecret  = "douyin-secret"
	websiteToken  = "website-token"
)

var shanghai = time.FixedZone("CST", 8*3600)

// company is a whole program on a fresh database, whose clock stands still.
type company struct {
	*testing.T
	app    *server.App
	clock  *clewtest.Clock
	ids    map[string]string // people's ids by name
	tokens map[string]string
}

// found makes the company of testdata/README, which copies of its database
// begin from, and closes it.
func found(t *testing.T, place sqldb.Options) (ids map[string]string) {
	t.Helper()
	c := open(t, place, map[string]string{})
	c.hire()
	c.must(c.app.Intake.Secrets.Set(t.Context(), "douyin", douyinSecret))
	c.must(c.app.Intake.Secrets.Set(t.Context(), "website-api", websiteToken))
	c.must(c.app.Close(t.Context()))
	return c.ids
}

// copyOf opens a company of one's own like the one that was found.
func copyOf(t *testing.T, place sqldb.Options, ids map[string]string) *company {
	t.Helper()
	c := open(t, clewtest.Copy(t, place), ids)
	t.Cleanup(func() { c.must(c.app.Close(context.Background())) })
	return c
}

func open(t *testing.T, place sqldb.Options, ids map[string]string) *company {
	t.Helper()
	c := &company{
		T: t, ids: ids, tokens: map[string]string{}, clock: clewtest.NewClock(time.Date(2026, 3, 3, 10, 0, 0, 0, shanghai)),
	}
	app, err := server.Open(t.Context(), server.Options{
		Data: place.Dir, Database: place.URL, Listen: "127.0.0.1:0", Template: "crm", Version: "test", Keep: server.Keeping(90, 180),
		AdminName: administrator, AdminEmail: administrator + "@example.com", AdminPassword: "correct-horse-9",
	})
	c.must(err)
	c.app = app
	app.DB.SetClock(c.clock.Now)
	return c
}

func (c *company) hire() {
	c.Helper()
	sales := c.department("销售部", "")
	east, south := c.department("华东", sales), c.department("华南", sales)
	for _, who := range []struct{ name, role, department string }{
		{"chief", "manager", sales}, {"leader", "leader", east}, {"s1", "sales", east}, {"s2", "sales", east}, {"s3", "sales", east},
		{"s9", "sales", south}, {"m", "marketing", ""}, {"c", "service", ""},
	} {
		user, err := c.app.Accounts.CreateUser(c.Context(), account.NewUser{
			Name: who.name, Email: who.name + "@example.com", Roles: []string{who.role}, Department: who.department,
		})
		c.must(err)
		c.ids[who.name] = user.ID
	}
	c.leads("chief", sales)
	c.leads("leader", east)
	members := make([]account.PoolMember, 0, 3)
	for _, name := range []string{"s1", "s2", "s3"} {
		members = append(members, account.PoolMember{User: c.ids[name], Weight: 1})
	}
	c.must(c.app.Accounts.SetPoolMembers(c.Context(), "east", members))
}

func (c *company) department(name, parent string) string {
	c.Helper()
	made, err := c.app.Accounts.CreateDepartment(c.Context(), account.Department{Name: name, Parent: parent})
	c.must(err)
	return made.ID
}

func (c *company) leads(name, department string) {
	c.Helper()
	id := c.ids[name]
	_, err := c.app.Accounts.UpdateDepartment(c.Context(), department, account.DepartmentChange{Leader: &id})
	c.must(err)
}

func (c *company) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// answer is an HTTP answer; body is nil when its text is no JSON object.
type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

func (a answer) refused() bool { return a.status >= http.StatusBadRequest }

// items are the items of a list.
func (a answer) items() []map[string]any {
	list, _ := a.body["items"].([]any)
	found := make([]map[string]any, 0, len(list))
	for _, one := range list {
		found = append(found, one.(map[string]any))
	}
	return found
}

// ask sends a request as a person, in a language.
func (c *company) ask(person, language, method, path string, body any) answer {
	c.Helper()
	if c.tokens[person] == "" {
		token, err := c.app.CreateToken(c.Context(), person+"@example.com", "story")
		c.must(err)
		c.tokens[person] = token
	}
	raw, err := json.Marshal(body)
	c.must(err)
	return c.send(method, path, raw, map[string]string{"Authorization": "Bearer " + c.tokens[person], "Accept-Language": language})
}

func (c *company) send(method, path string, raw []byte, header map[string]string) answer {
	c.Helper()
	if string(raw) == "null" {
		raw = nil
	}
	request := httptest.NewRequest(method, path, bytes.NewReader(raw))
	request.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	c.app.Handler().ServeHTTP(recorder, request)
	got := recorder.Result()
	text, err := io.ReadAll(got.Body)
	c.must(err)
	out := answer{status: got.StatusCode, header: got.Header, text: string(text)}
	if len(text) > 0 && bytes.HasPrefix(text, []byte("{")) {
		c.must(json.Unmarshal(text, &out.body))
	}
	if got.StatusCode >= http.StatusInternalServerError {
		c.Fatalf("%s %s: %s", method, path, text)
	}
	return out
}

// column is the first column of a statement's rows.
func (c *company) column(sql string, args ...any) (found []string) {
	c.Helper()
	c.must(c.app.DB.Read(c.Context(), func(tx *sqldb.Tx) error {
		found = nil
		rows, err := tx.Query(sql, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var one string
			if err := rows.Scan(&one); err != nil {
				return err
			}
			found = append(found, one)
		}
		return rows.Err()
	}))
	return found
}

// goTo sets the clock, never back, and lets happen what is due by then.
func (c *company) goTo(moment time.Time) {
	c.Helper()
	if moment.Before(c.clock.Now()) {
		c.Fatalf("%v is past", moment)
	}
	c.clock.Advance(moment.Sub(c.clock.Now()))
	_, err := c.app.Timer.Due(c.Context())
	c.must(err)
	if again, err := c.app.Timer.Due(c.Context()); err != nil || again != 0 {
		c.Fatal(fmt.Sprint("a second look handled ", again, " clocks more: ", err))
	}
}
