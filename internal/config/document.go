// Package config keeps what a builder makes: typed documents with permanent
// ids, in one store with drafts, versions and roll-back, written and read as
// YAML, checked against one JSON Schema per kind. It knows the documents'
// shape, not their meaning: the catalog compiles them.
package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Document is one configuration document. Body is canonical JSON and carries
// `id` and `name` too, so that a definition may be decoded from it alone.
type Document struct {
	Kind    string
	Name    string
	ID      string // permanent
	Body    json.RawMessage
	Version int64 // that last changed it; 0 in a draft

	// Source is the YAML text it was written as, "" when there is none, with
	// blank lines before it where it is a later part of a file. Faults get
	// their line and column from it.
	Source string
	// File names where it was read from, for messages; "" when from nowhere.
	File string
}

// Kinds lists the kinds of document in the order in which they are compiled:
// what others refer to comes first.
func Kinds() []string {
	return []string{
		"company", "calendar", "object", "field", "role", "robot", "pool",
		"lexicon", "scorecard", "routing-table", "clock", "conversion", "cycle", "view", "block", "page", "form", "channel",
	}
}

// IsKind says whether there is such a kind.
func IsKind(kind string) bool { return slices.Contains(Kinds(), kind) }

// Decode reads the body into a definition.
func (d Document) Decode(into any) error { return json.Unmarshal(d.Body, into) }

// Label is the document's label by language, nil when it has none.
func (d Document) Label() schema.Label {
	var body struct {
		Label schema.Label `json:"label"`
	}
	_ = json.Unmarshal(d.Body, &body)
	return body.Label
}

// Reference names the document in messages: "routing-table/lead".
func (d Document) Reference() string { return d.Kind + "/" + d.Name }

// NewDocument makes a document from a body that was decoded from JSON or YAML; id and
// name in the body hold where the arguments are "". The body is not checked
// against its kind's schema yet.
func NewDocument(kind, name string, body map[string]any) (Document, error) {
	if !IsKind(kind) {
		return Document{}, fault.New(fault.Invalid, "unknown_kind").With("kind", kind)
	}
	delete(body, "document")
	if name == "" {
		name, _ = body["name"].(string)
	}
	id, _ := body["id"].(string)
	if name == "" || !isDocumentName(name) {
		return Document{}, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "name", Code: "invalid_name"})
	}
	d := Document{Kind: kind, Name: name, ID: id}
	return d, d.setBody(body)
}

// FromJSON reads a document's body as the API carries it.
func FromJSON(kind, name string, raw []byte) (Document, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var body map[string]any
	err := decoder.Decode(&body)
	if err == nil && body == nil {
		err = errors.New("null is no document")
	}
	if _, end := decoder.Token(); err == nil && !errors.Is(end, io.EOF) {
		err = errors.New("something follows the document")
	}
	if err != nil {
		return Document{}, fault.Wrap(fault.Malformed, "malformed_json", err)
	}
	if body == nil { // null
		return Document{}, fault.New(fault.Invalid, "invalid_input", fault.Field{Code: "wrong_type"})
	}
	return NewDocument(kind, name, body)
}

// fields is the body as a map of its own.
func (d Document) fields() (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(d.Body))
	decoder.UseNumber()
	body := map[string]any{}
	if err := decoder.Decode(&body); err != nil {
		return nil, fmt.Errorf("body of %s: %w", d.Reference(), err)
	}
	return body, nil
}

// setBody writes the canonical body, with the document's id and name in it.
func (d *Document) setBody(body map[string]any) error {
	body["name"] = d.Name
	delete(body, "id")
	if d.ID != "" {
		body["id"] = d.ID
	}
	raw, err := Canonical(body)
	d.Body = raw
	return err
}

// Canonical is the one JSON text of a value: sorted keys, no blanks, no HTML escapes.
func Canonical(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// isDocumentName allows what an API name allows, and dots and dashes: a field
// document is named object.field.
func isDocumentName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z'
		other := r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.'
		if !letter && (i == 0 || !other) {
			return false
		}
	}
	return len(s) <= 97
}

func order(a, b Document) int {
	if n := slices.Index(Kinds(), a.Kind) - slices.Index(Kinds(), b.Kind); n != 0 {
		return n
	}
	if a.Name < b.Name {
		return -1
	}
	if a.Name > b.Name {
		return 1
	}
	return 0
}

// Sort puts documents into the order of compilation and export.
func Sort(documents []Document) { slices.SortFunc(documents, order) }
