package expr

import (
	"sort"
	"strings"

	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// checker resolves names and gives every part a type.
type checker struct {
	src   string
	env   Env
	spans []span
}

func (c *checker) orderedSpans() []span {
	sort.SliceStable(c.spans, func(i, j int) bool { return c.spans[i].start < c.spans[j].start })
	return c.spans
}

func (c *checker) fail(t token, code, message string) *SyntaxError {
	return syntaxErrorAt(c.src, t.start, code, message)
}

func (c *checker) wrongType(t token, message string) *SyntaxError {
	return c.fail(t, "wrong_type", message)
}

// build completes a node with its closure.
func build(n *Node) *Node {
	n.run = closure(n)
	return n
}

func literal(t Type, value any, tok token) *Node {
	return build(&Node{Op: OpLiteral, Type: t, Value: value, tok: tok})
}

// root checks the whole expression against the wanted type.
func (c *checker) root(s *syntax, want Type) (*Node, *SyntaxError) {
	n, err := c.check(s)
	if err != nil || want == Unknown || n.Type == Blank || n.Type == want {
		return n, err
	}
	if want.numeric() && n.Type.numeric() {
		return n, nil
	}
	if want.moment() && isText(n) {
		if n, err = c.momentLiteral(n); err != nil || n.Type == want {
			return n, err
		}
	}
	return nil, c.wrongType(s.tok, "the result is "+n.Type.String()+", but "+want.String()+" is needed here")
}

func (c *checker) check(s *syntax) (*Node, *SyntaxError) {
	switch s.kind {
	case "name":
		return c.name(s)
	case "stored":
		return c.storedName(s)
	case "number":
		d, _, err := apd.NewFromString(s.text)
		if err != nil {
			return nil, c.fail(s.tok, "syntax", "this is not a number")
		}
		return literal(Number, d, s.tok), nil
	case "text":
		if s.text == "" {
			return literal(Blank, nil, s.tok), nil
		}
		return literal(Text, s.text, s.tok), nil
	case "bool":
		return literal(Bool, s.text == "TRUE", s.tok), nil
	case "unary":
		return c.unary(s)
	case "binary":
		return c.binary(s)
	case "in":
		return c.member(s)
	}
	return c.call(s)
}

func (c *checker) name(s *syntax) (*Node, *SyntaxError) {
	found := c.env.resolve(s.text)
	switch len(found) {
	case 0:
		return nil, c.unknownName(s)
	case 1:
		return c.field(found[0], s.tok), nil
	}
	var names []string
	for _, b := range found {
		names = append(names, "["+b.name+"]")
	}
	e := c.fail(s.tok, "ambiguous_field", s.text+" is the label of several fields: write "+strings.Join(names, " or "))
	e.Name = s.text
	return nil, e
}

func (c *checker) unknownName(s *syntax) *SyntaxError {
	e := c.fail(s.tok, "unknown_field", "unknown field "+written(s.text))
	e.Name, e.Suggestion = s.text, c.env.nearestName(s.text)
	return e
}

func (c *checker) field(b binding, tok token) *Node {
	c.spans = append(c.spans, span{tok.start, tok.end, b.column.ID})
	return build(&Node{Op: OpField, Type: b.typ, Column: b.column, tok: tok})
}

// storedName reads {{field}} or {{field#choice}}.
func (c *checker) storedName(s *syntax) (*Node, *SyntaxError) {
	id, choice, isChoice := strings.Cut(s.text, "#")
	b, ok := c.env.byID(id)
	if !ok {
		e := c.fail(s.tok, "unknown_field", "unknown field "+id)
		e.Name = id
		return nil, e
	}
	if !isChoice {
		return c.field(b, s.tok), nil
	}
	return c.choice(b.column.Field, choice, s.tok)
}

// choice resolves a text to a choice of the field.
func (c *checker) choice(f *schema.Field, text string, tok token) (*Node, *SyntaxError) {
	found := choicesNamed(f, text)
	switch len(found) {
	case 1:
		c.spans = append(c.spans, span{tok.start, tok.end, f.ID + "#" + found[0].ID})
		return literal(Choice, found[0].ID, tok), nil
	case 0:
		e := c.fail(tok, "unknown_choice", written(text)+" is no choice of "+written(f.Name))
		e.Name, e.Suggestion = text, nearestChoice(f, text)
		return nil, e
	}
	e := c.fail(tok, "ambiguous_choice", written(text)+" is the label of several choices of "+written(f.Name)+": write the name")
	e.Name = text
	return nil, e
}

func nearestChoice(f *schema.Field, text string) string {
	var candidates []string
	for _, ch := range f.Choices {
		candidates = append(candidates, ch.Name)
		candidates = append(candidates, sorted(ch.Label)...)
	}
	if s := nearest(text, candidates); s != "" {
		return s
	}
	var names []string
	for _, ch := range f.Choices {
		if !ch.Retired && len(names) < 8 {
			names = append(names, ch.Name)
		}
	}
	return strings.Join(names, ", ")
}

func (c *checker) unary(s *syntax) (*Node, *SyntaxError) {
	x, err := c.check(s.args[0])
	if err != nil {
		return nil, err
	}
	if s.text == "NOT" {
		return c.not(s, x)
	}
	if !x.Type.numeric() && x.Type != Blank {
		return nil, c.wrongType(s.tok, "- needs a number, not "+x.Type.String())
	}
	return build(&Node{Op: OpNegate, Type: Number, Args: []*Node{x}, tok: s.tok}), nil
}

func (c *checker) not(s *syntax, x *Node) (*Node, *SyntaxError) {
	if err := c.condition(x, s.args[0], "NOT"); err != nil {
		return nil, err
	}
	return build(&Node{Op: OpNot, Type: Bool, Args: []*Node{x}, tok: s.tok}), nil
}

// condition refuses what is not yes/no.
func (c *checker) condition(n *Node, s *syntax, of string) *SyntaxError {
	if n.Type == Bool || n.Type == Blank {
		return nil
	}
	return c.wrongType(s.tok, of+" needs a condition, not "+n.Type.String())
}

func (c *checker) binary(s *syntax) (*Node, *SyntaxError) {
	op := Op(s.text)
	switch {
	case op.Comparison():
		return c.comparison(s, op)
	case op == OpAnd, op == OpOr:
		return c.logic(s, op)
	}
	a, err := c.check(s.args[0])
	if err != nil {
		return nil, err
	}
	b, err := c.check(s.args[1])
	if err != nil {
		return nil, err
	}
	if op == OpJoin {
		return c.join(s, a, b)
	}
	return c.arithmetic(s, op, a, b)
}

func (c *checker) logic(s *syntax, op Op) (*Node, *SyntaxError) {
	n := &Node{Op: op, Type: Bool, tok: s.tok}
	for _, arg := range s.args {
		x, err := c.check(arg)
		if err != nil {
			return nil, err
		}
		if err := c.condition(x, arg, string(op)); err != nil {
			return nil, err
		}
		n.Args = append(n.Args, x)
	}
	return build(n), nil
}

func (c *checker) join(s *syntax, a, b *Node) (*Node, *SyntaxError) {
	for _, n := range [...]*Node{a, b} {
		if n.Type != Text && n.Type != Blank {
			return nil, c.wrongType(s.tok, "& joins texts, not "+n.Type.String())
		}
	}
	return build(&Node{Op: OpJoin, Type: Text, Args: []*Node{a, b}, tok: s.tok}), nil
}

// arithmetic checks + - * /; days can be added to dates, and dates subtracted.
func (c *checker) arithmetic(s *syntax, op Op, a, b *Node) (*Node, *SyntaxError) {
	numeric := func(n *Node) bool { return n.Type.numeric() || n.Type == Blank }
	switch {
	case numeric(a) && numeric(b):
		return build(&Node{Op: op, Type: Number, Args: []*Node{a, b}, tok: s.tok}), nil
	case a.Type.moment() && b.Type.numeric() && (op == OpAdd || op == OpSubtract):
		if op == OpSubtract {
			b = build(&Node{Op: OpNegate, Type: Number, Args: []*Node{b}, tok: b.tok})
		}
		return build(&Node{Op: "DATEADD", Type: a.Type, Unit: "day", Args: []*Node{a, b}, tok: s.tok}), nil
	case a.Type.moment() && b.Type.moment() && op == OpSubtract:
		return build(&Node{Op: "DATEDIFF", Type: Number, Unit: "day", Args: []*Node{day(b), day(a)}, tok: s.tok}), nil
	}
	return nil, c.wrongType(s.tok, s.text+" does not work between "+a.Type.String()+" and "+b.Type.String())
}

// day is the calendar day of a date or an instant.
func day(n *Node) *Node {
	if n.Type != DateTime {
		return n
	}
	return build(&Node{Op: OpDay, Type: Date, Args: []*Node{n}, tok: n.tok})
}

// start is the first instant of a date, or the instant itself.
func start(n *Node) *Node {
	if n.Type != Date {
		return n
	}
	return build(&Node{Op: OpStart, Type: DateTime, Args: []*Node{n}, tok: n.tok})
}
