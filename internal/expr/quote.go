package expr

import "strings"

// Quote writes a text as a literal of the language.
func Quote(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
