package expr

import "clew.dev/clew/internal/schema"

// Type is the static type of an expression.
type Type int

// The types. Unknown as a wanted type accepts every type.
const (
	Unknown Type = iota
	Text
	Number
	Bool
	Date
	DateTime
	Choice
	Choices
	Tags
	Person
	People // a list of person ids, only as a parameter
	Reference
	Money // an amount; its currency is read by CURRENCY
	Blank
)

// String is the type's name as error messages use it.
func (t Type) String() string {
	return [...]string{
		"unknown", "text", "number", "yes/no", "date", "date-time", "choice", "choices", "tags",
		"person", "people", "reference", "currency", "blank",
	}[t]
}

// TypeOf is the type of a field's value in an expression.
func TypeOf(f *schema.Field) Type {
	switch f.Type {
	case "number", "percent":
		return Number
	case "currency":
		return Money
	case "boolean":
		return Bool
	case "date":
		return Date
	case "datetime":
		return DateTime
	case "choice":
		return Choice
	case "choices":
		return Choices
	case "tags":
		return Tags
	case "person":
		return Person
	case "reference":
		return Reference
	}
	return Text
}

func (t Type) numeric() bool { return t == Number || t == Money }
func (t Type) moment() bool  { return t == Date || t == DateTime }
func (t Type) list() bool    { return t == Choices || t == Tags || t == People }
func (t Type) identity() bool {
	return t == Person || t == Reference
}
