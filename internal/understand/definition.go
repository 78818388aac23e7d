package understand

import "clew.dev/clew/internal/schema"

// Definition is the body of a configuration document of kind lexicon.
type Definition struct {
	ID    string       `json:"id,omitempty"`
	Label schema.Label `json:"label,omitempty"`
	// Object is the API name of the object whose records are read.
	Object string `json:"object"`
	// Source lists the API names of the text fields that are read, in order.
	Source []string `json:"source"`
	// Entries are the words and what each group of them says.
	Entries []Entry `json:"entries"`
}

// Entry is one group of words that say the same.
type Entry struct {
	ID    string       `json:"id,omitempty"`
	Label schema.Label `json:"label,omitempty"`
	// Words are matched as written, after NFKC and lower case; the longest
	// word at the leftmost place wins, over all entries.
	Words []string `json:"words"`
	// Set proposes a value per API field name: a choice by its name, a text,
	// true or false. It never replaces a value that is there.
	Set map[string]any `json:"set,omitempty"`
	// Add proposes further values of tags or choices fields.
	Add map[string][]string `json:"add,omitempty"`
	// Priority decides between entries that set the same field: the highest
	// wins, then the choice that comes first in its field, then the place in
	// the text.
	Priority int `json:"priority,omitempty"`
}
