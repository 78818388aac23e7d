package search

// The parts of Finder that properties are checked on.
var (
	Holds   = holds
	MatchOf = matchOf
)
