package api

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// reader reads with the caller's rights inside a transaction.
func (s *Server) reader(c *Call, tx *sqldb.Tx) *record.Reader {
	return &record.Reader{Tx: tx, Snapshot: s.Snapshot(), Directory: c.Directory, Grants: c.Grants}
}

// views turns rows into the flat objects of the API. Persons and references
// carry the labels that the reader may see; each referenced object is read once.
func (s *Server) views(c *Call, r *record.Reader, fields []*schema.Field, rows []query.Row) ([]Record, error) {
	labels, err := s.referenceLabels(r, fields, rows)
	if err != nil {
		return nil, err
	}
	views := make([]Record, 0, len(rows))
	for _, row := range rows {
		views = append(views, c.view(fields, row, labels))
	}
	return views, nil
}

func (c *Call) view(fields []*schema.Field, row query.Row, labels map[string]string) Record {
	view := Record{"id": row.ID, "created_at": stamp(row.CreatedAt), "updated_at": stamp(row.UpdatedAt)}
	for _, f := range fields {
		view[f.Name] = c.encodeField(f, row.Values[f.ID], labels)
	}
	return view
}

func (c *Call) encodeField(f *schema.Field, value any, labels map[string]string) any {
	id, _ := value.(string)
	switch {
	case value == nil:
		return nil
	case f.Type == "person":
		if ref := c.UserReference(id); ref != nil {
			return ref
		}
		return Reference{ID: id}
	case f.Type == "reference":
		return Reference{ID: id, Label: labels[id]}
	}
	return f.Encode(value)
}

// referenceLabels reads the labels of all records that the rows point to, one
// statement per object; a record that the reader may not see has none.
func (s *Server) referenceLabels(r *record.Reader, fields []*schema.Field, rows []query.Row) (map[string]string, error) {
	wanted := map[string]map[string]bool{}
	for _, f := range fields {
		if f.Type != "reference" {
			continue
		}
		for _, row := range rows {
			if id, ok := row.Values[f.ID].(string); ok {
				if wanted[f.ObjectName] == nil {
					wanted[f.ObjectName] = map[string]bool{}
				}
				wanted[f.ObjectName][id] = true
			}
		}
	}
	labels := map[string]string{}
	for name, ids := range wanted {
		object, ok := r.Snapshot.Object(name)
		if !ok {
			continue
		}
		found, err := r.Readable(object, keysOf(ids))
		if err != nil {
			return nil, err
		}
		for id, row := range found {
			labels[id] = titleOf(object, row)
		}
	}
	return labels, nil
}

func keysOf(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	return keys
}

// titleOf is a record's label: its title field as text.
func titleOf(object *schema.Object, row query.Row) string {
	f, ok := object.Field(object.TitleField)
	if !ok {
		return ""
	}
	text, _ := f.Encode(row.Values[f.ID]).(string)
	return text
}

// etag is the digest of what the caller may see of a record.
func etag(object *schema.Object, row query.Row) string {
	shown := map[string]any{"id": row.ID}
	for _, f := range object.Fields {
		if v := row.Values[f.ID]; v != nil {
			shown[f.ID] = record.Stored(f, v)
		}
	}
	raw, err := encode(shown)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
