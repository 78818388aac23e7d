package api

import (
	"net/http"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/bulk"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) operationRoutes() []Route {
	const path = Prefix + "/operations"
	own := SignedIn("only the caller's own operations; everybody's with the right operations.all")
	return []Route{
		{
			Method: http.MethodPost, Path: path, Tag: "operations", Summary: "Assign, edit, delete or restore all records that match.", Policy: Needs(access.RecordsBulk),
			In: OperationWish{}, Out: OperationView{}, Status: http.StatusCreated, Handle: s.askOperation,
			Query: []Parameter{{"dry_run", "1: only count what it would change"}},
		},
		{Method: http.MethodGet, Path: path, Tag: "operations", Summary: "The caller's operations, newest first.", Policy: own, Out: List[OperationView]{}, Handle: s.listOperations,
			Query: []Parameter{{"all", "1: everybody's, for who has the right operations.all"}, {"limit", "1–500, 50 if absent"}, {"cursor", "next_cursor of the page before"}}},
		{Method: http.MethodGet, Path: path + "/{id}", Tag: "operations", Summary: "An operation and how far it is.", Policy: own, Out: OperationView{}, Handle: s.getOperation},
		{Method: http.MethodGet, Path: path + "/{id}/failures", Tag: "operations", Summary: "The records that could not be changed, and why.", Policy: own, Out: List[OperationFailure]{}, Handle: s.listFailures,
			Query: []Parameter{{"limit", "1–500, 50 if absent"}, {"cursor", "next_cursor of the page before"}}},
		{Method: http.MethodPost, Path: path + "/{id}/stop", Tag: "operations", Summary: "Stop after the present chunk.", Policy: own, Out: OperationView{}, Handle: s.stopOperation},
		{Method: http.MethodPost, Path: path + "/{id}/resume", Tag: "operations", Summary: "Carry on an operation that was stopped.", Policy: Needs(access.RecordsBulk), Out: OperationView{}, Handle: s.resumeOperation},
		{Method: http.MethodPost, Path: path + "/{id}/undo", Tag: "operations", Summary: "Put back what the operation did.", Policy: Needs(access.RecordsBulk), Out: OperationView{}, Status: http.StatusCreated, Handle: s.undoOperation},
	}
}

// OperationWish is what is to be done to which records: those of the filter
// (all that match), or those of the ids. An assignment names one target.
type OperationWish struct {
	Object  string   `json:"object"`
	Action  string   `json:"action"` // assign, edit, delete or restore
	Filter  *string  `json:"filter,omitempty"`
	IDs     []string `json:"ids,omitempty"`
	Fields  Record   `json:"fields,omitempty"`
	Owner   string   `json:"owner,omitempty"`   // assign: a user's id
	Pool    string   `json:"pool,omitempty"`    // assign: whose turn it is in a pool
	Routing bool     `json:"routing,omitempty"` // assign: the routing table decides again
}

// OperationView is an operation as it stands.
type OperationView struct {
	ID        string         `json:"id"`
	Action    string         `json:"action"`
	Object    string         `json:"object"`
	Label     string         `json:"label"`
	State     string         `json:"state"` // queued, running, stopped or done
	Filter    string         `json:"filter,omitempty"`
	Fields    []WrittenField `json:"fields,omitempty"`
	Owner     *Reference     `json:"owner,omitempty"`
	Pool      *Reference     `json:"pool,omitempty"`
	Routing   bool           `json:"routing,omitempty"`
	Total     int64          `json:"total"`
	Done      int64          `json:"done"`
	Failed    int64          `json:"failed"`
	Problem   *OneProblem    `json:"problem,omitempty"` // why the program stopped it
	Undoes    string         `json:"undoes,omitempty"`
	UndoneBy  string         `json:"undone_by,omitempty"`
	Asker     *Reference     `json:"asker,omitempty"` // who asked for it, where it was not the caller
	MayUndo   bool           `json:"may_undo"`
	MayResume bool           `json:"may_resume"`
	CreatedAt string         `json:"created_at"`
	EndedAt   string         `json:"ended_at,omitempty"`
}

// WrittenField is a field with the value that it was given.
type WrittenField struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Value any    `json:"value"`
	Text  string `json:"text,omitempty"` // the value in words, absent for blank
}

// OneProblem is a code with its sentence.
type OneProblem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// OperationPreview is what an operation would meet.
type OperationPreview struct {
	Count   int64       `json:"count"`
	Skipped int64       `json:"skipped"` // match, but are not the caller's to change
	Sample  []Reference `json:"sample"`
}

// OperationFailure is a record that could not be changed.
type OperationFailure struct {
	Record Reference      `json:"record"` // without a label where the caller may not read it any more
	Code   string         `json:"code"`
	Text   string         `json:"text"`
	Errors []ProblemField `json:"errors,omitempty"`
}

func (s *Server) askOperation(c *Call) error {
	var body OperationWish
	if err := c.Decode(&body); err != nil {
		return err
	}
	object, wish, err := s.operationWish(c, body)
	if err != nil {
		return err
	}
	if c.Query("dry_run") == "1" {
		return s.previewOperation(c, object, wish)
	}
	var asked bulk.Operation
	err = c.Write(func(tx *sqldb.Tx) error {
		asked, err = s.Bulk.Ask(tx, c.User.ID, object, wish)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(s.operationView(c, asked))
}

// operationWish checks what is asked for as a change of one record would be.
func (s *Server) operationWish(c *Call, body OperationWish) (*schema.Object, bulk.Wish, error) {
	wish := bulk.Wish{Kind: bulk.Kind(body.Action), IDs: body.IDs}
	object, ok := s.Snapshot().Object(body.Object)
	visible := (*schema.Object)(nil)
	if ok {
		visible = c.Grants.Visible(object)
	}
	if visible == nil {
		return nil, wish, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "object", Code: "unknown_object"})
	}
	if (body.Filter == nil) == (len(body.IDs) == 0) {
		return nil, wish, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "filter", Code: "nothing_chosen"})
	}
	if body.Filter != nil {
		wish.Filter = *body.Filter
	}
	fields, err := s.wishedFields(object, body, &wish)
	if c.Query("dry_run") == "1" && wish.Kind == bulk.Edit && len(body.Fields) == 0 {
		err = nil // only counted, before it is said what is to be written
	}
	if err != nil || len(fields) == 0 {
		return object, wish, err
	}
	set, err := s.parseFields(c, object, visible, fields)
	if err == nil {
		err = s.refuseForAll(object, set)
	}
	if err != nil {
		return nil, wish, err
	}
	wish.Set = map[string]any{}
	for id, value := range set {
		f, _ := visible.FieldByID(id)
		if wish.Set[id] = nil; value != nil {
			wish.Set[id] = record.Stored(f, value)
		}
	}
	return object, wish, s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		return s.linksHold(s.reader(c, tx), record.Change{Act: record.Update, Object: object, Set: set}, query.Row{})
	})
}

// refuseForAll says at once what would be refused on every record: a plan for
// the past, and a required field left blank.
func (s *Server) refuseForAll(object *schema.Object, set map[string]any) error {
	var faults fault.Collector
	for _, f := range object.Fields {
		if value, written := set[f.ID]; written && f.Required && value == nil {
			faults.Add(&fault.Field{Path: f.Name, Code: "required"})
		}
	}
	for _, f := range record.Planned(object) {
		if at, ok := set[f.ID].(time.Time); ok && !at.After(s.DB.Now()) && len(set) == 1 {
			faults.Add(&fault.Field{Path: f.Name, Code: "in_the_past"})
		}
	}
	return faults.Err()
}

// wishedFields are the fields that the action writes.
func (s *Server) wishedFields(object *schema.Object, body OperationWish, wish *bulk.Wish) (Record, error) {
	switch wish.Kind {
	case bulk.Delete, bulk.Restore:
		return nil, nil
	case bulk.Edit:
		if len(body.Fields) == 0 {
			return nil, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "fields", Code: "required"})
		}
		return body.Fields, nil
	case bulk.Assign:
		return s.assignment(object, body, wish)
	}
	return nil, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "action", Code: "unknown_action"})
}

func (s *Server) assignment(object *schema.Object, body OperationWish, wish *bulk.Wish) (Record, error) {
	targets := 0
	for _, given := range []bool{body.Owner != "", body.Pool != "", body.Routing} {
		if given {
			targets++
		}
	}
	if targets != 1 || object.OwnerField == "" {
		return nil, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "owner", Code: "one_target"})
	}
	if body.Owner != "" {
		return Record{object.OwnerField: body.Owner}, nil
	}
	if _, err := s.Snapshot().Document("pool", body.Pool); body.Pool != "" && err != nil {
		return nil, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "pool", Code: "unknown_pool"})
	}
	wish.Routing = &record.Routing{Pool: body.Pool}
	return nil, nil
}

func (s *Server) previewOperation(c *Call, object *schema.Object, wish bulk.Wish) error {
	view := OperationPreview{Sample: []Reference{}}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		preview, err := s.Bulk.Preview(tx, c.User.ID, object, wish)
		view.Count, view.Skipped = preview.Count, preview.Skipped
		for _, row := range preview.Sample {
			view.Sample = append(view.Sample, Reference{ID: row.ID, Label: titleOf(c.Grants.Visible(object), row)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.JSONStatus(http.StatusOK, view)
}

func (s *Server) listOperations(c *Call) error {
	limit, err := c.limit()
	if err != nil {
		return err
	}
	asker, before := c.User.ID, ""
	if c.Query("all") == "1" {
		if asker = c.operationsOf(); asker != bulk.Anyone {
			return fault.New(fault.Forbidden, "forbidden")
		}
	}
	if cursor := c.Query("cursor"); cursor != "" {
		if err := s.Seal.OpenCursor(cursor, "operations "+c.User.ID+"/"+asker, &before); err != nil {
			return err
		}
	}
	answer := map[string]any{"next_cursor": nil}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		found, err := s.Bulk.List(tx, asker, before, limit+1)
		if err != nil {
			return err
		}
		if len(found) > limit {
			found = found[:limit]
			if answer["next_cursor"], err = s.Seal.Cursor(found[limit-1].ID, "operations "+c.User.ID+"/"+asker); err != nil {
				return err
			}
		}
		views := make([]OperationView, 0, len(found))
		for _, o := range found {
			views = append(views, s.operationView(c, o))
		}
		answer["items"] = views
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

// operationsOf is whose operations the caller may see and stop: his own, or anyone's.
func (c *Call) operationsOf() string {
	if c.Grants.Has(access.OperationsAll) {
		return bulk.Anyone
	}
	return c.User.ID
}

// operation reads an operation of that asker's.
func (s *Server) operation(c *Call, asker string) (o bulk.Operation, err error) {
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		o, err = s.Bulk.Get(tx, asker, c.Param("id"))
		return err
	})
	return o, err
}

func (s *Server) getOperation(c *Call) error {
	o, err := s.operation(c, c.operationsOf())
	if err != nil {
		return err
	}
	return c.JSON(s.operationView(c, o))
}

func (s *Server) stopOperation(c *Call) error {
	o, err := s.operation(c, c.operationsOf())
	if err != nil {
		return err
	}
	asker := o.Asker
	if asker != c.User.ID {
		asker = bulk.Anyone
	}
	if err := c.Write(func(tx *sqldb.Tx) error { return s.Bulk.Stop(tx, asker, o.ID) }); err != nil {
		return err
	}
	return s.getOperation(c)
}

func (s *Server) resumeOperation(c *Call) error {
	err := c.Write(func(tx *sqldb.Tx) error { return s.Bulk.Resume(tx, c.User.ID, c.Param("id")) })
	if err != nil {
		return err
	}
	return s.getOperation(c)
}

func (s *Server) undoOperation(c *Call) error {
	var o bulk.Operation
	err := c.Write(func(tx *sqldb.Tx) (err error) {
		o, err = s.Bulk.Undo(tx, c.User.ID, c.Param("id"))
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(s.operationView(c, o))
}
