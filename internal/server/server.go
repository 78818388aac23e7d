// Package server wires everything together: it constructs the parts, sets the
// function-typed fields that call upward, and starts and stops the services in
// order. An App holds one company; a process, or a test, may hold several.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"clew.dev/clew/docs/guide"
	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/backup"
	"clew.dev/clew/internal/bulk"
	"clew.dev/clew/internal/bundle"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/help"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/job"
	"clew.dev/clew/internal/live"
	"clew.dev/clew/internal/merge"
	"clew.dev/clew/internal/monitor"
	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/outbound"
	"clew.dev/clew/internal/purge"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sandbox"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/search"
	"clew.dev/clew/internal/signin"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/timer"
)

// Options are what an App is made from.
type Options struct {
	Data        string // directory of the embedded database, keys and files
	Database    string // postgres://… ; "" is the embedded one
	Listen      string // "127.0.0.1:8420"
	AdminListen string // address of pprof; "" for none
	PublicURL   string
	Template    string // installed into an empty database; "" for none
	Version     string
	Log         *slog.Logger
	Now         func() time.Time // real time; nil is the system's

	AdminName, AdminEmail, AdminPassword string // of the first administrator

	TLS    TLSOptions
	Backup BackupOptions
	Keep   purge.Keep

	Demo      bool
	DemoLeads int
	DemoSeed  uint64
}

// App is one company's program.
type App struct {
	Options
	DB       *sqldb.DB
	Box      *seal.Box
	Store    *config.Store
	Catalog  *catalog.Catalog
	Accounts *account.Store
	Access   *access.Access
	Records  *record.Store
	Bulk     *bulk.Service
	Intake   *intake.Service
	Timer    *timer.Timer
	Notify   *notify.Notify
	Signin   *signin.Service
	Jobs     *job.Queue
	Search   *search.Index
	Live     *live.Hub
	Monitor  *monitor.Monitor
	Purge    *purge.Sweeper
	Sandbox  *sandbox.Sandbox // the demo's vendors; nil otherwise
	First    account.FirstAdministrator

	encryption encryption
	backups    *backup.Schedule // nil without a folder for them
	base       string           // where this process itself is reached, for the sandbox
	ready      atomic.Bool
	handler    http.Handler
}

// Open constructs an App on its database; nothing runs yet. Close it when done.
func Open(ctx context.Context, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, err
	}
	if o.PublicURL == "" && len(o.TLS.Domains) > 0 {
		o.PublicURL = "https://" + o.TLS.Domains[0]
	}
	a := &App{Options: o, Live: &live.Hub{}}
	a.Monitor = monitor.New(o.Version, a.levels)
	db, err := sqldb.Open(ctx, sqldb.Options{URL: o.Database, Dir: o.Data, Now: o.Now, Log: o.Log, Committed: a.Monitor.Commit})
	if err != nil {
		return nil, err
	}
	a.DB = db
	if err := a.construct(ctx); err != nil {
		_ = db.Close() // the first error is the one to tell
		return nil, err
	}
	return a, nil
}

func (a *App) construct(ctx context.Context) (err error) {
	if a.encryption, err = a.newEncryption(); err != nil {
		return err
	}
	if a.Box, err = seal.Load(a.Data, os.Getenv("CLEW_SECRET_KEY")); err != nil {
		return err
	}
	if a.Jobs, err = job.New(ctx, a.DB, job.Options{Log: a.Log}); err != nil {
		return err
	}
	a.Accounts = account.New(a.DB, account.Options{
		Box: a.Box, OnRevoke: func(user string) { a.Live.Publish(live.Event{Kind: live.Revoked, User: user}) },
		OnChange: func() { a.Live.Publish(live.Event{Kind: live.Rights}) },
	})
	a.Signin = &signin.Service{DB: a.DB, Box: a.Box, Accounts: a.Accounts, Client: a.insideClient, Log: a.Log}
	if err := a.Accounts.Load(ctx); err != nil {
		return err
	}
	if err := a.constructCatalog(ctx); err != nil {
		return err
	}
	if a.backups, err = a.newSchedule(); err != nil {
		return err
	}
	a.Access = access.New(a.DB.Now)
	a.Notify = notify.New(a.notifyOptions())
	a.constructEngines()
	sentences, err := record.LoadSentences()
	a.Notify.Changes = a.changes(sentences)
	if err != nil {
		return err
	}
	a.handler, err = a.routes(sentences)
	return err
}

// constructCatalog loads the configuration; an empty database gets its
// template and first administrator.
func (a *App) constructCatalog(ctx context.Context) (err error) {
	a.Store = config.New(a.DB)
	if a.Catalog, err = catalog.New(a.DB, a.Store, compilers()); err != nil {
		return err
	}
	a.Catalog.OnPublish(func(_, _ *catalog.Snapshot) { a.Live.Publish(live.Event{Kind: live.Rights}) })
	if err := a.Catalog.Load(ctx); err != nil {
		return err
	}
	if err := a.Catalog.KeepIndexes(ctx); err != nil {
		return fmt.Errorf("indexes: %w", err)
	}
	if a.Template == "" {
		return nil
	}
	if _, err := bundle.Install(ctx, a.Catalog, a.Template); err != nil {
		return fmt.Errorf("template %s: %w", a.Template, err)
	}
	a.upgradeTemplate(ctx)
	if a.Demo {
		return nil // the demo company makes its own people
	}
	return a.ensureAdministrator(ctx)
}

// upgradeTemplate brings an older company what the template has new. It never
// keeps the program from starting: what could not be added is said.
func (a *App) upgradeTemplate(ctx context.Context) {
	added, err := bundle.Upgrade(ctx, a.DB, a.Catalog, a.Template)
	if len(added) > 0 {
		a.Log.Info("the template's new documents were added", "documents", added)
	}
	if err != nil {
		a.Log.Warn("not all of the template's new documents could be added", "error", err)
	}
}

// ensureAdministrator gives a database without people its first one.
func (a *App) ensureAdministrator(ctx context.Context) error {
	first, err := a.Accounts.EnsureAdministrator(ctx, a.AdminName, a.AdminEmail, a.AdminPassword)
	if first.Created {
		a.First = first
	}
	return err
}

func (a *App) constructEngines() {
	a.Search = search.NewIndex(a.DB, a.Catalog.Current, a.Log)
	a.Records = &record.Store{
		DB: a.DB, Snapshot: a.Catalog.Current, Directory: a.Accounts.Directory, Reactions: a.reactions(),
		Written: a.Search.Note,
		Changed: func(object, id string, before *query.Row) {
			a.Live.Publish(live.Event{Kind: live.Changed, Object: object, ID: id, Before: before})
		},
	}
	a.Bulk = &bulk.Service{
		DB: a.DB, Records: a.Records, Snapshot: a.Catalog.Current, Directory: a.Accounts.Directory, Grants: a.grants, Log: a.Log,
		Told: func(user string) { a.Live.Publish(live.Event{Kind: live.Operation, User: user}) },
	}
	a.Intake = &intake.Service{
		DB: a.DB, Snapshot: a.Catalog.Current, Records: a.Records, Secrets: &intake.Secrets{DB: a.DB, Box: a.Box},
		Counted: a.Monitor.Delivery,
	}
	a.Purge = &purge.Sweeper{DB: a.DB, Snapshot: a.Catalog.Current, Keep: a.Keep, Log: a.Log}
	a.Timer = &timer.Timer{DB: a.DB, Snapshot: a.Catalog.Current, Records: a.Records, Log: a.Log}
}

// outboundClient reaches vendors; in the demo it reaches this process's own
// sandbox and nothing else.
func (a *App) outboundClient() *outbound.Client {
	if a.Demo {
		return outbound.New(outbound.Options{Only: true, Allow: []string{a.Listen}})
	}
	return outbound.New(outbound.Options{})
}

// insideClient may also dial these hosts, which an administrator allowed; in
// the demo it still reaches this process alone.
func (a *App) insideClient(inside []string) *outbound.Client {
	if a.Demo {
		return a.outboundClient()
	}
	return outbound.New(outbound.Options{Allow: inside})
}

// Handler is the whole site.
func (a *App) Handler() http.Handler { return a.handler }

// Start begins the background services: jobs, messages, clocks.
func (a *App) Start(ctx context.Context) error {
	if err := a.Jobs.Start(ctx); err != nil {
		return err
	}
	a.Notify.Start(ctx)
	a.Timer.Start(ctx)
	a.Purge.Start(ctx)
	if a.backups != nil {
		a.backups.Start(ctx)
	}
	a.Search.Start(ctx)
	a.Bulk.Start(ctx)
	a.ready.Store(true)
	return nil
}

// Close stops what Start began, in the opposite order, and closes the database.
func (a *App) Close(ctx context.Context) error {
	a.ready.Store(false)
	a.Live.Shut()
	if a.backups != nil {
		a.backups.Stop()
	}
	a.Search.Stop()
	a.Bulk.Shut()
	a.Purge.Stop()
	a.Timer.Stop()
	a.Notify.Stop()
	if err := a.Jobs.Stop(ctx); err != nil {
		a.Log.Error("jobs did not stop", "error", err)
	}
	return a.DB.Close()
}

// routes is the site, with the vendors' stand-ins beside it in the demo.
func (a *App) routes(sentences record.Sentences) (_ http.Handler, err error) {
	pages, err := help.Open(guide.Files())
	if err != nil {
		return nil, err
	}
	site := api.New(api.Dependencies{
		DB: a.DB, Accounts: a.Accounts, Access: a.Access, Snapshot: a.Catalog.Current, OpenLoad: a.openLoad,
		Catalog: a.Catalog, Config: a.Store, Records: a.Records, Bulk: a.Bulk, Merges: &merge.Service{Records: a.Records, Snapshot: a.Catalog.Current}, Intake: a.Intake, Timer: a.Timer, Notify: a.Notify,
		Live: a.Live, Signin: a.Signin, Seal: a.Box, Sentences: sentences, Logins: demoLogins, Health: a.health,
		Served: a.Monitor.Request, Ready: a.ready.Load,
		PublicURL: a.PublicURL, Version: a.Version, Demo: a.Demo, Log: a.Log, Guide: pages, App: application(),
	})
	if !a.Demo {
		return site.Handler(), nil
	}
	if a.Sandbox, err = a.newSandbox(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/sandbox/", a.Sandbox)
	mux.Handle(sandbox.ProviderPath+"/", demoProvider())
	mux.Handle("/", site.Handler())
	return mux, nil
}
