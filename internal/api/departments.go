package api

import (
	"net/http"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
)

func (s *Server) departmentRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: Prefix + "/departments", Tag: "people", Summary: "The company's tree.",
			Policy: SignedIn("the tree is known to all colleagues"), Out: List[DepartmentView]{}, Handle: s.listDepartments,
		},
		{
			Method: http.MethodPost, Path: Prefix + "/departments", Tag: "people", Summary: "Add a department.",
			Policy: Needs(access.UsersWrite), In: NewDepartment{}, Out: DepartmentView{}, Status: http.StatusCreated,
			Handle: s.createDepartment,
		},
		{
			Method: http.MethodPatch, Path: Prefix + "/departments/{id}", Tag: "people",
			Summary: "Rename a department, move it, or give it a leader.",
			Policy:  Needs(access.UsersWrite), In: DepartmentChange{}, Out: DepartmentView{}, Handle: s.changeDepartment,
		},
	}
}

// DepartmentView is a node of the tree.
type DepartmentView struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Parent  *string    `json:"parent"` // null at the root
	Leader  *Reference `json:"leader"`
	Members int        `json:"members"` // active people directly in it
}

// NewDepartment is a department to be added.
type NewDepartment struct {
	Name   string  `json:"name"`
	Parent *string `json:"parent,omitempty"`
	Leader *string `json:"leader,omitempty"`
}

// DepartmentChange is a change of a department; what is absent stays, null empties.
type DepartmentChange struct {
	Name   *string          `json:"name,omitempty"`
	Parent Optional[string] `json:"parent,omitzero"`
	Leader Optional[string] `json:"leader,omitzero"`
}

func (s *Server) listDepartments(c *Call) error {
	list := List[DepartmentView]{Items: []DepartmentView{}}
	for _, d := range c.Directory.Departments() {
		list.Items = append(list.Items, c.departmentView(d))
	}
	return c.JSON(list)
}

func (c *Call) departmentView(d account.Department) DepartmentView {
	view := DepartmentView{
		ID: d.ID, Name: d.Name, Leader: c.UserReference(d.Leader), Members: len(c.Directory.InDepartment(d.ID)),
	}
	if d.Parent != "" {
		view.Parent = &d.Parent
	}
	return view
}

func (s *Server) createDepartment(c *Call) error {
	var in NewDepartment
	if err := c.Decode(&in); err != nil {
		return err
	}
	d, err := s.Accounts.CreateDepartment(c.R.Context(), account.Department{
		Name: in.Name, Parent: orEmpty(in.Parent), Leader: orEmpty(in.Leader),
	})
	return s.answerDepartment(c, d, err)
}

func (s *Server) changeDepartment(c *Call) error {
	var in DepartmentChange
	if err := c.Decode(&in); err != nil {
		return err
	}
	d, err := s.Accounts.UpdateDepartment(c.R.Context(), c.Param("id"), account.DepartmentChange{
		Name: in.Name, Parent: in.Parent.text(), Leader: in.Leader.text(),
	})
	return s.answerDepartment(c, d, err)
}

func (s *Server) answerDepartment(c *Call, d account.Department, err error) error {
	if err != nil {
		return err
	}
	c.Directory = s.Accounts.Directory()
	return c.JSON(c.departmentView(d))
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
