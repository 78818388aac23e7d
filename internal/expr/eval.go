package expr

import (
	"cmp"
	"strings"
	"time"

	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// maxText bounds what a formula may build, in bytes.
const maxText = 1 << 20

type evaluation = func(in *Input) (any, error)

// closure makes the function that computes a node.
func closure(n *Node) evaluation {
	switch n.Op {
	case OpLiteral:
		return func(*Input) (any, error) { return n.Value, nil }
	case OpField:
		return fieldValue(n)
	case OpParameter:
		return func(in *Input) (any, error) { return canonical(in.Params[n.Name]), nil }
	case OpWall:
		shown, _ := n.Value.(time.Time)
		return func(in *Input) (any, error) { return wall(shown, in.Zone), nil }
	case OpAnd, OpOr:
		return logic(n.Args, n.Op == OpOr)
	case OpNot:
		return func(in *Input) (any, error) {
			v, err := n.Args[0].eval(in)
			return err == nil && v != true, err
		}
	case OpMember:
		return member(n.Args)
	case "ISBLANK":
		return func(in *Input) (any, error) {
			v, err := n.Args[0].eval(in)
			return err == nil && v == nil, err
		}
	case "IF":
		return func(in *Input) (any, error) {
			v, err := n.Args[0].eval(in)
			if err != nil {
				return nil, err
			}
			if v == true {
				return n.Args[1].eval(in)
			}
			return n.Args[2].eval(in)
		}
	case OpJoin:
		return join(n.Args)
	case "MIN", "MAX":
		return among(n)
	case "CURRENCY":
		return func(in *Input) (any, error) { return currencyOf(in.read(n.Args[0].Column.ID)), nil }
	case "TODAY":
		return func(in *Input) (any, error) { return DayOf(in.Now, in.Zone), nil }
	case "NOW":
		return func(in *Input) (any, error) { return in.Now.UTC().Truncate(time.Microsecond), nil }
	case "ME":
		return func(in *Input) (any, error) { return canonical(in.Me), nil }
	}
	if n.Op.Comparison() {
		return comparison(n)
	}
	return strict(n)
}

func fieldValue(n *Node) evaluation {
	id := n.Column.ID
	return func(in *Input) (any, error) { return canonical(in.read(id)), nil }
}

func (in *Input) read(id string) any {
	if in.Field == nil {
		return nil
	}
	return in.Field(id)
}

// canonical makes every form of blank nil, and money its amount.
func canonical(v any) any {
	switch x := v.(type) {
	case schema.Money:
		return canonical(x.Amount)
	case *apd.Decimal:
		if x == nil {
			return nil
		}
	case string:
		if x == "" {
			return nil
		}
	case schema.Date:
		if x == "" {
			return nil
		}
	case []string:
		if len(x) == 0 {
			return nil
		}
	case time.Time:
		if x.IsZero() {
			return nil
		}
	}
	return v
}

func currencyOf(v any) any {
	m, ok := v.(schema.Money)
	if !ok || m.Amount == nil {
		return nil
	}
	return canonical(m.Currency)
}

// logic is AND or OR: it stops at the first argument that decides.
func logic(args []*Node, decides bool) evaluation {
	return func(in *Input) (any, error) {
		for _, a := range args {
			v, err := a.eval(in)
			if err != nil {
				return nil, err
			}
			if (v == true) == decides {
				return decides, nil
			}
		}
		return !decides, nil
	}
}

func comparison(n *Node) evaluation {
	a, b, op := n.Args[0], n.Args[1], n.Op
	return func(in *Input) (any, error) {
		x, err := a.eval(in)
		if err != nil {
			return nil, err
		}
		y, err := b.eval(in)
		if err != nil || x == nil || y == nil {
			return false, err
		}
		return op.holds(order(x, y)), nil
	}
}

func (op Op) holds(order int) bool {
	switch op {
	case OpEqual:
		return order == 0
	case OpUnequal:
		return order != 0
	case OpLess:
		return order < 0
	case OpLessEqual:
		return order <= 0
	case OpMore:
		return order > 0
	}
	return order >= 0
}

// order compares two values of one type; texts bytewise.
func order(x, y any) int {
	switch a := x.(type) {
	case string:
		b, _ := y.(string)
		return strings.Compare(a, b)
	case schema.Date:
		b, _ := y.(schema.Date)
		return cmp.Compare(a, b)
	case *apd.Decimal:
		if b, ok := y.(*apd.Decimal); ok {
			return a.Cmp(b)
		}
	case time.Time:
		if b, ok := y.(time.Time); ok {
			return a.Compare(b)
		}
	case bool:
		if a == y {
			return 0
		}
	}
	return 1
}

func member(args []*Node) evaluation {
	return func(in *Input) (any, error) {
		x, err := args[0].eval(in)
		if err != nil || x == nil {
			return false, err
		}
		for _, a := range args[1:] {
			y, err := a.eval(in)
			if err != nil {
				return nil, err
			}
			if list, ok := y.([]string); ok && has(list, x) {
				return true, nil
			}
			if y != nil && order(x, y) == 0 {
				return true, nil
			}
		}
		return false, nil
	}
}

func has(list []string, x any) bool {
	for _, s := range list {
		if s == x {
			return true
		}
	}
	return false
}

// join puts texts together; a blank one adds nothing.
func join(args []*Node) evaluation {
	return func(in *Input) (any, error) {
		var out string
		for _, a := range args {
			v, err := a.eval(in)
			if err != nil {
				return nil, err
			}
			s, _ := v.(string)
			if out += s; len(out) > maxText {
				return nil, &EvalError{Code: "too_long", Function: "&"}
			}
		}
		return canonical(out), nil
	}
}

// among is MIN or MAX of the arguments that are not blank.
func among(n *Node) evaluation {
	return func(in *Input) (any, error) {
		var given []*apd.Decimal
		for _, a := range n.Args {
			v, err := a.eval(in)
			if err != nil {
				return nil, err
			}
			if d, ok := v.(*apd.Decimal); ok {
				given = append(given, d)
			}
		}
		if len(given) == 0 {
			return nil, nil
		}
		return Arithmetic(n.Op, given...)
	}
}
