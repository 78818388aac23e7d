package search

import (
	"context"
	"errors"
	"slices"
	"strings"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// edition is raised when records give other tokens than before, so that all
// are taken in anew.
const edition = "2"

// handed is how many old records are noted at once.
const handed = 500

// Progress is how far the old records of an object are in the index.
type Progress struct {
	Object      string // permanent id
	Done, Total int64
}

// handOver notes the next old records of an object that is not in the index as
// its document stands today; it tells whether there may be more.
func (x *Index) handOver(ctx context.Context) (bool, error) {
	for _, object := range x.Snapshot().Objects {
		if len(Searchable(object)) == 0 {
			continue
		}
		more, err := x.handOverOf(ctx, object)
		if err != nil || more {
			return more, err
		}
	}
	return false, nil
}

// state is a row of search_backfill.
type state struct {
	fingerprint, position string
	done, total           int64
	finished              bool
}

func (x *Index) handOverOf(ctx context.Context, object *schema.Object) (bool, error) {
	var now state
	var ids []string
	print := fingerprint(object)
	err := x.DB.Read(ctx, func(tx *sqldb.Tx) (err error) {
		if now, err = stateOf(tx, object.ID); err != nil {
			return err
		}
		if now.fingerprint != print {
			now = state{fingerprint: print}
			if now.total, err = count(tx, object); err != nil {
				return err
			}
		}
		if !now.finished {
			ids, err = after(tx, object, now.position)
		}
		return err
	})
	if err != nil || now.finished {
		return false, err
	}
	now.finished = len(ids) < handed
	now.done += int64(len(ids))
	if len(ids) > 0 {
		now.position = ids[len(ids)-1]
	}
	return true, x.DB.Write(ctx, func(tx *sqldb.Tx) error { return note(tx, object.ID, ids, now) })
}

// fingerprint is what an object's tokens depend on.
func fingerprint(object *schema.Object) string {
	parts := []string{edition, object.OwnerField}
	for _, f := range Searchable(object) {
		part := codeOf(f) + f.Type
		if f.Name == object.TitleField {
			part += beginMark
		}
		parts = append(parts, part)
	}
	slices.Sort(parts[2:])
	return strings.Join(parts, " ")
}

func stateOf(tx *sqldb.Tx, object string) (s state, err error) {
	err = tx.QueryRow(`SELECT fingerprint, position, done, total, finished FROM search_backfill WHERE object = $1`, object).
		Scan(&s.fingerprint, &s.position, &s.done, &s.total, &s.finished)
	if errors.Is(err, sqldb.ErrNoRows) {
		return s, nil
	}
	return s, err
}

func count(tx *sqldb.Tx, object *schema.Object) (n int64, err error) {
	text, args, err := query.Aggregate{Object: object, Where: query.Always{}, Measures: []query.Measure{{Kind: query.Count}}}.Render(tx.Dialect())
	if err != nil {
		return 0, err
	}
	return n, tx.QueryRow(text, args...).Scan(&n)
}

func after(tx *sqldb.Tx, object *schema.Object, id string) ([]string, error) {
	rows, err := record.Select(tx, query.Select{
		Object: object, Where: query.System("id", ">", id), Sort: []query.Sort{{System: "id"}}, Limit: handed,
	})
	ids := make([]string, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids, err
}

func note(tx *sqldb.Tx, object string, ids []string, s state) error {
	for _, id := range ids {
		if _, err := tx.Exec(`INSERT INTO search_pending (object, record) VALUES ($1, $2)`, object, id); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO search_backfill (object, fingerprint, position, done, total, finished) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (object) DO UPDATE SET fingerprint = excluded.fingerprint, position = excluded.position,
		done = excluded.done, total = excluded.total, finished = excluded.finished`,
		object, s.fingerprint, s.position, s.done, s.total, s.finished)
	return err
}

// Backfill is what is still to be handed over, object by object.
func Backfill(tx *sqldb.Tx) ([]Progress, error) {
	rows, err := tx.Query(`SELECT object, done, total FROM search_backfill WHERE finished = 0 ORDER BY object`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Progress
	for rows.Next() {
		var p Progress
		if err := rows.Scan(&p.Object, &p.Done, &p.Total); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}
