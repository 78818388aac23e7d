package api

import (
	"errors"
	"net/http"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// Batch is several writes; each stands for itself.
type Batch struct {
	Items []BatchItem `json:"items"`
}

// BatchItem is one of them: op is create, update or delete.
type BatchItem struct {
	Op     string `json:"op"`
	ID     string `json:"id,omitempty"`
	Fields Record `json:"fields,omitempty"`
}

// BatchAnswer is one result per item, in order.
type BatchAnswer struct {
	Items []BatchResult `json:"items"`
}

// BatchResult is what became of one item.
type BatchResult struct {
	Status int            `json:"status"`
	ID     string         `json:"id,omitempty"`
	Code   string         `json:"code,omitempty"`
	Errors []ProblemField `json:"errors,omitempty"`
}

func (s *Server) batchRecords(c *Call) error {
	var batch Batch
	if err := c.Decode(&batch); err != nil {
		return err
	}
	if batch.Items == nil {
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "items", Code: "required"})
	}
	if len(batch.Items) > record.MaxLimit {
		return fault.New(fault.Malformed, "too_many_items", fault.Field{Path: "items", Code: "too_many"}).With("max", record.MaxLimit)
	}
	answer := BatchAnswer{Items: make([]BatchResult, len(batch.Items))}
	for i, item := range batch.Items {
		id, status, err := s.batchItem(c, item)
		answer.Items[i] = s.batchResult(c, id, status, err)
	}
	return c.JSON(answer)
}

func (s *Server) batchItem(c *Call, item BatchItem) (id string, status int, err error) {
	ops := map[string]access.Op{"create": access.Create, "update": access.Update, "delete": access.Delete}
	op, ok := ops[item.Op]
	if !ok {
		return item.ID, 0, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "op", Code: "unknown_choice"})
	}
	if code := item.wrongID(op); code != "" {
		return item.ID, 0, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "id", Code: code})
	}
	object, visible, err := s.seen(c, op)
	if err != nil {
		return item.ID, 0, err
	}
	change := record.Change{Object: object, ID: item.ID, Act: record.Act(item.Op)}
	if op != access.Delete {
		if change.Set, err = s.parseFields(c, object, visible, item.Fields); err != nil {
			return item.ID, 0, err
		}
	}
	if op == access.Create {
		change.ID, change.TouchOpen = "", c.Query("duplicate") == "touch"
	}
	var result record.Result
	if err := s.write(c, op, change, &result); err != nil {
		return item.ID, 0, err
	}
	switch {
	case result.Created:
		return result.ID, http.StatusCreated, nil
	case op == access.Create:
		id, err = s.metID(c, visible, result.ID)
		return id, http.StatusOK, err
	}
	return result.ID, http.StatusOK, nil
}

// wrongID is what is wrong with an item's id, "" for nothing: a new record gets
// its id here, any other is named by it.
func (item BatchItem) wrongID(op access.Op) string {
	switch {
	case op == access.Create && item.ID != "":
		return "id_not_chosen"
	case op != access.Create && item.ID == "":
		return "required"
	}
	return ""
}

// metID is the id of the open record that a create met, "" of one that the
// caller may not read.
func (s *Server) metID(c *Call, visible *schema.Object, id string) (string, error) {
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		_, err := s.reader(c, tx).Get(visible, id)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return id, err
}

func (s *Server) batchResult(c *Call, id string, status int, err error) BatchResult {
	if err == nil {
		return BatchResult{Status: status, ID: id}
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		s.Log.ErrorContext(c.R.Context(), "batch item failed", "request", c.RequestID, "error", err)
		f = fault.New(fault.Internal, "internal")
	}
	return BatchResult{Status: statuses()[f.Kind], ID: id, Code: f.Code, Errors: s.Fields(c.Language, f.Fields)}
}
