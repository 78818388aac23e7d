package clock

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Compile checks a definition; its conditions are compiled in env, which holds
// the object and the company's zone. The version is kept in every run. A wrong
// definition gives an Invalid fault with the path, line and column of each
// mistake.
func Compile(def Definition, version int64, env expr.Env) (*Clock, error) {
	c := compiler{env: env, clock: &Clock{version: version, zone: env.Zone, target: def.Target}}
	if c.clock.zone == nil {
		c.clock.zone = time.UTC
	}
	c.clock.start = c.trigger(def.Start, "start")
	c.clock.satisfied = c.trigger(def.Satisfied, "satisfied")
	c.clock.cancelled = c.trigger(def.Cancelled, "cancelled")
	c.clock.restart = c.trigger(def.Restart, "restart")
	if !c.clock.start.set() {
		c.add("start", "required")
	}
	if def.Restart.When != "" && len(def.Restart.On) == 0 {
		c.add("restart.on", "required")
	}
	c.target(def.Target)
	c.stages(def)
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	return c.clock, nil
}

type compiler struct {
	env    expr.Env
	clock  *Clock
	faults fault.Collector
}

func (c *compiler) add(path, code string) { c.faults.Add(&fault.Field{Path: path, Code: code}) }

func (c *compiler) addNamed(path, code, name string) {
	c.faults.Add(&fault.Field{Path: path, Code: code, Params: map[string]any{"name": name}})
}

func (c *compiler) trigger(t Trigger, path string) trigger {
	var out trigger
	for i, kind := range t.On {
		at := fmt.Sprintf("%s.on.%d", path, i)
		if name, ok := strings.CutPrefix(kind, Changed+":"); ok {
			if f := c.field(name, at); f != nil {
				out.changed = append(out.changed, f.ID)
			}
			continue
		}
		if !slices.Contains(Kinds(), kind) {
			c.addNamed(at, "unknown_event", kind)
			continue
		}
		out.on = append(out.on, kind)
	}
	if t.When != "" {
		out.when = c.condition(t.When, path+".when")
	}
	return out
}

func (c *compiler) field(name, path string) *schema.Field {
	f, ok := c.env.Object.Field(name)
	if !ok {
		c.addNamed(path, "unknown_field", name)
		return nil
	}
	return f
}

func (c *compiler) condition(source, path string) *expr.Program {
	program, err := expr.FromStored(source, c.env, expr.Bool)
	if err != nil {
		f := expr.FieldOf(err, path)
		c.faults.Add(&f)
		return nil
	}
	for _, id := range program.Fields() {
		c.reads(id)
	}
	return program
}

func (c *compiler) reads(id string) {
	if !slices.Contains(c.clock.fields, id) {
		c.clock.fields = append(c.clock.fields, id)
	}
}

func (c *compiler) target(t Target) {
	given := 0
	for _, n := range []int{t.Minutes, t.Hours, t.Days} {
		if n < 0 {
			c.add("target", "too_low")
		}
		if n != 0 {
			given++
		}
	}
	if t.Field != "" {
		given++
		if f := c.field(t.Field, "target.field"); f != nil {
			if f.Type != "date" && f.Type != "datetime" {
				c.addNamed("target.field", "wrong_type", t.Field)
			}
			c.clock.field = f.ID
			c.reads(f.ID)
		}
	}
	if given != 1 {
		c.add("target", "exactly_one")
	}
	switch t.Calendar {
	case "":
		c.clock.target.Calendar = Continuous
	case Working, Continuous:
	default:
		c.add("target.calendar", "unknown_choice")
	}
}

// stages compiles warnings and breaches. A clock without breaches still has
// one, which only notes that the due time passed.
func (c *compiler) stages(def Definition) {
	seen := map[string]bool{}
	for _, list := range []struct {
		path   string
		breach bool
		stages []Stage
	}{{"warnings", false, def.Warnings}, {"breach", true, def.Breach}} {
		for i, s := range list.stages {
			path := fmt.Sprintf("%s.%d", list.path, i)
			if s.ID == "" || seen[s.ID] {
				c.add(path+".id", "not_unique")
			}
			seen[s.ID] = true
			c.clock.stages = append(c.clock.stages, c.stage(s, list.breach, path))
		}
	}
	if len(def.Breach) == 0 {
		c.clock.stages = append(c.clock.stages, stage{id: "due", breach: true, act: Act{Kind: Breach, Stage: "due"}})
	}
}

func (c *compiler) stage(s Stage, breach bool, path string) stage {
	out := stage{id: s.ID, breach: breach, offset: s.Before, act: Act{Kind: Warn, Stage: s.ID, Reroute: s.Reroute}}
	wrong := s.After
	if breach {
		out.offset, wrong, out.act.Kind = s.After, s.Before, Breach
	}
	switch {
	case wrong != Distance{}:
		c.add(path, "wrong_side")
	case out.offset.Minutes < 0 || out.offset.Hours < 0 || out.offset.Days < 0:
		c.add(path, "too_low")
	case !breach && out.offset == Distance{}:
		c.add(path+".before", "required")
	}
	for i, text := range s.Tell {
		if r, ok := parseRecipient(text); ok {
			out.act.Tell = append(out.act.Tell, r)
		} else {
			c.addNamed(fmt.Sprintf("%s.tell.%d", path, i), "unknown_recipient", text)
		}
	}
	c.writes(s, &out.act, path)
	return out
}

// writes reads the values that a stage sets and adds.
func (c *compiler) writes(s Stage, act *Act, path string) {
	for _, name := range slices.Sorted(maps.Keys(s.Set)) {
		if f, value := c.value(name, s.Set[name], path+".set."+name); f != nil {
			if act.Set == nil {
				act.Set = map[string]any{}
			}
			act.Set[f.ID] = value
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Add)) {
		f, value := c.value(name, s.Add[name], path+".add."+name)
		if f == nil {
			continue
		}
		values, ok := value.([]string)
		if !ok {
			c.addNamed(path+".add."+name, "not_a_list", name)
			continue
		}
		if act.Add == nil {
			act.Add = map[string][]string{}
		}
		act.Add[f.ID] = values
	}
}

func (c *compiler) value(name string, raw any, path string) (*schema.Field, any) {
	f := c.field(name, path)
	if f == nil {
		return nil, nil
	}
	value, wrong := f.Parse(raw, schema.Input{Person: true, Zone: c.clock.zone})
	if wrong != nil {
		wrong.Path = path
		c.faults.Add(wrong)
		return nil, nil
	}
	return f, value
}

func parseRecipient(text string) (Recipient, bool) {
	kind, name, named := strings.Cut(text, ":")
	switch kind {
	case "owner", "leader", "creator":
		return Recipient{Kind: kind}, !named
	case "role", "robot", "user":
		return Recipient{Kind: kind, Name: name}, name != ""
	}
	return Recipient{}, false
}
