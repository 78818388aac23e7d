package expr

import (
	"time"

	"clew.dev/clew/internal/schema"
)

func isText(n *Node) bool { return n.Op == OpLiteral && n.Type == Text }

// bare says that s is a name that is no field: perhaps a choice.
func (c *checker) bare(s *syntax) bool {
	return s.kind == "name" && len(c.env.resolve(s.text)) == 0
}

// pair checks two parts that are compared, either of which may be a choice's bare name.
func (c *checker) pair(sa, sb *syntax) (a, b *Node, err *SyntaxError) {
	if c.bare(sa) && !c.bare(sb) {
		b, a, err = c.pair(sb, sa)
		return a, b, err
	}
	if a, err = c.check(sa); err != nil {
		return nil, nil, err
	}
	b, err = c.against(a, sb)
	return a, b, err
}

// against checks s in the light of what it is compared with.
func (c *checker) against(a *Node, s *syntax) (*Node, *SyntaxError) {
	f := a.Column.Field
	if c.bare(s) && f != nil && (a.Type == Choice || a.Type == Choices) {
		return c.choice(f, s.text, s.tok)
	}
	return c.check(s)
}

func (c *checker) comparison(s *syntax, op Op) (*Node, *SyntaxError) {
	a, b, err := c.pair(s.args[0], s.args[1])
	if err != nil {
		return nil, err
	}
	if (op == OpEqual || op == OpUnequal) && (a.Type == Blank || b.Type == Blank) {
		if a.Type == Blank {
			a = b
		}
		n := build(&Node{Op: "ISBLANK", Type: Bool, Args: []*Node{a}, tok: s.tok})
		if op == OpUnequal {
			n = build(&Node{Op: OpNot, Type: Bool, Args: []*Node{n}, tok: s.tok})
		}
		return n, nil
	}
	if a, b, err = c.alike(s, a, b); err != nil {
		return nil, err
	}
	if op != OpEqual && op != OpUnequal {
		for _, n := range [...]*Node{a, b} {
			if !orderable(n.Type) && n.Type != Blank {
				return nil, c.wrongType(s.tok, n.Type.String()+" has no order: only = and <> work")
			}
		}
	}
	return build(&Node{Op: op, Type: Bool, Args: []*Node{a, b}, tok: s.tok}), nil
}

func orderable(t Type) bool { return t == Text || t.numeric() || t.moment() }

// alike brings two parts to one type or refuses the comparison.
func (c *checker) alike(s *syntax, a, b *Node) (*Node, *Node, *SyntaxError) {
	a, err := c.adapt(a, b)
	if err != nil {
		return nil, nil, err
	}
	if b, err = c.adapt(b, a); err != nil {
		return nil, nil, err
	}
	switch {
	case a.Type.list() || b.Type.list():
		return nil, nil, c.wrongType(s.tok, "a list cannot be compared: use CONTAINS(list, value)")
	case a.Type == b.Type, a.Type.numeric() && b.Type.numeric(), a.Type == Blank, b.Type == Blank:
		return a, b, nil
	case a.Type.moment() && b.Type.moment():
		return day(a), day(b), nil
	}
	return nil, nil, c.wrongType(s.tok, a.Type.String()+" cannot be compared with "+b.Type.String())
}

// adapt reads a text literal as what it is compared with: a choice, a date, an id, a phone number.
func (c *checker) adapt(n, other *Node) (*Node, *SyntaxError) {
	if !isText(n) {
		return n, nil
	}
	text, _ := n.Value.(string)
	f := other.Column.Field
	switch {
	case (other.Type == Choice || other.Type == Choices) && f != nil:
		return c.choice(f, text, n.tok)
	case other.Type.moment():
		return c.momentLiteral(n)
	case other.Type.identity():
		return literal(other.Type, text, n.tok), nil
	case f != nil && f.Type == "phone" && c.env.Phone != nil:
		return literal(Text, c.env.Phone(text), n.tok), nil
	}
	return n, nil
}

// momentLiteral reads "2026-01-31", "2026-01-31 14:30[:05]" or RFC 3339.
func (c *checker) momentLiteral(n *Node) (*Node, *SyntaxError) {
	text, _ := n.Value.(string)
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return literal(Date, schema.Date(text), n.tok), nil
	}
	for _, layout := range [...]string{time.DateTime, "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return build(&Node{Op: OpWall, Type: DateTime, Value: t, tok: n.tok}), nil
		}
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return literal(DateTime, t.UTC().Truncate(time.Microsecond), n.tok), nil
	}
	return nil, c.fail(n.tok, "bad_date", `this is no date: write "2026-01-31" or "2026-01-31 14:30"`)
}

// member checks x IN (a, b, c).
func (c *checker) member(s *syntax) (*Node, *SyntaxError) {
	x, err := c.check(s.args[0])
	if err != nil {
		return nil, err
	}
	n := &Node{Op: OpMember, Type: Bool, Args: []*Node{x}, tok: s.tok}
	instants := false
	for _, arg := range s.args[1:] {
		item, err := c.against(x, arg)
		if err != nil {
			return nil, err
		}
		if item.Type == People && x.Type == Person {
			n.Args = append(n.Args, item)
			continue
		}
		if item.Type == Blank {
			continue
		}
		one, item, err := c.alike(s, x, item)
		if err != nil {
			return nil, err
		}
		if one.Type != x.Type || item.Type != one.Type && !item.Type.numeric() {
			instants = true
		}
		n.Args = append(n.Args, item)
	}
	if instants {
		return c.memberByDay(n, s)
	}
	return build(n), nil
}

// memberByDay compares an instant with dates: every side becomes a calendar day.
func (c *checker) memberByDay(n *Node, s *syntax) (*Node, *SyntaxError) {
	for i, a := range n.Args {
		if !a.Type.moment() {
			return nil, c.wrongType(s.tok, "IN needs values of one type")
		}
		n.Args[i] = day(a)
	}
	return build(n), nil
}
