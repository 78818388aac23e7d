package api_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/bundle"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/conversion"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// crm is a site with the CRM template, its deciders and its channels.
type crm struct {
	*site
	db     *sqldb.DB
	box    *seal.Box
	intake *intake.Service
}

// crms runs a test on each database.
func crms(t *testing.T, run func(s *crm)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) { run(newCRM(t, db)) })
}

func newCRM(t *testing.T, db *sqldb.DB) *crm {
	t.Helper()
	s := &crm{db: db, site: &site{t: t, clock: clewtest.NewClock(time.Date(2026, 11, 3, 2, 0, 0, 0, time.UTC)), users: map[string]account.User{}}}
	s.accounts = account.New(db, account.Options{Now: s.clock.Now})
	s.must(s.accounts.Load(t.Context()))
	store := config.New(db)
	var err error
	s.catalog, err = catalog.New(db, store, crmCompilers())
	s.must(err)
	_, err = bundle.Install(t.Context(), s.catalog, "crm")
	s.must(err)
	s.staff()
	s.box, err = seal.New(bytes.Repeat([]byte{7}, 32))
	s.must(err)
	records := &record.Store{
		DB: db, Snapshot: s.catalog.Current, Directory: s.accounts.Directory, Changed: func(string, string, *query.Row) {},
		Reactions: []record.Reaction{reaction.Understand(), reaction.Score(), reaction.Route(), reaction.Load()},
	}
	s.intake = &intake.Service{DB: db, Snapshot: s.catalog.Current, Records: records, Secrets: &intake.Secrets{DB: db, Box: s.box}}
	s.server = httptest.NewServer(api.New(api.Dependencies{
		DB: db, Accounts: s.accounts, Access: access.New(s.clock.Now), Snapshot: s.catalog.Current, Version: "test",
		Catalog: s.catalog, Config: store, Records: records, Intake: s.intake, Seal: s.box,
	}).Handler())
	t.Cleanup(s.server.Close)
	s.server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

func crmCompilers() map[string]catalog.Compiler {
	return map[string]catalog.Compiler{
		"lexicon": reaction.CompileLexicon, "scorecard": reaction.CompileScorecard,
		"routing-table": reaction.CompileRoutingTable, "clock": reaction.CompileClock, "channel": intake.Compile,
		"conversion": conversion.Compile, "cycle": metric.CompileCycle,
		"role": func(snapshot *catalog.Snapshot, d config.Document) (any, error) {
			return access.Compile(d.Name, d.Body, snapshot.Objects, snapshot.Env)
		},
	}
}

// staff hires an administrator, a manager, a seller and a service agent.
func (s *crm) staff() {
	s.t.Helper()
	hash, err := s.accounts.Hash(s.t.Context(), password)
	s.must(err)
	for name, role := range map[string]string{"admin": "administrator", "manager": "manager", "sales": "sales", "service": "service", "builder": "builder"} {
		u, err := s.accounts.CreateUser(s.t.Context(), account.NewUser{
			Name: name, Email: name + "@example.com", PasswordHash: hash, Roles: []string{role},
		})
		s.must(err)
		s.users[name] = u
	}
}

// leads are the leads there are, by contact.
func (s *crm) leads() map[string]map[string]any {
	s.t.Helper()
	a := s.logIn("admin").do("GET", "/api/v1/records/lead?limit=500", nil)
	s.want("list", a, http.StatusOK, "")
	found := map[string]map[string]any{}
	items, _ := a.body["items"].([]any)
	for _, item := range items {
		lead, _ := item.(map[string]any)
		name, _ := lead["contact"].(string)
		found[name] = lead
	}
	return found
}
