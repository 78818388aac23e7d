package access

import (
	"slices"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// Reads says whether the principal may read a record with these values: what
// Scope asks the database, for a record that is not written yet.
func (g *Grants) Reads(object *schema.Object, row query.Row) (bool, error) {
	if g.principal.System {
		return true, nil
	}
	for _, role := range g.roles {
		rule := role.objects[object.ID]
		if !rule.can[Read] {
			continue
		}
		for _, s := range rule.scopes[Read] {
			if holds, err := g.covered(object, s, row); holds || err != nil {
				return holds, err
			}
		}
	}
	return false, nil
}

func (g *Grants) covered(object *schema.Object, s scope, row query.Row) (bool, error) {
	switch {
	case s.text == ScopeAll:
		return true, nil
	case s.program != nil:
		in := g.input()
		in.Field = func(id string) any { return valueOf(row, id) }
		return s.program.Truth(in)
	}
	return slices.Contains(g.people(s.text), ownerOf(object, row)), nil
}

// ownerOf is whose record it is: an object without an owner field belongs to
// who created it.
func ownerOf(object *schema.Object, row query.Row) string {
	if f, ok := object.Field(object.OwnerField); ok {
		owner, _ := row.Values[f.ID].(string)
		return owner
	}
	return row.CreatedBy
}

// valueOf is a field's or a system column's value by id.
func valueOf(row query.Row, id string) any {
	switch id {
	case "id":
		return row.ID
	case "created_at":
		return row.CreatedAt
	case "updated_at":
		return row.UpdatedAt
	case "created_by":
		return row.CreatedBy
	}
	return row.Values[id]
}
