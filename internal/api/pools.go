package api

import (
	"cmp"
	"net/http"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) poolRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: Prefix + "/pools", Tag: "people", Summary: "The pools and who is in them.",
			Policy: SignedIn("who works in which pool is known to all colleagues"), Out: List[PoolView]{}, Handle: s.listPools,
		},
		{
			Method: http.MethodPut, Path: Prefix + "/pools/{name}/members", Tag: "people", Summary: "Replace a pool's members.",
			Policy: Needs(access.UsersWrite), In: PoolMembers{}, Out: PoolView{}, Handle: s.setPoolMembers,
		},
	}
}

// PoolView is a pool with its members; Robot is the first of its robots.
type PoolView struct {
	Name     string           `json:"name"`
	Label    string           `json:"label"`
	Strategy string           `json:"strategy"`
	Robot    *string          `json:"robot"`
	Members  []PoolMemberView `json:"members"`
}

// PoolMemberView is a person's place in a pool.
type PoolMemberView struct {
	User     *Reference `json:"user"`
	Capacity *int       `json:"capacity"` // null is no limit
	OpenLoad int        `json:"open_load"`
	Weight   int        `json:"weight"`
	Away     bool       `json:"away"`
}

// PoolMembers is the members in the order of their turns.
type PoolMembers struct {
	Members []NewPoolMember `json:"members"`
}

// NewPoolMember is a person to be in a pool.
type NewPoolMember struct {
	User     string `json:"user"`
	Capacity *int   `json:"capacity,omitempty"` // absent or null is the person's own
	Weight   int    `json:"weight,omitempty"`   // absent is 1
}

func (s *Server) listPools(c *Call) error {
	list := List[PoolView]{Items: []PoolView{}}
	for _, document := range c.Snapshot.Documents("pool") {
		view, err := s.poolView(c, document)
		if err != nil {
			return err
		}
		list.Items = append(list.Items, view)
	}
	return c.JSON(list)
}

func (s *Server) poolView(c *Call, document config.Document) (PoolView, error) {
	var pool struct {
		Strategy string   `json:"strategy"`
		Robots   []string `json:"robots"`
	}
	if err := document.Decode(&pool); err != nil {
		return PoolView{}, err
	}
	view := PoolView{
		Name: document.Name, Label: c.Label(document.Label()), Strategy: cmp.Or(pool.Strategy, "round_robin"),
		Members: []PoolMemberView{},
	}
	if len(pool.Robots) > 0 {
		view.Robot = &pool.Robots[0]
	}
	members := c.Directory.PoolMembers(document.Name)
	ids := make([]string, 0, len(members))
	for _, m := range members {
		ids = append(ids, m.User)
	}
	now, loads, err := s.loads(c, ids)
	if err != nil {
		return view, err
	}
	for _, m := range members {
		view.Members = append(view.Members, PoolMemberView{
			User: c.UserReference(m.User), Capacity: m.Capacity, OpenLoad: loads[m.User], Weight: m.Weight,
			Away: c.Directory.OnLeave(m.User, now),
		})
	}
	return view, nil
}

func (s *Server) setPoolMembers(c *Call) error {
	pool, err := c.Snapshot.Document("pool", c.Param("name"))
	if err != nil {
		return fault.New(fault.NotFound, "not_found")
	}
	var in PoolMembers
	if err := c.Decode(&in); err != nil {
		return err
	}
	if in.Members == nil { // nobody empties a pool by leaving its members out
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "members", Code: "required"})
	}
	members := make([]account.PoolMember, 0, len(in.Members))
	for _, m := range in.Members {
		members = append(members, account.PoolMember{User: m.User, Capacity: m.Capacity, Weight: m.Weight})
	}
	if err := s.Accounts.SetPoolMembers(c.R.Context(), pool.Name, members); err != nil {
		return err
	}
	c.Directory = s.Accounts.Directory()
	view, err := s.poolView(c, pool)
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// loads reads the business time and the open loads of users by id.
func (s *Server) loads(c *Call, users []string) (now time.Time, loads map[string]int, err error) {
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		now = tx.Now()
		if s.OpenLoad == nil {
			return nil
		}
		var err error
		loads, err = s.OpenLoad(tx, users)
		return err
	})
	return now, loads, err
}
