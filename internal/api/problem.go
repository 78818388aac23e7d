package api

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"clew.dev/clew/internal/fault"
)

// statuses maps each kind of fault to its HTTP status, once.
func statuses() map[fault.Kind]int {
	return map[fault.Kind]int{
		fault.Internal:     http.StatusInternalServerError,
		fault.Malformed:    http.StatusBadRequest,
		fault.Unauthorized: http.StatusUnauthorized,
		fault.Forbidden:    http.StatusForbidden,
		fault.NotFound:     http.StatusNotFound,
		fault.Conflict:     http.StatusConflict,
		fault.Stale:        http.StatusPreconditionFailed,
		fault.TooLarge:     http.StatusRequestEntityTooLarge,
		fault.Invalid:      http.StatusUnprocessableEntity,
		fault.TooMany:      http.StatusTooManyRequests,
		fault.Full:         http.StatusInsufficientStorage,
		fault.Unavailable:  http.StatusServiceUnavailable,
	}
}

// unavailableRetry is the Retry-After of a database that is down, in seconds.
const unavailableRetry = 2

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Code   string         `json:"code"`
	Detail string         `json:"detail,omitempty"`
	Errors []ProblemField `json:"errors,omitempty"`
}

// ProblemField is one thing wrong with the input.
type ProblemField struct {
	Path    string `json:"path"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Current any    `json:"current,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

// writeError answers any error: a fault as itself, everything else as 500
// with the request's id, after logging it under that id.
func (s *Server) writeError(c *Call, err error) {
	f, ok := fault.As(err)
	if !ok {
		f = fault.Wrap(fault.Internal, "internal", err)
	}
	if f.Kind == fault.Internal || f.Cause != nil && (f.Kind == fault.Unavailable || f.Kind == fault.Full) {
		level := slog.LevelError
		if errors.Is(c.R.Context().Err(), context.Canceled) {
			level = slog.LevelInfo // who asked went away, which is what failed
		}
		s.Log.Log(c.R.Context(), level, "request failed", "request", c.RequestID, "method", c.R.Method,
			"route", c.Route.Path, "error", err)
	}
	if f.Kind == fault.Internal {
		f = fault.New(fault.Internal, "internal").With("request", c.RequestID)
		f.Extra = map[string]any{"request_id": c.RequestID}
	}
	s.writeStatus(c, statuses()[f.Kind], f)
}

// writeStatus writes a fault as a problem document with this status.
func (s *Server) writeStatus(c *Call, status int, f *fault.Error) {
	body, err := encode(s.problem(c.Language, status, f))
	if err != nil {
		s.Log.Error("problem cannot be encoded", "request", c.RequestID, "error", err)
	}
	h := c.W.Header()
	for _, name := range []string{"ETag", "Last-Modified", "Content-Disposition"} {
		h.Del(name)
	}
	h.Set("Content-Type", "application/problem+json; charset=utf-8")
	h.Set("Content-Language", c.Language)
	h.Set("Cache-Control", "no-store")
	switch after, limited := f.Params["retry_after"].(int); {
	case limited:
		h.Set("Retry-After", strconv.Itoa(after))
	case status == http.StatusServiceUnavailable:
		h.Set("Retry-After", strconv.Itoa(unavailableRetry))
	}
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="clew"`)
	}
	c.W.WriteHeader(status)
	_, _ = c.W.Write(body) // a client that left cannot be told so
}

// problem is the document: the members of RFC 9457, and the fault's further ones.
func (s *Server) problem(language string, status int, f *fault.Error) map[string]any {
	document := map[string]any{
		"type": "urn:clew:" + f.Code, "status": status, "code": f.Code,
		"title": s.messages.text(language, f.Code, f.Params),
	}
	if len(f.Fields) > 0 {
		document["errors"] = s.Fields(language, f.Fields)
	}
	if after, ok := f.Params["retry_after"]; ok {
		document["retry_after"] = after
	}
	for _, name := range slices.Sorted(maps.Keys(f.Extra)) {
		document[name] = f.Extra[name]
	}
	return document
}

// Fields are field faults as problem documents and batch answers show them.
func (s *Server) Fields(language string, fields []fault.Field) []ProblemField {
	shown := make([]ProblemField, 0, len(fields))
	for _, f := range fields {
		message := f.Detail
		if message == "" || language != "en" && s.messages.has(language, f.Code) {
			message = s.messages.text(language, f.Code, f.Params)
			if _, caret, ok := strings.Cut(f.Detail, "\n"); ok {
				message += "\n" + caret // the source line with a caret below the place
			}
		}
		shown = append(shown, ProblemField{
			Path: f.Path, Code: f.Code, Message: message, Current: f.Current, Line: f.Line, Column: f.Column,
		})
	}
	return shown
}
