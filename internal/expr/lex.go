package expr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

type tokenKind int

const (
	tokenEnd    tokenKind = iota
	tokenName             // a bare identifier
	tokenQuoted           // [a name]
	tokenText             // "a text"
	tokenNumber
	tokenOperator
	tokenStored // {{field id}} or {{field id#choice id}}
)

// token is one lexical unit; start and end are byte offsets of the source.
type token struct {
	kind       tokenKind
	text       string
	start, end int
}

type lexer struct {
	src    string
	at     int
	stored bool // {{…}} is allowed
}

// fold maps what Chinese input methods type to the ASCII sign that is meant.
func fold(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000':
		return ' '
	}
	return r
}

func (l *lexer) peek() (r rune, size int) {
	if l.at >= len(l.src) {
		return -1, 0
	}
	r, size = utf8.DecodeRuneInString(l.src[l.at:])
	return fold(r), size
}

func (l *lexer) fail(at int, code, message string) *SyntaxError {
	return syntaxErrorAt(l.src, at, code, message)
}

// tokens lexes the whole source.
func (l *lexer) tokens() ([]token, *SyntaxError) {
	if !utf8.ValidString(l.src) {
		return nil, l.fail(0, "syntax", "the text is not valid UTF-8")
	}
	if at := strings.IndexByte(l.src, 0); at >= 0 {
		return nil, l.fail(at, "syntax", "the text holds a character that no value can hold")
	}
	var out []token
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		if t.kind == tokenEnd {
			return out, nil
		}
	}
}

func (l *lexer) next() (token, *SyntaxError) {
	r, size := l.peek()
	for size > 0 && unicode.IsSpace(r) {
		l.at += size
		r, size = l.peek()
	}
	start := l.at
	switch {
	case size == 0:
		return token{kind: tokenEnd, start: start, end: start}, nil
	case r >= '0' && r <= '9':
		return l.number()
	case nameStart(r):
		return l.name(), nil
	case r == '[':
		return l.quotedName()
	case closing(r) != 0:
		return l.text(closing(r))
	case l.stored && strings.HasPrefix(l.src[l.at:], "{{"):
		return l.storedName()
	}
	return l.operator(r, size)
}

func nameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func namePart(r rune) bool {
	return nameStart(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r)
}

func (l *lexer) name() token {
	start := l.at
	for r, size := l.peek(); size > 0 && namePart(r); r, size = l.peek() {
		l.at += size
	}
	return token{kind: tokenName, text: norm.NFKC.String(l.src[start:l.at]), start: start, end: l.at}
}

// quotedName reads [any name]; "]]" stands for one "]".
func (l *lexer) quotedName() (token, *SyntaxError) {
	start := l.at
	body, ok := l.until(']')
	if !ok {
		return token{}, l.fail(start, "syntax", "this [ has no ]")
	}
	body = strings.TrimSpace(norm.NFKC.String(body))
	if body == "" {
		return token{}, l.fail(start, "syntax", "there is no name between [ and ]")
	}
	return token{kind: tokenQuoted, text: body, start: start, end: l.at}, nil
}

// closing is the sign that ends a text begun with r, 0 if r begins none.
func closing(r rune) rune {
	switch r {
	case '"', '\'':
		return r
	case '“', '”':
		return '”'
	case '‘', '’':
		return '’'
	}
	return 0
}

func (l *lexer) text(end rune) (token, *SyntaxError) {
	start := l.at
	body, ok := l.until(end)
	if !ok {
		return token{}, l.fail(start, "syntax", "this text has no closing "+string(end))
	}
	return token{kind: tokenText, text: norm.NFKC.String(body), start: start, end: l.at}, nil
}

// until reads past the opening sign up to end, where end doubled stands for itself.
func (l *lexer) until(end rune) (string, bool) {
	_, size := l.peek()
	l.at += size
	var b strings.Builder
	for l.at < len(l.src) {
		raw, size := utf8.DecodeRuneInString(l.src[l.at:])
		l.at += size
		if fold(raw) != end {
			b.WriteRune(raw)
			continue
		}
		if again, more := l.peek(); more == 0 || again != end {
			return b.String(), true
		}
		_, more := l.peek()
		l.at += more
		b.WriteRune(end)
	}
	return "", false
}

func (l *lexer) number() (token, *SyntaxError) {
	start := l.at
	var b strings.Builder
	for point := false; ; {
		r, size := l.peek()
		if r == '.' && !point && l.digitAfter(size) {
			point = true
		} else if size == 0 || r < '0' || r > '9' {
			break
		}
		b.WriteRune(r)
		l.at += size
	}
	if len(strings.ReplaceAll(b.String(), ".", "")) > maxLiteralDigits {
		return token{}, l.fail(start, "too_long", "a number has at most 34 digits")
	}
	if r, size := l.peek(); size > 0 && namePart(r) {
		return token{}, l.fail(start, "syntax", "a name that begins with a digit is written in [ ]")
	}
	return token{kind: tokenNumber, text: b.String(), start: start, end: l.at}, nil
}

func (l *lexer) digitAfter(size int) bool {
	if l.at+size >= len(l.src) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(l.src[l.at+size:])
	r = fold(r)
	return r >= '0' && r <= '9'
}

func (l *lexer) storedName() (token, *SyntaxError) {
	start := l.at
	end := strings.Index(l.src[start:], "}}")
	if end < 0 {
		return token{}, l.fail(start, "syntax", "this {{ has no }}")
	}
	l.at = start + end + 2
	return token{kind: tokenStored, text: l.src[start+2 : start+end], start: start, end: l.at}, nil
}

// operator reads one operator; the Chinese and mathematical forms give the plain one.
func (l *lexer) operator(r rune, size int) (token, *SyntaxError) {
	start := l.at
	l.at += size
	op := ""
	switch r {
	case '+', '-', '*', '/', '&', '(', ')', ',', '=':
		op = string(r)
	case '×':
		op = "*"
	case '÷':
		op = "/"
	case '≠':
		op = "<>"
	case '≤':
		op = "<="
	case '≥':
		op = ">="
	case '<', '>':
		op = string(r) + l.follow(r)
	case '!':
		if op = l.follow(r); op == "=" {
			op = "<>"
		}
	}
	if op == "" {
		return token{}, l.fail(start, "syntax", "unexpected character "+l.src[start:start+size])
	}
	return token{kind: tokenOperator, text: op, start: start, end: l.at}, nil
}

// follow takes the second sign of <=, >=, <> and !=, if it is there.
func (l *lexer) follow(first rune) string {
	r, size := l.peek()
	if r == '=' || (first == '<' && r == '>') {
		l.at += size
		return string(r)
	}
	return ""
}
