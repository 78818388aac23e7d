package reaction

import (
	"maps"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/route"
)

// Rerouted says whether two versions of a table lead a record, with the values
// that it has now and at the time it was made, to different people.
func Rerouted(was, is *RoutingTable, row query.Row) bool {
	values := maps.Clone(row.Values)
	if values == nil {
		values = map[string]any{}
	}
	values["created_at"], values["updated_at"] = row.CreatedAt, row.UpdatedAt
	in := route.Input{Values: values, Now: row.CreatedAt}
	_, before, had := was.Table.Target(in)
	_, after, has := is.Table.Target(in)
	return had != has || !before.Same(after)
}
