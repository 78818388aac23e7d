package access

import (
	"encoding/json"
	"maps"
	"slices"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Op is an act on a record.
type Op int

// The acts; restoring counts as Delete.
const (
	Create Op = iota
	Read
	Update
	Delete
)

// String is the act's name in role documents and in the catalog.
func (o Op) String() string { return [...]string{"create", "read", "update", "delete"}[o] }

// Level is what may be done with a field.
type Level int

// The levels, narrow to wide.
const (
	Hidden Level = iota
	ReadOnly
	Writable
)

// String is the level's name in role documents.
func (l Level) String() string { return [...]string{"hidden", "read", "write"}[l] }

// Role is a compiled role document.
type Role struct {
	Name  string
	Label schema.Label
	Home  string

	rights  map[string]bool       // those that it names
	every   bool                  // it names "*"
	objects map[string]objectRule // by the object's permanent id
}

// objectRule is an ObjectRule with names resolved.
type objectRule struct {
	path   string // in the document, "objects.lead"
	can    [4]bool
	scopes [4][]scope
	fields map[string]Level // by the field's permanent id, every field of the object
	rules  map[string]string
}

// scope is a word, or a program.
type scope struct {
	text    string
	program *expr.Program
}

// Compile checks a role document against the objects and resolves its names.
// Env gives an expression's environment for an object; ME (the reader) and
// TEAM (the people of his department) are added here. All faults come at
// once, with paths into the document.
func Compile(name string, body json.RawMessage, objects []*schema.Object, env func(*schema.Object) expr.Env) (*Role, error) {
	var d Definition
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, fault.Wrap(fault.Invalid, "invalid_document", err)
	}
	c := compiler{env: env}
	role := &Role{
		Name: name, Label: d.Label, Home: d.Home,
		rights: c.rights(d.Rights), every: slices.Contains(d.Rights, "*"), objects: map[string]objectRule{},
	}
	if !slices.Contains(Homes(), d.Home) {
		c.refuse("home", "unknown_home", d.Home)
	}
	known := map[string]bool{"*": true}
	for _, object := range objects {
		known[object.Name] = true
		key := object.Name
		rule, ok := d.Objects[key]
		if !ok {
			key = "*"
			rule, ok = d.Objects[key]
		}
		if ok {
			role.objects[object.ID] = c.object(key, object, rule)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.Objects)) {
		if !known[key] {
			c.refuse("objects."+key, "unknown_object", key)
		}
	}
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	return role, nil
}

type compiler struct {
	env    func(*schema.Object) expr.Env
	faults fault.Collector
}

func (c *compiler) refuse(path, code, name string) {
	c.faults.Add(&fault.Field{Path: path, Code: code, Params: map[string]any{"name": name}})
}

func (c *compiler) rights(names []string) map[string]bool {
	rights := map[string]bool{}
	for _, name := range names {
		switch {
		case name == "*":
		case slices.Contains(Rights(), name):
			rights[name] = true
		default:
			c.refuse("rights", "unknown_right", name)
		}
	}
	return rights
}

func (c *compiler) object(key string, object *schema.Object, rule ObjectRule) objectRule {
	compiled := objectRule{
		path: "objects." + key,
		can:  [4]bool{Create: rule.Create, Read: rule.Read, Update: rule.Update, Delete: rule.Delete},
	}
	base := c.scopes(compiled.path+".scope", object, rule.Scope)
	compiled.scopes = [4][]scope{Create: base, Read: base, Update: base, Delete: base}
	if rule.UpdateScope != nil {
		compiled.scopes[Update] = c.scopes(compiled.path+".update_scope", object, rule.UpdateScope)
	}
	if rule.DeleteScope != nil {
		compiled.scopes[Delete] = c.scopes(compiled.path+".delete_scope", object, rule.DeleteScope)
	}
	c.fields(&compiled, key, object, rule)
	return compiled
}

func (c *compiler) scopes(path string, object *schema.Object, texts Scopes) []scope {
	var compiled []scope
	for _, text := range texts {
		s := scope{text: text}
		if !isWord(text) {
			s.program = c.expression(path, object, text)
		}
		compiled = append(compiled, s)
	}
	return compiled
}

func isWord(text string) bool {
	return text == ScopeOwn || text == ScopeTeam || text == ScopeTree || text == ScopeAll
}

func (c *compiler) expression(path string, object *schema.Object, text string) *expr.Program {
	program, err := expr.Compile(text, scopeEnv(c.env(object)), expr.Bool)
	if err == nil {
		err = program.SQLProblem()
	}
	if err != nil {
		f := expr.FieldOf(err, path)
		c.faults.Add(&f)
		return nil
	}
	return program
}

// fields gives every field of the object its level in this role.
func (c *compiler) fields(compiled *objectRule, key string, object *schema.Object, rule ObjectRule) {
	compiled.fields, compiled.rules = map[string]Level{}, map[string]string{}
	most := ReadOnly
	if rule.Create || rule.Update {
		most = Writable
	}
	for _, f := range object.Fields {
		name := f.Name
		text, ok := rule.Fields[name]
		if !ok {
			name = "*"
			text, ok = rule.Fields[name]
		}
		level := Writable
		if ok {
			level = c.level(compiled.path+".fields."+name, text)
			compiled.rules[f.ID] = compiled.path + ".fields." + name
		}
		if f.ReadOnly {
			level = min(level, ReadOnly)
		}
		compiled.fields[f.ID] = min(level, most)
	}
	if key == "*" {
		return // its field names may belong to any object
	}
	for _, name := range slices.Sorted(maps.Keys(rule.Fields)) {
		if _, ok := object.Field(name); !ok && name != "*" {
			c.refuse(compiled.path+".fields."+name, "unknown_field", name)
		}
	}
}

func (c *compiler) level(path, text string) Level {
	for _, level := range [...]Level{Hidden, ReadOnly, Writable} {
		if level.String() == text {
			return level
		}
	}
	c.refuse(path, "unknown_level", text)
	return Hidden
}
