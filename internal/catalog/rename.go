package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/schema"
)

// renames are the API names that a proposal changes, by the object's old name.
type renames struct {
	before  *Snapshot                    // what is in force
	objects map[string]string            // old → new
	fields  map[string]map[string]string // by object (old name): old → new
	choices map[string]map[string]string // by object and field (old names): old → new
}

// namePaths are where documents of a kind name fields of their object by API
// name; a path that ends in "{}" means the keys there. Expressions are not
// among them: they are kept by id. Texts may carry a sign or a prefix: "-created_at", "changed:next_due".
func namePaths(kind string) []string {
	switch kind {
	case "view":
		return []string{"columns.*", "sort", "group", "sum", "widths.{}"}
	case "block":
		return []string{"sort", "rows", "columns", "ends", "company"}
	case "page":
		return []string{"sections.*.fields.*", "related.*.of"}
	case "form":
		return []string{"fields.*.name"}
	case "channel":
		return []string{"fields.*.field"}
	case "lexicon":
		return []string{"source.*", "entries.*.set.{}", "entries.*.add.{}"}
	case "scorecard":
		return []string{"into.total", "into.stars", "into.band"}
	case "routing-table":
		return []string{"rows.*.then.add.{}"}
	case "conversion":
		return []string{"sets.{}", "targets.*.link", "targets.*.copy.*.from"}
	case "cycle":
		return []string{"from", "steps.*.until"}
	case "clock":
		return []string{
			"target.field", "start.on.*", "satisfied.on.*", "cancelled.on.*", "restart.on.*",
			"warnings.*.set.{}", "warnings.*.add.{}", "breach.*.set.{}", "breach.*.add.{}",
		}
	}
	return nil
}

// renamed compares the names of objects and fields in force with those of a proposal.
func renamed(s *Snapshot, proposed []config.Document) renames {
	r := renames{before: s, objects: map[string]string{}, fields: map[string]map[string]string{}, choices: map[string]map[string]string{}}
	for _, d := range proposed {
		old, ok := s.ObjectByID(d.ID)
		var def ObjectDefinition
		if d.Kind != "object" || !ok || d.Decode(&def) != nil {
			continue
		}
		if old.Name != d.Name {
			r.objects[old.Name] = d.Name
		}
		for _, f := range def.Fields {
			if was, ok := old.FieldByID(f.ID); ok {
				r.note(old.Name, was, f)
			}
		}
	}
	return r
}

// note compares a field's name and its choices' with those in force.
func (r renames) note(object string, was *schema.Field, is FieldDefinition) {
	if was.Name != is.Name {
		put(r.fields, object, was.Name, is.Name)
	}
	for _, c := range is.Choices {
		if before, ok := was.Choice(c.ID); ok && before.Name != c.Name {
			put(r.choices, object+"."+was.Name, before.Name, c.Name)
		}
	}
}

func put(names map[string]map[string]string, of, was, is string) {
	if names[of] == nil {
		names[of] = map[string]string{}
	}
	names[of][was] = is
}

// follow writes the new names into the documents that the proposal itself does not touch.
func (r renames) follow(live, proposed []config.Document) ([]config.Document, error) {
	if len(r.objects)+len(r.fields)+len(r.choices) == 0 {
		return proposed, nil
	}
	untouched := map[string]string{}
	for _, d := range live {
		untouched[d.Kind+" "+d.ID] = string(d.Body)
	}
	out := append([]config.Document(nil), proposed...)
	for i, d := range out {
		if untouched[d.Kind+" "+d.ID] != string(d.Body) {
			continue
		}
		next, err := r.rewrite(d)
		if err != nil {
			return nil, err
		}
		out[i] = next
	}
	return out, nil
}

func (r renames) rewrite(d config.Document) (config.Document, error) {
	d, err := config.Rewrite(d, func(l config.Leaf) string {
		if l.Shape.Pick == "choice" {
			return r.chosen(l.ObjectName(d), l.Sibling(l.Shape.Of), l.Text)
		}
		return l.Text
	})
	if err != nil {
		return d, err
	}
	decoder := json.NewDecoder(bytes.NewReader(d.Body))
	decoder.UseNumber()
	var body map[string]any
	if err := decoder.Decode(&body); err != nil {
		return d, fmt.Errorf("body of %s: %w", d.Reference(), err)
	}
	if d.Kind == "role" {
		r.rewriteRole(body)
	}
	object, _ := body["object"].(string)
	for _, path := range namePaths(d.Kind) {
		if of, found := strings.CutSuffix(path, ".{}"); found {
			eachPart(body, stepsOf(of), func(part map[string]any) { r.rechoose(object, part) })
		}
		renameAt(body, strings.Split(path, "."), r.fields[object])
	}
	r.rewriteOthers(d.Kind, body)
	if name, ok := r.objects[object]; ok {
		body["object"] = name
		if key, found := strings.CutPrefix(d.Name, object+"."); found {
			d.Name = name + "." + key
			body["name"] = d.Name
		}
	}
	raw, err := config.Canonical(body)
	d.Body = raw
	return d, err
}

// rechoose writes the new names of choices into values by their field.
func (r renames) rechoose(object string, values map[string]any) {
	for field, v := range values {
		if text, ok := v.(string); ok {
			values[field] = r.chosen(object, field, text)
		}
	}
}

// chosen is the name that a choice has now.
func (r renames) chosen(object, field, name string) string {
	if is, ok := r.choices[object+"."+field][name]; ok {
		return is
	}
	return name
}

// stepsOf is a path for eachPart, which goes through lists by itself.
func stepsOf(path string) []string { return strings.Split(strings.ReplaceAll(path, ".*", ""), ".") }

func (r renames) rewriteRole(body map[string]any) {
	objects, _ := body["objects"].(map[string]any)
	for name, one := range objects {
		rule, _ := one.(map[string]any)
		renameAt(rule, []string{"fields", "{}"}, r.fields[name])
	}
	renameKeys(objects, r.objects)
}

// renameAt follows a path and renames what it finds at its end.
func renameAt(v any, path []string, names map[string]string) {
	if len(names) == 0 {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		if path[0] == "{}" {
			renameKeys(v, names)
			return
		}
		if s, ok := v[path[0]].(string); ok && len(path) == 1 {
			v[path[0]] = renameText(s, names)
		} else if len(path) > 1 {
			renameAt(v[path[0]], path[1:], names)
		}
	case []any:
		for i, one := range v {
			if s, ok := one.(string); ok && len(path) == 1 {
				v[i] = renameText(s, names)
			} else if len(path) > 1 {
				renameAt(one, path[1:], names)
			}
		}
	}
}

func renameKeys(m map[string]any, names map[string]string) {
	moved := map[string]any{}
	for old, name := range names {
		if v, ok := m[old]; ok {
			delete(m, old)
			moved[name] = v
		}
	}
	for name, v := range moved {
		m[name] = v
	}
}

// before is what stands before the step of "created_at:month".
func before(part string) string {
	name, _, _ := strings.Cut(part, ":")
	return name
}

// renameText renames each name of a comma-separated list, whatever sign or prefix it has.
func renameText(s string, names map[string]string) string {
	parts := strings.Split(s, ",")
	for i, part := range parts {
		at := strings.LastIndexAny(part, "-: ") + 1
		if name, ok := names[part[at:]]; ok {
			parts[i] = part[:at] + name
		} else if name, ok := names[strings.TrimSpace(before(part))]; ok {
			parts[i] = name + part[len(before(part)):]
		}
	}
	return strings.Join(parts, ",")
}
