package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Compiler turns one document into what its engine works with. The snapshot
// holds the objects and every kind before the document's own in the order of
// config.Kinds. Faults name paths inside the document.
type Compiler func(s *Snapshot, d config.Document) (any, error)

// builder makes one snapshot out of documents.
type builder struct {
	roles     map[string]bool // the names of all roles
	snapshot  *Snapshot
	names     *physical
	schemas   *config.Schemas
	compilers map[string]Compiler
	live      []config.Document // what is in force; lets a broken object's followers be spared
	report    report
}

// build compiles everything and collects every fault that does not merely
// follow from another. The snapshot is whole only when there is none.
func (b *builder) build(documents []config.Document, version int64) *Snapshot {
	b.pass(documents, version)
	b.spare(documents)
	return b.snapshot
}

func (b *builder) pass(documents []config.Document, version int64) {
	b.snapshot = &Snapshot{
		Version: version, byName: map[string]*schema.Object{}, byID: map[string]*schema.Object{},
		documents: map[string][]config.Document{}, compiled: map[string]map[string]any{},
	}
	config.Sort(documents)
	shaped := b.shaped(documents)
	b.company(shaped)
	b.checkCalendar(shaped)
	b.roles = map[string]bool{}
	for _, d := range shaped {
		if d.Kind == "role" {
			b.roles[d.Name] = true
		}
	}
	b.objects(shaped)
	for _, d := range shaped {
		if d, ok := b.readable(d); ok {
			b.snapshot.documents[d.Kind] = append(b.snapshot.documents[d.Kind], d)
		}
	}
	for _, kind := range config.Kinds() {
		for _, d := range b.snapshot.documents[kind] {
			b.compile(d)
		}
	}
	b.checkWritten()
}

// shaped leaves out what does not have the shape of its kind, or whose name is taken.
func (b *builder) shaped(documents []config.Document) []config.Document {
	var out []config.Document
	taken := map[string]bool{}
	for _, d := range documents {
		problems := b.schemas.Check(d)
		if taken[d.Reference()] {
			problems = append(problems, fault.Field{Path: "name", Code: "duplicate", Params: map[string]any{"value": d.Name}})
		}
		taken[d.Reference()] = true
		b.report.add(d, problems...)
		if len(problems) == 0 {
			out = append(out, d)
		}
	}
	return out
}

func (b *builder) compile(d config.Document) {
	compiler := b.compilers[d.Kind]
	if compiler == nil {
		compiler = own()[d.Kind]
	}
	if compiler == nil {
		return
	}
	compiled, err := compiler(b.snapshot, d)
	if err != nil {
		b.report.add(d, fieldsOf(err)...)
		return
	}
	if b.snapshot.compiled[d.Kind] == nil {
		b.snapshot.compiled[d.Kind] = map[string]any{}
	}
	b.snapshot.compiled[d.Kind][d.Name] = compiled
}

// fieldsOf are the faults in a compiler's error; an error that is no fault is one.
func fieldsOf(err error) []fault.Field {
	problem, ok := fault.As(err)
	if !ok {
		return []fault.Field{{Code: "does_not_compile", Detail: err.Error()}}
	}
	if len(problem.Fields) == 0 {
		return []fault.Field{{Code: problem.Code, Params: problem.Params, Detail: problem.Error()}}
	}
	return problem.Fields
}

// company compiles the one company document; without it, the defaults hold.
func (b *builder) company(documents []config.Document) {
	c := Company{Zone: time.UTC, Country: "CN", Currency: "CNY", Language: "zh-CN"}
	found := 0
	for _, d := range documents {
		if d.Kind != "company" {
			continue
		}
		if found++; found > 1 {
			b.report.add(d, fault.Field{Code: "only_one"})
			continue
		}
		var def struct {
			Label    schema.Label `json:"label"`
			Zone     string       `json:"zone"`
			Country  string       `json:"country"`
			Currency string       `json:"currency"`
			Language string       `json:"language"`
			Calendar string       `json:"calendar"`
		}
		if err := d.Decode(&def); err != nil {
			b.report.add(d, misshapen(err))
			continue
		}
		zone, err := time.LoadLocation(def.Zone)
		if err != nil {
			b.report.add(d, unknown("zone", "unknown_zone", def.Zone))
			continue
		}
		c = Company{
			Name: def.Label, Zone: zone, Country: def.Country, Currency: def.Currency,
			Language: def.Language, Calendar: def.Calendar,
		}
	}
	b.snapshot.Company = c
}

// checkCalendar refuses a company whose calendar is not there.
func (b *builder) checkCalendar(documents []config.Document) {
	name := b.snapshot.Company.Calendar
	var company config.Document
	for _, d := range documents {
		switch {
		case d.Kind == "calendar" && d.Name == name:
			return
		case d.Kind == "company":
			company = d
		}
	}
	if name != "" {
		b.report.add(company, unknown("calendar", "unknown_calendar", name))
	}
}

// fault is everything that was reported as one error, nil when there is
// nothing. When only is not "", paths in that document are not prefixed.
func (r *report) fault(only string) error {
	var all fault.Collector
	for _, one := range r.faults {
		for _, f := range one.document.Place(one.fields) {
			if one.document.Reference() != only {
				f.Path = prefixed(one.document, f.Path)
			}
			all.Add(&f)
		}
	}
	if len(all.Fields) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "does_not_compile", all.Fields...)
}

func prefixed(d config.Document, path string) string {
	if path == "" {
		return d.Reference()
	}
	return fmt.Sprintf("%s.%s", d.Reference(), path)
}

// misshapen is what is wrong with a document that cannot be read, and where as
// far as the reader knows.
func misshapen(err error) fault.Field {
	f := fault.Field{Code: "invalid_shape", Detail: err.Error()}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		f.Path = kind.Field
	}
	return f
}
