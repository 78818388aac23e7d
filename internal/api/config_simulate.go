package api

import (
	"errors"
	"maps"
	"net/http"
	"slices"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/config"
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
		Query: []Parameter{{"draft", "the id of a draft; without it what is in force"}},
	}}
}

// Simulated is the record that is decided on: one that there is, as the caller
// sees it, with fields laid over it; or one of fields alone.
type Simulated struct {
	Record string `json:"record,omitempty"`
	Fields Record `json:"fields,omitempty"`
	// Document is the body that decides instead of the published one, as it is being written.
	Document Record `json:"document,omitempty"`
}

// errSimulated ends a simulation's unit, so that nothing of it stays.
var errSimulated = errors.New("simulated")

func (s *Server) simulate(c *Call) error {
	var in Simulated
	if err := c.Decode(&in); err != nil {
		return err
	}
	live := c
	c, err := s.proposing(c, c.Param("kind"), c.Param("name"), in.Document)
	if err != nil {
		return err
	}
	compiled, id := reaction.Simulated(c.Snapshot, c.Param("kind"), c.Param("name"))
	if compiled == nil {
		return fault.New(fault.NotFound, "document_not_found").With("kind", c.Param("kind")).With("name", c.Param("name"))
	}
	object, ok := c.Snapshot.ObjectByID(id)
	if !ok || c.Grants.Visible(object) == nil {
		return fault.New(fault.NotFound, "not_found")
	}
	given, err := c.simulatedFields(c.Grants.Visible(object), in.Fields)
	if err != nil {
		return err
	}
	read := func(tx *sqldb.Tx) (query.Row, error) { return s.simulatedRow(live, tx, id, in.Record) }
	answer, err := s.simulated(c, object, compiled, read, given)
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

// proposing is the call as if a draft and a document as it is being written
// were in force; the call itself where there is neither. Grants stay as they are, but for
// fields that are new: who may write the configuration may see those.
func (s *Server) proposing(c *Call, kind, name string, body Record) (*Call, error) {
	draft := c.Query("draft")
	if draft == "" && body == nil {
		return c, nil
	}
	var more []config.Document
	if body != nil {
		d, err := config.NewDocument(kind, name, body)
		if err != nil {
			return nil, err
		}
		if err := c.mayWriteRole(d); err != nil {
			return nil, err
		}
		more = append(more, d)
	}
	next, faults, err := s.Catalog.Propose(c.R.Context(), draft, kind+"/"+name, more...)
	if err != nil {
		return nil, err
	}
	mine := func(f fault.Field) bool { return f.Params["document"] == kind+"/"+name }
	if at := slices.IndexFunc(faults, mine); at >= 0 {
		return nil, fault.New(fault.Invalid, "does_not_compile", faults...)
	}
	proposing := *c
	proposing.Snapshot = next
	proposing.Grants = s.Access.Trial(c.Principal(), access.Policy{
		Objects: next.Objects, Roles: c.roleDocuments(), Zone: c.companyZone(),
	}, c.Directory)
	return &proposing, nil
}

func (s *Server) simulated(c *Call, object *schema.Object, compiled any, read func(*sqldb.Tx) (query.Row, error), given map[string]any) (answer any, err error) {
	err = s.DB.Write(c.R.Context(), func(tx *sqldb.Tx) (err error) {
		work := &record.Work{
			Tx: tx, Snapshot: c.Snapshot, Directory: c.Directory, Object: object, Act: record.Create,
			Change: &record.Change{Act: record.Create, Object: object, Actor: thread.Actor{Kind: thread.User, ID: c.User.ID}},
		}
		if work.After, err = read(tx); err != nil {
			return err
		}
		lay(given, work.After.Values)
		if answer, err = c.decided(reaction.Simulation{Work: work}, compiled); err != nil {
			return err
		}
		return errSimulated
	})
	if errors.Is(err, errSimulated) {
		err = nil
	}
	return answer, err
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
		value, bad := f.Parse(body[name], c.Snapshot.Input(true))
		if bad != nil {
			bad.Path = "fields." + bad.Path
			faults.Add(bad)
		}
		given[f.ID] = value
	}
	return given, faults.Err()
}

// simulatedRow reads the record with the caller's rights: what he may not see
// counts as blank. Without an id it is an empty one.
func (s *Server) simulatedRow(c *Call, tx *sqldb.Tx, objectID, id string) (query.Row, error) {
	if id == "" {
		return query.Row{CreatedAt: tx.Now(), UpdatedAt: tx.Now(), CreatedBy: c.User.ID, Values: map[string]any{}}, nil
	}
	object, ok := c.Snapshot.ObjectByID(objectID)
	if !ok || !c.Grants.Can(object, access.Read) {
		return query.Row{}, fault.New(fault.NotFound, "not_found")
	}
	row, err := s.reader(c, tx).Get(c.Grants.Visible(object), id)
	row.Values = maps.Clone(row.Values)
	return row, err
}

// lay puts values over those of a record; nil takes one away.
func lay(given, values map[string]any) {
	for field, value := range given {
		if value == nil {
			delete(values, field)
			continue
		}
		values[field] = value
	}
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
