package conversion

import (
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
)

// find looks for the record that the target is already: the one that the
// source points to, the one that is asked for, or one with the same keys.
func (p *planner) find(t *Target, wish Wish, step *Step) error {
	if linked, _ := p.source.Values[t.Link.ID].(string); linked != "" && wish.Use == "" {
		there, err := p.live(t.Object, linked)
		if err != nil || there {
			step.Action, step.ID = Reuse, linked
			return err
		}
	}
	if err := p.candidates(t, step); err != nil {
		return err
	}
	switch {
	case wish.Use != "":
		step.Action, step.ID = Reuse, wish.Use
		known, err := p.readable(t.Object, []string{wish.Use})
		if err == nil && len(known) == 0 {
			return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: t.Object.Name + ".use", Code: "unknown_record"})
		}
		return err
	case step.Action == Reuse || wish.New || len(step.Offer) == 0:
		return nil
	}
	step.Action, step.ID = Reuse, step.Offer[0].ID
	return nil
}

// candidates are the records that have the same keys. A key that is proof of
// the same record leaves no choice; what only hints is offered where it may be seen.
func (p *planner) candidates(t *Target, step *Step) error {
	proven, err := record.Holders(p.reader.Tx, t.Object, step.Set)
	if err != nil {
		return err
	}
	if len(proven) > 0 {
		step.Action, step.ID = Reuse, proven[0]
		return nil
	}
	hinted, err := record.Hinted(p.reader.Tx, t.Object, step.Set)
	if err != nil {
		return err
	}
	for _, f := range t.Match {
		same, err := p.same(t.Object, f, step.Set[f.ID])
		if err != nil {
			return err
		}
		hinted = append(hinted, same...)
	}
	step.Offer, err = p.readable(t.Object, hinted)
	for _, id := range hinted {
		step.Hidden = step.Hidden || !holds(step.Offer, id)
	}
	return err
}

// offers is how many records with the same value are offered.
const offers = 5

func (p *planner) same(o *schema.Object, f *schema.Field, value any) ([]string, error) {
	if value == nil {
		return nil, nil
	}
	rows, err := record.Select(p.reader.Tx, query.Select{
		Object: o, Where: query.Where(f, expr.OpEqual, value), Sort: []query.Sort{{System: "created_at"}}, Limit: offers,
	})
	ids := make([]string, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids, err
}

// readable are those of the ids that the reader may see, in their order.
func (p *planner) readable(o *schema.Object, ids []string) ([]query.Row, error) {
	found, err := p.reader.Readable(o, ids)
	var rows []query.Row
	for _, id := range ids {
		if row, ok := found[id]; ok && !holds(rows, id) {
			rows = append(rows, row)
		}
	}
	return rows, err
}

func holds(rows []query.Row, id string) bool {
	for _, row := range rows {
		if row.ID == id {
			return true
		}
	}
	return false
}

func (p *planner) live(o *schema.Object, id string) (bool, error) {
	rows, err := record.Select(p.reader.Tx, query.Select{Object: o, Where: query.System("id", "=", id), Limit: 1})
	return len(rows) > 0, err
}
