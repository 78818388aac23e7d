// Package view keeps the lists that people save: for themselves, or for the
// department that they lead. What everybody sees is a configuration document
// instead. A view is kept by the permanent ids of its fields, so that a rename
// changes nothing, and shown to each reader without the fields that he may not
// see; one whose filter needs such a field is refused, never widened.
package view

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// Shape is what a view says. People write API names in it; the store keeps
// permanent ids, and the filter in its stored form.
type Shape struct {
	Filter  string         `json:"filter,omitempty"`
	Sort    string         `json:"sort,omitempty"`    // "-created_at,company"
	Columns []string       `json:"columns,omitempty"` // in their order
	Widths  map[string]int `json:"widths,omitempty"`  // in pixels, of columns that were resized
	Group   string         `json:"group,omitempty"`   // "status", "created_at:month,owner"
	Density string         `json:"density,omitempty"` // "compact", or "" for the usual rows
}

// The bounds of what is saved.
const (
	MostColumns = 60
	narrowest   = 48
	widest      = 1000
	longest     = 8000 // characters of a filter
)

// Stored checks a shape against what its writer may see and turns names into
// ids. Faults name the place as it was sent: shape.columns.2.
func (s Shape) Stored(object *schema.Object, env expr.Env) (Shape, error) {
	c := checker{object: object}
	out := Shape{Density: s.Density, Sort: c.sort(s.Sort), Group: c.group(s.Group)}
	for at, name := range s.Columns {
		out.Columns = append(out.Columns, c.id("columns."+strconv.Itoa(at), name))
	}
	if len(s.Columns) > MostColumns {
		c.add(&fault.Field{Path: "columns", Code: "too_many", Params: map[string]any{"max": MostColumns}})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Widths)) {
		if out.Widths == nil {
			out.Widths = map[string]int{}
		}
		out.Widths[c.id("widths."+name, name)] = min(max(s.Widths[name], narrowest), widest)
	}
	if s.Density != "" && s.Density != "compact" {
		c.add(&fault.Field{Path: "density", Code: "unknown_choice"})
	}
	out.Filter = c.filter(s.Filter, env)
	return out, c.faults.Err()
}

type checker struct {
	object *schema.Object
	faults fault.Collector
}

// add notes what is wrong within the shape; nil is nothing.
func (c *checker) add(f *fault.Field) {
	if f != nil {
		f.Path = "shape." + f.Path
	}
	c.faults.Add(f)
}

func (c *checker) filter(text string, env expr.Env) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	if len([]rune(text)) > longest {
		c.add(&fault.Field{Path: "filter", Code: "too_long", Params: map[string]any{"max": longest}})
		return ""
	}
	program, err := expr.Compile(text, env, expr.Bool)
	if err == nil {
		err = program.SQLProblem()
	}
	if err != nil {
		f := expr.FieldOf(err, "filter")
		c.add(&f)
		return ""
	}
	return program.Stored()
}

// id is the permanent id of a field by name; system columns keep their names.
func (c *checker) id(path, name string) string {
	if f, ok := c.object.Field(name); ok {
		return f.ID
	}
	if !isSystem(name) {
		c.add(&fault.Field{Path: path, Code: "unknown_field", Params: map[string]any{"name": name}})
	}
	return name
}

// sort is an order by ids, which a list must be able to give.
func (c *checker) sort(text string) string {
	_, bad := query.ParseSort(c.object, text)
	c.add(bad)
	return eachName(text, c.known)
}

// group likewise.
func (c *checker) group(text string) string {
	if text != "" {
		_, bad := query.ParseGroup(c.object, text)
		c.add(bad)
	}
	return eachName(text, c.known)
}

// known turns a name into an id where it is one of a field.
func (c *checker) known(name string) (string, bool) {
	if f, ok := c.object.Field(name); ok {
		return f.ID, true
	}
	return name, true
}

// Shown is a stored shape in API names, without what the reader may not see.
// refused says that its filter needs a field that the reader may not see or
// that is gone; nothing of the filter is told then. An order or groups that no
// list gives are left out.
func (s Shape) Shown(object *schema.Object, env expr.Env, language string) (shown Shape, refused bool) {
	name := func(id string) (string, bool) {
		if f, ok := object.FieldByID(id); ok {
			return f.Name, true
		}
		return id, isSystem(id)
	}
	shown = Shape{Density: s.Density, Sort: eachName(s.Sort, name), Group: eachName(s.Group, name)}
	if _, bad := query.ParseSort(object, shown.Sort); bad != nil {
		shown.Sort = ""
	}
	if _, bad := query.ParseGroup(object, shown.Group); bad != nil {
		shown.Group = ""
	}
	for _, id := range s.Columns {
		if seen, ok := name(id); ok {
			shown.Columns = append(shown.Columns, seen)
		}
	}
	for id, width := range s.Widths {
		if seen, ok := name(id); ok {
			if shown.Widths == nil {
				shown.Widths = map[string]int{}
			}
			shown.Widths[seen] = width
		}
	}
	if s.Filter == "" {
		return shown, false
	}
	program, err := expr.FromStored(s.Filter, env, expr.Bool)
	if err != nil {
		return Shape{}, true
	}
	shown.Filter = program.Text(language)
	return shown, false
}

// eachName changes the names in "-a,b:month"; a name that is not kept takes its part along.
func eachName(text string, change func(string) (string, bool)) string {
	var parts []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' }) {
		name, down := strings.CutPrefix(strings.TrimSpace(part), "-")
		name, step, stepped := strings.Cut(name, ":")
		name, kept := change(name)
		if !kept {
			continue
		}
		if down {
			name = "-" + name
		}
		if stepped {
			name += ":" + step
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ",")
}

func isSystem(name string) bool {
	return slices.Contains([]string{"id", "created_at", "updated_at"}, name)
}
