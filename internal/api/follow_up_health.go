package api

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) followUpHealthRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: Prefix + "/dashboards/{object}/follow-up", Tag: "figures",
		Summary: "How an object is followed up: on-time rate, mix of actions, the longest overdue.",
		Policy:  Needs(access.DashboardRead), Out: FollowUpHealthView{}, Handle: s.showFollowUpHealth,
		Query: []Parameter{{"from", "2026-01-31"}, {"to", "2026-02-28"}},
	}}
}

// FollowUpHealthView is the follow-up health board (D13). Filters open lists:
// of follow-ups in object List, of waiting records in object Object.
type FollowUpHealthView struct {
	Now      string               `json:"now"`
	Range    RangeView            `json:"range"`
	Object   string               `json:"object"`
	List     string               `json:"list"`
	Totals   FollowUpTotals       `json:"totals"`
	ByPerson []FollowUpPerson     `json:"by_person"`
	ByAction []FollowUpActionView `json:"by_action"`
	ByDay    []FollowUpDayView    `json:"by_day"`
	Overdue  []HomeItem           `json:"overdue"`
}

// FollowUpTotals are the figures of a range; Waiting are promises that fell
// due in it and still have no answer. Rate is in percent, nil where nothing fell due.
type FollowUpTotals struct {
	FollowUps int64          `json:"follow_ups"`
	Kept      int64          `json:"kept"`
	Late      int64          `json:"late"`
	Waiting   int64          `json:"waiting"`
	Rate      *float64       `json:"rate"`
	Filters   map[string]any `json:"filters"`
}

// FollowUpPerson are the figures of one person.
type FollowUpPerson struct {
	User *Reference `json:"user"`
	FollowUpTotals
}

// FollowUpActionView is how often an action was chosen.
type FollowUpActionView struct {
	Action string `json:"action"`
	Label  string `json:"label"`
	Count  int64  `json:"count"`
	Filter string `json:"filter"`
}

// FollowUpDayView is how a day's follow-ups stood to their promises.
type FollowUpDayView struct {
	Day    string `json:"day"`
	Done   int64  `json:"done"`
	Kept   int64  `json:"kept"`
	Late   int64  `json:"late"`
	Filter string `json:"filter"`
}

// longestOverdue is how many records the board names (D13: TOP5).
const longestOverdue = 5

// followUpHealth is one reading of the board.
type followUpHealth struct {
	*health
	list   *schema.Object // what follow-ups become, as the caller may know it
	fields metric.FollowUpFields
	board  *FollowUpHealthView
}

func (s *Server) showFollowUpHealth(c *Call) error {
	view := FollowUpHealthView{ByPerson: []FollowUpPerson{}, ByAction: []FollowUpActionView{}, ByDay: []FollowUpDayView{}, Overdue: []HomeItem{}}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		f, err := s.followUpHealth(c, tx, &view)
		if err != nil {
			return err
		}
		return f.fill()
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

func (s *Server) followUpHealth(c *Call, tx *sqldb.Tx, view *FollowUpHealthView) (*followUpHealth, error) {
	f := &followUpHealth{health: &health{server: s, call: c, reader: s.reader(c, tx), view: &HealthView{}}, board: view}
	object, _ := c.Snapshot.Object(c.Param("object"))
	if object == nil || object.FollowUp == nil || object.Health == nil {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	list, _ := c.Snapshot.Object(object.FollowUp.Object)
	if f.object = c.Grants.Visible(object); f.object == nil || list == nil {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	if f.list = c.Grants.Visible(list); f.list == nil {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	f.owner, _ = f.object.Field(f.object.OwnerField)
	if f.fields = metric.FollowUpFieldsOf(f.list); f.owner == nil || f.fields.At == nil || f.fields.Person == nil {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	return f, f.setDays(tx.Now())
}

// setDays takes the range of company days from the address.
func (f *followUpHealth) setDays(now time.Time) error {
	if err := f.setRange(now); err != nil {
		return err
	}
	f.days.Object = f.list.ID
	f.board.Now, f.board.Range = f.view.Now, f.view.Range
	f.board.Object, f.board.List = f.object.Name, f.list.Name
	return nil
}

func (f *followUpHealth) fill() error {
	figures, err := f.followUps()
	if err != nil {
		return err
	}
	waiting, err := f.waiting()
	if err != nil {
		return err
	}
	f.people(figures, waiting)
	f.actions(figures)
	f.byDay(figures)
	return f.overdue()
}

// followUps are answered from the roll-ups, or, where the caller's scope is an
// expression, from the records of at most 90 days.
func (f *followUpHealth) followUps() (metric.FollowUpFigures, error) {
	owners, all, exact := f.call.Grants.Owners(f.list, access.Read)
	if exact {
		if !all {
			f.days.Owners = owners
		}
		return metric.ReadFollowUps(f.reader.Tx, f.days)
	}
	if err := f.liveRange(); err != nil {
		return metric.FollowUpFigures{}, err
	}
	within, err := f.reader.Condition(f.list, f.within(f.days.From, f.days.To))
	if err != nil {
		return metric.FollowUpFigures{}, err
	}
	rows, err := record.Select(f.reader.Tx, query.Select{
		Object: f.list, Fields: f.fields.All(), Where: query.And{f.call.Grants.Scope(f.list, access.Read), within},
	})
	if err != nil {
		return metric.FollowUpFigures{}, err
	}
	return metric.CountFollowUps(rows, f.fields, f.call.companyZone()), nil
}

// waiting counts, by owner, the promises of the range that nobody answered yet.
func (f *followUpHealth) waiting() (map[string]int64, error) {
	text := f.waitingText()
	if text == "" {
		return map[string]int64{}, nil
	}
	condition, err := f.reader.Condition(f.object, text)
	if err != nil {
		return nil, err
	}
	return f.countBy(f.owner, condition)
}

// waitingText is the filter of the promises of the range that wait for an answer.
func (f *followUpHealth) waitingText() string {
	due, known := f.object.Field(f.object.FollowUp.NextDue)
	if !known {
		return ""
	}
	return fmt.Sprintf(`%s >= "%s" AND %s < "%s" AND %s < NOW()`, due.Name, f.days.From, due.Name, dayAfter(f.days.To), due.Name) + f.openText()
}

func (f *followUpHealth) people(figures metric.FollowUpFigures, waiting map[string]int64) {
	var allWaiting int64
	for _, n := range waiting {
		allWaiting += n
	}
	f.board.Totals = f.totals(figures.Total, allWaiting, "")
	people := figures.ByPerson
	for person := range waiting {
		people[person] = figures.ByPerson[person]
	}
	for _, person := range metric.Busiest(people) {
		if user := f.call.UserReference(person); user != nil {
			f.board.ByPerson = append(f.board.ByPerson, FollowUpPerson{user, f.totals(people[person], waiting[person], person)})
		}
	}
}

// totals are the figures of one person, of all for "".
func (f *followUpHealth) totals(c metric.FollowUpCounts, waiting int64, person string) FollowUpTotals {
	if f.fields.Promised == nil || f.fields.Kept == nil {
		c.Due, c.Kept, waiting = 0, 0, 0
	}
	t := FollowUpTotals{FollowUps: c.Done, Kept: c.Kept, Late: c.Due - c.Kept, Waiting: waiting, Filters: map[string]any{}}
	if due := c.Due + waiting; due > 0 {
		rate := math.Round(float64(c.Kept)*1000/float64(due)) / 10
		t.Rate = &rate
	}
	base, waits := f.within(f.days.From, f.days.To), f.waitingText()
	if person != "" {
		base += fmt.Sprintf(` AND %s = "%s"`, f.fields.Person.Name, person)
		waits += fmt.Sprintf(` AND %s = "%s"`, f.owner.Name, person)
	}
	t.Filters["follow_ups"], t.Filters["waiting"] = base, waits
	if f.fields.Promised != nil && f.fields.Kept != nil {
		promised := base + " AND NOT ISBLANK(" + f.fields.Promised.Name + ") AND "
		t.Filters["kept"] = promised + f.fields.Kept.Name + " = TRUE"
		t.Filters["late"] = promised + "NOT " + f.fields.Kept.Name + " = TRUE"
	}
	return t
}

// within is the filter of the follow-ups of company days, both included.
func (f *followUpHealth) within(from, to string) string {
	at := f.fields.At.Name
	return fmt.Sprintf(`%s >= "%s" AND %s < "%s"`, at, from, at, dayAfter(to))
}

func (f *followUpHealth) actions(figures metric.FollowUpFigures) {
	if f.fields.Action == nil {
		return
	}
	for _, id := range metric.Busiest(figures.ByAction) {
		view := FollowUpActionView{Count: figures.ByAction[id].Done, Filter: f.within(f.days.From, f.days.To)}
		if choice, ok := f.fields.Action.Choice(id); ok {
			view.Action, view.Label = choice.Name, f.call.Label(choice.Label)
			view.Filter += " AND " + f.fields.Action.Name + " = " + expr.Quote(choice.Name)
		} else {
			view.Filter += " AND ISBLANK(" + f.fields.Action.Name + ")"
		}
		f.board.ByAction = append(f.board.ByAction, view)
	}
}

func (f *followUpHealth) byDay(figures metric.FollowUpFigures) {
	for day, c := range figures.ByDay {
		t := f.totals(c, 0, "")
		f.board.ByDay = append(f.board.ByDay, FollowUpDayView{Day: day, Done: c.Done, Kept: t.Kept, Late: t.Late, Filter: f.within(day, day)})
	}
	slices.SortFunc(f.board.ByDay, func(a, b FollowUpDayView) int { return cmp.Compare(a.Day, b.Day) })
}

// overdue are the records that are overdue for longest.
func (f *followUpHealth) overdue() error {
	field, known := f.object.Field(f.object.Health.OverdueSince)
	if !known {
		return nil
	}
	page, err := f.reader.List(record.Listing{Object: f.object.Name, Filter: "NOT ISBLANK(" + field.Name + ")", Sort: field.Name, Limit: longestOverdue})
	if err != nil {
		return err
	}
	f.board.Overdue, err = f.server.homeItems(f.call, f.reader, page, 1)
	return err
}

// dayAfter is the day after a day, as a date literal.
func dayAfter(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.AddDate(0, 0, 1).Format(time.DateOnly)
}

// liveRange refuses a range that is too long to be counted from the records.
func (h *health) liveRange() error {
	from, _ := time.Parse(time.DateOnly, h.days.From)
	to, _ := time.Parse(time.DateOnly, h.days.To)
	if to.Sub(from) > liveDays*24*time.Hour {
		return fault.New(fault.Malformed, "range_too_long").With("max", liveDays)
	}
	return nil
}
