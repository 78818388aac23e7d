package api

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// editorRoutes are what the editor in the browser asks beside the documents themselves.
func (s *Server) editorRoutes() []Route {
	read, write := Needs(access.ConfigRead, access.ConfigWrite), Needs(access.ConfigWrite)
	const document, draft = configPath + "/{kind}/{name}", configPath + "/drafts/{id}"
	inDraft := Parameter{"draft", "the id of a draft; without it what is in force"}
	return []Route{
		{Method: http.MethodGet, Path: configPath, Tag: "config", Summary: "Every document by kind.", Policy: read, Query: []Parameter{inDraft}, Out: List[KindView]{}, Handle: s.listKinds},
		{Method: http.MethodPost, Path: configPath + "/check", Tag: "config", Summary: "What is wrong with a document as it is being written, and what it would change; nothing is kept.", Policy: write, Query: []Parameter{inDraft}, In: Checked{}, Out: CheckView{}, Handle: s.checkDocument},
		{Method: http.MethodPost, Path: configPath + "/convert", Tag: "config", Summary: "A document's body as YAML, or YAML as a body; nothing is kept.", Policy: read, In: Converted{}, Out: Converted{}, Handle: s.convertDocument},
		{Method: http.MethodGet, Path: document + "/used", Tag: "config", Summary: "The places that name a document, a field or a choice.", Policy: read, Query: []Parameter{inDraft, {"field", "a field of the object"}, {"choice", "a choice of the field"}}, Out: List[UsageView]{}, Handle: s.listUses},
		{Method: http.MethodGet, Path: document + "/versions", Tag: "config", Summary: "The versions in which a document changed, newest first.", Policy: read, Out: List[VersionView]{}, Handle: s.documentVersions},
		{Method: http.MethodGet, Path: configPath + "/versions/{n}/diff", Tag: "config", Summary: "What leads from one version to another, in words.", Policy: read, Out: List[DifferenceView]{}, Handle: s.diffVersions,
			Query: []Parameter{{"from", "the earlier version; the one before if absent"}, {"kind", "only this kind"}, {"name", "only the document of this name"}}},
		{Method: http.MethodDelete, Path: draft + "/documents/{kind}/{name}", Tag: "config", Summary: "Take a document out of a draft.", Policy: write, Status: http.StatusNoContent, Handle: s.forgetDocument},
		{Method: http.MethodPost, Path: draft + "/rebase", Tag: "config", Summary: "Move a draft to the version in force, saying of what others changed whose document wins.", Policy: write, In: Rebased{}, Out: DraftView{}, Handle: s.rebaseDraft},
	}
}

// KindView is one kind of document with all of them.
type KindView struct {
	Kind  string           `json:"kind"`
	Label string           `json:"label"`
	Items []ListedDocument `json:"items"`
}

// ListedDocument is a document with its labels in every language, so that it is found by any.
type ListedDocument struct {
	Name    string       `json:"name"`
	ID      string       `json:"id"`
	Label   string       `json:"label"`
	Labels  schema.Label `json:"labels"`
	Object  string       `json:"object,omitempty"` // that it is about
	Version int64        `json:"version"`
	Draft   bool         `json:"draft,omitempty"`
	Items   []string     `json:"items,omitempty"` // labels of an object's fields
}

func (s *Server) listKinds(c *Call) error {
	list := List[KindView]{Items: []KindView{}}
	for _, kind := range config.Kinds() {
		shape, err := config.ShapeOf(kind)
		if err != nil {
			return err
		}
		documents, held, err := s.proposed(c, kind)
		if err != nil {
			return err
		}
		view := KindView{Kind: kind, Label: c.Label(shape.Title), Items: []ListedDocument{}}
		for _, d := range documents {
			view.Items = append(view.Items, c.listed(d, held[d.ID]))
		}
		list.Items = append(list.Items, view)
	}
	return c.JSON(list)
}

// versionInForce is that of what everybody works with, also where a draft holds another text of it.
func (c *Call) versionInForce(d config.Document, held bool) int64 {
	if !held {
		return d.Version
	}
	published, _ := c.Snapshot.Document(d.Kind, d.Name) // none: it is only in the draft
	return published.Version
}

func (c *Call) listed(d config.Document, held bool) ListedDocument {
	var body struct {
		Object string `json:"object"`
		Fields []struct {
			Label schema.Label `json:"label"`
		} `json:"fields"`
	}
	_ = d.Decode(&body) // a draft need not have the shape of its kind
	out := ListedDocument{
		Name: d.Name, ID: d.ID, Label: cmp.Or(c.Label(d.Label()), d.Name), Labels: d.Label(), Object: body.Object, Version: c.versionInForce(d, held), Draft: held,
	}
	if out.Labels == nil { // a kind without labels
		out.Labels = schema.Label{}
	}
	if d.Kind == "object" {
		for _, f := range body.Fields {
			out.Items = append(out.Items, c.Label(f.Label))
		}
	}
	return out
}

// Checked is a document as it is being written.
type Checked struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Body Record `json:"body"`
}

// CheckView is what is wrong with it, and what it would change.
type CheckView struct {
	Errors  []ProblemField `json:"errors"`
	Others  []ProblemField `json:"others"` // what is wrong with other documents
	Changes []string       `json:"changes"`
}

func (s *Server) checkDocument(c *Call) error {
	var in Checked
	if err := c.Decode(&in); err != nil {
		return err
	}
	d, err := config.NewDocument(in.Kind, in.Name, in.Body)
	if err != nil {
		return err
	}
	next, faults, err := s.Catalog.Propose(c.R.Context(), c.Query("draft"), d.Reference(), d)
	if err != nil {
		return err
	}
	view := CheckView{Errors: []ProblemField{}, Others: []ProblemField{}, Changes: []string{}}
	for _, f := range faults {
		shown := s.Fields(c.Language, []fault.Field{f})
		if f.Params["document"] == d.Reference() {
			view.Errors = append(view.Errors, shown...)
			continue
		}
		view.Others = append(view.Others, shown...)
	}
	if before, err := c.Snapshot.Document(in.Kind, in.Name); err == nil {
		if view.Changes, err = s.speaker(c, d, next, c.Snapshot).sentences(before, withIDs(d, next)); err != nil {
			return err
		}
	}
	return c.JSON(view)
}

// Converted is a document's body and the same in YAML; a request gives one of the two.
type Converted struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Body Record `json:"body,omitempty"`
	YAML string `json:"yaml,omitempty"`
}

func (s *Server) convertDocument(c *Call) error {
	var in Converted
	if err := c.Decode(&in); err != nil {
		return err
	}
	var d config.Document
	var err error
	if in.YAML != "" {
		d, err = oneYAML([]byte(in.YAML), in.Kind, in.Name)
	} else {
		d, err = config.NewDocument(in.Kind, in.Name, in.Body)
	}
	if err != nil {
		return err
	}
	text, err := config.FormatYAML(d)
	if err != nil {
		return err
	}
	out := Converted{Kind: d.Kind, Name: d.Name, YAML: string(text)}
	if err := d.Decode(&out.Body); err != nil {
		return err
	}
	return c.JSON(out)
}

// withIDs is the document as the proposal has it, with the ids that its items
// were given; as it was sent where it does not compile.
func withIDs(d config.Document, next *catalog.Snapshot) config.Document {
	if completed, err := next.Document(d.Kind, d.Name); err == nil {
		return completed
	}
	return d
}

func (s *Server) forgetDocument(c *Call) error {
	err := c.Write(func(tx *sqldb.Tx) error {
		return s.Config.Forget(tx, c.Param("id"), c.Param("kind"), c.Param("name"))
	})
	if err != nil {
		return err
	}
	return c.NoContent()
}

// Rebased says of each document that others changed ("clock/claim") whose wins.
type Rebased struct {
	Mine   []string `json:"mine"`
	Theirs []string `json:"theirs"`
}

func (s *Server) rebaseDraft(c *Call) error {
	var in Rebased
	if err := c.Decode(&in); err != nil {
		return err
	}
	err := c.Write(func(tx *sqldb.Tx) error { return s.Config.Rebase(tx, c.Param("id"), in.Mine, in.Theirs) })
	if err != nil {
		return err
	}
	return s.showDraft(c)
}

// documentVersions are the versions in which the path's document changed.
func (s *Server) documentVersions(c *Call) error {
	d, err := c.Snapshot.Document(c.Param("kind"), c.Param("name"))
	if err != nil {
		return err
	}
	list := List[VersionView]{Items: []VersionView{}}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		revisions, err := s.Config.History(tx, d.Kind, d.ID)
		if err != nil {
			return err
		}
		for _, r := range revisions {
			v, err := s.Config.Version(tx, r.Version)
			if err != nil {
				return err
			}
			list.Items = append(list.Items, c.versionView(v))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}

func (c *Call) versionView(v config.Version) VersionView {
	return VersionView{
		Version: v.Number, At: stamp(v.At), By: c.UserReference(v.By), Label: v.Label, RestoredFrom: v.RestoredFrom, Changes: v.Changes,
	}
}

func (s *Server) diffVersions(c *Call) error {
	n, err := strconv.ParseInt(c.Param("n"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "version_not_found").With("version", c.Param("n"))
	}
	from := n - 1
	if text := c.Query("from"); text != "" {
		if from, err = strconv.ParseInt(text, 10, 64); err != nil {
			return fault.New(fault.NotFound, "version_not_found").With("version", text)
		}
	}
	before, err := s.documentsOf(c, from)
	if err != nil {
		return err
	}
	after, err := s.documentsOf(c, n)
	if err != nil {
		return err
	}
	list, err := s.differences(c, before, after, c.Snapshot)
	if err != nil {
		return err
	}
	return c.JSON(list)
}

// documentsOf are a version's documents, as far as kind and name of the query
// ask for them. Before the first version there are none.
func (s *Server) documentsOf(c *Call, version int64) ([]config.Document, error) {
	if version == 0 {
		return nil, nil
	}
	all, err := s.Catalog.DocumentsAt(c.R.Context(), version)
	return slices.DeleteFunc(all, func(d config.Document) bool {
		return c.Query("kind") != "" && d.Kind != c.Query("kind") || c.Query("name") != "" && d.Name != c.Query("name")
	}), err
}

// differences tells what leads from some documents to others, in values and in words.
func (s *Server) differences(c *Call, before, after []config.Document, snapshots ...*catalog.Snapshot) (List[DifferenceView], error) {
	list := List[DifferenceView]{Items: []DifferenceView{}}
	for _, d := range config.Differences(before, after) {
		view := DifferenceView{Kind: d.Kind, Name: d.Name, ID: d.ID, Label: cmp.Or(c.Label(d.Label), d.Name), Change: d.Change, Words: []string{}}
		shape, err := config.ShapeOf(d.Kind)
		if err != nil {
			return list, err
		}
		view.KindLabel = c.Label(shape.Title)
		for _, v := range d.Values {
			view.Values = append(view.Values, ValueView(v))
		}
		was, is := documentOf(before, d), documentOf(after, d)
		if d.Change == "changed" {
			w := s.speaker(c, is, snapshots...)
			if view.Words, err = w.sentences(was, is); err != nil {
				return list, err
			}
		}
		view.Warnings = s.warnings(c, was, is)
		list.Items = append(list.Items, view)
	}
	return list, nil
}

func documentOf(all []config.Document, d config.Difference) config.Document {
	at := slices.IndexFunc(all, func(one config.Document) bool { return one.Kind == d.Kind && one.ID == d.ID })
	if at < 0 {
		return config.Document{}
	}
	return all[at]
}
