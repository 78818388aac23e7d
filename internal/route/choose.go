package route

import (
	"cmp"
	"maps"
	"slices"
)

// choice is what a pool's strategy makes of its members.
type choice struct {
	owner      string
	strategy   Strategy
	candidates []Candidate
	afterHours bool
	pointer    Pointer
}

// choose picks one eligible member; the owner is "" when there is none.
func choose(pool Pool, state PoolState) choice {
	members := slices.Clone(state.Members)
	slices.SortFunc(members, byPosition)
	for i := range members {
		if members[i].Capacity == 0 {
			members[i].Capacity = pool.Capacity
		}
	}
	whys, afterHours := eligibility(pool, members)
	c := choice{strategy: pool.Strategy, pointer: state.Pointer}
	var eligible []Member
	for i, m := range members {
		c.candidates = append(c.candidates, Candidate{m.User, m.Load, m.Capacity, m.LastSeq, whys[i] == "", whys[i]})
		if whys[i] == "" {
			eligible = append(eligible, m)
		}
	}
	if len(eligible) == 0 {
		return c
	}
	c.afterHours = afterHours
	switch pool.Strategy {
	case LeastLoad:
		c.owner = slices.MinFunc(eligible, byLoad).User
	case Weighted:
		c.owner, c.pointer.Credits = smooth(eligible, state.Pointer.Credits)
	default:
		c.owner = slices.MinFunc(eligible, byTurn).User
	}
	c.pointer.Seq++
	return c
}

// eligibility says for each member why not, "" for yes, and whether nobody was
// within hours, so that hours did not count.
func eligibility(pool Pool, members []Member) (whys []Why, afterHours bool) {
	top := best(pool, members)
	whys = make([]Why, len(members))
	inHours := false
	for i, m := range members {
		switch {
		case !m.Active:
			whys[i] = Inactive
		case m.Away:
			whys[i] = Away
		case !top[m.User]:
			whys[i] = BelowTop
		case m.Capacity > 0 && m.Load >= m.Capacity:
			whys[i] = Full
		case m.InHours:
			inHours = true
		}
	}
	if pool.Hours == HoursIgnored || pool.Hours == HoursPreferred && !inHours {
		return whys, pool.Hours == HoursPreferred
	}
	for i, m := range members {
		if whys[i] == "" && !m.InHours {
			whys[i] = OutsideHours
		}
	}
	return whys, false
}

// best are the users that a pool's strategy lets in: the first N active ones
// by rate for top_n, everyone else otherwise.
func best(pool Pool, members []Member) map[string]bool {
	active := slices.DeleteFunc(slices.Clone(members), func(m Member) bool { return !m.Active })
	if pool.Strategy == TopN {
		slices.SortStableFunc(active, func(a, b Member) int { return cmp.Compare(b.Rate, a.Rate) })
		active = active[:min(pool.Top, len(active))]
	}
	in := make(map[string]bool, len(active))
	for _, m := range active {
		in[m.User] = true
	}
	return in
}

func byPosition(a, b Member) int {
	return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.User, b.User))
}

// byTurn puts first who has waited longest.
func byTurn(a, b Member) int {
	return cmp.Or(cmp.Compare(a.LastSeq, b.LastSeq), byPosition(a, b))
}

// byLoad puts first who has least to do, then who was given least lately.
func byLoad(a, b Member) int {
	return cmp.Or(cmp.Compare(a.Load, b.Load), cmp.Compare(a.Assigned, b.Assigned), byPosition(a, b))
}

// smooth is the smooth weighted round robin: everyone eligible is owed a
// weight more, the one owed most is picked and pays for all.
func smooth(eligible []Member, credits map[string]int) (string, map[string]int) {
	credits = maps.Clone(credits)
	if credits == nil {
		credits = make(map[string]int, len(eligible))
	}
	total := 0
	picked := eligible[0].User
	for _, m := range eligible {
		weight := max(1, m.Weight)
		total += weight
		credits[m.User] += weight
		if credits[m.User] > credits[picked] {
			picked = m.User
		}
	}
	credits[picked] -= total
	return picked, credits
}
