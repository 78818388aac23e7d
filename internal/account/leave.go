package account

import (
	"context"
	"unicode/utf8"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// reasonMax is the length of a leave's reason in characters.
const reasonMax = 200

// AddLeave notes that a person is away; l.ID is chosen here.
func (s *Store) AddLeave(ctx context.Context, l Leave) (Leave, error) {
	var faults fault.Collector
	if _, ok := s.Directory().User(l.User); !ok {
		return Leave{}, fault.New(fault.NotFound, "not_found")
	}
	if !l.From.Before(l.To) {
		faults.Add(&fault.Field{Path: "to", Code: "not_after", Params: map[string]any{"other": "from"}})
	}
	if utf8.RuneCountInString(l.Reason) > reasonMax {
		faults.Add(&fault.Field{Path: "reason", Code: "too_long", Params: map[string]any{"max": reasonMax}})
	}
	if err := faults.Err(); err != nil {
		return Leave{}, err
	}
	l.ID = s.db.NewID()
	err := s.write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`INSERT INTO leave (id, account_id, from_at, to_at, reason) VALUES ($1, $2, $3, $4, $5)`,
			l.ID, l.User, sqldb.Micros(l.From), sqldb.Micros(l.To), l.Reason)
		return err
	})
	return l, err
}

// LeaveOf lists a person's leave, newest first, past ones too.
func (s *Store) LeaveOf(ctx context.Context, user string) ([]Leave, error) {
	var found []Leave
	err := s.db.Read(ctx, func(tx *sqldb.Tx) error {
		return each(tx, `SELECT id, account_id, from_at, to_at, reason FROM leave WHERE account_id = $1
			ORDER BY from_at DESC, id DESC`, func(rows *sqldb.Rows) error {
			l, err := scanLeave(rows)
			found = append(found, l)
			return err
		}, user)
	})
	return found, err
}

// DeleteLeave takes a leave back. Permitted says whether the caller may do so
// for this person; when not, the leave is NotFound, as if it were not there.
func (s *Store) DeleteLeave(ctx context.Context, id string, permitted func(user string) bool) error {
	return s.write(ctx, func(tx *sqldb.Tx) error {
		var found []Leave
		err := each(tx, `SELECT id, account_id, from_at, to_at, reason FROM leave WHERE id = $1`, func(rows *sqldb.Rows) error {
			l, err := scanLeave(rows)
			found = append(found, l)
			return err
		}, id)
		if err != nil {
			return err
		}
		if len(found) == 0 || !permitted(found[0].User) {
			return fault.New(fault.NotFound, "not_found")
		}
		_, err = tx.Exec(`DELETE FROM leave WHERE id = $1`, id)
		return err
	})
}
