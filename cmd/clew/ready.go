package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// readyCommand takes the server's own settings, so that a container's health
// check follows them.
type readyCommand struct {
	URL        string   `arg:"" optional:"" help:"Address of the site (https://…); else that of the server that these settings make."`
	Listen     string   `default:"127.0.0.1:8420" help:"Address that the server listens on."`
	TLSCert    string   `name:"tls-cert" help:"The server's certificate: it is asked by https." type:"path"`
	ACMEDomain []string `name:"acme-domain" help:"The server's names: it is asked by https."`
}

// Run asks a running server whether it is ready, for containers that have no other tool.
func (c readyCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	address, err := c.address()
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := c.client().Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, answer.Status)
	}
	return nil
}

func (c readyCommand) address() (string, error) {
	if c.URL != "" {
		given, err := url.Parse(c.URL)
		if err == nil && (given.Path == "" || given.Path == "/") {
			given.Path = "/readyz" // the site's first page is there even while it is not ready
			return given.String(), nil
		}
		return c.URL, err
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // on all addresses, so on this one
	}
	scheme := "http"
	if c.secure() {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: net.JoinHostPort(host, port), Path: "/readyz"}).String(), nil
}

func (c readyCommand) secure() bool { return c.TLSCert != "" || len(c.ACMEDomain) > 0 }

// client asks this very machine by its number, which no certificate names.
func (c readyCommand) client() *http.Client {
	if c.URL != "" || !c.secure() {
		return http.DefaultClient
	}
	settings := &tls.Config{InsecureSkipVerify: true} //nolint:gosec // see above
	if len(c.ACMEDomain) > 0 {
		settings.ServerName = c.ACMEDomain[0]
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: settings}}
}
