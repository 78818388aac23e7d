package score

import "clew.dev/clew/internal/schema"

// Definition is the body of a configuration document of kind scorecard.
type Definition struct {
	ID    string       `json:"id,omitempty"`
	Label schema.Label `json:"label,omitempty"`
	// Object is the API name of the object that is scored.
	Object string `json:"object"`
	// Into names the fields (API names) that receive the result; "" for none.
	Into Into `json:"into,omitzero"`
	// Base is where the total starts, before the rules.
	Base int `json:"base,omitempty"`
	// Min and Max bound the total; both absent means 0 and 100.
	Min *int `json:"min,omitempty"`
	Max *int `json:"max,omitempty"`
	// Rules add or subtract points; every rule that holds counts.
	Rules []Rule `json:"rules"`
	// Stars are tried in order; the first that holds gives the stars.
	Stars []Star `json:"stars,omitempty"`
	// Bands name ranges of the total; the highest From that is reached holds.
	Bands []Band `json:"bands,omitempty"`
}

// Into says which fields of the object receive the result.
type Into struct {
	Total string `json:"total,omitempty"` // number field
	Stars string `json:"stars,omitempty"` // number field
	Band  string `json:"band,omitempty"`  // text field; receives the band's id
}

// Rule gives points when its condition holds.
type Rule struct {
	ID        string       `json:"id"`
	Label     schema.Label `json:"label,omitempty"`
	Dimension string       `json:"dimension,omitempty"` // behaviour, organisation, timeliness or another word
	When      string       `json:"when"`                // expression, yes/no
	Points    int          `json:"points"`
}

// Star is one line of the star table; all that is given must hold. A line
// with neither AtLeast nor When always holds.
type Star struct {
	Stars   int    `json:"stars"`
	AtLeast *int   `json:"at_least,omitempty"`
	When    string `json:"when,omitempty"`
}

// Band is a named range of the total.
type Band struct {
	ID    string       `json:"id"`
	Label schema.Label `json:"label,omitempty"`
	From  int          `json:"from"`
	Color string       `json:"color,omitempty"`
}
