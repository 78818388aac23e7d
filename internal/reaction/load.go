package reaction

import (
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// Load keeps how many open records each owner has. It comes last: the rows
// that everyone needs are locked for the shortest time.
func Load() record.Reaction {
	return record.Reaction{Name: "load", Run: func(w *record.Work) error {
		if w.Object.OwnerField == "" {
			return nil
		}
		before, after := "", ""
		if w.WasOpen() {
			before = w.OwnerBefore()
		}
		if w.Open() {
			after = w.Owner()
		}
		if before == after {
			return nil
		}
		if err := addLoad(w.Tx, w.Object.ID, before, -1); err != nil {
			return err
		}
		return addLoad(w.Tx, w.Object.ID, after, 1)
	}}
}

func addLoad(tx *sqldb.Tx, object, owner string, n int64) error {
	if owner == "" {
		return nil
	}
	if known, ok := tx.Shared()[loadKey{object, owner}].(int64); ok {
		tx.Shared()[loadKey{object, owner}] = known + n
	}
	return tx.Later(`INSERT INTO owner_load(object,owner,open) VALUES($1,$2,$3)
		ON CONFLICT (object,owner) DO UPDATE SET open=owner_load.open+excluded.open`, object, owner, n)
}
