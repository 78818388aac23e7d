package api

import (
	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/score"
	"clew.dev/clew/internal/understand"
)

// ScoreView is a simulated score.
type ScoreView struct {
	Card          string                  `json:"card"`
	Version       int64                   `json:"version"`
	Total         int                     `json:"total"`
	Sum           int                     `json:"sum"` // before it was bounded
	Stars         int                     `json:"stars"`
	Band          string                  `json:"band,omitempty"`
	Contributions []SimulatedContribution `json:"contributions"`
	Failed        []score.Failure         `json:"failed,omitempty"`
}

// SimulatedContribution is a rule that held.
type SimulatedContribution struct {
	Rule      string `json:"rule"`
	Label     string `json:"label"`
	Dimension string `json:"dimension,omitempty"`
	Points    int    `json:"points"`
}

func (c *Call) scored(card *reaction.Scorecard, result score.Result) ScoreView {
	view := ScoreView{
		Card: card.Name, Version: card.Version, Total: result.Total, Sum: result.Sum, Stars: result.Stars,
		Contributions: []SimulatedContribution{}, Failed: result.Failed,
	}
	if band, ok := card.Card.Band(result.Total); ok {
		view.Band = c.Label(band.Label)
	}
	for _, one := range result.Contributions {
		view.Contributions = append(view.Contributions, SimulatedContribution{
			Rule: one.Rule, Label: c.Label(card.Parts[one.Rule].Label), Dimension: one.Dimension, Points: one.Points,
		})
	}
	return view
}

// RoutedView is a simulated routing.
type RoutedView struct {
	Table      string               `json:"table"`
	Version    int64                `json:"version"`
	Owner      *Reference           `json:"owner"` // null when the table finds none
	Reason     string               `json:"reason"`
	Row        *RowView             `json:"row"` // that placed it, null for the fallback
	Pool       string               `json:"pool,omitempty"`
	Group      string               `json:"group,omitempty"`
	Fallback   bool                 `json:"fallback"`
	AfterHours bool                 `json:"after_hours"`
	Candidates []SimulatedCandidate `json:"candidates"`
	Adds       []AdditionView       `json:"adds"`
	Tells      []route.Telling      `json:"tells"`
	Robots     []string             `json:"robots"`
	Skipped    []SkippedView        `json:"skipped"`
	Passed     []RowView            `json:"passed"`
}

// RowView names a row of a table.
type RowView struct {
	ID        string `json:"id"`
	Label     string `json:"label"`
	Condition string `json:"condition"`
}

// SimulatedCandidate is a person who was looked at.
type SimulatedCandidate struct {
	User     *Reference `json:"user"`
	Load     int        `json:"load"`
	Capacity int        `json:"capacity"` // 0 for no limit
	Eligible bool       `json:"eligible"`
	Reason   string     `json:"reason,omitempty"` // why not
}

// AdditionView is what a row adds.
type AdditionView struct {
	Row    string `json:"row"`
	Field  string `json:"field"`
	Values any    `json:"values"`
}

// SkippedView is a row that placed nothing.
type SkippedView struct {
	Row        RowView              `json:"row"`
	Reason     string               `json:"reason"`
	Code       string               `json:"code,omitempty"`
	Candidates []SimulatedCandidate `json:"candidates,omitempty"`
}

func (c *Call) routed(object *schema.Object, table *reaction.RoutingTable, d route.Decision) RoutedView {
	view := RoutedView{
		Table: table.Name, Version: table.Version, Owner: c.UserReference(d.Owner), Reason: string(d.Reason), Pool: d.Pool,
		Group: d.Group, Fallback: d.Fallback, AfterHours: d.AfterHours, Candidates: c.simulatedCandidates(d.Candidates),
		Adds: []AdditionView{}, Tells: append([]route.Telling{}, d.Tells...), Robots: append([]string{}, d.Robots...),
		Skipped: []SkippedView{}, Passed: []RowView{},
	}
	if d.Row != "" {
		row := c.row(table, d.Row)
		view.Row = &row
	}
	for _, add := range d.Adds {
		if f, ok := c.Grants.Visible(object).FieldByID(add.Field); ok {
			view.Adds = append(view.Adds, AdditionView{Row: add.Row, Field: f.Name, Values: f.Encode(add.Values)})
		}
	}
	for _, skip := range d.Skipped {
		view.Skipped = append(view.Skipped, SkippedView{
			Row: c.row(table, skip.Row), Reason: string(skip.Why), Code: skip.Code, Candidates: c.simulatedCandidates(skip.Candidates),
		})
	}
	for _, id := range d.Passed {
		view.Passed = append(view.Passed, c.row(table, id))
	}
	return view
}

func (c *Call) row(table *reaction.RoutingTable, id string) RowView {
	return RowView{ID: id, Label: c.Label(table.Parts[id].Label), Condition: reaction.Condition(c.Snapshot, table.Name, id)}
}

func (c *Call) simulatedCandidates(all []route.Candidate) []SimulatedCandidate {
	views := make([]SimulatedCandidate, 0, len(all))
	for _, one := range all {
		views = append(views, SimulatedCandidate{
			User: c.UserReference(one.User), Load: one.Load, Capacity: one.Capacity, Eligible: one.Eligible, Reason: string(one.Why),
		})
	}
	return views
}

// UnderstoodView is what a lexicon reads.
type UnderstoodView struct {
	Lexicon   string         `json:"lexicon"`
	Proposals []ProposalView `json:"proposals"`
}

// ProposalView is one field's new value and the words that it rests on.
type ProposalView struct {
	Field string            `json:"field"`
	Value any               `json:"value"`
	Added any               `json:"added,omitempty"` // what is new of a list
	Entry string            `json:"entry,omitempty"`
	Words []understand.Word `json:"words"`
}

// understood leaves out the fields that the caller may not see, and words in them.
func (c *Call) understood(object *schema.Object, lexicon *reaction.Lexicon, result understand.Result) UnderstoodView {
	view := UnderstoodView{Lexicon: lexicon.Name, Proposals: []ProposalView{}}
	visible := c.Grants.Visible(object)
	for _, p := range result.Proposals {
		f, ok := visible.FieldByID(p.Field)
		if !ok {
			continue
		}
		one := ProposalView{Field: f.Name, Value: f.Encode(p.Value), Entry: p.Entry, Words: []understand.Word{}}
		if len(p.Added) > 0 {
			one.Added = f.Encode(p.Added)
		}
		for _, word := range p.Because {
			if source, ok := visible.FieldByID(word.Field); ok {
				word.Field = source.Name
				one.Words = append(one.Words, word)
			}
		}
		view.Proposals = append(view.Proposals, one)
	}
	return view
}

// ClockedView is what a clock does on a record that nobody touches any more.
type ClockedView struct {
	Clock   string    `json:"clock"`
	Version int64     `json:"version"`
	State   string    `json:"state"` // running, or idle when the record does not start it
	Acts    []ActView `json:"acts"`
	Failed  []string  `json:"failed,omitempty"` // conditions that could not be evaluated
}

// ActView is one thing that it does, and when.
type ActView struct {
	Kind  string            `json:"kind"`
	At    string            `json:"at,omitempty"` // "" for at once
	Due   string            `json:"due,omitempty"`
	Stage string            `json:"stage,omitempty"`
	Label string            `json:"label,omitempty"`
	By    string            `json:"by,omitempty"`
	Tell  []clock.Recipient `json:"tell,omitempty"`
}

func (c *Call) clocked(k *reaction.Clock, steps []clock.Step) ClockedView {
	view := ClockedView{Clock: k.Name, Version: k.Clock.Version(), State: "idle", Acts: []ActView{}}
	if steps[0].State.Phase == clock.Running {
		view.State = "running"
	}
	at := ""
	for _, step := range steps {
		for _, act := range step.Acts {
			one := ActView{Kind: act.Kind, At: at, Stage: act.Stage, Label: c.Label(k.Parts[act.Stage].Label), By: act.By, Tell: act.Tell}
			if !act.Due.IsZero() {
				one.Due = stamp(act.Due)
			}
			view.Acts = append(view.Acts, one)
		}
		view.Failed = append(view.Failed, step.Failed...)
		if !step.Wake.IsZero() {
			at = stamp(step.Wake)
		}
	}
	return view
}
