package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// Authority gets certificates from an ACME authority, at the first visit and
// again before they end, and keeps them in the data directory.
type Authority struct{ manager *autocert.Manager }

// AuthorityOptions say for which names, and from whom.
type AuthorityOptions struct {
	Domains   []string
	Email     string       // the authority writes to it
	Directory string       // of the authority; "" is Let's Encrypt
	Data      string       // data directory
	Client    *http.Client // nil is the usual one
}

// cacheFolder is where certificates lie in a data directory. It holds private keys.
const cacheFolder = "certificates"

// NewAuthority prepares; nothing is asked for before the first visit.
func NewAuthority(o AuthorityOptions) *Authority {
	return &Authority{&autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(o.Domains...), Email: o.Email,
		Cache:  autocert.DirCache(filepath.Join(o.Data, cacheFolder)),
		Client: &acme.Client{DirectoryURL: o.Directory, HTTPClient: o.Client},
	}}
}

// Config is the TLS configuration of a server with these certificates; it
// answers the authority's TLS challenge.
func (a *Authority) Config() *tls.Config {
	config := a.manager.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	return config
}

// Challenges answers the authority's HTTP challenge, and gives all else to next.
func (a *Authority) Challenges(next http.Handler) http.Handler { return a.manager.HTTPHandler(next) }

// End is until when the certificate of a name holds; zero while there is none.
func (a *Authority) End(domain string) time.Time {
	text, err := a.manager.Cache.Get(context.Background(), domain)
	for err == nil {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		leaf, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			break
		}
		return leaf.NotAfter
	}
	return time.Time{}
}

// Redirect sends readers of plain http to https, on the port of that address.
// Anything but reading is refused: what was sent has already been seen by all.
func Redirect(port string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use https.", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, "https://"+withPort(r.Host, port)+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
}
