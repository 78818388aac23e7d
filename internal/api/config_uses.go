package api

import (
	"cmp"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/schema"
)

// UsageView is a document that names another, and where.
type UsageView struct {
	Kind      string   `json:"kind"`
	KindLabel string   `json:"kind_label"`
	Name      string   `json:"name"`
	Label     string   `json:"label"`
	Places    []string `json:"places"` // in words
	Paths     []string `json:"paths"`
}

func (s *Server) listUses(c *Call) error {
	snapshot := c.Snapshot
	if draft := c.Query("draft"); draft != "" {
		next, _, err := s.Catalog.Propose(c.R.Context(), draft, "")
		if err != nil {
			return err
		}
		snapshot = next
	}
	items, err := s.usesOf(c, snapshot, catalog.Target{
		Kind: c.Param("kind"), Name: c.Param("name"), Field: c.Query("field"), Choice: c.Query("choice"),
	})
	if err != nil {
		return err
	}
	return c.JSON(List[UsageView]{Items: items})
}

func (s *Server) usesOf(c *Call, snapshot *catalog.Snapshot, target catalog.Target) ([]UsageView, error) {
	found, err := snapshot.Uses(target)
	if err != nil {
		return nil, err
	}
	items := []UsageView{}
	for _, use := range found {
		d := use.Document
		if n := len(items); n == 0 || items[n-1].Kind != d.Kind || items[n-1].Name != d.Name {
			shape, err := config.ShapeOf(d.Kind)
			if err != nil {
				return nil, err
			}
			items = append(items, UsageView{
				Kind: d.Kind, KindLabel: c.Label(shape.Title), Name: d.Name, Label: cmp.Or(c.Label(d.Label()), d.Name),
			})
		}
		last := &items[len(items)-1]
		last.Paths = append(last.Paths, use.Leaf.Path)
		last.Places = append(last.Places, s.speaker(c, d, snapshot).where(use.Leaf.Places))
	}
	return items, nil
}

// warnings says what is lost by a change, in the caller's language.
func (s *Server) warnings(c *Call, before, after config.Document) []string {
	var out []string
	say := func(what string, label schema.Label, name string, people int) {
		if !s.messages.has(c.Language, "warn_"+what+"_removed") {
			return
		}
		out = append(out, s.messages.text(c.Language, "warn_"+what+"_removed", map[string]any{
			"name": cmp.Or(c.Label(label), name), "people": people,
		}))
	}
	if before.Body != nil && after.Body == nil {
		say(before.Kind, before.Label(), before.Name, c.peopleOf(before))
		return out
	}
	if before.Body == nil || before.Kind != "object" && before.Kind != "field" {
		return nil
	}
	was, is := fieldsOf(before, after)
	for _, f := range was {
		now, kept := is[f.ID]
		if !kept {
			say("field", f.Label, f.Name, 0)
			continue
		}
		for _, choice := range f.Choices {
			if !now.has(choice.ID) {
				say("choice", choice.Label, choice.Name, 0)
			}
		}
	}
	return out
}

// peopleOf counts who has a role or is in a pool.
func (c *Call) peopleOf(d config.Document) int {
	switch d.Kind {
	case "role":
		return len(c.Directory.WithRole(d.Name))
	case "pool":
		return len(c.Directory.PoolMembers(d.Name))
	}
	return 0
}

// namedItem is a field or a choice, as far as its loss is told.
type namedItem struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Label   schema.Label `json:"label"`
	Retired bool         `json:"retired"`
	Choices []namedItem  `json:"choices"`
}

func (n namedItem) has(choice string) bool {
	for _, one := range n.Choices {
		if one.ID == choice {
			return true
		}
	}
	return false
}

// fieldsOf are the fields of an object document, or the one of a field document;
// none where a draft has not the shape of its kind: that is told when it is validated.
func fieldsOf(before, after config.Document) (was []namedItem, is map[string]namedItem) {
	was, known := itemsOf(before)
	now, shaped := itemsOf(after)
	if !known || !shaped {
		return nil, nil
	}
	is = map[string]namedItem{}
	for _, f := range now {
		is[f.ID] = f
	}
	return was, is
}

func itemsOf(d config.Document) (items []namedItem, ok bool) {
	if d.Body == nil {
		return nil, true
	}
	if d.Kind == "field" {
		var one namedItem
		err := d.Decode(&one)
		return []namedItem{one}, err == nil
	}
	var body struct {
		Fields []namedItem `json:"fields"`
	}
	err := d.Decode(&body)
	return body.Fields, err == nil
}
