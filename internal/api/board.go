package api

import (
	"net/http"
	"slices"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) boardRoutes() []Route {
	own := SignedIn("every statement carries the caller's scope and fields")
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/records/{object}/board", Tag: "records", Summary: "How many records stand at each choice, and their sums.", Policy: own, Out: BoardView{}, Handle: s.showBoard,
			Query: []Parameter{{"view", "a view whose layout is board; the first one if absent"}, {"filter", "expression"}}},
		{Method: http.MethodGet, Path: Prefix + "/records/{object}/{id}/stages", Tag: "records", Summary: "When the record entered and left each stage.", Policy: own, Out: List[StageVisit]{}, Handle: s.showStages},
	}
}

// BoardView are the columns of a board. The records of one are a list with its filter.
type BoardView struct {
	Group   string        `json:"group"`
	Sum     string        `json:"sum,omitempty"`
	Columns []BoardColumn `json:"columns"`
}

// BoardColumn is one choice, with what stands there.
type BoardColumn struct {
	Choice string `json:"choice"` // "" for records without one
	Label  string `json:"label"`
	Color  string `json:"color,omitempty"`
	Closes bool   `json:"closes,omitempty"`
	Count  int64  `json:"count"`
	Sums   []any  `json:"sums"` // one per currency, or one number
	Filter string `json:"filter"`
}

// StageVisit is one stay at a stage; without left_at it is the present one.
type StageVisit struct {
	Choice    string `json:"choice"`
	Label     string `json:"label"`
	EnteredAt string `json:"entered_at"`
	LeftAt    string `json:"left_at,omitempty"`
}

func (s *Server) showBoard(c *Call) error {
	_, visible, err := s.seen(c, access.Read)
	if err != nil {
		return err
	}
	view, group, sum, err := s.boardOf(c, visible)
	if err != nil {
		return err
	}
	board := BoardView{Group: group.Name, Columns: columnsOf(c, visible, group)}
	if sum != nil {
		board.Sum = sum.Name
	}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r := s.reader(c, tx)
		where := query.And{c.Grants.Scope(visible, access.Read)}
		for _, filter := range []string{view.Filter, c.Query("filter")} {
			if filter == "" {
				continue
			}
			condition, err := r.Condition(visible, filter)
			if err != nil {
				return err
			}
			where = append(where, condition)
		}
		return board.fill(r, visible, where, group, sum)
	})
	if err != nil {
		return err
	}
	return c.JSON(board)
}

// boardOf is the board's view with the fields that the caller may see; a sum
// that he may not is left out.
func (s *Server) boardOf(c *Call, visible *schema.Object) (*catalog.View, *schema.Field, *schema.Field, error) {
	for _, view := range catalog.All[*catalog.View](s.Snapshot(), "view") {
		asked := c.Query("view")
		if view.Object.ID != visible.ID || !view.Board || asked != "" && asked != view.Name {
			continue
		}
		group, known := visible.Field(view.Group.Name)
		if !known {
			break
		}
		var sum *schema.Field
		if view.Sum != nil {
			sum, _ = visible.Field(view.Sum.Name)
		}
		return view, group, sum, nil
	}
	return nil, nil, nil, fault.New(fault.NotFound, "no_board")
}

func columnsOf(c *Call, visible *schema.Object, group *schema.Field) []BoardColumn {
	columns := []BoardColumn{}
	for _, choice := range group.Choices {
		columns = append(columns, BoardColumn{
			Choice: choice.Name, Label: c.Label(choice.Label), Color: choice.Color, Sums: []any{},
			Closes: visible.Closed != nil && visible.Closed.Field == group.Name && slices.Contains(visible.Closed.Choices, choice.ID),
			Filter: group.Name + " = " + expr.Quote(choice.Name),
		})
	}
	return append(columns, BoardColumn{Sums: []any{}, Filter: "ISBLANK(" + group.Name + ")"})
}

// fill counts and adds up, one group of rows per choice and currency. A column
// for records without a choice is there only when it holds some.
func (b *BoardView) fill(r *record.Reader, visible *schema.Object, where query.Condition, group, sum *schema.Field) error {
	counts := query.Aggregate{Object: visible, Where: where, Group: []query.GroupBy{{Field: group}}, Measures: []query.Measure{{Kind: query.Count}}}
	err := eachGroup(r.Tx, counts, func(g query.Group) {
		n, _ := g.Values[0].(int64)
		b.column(group, g.Keys[0]).Count = n
	})
	if err != nil {
		return err
	}
	if sum != nil {
		sums := query.Aggregate{
			Object: visible, Where: query.And{where, query.Not{Condition: query.Blank(sum)}},
			Group: []query.GroupBy{{Field: group}}, Measures: []query.Measure{{Kind: query.Sum, Field: sum}},
		}
		err = eachGroup(r.Tx, sums, func(g query.Group) {
			if v := g.Values[0]; v != nil {
				column := b.column(group, g.Keys[0])
				column.Sums = append(column.Sums, sum.Encode(v))
			}
		})
	}
	if last := len(b.Columns) - 1; b.Columns[last].Count == 0 {
		b.Columns = b.Columns[:last]
	}
	return err
}

// column is that of a choice; what is no choice any more counts as none.
func (b *BoardView) column(group *schema.Field, key any) *BoardColumn {
	id, _ := key.(string)
	for i, choice := range group.Choices {
		if choice.ID == id {
			return &b.Columns[i]
		}
	}
	return &b.Columns[len(b.Columns)-1]
}

func eachGroup(tx *sqldb.Tx, a query.Aggregate, do func(query.Group)) error {
	sql, args, err := a.Render(tx.Dialect())
	if err != nil {
		return err
	}
	rows, err := tx.Query(sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		g, err := a.ScanGroup(rows, tx.Dialect())
		if err != nil {
			return err
		}
		do(g)
	}
	return rows.Err()
}

func (s *Server) showStages(c *Call) error {
	list := List[StageVisit]{Items: []StageVisit{}}
	err := s.readable(c, func(r *record.Reader, visible *schema.Object, row query.Row) error {
		if visible.Stage == nil {
			return nil
		}
		f, known := visible.Field(visible.Stage.Field)
		if !known {
			return nil
		}
		visits, err := metric.Visits(r.Tx, row.ID)
		for _, v := range visits {
			choice, _ := f.Choice(v.Choice)
			list.Items = append(list.Items, StageVisit{
				Choice: choice.Name, Label: c.Label(choice.Label), EnteredAt: stamp(v.Entered), LeftAt: stampOrBlank(v.Left),
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}
