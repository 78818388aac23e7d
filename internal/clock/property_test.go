package clock_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/clock"
)

const ladder = `{"object":"lead","start":{"on":["created","reopened"]},"satisfied":{"on":["claimed"]},"cancelled":{"on":["closed"]},"restart":{"on":["assigned"]},
  "target":{"minutes":30,"calendar":%q},
  "warnings":[{"id":"w1","before":{"minutes":20}},{"id":"w2","before":{"minutes":5}}],
  "breach":[{"id":"b0"},{"id":"b1","after":{"minutes":45}},{"id":"b2","after":{"hours":3}}]}`

// TestEachStageOncePerRun plays random events and ticks, some days late.
func TestEachStageOncePerRun(t *testing.T) {
	cal := office(t)
	clocks := []*clock.Clock{compile(t, fmt.Sprintf(ladder, "working"), cal.Zone()), compile(t, fmt.Sprintf(ladder, "calendar"), cal.Zone())}
	kinds := []string{clock.Tick, clock.Tick, clock.Tick, clock.Created, clock.Claimed, clock.Closed, clock.Assigned, clock.Reopened}
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(clocks).Draw(t, "clock")
		now := time.Unix(rapid.Int64Range(1_770_000_000, 1_772_000_000).Draw(t, "begin"), 0).UTC()
		var state clock.State
		var wake time.Time
		fired := map[string]int{}
		turn := func(kind string) {
			step := clock.Next(c, state, clock.Event{Kinds: []string{kind}, Now: now}, cal)
			for _, act := range step.Acts {
				if act.Stage == "" {
					continue
				}
				key := fmt.Sprint(step.State.Run, act.Stage)
				if fired[key]++; fired[key] > 1 {
					t.Fatalf("stage %s of run %d fired twice", act.Stage, step.State.Run)
				}
				if kind == clock.Tick && now.Before(wake) {
					t.Fatalf("%s fired before the wake at %s", act.Stage, wake)
				}
			}
			if !step.Wake.IsZero() && !step.Wake.After(now) {
				t.Fatalf("wake %s is not after %s", step.Wake, now)
			}
			if (step.State.Phase != clock.Running) != (step.Wake.IsZero()) && len(step.State.Fired) < 5 {
				t.Fatalf("phase %q with wake %s", step.State.Phase, step.Wake)
			}
			state, wake = step.State, step.Wake
		}
		for range rapid.IntRange(1, 25).Draw(t, "turns") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 7, 25, 60, 600, 9000}).Draw(t, "minutes")) * time.Minute)
			turn(rapid.SampledFrom(kinds).Draw(t, "kind"))
		}
		running := state.Phase == clock.Running
		now = now.Add(30 * 24 * time.Hour)
		turn(clock.Tick)
		for _, stage := range []string{"b0", "b1", "b2"} {
			if running && fired[fmt.Sprint(state.Run, stage)] != 1 {
				t.Fatalf("an overdue clock did not fire %s", stage)
			}
		}
	})
}

// TestLateIsTheSameAsInTime compares a clock that is looked at whenever it asks
// with one that is looked at only once: the same breaches, in the same order.
func TestLateIsTheSameAsInTime(t *testing.T) {
	cal := office(t)
	c := compile(t, fmt.Sprintf(ladder, "working"), cal.Zone())
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Unix(rapid.Int64Range(1_770_000_000, 1_772_000_000).Draw(t, "begin"), 0).UTC()
		started := clock.Next(c, clock.State{}, clock.Event{Kinds: []string{clock.Created}, Now: begin}, cal)
		var inTime []string
		step := started
		for !step.Wake.IsZero() {
			step = clock.Next(c, step.State, clock.Event{Kinds: []string{clock.Tick}, Now: step.Wake}, cal)
			inTime = append(inTime, breaches(step)...)
		}
		late := clock.Next(c, started.State, clock.Event{Kinds: []string{clock.Tick}, Now: begin.AddDate(0, 1, 0)}, cal)
		if diff := cmp.Diff(inTime, breaches(late)); diff != "" {
			t.Fatalf("(-in time +late)\n%s", diff)
		}
	})
}

func breaches(step clock.Step) []string {
	var list []string
	for _, act := range step.Acts {
		if act.Kind == clock.Breach {
			list = append(list, act.Stage)
		}
	}
	return list
}

// TestNobodyIsForgotten plays random lives of a lead against the rule that a
// claim window is for: it runs exactly while somebody has an open lead that he
// has not claimed yet, whatever the lead went through meanwhile.
func TestNobodyIsForgotten(t *testing.T) {
	c := compile(t, `{"object":"lead","start":{"on":["assigned"]},"satisfied":{"on":["claimed","follow_up"]},
		"cancelled":{"on":["unassigned","closed","deleted"]},"restart":{"on":["assigned"]},"target":{"minutes":30}}`, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var state clock.State
		var owned, claimed, closed, deleted bool
		now := time.Unix(1_770_000_000, 0).UTC()
		for i := range rapid.IntRange(1, 30).Draw(t, "events") {
			var kinds []string
			switch {
			case deleted:
				kinds = []string{clock.Restored}
			case closed:
				kinds = []string{clock.Assigned, clock.Unassigned, clock.FollowUp, clock.Reopened, clock.Deleted, clock.Changed}
			default:
				kinds = []string{clock.Assigned, clock.Unassigned, clock.Claimed, clock.FollowUp, clock.Closed, clock.Deleted, clock.Tick}
			}
			kind := rapid.SampledFrom(kinds).Draw(t, "kind")
			switch kind {
			case clock.Assigned:
				owned, claimed = true, false
			case clock.Unassigned:
				owned = false
			case clock.Claimed, clock.FollowUp:
				claimed = true
			case clock.Closed, clock.Reopened:
				closed = kind == clock.Closed
			case clock.Deleted, clock.Restored:
				deleted = kind == clock.Deleted
			}
			event := clock.Event{Kinds: []string{kind}, Now: now.Add(time.Duration(i) * time.Second)}
			if deleted {
				event.Over = clock.Deleted
			} else if closed {
				event.Over = clock.Closed
			}
			state = clock.Next(c, state, event, nil).State
			if want := owned && !claimed && !closed && !deleted; (state.Phase == clock.Running) != want {
				t.Fatalf("after %s: %q, owned %v claimed %v closed %v deleted %v", kind, state.Phase, owned, claimed, closed, deleted)
			}
		}
	})
}
