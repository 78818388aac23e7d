package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/worktime"
)

func (s *Server) agendaRoutes() []Route {
	own := SignedIn("every statement carries the caller's scope and fields")
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/agenda", Tag: "agenda", Summary: "What is to be done, by its time: next actions and tasks.", Policy: own, Out: AgendaView{}, Handle: s.agenda,
			Query: []Parameter{{"from", "YYYY-MM-DD; absent: all that is overdue too"}, {"to", "YYYY-MM-DD, the last day; at most 62 days after from"}, {"person", "a user's id, or all; the caller if absent"}}},
		{Method: http.MethodPost, Path: Prefix + "/agenda/move", Tag: "agenda", Summary: "Move a thing to do to another time.", Policy: own, In: AgendaMove{}, Out: AgendaItem{}, Handle: s.moveAgenda},
	}
}

// AgendaView is what is to be done in a stretch of days, by its time.
type AgendaView struct {
	Now    string       `json:"now"`
	From   string       `json:"from,omitempty"`
	To     string       `json:"to"`
	Items  []AgendaItem `json:"items"`
	More   bool         `json:"more"` // there is more than the list holds
	Days   []AgendaDay  `json:"days"`
	People []Reference  `json:"people"` // whose agendas the caller may read
}

// AgendaItem is a next action or a task.
type AgendaItem struct {
	Object    string     `json:"object"`
	ID        string     `json:"id"`
	Label     string     `json:"label"`
	Kind      string     `json:"kind"` // follow_up or task
	Action    string     `json:"action,omitempty"`
	DueAt     string     `json:"due_at"`
	Overdue   bool       `json:"overdue"`
	Owner     *Reference `json:"owner,omitempty"`
	DoneField string     `json:"done_field,omitempty"`
	CanMove   bool       `json:"can_move"`

	due time.Time
}

// AgendaDay is a day and what it is to working people: workday, weekend, holiday or make_up.
type AgendaDay struct {
	Day  string `json:"day"`
	Kind string `json:"kind"`
}

// AgendaMove is another time for a thing to do. Was is the time that the
// caller saw. Putting a next action off needs a reason.
type AgendaMove struct {
	Object string `json:"object"`
	ID     string `json:"id"`
	DueAt  string `json:"due_at"`
	Was    string `json:"was,omitempty"`
	Reason string `json:"reason,omitempty"`
}

const (
	agendaDays    = 62
	agendaItems   = 300 // of each object
	agendaPeople  = 300
	reasonLetters = 200
)

// agendaSource is an object whose records are to be done, as the caller may know it.
type agendaSource struct {
	object            *schema.Object
	kind              string
	due, done, action *schema.Field
}

// agendaSources are the objects with a due field that the caller may read.
func (c *Call) agendaSources() []agendaSource {
	var list []agendaSource
	for _, object := range c.Snapshot.Objects {
		visible := c.Grants.Visible(object)
		if visible == nil || !c.Grants.Can(object, access.Read) {
			continue
		}
		if one, ok := newAgendaSource(visible); ok {
			list = append(list, one)
		}
	}
	return list
}

func newAgendaSource(o *schema.Object) (one agendaSource, ok bool) {
	one.object = o
	switch {
	case o.FollowUp != nil:
		one.kind = "follow_up"
		one.due, ok = o.Field(o.FollowUp.NextDue)
		one.action, _ = o.Field(o.FollowUp.NextAction)
	case o.Agenda != nil:
		one.kind = "task"
		one.due, ok = o.Field(o.Agenda.Due)
		one.done, _ = o.Field(o.Agenda.Done)
	}
	return one, ok
}

// agendaSpan is the days that are asked for; begin is zero when overdue things count too.
type agendaSpan struct{ begin, end time.Time }

func (s *Server) agenda(c *Call) error {
	span, err := c.agendaSpan()
	if err != nil {
		return err
	}
	view := AgendaView{From: c.Query("from"), To: c.Query("to"), Items: []AgendaItem{}, Days: c.agendaDays(span), People: c.agendaPeople()}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		view.Now = stamp(tx.Now())
		for _, one := range c.agendaSources() {
			page, err := s.reader(c, tx).List(one.listing(c, span))
			if err != nil {
				return err
			}
			view.More = view.More || page.Next != nil
			for _, row := range page.Rows {
				view.Items = append(view.Items, c.agendaItem(one, row, tx.Now()))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(view.Items, func(a, b AgendaItem) int { return a.due.Compare(b.due) })
	return c.JSON(view)
}

func (c *Call) agendaSpan() (agendaSpan, error) {
	var span agendaSpan
	var faults fault.Collector
	read := func(name string) time.Time {
		at, err := time.ParseInLocation(time.DateOnly, c.Query(name), c.companyZone())
		if err != nil {
			faults.Add(&fault.Field{Path: name, Code: "invalid_date"})
		}
		return at
	}
	span.end = read("to").AddDate(0, 0, 1)
	if c.Query("from") != "" {
		span.begin = read("from")
		if !span.end.After(span.begin) || span.end.After(span.begin.AddDate(0, 0, agendaDays+1)) { // by the calendar: a day may have 23 hours
			faults.Add(&fault.Field{Path: "to", Code: "out_of_range"})
		}
	}
	if len(faults.Fields) > 0 {
		return span, fault.New(fault.Malformed, "invalid_range", faults.Fields...)
	}
	return span, nil
}

// listing is the source's records of these days that are still to be done.
func (one agendaSource) listing(c *Call, span agendaSpan) record.Listing {
	o := one.object
	also := query.And{query.Where(one.due, "<", span.end)}
	if !span.begin.IsZero() {
		also = append(also, query.Where(one.due, ">=", span.begin))
	}
	if one.done != nil {
		also = append(also, query.Not{Condition: query.Where(one.done, "=", true)})
	}
	if o.Closed != nil {
		if status, ok := o.Field(o.Closed.Field); ok {
			also = append(also, query.Not{Condition: query.In{Field: status, Values: anyOf(o.Closed.Choices)}})
		}
	}
	if owner, ok := o.Field(o.OwnerField); ok && c.Query("person") != "all" {
		also = append(also, query.Where(owner, "=", cmp.Or(c.Query("person"), c.User.ID)))
	}
	return record.Listing{Object: o.Name, Sort: one.due.Name, Fields: one.fields(), Also: also, Limit: agendaItems}
}

func anyOf(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}

func (one agendaSource) fields() []string {
	names := []string{one.due.Name}
	for _, name := range []string{one.object.TitleField, one.object.OwnerField} {
		if name != "" {
			names = append(names, name)
		}
	}
	if one.action != nil {
		names = append(names, one.action.Name)
	}
	return names
}

func (c *Call) agendaItem(one agendaSource, row query.Row, now time.Time) AgendaItem {
	item := AgendaItem{Object: one.object.Name, ID: row.ID, Label: titleOf(one.object, row), Kind: one.kind, CanMove: c.mayMove(one)}
	if due, ok := row.Values[one.due.ID].(time.Time); ok {
		item.due, item.DueAt, item.Overdue = due, stamp(due), due.Before(now)
	}
	if owner, ok := one.object.Field(one.object.OwnerField); ok {
		id, _ := row.Values[owner.ID].(string)
		item.Owner = c.UserReference(id)
	}
	if one.action != nil {
		id, _ := row.Values[one.action.ID].(string)
		if choice, ok := one.action.Choice(id); ok {
			item.Action = c.Label(choice.Label)
		}
	}
	if one.done != nil {
		item.DoneField = one.done.Name
	}
	return item
}

func (c *Call) mayMove(one agendaSource) bool {
	return c.Grants.Can(one.object, access.Update) && c.Grants.Field(one.due) >= access.Writable && !one.due.ReadOnly
}

// agendaDays says what each day is; none without a company calendar or a beginning.
func (c *Call) agendaDays(span agendaSpan) []AgendaDay {
	days := []AgendaDay{}
	calendar, ok := catalog.Compiled[*worktime.Calendar](c.Snapshot, "calendar", c.Snapshot.Company.Calendar)
	if !ok || span.begin.IsZero() {
		return days
	}
	for day := span.begin; day.Before(span.end); day = day.AddDate(0, 0, 1) {
		days = append(days, AgendaDay{Day: day.Format(time.DateOnly), Kind: string(calendar.Kind(day.Add(12 * time.Hour)))})
	}
	return days
}

// agendaPeople are those whose things to do the caller may read beside his own.
func (c *Call) agendaPeople() []Reference {
	reach := map[string]bool{}
	for _, one := range c.agendaSources() {
		people, all, _ := c.Grants.Reach(one.object, access.Read)
		if all {
			people = nil
			for _, u := range c.Directory.Users() {
				people = append(people, u.ID)
			}
		}
		for _, id := range people {
			reach[id] = true
		}
	}
	list := []Reference{}
	for _, u := range c.Directory.Users() {
		if u.Active && reach[u.ID] && len(list) < agendaPeople {
			list = append(list, Reference{ID: u.ID, Label: u.Name})
		}
	}
	if len(list) < 2 {
		return []Reference{}
	}
	return list
}

// moveAgenda writes the new time; who puts a promised next action off says why.
func (s *Server) moveAgenda(c *Call) error {
	var body AgendaMove
	if err := c.Decode(&body); err != nil {
		return err
	}
	one, err := c.movable(body.Object)
	if err != nil {
		return err
	}
	move, err := body.parse(s.Snapshot().Input(true), one.due)
	if err != nil {
		return err
	}
	object, _ := s.Snapshot().ObjectByID(one.object.ID)
	err = s.write(c, access.Update, record.Change{
		Act: record.Update, Object: object, ID: body.ID, Set: map[string]any{one.due.ID: move.due}, Reason: move.reason, Holds: move.holds(one),
	}, nil)
	if err != nil {
		return atDue(one, err)
	}
	return s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		row, err := s.reader(c, tx).Get(one.object, body.ID)
		if err != nil {
			return err
		}
		return c.JSON(c.agendaItem(one, row, tx.Now()))
	})
}

// atDue lets a fault of the due field stand where the caller gave its value.
func atDue(one agendaSource, err error) error {
	if problem, ok := fault.As(err); ok {
		for i := range problem.Fields {
			if problem.Fields[i].Path == one.due.Name {
				problem.Fields[i].Path = "due_at"
			}
		}
	}
	return err
}

func (c *Call) movable(object string) (agendaSource, error) {
	for _, one := range c.agendaSources() {
		if one.object.Name != object {
			continue
		}
		if !c.mayMove(one) {
			return one, fault.New(fault.Forbidden, "forbidden")
		}
		return one, nil
	}
	return agendaSource{}, fault.New(fault.NotFound, "not_found")
}

// move is a parsed AgendaMove.
type move struct {
	due    time.Time
	was    *time.Time
	reason string
}

func (m AgendaMove) parse(in schema.Input, due *schema.Field) (move, error) {
	var faults fault.Collector
	read := func(path, text string) (time.Time, bool) {
		value, bad := due.Parse(text, in)
		if bad != nil {
			bad.Path = path
			faults.Add(bad)
		}
		at, ok := value.(time.Time)
		return at, ok
	}
	out := move{reason: strings.TrimSpace(m.Reason)}
	at, ok := read("due_at", m.DueAt)
	if out.due = at; !ok && len(faults.Fields) == 0 {
		faults.Add(&fault.Field{Path: "due_at", Code: "required"})
	}
	if was, ok := read("was", m.Was); ok {
		out.was = &was
	}
	if len([]rune(m.Reason)) > reasonLetters {
		faults.Add(&fault.Field{Path: "reason", Code: "too_long", Params: map[string]any{"max": reasonLetters}})
	}
	return out, faults.Err()
}

// holds refuses a move of what was moved meanwhile, and one that puts a next
// action off without a reason.
func (m move) holds(one agendaSource) func(query.Row) error {
	return func(before query.Row) error {
		due, has := before.Values[one.due.ID].(time.Time)
		if m.was != nil && (!has || !due.Equal(*m.was)) {
			return fault.New(fault.Conflict, "changed_meanwhile", fault.Field{Path: "due_at", Code: "changed_meanwhile", Current: stampOrBlank(due)})
		}
		if one.kind == "follow_up" && has && m.due.After(due) && m.reason == "" {
			return fault.New(fault.Invalid, "reason_required", fault.Field{Path: "reason", Code: "required"})
		}
		return nil
	}
}
