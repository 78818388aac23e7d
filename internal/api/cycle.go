package api

import (
	"fmt"
	"net/http"
	"time"

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

func (s *Server) cycleRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/cycles/{name}", Tag: "figures", Summary: "Days from a record's beginning to its end, by step, and how much shorter they became.",
			Policy: Needs(access.DashboardRead), Out: CycleView{}, Handle: s.showCycle,
			Query: []Parameter{{"from", "2026-01-01"}, {"to", "2026-03-31"}, {"earlier_from", "2025-10-01"}, {"earlier_to", "2025-12-31"}}},
		{Method: http.MethodGet, Path: Prefix + "/reasons/{object}", Tag: "figures", Summary: "Why records were won and lost.",
			Policy: Needs(access.DashboardRead), Out: List[ReasonView]{}, Handle: s.showReasons,
			Query: []Parameter{{"from", "2026-01-01"}, {"to", "2026-03-31"}}},
	}
}

// CycleView are the average days of what ended in a range, beside those of an
// earlier one. Averages and compressions are decimals with one digit, absent
// where there is nothing to average or to compare.
type CycleView struct {
	Label   string      `json:"label"`
	Object  string      `json:"object"`
	Now     CyclePeriod `json:"present"`
	Earlier CyclePeriod `json:"earlier"`
	Steps   []CycleStep `json:"steps"`
	Total   CycleStep   `json:"total"`
}

// CyclePeriod is a range of company days, both included, and the list of what ended in it.
type CyclePeriod struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Records int64  `json:"records"`
	Filter  string `json:"filter"`
}

// CycleStep is one step, or all of them.
type CycleStep struct {
	ID          string `json:"id,omitempty"`
	Label       string `json:"label,omitempty"`
	Days        string `json:"days,omitempty"`
	Earlier     string `json:"earlier_days,omitempty"`
	Compression string `json:"compression,omitempty"`
}

// ReasonView are the figures of one reason field.
type ReasonView struct {
	Field string        `json:"field"`
	Label string        `json:"label"`
	Total int64         `json:"total"`
	Items []ReasonCount `json:"items"`
}

// ReasonCount is how often a reason was given; the filter opens the list.
type ReasonCount struct {
	Choice string `json:"choice"`
	Label  string `json:"label"`
	Count  int64  `json:"count"`
	Filter string `json:"filter"`
}

// cycleDays is the range of a cycle that names none, and of the one before it.
const cycleDays = 90

// longestRange is the most days of one range.
const longestRange = 400

func (s *Server) showCycle(c *Call) error {
	cycle, ok := catalog.Compiled[*metric.Cycle](s.Snapshot(), "cycle", c.Param("name"))
	if !ok {
		return fault.New(fault.NotFound, "not_found")
	}
	object, fields, err := c.cycleFields(cycle)
	if err != nil {
		return err
	}
	view := CycleView{Label: c.Label(cycle.Label), Object: object.Name}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		if err := s.periods(c, tx.Now(), &view); err != nil {
			return err
		}
		r := s.reader(c, tx)
		present, err := s.laps(r, cycle, object, fields, &view.Now)
		if err != nil {
			return err
		}
		earlier, err := s.laps(r, cycle, object, fields, &view.Earlier)
		if err != nil {
			return err
		}
		view.compare(c, cycle, present, earlier)
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// cycleFields are the milestones that the caller may see; a cycle with one
// that he may not does not exist for him.
func (c *Call) cycleFields(cycle *metric.Cycle) (*schema.Object, []*schema.Field, error) {
	object := c.Grants.Visible(cycle.Object)
	if object == nil || !c.Grants.Can(cycle.Object, access.Read) {
		return nil, nil, fault.New(fault.NotFound, "not_found")
	}
	var fields []*schema.Field
	if cycle.From != nil {
		fields = append(fields, cycle.From)
	}
	for _, step := range cycle.Steps {
		fields = append(fields, step.Until)
	}
	for _, f := range fields {
		if _, known := object.FieldByID(f.ID); !known {
			return nil, nil, fault.New(fault.NotFound, "not_found")
		}
	}
	return object, fields, nil
}

// periods reads the two ranges: the last 90 days and the 90 before, where none is named.
func (s *Server) periods(c *Call, now time.Time, view *CycleView) error {
	today := now.In(s.Snapshot().Zone())
	var err error
	if view.Now.From, view.Now.To, err = c.days("from", "to", today.AddDate(0, 0, 1-cycleDays), today); err != nil {
		return err
	}
	begin, _ := time.Parse(time.DateOnly, view.Now.From)
	view.Earlier.From, view.Earlier.To, err = c.days("earlier_from", "earlier_to", begin.AddDate(0, 0, -cycleDays), begin.AddDate(0, 0, -1))
	return err
}

// days reads a range of company days from two parameters.
func (c *Call) days(from, to string, fromElse, toElse time.Time) (string, string, error) {
	read := func(name string, otherwise time.Time) (time.Time, error) {
		text := c.Query(name)
		if text == "" {
			text = otherwise.Format(time.DateOnly)
		}
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return day, fault.New(fault.Malformed, "invalid_date", fault.Field{Path: name, Code: "invalid_date"})
		}
		return day, nil
	}
	last, err := read(to, toElse)
	if err != nil {
		return "", "", err
	}
	first, err := read(from, fromElse)
	if err != nil {
		return "", "", err
	}
	if last.Sub(first) > longestRange*24*time.Hour {
		return "", "", fault.New(fault.Malformed, "range_too_long", fault.Field{Path: from, Code: "range_too_long"})
	}
	return first.Format(time.DateOnly), last.Format(time.DateOnly), nil
}

// laps adds up the records that ended in a period, by the index of the last milestone.
func (s *Server) laps(r *record.Reader, cycle *metric.Cycle, object *schema.Object, fields []*schema.Field, p *CyclePeriod) (metric.Laps, error) {
	last := cycle.Steps[len(cycle.Steps)-1].Until
	within, text := s.during(last, p.From, p.To)
	p.Filter = text
	var laps metric.Laps
	rows, err := record.Select(r.Tx, query.Select{
		Object: object, Fields: fields, Where: query.And{r.Grants.Scope(cycle.Object, access.Read), within},
		Sort: []query.Sort{{Field: last}},
	})
	for _, row := range rows {
		laps.Add(cycle, row, s.Snapshot().Zone())
	}
	p.Records = laps.Records
	return laps, err
}

// during is the condition that a date or datetime lies in company days, and the same as a filter.
func (s *Server) during(f *schema.Field, from, to string) (query.Condition, string) {
	zone := s.Snapshot().Zone()
	begin, _ := time.ParseInLocation(time.DateOnly, from, zone)
	last, _ := time.ParseInLocation(time.DateOnly, to, zone)
	end := last.AddDate(0, 0, 1)
	text := fmt.Sprintf(`%s >= "%s" AND %s < "%s"`, f.Name, from, f.Name, end.Format(time.DateOnly))
	if f.Type == "date" {
		return query.And{
			query.Where(f, expr.OpMoreEqual, schema.Date(from)), query.Where(f, expr.OpLess, schema.Date(end.Format(time.DateOnly))),
		}, text
	}
	return query.And{query.Where(f, expr.OpMoreEqual, begin.UTC()), query.Where(f, expr.OpLess, end.UTC())}, text
}

func (v *CycleView) compare(c *Call, cycle *metric.Cycle, present, earlier metric.Laps) {
	step := func(days, earlierDays int64) CycleStep {
		return CycleStep{
			Days: metric.Average(days, present.Records), Earlier: metric.Average(earlierDays, earlier.Records),
			Compression: metric.Compression(days, present.Records, earlierDays, earlier.Records),
		}
	}
	v.Steps = []CycleStep{}
	for i, one := range cycle.Steps {
		shown := step(at(present.Steps, i), at(earlier.Steps, i))
		shown.ID, shown.Label = one.ID, c.Label(one.Label)
		v.Steps = append(v.Steps, shown)
	}
	v.Total = step(present.Total(), earlier.Total())
}

func at(list []int64, i int) int64 {
	if i < len(list) {
		return list[i]
	}
	return 0
}

// showReasons counts the reasons of what closed in a range.
func (s *Server) showReasons(c *Call) error {
	object, visible, err := s.seen(c, access.Read)
	if err != nil {
		return err
	}
	list := List[ReasonView]{Items: []ReasonView{}}
	if object.Closed == nil || object.Closed.At == "" {
		return c.JSON(list)
	}
	closed, known := visible.Field(object.Closed.At)
	if !known {
		return c.JSON(list)
	}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		today := tx.Now().In(s.Snapshot().Zone())
		from, to, err := c.days("from", "to", today.AddDate(0, 0, 1-cycleDays), today)
		if err != nil {
			return err
		}
		within, text := s.during(closed, from, to)
		where := query.And{c.Grants.Scope(object, access.Read), within}
		for _, f := range visible.Fields {
			if f.RequiredWhen == nil || f.Type != "choice" {
				continue
			}
			view, err := c.reasons(tx, visible, f, where, text)
			if err != nil {
				return err
			}
			list.Items = append(list.Items, view)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}

func (c *Call) reasons(tx *sqldb.Tx, visible *schema.Object, f *schema.Field, where query.And, text string) (ReasonView, error) {
	view := ReasonView{Field: f.Name, Label: c.Label(f.Label), Items: []ReasonCount{}}
	counts := map[string]int64{}
	err := eachGroup(tx, query.Aggregate{
		Object: visible, Where: append(where[:len(where):len(where)], query.Not{Condition: query.Blank(f)}),
		Group: []query.GroupBy{{Field: f}}, Measures: []query.Measure{{Kind: query.Count}},
	}, func(g query.Group) {
		id, _ := g.Keys[0].(string)
		counts[id], _ = g.Values[0].(int64)
		view.Total += counts[id]
	})
	for _, choice := range f.Choices {
		if n := counts[choice.ID]; n > 0 {
			view.Items = append(view.Items, ReasonCount{
				Choice: choice.Name, Label: c.Label(choice.Label), Count: n, Filter: text + " AND " + f.Name + " = " + expr.Quote(choice.Name),
			})
		}
	}
	return view, err
}
