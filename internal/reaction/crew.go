package reaction

import (
	"encoding/json"
	"strconv"

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
	pointer, err := c.pointer(name)
	state.Pointer = pointer
	if err == nil {
		err = c.turns(name, state.Members)
	}
	return state, err
}

func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// pointer reads the pool's pointer under its lock.
func (c *crew) pointer(pool string) (route.Pointer, error) {
	var raw string
	err := c.w.Tx.QueryRow(`INSERT INTO pool_state(pool,pointer) VALUES($1,'{}')
		ON CONFLICT (pool) DO UPDATE SET pointer=pool_state.pointer RETURNING pointer`, pool).Scan(&raw)
	if err != nil {
		return route.Pointer{}, err
	}
	var pointer route.Pointer
	return pointer, json.Unmarshal([]byte(raw), &pointer)
}

func (c *crew) turns(pool string, members []route.Member) error {
	rows, err := c.w.Tx.Query("SELECT member,assigned,last_seq FROM pool_load WHERE pool=$1", pool)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var user string
		var assigned, lastSeq int64
		if err := rows.Scan(&user, &assigned, &lastSeq); err != nil {
			return err
		}
		for i := range members {
			if members[i].User == user {
				members[i].Assigned, members[i].LastSeq = assigned, lastSeq
			}
		}
	}
	return rows.Err()
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
	if len(all) == 0 {
		return nil
	}
	sql, args := "SELECT owner,open FROM owner_load WHERE object=$1 AND owner IN (", []any{c.w.Object.ID}
	seen := map[string]bool{}
	for _, m := range all {
		if seen[m.User] {
			continue
		}
		seen[m.User] = true
		if len(args) > 1 {
			sql += ","
		}
		args = append(args, m.User)
		sql += "$" + strconv.Itoa(len(args))
	}
	rows, err := c.w.Tx.Query(sql+")", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	open := map[string]int{}
	for rows.Next() {
		var owner string
		var n int64
		if err := rows.Scan(&owner, &n); err != nil {
			return err
		}
		open[owner] = int(n)
	}
	for _, m := range all {
		m.Load = open[m.User]
	}
	for name, m := range in.People {
		m.Load = open[m.User]
		in.People[name] = m
	}
	return rows.Err()
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
