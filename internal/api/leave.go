package api

import (
	"net/http"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/fault"
)

func (s *Server) leaveRoutes() []Route {
	const own = "one's own, one's people's as their leader, or with the right for users"
	return []Route{
		{
			Method: http.MethodGet, Path: Prefix + "/users/{id}/leave", Tag: "people", Summary: "When a person is away, newest first.",
			Policy: SignedIn(own), Out: List[LeaveView]{}, Handle: s.listLeave,
		},
		{
			Method: http.MethodPost, Path: Prefix + "/users/{id}/leave", Tag: "people", Summary: "Note that a person is away.",
			Policy: SignedIn(own), In: NewLeave{}, Out: LeaveView{}, Status: http.StatusCreated, Handle: s.addLeave,
		},
		{
			Method: http.MethodDelete, Path: Prefix + "/leave/{id}", Tag: "people", Summary: "Take a leave back.",
			Policy: SignedIn(own), Status: http.StatusNoContent, Handle: s.deleteLeave,
		},
	}
}

// LeaveView is a time in which a person is away: from ≤ t < to.
type LeaveView struct {
	ID     string    `json:"id"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Reason string    `json:"reason"`
}

// NewLeave takes times, or days of the company's zone, the last one included.
type NewLeave struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Reason string `json:"reason,omitempty"`
}

// mayPlan says whether the caller may change a person's leave, or with read see it.
func (c *Call) mayPlan(user string, read bool) bool {
	leader, ok := c.Directory.Leader(user)
	return user == c.User.ID || ok && leader.ID == c.User.ID || c.Grants.Has(access.UsersWrite) ||
		read && c.Grants.Has(access.UsersRead)
}

// planned is the person that the path names, if the caller may plan for him.
func (c *Call) planned(read bool) (account.User, error) {
	user, ok := c.Directory.User(c.Param("id"))
	if !ok {
		return user, fault.New(fault.NotFound, "not_found")
	}
	if !c.mayPlan(user.ID, read) {
		return user, fault.New(fault.Forbidden, "forbidden")
	}
	return user, nil
}

func (s *Server) listLeave(c *Call) error {
	user, err := c.planned(true)
	if err != nil {
		return err
	}
	all, err := s.Accounts.LeaveOf(c.R.Context(), user.ID)
	if err != nil {
		return err
	}
	list := List[LeaveView]{Items: []LeaveView{}}
	for _, l := range all {
		list.Items = append(list.Items, leaveView(l))
	}
	return c.JSON(list)
}

func leaveView(l account.Leave) LeaveView {
	return LeaveView{ID: l.ID, From: l.From, To: l.To, Reason: l.Reason}
}

func (s *Server) addLeave(c *Call) error {
	user, err := c.planned(false)
	if err != nil {
		return err
	}
	var in NewLeave
	if err := c.Decode(&in); err != nil {
		return err
	}
	var faults fault.Collector
	zone := c.companyZone()
	leave := account.Leave{
		User: user.ID, From: moment(&faults, "from", in.From, zone, 0), To: moment(&faults, "to", in.To, zone, 1),
		Reason: in.Reason,
	}
	if err := faults.Err(); err != nil {
		return err
	}
	leave, err = s.Accounts.AddLeave(c.R.Context(), leave)
	if err != nil {
		return err
	}
	return c.JSON(leaveView(leave))
}

// moment reads a time, or a day to whose beginning days are added.
func moment(faults *fault.Collector, path, text string, zone *time.Location, days int) time.Time {
	if text == "" {
		faults.Add(&fault.Field{Path: path, Code: "required"})
		return time.Time{}
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day.AddDate(0, 0, days).UTC()
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		faults.Add(&fault.Field{Path: path, Code: "invalid_datetime"})
	}
	return at.UTC()
}

func (s *Server) deleteLeave(c *Call) error {
	err := s.Accounts.DeleteLeave(c.R.Context(), c.Param("id"), func(user string) bool { return c.mayPlan(user, false) })
	if err != nil {
		return err
	}
	return c.NoContent()
}
