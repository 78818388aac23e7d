package reaction

import (
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/thread"
	"clew.dev/clew/internal/worktime"
)

// RoutingTable is a compiled routing-table document.
type RoutingTable struct {
	Name       string
	Version    int64
	Object     string // id
	Definition route.Definition
	Table      *route.Table
	Parts      map[string]Part // the rows by id
}

// CompileRoutingTable is the catalog's compiler for documents of kind
// routing-table; the pools are documents of their own.
func CompileRoutingTable(s *catalog.Snapshot, d config.Document) (any, error) {
	body, err := unfold[route.Definition](d)
	if err != nil {
		return nil, err
	}
	object, err := objectOf(s, body.Object)
	if err != nil {
		return nil, err
	}
	for _, pool := range s.Documents("pool") {
		p, err := unfold[route.Pool](pool)
		if err != nil {
			return nil, err
		}
		p.Name = pool.Name
		body.Pools = append(body.Pools, p)
	}
	table, err := route.Compile(body, d.Version, s.Env(object))
	if err != nil {
		return nil, err
	}
	parts := map[string]Part{}
	for _, r := range body.Rows {
		parts[r.ID] = Part{r.Label, reads(r.When, s.Env(object))}
	}
	return &RoutingTable{Name: d.Name, Version: d.Version, Object: object.ID, Definition: body, Table: table, Parts: parts}, nil
}

// Route gives a new record without an owner its owner: by the object's table, or
// where it has none, who made the record.
func Route() record.Reaction {
	return record.Reaction{Name: "route", Run: func(w *record.Work) error {
		if w.Object.OwnerField == "" {
			return nil
		}
		if !w.Open() {
			if w.Created() && w.Owner() == "" {
				w.Set(w.Object.OwnerField, textOrBlank(userOf(w.Change.Actor))) // a payment noted once it has come is seen by who noted it
			}
			return nil
		}
		if !w.Created() {
			if err := routeAsAsked(w); err != nil {
				return err
			}
			resettle(w)
			return nil
		}
		routed := hasTable(w)
		if !routed && w.Owner() == "" {
			w.Set(w.Object.OwnerField, textOrBlank(userOf(w.Change.Actor))) // what no table gives away stays with who made it
		}
		settle(w)
		if w.Owner() == "" {
			return routeAgain(w)
		}
		if routed {
			w.Say("routed", map[string]any{"owner": w.Owner(), "reason": "given"})
		}
		return nil
	}}
}

// routeAgain sends a record through its object's table, whoever has it now.
func routeAgain(w *record.Work) error {
	for _, table := range catalog.All[*RoutingTable](w.Snapshot, "routing-table") {
		if table.Object == w.Object.ID {
			return decide(w, table)
		}
	}
	return nil
}

func hasTable(w *record.Work) bool {
	for _, table := range catalog.All[*RoutingTable](w.Snapshot, "routing-table") {
		if table.Object == w.Object.ID {
			return true
		}
	}
	return false
}

// settle moves the status along with the owner: waiting for one, then waiting for the first touch.
func settle(w *record.Work) {
	rule := w.Object.FollowUp
	if rule == nil || rule.Status == "" {
		return
	}
	if w.Get(rule.Status) == nil && rule.Initial != "" {
		w.Set(rule.Status, rule.Initial)
	}
	if w.Owner() != "" && rule.Assigned != "" && w.Text(rule.Status) == rule.Initial {
		w.Set(rule.Status, rule.Assigned)
	}
}

// resettle lets the status follow an owner who came or went, and says so.
func resettle(w *record.Work) {
	rule := w.Object.FollowUp
	if rule == nil || rule.Status == "" || w.Act == record.FollowUp || w.Changed(rule.Status) || w.Owner() == w.OwnerBefore() {
		return
	}
	before := w.Get(rule.Status)
	if w.Owner() == "" && rule.Initial != "" && w.Text(rule.Status) == rule.Assigned {
		w.Set(rule.Status, rule.Initial)
	}
	settle(w)
	if f, ok := w.Object.Field(rule.Status); ok && w.Changed(rule.Status) {
		w.SayAs(program, "changed", map[string]any{
			"before": map[string]any{f.ID: before}, "after": map[string]any{f.ID: w.Get(rule.Status)},
		})
	}
}

func decide(w *record.Work, table *RoutingTable) error {
	in, err := routeInput(w, table)
	if err != nil {
		return err
	}
	decision := route.Decide(table.Table, in)
	if decision.Reason == route.NotApplicable {
		return nil
	}
	if err := take(w, table, in, decision); err != nil {
		return err
	}
	settle(w)
	return nil
}

// take carries out a decision: the owner, what rows add, the entry and who hears of it.
func take(w *record.Work, table *RoutingTable, in route.Input, decision route.Decision) error {
	if err := keepPointer(w, decision); err != nil {
		return err
	}
	recorded, err := table.Table.Record(in)
	if err != nil {
		return err
	}
	for _, add := range decision.Adds {
		if f, ok := w.Object.FieldByID(add.Field); ok {
			w.AddTo(f.Name, add.Values)
		}
	}
	if decision.Owner != "" {
		w.Set(w.Object.OwnerField, decision.Owner)
	}
	if w.Change.Routing != nil {
		sayRoutedAsAsked(w, table, decision, recorded)
	} else {
		w.SayAs(program, "routed", routedParams(w, table, decision, recorded))
	}
	tellRouted(w, decision)
	return nil
}

// routedParams keep the decision and what it rests on compactly: enough to
// explain it, and to decide it again.
func routedParams(w *record.Work, table *RoutingTable, d route.Decision, recorded route.Recorded) map[string]any {
	if d.Owner != "" && !d.Fallback {
		recorded.Fallback = nil // nobody looked at it
	}
	params := map[string]any{
		"table": table.Name, "version": d.Version, "owner": d.Owner, "reason": string(d.Reason),
		"values": recorded.Values, "recorded": inputsOf(recorded),
	}
	put := func(name string, value any, blank bool) {
		if !blank {
			params[name] = value
		}
	}
	put("row", d.Row, d.Row == "")
	put("pool", d.Pool, d.Pool == "")
	put("fallback", true, !d.Fallback)
	put("skipped", d.Skipped, len(d.Skipped) == 0)
	put("adds", d.Adds, len(d.Adds) == 0)
	put("group", d.Group, d.Group == "")
	put("why", refusals(d.Candidates), len(refusals(d.Candidates)) == 0)
	put("after_hours", true, !d.AfterHours)
	if d.Pool != "" {
		if p, ok := table.Table.Pool(d.Pool); ok {
			params["strategy"] = string(p.Strategy)
		}
	}
	return params
}

// inputsOf is what a decision rests on beside the record's values. The time is
// the entry's own.
func inputsOf(r route.Recorded) map[string]any {
	inputs := map[string]any{"pools": r.Pools, "groups": r.Groups, "people": r.People, "fallback": r.Fallback, "me": r.Me, "known": r.Known}
	for name, empty := range map[string]bool{
		"pools": len(r.Pools) == 0, "groups": len(r.Groups) == 0, "people": len(r.People) == 0,
		"fallback": len(r.Fallback) == 0, "me": r.Me == "", "known": r.Known == nil,
	} {
		if empty {
			delete(inputs, name)
		}
	}
	return inputs
}

// refusals are the candidates that could not take it, and why.
func refusals(candidates []route.Candidate) map[string]string {
	why := map[string]string{}
	for _, c := range candidates {
		if !c.Eligible {
			why[c.User] = string(c.Why)
		}
	}
	return why
}

// tellRouted tells the new owner and the pool's group, and whom the rows name.
func tellRouted(w *record.Work, d route.Decision) {
	if d.Owner != "" {
		kind := "assigned"
		if d.Fallback {
			kind = "fallback"
		}
		Tell(w, Telling{Kind: kind, Recipients: []string{d.Owner}, Robots: d.Robots, Params: map[string]any{"owner": d.Owner}})
	}
	for _, t := range d.Tells {
		Tell(w, Telling{Kind: "needs_completion", Key: t.Row, Recipients: withRoles(w.Directory, t.Roles), Robots: t.Robots})
	}
}

func withRoles(directory *account.Directory, roles []string) []string {
	var ids []string
	for _, role := range roles {
		for _, u := range directory.WithRole(role) {
			ids = appendOnce(ids, u.ID)
		}
	}
	return ids
}

// routeInput loads what the table may look at for this record, and no more.
func routeInput(w *record.Work, table *RoutingTable) (route.Input, error) {
	values := make(map[string]any, len(w.After.Values)+2)
	for id, v := range w.After.Values {
		values[id] = v
	}
	values["created_at"], values["updated_at"] = w.After.CreatedAt, w.After.UpdatedAt
	in := route.Input{Values: values, Now: w.Tx.Now(), Me: userOf(w.Change.Actor)}
	crew := &crew{w: w, calendar: companyCalendar(w.Snapshot)}
	needs := table.Table.Needs(in)
	in.Pools, in.Groups, in.People = map[string]route.PoolState{}, map[string][]route.Member{}, map[string]route.Member{}
	for _, name := range needs.Pools {
		state, err := crew.pool(name)
		if err != nil {
			return in, err
		}
		in.Pools[name] = state
	}
	for _, key := range needs.Groups {
		in.Groups[key] = crew.members(crew.group(key))
	}
	for _, name := range needs.People {
		if m := crew.members(crew.person(name)); len(m) == 1 {
			in.People[name] = m[0]
		}
	}
	if table.Table.Sticky() {
		owner, err := w.PartyOwner()
		if err != nil {
			return in, err
		}
		if known := crew.members(crew.person(owner)); len(known) == 1 {
			in.Known = &known[0]
		}
	}
	in.Fallback = crew.members(crew.fallback(table.Table.Fallback()))
	return in, crew.load(&in)
}

func userOf(a thread.Actor) string {
	if a.Kind == thread.User {
		return a.ID
	}
	return ""
}

func companyCalendar(s *catalog.Snapshot) *worktime.Calendar {
	all := catalog.All[*worktime.Calendar](s, "calendar")
	if len(all) == 0 {
		return nil
	}
	return all[0]
}
