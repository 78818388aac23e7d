package route

import (
	"maps"
	"slices"
	"time"

	"clew.dev/clew/internal/expr"
)

// Input is all that a decision rests on.
type Input struct {
	// Values are the record's canonical values by field id, system columns included.
	Values map[string]any
	Now    time.Time
	Me     string // the acting user's id, "" for the program
	// Pools, Groups and People hold what Needs asked for, by the names that the
	// document uses; what is absent counts as without members.
	Pools  map[string]PoolState
	Groups map[string][]Member
	People map[string]Member
	// Fallback are the people that the table's fallback stands for.
	Fallback []Member
	// Known is the owner that the party already has; nil when it has none. It
	// counts only in a sticky table.
	Known *Member
}

// PoolState is who is in a pool now.
type PoolState struct {
	Members []Member `json:"members"`
	Pointer Pointer  `json:"pointer,omitzero"`
}

// Pointer is what a pool remembers between decisions.
type Pointer struct {
	Seq     int64          `json:"seq,omitempty"`     // number of the last assignment
	Credits map[string]int `json:"credits,omitempty"` // weighted: what each user is owed
}

// Member is a person who may become the owner.
type Member struct {
	User     string `json:"user"`               // id
	Position int    `json:"position,omitempty"` // place in the pool
	Capacity int    `json:"capacity,omitempty"` // open records at most; 0: the pool's, or no limit
	Load     int    `json:"load,omitempty"`     // open records now
	Weight   int    `json:"weight,omitempty"`   // weighted: share, 0 counts as 1
	Rate     int    `json:"rate,omitempty"`     // top_n: what people are ranked by, higher is better (win rate in 1/10000)
	Assigned int64  `json:"assigned,omitempty"` // assignments lately
	LastSeq  int64  `json:"last_seq,omitempty"` // number of the pool's assignment that this person had last, 0 for none
	Active   bool   `json:"active,omitempty"`
	Away     bool   `json:"away,omitempty"` // on leave
	InHours  bool   `json:"in_hours,omitempty"`
}

// Needs are the names whose people a decision may look at.
type Needs struct {
	Pools, Groups, People []string
}

// Needs finds, from the record alone, whose people Decide may look at, so that
// only those have to be loaded and locked.
func (t *Table) Needs(in Input) Needs {
	var n Needs
	scene := t.scene(in)
	if holds, _ := scene.holds(t.when); !holds {
		return n
	}
	for _, r := range t.rows {
		if why, _ := scene.matches(r); why != "" {
			continue
		}
		scene.grow(r.add)
		n.Pools = once(n.Pools, r.then.Pool)
		n.Groups = once(n.Groups, r.then.Group)
		n.People = once(n.People, r.then.Person)
	}
	return n
}

func once(list []string, name string) []string {
	if name == "" || slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}

// scene evaluates conditions over a record that rows may add to.
type scene struct {
	values map[string]any
	input  expr.Input
	today  string
}

func (t *Table) scene(in Input) *scene {
	s := &scene{values: maps.Clone(in.Values), today: in.Now.In(t.zone).Format(time.DateOnly)}
	s.input = expr.Input{
		Field: func(id string) any { return s.values[id] },
		Now:   in.Now, Zone: t.zone, Me: in.Me,
	}
	return s
}

// matches gives why a row does not apply, "" when it does.
func (s *scene) matches(r row) (Why, string) {
	if r.from != "" && s.today < r.from || r.until != "" && s.today > r.until {
		return OutsideDates, ""
	}
	holds, code := s.holds(r.when)
	switch {
	case code != "":
		return Failed, code
	case !holds:
		return NoMatch, ""
	}
	return "", ""
}

// holds evaluates a condition; the code says why it could not be evaluated.
func (s *scene) holds(when *expr.Program) (holds bool, code string) {
	if when == nil {
		return true, ""
	}
	truth, err := when.Truth(s.input)
	if err != nil {
		return false, codeOf(err)
	}
	return truth, ""
}

// grow adds to the record's lists, for the rows below, and gives what was new.
func (s *scene) grow(additions []Addition) []Addition {
	var grown []Addition
	for _, a := range additions {
		listed, _ := s.values[a.Field].([]string)
		fresh := slices.DeleteFunc(slices.Clone(a.Values), func(v string) bool { return slices.Contains(listed, v) })
		if len(fresh) == 0 {
			continue
		}
		if s.values == nil {
			s.values = map[string]any{}
		}
		s.values[a.Field] = slices.Concat(listed, fresh)
		grown = append(grown, Addition{Row: a.Row, Field: a.Field, Values: fresh})
	}
	return grown
}
