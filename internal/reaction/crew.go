package reaction

import (
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/worktime"
)

// crew gathers members for one decision.
type crew struct {
	w        *record.Work
	calendar *worktime.Calendar
}

func (c *crew) members(users []account.User) []route.Member {
	members := make([]route.Member, 0, len(users))
	for i, u := range users {
		members = append(members, c.member(u, i+1))
	}
	return members
}

func (c *crew) member(u account.User, position int) route.Member {
	now := c.w.Tx.Now()
	return route.Member{
		User: u.ID, Position: position, Capacity: orZero(u.Capacity), Active: u.Active,
		Away:    c.w.Directory.OnLeave(u.ID, now),
		InHours: c.calendar == nil || c.calendar.IsWorking(now),
	}
}

func (c *crew) pool(name string) (route.PoolState, error) {
	var state route.PoolState
	for i, m := range c.w.Directory.PoolMembers(name) {
		u, ok := c.w.Directory.User(m.User)
		if !ok {
			continue
		}
		member := c.member(u, i+1)
		if m.Weight != 1 { // 0 counts as 1 and is not written down
			member.Weight = m.Weight
		}
		if m.Capacity != nil {
			member.Capacity = *m.Capacity
		}
		state.Members = append(state.Members, member)
	}
	known, err := c.turns(name)
	if err != nil {
		return state, err
	}
	state.Pointer = known.pointer
	for i := range state.Members {
		m := &state.Members[i]
		m.Assigned, m.LastSeq = known.turns[m.User].assigned, known.turns[m.User].lastSeq
	}
	return state, nil
}

func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// turns reads what a pool remembers, under its lock; units that share a
// transaction read it once.
func (c *crew) turns(pool string) (*poolTurns, error) {
	shared := c.w.Tx.Shared()
	if known, ok := shared[poolKey(pool)].(*poolTurns); ok {
		return known, nil
	}
	known, err := readTurns(c.w.Tx, pool)
	if err == nil {
		shared[poolKey(pool)] = known
	}
	return known, err
}

func (c *crew) group(key string) []account.User {
	var users []account.User
	for _, d := range c.w.Directory.Departments() {
		if d.ID == key || d.Name == key {
			for _, id := range c.w.Directory.Tree(d.ID) {
				if u, ok := c.w.Directory.User(id); ok {
					users = append(users, u)
				}
			}
			break
		}
	}
	return users
}

func (c *crew) person(name string) []account.User {
	if u, ok := c.w.Directory.User(name); ok {
		return []account.User{u}
	}
	if u, ok := c.w.Directory.ByEmail(name); ok {
		return []account.User{u}
	}
	return nil
}

func (c *crew) fallback(f route.Fallback) []account.User {
	switch {
	case f.User != "":
		return c.person(f.User)
	case f.Role != "":
		if users := c.w.Directory.WithRole(f.Role); len(users) > 0 {
			return users
		}
		return c.w.Directory.WithRole(account.AdministratorRole) // of whom there always is one
	}
	for _, d := range c.w.Directory.Departments() {
		if d.ID == f.LeaderOf || d.Name == f.LeaderOf {
			return c.person(d.Leader)
		}
	}
	return nil
}

// load fills in everybody's open records, in one statement.
func (c *crew) load(in *route.Input) error {
	all := everybody(in)
	users := make([]string, 0, len(all))
	for _, m := range all {
		users = append(users, m.User)
	}
	if err := knowLoads(c.w.Tx, c.w.Object.ID, users); err != nil {
		return err
	}
	shared := c.w.Tx.Shared()
	open := func(user string) int {
		n, _ := shared[loadKey{c.w.Object.ID, user}].(int64)
		return int(n)
	}
	for _, m := range all {
		m.Load = open(m.User)
	}
	for name, m := range in.People {
		m.Load = open(m.User)
		in.People[name] = m
	}
	return nil
}

func everybody(in *route.Input) []*route.Member {
	var all []*route.Member
	add := func(members []route.Member) {
		for i := range members {
			all = append(all, &members[i])
		}
	}
	for _, state := range in.Pools {
		add(state.Members)
	}
	for _, members := range in.Groups {
		add(members)
	}
	add(in.Fallback)
	for _, m := range in.People {
		all = append(all, &m)
	}
	return all
}
