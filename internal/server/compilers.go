package server

import (
	"encoding/json"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/conversion"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/merge"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/worktime"
)

// compilers are the engines' compilers by kind of document.
func compilers() map[string]catalog.Compiler {
	return map[string]catalog.Compiler{
		"lexicon":       reaction.CompileLexicon,
		"scorecard":     reaction.CompileScorecard,
		"routing-table": reaction.CompileRoutingTable,
		"clock":         reaction.CompileClock,
		"conversion":    conversion.Compile,
		"cycle":         metric.CompileCycle,
		"channel":       intake.Compile,
		"role":          compileRole,
		"calendar":      compileCalendar,
	}
}

func compileRole(s *catalog.Snapshot, d config.Document) (any, error) {
	return access.Compile(d.Name, d.Body, s.Objects, func(o *schema.Object) expr.Env { return s.Env(o) })
}

func compileCalendar(_ *catalog.Snapshot, d config.Document) (any, error) {
	var body worktime.Definition
	if err := json.Unmarshal(d.Body, &body); err != nil {
		return nil, fault.Wrap(fault.Invalid, "bad_document", err)
	}
	return worktime.New(body)
}

// reactions are what every change passes, in this order (decisions.md, "One write path").
func (a *App) reactions() []record.Reaction {
	clocks := &reaction.Clocks{Version: a.Catalog.DocumentAt}
	followers := &reaction.Followers{Notify: a.Notify, Readable: a.readable}
	return []record.Reaction{
		reaction.Understand(), reaction.Score(), reaction.Route(), clocks.Reaction(),
		metric.Stages(), followers.Reaction(), reaction.Messages(a.Notify), merge.Released(), merge.Regained(), metric.Reaction(), metric.FollowUps(),
		metric.Milestones(func() *record.Store { return a.Records }), reaction.Load(),
	}
}
