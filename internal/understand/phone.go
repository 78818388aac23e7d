package understand

import (
	"regexp"

	"github.com/nyaruka/phonenumbers"
)

// Phone is a number found in a text.
type Phone struct {
	Number string `json:"number"` // E.164
	Text   string `json:"text"`   // as written
	Start  int    `json:"start"`  // in characters, from 0
	End    int    `json:"end"`    // the character after it
}

// PhoneFinder finds phone numbers in texts. The zero value is of no use; see
// NewPhoneFinder.
type PhoneFinder struct {
	country string
	pattern *regexp.Regexp
}

// numbers are the ways in which numbers are written: a Chinese mobile, a
// number with its country, a Chinese line or service number, then any group of
// digits that may be a national number.
const numbers = `(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}` +
	`|\+\d(?:[- ()]{0,2}\d){7,13}` +
	`|\(?0\d{2,3}\)?[- ]?\d{7,8}` +
	`|[48]00[- ]?\d{3}[- ]?\d{4}` +
	`|\d(?:[- .()]{0,2}\d){7,12}`

// dated is the beginning of a day as people write it, which no number begins with.
var dated = regexp.MustCompile(`^(19|20)\d\d[-./ ](0?[1-9]|1[0-2])[-./ ]([0-2]?\d|3[01])\b`)

// attempts bounds the work on a text that is made of digits.
const attempts = 200

// NewPhoneFinder makes a finder; national numbers are read as the country's
// (ISO 3166, "CN").
func NewPhoneFinder(country string) *PhoneFinder {
	return &PhoneFinder{country: country, pattern: regexp.MustCompile(numbers)}
}

// Find gives the valid phone numbers of a text, in order, without overlap; it
// looks at the first 200 stretches that may be one.
func (p *PhoneFinder) Find(source string) []Phone {
	text := fold(source)
	characters := []rune(source)
	var found []Phone
	for at, tries := 0, 0; at < len(text.text) && tries < attempts; tries++ {
		place := p.pattern.FindStringIndex(text.text[at:])
		if place == nil {
			break
		}
		from, until := at+place[0], at+place[1]
		number, ok := p.number(text, from, until)
		if !ok {
			at = skip(text.text, from)
			continue
		}
		start, end := text.span(from, until)
		found = append(found, Phone{number, string(characters[start:end]), start, end})
		at = until
	}
	return found
}

// number reads a stretch as E.164; false when it is none, or part of a longer
// word or number.
func (p *PhoneFinder) number(text folded, from, until int) (string, bool) {
	if !text.whole(from, until) || dated.MatchString(text.text[from:]) {
		return "", false
	}
	parsed, err := phonenumbers.Parse(text.text[from:until], p.country)
	if err != nil || !phonenumbers.IsValidNumber(parsed) {
		return "", false
	}
	return phonenumbers.Format(parsed, phonenumbers.E164), true
}

// skip gives the place after the run of letters and digits at from.
func skip(text string, from int) int {
	for from++; from < len(text) && latin(text[from]) && latin(text[from-1]); from++ {
	}
	return from
}
