package understand

import (
	"cmp"
	"slices"

	"clew.dev/clew/internal/schema"
)

// Word is a word of the lexicon as it stands in a text.
type Word struct {
	Field string `json:"field"` // id of the field that was read
	Text  string `json:"text"`  // as written there
	Start int    `json:"start"` // in characters, from 0
	End   int    `json:"end"`   // the character after it
}

// Proposal is one field's new value and what it rests on.
type Proposal struct {
	Field   string   `json:"field"`           // id
	Value   any      `json:"value"`           // canonical; for an addition the whole new list
	Added   []string `json:"added,omitempty"` // what an addition brings
	Entry   string   `json:"entry,omitempty"` // id of the entry that set the value
	Because []Word   `json:"because"`
}

// Result is what a record's texts say.
type Result struct {
	Proposals []Proposal `json:"proposals,omitempty"`
}

// hit is a word found, with what it says.
type hit struct {
	word    Word
	entries []int
}

// Read proposes values for a record from its texts. The values are canonical,
// by field id. Only blank fields are set; lists only grow; proposals stand in
// the order of the object's fields.
func (l *Lexicon) Read(values map[string]any) Result { return l.ReadSaid(values, values) }

// ReadSaid proposes values for a record from texts that are said of it now, by
// field id; what its own texts said was read when they came.
func (l *Lexicon) ReadSaid(values, said map[string]any) Result {
	met := make(map[int][]Word)
	for _, f := range l.source {
		text, _ := said[f.ID].(string)
		for _, h := range l.find(f.ID, text) {
			for _, e := range h.entries {
				met[e] = append(met[e], h.word)
			}
		}
	}
	var result Result
	for _, f := range l.object.Fields {
		listed, isList := values[f.ID].([]string)
		if values[f.ID] == nil {
			if p, ok := l.chosen(f, met); ok {
				result.Proposals = append(result.Proposals, p)
			}
		}
		if values[f.ID] == nil || isList {
			if p, ok := l.grown(f, listed, met); ok {
				result.Proposals = append(result.Proposals, p)
			}
		}
	}
	return result
}

// Values gives the proposed values by field id.
func (r Result) Values() map[string]any {
	values := make(map[string]any, len(r.Proposals))
	for _, p := range r.Proposals {
		values[p.Field] = p.Value
	}
	return values
}

// find gives the words of one text: leftmost, longest, without overlap.
func (l *Lexicon) find(field, source string) []hit {
	if source == "" || len(l.words) == 0 {
		return nil
	}
	text := fold(source)
	type stretch struct{ from, until, word int }
	var all []stretch
	iter := l.finder.IterOverlapping(text.text)
	for m := iter.Next(); m != nil; m = iter.Next() {
		if text.word(m.Start(), m.End()) {
			all = append(all, stretch{m.Start(), m.End(), m.Pattern()})
		}
	}
	slices.SortFunc(all, func(a, b stretch) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.until, a.until))
	})
	characters := []rune(source)
	var hits []hit
	free := 0
	for _, s := range all {
		if s.from < free {
			continue
		}
		free = s.until
		start, end := text.span(s.from, s.until)
		hits = append(hits, hit{Word{field, string(characters[start:end]), start, end}, l.says[s.word]})
	}
	return hits
}

// chosen finds what the entries that were met set a field to. The highest
// priority wins, then the choice that stands first, then the place in the text.
func (l *Lexicon) chosen(f *schema.Field, met map[int][]Word) (Proposal, bool) {
	var best Proposal
	var bestRank [2]int // priority downwards, place of the choice
	for i, e := range l.entries {
		words := met[i]
		at := slices.IndexFunc(e.set, func(s setting) bool { return s.field == f })
		if len(words) == 0 || at < 0 {
			continue
		}
		rank := [2]int{-e.priority, e.set[at].rank}
		order := slices.Compare(rank[:], bestRank[:])
		if best.Because == nil || order < 0 || order == 0 && l.before(words[0], best.Because[0]) {
			best = Proposal{Field: f.ID, Value: e.set[at].value, Entry: e.id, Because: words}
			bestRank = rank
		}
	}
	return best, best.Because != nil
}

// grown finds what the entries that were met add to a list.
func (l *Lexicon) grown(f *schema.Field, listed []string, met map[int][]Word) (Proposal, bool) {
	p := Proposal{Field: f.ID}
	for i, e := range l.entries {
		words := met[i]
		if len(words) == 0 {
			continue
		}
		for _, a := range e.add {
			if a.field == f && p.grow(listed, a.values) {
				p.Because = append(p.Because, words...)
			}
		}
	}
	p.Value = merged(f, listed, p.Added)
	return p, len(p.Added) > 0
}

// grow adds the values that are new and says whether there were any.
func (p *Proposal) grow(listed, values []string) bool {
	before := len(p.Added)
	for _, v := range values {
		if !slices.Contains(listed, v) && !slices.Contains(p.Added, v) {
			p.Added = append(p.Added, v)
		}
	}
	return len(p.Added) > before
}

// merged is a list with its additions: choices in the field's order, tags at
// the end.
func merged(f *schema.Field, listed, added []string) []string {
	all := slices.Concat(listed, added)
	if len(f.Choices) > 0 {
		place := func(id string) int {
			return slices.IndexFunc(f.Choices, func(c schema.Choice) bool { return c.ID == id })
		}
		slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
	}
	return all
}

// before says whether one word stands before another: by field, then place.
func (l *Lexicon) before(a, b Word) bool {
	place := func(w Word) int {
		return slices.IndexFunc(l.source, func(f *schema.Field) bool { return f.ID == w.Field })
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Start, b.Start)) < 0
}
