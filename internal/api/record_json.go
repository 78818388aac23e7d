package api

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// recordWriter writes rows as the flat objects that views makes, byte for byte,
// without making them: on a page of fifty that was nearly half of the work.
type recordWriter struct {
	call    *Call
	labels  map[string]string // of referenced records
	persons map[string][]byte // written once a page
	// expanded are the records that references are answered with; nil for none.
	expanded writtenRecords
	columns  []writtenColumn // in the order of their names
}

// writtenColumn is a property of the written objects: a field, or a system column.
type writtenColumn struct {
	name  string
	key   []byte // with its colon
	field *schema.Field
}

func newRecordWriter(c *Call, fields []*schema.Field, labels map[string]string) *recordWriter {
	w := &recordWriter{call: c, labels: labels, persons: map[string][]byte{}}
	for _, name := range []string{"id", "created_at", "updated_at"} {
		w.columns = append(w.columns, writtenColumn{name: name})
	}
	for _, f := range fields {
		w.columns = append(w.columns, writtenColumn{name: f.Name, field: f})
	}
	slices.SortFunc(w.columns, func(a, b writtenColumn) int { return strings.Compare(a.name, b.name) })
	for i := range w.columns {
		w.columns[i].key = append(appendText(nil, w.columns[i].name), ':')
	}
	return w
}

// list appends all rows as an array.
func (w *recordWriter) list(b []byte, rows []query.Row) ([]byte, error) {
	b = append(b, '[')
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = w.row(b, row); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func (w *recordWriter) row(b []byte, row query.Row) (_ []byte, err error) {
	b = append(b, '{')
	for i, column := range w.columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, column.key...)
		switch {
		case column.field != nil:
			if b, err = w.value(b, column.field, row.Values[column.field.ID]); err != nil {
				return nil, err
			}
		case column.name == "id":
			b = appendText(b, row.ID)
		case column.name == "created_at":
			b = appendStamp(b, row.CreatedAt)
		default:
			b = appendStamp(b, row.UpdatedAt)
		}
	}
	return append(b, '}'), nil
}

// value appends a field's value in the shape that encodeField gives it.
func (w *recordWriter) value(b []byte, f *schema.Field, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(b, "null"...), nil
	case time.Time:
		return appendStamp(b, v), nil
	case string:
		switch f.Type {
		case "person":
			return w.person(b, f, v)
		case "reference":
			if whole := w.expanded[f.ID][v]; whole != nil {
				return append(b, whole...), nil
			}
			return appendReference(b, v, w.labels[v]), nil
		case "choice":
			if c, ok := f.Choice(v); ok {
				v = c.Name
			}
			return appendText(b, v), nil
		}
	}
	return appendAny(b, w.call.encodeField(f, value, w.labels))
}

func (w *recordWriter) person(b []byte, f *schema.Field, id string) ([]byte, error) {
	known, ok := w.persons[id]
	if !ok {
		var err error
		if known, err = appendAny(nil, w.call.encodeField(f, id, nil)); err != nil {
			return nil, err
		}
		w.persons[id] = known
	}
	return append(b, known...), nil
}

func appendReference(b []byte, id, label string) []byte {
	b = appendText(append(b, `{"id":`...), id)
	if label != "" {
		b = appendText(append(b, `,"label":`...), label)
	}
	return append(b, '}')
}

func appendAny(b []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(b, "null"...), nil
	case string:
		return appendText(b, v), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case json.Number:
		return append(b, v...), nil
	case []string:
		if v == nil {
			return append(b, "null"...), nil
		}
		b = append(b, '[')
		for i, one := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(b, one)
		}
		return append(b, ']'), nil
	}
	raw, err := encode(value)
	if err != nil {
		return nil, err
	}
	return append(b, raw[:len(raw)-1]...), nil
}

func appendStamp(b []byte, t time.Time) []byte {
	b = append(b, '"')
	return append(t.UTC().AppendFormat(b, time.RFC3339Nano), '"')
}

// appendText is a text as encode writes it.
func appendText(b []byte, s string) []byte {
	if plainText(s) {
		b = append(append(b, '"'), s...)
		return append(b, '"')
	}
	raw, err := encode(s)
	if err != nil { // a text always has a JSON form
		return append(b, `""`...)
	}
	return append(b, raw[:len(raw)-1]...)
}

// plainText says that JSON writes the text as it is.
func plainText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == 0xe2 && strings.HasPrefix(s[i:], "\u2028"[:2]) {
			return false
		}
	}
	return utf8.ValidString(s)
}
