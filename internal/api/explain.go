package api

import (
	"fmt"
	"strings"

	"clew.dev/clew/internal/fault"
)

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
		said = append(said, fmt.Sprintf("  %s: %s", field.Path, detail))
	}
	if f.Cause != nil {
		said = append(said, "  "+f.Cause.Error())
	}
	return strings.Join(said, "\n")
}
