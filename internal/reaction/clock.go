package reaction

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// Clock is a compiled clock document.
type Clock struct {
	Name       string
	Object     string // id
	Definition clock.Definition
	Clock      *clock.Clock
	Parts      map[string]Part // the stages by id
}

// CompileClock is the catalog's compiler for documents of kind clock.
func CompileClock(s *catalog.Snapshot, d config.Document) (any, error) {
	body, err := unfold[clock.Definition](d)
	if err != nil {
		return nil, err
	}
	object, err := objectOf(s, body.Object)
	if err != nil {
		return nil, err
	}
	compiled, err := clock.Compile(body, d.Version, s.Env(object))
	if err != nil {
		return nil, err
	}
	parts := map[string]Part{}
	for _, stage := range append(append([]clock.Stage{}, body.Warnings...), body.Breach...) {
		parts[stage.ID] = Part{Label: stage.Label}
	}
	return &Clock{Name: d.Name, Object: object.ID, Definition: body, Clock: compiled, Parts: parts}, nil
}

// Clocks runs the clocks of records. A run keeps the version of the document
// that it began with: Version finds an older one.
type Clocks struct {
	Version func(tx *sqldb.Tx, kind, name string, version int64) (config.Document, error)

	older sync.Map // "name/version" → *Clock
}

// run is one clock on one record.
type run struct {
	clock *Clock
	state clock.State
}

// Reaction lets every change, and every tick, drive the record's clocks.
func (c *Clocks) Reaction() record.Reaction {
	return record.Reaction{Name: "clocks", Run: func(w *record.Work) error {
		tellTouched(w)
		runs, err := c.runs(w)
		if err != nil || len(runs) == 0 {
			return err
		}
		reroute := false
		for _, event := range eventsOf(w) {
			again, err := drive(w, runs, event)
			if err != nil {
				return err
			}
			reroute = reroute || again
		}
		if reroute {
			err = rerouted(w, runs)
		}
		markOverdue(w, runs)
		return err
	}}
}

// drive lets every clock see the event and tells whether one asks for a new routing.
func drive(w *record.Work, runs []run, event clock.Event) (reroute bool, err error) {
	calendar := companyCalendar(w.Snapshot)
	var changed [][]any
	for i := range runs {
		r := &runs[i]
		step := clock.Next(r.clock.Clock, r.state, event, calendar)
		reroute = act(w, r.clock, step) || reroute
		if step.Changed || w.Act == record.Tick {
			row, err := r.row(w, step)
			if err != nil {
				return false, err
			}
			changed = append(changed, row)
		}
		r.state = step.State
	}
	return reroute, keepRuns(w.Tx, changed)
}

// rerouted sends the record through its table and lets the clocks see a new owner.
func rerouted(w *record.Work, runs []run) error {
	before := w.Owner()
	if err := routeAgain(w); err != nil || w.Owner() == before {
		return err
	}
	event := eventOf(w)
	event.Kinds = []string{clock.Assigned}
	_, err := drive(w, runs, event)
	return err
}

// runs are the object's clocks with their states on this record.
func (c *Clocks) runs(w *record.Work) ([]run, error) {
	states := map[string]clock.State{}
	if !w.Created() {
		var err error
		if states, err = statesOf(w.Tx, w.After.ID); err != nil {
			return nil, err
		}
	}
	var runs []run
	for _, compiled := range catalog.All[*Clock](w.Snapshot, "clock") {
		if compiled.Object != w.Object.ID {
			continue
		}
		state := states[compiled.Name]
		if state.Phase == clock.Running && state.Version != compiled.Clock.Version() {
			old, err := c.version(w, compiled.Name, state.Version)
			if err != nil {
				return nil, err
			}
			compiled = old
		}
		runs = append(runs, run{compiled, state})
		delete(states, compiled.Name)
	}
	return c.withRemoved(w, runs, states)
}

// withRemoved adds the runs of clocks whose document is gone: they end as they began.
func (c *Clocks) withRemoved(w *record.Work, runs []run, states map[string]clock.State) ([]run, error) {
	for name, state := range states {
		if state.Phase != clock.Running {
			continue
		}
		old, err := c.version(w, name, state.Version)
		if err != nil {
			return nil, err
		}
		runs = append(runs, run{old, state})
	}
	return runs, nil
}

func (c *Clocks) version(w *record.Work, name string, version int64) (*Clock, error) {
	key := fmt.Sprintf("%s/%d", name, version)
	if kept, ok := c.older.Load(key); ok {
		return kept.(*Clock), nil
	}
	document, err := c.Version(w.Tx, "clock", name, version)
	if err != nil {
		return nil, fmt.Errorf("clock %s: %w", key, err)
	}
	compiled, err := CompileClock(w.Snapshot, document)
	if err != nil {
		return nil, fmt.Errorf("clock %s: %w", key, err)
	}
	c.older.Store(key, compiled)
	return compiled.(*Clock), nil
}

func statesOf(tx *sqldb.Tx, id string) (map[string]clock.State, error) {
	rows, err := tx.Query("SELECT clock,state FROM clock_run WHERE record=$1", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	states := map[string]clock.State{}
	for rows.Next() {
		var name, raw string
		if err := rows.Scan(&name, &raw); err != nil {
			return nil, err
		}
		var state clock.State
		if err := json.Unmarshal([]byte(raw), &state); err != nil {
			return nil, fmt.Errorf("clock %s of %s: %w", name, id, err)
		}
		states[name] = state
	}
	return states, rows.Err()
}

// row is the state as its table keeps it.
func (r *run) row(w *record.Work, step clock.Step) ([]any, error) {
	raw, err := json.Marshal(step.State)
	if err != nil {
		return nil, err
	}
	var wake, due any
	if step.State.Phase == clock.Running {
		due = sqldb.Micros(step.State.Due)
		if !step.Wake.IsZero() {
			wake = sqldb.Micros(step.Wake)
		}
	}
	return []any{w.After.ID, r.clock.Name, w.Object.Name, string(step.State.Phase), string(raw), due, wake}, nil
}

// keepRuns writes the states that changed, in one statement.
func keepRuns(tx *sqldb.Tx, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var sql strings.Builder
	sql.WriteString("INSERT INTO clock_run(record,clock,object,phase,state,due_at,wake_at) VALUES ")
	var args []any
	for i, row := range rows {
		if i > 0 {
			sql.WriteByte(',')
		}
		n := len(args)
		fmt.Fprintf(&sql, "($%d,$%d,$%d,$%d,$%d,$%d,$%d)", n+1, n+2, n+3, n+4, n+5, n+6, n+7)
		args = append(args, row...)
	}
	sql.WriteString(` ON CONFLICT (record,clock) DO UPDATE SET phase=excluded.phase, state=excluded.state,
		due_at=excluded.due_at, wake_at=excluded.wake_at, retry_at=0, tries=0, problem=''`)
	return tx.Later(sql.String(), args...)
}

// eventsOf are what the change means to a clock, in order: whoever takes a
// record by claiming it or by following it up has it first, and then claims it.
func eventsOf(w *record.Work) []clock.Event {
	event := eventOf(w)
	taken := slices.Index(event.Kinds, clock.Assigned)
	if taken < 0 || w.Created() || w.Act != record.Claim && w.Act != record.FollowUp {
		return []clock.Event{event}
	}
	first := event
	first.Kinds, first.Changed = []string{clock.Assigned}, nil
	event.Kinds = slices.Delete(event.Kinds, taken, taken+1)
	return []clock.Event{first, event}
}

// eventOf is what the change means to a clock.
func eventOf(w *record.Work) clock.Event {
	values := make(map[string]any, len(w.After.Values)+2)
	for id, v := range w.After.Values {
		values[id] = v
	}
	values["created_at"], values["updated_at"] = w.After.CreatedAt, w.Tx.Now()
	return clock.Event{Kinds: kindsOf(w), Changed: w.ChangedIDs(), Values: values, Now: w.Tx.Now(), Me: userOf(w.Change.Actor), Over: overOf(w)}
}

// overOf is the state in which the change leaves a record that is not worked with any more.
func overOf(w *record.Work) string {
	switch {
	case w.After.DeletedAt != nil:
		return clock.Deleted
	case !w.Open():
		return clock.Closed
	}
	return ""
}

func kindsOf(w *record.Work) []string {
	if w.Act == record.Tick {
		return []string{clock.Tick}
	}
	var kinds []string
	add := func(kind string, holds bool) {
		if holds {
			kinds = append(kinds, kind)
		}
	}
	add(clock.Created, w.Created())
	add(clock.Changed, !w.Created() && w.ChangedAny())
	add(clock.Assigned, w.Owner() != "" && w.Owner() != w.OwnerBefore())
	add(clock.Unassigned, w.Owner() == "" && w.OwnerBefore() != "")
	add(clock.Claimed, w.Act == record.Claim)
	add(clock.FollowUp, w.Act == record.FollowUp)
	add(clock.Touched, w.Act == record.Touch)
	add(clock.Closed, w.WasOpen() && !w.Open() && w.After.DeletedAt == nil)
	add(clock.Reopened, !w.Created() && !w.WasOpen() && w.Open() && w.Before.DeletedAt == nil)
	add(clock.Deleted, w.Act == record.Delete)
	add(clock.Restored, w.Act == record.Restore)
	add(clock.Converted, w.Change.Note != nil && w.Change.Note.Kind == record.Converted)
	add(clock.Unconverted, w.Change.Note != nil && w.Change.Note.Kind == record.Unconverted)
	return kinds
}

// markOverdue keeps since when the record has a broken clock, for lists and figures.
func markOverdue(w *record.Work, runs []run) {
	if w.Object.Health == nil || w.Object.Health.OverdueSince == "" {
		return
	}
	var since time.Time
	for _, r := range runs {
		if r.state.Phase == clock.Running && r.state.Breached && (since.IsZero() || r.state.Due.Before(since)) {
			since = r.state.Due
		}
	}
	if since.IsZero() {
		w.Set(w.Object.Health.OverdueSince, nil)
	} else {
		w.Set(w.Object.Health.OverdueSince, since)
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Run is one clock on one record, for reading.
type Run struct {
	Clock string
	State clock.State
}

// RunsOf reads the clocks of a record, the one that is due first at the top.
func RunsOf(tx *sqldb.Tx, id string) ([]Run, error) {
	states, err := statesOf(tx, id)
	if err != nil {
		return nil, err
	}
	runs := make([]Run, 0, len(states))
	for name, state := range states {
		runs = append(runs, Run{name, state})
	}
	slices.SortFunc(runs, func(a, b Run) int {
		return cmp.Or(a.State.Due.Compare(b.State.Due), cmp.Compare(a.Clock, b.Clock))
	})
	return runs, nil
}
