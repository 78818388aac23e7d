package robot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/connector/robot"
)

// typed is what strangers put into a form: markup of three vendors, mentions, breaks of lines.
func typed() *rapid.Generator[string] {
	parts := []string{"恒锐", "a", " ", "\n", "\r\n", "\r", "\u2028", "\u2029", "<@all>", "<at id=all></at>", "@所有人", "[x](http://evil.example)", "![i](http://x)", "**b**", "*", "`", "```", "# ", "> ", "- ", "|", "~~", "\\", "\\n", "😀", "<font color=\"red\">"}
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 12), func(some []string) string { return strings.Join(some, "") })
}

// Property: what a stranger typed is one line of plain words to every vendor, and
// a person reads in it what was typed.
func TestWhatAStrangerTypesStaysWords(t *testing.T) {
	back := strings.NewReplacer("＜", "<", "＞", ">", "［", "[", "］", "]", "＊", "*", "｀", "`", "＃", "#", "｜", "|", "～", "~", "＼", "\\")
	rapid.Check(t, func(r *rapid.T) {
		text := typed().Draw(r, "text")
		got := robot.Inert(text)
		if strings.ContainsAny(got, "<>[]*`#|~\\\n\r\u2028\u2029") || !utf8.ValidString(got) {
			r.Fatalf("%q became %q", text, got)
		}
		if robot.Inert(got) != got {
			r.Fatalf("%q is changed a second time", got)
		}
		line := strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\u2028", " ", "\u2029", " ").Replace(text)
		if back.Replace(got) != line {
			r.Fatalf("%q is read as %q", text, got)
		}
	})
}

// Property: a vendor of plain text gets one line with all that was typed but the breaks.
func TestALineIsOneLine(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := typed().Draw(r, "text")
		got := robot.Line(text)
		if strings.ContainsAny(got, "\n\r\u2028\u2029") {
			r.Fatalf("%q became %q", text, got)
		}
		letters := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if letters(got) != letters(text) {
			r.Fatalf("%q became %q", text, got)
		}
	})
}

// Property: a title holds its group's keyword, else the vendor refuses it, once.
func TestATitleHoldsItsKeyword(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		title, keyword := typed().Draw(r, "title"), rapid.SampledFrom([]string{"", "线索", "Clew", "提醒:", "😀"}).Draw(r, "keyword")
		got := robot.WithKeyword(title, keyword)
		if !strings.Contains(got, keyword) || !strings.HasSuffix(got, title) || robot.WithKeyword(got, keyword) != got {
			r.Fatalf("%q with %q became %q", title, keyword, got)
		}
		if (keyword == "" || strings.Contains(title, keyword)) && got != title {
			r.Fatalf("%q was changed into %q", title, got)
		}
	})
}
