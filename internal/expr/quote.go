package expr

import "strings"

// Quote writes a text as a literal of the language. The full-width quotation
// mark ends a text too, and reads as the plain one.
func Quote(text string) string {
	return `"` + strings.NewReplacer(`"`, `""`, `＂`, `""`).Replace(text) + `"`
}
