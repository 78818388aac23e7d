package clock_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/worktime"
)

func zoned(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// started is the state of a clock that began at a moment with these values.
func started(c *clock.Clock, at time.Time, values map[string]any) clock.Step {
	return clock.Next(c, clock.State{}, clock.Event{Kinds: []string{clock.Created}, Now: at, Values: values}, nil)
}

// TestDueWhereClocksAreChanged: days are days of the calendar, hours are hours that
// pass, and a date is due at the end of its day, in every zone.
func TestDueWhereClocksAreChanged(t *testing.T) {
	for _, c := range []struct{ zone, target, day, from, due string }{
		{"Asia/Shanghai", `"days":3`, "", "2026-03-06T09:00:00+08:00", "2026-03-09T09:00:00+08:00"},
		{"Asia/Shanghai", `"hours":72`, "", "2026-03-06T09:00:00+08:00", "2026-03-09T09:00:00+08:00"},
		{"America/New_York", `"days":1`, "", "2026-03-07T09:00:00-05:00", "2026-03-08T09:00:00-04:00"},
		{"America/New_York", `"hours":24`, "", "2026-03-07T09:00:00-05:00", "2026-03-08T10:00:00-04:00"},
		{"America/New_York", `"minutes":90`, "", "2026-03-08T01:30:00-05:00", "2026-03-08T04:00:00-04:00"},
		{"America/New_York", `"days":1`, "", "2026-10-31T09:00:00-04:00", "2026-11-01T09:00:00-05:00"},
		{"America/Sao_Paulo", `"days":1`, "", "2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00"},
		{"Asia/Shanghai", `"field":"renewal"`, "2026-03-31", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00+08:00"},
		{"UTC", `"field":"renewal"`, "2024-02-29", "2024-01-01T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"America/Sao_Paulo", `"field":"renewal"`, "2018-11-03", "2018-11-01T00:00:00Z", "2018-11-04T01:00:00-02:00"},
		{"America/New_York", `"field":"renewal"`, "2026-03-08", "2026-03-01T00:00:00Z", "2026-03-09T00:00:00-04:00"},
		{"UTC", `"field":"renewal"`, "9999-12-31", "2026-03-01T00:00:00Z", ""},
	} {
		k := compile(t, `{"object":"lead","start":{"on":["created"]},"target":{`+c.target+`},"breach":[{"id":"b"}]}`, zoned(t, c.zone))
		step := started(k, instant(t, c.from), map[string]any{"f.day": schema.Date(c.day)})
		if c.due == "" {
			if step.State.Phase != clock.Running || step.State.Due.Before(instant(t, "9999-12-31T00:00:00Z")) {
				t.Errorf("the last day: %+v", step.State)
			}
			continue
		}
		if got := step.State.Due; !got.Equal(instant(t, c.due)) || got.Location() != time.UTC {
			t.Errorf("%s %s from %s is due at %s, want %s", c.zone, c.target, c.from, got.In(zoned(t, c.zone)), c.due)
		}
		if !step.Wake.Equal(step.State.Due) {
			t.Errorf("%s %s wakes at %s", c.zone, c.target, step.Wake)
		}
	}
}

// TestAFieldThatGivesNoTime: no run begins without a due time, one that loses its
// due time ends, and one that gets it back needs its start again.
func TestAFieldThatGivesNoTime(t *testing.T) {
	c := compile(t, `{"object":"lead","start":{"on":["created","changed:next_due"]},"target":{"field":"next_due"},"breach":[{"id":"b"}]}`, time.UTC)
	at := instant(t, "2026-03-06T09:00:00Z")
	var state clock.State
	play := func(minute int, due any, changed bool) clock.Step {
		event := clock.Event{Kinds: []string{clock.Changed}, Now: at.Add(time.Duration(minute) * time.Minute), Values: map[string]any{"f.due": due}}
		if changed {
			event.Changed = []string{"f.due"}
		}
		step := clock.Next(c, state, event, nil)
		state = step.State
		return step
	}
	if step := play(0, nil, true); step.State.Phase != clock.Idle || len(step.Acts) > 0 {
		t.Errorf("began without a time: %+v", step)
	}
	if step := play(1, "not a time", true); step.State.Phase != clock.Idle {
		t.Errorf("began by a text: %+v", step)
	}
	if step := play(2, at.Add(time.Hour), true); step.State.Phase != clock.Running || !step.Wake.Equal(at.Add(time.Hour)) {
		t.Errorf("did not begin: %+v", step)
	}
	if step := play(3, at.Add(time.Hour), false); step.Changed || len(step.Acts) > 0 {
		t.Errorf("another field's change does something: %+v", step)
	}
	if step := play(4, at.Add(2*time.Hour), true); !step.Changed || step.Acts[0].Kind != clock.Move || step.State.Run != 1 {
		t.Errorf("did not move: %+v", step)
	}
	if step := play(5, nil, true); step.State.Phase != clock.Cancelled || step.State.EndedBy != "no_due" || !step.Wake.IsZero() {
		t.Errorf("goes on without a time: %+v", step)
	}
	if step := play(6, at.Add(3*time.Hour), true); step.State.Phase != clock.Running || step.State.Run != 2 {
		t.Errorf("did not begin again: %+v", step)
	}
}

// TestAPromiseMovedIntoThePast breaks at once, and back into the future it may break again.
func TestAPromiseMovedIntoThePast(t *testing.T) {
	c := compile(t, `{"object":"lead","start":{"on":["changed:next_due"]},"satisfied":{"on":["follow_up"]},"target":{"field":"next_due"},
		"warnings":[{"id":"soon","before":{"minutes":30}}],"breach":[{"id":"late"}]}`, time.UTC)
	at := instant(t, "2026-03-06T09:00:00Z")
	var state clock.State
	var log []string
	for i, due := range []time.Duration{2 * time.Hour, -time.Hour, 3 * time.Hour, 10 * time.Minute} {
		now := at.Add(time.Duration(i) * time.Minute)
		step := clock.Next(c, state, clock.Event{Kinds: []string{clock.Changed}, Changed: []string{"f.due"}, Now: now, Values: map[string]any{"f.due": at.Add(due)}}, nil)
		state = step.State
		for _, act := range step.Acts {
			log = append(log, fmt.Sprint(i, " ", act.Kind, act.Stage))
		}
	}
	want := []string{"0 started", "1 moved", "1 breachedlate", "2 moved", "3 moved"}
	if diff := cmp.Diff(want, log); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	step := clock.Next(c, state, clock.Event{Kinds: []string{clock.Tick}, Now: at.Add(time.Hour), Values: map[string]any{"f.due": at.Add(10 * time.Minute)}}, nil)
	if len(step.Acts) != 1 || step.Acts[0].Stage != "late" {
		t.Errorf("the promise that came nearer did not break: %+v", step.Acts)
	}
}

// TestWokenOnlyWhenItAsks: looked at every minute or only when it asks to be, a
// clock does the same things at the same moments, whatever happens in between.
func TestWokenOnlyWhenItAsks(t *testing.T) {
	cal := office(t)
	for _, calendar := range []string{"working", "calendar"} {
		c := compile(t, fmt.Sprintf(ladder, calendar), cal.Zone())
		rapid.Check(t, func(t *rapid.T) {
			begin := time.Unix(rapid.Int64Range(1_772_000_000, 1_772_600_000).Draw(t, "begin"), 0).UTC().Truncate(time.Minute)
			events := map[int]string{0: clock.Created}
			for range rapid.IntRange(0, 4).Draw(t, "events") {
				events[rapid.IntRange(1, 400).Draw(t, "minute")] = rapid.SampledFrom([]string{clock.Claimed, clock.Assigned, clock.Closed, clock.Reopened, clock.Touched}).Draw(t, "kind")
			}
			dense, sparse := play(c, cal, begin, events, true), play(c, cal, begin, events, false)
			if diff := cmp.Diff(dense, sparse); diff != "" {
				t.Fatalf("%s: (-every minute +when it asks)\n%s", calendar, diff)
			}
		})
	}
}

// play gives what a clock does in 400 minutes, with the minute.
func play(c *clock.Clock, cal *worktime.Calendar, begin time.Time, events map[int]string, every bool) (log []string) {
	var state clock.State
	var wake time.Time
	for n := range 401 {
		now := begin.Add(time.Duration(n) * time.Minute)
		kind, happens := events[n]
		if !happens {
			kind = clock.Tick
		}
		due := !wake.IsZero() && !wake.After(now)
		if !happens && !due && !every {
			continue
		}
		step := clock.Next(c, state, clock.Event{Kinds: []string{kind}, Now: now}, cal)
		state, wake = step.State, step.Wake
		for _, act := range step.Acts {
			log = append(log, fmt.Sprintf("%d %s %s %s late=%v due=%s", n, act.Kind, act.Stage, act.By, act.Late, act.Due.Format(time.RFC3339)))
		}
	}
	return append(log, fmt.Sprintf("%s run %d breached %v", state.Phase, state.Run, state.Breached))
}

// TestNothingIsAskedTwice: the same event given twice, as after a crash between a
// commit and its answer, changes nothing the second time but what a restart means.
func TestNothingIsAskedTwice(t *testing.T) {
	c := compile(t, `{"object":"lead","start":{"on":["assigned"]},"satisfied":{"on":["claimed"]},"cancelled":{"on":["closed"]},
		"target":{"minutes":30},"warnings":[{"id":"w","before":{"minutes":10}}],"breach":[{"id":"b"},{"id":"c","after":{"hours":1}}]}`, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var state clock.State
		now := time.Unix(1_772_000_000, 0).UTC()
		for range rapid.IntRange(1, 20).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "minutes")) * time.Minute)
			event := clock.Event{Kinds: []string{rapid.SampledFrom([]string{clock.Assigned, clock.Claimed, clock.Closed, clock.Tick, clock.Touched}).Draw(t, "kind")}, Now: now}
			once := clock.Next(c, state, event, nil)
			ended := once.State.Phase != clock.Running && once.State.Phase != clock.Idle
			again := clock.Next(c, once.State, event, nil)
			if again.Changed && !(ended && event.Kinds[0] == clock.Assigned) || len(again.Acts) > 0 && !ended {
				t.Fatalf("%v a second time: %+v", event.Kinds, again)
			}
			if !again.Wake.Equal(once.Wake) {
				t.Fatalf("%v wakes at %s, the second time at %s", event.Kinds, once.Wake, again.Wake)
			}
			state = once.State
		}
	})
}

// TestTheGivenStateIsLeftAlone: a step that is not kept, because its transaction
// failed, must not have changed the state that is tried again.
func TestTheGivenStateIsLeftAlone(t *testing.T) {
	c := compile(t, `{"object":"lead","start":{"on":["assigned"]},"target":{"minutes":30},"breach":[{"id":"b"},{"id":"c","after":{"hours":1}},{"id":"d","after":{"hours":2}}]}`, time.UTC)
	now := time.Unix(1_772_000_000, 0).UTC()
	state := clock.Next(c, clock.State{}, clock.Event{Kinds: []string{clock.Assigned}, Now: now}, nil).State
	state = clock.Next(c, state, clock.Event{Kinds: []string{clock.Tick}, Now: now.Add(31 * time.Minute)}, nil).State
	state.Fired = append(make([]string, 0, 8), state.Fired...) // room in which a careless append would write
	kept := fmt.Sprint(state, state.Fired[:cap(state.Fired)])
	first := clock.Next(c, state, clock.Event{Kinds: []string{clock.Tick}, Now: now.Add(5 * time.Hour)}, nil)
	second := clock.Next(c, state, clock.Event{Kinds: []string{clock.Tick}, Now: now.Add(5 * time.Hour)}, nil)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("(-first try +second)\n%s", diff)
	}
	if got := fmt.Sprint(state, state.Fired[:cap(state.Fired)]); got != kept {
		t.Errorf("was %s, is %s", kept, got)
	}
}
