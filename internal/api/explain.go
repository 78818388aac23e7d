package api

import (
	"fmt"
	"strings"

	"clew.dev/clew/internal/fault"
)

// placeOf is where a fault is, as editors and terminals read it: file:line:column and the path.
func placeOf(f fault.Field) string {
	file, _ := f.Params["file"].(string)
	if f.Line > 0 {
		file = strings.TrimPrefix(fmt.Sprintf("%s:%d:%d", file, f.Line, f.Column), ":")
	}
	return strings.TrimSpace(file + " " + f.Path)
}

// Explain is an error in words for somebody at a terminal: a fault's sentence
// with what it is about, any other error as it is.
func Explain(language string, err error) string {
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	texts := loadMessages()
	if !texts.has(language, f.Code) {
		return err.Error()
	}
	said := []string{texts.text(language, f.Code, f.Params)}
	for _, field := range f.Fields {
		detail := field.Detail
		if detail == "" {
			detail = texts.text(language, field.Code, field.Params)
		}
		said = append(said, fmt.Sprintf("  %s: %s", placeOf(field), detail))
	}
	if f.Cause != nil {
		said = append(said, "  "+f.Cause.Error())
	}
	return strings.Join(said, "\n")
}
