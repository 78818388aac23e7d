package query

import (
	"fmt"
	"strings"
	"time"

	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
)

// assignment is a column and the SQL of its new value.
type assignment struct{ column, value string }

// Insert writes the INSERT of a whole record; blank fields are left out.
func Insert(d Dialect, o *schema.Object, r Row) (sql string, args []any, err error) {
	s := &statement{d: d, args: make([]any, 0, 8+2*len(r.Values))}
	table, err := tableOf(o)
	if err != nil {
		return "", nil, err
	}
	set := make([]assignment, 0, 8+2*len(r.Values))
	set = append(set,
		assignment{"id", s.bind(r.ID)},
		assignment{"created_at", s.bind(r.CreatedAt.UnixMicro())},
		assignment{"created_by", s.text(r.CreatedBy)},
	)
	set = s.kept(set, r)
	for _, f := range o.Fields {
		if v := r.Values[f.ID]; v != nil {
			set = s.assign(set, f, v)
		}
	}
	return insertText(table, set), s.args, s.err
}

// insertText joins an insertion of one row.
func insertText(table string, set []assignment) string {
	text := make([]byte, 0, 32+24*len(set))
	text = append(append(append(text, "INSERT INTO "...), table...), " ("...)
	for i, a := range set {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = append(text, Quote(a.column)...)
	}
	text = append(text, ") VALUES ("...)
	for i, a := range set {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = append(text, a.value...)
	}
	return string(append(text, ')'))
}

// Update writes the UPDATE of one record: the given fields from r.Values (an
// absent one becomes blank), and updated_at, deleted_at, revision, thread_seq.
func Update(d Dialect, o *schema.Object, r Row, fields []*schema.Field) (sql string, args []any, err error) {
	s := &statement{d: d}
	table, err := tableOf(o)
	if err != nil {
		return "", nil, err
	}
	set := s.kept(nil, r)
	for _, f := range fields {
		set = s.assign(set, f, r.Values[f.ID])
	}
	var parts []string
	for _, a := range set {
		parts = append(parts, Quote(a.column)+" = "+a.value)
	}
	return "UPDATE " + table + " SET " + strings.Join(parts, ", ") + " WHERE " + Quote("id") + " = " + s.bind(r.ID), s.args, s.err
}

// kept are the system columns that every write sets.
func (s *statement) kept(set []assignment, r Row) []assignment {
	deleted := "NULL"
	if r.DeletedAt != nil {
		deleted = s.bind(r.DeletedAt.UnixMicro())
	}
	return append(set,
		assignment{"updated_at", s.bind(r.UpdatedAt.UnixMicro())},
		assignment{"deleted_at", deleted},
		assignment{"revision", s.bind(r.Revision)},
		assignment{"thread_seq", s.bind(r.ThreadSeq)},
	)
}

func (s *statement) text(v string) string {
	if v == "" {
		return "NULL"
	}
	return s.bind(v)
}

// assign adds the column or columns of a field with a canonical value.
func (s *statement) assign(set []assignment, f *schema.Field, v any) []assignment {
	if _, err := columnOf(f, ""); err != nil {
		s.fail(err)
		return set
	}
	m, isMoney := v.(schema.Money)
	if f.Storage() != schema.MoneyPair {
		return append(set, assignment{f.Column, s.stored(f, v)})
	}
	if v != nil && !isMoney {
		s.fail(fmt.Errorf("query: field %s: a %T is no money", f.ID, v))
	}
	if m.Amount == nil {
		return append(set, assignment{f.Column, "NULL"}, assignment{f.Column + "_u", "NULL"})
	}
	return append(set, assignment{f.Column, s.scaled(f, m.Amount)}, assignment{f.Column + "_u", s.text(m.Currency)})
}

func (s *statement) scaled(f *schema.Field, d *apd.Decimal) string {
	arg, around, ok := s.d.Scaled(d, f.Scale)
	if !ok {
		return s.fail(fmt.Errorf("query: field %s: %s does not fit", f.ID, d))
	}
	return s.around(arg, around)
}

// stored is the SQL of a canonical value in a single column.
func (s *statement) stored(f *schema.Field, v any) string {
	switch x := v.(type) {
	case nil:
		return "NULL"
	case string:
		return s.text(x)
	case schema.Date:
		return s.text(string(x))
	case bool:
		return truthValue(x)
	case int64:
		return s.bind(x)
	case time.Time:
		return s.bind(x.UnixMicro())
	case *apd.Decimal:
		if x == nil {
			return "NULL"
		}
		return s.scaled(f, x)
	case []string:
		if len(x) == 0 {
			return "NULL"
		}
		text, err := listText(x)
		if err != nil {
			return s.fail(err)
		}
		return s.bind(text)
	}
	return s.fail(fmt.Errorf("query: field %s: a %T cannot be stored", f.ID, v))
}
