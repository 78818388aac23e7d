package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestServe(t *testing.T) {
	dist := fstest.MapFS{
		"index.html":         {Data: []byte("<p>page")},
		"assets/app-1.js":    {Data: []byte("plain")},
		"assets/app-1.js.gz": {Data: []byte("squeezed")},
		"favicon.svg":        {Data: []byte("<svg/>")},
	}
	tests := []struct {
		name, path, accept string
		status             int
		body, cache, typed string
	}{
		{"the root is the page", "/", "", 200, "<p>page", "no-cache", "text/html"},
		{"so is a path of the router", "/leads/7", "gzip", 200, "<p>page", "no-cache", "text/html"},
		{"an asset is kept for ever", "/assets/app-1.js", "", 200, "plain", immutable, "text/javascript"},
		{"gzipped if the client takes it", "/assets/app-1.js", "br, gzip", 200, "squeezed", immutable, "text/javascript"},
		{"a gone asset is not the page", "/assets/app-0.js", "", 404, "404 page not found\n", "", "text/plain"},
		{"no way out of the folder", "/../embed.go", "", 200, "<p>page", "no-cache", "text/html"},
		{"other files are asked for again", "/favicon.svg", "", 200, "<svg/>", "no-cache", "image/svg+xml"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.URL.Path = test.path
			r.Header.Set("Accept-Encoding", test.accept)
			w := httptest.NewRecorder()
			serve(dist).ServeHTTP(w, r)
			h := w.Header()
			if w.Code != test.status || w.Body.String() != test.body || h.Get("Cache-Control") != test.cache {
				t.Errorf("got %d %q %q, want %d %q %q", w.Code, w.Body, h.Get("Cache-Control"), test.status, test.body, test.cache)
			}
			if !strings.HasPrefix(h.Get("Content-Type"), test.typed) {
				t.Errorf("Content-Type is %q, want %q", h.Get("Content-Type"), test.typed)
			}
		})
	}
}

func TestServeUnbuilt(t *testing.T) {
	w := httptest.NewRecorder()
	serve(fstest.MapFS{".keep": {}}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusServiceUnavailable || w.Body.String() != unbuilt+"\n" {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
}

func TestServeOnlyReads(t *testing.T) {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/leads", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("got %d", w.Code)
	}
}
