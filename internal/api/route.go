package api

import (
	"net/http"
	"strings"

	"clew.dev/clew/internal/fault"
)

// Prefix is where the API lives.
const Prefix = "/api/v1"

// Route is one line of the table from which the router, the permission test
// and the OpenAPI document are made.
type Route struct {
	Method  string
	Path    string // from the root, "/api/v1/users/{id}"
	Policy  Policy // who may call it; a route without one answers nobody
	Tag     string // the chapter of the description
	Summary string // one sentence for the description
	Query   []Parameter
	In, Out any   // zero values of what the body and the answer look like; nil for none
	Status  int   // of success; 0 is 200
	Limit   int64 // most bytes of the body; 0 is 1 MiB
	Secret  bool  // the answer holds a secret and is never kept for an Idempotency-Key
	Anew    bool  // a POST that only reads: under an Idempotency-Key too it is answered anew each time
	// Personal is a public route that shows more to who is signed in, by a token too.
	Personal bool
	Duty     bool // open to who has to change his password, or to enrol a second factor, before anything else

	Handle func(*Call) error
}

// Parameter is one query parameter.
type Parameter struct{ Name, Summary string }

// Policy says who may call a route; the zero Policy is nobody.
type Policy struct {
	kind   policyKind
	rights []string
	Reason string // why this is enough
}

type policyKind int

const (
	undeclared policyKind = iota
	public
	signedIn
	needsRight
	halfway
)

// Public lets everybody in; the reason says what protects the route instead.
func Public(reason string) Policy { return Policy{kind: public, Reason: reason} }

// SignedIn lets every active user in; the reason says how the handler narrows what he gets.
func SignedIn(reason string) Policy { return Policy{kind: signedIn, Reason: reason} }

// Halfway lets in who gave a password and owes the second factor, and nobody else.
func Halfway(reason string) Policy { return Policy{kind: halfway, Reason: reason} }

// Needs lets active users in who have one of the rights.
func Needs(rights ...string) Policy {
	return Policy{kind: needsRight, rights: rights, Reason: "needs " + strings.Join(rights, " or ")}
}

// Declared says whether the route's author chose a policy.
func (p Policy) Declared() bool { return p.kind != undeclared && p.Reason != "" }

// check lets a call through, or says why not.
func (p Policy) check(c *Call) error {
	switch p.kind {
	case public:
		return nil
	case halfway:
		if c.Pending.Secret == "" {
			return fault.New(fault.Unauthorized, "unauthorized")
		}
		return nil
	case signedIn, needsRight:
		if c.User.ID == "" {
			return fault.New(fault.Unauthorized, "unauthorized")
		}
		if duty := c.Directory.Duty(c.Session, c.Session.Checked); duty != "" && !c.Route.Duty {
			return fault.New(fault.Forbidden, "duty_"+string(duty))
		}
	default:
		return fault.New(fault.NotFound, "not_found")
	}
	if p.kind == signedIn {
		return nil
	}
	for _, right := range p.rights {
		if c.Grants.Has(right) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "forbidden")
}

// Routes is the whole table, one group per file of handlers.
func (s *Server) Routes() []Route {
	groups := [][]Route{
		s.sessionRoutes(),
		s.sessionListRoutes(),
		s.factorRoutes(),
		s.signinRoutes(),
		s.securityRoutes(),
		s.auditRoutes(),
		s.tokenRoutes(),
		s.userRoutes(),
		s.departmentRoutes(),
		s.poolRoutes(),
		s.leaveRoutes(),
		s.catalogRoutes(),
		s.recordRoutes(),
		s.exportRoutes(),
		s.operationRoutes(),
		s.mergeRoutes(),
		s.threadRoutes(),
		s.commentRoutes(),
		s.homeRoutes(),
		s.firstStepRoutes(),
		s.searchRoutes(),
		s.pinRoutes(),
		s.agendaRoutes(),
		s.alertRoutes(),
		s.inboxRoutes(),
		s.channelRoutes(),
		s.robotRoutes(),
		s.viewRoutes(),
		s.dashboardRoutes(),
		s.conversionRoutes(),
		s.boardRoutes(),
		s.cycleRoutes(),
		s.liveRoutes(),
		s.demoRoutes(),
		s.statusRoutes(),
		s.followUpHealthRoutes(),
		s.configRoutes(),
		s.formRoutes(),
		s.helpRoutes(),
		s.descriptionRoutes(),
	}
	var all []Route
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

func (r Route) status() int {
	if r.Status == 0 {
		return http.StatusOK
	}
	return r.Status
}
