package config

import (
	"encoding/json"
	"fmt"
	"strings"

	"clew.dev/clew/internal/schema"
)

// Shape is one place in a kind's JSON Schema, with its references followed:
// what the place is called, and what may stand there.
type Shape struct {
	Title      schema.Label
	Type       string            // object, array, string, integer, boolean; "" for anything
	Properties map[string]*Shape // of an object with fixed keys
	Item       *Shape            // of a list
	Value      *Shape            // of an object with free keys
	Keys       *Shape            // what the free keys name, nil when they are plain text
	Choices    map[string]schema.Label
	Expression bool
	Label      bool   // a text by language
	Pick       string // what a text names: object, field, choice, role, pool …
	Of         string // the property that holds the object or field which Pick is about
	Format     string // how a value is read as one: duration, hours, values …
}

// ShapeOf reads the schema of a kind.
func ShapeOf(kind string) (*Shape, error) {
	files := map[string]map[string]any{}
	for _, name := range []string{"common", kind} {
		raw, err := SchemaOf(name)
		if err != nil {
			return nil, err
		}
		var parsed map[string]any
		if err := json.Unmarshal(raw, &parsed); err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		files[name] = parsed
	}
	r := shapeReader{common: files["common"]}
	return r.read(files[kind]), nil
}

type shapeReader struct{ common map[string]any }

// labelReference is how schemas refer to a text by language.
const labelReference = "#/$defs/label"

func (r shapeReader) read(node map[string]any) *Shape {
	reference, _ := node["$ref"].(string)
	s := &Shape{Label: strings.HasSuffix(reference, labelReference)}
	if _, name, ok := strings.Cut(reference, "#/$defs/"); ok {
		definitions, _ := r.common["$defs"].(map[string]any)
		if named, ok := definitions[name].(map[string]any); ok {
			label := s.Label
			s = r.read(named)
			s.Label = label
		}
	}
	r.words(s, node)
	r.parts(s, node)
	return s
}

// words takes over what a node says about itself.
func (r shapeReader) words(s *Shape, node map[string]any) {
	if title, ok := node["x-title"].(map[string]any); ok {
		s.Title = labelOf(title)
	}
	if choices, ok := node["x-choices"].(map[string]any); ok {
		s.Choices = map[string]schema.Label{}
		for name, title := range choices {
			titles, _ := title.(map[string]any)
			s.Choices[name] = labelOf(titles)
		}
	}
	for key, into := range map[string]*string{"type": &s.Type, "x-pick": &s.Pick, "x-of": &s.Of, "x-format": &s.Format} {
		if v, ok := node[key].(string); ok {
			*into = v
		}
	}
	if v, ok := node["x-expression"].(bool); ok {
		s.Expression = v
	}
}

// parts takes over what a node holds.
func (r shapeReader) parts(s *Shape, node map[string]any) {
	if properties, ok := node["properties"].(map[string]any); ok {
		s.Properties = map[string]*Shape{}
		for name, one := range properties {
			if one, ok := one.(map[string]any); ok {
				s.Properties[name] = r.read(one)
			}
		}
	}
	for key, into := range map[string]**Shape{"items": &s.Item, "additionalProperties": &s.Value, "x-keys": &s.Keys} {
		if one, ok := node[key].(map[string]any); ok {
			*into = r.read(one)
		}
	}
}

func labelOf(texts map[string]any) schema.Label {
	out := schema.Label{}
	for language, text := range texts {
		out[language], _ = text.(string)
	}
	return out
}
