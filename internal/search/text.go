package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// Limits that keep tokens and questions small.
const (
	fieldRunes = 1000 // of a value that are looked at
	wordRunes  = 24   // of a word that are indexed
	digitGram  = 4
	beginRunes = 4
	edgeRunes  = 4 // how long a word's beginnings are that are tokens themselves
)

// fold is a text as it is compared: half width, lower case, rune for rune the
// text that it was made from when that was kept by us.
func fold(text string) []rune {
	runes := []rune(norm.NFKC.String(text))
	if len(runes) > fieldRunes {
		runes = runes[:fieldRunes]
	}
	for i, r := range runes {
		runes[i] = unicode.ToLower(r)
	}
	return runes
}

// kind says how a rune takes part in a token.
type kind int

const (
	gap  kind = iota // between tokens
	han              // a token by itself and with its neighbour
	word             // letters and digits of a word
)

func kindOf(r rune) kind {
	switch {
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), unicode.IsNumber(r):
		return word
	}
	return gap
}

// run is a stretch of runes of one kind, from inclusive.
type run struct {
	kind        kind
	from, until int
}

func runsOf(text []rune) []run {
	var runs []run
	for i, r := range text {
		k := kindOf(r)
		if k == gap {
			continue
		}
		if last := len(runs) - 1; last >= 0 && runs[last].until == i && runs[last].kind == k {
			runs[last].until++
			continue
		}
		runs = append(runs, run{k, i, i + 1})
	}
	return runs
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// digitsOf are the digits of a text and where each stands.
func digitsOf(text []rune) (digits []rune, at []int) {
	for i, r := range text {
		if isDigit(r) {
			digits, at = append(digits, r), append(at, i)
		}
	}
	return digits, at
}

// withoutChina leaves out the country's code, which people seldom type.
func withoutChina(digits []rune) int {
	text := string(digits)
	switch {
	case strings.HasPrefix(text, "0086") && len(text) > 14:
		return 4
	case strings.HasPrefix(text, "86") && len(text) > 11:
		return 2
	}
	return 0
}

// Searchable are the fields of an object by which its records are found: those
// that its document names, the title, phones, e-mails, automatic numbers and
// indexed texts.
func Searchable(o *schema.Object) []*schema.Field {
	var fields []*schema.Field
	for _, f := range o.Fields {
		if isText(f) && (f.Searchable || f.Name == o.TitleField || f.Type == "phone" || f.Type == "email" || f.Type == "auto_number" || f.Type == "text" && f.Indexed) {
			fields = append(fields, f)
		}
	}
	return fields
}

// isText tells whether a field's value is words.
func isText(f *schema.Field) bool {
	switch f.Type {
	case "text", "long_text", "phone", "email", "url", "auto_number":
		return true
	}
	return false
}

func textOf(f *schema.Field, row query.Row) string {
	text, _ := row.Values[f.ID].(string)
	return text
}
