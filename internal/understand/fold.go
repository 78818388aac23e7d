package understand

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a text in the form that words are matched in, with the way back.
type folded struct {
	text  string // NFKC, lower case
	start []int  // per byte of text: the character of the source where its segment begins
	end   []int  // per byte of text: the character after its segment
}

// fold normalises a text. Full-width letters, ligatures and capitals meet
// their plain forms; every byte knows the characters that it came from.
func fold(source string) folded {
	f := folded{start: make([]int, 0, len(source)), end: make([]int, 0, len(source))}
	var out strings.Builder
	out.Grow(len(source))
	var iter norm.Iter
	iter.InitString(norm.NFKC, source)
	character := 0
	for !iter.Done() {
		from := iter.Pos()
		segment := strings.ToLower(string(iter.Next()))
		until := character + utf8.RuneCountInString(source[from:iter.Pos()])
		out.WriteString(segment)
		for range len(segment) {
			f.start = append(f.start, character)
			f.end = append(f.end, until)
		}
		character = until
	}
	f.text = out.String()
	return f
}

// span gives the characters of the source behind a stretch of bytes.
func (f folded) span(from, until int) (start, end int) {
	return f.start[from], f.end[until-1]
}

// whole says whether a stretch does not cut a Latin word or a number in two.
func (f folded) whole(from, until int) bool { return !f.cuts(from) && !f.cuts(until) }

// word says whether a stretch is a word by itself: whole, or what a number
// counts, as kg in 10kg.
func (f folded) word(from, until int) bool {
	counted := from > 0 && digit(f.text[from-1]) && !digit(f.text[from])
	return !f.cuts(until) && (counted || !f.cuts(from))
}

// cuts says whether Latin letters or digits stand on both sides of a place.
func (f folded) cuts(at int) bool {
	return at > 0 && at < len(f.text) && latin(f.text[at-1]) && latin(f.text[at])
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func latin(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9'
}
