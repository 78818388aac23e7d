package access

import (
	"slices"

	"clew.dev/clew/internal/schema"
)

// Explanation says why a principal may do what he may, role by role.
type Explanation struct {
	Object string          `json:"object"`
	Field  string          `json:"field,omitempty"`
	Level  string          `json:"level,omitempty"` // the field's, after adding up
	Can    map[string]bool `json:"can"`
	Rules  []Deciding      `json:"rules"` // each role that says anything; none means: default deny
}

// Deciding is what one role contributes.
type Deciding struct {
	Role   string              `json:"role"`
	Path   string              `json:"path"` // into the role's document
	Can    []string            `json:"can"`
	Scopes map[string][]string `json:"scopes"` // by act
	Level  string              `json:"level,omitempty"`
	Wins   bool                `json:"wins"` // its level is the one that holds
}

// Explain names the rules that decide on an object and, unless field is nil, one of its fields.
func (g *Grants) Explain(object *schema.Object, field *schema.Field) Explanation {
	e := Explanation{Object: object.Name, Can: map[string]bool{}}
	for _, op := range [...]Op{Create, Read, Update, Delete} {
		e.Can[op.String()] = g.Can(object, op)
	}
	if field != nil {
		e.Field, e.Level = field.Name, g.Field(field).String()
	}
	for _, role := range g.roles {
		if rule, ok := role.objects[object.ID]; ok {
			e.Rules = append(e.Rules, g.deciding(role, rule, field))
		}
	}
	return e
}

func (g *Grants) deciding(role *Role, rule objectRule, field *schema.Field) Deciding {
	d := Deciding{Role: role.Name, Path: rule.path, Scopes: map[string][]string{}}
	for _, op := range [...]Op{Create, Read, Update, Delete} {
		if !rule.can[op] {
			continue
		}
		d.Can = append(d.Can, op.String())
		for _, s := range rule.scopes[op] {
			d.Scopes[op.String()] = append(d.Scopes[op.String()], s.text)
		}
	}
	if field != nil {
		level := rule.level(field.ID)
		d.Level, d.Wins = level.String(), level == g.Field(field)
		if path, ok := rule.rules[field.ID]; ok {
			d.Path = path
		}
	}
	return d
}

// MayPass is MayGrant for handing a role to others: who has every right may give
// away those that stand apart, though he lacks them himself.
func (g *Grants) MayPass(role *Role) (lacks string, ok bool) {
	return g.covers(role, func(right string) bool {
		return g.Has(right) || slices.ContainsFunc(g.roles, func(r *Role) bool { return r.every })
	})
}

// MayGrant says whether a role gives nothing that the principal lacks; if it
// does, lacks names the first such thing by its path in the role's document.
func (g *Grants) MayGrant(role *Role) (lacks string, ok bool) {
	return g.covers(role, g.Has)
}

// covers names the first thing that the role gives beyond the rights that has
// tells of and the principal's own grants on objects.
func (g *Grants) covers(role *Role, has func(right string) bool) (lacks string, ok bool) {
	separate := g.directory.Rules().Separate()
	for _, right := range Rights() {
		if role.Gives(right, separate) && !has(right) {
			return "rights." + right, false
		}
	}
	for _, object := range g.policy.Objects {
		rule, given := role.objects[object.ID]
		if !given {
			continue
		}
		if lacks := g.exceeds(rule, object); lacks != "" {
			return lacks, false
		}
	}
	return "", true
}

// exceeds names what a rule gives beyond the principal's own grants, "" for nothing.
func (g *Grants) exceeds(rule objectRule, object *schema.Object) string {
	for _, op := range [...]Op{Create, Read, Update, Delete} {
		if !rule.can[op] {
			continue
		}
		if !g.Can(object, op) {
			return rule.path + "." + op.String()
		}
		for _, s := range rule.scopes[op] {
			if !g.reaches(object, op, s) {
				return rule.path + ".scope"
			}
		}
	}
	for _, f := range object.Fields {
		if rule.level(f.ID) > g.Field(f) {
			return rule.path + ".fields." + f.Name
		}
	}
	return ""
}

// reaches says whether one of the principal's own scopes surely covers another.
func (g *Grants) reaches(object *schema.Object, op Op, wanted scope) bool {
	return slices.ContainsFunc(g.roles, func(r *Role) bool {
		rule := r.objects[object.ID]
		return rule.can[op] && slices.ContainsFunc(rule.scopes[op], func(own scope) bool { return covers(own.text, wanted.text) })
	})
}

func covers(own, wanted string) bool {
	words := []string{ScopeOwn, ScopeTeam, ScopeTree, ScopeAll}
	wide, narrow := slices.Index(words, own), slices.Index(words, wanted)
	return own == wanted || own == ScopeAll || narrow >= 0 && wide >= narrow
}
