package catalog

import (
	"bytes"
	"slices"
	"strconv"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
)

// spare takes out of the report what only follows from objects that are too
// broken to be compiled: everything that names such an object or its fields
// would be at fault with it. Of other documents is told what is wrong beside
// those objects as they are in force.
func (b *builder) spare(documents []config.Document) {
	var kept, broken []config.Document
	for _, d := range documents {
		if _, there := b.snapshot.byName[d.Name]; d.Kind != "object" || there {
			kept = append(kept, d)
			continue
		}
		broken = append(broken, d)
		if i := slices.IndexFunc(b.live, func(l config.Document) bool { return l.Kind == d.Kind && l.ID == d.ID }); i >= 0 {
			kept = append(kept, b.live[i])
		}
	}
	if len(broken) == 0 {
		return
	}
	whole := &builder{schemas: b.schemas, names: b.names, compilers: b.compilers}
	whole.pass(kept, b.snapshot.Version)
	roots := slices.DeleteFunc(b.report.faults, func(one documentFaults) bool { return !among(broken, one.document) })
	b.report.faults = nil
	for _, one := range roots {
		b.report.add(one.document, one.fields...)
	}
	for _, one := range whole.report.faults {
		b.report.add(one.document, slices.DeleteFunc(one.fields, func(f fault.Field) bool { return follows(f, broken) })...)
	}
}

func among(documents []config.Document, one config.Document) bool {
	return slices.ContainsFunc(documents, func(d config.Document) bool { return d.Kind == one.Kind && d.Name == one.Name })
}

// follows tells whether a fault says that something is not there which the
// broken objects are to bring.
func follows(f fault.Field, broken []config.Document) bool {
	name, _ := f.Params["name"].(string)
	return name != "" && slices.ContainsFunc(broken, func(d config.Document) bool {
		return f.Code == "unknown_object" && d.Name == name ||
			f.Code == "unknown_field" && bytes.Contains(d.Body, []byte(strconv.Quote(name)))
	})
}
