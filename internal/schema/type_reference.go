package schema

import "clew.dev/clew/internal/fault"

type reference struct{}

func (reference) Name() string     { return "reference" }
func (reference) Storage() Storage { return Text }

// Parse reads a record's id, or {id}. Whether there is such a record is the writer's business.
func (reference) Parse(f *Field, raw any, _ Input) (any, *fault.Field) { return parseID(f, raw) }

func (reference) Encode(_ *Field, value any) any { return value }

func (reference) Check(f *Field) *fault.Field {
	if f.ObjectName == "" {
		return &fault.Field{Path: "object", Code: "required"}
	}
	return nil
}
