package record

import (
	"fmt"
	"strings"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// Grouping asks how the records of a listing spread over the values of one or two fields.
type Grouping struct {
	Object string
	Filter string // expression language
	By     string // "status", "created_at:month,owner"
	Sum    string // API names of numbers and currencies to add up
}

// The bounds of a grouping.
const (
	MostGroups = 500
	mostSums   = 5
)

// Groups are the groups of a grouping, by value, blank ones last.
type Groups struct {
	Object *schema.Object
	By     []query.GroupBy
	Sums   []*schema.Field
	Items  []Group
	More   bool // there are more than MostGroups
}

// Group is one value, or pair of values.
type Group struct {
	Keys   []any // canonical values, nil for blank; a calendar step is a text
	Count  int64
	Sums   [][]any // per field of Sum, one for each currency in it
	Filter string  // the expression that finds just its records
}

// Groups answers a grouping within the reader's rights. Faults: NotFound for
// the object, Invalid with the place in the expression, Malformed for names.
func (r *Reader) Groups(g Grouping) (Groups, error) {
	object, err := r.Object(g.Object, access.Read)
	if err != nil {
		return Groups{}, err
	}
	out := Groups{Object: object}
	if out.By, err = groupBy(object, g.By); err != nil {
		return out, err
	}
	if out.Sums, err = sumsOf(object, g.Sum); err != nil {
		return out, err
	}
	where, err := r.where(object, g.Filter)
	if err != nil {
		return out, err
	}
	return out, r.fill(&out, where)
}

// fill counts in one statement, and adds up in one for each field.
func (r *Reader) fill(out *Groups, where query.Condition) error {
	ask := query.Aggregate{Object: out.Object, Where: where, Group: out.By, Zone: r.Snapshot.Zone()}
	counted := ask
	counted.Limit, counted.Measures = MostGroups+1, []query.Measure{{Kind: query.Count}}
	groups, err := aggregate(r, counted)
	if err != nil {
		return err
	}
	if out.More = len(groups) > MostGroups; out.More {
		groups = groups[:MostGroups]
	}
	place := map[string]int{}
	for i, g := range groups {
		count, _ := g.Values[0].(int64)
		place[fmt.Sprint(g.Keys)] = i
		out.Items = append(out.Items, Group{Keys: g.Keys, Count: count, Sums: make([][]any, len(out.Sums)), Filter: groupFilter(out.By, g.Keys)})
	}
	for at, f := range out.Sums {
		ask.Measures = []query.Measure{{Kind: query.Sum, Field: f}}
		sums, err := aggregate(r, ask)
		if err != nil {
			return err
		}
		for _, g := range sums {
			if i, ok := place[fmt.Sprint(g.Keys)]; ok && g.Values[0] != nil {
				out.Items[i].Sums[at] = append(out.Items[i].Sums[at], g.Values[0])
			}
		}
	}
	return nil
}

// Aggregate computes figures of the records that the reader may see; the
// fields must be among those that he may read.
func (r *Reader) Aggregate(a query.Aggregate) ([]query.Group, error) {
	a.Where = query.And{r.Grants.Scope(a.Object, access.Read), a.Where}
	return aggregate(r, a)
}

func aggregate(r *Reader, a query.Aggregate) ([]query.Group, error) {
	sql, args, err := a.Render(r.Tx.Dialect())
	if err != nil {
		return nil, err
	}
	rows, err := r.Tx.Query(sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []query.Group
	for rows.Next() {
		g, err := a.ScanGroup(rows, r.Tx.Dialect())
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// groupBy reads "created_at:month,owner"; a field that the reader may not see is unknown.
func groupBy(object *schema.Object, text string) ([]query.GroupBy, error) {
	by, bad := query.ParseGroup(object, text)
	switch {
	case bad == nil:
		return by, nil
	case bad.Code == "unknown_field":
		return nil, fault.New(fault.Malformed, bad.Code, *bad)
	}
	return nil, fault.New(fault.Malformed, "bad_group", *bad).With("max", query.MostLevels)
}

func sumsOf(object *schema.Object, text string) ([]*schema.Field, error) {
	var out []*schema.Field
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' }) {
		name := strings.TrimSpace(part)
		f, ok := object.Field(name)
		if !ok || f.Type != "number" && f.Type != "currency" {
			return nil, unknownName("sum", name)
		}
		out = append(out, f)
	}
	if len(out) > mostSums {
		return nil, fault.New(fault.Malformed, "bad_group", fault.Field{Path: "sum", Code: "too_many"}).With("max", query.MostLevels)
	}
	return out, nil
}

func unknownName(path, name string) error {
	return fault.New(fault.Malformed, "unknown_field", fault.Field{Path: path, Code: "unknown_field", Params: map[string]any{"name": name}})
}

// groupFilter is the expression that holds for the records of a group alone.
func groupFilter(by []query.GroupBy, keys []any) string {
	parts := make([]string, len(by))
	for i, g := range by {
		parts[i] = keyFilter(g, keys[i])
	}
	return strings.Join(parts, " AND ")
}

func keyFilter(g query.GroupBy, key any) string {
	name := g.System
	if g.Field != nil {
		name = "[" + g.Field.Name + "]"
	}
	if key == nil {
		return "ISBLANK(" + name + ")"
	}
	if g.Bucket != "" {
		return stepFilter(name, g.Bucket, fmt.Sprint(key))
	}
	value := fmt.Sprint(key)
	switch g.Field.Type {
	case "number", "percent":
		return name + " = " + value
	case "boolean":
		return name + " = " + strings.ToUpper(value)
	case "choice":
		if c, ok := g.Field.Choice(value); ok && c.Name != "" {
			value = c.Name
		}
	}
	return name + " = " + expr.Quote(value)
}

// stepFilter is from the first day of a calendar step to before that of the next.
func stepFilter(name, step, key string) string {
	from, err := time.Parse("2006-01-02", (key + "-01-01")[:10])
	if err != nil {
		return "FALSE"
	}
	next := map[string]time.Time{
		"day": from.AddDate(0, 0, 1), "week": from.AddDate(0, 0, 7), "month": from.AddDate(0, 1, 0), "year": from.AddDate(1, 0, 0),
	}[step]
	return fmt.Sprintf(`%s >= "%s" AND %s < "%s"`, name, from.Format("2006-01-02"), name, next.Format("2006-01-02"))
}
