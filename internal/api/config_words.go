package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/schema"
)

// speaker tells changes of documents in the caller's language. What a value
// names is looked up in the snapshots, the first that knows it.
type speaker struct {
	c         *Call
	text      func(code string, params map[string]any) string
	snapshots []*catalog.Snapshot
	document  config.Document
}

func (s *Server) speaker(c *Call, d config.Document, snapshots ...*catalog.Snapshot) speaker {
	return speaker{
		c: c, snapshots: snapshots, document: d,
		text: func(code string, params map[string]any) string { return s.messages.text(c.Language, code, params) },
	}
}

// sentences tells what leads from one version of a document to another.
func (w speaker) sentences(before, after config.Document) ([]string, error) {
	steps, err := config.Steps(before, after)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(steps))
	for _, step := range steps {
		out = append(out, w.sentence(step))
	}
	return out, nil
}

func (w speaker) sentence(step config.Step) string {
	what := step.What
	item := step.Code == config.StepAdded || step.Code == config.StepRemoved || step.Code == config.StepMoved
	what.Item, what.Position = nil, 0
	if item {
		what.Key = ""
	}
	params := map[string]any{
		"what": w.place(what), "where": w.where(step.Places), "position": step.What.Position,
		"before": w.value(step.Before, step), "after": w.value(step.After, step),
	}
	if step.Language != "" {
		params["what"] = w.place(what) + w.text("words_in_"+step.Language, nil)
	}
	code := "words_" + step.Code
	switch {
	case item:
		params["item"] = w.item(step)
		if len(step.Places) > 0 {
			params["where"] = w.text("words_at", params)
		}
	case len(step.Places) > 0:
		params["where"] = w.text("words_of", params)
	}
	return w.text(code, params)
}

// item is what an added or removed item is called: by its label, or in full.
func (w speaker) item(step config.Step) string {
	if step.What.Item != nil {
		return w.called(step.What)
	}
	if step.What.Key != "" {
		return w.key(step.What)
	}
	value := step.After
	if value == nil {
		value = step.Before
	}
	if s, ok := value.(string); ok {
		return w.named(s, step)
	}
	if _, nested := value.(map[string]any); nested {
		return w.text("words_row", map[string]any{"position": step.What.Position})
	}
	return w.value(value, step)
}

func (w speaker) where(places []config.Place) string {
	parts := make([]string, 0, len(places))
	for _, p := range places {
		parts = append(parts, w.place(p))
	}
	return strings.Join(parts, w.text("words_join", nil))
}

func (w speaker) place(p config.Place) string {
	title := w.c.Label(p.Title)
	switch {
	case p.Item != nil:
		return w.text("words_item", map[string]any{"title": title, "item": w.called(p)})
	case p.Position > 0:
		return w.text("words_nth", map[string]any{"title": title, "position": p.Position})
	case p.Key != "":
		return w.text("words_item", map[string]any{"title": title, "item": w.key(p)})
	}
	return title
}

// called is an item's label, or what its name stands for.
func (w speaker) called(p config.Place) string {
	label := w.c.Label(p.Item)
	if p.Pick == "" {
		return label
	}
	return w.name(p.Pick, label, w.object(config.Leaf{}))
}

// key is what a free key names.
func (w speaker) key(p config.Place) string {
	return w.name(p.Pick, p.Key, cmp.Or(p.Object, w.object(config.Leaf{})))
}

// value is a value as people read it.
func (w speaker) value(v any, step config.Step) string {
	shape := step.Shape
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		return w.text(fmt.Sprintf("words_%t", v), nil)
	case string:
		return w.quoted(v, step)
	case []any:
		parts := make([]string, 0, len(v))
		for _, one := range v {
			inner := step
			if shape.Item != nil {
				inner.Shape = shape.Item
			}
			parts = append(parts, w.value(one, inner))
		}
		return strings.Join(parts, w.text("words_comma", nil))
	case map[string]any:
		if shape.Format == "duration" {
			return w.duration(v)
		}
	case json.Number:
		return v.String()
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(raw)
}

func (w speaker) quoted(v string, step config.Step) string {
	if name := w.named(v, step); name != v {
		return name
	}
	return w.text("words_quote", map[string]any{"text": v})
}

// named is what a text is called where it stands for something, else the text.
func (w speaker) named(v string, step config.Step) string {
	if title, ok := step.Shape.Choices[v]; ok {
		return w.c.Label(title)
	}
	if step.Shape.Pick == "" {
		return v
	}
	leaf := step.Leaf
	leaf.Shape = step.Shape
	return w.name(step.Shape.Pick, v, w.object(leaf))
}

func (w speaker) object(l config.Leaf) string {
	if l.Root == nil {
		body := map[string]any{}
		_ = w.document.Decode(&body)
		l.Root, l.Shape = body, &config.Shape{}
	}
	return l.ObjectName(w.document)
}

// name is the label of what a text names, the text itself where nobody knows it.
func (w speaker) name(pick, name, object string) string {
	for _, snapshot := range w.snapshots {
		if label := labelOf(snapshot, pick, name, object); label != nil {
			return w.c.Label(label)
		}
	}
	if u, ok := w.c.Directory.User(name); ok {
		return u.Name
	}
	return name
}

func labelOf(s *catalog.Snapshot, pick, name, object string) schema.Label {
	switch pick {
	case "object":
		if o, ok := s.Object(name); ok {
			return o.Label
		}
	case "field":
		if o, ok := s.Object(object); ok {
			if f, ok := o.Field(name); ok {
				return f.Label
			}
		}
	default:
		return s.Label(pick, name)
	}
	return nil
}

// duration is a length of time in words: "2 h", or the field that says it.
func (w speaker) duration(v map[string]any) string {
	var parts []string
	for _, unit := range []string{"days", "hours", "minutes"} {
		if n, ok := v[unit]; ok {
			parts = append(parts, w.text("words_"+unit, map[string]any{"n": n}))
		}
	}
	if field, ok := v["field"].(string); ok {
		parts = append(parts, w.name("field", field, w.object(config.Leaf{})))
	}
	if calendar, ok := v["calendar"].(string); ok {
		parts = append(parts, w.text("words_"+calendar, nil))
	}
	if len(parts) == 0 {
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, fmt.Sprint(key, v[key]))
		}
	}
	return strings.Join(parts, " ")
}
