package api

import (
	"net/http"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/fault"
)

func (s *Server) sessionListRoutes() []Route {
	own := SignedIn("lists and ends only the caller's")
	others := Needs(access.SecurityWrite)
	person := Prefix + "/users/{id}"
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/sessions", Tag: "session", Summary: "Where I am logged in.", Policy: own, Out: List[SessionItem]{}, Handle: s.listSessions},
		{Method: http.MethodDelete, Path: Prefix + "/sessions/{session}", Tag: "session", Summary: "Log out one of my browsers.", Policy: own, Status: http.StatusNoContent, Handle: s.revokeSession},
		{Method: http.MethodPost, Path: Prefix + "/sessions/revoke", Tag: "session", Summary: "Log out all my other browsers.", Policy: own, Out: Counted{}, Handle: s.revokeSessions},
		{Method: http.MethodGet, Path: person + "/sessions", Tag: "people", Summary: "Where a person is logged in, and how.", Policy: others, Out: Entrances{}, Handle: s.listEntrances},
		{Method: http.MethodPost, Path: person + "/sessions/revoke", Tag: "people", Summary: "Log a person out everywhere.", Policy: others, Out: Counted{}, Handle: s.revokeEntrances},
		{Method: http.MethodDelete, Path: person + "/sessions/{session}", Tag: "people", Summary: "Log out one of a person's browsers.", Policy: others, Status: http.StatusNoContent, Handle: s.revokeEntrance},
		{Method: http.MethodDelete, Path: person + "/tokens/{token}", Tag: "people", Summary: "End one of a person's tokens.", Policy: others, Status: http.StatusNoContent, Handle: s.endToken},
		{Method: http.MethodDelete, Path: person + "/factor", Tag: "people", Summary: "Take a lost second factor away; the person's sessions end.", Policy: others, Status: http.StatusNoContent, Handle: s.resetFactor},
		{Method: http.MethodDelete, Path: person + "/link", Tag: "people", Summary: "Forget who the person is at the log-in provider.", Policy: others, Status: http.StatusNoContent, Handle: s.unlink},
		{Method: http.MethodPost, Path: person + "/reset", Tag: "people", Summary: "Make a link by which the person sets a new password, once, within 30 minutes.", Policy: Needs(access.UsersWrite), Out: ResetOnce{}, Status: http.StatusCreated, Secret: true, Handle: s.makeReset},
		{
			Method: http.MethodPost, Path: Prefix + "/session/reset", Tag: "session", Summary: "Set a new password by a one-time link.",
			Policy: Public("the link's secret proves who asks; limited by address"), In: Reset{}, Status: http.StatusNoContent, Handle: s.useReset,
		},
	}
}

// SessionItem is one log-in.
type SessionItem struct {
	ID      string    `json:"id"`
	Device  string    `json:"device"` // what the browser said of itself
	Address string    `json:"address"`
	Method  string    `json:"method"` // password, password+code, password+recovery or provider
	Created time.Time `json:"created_at"`
	Seen    time.Time `json:"seen_at"` // last use, give or take five minutes
	Current bool      `json:"current"`
}

// Entrances is every way by which a person is in, or may come in.
type Entrances struct {
	Sessions []SessionItem `json:"sessions"`
	Tokens   []TokenView   `json:"tokens"`
	Factor   bool          `json:"factor"`
	Password bool          `json:"password"`
}

// Counted says how many.
type Counted struct {
	Count int64 `json:"count"`
}

// ResetOnce is the secret of a one-time link: the page is /set-password#TOKEN.
type ResetOnce struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires_at"`
}

// Reset sets a new password.
type Reset struct {
	Token    string `json:"token"`
	Password string `json:"password"`
}

func (s *Server) sessionItems(c *Call, user string) ([]SessionItem, error) {
	sessions, err := s.Accounts.Sessions(c.R.Context(), user)
	items := []SessionItem{}
	for _, one := range sessions {
		items = append(items, SessionItem{
			ID: one.ID, Device: one.Device, Address: one.Address, Method: one.Method, Created: one.Created, Seen: one.Seen,
			Current: one.ID == c.Session.ID,
		})
	}
	return items, err
}

func (s *Server) listSessions(c *Call) error {
	items, err := s.sessionItems(c, c.User.ID)
	if err != nil {
		return err
	}
	return c.JSON(List[SessionItem]{Items: items})
}

func (s *Server) revokeSession(c *Call) error {
	if err := s.Accounts.RevokeSession(c.R.Context(), c.User.ID, c.Param("session")); err != nil {
		return err
	}
	return c.NoContent()
}

func (s *Server) revokeSessions(c *Call) error {
	n, err := s.Accounts.RevokeSessions(c.R.Context(), c.User.ID, c.Session.ID)
	if err != nil {
		return err
	}
	return c.JSON(Counted{Count: n})
}

// managed is the person of the path, whom the caller may manage.
func (c *Call) managed() (account.User, error) {
	user, ok := c.Directory.User(c.Param("id"))
	if !ok {
		return user, fault.New(fault.NotFound, "not_found")
	}
	return user, c.mayManage(user)
}

func (s *Server) listEntrances(c *Call) error {
	user, err := c.managed()
	if err != nil {
		return err
	}
	items, err := s.sessionItems(c, user.ID)
	if err != nil {
		return err
	}
	tokens, err := s.Accounts.Tokens(c.R.Context(), user.ID)
	if err != nil {
		return err
	}
	standing := c.Directory.Standing(user.ID)
	view := Entrances{Sessions: items, Tokens: []TokenView{}, Factor: standing.HasFactor, Password: standing.HasPassword}
	for _, t := range tokens {
		view.Tokens = append(view.Tokens, tokenView(t))
	}
	return c.JSON(view)
}

func (s *Server) revokeEntrances(c *Call) error {
	user, err := c.managed()
	if err != nil {
		return err
	}
	n, err := s.Accounts.RevokeSessions(c.R.Context(), user.ID, "")
	if err != nil {
		return err
	}
	return c.JSON(Counted{Count: n})
}

func (s *Server) revokeEntrance(c *Call) error {
	user, err := c.managed()
	if err == nil {
		err = s.Accounts.RevokeSession(c.R.Context(), user.ID, c.Param("session"))
	}
	return c.done(err)
}

func (s *Server) endToken(c *Call) error {
	user, err := c.managed()
	if err == nil {
		err = s.Accounts.DeleteToken(c.R.Context(), user.ID, c.Param("token"))
	}
	return c.done(err)
}

func (s *Server) resetFactor(c *Call) error {
	user, err := c.managed()
	if err == nil {
		err = s.Accounts.RemoveFactor(c.R.Context(), user.ID, true)
	}
	return c.done(err)
}

func (s *Server) unlink(c *Call) error {
	user, err := c.managed()
	if err == nil {
		err = s.Signin.Unlink(c.R.Context(), user.ID)
	}
	return c.done(err)
}

// done answers 204, or the error.
func (c *Call) done(err error) error {
	if err != nil {
		return err
	}
	return c.NoContent()
}

func (s *Server) makeReset(c *Call) error {
	user, err := c.managed()
	if err != nil {
		return err
	}
	token, expires, err := s.Accounts.NewReset(c.R.Context(), user.ID)
	if err != nil {
		return err
	}
	return c.JSON(ResetOnce{Token: token, Expires: expires})
}

func (s *Server) useReset(c *Call) error {
	if s.cross.Check(c.R) != nil {
		return fault.New(fault.Forbidden, "cross_site")
	}
	if !s.logins.allow(c.Address) {
		return fault.New(fault.TooMany, "too_many_requests").With("retry_after", 1)
	}
	var in Reset
	if err := c.Decode(&in); err != nil {
		return err
	}
	return c.done(s.Accounts.UseReset(c.R.Context(), in.Token, in.Password))
}
