package expr

import (
	"errors"
	"time"

	"clew.dev/clew/internal/schema"
)

// Env is what an expression may name.
type Env struct {
	// Object is what the reader may see of the object; nil when there are no fields.
	Object *schema.Object
	// Zone is the company's: TODAY, day boundaries, times without a zone. nil means UTC.
	Zone *time.Location
	// Parameters are values given at evaluation, written NAME(); the key is in
	// capitals. ME() is always there.
	Parameters map[string]Type
	// Phone brings a phone number to the stored form; nil leaves it as it is.
	Phone func(string) string
}

// Input is what one evaluation reads.
type Input struct {
	// Field gives the canonical value of a field by permanent id; also of the
	// system columns id, created_at, updated_at (time.Time), created_by.
	Field  func(id string) any
	Now    time.Time
	Zone   *time.Location // overrides Env.Zone where set
	Me     string         // the user's id, "" for the program itself
	Params map[string]any // canonical values; People is []string
}

// Program is a compiled expression. It is immutable and safe for concurrent use.
type Program struct {
	root   *Node
	env    Env
	source string // as written, or the stored form
	stored string
	sql    error
}

// Compile reads an expression as a person writes it. want is the type that is
// needed, Unknown for any. The error is a *SyntaxError.
func Compile(src string, env Env, want Type) (*Program, error) {
	return compile(src, env, want, false)
}

// FromStored compiles the stored form, in which fields and choices are ids.
func FromStored(stored string, env Env, want Type) (*Program, error) {
	return compile(stored, env, want, true)
}

func compile(src string, env Env, want Type, stored bool) (*Program, error) {
	tree, err := parse(src, stored)
	if err != nil {
		return nil, err
	}
	c := &checker{src: src, env: env}
	root, err := c.root(tree, want)
	if err != nil {
		return nil, err
	}
	p := &Program{root: root, env: env, source: src}
	p.stored = c.splice()
	p.sql = sqlProblem(root)
	return p, nil
}

// Root is the checked tree, for rendering; it must not be changed.
func (p *Program) Root() *Node { return p.root }

// Type is the type of the result.
func (p *Program) Type() Type { return p.root.Type }

// Stored is the expression with permanent ids in place of names.
func (p *Program) Stored() string { return p.stored }

// SQLProblem is nil when the expression can be computed wholly inside both
// databases, else a *SQLError that names the function in the way.
func (p *Program) SQLProblem() error { return p.sql }

// Eval computes the value: a canonical value of package schema, nil for blank.
func (p *Program) Eval(in Input) (any, error) { return p.root.eval(p.prepare(in)) }

// Truth computes a yes/no expression; blank is false.
func (p *Program) Truth(in Input) (bool, error) {
	if t := p.root.Type; t != Bool && t != Blank {
		return false, &EvalError{Code: "wrong_type", Function: "condition"}
	}
	v, err := p.root.eval(p.prepare(in))
	return v == true, err
}

// Constant computes a part of the tree that reads no field.
func (p *Program) Constant(n *Node, in Input) (any, error) {
	if n.readsField() {
		return nil, errors.New("expr: the node is not constant")
	}
	return n.eval(p.prepare(in))
}

// Zone is the zone in which in is evaluated.
func (p *Program) Zone(in Input) *time.Location { return p.prepare(in).Zone }

func (p *Program) prepare(in Input) *Input {
	if in.Zone == nil {
		in.Zone = p.env.Zone
	}
	if in.Zone == nil {
		in.Zone = time.UTC
	}
	return &in
}

// Fields are the ids of the fields and system columns that are read, each once,
// in the order of their first use.
func (p *Program) Fields() []string {
	var ids []string
	seen := map[string]bool{}
	p.root.walk(func(n *Node) {
		if n.Op == OpField && !seen[n.Column.ID] {
			seen[n.Column.ID] = true
			ids = append(ids, n.Column.ID)
		}
	})
	return ids
}
