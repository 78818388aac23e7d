package catalog

import (
	"fmt"
	"strings"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// The types of block.
const (
	ListBlock   = "list"   // records that wait, the most urgent first
	PeopleBlock = "people" // what waits with each person
	HeatBlock   = "heat"   // how good records are, by two of their fields
	RiskBlock   = "risk"   // customers whose contracts end, by how long nobody spoke to them
	LookupBlock = "lookup" // who is calling: finds a customer's file
)

// Block is a compiled document of kind block: a part of a role's home page (H9).
type Block struct {
	Name     string
	Label    schema.Label
	Home     string
	Type     string
	Object   *schema.Object
	Filter   string
	Sort     string
	Limit    int
	Alarm    bool
	Action   string // follow_up, claim, "" for none
	Recent   int    // last entries told of each record
	Mentions *Linked
	Rows     *schema.Field // of a heat
	Columns  *schema.Field // of a heat
	Good     string        // the condition of a heat
	Days     int           // that a heat looks back
	Risk     *Risk
	Position int
}

// Linked is a field on the records of another object that refer to this one.
type Linked struct {
	Object      *schema.Object
	Link, Field *schema.Field
}

// Risk is what a block of type risk looks at.
type Risk struct {
	Ends     *schema.Field // date on the block's object
	Company  *schema.Field // reference on the block's object
	Contacts []Linked      // times of contact
	Silent   int           // days without contact that count as silence
	Score    *Linked       // nil for none
	Low      string        // decimal; scores below are bad
}

// blockDefinition is the body of a block's document.
type blockDefinition struct {
	Label    schema.Label `json:"label"`
	Home     string       `json:"home"`
	Type     string       `json:"type"`
	Object   string       `json:"object"`
	Filter   string       `json:"filter"`
	Sort     string       `json:"sort"`
	Limit    int          `json:"limit"`
	Alarm    bool         `json:"alarm"`
	Action   string       `json:"action"`
	Recent   int          `json:"recent"`
	Mentions *linkedName  `json:"mentions"`
	Rows     string       `json:"rows"`
	Columns  string       `json:"columns"`
	Good     string       `json:"good"`
	Days     int          `json:"days"`
	Ends     string       `json:"ends"`
	Company  string       `json:"company"`
	Silent   int          `json:"silent"`
	Contacts []linkedName `json:"contacts"`
	Score    *linkedName  `json:"score"`
	Low      float64      `json:"low"`
	Position int          `json:"position"`
}

type linkedName struct {
	Object string `json:"object"`
	Link   string `json:"link"`
	Field  string `json:"field"`
	At     string `json:"at"`
}

func compileBlock(s *Snapshot, d config.Document) (any, error) {
	var def blockDefinition
	object, err := decodeFor(s, d, &def, func() string { return def.Object })
	if err != nil {
		return nil, err
	}
	c := blockCompiler{snapshot: s, object: object}
	b := &Block{
		Name: d.Name, Label: labelOr(def.Label, d.Name), Home: def.Home, Type: def.Type, Object: object, Filter: def.Filter,
		Sort: def.Sort, Limit: def.Limit, Alarm: def.Alarm, Action: strings.TrimPrefix(def.Action, "none"),
		Recent: max(def.Recent, 1), Good: def.Good, Days: def.Days, Position: def.Position,
	}
	for _, condition := range [][2]string{{"filter", def.Filter}, {"good", def.Good}} {
		if path, text := condition[0], condition[1]; text != "" {
			filter(s, object, path, text, &c.faults)
		}
	}
	for _, name := range strings.FieldsFunc(def.Sort, func(r rune) bool { return r == ',' }) {
		checkColumn(object, "sort", strings.TrimPrefix(strings.TrimSpace(name), "-"), &c.faults)
	}
	if def.Mentions != nil {
		b.Mentions = c.linked("mentions", *def.Mentions)
	}
	switch def.Type {
	case HeatBlock:
		b.Rows, b.Columns = c.choice("rows", def.Rows), c.choice("columns", def.Columns)
		if b.Days == 0 {
			b.Days = 90
		}
	case RiskBlock:
		b.Risk = c.risk(def)
	}
	return b, c.faults.Err()
}

type blockCompiler struct {
	snapshot *Snapshot
	object   *schema.Object
	faults   fault.Collector
}

// field finds a field of one of the types on an object.
func (c *blockCompiler) field(o *schema.Object, path, name string, types ...string) *schema.Field {
	f, ok := o.Field(name)
	if !ok {
		missing := unknown(path, "unknown_field", name)
		c.faults.Add(&missing)
		return nil
	}
	for _, t := range types {
		if f.Type == t {
			return f
		}
	}
	c.faults.Add(&fault.Field{Path: path, Code: "wrong_field_type", Params: map[string]any{"name": name, "types": strings.Join(types, ", ")}})
	return nil
}

func (c *blockCompiler) choice(path, name string) *schema.Field {
	return c.field(c.object, path, name, "choice", "person")
}

// linked finds the field and the reference of another object.
func (c *blockCompiler) linked(path string, name linkedName) *Linked {
	o, ok := c.snapshot.Object(name.Object)
	if !ok {
		missing := unknown(path+".object", "unknown_object", name.Object)
		c.faults.Add(&missing)
		return nil
	}
	l := &Linked{Object: o, Link: c.field(o, path+".link", name.Link, "reference")}
	if name.At != "" {
		l.Field = c.field(o, path+".at", name.At, "datetime")
	} else {
		l.Field = c.field(o, path+".field", name.Field, "number", "tags", "choices", "choice", "text")
	}
	return l
}

func (c *blockCompiler) risk(def blockDefinition) *Risk {
	r := &Risk{
		Ends: c.field(c.object, "ends", def.Ends, "date"), Company: c.field(c.object, "company", def.Company, "reference"),
		Silent: def.Silent, Low: fmt.Sprint(def.Low),
	}
	if r.Silent == 0 {
		r.Silent = 30
	}
	for i, name := range def.Contacts {
		if l := c.linked(fmt.Sprintf("contacts.%d", i), name); l != nil {
			r.Contacts = append(r.Contacts, *l)
		}
	}
	if def.Score != nil {
		r.Score = c.linked("score", *def.Score)
	}
	return r
}
