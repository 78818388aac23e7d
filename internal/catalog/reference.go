package catalog

import (
	"regexp"
	"slices"
	"strings"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
)

// Target is what a place of a document names: a document, or a field of an
// object, or a choice of a field.
type Target struct{ Kind, Name, Field, Choice string }

// Usage is a place that names a target.
type Usage struct {
	Document config.Document
	Leaf     config.Leaf
}

// Uses lists the places of other documents that name a target, in the order of
// the documents. A target without a field stands for the whole document.
func (s *Snapshot) Uses(t Target) ([]Usage, error) {
	var found []Usage
	for _, d := range s.AllDocuments() {
		if d.Kind == t.Kind && d.Name == t.Name && t.Field == "" {
			continue
		}
		leaves, err := config.Leaves(d)
		if err != nil {
			return nil, err
		}
		for _, leaf := range leaves {
			if t.Choice == "" && leaf.Shape.Pick == "choice" && leaf.Shape.Of == "@key" {
				continue // the key before it names the field already
			}
			if slices.ContainsFunc(s.targets(d, leaf), t.includes) {
				found = append(found, Usage{d, leaf})
			}
		}
	}
	return found, nil
}

// includes says whether naming the other is naming this, or a part of it.
func (t Target) includes(named Target) bool {
	return t.Kind == named.Kind && t.Name == named.Name &&
		(t.Field == "" || t.Field == named.Field) && (t.Choice == "" || t.Choice == named.Choice)
}

// targets are what a text of a document names.
func (s *Snapshot) targets(d config.Document, l config.Leaf) []Target {
	if l.Shape.Expression {
		return s.namedBy(expressionObject(d, l), l.Text)
	}
	switch l.Shape.Pick {
	case "":
		if l.Shape.Format == "sort" {
			return s.sorted(d, l)
		}
	case "object":
		return []Target{{Kind: "object", Name: l.Text}}
	case "field":
		return []Target{{Kind: "object", Name: l.ObjectName(d), Field: l.Text}}
	case "choice":
		return []Target{s.choiceNamed(l.ObjectName(d), l.Sibling(l.Shape.Of), l.Text)}
	case "any-field":
		return s.onTheWay(l)
	case "recipient":
		kind, name, _ := strings.Cut(l.Text, ":")
		return []Target{{Kind: kind, Name: name}}
	case "event":
		if field, ok := strings.CutPrefix(l.Text, "changed:"); ok {
			return []Target{{Kind: "object", Name: l.ObjectName(d), Field: field}}
		}
	default:
		return []Target{{Kind: l.Shape.Pick, Name: l.Text}}
	}
	return nil
}

func (s *Snapshot) sorted(d config.Document, l config.Leaf) []Target {
	var out []Target
	for _, key := range strings.Split(l.Text, ",") {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(key), "-"), ":") // of a group, with its step
		out = append(out, Target{Kind: "object", Name: l.ObjectName(d), Field: name})
	}
	return out
}

// expressionObject is the object that an expression is about, the nearest
// around it; in a role, the key.
func expressionObject(d config.Document, l config.Leaf) string {
	if d.Kind == "role" {
		return l.Sibling("@key")
	}
	return l.Sibling("object")
}

var storedID = regexp.MustCompile(`\{\{([^}]+)\}\}`)

// namedBy are the fields and choices that an expression names.
func (s *Snapshot) namedBy(objectName, text string) []Target {
	object, ok := s.Object(objectName)
	if !ok {
		return nil
	}
	p, err := expr.Compile(text, s.FilterEnv(object), expr.Unknown)
	if err != nil {
		return nil
	}
	var out []Target
	for _, match := range storedID.FindAllStringSubmatch(p.Stored(), -1) {
		if t, ok := partOf(object, match[1]); ok {
			out = append(out, t)
		}
	}
	return out
}

// partOf finds what a stored name stands for: a field's id, or that and a choice's.
func partOf(object *schema.Object, id string) (Target, bool) {
	field, choice, _ := strings.Cut(id, "#")
	f, ok := object.FieldByID(field)
	if !ok {
		return Target{}, false
	}
	t := Target{Kind: "object", Name: object.Name, Field: f.Name}
	if c, ok := f.FindChoice(choice); ok {
		t.Choice = c.Name
	}
	return t, true
}

// choiceNamed is a choice by whatever a document calls it: its name, its id or a label.
func (s *Snapshot) choiceNamed(objectName, field, text string) Target {
	t := Target{Kind: "object", Name: objectName, Field: field, Choice: text}
	if object, ok := s.Object(objectName); ok {
		if f, ok := object.Field(field); ok {
			if c, ok := f.FindChoice(schema.Clean(text)); ok {
				t.Choice = c.Name
			}
		}
	}
	return t
}

// onTheWay is a reference of the way that a cycle or a related list follows from
// its object: each belongs to what the one before points to.
func (s *Snapshot) onTheWay(l config.Leaf) []Target {
	if len(l.Around) == 0 {
		return nil
	}
	part := l.Around[len(l.Around)-1]
	name, _ := part["object"].(string)
	before := []any{part["by"]}
	if list, ok := part["through"].([]any); ok {
		before = list[:l.Places[len(l.Places)-1].Position-1]
	}
	for _, one := range before {
		object, ok := s.Object(name)
		if !ok {
			return nil
		}
		field, _ := one.(string)
		f, ok := object.Field(field)
		if !ok {
			return nil
		}
		name = f.ObjectName
	}
	return []Target{{Kind: "object", Name: name, Field: l.Text}}
}
