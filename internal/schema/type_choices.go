package schema

import "clew.dev/clew/internal/fault"

type choices struct{}

func (choices) Name() string     { return "choices" }
func (choices) Storage() Storage { return TextList }

// Parse gives the choices' ids in the field's own order, whatever order they came in.
func (choices) Parse(f *Field, raw any, _ Input) (any, *fault.Field) {
	items, ok := list(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	chosen := map[string]bool{}
	for _, s := range items {
		c, ok := f.FindChoice(s)
		if !ok {
			return nil, unknownChoice(f, s)
		}
		chosen[c.ID] = true
	}
	var ids []string
	for _, c := range f.Choices {
		if chosen[c.ID] {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return ids, nil
}

func (choices) Encode(f *Field, value any) any {
	ids, _ := value.([]string)
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		if c, ok := f.Choice(id); ok {
			id = c.Name
		}
		names = append(names, id)
	}
	return names
}

func (choices) Check(f *Field) *fault.Field {
	if e := neverIndexed(f); e != nil {
		return e
	}
	return checkChoices(f)
}
