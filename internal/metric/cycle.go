package metric

import (
	"encoding/json"
	"fmt"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Cycle is a compiled document of kind cycle: the milestones between a
// record's beginning and its end, each kept in a field of the record.
type Cycle struct {
	Name   string
	Label  schema.Label
	Object *schema.Object
	From   *schema.Field // nil: created_at
	Steps  []Step
}

// Step ends when its milestone is reached.
type Step struct {
	ID      string
	Label   schema.Label
	Until   *schema.Field // of the cycle's object
	At      *schema.Field // of the first hop's object; nil with hops: created_at
	Through []Hop         // from the object whose earliest At it is up to the cycle's; empty: Until is written otherwise
	When    *expr.Program // which records of the first hop's object count; nil: all
}

// Hop is a reference on the way up.
type Hop struct {
	Object *schema.Object
	Field  *schema.Field
}

type cycleDocument struct {
	Label  schema.Label `json:"label"`
	Object string       `json:"object"`
	From   string       `json:"from"`
	Steps  []struct {
		ID    string       `json:"id"`
		Label schema.Label `json:"label"`
		Until string       `json:"until"`
		Of    *struct {
			Object  string   `json:"object"`
			At      string   `json:"at"`
			Through []string `json:"through"`
			When    string   `json:"when"`
		} `json:"of"`
	} `json:"steps"`
}

// CompileCycle is the catalog's compiler for documents of kind cycle.
func CompileCycle(s *catalog.Snapshot, d config.Document) (any, error) {
	var def cycleDocument
	if err := json.Unmarshal(d.Body, &def); err != nil {
		return nil, fault.Wrap(fault.Invalid, "bad_document", err)
	}
	object, ok := s.Object(def.Object)
	if !ok {
		return nil, fault.New(fault.Invalid, "does_not_compile", unknown("object", "unknown_object", def.Object))
	}
	c := &cycleCompiler{snapshot: s}
	cycle := &Cycle{Name: d.Name, Label: def.Label, Object: object, From: c.moment(object, "from", def.From)}
	for i, one := range def.Steps {
		path := fmt.Sprintf("steps.%d.", i)
		step := Step{ID: one.ID, Label: one.Label, Until: c.moment(object, path+"until", one.Until)}
		if step.Until == nil {
			c.refuse(unknown(path+"until", "unknown_field", one.Until))
			continue
		}
		if one.Of != nil {
			step.Through = c.way(path+"of.", one.Of.Object, object.Name, one.Of.Through)
			c.earliest(path+"of.at", &step, one.Of.At)
			c.when(path+"of.when", &step, one.Of.When)
		}
		cycle.Steps = append(cycle.Steps, step)
	}
	return cycle, c.faults.Err()
}

type cycleCompiler struct {
	snapshot *catalog.Snapshot
	faults   fault.Collector
}

func unknown(path, code, name string) fault.Field {
	return fault.Field{Path: path, Code: code, Params: map[string]any{"name": name}}
}

func (c *cycleCompiler) refuse(f fault.Field) { c.faults.Add(&f) }

// moment finds a date or datetime field; created_at is nil.
func (c *cycleCompiler) moment(o *schema.Object, path, name string) *schema.Field {
	if name == "created_at" {
		return nil
	}
	f, ok := o.Field(name)
	switch {
	case !ok:
		c.refuse(unknown(path, "unknown_field", name))
	case f.Type != "date" && f.Type != "datetime":
		c.refuse(fault.Field{Path: path, Code: "wrong_field_type", Params: map[string]any{"name": name, "want": "datetime"}})
	}
	return f
}

// way follows reference fields from an object up to the cycle's own.
func (c *cycleCompiler) way(path, from, to string, through []string) []Hop {
	var hops []Hop
	name := from
	for i, ref := range through {
		object, ok := c.snapshot.Object(name)
		if !ok {
			c.refuse(unknown(path+"object", "unknown_object", name))
			return nil
		}
		f, ok := object.Field(ref)
		if !ok || f.Type != "reference" {
			c.refuse(unknown(fmt.Sprintf("%sthrough.%d", path, i), "unknown_field", ref))
			return nil
		}
		hops = append(hops, Hop{object, f})
		name = f.ObjectName
	}
	if name != to {
		c.refuse(unknown(path+"through", "wrong_object", name))
		return nil
	}
	return hops
}

// earliest is the field whose earliest value is the milestone; it is kept as it is.
func (c *cycleCompiler) earliest(path string, step *Step, name string) {
	if len(step.Through) == 0 {
		return
	}
	step.At = c.moment(step.Through[0].Object, path, name)
	kind := "datetime"
	if step.At != nil {
		kind = step.At.Type
	}
	if kind != step.Until.Type {
		c.refuse(fault.Field{Path: path, Code: "wrong_field_type", Params: map[string]any{"name": name, "want": step.Until.Type}})
	}
}

// when is which records count for a milestone.
func (c *cycleCompiler) when(path string, step *Step, text string) {
	if len(step.Through) == 0 || text == "" {
		return
	}
	p, err := expr.Compile(text, c.snapshot.Env(step.Through[0].Object), expr.Bool)
	if err != nil {
		c.refuse(expr.FieldOf(err, path))
		return
	}
	step.When = p
}
