package api

import (
	"encoding/json"
	"maps"
	"strings"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
)

// layouts are the documents of a kind for an object, with labels in the
// caller's language, as the app reads them. A field that the caller may not
// see is on none of them, and a view that filters by one is not there.
func (c *Call) layouts(snapshot *catalog.Snapshot, kind string, visible *schema.Object) []Record {
	out := []Record{}
	for _, d := range snapshot.Documents(kind) {
		var body map[string]any
		if json.Unmarshal(d.Body, &body) != nil || body["object"] != visible.Name {
			continue
		}
		if filter, ok := body["filter"].(string); ok {
			text, err := c.inWords(filter, visible)
			if err != nil {
				continue
			}
			body["filter"] = text
		}
		for _, name := range [...]string{"sort", "group"} {
			if list, ok := body[name].(string); ok {
				body[name] = namesSeen(list, visible)
			}
		}
		if widths, ok := body["widths"].(map[string]any); ok {
			maps.DeleteFunc(widths, func(name string, _ any) bool { return !seenName(name, visible) })
		}
		localized, _ := c.localize(fieldsSeen(body, visible)).(map[string]any)
		delete(localized, "id")
		delete(localized, "related") // has a route of its own, with the rights on other objects
		localized["name"] = d.Name
		out = append(out, localized)
	}
	return out
}

// inWords is a document's condition as the caller may know and write it; it
// fails where the condition names what he may not see.
func (c *Call) inWords(filter string, visible *schema.Object) (string, error) {
	program, err := expr.Compile(filter, c.Snapshot.FilterEnv(visible), expr.Bool)
	if err != nil {
		return "", err
	}
	return program.Text(c.Language), nil
}

// namesSeen is an order or a grouping without the fields that the object does not have.
func namesSeen(list string, visible *schema.Object) string {
	var kept []string
	for _, part := range strings.Split(list, ",") {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(part), "-"), ":")
		if seenName(name, visible) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ",")
}

// fieldsSeen is a layout whose lists of fields and columns name only fields
// that the object has, at any depth.
func fieldsSeen(value any, visible *schema.Object) any {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			if list, ok := inner.([]any); ok && (name == "fields" || name == "columns") {
				inner = listSeen(list, visible)
			}
			v[name] = fieldsSeen(inner, visible)
		}
	case []any:
		for i, inner := range v {
			v[i] = fieldsSeen(inner, visible)
		}
	}
	return value
}

func listSeen(list []any, visible *schema.Object) []any {
	kept := []any{}
	for _, item := range list {
		name, _ := item.(string)
		if m, ok := item.(map[string]any); ok {
			name, _ = m["name"].(string)
		}
		if seenName(name, visible) {
			kept = append(kept, item)
		}
	}
	return kept
}

func seenName(name string, visible *schema.Object) bool {
	_, ok := visible.Field(name)
	return ok || name == "id" || name == "created_at" || name == "updated_at"
}
