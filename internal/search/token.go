package search

import (
	"slices"
	"strings"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// A token is its field's code, a mark of what it is, and letters:
//
//	12:恒力   a character, two neighbours, a word, or the beginning of one
//	12.szh    initials of three characters and of two
//	12~suzhou two syllables, and one alone
//	12^苏州   the beginning of the title, and shorter ones
//	@7f…      the owner, "@" for none
//
// What people type first is short and common. Each short beginning is a token
// by itself, so that the index need not gather all that begin so before it can
// tell the latest.
const (
	textMark     = ":"
	initialMark  = "."
	syllableMark = "~"
	beginMark    = "^"
	ownerMark    = "@"
	initialGram  = 3
)

// Tokens are what the index keeps of a record.
func Tokens(o *schema.Object, row query.Row) []string {
	var t tokens
	for _, f := range Searchable(o) {
		if text := textOf(f, row); text != "" {
			t.field(f, fold(text), f.Name == o.TitleField)
		}
	}
	if len(t.list) == 0 {
		return nil
	}
	t.list = append(t.list, ownerToken(ownerOf(o, row)))
	slices.Sort(t.list)
	return slices.Compact(t.list)
}

// ownerOf is whose record it is in the sense of scopes.
func ownerOf(o *schema.Object, row query.Row) string {
	if f, ok := o.Field(o.OwnerField); ok {
		owner, _ := row.Values[f.ID].(string)
		return owner
	}
	return row.CreatedBy
}

func ownerToken(id string) string { return ownerMark + strings.ReplaceAll(id, "-", "") }

// codeOf names a field in tokens: by its column, which outlives its name.
func codeOf(f *schema.Field) string { return strings.TrimPrefix(f.Column, "c_") }

type tokens struct{ list []string }

func (t *tokens) add(code, mark string, text ...rune) {
	t.list = append(t.list, code+mark+string(text))
}

func (t *tokens) field(f *schema.Field, text []rune, title bool) {
	code := codeOf(f)
	if title {
		t.beginnings(code, beginMark, joined(text), beginRunes)
	}
	if f.Type == "phone" {
		digits, _ := digitsOf(text)
		t.digits(code, digits[withoutChina(digits):])
		return
	}
	runs := runsOf(text)
	for _, r := range runs {
		if r.kind == word {
			t.word(code, text[r.from:r.until])
			continue
		}
		t.han(code, text[r.from:r.until])
		if f.Type == "text" {
			t.pinyin(code, text[r.from:r.until])
		}
	}
	if f.Type == "auto_number" && len(runs) > 1 {
		t.word(code, joined(text))
	}
}

// joined is a text without what separates its parts.
func joined(text []rune) []rune {
	return slices.DeleteFunc(slices.Clone(text), func(r rune) bool { return kindOf(r) == gap })
}

// beginnings adds the first runes of a text, up to most of them.
func (t *tokens) beginnings(code, mark string, text []rune, most int) {
	for n := 1; n <= min(len(text), most); n++ {
		t.add(code, mark, text[:n]...)
	}
}

// word adds a word, its short beginnings, what stands in it before the first
// digit, and its digits.
func (t *tokens) word(code string, letters []rune) {
	t.add(code, textMark, letters[:min(len(letters), wordRunes)]...)
	t.beginnings(code, textMark, letters, edgeRunes)
	if stem := slices.IndexFunc(letters, isDigit); stem > edgeRunes {
		t.add(code, textMark, letters[:min(stem, wordRunes)]...)
	}
	from := 0
	for i := 0; i <= len(letters); i++ {
		if i == len(letters) || !isDigit(letters[i]) {
			t.digits(code, letters[from:i])
			from = i + 1
		}
	}
}

func (t *tokens) digits(code string, digits []rune) {
	for i := 0; i+digitGram <= len(digits); i++ {
		t.add(code, textMark, digits[i:i+digitGram]...)
	}
}

func (t *tokens) han(code string, text []rune) {
	for i := range text {
		t.add(code, textMark, text[i])
		if i+1 < len(text) {
			t.add(code, textMark, text[i:i+2]...)
		}
	}
}

func (t *tokens) pinyin(code string, text []rune) {
	initial := func(reading string) string { return reading[:1] }
	whole := func(reading string) string { return reading }
	for i := range text {
		for _, n := range []int{initialGram, 2} {
			t.grams(code+initialMark, text[i:min(len(text), i+n)], initial)
		}
		for _, n := range []int{2, 1} {
			t.grams(code+syllableMark, text[i:min(len(text), i+n)], whole)
		}
	}
}

func (t *tokens) grams(lead string, text []rune, part func(string) string) {
	grams(text, part, "", func(gram string) { t.list = append(t.list, lead+gram) })
}

// grams calls give for each way of reading the characters, cut as part says; a
// character without a reading ends the gram.
func grams(text []rune, part func(string) string, before string, give func(string)) {
	var readings []string
	if len(text) > 0 {
		readings = readingsOf(text[0])
	}
	if len(readings) == 0 {
		if before != "" {
			give(before)
		}
		return
	}
	for i, reading := range readings {
		if cut := part(reading); i == 0 || cut != part(readings[i-1]) {
			grams(text[1:], part, before+cut, give)
		}
	}
}
