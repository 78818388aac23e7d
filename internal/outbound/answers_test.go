package outbound_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/outbound"
)

// echo answers with what it heard: method, path and query, headers, body.
func echo(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Heard", r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("User-Agent")+" ["+strings.Join(r.Header["X-Many"], "|")+"]"+r.Header.Get("Accept-Encoding"))
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestARequestArrivesAsItWasMade(t *testing.T) {
	server := echo(t)
	client := allowed(server, outbound.Options{})
	for _, c := range []struct {
		request outbound.Request
		heard   string
	}{
		{outbound.Request{URL: server.URL}, "GET / Clew []"},
		{outbound.Request{URL: server.URL + "/a%2Fb/../c?x=1&x=2#gone"}, "GET /a%2Fb/../c?x=1&x=2 Clew []"},
		{outbound.Request{Method: "PUT", URL: server.URL + "/密", Body: []byte("线索")}, "PUT /%E5%AF%86 Clew []"},
		{outbound.Request{Method: "DELETE", URL: server.URL, Header: map[string]string{"User-Agent": "own", "X-Many": "a, b"}}, "DELETE / own [a, b]"},
	} {
		res, err := client.Do(t.Context(), c.request)
		if err != nil || res.Status != http.StatusAccepted || res.Header.Get("X-Heard") != c.heard || !bytes.Equal(res.Body, c.request.Body) {
			t.Errorf("%s: %d %q %q %v, want %q", c.request.URL, res.Status, res.Header.Get("X-Heard"), res.Body, err, c.heard)
		}
	}
	for _, method := range []string{"GET ", "G\r\nX: y", "日"} {
		if _, err := client.Do(t.Context(), outbound.Request{Method: method, URL: server.URL}); fault.KindOf(err) != fault.Malformed {
			t.Errorf("method %q: %v", method, err)
		}
	}
}

// TestHowMuchOfAnAnswerIsTaken: exactly the limit is; one byte more is not, and
// nobody can ask for more than the ceiling.
func TestHowMuchOfAnAnswerIsTaken(t *testing.T) {
	size := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, size)) }))
	defer server.Close()
	client := allowed(server, outbound.Options{})
	for _, c := range []struct {
		asked int64
		size  int
		ok    bool
	}{
		{0, 0, true}, {0, outbound.BodyLimit, true}, {0, outbound.BodyLimit + 1, false}, {-1, outbound.BodyLimit + 1, false},
		{10, 10, true}, {10, 11, false}, {1 << 40, outbound.BodyCeiling, true}, {1 << 40, outbound.BodyCeiling + 1, false},
	} {
		size = c.size
		res, err := client.Do(t.Context(), outbound.Request{URL: server.URL, MaxBody: c.asked})
		if (err == nil) != c.ok || c.ok && len(res.Body) != c.size {
			t.Errorf("asked for %d, %d were sent: %d bytes, %v", c.asked, c.size, len(res.Body), err)
		}
	}
}

// TestABombIsNotUnpacked: a small answer that would become a large one stays small.
func TestABombIsNotUnpacked(t *testing.T) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(make([]byte, 64<<20)); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	}))
	defer server.Close()
	res, err := allowed(server, outbound.Options{}).Do(t.Context(), outbound.Request{URL: server.URL})
	if err != nil || len(res.Body) != packed.Len() {
		t.Errorf("%d bytes of %d, %v", len(res.Body), packed.Len(), err)
	}
}

// TestNoRedirectIsFollowed, by no status and to no place: where it leads to is
// for whoever asked to see.
func TestNoRedirectIsFollowed(t *testing.T) {
	hits, port := inside(t)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{"http://127.0.0.1" + port, "/again", "file:///etc/passwd", "//127.0.0.1" + port} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/" {
					hits.Add(1)
				}
				w.Header().Set("Location", to)
				w.WriteHeader(status)
			}))
			client := allowed(server, outbound.Options{})
			res, err := client.Do(t.Context(), outbound.Request{Method: "POST", URL: server.URL, Header: map[string]string{"Authorization": "x"}})
			if err != nil || res.Status != status || res.Header.Get("Location") != to {
				t.Errorf("%d to %s: %d %v", status, to, res.Status, err)
			}
			plain, err := client.HTTP().Get(server.URL)
			if err != nil || plain.StatusCode != status {
				t.Errorf("%d to %s by a library: %v", status, to, err)
			}
			server.Close()
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d redirects were followed", hits.Load())
	}
}

// TestAddressesThatAreNotTried: each is refused before a name is looked up.
func TestAddressesThatAreNotTried(t *testing.T) {
	n := resolve(t, map[string][][]string{"*": {{"127.0.0.1"}}})
	client := outbound.New(outbound.Options{})
	for _, address := range []string{
		"", "/", "x", "example.test", "//example.test/", "http:", "http:///", "http://", "http:example.test", "https:/example.test",
		"ftp://example.test/", "file:///etc/passwd", "file://example.test/x", "unix:///run/x.sock", "gopher://example.test/", "javascript:alert(1)", "data:text/plain,x",
		"ws://example.test/", "http+unix://example.test", "http://a@example.test/", "http://a:b@example.test/", "http://@example.test/", "http://exa mple.test/",
		"http://example.test:port/", "http://[::1/", "http://%zz/", "http://example.test/\x00", "http://example.test/\nHost: x", "\thttp://example.test/", "http://:80/",
	} {
		_, err := client.Do(t.Context(), outbound.Request{URL: address})
		if f, ok := fault.As(err); !ok || f.Code != "invalid_url" {
			t.Errorf("%q: %v", address, err)
		}
	}
	if len(n.asked) != 0 {
		t.Errorf("looked up: %v", n.asked)
	}
	for name, value := range map[string]string{"X\r\nY": "a", "X": "a\nb", "Y": "a\rb", "Z": "a\x00b"} {
		_, err := client.Do(t.Context(), outbound.Request{URL: "https://example.test/", Header: map[string]string{name: value}})
		if f, ok := fault.As(err); !ok || f.Code != "invalid_header" {
			t.Errorf("header %q %q: %v", name, value, err)
		}
	}
}

// TestALibrarysCallArrivesWhole, or is not made: a body that is cut short would
// be taken for what was meant.
func TestALibrarysCallArrivesWhole(t *testing.T) {
	server := echo(t)
	client := allowed(server, outbound.Options{}).HTTP()
	for _, size := range []int{0, 1, 1 << 16, outbound.BodyLimit} {
		sent := bytes.Repeat([]byte{'x'}, size)
		res, err := client.Post(server.URL+"/token?a=b", "text/plain", bytes.NewReader(sent))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		if err != nil || !bytes.Equal(got, sent) || res.StatusCode != http.StatusAccepted || res.ContentLength != int64(size) {
			t.Errorf("%d bytes: %d came back, %v", size, len(got), err)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	if res, err := client.Post(server.URL, "text/plain", bytes.NewReader(make([]byte, outbound.BodyLimit+1))); err == nil {
		got, _ := io.ReadAll(res.Body)
		t.Errorf("a body over the limit was sent with %d bytes", len(got))
	}
	request, err := http.NewRequest("GET", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header["X-Many"] = []string{"a", "b"}
	res, err := client.Do(request)
	if err != nil || !strings.Contains(res.Header.Get("X-Heard"), "a, b") {
		t.Errorf("a header of two values is heard as %q, %v", res.Header.Get("X-Heard"), err)
	}
	broken := errors.New("broken")
	if _, err := client.Post(server.URL, "text/plain", io.MultiReader(strings.NewReader("abc"), failing{broken})); !errors.Is(err, broken) {
		t.Errorf("a body that breaks off: %v", err)
	}
	if _, err := client.Get("http://127.0.0.1:1/"); err == nil || fault.KindOf(errors.Unwrap(err)) != fault.Malformed {
		t.Errorf("an address inside by a library: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestAHostThatHangsHoldsUpNobodyElse: its callers wait for its places, and give
// up with their own time; another host's go on.
func TestAHostThatHangsHoldsUpNobodyElse(t *testing.T) {
	entered, leave := make(chan struct{}, 2), make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { entered <- struct{}{}; <-leave }))
	defer hanging.Close()
	quick := echo(t)
	client := outbound.New(outbound.Options{PerHost: 2, Allow: []string{strings.TrimPrefix(hanging.URL, "http://"), strings.TrimPrefix(quick.URL, "http://")}})
	done := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := client.Do(context.Background(), outbound.Request{URL: hanging.URL})
			done <- err
		}()
	}
	<-entered
	<-entered
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := client.Do(ctx, outbound.Request{URL: hanging.URL}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a third call: %v", err)
	}
	if res, err := client.Do(t.Context(), outbound.Request{URL: quick.URL}); err != nil || res.Status != http.StatusAccepted {
		t.Errorf("another host: %v", err)
	}
	close(leave)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
