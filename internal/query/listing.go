package query

import (
	"slices"
	"strings"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// The bounds of what a list is asked for.
const (
	MostSortKeys = 8
	MostLevels   = 2 // of groups
)

// ParseSort reads "-created_at,company"; object is what the reader may see of
// it, so that a field which he may not see is unknown. A blank text orders by nothing.
func ParseSort(object *schema.Object, text string) ([]Sort, *fault.Field) {
	parts := namesIn(text)
	if len(parts) > MostSortKeys || len(parts) == 0 && text != "" {
		return nil, &fault.Field{Path: "sort", Code: "out_of_range"}
	}
	var sort []Sort
	for _, part := range parts {
		name, desc := strings.CutPrefix(part, "-")
		one := Sort{Desc: desc}
		f, ok := object.Field(name)
		switch {
		case ok && f.Storage() != schema.TextList:
			one.Field = f
		case !ok && slices.Contains([]string{"id", "created_at", "updated_at"}, name):
			one.System = name
		default:
			return nil, &fault.Field{Path: "sort", Code: "unknown_field", Params: map[string]any{"name": name}}
		}
		sort = append(sort, one)
	}
	return sort, nil
}

// ParseGroup reads "created_at:month,owner" likewise.
func ParseGroup(object *schema.Object, text string) ([]GroupBy, *fault.Field) {
	parts := namesIn(text)
	if len(parts) == 0 || len(parts) > MostLevels {
		return nil, &fault.Field{Path: "group", Code: "out_of_range"}
	}
	var by []GroupBy
	for _, part := range parts {
		name, bucket, _ := strings.Cut(part, ":")
		one := GroupBy{Bucket: bucket}
		f, ok := object.Field(name)
		switch {
		case ok:
			one.Field = f
		case name == "created_at" || name == "updated_at":
			one.System = name
		default:
			return nil, &fault.Field{Path: "group", Code: "unknown_field", Params: map[string]any{"name": name}}
		}
		if !one.readable() {
			return nil, &fault.Field{Path: "group", Code: "not_groupable", Params: map[string]any{"name": name}}
		}
		by = append(by, one)
	}
	return by, nil
}

func namesIn(text string) []string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
	}
	return parts
}

// readable says which fields make groups that a person can read: moments by
// calendar steps, and everything else that is one short value.
func (g GroupBy) readable() bool {
	kind := "datetime"
	if g.Field != nil {
		kind = g.Field.Type
	}
	switch kind {
	case "date", "datetime":
		return slices.Contains(Buckets(), g.Bucket)
	case "currency", "tags", "choices", "long_text":
		return false
	}
	return g.Bucket == ""
}
