package server_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

// condition is a filter with what it means: an oracle over records as the API shows them.
type condition struct {
	text  string
	holds func(record map[string]any) bool
}

// TestFiltersMeanWhatTheySay draws filters over a field of every type, with
// every operator and with blanks, joined by AND, OR and NOT, and compares the
// list with records looked at one by one. Both databases have to agree.
func TestFiltersMeanWhatTheySay(t *testing.T) {
	found := map[string][]string{}
	onBoth(t, func(t *testing.T, c *company) {
		c.sampleObject()
		c.sample(7, 120)
		admin := c.as("admin")
		all := c.listed(admin, 500)
		draw := &drawing{random: rand.New(rand.NewPCG(11, 3)), all: all, ids: c.ids}
		for i := range 260 {
			one := draw.condition(i % 3)
			var want []string
			for _, record := range all {
				if one.holds(record) {
					want = append(want, record["number"].(string))
				}
			}
			items := c.listed(admin, 500, "filter", one.text)
			got := column(items, "number")
			if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
				t.Errorf("%s\n- oracle, + list\n%s", one.text, diff)
			}
			key := strings.NewReplacer(draw.names()...).Replace(one.text)
			if before, ok := found[key]; ok && !cmp.Equal(before, got) {
				t.Errorf("%s: the databases differ: %v, %v", one.text, before, got)
			}
			found[key] = got
		}
	})
}

// drawing draws conditions.
type drawing struct {
	random *rand.Rand
	all    []map[string]any
	ids    map[string]string
}

// names are replacements of what differs between two databases by what is the same.
func (d *drawing) names() (pairs []string) {
	for _, record := range d.all {
		pairs = append(pairs, record["id"].(string), record["number"].(string))
	}
	for name, id := range d.ids {
		pairs = append(pairs, id, name)
	}
	return pairs
}

func (d *drawing) condition(depth int) condition {
	if depth == 0 {
		return d.comparison()
	}
	a, b := d.condition(depth-1), d.condition(depth-1)
	switch d.random.IntN(3) {
	case 0:
		return condition{"NOT (" + a.text + ")", func(r map[string]any) bool { return !a.holds(r) }}
	case 1:
		return condition{"(" + a.text + ") AND (" + b.text + ")", func(r map[string]any) bool { return a.holds(r) && b.holds(r) }}
	}
	return condition{"(" + a.text + ") OR (" + b.text + ")", func(r map[string]any) bool { return a.holds(r) || b.holds(r) }}
}

// comparison is one field and one operator; what is compared is mostly a value that some record has.
func (d *drawing) comparison() condition {
	fields := []string{"number", "owner", "link"}
	for _, f := range sampleFields {
		fields = append(fields, f.name)
	}
	name := fields[d.random.IntN(len(fields))]
	switch d.random.IntN(5) {
	case 0:
		return d.blankness(name)
	case 1:
		if name == "tags" || name == "colours" {
			break
		}
		return d.membership(name)
	}
	switch name {
	case "tags", "colours":
		value := d.element(name)
		return condition{fmt.Sprintf("CONTAINS(%s, %s)", name, quoted(value)), func(r map[string]any) bool {
			list, _ := r[name].([]any)
			return slices.Contains(list, any(value))
		}}
	case "name", "note":
		if d.random.IntN(2) == 0 {
			return d.part(name)
		}
	}
	value := d.value(name)
	ops := []string{"=", "<>", "<", "<=", ">", ">="}
	if name == "kind" || name == "owner" || name == "link" || name == "ready" {
		ops = ops[:2]
	}
	op := ops[d.random.IntN(len(ops))]
	return condition{name + " " + op + " " + literal(name, value), func(r map[string]any) bool {
		if r[name] == nil {
			return false // a comparison with a blank is false
		}
		order := compared(name, r[name], value)
		return map[string]bool{"=": order == 0, "<>": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[op]
	}}
}

func (d *drawing) blankness(name string) condition {
	blank := func(r map[string]any) bool { return r[name] == nil }
	filled := func(r map[string]any) bool { return r[name] != nil }
	return []condition{
		{"ISBLANK(" + name + ")", blank}, {name + " = BLANK()", blank}, {name + " <> BLANK()", filled}, {"NOT ISBLANK(" + name + ")", filled},
	}[d.random.IntN(4)]
}

func (d *drawing) membership(name string) condition {
	var values []any
	var texts []string
	for range 1 + d.random.IntN(3) {
		values = append(values, d.value(name))
		texts = append(texts, literal(name, values[len(values)-1]))
	}
	return condition{name + " IN (" + strings.Join(texts, ", ") + ")", func(r map[string]any) bool {
		return r[name] != nil && slices.ContainsFunc(values, func(v any) bool { return compared(name, r[name], v) == 0 })
	}}
}

// part looks for a piece of a text, signs that SQL knows among them.
func (d *drawing) part(name string) condition {
	whole := []rune(d.value(name).(string))
	from := d.random.IntN(len(whole))
	piece := string(whole[from : from+1+d.random.IntN(len(whole)-from)])
	if strings.ContainsAny(piece, "\n") || norm.NFKC.String(piece) != piece || strings.TrimSpace(piece) != piece {
		piece = "a"
	}
	functions := []struct {
		name string
		is   func(s, part string) bool
	}{{"CONTAINS", strings.Contains}, {"STARTSWITH", strings.HasPrefix}, {"ENDSWITH", strings.HasSuffix}}
	f := functions[d.random.IntN(3)]
	return condition{fmt.Sprintf("%s(%s, %s)", f.name, name, quoted(piece)), func(r map[string]any) bool {
		text, ok := r[name].(string)
		return ok && f.is(text, piece)
	}}
}

// value is one that some record has.
func (d *drawing) value(name string) any {
	for {
		if v := d.all[d.random.IntN(len(d.all))][name]; v != nil && !strings.Contains(fmt.Sprint(v), "\n") {
			return v
		}
	}
}

func (d *drawing) element(name string) string {
	list := d.value(name).([]any)
	return list[d.random.IntN(len(list))].(string)
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// literal is how a value is written in a filter.
func literal(name string, v any) string {
	switch name {
	case "size", "share":
		return fmt.Sprint(v)
	case "price":
		return fmt.Sprint(v.(map[string]any)["amount"])
	case "ready":
		return strings.ToUpper(fmt.Sprint(v))
	case "owner", "link":
		return quoted(idOf(v))
	case "moment":
		zone, _ := time.LoadLocation("Asia/Shanghai")
		at, _ := time.Parse(time.RFC3339, v.(string))
		return quoted(at.In(zone).Format("2006-01-02 15:04")) // literals have minutes
	}
	return quoted(v.(string))
}

// compared orders two values of a field as filters and lists do.
func compared(name string, a, b any) int {
	switch name {
	case "size", "share":
		return rat(a).Cmp(rat(b))
	case "price":
		return rat(a.(map[string]any)["amount"]).Cmp(rat(b.(map[string]any)["amount"]))
	case "ready":
		return strings.Compare(strconv.FormatBool(a.(bool)), strconv.FormatBool(b.(bool)))
	case "owner", "link":
		return strings.Compare(idOf(a), idOf(b))
	case "moment":
		x, _ := time.Parse(time.RFC3339, a.(string))
		y, _ := time.Parse(time.RFC3339, b.(string))
		return x.Compare(y.Truncate(time.Minute))
	}
	return strings.Compare(a.(string), b.(string))
}

func rat(v any) *big.Rat {
	r, ok := new(big.Rat).SetString(fmt.Sprint(v))
	if !ok {
		panic(fmt.Sprintf("%v is no decimal", v))
	}
	return r
}
