package route_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/schema"
)

func lead() *schema.Object {
	text := func(name, label string) *schema.Field {
		return &schema.Field{ID: "f." + name, Name: name, Label: schema.Label{"zh-CN": label}, Type: "text"}
	}
	return (&schema.Object{ID: "crm.lead", Name: "lead", OwnerField: "owner", Fields: []*schema.Field{
		text("title", "职位"), text("industry", "行业"), text("region", "地区"),
		{ID: "f.source", Name: "source", Label: schema.Label{"zh-CN": "来源"}, Type: "choice", Choices: []schema.Choice{{ID: "s.douyin", Name: "抖音"}, {ID: "s.expo", Name: "展会"}}},
		{ID: "f.budget", Name: "budget", Label: schema.Label{"zh-CN": "预算"}, Type: "currency", Currency: "CNY", Scale: 2},
		{ID: "f.seen", Name: "seen", Label: schema.Label{"zh-CN": "到访"}, Type: "datetime"},
		{ID: "f.tags", Name: "tags", Label: schema.Label{"zh-CN": "标签"}, Type: "tags"},
		{ID: "f.owner", Name: "owner", Label: schema.Label{"zh-CN": "负责人"}, Type: "person"},
	}}).Seal()
}

var shanghai = time.FixedZone("CST", 8*3600)

func compile(t testing.TB, document string) *route.Table {
	t.Helper()
	return compileIn(t, document)
}

func compileIn(t interface{ Fatal(...any) }, document string) *route.Table {
	var def route.Definition
	if err := json.Unmarshal([]byte(document), &def); err != nil {
		t.Fatal(err)
	}
	table, err := route.Compile(def, 7, expr.Env{Object: lead(), Zone: shanghai})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// world is what a scenario file sets up; see testdata/README.
type world struct {
	t      *testing.T
	table  *route.Table
	people map[string]*route.Member // everyone, by name
	pools  map[string][]string
	groups map[string][]string
	seqs   map[string]map[string]int64
	points map[string]route.Pointer
	last   []string // the fallback
	known  string
	now    time.Time
}

func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenario files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w := world{t: t, people: map[string]*route.Member{}, pools: map[string][]string{}, groups: map[string][]string{},
				seqs: map[string]map[string]int64{}, points: map[string]route.Pointer{}, now: time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC)}
			w.play(strings.Split(string(raw), "\n"))
		})
	}
}

func (w *world) play(lines []string) {
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		switch words[0] {
		case "table":
			start := i + 1
			for i++; lines[i] != "end"; i++ {
			}
			w.table = compile(w.t, strings.Join(lines[start:i], "\n"))
		case "person":
			w.person(words[1], words[2:])
		case "pool":
			w.pools[words[1]] = words[2:]
			w.seqs[words[1]] = map[string]int64{}
		case "group":
			w.groups[words[1]] = words[2:]
		case "fallback":
			w.last = words[1:]
		case "known":
			w.known = words[1]
		case "now":
			now, err := time.ParseInLocation("2006-01-02 15:04", words[1]+" "+words[2], shanghai)
			if err != nil {
				w.t.Fatal(err)
			}
			w.now = now
		case "lead":
			var want []string
			for i+1 < len(lines) && strings.HasPrefix(lines[i+1], "  ") {
				i++
				want = append(want, strings.TrimSpace(lines[i]))
			}
			got := w.decide(w.values(words[1:]))
			if diff := cmp.Diff(want, got); diff != "" {
				w.t.Errorf("line %d: %s (-want +got)\n%s", i+1, line, diff)
			}
		default:
			w.t.Fatalf("line %d: %s?", i+1, words[0])
		}
	}
}

func (w *world) person(name string, settings []string) {
	m, known := w.people[name]
	if !known {
		m = &route.Member{User: name, Active: true, InHours: true}
		w.people[name] = m
	}
	for _, s := range settings {
		key, value, _ := strings.Cut(s, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "load":
			m.Load = n
		case "capacity":
			m.Capacity = n
		case "weight":
			m.Weight = n
		case "rate":
			m.Rate = n
		case "away":
			m.Away = value != "no"
		case "inactive":
			m.Active = false
		case "out":
			m.InHours = value == "no"
		default:
			w.t.Fatalf("person %s: %s?", name, key)
		}
	}
}

func (w *world) values(settings []string) map[string]any {
	values := map[string]any{}
	for _, s := range settings {
		label, value, _ := strings.Cut(s, "=")
		for _, f := range lead().Fields {
			if f.Label["zh-CN"] != label {
				continue
			}
			canonical, wrong := f.Parse(value, schema.Input{Person: true})
			if wrong != nil {
				w.t.Fatalf("%s: %+v", s, wrong)
			}
			values[f.ID] = canonical
		}
	}
	return values
}

func (w *world) members(pool string, names []string) []route.Member {
	var list []route.Member
	for i, name := range names {
		m := *w.people[name]
		m.Position, m.LastSeq = i, w.seqs[pool][name]
		list = append(list, m)
	}
	return list
}

func (w *world) decide(values map[string]any) []string {
	in := route.Input{Values: values, Now: w.now, Pools: map[string]route.PoolState{}, Groups: map[string][]route.Member{}, People: map[string]route.Member{}}
	needs := w.table.Needs(in)
	for _, name := range needs.Pools {
		in.Pools[name] = route.PoolState{Members: w.members(name, w.pools[name]), Pointer: w.points[name]}
	}
	for _, name := range needs.Groups {
		in.Groups[name] = w.members("", w.groups[name])
	}
	for _, name := range needs.People {
		in.People[name] = *w.people[name]
	}
	in.Fallback = w.members("", w.last)
	if w.known != "" {
		in.Known = w.people[w.known]
		w.known = ""
	}
	d := route.Decide(w.table, in)
	w.replay(in, d)
	if d.Owner != "" {
		w.people[d.Owner].Load++
		w.people[d.Owner].Assigned++
	}
	if d.Pointer != nil {
		w.points[d.Pool] = *d.Pointer
		w.seqs[d.Pool][d.Owner] = d.Pointer.Seq
	}
	return tell(d)
}

// replay decides again from what is recorded, through JSON.
func (w *world) replay(in route.Input, want route.Decision) {
	recorded, err := w.table.Record(in)
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := json.Marshal(recorded)
	if err != nil {
		w.t.Fatal(err)
	}
	var back route.Recorded
	if err := json.Unmarshal(raw, &back); err != nil {
		w.t.Fatal(err)
	}
	restored, err := w.table.Restore(back)
	if err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(want, route.Decide(w.table, restored), cmp.Comparer(func(a, b *apd.Decimal) bool { return a.Cmp(b) == 0 })); diff != "" {
		w.t.Errorf("the recorded inputs decide otherwise (-first +again)\n%s", diff)
	}
}

// tell puts a decision in the words of a scenario file.
func tell(d route.Decision) []string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, s := range d.Skipped {
		add("%s", strings.TrimSpace(fmt.Sprintf("skip %s: %s %s", s.Row, s.Why, people(s.Candidates))))
	}
	for _, a := range d.Adds {
		add("add %s %s (%s)", a.Field, strings.Join(a.Values, ","), a.Row)
	}
	for _, a := range d.Tells {
		add("tell %s (%s)", strings.Join(append(append([]string{}, a.Roles...), a.Robots...), ","), a.Row)
	}
	where := "row " + d.Row
	switch {
	case d.Fallback:
		where = "fallback"
	case d.Row == "":
		where = "no row"
	}
	if d.AfterHours {
		where += ", after hours"
	}
	add("%s: %s, %s", where, or(d.Owner, "nobody"), d.Reason)
	if len(d.Candidates) > 0 {
		add("of %s", people(d.Candidates))
	}
	return lines
}

func people(list []route.Candidate) string {
	var names []string
	for _, c := range list {
		name := c.User
		if c.Why != "" {
			name += "(" + string(c.Why) + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
