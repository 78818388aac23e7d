// Command figures prints the sizes that the house watches: lines of files and
// functions, interfaces per 1,000 lines, tests per line of code, in Go, in the
// front end, and of the files that anyone can read: scenarios and journeys.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tally is what was counted.
type tally struct {
	files, functions  []int
	longest           string
	longestLines      int
	code, tests       int
	webCode, webTests int
	scenarios         int // scenario and case files beside the tests
	journeys          int // of the browser
	interfaces, kinds int
}

func main() {
	var c tally
	if err := c.walk("."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	c.print()
}

func (c *tally) walk(root string) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || len(d.Name()) > 1 && d.Name()[0] == '.') {
			return filepath.SkipDir
		}
		if d.IsDir() {
			return nil
		}
		if strings.HasSuffix(name, ".go") {
			return c.add(name)
		}
		return c.addOther(filepath.ToSlash(name))
	})
}

// addOther counts the lines of what is not Go.
func (c *tally) addOther(name string) error {
	var into *int
	script := strings.HasSuffix(name, ".ts") || strings.HasSuffix(name, ".tsx")
	switch {
	case script && strings.Contains(name, ".test."):
		into = &c.webTests
	case script && strings.HasPrefix(name, "web/src/"):
		into = &c.webCode
	case strings.HasPrefix(name, "e2e/") && strings.HasSuffix(name, ".js"):
		into = &c.journeys
	case strings.Contains(name, "/testdata/") && (strings.HasSuffix(name, ".txt") || strings.HasSuffix(name, ".yaml")):
		into = &c.scenarios
	default:
		return nil
	}
	text, err := os.ReadFile(name)
	*into += strings.Count(string(text), "\n")
	return err
}

func (c *tally) add(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	lines := strings.Count(string(text), "\n")
	if strings.HasSuffix(name, "_test.go") {
		c.tests += lines
		return nil
	}
	c.code += lines
	c.files = append(c.files, lines)
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			c.function(name+" "+n.Name.Name, set.Position(n.End()).Line-set.Position(n.Pos()).Line+1)
		case *ast.TypeSpec:
			c.kinds++
			if _, ok := n.Type.(*ast.InterfaceType); ok {
				c.interfaces++
			}
		}
		return true
	})
	return nil
}

func (c *tally) function(name string, lines int) {
	c.functions = append(c.functions, lines)
	if lines > c.longestLines {
		c.longest, c.longestLines = name, lines
	}
}

func (c *tally) print() {
	slices.Sort(c.files)
	slices.Sort(c.functions)
	fmt.Printf("Go files      %5d   lines p50 %d  p90 %d  p99 %d  longest %d\n", len(c.files),
		at(c.files, 50), at(c.files, 90), at(c.files, 99), at(c.files, 100))
	fmt.Printf("functions     %5d   lines p50 %d  p90 %d  p99 %d  longest %d (%s)\n", len(c.functions),
		at(c.functions, 50), at(c.functions, 90), at(c.functions, 99), c.longestLines, c.longest)
	fmt.Printf("interfaces    %5d   %.2f per 1,000 lines, of %d types\n", c.interfaces, 1000*float64(c.interfaces)/float64(max(c.code, 1)), c.kinds)
	fmt.Printf("Go lines      %5d   tests %d, %.2f per line of code\n", c.code, c.tests, ratio(c.tests, c.code))
	fmt.Printf("web lines     %5d   tests %d, journeys %d, scenarios %d\n", c.webCode, c.webTests, c.journeys, c.scenarios)
	tests := c.tests + c.webTests + c.journeys + c.scenarios
	fmt.Printf("all lines     %5d   tests %d, %.2f per line of code\n", c.code+c.webCode, tests, ratio(tests, c.code+c.webCode))
}

func ratio(part, whole int) float64 { return float64(part) / float64(max(whole, 1)) }

// at is the value at a percentile of sorted numbers.
func at(sorted []int, percent int) int {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}
