package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/merge"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

func (s *Server) recordRoutes() []Route {
	const object = Prefix + "/records/{object}"
	expandParameter := Parameter{"expand", "person,person.company: references as whole records"}
	own := SignedIn("every statement carries the caller's scope and fields")
	return []Route{
		{
			Method: http.MethodGet, Path: object, Tag: "records", Summary: "List records.", Policy: own, Out: List[Record]{}, Handle: s.listRecords,
			Query: []Parameter{
				{"filter", "expression"}, {"sort", "-created_at,name"}, {"fields", "API names"}, expandParameter, {"limit", "1–500, 50 if absent"},
				{"cursor", "next_cursor of the page before"}, {"count", "1: also count, up to 10,000; exact: however many"}, {"deleted", "1: what was deleted"},
			},
		},
		{Method: http.MethodPost, Path: object, Tag: "records", Summary: "Create a record.", Policy: own, Status: http.StatusCreated, In: Record{}, Out: Record{}, Handle: s.createRecord,
			Query: []Parameter{{"duplicate", "touch: note the visit on the open record instead of refusing"}}},
		{Method: http.MethodGet, Path: object + "/groups", Tag: "records", Summary: "Count records, and add up numbers, by the values of one or two fields.", Policy: own, Out: GroupPage{}, Handle: s.groupRecords,
			Query: []Parameter{{"filter", "expression"}, {"group", "status,created_at:month; day, week, month or year of a date"}, {"sum", "API names of numbers and currencies"}}},
		{Method: http.MethodPost, Path: object + "/batch", Tag: "records", Summary: "Create, update and delete up to 500 records.", Policy: own, In: Batch{}, Out: BatchAnswer{}, Limit: 8 << 20, Handle: s.batchRecords},
		{Method: http.MethodPost, Path: object + "/duplicates", Tag: "records", Summary: "Open records with the same phone, WeChat or e-mail.", Policy: own, In: Record{}, Out: List[Duplicate]{}, Handle: s.findDuplicates},
		{Method: http.MethodGet, Path: object + "/{id}", Tag: "records", Summary: "Read a record.", Policy: own, Out: Record{}, Query: []Parameter{expandParameter}, Handle: s.getRecord},
		{Method: http.MethodPatch, Path: object + "/{id}", Tag: "records", Summary: "Change a record.", Policy: own, In: Record{}, Out: Record{}, Handle: s.changeRecord},
		{Method: http.MethodDelete, Path: object + "/{id}", Tag: "records", Summary: "Delete a record; it can be restored for 30 days.", Policy: own, Status: http.StatusNoContent, Handle: s.deleteRecord},
		{Method: http.MethodPost, Path: object + "/{id}/restore", Tag: "records", Summary: "Undo a deletion.", Policy: own, Out: Record{}, Handle: s.restoreRecord},
		{Method: http.MethodPost, Path: object + "/{id}/claim", Tag: "records", Summary: "Claim a record.", Policy: own, Out: Record{}, Handle: s.claimRecord},
		{Method: http.MethodPost, Path: object + "/{id}/follow-up", Tag: "records", Summary: "Note a follow-up with its next step.", Policy: own, Status: http.StatusCreated, In: FollowUp{}, Out: Record{}, Handle: s.followUp},
	}
}

// FollowUp is a person's follow-up. Without an outcome that closes the record,
// next_action and next_due are required.
type FollowUp struct {
	Action     string `json:"action"`
	Text       string `json:"text,omitempty"`
	NextAction string `json:"next_action,omitempty"`
	NextDue    any    `json:"next_due,omitempty"`
	Outcome    string `json:"outcome,omitempty"`
	Fields     Record `json:"fields,omitempty"` // more of the record: the reason that an outcome asks for
}

func (s *Server) listRecords(c *Call) error {
	expanded, err := c.expansion()
	if err != nil {
		return err
	}
	listing, err := s.listing(c)
	if err != nil {
		return err
	}
	listing.Fields = expanded.added(listing.Fields)
	var answer []byte
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r := s.reader(c, tx)
		if err := expanded.checkFor(r, listing.Object); err != nil {
			return err
		}
		page, err := r.List(listing)
		if err != nil {
			return err
		}
		shown := page.Fields
		if len(listing.Fields) > 0 {
			shown = named(page.Fields, listing.Fields)
		}
		answer, err = s.writePage(c, r, shown, page, listing, expanded)
		return err
	})
	if err != nil {
		return err
	}
	c.raw(c.Route.status(), answer)
	return nil
}

// writePage is the answer to a listing.
func (s *Server) writePage(c *Call, r *record.Reader, shown []*schema.Field, page record.Page, l record.Listing, expanded expansion) ([]byte, error) {
	labels, err := s.referenceLabels(r, shown, page.Rows)
	if err != nil {
		return nil, err
	}
	w := newRecordWriter(c, shown, labels)
	if w.expanded, err = s.expand(c, r, expanded, shown, page.Rows); err != nil {
		return nil, err
	}
	b := append(make([]byte, 0, 1024*(len(page.Rows)+1)), '{')
	if l.Count || l.Exact {
		b = strconv.AppendInt(append(b, `"count":`...), int64(page.Count), 10)
		b = strconv.AppendBool(append(b, `,"count_more":`...), page.More)
		b = append(b, ',')
	}
	if b, err = w.list(append(b, `"items":`...), page.Rows); err != nil {
		return nil, err
	}
	b, err = appendAny(append(b, `,"next_cursor":`...), s.cursor(c, page.Next, l))
	return append(b, "}\n"...), err
}

// listing reads the query parameters.
func (s *Server) listing(c *Call) (record.Listing, error) {
	l := record.Listing{
		Object: c.Param("object"), Filter: c.Query("filter"), Sort: c.Query("sort"),
		Count: c.Query("count") == "1", Exact: c.Query("count") == "exact", Deleted: c.Query("deleted") == "1",
	}
	if fields := c.Query("fields"); fields != "" {
		l.Fields = eachOnce(strings.Split(fields, ","))
	}
	if text := c.Query("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > record.MaxLimit {
			return l, invalidLimit(record.MaxLimit)
		}
		l.Limit = n
	}
	if cursor := c.Query("cursor"); cursor != "" {
		if err := s.Seal.OpenCursor(cursor, c.cursorPurpose(l), &l.After); err != nil {
			return l, err
		}
	}
	return l, nil
}

// eachOnce are names as a person lists them: with blanks between, or one twice.
func eachOnce(names []string) []string {
	var once []string
	for _, name := range names {
		if name = strings.TrimSpace(name); !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}

// seen is the path's object as the caller may know it.
func (s *Server) seen(c *Call, op access.Op) (object, visible *schema.Object, err error) {
	object, ok := s.Snapshot().Object(c.Param("object"))
	if !ok || c.Grants.Visible(object) == nil {
		return nil, nil, fault.New(fault.NotFound, "not_found")
	}
	if !c.Grants.Can(object, op) {
		return nil, nil, fault.New(fault.Forbidden, "forbidden")
	}
	return object, c.Grants.Visible(object), nil
}

func (s *Server) getRecord(c *Call) error {
	_, visible, err := s.seen(c, access.Read)
	if err != nil {
		return err
	}
	return s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r, id := s.reader(c, tx), c.Param("id")
		err := s.answerRecord(c, r, visible, id, http.StatusOK)
		if fault.KindOf(err) != fault.NotFound {
			return err
		}
		winner, lost := merge.Into(tx, id)
		if lost != nil || winner == "" {
			return err
		}
		if _, hidden := r.Get(visible, winner); hidden != nil {
			return err
		}
		c.W.Header().Set("Location", location(visible, winner))
		c.W.WriteHeader(http.StatusTemporaryRedirect)
		return nil
	})
}

// answerRecord answers with a record as it stands now.
func (s *Server) answerRecord(c *Call, r *record.Reader, visible *schema.Object, id string, status int) error {
	row, err := r.Get(visible, id)
	if err != nil {
		return err
	}
	items, err := s.views(c, r, visible.Fields, []query.Row{row})
	if err != nil {
		return err
	}
	tag := etag(visible, row)
	c.W.Header().Set("ETag", tag)
	read := c.R.Method == http.MethodGet || c.R.Method == http.MethodHead
	if read && c.known(tag) && c.Query("expand") == "" {
		c.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	if read {
		if err := s.expandOne(c, r, visible, row, items[0]); err != nil {
			return err
		}
	}
	return c.JSONStatus(status, items[0])
}

func (s *Server) createRecord(c *Call) error {
	object, visible, err := s.seen(c, access.Create)
	if err != nil {
		return err
	}
	var body Record
	if err := c.Decode(&body); err != nil {
		return err
	}
	set, err := s.parseFields(c, object, visible, body)
	if err != nil {
		return err
	}
	return s.apply(c, visible, http.StatusCreated, record.Change{
		Act: record.Create, Object: object, Set: set, TouchOpen: c.Query("duplicate") == "touch",
	})
}

func (s *Server) changeRecord(c *Call) error {
	object, visible, err := s.seen(c, access.Update)
	if err != nil {
		return err
	}
	var body Record
	if err := c.Decode(&body); err != nil {
		return err
	}
	base, hasBase := body["base"].(map[string]any)
	if hasBase {
		delete(body, "base")
	}
	set, err := s.parseFields(c, object, visible, body)
	if err != nil {
		return err
	}
	change := record.Change{Act: record.Update, Object: object, ID: c.Param("id"), Set: set, Holds: c.ifMatch(visible)}
	if hasBase {
		seen, err := s.baseHolds(c, visible, set, base)
		if err != nil {
			return err
		}
		change.Holds = both(change.Holds, seen)
	}
	return s.apply(c, visible, http.StatusOK, change)
}

// baseHolds is the offline client's condition: what it saw of each field it
// changes. Where that no longer holds, nothing is written and the fault carries
// the present value.
func (s *Server) baseHolds(c *Call, visible *schema.Object, set map[string]any, base map[string]any) (func(query.Row) error, error) {
	seen, err := s.parseSeen(visible, base)
	if err != nil {
		return nil, err
	}
	return func(before query.Row) error {
		var moved []fault.Field
		for id := range set {
			f, _ := visible.FieldByID(id)
			old, given := seen[id]
			if given && !record.Equal(before.Values[id], old) {
				moved = append(moved, fault.Field{Path: f.Name, Code: "changed_meanwhile", Current: c.encodeField(f, before.Values[id], nil)})
			}
		}
		if len(moved) > 0 {
			return fault.New(fault.Conflict, "changed_meanwhile", moved...)
		}
		return nil
	}, nil
}

func (s *Server) deleteRecord(c *Call) error {
	object, visible, err := s.seen(c, access.Delete)
	if err != nil {
		return err
	}
	change := record.Change{Act: record.Delete, Object: object, ID: c.Param("id"), Holds: c.ifMatch(visible)}
	if err := s.write(c, access.Delete, change, nil); err != nil {
		return err
	}
	return c.NoContent()
}

func (s *Server) restoreRecord(c *Call) error {
	object, visible, err := s.seen(c, access.Delete)
	if err != nil {
		return err
	}
	return s.apply(c, visible, http.StatusOK, record.Change{Act: record.Restore, Object: object, ID: c.Param("id")})
}

func (s *Server) claimRecord(c *Call) error {
	object, visible, err := s.seen(c, access.Update)
	if err != nil {
		return err
	}
	return s.apply(c, visible, http.StatusOK, record.Change{Act: record.Claim, Object: object, ID: c.Param("id"), Holds: c.mayTake(object)})
}

func (s *Server) followUp(c *Call) error {
	object, visible, err := s.seen(c, access.Update)
	if err != nil {
		return err
	}
	var body FollowUp
	if err := c.Decode(&body); err != nil {
		return err
	}
	card, err := s.card(visible, body)
	if err != nil {
		return err
	}
	set, err := s.parseFields(c, object, visible, body.Fields)
	if err != nil {
		return err
	}
	return s.apply(c, visible, http.StatusCreated, record.Change{Act: record.FollowUp, Object: object, ID: c.Param("id"), FollowUp: card, Set: set})
}

// apply carries out one change of the caller's and answers with the record.
func (s *Server) apply(c *Call, visible *schema.Object, status int, change record.Change) error {
	op := access.Update
	switch change.Act {
	case record.Create:
		op = access.Create
	case record.Restore:
		op = access.Delete
	}
	var result record.Result
	if err := s.write(c, op, change, &result); err != nil {
		return s.explainDuplicate(c, change.Object, err)
	}
	if change.Act == record.Create && !result.Created {
		return s.answerTouched(c, visible, result.ID)
	}
	if change.Act == record.Create {
		c.W.Header().Set("Location", location(visible, result.ID))
	}
	return s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		err := s.answerRecord(c, s.reader(c, tx), visible, result.ID, status)
		if fault.KindOf(err) == fault.NotFound { // written, but given to somebody whose records the caller does not see
			return c.JSONStatus(status, Record{"id": result.ID})
		}
		return err
	})
}

func location(visible *schema.Object, id string) string {
	return Prefix + "/records/" + visible.Name + "/" + id
}

// answerTouched answers with the open record that a create met; of one that
// the caller may not read, with nothing but that it was met.
func (s *Server) answerTouched(c *Call, visible *schema.Object, id string) error {
	known, err := s.metID(c, visible, id)
	if err != nil {
		return err
	}
	if known == "" {
		return c.JSONStatus(http.StatusOK, Record{})
	}
	c.W.Header().Set("Location", location(visible, id))
	return s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		return s.answerRecord(c, s.reader(c, tx), visible, id, http.StatusOK)
	})
}

// write runs the change in a unit with the caller's scope; rights are asked
// again inside, since they may have changed since the request came.
func (s *Server) write(c *Call, op access.Op, change record.Change, result *record.Result) error {
	change.Actor = thread.Actor{Kind: thread.User, ID: c.User.ID}
	return c.Write(func(tx *sqldb.Tx) error {
		if change.Act != record.Create {
			change.Scope = c.Grants.Scope(change.Object, op)
		}
		change, err := s.withLinks(s.reader(c, tx), change)
		if err != nil {
			return err
		}
		done, err := s.Records.Apply(tx, change)
		if result != nil {
			*result = done
		}
		return err
	})
}
