// Package schema describes objects and fields: the shapes that a builder
// makes, one file per field type, and Diff, which turns two shapes into the
// ordered table changes between them. It does no I/O.
//
// Canonical Go values of a field, used by every package above:
//
//	text, long_text, email, url, phone, auto_number   string
//	number, percent                                   *apd.Decimal
//	currency                                          Money
//	boolean                                           bool
//	date                                              Date ("2006-01-02")
//	datetime                                          time.Time, UTC, microseconds
//	choice                                            string, the choice's permanent id
//	choices                                           []string of choice ids, in the field's order
//	tags                                              []string
//	person, reference                                 string, the record's or user's id
//	blank                                             nil (never "", never an empty slice)
package schema

import (
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// Label is a text by language tag ("zh-CN", "en").
type Label map[string]string

// In is the label in a language, or the nearest one there is.
func (l Label) In(language string) string {
	if s := l[language]; s != "" {
		return s
	}
	for _, other := range [...]string{"zh-CN", "en"} {
		if s := l[other]; s != "" {
			return s
		}
	}
	return ""
}

// Amid is the label amid a sentence, which in English does not begin with a
// capital; a word in capitals stays as it is.
func (l Label) Amid(language string) string {
	label := l.In(language)
	if len(label) > 1 && language == "en" && 'A' <= label[0] && label[0] <= 'Z' && 'a' <= label[1] && label[1] <= 'z' {
		return strings.ToLower(label[:1]) + label[1:]
	}
	return label
}

// Object is a compiled object: a table and its fields.
type Object struct {
	ID         string // permanent, "crm.lead"
	Name       string // API name, "lead"
	Label      Label
	Plural     Label
	Table      string // physical, "o_3"
	TitleField string // API name of the field that labels a record
	OwnerField string // API name of the person field that record scope rests on, "" if none
	Fields     []*Field

	// Keys are the match keys of decisions.md "Duplicates and touches".
	Keys []MatchKey
	// Party names the object (by API name) that person keys point to: contact for lead.
	Party *Party
	// Closed says when a record no longer counts as open; nil means always open.
	Closed *ClosedWhen
	// Stage is the field whose history is kept; nil means none is.
	Stage *Stage
	// FollowUp is how a person's follow-up is kept; nil means there is none.
	FollowUp *FollowUp
	// Health names the fields that the engines keep for the figures; nil means none are kept.
	Health *Health
	// Agenda says when a record is to be done; nil means it is on nobody's list
	// but for the next action of its FollowUp.
	Agenda *Agenda
	// Broadcasts say whose roles hear of changes of which fields without following.
	Broadcasts []Broadcast

	byName map[string]*Field
	byID   map[string]*Field
}

// Field is a compiled field of an object.
type Field struct {
	ID         string // permanent, "crm.lead.phone"
	Name       string // API name
	Label      Label
	Help       Label
	Type       string // one of the registered field types
	Column     string // physical, "c_12"; currency has a second column Column+"_u" for the currency code
	Required   bool
	Unique     bool
	Indexed    bool
	Ordered    bool // a view is in its order
	ReadOnly   bool // only the program writes it
	Scale      int  // digits after the point, number, percent and currency
	Max        int  // characters of a text; 0 = the type's own limit
	Currency   string
	Format     string // auto_number: "L-{yyyy}-{0000}"
	Searchable bool   // records are found by it, beside those that always serve (package search)
	ObjectName string // reference: the object it points to
	Choices    []Choice

	// RequiredWhen makes the field required while another one has certain values; nil means never.
	RequiredWhen *RequiredWhen
}

// RequiredWhen is the reason that a choice asks for: the field has to be
// filled when Field takes one of Choices, and goes blank when it leaves them.
type RequiredWhen struct {
	Field     string   // API name of a choice field of the same object
	Choices   []string // choice ids
	Otherwise string   // choice id that stands in where the caller gives none; "" refuses the change
}

// Stage names the choice field that a record moves through; when each choice
// was entered and left is kept beside the record.
type Stage struct {
	Field string // choice
	Since string // datetime field that holds when the present choice was entered, "" for none
}

// Choice is one option of a choice field.
type Choice struct {
	ID    string // permanent, "crm.lead.source.douyin"
	Name  string // what the API carries, "抖音"
	Label Label
	Color string
	// Retired choices are no longer offered; old values still show their name.
	Retired bool
}

// MatchKey makes records of one open object meet: the same value, the same record.
type MatchKey struct {
	Field  string // API name
	Kind   string // phone, wechat, email …
	Ignore []string
}

// Party tells how a lead's person becomes a contact.
type Party struct {
	Object string            // "contact"
	Field  string            // the reference field on this object that holds it
	Copy   map[string]string // party field → own field
}

// ClosedWhen lists the choices of a field that end a record.
type ClosedWhen struct {
	Field   string
	Choices []string // choice ids
	At      string   // datetime field that holds when the record closed, "" for none
}

// FollowUp is the minimal card of D1 and D2.
type FollowUp struct {
	Object     string // what a follow-up becomes: "interaction"
	Link       string // the reference field on it
	Actions    []Choice
	Outcomes   []Outcome
	NextAction string // field on this object
	NextDue    string // field on this object
	Status     string // field set by a follow-up, "" for none
	Initial    string // choice id of a new record without an owner
	Assigned   string // choice id of a record that waits for its owner's first touch
	Working    string // choice id that the first follow-up sets
	Due        int    // default distance of next_due in working days
}

// Outcome is an end that a follow-up may give.
type Outcome struct {
	Choice
	Sets string // choice id that Status receives
}

// Agenda names the fields (API names) of a thing to do.
type Agenda struct {
	Due  string // datetime
	Done string // boolean, "" for none
}

// Broadcast tells people of the roles, as far as they may read the record, when
// a person changes one of the fields.
type Broadcast struct {
	Fields []string // permanent ids
	Roles  []string // names
}

// Health names the fields (API names) that the engines maintain on a record
// so that lists and the lead-health figures agree.
type Health struct {
	Source       string // the choice that figures are split by
	FirstTouch   string // datetime of the first outbound act by a person
	LastTouch    string // datetime of the latest one
	OverdueSince string // datetime since when a clock is broken, blank when none is
	Score        string // number that the scorecard sets
	Stars        string // number that the scorecard sets
	SourceTime   string // datetime that the source itself gave
	Touches      string // number of deliveries that met this record
}

// Money is an amount in a currency.
type Money struct {
	Amount   *apd.Decimal
	Currency string // ISO 4217
}

// Date is a calendar day, "2006-01-02".
type Date string

// Seal builds the look-ups; a compiled object is immutable from then on.
func (o *Object) Seal() *Object {
	o.byName = make(map[string]*Field, len(o.Fields))
	o.byID = make(map[string]*Field, len(o.Fields))
	for _, f := range o.Fields {
		o.byName[f.Name] = f
		o.byID[f.ID] = f
	}
	return o
}

// Field finds a field by API name.
func (o *Object) Field(name string) (*Field, bool) { f, ok := o.byName[name]; return f, ok }

// FieldByID finds a field by permanent id.
func (o *Object) FieldByID(id string) (*Field, bool) { f, ok := o.byID[id]; return f, ok }

// Reckons tells whether the engines reckon a field (by API name) from the rest of
// the record: what they set is never put back, it follows again.
func (o *Object) Reckons(name string) bool {
	h := o.Health
	return h != nil && name != "" && (name == h.OverdueSince || name == h.Score || name == h.Stars)
}

// Choice finds a choice by id.
func (f *Field) Choice(id string) (Choice, bool) {
	for _, c := range f.Choices {
		if c.ID == id {
			return c, true
		}
	}
	return Choice{}, false
}
