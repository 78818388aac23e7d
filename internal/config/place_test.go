package config_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/templates"
)

// template is every document of every template, as its files hold them.
func template(t testing.TB) []config.Document {
	t.Helper()
	var all []config.Document
	for _, name := range templates.Names() {
		folder, err := templates.Folder(name)
		if err != nil {
			t.Fatal(err)
		}
		documents, err := config.ReadFolder(folder)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, documents...)
	}
	if len(all) < 50 {
		t.Fatalf("only %d documents", len(all))
	}
	return all
}

func body(t testing.TB, d config.Document) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(d.Body)))
	decoder.UseNumber()
	var out map[string]any
	if err := decoder.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// at is the value at a dotted path.
func at(root any, path string) any {
	if path == "" {
		return root
	}
	for _, step := range strings.Split(path, ".") {
		switch v := root.(type) {
		case map[string]any:
			root = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			root = v[i]
		default:
			return nil
		}
	}
	return root
}

// TestEveryTextIsFoundWhereItStands: the line and column that a path has are
// those at which the file says what the document holds there.
func TestEveryTextIsFoundWhereItStands(t *testing.T) {
	places := 0
	for _, d := range template(t) {
		lines := strings.Split(d.Source, "\n")
		leaves, err := config.Leaves(d)
		if err != nil {
			t.Fatal(err)
		}
		var faults []fault.Field
		for _, leaf := range leaves {
			faults = append(faults, fault.Field{Path: leaf.Path})
		}
		root, placed := body(t, d), d.Place(faults)
		for i, leaf := range leaves {
			text, ok := at(root, leaf.Path).(string)
			if !ok || text != leaf.Text || leaf.Path == "id" {
				continue // a key, whose place is that of its value
			}
			f := placed[i]
			if f.Line < 1 || f.Line > len(lines) || f.Column < 1 {
				t.Errorf("%s: %s at %d:%d", d.File, leaf.Path, f.Line, f.Column)
				continue
			}
			runes := []rune(lines[f.Line-1])
			if f.Column > len(runes) {
				t.Errorf("%s: %s at %d:%d, beyond %q", d.File, leaf.Path, f.Line, f.Column, lines[f.Line-1])
				continue
			}
			here := strings.TrimLeft(string(runes[f.Column-1:]), `"'`)
			first, _, _ := strings.Cut(text, "\n")
			block := strings.HasPrefix(here, "|") || strings.HasPrefix(here, ">")
			escaped := strings.ContainsAny(first, `"'\`)
			if !block && !escaped && !strings.HasPrefix(here, first) {
				t.Errorf("%s: %s is %q, but at %d:%d stands %q", d.File, leaf.Path, first, f.Line, f.Column, here)
			}
			places++
		}
	}
	if places < 1000 {
		t.Errorf("only %d places were looked at", places)
	}
}

func TestTheLeavesOfADocument(t *testing.T) {
	for _, d := range template(t) {
		leaves, err := config.Leaves(d)
		if err != nil {
			t.Fatal(err)
		}
		root := body(t, d)
		for _, leaf := range leaves {
			switch v := at(root, leaf.Path).(type) {
			case string:
				if v == leaf.Text {
					break
				}
				if !strings.HasSuffix(leaf.Path, leaf.Text) {
					t.Errorf("%s: %s is %q, not %q", d.File, leaf.Path, v, leaf.Text)
				}
			default: // a free key that names something
				if !strings.HasSuffix(leaf.Path, leaf.Text) {
					t.Errorf("%s: the key %q is no part of %s", d.File, leaf.Text, leaf.Path)
				}
			}
			if leaf.Shape == nil || len(leaf.Around) == 0 {
				t.Errorf("%s: %s stands nowhere", d.File, leaf.Path)
			}
		}
		if d.Kind == "object" {
			for _, leaf := range leaves {
				if leaf.Shape.Pick == "field" && leaf.Shape.Of == "" && leaf.ObjectName(d) != d.Name {
					t.Errorf("%s: %s names a field of %q", d.File, leaf.Path, leaf.ObjectName(d))
				}
			}
		}
	}
}

// TestNoPlaceTakesWhatItDoesNotKnow puts an unknown key into every object and
// a nonsensical value in place of every value of the template, one of each
// kind of place, and expects the fault at that very place.
func TestNoPlaceTakesWhatItDoesNotKnow(t *testing.T) {
	schemas, err := config.NewSchemas()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	tried := 0
	for _, d := range template(t) {
		shape, err := config.ShapeOf(d.Kind)
		if err != nil {
			t.Fatal(err)
		}
		root := body(t, d)
		visit(root, shape, "", d.Kind, func(holder any, key any, path, general string, s *config.Shape) {
			free := s != nil && s.Type == "" && len(s.Choices) == 0 && (s.Pick == "" || s.Of == "@key") && len(s.Properties) == 0
			if seen[general] || free || path == "id" || path == "name" {
				return
			}
			seen[general] = true
			tried++
			was := get(holder, key)
			set(holder, key, nonsense(was))
			expectFault(t, schemas, d, root, path, "")
			if inner, ok := was.(map[string]any); ok && s != nil && len(s.Properties) > 0 && s.Value == nil {
				set(holder, key, with(inner, "unheard_of", true))
				expectFault(t, schemas, d, root, path+".unheard_of", "unknown_key")
			}
			set(holder, key, was)
		})
	}
	if tried < 200 {
		t.Errorf("only %d places were tried", tried)
	}
}

func with(m map[string]any, key string, value any) map[string]any {
	out := maps.Clone(m)
	out[key] = value
	return out
}

// nonsense is a value of a type that nothing like v may have.
func nonsense(v any) any {
	switch v.(type) {
	case string, bool, json.Number:
		return []any{map[string]any{"no": []any{"such", "thing"}}}
	case []any:
		return "not a list"
	}
	return "not an object"
}

func get(holder, key any) any {
	if m, ok := holder.(map[string]any); ok {
		return m[key.(string)]
	}
	return holder.([]any)[key.(int)]
}

func set(holder, key, value any) {
	if m, ok := holder.(map[string]any); ok {
		m[key.(string)] = value
		return
	}
	holder.([]any)[key.(int)] = value
}

func visit(v any, shape *config.Shape, path, general string, each func(holder, key any, path, general string, s *config.Shape)) {
	if shape == nil || shape.Label {
		return
	}
	child := func(holder, key any, value any, p, g string, s *config.Shape) {
		each(holder, key, p, g, s)
		visit(value, s, p, g, each)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			s, g := shape.Properties[key], general+"."+key
			if s == nil {
				if s, g = shape.Value, general+".*"; s == nil {
					continue
				}
			}
			child(v, key, v[key], strings.TrimPrefix(path+"."+key, "."), g, s)
		}
	case []any:
		for i := range v {
			if shape.Item != nil {
				child(v, i, v[i], path+"."+strconv.Itoa(i), general+".#", shape.Item)
			}
		}
	}
}

func expectFault(t *testing.T, schemas *config.Schemas, d config.Document, root map[string]any, path, code string) {
	t.Helper()
	changed, err := config.NewDocument(d.Kind, d.Name, maps.Clone(root))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range schemas.Check(changed) {
		near := strings.HasPrefix(f.Path, path) || strings.HasPrefix(path, f.Path) && f.Path != ""
		if near && (code == "" || f.Code == code) {
			return
		}
		got = append(got, f.Path+" "+f.Code)
	}
	t.Errorf("%s %s: %s %s is not told, but %v", d.Kind, d.Name, path, code, got)
}

// TestWhatIsRequiredIsMissed takes each required key away from a template's document.
func TestWhatIsRequiredIsMissed(t *testing.T) {
	schemas, err := config.NewSchemas()
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]bool{}
	for _, d := range template(t) {
		raw, err := config.SchemaOf(d.Kind)
		if err != nil {
			t.Fatal(err)
		}
		var s struct{ Required []string }
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatal(err)
		}
		if done[d.Kind] {
			continue
		}
		done[d.Kind] = true
		for _, key := range s.Required {
			without := body(t, d)
			delete(without, key)
			delete(without, "id")
			changed := config.Document{Kind: d.Kind, Name: d.Name}
			if changed.Body, err = config.Canonical(without); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range schemas.Check(changed) {
				got = append(got, fmt.Sprint(f.Path, " ", f.Code, " ", f.Params["document"]))
			}
			if want := fmt.Sprint(key, " required ", d.Reference()); !slices.Contains(got, want) {
				t.Errorf("%s without %s: %v", d.Kind, key, got)
			}
		}
	}
	if len(done) < len(config.Kinds())-3 {
		t.Errorf("the template has only %d kinds", len(done))
	}
}
