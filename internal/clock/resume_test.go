package clock

import (
	"testing"
	"time"
)

// TestResume: what a conversion stopped goes on when it is taken back, as it
// was; what ended otherwise does not.
func TestResume(t *testing.T) {
	due := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	c := &Clock{version: 1, zone: time.UTC, cancelled: trigger{on: []string{Converted, Closed}}}
	running := State{Phase: Running, Version: 1, Run: 3, Started: due.Add(-time.Hour), Due: due, Fired: []string{"warning"}}
	at := func(kind string, now time.Time) Event { return Event{Kinds: []string{Changed, kind}, Now: now} }
	for _, one := range []struct {
		ended string
		want  Phase
	}{{Converted, Running}, {Closed, Cancelled}} {
		stopped := Next(c, running, at(one.ended, due.Add(-30*time.Minute)), nil)
		if stopped.State.Phase != Cancelled || stopped.State.EndedBy != one.ended {
			t.Fatalf("%s: %+v", one.ended, stopped.State)
		}
		back := Next(c, stopped.State, at(Unconverted, due.Add(-10*time.Minute)), nil)
		if back.State.Phase != one.want || back.Changed != (one.want == Running) {
			t.Errorf("%s: %+v", one.ended, back.State)
		}
		if one.want == Running && (!back.State.Due.Equal(due) || back.State.Run != 3 || len(back.State.Fired) != 1 || !back.Wake.IsZero() && back.Wake.Before(due)) {
			t.Errorf("not as it was: %+v", back.State)
		}
		if again := Next(c, back.State, at(Unconverted, due.Add(-9*time.Minute)), nil); again.Changed {
			t.Errorf("%s: resumed twice: %+v", one.ended, again.State)
		}
	}
}
