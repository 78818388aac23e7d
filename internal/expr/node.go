package expr

import "clew.dev/clew/internal/schema"

// Op is what a node does. A function call carries the function's own name.
type Op string

// The operations that are not function calls.
const (
	OpLiteral   Op = "literal"   // Value
	OpField     Op = "field"     // Column
	OpParameter Op = "parameter" // Name
	OpWall      Op = "wall"      // Value is a date and time as a wall clock shows it; the result is an instant
	OpAnd       Op = "AND"
	OpOr        Op = "OR"
	OpNot       Op = "NOT"
	OpEqual     Op = "="
	OpUnequal   Op = "<>"
	OpLess      Op = "<"
	OpLessEqual Op = "<="
	OpMore      Op = ">"
	OpMoreEqual Op = ">="
	OpMember    Op = "IN"  // Args[0] in the values Args[1:]; a People value stands for its items
	OpHas       Op = "HAS" // the list Args[0] has the element Args[1]
	OpAdd       Op = "+"
	OpSubtract  Op = "-"
	OpMultiply  Op = "*"
	OpDivide    Op = "/"
	OpNegate    Op = "NEGATE"
	OpJoin      Op = "&"
	OpDay       Op = "DAYOF"   // the calendar day of an instant
	OpStart     Op = "STARTOF" // the first instant of a date
)

// Column is what a field node reads.
type Column struct {
	ID    string        // the field's permanent id, or the system column's name
	Field *schema.Field // nil for a system column
}

// Node is a part of a checked tree. Every part has one type; what people may
// leave implicit (text that is a date, a choice's name) is explicit.
type Node struct {
	Op     Op
	Type   Type
	Args   []*Node
	Column Column // OpField
	Value  any    // OpLiteral: canonical, nil for blank
	Name   string // OpParameter
	Unit   string // DATEADD, DATEDIFF

	run func(in *Input) (any, error)
	tok token
}

func (n *Node) eval(in *Input) (any, error) { return n.run(in) }

func (n *Node) walk(visit func(*Node)) {
	visit(n)
	for _, a := range n.Args {
		a.walk(visit)
	}
}

func (n *Node) readsField() bool {
	if n.Op == OpField {
		return true
	}
	for _, a := range n.Args {
		if a.readsField() {
			return true
		}
	}
	return false
}

// Constant says that the node reads no field, so that its value is known before a query.
func (n *Node) Constant() bool { return !n.readsField() }

// Comparison says whether op is one of = <> < <= > >=.
func (op Op) Comparison() bool {
	switch op {
	case OpEqual, OpUnequal, OpLess, OpLessEqual, OpMore, OpMoreEqual:
		return true
	}
	return false
}

// Mirrored is the comparison with its sides exchanged.
func (op Op) Mirrored() Op {
	switch op {
	case OpLess:
		return OpMore
	case OpLessEqual:
		return OpMoreEqual
	case OpMore:
		return OpLess
	case OpMoreEqual:
		return OpLessEqual
	}
	return op
}
