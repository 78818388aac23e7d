package api

import (
	"strings"

	"clew.dev/clew/internal/bulk"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) listFailures(c *Call) error {
	limit, err := c.limit()
	if err != nil {
		return err
	}
	o, err := s.operation(c, c.User.ID)
	if err != nil {
		return err
	}
	after := ""
	if cursor := c.Query("cursor"); cursor != "" {
		if err := s.Seal.OpenCursor(cursor, "failures "+o.ID, &after); err != nil {
			return err
		}
	}
	answer := map[string]any{"next_cursor": nil}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		found, err := s.Bulk.Failures(tx, o.ID, after, limit+1)
		if err != nil {
			return err
		}
		if len(found) > limit {
			found = found[:limit]
			if answer["next_cursor"], err = s.Seal.Cursor(found[limit-1].Record, "failures "+o.ID); err != nil {
				return err
			}
		}
		answer["items"], err = s.failureViews(c, tx, o, found)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

func (s *Server) failureViews(c *Call, tx *sqldb.Tx, o bulk.Operation, found []bulk.Failure) ([]OperationFailure, error) {
	views := make([]OperationFailure, 0, len(found))
	object, ok := s.Snapshot().ObjectByID(o.Object)
	if !ok || c.Grants.Visible(object) == nil {
		return views, nil
	}
	ids := make([]string, len(found))
	for i, failure := range found {
		ids[i] = failure.Record
	}
	rows, err := s.reader(c, tx).Readable(object, ids)
	if err != nil {
		return nil, err
	}
	for _, failure := range found {
		view := OperationFailure{Record: Reference{ID: failure.Record}, Code: failure.Fault.Code, Text: s.messages.text(c.Language, failure.Fault.Code, nil)}
		if row, readable := rows[failure.Record]; readable {
			view.Record.Label = titleOf(c.Grants.Visible(object), row)
		}
		if fields := s.seenFaults(c.Grants.Visible(object), failure.Fault.Fields); len(fields) > 0 {
			view.Errors = s.Fields(c.Language, fields)
		}
		views = append(views, view)
	}
	return views, nil
}

// seenFaults leaves out faults of fields that the caller may not see.
func (s *Server) seenFaults(visible *schema.Object, fields []fault.Field) (seen []fault.Field) {
	for _, f := range fields {
		if _, ok := visible.Field(f.Path); ok {
			seen = append(seen, f)
		}
	}
	return seen
}

// operationView tells an operation to its asker, or to who may see those of
// others, without what he may not see.
func (s *Server) operationView(c *Call, o bulk.Operation) OperationView {
	view := OperationView{
		ID: o.ID, Action: string(o.Kind), State: string(o.State), Filter: o.Filter, Total: o.Total, Done: o.Done, Failed: o.Failed,
		Undoes: o.Undoes, UndoneBy: o.UndoneBy, CreatedAt: stamp(o.CreatedAt), EndedAt: stampOrBlank(o.EndedAt),
	}
	if o.Asker == c.User.ID {
		view.MayUndo, view.MayResume = o.MayUndo(s.DB.Now()), o.MayResume(s.DB.Now())
	} else {
		view.Asker = c.UserReference(o.Asker)
	}
	if o.Problem != "" {
		view.Problem = &OneProblem{Code: o.Problem, Message: s.messages.text(c.Language, o.Problem, nil)}
	}
	object, ok := s.Snapshot().ObjectByID(o.Object)
	if !ok || c.Grants.Visible(object) == nil {
		view.Filter = ""
		return view
	}
	visible := c.Grants.Visible(object)
	view.Object, view.Label = object.Name, c.Label(object.Plural)
	if _, err := expr.Compile(o.Filter, s.Snapshot().FilterEnv(visible), expr.Bool); view.Asker != nil && err != nil {
		view.Filter = "" // it names what the caller may not see
	}
	s.tellWish(c, &view, visible, o.Wish)
	return view
}

func (s *Server) tellWish(c *Call, view *OperationView, visible *schema.Object, wish bulk.Wish) {
	if wish.Routing != nil {
		view.Routing = wish.Routing.Pool == ""
		if wish.Routing.Pool != "" {
			view.Pool = &Reference{ID: wish.Routing.Pool, Label: c.Label(s.Snapshot().Label("pool", wish.Routing.Pool))}
		}
	}
	for _, f := range visible.Fields {
		stored, asked := wish.Set[f.ID]
		if !asked {
			continue
		}
		if wish.Kind == bulk.Assign {
			id, _ := stored.(string)
			view.Owner = c.UserReference(id)
			continue
		}
		value, _ := record.Unstored(f, stored)
		view.Fields = append(view.Fields, WrittenField{Name: f.Name, Label: c.Label(f.Label), Value: c.encodeField(f, value, nil), Text: c.plainText(f, value)})
	}
}

// plainText is a value as a sentence shows it, "" for blank.
func (c *Call) plainText(f *schema.Field, value any) string {
	var parts []string
	for _, column := range c.fieldColumns(f) {
		if cell := column.cell(query.Row{Values: map[string]any{f.ID: value}}, nil); cell.Text != "" && value != nil {
			parts = append(parts, cell.Text)
		}
	}
	return strings.Join(parts, " ")
}
