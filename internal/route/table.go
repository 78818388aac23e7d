package route

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

// Table is a compiled routing table. It is immutable and safe for concurrent use.
type Table struct {
	version  int64
	object   *schema.Object
	zone     *time.Location
	when     *expr.Program // nil: every record
	sticky   bool
	rows     []row
	fallback Fallback
	pools    map[string]Pool
	fields   []string
}

type row struct {
	id          string
	when        *expr.Program // nil: always
	from, until string        // dates; "" open
	then        Then
	add         []Addition
}

const defaultTop = 3

// Compile checks a definition; its conditions are compiled in env, which holds
// the routed object and the company's zone. The version is kept in every
// decision. A wrong definition gives an Invalid fault with the path, line and
// column of each mistake.
func Compile(def Definition, version int64, env expr.Env) (*Table, error) {
	c := compiler{env: env, table: &Table{
		version: version, object: env.Object, zone: env.Zone, sticky: def.Sticky,
		fallback: def.Fallback, pools: map[string]Pool{},
	}}
	if c.table.zone == nil {
		c.table.zone = time.UTC
	}
	if env.Object.OwnerField == "" {
		c.add("object", "no_owner_field")
	}
	c.table.when = c.condition(def.When, "when")
	for i, p := range def.Pools {
		c.pool(p, fmt.Sprintf("pools.%d", i))
	}
	c.checkFallback(def.Fallback)
	seen := map[string]bool{}
	for i, r := range def.Rows {
		path := fmt.Sprintf("rows.%d", i)
		if r.ID == "" || seen[r.ID] {
			c.add(path+".id", "not_unique")
		}
		seen[r.ID] = true
		c.row(r, path)
	}
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	return c.table, nil
}

type compiler struct {
	env    expr.Env
	table  *Table
	faults fault.Collector
}

func (c *compiler) add(path, code string) {
	c.faults.Add(&fault.Field{Path: path, Code: code})
}

func (c *compiler) pool(p Pool, path string) {
	if _, twice := c.table.pools[p.Name]; twice || p.Name == "" {
		c.add(path+".name", "not_unique")
	}
	switch p.Strategy {
	case "":
		p.Strategy = RoundRobin
	case RoundRobin, LeastLoad, Weighted, TopN:
	default:
		c.add(path+".strategy", "unknown_choice")
	}
	switch p.Hours {
	case "":
		p.Hours = HoursPreferred
	case HoursPreferred, HoursRequired, HoursIgnored:
	default:
		c.add(path+".hours", "unknown_choice")
	}
	if p.Top == 0 {
		p.Top = defaultTop
	}
	if p.Top < 0 || p.Capacity < 0 {
		c.add(path, "too_low")
	}
	c.table.pools[p.Name] = p
}

func (c *compiler) checkFallback(f Fallback) {
	if named(f.User, f.Role, f.LeaderOf) != 1 {
		c.add("fallback", "exactly_one")
	}
}

func named(names ...string) int {
	n := 0
	for _, name := range names {
		if name != "" {
			n++
		}
	}
	return n
}

func (c *compiler) row(r Row, path string) {
	out := row{id: r.ID, from: r.From, until: r.Until, then: r.Then}
	out.when = c.condition(r.When, path+".when")
	for _, date := range []struct{ path, text string }{{path + ".from", r.From}, {path + ".until", r.Until}} {
		if _, err := time.Parse(time.DateOnly, date.text); err != nil && date.text != "" {
			c.add(date.path, "bad_date")
		}
	}
	if r.From != "" && r.Until != "" && r.Until < r.From {
		c.add(path+".until", "before_from")
	}
	targets := named(r.Then.Pool, r.Then.Person, r.Then.Group)
	switch {
	case r.Then.Continue && targets > 0:
		c.add(path+".then", "ends_or_adds")
	case !r.Then.Continue && targets != 1:
		c.add(path+".then", "exactly_one")
	case r.Then.Continue && len(r.Then.Add) == 0 && named(r.Then.Tell.Roles...)+named(r.Then.Tell.Robots...) == 0:
		c.add(path+".then", "does_nothing")
	}
	if _, known := c.table.pools[r.Then.Pool]; r.Then.Pool != "" && !known {
		c.faults.Add(&fault.Field{Path: path + ".then.pool", Code: "unknown_pool", Params: map[string]any{"name": r.Then.Pool}})
	}
	out.add = c.additions(r, path+".then.add")
	c.table.rows = append(c.table.rows, out)
}

func (c *compiler) additions(r Row, path string) []Addition {
	var list []Addition
	for _, name := range slices.Sorted(maps.Keys(r.Then.Add)) {
		at := path + "." + name
		f, ok := c.env.Object.Field(name)
		if !ok {
			c.faults.Add(&fault.Field{Path: at, Code: "unknown_field", Params: map[string]any{"name": name}})
			continue
		}
		value, wrong := f.Parse(r.Then.Add[name], schema.Input{Person: true})
		values, isList := value.([]string)
		switch {
		case wrong != nil:
			wrong.Path = at
			c.faults.Add(wrong)
		case !isList:
			c.faults.Add(&fault.Field{Path: at, Code: "not_a_list", Params: map[string]any{"name": name}})
		default:
			list = append(list, Addition{Row: r.ID, Field: f.ID, Values: values})
		}
	}
	return list
}

// condition compiles one expression and notes the fields that it reads; nil
// when there is none or it is wrong.
func (c *compiler) condition(source, path string) *expr.Program {
	if source == "" {
		return nil
	}
	program, err := expr.FromStored(source, c.env, expr.Bool)
	if err != nil {
		f := expr.FieldOf(err, path)
		c.faults.Add(&f)
		return nil
	}
	for _, id := range program.Fields() {
		if !slices.Contains(c.table.fields, id) {
			c.table.fields = append(c.table.fields, id)
		}
	}
	return program
}

// Version is the version given at compilation.
func (t *Table) Version() int64 { return t.version }

// Fields are the ids of the fields and system columns that the table reads.
func (t *Table) Fields() []string { return slices.Clone(t.fields) }

// Fallback is the owner of last resort, as the document names it.
func (t *Table) Fallback() Fallback { return t.fallback }

// Sticky says whether a party's known owner comes first.
func (t *Table) Sticky() bool { return t.sticky }

// Pool finds a pool's description, defaults filled in.
func (t *Table) Pool(name string) (Pool, bool) { p, ok := t.pools[name]; return p, ok }

// Pools lists the pools by name.
func (t *Table) Pools() []Pool {
	list := slices.Collect(maps.Values(t.pools))
	slices.SortFunc(list, func(a, b Pool) int { return strings.Compare(a.Name, b.Name) })
	return list
}
