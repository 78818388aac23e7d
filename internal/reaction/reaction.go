// Package reaction is what every change of a record passes, in order:
// understand, score, route, clocks, messages, load. Each reaction is a thin
// shell round a pure decider: it loads the inputs, lets it decide, and writes
// the result with its reasons into the change's own transaction. No reaction
// names an object; the configuration documents do.
package reaction

import (
	"encoding/json"
	"slices"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

// program is the actor of what the program decides by itself.
var program = thread.Actor{Kind: thread.System}

// unfold reads a document's body; what does not fit is the document's fault.
func unfold[T any](d config.Document) (T, error) {
	var body T
	if err := json.Unmarshal(d.Body, &body); err != nil {
		return body, fault.Wrap(fault.Invalid, "bad_document", err)
	}
	return body, nil
}

// objectOf finds the object that a document works on.
func objectOf(s *catalog.Snapshot, name string) (*schema.Object, error) {
	if object, ok := s.Object(name); ok {
		return object, nil
	}
	return nil, fault.New(fault.Invalid, "invalid_document", fault.Field{Path: "object", Code: "unknown_object"})
}

// input is what expressions see of the record as it is now.
func input(w *record.Work) expr.Input {
	return expr.Input{
		Field: func(id string) any { return valueOf(w, id) },
		Now:   w.Tx.Now(), Zone: w.Snapshot.Zone(), Me: w.Change.Actor.ID,
	}
}

// valueOf is a field's or a system column's value by id.
func valueOf(w *record.Work, id string) any {
	switch id {
	case "id":
		return w.After.ID
	case "created_at":
		return w.After.CreatedAt
	case "updated_at":
		return w.After.UpdatedAt
	case "created_by":
		return w.After.CreatedBy
	}
	return w.After.Values[id]
}

// storedValues are canonical values by field id in the shape of thread entries.
func storedValues(o *schema.Object, values map[string]any) map[string]any {
	stored := make(map[string]any, len(values))
	for id, v := range values {
		if f, ok := o.FieldByID(id); ok && v != nil {
			stored[id] = record.Stored(f, v)
		}
	}
	return stored
}

// Part is a part of a document as sentences name it: its label and the ids of
// the fields that it reads.
type Part struct {
	Label schema.Label
	Reads []string
}

// PartOf finds the label of a document (part "") or of one of its parts, and the
// fields that it rests on; a scorecard as a whole rests on those that it fills.
func PartOf(s *catalog.Snapshot, kind, name, part string) (schema.Label, []string) {
	if part == "" {
		d, err := s.Document(kind, name)
		if err != nil {
			return nil, nil
		}
		body, err := unfold[struct{ Label schema.Label }](d)
		if err != nil {
			return nil, nil
		}
		return body.Label, filledBy(s, kind, name)
	}
	var parts map[string]Part
	switch kind {
	case "scorecard":
		if c, ok := catalog.Compiled[*Scorecard](s, kind, name); ok {
			parts = c.Parts
		}
	case "routing-table":
		if t, ok := catalog.Compiled[*RoutingTable](s, kind, name); ok {
			parts = t.Parts
		}
	case "clock":
		if c, ok := catalog.Compiled[*Clock](s, kind, name); ok {
			parts = c.Parts
		}
	}
	return parts[part].Label, parts[part].Reads
}

// PartsOf are the parts of a document of any version by id, told in today's
// fields: the rows of a routing table, the rules of a scorecard.
func PartsOf(s *catalog.Snapshot, d config.Document) map[string]Part {
	type part struct {
		ID, When string
		Label    schema.Label
	}
	body, err := unfold[struct {
		Object      string
		Rows, Rules []part
	}](d)
	object, known := s.Object(body.Object)
	if err != nil || !known {
		return nil
	}
	parts := map[string]Part{}
	for _, one := range append(body.Rows, body.Rules...) {
		parts[one.ID] = Part{one.Label, reads(one.When, s.Env(object))}
	}
	return parts
}

// filledBy are the ids of the fields that a scorecard's result stands in.
func filledBy(s *catalog.Snapshot, kind, name string) (ids []string) {
	if kind != "scorecard" {
		return nil
	}
	card, ok := catalog.Compiled[*Scorecard](s, kind, name)
	if !ok {
		return nil
	}
	object, ok := s.ObjectByID(card.Object)
	if !ok {
		return nil
	}
	into := card.Card.Into()
	for _, field := range []string{into.Total, into.Stars, into.Band} {
		if f, ok := object.Field(field); ok {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// reads are the ids of the fields that a condition reads; it compiled before.
func reads(condition string, env expr.Env) []string {
	program, err := expr.Compile(condition, env, expr.Bool)
	if condition == "" || err != nil {
		return nil
	}
	return program.Fields()
}

// HasRow says whether a routing table has the row.
func HasRow(s *catalog.Snapshot, table, row string) bool {
	t, ok := catalog.Compiled[*RoutingTable](s, "routing-table", table)
	return ok && slices.ContainsFunc(t.Definition.Rows, func(r route.Row) bool { return r.ID == row })
}

// Condition is the condition of a routing table's row, "" when there is none.
func Condition(s *catalog.Snapshot, table, row string) string {
	t, ok := catalog.Compiled[*RoutingTable](s, "routing-table", table)
	if !ok {
		return ""
	}
	for _, r := range t.Definition.Rows {
		if r.ID == row {
			return r.When
		}
	}
	return ""
}
