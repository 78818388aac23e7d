package account

import (
	"context"
	"slices"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// DepartmentChange is a change of some properties; a nil one stays as it is, a pointer to "" empties it.
type DepartmentChange struct {
	Name   *string
	Parent *string
	Leader *string
}

// CreateDepartment adds a department; d.ID is chosen here.
func (s *Store) CreateDepartment(ctx context.Context, d Department) (Department, error) {
	d.ID = s.db.NewID()
	if err := s.checkDepartment(&d); err != nil {
		return Department{}, err
	}
	err := s.write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`INSERT INTO department (id, name, parent_id, leader_id, created_at)
			VALUES ($1, $2, $3, $4, $5)`,
			d.ID, d.Name, textOrNull(d.Parent), textOrNull(d.Leader), sqldb.Micros(tx.Now()))
		if err != nil {
			return err
		}
		return audit.Write(tx, departmentEntry("organisation.department_created", d))
	})
	return d, err
}

// UpdateDepartment changes a department. Its parent can be neither itself nor below it.
func (s *Store) UpdateDepartment(ctx context.Context, id string, change DepartmentChange) (Department, error) {
	d, ok := s.Directory().Department(id)
	if !ok {
		return Department{}, fault.New(fault.NotFound, "not_found")
	}
	set(&d.Name, change.Name)
	set(&d.Parent, change.Parent)
	set(&d.Leader, change.Leader)
	if err := s.checkDepartment(&d); err != nil {
		return Department{}, err
	}
	err := s.write(ctx, func(tx *sqldb.Tx) error {
		if err := checkNoLoop(tx, d); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE department SET name = $1, parent_id = $2, leader_id = $3 WHERE id = $4`,
			d.Name, textOrNull(d.Parent), textOrNull(d.Leader), id)
		if err != nil {
			return err
		}
		return audit.Write(tx, departmentEntry("organisation.department_changed", d))
	})
	return d, err
}

func departmentEntry(kind string, d Department) audit.Entry {
	return audit.Entry{
		Kind: kind, Target: audit.Target{Kind: "department", ID: d.ID},
		Params: map[string]any{"name": d.Name, "parent": d.Parent, "leader": d.Leader},
	}
}

func (s *Store) checkDepartment(d *Department) error {
	var faults fault.Collector
	d.Name = checkName(&faults, "name", d.Name)
	directory := s.Directory()
	if _, ok := directory.Department(d.Parent); d.Parent != "" && !ok {
		faults.Add(&fault.Field{Path: "parent", Code: "unknown_department"})
	}
	if _, ok := directory.User(d.Leader); d.Leader != "" && !ok {
		faults.Add(&fault.Field{Path: "leader", Code: "unknown_user"})
	}
	return faults.Err()
}

// checkNoLoop walks up from the new parent by what the transaction sees.
func checkNoLoop(tx *sqldb.Tx, d Department) error {
	all, err := readDepartments(tx)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(other Department) bool { return other.ID == d.ID })
	parents := map[string]string{}
	for _, other := range all {
		parents[other.ID] = other.Parent
	}
	for id := d.Parent; id != ""; id = parents[id] {
		if id == d.ID {
			return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "parent", Code: "department_loop"})
		}
	}
	return nil
}
