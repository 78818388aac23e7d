package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"clew.dev/clew/internal/schema"
)

// describer turns Go types and objects into JSON Schemas.
type describer struct {
	schemas  map[string]any // components by name
	language string         // of labels
}

func reference(name string) map[string]any {
	return map[string]any{"$ref": "#/components/schemas/" + name}
}

// named is the schema of a route's body: a reference where the type has a name.
func (d *describer) named(value any, record string) any {
	if _, ok := value.(Record); ok {
		if record == "Record" {
			d.schemas["Record"] = map[string]any{"type": "object", "additionalProperties": true}
		}
		return reference(record)
	}
	if _, ok := value.(List[Record]); ok {
		return map[string]any{"type": "object", "required": []string{"items", "next_cursor"}, "properties": map[string]any{
			"items":       map[string]any{"type": "array", "items": d.named(Record{}, record)},
			"next_cursor": map[string]any{"type": []string{"string", "null"}},
			"count":       map[string]any{"type": "integer", "description": "with count="},
			"count_more":  map[string]any{"type": "boolean", "description": "with count=1: there are more than were counted"},
		}}
	}
	return d.typeOf(reflect.TypeOf(value))
}

func (d *describer) of(value any) any { return d.structure(reflect.TypeOf(value)) }

func (d *describer) typeOf(t reflect.Type) any {
	switch t {
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case reflect.TypeFor[json.RawMessage]():
		return map[string]any{}
	case reflect.TypeFor[json.Number]():
		return map[string]any{"type": "number"}
	}
	if optional, ok := reflect.Zero(t).Interface().(interface{ value() any }); ok {
		return nullable(d.typeOf(reflect.TypeOf(optional.value())))
	}
	switch t.Kind() {
	case reflect.Pointer:
		return nullable(d.typeOf(t.Elem()))
	case reflect.Struct:
		return d.component(t)
	case reflect.Slice, reflect.Array:
		return map[string]any{"type": "array", "items": d.typeOf(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": d.typeOf(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Int, reflect.Int32, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	}
	return map[string]any{}
}

// nullable lets a schema be null as well.
func nullable(shape any) any {
	if m, ok := shape.(map[string]any); ok {
		if kind, ok := m["type"].(string); ok {
			m["type"] = []string{kind, "null"}
			return m
		}
	}
	return map[string]any{"anyOf": []any{shape, map[string]any{"type": "null"}}}
}

// component describes a named struct once and refers to it.
func (d *describer) component(t reflect.Type) any {
	name := componentName(t)
	if name == "" {
		return d.structure(t)
	}
	if _, ok := d.schemas[name]; !ok {
		d.schemas[name] = nil // ends a recursion
		d.schemas[name] = d.structure(t)
	}
	return reference(name)
}

// componentName is the type's name; List[api.UserView] becomes ListUserView.
func componentName(t reflect.Type) string {
	outer, inner, generic := strings.Cut(t.Name(), "[")
	if !generic {
		return outer
	}
	inner = strings.TrimSuffix(inner, "]")
	return outer + inner[strings.LastIndexAny(inner, "./")+1:]
}

func (d *describer) structure(t reflect.Type) any {
	shown := map[string]any{}
	required := []string{}
	for _, field := range reflect.VisibleFields(t) {
		name, optional := propertyName(field)
		if name == "" {
			continue
		}
		shown[name] = d.typeOf(field.Type)
		if !optional {
			required = append(required, name)
		}
	}
	described := map[string]any{"type": "object", "properties": shown}
	if len(required) > 0 {
		described["required"] = required
	}
	return described
}

// object describes the records of an object as its reader sees them.
func (d *describer) object(object *schema.Object) any {
	moment := map[string]any{"type": "string", "format": "date-time", "readOnly": true}
	shown := map[string]any{
		"id":         map[string]any{"type": "string", "format": "uuid", "readOnly": true},
		"created_at": moment, "updated_at": moment,
	}
	for _, f := range object.Fields {
		described := d.field(f)
		if label := f.Label.In(d.language); label != "" {
			described["title"] = label
		}
		if f.ReadOnly {
			described["readOnly"] = true
		}
		shown[f.Name] = described
	}
	return map[string]any{"type": "object", "title": object.Label.In(d.language), "properties": shown}
}

// whole is what a new record of the object has to have, beside its schema: a
// change and an answer may leave out what was asked for at the beginning.
func whole(object *schema.Object) any {
	shape := reference("record_" + object.Name)
	required := []string{}
	for _, f := range object.Fields {
		if f.Required && !f.ReadOnly {
			required = append(required, f.Name)
		}
	}
	if len(required) == 0 {
		return shape
	}
	return map[string]any{"allOf": []any{shape, map[string]any{"required": required}}}
}

// field describes a field's value; blank is null.
func (d *describer) field(f *schema.Field) map[string]any {
	text := func(format string) map[string]any {
		m := map[string]any{"type": []string{"string", "null"}}
		if format != "" {
			m["format"] = format
		}
		return m
	}
	switch f.Type {
	case "number", "percent":
		return text("decimal")
	case "boolean":
		return map[string]any{"type": []string{"boolean", "null"}}
	case "date":
		return text("date")
	case "datetime":
		return text("date-time")
	case "email":
		return text("email")
	case "url":
		return text("uri")
	case "currency":
		return object(map[string]any{"amount": text("decimal"), "currency": text("")})
	case "person":
		return object(map[string]any{"id": text("uuid"), "label": text("")})
	case "reference":
		whole := object(map[string]any{"id": text("uuid"), "label": text("")})
		whole["additionalProperties"] = true // the record's own fields, with expand=
		return whole
	case "tags":
		return map[string]any{"type": []string{"array", "null"}, "items": map[string]any{"type": "string"}}
	case "choice":
		described := text("")
		described["enum"] = append(choiceNames(f), nil)
		return described
	case "choices":
		return map[string]any{
			"type": []string{"array", "null"}, "items": map[string]any{"type": "string", "enum": choiceNames(f)},
		}
	}
	return text("")
}

func object(properties map[string]any) map[string]any {
	return map[string]any{"type": []string{"object", "null"}, "properties": properties}
}

func choiceNames(f *schema.Field) []any {
	names := make([]any, 0, len(f.Choices))
	for _, choice := range f.Choices {
		names = append(names, choice.Name)
	}
	return names
}
