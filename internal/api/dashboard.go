package api

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"sort"
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

func (s *Server) dashboardRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: Prefix + "/dashboards/{name}", Tag: "figures", Summary: "The health figures of an object: first touch, median, unassigned, overdue.",
		Policy: Needs(access.DashboardRead), Out: HealthView{}, Handle: s.showHealth,
		Query: []Parameter{{"from", "2026-01-31"}, {"to", "2026-02-28"}, {"channel", "a source's name"}},
	}}
}

// HealthView is the lead-health dashboard (H1). Each filter opens the list that gives its number.
type HealthView struct {
	Now       string         `json:"now"`
	Range     RangeView      `json:"range"`
	Totals    HealthTotals   `json:"totals"`
	ByChannel []ChannelCount `json:"by_channel"`
	ByPerson  []PersonCount  `json:"by_person"`
	ByDay     []DayCount     `json:"by_day"`
	Filters   map[string]any `json:"filters"`
}

// RangeView is the company days that the figures are of, both included.
type RangeView struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// HealthTotals are the figures of all channels; unassigned and overdue are of now.
type HealthTotals struct {
	Leads      int64    `json:"leads"`
	Touched    int64    `json:"touched"`
	Untouched  int64    `json:"untouched"`
	Within24h  int64    `json:"within_24h"`
	Within30m  int64    `json:"within_30m"`
	Median     *float64 `json:"median_minutes"`
	Unassigned int64    `json:"unassigned"`
	Overdue    int64    `json:"overdue"`
}

// ChannelCount are the figures of one source.
type ChannelCount struct {
	Channel   string   `json:"channel"`
	Label     string   `json:"label"`
	Leads     int64    `json:"leads"`
	Touched   int64    `json:"touched"`
	Within24h int64    `json:"within_24h"`
	Within30m int64    `json:"within_30m"`
	Median    *float64 `json:"median_minutes"`
	Filter    string   `json:"filter"`
}

// PersonCount is what waits with one person.
type PersonCount struct {
	User    *Reference `json:"user"`
	Overdue int64      `json:"overdue"`
	Open    int64      `json:"open"`
	Filter  string     `json:"filter"`
}

// DayCount is how many records a source gave on a day.
type DayCount struct {
	Day     string `json:"day"`
	Channel string `json:"channel"`
	Label   string `json:"label"`
	Leads   int64  `json:"leads"`
	Filter  string `json:"filter"`
}

// defaultDays is the range of a dashboard that names none.
const defaultDays = 30

// health is one reading of the dashboard.
type health struct {
	server *Server
	call   *Call
	reader *record.Reader
	object *schema.Object // as the caller may know it
	source *schema.Field
	owner  *schema.Field
	days   metric.Range
	view   *HealthView
}

func (s *Server) showHealth(c *Call) error {
	view := HealthView{ByChannel: []ChannelCount{}, ByPerson: []PersonCount{}, ByDay: []DayCount{}, Filters: map[string]any{}}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		h, err := s.health(c, tx, &view)
		if err != nil {
			return err
		}
		return h.fill()
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

func (s *Server) health(c *Call, tx *sqldb.Tx, view *HealthView) (*health, error) {
	h := &health{server: s, call: c, reader: s.reader(c, tx), view: view}
	for _, object := range s.Snapshot().Objects {
		if object.Health != nil && object.Name+"-health" == c.Param("name") {
			h.object = c.Grants.Visible(object)
		}
	}
	if h.object == nil {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	var known bool
	if h.source, known = h.object.Field(h.object.Health.Source); !known {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	if h.owner, known = h.object.Field(h.object.OwnerField); !known {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	return h, h.setRange(tx.Now())
}

func (h *health) setRange(now time.Time) error {
	today := now.In(h.server.Snapshot().Zone())
	h.days = metric.Range{Object: h.object.ID, From: h.call.Query("from"), To: h.call.Query("to")}
	if h.days.To == "" {
		h.days.To = today.Format(time.DateOnly)
	}
	if h.days.From == "" {
		h.days.From = today.AddDate(0, 0, 1-defaultDays).Format(time.DateOnly)
	}
	for name, day := range map[string]string{"from": h.days.From, "to": h.days.To} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return fault.New(fault.Malformed, "invalid_date", fault.Field{Path: name, Code: "invalid_date"})
		}
	}
	if name := h.call.Query("channel"); name != "" && h.source != nil {
		value, bad := h.source.Parse(name, h.server.Snapshot().Input(true))
		if bad != nil {
			return fault.New(fault.Malformed, "invalid_input", fault.Field{Path: "channel", Code: bad.Code})
		}
		h.days.Source, _ = value.(string)
	}
	h.view.Now, h.view.Range = stamp(now), RangeView{h.days.From, h.days.To}
	return nil
}

func (h *health) fill() error {
	figures, err := h.figures()
	if err != nil {
		return err
	}
	h.totals(figures)
	h.channels(figures)
	return h.present()
}

// figures are answered from the roll-ups, or, where the caller's scope is an
// expression, from the records of the range.
func (h *health) figures() (metric.Figures, error) {
	owners, all, exact := h.call.Grants.Owners(h.object, access.Read)
	if !exact {
		return h.counted()
	}
	if !all {
		h.days.Owners = owners
	}
	return metric.Read(h.reader.Tx, h.days)
}

func (h *health) totals(f metric.Figures) {
	h.view.Totals.Leads, h.view.Totals.Touched = f.Total.Created, f.Total.Touched
	h.view.Totals.Untouched = f.Total.Created - f.Total.Touched
	h.view.Totals.Within24h, h.view.Totals.Within30m = f.Total.Within24h, f.Total.Within30m
	h.view.Totals.Median = minutes(f.Total.Median)
	base := h.base("")
	first := h.object.Health.FirstTouch
	h.view.Filters["leads"] = base
	h.view.Filters["touched"] = base + " AND NOT ISBLANK(" + first + ")"
	h.view.Filters["untouched"] = base + " AND ISBLANK(" + first + ")"
	h.view.Filters["within_24h"] = base + fmt.Sprintf(` AND %s <= DATEADD(created_at, 24, "hour")`, first)
	h.view.Filters["within_30m"] = base + fmt.Sprintf(` AND %s <= DATEADD(created_at, 30, "minute")`, first)
}

// base is the filter of the range, and of one source where given.
func (h *health) base(source string) string {
	text := h.period(h.days.From, h.days.To)
	if source == "" {
		source = h.days.Source
	}
	if source != "" {
		text += " AND " + h.is(source)
	}
	return text
}

// period is the condition of company days, both included.
func (h *health) period(from, to string) string {
	return fmt.Sprintf(`created_at >= "%s" AND created_at < "%s"`, from, dayAfter(to))
}

func (h *health) is(source string) string {
	if choice, ok := h.source.Choice(source); ok {
		return h.source.Name + " = " + expr.Quote(choice.Name)
	}
	return "ISBLANK(" + h.source.Name + ")"
}

func (h *health) channels(f metric.Figures) {
	for source, counts := range f.BySource {
		name, label := h.names(source)
		filter := h.base(source)
		if source == "" {
			filter = h.period(h.days.From, h.days.To) + " AND " + h.is("")
		}
		h.view.ByChannel = append(h.view.ByChannel, ChannelCount{
			Channel: name, Label: label, Leads: counts.Created, Touched: counts.Touched,
			Within24h: counts.Within24h, Within30m: counts.Within30m, Median: minutes(counts.Median), Filter: filter,
		})
	}
	sort.Slice(h.view.ByChannel, func(i, j int) bool {
		a, b := h.view.ByChannel[i], h.view.ByChannel[j]
		return a.Leads > b.Leads || a.Leads == b.Leads && a.Channel < b.Channel
	})
	for _, d := range f.ByDay {
		name, label := h.names(d.Source)
		h.view.ByDay = append(h.view.ByDay, DayCount{
			Day: d.Day, Channel: name, Label: label, Leads: d.Created, Filter: h.period(d.Day, d.Day) + " AND " + h.is(d.Source),
		})
	}
}

func (h *health) names(source string) (name, label string) {
	if choice, ok := h.source.Choice(source); ok {
		return choice.Name, h.call.Label(choice.Label)
	}
	return "", ""
}

// present are the figures of now: unassigned, and overdue by person.
func (h *health) present() error {
	open := h.openText()
	nobody := "ISBLANK(" + h.owner.Name + ")" + open
	h.view.Filters["unassigned"] = nobody
	overdue, known := h.object.Field(h.object.Health.OverdueSince)
	unassigned, err := h.reader.Condition(h.object, nobody)
	if err != nil {
		return err
	}
	if h.view.Totals.Unassigned, err = h.reader.Total(h.object, unassigned); err != nil || !known {
		return err
	}
	h.view.Filters["overdue"] = "NOT ISBLANK(" + overdue.Name + ")"
	byOwner, err := h.overdue(overdue)
	if err != nil {
		return err
	}
	loads, err := metric.OpenByOwner(h.reader.Tx, h.object.ID)
	if err != nil {
		return err
	}
	h.people(byOwner, loads, overdue)
	return nil
}

// openText is the condition of open records, as an addition to a filter.
func (h *health) openText() string {
	closed := h.object.Closed
	if closed == nil {
		return ""
	}
	f, ok := h.object.Field(closed.Field)
	if !ok {
		return ""
	}
	text := ""
	for _, id := range closed.Choices {
		if choice, ok := f.Choice(id); ok {
			if text != "" {
				text += ", "
			}
			text += `"` + choice.Name + `"`
		}
	}
	return " AND NOT " + f.Name + " IN (" + text + ")"
}

func (h *health) overdue(f *schema.Field) (map[string]int64, error) {
	counts, err := h.countBy(h.owner, query.Not{Condition: query.Blank(f)})
	for _, n := range counts {
		h.view.Totals.Overdue += n
	}
	return counts, err
}

// countBy counts by a person the records of a condition that the caller may see.
func (h *health) countBy(person *schema.Field, where query.Condition) (map[string]int64, error) {
	groups, err := h.reader.Aggregate(query.Aggregate{
		Object: h.object, Group: []query.GroupBy{{Field: person}}, Measures: []query.Measure{{Kind: query.Count}}, Where: where,
	})
	counts := map[string]int64{}
	for _, g := range groups {
		owner, _ := g.Keys[0].(string)
		counts[owner], _ = g.Values[0].(int64)
	}
	return counts, err
}

func (h *health) people(overdue, loads map[string]int64, f *schema.Field) {
	owners, all, _ := h.call.Grants.Owners(h.object, access.Read)
	shown := map[string]bool{}
	for owner := range overdue {
		shown[owner] = true
	}
	for owner := range loads {
		if all || slices.Contains(owners, owner) {
			shown[owner] = true
		}
	}
	for owner := range shown {
		user := h.call.UserReference(owner)
		if user == nil {
			continue
		}
		h.view.ByPerson = append(h.view.ByPerson, PersonCount{
			User: user, Overdue: overdue[owner], Open: loads[owner],
			Filter: fmt.Sprintf(`%s = "%s" AND NOT ISBLANK(%s)`, h.owner.Name, owner, f.Name),
		})
	}
	sort.Slice(h.view.ByPerson, func(i, j int) bool {
		a, b := h.view.ByPerson[i], h.view.ByPerson[j]
		return a.Overdue > b.Overdue || a.Overdue == b.Overdue && (a.Open > b.Open || a.Open == b.Open && a.User.ID < b.User.ID)
	})
}

// liveDays is the longest range that is counted from the records themselves.
const liveDays = 90

// counted answers an expression scope from the records: at most 90 days.
func (h *health) counted() (metric.Figures, error) {
	if err := h.liveRange(); err != nil {
		return metric.Figures{}, err
	}
	condition, err := h.reader.Condition(h.object, h.base(""))
	if err != nil {
		return metric.Figures{}, err
	}
	first, _ := h.object.Field(h.object.Health.FirstTouch)
	rows, err := record.Select(h.reader.Tx, query.Select{
		Object: h.object, Fields: []*schema.Field{h.source, first},
		Where: query.And{h.call.Grants.Scope(h.object, access.Read), condition},
	})
	if err != nil {
		return metric.Figures{}, err
	}
	return metric.Count(rows, h.source, first, h.server.Snapshot().Zone()), nil
}

func minutes(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	m := math.Round(d.Minutes()*100) / 100
	return &m
}
