package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// labelMax is the most characters of a draft's or version's label.
const labelMax = 200

func (s *Server) draftRoutes() []Route {
	read, write := Needs(access.ConfigRead, access.ConfigWrite), Needs(access.ConfigWrite)
	const drafts, draft = configPath + "/drafts", configPath + "/drafts/{id}"
	return []Route{
		{Method: http.MethodGet, Path: drafts, Tag: "config", Summary: "The open drafts, newest first.", Policy: read, Out: List[DraftView]{}, Handle: s.listDrafts},
		{Method: http.MethodPost, Path: drafts, Tag: "config", Summary: "Begin a draft.", Policy: write, Status: http.StatusCreated, In: NewDraft{}, Out: DraftView{}, Handle: s.createDraft},
		{Method: http.MethodGet, Path: draft, Tag: "config", Summary: "A draft and what it holds.", Policy: read, Out: DraftView{}, Handle: s.showDraft},
		{Method: http.MethodDelete, Path: draft, Tag: "config", Summary: "Forget a draft.", Policy: write, Status: http.StatusNoContent, Handle: s.dropDraft},
		{Method: http.MethodPost, Path: draft + "/validate", Tag: "config", Summary: "Say everything that keeps a draft from being published.", Policy: write, Out: Validated{}, Handle: s.validateDraft},
		{Method: http.MethodPost, Path: draft + "/diff", Tag: "config", Summary: "What a draft changes.", Policy: read, Out: List[DifferenceView]{}, Handle: s.diffDraft},
		{Method: http.MethodPost, Path: draft + "/effects", Tag: "config", Summary: "How many records a draft touches, as far as they are counted in two seconds.", Policy: read, Out: List[EffectView]{}, Handle: s.draftEffects},
		{Method: http.MethodPost, Path: draft + "/publish", Tag: "config", Summary: "Make a draft live.", Policy: write, Out: Published{}, Handle: s.publishDraft},
	}
}

func (s *Server) versionRoutes() []Route {
	const versions = configPath + "/versions"
	return []Route{
		{Method: http.MethodGet, Path: versions, Tag: "config", Summary: "The published versions, newest first.", Policy: Needs(access.ConfigRead, access.ConfigWrite), Out: List[VersionView]{}, Handle: s.listVersions,
			Query: []Parameter{{"limit", "1–500, 50 if absent"}}},
		{Method: http.MethodPost, Path: versions + "/{n}/rollback", Tag: "config", Summary: "Publish an earlier version again.", Policy: Needs(access.ConfigWrite), Out: Published{}, Handle: s.rollBack},
	}
}

// NewDraft begins a draft.
type NewDraft struct {
	Label string `json:"label,omitempty"`
}

// DraftView is a draft; what it holds comes with a single one.
type DraftView struct {
	ID        string         `json:"id"`
	Label     string         `json:"label"`
	Base      int64          `json:"base"` // the version in force when it was begun
	At        string         `json:"at"`
	By        *Reference     `json:"by"`
	Published int64          `json:"published,omitempty"` // the version that it became
	Documents []DraftContent `json:"documents,omitempty"`
}

// DraftContent is one document in a draft.
type DraftContent struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	ID      string `json:"id"`
	Removed bool   `json:"removed,omitempty"`
	// Outdated says that somebody published another version of it since the draft was begun.
	Outdated bool `json:"outdated,omitempty"`
}

// Validated says that nothing is wrong; what is wrong comes as a problem.
type Validated struct {
	Valid bool `json:"valid"`
}

// Published names the version that is now in force.
type Published struct {
	Version int64 `json:"version"`
}

// DifferenceView is what happens to one document.
type DifferenceView struct {
	Kind   string      `json:"kind"`
	Name   string      `json:"name"`
	ID     string      `json:"id"`
	Label  string      `json:"label"`
	Change string      `json:"change"` // added, changed or removed
	Values []ValueView `json:"values,omitempty"`

	KindLabel string   `json:"kind_label"`
	Words     []string `json:"words"`              // the values in sentences, in the caller's language
	Warnings  []string `json:"warnings,omitempty"` // what is lost by it
}

// ValueView is one value before and after; null where it is absent.
type ValueView struct {
	Path   string `json:"path"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// VersionView is one published state.
type VersionView struct {
	Version      int64      `json:"version"`
	At           string     `json:"at"`
	By           *Reference `json:"by"` // null for the program
	Label        string     `json:"label"`
	RestoredFrom int64      `json:"restored_from,omitempty"`
	Changes      int        `json:"changes"`
}

func (c *Call) draftView(d config.Draft) DraftView {
	return DraftView{
		ID: d.ID, Label: d.Label, Base: d.Base, At: stamp(d.CreatedAt), By: c.UserReference(d.CreatedBy), Published: d.Published,
	}
}

func (s *Server) listDrafts(c *Call) error {
	list := List[DraftView]{Items: []DraftView{}}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		drafts, err := s.Config.Drafts(tx)
		if err != nil {
			return err
		}
		for _, d := range drafts {
			view := c.draftView(d)
			if view.Documents, err = s.draftContents(tx, d); err != nil {
				return err
			}
			list.Items = append(list.Items, view)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}

func (s *Server) createDraft(c *Call) error {
	var in NewDraft
	if err := c.Decode(&in); err != nil {
		return err
	}
	in.Label = strings.TrimSpace(schema.Clean(in.Label))
	if len([]rune(in.Label)) > labelMax {
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "label", Code: "too_long", Params: map[string]any{"max": labelMax}})
	}
	var draft config.Draft
	err := c.Write(func(tx *sqldb.Tx) (err error) {
		draft, err = s.Config.CreateDraft(tx, in.Label, c.User.ID)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(c.draftView(draft))
}

func (s *Server) showDraft(c *Call) error {
	var view DraftView
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		draft, err := s.Config.Draft(tx, c.Param("id"))
		if err != nil {
			return err
		}
		view = c.draftView(draft)
		view.Documents, err = s.draftContents(tx, draft)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

func (s *Server) draftContents(tx *sqldb.Tx, draft config.Draft) ([]DraftContent, error) {
	held, err := s.Config.InDraft(tx, draft.ID)
	if err != nil {
		return nil, err
	}
	var outdated []string
	if draft.Published == 0 {
		if outdated, err = s.Config.Outdated(tx, draft.ID); err != nil {
			return nil, err
		}
	}
	contents := []DraftContent{}
	for _, d := range held {
		contents = append(contents, DraftContent{
			Kind: d.Kind, Name: d.Name, ID: d.ID, Removed: d.Body == nil, Outdated: slices.Contains(outdated, d.Reference()),
		})
	}
	return contents, nil
}

func (s *Server) dropDraft(c *Call) error {
	if err := c.Write(func(tx *sqldb.Tx) error { return s.Config.DropDraft(tx, c.Param("id")) }); err != nil {
		return err
	}
	return c.NoContent()
}

// openDraft is the path's draft; Conflict when it is published already.
func (s *Server) openDraft(c *Call) (id string, err error) {
	id = c.Param("id")
	return id, s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		draft, err := s.Config.Draft(tx, id)
		if err == nil && draft.Published > 0 {
			err = fault.New(fault.Conflict, "draft_published").With("version", draft.Published)
		}
		return err
	})
}

func (s *Server) validateDraft(c *Call) error {
	id, err := s.openDraft(c)
	if err != nil {
		return err
	}
	if err := s.Catalog.Validate(c.guarded(), id); err != nil {
		return err
	}
	return c.JSON(Validated{Valid: true})
}

func (s *Server) diffDraft(c *Call) error {
	before, after, next, err := s.Catalog.Compared(c.R.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	list, err := s.differences(c, before, after, next, c.Snapshot)
	if err != nil {
		return err
	}
	return c.JSON(list)
}

func (s *Server) publishDraft(c *Call) error {
	id, err := s.openDraft(c)
	if err != nil {
		return err
	}
	version, err := s.Catalog.Publish(c.guarded(), id, c.note(""))
	if err != nil {
		return err
	}
	return c.JSON(Published{Version: version})
}

func (s *Server) listVersions(c *Call) error {
	limit, err := c.limit()
	if err != nil {
		return err
	}
	list := List[VersionView]{Items: []VersionView{}}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		versions, err := s.Config.Versions(tx, limit)
		for _, v := range versions {
			list.Items = append(list.Items, c.versionView(v))
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}

func (s *Server) rollBack(c *Call) error {
	n, err := strconv.ParseInt(c.Param("n"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "version_not_found").With("version", c.Param("n"))
	}
	version, err := s.Catalog.Rollback(c.guarded(), n, c.note("rollback to "+strconv.FormatInt(n, 10)))
	if err != nil {
		return err
	}
	return c.JSON(Published{Version: version})
}
