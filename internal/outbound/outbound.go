// Package outbound is the one HTTP client for calls that leave the program:
// messengers, webhooks, lookups. Whatever address a user or a document names,
// it reaches public servers only, unless the host was allowed by name.
//
// Limits: connecting 5 s, the whole call 30 s, answer 1 MB (a request may ask
// for up to 10 MB), headers 64 KB, no redirects, no proxy from the
// environment, a few calls per host at a time. Times are real time.
package outbound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"clew.dev/clew/internal/fault"
)

// The limits that hold where Options are silent.
const (
	ConnectTimeout = 5 * time.Second
	TotalTimeout   = 30 * time.Second
	BodyLimit      = 1 << 20  // bytes of an answer
	BodyCeiling    = 10 << 20 // bytes of an answer, however much a request asks for
	headerLimit    = 64 << 10
	callsPerHost   = 4
)

// Options say where the client may go and for how long; the zero value is safe.
type Options struct {
	Allow   []string      // "host:port" that may be dialled though it is not public
	Only    bool          // go nowhere but to Allow (the demo)
	Connect time.Duration // 0 = ConnectTimeout
	Total   time.Duration // 0 = TotalTimeout
	PerHost int           // calls at a time to one host, 0 = 4
}

// Request is one call.
type Request struct {
	Method  string // "" = GET
	URL     string // http or https, without user info
	Header  map[string]string
	Body    []byte
	MaxBody int64 // bytes of the answer, 0 = BodyLimit, at most BodyCeiling
}

// Response is an answer of any status.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Client makes guarded calls; it is safe for concurrent use.
type Client struct {
	options Options
	allow   map[string]bool
	http    *http.Client
	slots   *slots
}

// New makes a client.
func New(o Options) *Client {
	if o.Connect == 0 {
		o.Connect = ConnectTimeout
	}
	if o.Total == 0 {
		o.Total = TotalTimeout
	}
	if o.PerHost == 0 {
		o.PerHost = callsPerHost
	}
	c := &Client{options: o, allow: map[string]bool{}, slots: newSlots(o.PerHost)}
	for _, host := range o.Allow {
		c.allow[strings.ToLower(host)] = true
	}
	c.http = &http.Client{
		Transport:     c.transport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

func (c *Client) transport() *http.Transport {
	open := &net.Dialer{Timeout: c.options.Connect}
	checked := &net.Dialer{Timeout: c.options.Connect, Control: control}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if c.allow[strings.ToLower(address)] {
				return open.DialContext(ctx, network, address)
			}
			return checked.DialContext(ctx, network, address)
		},
		TLSHandshakeTimeout:    c.options.Connect,
		MaxResponseHeaderBytes: headerLimit,
		MaxIdleConnsPerHost:    c.options.PerHost,
		IdleConnTimeout:        time.Minute,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
	}
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do makes one call. A refusal by the guard is a fault.Error (Malformed,
// address_not_allowed or invalid_url); every other error is worth a retry.
func (c *Client) Do(ctx context.Context, r Request) (Response, error) {
	u, err := c.check(r)
	if err != nil {
		return Response{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.options.Total)
	defer cancel()
	release, err := c.slots.take(ctx, u.Host)
	if err != nil {
		return Response{}, err
	}
	defer release()
	return c.call(ctx, u, r)
}

func (c *Client) call(ctx context.Context, u *url.URL, r Request) (Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, u.String(), bytes.NewReader(r.Body))
	if err != nil {
		return Response{}, fault.Wrap(fault.Malformed, "invalid_url", err)
	}
	req.Header.Set("User-Agent", "Clew")
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return Response{}, plain(err)
	}
	defer func() { _ = res.Body.Close() }()
	limit := bodyLimit(r.MaxBody)
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return Response{}, fmt.Errorf("outbound: read answer of %s: %w", u.Host, err)
	}
	if int64(len(body)) > limit {
		return Response{}, fmt.Errorf("outbound: answer of %s is longer than %d bytes", u.Host, limit)
	}
	return Response{Status: res.StatusCode, Header: res.Header, Body: body}, nil
}

func bodyLimit(asked int64) int64 {
	if asked <= 0 {
		return BodyLimit
	}
	return min(asked, BodyCeiling)
}

// plain strips the address from a transport error: a robot's key is in its query.
func plain(err error) error {
	if f, ok := fault.As(err); ok {
		return f
	}
	var ue *url.Error
	if errors.As(err, &ue) {
		return fmt.Errorf("outbound: %w", ue.Err)
	}
	return fmt.Errorf("outbound: %w", err)
}

// check refuses what must not even be tried.
func (c *Client) check(r Request) (*url.URL, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, fault.New(fault.Malformed, "invalid_url")
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || u.Hostname() == "" || u.Opaque != "" {
		return nil, fault.New(fault.Malformed, "invalid_url").With("host", u.Host)
	}
	for name, value := range r.Header {
		if strings.ContainsAny(name+value, "\r\n\x00") {
			return nil, fault.New(fault.Malformed, "invalid_header").With("name", name)
		}
	}
	if c.options.Only && !c.allow[hostPort(u)] {
		return nil, fault.New(fault.Malformed, "address_not_allowed").With("address", u.Host)
	}
	return u, nil
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(net.JoinHostPort(u.Hostname(), port))
}
