package access

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// Grants is what one principal may do; it is immutable and safe for concurrent use.
type Grants struct {
	principal Principal
	user      account.User
	directory *account.Directory
	policy    Policy
	roles     []*Role
	now       func() time.Time
	levels    map[string]Level // by the field's permanent id
	visible   sync.Map         // object id → *schema.Object
}

func newGrants(p Principal, policy Policy, directory *account.Directory, now func() time.Time) *Grants {
	g := &Grants{principal: p, policy: policy, directory: directory, now: now, levels: map[string]Level{}}
	user, ok := directory.User(p.UserID)
	if ok && user.Active {
		g.user = user
		for _, name := range user.Roles {
			i := slices.IndexFunc(policy.Roles, func(r *Role) bool { return r.Name == name })
			if i >= 0 {
				g.roles = append(g.roles, policy.Roles[i])
			}
		}
	}
	for _, object := range policy.Objects {
		g.addUp(object)
	}
	return g
}

// addUp notes the widest of the roles' levels for each field of an object.
func (g *Grants) addUp(object *schema.Object) {
	for _, f := range object.Fields {
		if g.principal.System {
			g.levels[f.ID] = Writable
			continue
		}
		for _, role := range g.roles {
			g.levels[f.ID] = max(g.levels[f.ID], role.objects[object.ID].level(f.ID))
		}
	}
}

// level is what one role gives on a field: nothing unless it gives the object.
func (r objectRule) level(field string) Level {
	if r.can == [4]bool{} {
		return Hidden
	}
	return r.fields[field]
}

// Principal is whose grants these are.
func (g *Grants) Principal() Principal { return g.principal }

// Roles are the roles that add up here, in the user's order.
func (g *Grants) Roles() []*Role { return g.roles }

// Has says whether any role gives a right.
func (g *Grants) Has(right string) bool {
	separate := g.directory.Rules().Separate()
	return g.principal.System || slices.ContainsFunc(g.roles, func(r *Role) bool { return r.Gives(right, separate) })
}

// Rights lists the rights that the principal has.
func (g *Grants) Rights() []string {
	return slices.DeleteFunc(Rights(), func(right string) bool { return !g.Has(right) })
}

// Home is the page the person starts on: the widest of his roles'.
func (g *Grants) Home() string {
	for _, home := range Homes() {
		if slices.ContainsFunc(g.roles, func(r *Role) bool { return r.Home == home }) {
			return home
		}
	}
	return "sales"
}

// Can says whether any role allows the act on the object's records at all.
func (g *Grants) Can(object *schema.Object, op Op) bool {
	return g.principal.System || slices.ContainsFunc(g.roles, func(r *Role) bool { return r.objects[object.ID].can[op] })
}

// Field is what may be done with a field. Fields that the policy does not know are hidden.
func (g *Grants) Field(f *schema.Field) Level { return g.levels[f.ID] }

// Visible is the object with only the fields that may be read: whatever is
// compiled against it treats a hidden field as one that does not exist. It is
// nil where the principal can do nothing with the object, so that the object
// itself does not exist for him.
func (g *Grants) Visible(object *schema.Object) *schema.Object {
	if g.principal.System {
		return object
	}
	if !g.Can(object, Read) && !g.Can(object, Create) {
		return nil
	}
	if kept, ok := g.visible.Load(object.ID); ok {
		return kept.(*schema.Object)
	}
	kept, _ := g.visible.LoadOrStore(object.ID, g.strip(object))
	return kept.(*schema.Object)
}

// strip copies an object without its hidden fields, and without naming them.
func (g *Grants) strip(object *schema.Object) *schema.Object {
	copied := *object
	copied.Fields = nil
	for _, f := range object.Fields {
		if g.Field(f) > Hidden {
			copied.Fields = append(copied.Fields, f)
		}
	}
	copied.Seal()
	for _, name := range [...]*string{&copied.TitleField, &copied.OwnerField} {
		if _, ok := copied.Field(*name); !ok {
			*name = ""
		}
	}
	return &copied
}

// Scope is the condition that a record must meet for the act, Never when no
// role allows it. For Create it is the condition that the new record must meet.
func (g *Grants) Scope(object *schema.Object, op Op) query.Condition {
	if g.principal.System {
		return query.Always{}
	}
	if op == Update || op == Delete {
		return both(g.union(object, Read), g.union(object, op))
	}
	return g.union(object, op)
}

// union is the OR of what each role that allows the act reaches by it.
func (g *Grants) union(object *schema.Object, op Op) query.Condition {
	var owners []string
	var parts []query.Condition
	for _, role := range g.roles {
		rule := role.objects[object.ID]
		if !rule.can[op] {
			continue
		}
		for _, s := range rule.scopes[op] {
			switch {
			case s.text == ScopeAll:
				return query.Always{}
			case s.program != nil:
				parts = append(parts, query.Expr{Program: s.program, Input: g.input()})
			default:
				owners = append(owners, g.people(s.text)...)
			}
		}
	}
	if len(owners) > 0 {
		parts = append([]query.Condition{ownedBy(object, distinct(owners))}, parts...)
	}
	return either(parts)
}

// people is whose records a scope word covers.
func (g *Grants) people(word string) []string {
	switch word {
	case ScopeOwn:
		return []string{g.user.ID}
	case ScopeTeam:
		return g.directory.Colleagues(g.user.ID)
	case ScopeTree:
		return g.directory.Branch(g.user.ID)
	}
	return nil
}

// input is what an expression of this principal reads beside the record: ME and TEAM.
func (g *Grants) input() expr.Input {
	return expr.Input{
		Now: g.now(), Zone: g.policy.Zone, Me: g.user.ID,
		Params: map[string]any{teamParameter: g.directory.Colleagues(g.user.ID)},
	}
}

// MayOwn says whether the principal may make somebody the owner of a record
// of this object: himself, anybody in the range of his scope words, anybody
// under scope all or the right RecordsAssign.
func (g *Grants) MayOwn(object *schema.Object, owner string) bool {
	if g.Has(RecordsAssign) || owner == g.user.ID && owner != "" {
		return true
	}
	for _, role := range g.roles {
		rule := role.objects[object.ID]
		for _, op := range [...]Op{Create, Update} {
			for _, s := range rule.scopes[op] {
				if rule.can[op] && (s.text == ScopeAll || slices.Contains(g.people(s.text), owner)) {
					return true
				}
			}
		}
	}
	return false
}

// Key names everything that these grants depend on: equal keys, equal grants.
// It is part of every cache's key and of an ETag.
func (g *Grants) Key() string {
	return fmt.Sprintf("%s/%t/%d/%d", g.user.ID, g.principal.System, g.policy.Version, g.directory.Version())
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// Reach says whose records the words of scopes give: all of them, or those of
// people; more is true when an expression may give others.
func (g *Grants) Reach(object *schema.Object, op Op) (people []string, all, more bool) {
	if g.principal.System {
		return nil, true, false
	}
	for _, role := range g.roles {
		rule := role.objects[object.ID]
		if !rule.can[op] {
			continue
		}
		for _, s := range rule.scopes[op] {
			all = all || s.text == ScopeAll
			more = more || s.program != nil
			if s.program == nil {
				people = append(people, g.people(s.text)...)
			}
		}
	}
	return distinct(people), all, more
}
