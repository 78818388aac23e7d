package expr_test

import (
	"testing"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// TestQuoteReadsBack: whatever a text holds, its literal is that text again.
func TestQuoteReadsBack(t *testing.T) {
	env := expr.Env{Object: (&schema.Object{}).Seal()}
	rapid.Check(t, func(t *rapid.T) {
		text := norm.NFKC.String(rapid.StringOfN(rapid.RuneFrom([]rune("a华\"”「[]{}@\\'\n1 ,()=")), 1, 12, -1).Draw(t, "text"))
		program, err := expr.Compile(expr.Quote(text), env, expr.Text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		got, err := program.Eval(expr.Input{})
		if err != nil || got != text {
			t.Fatalf("%q reads back as %q, %v", text, got, err)
		}
	})
}
