package schema

import (
	"strings"

	"clew.dev/clew/internal/fault"
	"github.com/nyaruka/phonenumbers"
)

const phoneLimit = 40 // characters of a number that is kept as typed

type phone struct{}

func (phone) Name() string     { return "phone" }
func (phone) Storage() Storage { return Text }

// Parse gives E.164. What is no number is refused from a person; a channel's
// is kept as typed and flagged.
func (phone) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	s, ok := scalar(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	if s == "" {
		return nil, nil
	}
	if e164, ok := NormalizePhone(s, in.Country); ok {
		return e164, nil
	}
	if in.Person {
		return nil, wrong(f, "invalid_phone")
	}
	in.flag(f, "invalid_phone")
	if r := []rune(s); len(r) > phoneLimit {
		s = string(r[:phoneLimit])
	}
	return s, nil
}

// NormalizePhone turns a number as people write it into E.164. Full-width
// digits, spaces, dashes and brackets do not matter, and a leading Hong Kong,
// Macao or Taiwan code is understood without a plus ("852-2345 6789").
func NormalizePhone(s, country string) (e164 string, ok bool) {
	s = Clean(s)
	if s == "" || len(s) > 2*phoneLimit {
		return "", false
	}
	if country == "" {
		country = "CN"
	}
	n, err := phonenumbers.Parse(spellPhone(s), country)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

func spellPhone(s string) string {
	if strings.ContainsAny(s, "—–‐−·()\u00a0") { // most numbers come without
		s = strings.NewReplacer("—", "-", "–", "-", "‐", "-", "−", "-", "·", "-", "(", " ", ")", " ", "\u00a0", " ").Replace(s)
	}
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "00") {
		return s
	}
	for _, code := range [...]string{"852", "853", "886"} {
		rest, found := strings.CutPrefix(s, code)
		if found && rest != "" && strings.ContainsAny(rest[:1], "- ") {
			return "+" + s
		}
	}
	return s
}

func (phone) Encode(_ *Field, value any) any { return value }

func (phone) Check(*Field) *fault.Field { return nil }
