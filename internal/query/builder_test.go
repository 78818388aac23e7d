package query_test

import (
	"os"
	"strings"
	"testing"

	"clew.dev/clew/internal/expr"
)

// TestTheBuilderKeepsTheMeaning: what the browser's condition builder makes of
// each condition of the scenarios (web/src/fields/condition-tree.test.ts writes
// the pairs) holds for the same records as the condition itself.
func TestTheBuilderKeepsTheMeaning(t *testing.T) {
	records, _ := readScenarios(t)
	raw, err := os.ReadFile("../expr/testdata/builder.txt")
	if err != nil {
		t.Fatal(err)
	}
	pairs, rewritten := 0, 0
	for line := range strings.Lines(string(raw)) {
		said, built, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
		if !ok {
			t.Fatalf("no pair: %q", line)
		}
		pairs++
		if said != built {
			rewritten++
		}
		a, err := expr.Compile(said, env(t), expr.Bool)
		if err != nil {
			t.Fatalf("%s: %v", said, err)
		}
		b, err := expr.Compile(built, env(t), expr.Bool)
		if err != nil {
			t.Errorf("%s became %s: %v", said, built, err)
			continue
		}
		for name, row := range records {
			want, _ := a.Truth(input(row))
			if got, err := b.Truth(input(row)); err != nil || got != want {
				t.Errorf("%s became %s: %t of %s, want %t (%v)", said, built, got, name, want, err)
			}
		}
	}
	if pairs < 100 || rewritten < 40 {
		t.Errorf("only %d pairs, %d rewritten", pairs, rewritten)
	}
}
