package account

import (
	"slices"
	"time"
)

// Directory is an immutable view of the company: who is who, who leads whom,
// who is away. Ids that are not known give zero values, never a panic.
type Directory struct {
	version     int64
	users       map[string]User
	order       []string // user ids by creation
	byEmail     map[string]string
	departments map[string]Department
	tree        []Department        // by creation
	members     map[string][]string // department id → user ids, by creation
	below       map[string][]string // department id → itself and all below it
	leave       map[string][]Leave
	pools       map[string][]PoolMember
	rules       Rules
	standing    map[string]Standing
}

func newDirectory(version int64, all contents) *Directory {
	d := &Directory{
		version: version, tree: all.departments, pools: all.pools, rules: all.rules, standing: all.standing,
		users: map[string]User{}, byEmail: map[string]string{}, departments: map[string]Department{},
		members: map[string][]string{}, below: map[string][]string{}, leave: map[string][]Leave{},
	}
	for _, department := range all.departments {
		d.departments[department.ID] = department
	}
	for _, u := range all.users {
		d.users[u.ID] = u
		d.order = append(d.order, u.ID)
		d.byEmail[EmailKey(u.Email)] = u.ID
		if u.Department != "" {
			d.members[u.Department] = append(d.members[u.Department], u.ID)
		}
	}
	for _, department := range all.departments {
		for _, above := range d.path(department.ID) {
			d.below[above] = append(d.below[above], department.ID)
		}
	}
	for _, l := range all.leave {
		d.leave[l.User] = append(d.leave[l.User], l)
	}
	return d
}

// path is the department and those above it, nearest first. A loop, which
// the store refuses, would end the walk.
func (d *Directory) path(department string) []string {
	var ids []string
	for id := department; id != "" && !slices.Contains(ids, id); id = d.departments[id].Parent {
		if _, ok := d.departments[id]; !ok {
			break
		}
		ids = append(ids, id)
	}
	return ids
}

// Version grows with each change of anything in the directory.
func (d *Directory) Version() int64 { return d.version }

// User finds a person by id, disabled ones too.
func (d *Directory) User(id string) (User, bool) { u, ok := d.users[id]; return u, ok }

// ByEmail finds a person by e-mail address in any case.
func (d *Directory) ByEmail(email string) (User, bool) {
	u, ok := d.users[d.byEmail[EmailKey(email)]]
	return u, ok
}

// Users lists everybody by creation, disabled ones too.
func (d *Directory) Users() []User {
	return d.collect(d.order, func(User) bool { return true })
}

// Department finds a department by id.
func (d *Directory) Department(id string) (Department, bool) {
	department, ok := d.departments[id]
	return department, ok
}

// Departments lists all departments by creation.
func (d *Directory) Departments() []Department { return slices.Clone(d.tree) }

// InDepartment lists the active users directly in a department.
func (d *Directory) InDepartment(department string) []User {
	return d.collect(d.members[department], active)
}

// Team is the ids of the active users of the user's own department, the user
// included; without a department it is the user alone.
func (d *Directory) Team(user string) []string {
	department := d.users[user].Department
	if department == "" {
		return ids(d.collect([]string{user}, active))
	}
	return ids(d.InDepartment(department))
}

// Tree is the ids of the active users of a department and all below it.
func (d *Directory) Tree(department string) []string {
	return ids(d.collect(d.branch(department), active))
}

// Colleagues is Team with the disabled ones: whose records a team's scope covers.
func (d *Directory) Colleagues(user string) []string {
	department := d.users[user].Department
	if department == "" {
		return []string{user}
	}
	return slices.Clone(d.members[department])
}

// Branch is Tree of the user's own department with the disabled ones: whose
// records a tree's scope covers.
func (d *Directory) Branch(user string) []string {
	department := d.users[user].Department
	if department == "" {
		return []string{user}
	}
	return d.branch(department)
}

func (d *Directory) branch(department string) []string {
	var members []string
	for _, id := range d.below[department] {
		members = append(members, d.members[id]...)
	}
	return members
}

// Above is the ids of the user's department and all above it, nearest first.
func (d *Directory) Above(user string) []string { return d.path(d.users[user].Department) }

// Leads says whether the user leads a department or one above it.
func (d *Directory) Leads(user, department string) bool {
	return d.users[user].Active && slices.ContainsFunc(d.path(department), func(id string) bool { return d.departments[id].Leader == user })
}

// Leader is the active person who leads the user: the leader of his department,
// or of the nearest one above that has another active leader than himself.
func (d *Directory) Leader(user string) (User, bool) {
	for _, id := range d.path(d.users[user].Department) {
		leader, ok := d.users[d.departments[id].Leader]
		if ok && leader.Active && leader.ID != user {
			return leader, true
		}
	}
	return User{}, false
}

// WithRole lists the active users who have a role.
func (d *Directory) WithRole(role string) []User {
	return d.collect(d.order, func(u User) bool { return u.Active && slices.Contains(u.Roles, role) })
}

// OnLeave says whether a person is away at a moment of business time.
func (d *Directory) OnLeave(user string, at time.Time) bool {
	return slices.ContainsFunc(d.leave[user], func(l Leave) bool {
		return !at.Before(l.From) && at.Before(l.To)
	})
}

// PoolMembers lists a pool's members in their order, disabled ones left out;
// a member's Capacity is filled from the person where the pool sets none.
func (d *Directory) PoolMembers(pool string) []PoolMember {
	var members []PoolMember
	for _, m := range d.pools[pool] {
		u, ok := d.users[m.User]
		if !ok || !u.Active {
			continue
		}
		if m.Capacity == nil {
			m.Capacity = u.Capacity
		}
		members = append(members, m)
	}
	return members
}

func (d *Directory) collect(from []string, keep func(User) bool) []User {
	var users []User
	for _, id := range from {
		if u, ok := d.users[id]; ok && keep(u) {
			users = append(users, u)
		}
	}
	return users
}

func active(u User) bool { return u.Active }

func ids(users []User) []string {
	list := make([]string, 0, len(users))
	for _, u := range users {
		list = append(list, u.ID)
	}
	return list
}
