package catalog

import "strings"

// elsewhere is a part of a document that is about another object than the
// document itself: where it lies, and what it names there.
type elsewhere struct {
	at      string   // of a map, or of a list of them, that names the other object by "object"
	fields  []string // paths of that object's fields
	objects []string // paths of further objects' names
}

// others are the parts of documents of a kind that are about other objects.
func others(kind string) []elsewhere {
	switch kind {
	case "object":
		return []elsewhere{{at: "fields"}, {at: "party", fields: []string{"copy.{}"}}, {at: "follow_up", fields: []string{"link"}}}
	case "block":
		return []elsewhere{
			{at: "score", fields: []string{"field", "link"}}, {at: "mentions", fields: []string{"field", "link"}}, {at: "contacts", fields: []string{"at", "link"}},
		}
	case "page":
		return []elsewhere{{at: "related", fields: []string{"by", "columns.*", "sum"}}}
	case "conversion":
		return []elsewhere{{
			at: "targets", fields: []string{"back", "match.*", "ask.*", "copy.*.to", "refer.*.to"}, objects: []string{"refer.*.target"},
		}}
	case "cycle":
		return []elsewhere{{at: "steps.of", fields: []string{"at"}}}
	}
	return nil
}

// rewriteOthers lets the parts about other objects follow their new names.
func (r renames) rewriteOthers(kind string, body map[string]any) {
	switch kind {
	case "field":
		renameAt(body, []string{"points_to"}, r.objects)
	case "page":
		eachPart(body, []string{"related"}, func(part map[string]any) {
			object, _ := part["object"].(string)
			by, _ := part["by"].(string)
			renameAt(part, []string{"through"}, r.fields[r.pointsTo(object, by)])
		})
	case "conversion":
		own, _ := body["object"].(string)
		eachPart(body, []string{"targets"}, func(target map[string]any) {
			object, _ := target["object"].(string)
			eachPart(target, []string{"copy"}, func(part map[string]any) {
				rewriteBraces(part, r.fields[own])
				to, _ := part["to"].(string)
				if value, ok := part["value"].(string); ok {
					part["value"] = r.chosen(object, to, value)
				}
			})
		})
	case "cycle":
		eachPart(body, []string{"steps", "of"}, r.rewriteWay)
	}
	for _, one := range others(kind) {
		eachPart(body, strings.Split(one.at, "."), func(part map[string]any) {
			object, _ := part["object"].(string)
			for _, path := range one.fields {
				renameAt(part, strings.Split(path, "."), r.fields[object])
			}
			for _, path := range append(one.objects, "object") {
				renameAt(part, strings.Split(path, "."), r.objects)
			}
		})
	}
}

// rewriteWay follows the references that lead from the part's object through others.
func (r renames) rewriteWay(part map[string]any) {
	object, _ := part["object"].(string)
	through, _ := part["through"].([]any)
	for i, one := range through {
		field, _ := one.(string)
		through[i] = renameText(field, r.fields[object])
		object = r.pointsTo(object, field)
	}
}

// rewriteBraces renames the fields of a text like "{company} {product}".
func rewriteBraces(part map[string]any, names map[string]string) {
	text, ok := part["text"].(string)
	if !ok {
		return
	}
	var pairs []string
	for was, is := range names {
		pairs = append(pairs, "{"+was+"}", "{"+is+"}")
	}
	part["text"] = strings.NewReplacer(pairs...).Replace(text)
}

// pointsTo is the object that a reference field points to, by the names in force.
func (r renames) pointsTo(object, field string) string {
	if r.before == nil {
		return ""
	}
	o, ok := r.before.Object(object)
	if !ok {
		return ""
	}
	f, ok := o.Field(field)
	if !ok {
		return ""
	}
	return f.ObjectName
}

// eachPart calls do for every map at the end of a path; lists on the way are gone through.
func eachPart(v any, path []string, do func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			eachPart(one, path, do)
		}
	case map[string]any:
		if len(path) == 0 {
			do(v)
			return
		}
		eachPart(v[path[0]], path[1:], do)
	}
}
