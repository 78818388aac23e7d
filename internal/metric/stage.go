package metric

import (
	"time"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// Visit is a record's stay at one choice of its stage field.
type Visit struct {
	Choice  string // id, "" for none
	Entered time.Time
	Left    time.Time // zero for the present one
}

// Stages keeps since when a record stands where it stands, and every stay
// before that, in the transaction of the move.
func Stages() record.Reaction {
	return record.Reaction{Name: "stages", Run: func(w *record.Work) error {
		closedAt(w)
		stage := w.Object.Stage
		if stage == nil {
			return nil
		}
		f, ok := w.Object.Field(stage.Field)
		if !ok || !w.Created() && !w.Changed(stage.Field) {
			return nil
		}
		now := w.Tx.Now()
		w.Set(stage.Since, now)
		choice, _ := w.After.Values[f.ID].(string)
		return visit(w.Tx, w.After.ID, w.Object.ID, choice, now, w.Created())
	}}
}

// closedAt keeps when a record came to the end that it has: a lost one that is
// won after all closed when it was won.
func closedAt(w *record.Work) {
	rule := w.Object.Closed
	if rule == nil || rule.At == "" || w.After.DeletedAt != nil {
		return
	}
	switch was := w.WasOpen(); {
	case w.Open():
		w.Set(rule.At, nil)
	case was || w.Created() || w.Changed(rule.Field):
		w.Set(rule.At, w.Tx.Now())
	}
}

func visit(tx *sqldb.Tx, id, object, choice string, now time.Time, first bool) error {
	n := int64(1)
	if !first {
		if _, err := tx.Exec("UPDATE stage_visit SET left_at=$1 WHERE record=$2 AND left_at IS NULL", sqldb.Micros(now), id); err != nil {
			return err
		}
		if err := tx.QueryRow("SELECT COALESCE(MAX(n),0)+1 FROM stage_visit WHERE record=$1", id).Scan(&n); err != nil {
			return err
		}
	}
	_, err := tx.Exec("INSERT INTO stage_visit(record,n,object,choice,entered_at) VALUES($1,$2,$3,$4,$5)",
		id, n, object, choice, sqldb.Micros(now))
	return err
}

// Visits are a record's stays, in their order.
func Visits(tx *sqldb.Tx, id string) ([]Visit, error) {
	rows, err := tx.Query("SELECT choice,entered_at,left_at FROM stage_visit WHERE record=$1 ORDER BY n", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var visits []Visit
	for rows.Next() {
		var v Visit
		var entered int64
		var left *int64
		if err := rows.Scan(&v.Choice, &entered, &left); err != nil {
			return nil, err
		}
		if v.Entered = sqldb.FromMicros(entered); left != nil {
			v.Left = sqldb.FromMicros(*left)
		}
		visits = append(visits, v)
	}
	return visits, rows.Err()
}
