package search

import (
	"slices"
	"strings"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// form is how a question is put to the index.
type form int

const (
	// complete asks for words and syllables as they were typed, which is cheap.
	complete form = iota
	// begun takes the last of them for a beginning, too.
	begun
	// earlier is begun for records taken in by an earlier program, without the
	// tokens of today. It finds those of today as well, at a greater cost.
	earlier
)

// beginning asks for one that is a token of its own today.
func (w form) beginning(token string) query.Match {
	return query.Match{Token: token, Prefix: w == earlier}
}

// match is the question to the index for a term in one field.
func (t Term) match(f *schema.Field, w form) query.Match {
	code := codeOf(f)
	var ways []query.Match
	if t.digits {
		ways = append(ways, all(code+textMark, gramsOf(t.text, digitGram)))
	}
	if area, ok := t.withArea(); ok && f.Type == "phone" {
		ways = append(ways, all(code+textMark, gramsOf(area, digitGram)))
	}
	if f.Type == "phone" || t.digits && w != earlier { // the words that begin with four digits hold them
		return query.Match{Any: ways}
	}
	ways = append(ways, t.matchText(code+textMark, w))
	if t.letters && len(t.text) > 1 && len(t.text) <= mostLetters && f.Type == "text" {
		ways = append(ways, t.matchInitials(code+initialMark, w))
		ways = append(ways, t.matchSyllables(code+syllableMark, w)...)
	}
	return query.Match{Any: ways}
}

// gramsOf are the different stretches of n runes.
func gramsOf(text []rune, n int) []string {
	var out []string
	for i := 0; i+n <= len(text); i++ {
		if gram := string(text[i : i+n]); !slices.Contains(out, gram) {
			out = append(out, gram)
		}
	}
	return out
}

// all asks for all tokens.
func all(lead string, list []string) query.Match {
	var m query.Match
	for _, token := range list {
		m.All = append(m.All, query.Match{Token: lead + token})
	}
	return m
}

func (t Term) matchText(lead string, w form) query.Match {
	var m query.Match
	runs := runsOf(t.text)
	for i, r := range runs {
		text := t.text[r.from:r.until]
		switch {
		case r.kind == han && len(text) == 1:
			m.All = append(m.All, query.Match{Token: lead + string(text)})
		case r.kind == han:
			m.All = append(m.All, all(lead, gramsOf(text, 2)).All...)
		case i == len(runs)-1 && r.until == len(t.text):
			m.All = append(m.All, lastWord(lead, text, w))
		default:
			m.All = append(m.All, query.Match{Token: lead + string(text[:min(len(text), wordRunes)])})
		}
	}
	return m
}

// lastWord is the one that may be only begun.
func lastWord(lead string, text []rune, w form) query.Match {
	token := lead + string(text[:min(len(text), wordRunes)])
	if len(text) <= edgeRunes {
		return w.beginning(token)
	}
	return query.Match{Token: token, Prefix: w != complete}
}

func (t Term) matchInitials(lead string, w form) query.Match {
	if len(t.text) < initialGram {
		return w.beginning(lead + string(t.text))
	}
	return all(lead, gramsOf(t.text, initialGram))
}

// matchSyllables asks for the ways to read the letters as pinyin.
func (t Term) matchSyllables(lead string, w form) []query.Match {
	var ways []query.Match
	for _, list := range spellings(string(t.text)) {
		last := list[len(list)-1]
		if w == complete && !syllables()[last] {
			continue
		}
		m := pairsOf(lead, list[:len(list)-1])
		if len(list) > 1 {
			last = list[len(list)-2] + last
		}
		m.All = append(m.All, w.lastSyllable(lead, list, last))
		ways = append(ways, m)
	}
	return ways
}

func pairsOf(lead string, list []string) (m query.Match) {
	for i := 0; i+1 < len(list); i++ {
		m.All = append(m.All, query.Match{Token: lead + list[i] + list[i+1]})
	}
	return m
}

// lastSyllable asks for the last token, which ends with a syllable that may be only begun.
func (w form) lastSyllable(lead string, list []string, token string) query.Match {
	if w != begun {
		return w.beginning(lead + token)
	}
	var m query.Match
	last := list[len(list)-1]
	before := strings.TrimSuffix(token, last)
	for _, syllable := range syllablesThatBegin(last) {
		m.Any = append(m.Any, query.Match{Token: lead + before + syllable})
	}
	return m
}

// matchOf is the question to the index for all terms in these fields.
func matchOf(terms []Term, fields []*schema.Field, w form) query.Match {
	var m query.Match
	for _, t := range terms {
		var fieldsOf query.Match
		for _, f := range fields {
			if one := t.match(f, w); !one.Empty() {
				fieldsOf.Any = append(fieldsOf.Any, one)
			}
		}
		if fieldsOf.Empty() {
			return query.Match{}
		}
		m.All = append(m.All, fieldsOf)
	}
	return m
}

// answers tells whether a record with these tokens, which are in order, is one
// that the index gives for the match.
func answers(tokens []string, m query.Match) bool {
	switch {
	case m.Token != "":
		at, found := slices.BinarySearch(tokens, m.Token)
		return found || m.Prefix && at < len(tokens) && strings.HasPrefix(tokens[at], m.Token)
	case len(m.All) > 0:
		return !slices.ContainsFunc(m.All, func(part query.Match) bool { return !answers(tokens, part) })
	}
	return slices.ContainsFunc(m.Any, func(part query.Match) bool { return answers(tokens, part) })
}

// holds tells whether every term is in some field.
func holds(terms []Term, fields []*schema.Field, row query.Row) bool {
	for _, t := range terms {
		if !slices.ContainsFunc(fields, func(f *schema.Field) bool { return t.In(f, textOf(f, row)) != nil }) {
			return false
		}
	}
	return true
}
