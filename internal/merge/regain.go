package merge

import (
	"errors"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// Regained is the reaction by which a winner that is open again, be it reopened
// or restored, meets once more who would have met its losers, and theirs. A key
// that leads elsewhere by now stays there.
func Regained() record.Reaction {
	return record.Reaction{Name: "merged keys", Run: func(w *record.Work) error {
		if w.Created() || w.WasOpen() || !w.Open() {
			return nil
		}
		details, err := detailsOf(w.Tx, w.After.ID)
		if err != nil {
			return err
		}
		for _, d := range details {
			if err := takeBack(w, d.Keys); err != nil {
				return err
			}
		}
		return nil
	}}
}

// detailsOf is what the merges left that made a record and its parts, the latest first.
func detailsOf(tx *sqldb.Tx, id string) (found []detail, err error) {
	rows, err := tx.Query(`WITH RECURSIVE part(id,merged,detail) AS (
		SELECT loser,id,detail FROM record_merge WHERE winner=$1 AND undone_at IS NULL
		UNION SELECT m.loser,m.id,m.detail FROM record_merge m JOIN part ON m.winner=part.id AND m.undone_at IS NULL)
		SELECT detail FROM part ORDER BY merged DESC LIMIT 100`, id)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		var d detail
		if err := decode(text, &d); err != nil {
			return nil, err
		}
		found = append(found, d)
	}
	return found, rows.Err()
}

// takeBack takes those of a loser's keys that closing the winner gave back.
func takeBack(w *record.Work, keys [][3]string) error {
	for _, k := range keys {
		if k[0] != w.Object.ID {
			continue
		}
		if _, err := w.Tx.Exec("INSERT INTO match_key(scope,kind,value,record) VALUES($1,$2,$3,$4) ON CONFLICT (scope,kind,value) DO NOTHING", k[0], k[1], k[2], w.After.ID); err != nil {
			return err
		}
	}
	return nil
}
