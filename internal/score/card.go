package score

import (
	"cmp"
	"fmt"
	"slices"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Card is a compiled scorecard. It is immutable and safe for concurrent use.
type Card struct {
	base, min, max int
	into           Into
	rules          []rule
	stars          []star
	bands          []Band // from the highest down
	fields         []string
}

type rule struct {
	id, dimension string
	points        int
	when          *expr.Program
}

type star struct {
	stars   int
	atLeast *int
	when    *expr.Program
}

// The range of a card that names none.
const (
	defaultMin = 0
	defaultMax = 100
)

// Compile checks a definition; its conditions are compiled in env, which holds
// the scored object. A wrong definition gives an Invalid fault with the path,
// line and column of each mistake.
func Compile(def Definition, env expr.Env) (*Card, error) {
	var faults fault.Collector
	c := &Card{base: def.Base, min: defaultMin, max: defaultMax, into: def.Into}
	if def.Min != nil {
		c.min = *def.Min
	}
	if def.Max != nil {
		c.max = *def.Max
	}
	if c.min >= c.max {
		faults.Add(&fault.Field{Path: "max", Code: "not_above_min"})
	}
	checkInto(def.Into, env.Object, &faults)
	c.compileRules(def.Rules, env, &faults)
	c.compileStars(def.Stars, env, &faults)
	c.setBands(def.Bands, &faults)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

func checkInto(into Into, object *schema.Object, faults *fault.Collector) {
	for _, target := range []struct{ path, field, kind string }{
		{"into.total", into.Total, "number"}, {"into.stars", into.Stars, "number"}, {"into.band", into.Band, "text"},
	} {
		if target.field == "" || object == nil {
			continue
		}
		f, ok := object.Field(target.field)
		switch {
		case !ok:
			faults.Add(&fault.Field{Path: target.path, Code: "unknown_field", Params: map[string]any{"name": target.field}})
		case f.Type != target.kind:
			faults.Add(&fault.Field{Path: target.path, Code: "wrong_type", Params: map[string]any{"name": target.field, "type": target.kind}})
		}
	}
}

func (c *Card) compileRules(rules []Rule, env expr.Env, faults *fault.Collector) {
	seen := map[string]bool{}
	for i, r := range rules {
		path := fmt.Sprintf("rules.%d", i)
		if r.ID == "" || seen[r.ID] {
			faults.Add(&fault.Field{Path: path + ".id", Code: "not_unique"})
		}
		seen[r.ID] = true
		if r.When == "" {
			faults.Add(&fault.Field{Path: path + ".when", Code: "required"})
			continue
		}
		when := c.condition(r.When, env, path+".when", faults)
		c.rules = append(c.rules, rule{r.ID, r.Dimension, r.Points, when})
	}
}

func (c *Card) compileStars(stars []Star, env expr.Env, faults *fault.Collector) {
	for i, s := range stars {
		path := fmt.Sprintf("stars.%d", i)
		if s.Stars < 0 {
			faults.Add(&fault.Field{Path: path + ".stars", Code: "too_low", Params: map[string]any{"min": 0}})
		}
		compiled := star{stars: s.Stars, atLeast: s.AtLeast}
		if s.When != "" {
			compiled.when = c.condition(s.When, env, path+".when", faults)
		}
		c.stars = append(c.stars, compiled)
	}
}

// condition compiles one expression and notes the fields that it reads; nil
// when it is wrong.
func (c *Card) condition(source string, env expr.Env, path string, faults *fault.Collector) *expr.Program {
	program, err := expr.FromStored(source, env, expr.Bool)
	if err != nil {
		f := expr.FieldOf(err, path)
		faults.Add(&f)
		return nil
	}
	for _, id := range program.Fields() {
		if !slices.Contains(c.fields, id) {
			c.fields = append(c.fields, id)
		}
	}
	return program
}

func (c *Card) setBands(bands []Band, faults *fault.Collector) {
	ids, from := map[string]bool{}, map[int]bool{}
	for i, b := range bands {
		path := fmt.Sprintf("bands.%d", i)
		if b.ID == "" || ids[b.ID] {
			faults.Add(&fault.Field{Path: path + ".id", Code: "not_unique"})
		}
		if from[b.From] {
			faults.Add(&fault.Field{Path: path + ".from", Code: "not_unique"})
		}
		ids[b.ID], from[b.From] = true, true
	}
	c.bands = slices.Clone(bands)
	slices.SortFunc(c.bands, func(a, b Band) int { return cmp.Compare(b.From, a.From) })
}

// Fields are the ids of the fields and system columns that the card reads: a
// change of one of them is a reason to compute again.
func (c *Card) Fields() []string { return slices.Clone(c.fields) }

// Into names the fields (API names) that receive the result.
func (c *Card) Into() Into { return c.into }

// Band finds the band of a total; false when it lies below every band.
func (c *Card) Band(total int) (Band, bool) {
	for _, b := range c.bands {
		if total >= b.From {
			return b, true
		}
	}
	return Band{}, false
}
