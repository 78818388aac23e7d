package schema

import (
	"strings"

	"clew.dev/clew/internal/fault"
)

// percent is a number that is shown with a percent sign: 12.5 means 12.5 %.
type percent struct{ number }

func (percent) Name() string { return "percent" }

func (percent) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	if s, ok := raw.(string); ok {
		raw = strings.TrimSuffix(Clean(s), "%")
	}
	return number{}.Parse(f, raw, in)
}
