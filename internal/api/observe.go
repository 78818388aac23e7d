package api

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"
)

// slow is from when on an answer is worth a line in the log.
const slow = time.Second

// requestIDLongest bounds an id that comes with a request.
const requestIDLongest = 64

// requestID is the request's own id if it is sane, a new one otherwise.
func requestID(r *http.Request) string {
	given := r.Header.Get("X-Request-Id")
	foreign := func(c rune) bool {
		return !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_' || c == '.')
	}
	if given == "" || len(given) > requestIDLongest || strings.ContainsFunc(given, foreign) {
		return rand.Text()
	}
	return given
}

// observe counts an answer and logs it under its request's id. The log has the
// route's pattern, never the address: that may hold tokens, names and numbers.
func (s *Server) observe(r *http.Request, w *recorder, route Route, began time.Time) {
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream") {
		return // as long as the browser stays
	}
	status, took := w.status, time.Since(began)
	if status == 0 {
		status = http.StatusOK
	}
	if s.Served != nil {
		s.Served(route.Path, r.Method, status, took)
	}
	log := s.Log.DebugContext
	if took > slow {
		log = s.Log.WarnContext
	}
	log(r.Context(), "request", "request", w.Header().Get("X-Request-Id"), "method", r.Method, "route", route.Path, "status", status,
		"milliseconds", took.Milliseconds())
}
