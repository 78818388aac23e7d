package api

import (
	"encoding/json"
	"strings"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
)

const (
	expandDepth = 3 // references one after another
	expandPaths = 8 // of one question
)

// expansion is which references are answered with the whole record that they
// point to: the name of a reference → what is expanded within that record.
type expansion map[string]expansion

// writtenRecords are expanded records as JSON, by reference field and record.
type writtenRecords map[string]map[string][]byte

// expansion reads the parameter, "person,person.company".
func (c *Call) expansion() (expansion, error) {
	tree := expansion{}
	text := c.Query("expand")
	if text == "" {
		return tree, nil
	}
	paths := strings.Split(text, ",")
	if len(paths) > expandPaths {
		return nil, badExpansion("out_of_range")
	}
	for _, path := range paths {
		names := strings.Split(path, ".")
		if len(names) > expandDepth {
			return nil, badExpansion("out_of_range")
		}
		at := tree
		for _, name := range names {
			if at[name] == nil {
				at[name] = expansion{}
			}
			at = at[name]
		}
	}
	return tree, nil
}

func badExpansion(code string) error {
	return fault.New(fault.Malformed, code, fault.Field{Path: "expand", Code: code})
}

// checkFor is check for a list of the object.
func (e expansion) checkFor(r *record.Reader, object string) error {
	if len(e) == 0 {
		return nil
	}
	visible, err := r.Object(object, access.Read)
	if err != nil {
		return err
	}
	return e.check(r, visible)
}

// check refuses what is no reference of the object as the reader sees it.
func (e expansion) check(r *record.Reader, visible *schema.Object) error {
	for name, within := range e {
		f, ok := visible.Field(name)
		if !ok || f.Type != "reference" {
			return badExpansion("unknown_field")
		}
		object, ok := r.Snapshot.Object(f.ObjectName)
		if !ok || r.Grants.Visible(object) == nil {
			if len(within) > 0 {
				return badExpansion("unknown_field")
			}
			continue
		}
		if err := within.check(r, r.Grants.Visible(object)); err != nil {
			return err
		}
	}
	return nil
}

// added are the fields asked for with those that are expanded.
func (e expansion) added(fields []string) []string {
	if len(fields) == 0 {
		return fields
	}
	for name := range e {
		fields = append(fields, name)
	}
	return fields
}

// expand reads the records that the rows point to, one statement for each
// reference, and writes those that the reader may see.
func (s *Server) expand(c *Call, r *record.Reader, e expansion, fields []*schema.Field, rows []query.Row) (writtenRecords, error) {
	written := writtenRecords{}
	for _, f := range fields {
		within, asked := e[f.Name]
		object, known := r.Snapshot.Object(f.ObjectName)
		if !asked || !known || r.Grants.Visible(object) == nil {
			continue
		}
		one, err := s.expandField(c, r, within, object, pointedTo(f, rows))
		if err != nil {
			return nil, err
		}
		written[f.ID] = one
	}
	return written, nil
}

func pointedTo(f *schema.Field, rows []query.Row) []string {
	ids := map[string]bool{}
	for _, row := range rows {
		if id, ok := row.Values[f.ID].(string); ok {
			ids[id] = true
		}
	}
	return keysOf(ids)
}

func (s *Server) expandField(c *Call, r *record.Reader, within expansion, object *schema.Object, ids []string) (map[string][]byte, error) {
	rows, err := r.Whole(object, ids)
	if err != nil {
		return nil, err
	}
	visible := r.Grants.Visible(object)
	labels, err := s.referenceLabels(r, visible.Fields, rows)
	if err != nil {
		return nil, err
	}
	w := newRecordWriter(c, visible.Fields, labels)
	if w.expanded, err = s.expand(c, r, within, visible.Fields, rows); err != nil {
		return nil, err
	}
	found := make(map[string][]byte, len(rows))
	for _, row := range rows {
		b := []byte{'{'}
		if title := titleOf(visible, row); title != "" && !hasName(visible, "label") {
			b = append(appendText(append(b, `"label":`...), title), ',')
		}
		whole, err := w.row(nil, row)
		if err != nil {
			return nil, err
		}
		found[row.ID] = append(b, whole[1:]...)
	}
	return found, nil
}

func hasName(object *schema.Object, name string) bool {
	_, ok := object.Field(name)
	return ok
}

// expandOne puts the records that are asked for into the view of a row.
func (s *Server) expandOne(c *Call, r *record.Reader, visible *schema.Object, row query.Row, view Record) error {
	expanded, err := c.expansion()
	if err != nil {
		return err
	}
	if err := expanded.check(r, visible); err != nil {
		return err
	}
	written, err := s.expand(c, r, expanded, visible.Fields, []query.Row{row})
	for _, f := range visible.Fields {
		if id, ok := row.Values[f.ID].(string); ok && written[f.ID][id] != nil {
			view[f.Name] = json.RawMessage(written[f.ID][id])
		}
	}
	return err
}
