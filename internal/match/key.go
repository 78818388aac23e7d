package match

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"clew.dev/clew/internal/schema"
)

// The kinds of key that an object may declare.
const (
	External = "external" // the source's own id of the record; finds the record itself, open or closed
	Phone    = "phone"    // E.164
	WeChat   = "wechat"
	Email    = "email"
	Company  = "company" // an organisation's name; hints at the organisation, never at the person
)

// Kinds lists the kinds of key.
func Kinds() []string { return []string{External, Phone, WeChat, Email, Company} }

// Key is a normalised value that records meet by.
type Key struct {
	Field string `json:"field"` // id of the field it comes from
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Ignored is a value that is no key, and the entry of the ignore list that says so.
type Ignored struct {
	Field string `json:"field"`
	Kind  string `json:"kind"`
	Value string `json:"value"`
	By    string `json:"by"`
}

// Keys gives a record's keys in the order in which its object declares them,
// each once, and the values that the ignore lists keep out. The values are
// canonical, by field id.
func Keys(object *schema.Object, values map[string]any) ([]Key, []Ignored) {
	var keys []Key
	var ignored []Ignored
	seen := map[[2]string]bool{}
	for _, rule := range object.Keys {
		f, ok := object.Field(rule.Field)
		if !ok {
			continue
		}
		text, _ := values[f.ID].(string)
		value := Normalise(rule.Kind, text)
		if value == "" || seen[[2]string{rule.Kind, value}] {
			continue
		}
		seen[[2]string{rule.Kind, value}] = true
		if by, out := ignoredBy(rule, value); out {
			ignored = append(ignored, Ignored{f.ID, rule.Kind, value, by})
			continue
		}
		keys = append(keys, Key{f.ID, rule.Kind, value})
	}
	return keys, ignored
}

// Normalise gives the form in which two values of a kind are the same; "" when
// the value cannot be a key.
func Normalise(kind, value string) string {
	// What was left out may let the neighbours combine: hence clean at both ends.
	return schema.Clean(normalise(kind, schema.Clean(value)))
}

func normalise(kind, value string) string {
	switch kind {
	case Phone:
		return phone(value)
	case Company:
		return company(value)
	case External:
		return value
	case Email:
		if value = strings.ToLower(value); strings.Count(value, "@") != 1 {
			return ""
		}
		return value
	case WeChat:
		return weChat(strings.ToLower(strings.Join(strings.Fields(value), "")))
	}
	return strings.ToLower(strings.Join(strings.Fields(value), ""))
}

// weChat lets through what can be an id there: letters A–Z, digits and their
// signs. A nickname, 同手机号 or 无 is nobody's id, and half of all customers would
// be one person by it.
func weChat(value string) string {
	meant := false
	for _, r := range value {
		sign := strings.ContainsRune("_-.", r)
		if !sign && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return ""
		}
		meant = meant || !sign
	}
	if !meant || value == "no" || value == "none" || value == "null" {
		return ""
	}
	return value
}

// phone lets E.164 through. A number that could not be read is compared by
// its digits, if there are enough of them to mean one person.
func phone(value string) string {
	const enough = 7
	digits := onlyDigits(value)
	if len(digits) < enough {
		return ""
	}
	if strings.HasPrefix(value, "+") {
		return "+" + digits
	}
	return digits
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// ignoredBy finds the entry of a rule's ignore list that a value falls under:
// the same value, or with a * at the end the same beginning. A phone entry
// without + is compared with the national number.
func ignoredBy(rule schema.MatchKey, value string) (string, bool) {
	for _, entry := range rule.Ignore {
		wanted, prefix := strings.CutSuffix(schema.Clean(entry), "*")
		against := value
		if rule.Kind == Phone {
			if !strings.HasPrefix(wanted, "+") {
				against = national(value)
				wanted = strings.TrimLeft(onlyDigits(wanted), "0")
			} else {
				wanted = "+" + onlyDigits(wanted)
			}
		} else if prefix {
			wanted = beginning(rule.Kind, wanted)
		} else {
			wanted = Normalise(rule.Kind, wanted)
		}
		if strings.Trim(wanted, "+") == "" {
			continue // an entry of nothing is no entry for everybody
		}
		if against == wanted || prefix && strings.HasPrefix(against, wanted) {
			return entry, true
		}
	}
	return "", false
}

// beginning is the first part of a value in the form that Normalise gives values.
func beginning(kind, text string) string {
	switch kind {
	case External:
		return text
	case Company:
		return letters(strings.ToLower(text))
	}
	return strings.ToLower(strings.Join(strings.Fields(text), ""))
}

// national is the number without its country.
func national(number string) string {
	parsed, err := phonenumbers.Parse(number, "")
	if err != nil {
		return strings.TrimLeft(onlyDigits(number), "0")
	}
	return phonenumbers.GetNationalSignificantNumber(parsed)
}
