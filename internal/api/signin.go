package api

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/signin"
	"clew.dev/clew/internal/sqldb"
)

// callbackPath is where the provider sends browsers back to.
const callbackPath = "/auth/oidc/callback"

// signinLife is how long the browser keeps the cookie of a log-in under way.
const signinLife = 10 * time.Minute

func (s *Server) signinRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: Prefix + "/session/options", Tag: "session", Summary: "The ways to log in.",
			Policy: Public("tells what the log-in page shows: a button's text"), Out: SigninOptions{}, Handle: s.signinOptions,
		},
		{
			Method: http.MethodGet, Path: "/auth/oidc", Tag: "session", Summary: "Begin a log-in by the provider.",
			Policy: Public("starts a log-in; limited by address"), Query: []Parameter{{"next", "the page to open afterwards, a path of this site"}},
			Status: http.StatusSeeOther, Handle: s.beginSignin,
		},
		{
			Method: http.MethodGet, Path: callbackPath, Tag: "session", Summary: "Where the provider sends browsers back to.",
			Policy: Public("the provider's token proves who comes; the state is used once, by the browser that began it"),
			Query:  []Parameter{{"state", "the state of the log-in"}, {"code", "the authorization code"}, {"iss", "the issuer"}, {"error", "why not"}},
			Status: http.StatusSeeOther, Handle: s.finishSignin,
		},
	}
}

// SigninOptions is what the log-in page offers beside the password.
type SigninOptions struct {
	Provider *ProviderButton `json:"provider"` // null for none
}

// ProviderButton is the button of the log-in page.
type ProviderButton struct {
	Label string `json:"label"`
}

func (s *Server) signinOptions(c *Call) error {
	settings, _, err := s.Signin.Read(c.R.Context())
	if err != nil {
		return err
	}
	var options SigninOptions
	if settings.Enabled {
		options.Provider = &ProviderButton{Label: settings.Label}
	}
	return c.JSON(options)
}

// callback is our address that the provider knows: of the public URL where
// there is one, else of the request; the provider refuses any other.
func (s *Server) callback(c *Call) string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/") + callbackPath
	}
	scheme := "http"
	if s.secure(c.R) {
		scheme = "https"
	}
	return scheme + "://" + c.R.Host + callbackPath
}

func (s *Server) beginSignin(c *Call) error {
	if !s.logins.allow(c.Address) {
		return s.backToLogIn(c, "too_many_requests", "")
	}
	next := ownPath(c.Query("next"))
	start, err := s.Signin.Begin(c.R.Context(), s.callback(c), next)
	if err != nil {
		return s.signinFailed(c, err, next)
	}
	s.setSigninCookie(c, start.Browser, signinLife)
	http.Redirect(c.W, c.R, start.URL, http.StatusSeeOther)
	return nil
}

func (s *Server) finishSignin(c *Call) error {
	answer := signin.Answer{
		State: c.Query("state"), Code: c.Query("code"), Issuer: c.Query("iss"), Error: c.Query("error"),
	}
	if cookie, err := c.R.Cookie(s.signinCookie(c)); err == nil {
		answer.Browser = cookie.Value
	}
	s.setSigninCookie(c, "", -time.Second)
	user, next, err := s.Signin.Finish(c.R.Context(), s.callback(c), answer)
	if err != nil {
		return s.signinFailed(c, err, next)
	}
	if err := s.enter(c, user, c.arrival(account.ByProvider)); err != nil {
		return err
	}
	http.Redirect(c.W, c.R, ownPath(next), http.StatusSeeOther)
	return nil
}

// signinFailed notes a refused log-in and goes back to the log-in page, which
// knows the code; what is no fault of ours to show is an error as ever.
func (s *Server) signinFailed(c *Call, err error, next string) error {
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.Internal {
		return err
	}
	if f.Kind == fault.Unauthorized {
		noted := s.DB.Write(c.R.Context(), func(tx *sqldb.Tx) error {
			return audit.Write(tx, audit.Entry{Kind: "session.refused", Failed: true, Params: map[string]any{"reason": f.Code}})
		})
		if noted != nil {
			return noted
		}
	}
	return s.backToLogIn(c, f.Code, next)
}

func (s *Server) backToLogIn(c *Call, code, next string) error {
	query := url.Values{"error": {code}}
	if next != "" && next != "/" {
		query.Set("next", next)
	}
	http.Redirect(c.W, c.R, "/login?"+query.Encode(), http.StatusSeeOther)
	return nil
}

// ownPath is a path of this site, "/" for anything that could lead elsewhere.
func ownPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t\x00") {
		return "/"
	}
	return next
}

func (s *Server) signinCookie(c *Call) string { return s.cookieName(c.R) + "-signin" }

func (s *Server) setSigninCookie(c *Call, value string, life time.Duration) {
	name := s.signinCookie(c)
	http.SetCookie(c.W, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second), Secure: strings.HasPrefix(name, cookieSecure),
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
