package api

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mozillazg/go-pinyin"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/fault"
)

func (s *Server) userRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: Prefix + "/users", Tag: "people", Summary: "The people of the company by name.",
			Policy: SignedIn("names and departments are known to all colleagues; addresses and roles need users.read"),
			Query: []Parameter{
				{"q", "part of a name, of its pinyin or initials, or of an address"},
				{"active", "1 leaves disabled people out"}, {"limit", "1–500, default 50"}, {"cursor", "next_cursor of the page before"},
			},
			Out: List[UserView]{}, Handle: s.listUsers,
		},
		{
			Method: http.MethodPost, Path: Prefix + "/users", Tag: "people", Summary: "Add a person.",
			Policy: Needs(access.UsersWrite), In: NewUser{}, Out: UserView{}, Status: http.StatusCreated, Handle: s.createUser,
		},
		{
			Method: http.MethodPatch, Path: Prefix + "/users/{id}", Tag: "people",
			Summary: "Change a person; a new password and being disabled end all sessions and tokens.",
			Policy:  Needs(access.UsersWrite), In: UserChange{}, Out: UserView{}, Handle: s.changeUser,
		},
	}
}

// UserView is a person as colleagues see him.
type UserView struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Email      string     `json:"email,omitempty"` // with users.read, and one's own
	Language   string     `json:"language,omitempty"`
	Roles      []RoleView `json:"roles"` // with users.read, and one's own
	Department *Reference `json:"department"`
	Active     bool       `json:"active"`
	OpenLoad   int        `json:"open_load"`
	Capacity   *int       `json:"capacity"` // null is no limit
	Away       bool       `json:"away"`
}

// NewUser is a person to be added.
type NewUser struct {
	Name       string   `json:"name"`
	Email      string   `json:"email"`
	Password   string   `json:"password,omitempty"`
	MustChange bool     `json:"must_change_password,omitempty"` // at the first log-in
	Language   string   `json:"language,omitempty"`
	Zone       string   `json:"zone,omitempty"`
	Roles      []string `json:"roles,omitempty"`
	Department *string  `json:"department,omitempty"`
	Active     *bool    `json:"active,omitempty"`
	Capacity   *int     `json:"capacity,omitempty"`
}

// UserChange is a change of a person; what is absent stays.
type UserChange struct {
	Name       *string          `json:"name,omitempty"`
	Email      *string          `json:"email,omitempty"`
	Password   *string          `json:"password,omitempty"`
	MustChange *bool            `json:"must_change_password,omitempty"` // at the next log-in
	Language   *string          `json:"language,omitempty"`
	Zone       *string          `json:"zone,omitempty"`
	Roles      *[]string        `json:"roles,omitempty"`
	Department Optional[string] `json:"department,omitzero"`
	Active     *bool            `json:"active,omitempty"`
	Capacity   Optional[int]    `json:"capacity,omitzero"`
}

func (s *Server) listUsers(c *Call) error {
	limit, err := c.limit()
	if err != nil {
		return err
	}
	purpose, after := "users\x00"+c.Query("q")+"\x00"+c.Query("active"), ""
	if cursor := c.Query("cursor"); cursor != "" {
		if err := s.Seal.OpenCursor(cursor, purpose, &after); err != nil {
			return err
		}
	}
	found := s.matching(c)
	start, _ := slices.BinarySearchFunc(found, after, func(n listedUser, cursor string) int {
		return cmp.Or(cmp.Compare(n.key, cursor), -1) // the first key above the cursor
	})
	page := found[start:]
	list := List[UserView]{Items: []UserView{}}
	if len(page) > limit {
		page = page[:limit]
		next, err := s.Seal.Cursor(page[limit-1].key, purpose)
		if err != nil {
			return err
		}
		list.Next = &next
	}
	users := make([]account.User, 0, len(page))
	for _, n := range page {
		users = append(users, n.user)
	}
	list.Items, err = s.userViews(c, users)
	if err != nil {
		return err
	}
	return c.JSON(list)
}

// listedUser is a user with the key that lists are sorted by: pinyin, then id.
type listedUser struct {
	user account.User
	key  string
}

// matching is the users that the query asks for, in the order of their names.
func (s *Server) matching(c *Call) []listedUser {
	wanted := strings.ToLower(strings.TrimSpace(c.Query("q")))
	var found []listedUser
	for _, u := range c.Directory.Users() {
		if c.Query("active") == "1" && !u.Active {
			continue
		}
		full, initials := spelled(u.Name)
		texts := []string{strings.ToLower(u.Name), full, initials}
		if c.sees(u) {
			texts = append(texts, strings.ToLower(u.Email))
		}
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, wanted) }) {
			found = append(found, listedUser{user: u, key: full + "\x00" + u.ID})
		}
	}
	slices.SortFunc(found, func(a, b listedUser) int { return cmp.Compare(a.key, b.key) })
	return found
}

// spelled is a name in pinyin and the initials of that; other letters stay.
func spelled(name string) (full, initials string) {
	arguments := pinyin.NewArgs()
	var f, i strings.Builder
	for _, r := range strings.ToLower(name) {
		if syllables := pinyin.SinglePinyin(r, arguments); len(syllables) > 0 {
			f.WriteString(syllables[0])
			i.WriteByte(syllables[0][0])
			continue
		}
		f.WriteRune(r)
		i.WriteRune(r)
	}
	return f.String(), i.String()
}

// sees says whether the caller may know a user's address and roles.
func (c *Call) sees(u account.User) bool {
	return u.ID == c.User.ID || c.Grants.Has(access.UsersRead) || c.Grants.Has(access.UsersWrite)
}

func (s *Server) userViews(c *Call, users []account.User) ([]UserView, error) {
	ids := make([]string, 0, len(users))
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	now, loads, err := s.loads(c, ids)
	if err != nil {
		return nil, err
	}
	views := make([]UserView, 0, len(users))
	for _, u := range users {
		view := UserView{
			ID: u.ID, Name: u.Name, Roles: []RoleView{}, Department: c.department(u.Department), Active: u.Active,
			OpenLoad: loads[u.ID], Capacity: u.Capacity, Away: c.Directory.OnLeave(u.ID, now),
		}
		if c.sees(u) {
			view.Email, view.Language, view.Roles = u.Email, u.Language, c.roles(u.Roles)
		}
		views = append(views, view)
	}
	return views, nil
}

func (s *Server) createUser(c *Call) error {
	var in NewUser
	if err := c.Decode(&in); err != nil {
		return err
	}
	if err := c.mayGrant(in.Roles, nil, ""); err != nil {
		return err
	}
	fresh := account.NewUser{
		Name: in.Name, Email: in.Email, Password: in.Password, Language: in.Language, Zone: in.Zone,
		Roles: in.Roles, Department: orEmpty(in.Department), Capacity: in.Capacity,
		Inactive: in.Active != nil && !*in.Active, MustChange: in.MustChange,
	}
	u, err := s.Accounts.CreateUser(c.R.Context(), fresh)
	if err != nil {
		return err
	}
	return s.answerUser(c, u)
}

func (s *Server) changeUser(c *Call) error {
	before, ok := c.Directory.User(c.Param("id"))
	if !ok {
		return fault.New(fault.NotFound, "not_found")
	}
	var in UserChange
	if err := c.Decode(&in); err != nil {
		return err
	}
	if err := c.mayManage(before); err != nil {
		return err
	}
	if in.Roles != nil {
		if err := c.mayGrant(*in.Roles, before.Roles, before.ID); err != nil {
			return err
		}
	}
	change := account.UserChange{
		Name: in.Name, Email: in.Email, Password: in.Password, MustChange: in.MustChange, Language: in.Language, Zone: in.Zone,
		Roles: in.Roles, Active: in.Active, Department: in.Department.text(),
	}
	if in.Capacity.Given {
		change.Capacity = &in.Capacity.Value
	}
	u, err := s.Accounts.UpdateUser(c.R.Context(), before.ID, change)
	if err != nil {
		return err
	}
	return s.answerUser(c, u)
}

func (s *Server) answerUser(c *Call, u account.User) error {
	c.Directory = s.Accounts.Directory()
	views, err := s.userViews(c, []account.User{u})
	if err != nil {
		return err
	}
	return c.JSON(views[0])
}

// mayManage refuses to change somebody who has what the caller lacks: else a
// new password would be a way to his rights.
func (c *Call) mayManage(u account.User) error {
	for _, role := range c.roleDocuments() {
		if !slices.Contains(u.Roles, role.Name) {
			continue
		}
		if lacks, ok := c.Grants.MayGrant(role); !ok {
			return fault.New(fault.Forbidden, "beyond_own_rights").With("role", role.Name).With("lacks", lacks)
		}
	}
	return nil
}

// mayGrant refuses roles that are unknown, and new ones that give what the caller lacks.
// Rights that stand apart nobody gives to himself.
func (c *Call) mayGrant(names, held []string, to string) error {
	var faults fault.Collector
	roles := c.roleDocuments()
	for i, name := range names {
		at := slices.IndexFunc(roles, func(r *access.Role) bool { return r.Name == name })
		path := "roles." + strconv.Itoa(i)
		if at < 0 {
			faults.Add(&fault.Field{Path: path, Code: "unknown_role", Params: map[string]any{"name": name}})
			continue
		}
		if slices.Contains(held, name) {
			continue
		}
		lacks, ok := c.Grants.MayPass(roles[at])
		if ok && to == c.User.ID {
			lacks, ok = c.keepsApart(roles[at])
		}
		if !ok {
			return fault.New(fault.Forbidden, "beyond_own_rights", fault.Field{
				Path: path, Code: "beyond_own_rights", Params: map[string]any{"role": name, "lacks": lacks},
			}).With("role", name).With("lacks", lacks)
		}
	}
	return faults.Err()
}

// limit is the query's limit of items.
func (c *Call) limit() (int, error) {
	text := c.Query("limit")
	if text == "" {
		return limitDefault, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > limitMax {
		return 0, invalidLimit(limitMax)
	}
	return n, nil
}

// invalidLimit names the parameter and how much it may be.
func invalidLimit(most int) error {
	return fault.New(fault.Malformed, "invalid_limit", fault.Field{Path: "limit", Code: "out_of_range"}).With("max", most)
}

const (
	limitDefault = 50
	limitMax     = 500
)
