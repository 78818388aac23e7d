package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// storedMark begins an expression whose fields and choices are written as
// permanent ids. People and files see names; the store keeps ids, so that a rename
// changes nothing (decisions.md, "Identity of configuration").
const storedMark = "@"

// expressionPaths are where documents of a kind hold expressions; "*" is any
// item or key. The object is that of the nearest "object" around the expression,
// but in a role the key at the first "*".
func expressionPaths(kind string) []string {
	switch kind {
	case "role":
		return []string{"objects.*.scope", "objects.*.update_scope", "objects.*.delete_scope"}
	case "scorecard":
		return []string{"rules.*.when", "stars.*.when"}
	case "routing-table":
		return []string{"when", "rows.*.when"}
	case "clock":
		return []string{"start.when", "satisfied.when", "cancelled.when", "restart.when"}
	case "view":
		return []string{"filter"}
	case "block":
		return []string{"filter", "good"}
	case "conversion":
		return []string{"when"}
	case "cycle":
		return []string{"steps.*.of.when"}
	}
	return nil
}

// rewrite calls change for every expression of a document and writes back what it gives.
func rewrite(d config.Document, change func(path, object, text string) string) (config.Document, error) {
	paths := expressionPaths(d.Kind)
	if len(paths) == 0 {
		return d, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(d.Body))
	decoder.UseNumber()
	var body map[string]any
	if err := decoder.Decode(&body); err != nil {
		return d, fmt.Errorf("body of %s: %w", d.Reference(), err)
	}
	w := walker{kind: d.Kind, change: change}
	for _, path := range paths {
		w.walk(body, strings.Split(path, "."), "")
	}
	if !w.changed {
		return d, nil
	}
	raw, err := config.Canonical(body)
	d.Body = raw
	return d, err
}

type walker struct {
	kind, object string
	change       func(path, object, text string) string
	changed      bool
}

// walk goes down one path; at its end a text, or a list of texts, is changed.
func (w *walker) walk(v any, path []string, at string) {
	switch v := v.(type) {
	case map[string]any:
		around := w.object
		defer func() { w.object = around }()
		if name, ok := v["object"].(string); ok {
			w.object = name
		}
		for key, one := range v {
			if path[0] != "*" && path[0] != key {
				continue
			}
			if w.kind == "role" && path[0] == "*" {
				w.object = key
			}
			if len(path) == 1 {
				v[key] = w.end(one, join(at, key))
				continue
			}
			w.walk(one, path[1:], join(at, key))
		}
	case []any:
		for i, one := range v {
			if path[0] == "*" && len(path) > 1 {
				w.walk(one, path[1:], fmt.Sprintf("%s.%d", at, i))
			}
		}
	}
}

func (w *walker) end(v any, at string) any {
	switch v := v.(type) {
	case string:
		return w.text(v, at)
	case []any:
		for i, one := range v {
			if s, ok := one.(string); ok {
				v[i] = w.text(s, fmt.Sprintf("%s.%d", at, i))
			}
		}
	}
	return v
}

func (w *walker) text(s, at string) string {
	if s == "" || w.kind == "role" && (w.object == "*" || slices.Contains([]string{"own", "team", "tree", "all"}, s)) {
		return s
	}
	out := w.change(at, w.object, s)
	w.changed = w.changed || out != s
	return out
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// readable gives a stored document the expressions that people read, with
// today's names. An id that is gone is a fault of the document: it is in use.
func (b *builder) readable(d config.Document) (config.Document, bool) {
	var problems []fault.Field
	out, err := rewrite(d, func(path, objectName, text string) string {
		stored, ok := strings.CutPrefix(text, storedMark)
		if !ok {
			return text
		}
		p, err := expr.FromStored(stored, b.envFor(objectName), expr.Unknown)
		if err != nil {
			problems = append(problems, expr.FieldOf(err, path))
			return text
		}
		return p.Text("")
	})
	if err != nil {
		problems = append(problems, misshapen(err))
	}
	b.report.add(d, problems...)
	return out, len(problems) == 0
}

// checkWritten refuses expressions that could not be read again: written with
// the labels of today they are longer than what was typed, and a company must
// start with all that it published.
func (b *builder) checkWritten() {
	for _, d := range b.snapshot.AllDocuments() {
		var problems []fault.Field
		_, err := rewrite(d, func(path, objectName, text string) string {
			p, err := expr.Compile(text, b.envFor(objectName), expr.Unknown)
			if err != nil {
				return text // told by the compiler of its kind
			}
			if _, err := expr.Compile(p.Text(""), b.envFor(objectName), expr.Unknown); err != nil {
				problems = append(problems, expr.FieldOf(err, path))
			}
			return text
		})
		if err == nil {
			b.report.add(d, problems...)
		}
	}
}

func (b *builder) envFor(objectName string) expr.Env {
	object, ok := b.snapshot.Object(objectName)
	if !ok {
		object = (&schema.Object{}).Seal()
	}
	return b.snapshot.FilterEnv(object)
}

// storable gives a compiled document the form that is kept: ids in its expressions.
func (s *Snapshot) storable(d config.Document) (config.Document, error) {
	return rewrite(d, func(_, objectName, text string) string {
		object, ok := s.Object(objectName)
		if !ok {
			return text
		}
		p, err := expr.Compile(text, s.FilterEnv(object), expr.Unknown)
		if err != nil {
			return text
		}
		return storedMark + p.Stored()
	})
}
