package query

// Match is a question to the search index: a token, or parts that must all, or
// of which one must, be there. The zero Match matches nothing.
type Match struct {
	Token  string
	Prefix bool // Token is only the beginning
	All    []Match
	Any    []Match
}

// Empty tells that nothing can match.
func (m Match) Empty() bool {
	switch {
	case m.Token != "":
		return false
	case len(m.All) > 0:
		for _, part := range m.All {
			if part.Empty() {
				return true
			}
		}
		return false
	}
	for _, part := range m.Any {
		if !part.Empty() {
			return false
		}
	}
	return true
}
