package schema

import "clew.dev/clew/internal/fault"

const idLimit = 64

type person struct{}

func (person) Name() string     { return "person" }
func (person) Storage() Storage { return Text }

// Parse reads a user's id, or {id}. Whether there is such a user is the writer's business.
func (person) Parse(f *Field, raw any, _ Input) (any, *fault.Field) { return parseID(f, raw) }

func parseID(f *Field, raw any) (any, *fault.Field) {
	if m, ok := raw.(map[string]any); ok {
		if raw, ok = m["id"]; !ok { // names nobody; it must not be taken for a blank
			return nil, wrong(f, "invalid_type")
		}
	}
	s, ok := scalar(raw)
	if !ok || len(s) > idLimit {
		return nil, wrong(f, "invalid_type")
	}
	if s == "" {
		return nil, nil
	}
	return s, nil
}

func (person) Encode(_ *Field, value any) any { return value }

func (person) Check(*Field) *fault.Field { return nil }
