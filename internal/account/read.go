package account

import (
	"time"

	"clew.dev/clew/internal/sqldb"
)

// contents is everything the directory is made of, as read.
type contents struct {
	users       []User
	departments []Department
	leave       []Leave
	pools       map[string][]PoolMember
	rules       Rules
	standing    map[string]Standing
}

func readContents(tx *sqldb.Tx) (contents, error) {
	var all contents
	var err error
	if all.departments, err = readDepartments(tx); err != nil {
		return all, err
	}
	if all.users, err = readUsers(tx); err != nil {
		return all, err
	}
	if all.leave, err = readLeave(tx, tx.Now().Add(-24*time.Hour)); err != nil {
		return all, err
	}
	if all.rules, err = readRules(tx); err != nil {
		return all, err
	}
	if all.standing, err = readStanding(tx); err != nil {
		return all, err
	}
	all.pools, err = readPools(tx)
	return all, err
}

// each runs a query and calls scan for every row.
func each(tx *sqldb.Tx, query string, scan func(*sqldb.Rows) error, args ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func readDepartments(tx *sqldb.Tx) ([]Department, error) {
	var found []Department
	err := each(tx, `SELECT id, name, COALESCE(parent_id, ''), COALESCE(leader_id, '')
		FROM department ORDER BY created_at, id`, func(rows *sqldb.Rows) error {
		var d Department
		err := rows.Scan(&d.ID, &d.Name, &d.Parent, &d.Leader)
		found = append(found, d)
		return err
	})
	return found, err
}

func readUsers(tx *sqldb.Tx) ([]User, error) {
	roles := map[string][]string{}
	err := each(tx, `SELECT account_id, role FROM account_role ORDER BY account_id, position`, func(rows *sqldb.Rows) error {
		var id, role string
		err := rows.Scan(&id, &role)
		roles[id] = append(roles[id], role)
		return err
	})
	if err != nil {
		return nil, err
	}
	var found []User
	err = each(tx, `SELECT id, name, email, language, zone, COALESCE(department_id, ''), active, capacity
		FROM account ORDER BY created_at, id`, func(rows *sqldb.Rows) error {
		u, err := scanUser(rows)
		u.Roles = roles[u.ID]
		found = append(found, u)
		return err
	})
	return found, err
}

func scanUser(row interface{ Scan(...any) error }) (User, error) {
	var u User
	var active int64
	var capacity *int64
	err := row.Scan(&u.ID, &u.Name, &u.Email, &u.Language, &u.Zone, &u.Department, &active, &capacity)
	u.Active = active != 0
	u.Capacity = optional(capacity)
	return u, err
}

func readLeave(tx *sqldb.Tx, since time.Time) ([]Leave, error) {
	var found []Leave
	err := each(tx, `SELECT id, account_id, from_at, to_at, reason FROM leave WHERE to_at >= $1
		ORDER BY from_at, id`, func(rows *sqldb.Rows) error {
		l, err := scanLeave(rows)
		found = append(found, l)
		return err
	}, sqldb.Micros(since))
	return found, err
}

func scanLeave(row interface{ Scan(...any) error }) (Leave, error) {
	var l Leave
	var from, to int64
	err := row.Scan(&l.ID, &l.User, &from, &to, &l.Reason)
	l.From, l.To = sqldb.FromMicros(from), sqldb.FromMicros(to)
	return l, err
}

func readPools(tx *sqldb.Tx) (map[string][]PoolMember, error) {
	pools := map[string][]PoolMember{}
	err := each(tx, `SELECT pool, account_id, capacity, weight FROM pool_member
		ORDER BY pool, position, account_id`, func(rows *sqldb.Rows) error {
		var pool string
		var m PoolMember
		var capacity *int64
		err := rows.Scan(&pool, &m.User, &capacity, &m.Weight)
		m.Capacity = optional(capacity)
		pools[pool] = append(pools[pool], m)
		return err
	})
	return pools, err
}

func optional(n *int64) *int {
	if n == nil {
		return nil
	}
	value := int(*n)
	return &value
}

// nullable is how an optional number is written.
func nullable(n *int) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}
