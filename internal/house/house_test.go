package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "clew.dev/clew/"
)

// onlyTests are packages that tests alone may import.
var onlyTests = map[string]bool{"clewtest": true, "house": true}

// edges of the house, beside internal: what they may import of ours.
var edges = map[string][]string{
	// The commands that work on files alone read and write documents and the description.
	"cmd/clew":   {"internal/server", "internal/api", "internal/bundle", "internal/config"},
	"web":        {},
	"docs/guide": {},
	"templates":  {},
	"bench":      nil, // measures whatever there is
	"scripts":    {},
}

// source is one Go file that is no test.
type source struct {
	path   string // from the root, with slashes
	file   *ast.File
	text   string
	folder string
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	files := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() && (base == "node_modules" || base == "testdata" || strings.HasPrefix(base, ".") && base != ".." && base != ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(files, name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		out = append(out, source{rel, file, string(text), path.Dir(rel)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 10 {
		t.Fatalf("only %d source files were found", len(out))
	}
	return out
}

func (s source) imports() []string {
	var out []string
	for _, i := range s.file.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err == nil && strings.HasPrefix(p, module) {
			out = append(out, strings.TrimPrefix(p, module))
		}
	}
	return out
}

// place is a package's floor and how far right it stands on it.
type place struct{ floor, column int }

func floors(t *testing.T) map[string]place {
	t.Helper()
	text, err := os.ReadFile("floors.txt")
	if err != nil {
		t.Fatal(err)
	}
	out, floor := map[string]place{}, 0
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for column, name := range strings.Fields(line) {
			out[name] = place{floor, column}
		}
		floor++
	}
	return out
}

// top is the package of internal that a folder belongs to, "" outside internal.
func top(folder string) string {
	rest, ok := strings.CutPrefix(folder, "internal/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func TestImportsGoDownOrLeft(t *testing.T) {
	places := floors(t)
	for _, s := range sources(t) {
		from := top(s.folder)
		if from == "" {
			checkEdge(t, s)
			continue
		}
		if onlyTests[from] {
			continue
		}
		here, ok := places[from]
		if !ok {
			t.Errorf("%s: package %s has no place in floors.txt", s.path, from)
			continue
		}
		for _, imported := range s.imports() {
			name := top(imported)
			there := places[name]
			switch {
			case name == from, name == "" && from == "server", name == "" && from == "bundle" && imported == "templates",
				name == "" && from == "api" && imported == "web":
			case onlyTests[name]:
				t.Errorf("%s imports %s, which is for tests", s.path, imported)
			case name == "", there.floor > here.floor, there.floor == here.floor && there.column >= here.column:
				t.Errorf("%s: %s (floor %d) imports %s (floor %d): upward or to the right", s.path, from, here.floor, imported, there.floor)
			}
		}
	}
}

func checkEdge(t *testing.T, s source) {
	t.Helper()
	first, _, _ := strings.Cut(s.folder, "/")
	allowed, ok := edges[s.folder]
	if !ok {
		allowed, ok = edges[first]
	}
	if !ok {
		t.Errorf("%s: no place for Go code", s.path)
	}
	if first == "bench" {
		return
	}
	for _, imported := range s.imports() {
		if !slices.Contains(allowed, imported) {
			t.Errorf("%s imports %s", s.path, imported)
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	documented, seen := map[string]bool{}, map[string]string{}
	for _, s := range sources(t) {
		seen[s.folder] = s.file.Name.Name
		if s.file.Doc != nil {
			documented[s.folder] = true
			want := "Package " + s.file.Name.Name + " "
			if s.file.Name.Name == "main" {
				want = "Command "
			}
			if !strings.HasPrefix(s.file.Doc.Text(), want) {
				t.Errorf("%s: the package comment does not begin with %q", s.path, want)
			}
		}
	}
	for folder := range seen {
		if !documented[folder] {
			t.Errorf("%s has no package comment", folder)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && receiverExported(d) {
					t.Errorf("%s: %s has no comment", s.path, d.Name.Name)
				}
			case *ast.GenDecl:
				checkTypes(t, s, d)
			}
		}
	}
}

func checkTypes(t *testing.T, s source, d *ast.GenDecl) {
	t.Helper()
	for _, spec := range d.Specs {
		if ts, ok := spec.(*ast.TypeSpec); ok && ts.Name.IsExported() && d.Doc == nil && ts.Doc == nil {
			t.Errorf("%s: type %s has no comment", s.path, ts.Name.Name)
		}
	}
}

// receiverExported is false for methods of unexported types and for the
// methods that satisfy well-known interfaces, whose meaning is known.
func receiverExported(d *ast.FuncDecl) bool {
	switch d.Name.Name {
	case "Error", "Unwrap", "String", "MarshalJSON", "UnmarshalJSON", "Len", "Less", "Swap":
		return false
	}
	if d.Recv == nil {
		return true
	}
	expr := d.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if index, ok := expr.(*ast.IndexExpr); ok {
		expr = index.X
	}
	name, ok := expr.(*ast.Ident)
	return !ok || name.IsExported()
}

func TestDatabaseNamesStayInTheirPackages(t *testing.T) {
	words := regexp.MustCompile(`(?i)sqlite|postgres`)
	allowed := map[string]bool{"sqldb": true, "job": true, "server": true, "clewtest": true, "house": true}
	for _, s := range sources(t) {
		name := top(s.folder)
		if name == "" || allowed[name] {
			continue
		}
		if hit := words.FindString(s.text); hit != "" {
			t.Errorf("%s names a database (%q)", s.path, hit)
		}
	}
}

func TestNoVagueNames(t *testing.T) {
	for _, s := range sources(t) {
		switch path.Base(s.folder) {
		case "utils", "util", "common", "helpers", "models", "types", "base", "manager", "impl", "pkg":
			t.Errorf("%s: a package's name says what it holds", s.folder)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, s := range sources(t) {
		if n := strings.Count(s.text, "\n"); n > 400 {
			t.Errorf("%s has %d lines, 400 at most", s.path, n)
		}
	}
}
