package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/merge"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

func (s *Server) threadRoutes() []Route {
	const one = Prefix + "/records/{object}/{id}"
	own := SignedIn("answers only for a record that the caller may read, without fields that he may not")
	return []Route{
		{Method: http.MethodGet, Path: one + "/thread", Tag: "records", Summary: "What happened to a record, newest first.", Policy: own, Out: List[record.Told]{}, Handle: s.showThread,
			Query: []Parameter{{"limit", "1–500, 50 if absent"}, {"cursor", "next_cursor of the page before"}}},
		{Method: http.MethodGet, Path: one + "/clocks", Tag: "records", Summary: "The clocks of a record.", Policy: own, Out: List[ClockView]{}, Handle: s.showClocks},
		{Method: http.MethodGet, Path: one + "/why", Tag: "records", Summary: "Why this owner and this score.", Policy: own, Out: Why{}, Handle: s.showWhy},
		{Method: http.MethodGet, Path: one + "/related", Tag: "records", Summary: "Records linked with this one.", Policy: own, Out: List[RelatedView]{}, Handle: s.showRelated},
	}
}

// ClockView is one clock on a record.
type ClockView struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Label     string `json:"label"`
	State     string `json:"state"` // running, fired, satisfied or cancelled
	StartedAt string `json:"started_at"`
	DueAt     string `json:"due_at,omitempty"`
	Late      bool   `json:"late"`
}

// Why are the reasons of a record's owner and score; null where there are none.
type Why struct {
	Owner *WhyOwner `json:"owner"`
	Score *WhyScore `json:"score"`
}

// WhyOwner is the last routing.
type WhyOwner struct {
	At         string          `json:"at"`
	Table      string          `json:"table"`
	Version    json.Number     `json:"version,omitempty"`
	Row        string          `json:"row,omitempty"`
	RowLabel   string          `json:"row_label,omitempty"`
	Condition  string          `json:"condition,omitempty"`   // as it was then, with today's names
	RowChanged bool            `json:"row_changed,omitempty"` // the row is another now, or gone
	Pool       string          `json:"pool,omitempty"`
	Strategy   string          `json:"strategy,omitempty"`
	Candidates []CandidateView `json:"candidates"`
	Chosen     *Reference      `json:"chosen"`
	Text       string          `json:"text"`
}

// CandidateView is a person whom the routing looked at.
type CandidateView struct {
	User     *Reference `json:"user"`
	Load     int        `json:"load"`
	Capacity int        `json:"capacity,omitempty"`
	Eligible bool       `json:"eligible"`
	Reason   string     `json:"reason,omitempty"`
}

// WhyScore is the last scoring.
type WhyScore struct {
	Total         json.Number        `json:"total"`
	Stars         json.Number        `json:"stars"`
	Card          string             `json:"card"`
	Version       json.Number        `json:"version"`
	Contributions []ContributionView `json:"contributions"`
	Text          string             `json:"text"`
}

// ContributionView is what one rule gave.
type ContributionView struct {
	Rule   string      `json:"rule"`
	Label  string      `json:"label"`
	Points json.Number `json:"points"`
}

// voice tells entries in the caller's language, with his rights.
func (s *Server) voice(c *Call) *record.Voice {
	snapshot := s.Snapshot()
	return &record.Voice{
		Language: c.Language, Zone: c.zone(snapshot.Zone()), Snapshot: snapshot, Directory: c.Directory, Texts: s.Sentences,
		Visible: func(o *schema.Object) *schema.Object {
			if visible := c.Grants.Visible(o); visible != nil {
				return visible
			}
			return (&schema.Object{ID: o.ID, Name: o.Name, Label: o.Label}).Seal()
		},
		Part: func(kind, name, part string) (schema.Label, []string) {
			return reaction.PartOf(snapshot, kind, name, part)
		},
	}
}

// zone is the caller's own zone, or the company's.
func (c *Call) zone(company *time.Location) *time.Location {
	if zone, err := time.LoadLocation(c.User.Zone); err == nil && c.User.Zone != "" {
		return zone
	}
	return company
}

// readable runs fn inside a read for a record that the caller may see.
func (s *Server) readable(c *Call, fn func(r *record.Reader, visible *schema.Object, row query.Row) error) error {
	_, visible, err := s.seen(c, access.Read)
	if err != nil {
		return err
	}
	return s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r := s.reader(c, tx)
		row, err := r.Get(visible, c.Param("id"))
		if err != nil {
			return err
		}
		return fn(r, visible, row)
	})
}

func (s *Server) showThread(c *Call) error {
	limit, err := c.limit()
	if err != nil {
		return err
	}
	var at threadPlace
	if cursor := c.Query("cursor"); cursor != "" {
		if err := s.Seal.OpenCursor(cursor, "thread "+c.Param("id"), &at); err != nil {
			return err
		}
	}
	answer := map[string]any{"next_cursor": nil}
	err = s.readable(c, func(r *record.Reader, _ *schema.Object, row query.Row) error {
		entries, next, err := entriesFrom(r.Tx, row.ID, at, limit)
		if err != nil {
			return err
		}
		if err := record.AmendComments(r.Tx, entries); err != nil {
			return err
		}
		if next != nil {
			if answer["next_cursor"], err = s.Seal.Cursor(next, "thread "+row.ID); err != nil {
				return err
			}
		}
		voice := s.voice(c)
		if err := voice.NameReferences(r, entries); err != nil {
			return err
		}
		told, err := s.tell(r.Tx, voice, entries)
		if err != nil {
			return err
		}
		if err := s.showLinks(c, r, told); err != nil {
			return err
		}
		answer["items"] = told
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

// threadPlace is where a page of a thread goes on: in the record's own thread,
// then in those of the records that were merged into it.
type threadPlace struct {
	Part   int   `json:"p,omitempty"` // 0 is the record itself
	Before int64 `json:"b"`
}

// entriesFrom reads the next entries of a record and of its parts.
func entriesFrom(tx *sqldb.Tx, id string, at threadPlace, limit int) (entries []thread.Entry, next *threadPlace, err error) {
	parts, err := merge.Parts(tx, id)
	if err != nil {
		return nil, nil, err
	}
	sources := append([]string{id}, parts...)
	for ; at.Part < len(sources); at = (threadPlace{Part: at.Part + 1}) {
		more, err := thread.List(tx, sources[at.Part], at.Before, limit-len(entries)+1)
		if err != nil {
			return nil, nil, err
		}
		entries = append(entries, more...)
		if len(entries) > limit {
			entries = entries[:limit]
			place := threadPlace{Part: at.Part, Before: at.Before}
			if len(more) > 1 {
				place.Before = entries[limit-1].Seq
			}
			return entries, &place, nil
		}
	}
	return entries, nil, nil
}

func (s *Server) showClocks(c *Call) error {
	list := List[ClockView]{Items: []ClockView{}}
	err := s.readable(c, func(r *record.Reader, _ *schema.Object, row query.Row) error {
		runs, err := reaction.RunsOf(r.Tx, row.ID)
		for _, run := range runs {
			if run.State.Phase == clock.Idle {
				continue
			}
			label, _ := reaction.PartOf(r.Snapshot, "clock", run.Clock, "")
			list.Items = append(list.Items, ClockView{
				ID: row.ID + "." + run.Clock, Name: run.Clock, Label: c.Label(label), State: stateWord(run.State),
				StartedAt: stamp(run.State.Started), DueAt: stampOrBlank(run.State.Due), Late: run.State.Breached,
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}

// stateWord is a clock's state as the API names it: broken and still running is fired.
func stateWord(state clock.State) string {
	if state.Phase == clock.Running && state.Breached {
		return "fired"
	}
	return string(state.Phase)
}

func stampOrBlank(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

func (s *Server) showWhy(c *Call) error {
	var why Why
	err := s.readable(c, func(r *record.Reader, visible *schema.Object, row query.Row) error {
		voice := s.voice(c)
		routed, err := thread.LastOf(r.Tx, []string{row.ID}, "routed")
		if err != nil {
			return err
		}
		if e, ok := routed[row.ID]; ok {
			if err := s.asThen(r.Tx, voice, "routing-table", "table", e); err != nil {
				return err
			}
			if why.Owner, err = s.whyOwner(c, r.Tx, voice, visible, e); err != nil {
				return err
			}
		}
		scored, err := thread.LastOf(r.Tx, []string{row.ID}, "scored")
		if err != nil {
			return err
		}
		e, ok := scored[row.ID]
		if !ok || voice.Silent(e) {
			return nil
		}
		if err := s.asThen(r.Tx, voice, "scorecard", "card", e); err != nil {
			return err
		}
		if !voice.Silent(e) {
			why.Score = whyScore(voice, e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(why)
}

func whyScore(voice *record.Voice, e thread.Entry) *WhyScore {
	told := voice.Tell(e)
	why := &WhyScore{
		Total: paramNumber(told.Params, "total"), Stars: paramNumber(told.Params, "stars"), Card: paramText(told.Params, "card"),
		Version: paramNumber(told.Params, "version"), Text: told.Text, Contributions: []ContributionView{},
	}
	items, _ := told.Params["contributions"].([]any)
	for _, item := range items {
		m, _ := item.(map[string]any)
		label, _ := voice.Part("scorecard", why.Card, paramText(m, "rule"))
		why.Contributions = append(why.Contributions, ContributionView{
			Rule: paramText(m, "rule"), Label: label.In(voice.Language), Points: paramNumber(m, "points"),
		})
	}
	return why
}

func paramText(params map[string]any, name string) string {
	text, _ := params[name].(string)
	return text
}

func paramNumber(params map[string]any, name string) json.Number {
	switch n := params[name].(type) {
	case json.Number:
		return n
	case int:
		return json.Number(strconv.Itoa(n))
	}
	return "0"
}
