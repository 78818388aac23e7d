package schema

import (
	"unicode/utf8"

	"clew.dev/clew/internal/fault"
)

const (
	tagLimit  = 64 // characters of one tag
	tagsLimit = 50 // tags of one field
)

type tags struct{}

func (tags) Name() string     { return "tags" }
func (tags) Storage() Storage { return TextList }

// Parse keeps the order in which tags came and drops repetitions.
func (tags) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	items, ok := list(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	if len(items) == 0 {
		return nil, nil
	}
	if len(items) > tagsLimit {
		if in.Person {
			return nil, wrong(f, "too_many")
		}
		in.flag(f, "too_many")
		items = items[:tagsLimit]
	}
	for i, s := range items {
		if utf8.RuneCountInString(s) <= tagLimit {
			continue
		}
		if in.Person {
			return nil, &fault.Field{Path: f.Name, Code: "too_long", Params: map[string]any{"max": tagLimit}}
		}
		in.flag(f, "too_long")
		items[i] = string([]rune(s)[:tagLimit])
	}
	return distinct(items), nil
}

func (tags) Encode(_ *Field, value any) any { return value }

func (tags) Check(f *Field) *fault.Field {
	return neverIndexed(f)
}
