package api

import (
	"errors"
	"maps"
	"net/http"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

func (s *Server) simulateRoutes() []Route {
	return []Route{{
		Method: http.MethodPost, Path: Prefix + "/simulate/{kind}/{name}", Tag: "config", Handle: s.simulate,
		Summary: "What a scorecard, routing table, lexicon or clock decides on a record; nothing is written.",
		Policy:  Needs(access.ConfigRead, access.ConfigWrite), In: Simulated{}, Out: Record{},
	}}
}

// Simulated is the record that is decided on: one that there is, as the caller
// sees it, with fields laid over it; or one of fields alone.
type Simulated struct {
	Record string `json:"record,omitempty"`
	Fields Record `json:"fields,omitempty"`
}

// errSimulated ends a simulation's unit, so that nothing of it stays.
var errSimulated = errors.New("simulated")

func (s *Server) simulate(c *Call) error {
	compiled, id := reaction.Simulated(c.Snapshot, c.Param("kind"), c.Param("name"))
	if compiled == nil {
		return fault.New(fault.NotFound, "document_not_found").With("kind", c.Param("kind")).With("name", c.Param("name"))
	}
	object, ok := c.Snapshot.ObjectByID(id)
	if !ok || c.Grants.Visible(object) == nil {
		return fault.New(fault.NotFound, "not_found")
	}
	var in Simulated
	if err := c.Decode(&in); err != nil {
		return err
	}
	given, err := c.simulatedFields(c.Grants.Visible(object), in.Fields)
	if err != nil {
		return err
	}
	var answer any
	err = s.DB.Write(c.R.Context(), func(tx *sqldb.Tx) error {
		work := &record.Work{
			Tx: tx, Snapshot: c.Snapshot, Directory: c.Directory, Object: object, Act: record.Create,
			Change: &record.Change{Act: record.Create, Object: object, Actor: thread.Actor{Kind: thread.User, ID: c.User.ID}},
		}
		if err := s.simulatedRow(c, work, in.Record, given); err != nil {
			return err
		}
		var err error
		if answer, err = c.decided(reaction.Simulation{Work: work}, compiled); err != nil {
			return err
		}
		return errSimulated
	})
	if !errors.Is(err, errSimulated) {
		return err
	}
	return c.JSON(answer)
}

// simulatedFields reads values as a person gives them, by field id.
func (c *Call) simulatedFields(visible *schema.Object, body Record) (map[string]any, error) {
	given := make(map[string]any, len(body))
	var faults fault.Collector
	for _, name := range sortedNames(body) {
		f, ok := visible.Field(name)
		if !ok {
			faults.Add(&fault.Field{Path: "fields." + name, Code: "unknown_field"})
			continue
		}
		value, bad := f.Parse(unwrapped(f, body[name]), c.Snapshot.Input(true))
		if bad != nil {
			bad.Path = "fields." + bad.Path
			faults.Add(bad)
		}
		given[f.ID] = value
	}
	return given, faults.Err()
}

// simulatedRow reads the record with the caller's rights: what he may not see
// counts as blank.
func (s *Server) simulatedRow(c *Call, w *record.Work, id string, given map[string]any) error {
	w.After = query.Row{CreatedAt: w.Tx.Now(), UpdatedAt: w.Tx.Now(), CreatedBy: c.User.ID, Values: map[string]any{}}
	if id != "" {
		if !c.Grants.Can(w.Object, access.Read) {
			return fault.New(fault.NotFound, "not_found")
		}
		row, err := s.reader(c, w.Tx).Get(c.Grants.Visible(w.Object), id)
		if err != nil {
			return err
		}
		w.After = row
		w.After.Values = maps.Clone(row.Values)
	}
	for field, value := range given {
		if value == nil {
			delete(w.After.Values, field)
			continue
		}
		w.After.Values[field] = value
	}
	return nil
}

// decided asks the decider of the document's kind.
func (c *Call) decided(s reaction.Simulation, compiled any) (any, error) {
	switch document := compiled.(type) {
	case *reaction.Scorecard:
		return c.scored(document, s.Score(document)), nil
	case *reaction.RoutingTable:
		decision, err := s.Route(document)
		return c.routed(s.Work.Object, document, decision), err
	case *reaction.Lexicon:
		return c.understood(s.Work.Object, document, s.Read(document)), nil
	case *reaction.Clock:
		return c.clocked(document, s.Run(document)), nil
	}
	return nil, fault.New(fault.NotFound, "document_not_found")
}
