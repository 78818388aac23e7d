package schema

import (
	"fmt"
	"strings"

	"clew.dev/clew/internal/fault"
)

type choice struct{}

func (choice) Name() string     { return "choice" }
func (choice) Storage() Storage { return Text }

// Parse finds a choice by id, name, or label in any language.
func (choice) Parse(f *Field, raw any, _ Input) (any, *fault.Field) {
	s, ok := scalar(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	if s == "" {
		return nil, nil
	}
	c, ok := f.FindChoice(s)
	if !ok {
		return nil, unknownChoice(f, s)
	}
	return c.ID, nil
}

func unknownChoice(f *Field, s string) *fault.Field {
	e := wrong(f, "unknown_choice")
	e.Params = map[string]any{"value": s}
	return e
}

// FindChoice finds a choice that is still offered by id, then by name, then by
// label in any language; case and width of letters do not matter for labels.
func (f *Field) FindChoice(s string) (Choice, bool) {
	if c, ok := f.Choice(s); ok {
		return c, true
	}
	for _, c := range f.Choices {
		if !c.Retired && Clean(c.Name) == s {
			return c, true
		}
	}
	for _, c := range f.Choices {
		for _, l := range c.Label {
			if !c.Retired && strings.EqualFold(Clean(l), s) {
				return c, true
			}
		}
	}
	return Choice{}, false
}

// Encode gives the choice's name; one that is gone keeps its id.
func (choice) Encode(f *Field, value any) any {
	id, _ := value.(string)
	if c, ok := f.Choice(id); ok {
		return c.Name
	}
	return id
}

func (choice) Check(f *Field) *fault.Field { return checkChoices(f) }

func checkChoices(f *Field) *fault.Field {
	if len(f.Choices) == 0 {
		return &fault.Field{Path: "choices", Code: "required"}
	}
	ids, names := map[string]bool{}, map[string]bool{}
	for i, c := range f.Choices {
		path := fmt.Sprintf("choices.%d", i)
		switch {
		case c.ID == "":
			return &fault.Field{Path: path + ".id", Code: "required"}
		case Clean(c.Name) == "":
			return &fault.Field{Path: path + ".name", Code: "required"}
		case ids[c.ID]:
			return &fault.Field{Path: path + ".id", Code: "duplicate", Params: map[string]any{"value": c.ID}}
		case names[Clean(c.Name)] && !c.Retired:
			return &fault.Field{Path: path + ".name", Code: "duplicate", Params: map[string]any{"value": c.Name}}
		}
		ids[c.ID] = true
		names[Clean(c.Name)] = names[Clean(c.Name)] || !c.Retired
	}
	return nil
}
