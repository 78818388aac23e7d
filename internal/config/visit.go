package config

import (
	"maps"
	"slices"
	"strconv"

	"clew.dev/clew/internal/schema"
)

// Place is one step on the way to a value: a property, or an item of a list.
type Place struct {
	Title    schema.Label // of the property, or of the list
	Item     schema.Label // what the item is called, nil for a property
	Position int          // of the item, from 1
	Key      string       // of a free key
	Pick     string       // what the free key names, or the item where it has no label
	Object   string       // whose field the free key names, "" for the document's own object
}

// Leaf is a text somewhere in a document.
type Leaf struct {
	Path   string // "rows.2.then.pool"
	Text   string
	Shape  *Shape
	Places []Place
	Root   map[string]any   // the document's body
	Around []map[string]any // the objects on the way, the outermost first
	Keys   []string         // the free keys on the way

	set func(text string) // puts another text there
}

// Leaves gives every text of a document with its place in the schema; free
// keys that name something are texts too.
func Leaves(d Document) ([]Leaf, error) {
	shape, err := ShapeOf(d.Kind)
	if err != nil {
		return nil, err
	}
	body, err := d.fields()
	if err != nil {
		return nil, err
	}
	v := leafVisitor{}
	v.visit(body, shape, Leaf{Root: body})
	return v.found, nil
}

// Rewrite gives every text of a document that change has another one for that one.
func Rewrite(d Document, change func(Leaf) string) (Document, error) {
	leaves, err := Leaves(d)
	if err != nil {
		return d, err
	}
	changed := false
	for _, leaf := range leaves {
		if text := change(leaf); text != leaf.Text && leaf.set != nil {
			leaf.set(text)
			changed = true
		}
	}
	if !changed {
		return d, nil
	}
	d.Body, err = Canonical(leaves[0].Root)
	return d, err
}

type leafVisitor struct{ found []Leaf }

func (v *leafVisitor) visit(value any, shape *Shape, at Leaf) {
	if shape == nil {
		return
	}
	at.Shape = shape
	switch value := value.(type) {
	case string:
		at.Text = value
		v.found = append(v.found, at)
	case []any:
		for i, one := range value {
			inner := at
			inner.Path = join(at.Path, strconv.Itoa(i))
			inner.Places = append(slices.Clone(at.Places), itemPlace(shape, one, i))
			inner.set = func(text string) { value[i] = text }
			item := shape.Item
			if item == nil {
				item = shape
			}
			v.visit(one, item, inner)
		}
	case map[string]any:
		v.visitMap(value, shape, at)
	}
}

func (v *leafVisitor) visitMap(value map[string]any, shape *Shape, at Leaf) {
	if shape.Label {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(value)) {
		inner := at
		inner.Path = join(at.Path, key)
		inner.Around = append(slices.Clone(at.Around), value)
		inner.set = func(text string) { value[key] = text }
		if fixed := shape.Properties[key]; fixed != nil {
			inner.Places = append(slices.Clone(at.Places), Place{Title: fixed.Title})
			if _, list := value[key].([]any); list {
				inner.Places = at.Places
			}
			v.visit(value[key], fixed, inner)
			continue
		}
		inner.Places = append(around(at.Places, shape), keyPlace(shape, key, at))
		if shape.Keys != nil {
			// The key names something by the objects around the map itself.
			named := withAround(inner, at.Around)
			named.set = func(text string) { value[text] = value[key]; delete(value, key) }
			v.visit(key, shape.Keys, named)
		}
		inner.Keys = append(slices.Clone(at.Keys), key)
		v.visit(value[key], shape.Value, inner)
	}
}

// around are the places around a map's keys: each key says itself what the map is called.
func around(places []Place, m *Shape) []Place {
	if n := len(places); n > 0 && m.Title != nil && places[n-1].Key == "" && places[n-1].Position == 0 && maps.Equal(places[n-1].Title, m.Title) {
		places = places[:n-1]
	}
	return slices.Clone(places)
}

// itemPlace is the place of an item of a list.
func itemPlace(list *Shape, item any, i int) Place {
	p := Place{Title: list.Title, Item: itemLabel(item), Position: i + 1}
	fields, ok := item.(map[string]any)
	if !ok || list.Item == nil || fields["label"] != nil {
		return p
	}
	for _, key := range []string{"name", "field"} {
		if text(fields, key) != "" && list.Item.Properties[key] != nil {
			p.Pick = list.Item.Properties[key].Pick
			break
		}
	}
	return p
}

// keyPlace is the place of a free key of a map.
func keyPlace(shape *Shape, key string, at Leaf) Place {
	p := Place{Title: shape.Title, Key: key}
	if shape.Keys != nil {
		p.Pick = shape.Keys.Pick
		if shape.Keys.Of != "" {
			p.Object = at.Sibling(shape.Keys.Of)
		}
	}
	return p
}

func withAround(l Leaf, around []map[string]any) Leaf {
	l.Around = around
	return l
}

// itemLabel is what people call an item of a list: its label, else its name,
// else what it is about; nil when it has none.
func itemLabel(item any) schema.Label {
	fields, ok := item.(map[string]any)
	if !ok {
		return nil
	}
	if label, ok := fields["label"].(map[string]any); ok && len(label) > 0 {
		return labelOf(label)
	}
	for _, key := range []string{"name", "field"} {
		if s := text(fields, key); s != "" {
			return schema.Label{"zh-CN": s, "en": s}
		}
	}
	return nil
}

// Sibling is the text of a property beside the leaf, or of the nearest object
// around it that has one; "@key" is the nearest free key.
func (l Leaf) Sibling(property string) string {
	if property == "@key" {
		if len(l.Keys) == 0 {
			return ""
		}
		return l.Keys[len(l.Keys)-1]
	}
	for _, around := range slices.Backward(l.Around) {
		if s := text(around, property); s != "" {
			return s
		}
	}
	return ""
}

// ObjectName is the object whose fields or choices the leaf names: that of x-of
// for a field, the nearest around it for a choice, else the document's.
func (l Leaf) ObjectName(d Document) string {
	switch {
	case l.Shape.Pick == "field" && l.Shape.Of != "":
		return l.Sibling(l.Shape.Of)
	case d.Kind == "object":
		return d.Name
	case l.Shape.Pick == "choice":
		return l.Sibling("object")
	}
	return text(l.Root, "object")
}
