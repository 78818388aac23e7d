package reaction

import (
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/score"
	"clew.dev/clew/internal/understand"
)

// Simulation asks the deciders about a record without acting on what they say.
// Work needs Tx, Snapshot, Directory, Object, Change and After; Tx is to be rolled
// back, since looking at a pool takes the lock of its pointer.
type Simulation struct{ Work *record.Work }

// Score computes a scorecard.
func (s Simulation) Score(card *Scorecard) score.Result {
	return score.Compute(card.Card, input(s.Work))
}

// Read reads the record's texts with a lexicon.
func (s Simulation) Read(lexicon *Lexicon) understand.Result {
	return lexicon.Lexicon.Read(s.Work.After.Values)
}

// Route decides the owner as if the record were new.
func (s Simulation) Route(table *RoutingTable) (route.Decision, error) {
	in, err := routeInput(s.Work, table)
	if err != nil {
		return route.Decision{}, err
	}
	return route.Decide(table.Table, in), nil
}

// simulatedTicks bounds how far a simulated clock is followed.
const simulatedTicks = 50

// Run gives the steps of a clock on a new record that nobody touches: the
// first by the record's creation, each further one when a stage is due.
func (s Simulation) Run(c *Clock) []clock.Step {
	event := eventOf(s.Work)
	calendar := companyCalendar(s.Work.Snapshot)
	step := clock.Next(c.Clock, clock.State{}, event, calendar)
	steps := []clock.Step{step}
	for !step.Wake.IsZero() && len(steps) < simulatedTicks {
		event = clock.Event{Kinds: []string{clock.Tick}, Values: event.Values, Now: step.Wake}
		step = clock.Next(c.Clock, step.State, event, calendar)
		steps = append(steps, step)
	}
	return steps
}

// Simulated finds the compiled document of a kind that can be simulated; the
// object's id comes with it. It is nil for any other.
func Simulated(s *catalog.Snapshot, kind, name string) (compiled any, object string) {
	switch kind {
	case "scorecard":
		if c, ok := catalog.Compiled[*Scorecard](s, kind, name); ok {
			return c, c.Object
		}
	case "routing-table":
		if t, ok := catalog.Compiled[*RoutingTable](s, kind, name); ok {
			return t, t.Object
		}
	case "lexicon":
		if l, ok := catalog.Compiled[*Lexicon](s, kind, name); ok {
			return l, l.Object
		}
	case "clock":
		if c, ok := catalog.Compiled[*Clock](s, kind, name); ok {
			return c, c.Object
		}
	}
	return nil, ""
}
