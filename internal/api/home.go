package api

import (
	"cmp"
	"fmt"
	"maps"
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
	"clew.dev/clew/internal/thread"
)

func (s *Server) homeRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: Prefix + "/home", Tag: "home", Summary: "What to do now, by the caller's role.",
		Policy: SignedIn("lists hold the caller's own records"), Out: HomeView{}, Handle: s.showHome,
	}, {
		Method: http.MethodGet, Path: Prefix + "/home/heat/{block}", Tag: "home", Summary: "A block's records by two of their fields, and how many of each are good.",
		Policy: SignedIn("counts only what the caller may see, of a block of his home"), Out: HeatView{}, Handle: s.showHeat,
	}, {
		Method: http.MethodGet, Path: Prefix + "/home/risk/{block}", Tag: "home", Summary: "Customers whose contracts end soon, by how long nobody spoke to them.",
		Policy: SignedIn("names only what the caller may see, of a block of his home"), Out: RiskView{}, Handle: s.showRisk,
	}}
}

// HomeView is a home page (H9): the blocks that its documents lay out, in their order.
type HomeView struct {
	Kind   string      `json:"kind"`
	Blocks []BlockView `json:"blocks"`
}

// BlockView is one block. A list carries its first records and the filter that
// opens it whole, people carries what waits with each; heat and risk are asked
// for by themselves.
type BlockView struct {
	Name      string        `json:"name"`
	Type      string        `json:"type"`
	Label     string        `json:"label"`
	Object    string        `json:"object"`
	Alarm     bool          `json:"alarm,omitempty"`
	Action    string        `json:"action,omitempty"`
	Count     int           `json:"count"`
	CountMore bool          `json:"count_more,omitempty"`
	Filter    string        `json:"filter"`
	Sort      string        `json:"sort,omitempty"`
	Items     []HomeItem    `json:"items,omitempty"`
	People    []WaitingView `json:"people,omitempty"`
}

// HomeItem is a record that waits, with the last things that were said of it,
// the newest first, and what its customer mentioned how often.
type HomeItem struct {
	Record         Record        `json:"record"`
	DueAt          string        `json:"due_at,omitempty"`
	OverdueMinutes int           `json:"overdue_minutes,omitempty"`
	Last           *LastView     `json:"last"`
	Earlier        []LastView    `json:"earlier,omitempty"`
	Mentions       []MentionView `json:"mentions,omitempty"`
}

// LastView is a follow-up or an arrival in a sentence.
type LastView struct {
	At   string `json:"at"`
	Text string `json:"text"`
}

// MentionView is how often something was mentioned.
type MentionView struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// WaitingView is what waits with one person.
type WaitingView struct {
	User    *Reference `json:"user"`
	Overdue int64      `json:"overdue"`
	Open    int64      `json:"open"`
	Filter  string     `json:"filter"`
}

// homeItems is how many records a list shows that says nothing of it.
const homeItems = 8

// showHome builds the page from the blocks of the caller's home. A block that
// needs what the caller may not see is left out.
func (s *Server) showHome(c *Call) error {
	view := HomeView{Kind: c.Grants.Home(), Blocks: []BlockView{}}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r := s.reader(c, tx)
		for _, block := range c.blocks() {
			one, err := s.block(c, r, block)
			if needsHidden(err) {
				continue
			}
			if err != nil {
				return err
			}
			view.Blocks = append(view.Blocks, one)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// blocks are those of the caller's home about objects that he may read, in their order.
func (c *Call) blocks() []*catalog.Block {
	var blocks []*catalog.Block
	for _, b := range catalog.All[*catalog.Block](c.Snapshot, "block") {
		if b.Home == c.Grants.Home() && c.Grants.Can(b.Object, access.Read) {
			blocks = append(blocks, b)
		}
	}
	slices.SortStableFunc(blocks, func(a, b *catalog.Block) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Name, b.Name))
	})
	return blocks
}

// homeBlock is the block of the caller's home that the address names.
func (c *Call) homeBlock(kind string) (*catalog.Block, error) {
	for _, b := range c.blocks() {
		if b.Name == c.Param("block") && b.Type == kind {
			return b, nil
		}
	}
	return nil, fault.New(fault.NotFound, "not_found")
}

func (s *Server) block(c *Call, r *record.Reader, b *catalog.Block) (BlockView, error) {
	object := c.Grants.Visible(b.Object)
	view := BlockView{
		Name: b.Name, Type: b.Type, Label: c.Label(b.Label), Object: object.Name,
		Alarm: b.Alarm, Action: b.Action, Sort: b.Sort,
	}
	var err error
	if b.Filter != "" {
		view.Filter, _ = c.inWords(b.Filter, object) // "" where it names a hidden field: the list below then fails, and says why
	}
	switch b.Type {
	case catalog.ListBlock:
		err = s.fillList(c, r, object, b, &view)
	case catalog.PeopleBlock:
		view.People, err = s.waiting(c, r, object)
	}
	return view, err
}

// needsHidden tells that a section asks for a field which the reader does not see.
func needsHidden(err error) bool {
	f, ok := fault.As(err)
	return ok && len(f.Fields) > 0 && f.Fields[0].Code == "unknown_field"
}

// fillList reads the first records of a list and what was said of them.
func (s *Server) fillList(c *Call, r *record.Reader, object *schema.Object, b *catalog.Block, view *BlockView) error {
	page, err := r.List(record.Listing{Object: object.Name, Filter: b.Filter, Sort: b.Sort, Limit: cmp.Or(b.Limit, homeItems), Count: true})
	if err != nil {
		return err
	}
	view.Count, view.CountMore = page.Count, page.More
	if view.Items, err = s.homeItems(c, r, page, b.Recent); err != nil || b.Mentions == nil {
		return err
	}
	mentions, err := s.mentions(c, r, b.Mentions, page.Rows)
	for i, row := range page.Rows {
		view.Items[i].Mentions = mentions[row.ID]
	}
	return err
}

// homeItems are the rows of a page with their deadlines and the last entries said of each.
func (s *Server) homeItems(c *Call, r *record.Reader, page record.Page, recent int) ([]HomeItem, error) {
	views, err := s.views(c, r, page.Fields, page.Rows)
	if err != nil {
		return nil, err
	}
	said, err := s.lastSaid(c, r, page.Rows, recent)
	if err != nil {
		return nil, err
	}
	items := make([]HomeItem, 0, len(page.Rows))
	for i, row := range page.Rows {
		item := HomeItem{Record: views[i]}
		if told := said[row.ID]; len(told) > 0 {
			item.Last, item.Earlier = &told[0], told[1:]
		}
		item.due(page.Object, row, r.Tx.Now())
		items = append(items, item)
	}
	return items, nil
}

// mentions counts the values of a field on the records that refer to each row.
func (s *Server) mentions(c *Call, r *record.Reader, l *catalog.Linked, rows []query.Row) (map[string][]MentionView, error) {
	object := c.Grants.Visible(l.Object)
	if object == nil || !c.Grants.Can(l.Object, access.Read) || len(rows) == 0 {
		return nil, nil
	}
	link, seen := object.Field(l.Link.Name)
	field, also := object.Field(l.Field.Name)
	if !seen || !also {
		return nil, nil
	}
	ids := make([]any, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	found, err := record.Select(r.Tx, query.Select{
		Object: object, Fields: []*schema.Field{link, field}, Limit: mentionRows,
		Sort:  []query.Sort{{System: "created_at", Desc: true}},
		Where: query.And{c.Grants.Scope(l.Object, access.Read), query.In{Field: link, Values: ids}, query.Not{Condition: query.Blank(field)}},
	})
	return countMentions(c, found, link, field), err
}

// mentionRows is how many records are searched for mentions, the newest first.
const mentionRows = 200

func countMentions(c *Call, rows []query.Row, link, field *schema.Field) map[string][]MentionView {
	counts := map[string]map[string]int{}
	for _, row := range rows {
		id, _ := row.Values[link.ID].(string)
		if counts[id] == nil {
			counts[id] = map[string]int{}
		}
		values, many := row.Values[field.ID].([]string)
		if one, ok := row.Values[field.ID].(string); ok && !many {
			values = []string{one}
		}
		for _, value := range values {
			counts[id][c.valueLabel(field, value)]++
		}
	}
	out := map[string][]MentionView{}
	for id, byValue := range counts {
		for _, value := range slices.Sorted(maps.Keys(byValue)) {
			out[id] = append(out[id], MentionView{value, byValue[value]})
		}
		slices.SortStableFunc(out[id], func(a, b MentionView) int { return b.Count - a.Count })
	}
	return out
}

// valueLabel is a value of a choice by its label, any other as it is.
func (c *Call) valueLabel(f *schema.Field, value string) string {
	if choice, ok := f.Choice(value); ok {
		return c.Label(choice.Label)
	}
	return value
}

// due is the record's next deadline, or since when it is overdue.
func (i *HomeItem) due(object *schema.Object, row query.Row, now time.Time) {
	if object.Health == nil {
		return
	}
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

// lastSaid are the last follow-ups of each record and how it arrived, the newest first.
func (s *Server) lastSaid(c *Call, r *record.Reader, rows []query.Row, recent int) (map[string][]LastView, error) {
	ids := make([]string, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	entries, err := thread.RecentOf(r.Tx, ids, recent, "follow_up", "touched", "received")
	if err != nil {
		return nil, err
	}
	voice := s.voice(c)
	said := map[string][]LastView{}
	for _, e := range entries {
		told := voice.Tell(e)
		said[e.Record] = append(said[e.Record], LastView{At: stamp(told.At), Text: strings.TrimSpace(told.Text)})
	}
	return said, nil
}

// waiting is what waits with each person whose records the caller sees.
func (s *Server) waiting(c *Call, r *record.Reader, object *schema.Object) ([]WaitingView, error) {
	if object.Health == nil {
		return nil, nil
	}
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
