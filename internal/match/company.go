package match

import (
	"strings"
	"unicode"
)

// legalForms end a company's name without telling it from another, longest first.
func legalForms() []string {
	return []string{
		"股份有限公司", "有限责任公司", "有限公司", "股份公司", "公司",
		"companylimited", "incorporated", "corporation", "company", "limited", "gmbh", "coltd", "corp", "llc", "ltd", "inc", "ag",
	}
}

// company normalises a name: no brackets and what is in them, no spaces or
// punctuation, no legal form. A name that is nothing else is kept whole.
func company(name string) string {
	plain := letters(withoutBrackets(strings.ToLower(name)))
	short := plain
	for _, form := range legalForms() {
		if rest, ok := strings.CutSuffix(short, form); ok {
			short = rest
			break
		}
	}
	switch {
	case short != "":
		return short
	case plain != "":
		return plain
	}
	return letters(strings.ToLower(name))
}

func withoutBrackets(name string) string {
	var out strings.Builder
	depth := 0
	for _, r := range name {
		switch {
		case strings.ContainsRune("([{【〔《", r):
			depth++
		case strings.ContainsRune(")]}】〕》", r):
			depth = max(0, depth-1)
		case depth == 0:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, name)
}
