package config

import (
	"strconv"
	"strings"

	"clew.dev/clew/internal/fault"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Place gives faults the line and column that their paths have in the
// document's source, and says in Params which document they are of. A place
// that an expression's compiler gave is counted from the expression's start.
func (d Document) Place(faults []fault.Field) []fault.Field {
	root := d.tree()
	out := make([]fault.Field, len(faults))
	for i, f := range faults {
		f.Params = with(f.Params, "document", d.Reference())
		if d.File != "" {
			f.Params["file"] = d.File
		}
		if root != nil {
			place(&f, find(root, steps(f.Path)))
		}
		out[i] = f
	}
	return out
}

func with(params map[string]any, key, value string) map[string]any {
	out := make(map[string]any, len(params)+1)
	for k, v := range params {
		out[k] = v
	}
	out[key] = value
	return out
}

func (d Document) tree() ast.Node {
	if d.Source == "" {
		return nil
	}
	file, err := parser.ParseBytes([]byte(d.Source), 0)
	if err != nil || len(file.Docs) == 0 {
		return nil
	}
	return file.Docs[0].Body
}

func place(f *fault.Field, node ast.Node) {
	t := start(node).GetToken()
	if t == nil || t.Position == nil {
		return
	}
	line, column := t.Position.Line, t.Position.Column
	switch {
	case f.Line == 0 || f.Column == 0:
	case node.Type() == ast.LiteralType:
		line += f.Line
		column = f.Column
		f.Line, f.Column = line, column
		return
	case f.Line == 1:
		column += f.Column - 1
		if quoted := t.Origin != "" && strings.ContainsAny(strings.TrimSpace(t.Origin)[:1], `"'`); quoted {
			column++
		}
	}
	f.Line, f.Column = line, column
}

// start is where a node begins: a mapping's own token is its first colon.
func start(node ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return n.Values[0].Key
		}
	case *ast.MappingValueNode:
		return n.Key
	}
	return node
}

// steps reads "rows[2].when" and "rows.2.when" alike.
func steps(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' || r == '/' })
}

// find goes as far down as the path leads and gives the nearest node there is.
func find(node ast.Node, path []string) ast.Node {
	if len(path) == 0 {
		return node
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			// A key may itself contain dots: take as many steps as it needs.
			for take := 1; take <= len(path); take++ {
				if keyOf(v) == strings.Join(path[:take], ".") {
					return find(v.Value, path[take:])
				}
			}
		}
	case *ast.MappingValueNode:
		if keyOf(n) == path[0] {
			return find(n.Value, path[1:])
		}
	case *ast.SequenceNode:
		if item := itemAt(n, path[0]); item != nil {
			return find(item, path[1:])
		}
	case *ast.AnchorNode:
		return find(n.Value, path)
	}
	return node
}

// itemAt is an item of a list by its place, or by its name as changes call it; nil for none.
func itemAt(list *ast.SequenceNode, step string) ast.Node {
	if i, err := strconv.Atoi(step); err == nil {
		if i >= 0 && i < len(list.Values) {
			return list.Values[i]
		}
		return nil
	}
	for _, item := range list.Values {
		if m, ok := item.(*ast.MappingNode); ok && find(m, []string{"name"}).String() == step {
			return item
		}
	}
	return nil
}

func keyOf(v *ast.MappingValueNode) string {
	if s, ok := v.Key.(*ast.StringNode); ok {
		return s.Value
	}
	return v.Key.String()
}
