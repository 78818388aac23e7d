package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

const password = "correct horse"

// documents is a small configuration: a lead with a budget, four roles, one pool.
func documents() map[string]string {
	return map[string]string{
		"company/company": `{"label":{"zh-CN":"恒锐","en":"Hengrui"},"zone":"Asia/Shanghai","country":"CN","currency":"CNY","language":"zh-CN"}`,
		"object/lead": `{"label":{"zh-CN":"线索","en":"Lead"},"title":"company","owner":"owner","fields":[
			{"id":"crm.lead.company","name":"company","type":"text","label":{"en":"Company"}},
			{"id":"crm.lead.budget","name":"budget","type":"currency","label":{"en":"Budget"}},
			{"id":"crm.lead.owner","name":"owner","type":"person","label":{"en":"Owner"}}]}`,
		"role/administrator": `{"label":{"zh-CN":"管理员","en":"Administrator"},"home":"administrator","rights":["*"],
			"objects":{"*":{"create":true,"read":true,"update":true,"delete":true,"scope":"all"}}}`,
		"role/sales": `{"label":{"zh-CN":"销售","en":"Sales"},"home":"sales",
			"objects":{"lead":{"create":true,"read":true,"update":true,"scope":"own"}}}`,
		"role/service": `{"label":{"zh-CN":"服务","en":"Service"},"home":"service",
			"objects":{"lead":{"read":true,"scope":"all","fields":{"budget":"hidden"}}}}`,
		"role/people": `{"label":{"zh-CN":"人事","en":"People"},"home":"manager","rights":["users.read","users.write"],
			"objects":{"lead":{"read":true,"scope":"own"}}}`,
		"pool/top-3": `{"label":{"zh-CN":"前三","en":"Top 3"},"strategy":"least_load"}`,
	}
}

// site is a whole API on a fresh database, and the people of its company.
type site struct {
	t        *testing.T
	clock    *clewtest.Clock
	accounts *account.Store
	catalog  *catalog.Catalog
	server   *httptest.Server
	users    map[string]account.User
}

// sites runs a test on each database.
func sites(t *testing.T, run func(s *site)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) { run(newSite(t, db, nil)) })
}

// newSite opens a site; change may alter its dependencies.
func newSite(t *testing.T, db *sqldb.DB, change func(*api.Dependencies)) *site {
	t.Helper()
	s := &site{t: t, clock: clewtest.NewClock(time.Date(2026, 11, 3, 2, 0, 0, 0, time.UTC)), users: map[string]account.User{}}
	s.accounts = account.New(db, account.Options{Now: s.clock.Now})
	s.must(s.accounts.Load(t.Context()))
	s.configure(db)
	s.people()
	box, err := seal.New(make([]byte, 32))
	s.must(err)
	d := api.Dependencies{
		DB: db, Accounts: s.accounts, Access: access.New(s.clock.Now), Snapshot: s.catalog.Current, Version: "test", Seal: box,
	}
	if change != nil {
		change(&d)
	}
	s.server = httptest.NewServer(api.New(d).Handler())
	t.Cleanup(s.server.Close)
	return s
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) configure(db *sqldb.DB) {
	s.t.Helper()
	compilers := map[string]catalog.Compiler{
		"role": func(snapshot *catalog.Snapshot, d config.Document) (any, error) {
			return access.Compile(d.Name, d.Body, snapshot.Objects, snapshot.Env)
		},
	}
	var err error
	s.catalog, err = catalog.New(db, config.New(db), compilers)
	s.must(err)
	var all []config.Document
	for key, body := range documents() {
		kind, name, _ := strings.Cut(key, "/")
		d, err := config.FromJSON(kind, name, []byte(body))
		s.must(err)
		all = append(all, d)
	}
	_, err = s.catalog.Apply(s.t.Context(), all, config.Note{By: "test"})
	s.must(err)
}

func (s *site) people() {
	s.t.Helper()
	department, err := s.accounts.CreateDepartment(s.t.Context(), account.Department{Name: "销售"})
	s.must(err)
	hash, err := s.accounts.Hash(s.t.Context(), password)
	s.must(err)
	for name, role := range map[string]string{"admin": "administrator", "sales": "sales", "service": "service", "hr": "people"} {
		u, err := s.accounts.CreateUser(s.t.Context(), account.NewUser{
			Name: name, Email: name + "@example.com", PasswordHash: hash, Department: department.ID, Roles: []string{role},
		})
		s.must(err)
		s.users[name] = u
	}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

func (a answer) text(name string) string { text, _ := a.body[name].(string); return text }

// codes is the codes of the problem's errors by path.
func (a answer) codes() map[string]string {
	found := map[string]string{}
	list, _ := a.body["errors"].([]any)
	for _, item := range list {
		entry, _ := item.(map[string]any)
		path, _ := entry["path"].(string)
		found[path], _ = entry["code"].(string)
	}
	return found
}

// call makes one request; header alternates names and values. A body that is
// no string is sent as JSON.
func (s *site) call(method, path string, body any, header ...string) answer {
	s.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		s.must(err)
		reader = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, reader)
	s.must(err)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			request.Host = header[i+1]
			continue
		}
		request.Header.Set(header[i], header[i+1])
	}
	response, err := s.server.Client().Do(request)
	s.must(err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	s.must(err)
	a := answer{status: response.StatusCode, header: response.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &a.body) // not every answer is JSON
	return a
}

// login is a person in a browser.
type login struct {
	*site
	cookie, csrf string
}

func (s *site) logIn(name string) login {
	s.t.Helper()
	a := s.call("POST", "/api/v1/session", map[string]any{"email": name + "@example.com", "password": password})
	if a.status != http.StatusOK {
		s.t.Fatalf("log-in of %s: %d %s", name, a.status, a.raw)
	}
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	return login{site: s, cookie: cookie, csrf: a.text("csrf")}
}

// do makes a request as this person.
func (l login) do(method, path string, body any, header ...string) answer {
	l.t.Helper()
	return l.call(method, path, body, append([]string{"Cookie", l.cookie, "X-CSRF-Token", l.csrf}, header...)...)
}

// want checks status and code, "" for no problem.
func (s *site) want(what string, a answer, status int, code string) {
	s.t.Helper()
	if a.status != status || a.text("code") != code {
		s.t.Errorf("%s: %d %q, want %d %q: %s", what, a.status, a.text("code"), status, code, a.raw)
	}
}
