package api

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

func (s *Server) homeRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: Prefix + "/home", Tag: "home", Summary: "What to do now, by the caller's role.",
		Policy: SignedIn("lists hold the caller's own records"), Out: HomeView{}, Handle: s.showHome,
	}}
}

// HomeView is a home page (H9): at most a few lists, the most urgent first.
type HomeView struct {
	Kind     string        `json:"kind"`
	Object   string        `json:"object,omitempty"`
	Sections []HomeSection `json:"sections"`
	ByPerson []WaitingView `json:"by_person,omitempty"`
}

// HomeSection is one list with the filter that opens it whole.
type HomeSection struct {
	Name      string     `json:"name"`
	Count     int        `json:"count"`
	CountMore bool       `json:"count_more,omitempty"`
	Filter    string     `json:"filter"`
	Sort      string     `json:"sort,omitempty"`
	Items     []HomeItem `json:"items"`
}

// HomeItem is a record that waits, with the last thing that was said of it.
type HomeItem struct {
	Record         Record    `json:"record"`
	DueAt          string    `json:"due_at,omitempty"`
	OverdueMinutes int       `json:"overdue_minutes,omitempty"`
	Last           *LastView `json:"last"`
}

// LastView is the last follow-up or arrival in a sentence.
type LastView struct {
	At   string `json:"at"`
	Text string `json:"text"`
}

// WaitingView is what waits with one person.
type WaitingView struct {
	User      *Reference `json:"user"`
	Overdue   int64      `json:"overdue"`
	Unclaimed int64      `json:"unclaimed"`
	Open      int64      `json:"open"`
	Filter    string     `json:"filter"`
}

// homeItems is how many records a section shows.
const homeItems = 8

// section is the question behind a list of the home page.
type section struct {
	name, filter, sort string
	limit              int // 0 is homeItems
}

// showHome builds the page for the object whose touches are kept; there is
// none without such an object.
func (s *Server) showHome(c *Call) error {
	view := HomeView{Kind: c.Grants.Home(), Sections: []HomeSection{}}
	object := s.watched(c)
	if object == nil {
		return c.JSON(view)
	}
	view.Object = object.Name
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r := s.reader(c, tx)
		for _, question := range homeSections(view.Kind, object, c.Snapshot) {
			list, err := s.homeSection(c, r, object, question)
			if needsHidden(err) {
				continue
			}
			if err != nil {
				return err
			}
			view.Sections = append(view.Sections, list)
		}
		if view.Kind != "manager" && view.Kind != "administrator" {
			return nil
		}
		var err error
		view.ByPerson, err = s.waiting(c, r, object)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// watched is the object with health fields, as the caller may know it.
func (s *Server) watched(c *Call) *schema.Object {
	for _, object := range c.Snapshot.Objects {
		if visible := c.Grants.Visible(object); object.Health != nil && visible != nil {
			return visible
		}
	}
	return nil
}

// homeSections are the lists of a role's home. A section that needs a field
// which the reader does not see is left out.
func homeSections(kind string, o *schema.Object, snapshot *catalog.Snapshot) []section {
	h := &health{object: o}
	open := h.openText()
	mine := o.OwnerField + " = ME()" + open
	overdue, first := o.Health.OverdueSince, o.Health.FirstTouch
	due := ""
	if o.FollowUp != nil {
		due = o.FollowUp.NextDue
	}
	nobody := "ISBLANK(" + o.OwnerField + ")" + open
	var all []section
	switch kind {
	case "sales", "service":
		all = []section{
			{name: "overdue", filter: mine + " AND NOT ISBLANK(" + overdue + ")", sort: overdue},
			{name: "to_claim", filter: mine + " AND ISBLANK(" + first + ") AND ISBLANK(" + overdue + ")", sort: "created_at"},
			{name: "due_today", filter: mine + " AND " + due + " <= TODAY() AND ISBLANK(" + overdue + ")", sort: due},
			{name: "upcoming", filter: mine + " AND " + due + " > TODAY() AND ISBLANK(" + overdue + ")", sort: due},
		}
	case "marketing":
		all = []section{
			{name: "needs_completion", filter: viewFilter(snapshot, o, "to_complete"), sort: "-created_at"},
			{name: "new", filter: "created_at >= TODAY()", sort: "-created_at"},
		}
	default:
		all = []section{
			{name: "unassigned", filter: nobody, sort: "created_at"},
			{name: "overdue", filter: "NOT ISBLANK(" + overdue + ")", sort: overdue},
			{name: "new", filter: "created_at >= TODAY()", sort: "-created_at"},
		}
	}
	return all
}

// needsHidden tells that a section asks for a field which the reader does not see.
func needsHidden(err error) bool {
	f, ok := fault.As(err)
	return ok && len(f.Fields) > 0 && f.Fields[0].Code == "unknown_field"
}

// viewFilter is the filter of an object's view, everything where there is none.
func viewFilter(snapshot *catalog.Snapshot, o *schema.Object, key string) string {
	for _, v := range catalog.All[*catalog.View](snapshot, "view") {
		if v.Key == key && v.Object.ID == o.ID {
			return v.Filter
		}
	}
	return ""
}

func (s *Server) homeSection(c *Call, r *record.Reader, object *schema.Object, q section) (HomeSection, error) {
	list := HomeSection{Name: q.name, Filter: q.filter, Sort: q.sort, Items: []HomeItem{}}
	page, err := r.List(record.Listing{Object: object.Name, Filter: q.filter, Sort: q.sort, Limit: cmp.Or(q.limit, homeItems), Count: true})
	if err != nil {
		return list, err
	}
	list.Count, list.CountMore = page.Count, page.More
	views, err := s.views(c, r, page.Fields, page.Rows)
	if err != nil {
		return list, err
	}
	last, err := s.lastSaid(c, r, page.Rows)
	if err != nil {
		return list, err
	}
	for i, row := range page.Rows {
		item := HomeItem{Record: views[i], Last: last[row.ID]}
		item.due(object, row, r.Tx.Now())
		list.Items = append(list.Items, item)
	}
	return list, nil
}

// due is the record's next deadline, or since when it is overdue.
func (i *HomeItem) due(object *schema.Object, row query.Row, now time.Time) {
	if f, ok := object.Field(object.Health.OverdueSince); ok {
		if since, ok := row.Values[f.ID].(time.Time); ok {
			i.DueAt, i.OverdueMinutes = stamp(since), int(now.Sub(since)/time.Minute)
			return
		}
	}
	if object.FollowUp == nil {
		return
	}
	if f, ok := object.Field(object.FollowUp.NextDue); ok {
		if due, ok := row.Values[f.ID].(time.Time); ok {
			i.DueAt = stamp(due)
		}
	}
}

// lastSaid is the last follow-up of each record, else how it arrived.
func (s *Server) lastSaid(c *Call, r *record.Reader, rows []query.Row) (map[string]*LastView, error) {
	ids := make([]string, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	entries, err := thread.LastOf(r.Tx, ids, "follow_up", "touched", "received")
	if err != nil {
		return nil, err
	}
	voice := s.voice(c)
	said := map[string]*LastView{}
	for id, e := range entries {
		told := voice.Tell(e)
		said[id] = &LastView{At: stamp(told.At), Text: strings.TrimSpace(told.Text)}
	}
	return said, nil
}

// waiting is what waits with each person whose records the caller sees.
func (s *Server) waiting(c *Call, r *record.Reader, object *schema.Object) ([]WaitingView, error) {
	overdue, known := object.Field(object.Health.OverdueSince)
	owner, owned := object.Field(object.OwnerField)
	if !known || !owned {
		return nil, nil
	}
	h := &health{server: s, call: c, reader: r, object: object, owner: owner, view: &HealthView{Filters: map[string]any{}}}
	if err := h.present(); err != nil {
		return nil, err
	}
	out := []WaitingView{}
	for _, p := range h.view.ByPerson {
		if p.Overdue > 0 || p.Open > 0 {
			out = append(out, WaitingView{
				User: p.User, Overdue: p.Overdue, Open: p.Open,
				Filter: fmt.Sprintf(`%s = "%s" AND NOT ISBLANK(%s)`, owner.Name, p.User.ID, overdue.Name),
			})
		}
	}
	return out, nil
}
