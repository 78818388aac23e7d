// Package metric keeps and reads the figures: roll-ups per company day,
// source and owner, written in the transaction of their cause, with response
// times in fixed buckets (decisions.md, "Dashboards").
package metric

import (
	"math"
	"time"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// growth is the width of a response-time bucket: 5 % error at most.
const growth = 1.05

// cell is the place of one record in the figures.
type cell struct{ object, day, source, owner string }

// delta is what a change adds to a cell.
type delta struct{ created, touched, within24h, within30m int64 }

// Reaction keeps the figures in step with every change of a record whose
// object names its health fields.
func Reaction() record.Reaction {
	return record.Reaction{Name: "figures", Run: keep}
}

func keep(w *record.Work) error {
	if w.Object.Health == nil {
		return nil
	}
	before, was := placeBefore(w)
	after, is := placeAfter(w)
	if was == is && before == after {
		return nil
	}
	if was {
		if err := move(w.Tx, before, -1); err != nil {
			return err
		}
	}
	if is {
		return move(w.Tx, after, 1)
	}
	return nil
}

// standing is all that the figures know of one record.
type standing struct {
	cell
	response time.Duration // -1 while nobody reached out
}

func placeAfter(w *record.Work) (standing, bool) {
	first, _ := w.Get(w.Object.Health.FirstTouch).(time.Time)
	return place(w, w.After.CreatedAt, w.Text(w.Object.Health.Source), w.Owner(), first), w.After.DeletedAt == nil
}

func placeBefore(w *record.Work) (standing, bool) {
	if w.Before == nil {
		return standing{}, false
	}
	f, _ := w.Object.Field(w.Object.Health.FirstTouch)
	s, _ := w.Object.Field(w.Object.Health.Source)
	var first time.Time
	source := ""
	if f != nil {
		first, _ = w.Before.Values[f.ID].(time.Time)
	}
	if s != nil {
		source, _ = w.Before.Values[s.ID].(string)
	}
	return place(w, w.Before.CreatedAt, source, w.OwnerBefore(), first), w.Before.DeletedAt == nil
}

func place(w *record.Work, created time.Time, source, owner string, first time.Time) standing {
	s := standing{cell: cell{w.Object.ID, created.In(w.Snapshot.Zone()).Format(time.DateOnly), source, owner}, response: -1}
	if !first.IsZero() {
		s.response = max(0, first.Sub(created))
	}
	return s
}

func move(tx *sqldb.Tx, s standing, sign int64) error {
	d := delta{created: sign}
	if s.response >= 0 {
		d.touched = sign
		if s.response <= 24*time.Hour {
			d.within24h = sign
		}
		if s.response <= 30*time.Minute {
			d.within30m = sign
		}
		if err := countResponse(tx, s, sign); err != nil {
			return err
		}
	}
	return tx.Later(`INSERT INTO figure(object,day,source,owner,created,touched,within_24h,within_30m)
		VALUES($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (object,day,source,owner) DO UPDATE SET
		created=figure.created+excluded.created, touched=figure.touched+excluded.touched,
		within_24h=figure.within_24h+excluded.within_24h, within_30m=figure.within_30m+excluded.within_30m`,
		s.object, s.day, s.source, s.owner, d.created, d.touched, d.within24h, d.within30m)
}

func countResponse(tx *sqldb.Tx, s standing, sign int64) error {
	return tx.Later(`INSERT INTO response_time(object,day,source,owner,bucket,n) VALUES($1,$2,$3,$4,$5,$6)
		ON CONFLICT (object,day,source,owner,bucket) DO UPDATE SET n=response_time.n+excluded.n`,
		s.object, s.day, s.source, s.owner, bucketOf(s.response), sign)
}

// bucketOf is the bucket of a response time; below one second is bucket 0.
func bucketOf(d time.Duration) int64 {
	if d <= time.Second {
		return 0
	}
	return int64(math.Log(d.Seconds()) / math.Log(growth))
}

// bucketMiddle is the response time that a bucket stands for.
func bucketMiddle(bucket int64) time.Duration {
	return time.Duration(math.Pow(growth, float64(bucket)+0.5) * float64(time.Second))
}
