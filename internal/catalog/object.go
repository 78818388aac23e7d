package catalog

import (
	"fmt"
	"regexp"
	"slices"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// fieldLimit is the most fields that an object may have (stack.md).
const fieldLimit = 500

var apiName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)

// reserved are the names that a field may not have: what every record carries,
// what a request's body means by them, and the words of expressions.
func reserved(name string) bool {
	return slices.Contains([]string{
		"id", "created_at", "updated_at", "created_by", "deleted_at", "revision", "thread_seq",
		"base", "label", "object", "errors", "and", "or", "not", "in", "is", "true", "false", "blank", "null", "me",
	}, name)
}

// report collects faults by the document that they are of.
type report struct{ faults []documentFaults }

type documentFaults struct {
	document config.Document
	fields   []fault.Field
}

func (r *report) add(d config.Document, fields ...fault.Field) {
	if len(fields) > 0 {
		r.faults = append(r.faults, documentFaults{d, fields})
	}
}

// placed is where a field was defined.
type placed struct {
	field    *schema.Field
	document config.Document
	path     string // in the document, "" or "fields.3."
}

// draftObject is an object on its way, with the documents it comes from.
type draftObject struct {
	object     *schema.Object
	definition ObjectDefinition
	document   config.Document
	fields     []placed
}

// objects compiles the documents of kinds object and field. References between
// objects are resolved after all are known.
func (b *builder) objects(documents []config.Document) {
	var drafts []*draftObject
	byName := map[string]*draftObject{}
	for _, d := range documents {
		if d.Kind != "object" {
			continue
		}
		draft, ok := b.object(d)
		if !ok {
			continue
		}
		drafts = append(drafts, draft)
		byName[draft.object.Name] = draft
	}
	for _, d := range documents {
		if d.Kind == "field" {
			b.fieldDocument(d, byName)
		}
	}
	seen := map[string]string{}
	for _, draft := range drafts {
		b.checkObject(draft, seen)
		draft.object.Seal()
		b.snapshot.Objects = append(b.snapshot.Objects, draft.object)
		b.snapshot.byName[draft.object.Name] = draft.object
		b.snapshot.byID[draft.object.ID] = draft.object
	}
	for _, draft := range drafts {
		b.references(draft)
		b.report.add(draft.document, b.resolve(draft)...)
	}
}

// references checks what reference fields point to.
func (b *builder) references(draft *draftObject) {
	for _, p := range draft.fields {
		_, ok := b.snapshot.Object(p.field.ObjectName)
		if p.field.Type != "reference" || ok {
			continue
		}
		key := "object"
		if p.document.Kind == "field" {
			key = "points_to"
		}
		b.report.add(p.document, unknown(p.path+key, "unknown_object", p.field.ObjectName))
	}
}

func (b *builder) object(d config.Document) (*draftObject, bool) {
	var def ObjectDefinition
	if err := d.Decode(&def); err != nil {
		b.report.add(d, misshapen(err))
		return nil, false
	}
	if !apiName.MatchString(d.Name) {
		b.report.add(d, fault.Field{Path: "name", Code: "invalid_name"})
		return nil, false
	}
	o := &schema.Object{
		ID: d.ID, Name: d.Name, Label: labelOr(def.Label, d.Name), Plural: def.Plural,
		Table: b.names.table(d.ID), TitleField: def.Title, OwnerField: def.Owner,
	}
	if o.Plural == nil {
		o.Plural = o.Label
	}
	draft := &draftObject{object: o, definition: def, document: d}
	for i, f := range def.Fields {
		b.place(draft, d, fmt.Sprintf("fields.%d.", i), f, f.Object)
	}
	return draft, true
}

// place adds a field to its object when it is well formed.
func (b *builder) place(draft *draftObject, d config.Document, path string, def FieldDefinition, pointsTo string) {
	field, problems := b.field(draft.object, def, pointsTo)
	for i := range problems {
		problems[i].Path = path + problems[i].Path
	}
	b.report.add(d, problems...)
	if len(problems) == 0 {
		draft.object.Fields = append(draft.object.Fields, field)
		draft.fields = append(draft.fields, placed{field, d, path})
	}
}

// fieldDocument adds a field that stands alone to its object.
func (b *builder) fieldDocument(d config.Document, objects map[string]*draftObject) {
	var def FieldDefinition
	if err := d.Decode(&def); err != nil {
		b.report.add(d, misshapen(err))
		return
	}
	draft, ok := objects[def.Object]
	if !ok {
		b.report.add(d, unknown("object", "unknown_object", def.Object))
		return
	}
	prefix := def.Object + "."
	if len(d.Name) <= len(prefix) || d.Name[:len(prefix)] != prefix {
		b.report.add(d, fault.Field{Path: "name", Code: "invalid_name"})
		return
	}
	def.Name = d.Name[len(prefix):]
	if def.Type == "reference" && def.PointsTo == "" {
		b.report.add(d, fault.Field{Path: "points_to", Code: "required"})
		return
	}
	b.place(draft, d, "", def, def.PointsTo)
}

func (b *builder) field(o *schema.Object, def FieldDefinition, pointsTo string) (*schema.Field, []fault.Field) {
	kind, ok := schema.TypeOf(def.Type)
	if !ok {
		return nil, []fault.Field{unknown("type", "unknown_type", def.Type)}
	}
	f := &schema.Field{
		ID: def.ID, Name: def.Name, Label: labelOr(def.Label, def.Name), Help: def.Help, Type: def.Type,
		Required: def.Required, Unique: def.Unique, Indexed: def.Indexed,
		ReadOnly: def.ReadOnly || def.Type == "auto_number",
		Scale:    scaleOf(def), Max: def.Max, Currency: def.Currency, Format: def.Format, Searchable: def.Searchable, ObjectName: pointsTo,
	}
	if f.Type == "currency" && f.Currency == "" {
		f.Currency = b.snapshot.Company.Currency
	}
	for _, c := range def.Choices {
		f.Choices = append(f.Choices, c.choice())
	}
	var problems fault.Collector
	switch {
	case !apiName.MatchString(def.Name):
		problems.Add(&fault.Field{Path: "name", Code: "invalid_name"})
	case reserved(def.Name):
		problems.Add(&fault.Field{Path: "name", Code: "reserved_name", Params: map[string]any{"name": def.Name}})
	}
	if f.ID == "" {
		problems.Add(&fault.Field{Path: "id", Code: "required"})
	}
	problems.Add(kind.Check(f))
	f.Column = b.names.column(o.ID, f)
	return f, problems.Fields
}

// scaleOf is the field's scale, or what the type begins with (decisions.md, "Numbers and money").
func scaleOf(def FieldDefinition) int {
	switch {
	case def.Scale != nil:
		return *def.Scale
	case def.Type == "number":
		return 4
	case def.Type == "currency", def.Type == "percent":
		return 2
	}
	return 0
}

// checkObject finds names and ids that are used twice.
func (b *builder) checkObject(draft *draftObject, seen map[string]string) {
	o := draft.object
	names, ids := map[string]bool{}, map[string]bool{}
	for _, p := range draft.fields {
		f := p.field
		if names[f.Name] {
			b.report.add(p.document, fault.Field{Path: p.path + "name", Code: "duplicate", Params: map[string]any{"value": f.Name}})
		}
		if owner, taken := seen[f.ID]; taken || ids[f.ID] {
			b.report.add(p.document, fault.Field{Path: p.path + "id", Code: "duplicate", Params: map[string]any{"value": f.ID, "of": owner}})
		}
		names[f.Name], ids[f.ID], seen[f.ID] = true, true, o.Name
	}
	if len(o.Fields) > fieldLimit {
		b.report.add(draft.document, fault.Field{Path: "fields", Code: "too_many", Params: map[string]any{"max": fieldLimit}})
	}
}

func unknown(path, code, name string) fault.Field {
	return fault.Field{Path: path, Code: code, Params: map[string]any{"name": name}}
}
