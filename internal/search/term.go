package search

import (
	"slices"
	"strings"
	"unicode"

	"clew.dev/clew/internal/schema"
)

// Limits of a question.
const (
	questionRunes = 100
	mostTerms     = 8
)

// Term is one word of a question; a record holds all of them, each in some field.
type Term struct {
	text    []rune
	digits  bool // four digits or more, looked for anywhere in a number
	letters bool // a–z alone, which may be pinyin
}

// Terms reads a question; none means that there is nothing to look for.
func Terms(question string) []Term {
	text := fold(question)
	text = text[:min(len(text), questionRunes)]
	if digits, ok := number(text); ok {
		return []Term{{text: digits, digits: true}}
	}
	var terms []Term
	for _, part := range strings.FieldsFunc(string(text), unicode.IsSpace) {
		runes := []rune(strings.TrimFunc(part, func(r rune) bool { return kindOf(r) == gap }))
		if len(runsOf(runes)) > 0 && len(terms) < mostTerms {
			terms = append(terms, newTerm(runes))
		}
	}
	return terms
}

// number reads a question that is a phone number or a part of one, however grouped.
func number(text []rune) ([]rune, bool) {
	digits, _ := digitsOf(text)
	if len(digits) < digitGram {
		return nil, false
	}
	for _, r := range text {
		if !isDigit(r) && !strings.ContainsRune("+-() \t", r) {
			return nil, false
		}
	}
	if rest, ok := strings.CutPrefix(string(text), "+86"); ok {
		digits, _ = digitsOf([]rune(rest))
		return digits, len(digits) >= digitGram
	}
	return digits[withoutChina(digits):], true
}

func newTerm(text []rune) Term {
	digits, _ := digitsOf(text)
	t := Term{text: text, digits: len(digits) == len(text) && len(digits) >= digitGram, letters: true}
	for _, r := range text {
		t.letters = t.letters && r >= 'a' && r <= 'z'
	}
	return t
}

// Span is a stretch of a text, in runes.
type Span struct{ From, Until int }

// In finds the term in a field's value; nil when it is not there.
func (t Term) In(f *schema.Field, value string) []Span {
	text := fold(value)
	if len(text) == 0 {
		return nil
	}
	if t.digits {
		if span := t.amongDigits(f, text); span != nil {
			return span
		}
	}
	if f.Type == "phone" {
		return nil
	}
	if span := t.literal(text); span != nil {
		return span
	}
	if f.Type == "auto_number" && t.inNumber(joined(text)) {
		return []Span{{0, len(text)}}
	}
	if f.Type == "text" && t.letters {
		return t.spelt(text)
	}
	return nil
}

// inNumber tells whether an automatic number begins with the term, or holds its digits.
func (t Term) inNumber(number []rune) bool {
	return hasPrefix(number, t.text) || t.digits && strings.Contains(string(number), string(t.text))
}

func hasPrefix(text, begin []rune) bool {
	return len(text) >= len(begin) && slices.Equal(text[:len(begin)], begin)
}

// amongDigits looks for digits: in a number whatever separates them, in other
// texts within one stretch of them.
func (t Term) amongDigits(f *schema.Field, text []rune) []Span {
	digits, at := digitsOf(text)
	loose := f.Type == "phone"
	if loose {
		skip := withoutChina(digits)
		digits, at = digits[skip:], at[skip:]
	}
	if area, ok := t.withArea(); loose && ok && hasPrefix(digits, area) {
		return []Span{{at[0], at[len(area)-1] + 1}}
	}
	for i := 0; i+len(t.text) <= len(digits); i++ {
		last := i + len(t.text) - 1
		if hasPrefix(digits[i:], t.text) && (loose || at[last]-at[i] == last-i) {
			return []Span{{at[i], at[last] + 1}}
		}
	}
	return nil
}

// withArea are the digits of a number that is typed with the nought before its
// area's code, which no kept number has: "0519-8512 3456".
func (t Term) withArea() ([]rune, bool) {
	ok := t.digits && len(t.text) > digitGram && t.text[0] == '0' && t.text[1] != '0'
	return t.text[1:], ok
}

// literal finds the term as it stands; what begins with a letter begins a word.
func (t Term) literal(text []rune) []Span {
	atWord := kindOf(t.text[0]) == word
	for i := 0; i+len(t.text) <= len(text); i++ {
		if atWord && i > 0 && kindOf(text[i-1]) == word {
			continue
		}
		if hasPrefix(text[i:], t.text) {
			return []Span{{i, i + len(t.text)}}
		}
	}
	return nil
}

// spelt finds the characters of which the letters are the initials, or the
// beginning of the pinyin.
func (t Term) spelt(text []rune) []Span {
	if len(t.text) < 2 || len(t.text) > mostLetters {
		return nil
	}
	letters := string(t.text)
	for _, r := range runsOf(text) {
		if r.kind != han {
			continue
		}
		for i := r.from; i < r.until; i++ {
			if n := initials(text[i:r.until], letters); n > 0 {
				return []Span{{i, i + n}}
			}
			if n := syllablesOf(text[i:r.until], letters); n > 0 {
				return []Span{{i, i + n}}
			}
		}
	}
	return nil
}

// initials is how many characters the letters are the initials of, 0 when they are not.
func initials(text []rune, letters string) int {
	if len(letters) > len(text) {
		return 0
	}
	for i := range letters {
		if !slices.ContainsFunc(readingsOf(text[i]), func(reading string) bool { return reading[0] == letters[i] }) {
			return 0
		}
	}
	return len(letters)
}

// syllablesOf is how many characters are read as the letters, the last perhaps
// only begun; 0 when they are not.
func syllablesOf(text []rune, letters string) int {
	if len(text) == 0 {
		return 0
	}
	for _, reading := range readingsOf(text[0]) {
		if strings.HasPrefix(reading, letters) {
			return 1
		}
		if rest, ok := strings.CutPrefix(letters, reading); ok {
			if n := syllablesOf(text[1:], rest); n > 0 {
				return n + 1
			}
		}
	}
	return 0
}
