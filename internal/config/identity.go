package config

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// itemLists are the lists of a kind whose items have permanent ids, outer ones first.
func itemLists(kind string) []string {
	switch kind {
	case "object":
		return []string{"fields", "fields.*.choices", "follow_up.actions", "follow_up.outcomes"}
	case "field":
		return []string{"choices"}
	case "routing-table":
		return []string{"rows"}
	case "scorecard":
		return []string{"rules", "bands"}
	case "lexicon":
		return []string{"entries"}
	case "clock":
		return []string{"warnings", "breach"}
	case "cycle":
		return []string{"steps"}
	}
	return nil
}

// identify gives the document and its items their permanent ids: an item's
// own; else, when no item has that id, the one that an earlier item of the same
// name has; else a new one. It returns the completed document.
func identify(d Document, earlier *Document, newID func() string) (Document, error) {
	body, err := d.fields()
	if err != nil {
		return d, err
	}
	was := map[string]any{}
	switch {
	case earlier != nil:
		d.ID = earlier.ID
		if was, err = earlier.fields(); err != nil {
			return d, err
		}
	case d.ID == "":
		d.ID = newID()
	}
	for _, path := range itemLists(d.Kind) {
		identifyItems(body, was, strings.Split(path, "."), d.ID)
	}
	return d, d.setBody(body)
}

// identifyItems follows the path to each of its lists, beside the same list of before.
func identifyItems(now, was map[string]any, path []string, parent string) {
	key, rest := path[0], path[1:]
	if len(rest) == 0 {
		list, _ := now[key].([]any)
		before, _ := was[key].([]any)
		nameItems(list, before, parent)
		return
	}
	if rest[0] != "*" {
		inner, _ := now[key].(map[string]any)
		before, _ := was[key].(map[string]any)
		if inner != nil {
			identifyItems(inner, before, rest, parent)
		}
		return
	}
	list, _ := now[key].([]any)
	before, _ := was[key].([]any)
	for _, one := range list {
		item, ok := one.(map[string]any)
		if !ok {
			continue
		}
		id := text(item, "id")
		identifyItems(item, itemWith(before, "id", id), rest[1:], id)
	}
}

func nameItems(list, before []any, parent string) {
	for _, one := range list {
		item, ok := one.(map[string]any)
		if !ok {
			continue
		}
		id, name := text(item, "id"), text(item, "name")
		known := itemWith(before, "id", id)
		if known == nil && name != "" {
			known = itemWith(before, "name", name)
			// An item whose id is still used by another of the list was renamed, not replaced.
			if known != nil && itemWith(list, "id", text(known, "id")) != nil {
				known = nil
			}
		}
		switch {
		case known != nil:
			item["id"] = known["id"]
		case id == "":
			item["id"] = parent + "." + tail()
		}
	}
}

func itemWith(list []any, key, value string) map[string]any {
	if value == "" {
		return nil
	}
	for _, one := range list {
		item, ok := one.(map[string]any)
		if !ok {
			continue
		}
		if text(item, key) == value && text(item, "id") != "" {
			return item
		}
	}
	return nil
}

func text(item map[string]any, key string) string {
	s, _ := item[key].(string)
	return s
}

// tail is a short text that no other item has; a name would come back when a
// field is deleted and another of that name is made.
func tail() string {
	var b [5]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
