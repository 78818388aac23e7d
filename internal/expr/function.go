package expr

import (
	"sort"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// signature is a function whose arguments have fixed types; a blank argument
// makes the result blank.
type signature struct {
	params   []Type
	optional int // how many of the last parameters may be left out
	result   Type
}

// anyMoment as a parameter accepts a date or an instant, read as a calendar day.
const anyMoment Type = -1

func signatures() map[string]signature {
	text, number, moment := Text, Number, anyMoment
	return map[string]signature{
		"STARTSWITH": {params: []Type{text, text}, result: Bool},
		"ENDSWITH":   {params: []Type{text, text}, result: Bool},
		"LEN":        {params: []Type{text}, result: Number},
		"LOWER":      {params: []Type{text}, result: Text},
		"UPPER":      {params: []Type{text}, result: Text},
		"TRIM":       {params: []Type{text}, result: Text},
		"ABS":        {params: []Type{number}, result: Number},
		"INT":        {params: []Type{number}, result: Number},
		"MOD":        {params: []Type{number, number}, result: Number},
		"ROUND":      {params: []Type{number, number}, optional: 1, result: Number},
		"ROUNDUP":    {params: []Type{number, number}, optional: 1, result: Number},
		"ROUNDDOWN":  {params: []Type{number, number}, optional: 1, result: Number},
		"DATE":       {params: []Type{number, number, number}, result: Date},
		"YEAR":       {params: []Type{moment}, result: Number},
		"MONTH":      {params: []Type{moment}, result: Number},
		"DAY":        {params: []Type{moment}, result: Number},
		"WEEKDAY":    {params: []Type{moment}, result: Number},
		"HOUR":       {params: []Type{DateTime}, result: Number},
		"TODAY":      {result: Date},
		"NOW":        {result: DateTime},
		"ME":         {result: Person},
		"BLANK":      {result: Blank},
	}
}

// special are the functions that check their arguments themselves.
func special(name string) func(*checker, *syntax) (*Node, *SyntaxError) {
	switch name {
	case "IF":
		return (*checker).conditional
	case "ISBLANK":
		return (*checker).isBlank
	case "CONTAINS":
		return (*checker).contains
	case "MIN", "MAX":
		return (*checker).extreme
	case "DATEADD", "DATEDIFF":
		return (*checker).dateStep
	case "STARTOFDAY":
		return (*checker).startOfDay
	case "CURRENCY":
		return (*checker).currency
	}
	return nil
}

// Functions lists the names of all functions, in order.
func Functions() []string {
	names := []string{"IF", "ISBLANK", "CONTAINS", "MIN", "MAX", "DATEADD", "DATEDIFF", "STARTOFDAY", "CURRENCY"}
	for name := range signatures() {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (c *checker) call(s *syntax) (*Node, *SyntaxError) {
	if check := special(s.text); check != nil {
		return check(c, s)
	}
	if t, ok := c.env.Parameters[s.text]; ok {
		if err := c.count(s, 0, 0); err != nil {
			return nil, err
		}
		return build(&Node{Op: OpParameter, Type: t, Name: s.text, tok: s.tok}), nil
	}
	sig, ok := signatures()[s.text]
	if !ok {
		return nil, c.unknownFunction(s)
	}
	return c.fixed(s, sig)
}

func (c *checker) unknownFunction(s *syntax) *SyntaxError {
	e := c.fail(s.tok, "unknown_function", "unknown function "+s.text)
	e.Name, e.Suggestion = s.text, nearest(s.text, Functions())
	return e
}

func (c *checker) count(s *syntax, least, most int) *SyntaxError {
	if n := len(s.args); n >= least && n <= most {
		return nil
	}
	wanted := strconv.Itoa(least)
	switch {
	case most > 100:
		wanted = "at least " + wanted
	case most != least:
		wanted += " to " + strconv.Itoa(most)
	}
	noun := " arguments"
	if wanted == "1" || wanted == "at least 1" {
		noun = " argument"
	}
	return c.fail(s.tok, "wrong_arguments", s.text+" takes "+wanted+noun+", not "+strconv.Itoa(len(s.args)))
}

func (c *checker) fixed(s *syntax, sig signature) (*Node, *SyntaxError) {
	if err := c.count(s, len(sig.params)-sig.optional, len(sig.params)); err != nil {
		return nil, err
	}
	n := &Node{Op: Op(s.text), Type: sig.result, tok: s.tok}
	for i, arg := range s.args {
		x, err := c.argument(s, arg, sig.params[i])
		if err != nil {
			return nil, err
		}
		n.Args = append(n.Args, x)
	}
	if strings.HasPrefix(s.text, "ROUND") && len(n.Args) == 1 {
		n.Args = append(n.Args, literal(Number, apd.New(0, 0), s.tok))
	}
	if s.text == "BLANK" {
		return literal(Blank, nil, s.tok), nil
	}
	return build(n), nil
}

// argument checks one argument against the type of its parameter.
func (c *checker) argument(s, arg *syntax, want Type) (*Node, *SyntaxError) {
	x, err := c.check(arg)
	if err != nil || x.Type == Blank {
		return x, err
	}
	if isText(x) && (want == anyMoment || want == DateTime) {
		if x, err = c.momentLiteral(x); err != nil {
			return nil, err
		}
	}
	switch {
	case want == anyMoment && x.Type.moment():
		return day(x), nil
	case want == DateTime && x.Type == Date:
		return start(x), nil
	case x.Type == want, want == Number && x.Type.numeric():
		return x, nil
	}
	name := "date"
	if want != anyMoment {
		name = want.String()
	}
	return nil, c.wrongType(arg.tok, s.text+" needs "+name+" here, not "+x.Type.String())
}

func (c *checker) conditional(s *syntax) (*Node, *SyntaxError) {
	if err := c.count(s, 2, 3); err != nil {
		return nil, err
	}
	when, err := c.check(s.args[0])
	if err != nil {
		return nil, err
	}
	if err := c.condition(when, s.args[0], "IF"); err != nil {
		return nil, err
	}
	yes, err := c.check(s.args[1])
	if err != nil {
		return nil, err
	}
	no := literal(Blank, nil, s.tok)
	if len(s.args) == 3 {
		if no, err = c.check(s.args[2]); err != nil {
			return nil, err
		}
	}
	t, ok := common(yes.Type, no.Type)
	if !ok {
		return nil, c.wrongType(s.tok, "both results of IF need one type, not "+yes.Type.String()+" and "+no.Type.String())
	}
	if t == Blank {
		return literal(Blank, nil, s.tok), nil
	}
	return build(&Node{Op: "IF", Type: t, Args: []*Node{when, yes, no}, tok: s.tok}), nil
}

// common is the type that holds values of both types.
func common(a, b Type) (Type, bool) {
	switch {
	case a == Blank:
		return b, true
	case b == Blank, a == b:
		return a, true
	case a.numeric() && b.numeric():
		return Number, true
	}
	return Unknown, false
}

func (c *checker) isBlank(s *syntax) (*Node, *SyntaxError) {
	if err := c.count(s, 1, 1); err != nil {
		return nil, err
	}
	x, err := c.check(s.args[0])
	if err != nil {
		return nil, err
	}
	return build(&Node{Op: "ISBLANK", Type: Bool, Args: []*Node{x}, tok: s.tok}), nil
}

// contains is part of a text, or element of a list.
func (c *checker) contains(s *syntax) (*Node, *SyntaxError) {
	if err := c.count(s, 2, 2); err != nil {
		return nil, err
	}
	list, err := c.check(s.args[0])
	if err != nil {
		return nil, err
	}
	item, err := c.against(list, s.args[1])
	if err != nil {
		return nil, err
	}
	op, want := Op("CONTAINS"), Text
	switch list.Type {
	case Text, Blank:
	case Tags:
		op = OpHas
	case Choices:
		op, want = OpHas, Choice
		if item, err = c.adapt(item, list); err != nil {
			return nil, err
		}
	default:
		return nil, c.wrongType(s.args[0].tok, "CONTAINS looks into text, choices or tags, not "+list.Type.String())
	}
	if item.Type != want && item.Type != Blank {
		return nil, c.wrongType(s.args[1].tok, "CONTAINS needs "+want.String()+" here, not "+item.Type.String())
	}
	return build(&Node{Op: op, Type: Bool, Args: []*Node{list, item}, tok: s.tok}), nil
}

func (c *checker) extreme(s *syntax) (*Node, *SyntaxError) {
	if err := c.count(s, 1, maxNodes); err != nil {
		return nil, err
	}
	n := &Node{Op: Op(s.text), Type: Number, tok: s.tok}
	for _, arg := range s.args {
		x, err := c.argument(s, arg, Number)
		if err != nil {
			return nil, err
		}
		n.Args = append(n.Args, x)
	}
	return build(n), nil
}

// dateStep checks DATEADD(moment, n, unit) and DATEDIFF(from, to, unit).
func (c *checker) dateStep(s *syntax) (*Node, *SyntaxError) {
	if err := c.count(s, 3, 3); err != nil {
		return nil, err
	}
	unit, err := c.unit(s)
	if err != nil {
		return nil, err
	}
	n := &Node{Op: Op(s.text), Unit: unit, tok: s.tok}
	exact := unit == "hour" || unit == "minute"
	if s.text == "DATEDIFF" {
		n.Type = Number
		n.Args, err = c.moments(s, exact, s.args[0], s.args[1])
		return finish(n, err)
	}
	from, err := c.momentArgument(s, s.args[0])
	if err != nil {
		return nil, err
	}
	if from.Type == Date && exact {
		return nil, c.wrongType(s.args[0].tok, "DATEADD adds "+unit+"s to a date-time: use STARTOFDAY for a date")
	}
	count, err := c.argument(s, s.args[1], Number)
	n.Type, n.Args = from.Type, []*Node{from, count}
	return finish(n, err)
}

func finish(n *Node, err *SyntaxError) (*Node, *SyntaxError) {
	if err != nil {
		return nil, err
	}
	return build(n), nil
}

func (c *checker) unit(s *syntax) (string, *SyntaxError) {
	arg := s.args[2]
	unit := strings.ToLower(arg.text)
	units := []string{"day", "hour", "minute"}
	if s.text == "DATEADD" {
		units = append(units, "week", "month", "year")
	}
	for _, u := range units {
		if arg.kind == "text" && unit == u {
			return u, nil
		}
	}
	return "", c.fail(arg.tok, "wrong_arguments", s.text+` needs one of "`+strings.Join(units, `", "`)+`"`)
}

// momentArgument accepts a date, an instant or a text that is one.
func (c *checker) momentArgument(s, arg *syntax) (*Node, *SyntaxError) {
	x, err := c.check(arg)
	if err != nil || x.Type.moment() || x.Type == Blank {
		return x, err
	}
	if isText(x) {
		return c.momentLiteral(x)
	}
	return nil, c.wrongType(arg.tok, s.text+" needs a date here, not "+x.Type.String())
}

// moments brings both ends to instants (exact) or to calendar days.
func (c *checker) moments(s *syntax, exact bool, args ...*syntax) ([]*Node, *SyntaxError) {
	var out []*Node
	for _, arg := range args {
		x, err := c.momentArgument(s, arg)
		if err != nil {
			return nil, err
		}
		if exact {
			x = start(x)
		} else {
			x = day(x)
		}
		out = append(out, x)
	}
	return out, nil
}

func (c *checker) startOfDay(s *syntax) (*Node, *SyntaxError) {
	if err := c.count(s, 1, 1); err != nil {
		return nil, err
	}
	x, err := c.momentArgument(s, s.args[0])
	if err != nil || x.Type == Blank {
		return x, err
	}
	return start(day(x)), nil
}

func (c *checker) currency(s *syntax) (*Node, *SyntaxError) {
	if err := c.count(s, 1, 1); err != nil {
		return nil, err
	}
	x, err := c.check(s.args[0])
	if err != nil {
		return nil, err
	}
	if x.Op != OpField || x.Type != Money {
		return nil, c.wrongType(s.args[0].tok, "CURRENCY needs a currency field, not "+x.Type.String())
	}
	return build(&Node{Op: "CURRENCY", Type: Text, Args: []*Node{x}, tok: s.tok}), nil
}
