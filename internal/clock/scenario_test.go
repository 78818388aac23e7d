package clock_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/worktime"
)

func lead() *schema.Object {
	return (&schema.Object{ID: "crm.lead", Name: "lead", OwnerField: "owner", Fields: []*schema.Field{
		{ID: "f.owner", Name: "owner", Label: schema.Label{"zh-CN": "负责人"}, Type: "person"},
		{ID: "f.status", Name: "status", Label: schema.Label{"zh-CN": "状态"}, Type: "choice", Choices: []schema.Choice{{ID: "s.new", Name: "新"}, {ID: "s.won", Name: "赢单"}}},
		{ID: "f.source", Name: "source", Label: schema.Label{"zh-CN": "来源"}, Type: "text"},
		{ID: "f.due", Name: "next_due", Label: schema.Label{"zh-CN": "下次时间"}, Type: "datetime"},
		{ID: "f.day", Name: "renewal", Label: schema.Label{"zh-CN": "续约日"}, Type: "date"},
		{ID: "f.stars", Name: "stars", Label: schema.Label{"zh-CN": "星级"}, Type: "text"},
		{ID: "f.tags", Name: "tags", Label: schema.Label{"zh-CN": "标签"}, Type: "tags"},
	}}).Seal()
}

const officeHours = `{"zone":"Asia/Shanghai","holidays":"cn","week":{
  "mon":[["09:00","12:00"],["13:30","18:00"]],"tue":[["09:00","12:00"],["13:30","18:00"]],"wed":[["09:00","12:00"],["13:30","18:00"]],
  "thu":[["09:00","12:00"],["13:30","18:00"]],"fri":[["09:00","12:00"],["13:30","18:00"]]}}`

func office(t testing.TB) *worktime.Calendar {
	t.Helper()
	var def worktime.Definition
	if err := json.Unmarshal([]byte(officeHours), &def); err != nil {
		t.Fatal(err)
	}
	cal, err := worktime.New(def)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func compile(t testing.TB, document string, zone *time.Location) *clock.Clock {
	t.Helper()
	var def clock.Definition
	if err := json.Unmarshal([]byte(document), &def); err != nil {
		t.Fatal(err)
	}
	c, err := clock.Compile(def, 3, expr.Env{Object: lead(), Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// world is one record under one clock; see testdata/README.
type world struct {
	t      *testing.T
	clock  *clock.Clock
	cal    *worktime.Calendar
	state  clock.State
	values map[string]any
	over   string // the state that the events so far left the record in
}

const minute = "2006-01-02 15:04"

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
			w := world{t: t, cal: office(t), values: map[string]any{}}
			w.play(strings.Split(string(raw), "\n"))
		})
	}
}

func (w *world) play(lines []string) {
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case line == "clock":
			start := i + 1
			for i++; lines[i] != "end"; i++ {
			}
			w.clock = compile(w.t, strings.Join(lines[start:i], "\n"), w.cal.Zone())
		case line == "another record":
			w.state, w.values, w.over = clock.State{}, map[string]any{}, ""
		default:
			var want []string
			for i+1 < len(lines) && strings.HasPrefix(lines[i+1], "  ") {
				i++
				want = append(want, strings.TrimSpace(lines[i]))
			}
			if diff := cmp.Diff(want, w.happen(line)); diff != "" {
				w.t.Errorf("line %d: %s (-want +got)\n%s", i+1, line, diff)
			}
		}
	}
}

// happen plays "DATE TIME KIND[,KIND] LABEL=VALUE…" and tells the step.
func (w *world) happen(line string) []string {
	words := strings.Fields(line)
	now, err := time.ParseInLocation(minute, words[0]+" "+words[1], w.cal.Zone())
	if err != nil {
		w.t.Fatal(err)
	}
	event := clock.Event{Kinds: strings.Split(words[2], ","), Now: now.UTC(), Values: w.values}
	w.over = overAfter(event.Kinds, w.over)
	event.Over = w.over
	for _, s := range words[3:] {
		label, value, _ := strings.Cut(s, "=")
		event.Changed = append(event.Changed, w.set(label, strings.ReplaceAll(value, "_", " ")))
	}
	step := clock.Next(w.clock, w.state, event, w.cal)
	if !step.Changed && !cmp.Equal(w.state, step.State) {
		w.t.Errorf("%s: the state changed unsaid", line)
	}
	w.state = w.kept(step.State)
	again := clock.Next(w.clock, w.state, clock.Event{Kinds: []string{clock.Tick}, Now: event.Now, Values: w.values}, w.cal)
	if len(again.Acts) > 0 {
		w.t.Errorf("%s: a second look acts again: %v", line, again.Acts)
	}
	return w.tell(step)
}

// overAfter is the state in which events leave a record that was in another.
func overAfter(kinds []string, over string) string {
	for _, kind := range kinds {
		switch kind {
		case clock.Closed, clock.Deleted:
			over = kind
		case clock.Reopened, clock.Restored:
			over = ""
		}
	}
	return over
}

func (w *world) set(label, text string) string {
	for _, f := range lead().Fields {
		if f.Label["zh-CN"] != label {
			continue
		}
		value, wrong := f.Parse(text, schema.Input{Person: true, Zone: w.cal.Zone()})
		if wrong != nil {
			w.t.Fatalf("%s=%s: %+v", label, text, wrong)
		}
		w.values[f.ID] = value
		return f.ID
	}
	w.t.Fatalf("no field %s", label)
	return ""
}

// kept takes the state through JSON, as a row does.
func (w *world) kept(s clock.State) clock.State {
	raw, err := json.Marshal(s)
	if err != nil {
		w.t.Fatal(err)
	}
	var back clock.State
	if err := json.Unmarshal(raw, &back); err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(s, back); diff != "" {
		w.t.Errorf("the state changes in JSON\n%s", diff)
	}
	return back
}

// tell puts a step in the words of a scenario file.
func (w *world) tell(step clock.Step) []string {
	var lines []string
	local := func(at time.Time) string { return at.In(w.cal.Zone()).Format(minute) }
	for _, a := range step.Acts {
		line := a.Kind
		if a.Stage != "" {
			line += " " + a.Stage
		}
		if a.Late {
			line += " late"
		}
		line += " by " + a.By
		if a.Kind == clock.Start || a.Kind == clock.Restart || a.Kind == clock.Move {
			line += ", due " + local(a.Due)
		}
		if len(a.Tell) > 0 {
			var names []string
			for _, r := range a.Tell {
				names = append(names, strings.TrimSuffix(r.Kind+":"+r.Name, ":"))
			}
			line += ", tell " + strings.Join(names, ",")
		}
		for _, id := range slices.Sorted(maps.Keys(a.Set)) {
			line += fmt.Sprintf(", set %s %v", id, a.Set[id])
		}
		for _, id := range slices.Sorted(maps.Keys(a.Add)) {
			line += fmt.Sprintf(", add %s %v", id, a.Add[id])
		}
		if a.Reroute {
			line += ", reroute"
		}
		lines = append(lines, line)
	}
	for _, code := range step.Failed {
		lines = append(lines, "failed "+code)
	}
	if !step.Wake.IsZero() {
		lines = append(lines, "wake "+local(step.Wake))
	}
	if step.State.Breached && step.State.Phase == clock.Running {
		lines = append(lines, "overdue")
	}
	return lines
}
