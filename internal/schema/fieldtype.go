package schema

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"clew.dev/clew/internal/fault"
)

// FieldType is what one type of field knows: how a value comes in, goes out
// and is kept. There is one file per type.
type FieldType interface {
	// Name is the type's name in a document: "text", "choice".
	Name() string
	// Parse turns decoded JSON (json.Number for numbers) or a text from a form
	// or a mapping into the canonical value; blank input gives nil.
	Parse(f *Field, raw any, in Input) (any, *fault.Field)
	// Encode turns a canonical value into what JSON carries.
	Encode(f *Field, value any) any
	// Storage says how a column keeps it.
	Storage() Storage
	// Check says what is wrong with the field's definition, nil when nothing is.
	Check(f *Field) *fault.Field
}

// Input is what parsing depends on beside the value.
type Input struct {
	Country string         // ISO 3166 region of national phone numbers: "CN"
	Zone    *time.Location // of times without one; nil means UTC
	Person  bool           // typed by a person, who can correct it; a channel's value is kept and flagged instead
	// Flag hears of a channel's value that was kept although it is doubtful;
	// nil when nobody listens. The codes are those of the fault a person gets.
	Flag func(f *Field, code string)
}

func (in Input) flag(f *Field, code string) {
	if in.Flag != nil {
		in.Flag(f, code)
	}
}

func (in Input) zone() *time.Location {
	if in.Zone == nil {
		return time.UTC
	}
	return in.Zone
}

// Storage is how a value lies in a table.
type Storage int

// The ways of keeping a value. A dialect names the column type of each.
const (
	Text      Storage = iota // compared bytewise
	Integer                  // 64 bits
	Scaled                   // exact decimal with the field's scale
	Boolean                  //
	Micros                   // microseconds since 1970 UTC
	TextList                 // a compact JSON array of texts
	MoneyPair                // a Scaled column and, with suffix "_u", a Text column for the currency
)

// TypeOf finds a field type by its name.
func TypeOf(name string) (FieldType, bool) {
	switch name {
	case "text":
		return text{}, true
	case "long_text":
		return longText{}, true
	case "number":
		return number{}, true
	case "currency":
		return currency{}, true
	case "percent":
		return percent{}, true
	case "boolean":
		return boolean{}, true
	case "date":
		return date{}, true
	case "datetime":
		return datetime{}, true
	case "choice":
		return choice{}, true
	case "choices":
		return choices{}, true
	case "tags":
		return tags{}, true
	case "phone":
		return phone{}, true
	case "email":
		return email{}, true
	case "url":
		return link{}, true
	case "person":
		return person{}, true
	case "reference":
		return reference{}, true
	case "auto_number":
		return autoNumber{}, true
	}
	return nil, false
}

// TypeNames lists the field types in the order in which a builder is offered them.
func TypeNames() []string {
	return []string{
		"text", "long_text", "number", "currency", "percent", "boolean", "date", "datetime",
		"choice", "choices", "tags", "phone", "email", "url", "person", "reference", "auto_number",
	}
}

// Parse reads a value for the field by the field's own type.
func (f *Field) Parse(raw any, in Input) (any, *fault.Field) {
	t, ok := TypeOf(f.Type)
	if !ok {
		return nil, wrong(f, "unknown_type")
	}
	return t.Parse(f, raw, in)
}

// Encode gives a value of the field the shape that JSON carries; nil stays nil.
func (f *Field) Encode(value any) any {
	t, ok := TypeOf(f.Type)
	if !ok || value == nil {
		return nil
	}
	return t.Encode(f, value)
}

// Storage says how the field's column keeps a value.
func (f *Field) Storage() Storage {
	t, ok := TypeOf(f.Type)
	if !ok {
		return Text
	}
	return t.Storage()
}

func wrong(f *Field, code string) *fault.Field { return &fault.Field{Path: f.Name, Code: code} }

// scalar reads raw as one text, cleaned; ok is false for lists and objects.
func scalar(raw any) (s string, ok bool) {
	switch v := raw.(type) {
	case nil:
		return "", true
	case string:
		return Clean(v), true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case Date:
		return string(v), true
	}
	return "", false
}

// list reads raw as texts: an array, or one text with separators.
func list(raw any) (items []string, ok bool) {
	switch v := raw.(type) {
	case []string:
		items = v
	case []any:
		for _, one := range v {
			s, fine := scalar(one)
			if !fine {
				return nil, false
			}
			items = append(items, s)
		}
	default:
		s, fine := scalar(raw)
		if !fine {
			return nil, false
		}
		items = strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;、|\n", r) })
	}
	return distinct(items), true
}

func distinct(items []string) []string {
	var out []string
	seen := make(map[string]bool, len(items))
	for _, s := range items {
		if s = Clean(s); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// limited cuts a channel's overlong text and refuses a person's.
func limited(f *Field, s string, limit int, in Input) (any, *fault.Field) {
	if f.Max > 0 && f.Max < limit {
		limit = f.Max
	}
	if utf8.RuneCountInString(s) <= limit {
		return s, nil
	}
	if in.Person {
		e := wrong(f, "too_long")
		e.Params = map[string]any{"max": limit}
		return nil, e
	}
	in.flag(f, "too_long")
	return strings.TrimSpace(string([]rune(s)[:limit])), nil
}

// neverIndexed refuses an index, unique or not, over a type that no index helps.
func neverIndexed(f *Field) *fault.Field {
	switch {
	case f.Unique:
		return &fault.Field{Path: "unique", Code: "not_for_type"}
	case f.Indexed:
		return &fault.Field{Path: "indexed", Code: "not_for_type"}
	}
	return nil
}
