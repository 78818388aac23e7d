// Package conversion turns one record into others in one transaction: a lead
// into a company, a contact and a project. What becomes of what is a document
// of kind conversion; the engine names no object. Everything is written
// through record.Store.Apply, with the rights of the person who converts, and
// can be undone while nobody else has changed what came of it.
package conversion

import (
	"encoding/json"
	"fmt"
	"strings"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
)

// Definition is the body of a document of kind conversion.
type Definition struct {
	Label   schema.Label     `json:"label"`
	Object  string           `json:"object"`
	When    string           `json:"when"`
	Sets    map[string]any   `json:"sets"`
	Targets []TargetDocument `json:"targets"`
}

// TargetDocument is one record that the source becomes.
type TargetDocument struct {
	Object   string   `json:"object"`
	Link     string   `json:"link"`
	Back     string   `json:"back"`
	Optional bool     `json:"optional"`
	Match    []string `json:"match"`
	Ask      []string `json:"ask"`
	Copy     []struct {
		To    string `json:"to"`
		From  string `json:"from"`
		Text  string `json:"text"`
		Value any    `json:"value"`
	} `json:"copy"`
	Refer []struct {
		To     string `json:"to"`
		Target string `json:"target"`
	} `json:"refer"`
}

// Conversion is a compiled document.
type Conversion struct {
	Name    string
	Label   schema.Label
	Object  *schema.Object
	When    *expr.Program // nil: every open record
	Sets    map[string]any
	Targets []Target
}

// Target is one record that the source becomes.
type Target struct {
	Object   *schema.Object
	Link     *schema.Field // on the source: holds the target
	Back     *schema.Field // on the target: points to the source; nil for none
	Optional bool
	Match    []*schema.Field
	Ask      []*schema.Field
	Copy     []Copy
	Refer    []Refer
}

// Copy is how one field of a target is filled.
type Copy struct {
	To    *schema.Field
	From  *schema.Field // of the source; nil where Text or Value is given
	Text  []Piece
	Value any
}

// Piece is a part of a text: a field of the source, or words.
type Piece struct {
	Words string
	Field *schema.Field
}

// Refer is a reference from one target to an earlier one.
type Refer struct {
	To     *schema.Field
	Target int // its place in Targets
}

// Of is the conversion of an object, false when it has none.
func Of(s *catalog.Snapshot, object *schema.Object) (*Conversion, bool) {
	for _, c := range catalog.All[*Conversion](s, "conversion") {
		if c.Object.ID == object.ID {
			return c, true
		}
	}
	return nil, false
}

// Compile is the catalog's compiler for documents of kind conversion.
func Compile(s *catalog.Snapshot, d config.Document) (any, error) {
	var def Definition
	if err := json.Unmarshal(d.Body, &def); err != nil {
		return nil, fault.Wrap(fault.Invalid, "bad_document", err)
	}
	object, ok := s.Object(def.Object)
	if !ok {
		return nil, fault.New(fault.Invalid, "does_not_compile", unknown("object", "unknown_object", def.Object))
	}
	c := &compiler{snapshot: s, result: &Conversion{Name: d.Name, Label: def.Label, Object: object, Sets: map[string]any{}}}
	c.when(def.When)
	for name, raw := range def.Sets {
		if f := c.field(object, "sets."+name, name); f != nil {
			c.result.Sets[f.ID] = c.parsed(f, "sets."+name, raw)
		}
	}
	for i, one := range def.Targets {
		c.target(fmt.Sprintf("targets.%d.", i), one)
	}
	return c.result, c.faults.Err()
}

type compiler struct {
	snapshot *catalog.Snapshot
	result   *Conversion
	faults   fault.Collector
}

func unknown(path, code, name string) fault.Field {
	return fault.Field{Path: path, Code: code, Params: map[string]any{"name": name}}
}

func (c *compiler) when(text string) {
	if text == "" {
		return
	}
	program, err := expr.Compile(text, c.snapshot.Env(c.result.Object), expr.Bool)
	if err != nil {
		f := expr.FieldOf(err, "when")
		c.faults.Add(&f)
	}
	c.result.When = program
}

// field finds a field by API name and type; "" is none.
func (c *compiler) field(o *schema.Object, path, name string, types ...string) *schema.Field {
	if name == "" {
		return nil
	}
	f, ok := o.Field(name)
	if !ok {
		missing := unknown(path, "unknown_field", name)
		c.faults.Add(&missing)
		return nil
	}
	if len(types) > 0 && f.Type != types[0] {
		c.faults.Add(&fault.Field{Path: path, Code: "wrong_field_type", Params: map[string]any{"name": name, "want": types[0]}})
		return nil
	}
	return f
}

func (c *compiler) parsed(f *schema.Field, path string, raw any) any {
	value, bad := f.Parse(raw, c.snapshot.Input(false))
	if bad != nil {
		bad.Path = path
		c.faults.Add(bad)
	}
	return value
}

func (c *compiler) target(path string, def TargetDocument) {
	object, ok := c.snapshot.Object(def.Object)
	if !ok {
		missing := unknown(path+"object", "unknown_object", def.Object)
		c.faults.Add(&missing)
		return
	}
	t := Target{
		Object: object, Optional: def.Optional,
		Link: c.reference(c.result.Object, path+"link", def.Link, object.Name),
		Back: c.reference(object, path+"back", def.Back, c.result.Object.Name),
	}
	for i, name := range def.Match {
		if f := c.field(object, fmt.Sprintf("%smatch.%d", path, i), name); f != nil {
			t.Match = append(t.Match, f)
		}
	}
	for i, name := range def.Ask {
		if f := c.field(object, fmt.Sprintf("%sask.%d", path, i), name); f != nil {
			t.Ask = append(t.Ask, f)
		}
	}
	for i, one := range def.Copy {
		at := fmt.Sprintf("%scopy.%d.", path, i)
		step := Copy{To: c.field(object, at+"to", one.To), From: c.field(c.result.Object, at+"from", one.From)}
		if step.To == nil {
			continue
		}
		step.Text = c.pieces(at+"text", one.Text)
		if one.Value != nil {
			step.Value = c.parsed(step.To, at+"value", one.Value)
		}
		t.Copy = append(t.Copy, step)
	}
	for i, one := range def.Refer {
		at := fmt.Sprintf("%srefer.%d.", path, i)
		place := c.earlier(at+"target", one.Target)
		if f := c.reference(object, at+"to", one.To, one.Target); f != nil && place >= 0 {
			t.Refer = append(t.Refer, Refer{To: f, Target: place})
		}
	}
	c.result.Targets = append(c.result.Targets, t)
}

// reference finds a reference field that points to an object; "" is none.
func (c *compiler) reference(o *schema.Object, path, name, to string) *schema.Field {
	f := c.field(o, path, name, "reference")
	if f != nil && f.ObjectName != to {
		c.faults.Add(&fault.Field{Path: path, Code: "wrong_field_type", Params: map[string]any{"name": name, "want": to}})
		return nil
	}
	return f
}

// earlier is the place of a target that stands before the one that names it.
func (c *compiler) earlier(path, name string) int {
	for i, t := range c.result.Targets {
		if t.Object.Name == name {
			return i
		}
	}
	missing := unknown(path, "unknown_object", name)
	c.faults.Add(&missing)
	return -1
}

// pieces splits "{company} {product}" into fields of the source and words.
func (c *compiler) pieces(path, text string) []Piece {
	var out []Piece
	for text != "" {
		words, rest, found := strings.Cut(text, "{")
		if words != "" {
			out = append(out, Piece{Words: words})
		}
		if !found {
			break
		}
		var name string
		name, text, _ = strings.Cut(rest, "}")
		if f := c.field(c.result.Object, path, name); f != nil {
			out = append(out, Piece{Field: f})
		}
	}
	return out
}

// Engine carries conversions out.
type Engine struct{ Records *record.Store }
