// Package web holds the built front end and serves it.
package web

import (
	"bytes"
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var built embed.FS

const (
	page      = "index.html"
	unbuilt   = "the web app is not built: make build"
	immutable = "public, max-age=31536000, immutable"
)

// Handler serves the built front end.
func Handler() http.Handler {
	dist, err := fs.Sub(built, "dist")
	if err != nil {
		panic(err) // the name is a constant: this cannot be
	}
	return serve(dist)
}

// serve gives the files of dist, the page for every path that names none.
// What lies under assets has a hash in its name and is kept for ever.
func serve(dist fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		if _, err := fs.Stat(dist, page); err != nil {
			http.Error(w, unbuilt, http.StatusServiceUnavailable)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		asset := strings.HasPrefix(name, "assets/")
		info, err := fs.Stat(dist, name)
		known := err == nil && !info.IsDir()
		if asset && !known {
			http.NotFound(w, r)
			return
		}
		if !known {
			name = page
		}
		w.Header().Set("Cache-Control", "no-cache")
		if asset {
			w.Header().Set("Cache-Control", immutable)
		}
		send(w, r, dist, name)
	})
}

// send writes a file, gzipped where such a copy exists and the client takes it.
func send(w http.ResponseWriter, r *http.Request, dist fs.FS, name string) {
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	if squeezed, err := fs.ReadFile(dist, name+".gz"); err == nil {
		w.Header().Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(squeezed))
			return
		}
	}
	content, err := fs.ReadFile(dist, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}
