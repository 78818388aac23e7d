// Package api is the HTTP edge: a table of routes that each declare who may
// call them, strict JSON in, problem+json out, sessions and tokens, and the
// OpenAPI document that is made from the same table.
package api

import (
	"log/slog"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/bulk"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/help"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/live"
	"clew.dev/clew/internal/merge"
	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/signin"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/timer"
)

// Dependencies is what the handlers rest on; server fills it in.
type Dependencies struct {
	DB       *sqldb.DB
	Accounts *account.Store
	Access   *access.Access
	Snapshot func() *catalog.Snapshot // the present configuration; a call reads it once, as Call.Snapshot
	// OpenLoad counts the open records of users by id; nil counts none.
	OpenLoad func(tx *sqldb.Tx, users []string) (map[string]int, error)

	Catalog   *catalog.Catalog
	Config    *config.Store
	Records   *record.Store
	Bulk      *bulk.Service
	Merges    *merge.Service
	Intake    *intake.Service
	Timer     *timer.Timer
	Notify    *notify.Notify
	Live      *live.Hub
	Signin    *signin.Service
	Seal      *seal.Box
	Sentences record.Sentences
	Logins    func() []DemoLogin // the demo's log-ins
	Health    func(tx *sqldb.Tx) (Health, error)
	// Served hears of each answer of a route; nil does not.
	Served func(route, method string, status int, took time.Duration)
	Ready  func() bool // everything is there; nil means at once

	PublicURL string         // as people reach the server, "" when only the request tells
	Proxies   []netip.Prefix // whose X-Forwarded-For and -Proto are believed
	Version   string
	Demo      bool         // the company is the demo's
	Log       *slog.Logger // nil discards
	Guide     *help.Book   // the guide; nil shows none
	App       http.Handler // everything that is not the API: the embedded app; nil for none
}

// Server answers HTTP.
type Server struct {
	Dependencies
	messages catalogue
	cross    *http.CrossOriginProtection
	logins   *limiter
	posts    *postLimits // to signed channels
}

// New makes a server; it starts nothing.
func New(d Dependencies) *Server {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{Dependencies: d, messages: loadMessages(), cross: http.NewCrossOriginProtection(), logins: newLimiter(loginsPerSecond, loginBurst), posts: newPostLimits()}
	if d.PublicURL != "" {
		if err := s.cross.AddTrustedOrigin(strings.TrimRight(d.PublicURL, "/")); err != nil {
			d.Log.Warn("public URL is no origin", "url", d.PublicURL, "error", err)
		}
	}
	return s
}

// Handler is the whole site.
func (s *Server) Handler() http.Handler {
	router := chi.NewRouter()
	for _, route := range s.Routes() {
		handler := s.serve(route)
		router.Method(route.Method, route.Path, handler)
		if route.Method == http.MethodGet {
			router.Method(http.MethodHead, route.Path, handler)
		}
	}
	router.NotFound(s.fallback)
	router.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		s.writeStatus(s.newCall(w, r, Route{}), http.StatusMethodNotAllowed, fault.New(fault.Malformed, "method_not_allowed"))
	})
	return s.outermost(router)
}

// fallback gives the app to people, and a problem to programs.
func (s *Server) fallback(w http.ResponseWriter, r *http.Request) {
	clean := strings.ToLower(path.Clean("/" + r.URL.Path))
	if s.App == nil || strings.HasPrefix(clean+"/", "/api/") || r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.writeError(s.newCall(w, r, Route{}), fault.New(fault.NotFound, "not_found"))
		return
	}
	s.App.ServeHTTP(w, r)
}
