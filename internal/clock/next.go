package clock

import (
	"slices"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/worktime"
)

// Next decides what an event or the time passing does to a clock. The calendar
// may be nil where Working is false. Next is idempotent in time: a stage fires
// once per run, however late and however often it is asked.
//
// A running clock is first cancelled, satisfied or restarted by the event, in
// that order; a clock that is not running (also one just satisfied) may then
// start, unless the record is in a state that ends it: it then starts when the
// record is reopened or restored, as does one that closing or deleting
// cancelled; last, stages whose time has come fire. A warning that came too late,
// because the due time passed or a nearer warning is due as well, is left out.
func Next(c *Clock, state State, event Event, cal *worktime.Calendar) Step {
	t := turn{clock: c, event: event, cal: cal, step: Step{State: state}}
	t.step.State.Fired = slices.Clone(state.Fired)
	cancelled := false
	t.resume()
	if t.step.State.Phase == Running {
		cancelled = t.progress()
	} else {
		t.waive()
	}
	t.begin(cancelled)
	if t.step.State.Phase == Running {
		t.fire()
	}
	t.step.Changed = !same(state, t.step.State)
	return t.step
}

// same says whether two states are alike; a run's stages only grow in number.
func same(a, b State) bool {
	return a.Phase == b.Phase && a.Run == b.Run && a.Due.Equal(b.Due) && a.Held == b.Held && a.Owed == b.Owed && a.EndedBy == b.EndedBy && len(a.Fired) == len(b.Fired)
}

// turn is one call of Next.
type turn struct {
	clock *Clock
	event Event
	cal   *worktime.Calendar
	step  Step
}

// resume lets a run go on that a conversion stopped, once that is taken back:
// with the due time and the stages that it had.
func (t *turn) resume() {
	s := &t.step.State
	if s.Phase == Cancelled && s.EndedBy == Converted && slices.Contains(t.event.Kinds, Unconverted) {
		s.Phase, s.Ended, s.EndedBy = Running, time.Time{}, ""
		t.act(Act{Kind: Start, By: Unconverted})
	}
}

// progress applies an event to a running clock and says whether it cancelled it.
func (t *turn) progress() bool {
	if by := t.holds(t.clock.cancelled); by != "" {
		t.end(Cancelled, Act{Kind: Cancel, By: by})
		return true
	}
	if by := t.holds(t.clock.satisfied); by != "" {
		late := t.step.State.Breached || t.event.Now.After(t.step.State.Due) // what was told as broken was not met in time
		t.step.State.Breached = late
		t.end(Satisfied, Act{Kind: Satisfy, By: by, Late: late})
		return false
	}
	if len(t.clock.restart.on)+len(t.clock.restart.changed) > 0 {
		if by := t.holds(t.clock.restart); by != "" {
			return t.run(Restart, by)
		}
	}
	return t.follow()
}

// follow moves the due time with its field.
func (t *turn) follow() bool {
	if t.clock.field == "" {
		return false
	}
	due, ok := t.due()
	switch {
	case !ok:
		t.end(Cancelled, Act{Kind: Cancel, By: "no_due"})
		return true
	case due.Equal(t.step.State.Due):
		return false
	}
	s := &t.step.State
	s.Due, s.Fired, s.Breached, s.Moved = due, nil, false, t.event.Now
	t.act(Act{Kind: Move, By: Changed})
	return false
}

// begin starts a clock that is not running, if its trigger says so.
func (t *turn) begin(cancelled bool) {
	start := t.clock.start
	by := t.holds(start)
	if len(start.on)+len(start.changed) == 0 {
		held := t.step.State.Held
		t.step.State.Held = by != ""
		if held {
			by = ""
		}
	}
	if by == "" {
		by = t.returned()
	}
	if by == "" || cancelled || t.step.State.Phase == Running || t.over(t.clock.cancelled) || t.over(t.clock.satisfied) {
		return
	}
	if t.barred() {
		t.step.State.Owed = t.step.State.Owed || !t.startsBy(comingBack()[t.event.Over])
		return
	}
	t.run(Start, by)
}

// comingBack is the event that ends a state in which a record is over.
func comingBack() map[string]string { return map[string]string{Closed: Reopened, Deleted: Restored} }

// returned is the event that brings a record back whose clock should have run
// meanwhile; "" where there is none, or where the trigger itself decides on it.
func (t *turn) returned() string {
	if !t.step.State.owes() {
		return ""
	}
	for _, kind := range []string{Restored, Reopened} {
		if slices.Contains(t.event.Kinds, kind) && !t.startsBy(kind) && t.admits(t.clock.start) {
			return kind
		}
	}
	return ""
}

func (t *turn) startsBy(kind string) bool { return slices.Contains(t.clock.start.on, kind) }

// waive forgets what is owed once something else ended the need for it: nobody
// has to claim a closed record that somebody followed up, or that has no owner.
func (t *turn) waive() {
	s := &t.step.State
	if !s.owes() {
		return
	}
	by := t.holds(t.clock.satisfied)
	if by == "" {
		by = t.holds(t.clock.cancelled)
	}
	if by != "" && by != Closed && by != Deleted {
		s.Owed, s.EndedBy = false, by
	}
}

// barred says whether the record is in a state whose coming ends the clock:
// what closing ends does not begin on a closed record.
func (t *turn) barred() bool {
	if t.event.Over == "" {
		return false
	}
	into := *t
	into.event.Kinds = []string{t.event.Over}
	return into.holds(t.clock.cancelled) == t.event.Over || into.holds(t.clock.satisfied) == t.event.Over
}

// over says whether a level condition (one without events) already holds.
func (t *turn) over(tr trigger) bool {
	return len(tr.on)+len(tr.changed) == 0 && t.holds(tr) != ""
}

// run begins a run and says whether it ended the clock instead, for want of a
// due time.
func (t *turn) run(kind, by string) bool {
	due, ok := t.due()
	if !ok {
		if t.step.State.Phase == Running {
			t.end(Cancelled, Act{Kind: Cancel, By: "no_due"})
			return true
		}
		return false
	}
	old := t.step.State
	t.step.State = State{Phase: Running, Version: t.clock.version, Run: old.Run + 1, Started: t.event.Now, Due: due, Held: old.Held}
	t.act(Act{Kind: kind, By: by})
	return false
}

func (t *turn) end(phase Phase, act Act) {
	t.step.State.Phase, t.step.State.Ended, t.step.State.EndedBy = phase, t.event.Now, ""
	if phase == Cancelled {
		t.step.State.EndedBy = act.By
	}
	t.act(act)
}

func (t *turn) act(act Act) {
	act.Due = t.step.State.Due
	t.step.Acts = append(t.step.Acts, act)
}

// holds gives what made a trigger hold: an event's kind or "condition"; "" when
// it does not hold.
func (t *turn) holds(tr trigger) string {
	by := tr.hit(t.event)
	if by == "" || !t.admits(tr) {
		return ""
	}
	return by
}

// admits says whether a trigger's condition is true.
func (t *turn) admits(tr trigger) bool {
	if tr.when == nil {
		return true
	}
	truth, err := tr.when.Truth(expr.Input{
		Field: func(id string) any { return t.event.Values[id] },
		Now:   t.event.Now, Zone: t.clock.zone, Me: t.event.Me,
	})
	if err != nil {
		t.step.Failed = append(t.step.Failed, codeOf(err))
		return false
	}
	return truth
}

func (tr trigger) set() bool { return tr.when != nil || len(tr.on)+len(tr.changed) > 0 }

// hit says which of a trigger's events happened; "condition" for a trigger
// that waits for none.
func (tr trigger) hit(event Event) string {
	if !tr.set() {
		return ""
	}
	if len(tr.on)+len(tr.changed) == 0 {
		return "condition"
	}
	for _, kind := range tr.on {
		if slices.Contains(event.Kinds, kind) {
			return kind
		}
	}
	for _, id := range tr.changed {
		if slices.Contains(event.Changed, id) {
			return Changed
		}
	}
	return ""
}

// fire lets every stage happen whose time has come, and sets the next wake.
func (t *turn) fire() {
	s := &t.step.State
	now := t.event.Now
	warning := t.warning()
	for _, stage := range t.inOrder() {
		if slices.Contains(s.Fired, stage.id) {
			continue
		}
		if stage.at.After(now) {
			if t.step.Wake.IsZero() {
				t.step.Wake = stage.at
			}
			continue
		}
		s.Fired = append(s.Fired, stage.id)
		if !stage.breach && stage.id != warning {
			continue
		}
		s.Breached = s.Breached || stage.breach
		act := stage.act
		act.By = "time"
		t.act(act)
	}
}

// warning is the one warning that still has a point now: the nearest to the due
// time, if that has not passed and the run did not begin after it.
func (t *turn) warning() string {
	id := ""
	since := t.step.State.Started
	if moved := t.step.State.Moved; moved.After(since) {
		since = moved
	}
	for _, stage := range t.inOrder() {
		if !stage.breach && !stage.at.After(t.event.Now) && stage.at.After(since) && t.event.Now.Before(t.step.State.Due) {
			id = stage.id
		}
	}
	return id
}

// timed is a stage with its moment in this run.
type timed struct {
	stage
	at time.Time
}

func (t *turn) inOrder() []timed {
	list := make([]timed, 0, len(t.clock.stages))
	for _, s := range t.clock.stages {
		sign := -1
		if s.breach {
			sign = 1
		}
		list = append(list, timed{s, t.move(t.step.State.Due, s.offset, sign)})
	}
	slices.SortStableFunc(list, func(a, b timed) int { return a.at.Compare(b.at) })
	return list
}
