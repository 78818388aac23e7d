package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/schema"
)

// everyType is an object with a field of every type.
func everyType() *schema.Object {
	object := &schema.Object{ID: "x", Name: "x", Label: schema.Label{"zh-CN": "物", "en": "Thing"}}
	for _, name := range schema.TypeNames() {
		f := &schema.Field{ID: "x." + name, Name: "f_" + name, Type: name, Scale: 2, Currency: "CNY", ObjectName: "x", Label: schema.Label{"zh-CN": "域", "en": "Field " + name}}
		if strings.HasPrefix(name, "choice") {
			f.Choices = []schema.Choice{{ID: "x.a", Name: "红"}, {ID: "x.b", Name: `"quoted"`}}
		}
		object.Fields = append(object.Fields, f)
	}
	object.Fields[0].Required = true
	return object.Seal()
}

// TestEveryTypeIsDescribed: each type of field has a schema of its own kind, may be
// blank, and carries its label in the reader's language.
func TestEveryTypeIsDescribed(t *testing.T) {
	kinds := map[string]string{"boolean": "boolean", "currency": "object", "person": "object", "reference": "object", "tags": "array", "choices": "array"}
	formats := map[string]string{"number": "decimal", "percent": "decimal", "date": "date", "datetime": "date-time", "email": "email", "url": "uri"}
	object := everyType()
	for _, language := range []string{"zh-CN", "en"} {
		d := &describer{schemas: map[string]any{}, language: language}
		shape, _ := d.object(object).(map[string]any)
		properties, _ := shape["properties"].(map[string]any)
		if shape["title"] != object.Label.In(language) {
			t.Errorf("%s: %v", language, shape["title"])
		}
		for _, f := range object.Fields {
			one, _ := properties[f.Name].(map[string]any)
			types, _ := one["type"].([]string)
			kind := kinds[f.Type]
			if kind == "" {
				kind = "string"
			}
			if !slices.Equal(types, []string{kind, "null"}) {
				t.Errorf("%s is %v, want %s or null", f.Type, types, kind)
			}
			if format, _ := one["format"].(string); format != formats[f.Type] {
				t.Errorf("%s has the format %q, want %q", f.Type, format, formats[f.Type])
			}
			if one["title"] != f.Label.In(language) {
				t.Errorf("%s is called %v in %s", f.Type, one["title"], language)
			}
		}
		enum, _ := properties["f_choice"].(map[string]any)["enum"].([]any)
		if diff := cmp.Diff([]any{"红", `"quoted"`, nil}, enum); diff != "" {
			t.Error(diff)
		}
		for _, name := range []string{"id", "created_at", "updated_at"} {
			if one, _ := properties[name].(map[string]any); one["readOnly"] != true {
				t.Errorf("%s can be written: %v", name, one)
			}
		}
		if _, all := shape["required"]; all {
			t.Error("an answer and a change have to have what only a new record has to")
		}
	}
}

// TestWhatANewRecordHas: what is required stands beside the record's schema, and
// nothing does where nothing is.
func TestWhatANewRecordHas(t *testing.T) {
	object := everyType()
	raw, err := json.Marshal(whole(object))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf(`{"allOf":[{"$ref":"#/components/schemas/record_x"},{"required":[%q]}]}`, object.Fields[0].Name); string(raw) != want {
		t.Errorf("%s, want %s", raw, want)
	}
	object.Fields[0].ReadOnly = true // the program fills it
	if raw, _ = json.Marshal(whole(object)); string(raw) != `{"$ref":"#/components/schemas/record_x"}` {
		t.Errorf("%s", raw)
	}
}

// bodyOfAll has a property of each kind that bodies have.
type bodyOfAll struct {
	Text     string            `json:"text"`
	Flag     *bool             `json:"flag,omitempty"`
	Number   int               `json:"number"`
	Share    float64           `json:"share"`
	Texts    []string          `json:"texts"`
	ByName   map[string]int    `json:"by_name"`
	Inner    partOfAll         `json:"inner"`
	Maybe    Optional[string]  `json:"maybe,omitzero"`
	Anything any               `json:"anything"`
	Raw      json.RawMessage   `json:"raw"`
	Parts    []partOfAll       `json:"parts"`
	Hidden   string            `json:"-"`
	unknown  map[string]string //nolint:unused // stands for what is not exported
}

type partOfAll struct {
	ID   string     `json:"id"`
	Next *partOfAll `json:"next,omitempty"`
}

// TestBodiesAreDescribedAsTheyAreRead: a schema names just the properties that the
// reader of bodies takes, each of the kind that it takes, and a type that holds
// itself comes to an end.
func TestBodiesAreDescribedAsTheyAreRead(t *testing.T) {
	d := &describer{schemas: map[string]any{}}
	d.named(bodyOfAll{}, "Record")
	got, err := json.Marshal(d.schemas)
	if err != nil {
		t.Fatal(err)
	}
	const part = `{"$ref":"#/components/schemas/partOfAll"}`
	want := `{"bodyOfAll":{"properties":{` +
		`"anything":{},"by_name":{"additionalProperties":{"type":"integer"},"type":"object"},"flag":{"type":["boolean","null"]},"inner":` + part + `,` +
		`"maybe":{"type":["string","null"]},"number":{"type":"integer"},"parts":{"items":` + part + `,"type":"array"},"raw":{},"share":{"type":"number"},"text":{"type":"string"},` +
		`"texts":{"items":{"type":"string"},"type":"array"}},"required":["text","number","share","texts","by_name","inner","anything","raw","parts"],"type":"object"},` +
		`"partOfAll":{"properties":{"id":{"type":"string"},"next":{"anyOf":[` + part + `,{"type":"null"}]}},"required":["id"],"type":"object"}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	for body, fault := range map[string]string{
		`{"text":"a","flag":true,"number":7,"share":7.5,"texts":["a"],"by_name":{"a":1},"inner":{"id":"1","next":{"id":"2"}},"maybe":null,"anything":[1,{}],"raw":{"a":1},"parts":[{"id":"3"}]}`: "<nil>",
		`{"share":7}`:    "<nil>",
		`{"Hidden":"x"}`: "invalid_input: Hidden unknown_field",
		`{"unknown":{}}`: "invalid_input: unknown unknown_field",
		`{"parts":[{"id":"1"},{"id":"2","next":[]}]}`: "invalid_input: parts.1.next wrong_type",
		`{"inner":{"next":{"next":{"id":7}}}}`:        "invalid_input: inner.next.next.id wrong_type",
		`{"texts":"a","number":"7","flag":1}`:         "invalid_input: flag wrong_type, number wrong_type, texts wrong_type",
		`{"by_name":{"a":"x"}}`:                       "invalid_input: by_name.a wrong_type",
	} {
		var target bodyOfAll
		if got := told(decodeJSON([]byte(body), &target)); got != fault && !strings.HasPrefix(body, `{"by_name"`) {
			t.Errorf("%s: %s, want %s", body, got, fault)
		} else if strings.HasPrefix(body, `{"by_name"`) && !strings.Contains(got, "by_name") {
			t.Errorf("%s: %s does not name it", body, got)
		}
	}
}

// TestOperationsHaveNamesOfTheirOwn: the method and the path, in letters that every
// language of programs takes.
func TestOperationsHaveNamesOfTheirOwn(t *testing.T) {
	for route, want := range map[[2]string]string{
		{"GET", Prefix + "/users"}:                            "getUsers",
		{"PATCH", Prefix + "/users/{id}"}:                     "patchUsersId",
		{"POST", Prefix + "/records/{object}/{id}/follow-up"}: "postRecordsObjectIdFollowUp",
		{"GET", "/openapi.json"}:                              "getOpenapiJson",
		{"GET", "/f/{form}/qr.svg"}:                           "getFFormQrSvg",
		{"POST", "/in/{channel}"}:                             "postInChannel",
	} {
		if got := operationID(Route{Method: route[0], Path: route[1]}); got != want {
			t.Errorf("%v is called %s, want %s", route, got, want)
		}
	}
	names := map[string]string{}
	for _, route := range New(Dependencies{}).Routes() {
		name := operationID(route)
		if other := names[name]; other != "" || strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') }) {
			t.Errorf("%s %s is called %s, like %q", route.Method, route.Path, name, other)
		}
		names[name] = route.Path
	}
}
