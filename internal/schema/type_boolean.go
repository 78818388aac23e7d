package schema

import (
	"strings"

	"clew.dev/clew/internal/fault"
)

type boolean struct{}

func (boolean) Name() string     { return "boolean" }
func (boolean) Storage() Storage { return Boolean }

func (boolean) Parse(f *Field, raw any, _ Input) (any, *fault.Field) {
	s, ok := scalar(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	switch strings.ToLower(s) {
	case "":
		return nil, nil
	case "true", "1", "yes", "on", "是", "有", "对":
		return true, nil
	case "false", "0", "no", "off", "否", "无", "不":
		return false, nil
	}
	return nil, wrong(f, "invalid_boolean")
}

func (boolean) Encode(_ *Field, value any) any { return value }

func (boolean) Check(f *Field) *fault.Field {
	if f.Unique {
		return &fault.Field{Path: "unique", Code: "not_for_type"}
	}
	return nil
}
