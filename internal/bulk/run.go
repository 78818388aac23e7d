package bulk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

const (
	period   = 2 * time.Second       // between two looks for what another node was asked
	pageSize = 200                   // records looked for at once
	unitMost = 50                    // records of one unit
	chunk    = 12 * time.Millisecond // after which a unit begins no further record
	patience = 3                     // failures of a chunk after which its first record is reported
)

// Start begins to carry operations out, those that an earlier process left included.
func (s *Service) Start(ctx context.Context) {
	ctx, s.stop = context.WithCancel(ctx)
	s.mu.Lock()
	s.wake, s.done = make(chan struct{}, 1), make(chan struct{})
	s.mu.Unlock()
	go s.loop(ctx)
}

// Shut waits for the chunk at work; the rest is done by the next process.
func (s *Service) Shut() {
	if s.stop != nil {
		s.stop()
		<-s.done
	}
}

// loop looks when woken, and now and then for what another node was asked.
func (s *Service) loop(ctx context.Context) {
	defer close(s.done)
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		for ctx.Err() == nil {
			worked, err := s.Advance(ctx)
			if err != nil && ctx.Err() == nil {
				s.Log.Error("operations", "error", err)
			}
			if err != nil || !worked {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-ticker.C:
			s.purge(ctx)
		}
	}
}

// Advance carries every active operation on by one chunk and tells whether
// there was anything to do.
func (s *Service) Advance(ctx context.Context) (worked bool, err error) {
	var active []Operation
	err = s.DB.Read(ctx, func(tx *sqldb.Tx) error {
		active, err = operations(tx, "SELECT "+columns+" FROM operation WHERE state IN ('queued','running') ORDER BY id")
		return err
	})
	if err != nil {
		return false, err
	}
	for _, o := range active {
		if ctx.Err() != nil {
			return worked, ctx.Err()
		}
		if one := s.advance(ctx, o); one != nil {
			err = errors.Join(err, fmt.Errorf("operation %s: %w", o.ID, one)) // the others go on
			continue
		}
		worked = true
	}
	return worked, err
}

// halted is why an operation cannot go on, "" when the error is another one.
func halted(err error) string {
	switch {
	case errors.Is(err, errRevoked):
		return "rights_revoked"
	case err != nil && fault.KindOf(err) == fault.Invalid:
		return "filter_gone"
	}
	return ""
}

// advance deals with the next chunk of one operation, or ends it.
func (s *Service) advance(ctx context.Context, o Operation) error {
	next, err := s.next(ctx, o)
	switch {
	case halted(err) != "":
		return s.end(ctx, o, Stopped, halted(err))
	case err != nil:
		return err
	case len(next) == 0:
		return s.end(ctx, o, Done, "")
	}
	dealt, err := s.deal(ctx, o, next)
	if reason := halted(err); reason != "" {
		return s.end(ctx, o, Stopped, reason)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		delete(s.pages, o.ID)
		s.tries[o.ID]++
		return err
	}
	s.tries[o.ID] = 0
	s.pages[o.ID] = next[dealt:]
	return nil
}

// next are the records to deal with now: the rest of the page looked for
// before, or another page behind the position.
func (s *Service) next(ctx context.Context, o Operation) (ids []string, err error) {
	s.mu.Lock()
	if s.pages == nil {
		s.pages, s.tries = map[string][]string{}, map[string]int{}
	}
	kept := s.pages[o.ID]
	s.mu.Unlock()
	if len(kept) > 0 && kept[0] > o.Position {
		return kept, nil
	}
	err = s.DB.Read(ctx, func(tx *sqldb.Tx) error {
		sc, err := s.sceneOf(o)
		if err != nil {
			return err
		}
		ids, err = sc.page(tx)
		return err
	})
	return ids, err
}

// page looks for the next records behind the position.
func (sc *scene) page(tx *sqldb.Tx) ([]string, error) {
	switch {
	case sc.Kind == Undo:
		return sc.undoPage(tx)
	case len(sc.IDs) > 0:
		var page []string
		for _, id := range sc.IDs {
			if id > sc.Position && len(page) < pageSize {
				page = append(page, id)
			}
		}
		return page, nil
	}
	selection, err := sc.matching()
	if err != nil {
		return nil, err
	}
	selection.Limit = pageSize
	if sc.Position != "" {
		selection.After = []any{sc.Position}
	}
	rows, err := record.Select(tx, selection)
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return ids, err
}

func (sc *scene) undoPage(tx *sqldb.Tx) ([]string, error) {
	rows, err := tx.Query("SELECT record FROM operation_item WHERE operation=$1 AND problem='' AND record>$2 ORDER BY record LIMIT $3",
		sc.Undoes, sc.Position, int64(pageSize))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// deal changes as many of the records as fit into one unit, and moves the
// position with them. It tells how many; all when another node, or a stop, came between.
func (s *Service) deal(ctx context.Context, o Operation, ids []string) (dealt int, err error) {
	s.mu.Lock()
	failed := s.tries[o.ID]
	s.mu.Unlock()
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		dealt = len(ids)
		var position string
		err := tx.QueryRow("UPDATE operation SET state='running' WHERE id=$1 AND state IN ('queued','running') RETURNING position", o.ID).Scan(&position)
		if errors.Is(err, sqldb.ErrNoRows) || err == nil && position != o.Position {
			return nil
		}
		if err != nil {
			return err
		}
		sc, err := s.sceneOf(o)
		if err != nil {
			return err
		}
		dealt, err = sc.chunk(tx, ids, failed)
		return err
	})
	return dealt, err
}

// chunk deals with records until its time is up. After a failure that is
// nobody's fault it takes one record at a time, and at last reports that one.
func (sc *scene) chunk(tx *sqldb.Tx, ids []string, failures int) (dealt int, err error) {
	condition, err := sc.condition()
	if err != nil {
		return 0, err
	}
	began := time.Now() // how long the writer is held is nobody's business time
	done, failed := 0, 0
	for _, id := range ids {
		if dealt == unitMost || dealt > 0 && (failures > 0 || time.Since(began) > chunk) {
			break
		}
		ok := false
		if failures >= patience {
			err = sc.keepProblem(tx, id, fault.New(fault.Internal, "internal"))
		} else {
			ok, err = sc.one(tx, id, condition)
		}
		if err != nil {
			return 0, err
		}
		dealt++
		if ok {
			done++
		} else {
			failed++
		}
	}
	_, err = tx.Exec("UPDATE operation SET position=$1, done=done+$2, failed=failed+$3 WHERE id=$4",
		ids[dealt-1], int64(done), int64(failed), sc.ID)
	tx.AfterCommit(func() { sc.moved(sc.Asker) })
	return dealt, err
}

// one changes one record under a savepoint of its own; false when it could not
// be changed, which is reported.
func (sc *scene) one(tx *sqldb.Tx, id string, condition query.Condition) (bool, error) {
	step, err := sc.step(tx, id, condition)
	if err != nil {
		return false, err
	}
	var result record.Result
	err = tx.Savepoint(func() (err error) {
		result, err = sc.Records.Apply(tx, step.change)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "no_longer_there")
	}
	if f, ok := fault.As(err); ok && f.Kind != fault.Internal && f.Kind != fault.Unavailable && f.Kind != fault.Full {
		return false, sc.keepProblem(tx, id, f)
	}
	if err != nil {
		return false, err
	}
	return true, sc.keepChange(tx, id, step, result)
}

func (sc *scene) keepChange(tx *sqldb.Tx, id string, step step, result record.Result) error {
	c := changeOf(sc.object, result, step.asked)
	if step.change.Act == record.Update && c.empty() {
		return nil // it was so before: there is nothing to put back
	}
	text, err := encode(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO operation_item(operation,record,act,change,revision,problem) VALUES($1,$2,$3,$4,$5,'')",
		sc.ID, id, string(step.change.Act), text, result.Row.Revision)
	return err
}

func (sc *scene) keepProblem(tx *sqldb.Tx, id string, f *fault.Error) error {
	text, err := encode(problemOf(f))
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO operation_item(operation,record,act,change,revision,problem) VALUES($1,$2,'','',0,$3)", sc.ID, id, text)
	return err
}

// end closes an operation, unless somebody stopped it first.
func (s *Service) end(ctx context.Context, o Operation, state State, problem string) error {
	s.mu.Lock()
	delete(s.pages, o.ID)
	delete(s.tries, o.ID)
	s.mu.Unlock()
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`UPDATE operation SET state=$1, problem=$2, ended_at=$3,
			total=CASE WHEN $1='done' THEN done+failed ELSE total END
			WHERE id=$4 AND position=$5 AND state IN ('queued','running')`,
			string(state), problem, sqldb.Micros(tx.Now()), o.ID, o.Position)
		tx.AfterCommit(func() { s.moved(o.Asker) })
		return err
	})
}

// purge forgets former values that can no longer be put back, some at a time,
// and what was wished then: values, a filter and ids are somebody's data. Who
// did what kind of thing to how many records stays.
func (s *Service) purge(ctx context.Context) {
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`DELETE FROM operation_item WHERE operation IN (SELECT id FROM operation WHERE ended_at<$1)
			AND record IN (SELECT record FROM operation_item WHERE operation IN (SELECT id FROM operation WHERE ended_at<$1) LIMIT 500)`,
			sqldb.Micros(tx.Now().Add(-undoable)))
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE operation SET wish='{}' WHERE id IN (SELECT id FROM operation WHERE ended_at<$1 AND wish<>'{}' LIMIT 500)`,
			sqldb.Micros(tx.Now().Add(-undoable)))
		return err
	})
	if err != nil && ctx.Err() == nil {
		s.Log.Error("operations: former values", "error", err)
	}
}
