package record

import "encoding/json"

// Candidate is a person whom a recorded routing looked at.
type Candidate struct {
	User     string
	Load     int
	Capacity int
	Why      string // why not, "" when eligible
}

// Candidates are the people of the deciding row, from a routed entry's
// parameters: the members as recorded, and why some could not take it.
func Candidates(params map[string]any) []Candidate {
	recorded, _ := params["recorded"].(map[string]any)
	why, _ := params["why"].(map[string]any)
	var found []Candidate
	for _, m := range membersOf(params, recorded) {
		user := asString(m["user"])
		found = append(found, Candidate{
			User: user, Load: intOf(m["load"]), Capacity: intOf(m["capacity"]), Why: asString(why[user]),
		})
	}
	return found
}

func membersOf(params, recorded map[string]any) []map[string]any {
	if params["fallback"] == true {
		return listOf(recorded["fallback"])
	}
	if pool, ok := inside(recorded["pools"], asString(params["pool"])).(map[string]any); ok {
		return listOf(pool["members"])
	}
	return listOf(inside(recorded["groups"], asString(params["group"])))
}

func inside(m any, key string) any {
	fields, _ := m.(map[string]any)
	return fields[key]
}

func intOf(v any) int {
	n, ok := v.(json.Number)
	if !ok {
		return 0
	}
	i, err := n.Int64()
	if err != nil {
		return 0
	}
	return int(i)
}
