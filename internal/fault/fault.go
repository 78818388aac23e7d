// Package fault is the program's vocabulary of failure: a kind that decides
// the HTTP status, a stable code, and one entry per field that is wrong.
//
// A fault is safe to show to a user. Every other error is internal: the edges
// log it under a request id and answer 500 with that id alone.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure it is; the edges map it to a status once.
type Kind int

// The kinds, with the HTTP status that the api package gives each.
const (
	Internal     Kind = iota // 500
	Malformed                // 400: cannot be parsed
	Unauthorized             // 401: who are you
	Forbidden                // 403: you may see it, but not do this
	NotFound                 // 404: absent, or not yours to see
	Conflict                 // 409
	Stale                    // 412: If-Match does not hold
	TooLarge                 // 413
	Invalid                  // 422: parsed, but wrong
	TooMany                  // 429
	Full                     // 507: no space left
	Unavailable              // 503, with Retry-After
)

// Field is one thing wrong with the input.
type Field struct {
	Path    string         // dotted path from the body's root, "" for the whole
	Code    string         // stable, snake_case
	Params  map[string]any // values for the message's placeholders
	Current any            // the stored value, on a conflict
	Line    int            // 1-based, for text documents; 0 when unknown
	Column  int            // 1-based, in characters
	Detail  string         // a ready sentence, where no catalogue entry fits (compile errors)
}

// Error is a failure that may be shown.
type Error struct {
	Kind   Kind
	Code   string
	Params map[string]any
	Fields []Field
	Extra  map[string]any // further members of the problem document
	Cause  error          // logged, never shown
}

// New makes a fault with a code of the message catalogue.
func New(kind Kind, code string, fields ...Field) *Error {
	return &Error{Kind: kind, Code: code, Fields: fields}
}

// Wrap makes a fault that remembers its internal cause.
func Wrap(kind Kind, code string, cause error) *Error {
	return &Error{Kind: kind, Code: code, Cause: cause}
}

// With adds one placeholder value for the message.
func (e *Error) With(name string, value any) *Error {
	if e.Params == nil {
		e.Params = map[string]any{}
	}
	e.Params[name] = value
	return e
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Path, f.Code)
		if f.Detail != "" {
			b.WriteString(" (" + f.Detail + ")")
		}
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// KindOf is the kind of err, Internal when it is no fault.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// As finds the fault in err.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Collector gathers the field faults of one input, so that a person sees them at once.
type Collector struct{ Fields []Field }

// most is how many faults of one input are told: nobody reads more, and an
// answer stays smaller than the nonsense that it answers.
const most = 200

// Add notes one fault; a nil fault, and one too many, is ignored.
func (c *Collector) Add(f *Field) {
	if f != nil && len(c.Fields) < most {
		c.Fields = append(c.Fields, *f)
	}
}

// Err is nil, or an Invalid fault with everything collected.
func (c *Collector) Err() error {
	if len(c.Fields) == 0 {
		return nil
	}
	return New(Invalid, "invalid_input", c.Fields...)
}
