package server

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"

	"clew.dev/clew/internal/certificate"
)

// TLSOptions say where certificates come from: two files, or an authority that
// is asked for the domains; with neither the site is plain http.
type TLSOptions struct {
	Cert, Key      string
	Domains        []string
	Email          string
	Directory      string // of the authority; "" is Let's Encrypt
	RedirectListen string // plain http that leads to https and answers challenges; "" for none
}

func (o TLSOptions) on() bool { return o.Cert != "" || len(o.Domains) > 0 }

// encryption is what serves the site's TLS; the zero one serves none.
type encryption struct {
	config     *tls.Config
	end        func() time.Time
	challenges func(http.Handler) http.Handler
}

func (a *App) newEncryption() (e encryption, err error) {
	o := a.TLS
	switch {
	case (o.Cert == "") != (o.Key == ""):
		return e, errors.New("a certificate needs both --tls-cert and --tls-key")
	case o.Cert != "" && len(o.Domains) > 0:
		return e, errors.New("either --tls-cert or --acme-domain, not both")
	case o.Cert != "":
		now := a.Now
		if now == nil {
			now = time.Now
		}
		files, err := certificate.NewFiles(o.Cert, o.Key, now, a.Log)
		if err != nil {
			return e, err
		}
		return encryption{config: files.Config(), end: files.End}, nil
	case len(o.Domains) > 0:
		authority := certificate.NewAuthority(certificate.AuthorityOptions{Domains: o.Domains, Email: o.Email, Directory: o.Directory, Data: a.Data})
		return encryption{
			config: authority.Config(), challenges: authority.Challenges,
			end: func() time.Time { return authority.End(o.Domains[0]) },
		}, nil
	}
	return e, nil
}

// certificateEnd is until when the served certificate holds; zero without one.
func (a *App) certificateEnd() time.Time {
	if a.encryption.end == nil {
		return time.Time{}
	}
	return a.encryption.end()
}

// serveSite serves the site, encrypted where certificates are there for it.
func (a *App) serveSite(site *http.Server, listener net.Listener) error {
	if a.encryption.config == nil {
		return site.Serve(listener)
	}
	site.TLSConfig = a.encryption.config
	return site.ServeTLS(listener, "", "")
}

// serveRedirect leads readers of plain http to https.
func (a *App) serveRedirect(failed chan<- error) (*http.Server, error) {
	if a.TLS.RedirectListen == "" || a.encryption.config == nil {
		return nil, nil
	}
	listener, err := net.Listen("tcp", a.TLS.RedirectListen)
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(a.Listen)
	handler := certificate.Redirect(port)
	if a.encryption.challenges != nil {
		handler = a.encryption.challenges(handler)
	}
	redirect := &http.Server{Handler: handler, ReadHeaderTimeout: headerWait, IdleTimeout: idleWait}
	go func() {
		if err := redirect.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return redirect, nil
}

// scheme is how the site is reached.
func (a *App) scheme() string {
	if a.TLS.on() {
		return "https"
	}
	return "http"
}
