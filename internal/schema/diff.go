package schema

import (
	"slices"
	"sort"
)

// ChangeKind is what a table change does.
type ChangeKind int

// The changes that happen at run time. Nothing is ever dropped but an index.
const (
	AddTable ChangeKind = iota
	AddColumn
	AddIndex
	DropIndex
)

// Change is one change of a table; a dialect renders it.
type Change struct {
	Kind    ChangeKind
	Table   string
	Columns []Column // AddTable: all of them; AddColumn: the one
	Index   *Index   // AddIndex, DropIndex
}

// Column is a physical column.
type Column struct {
	Name    string
	Storage Storage // never MoneyPair: that is two columns
	Scale   int     // of a Scaled column
	NotNull bool
	Primary bool
}

// Index is a physical index over columns in order.
type Index struct {
	Name    string
	Columns []string
	Unique  bool
	Live    bool // only over rows that are not deleted
	// Filled is the column that must have a value, Open the rule by which a record
	// must be open, to be in the index; "" and nil are no condition.
	Filled string
	Open   *ClosedColumn
}

// ClosedColumn is an object's closing rule in physical terms.
type ClosedColumn struct {
	Column  string
	Choices []string // choice ids
}

// ClosedColumn is the object's closing rule, nil where records are never closed.
func (o *Object) ClosedColumn() *ClosedColumn {
	if o.Closed == nil {
		return nil
	}
	f, ok := o.field(o.Closed.Field)
	if !ok || len(o.Closed.Choices) == 0 {
		return nil
	}
	return &ClosedColumn{Column: f.Column, Choices: o.Closed.Choices}
}

func (c *ClosedColumn) same(other *ClosedColumn) bool {
	if c == nil || other == nil {
		return c == other
	}
	return c.Column == other.Column && slices.Equal(c.Choices, other.Choices)
}

// SystemColumns are the columns that every record's table has.
func SystemColumns() []Column {
	return []Column{
		{Name: "id", Storage: Text, NotNull: true, Primary: true},
		{Name: "created_at", Storage: Micros, NotNull: true},
		{Name: "updated_at", Storage: Micros, NotNull: true},
		{Name: "created_by", Storage: Text},
		{Name: "deleted_at", Storage: Micros},
		{Name: "revision", Storage: Integer, NotNull: true},
		{Name: "thread_seq", Storage: Integer, NotNull: true},
	}
}

// Columns are the physical columns of a field: two for a currency, else one.
func (f *Field) Columns() []Column {
	if f.Storage() == MoneyPair {
		return []Column{
			{Name: f.Column, Storage: Scaled, Scale: f.Scale},
			{Name: f.Column + "_u", Storage: Text},
		}
	}
	c := Column{Name: f.Column, Storage: f.Storage()}
	if c.Storage == Scaled {
		c.Scale = f.Scale
	}
	return []Column{c}
}

// Diff lists the additive table changes that lead from old to new, tables
// first, then columns, then indexes. Objects are told apart by table, fields by
// column: what is only renamed changes nothing, what is gone stays.
func Diff(old, new []*Object) []Change {
	was := make(map[string]*Object, len(old))
	for _, o := range old {
		was[o.Table] = o
	}
	var tables, columns, indexes []Change
	for _, o := range ordered(new) {
		before := was[o.Table]
		if before == nil {
			tables = append(tables, addTable(o))
			before = &Object{}
		} else {
			columns = append(columns, addColumns(before, o)...)
		}
		indexes = append(indexes, indexChanges(before, o)...)
	}
	return append(append(tables, columns...), indexes...)
}

func ordered(objects []*Object) []*Object {
	out := append([]*Object(nil), objects...)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Table, out[j].Table
		if len(a) != len(b) {
			return len(a) < len(b)
		}
		return a < b
	})
	return out
}

func addTable(o *Object) Change {
	c := Change{Kind: AddTable, Table: o.Table, Columns: SystemColumns()}
	for _, f := range o.Fields {
		c.Columns = append(c.Columns, f.Columns()...)
	}
	return c
}

func addColumns(before, after *Object) []Change {
	has := map[string]bool{}
	for _, f := range before.Fields {
		has[f.Column] = true
	}
	var out []Change
	for _, f := range after.Fields {
		if has[f.Column] {
			continue
		}
		for _, c := range f.Columns() {
			out = append(out, Change{Kind: AddColumn, Table: after.Table, Columns: []Column{c}})
		}
	}
	return out
}

func indexChanges(before, after *Object) []Change {
	had, wants := before.Indexes(), after.Indexes()
	var out []Change
	for _, i := range had {
		if !contains(wants, i) {
			out = append(out, Change{Kind: DropIndex, Table: after.Table, Index: &i})
		}
	}
	for _, i := range wants {
		if !contains(had, i) {
			out = append(out, Change{Kind: AddIndex, Table: after.Table, Index: &i})
		}
	}
	return out
}

// contains tells whether an index is among others: of the same name, and over
// the same records. An index over the open ones is used by its rule's own words
// alone, so with another rule it is another index.
func contains(all []Index, one Index) bool {
	return slices.ContainsFunc(all, func(i Index) bool { return i.Name == one.Name && i.Open.same(one.Open) })
}

// Indexes are the indexes that the object's table should have (ADR 17): the
// pages in order of creation, the same for each owner and for what is open, and
// for each field that is indexed, a view's order, unique or a reference (those
// that refer to something only: nobody pages through the others by it). Ties are
// in the order of creation everywhere. All leave deleted rows out, but that of
// the few that are deleted: they are listed, and swept when their time is over.
func (o *Object) Indexes() []Index {
	if o.Table == "" {
		return nil
	}
	out := []Index{o.index("created"), {Name: o.Table + "_deleted", Columns: []string{"deleted_at", "id"}, Filled: "deleted_at"}}
	owner, owned := o.field(o.OwnerField)
	if owned {
		out = append(out, o.index(owner.Column+"_owner", owner.Column))
	}
	if closed := o.ClosedColumn(); closed != nil {
		open := o.index("open")
		open.Open = closed
		out = append(out, open)
		if owned {
			open = o.index(owner.Column+"_open", owner.Column)
			open.Open = closed
			out = append(out, open)
		}
	}
	for _, f := range o.Fields {
		switch {
		case f.Unique:
			out = append(out, Index{Name: o.Table + "_" + f.Column + "_unique", Columns: []string{f.Column}, Unique: true, Live: true})
		case f.Name == o.OwnerField:
		case f.Type == "reference" && !f.Indexed && !f.Ordered:
			held := o.index(f.Column+"_held", f.Column)
			held.Filled = f.Column
			out = append(out, held)
		case f.Indexed, f.Ordered:
			out = append(out, o.index(f.Column+"_at", f.Column))
			if owned && f.measured() {
				mine := o.index(f.Column+"_mine", owner.Column, f.Column)
				mine.Filled = f.Column
				out = append(out, mine)
			}
		}
	}
	return append(out, o.choiceIndexes()...)
}

// choiceIndexes are over each indexed choice together with each measured field:
// "one source, by score" would else sort all of the source, or look for it in all.
func (o *Object) choiceIndexes() (out []Index) {
	for _, choice := range o.Fields {
		if choice.Type != "choice" || !choice.Indexed {
			continue
		}
		for _, f := range o.Fields {
			if f.measured() && !f.Unique {
				by := o.index(choice.Column+"_by_"+f.Column, choice.Column, f.Column)
				by.Filled = f.Column
				out = append(out, by)
			}
		}
	}
	return out
}

// index is one over columns, then the order of creation.
func (o *Object) index(name string, columns ...string) Index {
	return Index{Name: o.Table + "_" + name, Columns: append(columns, "created_at", "id"), Live: true}
}

// measured says that a field's order is worth an index for each owner: a page of
// one's own records by such a field would else be sorted out of all of them.
func (f *Field) measured() bool {
	switch f.Type {
	case "number", "currency", "percent", "date", "datetime":
		return f.Indexed || f.Ordered
	}
	return false
}

// field finds by name without the sealed look-ups, which a plan may not have yet.
func (o *Object) field(name string) (*Field, bool) {
	for _, f := range o.Fields {
		if f.Name == name && name != "" {
			return f, true
		}
	}
	return nil, false
}
