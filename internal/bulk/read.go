package bulk

import (
	"errors"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Stop ends an operation after its present chunk.
func (s *Service) Stop(tx *sqldb.Tx, asker, id string) error {
	if _, err := s.Get(tx, asker, id); err != nil {
		return err
	}
	n, err := tx.Exec("UPDATE operation SET state=$1, ended_at=$2 WHERE id=$3 AND state IN ('queued','running')",
		string(Stopped), sqldb.Micros(tx.Now()), id)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "operation_ended")
	}
	tx.AfterCommit(func() { s.moved(asker) })
	return err
}

// Undo asks for an operation that puts another one back.
func (s *Service) Undo(tx *sqldb.Tx, asker, id string) (Operation, error) {
	of, err := s.Get(tx, asker, id)
	if err != nil {
		return of, err
	}
	switch {
	case of.Active():
		return of, fault.New(fault.Conflict, "operation_running")
	case of.UndoneBy != "":
		return of, fault.New(fault.Conflict, "operation_undone")
	case !of.MayUndo(tx.Now()):
		return of, fault.New(fault.Conflict, "operation_not_undoable")
	}
	o := Operation{
		Wish: Wish{Kind: Undo}, ID: s.DB.NewID(), Asker: asker, Object: of.Object, Version: s.Snapshot().Version,
		Undoes: of.ID, State: Queued, CreatedAt: tx.Now(),
	}
	if _, err := s.sceneOf(o); err != nil {
		return o, fault.New(fault.Forbidden, "forbidden")
	}
	n, err := tx.Exec("UPDATE operation SET undone_by=$1 WHERE id=$2 AND undone_by=''", o.ID, of.ID)
	if err != nil {
		return o, err
	}
	if n == 0 {
		return o, fault.New(fault.Conflict, "operation_undone")
	}
	if err := tx.QueryRow("SELECT COUNT(*) FROM operation_item WHERE operation=$1 AND problem=''", of.ID).Scan(&o.Total); err != nil {
		return o, err
	}
	return o, s.insert(tx, o)
}

// Get reads one of the asker's operations; NotFound when it is not his.
func (s *Service) Get(tx *sqldb.Tx, asker, id string) (Operation, error) {
	o, err := scanOperation(tx.QueryRow("SELECT "+columns+" FROM operation WHERE id=$1 AND asker=$2", id, asker))
	if errors.Is(err, sqldb.ErrNoRows) {
		return o, fault.New(fault.NotFound, "not_found")
	}
	return o, err
}

// List reads the asker's operations before that id, the newest first; "" begins.
func (s *Service) List(tx *sqldb.Tx, asker, before string, limit int) ([]Operation, error) {
	sql, args := "SELECT "+columns+" FROM operation WHERE asker=$1 ", []any{asker, int64(limit)}
	if before != "" {
		sql, args = sql+"AND id<$3 ", append(args, before)
	}
	return operations(tx, sql+"ORDER BY id DESC LIMIT $2", args...)
}

func operations(tx *sqldb.Tx, sql string, args ...any) ([]Operation, error) {
	rows, err := tx.Query(sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Operation
	for rows.Next() {
		o, err := scanOperation(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, o)
	}
	return found, rows.Err()
}

// Failure is a record that an operation could not change, and why.
type Failure struct {
	Record string
	Fault  *fault.Error
}

// Failures are the records that could not be changed, after that record.
func (s *Service) Failures(tx *sqldb.Tx, id, after string, limit int) ([]Failure, error) {
	rows, err := tx.Query("SELECT record,problem FROM operation_item WHERE operation=$1 AND problem<>'' AND record>$2 ORDER BY record LIMIT $3",
		id, after, int64(limit))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Failure
	for rows.Next() {
		var one Failure
		var text string
		var p problem
		if err := rows.Scan(&one.Record, &text); err != nil {
			return nil, err
		}
		if err := decode(text, &p); err != nil {
			return nil, err
		}
		one.Fault = p.fault()
		found = append(found, one)
	}
	return found, rows.Err()
}
