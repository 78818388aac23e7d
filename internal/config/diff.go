package config

import (
	"encoding/json"
	"reflect"
	"sort"
	"strconv"

	"clew.dev/clew/internal/schema"
)

// Difference is what happens to one document.
type Difference struct {
	Kind   string
	Name   string
	ID     string
	Label  schema.Label
	Change string // added, removed, changed
	Values []ValueChange
}

// ValueChange is one value of a document before and after. In Path, items of a
// list that have ids are named by their name, or by their id: "fields.phone.required".
type ValueChange struct {
	Path   string
	Before any // decoded JSON, nil when it was absent
	After  any // decoded JSON, nil when it is gone
}

// Differences tells what leads from some documents to others.
func Differences(before, after []Document) []Difference {
	var out []Difference
	for _, c := range compare(before, after) {
		d := Difference{Kind: c.kind(), Name: c.one().Name, ID: c.id(), Label: c.one().Label(), Change: "changed"}
		switch {
		case c.before == nil:
			d.Change = "added"
		case c.after == nil:
			d.Change = "removed"
		default:
			d.Values = changesOf("", decoded(*c.before), decoded(*c.after))
		}
		out = append(out, d)
	}
	sort.SliceStable(out, func(i, j int) bool {
		return order(Document{Kind: out[i].Kind, Name: out[i].Name}, Document{Kind: out[j].Kind, Name: out[j].Name}) < 0
	})
	return out
}

func decoded(d Document) any {
	body, err := d.fields()
	if err != nil {
		return nil
	}
	return body
}

func changesOf(path string, before, after any) []ValueChange {
	if reflect.DeepEqual(before, after) {
		return nil
	}
	if a, ok := before.(map[string]any); ok {
		if b, ok := after.(map[string]any); ok {
			return changesOfMaps(path, a, b)
		}
	}
	if a, ok := itemsOf(before); ok {
		if b, ok := itemsOf(after); ok && (len(a) > 0 || len(b) > 0) {
			return changesOfItems(path, before, after, a, b)
		}
	}
	return []ValueChange{{Path: path, Before: before, After: after}}
}

func changesOfMaps(path string, before, after map[string]any) []ValueChange {
	var out []ValueChange
	for _, key := range union(before, after) {
		out = append(out, changesOf(join(path, key), before[key], after[key])...)
	}
	return out
}

func changesOfItems(path string, before, after any, a, b map[string]any) []ValueChange {
	var out []ValueChange
	for _, id := range union(a, b) {
		name := id
		for _, side := range []any{b[id], a[id]} {
			if item, ok := side.(map[string]any); ok && text(item, "name") != "" {
				name = text(item, "name")
				break
			}
		}
		out = append(out, changesOf(join(path, name), a[id], b[id])...)
	}
	if from, to := sequence(before), sequence(after); len(out) == 0 && !reflect.DeepEqual(from, to) {
		out = append(out, ValueChange{Path: join(path, "order"), Before: from, After: to})
	}
	return out
}

// itemsOf is a list whose items all have ids, by id.
func itemsOf(v any) (map[string]any, bool) {
	list, ok := v.([]any)
	if !ok {
		return map[string]any{}, v == nil
	}
	out := make(map[string]any, len(list))
	for _, one := range list {
		item, ok := one.(map[string]any)
		if !ok || text(item, "id") == "" {
			return nil, false
		}
		out[text(item, "id")] = item
	}
	return out, true
}

func sequence(v any) []any {
	list, _ := v.([]any)
	out := make([]any, 0, len(list))
	for i, one := range list {
		item, _ := one.(map[string]any)
		if s := text(item, "name"); s != "" {
			out = append(out, s)
			continue
		}
		out = append(out, strconv.Itoa(i)+":"+text(item, "id"))
	}
	return out
}

func union(a, b map[string]any) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	return keys
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// MarshalJSON gives the shape that the API carries.
func (v ValueChange) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Path   string `json:"path"`
		Before any    `json:"before"`
		After  any    `json:"after"`
	}{v.Path, v.Before, v.After})
}
