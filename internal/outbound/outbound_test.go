package outbound_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/outbound"
)

func TestPublicRefusesEverythingInward(t *testing.T) {
	inward := strings.Fields(`127.0.0.1 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254
		100.64.0.1 198.18.0.1 192.0.2.1 224.0.0.1 255.255.255.255 ::1 :: ::ffff:169.254.169.254 ::ffff:10.0.0.1
		fc00::1 fd12::1 fe80::1 fec0::1 ff02::1 64:ff9b::7f00:1 2002:7f00:1:: 2001::1 2001:db8::1 ::127.0.0.1`)
	for _, text := range inward {
		if outbound.Public(netip.MustParseAddr(text)) {
			t.Errorf("%s counts as public", text)
		}
	}
	for _, text := range []string{"8.8.8.8", "120.53.12.1", "2400:3200::1", "::ffff:8.8.8.8"} {
		if !outbound.Public(netip.MustParseAddr(text)) {
			t.Errorf("%s counts as inward", text)
		}
	}
}

func TestDoRefusesWithEmptyConfiguration(t *testing.T) {
	var hits atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	client := outbound.New(outbound.Options{})
	defer client.Close()
	for _, address := range []string{
		server.URL, "http://localhost" + port, "http://[::1]" + port, "http://[::ffff:127.0.0.1]" + port,
		"http://0.0.0.0" + port, "https://127.0.0.1" + port, "http://169.254.169.254/latest", "http://8.8.8.8:22/", "http://8.8.8.8:5432/",
		"file:///etc/passwd", "gopher://8.8.8.8/", "unix:///run/x", "http://a@8.8.8.8/", "http:///x", "http://8.8.8.8/\r\nX: y", "",
	} {
		_, err := client.Do(t.Context(), outbound.Request{URL: address})
		if fault.KindOf(err) != fault.Malformed {
			t.Errorf("%q: %v, want a refusal", address, err)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d calls went through", n)
	}
}

func TestDoRefusesLineBreaksInHeaders(t *testing.T) {
	_, err := outbound.New(outbound.Options{}).Do(t.Context(), outbound.Request{
		URL: "https://example.com/", Header: map[string]string{"X-A": "b\r\nX-C: d"}})
	if f, ok := fault.As(err); !ok || f.Code != "invalid_header" {
		t.Errorf("got %v", err)
	}
}

func allowed(server *httptest.Server, o outbound.Options) *outbound.Client {
	o.Allow = []string{strings.TrimPrefix(server.URL, "http://")}
	return outbound.New(o)
}

func TestDoFollowsNoRedirectAndBoundsTheAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
			return
		}
		_, _ = w.Write(make([]byte, outbound.BodyLimit+1))
	}))
	defer server.Close()
	client := allowed(server, outbound.Options{Only: true})
	res, err := client.Do(t.Context(), outbound.Request{URL: server.URL + "/away"})
	if err != nil || res.Status != http.StatusFound {
		t.Errorf("redirect: %d %v", res.Status, err)
	}
	if _, err := client.Do(t.Context(), outbound.Request{URL: server.URL + "/long"}); err == nil {
		t.Error("an endless answer was taken")
	}
	res, err = client.Do(t.Context(), outbound.Request{URL: server.URL + "/long", MaxBody: 1 << 30})
	if err != nil || len(res.Body) != outbound.BodyLimit+1 {
		t.Errorf("asked for more: %d bytes, %v", len(res.Body), err)
	}
	if _, err := client.Do(t.Context(), outbound.Request{URL: "https://example.com/"}); fault.KindOf(err) != fault.Malformed {
		t.Errorf("Only let another host through: %v", err)
	}
}

func TestDoGivesUpOnAHangingHost(t *testing.T) {
	stop := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(stop)
	client := allowed(server, outbound.Options{Total: 50 * time.Millisecond})
	_, err := client.Do(t.Context(), outbound.Request{URL: server.URL + "/?key=hidden"})
	if err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("got %v, want a time-out without the query", err)
	}
}

func TestDoBoundsCallsPerHost(t *testing.T) {
	var now, most atomic.Int32
	entered, leave := make(chan struct{}, 8), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		entered <- struct{}{}
		<-leave
		now.Add(-1)
	}))
	defer server.Close()
	client := allowed(server, outbound.Options{PerHost: 2})
	done := make(chan error, 6)
	for range 6 {
		go func() {
			_, err := client.Do(context.Background(), outbound.Request{URL: server.URL})
			done <- err
		}()
	}
	<-entered
	<-entered
	for range 6 {
		leave <- struct{}{}
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() > 2 {
		t.Errorf("%d calls at a time", most.Load())
	}
}
