package record

import (
	"strings"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// Page sizes of lists (house.md §3).
const (
	DefaultLimit = 50
	MaxLimit     = 500
)

// countLimit is how far an exact count goes.
const countLimit = 10_000

// Reader reads records with one person's rights: what he may not see is not
// in the result of any statement, and a field that he may not read is unknown.
type Reader struct {
	Tx        *sqldb.Tx
	Snapshot  *catalog.Snapshot
	Directory *account.Directory
	Grants    *access.Grants
}

// Listing is one question for records of an object.
type Listing struct {
	Object  string
	Filter  string          // expression language
	Sort    string          // "-created_at,name"
	Fields  []string        // API names; nil means all that may be read
	After   []any           // a page's Next
	Limit   int             // 0 means DefaultLimit
	Count   bool            // also count, up to 10,000
	Exact   bool            // also count, however many
	Also    query.Condition // laid beside the filter, from inside the program
	Deleted bool            // the deleted ones instead
}

// Page is one page of rows with the fields that they carry.
type Page struct {
	Object *schema.Object
	Fields []*schema.Field
	Rows   []query.Row
	Next   []any // nil at the end
	Count  int   // when asked
	More   bool  // there are more than Count says
}

// Object is the object as the reader may know it; NotFound when he may not read it.
func (r *Reader) Object(name string, op access.Op) (*schema.Object, error) {
	object, ok := r.Snapshot.Object(name)
	if !ok || !r.Grants.Can(object, access.Read) && !r.Grants.Can(object, op) {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	if !r.Grants.Can(object, op) {
		return nil, fault.New(fault.Forbidden, "forbidden")
	}
	return r.Grants.Visible(object), nil
}

// List answers a listing. Faults: NotFound for the object, Invalid with the
// place in the expression, Malformed for sort, fields or limit.
func (r *Reader) List(l Listing) (Page, error) {
	selection, err := r.selection(l)
	if err != nil {
		return Page{}, err
	}
	limit := selection.Limit
	selection.Limit++
	rows, err := Select(r.Tx, selection)
	if err != nil {
		return Page{}, err
	}
	page := Page{Object: selection.Object, Fields: selection.Fields, Rows: rows}
	if len(rows) > limit {
		page.Rows = rows[:limit]
		page.Next = selection.Key(page.Rows[limit-1])
	}
	if l.Count || l.Exact {
		page.Count, page.More, err = r.count(selection, l.Exact)
	}
	return page, err
}

func (r *Reader) selection(l Listing) (query.Select, error) {
	object, err := r.Object(l.Object, access.Read)
	if err != nil {
		return query.Select{}, err
	}
	where, err := r.where(object, l.Filter)
	if err != nil {
		return query.Select{}, err
	}
	if l.Also != nil {
		where = append(where, l.Also)
	}
	sort, err := sortOf(object, l.Sort)
	if err != nil {
		return query.Select{}, err
	}
	fields, err := fieldsOf(object, l.Fields)
	if err != nil {
		return query.Select{}, err
	}
	limit, err := limitOf(l.Limit)
	return query.Select{
		Object: object, Fields: withSorted(fields, sort), Where: where, Sort: sort, After: l.After, Limit: limit, Deleted: l.Deleted,
	}, err
}

// where is the reader's scope and the filter, compiled against what he may see.
func (r *Reader) where(object *schema.Object, filter string) (query.And, error) {
	where := query.And{r.Grants.Scope(object, access.Read)}
	if strings.TrimSpace(filter) == "" {
		return where, nil
	}
	condition, err := r.Condition(object, filter)
	if err != nil {
		return nil, err
	}
	return append(where, condition), nil
}

// Condition compiles a filter; object must be what the reader may see of it.
func (r *Reader) Condition(object *schema.Object, filter string) (query.Condition, error) {
	program, err := expr.Compile(filter, r.Snapshot.FilterEnv(object), expr.Bool)
	if err != nil {
		return nil, expr.Refusal(err, "filter")
	}
	if err := program.SQLProblem(); err != nil {
		return nil, expr.Refusal(err, "filter")
	}
	return query.Expr{Program: program, Input: expr.Input{
		Now: r.Tx.Now(), Zone: r.Snapshot.Zone(), Me: r.Grants.Principal().UserID,
		Params: map[string]any{catalog.TeamParameter: r.Directory.Colleagues(r.Grants.Principal().UserID)},
	}}, nil
}

// Get reads one record; NotFound when it is absent, deleted or not the reader's to see.
func (r *Reader) Get(object *schema.Object, id string) (query.Row, error) {
	rows, err := Select(r.Tx, query.Select{
		Object: object, Fields: object.Fields, Limit: 1,
		Where: query.And{query.System("id", "=", id), r.Grants.Scope(object, access.Read)},
	})
	if err != nil {
		return query.Row{}, err
	}
	if len(rows) == 0 {
		return query.Row{}, errGone()
	}
	return rows[0], nil
}

// Readable are those of the ids that the reader may see.
func (r *Reader) Readable(object *schema.Object, ids []string) (map[string]query.Row, error) {
	return r.among(object, ids, false)
}

// Whole are the same records with every field that the reader may see, by id.
func (r *Reader) Whole(object *schema.Object, ids []string) ([]query.Row, error) {
	visible := r.Grants.Visible(object)
	if len(ids) == 0 || visible == nil || !r.Grants.Can(object, access.Read) {
		return nil, nil
	}
	return Select(r.Tx, query.Select{Object: visible, Fields: visible.Fields, Limit: len(ids), Where: r.ofIDs(object, ids)})
}

func (r *Reader) ofIDs(object *schema.Object, ids []string) query.Condition {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return query.And{query.In{System: "id", Values: values}, r.Grants.Scope(object, access.Read)}
}

// Deleted are those of the ids that are deleted and that the reader might see
// if they were not.
func (r *Reader) Deleted(object *schema.Object, ids []string) (map[string]query.Row, error) {
	return r.among(object, ids, true)
}

func (r *Reader) among(object *schema.Object, ids []string, deleted bool) (map[string]query.Row, error) {
	found := map[string]query.Row{}
	visible := r.Grants.Visible(object)
	if len(ids) == 0 || visible == nil || !r.Grants.Can(object, access.Read) {
		return found, nil
	}
	var fields []*schema.Field
	if f, ok := visible.Field(visible.TitleField); ok {
		fields = append(fields, f)
	}
	rows, err := Select(r.Tx, query.Select{
		Object: visible, Fields: fields, Limit: len(ids), Deleted: deleted, Where: r.ofIDs(object, ids),
	})
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, err
}

// Total counts the records that a filter gives the reader, without a bound.
func (r *Reader) Total(object *schema.Object, where query.Condition) (int64, error) {
	sql, args, err := query.Aggregate{
		Object: object, Where: query.And{r.Grants.Scope(object, access.Read), where},
		Measures: []query.Measure{{Kind: query.Count}},
	}.Render(r.Tx.Dialect())
	if err != nil {
		return 0, err
	}
	var n int64
	return n, r.Tx.QueryRow(sql, args...).Scan(&n)
}

// count counts the records of a selection: all of them, or as far as countLimit.
func (r *Reader) count(selection query.Select, exact bool) (n int, more bool, err error) {
	limit := countLimit + 1
	if exact {
		limit = 0
	}
	sql, args, err := selection.RenderCount(r.Tx.Dialect(), limit)
	if err != nil {
		return 0, false, err
	}
	if err := r.Tx.QueryRow(sql, args...).Scan(&n); err != nil {
		return 0, false, err
	}
	if !exact && n > countLimit {
		return countLimit, true, nil
	}
	return n, false, nil
}

// Count counts the records that a filter gives the reader, as far as countLimit.
func (r *Reader) Count(object, filter string) (n int, more bool, err error) {
	selection, err := r.selection(Listing{Object: object, Filter: filter})
	if err != nil {
		return 0, false, err
	}
	return r.count(selection, false)
}

func limitOf(limit int) (int, error) {
	switch {
	case limit == 0:
		return DefaultLimit, nil
	case limit < 0 || limit > MaxLimit:
		return 0, fault.New(fault.Malformed, "bad_limit", fault.Field{Path: "limit", Code: "out_of_range"}).With("max", MaxLimit)
	}
	return limit, nil
}

// sortOf reads the order of a list; without one the newest come first.
func sortOf(object *schema.Object, text string) ([]query.Sort, error) {
	sort, bad := query.ParseSort(object, text)
	switch {
	case bad != nil && bad.Code == "out_of_range":
		return nil, fault.New(fault.Malformed, "bad_sort", *bad).With("max", query.MostSortKeys)
	case bad != nil:
		return nil, fault.New(fault.Malformed, bad.Code, *bad)
	case len(sort) == 0:
		sort = append(sort, query.Sort{System: "created_at", Desc: true})
	}
	return sort, nil
}

// isSystem tells whether a name is a system column that readers may name.
func isSystem(name string) bool {
	return name == "id" || name == "created_at" || name == "updated_at"
}

func fieldsOf(object *schema.Object, names []string) ([]*schema.Field, error) {
	if len(names) == 0 || len(names) == 1 && names[0] == "*" {
		return object.Fields, nil
	}
	var fields []*schema.Field
	for _, name := range names {
		f, ok := object.Field(name)
		switch {
		case ok:
			fields = append(fields, f)
		case isSystem(name):
		default:
			return nil, fault.New(fault.Malformed, "unknown_field", fault.Field{Path: "fields", Code: "unknown_field", Params: map[string]any{"name": name}})
		}
	}
	return fields, nil
}

// withSorted adds the fields of the order, whose values the cursor needs.
func withSorted(fields []*schema.Field, sort []query.Sort) []*schema.Field {
	out := append([]*schema.Field{}, fields...)
	for _, s := range sort {
		if s.Field != nil && !hasField(out, s.Field.ID) {
			out = append(out, s.Field)
		}
	}
	return out
}

func hasField(fields []*schema.Field, id string) bool {
	for _, f := range fields {
		if f.ID == id {
			return true
		}
	}
	return false
}
