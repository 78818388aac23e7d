package schema

import "clew.dev/clew/internal/fault"

type longText struct{}

func (longText) Name() string     { return "long_text" }
func (longText) Storage() Storage { return Text }

func (longText) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	s, ok := scalar(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	if s == "" {
		return nil, nil
	}
	return limited(f, s, longTextLimit, in)
}

func (longText) Encode(_ *Field, value any) any { return value }

func (longText) Check(f *Field) *fault.Field {
	if e := neverIndexed(f); e != nil {
		return e
	}
	return checkMax(f, longTextLimit)
}
