package expr

import "strings"

// The limits of an expression, so that a text from outside cannot exhaust the program.
const (
	maxSource        = 8 << 10   // as a person writes it
	maxStored        = 512 << 10 // its stored form: ids are longer than names
	maxDepth         = 64
	maxHeight        = 256
	maxNodes         = 2000
	maxLiteralDigits = 34
)

// syntax is a node as it was written, before names and types are known.
type syntax struct {
	kind   string // name, text, number, bool, stored, call, unary, binary, in
	text   string // the name, literal or operator
	quoted bool   // a name in [ ]
	args   []*syntax
	tok    token // where errors point
	height int
}

type parser struct {
	src    string
	tokens []token
	at     int
	depth  int
	nodes  int
}

func parse(src string, stored bool) (*syntax, *SyntaxError) {
	if len(src) > maxStored || !stored && len(src) > maxSource {
		return nil, syntaxErrorAt(src[:0], 0, "too_long", "an expression has at most 8 KB")
	}
	tokens, err := (&lexer{src: src, stored: stored}).tokens()
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, tokens: tokens}
	if p.peek().kind == tokenEnd {
		return nil, p.fail(p.peek(), "syntax", "the expression is empty")
	}
	root, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokenEnd {
		return nil, p.unexpected(t, "")
	}
	return root, nil
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

func (p *parser) fail(t token, code, message string) *SyntaxError {
	return syntaxErrorAt(p.src, t.start, code, message)
}

func (p *parser) unexpected(t token, wanted string) *SyntaxError {
	found := "unexpected end of the expression"
	if t.kind != tokenEnd {
		found = "unexpected " + p.src[t.start:t.end]
	}
	if wanted != "" {
		found += ", expected " + wanted
	}
	return p.fail(t, "syntax", found)
}

func (p *parser) node(kind string, t token, args ...*syntax) (*syntax, *SyntaxError) {
	n := &syntax{kind: kind, text: t.text, tok: t, args: args, height: 1}
	for _, a := range args {
		n.height = max(n.height, a.height+1)
	}
	if p.nodes++; p.nodes > maxNodes {
		return nil, p.fail(t, "too_complex", "an expression has at most 2000 parts")
	}
	if n.height > maxHeight {
		return nil, p.fail(t, "too_complex", "a chain of operators is too long")
	}
	return n, nil
}

// keyword is the operator that a bare name stands for, "" if none.
func keyword(t token) string {
	if t.kind != tokenName {
		return ""
	}
	switch t.text {
	case "且":
		return "AND"
	case "或":
		return "OR"
	case "非":
		return "NOT"
	}
	switch word := strings.ToUpper(t.text); word {
	case "AND", "OR", "NOT", "IN", "TRUE", "FALSE":
		return word
	}
	return ""
}

// Binding powers, weakest first.
const (
	powerOr = iota + 1
	powerAnd
	powerNot
	powerCompare
	powerJoin
	powerSum
	powerProduct
	powerSign
)

// infix is the operator that t is between two operands, and its power.
func infix(t token) (op string, power int) {
	op = keyword(t)
	if t.kind == tokenOperator {
		op = t.text
	}
	switch op {
	case "OR":
		power = powerOr
	case "AND":
		power = powerAnd
	case "=", "<>", "<", "<=", ">", ">=", "IN", "NOT":
		power = powerCompare
	case "&":
		power = powerJoin
	case "+", "-":
		power = powerSum
	case "*", "/":
		power = powerProduct
	}
	return op, power
}

func (p *parser) expression(power int) (*syntax, *SyntaxError) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(p.peek(), "too_deep", "an expression nests at most 64 levels")
	}
	defer func() { p.depth-- }()
	left, err := p.prefix()
	if err != nil {
		return nil, err
	}
	for {
		op, strength := infix(p.peek())
		if strength == 0 || strength <= power {
			return left, nil
		}
		t := p.take()
		t.text = op
		if left, err = p.operation(left, t, strength); err != nil {
			return nil, err
		}
	}
}

func (p *parser) operation(left *syntax, t token, power int) (*syntax, *SyntaxError) {
	switch t.text {
	case "IN":
		return p.membership(left, t)
	case "NOT":
		in := p.peek()
		if keyword(in) != "IN" {
			return nil, p.unexpected(in, "IN")
		}
		p.take()
		member, err := p.membership(left, in)
		if err != nil {
			return nil, err
		}
		return p.node("unary", t, member)
	}
	right, err := p.expression(power)
	if err != nil {
		return nil, err
	}
	if next, again := infix(p.peek()); power == powerCompare && again == powerCompare {
		return nil, p.fail(p.peek(), "syntax", "comparisons cannot be chained: put AND before "+next)
	}
	if left.kind == "binary" && left.text == t.text && (power == powerAnd || power == powerOr) {
		return extend(left, right), nil
	}
	return p.node("binary", t, left, right)
}

// extend makes a AND b AND c one node, however long.
func extend(left, right *syntax) *syntax {
	left.args = append(left.args, right)
	left.height = max(left.height, right.height+1)
	return left
}

func (p *parser) membership(left *syntax, t token) (*syntax, *SyntaxError) {
	t.text = "IN"
	if open := p.peek(); open.kind == tokenName && keyword(open) == "" {
		list, err := p.prefix()
		if err != nil {
			return nil, err
		}
		return p.node("in", t, left, list)
	}
	if open := p.peek(); open.text != "(" {
		return nil, p.unexpected(open, "(")
	}
	items, err := p.arguments()
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, p.fail(t, "syntax", "IN needs at least one value")
	}
	return p.node("in", t, append([]*syntax{left}, items...)...)
}

// arguments reads "(a, b, c)".
func (p *parser) arguments() ([]*syntax, *SyntaxError) {
	p.take()
	if t := p.peek(); t.text == ")" && t.kind == tokenOperator {
		p.take()
		return nil, nil
	}
	var items []*syntax
	for {
		item, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		t := p.peek()
		switch {
		case t.kind == tokenOperator && t.text == ",":
			p.take()
		case t.kind == tokenOperator && t.text == ")":
			p.take()
			return items, nil
		default:
			return nil, p.unexpected(t, ", or )")
		}
	}
}

func (p *parser) prefix() (*syntax, *SyntaxError) {
	t := p.take()
	switch t.kind {
	case tokenNumber:
		return p.node("number", t)
	case tokenText:
		return p.node("text", t)
	case tokenStored:
		return p.node("stored", t)
	case tokenQuoted:
		n, err := p.node("name", t)
		if n != nil {
			n.quoted = true
		}
		return n, err
	case tokenName:
		return p.word(t)
	case tokenOperator:
		return p.sign(t)
	}
	return nil, p.unexpected(t, "a value")
}

// sign reads what begins with an operator: -x, +x or (x).
func (p *parser) sign(t token) (*syntax, *SyntaxError) {
	switch t.text {
	case "-", "+":
		x, err := p.expression(powerSign)
		if err != nil || t.text == "+" {
			return x, err
		}
		return p.node("unary", t, x)
	case "(":
		x, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		end := p.take()
		if end.text != ")" || end.kind != tokenOperator {
			return nil, p.unexpected(end, ")")
		}
		return x, nil
	}
	return nil, p.unexpected(t, "a value")
}

// word reads a keyword, a call or a name.
func (p *parser) word(t token) (*syntax, *SyntaxError) {
	word := keyword(t)
	call := p.peek().kind == tokenOperator && p.peek().text == "("
	switch {
	case word == "TRUE", word == "FALSE":
		t.text = word
		if call {
			p.take()
			if end := p.take(); end.text != ")" {
				return nil, p.unexpected(end, ")")
			}
		}
		return p.node("bool", t)
	case word == "NOT":
		x, err := p.expression(powerNot)
		if err != nil {
			return nil, err
		}
		t.text = "NOT"
		return p.node("unary", t, x)
	case (word == "AND" || word == "OR") && call:
		t.text = word
		return p.call("binary", t)
	case word != "":
		return nil, p.unexpected(t, "a value")
	case call:
		t.text = strings.ToUpper(t.text)
		return p.call("call", t)
	}
	return p.node("name", t)
}

func (p *parser) call(kind string, t token) (*syntax, *SyntaxError) {
	args, err := p.arguments()
	if err != nil {
		return nil, err
	}
	if kind == "binary" && len(args) == 0 {
		return nil, p.fail(t, "wrong_arguments", t.text+" needs at least one value")
	}
	return p.node(kind, t, args...)
}
