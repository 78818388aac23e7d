package merge

import (
	"errors"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// Undo makes two records of the winner's last merge again. What somebody
// changed since prevents it, and is named.
func (s *Service) Undo(tx *sqldb.Tx, w Wish) (loser string, err error) {
	if _, err := one(tx, w.Object, w.Winner, w.Grants.Scope(w.Object, access.Update)); err != nil {
		return "", err
	}
	var id, text string
	err = tx.QueryRow("SELECT id,loser,detail FROM record_merge WHERE winner=$1 AND undone_at IS NULL ORDER BY id DESC LIMIT 1", w.Winner).Scan(&id, &w.Loser, &text)
	if errors.Is(err, sqldb.ErrNoRows) {
		return "", fault.New(fault.Conflict, "not_merged")
	}
	if err != nil {
		return "", err
	}
	var d detail
	if err := decode(text, &d); err != nil {
		return "", err
	}
	if err := s.splitWinner(tx, w, d); err != nil {
		return "", err
	}
	if err := s.bringBack(tx, w, d); err != nil {
		return "", err
	}
	if err := s.point(tx, w, d.References, w.Winner, w.Loser); err != nil {
		return "", err
	}
	for _, user := range d.Followers {
		if _, err := tx.Exec("DELETE FROM follower WHERE record=$1 AND account_id=$2", w.Winner, user); err != nil {
			return "", err
		}
	}
	_, err = tx.Exec("UPDATE record_merge SET undone_at=$1, detail='{}' WHERE id=$2", sqldb.Micros(tx.Now()), id)
	return w.Loser, err
}

// Released is the reaction by which a loser that is restored by itself points
// to its winner no more; what was moved stays with the winner.
func Released() record.Reaction {
	return record.Reaction{Name: "merge pointer", Run: func(w *record.Work) error {
		if w.Act != record.Restore || w.Change.Unmerge {
			return nil
		}
		_, err := w.Tx.Exec("UPDATE record_merge SET undone_at=$1, detail='{}' WHERE loser=$2 AND undone_at IS NULL", sqldb.Micros(w.Tx.Now()), w.After.ID)
		return err
	}}
}

// splitWinner gives the winner its former values back; from somebody who has
// left it stays with whom it came to.
func (s *Service) splitWinner(tx *sqldb.Tx, w Wish, d detail) error {
	change := s.change(w, w.Winner, record.Update, w.Loser)
	change.Unmerge, change.Set, change.Kept = true, map[string]any{}, map[string]any{}
	for id, pair := range d.Changed {
		if f, ok := w.Object.FieldByID(id); ok {
			former, _ := record.Unstored(f, pair[0])
			if record.Left(s.Records.Directory(), f, former) {
				change.Kept[id] = former
			} else {
				change.Set[id] = former
			}
		}
	}
	change.Holds = func(before query.Row) error {
		var moved []fault.Field
		for id, pair := range d.Changed {
			f, ok := w.Object.FieldByID(id)
			if !ok {
				continue
			}
			after, _ := record.Unstored(f, pair[1])
			if !record.Equal(before.Values[id], after) {
				moved = append(moved, fault.Field{Path: f.Name, Code: "changed_meanwhile"})
			}
		}
		if len(moved) > 0 {
			return fault.New(fault.Conflict, "changed_meanwhile", moved...)
		}
		return nil
	}
	if _, err := s.Records.Apply(tx, change); err != nil {
		return err
	}
	for _, k := range d.Keys {
		if _, err := tx.Exec("DELETE FROM match_key WHERE scope=$1 AND kind=$2 AND value=$3 AND record=$4", k[0], k[1], k[2], w.Winner); err != nil {
			return err
		}
	}
	return nil
}

// bringBack restores the loser as it was, with the keys that it had.
func (s *Service) bringBack(tx *sqldb.Tx, w Wish, d detail) error {
	change := s.change(w, w.Loser, record.Restore, w.Winner)
	change.Unmerge, change.Scope = true, w.Grants.Scope(w.Object, access.Delete)
	change.Holds = func(before query.Row) error {
		if before.Revision != d.Revision {
			return fault.New(fault.Conflict, "changed_meanwhile")
		}
		return nil
	}
	if _, err := s.Records.Apply(tx, change); err != nil {
		return err
	}
	for _, k := range d.Keys {
		if _, err := tx.Exec("INSERT INTO match_key(scope,kind,value,record) VALUES($1,$2,$3,$4) ON CONFLICT (scope,kind,value) DO NOTHING", k[0], k[1], k[2], w.Loser); err != nil {
			return err
		}
	}
	return nil
}
