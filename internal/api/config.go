package api

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// configPath is where configuration documents live.
const configPath = Prefix + "/config"

func (s *Server) configRoutes() []Route {
	read, write := Needs(access.ConfigRead, access.ConfigWrite), Needs(access.ConfigWrite)
	const document = configPath + "/{kind}/{name}"
	draft := []Parameter{{"draft", "the id of a draft; without it what is in force"}}
	routes := []Route{
		{Method: http.MethodGet, Path: configPath + "/{kind}", Tag: "config", Summary: "The documents of a kind.", Policy: read, Query: draft, Out: List[DocumentView]{}, Handle: s.listDocuments},
		{Method: http.MethodGet, Path: document, Tag: "config", Summary: "A document, as JSON or as YAML.", Policy: read, Query: append(slices.Clone(draft), Parameter{"version", "as it stood at a version"}), Out: Record{}, Handle: s.getDocument},
		{Method: http.MethodPut, Path: document, Tag: "config", Summary: "Write a document, JSON or YAML; without a draft it is published at once.", Policy: write, Query: draft, In: Record{}, Out: Record{}, Handle: s.putDocument},
		{Method: http.MethodDelete, Path: document, Tag: "config", Summary: "Remove a document; without a draft it is published at once.", Policy: write, Query: draft, Status: http.StatusNoContent, Handle: s.deleteDocument},
		{Method: http.MethodGet, Path: configPath + "/schemas/{kind}", Tag: "config", Summary: "The JSON Schema of a kind.", Policy: read, Out: Record{}, Handle: s.showSchema},
	}
	return slices.Concat(routes, s.draftRoutes(), s.versionRoutes(), s.simulateRoutes(), s.editorRoutes(), s.previewRoutes())
}

// DocumentView names a configuration document.
type DocumentView struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	ID      string `json:"id"`
	Label   string `json:"label"`
	Version int64  `json:"version"`         // that last changed it, 0 when it is only in the draft
	Draft   bool   `json:"draft,omitempty"` // the draft holds it
}

// documentKind is the path's kind; NotFound when there is no such kind.
func (c *Call) documentKind() (string, error) {
	kind := c.Param("kind")
	if !config.IsKind(kind) {
		return "", fault.New(fault.NotFound, "unknown_kind").With("kind", kind)
	}
	return kind, nil
}

func (s *Server) listDocuments(c *Call) error {
	kind, err := c.documentKind()
	if err != nil {
		return err
	}
	proposed, held, err := s.proposed(c, kind)
	if err != nil {
		return err
	}
	list := List[DocumentView]{Items: []DocumentView{}}
	for _, d := range proposed {
		list.Items = append(list.Items, DocumentView{
			Kind: d.Kind, Name: d.Name, ID: d.ID, Label: c.Label(d.Label()), Version: c.versionInForce(d, held[d.ID]), Draft: held[d.ID],
		})
	}
	return c.JSON(list)
}

// proposed are the documents of a kind as people write them: those in force,
// and the draft's laid over them. held says by id which the draft holds.
func (s *Server) proposed(c *Call, kind string) (documents []config.Document, held map[string]bool, err error) {
	documents = c.Snapshot.Documents(kind)
	draft := c.Query("draft")
	if draft == "" {
		return documents, nil, nil
	}
	var laid []config.Document
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) (err error) {
		if _, err = s.Config.Draft(tx, draft); err != nil {
			return err
		}
		laid, err = s.Config.InDraft(tx, draft)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	laid = slices.DeleteFunc(laid, func(d config.Document) bool { return d.Kind != kind })
	held = map[string]bool{}
	for _, d := range laid {
		held[d.ID] = d.Body != nil
	}
	return config.Overlay(documents, laid), held, nil
}

func (s *Server) getDocument(c *Call) error {
	d, err := s.findDocument(c)
	if err != nil {
		return err
	}
	tag := documentTag(d)
	c.W.Header().Set("ETag", tag)
	if c.known(tag) {
		c.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	return c.document(http.StatusOK, d)
}

func (s *Server) findDocument(c *Call) (config.Document, error) {
	kind, err := c.documentKind()
	if err != nil {
		return config.Document{}, err
	}
	if version := c.Query("version"); version != "" {
		return s.documentAt(c, kind, version)
	}
	all, _, err := s.proposed(c, kind)
	if err != nil {
		return config.Document{}, err
	}
	return documentNamed(all, kind, c.Param("name"))
}

// documentNamed is one of several documents; NotFound when it is not among them.
func documentNamed(all []config.Document, kind, name string) (config.Document, error) {
	at := slices.IndexFunc(all, func(d config.Document) bool { return d.Kind == kind && d.Name == name })
	if at < 0 {
		return config.Document{}, fault.New(fault.NotFound, "document_not_found").With("kind", kind).With("name", name)
	}
	return all[at], nil
}

// documentAt is a document as it stood at a version.
func (s *Server) documentAt(c *Call, kind, version string) (d config.Document, err error) {
	n, err := strconv.ParseInt(version, 10, 64)
	if err != nil || n > c.Snapshot.Version {
		return d, fault.New(fault.NotFound, "version_not_found").With("version", version)
	}
	return d, s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) (err error) {
		d, err = s.Catalog.DocumentAt(tx, kind, c.Param("name"), n)
		return err
	})
}

// documentTag changes with every published version of the document; in a draft, with its text.
func documentTag(d config.Document) string {
	if d.Version == 0 && d.Body != nil {
		return fmt.Sprintf(`"d%x"`, sha256.Sum256(d.Body))
	}
	return fmt.Sprintf(`"v%d"`, d.Version)
}

// document answers with a document's body, in YAML where the caller asks for it.
func (c *Call) document(status int, d config.Document) error {
	if !wantsYAML(c.R) {
		return c.JSONStatus(status, d.Body)
	}
	text, err := config.FormatYAML(d)
	if err != nil {
		return err
	}
	c.W.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	c.W.WriteHeader(status)
	_, _ = c.W.Write(text) // a client that left cannot be told so
	return nil
}

func wantsYAML(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "yaml") }

func (s *Server) putDocument(c *Call) error {
	kind, err := c.documentKind()
	if err != nil {
		return err
	}
	d, err := c.readDocument(kind)
	if err != nil {
		return err
	}
	if draft := c.Query("draft"); draft != "" {
		if err := c.mayWriteRole(d); err != nil {
			return err
		}
		var laid config.Document
		err = c.Write(func(tx *sqldb.Tx) (err error) {
			if err = s.unchanged(c, tx, draft); err == nil {
				laid, err = s.Config.Put(tx, draft, d)
			}
			return err
		})
		if err != nil {
			return err
		}
		c.W.Header().Set("ETag", documentTag(laid))
		return c.document(http.StatusOK, laid)
	}
	return s.publishDocument(c, d)
}

// unchanged refuses a write by If-Match when the draft holds something else by
// now; from here to the unit's end nobody else writes into it.
func (s *Server) unchanged(c *Call, tx *sqldb.Tx, draft string) error {
	if c.R.Header.Get("If-Match") == "" {
		return nil
	}
	if err := s.Config.Hold(tx, draft); err != nil {
		return err
	}
	all, err := s.Config.Proposed(tx, draft)
	if err != nil {
		return err
	}
	return c.matches(documentNamed(all, c.Param("kind"), c.Param("name")))
}

// matches refuses by If-Match what is no longer as it was seen, or not there.
func (c *Call) matches(now config.Document, err error) error {
	list := c.R.Header.Get("If-Match")
	if list != "" && (err != nil || !tagListed(list, documentTag(now), false)) {
		return fault.New(fault.Stale, "stale")
	}
	return nil
}

// publishDocument makes one document live; it is created or changed.
func (s *Server) publishDocument(c *Call, d config.Document) error {
	status := http.StatusCreated
	before, err := c.Snapshot.Document(d.Kind, d.Name)
	if err == nil {
		status = http.StatusOK
	}
	if err := c.matches(before, err); err != nil {
		return err
	}
	version, err := s.Catalog.Apply(c.guardedAsSeen(d.Kind, d.Name), []config.Document{d}, c.note("put "+d.Reference()))
	if err != nil {
		return err
	}
	published, err := s.Snapshot().Document(d.Kind, d.Name)
	if err != nil {
		return err
	}
	c.W.Header().Set("ETag", documentTag(published))
	c.W.Header().Set("Clew-Config-Version", fmt.Sprint(version))
	return c.document(status, published)
}

// note says whose publication it is.
func (c *Call) note(label string) config.Note { return config.Note{By: c.User.ID, Label: label} }

// readDocument reads the body, JSON or YAML by its Content-Type. Its text is
// kept, so that faults have their line and column. A name in the body must be the path's.
func (c *Call) readDocument(kind string) (config.Document, error) {
	raw, err := c.Body()
	if err != nil {
		return config.Document{}, err
	}
	parse := oneJSON
	if strings.Contains(c.R.Header.Get("Content-Type"), "yaml") {
		parse = oneYAML
	}
	name := c.Param("name")
	d, err := parse(raw, kind, name)
	if err != nil {
		return d, err
	}
	if said, err := parse(raw, kind, ""); err == nil && said.Name != name {
		return d, fault.New(fault.Invalid, "invalid_input", said.Place([]fault.Field{{Path: "name", Code: "name_differs"}})...)
	}
	return d, nil
}

// nestingMax is how deep brackets may stand in a YAML text.
const nestingMax = 100

// plainYAML refuses what a small text can grow big by: anchors and deep nesting.
func plainYAML(raw []byte) error {
	depth := 0
	for _, t := range lexer.Tokenize(string(raw)) {
		code := ""
		switch t.Type {
		case token.AnchorType, token.AliasType:
			code = "no_anchors"
		case token.SequenceStartType, token.MappingStartType:
			if depth++; depth > nestingMax {
				code = "too_deep"
			}
		case token.SequenceEndType, token.MappingEndType:
			depth--
		}
		if code != "" {
			return fault.New(fault.Malformed, "malformed_yaml", fault.Field{Code: code, Line: t.Position.Line, Column: t.Position.Column})
		}
	}
	return nil
}

func oneYAML(raw []byte, kind, name string) (config.Document, error) {
	if err := plainYAML(raw); err != nil {
		return config.Document{}, err
	}
	documents, err := config.ParseYAML(raw, kind, name)
	if err != nil {
		return config.Document{}, err
	}
	if len(documents) != 1 {
		return config.Document{}, fault.New(fault.Malformed, "one_document").With("count", len(documents))
	}
	return documents[0], nil
}

func oneJSON(raw []byte, kind, name string) (config.Document, error) {
	body := Record{}
	if err := decodeJSON(raw, &body); err != nil {
		return config.Document{}, err
	}
	d, err := config.FromJSON(kind, name, raw)
	d.Source = string(raw)
	return d, err
}

func (s *Server) deleteDocument(c *Call) error {
	kind, err := c.documentKind()
	if err != nil {
		return err
	}
	name := c.Param("name")
	if draft := c.Query("draft"); draft != "" {
		err = c.Write(func(tx *sqldb.Tx) error {
			if err := s.unchanged(c, tx, draft); err != nil {
				return err
			}
			return s.Config.Remove(tx, draft, kind, name)
		})
	} else if err = c.matches(c.Snapshot.Document(kind, name)); err == nil {
		_, err = s.Catalog.Remove(c.guardedAsSeen(kind, name), kind, name, c.note("delete "+kind+"/"+name))
	}
	if err != nil {
		return err
	}
	return c.NoContent()
}

func (s *Server) showSchema(c *Call) error {
	raw, err := config.SchemaOf(c.Param("kind"))
	if err != nil {
		return err
	}
	return c.JSON(json.RawMessage(raw))
}
