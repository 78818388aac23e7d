package expr

import "github.com/cockroachdb/apd/v3"

// sqlProblem finds the first part that a database cannot compute exactly. Parts
// that read no field are computed in Go before the query and are never one.
func sqlProblem(n *Node) error {
	if name := obstacle(n); name != "" {
		return &SQLError{Function: name}
	}
	return nil
}

func obstacle(n *Node) string {
	if n.Constant() {
		return ""
	}
	for _, a := range n.Args {
		if name := obstacle(a); name != "" {
			return name
		}
	}
	switch n.Op {
	case OpDivide:
		return divisionObstacle(n)
	case "DATE":
		return "DATE"
	case "ROUND", "ROUNDUP", "ROUNDDOWN":
		if places, ok := n.Args[1].Literal(); !ok || !roundable(places) {
			return string(n.Op)
		}
	case "DATEADD":
		if !n.Args[1].Constant() {
			return "DATEADD"
		}
	case OpMember:
		for _, a := range n.Args[1:] {
			if a.Type == People && !a.Constant() {
				return "IN"
			}
		}
	}
	if n.Type.numeric() && extent(n).total() > exactDigits {
		return string(n.Op)
	}
	return ""
}

// divisionObstacle lets through a division by a literal that has a finite
// reciprocal, such as 4 or 100: it is a multiplication.
func divisionObstacle(n *Node) string {
	by, ok := n.Args[1].Literal()
	if !ok {
		return "/"
	}
	if _, finite := Reciprocal(by); !finite || extent(n).total() > quotientDigits {
		return "/"
	}
	return ""
}

func roundable(places *apd.Decimal) bool {
	n, ok := Whole(places)
	return ok && n >= -maxPlaces && n <= maxPlaces
}

// Literal is the number that the node is, also with a sign before it.
func (n *Node) Literal() (*apd.Decimal, bool) {
	if n.Op == OpNegate {
		d, ok := n.Args[0].Literal()
		if !ok {
			return nil, false
		}
		return new(apd.Decimal).Neg(d), true
	}
	d, ok := n.Value.(*apd.Decimal)
	return d, ok && n.Op == OpLiteral
}

// digits bounds a number: so many before and after the point.
type digits struct{ before, after int }

func (d digits) total() int { return d.before + d.after }

func widest(nodes []*Node) digits {
	var w digits
	for _, n := range nodes {
		x := extent(n)
		w.before, w.after = max(w.before, x.before), max(w.after, x.after)
	}
	return w
}

// extent bounds the value of a number node.
func extent(n *Node) digits {
	if d, ok := n.Literal(); ok {
		return literalExtent(d)
	}
	switch n.Op {
	case OpField:
		return digits{19 - n.Column.Field.Scale, n.Column.Field.Scale} // 64 bits
	case OpAdd, OpSubtract, OpNegate, "ABS", "MIN", "MAX", "MOD":
		w := widest(n.Args)
		return digits{w.before + 1, w.after}
	case "IF":
		return widest(n.Args[1:])
	case "INT":
		return digits{extent(n.Args[0]).before + 1, 0}
	case "ROUND", "ROUNDUP", "ROUNDDOWN":
		return roundedExtent(n)
	case OpMultiply:
		a, b := extent(n.Args[0]), extent(n.Args[1])
		return digits{a.before + b.before, a.after + b.after}
	case OpDivide:
		return quotientExtent(n)
	}
	if n.Constant() {
		return digits{quotientDigits, quotientDigits}
	}
	return digits{12, 0}
}

func roundedExtent(n *Node) digits {
	w := extent(n.Args[0])
	literal, ok := n.Args[1].Literal()
	if !ok {
		return digits{max(w.before, maxPlaces) + 1, maxPlaces}
	}
	places, _ := Whole(literal)
	return digits{max(w.before, -int(places)) + 1, min(w.after, max(0, int(places)))}
}

func quotientExtent(n *Node) digits {
	a := extent(n.Args[0])
	by, ok := n.Args[1].Literal()
	if !ok {
		return digits{exactDigits, exactDigits}
	}
	r, _ := Reciprocal(by)
	if r == nil {
		return digits{exactDigits, exactDigits}
	}
	b := literalExtent(r)
	return digits{a.before + b.before, a.after + b.after}
}

func literalExtent(d *apd.Decimal) digits {
	after := max(0, -int(d.Exponent))
	return digits{max(1, int(d.NumDigits())-after+max(0, int(d.Exponent))), after}
}
