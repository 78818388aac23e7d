package search

import (
	"slices"
	"strings"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// A token is its field's code, a mark of what it is, and letters:
//
//	12:恒力   a character, two neighbours, or a word
//	12.szh    initials of three characters, fewer at the end
//	12~suzhou two syllables, the last one alone
//	12^苏州   the beginning of the title
//	@7f…      the owner, "@" for none
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
	if begin := joined(text); title && len(begin) > 0 {
		t.add(code, beginMark, begin[:min(len(begin), beginRunes)]...)
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

func (t *tokens) word(code string, letters []rune) {
	t.add(code, textMark, letters[:min(len(letters), wordRunes)]...)
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
	for i := range text {
		grams(text[i:min(len(text), i+initialGram)], func(reading string) string { return reading[:1] }, "", func(gram string) {
			t.list = append(t.list, code+initialMark+gram)
		})
		grams(text[i:min(len(text), i+2)], func(reading string) string { return reading }, "", func(pair string) {
			t.list = append(t.list, code+syllableMark+pair)
		})
	}
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
