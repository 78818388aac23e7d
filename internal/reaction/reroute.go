package reaction

import (
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/route"
)

// routeAsAsked looks for a new owner where somebody asked for one: in a pool,
// or by the object's table. Nobody being able to take it is the asker's to know.
func routeAsAsked(w *record.Work) error {
	wish := w.Change.Routing
	if wish == nil {
		return nil
	}
	table, err := tableFor(w, wish.Pool)
	if err != nil {
		return err
	}
	in, err := routeInput(w, table)
	if err != nil {
		return err
	}
	decision := route.Decide(table.Table, in)
	if decision.Owner == "" || wish.Pool != "" && decision.Fallback {
		return fault.New(fault.Conflict, "nobody_eligible", fault.Field{Path: w.Object.OwnerField, Code: "nobody_eligible"})
	}
	return take(w, table, in, decision)
}

// tableFor is the object's table, or one whose only row is the pool.
func tableFor(w *record.Work, pool string) (*RoutingTable, error) {
	if pool != "" {
		return poolTable(w, pool)
	}
	for _, table := range catalog.All[*RoutingTable](w.Snapshot, "routing-table") {
		if table.Object == w.Object.ID {
			return table, nil
		}
	}
	return nil, fault.New(fault.Conflict, "no_routing_table")
}

func poolTable(w *record.Work, name string) (*RoutingTable, error) {
	document, err := w.Snapshot.Document("pool", name)
	if err != nil {
		return nil, fault.New(fault.Invalid, "unknown_pool", fault.Field{Path: "pool", Code: "unknown_pool"})
	}
	pool, err := unfold[route.Pool](document)
	if err != nil {
		return nil, err
	}
	pool.Name = name
	body := route.Definition{
		Object: w.Object.Name, Pools: []route.Pool{pool},
		Rows:     []route.Row{{ID: name, Then: route.Then{Pool: name}}},
		Fallback: route.Fallback{Role: account.AdministratorRole},
	}
	table, err := route.Compile(body, w.Snapshot.Version, w.Snapshot.Env(w.Object))
	if err != nil {
		return nil, err
	}
	return &RoutingTable{Object: w.Object.ID, Definition: body, Table: table}, nil
}

// sayRoutedAsAsked is the entry of the person who asked.
func sayRoutedAsAsked(w *record.Work, table *RoutingTable, d route.Decision, recorded route.Recorded) {
	params := routedParams(w, table, d, recorded)
	if pool := w.Change.Routing.Pool; pool != "" {
		params["asked_pool"] = pool
	}
	w.Say("routed", params)
}
