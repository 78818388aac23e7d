package reaction

import (
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/score"
)

// Rerouted says whether two versions of a table lead a record, with the values
// that it has now and at the time it was made, to different people.
func Rerouted(was, is *RoutingTable, row query.Row) bool {
	before, had := leadsTo(was, row)
	after, has := leadsTo(is, row)
	return had != has || !before.Same(after)
}

// LeadsToPool says whether a table leads a record, with the values that it has
// now and at the time it was made, into a pool.
func LeadsToPool(t *RoutingTable, pool string, row query.Row) bool {
	then, ok := leadsTo(t, row)
	return ok && then.Pool == pool
}

func leadsTo(t *RoutingTable, row query.Row) (route.Then, bool) {
	values := make(map[string]any, len(row.Values)+2)
	for id, value := range row.Values {
		values[id] = value
	}
	values["created_at"], values["updated_at"] = row.CreatedAt, row.UpdatedAt
	_, then, ok := t.Table.Target(route.Input{Values: values, Now: row.CreatedAt})
	return then, ok
}

// Rescored says whether two versions of a scorecard judge a record, with the
// values that it has now, differently.
func Rescored(was, is *Scorecard, row query.Row, now time.Time) bool {
	in := expr.Input{Field: row.Field, Now: now}
	before, after := score.Compute(was.Card, in), score.Compute(is.Card, in)
	return before.Total != after.Total || before.Stars != after.Stars || before.Band != after.Band
}
