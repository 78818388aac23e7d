package search

// The parts of Finder that properties are checked on.
var (
	Holds   = holds
	MatchOf = matchOf
	Answers = answers
)

// Form is how a question is put.
type Form = form

// The forms of a question.
const (
	Complete = complete
	Begun    = begun
	Earlier  = earlier
)
