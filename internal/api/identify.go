package api

import (
	"context"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
)

// identify finds out who asks, by token or by cookie, and under which grants.
// A wrong token is refused even where nobody needs to be known; a cookie that
// no longer holds is as good as none.
func (s *Server) identify(c *Call) error {
	var err error
	authorization := strings.TrimSpace(c.R.Header.Get("Authorization"))
	switch {
	case c.Route.Policy.kind == public && c.Route.Personal && authorization != "":
		if err = s.byToken(c, authorization); fault.KindOf(err) == fault.Unauthorized {
			err = nil // shown as to anybody
		}
	case c.Route.Policy.kind == public && authorization != "":
		// A public route may have bearers of its own, such as a channel's.
	case authorization != "":
		err = s.byToken(c, authorization)
	default:
		err = s.byCookie(c)
	}
	if err != nil {
		return err
	}
	c.Snapshot = s.Snapshot()
	c.act()
	c.grant()
	return nil
}

// act lets the audit entries of the call be those of who asks.
func (c *Call) act() {
	actor := audit.Actor{Kind: audit.Nobody, ID: c.User.ID, Address: c.Address}
	switch {
	case c.Session.Secret != "":
		actor.Kind = audit.Person
	case c.User.ID != "":
		actor.Kind = audit.Token
	}
	c.R = c.R.WithContext(audit.As(c.R.Context(), actor))
}

func (s *Server) byToken(c *Call, authorization string) error {
	scheme, text, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return fault.New(fault.Unauthorized, "unauthorized")
	}
	user, ok, err := s.Accounts.FindToken(c.R.Context(), strings.TrimSpace(text))
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Unauthorized, "unauthorized")
	}
	c.User = user
	if asked := acceptedLanguage(c.R.Header.Get("Accept-Language")); asked == "" && user.Language != "" {
		c.Language = user.Language
	}
	return nil
}

func (s *Server) byCookie(c *Call) error {
	unsafe := c.R.Method != http.MethodGet && c.R.Method != http.MethodHead && c.R.Method != http.MethodOptions
	if unsafe && c.Route.Policy.kind != public && s.cross.Check(c.R) != nil {
		return fault.New(fault.Forbidden, "cross_site")
	}
	cookie, err := c.R.Cookie(s.cookieName(c.R))
	if err != nil || cookie.Value == "" {
		return nil
	}
	find := s.Accounts.FindSession
	if c.R.Header.Get("X-Idle") != "" { // the page refreshes itself, nobody is at it
		find = s.Accounts.PeekSession
	}
	session, ok, err := find(c.R.Context(), cookie.Value)
	if err != nil || !ok {
		return err
	}
	given := c.R.Header.Get("X-CSRF-Token")
	if unsafe && c.Route.Policy.kind != public && subtle.ConstantTimeCompare([]byte(given), []byte(session.CSRF())) != 1 {
		return fault.New(fault.Forbidden, "csrf")
	}
	if session.Pending {
		c.Pending = session
		return nil
	}
	c.User, c.Session = session.User, session
	if session.User.Language != "" {
		c.Language = session.User.Language
	}
	return nil
}

// The names of the session cookie: the browser guards the first (Secure, this
// host only, whole site); plain http beyond loopback can only have the second.
const (
	cookieSecure = "__Host-clew"
	cookiePlain  = "clew"
)

func (s *Server) cookieName(r *http.Request) string {
	if s.secure(r) || loopback(r.Host) {
		return cookieSecure
	}
	return cookiePlain
}

// setCookie hands a session to the browser; an empty secret takes it away.
func (s *Server) setCookie(c *Call, secret string, life time.Duration) {
	name := s.cookieName(c.R)
	age := int(life / time.Second)
	if secret == "" {
		age = -1
	}
	http.SetCookie(c.W, &http.Cookie{
		Name: name, Value: secret, Path: "/", MaxAge: age, Secure: name == cookieSecure,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// secure says whether the browser speaks https with us, be it through a proxy that we believe.
func (s *Server) secure(r *http.Request) bool {
	if r.TLS != nil || s.believed(r) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		return true
	}
	public, err := url.Parse(s.PublicURL)
	return err == nil && public.Scheme == "https" && strings.EqualFold(public.Host, r.Host)
}

func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && address.IsLoopback()
}

func (s *Server) believed(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && s.isProxy(peer.Addr())
}

func (s *Server) isProxy(address netip.Addr) bool {
	for _, prefix := range s.Proxies {
		if prefix.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}

// address is the client's IP: the peer's, or behind believed proxies the last
// one in X-Forwarded-For that is none of them.
func (s *Server) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	client := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.isProxy(client); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		client = hop.Unmap()
	}
	return client.String()
}

// StillIn says whether the call's session or token still lets the same user
// in, for answers that stay open; its grants may have changed.
func (c *Call) StillIn(ctx context.Context) (bool, error) {
	if c.Session.Secret != "" {
		session, ok, err := c.server.Accounts.PeekSession(ctx, c.Session.Secret)
		return ok && !session.Pending, err
	}
	_, text, _ := strings.Cut(strings.TrimSpace(c.R.Header.Get("Authorization")), " ")
	_, ok, err := c.server.Accounts.FindToken(ctx, strings.TrimSpace(text))
	return ok, err
}
