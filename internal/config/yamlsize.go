package config

import (
	"strings"

	"clew.dev/clew/internal/fault"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

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
			return fault.New(fault.Malformed, "malformed_yaml", fault.Field{Code: "malformed_yaml", Detail: "the aliases stand for too much"})
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
