package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"clew.dev/clew/internal/fault"
)

// bodyLimit is the most bytes of a body where the route says nothing.
const bodyLimit = 1 << 20

// Optional is a property that may be absent, null or a value.
type Optional[T any] struct {
	Given bool // it was there, be it null
	Value *T   // nil for null
}

// UnmarshalJSON notes that the property was there.
func (o *Optional[T]) UnmarshalJSON(raw []byte) error {
	o.Given = true
	return json.Unmarshal(raw, &o.Value)
}

// text is how a change of a text is passed on: nil for absent, "" for null.
func (o Optional[T]) text() *string {
	if !o.Given {
		return nil
	}
	text, _ := any(o.Value).(*string)
	if text == nil {
		text = new(string)
	}
	return text
}

// value tells the description what stands inside.
func (o Optional[T]) value() any { var v T; return v }

// encode is JSON without HTML escapes.
func encode(body any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Body reads the raw body within the route's limit.
func (c *Call) Body() ([]byte, error) {
	raw, err := io.ReadAll(c.R.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, fault.New(fault.TooLarge, "too_large").With("limit", large.Limit)
	case err != nil:
		return nil, fault.Wrap(fault.Malformed, "unreadable_body", err)
	}
	return raw, nil
}

// Decode reads the body as JSON into target, a pointer to a struct. What
// cannot be parsed is Malformed; properties that are unknown or of a wrong type are
// Invalid, all unknown ones at once, with their paths.
func (c *Call) Decode(target any) error {
	raw, err := c.Body()
	if err != nil {
		return err
	}
	return decodeJSON(raw, target)
}

func decodeJSON(raw []byte, target any) error {
	if !utf8.Valid(raw) {
		return fault.New(fault.Malformed, "invalid_utf8")
	}
	var tree any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&tree); err != nil {
		return malformed(err, raw)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Malformed, "invalid_json", fault.Field{Code: "trailing_data"})
	}
	if tree == nil {
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Code: "wrong_type"})
	}
	var faults fault.Collector
	checkKnown(&faults, "", tree, reflect.TypeOf(target).Elem())
	checkTexts(&faults, "", tree, reflect.TypeOf(target).Elem())
	if err := faults.Err(); err != nil {
		return err
	}
	typed := json.NewDecoder(bytes.NewReader(raw))
	typed.UseNumber()
	return wrongType(typed.Decode(target))
}

// malformed says where the JSON breaks off.
func malformed(err error, raw []byte) error {
	place := fault.Field{Code: "syntax"}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := raw[:min(int(syntax.Offset), len(raw))]
		place.Line = 1 + bytes.Count(before, []byte("\n"))
		place.Column = utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	}
	return fault.New(fault.Malformed, "invalid_json", place)
}

func wrongType(err error) error {
	if err == nil {
		return nil
	}
	place := fault.Field{Code: "wrong_type"}
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		place.Path = mismatch.Field
	}
	return fault.New(fault.Invalid, "invalid_input", place)
}

// checkKnown walks the parsed JSON beside the type that it is meant for and
// notes every property that the type does not have, and every value of another
// kind. Types that read themselves, and maps, are not looked into.
func checkKnown(faults *fault.Collector, path string, tree any, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if readsItself(t) {
		return
	}
	if !fits(tree, t) {
		faults.Add(&fault.Field{Path: strings.TrimSuffix(path, "."), Code: "wrong_type"})
		return
	}
	switch node := tree.(type) {
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return
		}
		known := properties(t)
		for _, name := range slices.Sorted(maps.Keys(node)) {
			field, ok := known[name]
			if !ok {
				faults.Add(&fault.Field{Path: path + name, Code: "unknown_field"})
				continue
			}
			checkKnown(faults, path+name+".", node[name], field.Type)
		}
	case []any:
		if t.Kind() != reflect.Slice {
			return
		}
		for i, item := range node {
			checkKnown(faults, path+strconv.Itoa(i)+".", item, t.Elem())
		}
	}
}

// checkTexts notes every text that no database takes, be it only to look for
// it. Values of records and documents, which have no type here, have rules of their own.
func checkTexts(faults *fault.Collector, path string, tree any, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if readsItself(t) {
		return
	}
	switch node := tree.(type) {
	case string:
		if t.Kind() == reflect.String && !isText(node) {
			faults.Add(&fault.Field{Path: strings.TrimSuffix(path, "."), Code: "invalid_text"})
		}
	case []any:
		for i, item := range node {
			if t.Kind() == reflect.Slice {
				checkTexts(faults, path+strconv.Itoa(i)+".", item, t.Elem())
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(node)) {
			if of := memberType(t, name); of != nil {
				checkTexts(faults, path+name+".", node[name], of)
			}
		}
	}
}

// memberType is the type of a property of a struct or a map, nil where there is none.
func memberType(t reflect.Type, name string) reflect.Type {
	switch t.Kind() {
	case reflect.Map:
		return t.Elem()
	case reflect.Struct:
		if field, ok := properties(t)[name]; ok {
			return field.Type
		}
	}
	return nil
}

// fits tells whether a value is of the kind that a type takes; null is of any.
func fits(tree any, t reflect.Type) bool {
	if tree == nil {
		return true
	}
	is := func(kinds ...reflect.Kind) bool {
		return slices.Contains(kinds, t.Kind()) || t.Kind() == reflect.Interface
	}
	switch node := tree.(type) {
	case map[string]any:
		return is(reflect.Struct, reflect.Map)
	case []any:
		return is(reflect.Slice)
	case bool:
		return is(reflect.Bool)
	case json.Number:
		_, err := strconv.ParseInt(node.String(), 10, 64)
		return is(reflect.Float64) || t == reflect.TypeFor[json.Number]() || err == nil && is(reflect.Int, reflect.Int64)
	}
	return is(reflect.String)
}

func readsItself(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// properties are the JSON properties of a struct type.
func properties(t reflect.Type) map[string]reflect.StructField {
	known := map[string]reflect.StructField{}
	for _, field := range reflect.VisibleFields(t) {
		if name, _ := propertyName(field); name != "" {
			known[name] = field
		}
	}
	return known
}

// propertyName is a field's JSON name, "" when it has none, and whether it may be left out.
func propertyName(field reflect.StructField) (name string, optional bool) {
	tag := field.Tag.Get("json")
	if tag == "" || tag == "-" || !field.IsExported() {
		return "", false
	}
	name, options, _ := strings.Cut(tag, ",")
	return name, strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
}
