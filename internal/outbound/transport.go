package outbound

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// HTTP is the client for libraries that want one of net/http: the same guard
// and the same limits, no redirects.
func (c *Client) HTTP() *http.Client {
	return &http.Client{
		Transport:     roundTrip(c.roundTrip),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip makes one call.
func (r roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return r(request) }

func (c *Client) roundTrip(request *http.Request) (*http.Response, error) {
	call := Request{Method: request.Method, URL: request.URL.String(), Header: map[string]string{}}
	for name, values := range request.Header {
		call.Header[name] = strings.Join(values, ", ")
	}
	if request.Body != nil {
		defer request.Body.Close()
		body, err := io.ReadAll(io.LimitReader(request.Body, BodyLimit+1))
		if err != nil {
			return nil, err
		}
		if len(body) > BodyLimit { // cut short it would be another request
			return nil, fmt.Errorf("outbound: a request of more than %d bytes", BodyLimit)
		}
		call.Body = body
	}
	answer, err := c.Do(request.Context(), call)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		Status: http.StatusText(answer.Status), StatusCode: answer.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body)), ContentLength: int64(len(answer.Body)), Request: request,
	}, nil
}
