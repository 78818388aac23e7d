package api

import (
	"net/http"
	"slices"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/view"
)

func (s *Server) viewRoutes() []Route {
	const views = Prefix + "/views"
	return []Route{
		{
			Method: http.MethodGet, Path: views, Tag: "views", Summary: "The saved views of an object: mine, and those of my departments.",
			Policy: SignedIn("lists the caller's own and his departments'; fields that he may not see are left out"),
			Query:  []Parameter{{"object", "API name"}}, Out: SavedViews{}, Handle: s.listViews,
		},
		{
			Method: http.MethodPost, Path: views, Tag: "views", Summary: "Save a view for me, or for a department.",
			Policy: SignedIn("the caller's own; for a department its leaders or views.share"), Status: http.StatusCreated,
			In: NewView{}, Out: SavedView{}, Handle: s.createView,
		},
		{
			Method: http.MethodPut, Path: views + "/preference", Tag: "views", Summary: "With which view I begin, and the order of my tabs.",
			Policy: SignedIn("writes only the caller's"), In: ViewPreference{}, Out: ViewPreference{}, Handle: s.preferViews,
		},
		{
			Method: http.MethodPatch, Path: views + "/{id}", Tag: "views", Summary: "Change, share or unshare a saved view.",
			Policy: SignedIn("the owner, or who leads the department that shares it"), In: ViewChange{}, Out: SavedView{}, Handle: s.changeView,
		},
		{
			Method: http.MethodDelete, Path: views + "/{id}", Tag: "views", Summary: "Delete a saved view.",
			Policy: SignedIn("the owner, or who leads the department that shares it"), Status: http.StatusNoContent, Handle: s.deleteView,
		},
	}
}

// SavedViews are the saved views of one object with the caller's preference.
type SavedViews struct {
	Items     []SavedView `json:"items"`
	Default   string      `json:"default"`
	Order     []string    `json:"order"`
	ShareWith []Reference `json:"share_with"` // the departments that the caller may share with
}

// SavedView is a saved view as the caller may know it. One that is refused
// needs a field that he may not see, or that is gone; it says nothing else.
type SavedView struct {
	ID        string     `json:"id"`
	Label     string     `json:"label"`
	Object    string     `json:"object"`
	Owner     *Reference `json:"owner"`
	Share     string     `json:"share"` // own, team
	Team      *Reference `json:"team"`
	CanChange bool       `json:"can_change"`
	Refused   bool       `json:"refused"`
	view.Shape
}

// NewView is a view to be saved.
type NewView struct {
	Object     string     `json:"object"`
	Label      string     `json:"label"`
	Share      string     `json:"share,omitempty"`      // own where absent, or team
	Department string     `json:"department,omitempty"` // of a team view; the caller's own where absent
	Shape      view.Shape `json:"shape"`
}

// ViewChange is what is to change of a view.
type ViewChange struct {
	Label      *string     `json:"label,omitempty"`
	Share      *string     `json:"share,omitempty"`
	Department string      `json:"department,omitempty"`
	Shape      *view.Shape `json:"shape,omitempty"`
}

// ViewPreference is how the caller likes the views of an object; views are
// named by id, or by name where they are configuration.
type ViewPreference struct {
	Object  string   `json:"object"`
	Default string   `json:"default"`
	Order   []string `json:"order"`
}

// viewed is an object, and what the caller may know of it.
func (c *Call) viewed(name string) (object, visible *schema.Object, err error) {
	object, ok := c.Snapshot.Object(name)
	if ok {
		visible = c.Grants.Visible(object)
	}
	if visible == nil || !c.Grants.Can(object, access.Read) {
		return nil, nil, fault.New(fault.NotFound, "not_found")
	}
	return object, visible, nil
}

func (s *Server) listViews(c *Call) error {
	object, visible, err := c.viewed(c.Query("object"))
	if err != nil {
		return err
	}
	list := SavedViews{Items: []SavedView{}, ShareWith: c.shareable()}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		found, err := view.Seen(tx, object.ID, c.User.ID, c.Directory.Above(c.User.ID))
		if err != nil {
			return err
		}
		for _, v := range found {
			list.Items = append(list.Items, c.savedView(visible, v))
		}
		preference, err := view.PreferenceOf(tx, c.User.ID, object.ID)
		list.Default, list.Order = preference.Standard, preference.Tabs
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}

func (c *Call) savedView(visible *schema.Object, v view.View) SavedView {
	out := SavedView{
		ID: v.ID, Label: v.Label, Object: visible.Name, Owner: c.UserReference(v.Owner), Share: "own", CanChange: c.mayChange(v),
	}
	if v.Department != "" {
		department, _ := c.Directory.Department(v.Department)
		out.Share, out.Team = "team", &Reference{ID: v.Department, Label: department.Name}
	}
	out.Shape, out.Refused = v.Shape.Shown(visible, c.Snapshot.FilterEnv(visible), c.Language)
	return out
}

// shareable are the departments that the caller may share with, his own first.
func (c *Call) shareable() []Reference {
	out := []Reference{}
	for _, id := range c.Directory.Above(c.User.ID) {
		if department, ok := c.Directory.Department(id); ok && c.mayShare(id) {
			out = append(out, Reference{ID: id, Label: department.Name})
		}
	}
	for _, department := range c.Directory.Departments() {
		known := slices.ContainsFunc(out, func(r Reference) bool { return r.ID == department.ID })
		if !known && c.mayShare(department.ID) {
			out = append(out, Reference{ID: department.ID, Label: department.Name})
		}
	}
	return out
}

// mayShare says whether the caller leads a department, or one above it, or has the right.
func (c *Call) mayShare(department string) bool {
	return c.Grants.Has(access.ViewsShare) || c.Directory.Leads(c.User.ID, department)
}

func (c *Call) mayChange(v view.View) bool {
	return v.Owner == c.User.ID || v.Department != "" && c.mayShare(v.Department)
}

// sharedWith is where a share leads: "" for the caller alone.
func (c *Call) sharedWith(share, department string) (string, error) {
	switch share {
	case "", "own":
		return "", nil
	case "team":
	default:
		return "", fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "share", Code: "unknown_choice"})
	}
	if department == "" {
		department = c.User.Department
	}
	if _, ok := c.Directory.Department(department); !ok {
		return "", fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "department", Code: "unknown_department"})
	}
	if !c.mayShare(department) {
		return "", fault.New(fault.Forbidden, "forbidden")
	}
	return department, nil
}

func (s *Server) createView(c *Call) error {
	var in NewView
	if err := c.Decode(&in); err != nil {
		return err
	}
	object, visible, err := c.viewed(in.Object)
	if err != nil {
		return err
	}
	department, err := c.sharedWith(in.Share, in.Department)
	if err != nil {
		return err
	}
	shape, err := in.Shape.Stored(visible, c.Snapshot.FilterEnv(visible))
	if err != nil {
		return err
	}
	v := view.View{ID: s.DB.NewID(), Object: object.ID, Label: in.Label, Owner: c.User.ID, Department: department, Shape: shape}
	err = c.Write(func(tx *sqldb.Tx) error {
		v, err = view.Add(tx, v)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(c.savedView(visible, v))
}

// ownView finds the path's view; one that the caller does not see is NotFound.
func (c *Call) ownView(tx *sqldb.Tx) (view.View, *schema.Object, error) {
	v, err := view.Find(tx, c.Param("id"))
	if err != nil {
		return v, nil, err
	}
	object, ok := c.Snapshot.ObjectByID(v.Object)
	seen := v.Owner == c.User.ID || v.Department != "" && slices.Contains(c.Directory.Above(c.User.ID), v.Department)
	if !ok || c.Grants.Visible(object) == nil || !seen && !c.mayChange(v) {
		return v, nil, fault.New(fault.NotFound, "not_found")
	}
	if !c.mayChange(v) {
		return v, nil, fault.New(fault.Forbidden, "forbidden")
	}
	return v, c.Grants.Visible(object), nil
}

func (s *Server) changeView(c *Call) error {
	var in ViewChange
	if err := c.Decode(&in); err != nil {
		return err
	}
	var v view.View
	var visible *schema.Object
	err := c.Write(func(tx *sqldb.Tx) error {
		var err error
		if v, visible, err = c.ownView(tx); err != nil {
			return err
		}
		if err := c.lay(&v, visible, in); err != nil {
			return err
		}
		v, err = view.Change(tx, v)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(c.savedView(visible, v))
}

// lay lays a change over a view. Whatever stays shared is changed only by who
// may share; the owner may always take it back.
func (c *Call) lay(v *view.View, visible *schema.Object, in ViewChange) error {
	var err error
	if in.Share != nil {
		if v.Department, err = c.sharedWith(*in.Share, in.Department); err != nil {
			return err
		}
	}
	if v.Department != "" && !c.mayShare(v.Department) {
		return fault.New(fault.Forbidden, "forbidden")
	}
	if in.Label != nil {
		v.Label = *in.Label
	}
	if in.Shape != nil {
		v.Shape, err = in.Shape.Stored(visible, c.Snapshot.FilterEnv(visible))
	}
	return err
}

func (s *Server) deleteView(c *Call) error {
	err := c.Write(func(tx *sqldb.Tx) error {
		v, _, err := c.ownView(tx)
		if err != nil {
			return err
		}
		return view.Remove(tx, v.ID)
	})
	if err != nil {
		return err
	}
	return c.NoContent()
}

func (s *Server) preferViews(c *Call) error {
	var in ViewPreference
	if err := c.Decode(&in); err != nil {
		return err
	}
	object, _, err := c.viewed(in.Object)
	if err != nil {
		return err
	}
	if in.Order == nil {
		in.Order = []string{}
	}
	err = c.Write(func(tx *sqldb.Tx) error {
		return view.Prefer(tx, c.User.ID, object.ID, view.Preference{Standard: in.Default, Tabs: in.Order})
	})
	if err != nil {
		return err
	}
	return c.JSON(in)
}
