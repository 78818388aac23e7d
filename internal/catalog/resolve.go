package catalog

import (
	"fmt"
	"maps"
	"slices"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// resolver checks the names inside one object document.
type resolver struct {
	snapshot *Snapshot
	roles    map[string]bool // the names of all roles
	object   *schema.Object
	problems []fault.Field
}

// resolve fills what an object says about its own and others' fields.
func (b *builder) resolve(draft *draftObject) []fault.Field {
	r := &resolver{snapshot: b.snapshot, roles: b.roles, object: draft.object}
	def, o := draft.definition, draft.object
	r.named("title", o, def.Title)
	r.named("owner", o, def.Owner, "person")
	for i, k := range def.Keys {
		r.named(fmt.Sprintf("keys.%d.field", i), o, k.Field)
		o.Keys = append(o.Keys, schema.MatchKey{Field: k.Field, Kind: k.Kind, Ignore: r.normal(k)})
	}
	if def.Party != nil {
		r.party(*def.Party)
	}
	if def.Closed != nil {
		o.Closed = &schema.ClosedWhen{
			Field: def.Closed.Field, Choices: r.choices("closed.choices", "closed.field", def.Closed.Field, def.Closed.Choices), At: def.Closed.At,
		}
		r.named("closed.at", o, def.Closed.At, "datetime")
	}
	if def.Stage != nil {
		r.named("stage.field", o, def.Stage.Field, "choice")
		r.named("stage.since", o, def.Stage.Since, "datetime")
		o.Stage = &schema.Stage{Field: def.Stage.Field, Since: def.Stage.Since}
	}
	for i, f := range def.Fields {
		r.requiredWhen(fmt.Sprintf("fields.%d.", i), f)
	}
	if def.FollowUp != nil {
		r.followUp(*def.FollowUp)
	}
	if def.Health != nil {
		r.health(*def.Health)
	}
	if def.Agenda != nil {
		r.named("agenda.due", o, def.Agenda.Due, "datetime")
		r.named("agenda.done", o, def.Agenda.Done, "boolean")
		o.Agenda = &schema.Agenda{Due: def.Agenda.Due, Done: def.Agenda.Done}
	}
	for i, one := range def.Broadcast {
		r.broadcast(fmt.Sprintf("broadcast.%d.", i), one)
	}
	return r.problems
}

func (r *resolver) broadcast(path string, def broadcastDefinition) {
	b := schema.Broadcast{Roles: def.Roles}
	for i, name := range def.Fields {
		if f := r.named(fmt.Sprintf("%sfields.%d", path, i), r.object, name); f != nil {
			b.Fields = append(b.Fields, f.ID)
		}
	}
	for i, name := range def.Roles {
		if !r.roles[name] {
			r.refuse(fmt.Sprintf("%sroles.%d", path, i), "unknown_role", name)
		}
	}
	r.object.Broadcasts = append(r.object.Broadcasts, b)
}

func (r *resolver) refuse(path, code, name string) {
	r.problems = append(r.problems, unknown(path, code, name))
}

// named finds a field of an object by name and type; "" is none.
func (r *resolver) named(path string, o *schema.Object, name string, types ...string) *schema.Field {
	if name == "" {
		return nil
	}
	f, ok := o.Field(name)
	if !ok {
		r.refuse(path, "unknown_field", name)
		return nil
	}
	for _, t := range types {
		if f.Type == t {
			return f
		}
	}
	if len(types) > 0 {
		r.problems = append(r.problems, fault.Field{
			Path: path, Code: "wrong_field_type", Params: map[string]any{"name": name, "want": types[0]},
		})
		return nil
	}
	return f
}

// normal gives the ignored values of a key the form in which values are kept.
func (r *resolver) normal(k keyDefinition) []string {
	f, ok := r.object.Field(k.Field)
	if !ok {
		return nil
	}
	out := make([]string, 0, len(k.Ignore))
	for _, raw := range k.Ignore {
		if v, _ := f.Parse(raw, r.snapshot.Input(false)); v != nil {
			raw, _ = v.(string)
		}
		out = append(out, raw)
	}
	return out
}

func (r *resolver) party(def partyDefinition) {
	other, ok := r.snapshot.Object(def.Object)
	if !ok {
		r.refuse("party.object", "unknown_object", def.Object)
		return
	}
	if f := r.named("party.field", r.object, def.Field, "reference"); f != nil && f.ObjectName != def.Object {
		r.refuse("party.field", "wrong_field_type", def.Field)
	}
	for _, theirs := range slices.Sorted(maps.Keys(def.Copy)) {
		ours := def.Copy[theirs]
		r.named("party.copy."+theirs, other, theirs)
		r.named("party.copy."+theirs, r.object, ours)
	}
	r.object.Party = &schema.Party{Object: def.Object, Field: def.Field, Copy: def.Copy}
}

// requiredWhen resolves the field and the choices that a field's rule names.
func (r *resolver) requiredWhen(path string, def FieldDefinition) {
	f, ok := r.object.Field(def.Name)
	rule := def.RequiredWhen
	if !ok || rule == nil {
		return
	}
	f.RequiredWhen = &schema.RequiredWhen{
		Field:     rule.Field,
		Choices:   r.choices(path+"required_when.choices", path+"required_when.field", rule.Field, rule.Choices),
		Otherwise: r.choice(path+"required_when.otherwise", f, rule.Otherwise),
	}
}

func (r *resolver) choices(path, fieldPath, field string, names []string) []string {
	f := r.named(fieldPath, r.object, field, "choice")
	if f == nil {
		return nil
	}
	var ids []string
	for i, name := range names {
		ids = append(ids, r.choice(fmt.Sprintf("%s.%d", path, i), f, name))
	}
	return ids
}

// choice finds a choice by name or id; "" is none.
func (r *resolver) choice(path string, f *schema.Field, name string) string {
	if f == nil || name == "" {
		return ""
	}
	c, ok := f.FindChoice(schema.Clean(name))
	if !ok {
		r.refuse(path, "unknown_choice", name)
	}
	return c.ID
}

func (r *resolver) followUp(def followDefinition) {
	o := r.object
	f := &schema.FollowUp{
		Object: def.Object, Link: def.Link, NextAction: def.NextAction, NextDue: def.NextDue,
		Status: def.Status, Due: def.Due,
	}
	if def.Object != "" {
		if other, ok := r.snapshot.Object(def.Object); ok {
			r.named("follow_up.link", other, def.Link, "reference")
		} else {
			r.refuse("follow_up.object", "unknown_object", def.Object)
		}
	}
	r.named("follow_up.next_due", o, def.NextDue, "datetime")
	next := r.named("follow_up.next_action", o, def.NextAction, "choice")
	status := r.named("follow_up.status", o, def.Status, "choice")
	f.Initial = r.choice("follow_up.initial", status, def.Initial)
	f.Assigned = r.choice("follow_up.assigned", status, def.Assigned)
	f.Working = r.choice("follow_up.working", status, def.Working)
	for _, c := range def.Actions {
		f.Actions = append(f.Actions, c.choice())
	}
	if len(f.Actions) == 0 && next != nil {
		f.Actions = next.Choices
	}
	for i, c := range def.Outcomes {
		f.Outcomes = append(f.Outcomes, schema.Outcome{
			Choice: c.choice(), Sets: r.choice(fmt.Sprintf("follow_up.outcomes.%d.sets", i), status, c.Sets),
		})
	}
	o.FollowUp = f
}

func (r *resolver) health(def healthDefinition) {
	o := r.object
	r.named("health.source", o, def.Source, "choice")
	r.named("health.first_touch", o, def.FirstTouch, "datetime")
	r.named("health.last_touch", o, def.LastTouch, "datetime")
	r.named("health.overdue_since", o, def.OverdueSince, "datetime")
	r.named("health.source_time", o, def.SourceTime, "datetime")
	r.named("health.score", o, def.Score, "number")
	r.named("health.stars", o, def.Stars, "number")
	r.named("health.touches", o, def.Touches, "number")
	o.Health = &schema.Health{
		Source: def.Source, FirstTouch: def.FirstTouch, LastTouch: def.LastTouch, OverdueSince: def.OverdueSince,
		Score: def.Score, Stars: def.Stars, SourceTime: def.SourceTime, Touches: def.Touches,
	}
}
