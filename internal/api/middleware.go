package api

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"clew.dev/clew/internal/account"
)

// contentPolicy lets pages load from this host only and be framed by nobody.
// Styles may stand in the page: the front end's components set them at run time.
const contentPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

// outermost is around everything: it sets what every answer carries and turns
// a panic into a 500 that names the request.
func (s *Server) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.securityHeaders(w, r)
		id := requestID(r)
		w.Header().Set("X-Request-Id", id)
		recorder := &recorder{ResponseWriter: w}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.Log.ErrorContext(r.Context(), "panic", "request", id, "panic", p, "stack", string(debug.Stack()))
			if !recorder.wrote {
				s.writeError(s.newCall(recorder, r, Route{}), fmt.Errorf("panic: %v", p))
			}
		}()
		next.ServeHTTP(recorder, r)
	})
}

func (s *Server) securityHeaders(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if s.secure(r) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// recorder knows whether an answer has begun; flushing passes through to the connection.
type recorder struct {
	http.ResponseWriter
	wrote  bool
	status int
}

func (w *recorder) WriteHeader(status int) {
	if !w.wrote {
		w.status = status
	}
	w.wrote = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	w.wrote = true
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// newCall makes the call of somebody not yet known.
func (s *Server) newCall(w http.ResponseWriter, r *http.Request, route Route) *Call {
	c := &Call{W: w, R: r, Route: route, RequestID: w.Header().Get("X-Request-Id"), Address: s.address(r), server: s}
	c.Language = acceptedLanguage(r.Header.Get("Accept-Language"))
	if c.Language == "" {
		c.Language = account.Languages()[0]
	}
	return c
}

// serve is one route with everything before its handler: limits, who asks, may he, was it asked before.
func (s *Server) serve(route Route) http.HandlerFunc {
	limit := route.Limit
	if limit == 0 {
		limit = bodyLimit
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if recorder, ok := w.(*recorder); ok {
			defer s.observe(r, recorder, route, time.Now())
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		c := s.newCall(w, r, route)
		w.Header().Set("Cache-Control", "no-store")
		if err := s.answer(c); err != nil {
			s.writeError(c, err)
		}
	}
}

func (s *Server) answer(c *Call) error {
	if err := s.identify(c); err != nil {
		return err
	}
	if err := c.Route.Policy.check(c); err != nil {
		return err
	}
	if err := c.checkPath(); err != nil {
		return err
	}
	if err := c.readQuery(); err != nil {
		return err
	}
	if c.R.Method == http.MethodPost && !c.Route.Anew && c.User.ID != "" && c.R.Header.Get("Idempotency-Key") != "" {
		return s.answerOnce(c)
	}
	return c.Route.Handle(c)
}
