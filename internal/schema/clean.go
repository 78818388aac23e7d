package schema

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean is the form in which every text is kept and compared: NFKC, valid
// UTF-8, trimmed, and without what cannot be seen but changes what is read:
// control characters except line breaks and tabs, marks that turn the writing
// direction around, and joiners that join nothing. So a name in a list reads as
// it is kept, and two that look alike are not made different by nothing.
func Clean(s string) string {
	s = norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))
	var before rune
	seen := strings.Map(func(r rune) rune {
		if unseen(r) || joiner(r) && !joins(before) {
			return -1
		}
		before = r
		return r
	}, s)
	if len(seen) != len(s) { // what stood apart may compose now
		seen = norm.NFKC.String(seen)
	}
	return strings.TrimSpace(seen)
}

// unseen are the characters that no text needs.
func unseen(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < ' ', r >= 0x7f && r <= 0x9f:
		return true
	case r == '\u200b', r == '\ufeff', r >= '\u2060' && r <= '\u2064':
		return true
	}
	return turns(r)
}

// turns says whether a character changes the writing direction of what follows
// (Unicode's Bidi_Control); letters have a direction of their own.
func turns(r rune) bool {
	return r == '\u061c' || r == '\u200e' || r == '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// joiner is ZWNJ or ZWJ.
func joiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// joins says whether a joiner means something after a character: in scripts
// whose letters join, as Arabic and those of India, and between parts of an emoji.
func joins(r rune) bool {
	switch {
	case unicode.In(r, unicode.Latin, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Cyrillic, unicode.Greek):
		return false
	case r >= 0x1f3fb && r <= 0x1f3ff: // skin tones
		return true
	}
	return unicode.In(r, unicode.Letter, unicode.Mark, unicode.So)
}
