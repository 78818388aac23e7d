package intake

import (
	"encoding/json"
	"fmt"
	"slices"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Channel is a compiled channel document.
type Channel struct {
	Name string
	Definition
	object *schema.Object
	rules  []rule
	paths  struct{ data, deliveryKey, recordKey, sourceTime []string } // split
}

// rule is one mapping with its field found and its paths split.
type rule struct {
	Mapping
	field *schema.Field
	paths [][]string
}

// transforms are the words that Mapping.Transform knows.
var transforms = map[string]func(string) string{
	"trim": schema.Clean, "upper": upper, "lower": lower,
	"digits": digits, "amount": amount, "first_line": firstLine,
}

// Compile is the catalog's compiler for documents of kind channel. Faults name
// the path inside the document.
func Compile(snapshot *catalog.Snapshot, document config.Document) (any, error) {
	channel := &Channel{Name: document.Name}
	if err := json.Unmarshal(document.Body, &channel.Definition); err != nil {
		return nil, fault.Wrap(fault.Invalid, "bad_document", err)
	}
	var faults fault.Collector
	object, ok := snapshot.Object(channel.Object)
	if !ok {
		faults.Add(&fault.Field{Path: "object", Code: "unknown_object"})
		return nil, faults.Err()
	}
	channel.object = object
	channel.splitPaths()
	channel.checkKind(&faults)
	for i, m := range channel.Fields {
		channel.rules = append(channel.rules, compileRule(object, m, fmt.Sprintf("fields[%d]", i), &faults))
	}
	return channel, faults.Err()
}

func (c *Channel) splitPaths() {
	c.paths.data, c.paths.deliveryKey, c.paths.recordKey = splitPath(c.Data), splitPath(c.DeliveryKey), splitPath(c.RecordKey)
	if c.SourceTime != nil {
		c.paths.sourceTime = splitPath(c.SourceTime.Path)
	}
}

func (c *Channel) checkKind(faults *fault.Collector) {
	known := []Kind{Bearer, OceanEngineSPI, Form, SignedHeaderHex}
	if !slices.Contains(known, c.Kind) {
		faults.Add(&fault.Field{Path: "kind", Code: "unknown_choice"})
	}
	if c.Kind == SignedHeaderHex && c.SignatureHeader == "" {
		faults.Add(&fault.Field{Path: "signature_header", Code: "required"})
	}
	if c.Kind == Form && c.Form == "" {
		faults.Add(&fault.Field{Path: "form", Code: "required"})
	}
}

func compileRule(object *schema.Object, m Mapping, path string, faults *fault.Collector) rule {
	r := rule{Mapping: m}
	field, ok := object.Field(m.Field)
	if !ok {
		faults.Add(&fault.Field{Path: path + ".field", Code: "unknown_field"})
	}
	r.field = field
	for i, name := range m.Transform {
		if transforms[name] == nil {
			faults.Add(&fault.Field{Path: fmt.Sprintf("%s.transform[%d]", path, i), Code: "unknown_transform"})
		}
	}
	for i, p := range m.Paths {
		steps := splitPath(p)
		if len(steps) == 0 {
			faults.Add(&fault.Field{Path: fmt.Sprintf("%s.paths[%d]", path, i), Code: "bad_path"})
		}
		r.paths = append(r.paths, steps)
	}
	return r
}

// Signed tells whether a request must prove that it knows the channel's secret.
func (c *Channel) Signed() bool { return c.Kind != Form }

// NewObject is the object that a delivery becomes.
func (c *Channel) NewObject() *schema.Object { return c.object }
