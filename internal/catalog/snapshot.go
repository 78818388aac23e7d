// Package catalog compiles all live configuration documents into one
// immutable snapshot that every request reads through an atomic pointer. Publishing
// compiles a new one, applies the additive table changes, stores the documents
// and swaps. Kinds whose meaning belongs to an engine are compiled by the
// engine's compiler, which the server passes in.
package catalog

import (
	"time"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Snapshot is the compiled configuration of one version. Nothing in it changes.
type Snapshot struct {
	Version int64
	Objects []*schema.Object // by name
	Company Company

	byName    map[string]*schema.Object
	byID      map[string]*schema.Object
	documents map[string][]config.Document // by kind, in order of their names
	compiled  map[string]map[string]any    // by kind and name
}

// Company is the compiled document of kind company.
type Company struct {
	Name     schema.Label // the document's label
	Zone     *time.Location
	Country  string // ISO 3166
	Currency string // ISO 4217, the default of currency fields
	Language string // "zh-CN" or "en", the default of users
	Calendar string // the name of the company's calendar document
}

// Object finds an object by API name.
func (s *Snapshot) Object(name string) (*schema.Object, bool) { o, ok := s.byName[name]; return o, ok }

// ObjectByID finds an object by permanent id.
func (s *Snapshot) ObjectByID(id string) (*schema.Object, bool) { o, ok := s.byID[id]; return o, ok }

// Zone is the company's zone.
func (s *Snapshot) Zone() *time.Location { return s.Company.Zone }

// Country is the company's country, in which national phone numbers are read.
func (s *Snapshot) Country() string { return s.Company.Country }

// Compiled gives what a document was compiled to; false when there is no such
// document or it is of another type.
func Compiled[T any](s *Snapshot, kind, name string) (T, bool) {
	v, ok := s.compiled[kind][name].(T)
	return v, ok
}

// All gives what the documents of a kind were compiled to, in order of their names.
func All[T any](s *Snapshot, kind string) []T {
	var out []T
	for _, d := range s.documents[kind] {
		if v, ok := s.compiled[kind][d.Name].(T); ok {
			out = append(out, v)
		}
	}
	return out
}

// Documents gives the documents of a kind as people write them, in order of their names.
func (s *Snapshot) Documents(kind string) []config.Document { return s.documents[kind] }

// Document gives one document as people write it.
func (s *Snapshot) Document(kind, name string) (config.Document, error) {
	for _, d := range s.documents[kind] {
		if d.Name == name {
			return d, nil
		}
	}
	return config.Document{}, fault.New(fault.NotFound, "document_not_found").With("kind", kind).With("name", name)
}

// Label is a document's label, nil when there is no such document.
func (s *Snapshot) Label(kind, name string) schema.Label {
	d, err := s.Document(kind, name)
	if err != nil {
		return nil
	}
	return d.Label()
}

// AllDocuments gives every document in order of kind and name, for an export.
func (s *Snapshot) AllDocuments() []config.Document {
	var out []config.Document
	for _, kind := range config.Kinds() {
		out = append(out, s.documents[kind]...)
	}
	return out
}

// Env is what an expression about an object may name; nil for none.
func (s *Snapshot) Env(object *schema.Object) expr.Env {
	country := s.Company.Country
	return expr.Env{
		Object: object,
		Zone:   s.Company.Zone,
		Phone: func(number string) string {
			if e164, ok := schema.NormalizePhone(number, country); ok {
				return e164
			}
			return number
		},
	}
}

// Input is what parsing a value depends on; person says that a person typed it.
func (s *Snapshot) Input(person bool) schema.Input {
	return schema.Input{Country: s.Company.Country, Zone: s.Company.Zone, Person: person}
}
