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
