package expr

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"clew.dev/clew/internal/fault"
	"golang.org/x/text/width"
)

// FieldOf is what a compilation or Program.SQLProblem gave, as a fault's entry
// for the input at path.
func FieldOf(err error, path string) fault.Field {
	var syntax *SyntaxError
	var sql *SQLError
	switch {
	case errors.As(err, &syntax):
		return syntax.field(path)
	case errors.As(err, &sql):
		return fault.Field{Path: path, Code: "not_filterable", Params: map[string]any{"name": sql.Function}, Detail: sql.Error()}
	}
	return fault.Field{Path: path, Code: "invalid_expression", Detail: err.Error()}
}

// Refusal is the same as an Invalid fault of its own.
func Refusal(err error, path string) *fault.Error {
	return fault.New(fault.Invalid, "invalid_expression", FieldOf(err, path))
}

// SyntaxError is an expression that does not compile. A field that the caller
// may not see and one that does not exist give the same bytes.
type SyntaxError struct {
	Code       string // stable: syntax, unknown_field, ambiguous_field, unknown_choice, unknown_function, wrong_type, …
	Message    string // one English sentence, without position
	Name       string // the name or function that it is about, "" if none
	Suggestion string // what may have been meant, "" if nothing is near
	Line       int    // 1-based
	Column     int    // 1-based, in characters
	Caret      string // the source line and a caret below the place
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s\n%s", e.Line, e.Column, e.sentence(), e.Caret)
}

func (e *SyntaxError) sentence() string {
	if e.Suggestion == "" {
		return e.Message
	}
	return e.Message + "; did you mean " + e.Suggestion + "?"
}

func (e *SyntaxError) field(path string) fault.Field {
	params := map[string]any{}
	if e.Name != "" {
		params["name"] = e.Name
	}
	if e.Suggestion != "" {
		params["suggestion"] = e.Suggestion
	}
	return fault.Field{
		Path: path, Code: e.Code, Params: params, Line: e.Line, Column: e.Column,
		Detail: e.sentence() + "\n" + e.Caret,
	}
}

// syntaxErrorAt places an error at a byte offset of the source.
func syntaxErrorAt(src string, offset int, code, message string) *SyntaxError {
	offset = min(max(offset, 0), len(src))
	before := src[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	line := src[start:]
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	lead := src[start:offset]
	return &SyntaxError{
		Code: code, Message: message,
		Line:   strings.Count(before, "\n") + 1,
		Column: utf8.RuneCountInString(lead) + 1,
		Caret:  strings.ToValidUTF8(line, "�") + "\n" + pad(lead) + "^",
	}
}

// pad is as wide on a screen as lead: wide characters become ideographic spaces,
// accents of their own nothing.
func pad(lead string) string {
	return strings.Map(func(r rune) rune {
		switch kind := width.LookupRune(r).Kind(); {
		case r == '\t':
			return r
		case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
			return '\u3000'
		case unicode.Is(unicode.Mn, r):
			return -1
		}
		return ' '
	}, lead)
}

// EvalError is a value that cannot be had from these inputs.
type EvalError struct {
	Code     string // overflow, too_long, wrong_type
	Function string // the operator or function
}

func (e *EvalError) Error() string { return "expression: " + e.Code + " in " + e.Function }

// SQLError names what keeps an expression from being a filter, scope or sort.
type SQLError struct{ Function string }

func (e *SQLError) Error() string {
	return e.Function + " cannot be used in a filter, scope or sort: it cannot be computed inside the database"
}
