package server_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sort"
	"strings"
	"testing"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

const (
	password     = "correct-horse-9"
	douyinSecret = "douyin-secret"
	websiteToken = "website-token"
)

// company is a running App with a few people, on one database.
type company struct {
	*testing.T
	app  *server.App
	site *httptest.Server
	ids  map[string]string // user ids by short name

	options server.Options
}

// founded is the company that every test has a copy of: the template and the people.
var founded = clewtest.Prepared{Fill: func(t testing.TB, place sqldb.Options) {
	c := companyAt(t.(*testing.T), place)
	c.begin()
	c.people()
	c.end()
}}

// onBoth runs a test on the embedded database and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, c *company)) {
	t.Helper()
	founded.Each(t, func(t *testing.T, o sqldb.Options) { test(t, open(t, o)) })
}

func companyAt(t *testing.T, place sqldb.Options) *company {
	return &company{T: t, ids: map[string]string{}, options: server.Options{
		Data: place.Dir, Database: place.URL, Listen: "127.0.0.1:0", Template: "crm", Version: "test",
		AdminName: "Admin", AdminEmail: "admin@example.com", AdminPassword: password,
	}}
}

// open opens a copy of the founded company.
func open(t *testing.T, place sqldb.Options) *company {
	t.Helper()
	c := companyAt(t, place)
	c.begin()
	t.Cleanup(c.end)
	for _, u := range c.app.Accounts.Directory().Users() {
		if u.Name != c.options.AdminName {
			c.ids[u.Name] = u.ID
		}
	}
	return c
}

// begin opens the App on the company's data; nothing runs in the background.
func (c *company) begin() {
	c.Helper()
	app, err := server.Open(context.Background(), c.options)
	if err != nil {
		c.Fatal(err)
	}
	c.app, c.site = app, httptest.NewServer(app.Handler())
}

// end closes the App.
func (c *company) end() {
	c.Helper()
	c.site.Close()
	if err := c.app.Close(context.Background()); err != nil {
		c.Error(err)
	}
}

// people hires a leader, seven sellers in one pool, a marketer and a service agent.
func (c *company) people() {
	c.Helper()
	ctx := context.Background()
	east, err := c.app.Accounts.CreateDepartment(ctx, account.Department{Name: "华东"})
	c.must(err)
	hire := func(short, role, department string) {
		u, err := c.app.Accounts.CreateUser(ctx, account.NewUser{
			Name: short, Email: short + "@example.com", Roles: []string{role}, Department: department, Password: password,
		})
		c.must(err)
		c.ids[short] = u.ID
	}
	hire("leader", "manager", east.ID)
	var members []account.PoolMember
	for i := 1; i <= 7; i++ {
		short := fmt.Sprintf("s%d", i)
		hire(short, "sales", east.ID)
		members = append(members, account.PoolMember{User: c.ids[short], Weight: 1})
	}
	hire("marketing", "marketing", "")
	hire("service", "service", "")
	leader := c.ids["leader"]
	_, err = c.app.Accounts.UpdateDepartment(ctx, east.ID, account.DepartmentChange{Leader: &leader})
	c.must(err)
	c.must(c.app.Accounts.SetPoolMembers(ctx, "east", members))
	c.must(c.app.Intake.Secrets.Set(ctx, "douyin", douyinSecret))
	c.must(c.app.Intake.Secrets.Set(ctx, "website-api", websiteToken))
}

func (c *company) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// answer is an HTTP answer, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return out
}

func (c *company) send(method, path string, body any, header map[string]string) answer {
	c.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		reader = bytes.NewReader(b)
	case string:
		reader = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		c.must(err)
		reader = bytes.NewReader(raw)
	}
	request, err := http.NewRequest(method, c.site.URL+path, reader)
	c.must(err)
	request.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	c.must(err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	c.must(err)
	if method != http.MethodHead && strings.HasPrefix(response.Header.Get("Content-Type"), "application/problem+json") {
		c.wholeSentences(path, raw)
	}
	return answer{response.StatusCode, response.Header, raw}
}

// blank is a place in a sentence that nothing was put into.
var blank = regexp.MustCompile(`\{(name|object|max|min|limit|scale|request|other|retry_after|function|role|lacks|path)\}`)

// wholeSentences holds of every problem that any test meets: it says something,
// in whole sentences.
func (c *company) wholeSentences(path string, raw []byte) {
	c.Helper()
	var problem struct {
		Title, Code string
		Status      int
		Errors      []struct{ Path, Code, Message string }
	}
	if err := json.Unmarshal(raw, &problem); err != nil || problem.Title == "" || problem.Code == "" || problem.Status < 400 || blank.MatchString(problem.Title) {
		c.Errorf("%s: no problem with a sentence: %v %s", path, err, raw)
	}
	for _, one := range problem.Errors {
		if one.Code == "" || one.Message == "" || blank.MatchString(one.Message) {
			c.Errorf("%s: %s at %q says %q", path, one.Code, one.Path, one.Message)
		}
	}
}

// caller sends requests as one person.
type caller func(method, path string, body any) answer

// as makes a caller with an API token of that person.
func (c *company) as(short string) caller {
	c.Helper()
	with := c.with(short)
	return func(method, path string, body any) answer {
		c.Helper()
		return with(method, path, body, nil)
	}
}

// with is as for requests that carry headers of their own.
func (c *company) with(short string) func(method, path string, body any, header map[string]string) answer {
	c.Helper()
	token, err := c.app.CreateToken(context.Background(), short+"@example.com", "test")
	c.must(err)
	return func(method, path string, body any, header map[string]string) answer {
		c.Helper()
		all := map[string]string{"Authorization": "Bearer " + token}
		for name, value := range header {
			all[name] = value
		}
		return c.send(method, path, body, all)
	}
}

// faults are a problem's field errors as "path code", sorted.
func (a answer) faults(t *testing.T) []string {
	t.Helper()
	var found []string
	items, _ := a.json(t)["errors"].([]any)
	for _, item := range items {
		one := item.(map[string]any)
		found = append(found, fmt.Sprint(one["path"], " ", one["code"]))
	}
	sort.Strings(found)
	return found
}

// items are the items of a list.
func (a answer) items(t *testing.T) []map[string]any {
	t.Helper()
	list, ok := a.json(t)["items"].([]any)
	if !ok {
		t.Fatalf("no items: %d %s", a.status, a.body)
	}
	found := make([]map[string]any, 0, len(list))
	for _, item := range list {
		found = append(found, item.(map[string]any))
	}
	return found
}

// want fails unless the answer has the status.
func (a answer) want(t *testing.T, what string, status int) answer {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: %d, want %d: %s", what, a.status, status, a.body)
	}
	return a
}

const leads = "/api/v1/records/lead"

// lead creates a lead as that person and gives its id.
func (c *company) lead(by caller, fields map[string]any) string {
	c.Helper()
	got := by("POST", leads, fields).want(c.T, "create", http.StatusCreated)
	id, _ := got.json(c.T)["id"].(string)
	return id
}

func sign(body []byte) string {
	mac := hmac.New(sha256.New, []byte(douyinSecret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// clue is a Douyin push with the clue's fields.
func clue(message, id, phone string, more map[string]any) []byte {
	fields := map[string]any{
		"clue_id": id, "name": "王伟", "telephone": phone, "province_name": "江苏", "city_name": "苏州",
		"remark": "急需液压阀样品", "create_time_detail": "2026-11-20 10:00:00",
		"remark_dict": map[string]any{"意向机型": "VX-200", "公司名称": "博锐精工"},
	}
	for k, v := range more {
		fields[k] = v
	}
	data, _ := json.Marshal(fields)
	body, _ := json.Marshal(map[string]any{"message_id": message, "data": string(data), "timestamp": 1, "nonce": "n"})
	return body
}

func (c *company) push(body []byte) answer {
	c.Helper()
	return c.send("POST", "/in/douyin", body, map[string]string{"X-Open-Signature": sign(body)})
}

func (c *company) kinds(id string) string {
	c.Helper()
	thread := c.as("leader")("GET", "/api/v1/records/lead/"+id+"/thread", nil).json(c.T)
	var kinds []string
	for _, item := range thread["items"].([]any) {
		entry := item.(map[string]any)
		if entry["text"] == "" {
			c.Errorf("%v has no sentence", entry["kind"])
		}
		kinds = append(kinds, entry["kind"].(string))
	}
	return strings.Join(kinds, " ")
}

func (c *company) expectCount(sql string, want int64) {
	c.Helper()
	var got int64
	c.must(c.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error { return tx.QueryRow(sql).Scan(&got) }))
	if got != want {
		c.Errorf("%s = %d, want %d", sql, got, want)
	}
}
