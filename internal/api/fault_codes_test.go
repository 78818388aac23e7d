package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// coded are the codes of faults as the program's sources give them, each with a place.
type coded struct {
	files *token.FileSet
	where map[string]string
}

// TestEveryFaultHasASentence reads the sources: whatever code a fault or a field
// of one carries, both languages have a sentence for it. A code that is put
// together at run time is met by the tests that provoke it.
func TestEveryFaultHasASentence(t *testing.T) {
	found := coded{token.NewFileSet(), map[string]string{}}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(found.files, path, nil, parser.SkipObjectResolution)
		if err == nil {
			ast.Inspect(file, found.look)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.where) < 150 {
		t.Fatalf("only %d codes were found: the sources are written otherwise than this test believes", len(found.where))
	}
	messages := loadMessages()
	for code, place := range found.where {
		for language, texts := range messages {
			if texts[code] == "" {
				t.Errorf("%s: %q has no sentence in %s", place, code, language)
			}
		}
	}
}

// look notes the codes of fault.New(kind, code …), fault.Wrap(kind, code …),
// fault.Field{Code: code} and wrong(field, code).
func (c coded) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		if at := codeAt(n.Fun); at >= 0 && len(n.Args) > at {
			c.note(n.Args[at])
		}
	case *ast.CompositeLit:
		if nameOf(n.Type) != "Field" {
			break
		}
		for _, element := range n.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok && nameOf(pair.Key) == "Code" {
				c.note(pair.Value)
			}
		}
	}
	return true
}

func (c coded) note(value ast.Expr) {
	literal, ok := value.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return
	}
	if code, err := strconv.Unquote(literal.Value); err == nil {
		c.where[code] = c.files.Position(literal.Pos()).String()
	}
}

// codeAt is which argument of a call is a fault's code; -1 for another call.
func codeAt(called ast.Expr) int {
	if selector, ok := called.(*ast.SelectorExpr); ok {
		if nameOf(selector.X) == "fault" && (selector.Sel.Name == "New" || selector.Sel.Name == "Wrap") {
			return 1
		}
		return -1
	}
	if nameOf(called) == "wrong" {
		return 1
	}
	return -1
}

// nameOf is an identifier's name, of a qualified one the last part.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
