package bulk

import (
	"errors"
	"fmt"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Anyone stands for the asker where operations of all people are meant.
const Anyone = ""

// stoppedByOther is what the asker reads of an operation that somebody else stopped.
const stoppedByOther = "operation_stopped_by_other"

// Stop ends an operation of the asker's, or of Anyone, after its present chunk.
func (s *Service) Stop(tx *sqldb.Tx, asker, id string) error {
	o, err := s.Get(tx, asker, id)
	if err != nil {
		return err
	}
	problem := ""
	if asker == Anyone {
		problem = stoppedByOther
	}
	n, err := tx.Exec("UPDATE operation SET state=$1, ended_at=$2, problem=$3 WHERE id=$4 AND state IN ('queued','running')",
		string(Stopped), sqldb.Micros(tx.Now()), problem, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "operation_ended")
	}
	tx.AfterCommit(func() { s.moved(o.Asker) })
	if asker != Anyone {
		return nil
	}
	return audit.Write(tx, audit.Entry{Kind: "operation.stopped", Target: audit.Target{Kind: "object", ID: s.nameOf(o.Object)},
		Params: map[string]any{"operation": id, "by": o.Asker}})
}

// Resume carries a stopped operation on from where it stood.
func (s *Service) Resume(tx *sqldb.Tx, asker, id string) error {
	o, err := s.Get(tx, asker, id)
	switch {
	case err != nil:
		return err
	case o.UndoneBy != "":
		return fault.New(fault.Conflict, "operation_undone")
	case !o.MayResume(tx.Now()):
		return fault.New(fault.Conflict, "operation_not_resumable")
	}
	if _, err := s.sceneOf(o); err != nil {
		return fault.New(fault.Forbidden, "forbidden")
	}
	_, err = tx.Exec("UPDATE operation SET state=$1, problem='', ended_at=NULL WHERE id=$2 AND state=$3 AND undone_by=''", string(Queued), id, string(Stopped))
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

// Get reads one of the asker's operations, or of Anyone's; NotFound when it is not his.
func (s *Service) Get(tx *sqldb.Tx, asker, id string) (Operation, error) {
	o, err := scanOperation(tx.QueryRow("SELECT "+columns+" FROM operation WHERE id=$1", id))
	if errors.Is(err, sqldb.ErrNoRows) || err == nil && asker != Anyone && o.Asker != asker {
		return Operation{}, fault.New(fault.NotFound, "not_found")
	}
	return o, err
}

// List reads the asker's operations, or Anyone's, before that id, the newest first; "" begins.
func (s *Service) List(tx *sqldb.Tx, asker, before string, limit int) ([]Operation, error) {
	sql, args := "SELECT "+columns+" FROM operation WHERE 1=1", []any{int64(limit)}
	if asker != Anyone {
		args = append(args, asker)
		sql += fmt.Sprintf(" AND asker=$%d", len(args))
	}
	if before != "" {
		args = append(args, before)
		sql += fmt.Sprintf(" AND id<$%d", len(args))
	}
	return operations(tx, sql+" ORDER BY id DESC LIMIT $1", args...)
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
