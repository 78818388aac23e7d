package reaction

import (
	"fmt"

	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// act carries out a step's acts and tells whether one asks for a new routing.
func act(w *record.Work, c *Clock, step clock.Step) (reroute bool) {
	actor := thread.Actor{Kind: thread.Clock, ID: c.Name}
	for _, a := range step.Acts {
		switch a.Kind {
		case clock.Start, clock.Restart, clock.Move:
			w.SayAs(program, "clock_started", map[string]any{"clock": c.Name, "due_at": stamp(a.Due), "by": a.By})
		case clock.Satisfy:
			w.SayAs(program, "clock_satisfied", map[string]any{"clock": c.Name, "late": a.Late})
		case clock.Cancel:
			w.SayAs(program, "clock_cancelled", map[string]any{"clock": c.Name, "by": a.By})
		case clock.Warn, clock.Breach:
			fire(w, c, actor, step.State, a)
			reroute = reroute || a.Reroute
		}
	}
	return reroute
}

// fire is one stage: what it sets, whom it tells.
func fire(w *record.Work, c *Clock, actor thread.Actor, state clock.State, a clock.Act) {
	for id, value := range a.Set {
		if f, ok := w.Object.FieldByID(id); ok {
			w.SetField(f, value)
		}
	}
	for id, values := range a.Add {
		if f, ok := w.Object.FieldByID(id); ok {
			w.AddTo(f.Name, values)
		}
	}
	recipients, robots := recipientsOf(w, a.Tell)
	w.SayAs(actor, "clock_fired", map[string]any{
		"clock": c.Name, "stage": a.Stage, "due_at": stamp(a.Due), "recipients": recipients, "robots": robots,
	})
	Tell(w, Telling{
		Kind: "clock_fired", Recipients: recipients, Robots: robots, Urgent: a.Kind == clock.Breach, Silent: true,
		Cause:  fmt.Sprintf("clock:%s:%s:%d:%d:%s", w.After.ID, c.Name, state.Run, sqldb.Micros(a.Due), a.Stage),
		Params: map[string]any{"clock": c.Name, "stage": a.Stage, "owner": w.Owner()},
	})
}

func recipientsOf(w *record.Work, tell []clock.Recipient) (people, robots []string) {
	add := func(id string) {
		if id != "" {
			people = appendOnce(people, id)
		}
	}
	for _, r := range tell {
		switch r.Kind {
		case "owner":
			add(w.Owner())
		case "leader":
			if leader, ok := w.Directory.Leader(w.Owner()); ok {
				add(leader.ID)
			}
		case "creator":
			if _, ok := w.Directory.User(w.After.CreatedBy); ok {
				add(w.After.CreatedBy)
			}
		case "role":
			for _, u := range w.Directory.WithRole(r.Name) {
				add(u.ID)
			}
		case "user":
			if u, ok := w.Directory.ByEmail(r.Name); ok {
				add(u.ID)
			}
		case "robot":
			robots = appendOnce(robots, r.Name)
		}
	}
	return people, robots
}
