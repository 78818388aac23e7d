package demo

import (
	"context"
	"fmt"
	"time"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// then plans a later act on the lead.
func (w *world) then(p *prospect, at time.Time, do func(context.Context, *prospect, time.Time) error) {
	p.next = append(p.next, event{at: at, who: p, lane: fmt.Sprint("lead ", p.index), do: do})
}

// arrive brings the lead in and plans how its owner will take it up.
func (w *world) arrive(ctx context.Context, p *prospect, at time.Time) error {
	var err error
	if p.seller != "" {
		err = w.typeIn(ctx, p)
	} else {
		err = w.deliver(ctx, p, at)
	}
	if err == nil {
		err = w.learnOwner(ctx, p)
	}
	if err != nil {
		return err
	}
	if p.source == "抖音" && p.budget == "" && p.rng.Float64() < 0.8 {
		w.then(p, w.calendar.Add(at, p.between(90, 900)), w.completeIt)
	}
	switch {
	case p.script != nil:
		w.then(p, p.script.at, w.followUp)
	case p.owner == managerEmail:
		w.then(p, w.calendar.Add(at, p.between(6, 28)), w.assign)
	case p.seller != "":
		w.then(p, at.Add(p.between(2, 12)), w.followUp)
	default:
		w.planFirst(p, at)
	}
	return nil
}

// learnOwner reads whom the routing chose.
func (w *world) learnOwner(ctx context.Context, p *prospect) error {
	owner, _ := w.lead.Field(w.lead.OwnerField)
	return w.DB.Read(ctx, func(tx *sqldb.Tx) error {
		rows, err := record.Select(tx, query.Select{
			Object: w.lead, Fields: []*schema.Field{owner}, Where: query.System("id", "=", p.id), Limit: 1,
		})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return fmt.Errorf("lead %s is not there", p.id)
		}
		id, _ := rows[0].Values[owner.ID].(string)
		p.owner = w.email[id]
		return nil
	})
}

// typeIn is a sales person's own lead, in the five fields of the short form.
func (w *world) typeIn(ctx context.Context, p *prospect) error {
	p.owner = p.seller
	set, err := w.values(map[string]any{
		"company": p.company, "contact": p.contact, "phone": p.phone, "product": p.product, "budget": p.budget,
		"title": p.title, "source": p.source, "region": p.place.region, "city": p.place.city, "message": p.message,
		"owner": w.user[p.seller],
	})
	if err != nil {
		return err
	}
	return w.apply(ctx, p, record.Change{Act: record.Create, Actor: w.actor(p.seller), Set: set})
}

// claim is the tap on 领取.
func (w *world) claim(ctx context.Context, p *prospect, _ time.Time) error {
	if p.touches > 0 {
		return nil
	}
	return w.apply(ctx, p, record.Change{Act: record.Claim, Actor: w.actor(p.owner)})
}

// assign is the manager handing on what the rules left with him; of the latest
// he puts some back, for nobody.
func (w *world) assign(ctx context.Context, p *prospect, at time.Time) error {
	to := pick(p.rng, w.sellers)
	fields := map[string]any{"owner": w.user[to]}
	if w.end.Sub(at) < 5*24*time.Hour {
		to, fields = "", map[string]any{"owner": nil, "status": "待分配"}
	}
	set, err := w.values(fields)
	if err != nil {
		return err
	}
	if err := w.apply(ctx, p, record.Change{Act: record.Update, Actor: w.actor(managerEmail), Set: set}); err != nil {
		return err
	}
	if p.owner = to; to != "" {
		w.planFirst(p, at)
	}
	return nil
}

// completeIt is marketing asking the customer for the budget.
func (w *world) completeIt(ctx context.Context, p *prospect, _ time.Time) error {
	if p.closed {
		return nil
	}
	set, err := w.values(map[string]any{"budget": fmt.Sprint(10000 * (5 + p.rng.IntN(40)))})
	if err != nil {
		return err
	}
	tags, _ := w.lead.Field("tags")
	return w.DB.Write(ctx, func(tx *sqldb.Tx) error {
		rows, err := record.Select(tx, query.Select{
			Object: w.lead, Fields: []*schema.Field{tags}, Where: query.System("id", "=", p.id), Limit: 1, Lock: true,
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		set[tags.ID] = without(rows[0].Values[tags.ID], "需市场补全")
		_, err = w.Records.Apply(tx, record.Change{
			Act: record.Update, Actor: w.actor(marketingEmail), Object: w.lead, ID: p.id, Set: set,
		})
		return err
	})
}

func without(tags any, tag string) any {
	list, _ := tags.([]string)
	var kept []string
	for _, t := range list {
		if t != tag {
			kept = append(kept, t)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// comeAgain is the customer sending a second time.
func (w *world) comeAgain(ctx context.Context, p *prospect, at time.Time) error {
	if p.way == "" {
		p.way = "website-api"
	}
	p.message = pick(p.rng, []string{"昨天留过资料，还没收到报价", "请尽快联系我，急用", "补充一下：两台，含安装", "想约时间参观"})
	return w.deliver(ctx, p, at)
}

// apply carries one change out in a unit of its own.
func (w *world) apply(ctx context.Context, p *prospect, change record.Change) error {
	change.Object, change.ID = w.lead, p.id
	return w.DB.Write(ctx, func(tx *sqldb.Tx) error {
		result, err := w.Records.Apply(tx, change)
		if err != nil {
			return fmt.Errorf("%s of lead %d: %w", change.Act, p.index, err)
		}
		p.id = result.ID
		return nil
	})
}

func (w *world) actor(email string) thread.Actor {
	return thread.Actor{Kind: thread.User, ID: w.user[email]}
}

// values reads a lead's API names and texts as a person's input.
func (w *world) values(fields map[string]any) (map[string]any, error) {
	return w.valuesOf(w.lead.Name, fields)
}

// valuesOf reads those of any object.
func (w *world) valuesOf(name string, fields map[string]any) (map[string]any, error) {
	in := w.Snapshot().Input(true)
	object, ok := w.Snapshot().Object(name)
	if !ok {
		return nil, fmt.Errorf("the template has no object %s", name)
	}
	set := map[string]any{}
	for name, raw := range fields {
		f, ok := object.Field(name)
		if !ok {
			return nil, fmt.Errorf("the template has no field %s", name)
		}
		value, bad := f.Parse(raw, in)
		if bad != nil {
			return nil, fmt.Errorf("%s: %s", name, bad.Code)
		}
		set[f.ID] = value
	}
	return set, nil
}
