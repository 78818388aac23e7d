package schema

import (
	"strings"

	"clew.dev/clew/internal/fault"
)

const (
	textLimit     = 500
	longTextLimit = 50_000
)

type text struct{}

func (text) Name() string     { return "text" }
func (text) Storage() Storage { return Text }

func (text) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	s, ok := scalar(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	if s = strings.Join(strings.Fields(s), " "); s == "" {
		return nil, nil
	}
	return limited(f, s, textLimit, in)
}

func (text) Encode(_ *Field, value any) any { return value }

func (text) Check(f *Field) *fault.Field { return checkMax(f, textLimit) }

func checkMax(f *Field, limit int) *fault.Field {
	if f.Max < 0 || f.Max > limit {
		return &fault.Field{Path: "max", Code: "out_of_range", Params: map[string]any{"min": 1, "max": limit}}
	}
	return nil
}
