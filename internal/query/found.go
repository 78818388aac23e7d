package query

import (
	"strings"

	"clew.dev/clew/internal/schema"
)

// Match is a question to the search index: a token, or parts that must all, or
// of which one must, be there. The zero Match matches nothing.
type Match struct {
	Token  string
	Prefix bool // Token is only the beginning
	All    []Match
	Any    []Match
}

// Empty tells that nothing can match.
func (m Match) Empty() bool {
	switch {
	case m.Token != "":
		return false
	case len(m.All) > 0:
		for _, part := range m.All {
			if part.Empty() {
				return true
			}
		}
		return false
	}
	for _, part := range m.Any {
		if !part.Empty() {
			return false
		}
	}
	return true
}

// Found reads the records that a match gives, the latest taken in first: those
// of one window of the index that also meet Where. What does not meet it is not
// in the result.
type Found struct {
	Object *schema.Object
	Fields []*schema.Field
	Where  Condition // nil means Always
	Match  Match
	Before int64 // only places before this one
	Window int   // how many places of the index are looked at
}

// Render writes the SELECT; its columns are those that Scan reads, then the
// place in the index.
func (f Found) Render(d Dialect) (sql string, args []any, err error) {
	st := &statement{d: d}
	table, err := tableOf(f.Object)
	if err != nil {
		return "", nil, err
	}
	// CROSS JOIN keeps the window outside: records are looked up by their ids
	sql = "SELECT " + strings.Join(readColumns(d, f.Fields), ", ") + ", found.n FROM (" +
		d.Window(f.Match, f.Before, f.Window, st.bind) + ") AS found CROSS JOIN " + table +
		" WHERE " + table + `."id" = found.record AND ` + st.where(f.Where, false, Always{}) + " ORDER BY found.n DESC"
	return sql, st.args, st.err
}

// RenderEnd writes the SELECT of how many places the window has, and its last one.
func (f Found) RenderEnd(d Dialect) (sql string, args []any) {
	st := &statement{d: d}
	return "SELECT count(*), coalesce(min(n), 0) FROM (" + d.Window(f.Match, f.Before, f.Window, st.bind) + ") AS found", st.args
}
