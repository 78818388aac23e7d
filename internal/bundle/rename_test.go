package bundle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
)

// ownNames are the places of an object's document that name its own fields; who
// renames a field there writes them together. "{}" are values by other names.
func ownNames() []string {
	return []string{
		"title", "owner", "fields.*.name", "fields.*.required_when.field", "keys.*.field", "party.field", "party.copy.{}", "closed.field", "closed.at", "stage.field", "stage.since",
		"follow_up.next_action", "follow_up.next_due", "follow_up.status", "health.{}", "agenda.due", "agenda.done", "broadcast.*.fields.*",
	}
}

// renameOwn writes a new name of a field into its own object's document.
func renameOwn(t *testing.T, d config.Document, was, is string) config.Document {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(d.Body, &body); err != nil {
		t.Fatal(err)
	}
	for _, path := range ownNames() {
		put(body, strings.Split(path, "."), was, is)
	}
	raw, err := config.Canonical(body)
	if err != nil {
		t.Fatal(err)
	}
	d.Body = raw
	return d
}

func put(v any, path []string, was, is string) {
	switch v := v.(type) {
	case map[string]any:
		for key, one := range v {
			if path[0] != "{}" && path[0] != key {
				continue
			}
			if len(path) > 1 {
				put(one, path[1:], was, is)
			} else if one == was {
				v[key] = is
			}
		}
	case []any:
		for i, one := range v {
			if len(path) > 1 {
				put(one, path[1:], was, is)
			} else if one == was {
				v[i] = is
			}
		}
	}
}

// TestNamesOfTheTemplateCanBeChanged: what a builder calls something else stays the
// same thing everywhere, on one catalog, because to install it is dear.
func TestNamesOfTheTemplateCanBeChanged(t *testing.T) {
	c := catalogued(t)
	t.Run("fields", func(t *testing.T) { everyFieldCanBeRenamed(t, c) })
	t.Run("objects", func(t *testing.T) { everyObjectCanBeRenamed(t, c) })
	t.Run("choices", func(t *testing.T) { everyChoiceCanBeRenamed(t, c) })
}

// everyFieldCanBeRenamed: a builder who gives fields other names
// breaks nothing: every document that named them names them still.
func everyFieldCanBeRenamed(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	s := c.Current()
	for _, o := range s.Objects {
		d, err := s.Document("object", o.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range o.Fields {
			d = renameOwn(t, d, f.Name, f.Name+"_x")
		}
		next, problems, err := c.Propose(t.Context(), "", d.Reference(), d)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("fields of %s renamed: %s %s %s", o.Name, p.Path, p.Code, p.Detail)
		}
		for i, f := range o.Fields {
			if i%4 > 0 {
				continue // the look through all documents is dear
			}
			was, is := uses(t, s, o.Name, f.Name), uses(t, next, o.Name, f.Name+"_x")
			if len(problems) == 0 && !slices.Equal(was, is) {
				t.Errorf("%s.%s was used\n%s\nand after the new name\n%s", o.Name, f.Name, strings.Join(was, "\n"), strings.Join(is, "\n"))
			}
		}
	}
}

// everyObjectCanBeRenamed: its views, forms, channels and what
// points to it go on.
func everyObjectCanBeRenamed(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	s := c.Current()
	for _, o := range s.Objects {
		d, err := s.Document("object", o.Name)
		if err != nil {
			t.Fatal(err)
		}
		d.Name = o.Name + "_x"
		next, problems, err := c.Propose(t.Context(), "", d.Reference(), d)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s renamed: %s %s %s", o.Name, p.Path, p.Code, p.Detail)
		}
		if was, is := len(uses(t, s, o.Name, "")), len(uses(t, next, o.Name+"_x", "")); was != is && len(problems) == 0 {
			t.Errorf("%s was used in %d places, under its new name in %d", o.Name, was, is)
		}
	}
}

// everyChoiceCanBeRenamed: rules, filters and mappings keep their
// meaning when the choices get other names and labels; a channel's lead would
// else lose its region without a word.
func everyChoiceCanBeRenamed(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	s := c.Current()
	for _, o := range s.Objects {
		d, err := s.Document("object", o.Name)
		if err != nil {
			t.Fatal(err)
		}
		next, problems, err := c.Propose(t.Context(), "", d.Reference(), rechosen(t, d))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("choices of %s renamed: %s %s %s", o.Name, p.Path, p.Code, p.Detail)
		}
		for _, f := range o.Fields {
			for _, choice := range f.Choices[:min(1, len(f.Choices))] {
				was := usesOf(t, s, catalog.Target{Kind: "object", Name: o.Name, Field: f.Name, Choice: choice.Name})
				is := usesOf(t, next, catalog.Target{Kind: "object", Name: o.Name, Field: f.Name, Choice: "新" + choice.Name})
				if !slices.Equal(was, is) && len(problems) == 0 {
					t.Errorf("%s.%s %s was used\n%s\nunder its new name\n%s", o.Name, f.Name, choice.Name, strings.Join(was, "\n"), strings.Join(is, "\n"))
				}
			}
		}
	}
}

// rechosen gives every choice of an object another name, and no label, and writes
// it where the object itself names the choice.
func rechosen(t *testing.T, d config.Document) config.Document {
	t.Helper()
	out, err := config.Rewrite(d, func(l config.Leaf) string {
		own := strings.HasPrefix(l.Path, "fields.") && strings.Contains(l.Path, ".choices.") && strings.HasSuffix(l.Path, ".name")
		if own || l.Shape.Pick == "choice" || strings.HasSuffix(l.Path, ".required_when.otherwise") {
			return "新" + l.Text
		}
		return l.Text
	})
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	if err := json.Unmarshal(out.Body, &body); err != nil {
		t.Fatal(err)
	}
	for _, one := range body["fields"].([]any) {
		choices, _ := one.(map[string]any)["choices"].([]any)
		for _, c := range choices {
			delete(c.(map[string]any), "label")
		}
	}
	if out.Body, err = config.Canonical(body); err != nil {
		t.Fatal(err)
	}
	return out
}

func catalogued(t *testing.T) *catalog.Catalog {
	t.Helper()
	db := clewtest.Open(t, clewtest.Embedded(t))
	c, err := catalog.New(db, config.New(db), compilers())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Install(t.Context(), c, "crm"); err != nil {
		t.Fatal(err)
	}
	return c
}

// uses are the places that name a field or an object, without the names themselves.
func uses(t *testing.T, s *catalog.Snapshot, object, field string) []string {
	t.Helper()
	return usesOf(t, s, catalog.Target{Kind: "object", Name: object, Field: field})
}

func usesOf(t *testing.T, s *catalog.Snapshot, target catalog.Target) (places []string) {
	t.Helper()
	found, err := s.Uses(target)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range found {
		places = append(places, fmt.Sprintf("%s %s", u.Document.ID, u.Leaf.Shape.Pick))
	}
	slices.Sort(places)
	return places
}
