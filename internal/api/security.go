package api

import (
	"net/http"
	"slices"
	"strconv"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/signin"
)

func (s *Server) securityRoutes() []Route {
	only := Needs(access.SecurityWrite)
	path := Prefix + "/security"
	return []Route{
		{Method: http.MethodGet, Path: path + "/rules", Tag: "security", Summary: "What the company demands of log-ins.", Policy: only, Out: RulesView{}, Handle: s.showRules},
		{Method: http.MethodPut, Path: path + "/rules", Tag: "security", Summary: "Change what the company demands of log-ins.", Policy: only, In: account.Rules{}, Out: RulesView{}, Handle: s.changeRules},
		{Method: http.MethodGet, Path: path + "/provider", Tag: "security", Summary: "The log-in provider, without its secret.", Policy: only, Out: ProviderView{}, Handle: s.showProvider},
		{Method: http.MethodPut, Path: path + "/provider", Tag: "security", Summary: "Change the log-in provider; the secret is never read back.", Policy: only, In: ProviderChange{}, Out: ProviderView{}, Handle: s.changeProvider},
		{Method: http.MethodPost, Path: path + "/provider/test", Tag: "security", Summary: "Try the log-in provider without keeping anything.", Policy: only, In: ProviderChange{}, Out: ProviderTest{}, Handle: s.testProvider},
	}
}

// RulesView is the rules, and what can be chosen.
type RulesView struct {
	Rules    account.Rules  `json:"rules"`
	Profiles []ProfileView  `json:"profiles"`
	Roles    []RoleStanding `json:"roles"`
}

// ProfileView is a set of password rules as the screen shows it.
type ProfileView struct {
	account.Profile
	MaxAgeDays  int `json:"max_age_days"` // 0 is never
	LockMinutes int `json:"lock_minutes"`
}

// RoleStanding counts how many active people of a role have a second factor.
type RoleStanding struct {
	RoleView
	People int `json:"people"`
	Factor int `json:"factor"`
	// Audit: it gives the audit where administrators are separated.
	Audit bool `json:"audit"`
}

// ProviderView is the provider without its secret.
type ProviderView struct {
	signin.Settings
	HasSecret bool   `json:"has_secret"`
	Callback  string `json:"callback"` // to be registered at the provider
}

// ProviderChange replaces the provider's settings.
type ProviderChange struct {
	signin.Settings
	Secret *string `json:"secret,omitempty"` // absent keeps the one there is, for the same host and client
}

// ProviderTest is what a test of the connection found.
type ProviderTest struct {
	Checks []ProviderCheck `json:"checks"`
}

// ProviderCheck is one thing that a test looked at.
type ProviderCheck struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Message string `json:"message,omitempty"`
}

func (s *Server) showRules(c *Call) error {
	view := RulesView{Rules: c.Directory.Rules()}
	for _, p := range account.Profiles() {
		view.Profiles = append(view.Profiles, ProfileView{
			Profile: p, MaxAgeDays: int(p.MaxAge.Hours() / 24), LockMinutes: int(p.Lock.Minutes()),
		})
	}
	for _, role := range c.roleDocuments() {
		standing := RoleStanding{RoleView: RoleView{Name: role.Name, Label: c.Label(role.Label)}, Audit: role.Gives(access.AuditRead, true)}
		for _, u := range c.Directory.WithRole(role.Name) {
			standing.People++
			if c.Directory.Standing(u.ID).HasFactor {
				standing.Factor++
			}
		}
		view.Roles = append(view.Roles, standing)
	}
	return c.JSON(view)
}

func (s *Server) changeRules(c *Call) error {
	var in account.Rules
	if err := c.Decode(&in); err != nil {
		return err
	}
	if in.FactorRoles == nil {
		in.FactorRoles = []string{}
	}
	var faults fault.Collector
	for i, name := range in.FactorRoles {
		if !slices.ContainsFunc(c.roleDocuments(), func(r *access.Role) bool { return r.Name == name }) {
			faults.Add(&fault.Field{Path: "factor_roles." + strconv.Itoa(i), Code: "unknown_role", Params: map[string]any{"name": name}})
		}
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if _, err := s.Accounts.SetRules(c.R.Context(), in); err != nil {
		return err
	}
	c.Directory = s.Accounts.Directory()
	return s.showRules(c)
}

func (s *Server) showProvider(c *Call) error {
	settings, kept, err := s.Signin.Read(c.R.Context())
	if err != nil {
		return err
	}
	return c.JSON(ProviderView{Settings: settings, HasSecret: kept, Callback: s.callback(c)})
}

func (s *Server) changeProvider(c *Call) error {
	var in ProviderChange
	if err := c.Decode(&in); err != nil {
		return err
	}
	if err := s.mayLetIn(c, in.Settings); err != nil {
		return err
	}
	if err := s.Signin.Set(c.R.Context(), in.Settings, in.Secret); err != nil {
		return err
	}
	return s.showProvider(c)
}

// mayLetIn refuses a provider that would give out more than the caller has,
// and places that do not exist.
func (s *Server) mayLetIn(c *Call, in signin.Settings) error {
	before, _, err := s.Signin.Read(c.R.Context())
	if err != nil {
		return err
	}
	roles, held := slices.Clone(in.Roles), slices.Clone(before.Roles)
	for _, g := range in.Groups {
		roles = append(roles, g.Role)
	}
	for _, g := range before.Groups {
		held = append(held, g.Role)
	}
	if err := c.mayGrant(roles, held, ""); err != nil {
		return err
	}
	if _, ok := c.Directory.Department(in.Department); in.Department != "" && !ok {
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "department", Code: "unknown_department"})
	}
	return nil
}

func (s *Server) testProvider(c *Call) error {
	var in ProviderChange
	if err := c.Decode(&in); err != nil {
		return err
	}
	secret := ""
	if in.Secret != nil {
		secret = *in.Secret
	}
	checks, err := s.Signin.Test(c.R.Context(), in.Settings, secret, s.callback(c))
	if err != nil {
		return err
	}
	var answer ProviderTest
	for _, check := range checks {
		one := ProviderCheck{Name: check.Name, OK: check.OK}
		if check.Detail != "" {
			one.Message = s.messages.text(c.Language, check.Detail, nil)
		}
		answer.Checks = append(answer.Checks, one)
	}
	return c.JSON(answer)
}
