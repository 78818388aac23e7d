package access

import (
	"clew.dev/clew/internal/schema"
)

// Owners tells a scope as a set of owners, for figures that are rolled up by
// owner: all of them, or those listed. exact is false when a scope is an
// expression, which only the records themselves can answer.
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
			case s.program != nil:
				exact = false
			default:
				owners = append(owners, g.people(s.text)...)
			}
		}
	}
	return distinct(owners), false, exact
}
