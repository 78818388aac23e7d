package config

import (
	"strings"
	"unicode/utf8"

	"clew.dev/clew/internal/fault"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// deepest is how deep brackets and dashes may lie in each other: far deeper than
// any kind goes, and not so deep that reading takes long.
const deepest = 500

// checkText refuses what is no text, and what lies too deep for the parser,
// whose time grows with the square of the depth.
func checkText(text string) error {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		good := strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError || r == 0 })
		return refusalAt(text, good, "the file is not UTF-8 text")
	}
	depth, dashes := 0, 0
	for i := range len(text) {
		switch c := text[i]; c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		case '-', '?':
			dashes++
		case ' ', '\t':
		default:
			dashes = 0
		}
		if depth > deepest || dashes > deepest {
			return refusalAt(text, i, "values lie too deep in each other")
		}
	}
	return nil
}

// refusalAt is a refusal at a byte of the text.
func refusalAt(text string, at int, detail string) error {
	before := text[:at]
	start := strings.LastIndexByte(before, '\n') + 1
	return refusal(strings.Count(before, "\n")+1, utf8.RuneCountInString(before[start:])+1, detail)
}

func refusal(line, column int, detail string) error {
	return fault.New(fault.Malformed, "malformed_yaml", fault.Field{Code: "malformed_yaml", Detail: detail, Line: line, Column: column})
}

// mostParts is how many values a document may hold when its aliases are followed.
const mostParts = 200_000

// checkSize refuses a text whose aliases stand for more than a document may
// hold: a few lines could else fill the memory.
func checkSize(text string) error {
	if !strings.Contains(text, "*") || !strings.Contains(text, "&") {
		return nil
	}
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return yamlFault(err)
	}
	w := weigher{}
	for _, d := range file.Docs {
		if d.Body != nil && w.weigh(d.Body) > mostParts {
			return refusal(firstLine(text), 1, "the aliases stand for too much")
		}
	}
	return nil
}

// weigher counts values; it knows how many each anchor stands for.
type weigher map[string]int

func (w weigher) weigh(node ast.Node) int {
	total := 1
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			total += w.weigh(v)
		}
	case *ast.MappingValueNode:
		total += w.weigh(n.Key) + w.weigh(n.Value)
	case *ast.SequenceNode:
		for _, v := range n.Values {
			total += w.weigh(v)
		}
	case *ast.TagNode:
		total += w.weigh(n.Value)
	case *ast.AnchorNode:
		total += w.weigh(n.Value)
		w[n.Name.String()] = total
	case *ast.AliasNode:
		total += w[n.Value.String()]
	}
	return min(total, mostParts+1)
}
