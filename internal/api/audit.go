package api

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) auditRoutes() []Route {
	only := Needs(access.AuditRead)
	path := Prefix + "/audit"
	search := []Parameter{
		{"kind", "an area (session) or a kind (session.started)"}, {"person", "id of who acted"},
		{"about", "id of who or what was acted on"}, {"from", "first day, YYYY-MM-DD in the company's zone"},
		{"to", "last day"}, {"failed", "1 for what was refused"},
	}
	return []Route{
		{
			Method: http.MethodGet, Path: path, Tag: "audit", Summary: "Who did what in administration and security, newest first.",
			Policy: only, Out: AuditPage{}, Handle: s.listAudit,
			Query: append(slices.Clone(search), Parameter{"limit", "1–500, default 50"}, Parameter{"cursor", "next_cursor of the page before"}),
		},
		{Method: http.MethodGet, Path: path + "/export", Tag: "audit", Summary: "The same as CSV; noted in the audit itself.", Policy: only, Query: search, Handle: s.exportAudit},
		{Method: http.MethodGet, Path: path + "/verify", Tag: "audit", Summary: "Walk the chain: was anything changed or taken away?", Policy: only, Out: AuditChain{}, Handle: s.verifyAudit},
	}
}

// AuditPage is a page of entries with the areas that there are.
type AuditPage struct {
	Items []AuditView `json:"items"`
	Next  *string     `json:"next_cursor"`
	Areas []RoleView  `json:"areas"`
}

// AuditView is one entry, as the reader's language says it.
type AuditView struct {
	Seq     int64          `json:"seq"`
	At      time.Time      `json:"at"`
	Area    string         `json:"area"`
	Kind    string         `json:"kind"`
	Failed  bool           `json:"failed"`
	Actor   AuditActor     `json:"actor"`
	Target  *AuditTarget   `json:"target"`
	Text    string         `json:"text"`
	Details []AuditDetail  `json:"details,omitempty"`
	Params  map[string]any `json:"params,omitempty"`
}

// AuditActor is who acted, and from where.
type AuditActor struct {
	Kind    string `json:"kind"` // person, token, program or nobody
	ID      string `json:"id,omitempty"`
	Label   string `json:"label"`
	Address string `json:"address,omitempty"`
}

// AuditTarget is who or what was acted on.
type AuditTarget struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Label string `json:"label"`
}

// AuditDetail is one property before and after.
type AuditDetail struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// AuditChain is what a walk over the chain found.
type AuditChain struct {
	Entries int64  `json:"entries"`
	Head    string `json:"head"`      // the last link, to be kept elsewhere
	Broken  *int64 `json:"broken_at"` // number of the first entry that does not hold; null when all do
}

// auditSearch reads the query; the cursor is bound to it.
func (c *Call) auditSearch() (audit.Search, error) {
	search := audit.Search{
		Kind: c.Query("kind"), Actor: c.Query("person"), Target: c.Query("about"), Failed: c.Query("failed") == "1",
	}
	var err error
	if search.From, err = c.day("from", 0); err != nil {
		return search, err
	}
	search.To, err = c.day("to", 1)
	return search, err
}

// day is the beginning of a day of the query, so many days later; zero when absent.
func (c *Call) day(name string, later int) (time.Time, error) {
	text := c.Query(name)
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, c.companyZone())
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: name, Code: "invalid_date"})
	}
	return day.AddDate(0, 0, later), nil
}

func (s *Server) listAudit(c *Call) error {
	search, err := c.auditSearch()
	if err != nil {
		return err
	}
	limit, err := c.limit()
	if err != nil {
		return err
	}
	purpose, place := fmt.Sprintf("audit %+v", search), audit.Place{}
	if cursor := c.Query("cursor"); cursor != "" {
		if err := s.Seal.OpenCursor(cursor, purpose, &place); err != nil {
			return err
		}
	}
	var entries []audit.Entry
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) (err error) {
		entries, err = audit.List(tx, search, place, limit+1)
		return err
	})
	if err != nil {
		return err
	}
	page := AuditPage{Items: []AuditView{}, Areas: []RoleView{}}
	for _, area := range audit.Areas() {
		page.Areas = append(page.Areas, RoleView{Name: area, Label: s.messages.text(c.Language, "audit."+area, nil)})
	}
	if len(entries) > limit {
		entries = entries[:limit]
		next, err := s.Seal.Cursor(entries[limit-1].Place(), purpose)
		if err != nil {
			return err
		}
		page.Next = &next
	}
	for _, e := range entries {
		page.Items = append(page.Items, s.auditView(c, e))
	}
	return c.JSON(page)
}

func (s *Server) auditView(c *Call, e audit.Entry) AuditView {
	area, _, _ := strings.Cut(e.Kind, ".")
	view := AuditView{
		Seq: e.Seq, At: e.At, Area: area, Kind: e.Kind, Failed: e.Failed, Params: e.Params,
		Actor: AuditActor{Kind: string(e.Actor.Kind), ID: e.Actor.ID, Address: e.Actor.Address, Label: s.actorLabel(c, e.Actor)},
		Text:  s.auditText(c, e), Details: s.auditDetails(c, e),
	}
	if e.Target.ID != "" {
		view.Target = &AuditTarget{Kind: e.Target.Kind, ID: e.Target.ID, Label: s.targetLabel(c, e.Target)}
	}
	return view
}

func (s *Server) actorLabel(c *Call, a audit.Actor) string {
	if u, ok := c.Directory.User(a.ID); ok {
		return u.Name
	}
	return s.messages.text(c.Language, "audit.actor_"+string(a.Kind), nil)
}

func (s *Server) targetLabel(c *Call, t audit.Target) string {
	switch t.Kind {
	case "person":
		if u, ok := c.Directory.User(t.ID); ok {
			return u.Name
		}
	case "object":
		if o, ok := c.Snapshot.Object(t.ID); ok {
			return c.Label(o.Label)
		}
	case "department":
		if d, ok := c.Directory.Department(t.ID); ok {
			return d.Name
		}
	}
	return t.ID
}

// auditText is the sentence of an entry; its placeholders are {target} and the params.
func (s *Server) auditText(c *Call, e audit.Entry) string {
	params := map[string]any{"target": s.targetLabel(c, e.Target)}
	if e.Target.ID == "" {
		params["target"] = s.messages.text(c.Language, "audit.actor_nobody", nil)
	}
	for name, value := range e.Params {
		params[name] = value
		if text, ok := value.(string); ok && s.messages.has(c.Language, "audit."+name+"_"+text) {
			params[name] = s.messages.text(c.Language, "audit."+name+"_"+text, nil)
		} else if ok {
			params[name] = s.auditValue(c, text)
		}
		if list, ok := value.([]any); ok {
			params[name] = s.auditValue(c, list)
		}
	}
	if !s.messages.has(c.Language, "audit."+e.Kind) {
		return e.Kind
	}
	return s.messages.text(c.Language, "audit."+e.Kind, params)
}

// auditDetails pair what an entry holds as before and after.
func (s *Server) auditDetails(c *Call, e audit.Entry) []AuditDetail {
	before, _ := e.Params["before"].(map[string]any)
	after, _ := e.Params["after"].(map[string]any)
	var details []AuditDetail
	for _, name := range slices.Sorted(maps.Keys(after)) {
		was, is := s.auditValue(c, before[name]), s.auditValue(c, after[name])
		if was == is {
			continue
		}
		label := name
		if s.messages.has(c.Language, "audit.field_"+name) {
			label = s.messages.text(c.Language, "audit.field_"+name, nil)
		}
		details = append(details, AuditDetail{Name: label, Before: was, After: is})
	}
	return details
}

// auditValue is a param as a person reads it; ids of people and departments become names.
func (s *Server) auditValue(c *Call, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		if u, ok := c.Directory.User(v); ok {
			return u.Name
		}
		if d, ok := c.Directory.Department(v); ok {
			return d.Name
		}
		return v
	case []any:
		texts := make([]string, 0, len(v))
		for _, item := range v {
			texts = append(texts, s.auditValue(c, item))
		}
		return strings.Join(texts, ", ")
	case bool:
		return s.messages.text(c.Language, "audit.value_"+strconv.FormatBool(v), nil)
	case json.Number:
		return v.String()
	}
	raw, err := encode(value)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(raw))
}

// auditStep is how many entries the export reads at a time.
const auditStep = 1000

// exportAudit streams what the search finds, a part at a time, each read in a
// snapshot of its own: entries never change, and new ones come before the first.
func (s *Server) exportAudit(c *Call) error {
	search, err := c.auditSearch()
	if err != nil {
		return err
	}
	err = s.DB.Write(c.R.Context(), func(tx *sqldb.Tx) error {
		return audit.Write(tx, audit.Entry{Kind: "export.audit", Params: map[string]any{"search": c.R.URL.RawQuery}})
	})
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="audit.csv"`)
	_, _ = c.W.Write([]byte("\ufeff")) // so that spreadsheets read it as UTF-8
	out := csv.NewWriter(c.W)
	if err := out.Write([]string{"seq", "at", "kind", "failed", "actor", "actor_kind", "address", "target", "text", "params"}); err != nil {
		return nil // the client left
	}
	for place := (audit.Place{}); ; {
		var entries []audit.Entry
		err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) (err error) {
			entries, err = audit.List(tx, search, place, auditStep)
			return err
		})
		if err != nil || len(entries) == 0 {
			out.Flush()
			return err
		}
		for _, e := range entries {
			if err := out.Write(s.auditLine(c, e)); err != nil {
				return nil // the client left
			}
		}
		place = entries[len(entries)-1].Place()
	}
}

func (s *Server) auditLine(c *Call, e audit.Entry) []string {
	params, err := encode(e.Params)
	if err != nil {
		params = nil
	}
	line := []string{
		strconv.FormatInt(e.Seq, 10), e.At.In(c.companyZone()).Format(time.RFC3339), e.Kind, strconv.FormatBool(e.Failed),
		s.actorLabel(c, e.Actor), string(e.Actor.Kind), e.Actor.Address, s.targetLabel(c, e.Target), s.auditText(c, e),
		strings.TrimSpace(string(params)),
	}
	for i := range line {
		line[i] = plainCell(line[i])
	}
	return line
}

// plainCell keeps spreadsheets from taking a text for a formula.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}

func (s *Server) verifyAudit(c *Call) error {
	var chain AuditChain
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) (err error) {
		if chain.Entries, chain.Head, err = audit.Head(tx); err != nil {
			return err
		}
		broken, err := audit.Verify(tx)
		if broken > 0 {
			chain.Broken = &broken
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(chain)
}
