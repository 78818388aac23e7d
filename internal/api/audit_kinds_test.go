package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"clew.dev/clew/internal/audit"
)

// TestEveryKindOfAuditEntryHasASentence reads the program for the kinds that it
// writes, so that a new one cannot be shown by its bare name.
func TestEveryKindOfAuditEntryHasASentence(t *testing.T) {
	kinds := auditKinds(t)
	if len(kinds) < 30 {
		t.Fatalf("found only %v", kinds)
	}
	all := loadMessages()
	for _, language := range []string{"zh-CN", "en"} {
		for _, kind := range kinds {
			if all[language]["audit."+kind] == "" {
				t.Errorf("%s has no sentence for %s", language, kind)
			}
		}
		for _, area := range audit.Areas() {
			if all[language]["audit."+area] == "" {
				t.Errorf("%s has no word for the area %s", language, area)
			}
		}
	}
}

// auditKinds are the texts of the form area.kind in the files that write audit entries.
func auditKinds(t *testing.T) []string {
	t.Helper()
	var kinds []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil || !importsAudit(file) {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, _ := strconv.Unquote(lit.Value)
				area, kind, dotted := strings.Cut(text, ".")
				if dotted && kind != "" && slices.Contains(audit.Areas(), area) && !slices.Contains(kinds, text) {
					kinds = append(kinds, text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(kinds)
	return kinds
}

func importsAudit(file *ast.File) bool {
	return slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return strings.HasSuffix(i.Path.Value, `internal/audit"`) })
}
