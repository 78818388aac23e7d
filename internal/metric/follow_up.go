package metric

import (
	"cmp"
	"slices"
	"time"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// FollowUps is the reaction that keeps the figures of follow-ups in step with
// every change of the records that follow-ups become (D13).
func FollowUps() record.Reaction {
	return record.Reaction{Name: "follow-up figures", Run: keepFollowUps}
}

func keepFollowUps(w *record.Work) error {
	if !isFollowUp(w) {
		return nil
	}
	fields := FollowUpFieldsOf(w.Object)
	var before, after followUp
	if w.Before != nil {
		before = fields.place(*w.Before, w.Snapshot.Zone())
	}
	after = fields.place(w.After, w.Snapshot.Zone())
	if before == after {
		return nil
	}
	if err := moveFollowUp(w.Tx, w.Object.ID, before, -1); err != nil {
		return err
	}
	return moveFollowUp(w.Tx, w.Object.ID, after, 1)
}

// isFollowUp tells whether follow-ups of some object become records of this one.
func isFollowUp(w *record.Work) bool {
	for _, o := range w.Snapshot.Objects {
		if o.FollowUp != nil && o.FollowUp.Object == w.Object.Name {
			return true
		}
	}
	return false
}

// FollowUpFields are the fields of a follow-up's record that its figures rest
// on; nil where a company's object lacks one.
type FollowUpFields struct {
	At, Person, Action, Promised, Kept *schema.Field
}

// FollowUpFieldsOf finds them by the names that record gives them.
func FollowUpFieldsOf(o *schema.Object) FollowUpFields {
	var f FollowUpFields
	f.At, _ = o.Field(record.FollowUpAt)
	f.Person, _ = o.Field(o.OwnerField)
	f.Action, _ = o.Field(record.FollowUpAction)
	f.Promised, _ = o.Field(record.FollowUpPromised)
	f.Kept, _ = o.Field(record.FollowUpKept)
	return f
}

// All are the fields that there are.
func (f FollowUpFields) All() []*schema.Field {
	return slices.DeleteFunc([]*schema.Field{f.At, f.Person, f.Action, f.Promised, f.Kept}, func(one *schema.Field) bool { return one == nil })
}

// followUp is all that the figures know of one follow-up; the zero value is none.
type followUp struct {
	day, person, action string
	due, kept           int64 // 0 or 1
}

// place is a follow-up's place in the figures: none without a time, or once deleted.
func (f FollowUpFields) place(row query.Row, zone *time.Location) followUp {
	at, ok := value[time.Time](row, f.At)
	if !ok || row.DeletedAt != nil {
		return followUp{}
	}
	out := followUp{day: at.In(zone).Format(time.DateOnly)}
	out.person, _ = value[string](row, f.Person)
	out.action, _ = value[string](row, f.Action)
	if _, promised := value[time.Time](row, f.Promised); promised {
		out.due = 1
		if kept, _ := value[bool](row, f.Kept); kept {
			out.kept = 1
		}
	}
	return out
}

func value[T any](row query.Row, f *schema.Field) (T, bool) {
	if f == nil {
		var none T
		return none, false
	}
	v, ok := row.Values[f.ID].(T)
	return v, ok
}

func moveFollowUp(tx *sqldb.Tx, object string, f followUp, sign int64) error {
	if f.day == "" {
		return nil
	}
	return tx.Later(`INSERT INTO follow_up_day(object,day,person,action,done,due,kept) VALUES($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (object,day,person,action) DO UPDATE SET done=follow_up_day.done+excluded.done,
		due=follow_up_day.due+excluded.due, kept=follow_up_day.kept+excluded.kept`,
		object, f.day, f.person, f.action, sign, sign*f.due, sign*f.kept)
}

// FollowUpCounts are the figures of a group of follow-ups.
type FollowUpCounts struct {
	Done int64 // follow-ups
	Due  int64 // that answered a promise
	Kept int64 // and did so in time
}

func (c *FollowUpCounts) add(o FollowUpCounts) {
	c.Done, c.Due, c.Kept = c.Done+o.Done, c.Due+o.Due, c.Kept+o.Kept
}

// FollowUpCell is what one person did of one action on one day.
type FollowUpCell struct {
	Day, Person, Action string
	FollowUpCounts
}

// FollowUpFigures are the follow-ups of a range.
type FollowUpFigures struct {
	Total    FollowUpCounts
	ByPerson map[string]FollowUpCounts // by user id
	ByAction map[string]FollowUpCounts // by choice id, "" for none
	ByDay    map[string]FollowUpCounts // by company day
}

// ReadFollowUps answers from the roll-ups; Range.Owners are those who followed up.
func ReadFollowUps(tx *sqldb.Tx, r Range) (FollowUpFigures, error) {
	r.Source = ""
	where, args := r.where("person")
	rows, err := tx.Query(`SELECT day,person,action,CAST(SUM(done) AS BIGINT),CAST(SUM(due) AS BIGINT),CAST(SUM(kept) AS BIGINT)
		FROM follow_up_day`+where+" GROUP BY day,person,action", args...)
	if err != nil {
		return FollowUpFigures{}, err
	}
	defer rows.Close()
	var cells []FollowUpCell
	for rows.Next() {
		var c FollowUpCell
		if err := rows.Scan(&c.Day, &c.Person, &c.Action, &c.Done, &c.Due, &c.Kept); err != nil {
			return FollowUpFigures{}, err
		}
		cells = append(cells, c)
	}
	return sumFollowUps(cells), rows.Err()
}

// CountFollowUps computes the same figures from the records themselves.
func CountFollowUps(rows []query.Row, fields FollowUpFields, zone *time.Location) FollowUpFigures {
	var cells []FollowUpCell
	for _, row := range rows {
		if f := fields.place(row, zone); f.day != "" {
			cells = append(cells, FollowUpCell{f.day, f.person, f.action, FollowUpCounts{1, f.due, f.kept}})
		}
	}
	return sumFollowUps(cells)
}

func sumFollowUps(cells []FollowUpCell) FollowUpFigures {
	f := FollowUpFigures{ByPerson: map[string]FollowUpCounts{}, ByAction: map[string]FollowUpCounts{}, ByDay: map[string]FollowUpCounts{}}
	for _, c := range cells {
		if c.Done == 0 {
			continue
		}
		f.Total.add(c.FollowUpCounts)
		addTo(f.ByPerson, c.Person, c.FollowUpCounts)
		addTo(f.ByAction, c.Action, c.FollowUpCounts)
		addTo(f.ByDay, c.Day, c.FollowUpCounts)
	}
	return f
}

func addTo(groups map[string]FollowUpCounts, key string, c FollowUpCounts) {
	sum := groups[key]
	sum.add(c)
	groups[key] = sum
}

// Busiest are the keys of a grouping, the one with most follow-ups first.
func Busiest(groups map[string]FollowUpCounts) []string {
	keys := make([]string, 0, len(groups))
	for key := range groups {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(groups[b].Done, groups[a].Done), cmp.Compare(a, b)) })
	return keys
}
