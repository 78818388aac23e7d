package api

import (
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
)

// linksHold refuses a change that points to a record which the caller may not
// read or which is not there: else a link would tell of it. A link that was
// there before stays as it is.
func (s *Server) linksHold(r *record.Reader, change record.Change, before query.Row) error {
	var faults fault.Collector
	for _, f := range change.Object.Fields {
		id, linked := change.Set[f.ID].(string)
		if f.Type != "reference" || !linked || before.Values[f.ID] == id {
			continue
		}
		known := false
		if object, ok := r.Snapshot.Object(f.ObjectName); ok {
			found, err := r.Readable(object, []string{id})
			if err != nil {
				return err
			}
			known = len(found) > 0
		}
		if !known {
			faults.Add(&fault.Field{Path: f.Name, Code: "unknown_record"})
		}
	}
	return faults.Err()
}

// withLinks adds the check of links to what has to hold of the record before.
func (s *Server) withLinks(r *record.Reader, change record.Change) (record.Change, error) {
	if change.Act == record.Create {
		return change, s.linksHold(r, change, query.Row{})
	}
	asked := change.Holds
	change.Holds = func(before query.Row) error {
		if asked != nil {
			if err := asked(before); err != nil {
				return err
			}
		}
		return s.linksHold(r, change, before)
	}
	return change, nil
}
