package api

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// HeatView is a heat map (H8): how many records came in since a day, by two of
// their fields, and how many of those are good. Rows and columns are in the
// order of their fields' choices; a cell without a record is absent.
type HeatView struct {
	Since   string     `json:"since"`
	Rows    []HeatAxis `json:"rows"`
	Columns []HeatAxis `json:"columns"`
	Cells   []HeatCell `json:"cells"`
}

// HeatAxis is one row or column; the key "" is that of blank values.
type HeatAxis struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// HeatCell is the records of one row and one column; the filter opens their list.
type HeatCell struct {
	Row    string `json:"row"`
	Column string `json:"column"`
	Count  int64  `json:"count"`
	Good   int64  `json:"good"`
	Filter string `json:"filter"`
}

// heat is one reading of a heat map.
type heat struct {
	call          *Call
	reader        *record.Reader
	object        *schema.Object // as the caller may know it
	rows, columns *schema.Field
	base          string // the filter of all that is counted
	good          string
}

func (s *Server) showHeat(c *Call) error {
	b, err := c.homeBlock(catalog.HeatBlock)
	if err != nil {
		return err
	}
	view := HeatView{Rows: []HeatAxis{}, Columns: []HeatAxis{}, Cells: []HeatCell{}}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		h := heat{call: c, reader: s.reader(c, tx), object: c.Grants.Visible(b.Object), good: b.Good}
		if !h.sees(b.Rows, b.Columns) {
			return nil
		}
		view.Since = tx.Now().In(c.companyZone()).AddDate(0, 0, 1-b.Days).Format(time.DateOnly)
		h.base = fmt.Sprintf(`created_at >= "%s"`, view.Since)
		if b.Filter != "" {
			h.base = "(" + b.Filter + ") AND " + h.base
		}
		err := h.fill(&view)
		if needsHidden(err) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// sees finds both fields among those that the caller may read.
func (h *heat) sees(rows, columns *schema.Field) bool {
	var seen, also bool
	h.rows, seen = h.object.Field(rows.Name)
	h.columns, also = h.object.Field(columns.Name)
	return seen && also
}

func (h *heat) fill(view *HeatView) error {
	groups, err := h.groups()
	if err != nil {
		return err
	}
	rows, columns := map[string]bool{}, map[string]bool{}
	for _, g := range groups {
		row, _ := g.Keys[0].(string)
		column, _ := g.Keys[1].(string)
		count, _ := g.Values[0].(int64)
		good, _ := g.Values[1].(int64)
		rows[row], columns[column] = true, true
		view.Cells = append(view.Cells, HeatCell{
			Row: row, Column: column, Count: count, Good: good,
			Filter: h.base + " AND " + is(h.rows, row) + " AND " + is(h.columns, column),
		})
	}
	view.Rows, view.Columns = h.axis(h.rows, rows), h.axis(h.columns, columns)
	return nil
}

// groups counts, in one statement, all records and the good ones.
func (h *heat) groups() ([]query.Group, error) {
	within, err := h.reader.Condition(h.object, h.base)
	if err != nil {
		return nil, err
	}
	good := query.Condition(query.Always{})
	if h.good != "" {
		if good, err = h.reader.Condition(h.object, h.good); err != nil {
			return nil, err
		}
	}
	return h.reader.Aggregate(query.Aggregate{
		Object: h.object, Where: within,
		Group:    []query.GroupBy{{Field: h.rows}, {Field: h.columns}},
		Measures: []query.Measure{{Kind: query.Count}, {Kind: query.Count, Where: good}},
	})
}

// axis names the keys that occur, in the order of the field's choices, blank last.
func (h *heat) axis(f *schema.Field, keys map[string]bool) []HeatAxis {
	axis := []HeatAxis{}
	for _, choice := range f.Choices {
		if keys[choice.ID] {
			axis = append(axis, HeatAxis{choice.ID, h.call.Label(choice.Label)})
			delete(keys, choice.ID)
		}
	}
	blank := keys[""]
	delete(keys, "")
	people := []HeatAxis{}
	for key := range keys {
		if user := h.call.UserReference(key); user != nil {
			people = append(people, HeatAxis{key, user.Label})
		}
	}
	slices.SortFunc(people, func(a, b HeatAxis) int { return cmp.Compare(a.Label, b.Label) })
	if axis = append(axis, people...); blank {
		axis = append(axis, HeatAxis{})
	}
	return axis
}

// is is the filter of a value of a choice or of a person, "" for blank.
func is(f *schema.Field, value string) string {
	if value == "" {
		return "ISBLANK(" + f.Name + ")"
	}
	if choice, ok := f.Choice(value); ok {
		value = choice.Name
	}
	return f.Name + " = " + expr.Quote(value)
}
