package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
)

func (s *Server) demoRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/demo", Tag: "demo", Summary: "Whether this is the demo company, and its log-ins.", Policy: Public("the demo's log-ins are no secret; elsewhere it says no"), Out: DemoView{}, Handle: s.showDemo},
		{Method: http.MethodPost, Path: Prefix + "/demo/advance", Tag: "demo", Summary: "Move the business clock of the demo; answers when all clocks due are handled.", Policy: SignedIn("only the demo company has a time machine"), In: Advance{}, Out: Advanced{}, Handle: s.advance},
	}
}

// DemoLogin is a log-in that the demo shows on its log-in page.
type DemoLogin struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Name     string `json:"name"`
}

// DemoView is what the log-in page asks first.
type DemoView struct {
	Demo    bool        `json:"demo"`
	Company string      `json:"company,omitempty"`
	Logins  []DemoLogin `json:"logins,omitempty"`
}

// Advance moves the business clock.
type Advance struct {
	Hours json.Number `json:"hours"`
}

// Advanced is the business time afterwards and how many records had a clock due.
type Advanced struct {
	Now   string `json:"now"`
	Fired int    `json:"fired"`
}

func (s *Server) showDemo(c *Call) error {
	if !s.Demo {
		return c.JSON(DemoView{})
	}
	return c.JSON(DemoView{Demo: true, Company: c.Label(c.Snapshot.Company.Name), Logins: s.Logins()})
}

// furthest is the most that one call moves the clock: ten years.
const furthest = 10 * 365 * 24

func (s *Server) advance(c *Call) error {
	if !s.Demo {
		return fault.New(fault.NotFound, "not_found")
	}
	var body Advance
	if err := c.Decode(&body); err != nil {
		return err
	}
	hours, err := strconv.ParseFloat(body.Hours.String(), 64)
	if err != nil || hours <= 0 || hours > furthest {
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "hours", Code: "out_of_range"})
	}
	if err := s.DB.SetOffset(s.DB.Offset() + time.Duration(hours*float64(time.Hour))); err != nil {
		return err
	}
	fired, err := s.Timer.Due(c.R.Context())
	if err != nil {
		return err
	}
	now, err := c.Now()
	if err != nil {
		return err
	}
	return c.JSON(Advanced{Now: stamp(now), Fired: fired})
}

func (s *Server) statusRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/healthz", Tag: "status", Summary: "The process runs.", Policy: Public("says nothing about data"), Handle: func(c *Call) error { return c.JSON(map[string]string{"status": "ok"}) }},
		{Method: http.MethodGet, Path: "/readyz", Tag: "status", Summary: "The process can serve.", Policy: Public("says nothing about data"), Handle: s.ready},
		{Method: http.MethodGet, Path: Prefix + "/health/status", Tag: "status", Summary: "What an administrator should look at, and how the system is.", Policy: Needs(access.HealthRead), Out: Health{}, Handle: s.showSystem},
	}
}

func (s *Server) ready(c *Call) error {
	if s.Dependencies.Ready != nil && !s.Dependencies.Ready() {
		return fault.New(fault.Unavailable, "starting")
	}
	if err := s.DB.Ready(c.R.Context()); err != nil {
		return err
	}
	return c.JSON(map[string]string{"status": "ready"})
}
