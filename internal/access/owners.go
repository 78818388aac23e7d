package access

import (
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
)

// Owners tells a scope as a set of owners, for figures that are rolled up by
// owner: all of them, or those listed. exact is false when a scope is an
// expression, which only the records themselves can answer; but records without
// an owner, "", are a set like another.
func (g *Grants) Owners(object *schema.Object, op Op) (owners []string, all, exact bool) {
	if g.principal.System {
		return nil, true, true
	}
	exact = true
	owners = []string{}
	for _, role := range g.roles {
		rule := role.objects[object.ID]
		if !rule.can[op] {
			continue
		}
		for _, s := range rule.scopes[op] {
			switch {
			case s.text == ScopeAll:
				return nil, true, true
			case s.program != nil && blankOwner(s.program, object):
				owners = append(owners, "")
			case s.program != nil:
				exact = false
			default:
				owners = append(owners, g.people(s.text)...)
			}
		}
	}
	return distinct(owners), false, exact
}

// blankOwner says that an expression is ISBLANK of the owner and nothing else.
func blankOwner(p *expr.Program, object *schema.Object) bool {
	root := p.Root()
	if root.Op != "ISBLANK" || root.Args[0].Op != expr.OpField {
		return false
	}
	f := root.Args[0].Column.Field
	return f != nil && f.Name == object.OwnerField
}
