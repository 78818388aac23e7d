package api

import (
	"net/http"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/fault"
)

func (s *Server) sessionRoutes() []Route {
	return []Route{
		{
			Method: http.MethodPost, Path: Prefix + "/session", Tag: "session", Summary: "Log in.",
			Policy: Public("proves who asks; limited by address and by account"),
			In:     LogIn{}, Out: LoggedIn{}, Secret: true, Handle: s.logIn,
		},
		{
			Method: http.MethodGet, Path: Prefix + "/session", Tag: "session", Summary: "Who am I, and what may I do?",
			Policy: SignedIn("tells only of the caller"), Out: SessionView{}, Duty: true, Handle: s.showSession,
		},
		{
			Method: http.MethodPatch, Path: Prefix + "/session", Tag: "session", Summary: "Change my language or password.",
			Policy: SignedIn("changes only the caller; a new password needs the old one"),
			In:     SessionChange{}, Out: SessionView{}, Duty: true, Handle: s.changeSession,
		},
		{
			Method: http.MethodDelete, Path: Prefix + "/session", Tag: "session", Summary: "Log out.",
			Policy: SignedIn("ends only the caller's session"), Status: http.StatusNoContent, Duty: true, Handle: s.logOut,
		},
	}
}

// LogIn is what a person proves himself by.
type LogIn struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// LoggedIn is the answer to a log-in; the cookie comes beside it.
type LoggedIn struct {
	CSRF string `json:"csrf"`
	Step string `json:"step,omitempty"` // "factor": a code is still wanted, by POST /session/factor
	User *Me    `json:"user,omitempty"`
}

// SessionView is what the front end starts from.
type SessionView struct {
	CSRF    string      `json:"csrf,omitempty"` // absent with a token
	User    Me          `json:"user"`
	Company CompanyView `json:"company"`
	Can     []string    `json:"can"`
	Duty    string      `json:"duty,omitempty"`       // "password" or "factor": what has to be done before anything else
	Factor  *time.Time  `json:"factor_due,omitempty"` // until when a second factor has to be enrolled
	Now     time.Time   `json:"now"`
}

// Me is the caller.
type Me struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Email      string     `json:"email"`
	Language   string     `json:"language"`
	Zone       string     `json:"zone"`
	Roles      []RoleView `json:"roles"`
	Department *Reference `json:"department"`
	Home       string     `json:"home"`
}

// RoleView names a role.
type RoleView struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

// CompanyView is the company as the front end knows it.
type CompanyView struct {
	Name string `json:"name"`
	Zone string `json:"zone"`
	Demo bool   `json:"demo"`
}

// SessionChange changes what a person sets for himself.
type SessionChange struct {
	Language *string         `json:"language,omitempty"`
	Password *PasswordChange `json:"password,omitempty"`
}

// PasswordChange needs the old password.
type PasswordChange struct {
	Old string `json:"old"`
	New string `json:"new"`
}

func (s *Server) logIn(c *Call) error {
	if s.cross.Check(c.R) != nil {
		return fault.New(fault.Forbidden, "cross_site")
	}
	if !s.logins.allow(c.Address) {
		return fault.New(fault.TooMany, "too_many_requests").With("retry_after", 1)
	}
	var in LogIn
	if err := c.Decode(&in); err != nil {
		return err
	}
	var faults fault.Collector
	if in.Email == "" {
		faults.Add(&fault.Field{Path: "email", Code: "required"})
	}
	if in.Password == "" {
		faults.Add(&fault.Field{Path: "password", Code: "required"})
	}
	if err := faults.Err(); err != nil {
		return err
	}
	user, err := s.Accounts.Authenticate(c.R.Context(), in.Email, in.Password, c.Address)
	if err != nil {
		return err
	}
	arrival := c.arrival(account.ByPassword)
	arrival.Pending = s.Accounts.Directory().Standing(user.ID).HasFactor
	return s.answerEntered(c, user, arrival)
}

// arrival is how and from where the caller comes in.
func (c *Call) arrival(method string) account.Arrival {
	return account.Arrival{Method: method, Address: c.Address, Device: c.R.UserAgent()}
}

// answerEntered starts a session and says who is in, or what is still wanted.
func (s *Server) answerEntered(c *Call, user account.User, arrival account.Arrival) error {
	if err := s.enter(c, user, arrival); err != nil {
		return err
	}
	if arrival.Pending {
		return c.JSON(LoggedIn{CSRF: c.Pending.CSRF(), Step: "factor"})
	}
	me := c.me()
	return c.JSON(LoggedIn{CSRF: c.Session.CSRF(), User: &me})
}

// enter starts a session of the user and lets the rest of the call be his. A
// session that came with the call ends: its secret was known before the log-in.
func (s *Server) enter(c *Call, user account.User, arrival account.Arrival) error {
	for _, before := range []account.Session{c.Session, c.Pending} {
		if before.Secret == "" {
			continue
		}
		if err := s.Accounts.EndSession(c.R.Context(), before); err != nil {
			return err
		}
	}
	session, err := s.Accounts.StartSession(c.R.Context(), user, arrival)
	if err != nil {
		return err
	}
	s.setCookie(c, session.Secret, s.Accounts.Directory().Rules().Life())
	c.Pending = account.Session{}
	if arrival.Pending {
		c.User, c.Session, c.Pending = account.User{}, account.Session{}, session
		return nil
	}
	c.User, c.Session = user, session
	c.act()
	c.grant()
	if user.Language != "" {
		c.Language = user.Language
	}
	return nil
}

func (s *Server) showSession(c *Call) error {
	now, err := c.Now()
	if err != nil {
		return err
	}
	view := SessionView{
		User: c.me(), Can: c.Grants.Rights(), Now: now,
		Company: CompanyView{Name: c.Label(c.Snapshot.Company.Name), Zone: c.companyZone().String(), Demo: s.Demo},
	}
	if c.Session.Secret != "" {
		view.CSRF = c.Session.CSRF()
		view.Duty = string(c.Directory.Duty(c.Session, c.Session.Checked))
		if due, needed := c.Directory.FactorDue(c.User); needed {
			view.Factor = &due
		}
	}
	return c.JSON(view)
}

func (c *Call) me() Me {
	zone := c.User.Zone
	if zone == "" {
		zone = c.companyZone().String()
	}
	return Me{
		ID: c.User.ID, Name: c.User.Name, Email: c.User.Email, Language: c.Language, Zone: zone,
		Roles: c.roles(c.User.Roles), Department: c.department(c.User.Department), Home: c.Grants.Home(),
	}
}

// roles are role names with their labels; a role that is gone keeps its name.
func (c *Call) roles(names []string) []RoleView {
	views := make([]RoleView, 0, len(names))
	for _, name := range names {
		view := RoleView{Name: name, Label: name}
		for _, role := range c.roleDocuments() {
			if role.Name == name {
				view.Label = c.Label(role.Label)
			}
		}
		views = append(views, view)
	}
	return views
}

func (c *Call) department(id string) *Reference {
	d, ok := c.Directory.Department(id)
	if !ok {
		return nil
	}
	return &Reference{ID: d.ID, Label: d.Name}
}

func (s *Server) changeSession(c *Call) error {
	var in SessionChange
	if err := c.Decode(&in); err != nil {
		return err
	}
	user := c.User
	var err error
	if in.Language != nil {
		user, err = s.Accounts.UpdateUser(c.R.Context(), user.ID, account.UserChange{Language: in.Language})
		if err != nil {
			return err
		}
		c.User, c.Language = user, *in.Language
	}
	if in.Password != nil {
		err := s.Accounts.ChangeOwnPassword(c.R.Context(), user, in.Password.Old, in.Password.New, c.Address)
		if err != nil {
			return err
		}
		if c.Session.Secret != "" {
			if err := s.enter(c, user, c.arrival(c.Session.Method)); err != nil {
				return err
			}
		}
	}
	return s.showSession(c)
}

func (s *Server) logOut(c *Call) error {
	if c.Session.Secret != "" {
		if err := s.Accounts.EndSession(c.R.Context(), c.Session); err != nil {
			return err
		}
		s.setCookie(c, "", 0)
	}
	return c.NoContent()
}
