package conversion

import (
	"strings"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
)

// What becomes of a target.
const (
	Create = "create"
	Reuse  = "reuse"
	Skip   = "skip"
)

// Step is what a conversion does about one target.
type Step struct {
	Target *Target
	Action string
	ID     string         // of the record that is used or will be made
	Known  *query.Row     // the record that is used, where the reader may see it
	Offer  []query.Row    // records that the reader may use instead of a new one
	Set    map[string]any // values of a new record; of a used one those that fill its blanks
	Hidden bool           // there is one that the reader may not see
}

// Plan is what a conversion would do.
type Plan struct {
	Conversion *Conversion
	Source     query.Row
	Steps      []Step
}

// Wish is what the person who converts asks of one target.
type Wish struct {
	New  bool           // make a new one though one is known
	Use  string         // a record to use, by id
	Skip bool           // leave an optional target out
	Set  map[string]any // values by field id, instead of the copied ones
}

// Prepare works out what a conversion of a record would do, and writes nothing;
// what it still lacks is for the person to fill in.
// Wishes are by the target's object name. Faults: NotFound, Forbidden,
// Conflict already_converted or not_convertible.
func (e *Engine) Prepare(r *record.Reader, c *Conversion, id string, wishes map[string]Wish) (*Plan, error) {
	return e.plan(r, c, id, wishes, false)
}

func (e *Engine) plan(r *record.Reader, c *Conversion, id string, wishes map[string]Wish, lock bool) (*Plan, error) {
	source, err := e.source(r, c.Object, id, lock)
	if err != nil {
		return nil, err
	}
	p := &planner{reader: r, conversion: c, source: source, plan: &Plan{Conversion: c, Source: source}}
	if err := p.allowed(); err != nil {
		return nil, err
	}
	for i := range c.Targets {
		step, err := p.step(&c.Targets[i], wishes[c.Targets[i].Object.Name])
		if err != nil {
			return nil, err
		}
		if step.Action != Skip && step.ID == "" {
			step.ID = e.Records.DB.NewID()
		}
		p.plan.Steps = append(p.plan.Steps, step)
	}
	p.refer()
	if !lock {
		return p.plan, nil
	}
	return p.plan, p.complete()
}

// source reads the record to convert, in the reader's scope of changing.
func (e *Engine) source(r *record.Reader, o *schema.Object, id string, lock bool) (query.Row, error) {
	if !r.Grants.Can(o, access.Update) {
		return query.Row{}, fault.New(fault.Forbidden, "forbidden")
	}
	rows, err := record.Select(r.Tx, query.Select{
		Object: o, Fields: o.Fields, Limit: 1, Lock: lock,
		Where: query.And{query.System("id", "=", id), r.Grants.Scope(o, access.Update)},
	})
	if err != nil {
		return query.Row{}, err
	}
	if len(rows) == 0 {
		return query.Row{}, fault.New(fault.NotFound, "not_found")
	}
	return rows[0], nil
}

type planner struct {
	reader     *record.Reader
	conversion *Conversion
	source     query.Row
	plan       *Plan
}

// allowed refuses a record that was converted already, or that the document leaves out.
func (p *planner) allowed() error {
	done, err := convertedInto(p.reader.Tx, p.source.ID)
	if err != nil {
		return err
	}
	if done != nil {
		return fault.New(fault.Conflict, "already_converted")
	}
	if p.conversion.When == nil {
		return nil
	}
	holds, err := p.conversion.When.Eval(expr.Input{
		Field: p.sourceValue, Now: p.reader.Tx.Now(), Zone: p.reader.Snapshot.Zone(), Me: p.reader.Grants.Principal().UserID,
	})
	if err != nil {
		return err
	}
	if holds != true {
		return fault.New(fault.Conflict, "not_convertible")
	}
	return nil
}

func (p *planner) sourceValue(id string) any {
	switch id {
	case "id":
		return p.source.ID
	case "created_at":
		return p.source.CreatedAt
	case "updated_at":
		return p.source.UpdatedAt
	}
	return p.source.Values[id]
}

// step decides about one target: used where it is known, made where it is not.
func (p *planner) step(t *Target, wish Wish) (Step, error) {
	step := Step{Target: t, Action: Create, Set: p.copied(t)}
	for id, v := range wish.Set {
		step.Set[id] = v
	}
	if wish.Skip && t.Optional {
		step.Action = Skip
		return step, nil
	}
	if err := p.find(t, wish, &step); err != nil {
		return step, err
	}
	if step.Action == Reuse {
		return step, p.fillBlanks(t, wish, &step)
	}
	if t.Optional && p.lacksRequired(t, step.Set) {
		step.Action = Skip
		return step, nil
	}
	p.own(t, &step)
	return step, p.mayCreate(t)
}

// fillBlanks keeps of the values those that fill a blank of the used record,
// where the reader may change it at all. What the person typed goes over what is there.
func (p *planner) fillBlanks(t *Target, wish Wish, step *Step) error {
	visible := p.reader.Grants.Visible(t.Object)
	known, err := p.readable(t.Object, []string{step.ID})
	if err != nil {
		return err
	}
	if len(known) == 0 || visible == nil {
		step.Set, step.Hidden = nil, true
		return nil
	}
	step.Known = &known[0]
	rows, err := record.Select(p.reader.Tx, query.Select{
		Object: t.Object, Fields: t.Object.Fields, Limit: 1,
		Where: query.And{query.System("id", "=", step.ID), p.reader.Grants.Scope(t.Object, access.Update)},
	})
	if err != nil {
		return err
	}
	if len(rows) == 0 || !p.reader.Grants.Can(t.Object, access.Update) {
		step.Set = nil
		return nil
	}
	for id := range step.Set {
		if _, typed := wish.Set[id]; !typed && rows[0].Values[id] != nil {
			delete(step.Set, id)
		}
	}
	return nil
}

// copied are the values that the document gives a target, of fields that the
// reader may read on the source and write on the target.
func (p *planner) copied(t *Target) map[string]any {
	set := map[string]any{}
	for _, c := range t.Copy {
		if p.reader.Grants.Field(c.To) < access.Writable && !p.isOwner(t, c.To) {
			continue
		}
		if v := p.value(c); v != nil {
			set[c.To.ID] = v
		}
	}
	return set
}

func (p *planner) isOwner(t *Target, f *schema.Field) bool { return f.Name == t.Object.OwnerField }

func (p *planner) value(c Copy) any {
	switch {
	case c.From != nil:
		if p.reader.Grants.Field(c.From) == access.Hidden {
			return nil
		}
		return moved(c.From, c.To, p.source.Values[c.From.ID])
	case len(c.Text) > 0:
		return p.text(c)
	}
	return c.Value
}

// text fills a template; what may not be read or is blank leaves nothing behind.
func (p *planner) text(c Copy) any {
	var b strings.Builder
	for _, piece := range c.Text {
		if piece.Field == nil {
			b.WriteString(piece.Words)
		} else if v := p.source.Values[piece.Field.ID]; v != nil && p.reader.Grants.Field(piece.Field) != access.Hidden {
			text, _ := piece.Field.Encode(v).(string)
			b.WriteString(text)
		}
	}
	value, bad := c.To.Parse(strings.Join(strings.Fields(b.String()), " "), p.reader.Snapshot.Input(false))
	if bad != nil {
		return nil
	}
	return value
}

// moved is a value as another field takes it: a choice by its name, the rest as it is.
func moved(from, to *schema.Field, value any) any {
	if value == nil {
		return nil
	}
	if from.Type == to.Type && from.Type != "choice" && from.Type != "choices" && from.Type != "number" {
		return value
	}
	taken, bad := to.Parse(from.Encode(value), schema.Input{})
	if bad != nil {
		return nil
	}
	return taken
}

// own gives a new record an owner whom the person may name.
func (p *planner) own(t *Target, step *Step) {
	f, ok := t.Object.Field(t.Object.OwnerField)
	if !ok {
		return
	}
	me := p.reader.Grants.Principal().UserID
	owner, _ := step.Set[f.ID].(string)
	if (owner == "" || !p.reader.Grants.MayOwn(t.Object, owner)) && me != "" {
		step.Set[f.ID] = me
	}
}

func (p *planner) mayCreate(t *Target) error {
	if p.reader.Grants.Can(t.Object, access.Create) {
		return nil
	}
	return fault.New(fault.Forbidden, "may_not_create", fault.Field{
		Path: t.Object.Name, Code: "may_not_create", Params: map[string]any{"object": t.Object.Name},
	}).With("object", t.Object.Name)
}

func (p *planner) lacksRequired(t *Target, set map[string]any) bool {
	for _, f := range t.Object.Fields {
		if f.Required && set[f.ID] == nil {
			return true
		}
	}
	return false
}

// refer writes the references between the targets, and back to the source.
func (p *planner) refer() {
	for i := range p.plan.Steps {
		step := &p.plan.Steps[i]
		if step.Action == Skip || step.Set == nil {
			continue
		}
		for _, r := range step.Target.Refer {
			other := p.plan.Steps[r.Target]
			if other.Action != Skip && (step.Action == Create || p.blank(step, r.To)) {
				step.Set[r.To.ID] = other.ID
			}
		}
		if back := step.Target.Back; back != nil && step.Action == Create {
			step.Set[back.ID] = p.source.ID
		}
	}
}

// blank tells that a used record has nothing in a field that may be filled.
func (p *planner) blank(step *Step, f *schema.Field) bool {
	rows, err := record.Select(p.reader.Tx, query.Select{
		Object: step.Target.Object, Fields: []*schema.Field{f}, Where: query.System("id", "=", step.ID), Limit: 1,
	})
	return err == nil && len(rows) == 1 && rows[0].Values[f.ID] == nil
}

// complete refuses a plan whose new records lack what their objects require.
func (p *planner) complete() error {
	var faults fault.Collector
	for _, step := range p.plan.Steps {
		if step.Action != Create {
			continue
		}
		for _, f := range step.Target.Object.Fields {
			if f.Required && step.Set[f.ID] == nil {
				faults.Add(&fault.Field{Path: step.Target.Object.Name + "." + f.Name, Code: "required"})
			}
		}
	}
	return faults.Err()
}
