package robot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/connector"
	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/outbound"
)

// send posts over a wire that knows no vendor: whatever code comes is judged as
// about the content.
func send(t *testing.T, answer http.HandlerFunc) (*robot.Error, int) {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	judged := 0
	err := robot.Wire{
		Vendor: "test", Client: outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(server.URL, "http://")}}),
		Address: server.URL + "/send?key=hidden-key", Code: "errcode", Text: "errmsg",
		Judge: func(e *robot.Error) { judged++; e.Content = true },
	}.Send(t.Context(), []byte(`{}`))
	if err == nil {
		return nil, judged
	}
	return robot.As(err), judged
}

// TestOnlyACodeOfZeroIsASuccess: a vendor that says nothing of how it went has
// not taken the post, so it is kept for another try.
func TestOnlyACodeOfZeroIsASuccess(t *testing.T) {
	for _, c := range []struct {
		name, answer        string
		done, judged, retry bool
		code                int
	}{
		{name: "zero", answer: `{"errcode":0,"errmsg":"ok"}`, done: true},
		{name: "zero among other members", answer: `{"a":[1],"errcode":0,"b":{"errcode":5}}`, done: true},
		{name: "zero with blanks around", answer: " \n{\"errcode\" : 0}\r\n ", done: true},
		{name: "minus zero", answer: `{"errcode":-0}`, done: true},
		{name: "a refusal", answer: `{"errcode":93000,"errmsg":"invalid webhook url"}`, judged: true, code: 93000},
		{name: "a refusal without a text", answer: `{"errcode":93000}`, judged: true, code: 93000},
		{name: "a refusal whose text is a number", answer: `{"errcode":93000,"errmsg":17}`, judged: true, code: 93000},
		{name: "a negative code", answer: `{"errcode":-1}`, judged: true, code: -1},
		{name: "null for a code", answer: `{"errcode":null,"errmsg":"ok"}`, retry: true},
		{name: "the code as a text", answer: `{"errcode":"0"}`, retry: true},
		{name: "the code as a fraction", answer: `{"errcode":0.5}`, retry: true},
		{name: "the code as a truth", answer: `{"errcode":false}`, retry: true},
		{name: "the code too large for anything", answer: `{"errcode":99999999999999999999}`, retry: true},
		{name: "the code deeper down", answer: `{"data":{"errcode":0}}`, retry: true},
		{name: "two answers", answer: `{"errcode":0}{"errcode":0}`, retry: true},
		{name: "half an answer", answer: `{"errcode":0`, retry: true},
		{name: "a text", answer: `"ok"`, retry: true},
		{name: "a number", answer: `0`, retry: true},
		{name: "a byte-order mark", answer: "\ufeff{\"errcode\":0}", retry: true},
		{name: "longer than an answer may be", answer: `{"errcode":0,"x":"` + strings.Repeat("x", outbound.BodyLimit) + `"}`, retry: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, judged := send(t, say(200, c.answer))
			if c.done {
				if e != nil {
					t.Errorf("not taken for a success: %v", e)
				}
				return
			}
			if e == nil {
				t.Fatal("taken for a success")
			}
			if e.Retry != c.retry || e.Code != c.code || (judged == 1) != c.judged || e.Vendor != "test" {
				t.Errorf("%+v, judged %d times", e, judged)
			}
		})
	}
}

// TestHowLongAVendorAsksToWait: seconds are believed up to an hour; whatever
// else stands there does not stop the outbox for ever.
func TestHowLongAVendorAsksToWait(t *testing.T) {
	for said, want := range map[string]time.Duration{
		"": 0, "0": 0, "1": time.Second, "120": 2 * time.Minute, "3600": time.Hour,
		"86400": time.Hour, "999999999999": time.Hour, "-5": 0, "soon": 0, "1.5": 0, "1e3": 0,
		"99999999999999999999999": 0,
	} {
		for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
			e, _ := send(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", said)
				w.WriteHeader(status)
			})
			if e == nil || !e.Retry || e.After != want || e.Status != status {
				t.Errorf("%d, Retry-After %q: %+v, want to wait %s", status, said, e, want)
			}
		}
	}
}

// TestWhichStatusesAreWorthATry: what the sender did wrong stays wrong.
func TestWhichStatusesAreWorthATry(t *testing.T) {
	for status, retry := range map[int]bool{
		201: false, 204: false, 301: false, 304: false, 400: false, 401: false, 403: false, 404: false, 405: false,
		408: true, 409: false, 410: false, 413: false, 422: false, 429: true, 451: false,
		500: true, 501: true, 502: true, 503: true, 504: true, 507: true, 520: true,
	} {
		e, judged := send(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if e == nil || e.Status != status || e.Retry != retry || judged != 0 {
			t.Errorf("%d: %+v, judged %d times", status, e, judged)
		}
	}
}

// TestAKeyIsInNoError: errors go to the log and to the health page.
func TestAKeyIsInNoError(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nowhere := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	bad := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler) // the connection breaks before an answer
	}))
	defer bad.Close()
	config := robot.Config{Key: "hidden-key", Secret: "hidden-secret", Now: time.Now}
	for name, place := range map[string]struct {
		base  string
		allow []string
		retry bool
	}{
		"nobody listens":         {"http://" + nowhere, []string{nowhere}, true},
		"the connection breaks":  {bad.URL, []string{strings.TrimPrefix(bad.URL, "http://")}, true},
		"an address inside":      {"http://" + nowhere, nil, false},
		"another protocol":       {"ftp://" + nowhere, nil, false},
		"a base that is no base": {"http://[::1", nil, false},
		"a base with a person":   {"http://hidden-user:hidden-word@" + nowhere, nil, false},
	} {
		config.Base, config.Client = place.base, outbound.New(outbound.Options{Allow: place.allow})
		for _, vendor := range connector.RobotVendors() {
			made, _ := connector.NewRobot(vendor, config)
			e := robot.As(made.Post(t.Context(), robot.Message{Title: "x"}))
			if e == nil || e.Retry != place.retry || e.Vendor != vendor || e.Status != 0 {
				t.Errorf("%s, %s: %+v", vendor, name, e)
				continue
			}
			if strings.Contains(e.Error(), "hidden") {
				t.Errorf("%s, %s: the error tells %q", vendor, name, e.Error())
			}
		}
	}
}

// TestAPostEndsWithItsContext: a worker that is stopped waits for no vendor.
func TestAPostEndsWithItsContext(t *testing.T) {
	entered := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a server notices that its caller left only after the body
		entered <- struct{}{}
		<-r.Context().Done()
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-entered; cancel() }()
	r, _ := connector.NewRobot("wecom", robot.Config{
		Base: server.URL, Key: "k", Client: outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(server.URL, "http://")}}),
	})
	if e := robot.As(r.Post(ctx, robot.Message{Title: "x"})); e == nil || !e.Retry {
		t.Errorf("got %+v, want a failed call that is worth another try", e)
	}
}

func TestAnyErrorIsAFailedCall(t *testing.T) {
	plain := robot.As(errors.New("broken pipe"))
	if !plain.Retry || plain.Text != "broken pipe" || plain.Code != 0 {
		t.Errorf("%+v", plain)
	}
	own := &robot.Error{Vendor: "wecom", Code: 93000}
	if got := robot.As(fmt.Errorf("outbox: %w", own)); got != own {
		t.Errorf("a wrapped refusal became %+v", got)
	}
}

// TestEachVendorHasItsRobotAndNobodyElseHas: the list that documents are checked
// against is the list that robots are made of.
func TestEachVendorHasItsRobotAndNobodyElseHas(t *testing.T) {
	for _, vendor := range connector.RobotVendors() {
		r, ok := connector.NewRobot(vendor, robot.Config{Now: time.Now})
		if !ok || r == nil || r.Limit() <= 0 {
			t.Errorf("%s: %v %v", vendor, r, ok)
		}
	}
	for _, name := range []string{"", "WeCom", "wecom ", "oceanengine", "robot", "slack"} {
		if r, ok := connector.NewRobot(name, robot.Config{}); ok || r != nil {
			t.Errorf("%q has a robot", name)
		}
	}
}
