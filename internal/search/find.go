package search

import (
	"slices"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// Limits of one search in one object.
const (
	firstWindow = 64
	lastWindow  = 2048
	mostWindows = 4
	mostPeople  = 8 // each person is a list of places of his own to be walked beside the words
	farthest    = int64(1) << 62
)

// Finder searches one object with one person's rights.
type Finder struct {
	Reader *record.Reader
	Object *schema.Object // as the reader may know it
	Terms  []Term
}

// Place is where a further page goes on.
type Place struct {
	Tier   int   `json:"t"`
	Before int64 `json:"n"`
}

// Hits are what was found, the best first.
type Hits struct {
	Rows []query.Row
	Next *Place // nil at the end
}

// tier is one way in which a record matters; the earlier, the more.
type tier struct {
	match query.Match
	holds func(query.Row) bool
}

// Find gives at most limit records from a place on; nil begins.
func (f *Finder) Find(limit int, from *Place) (Hits, error) {
	tiers := f.tiers()
	at := Place{Before: farthest}
	if from != nil {
		at = *from
	}
	var hits Hits
	few, err := f.few()
	if err != nil || few == 0 {
		return hits, err
	}
	for ; at.Tier < len(tiers); at = (Place{at.Tier + 1, farthest}) {
		next, err := f.tier(tiers, at, limit, few < firstWindow, &hits)
		if err != nil {
			return hits, err
		}
		if next != nil {
			hits.Next = next
			return hits, nil
		}
	}
	return hits, nil
}

// few counts the places that hold the words at all, up to a window: most
// objects hold none, and need no more than this one question.
func (f *Finder) few() (int, error) {
	words := matchOf(f.Terms, Searchable(f.Object))
	if words.Empty() {
		return 0, nil
	}
	seen, _, err := end(f.Reader.Tx, query.Found{Object: f.Object, Match: words, Before: farthest, Window: firstWindow})
	return seen, err
}

// tier adds the records of one tier until there are enough, and tells where it
// stopped; nil when the tier is through. few says that one window holds all there is.
func (f *Finder) tier(tiers []tier, at Place, limit int, few bool, hits *Hits) (*Place, error) {
	window := firstWindow
	for range mostWindows {
		ask := query.Found{
			Object: f.Object, Fields: f.Object.Fields, Where: f.Reader.Grants.Scope(f.Object, access.Read),
			Match: tiers[at.Tier].match, Before: at.Before, Window: window,
		}
		rows, places, err := read(f.Reader.Tx, ask)
		if err != nil {
			return nil, err
		}
		for i, row := range rows {
			if len(hits.Rows) == limit {
				return &Place{at.Tier, places[i] + 1}, nil
			}
			if f.belongs(tiers[:at.Tier], row) {
				hits.Rows = append(hits.Rows, row)
			}
		}
		seen, last, err := f.reached(ask, places, few)
		if err != nil || seen < window {
			return nil, err
		}
		at.Before = last
		window = min(window*4, lastWindow)
	}
	if len(hits.Rows) >= limit {
		return &at, nil
	}
	return nil, nil
}

// reached is how many places a window had, and its last one; the index is asked
// only where the rows do not tell, since the scope left some out.
func (f *Finder) reached(ask query.Found, places []int64, few bool) (seen int, last int64, err error) {
	switch {
	case few:
		return 0, 0, nil
	case len(places) == ask.Window:
		return ask.Window, places[len(places)-1], nil
	}
	return end(f.Reader.Tx, ask)
}

// belongs tells whether a row really holds the terms and was in no earlier tier.
func (f *Finder) belongs(earlier []tier, row query.Row) bool {
	for _, t := range earlier {
		if t.holds(row) {
			return false
		}
	}
	return holds(f.Terms, Searchable(f.Object), row)
}

// tiers are: titles that begin so, the reader's own, his people's, the rest.
func (f *Finder) tiers() []tier {
	words := matchOf(f.Terms, Searchable(f.Object))
	if words.Empty() {
		return nil
	}
	people, all, more := f.Reader.Grants.Reach(f.Object, access.Read)
	if len(people) > mostPeople {
		people, more = nil, true
	}
	me := f.Reader.Grants.Principal().UserID
	if f.Object.OwnerField == "" && f.hidesOwner() {
		return []tier{{words, func(query.Row) bool { return true }}}
	}
	reach := f.ownedBy(people)
	var list []tier
	if begin, ok := f.begin(); ok && (all || len(people) > 0) {
		if !all {
			anywhere := begin.holds
			begin = tier{both(begin.match, reach.match), func(row query.Row) bool { return anywhere(row) && reach.holds(row) }}
		}
		list = append(list, begin)
	}
	own := f.ownedBy([]string{me})
	if all || more || slices.Contains(people, me) {
		list = append(list, tier{both(words, own.match), own.holds})
	}
	if !all && len(people) > 1 {
		list = append(list, tier{both(words, reach.match), reach.holds})
	}
	if all || more {
		list = append(list, tier{words, func(query.Row) bool { return true }})
	}
	return list
}

// hidesOwner tells whether the records have owners whom the reader may not know.
func (f *Finder) hidesOwner() bool {
	whole, ok := f.Reader.Snapshot.ObjectByID(f.Object.ID)
	return ok && whole.OwnerField != ""
}

// begin is the tier of titles that begin with a question of one term.
func (f *Finder) begin() (tier, bool) {
	title, ok := f.Object.Field(f.Object.TitleField)
	if !ok || len(f.Terms) != 1 || !slices.Contains(Searchable(f.Object), title) {
		return tier{}, false
	}
	typed := joined(f.Terms[0].text)
	if len(typed) == 0 {
		return tier{}, false
	}
	match := query.Match{Token: codeOf(title) + beginMark + string(typed[:min(len(typed), beginRunes)]), Prefix: len(typed) < beginRunes}
	if words := f.Terms[0].match(title); len(typed) > beginRunes && !words.Empty() {
		match = both(match, words)
	}
	return tier{match, func(row query.Row) bool {
		return hasPrefix(joined(fold(textOf(title, row))), typed) && f.Terms[0].In(title, textOf(title, row)) != nil
	}}, true
}

func (f *Finder) ownedBy(people []string) tier {
	var m query.Match
	for _, id := range people {
		m.Any = append(m.Any, query.Match{Token: ownerToken(id)})
	}
	return tier{m, func(row query.Row) bool { return slices.Contains(people, ownerOf(f.Object, row)) }}
}

func both(a, b query.Match) query.Match { return query.Match{All: []query.Match{a, b}} }

// read gives the rows of a window with their places.
func read(tx *sqldb.Tx, ask query.Found) ([]query.Row, []int64, error) {
	text, args, err := ask.Render(tx.Dialect())
	if err != nil {
		return nil, nil, err
	}
	rows, err := tx.Query(text, args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var found []query.Row
	var places []int64
	for rows.Next() {
		var n int64
		row, err := query.Scan(placed{rows, &n}, ask.Fields, tx.Dialect())
		if err != nil {
			return nil, nil, err
		}
		found, places = append(found, row), append(places, n)
	}
	return found, places, rows.Err()
}

// placed scans the place behind the record's own columns.
type placed struct {
	rows query.Scanner
	n    *int64
}

// Scan implements query.Scanner.
func (p placed) Scan(dest ...any) error { return p.rows.Scan(append(dest, p.n)...) }

// end is how many places a window had, and the last of them.
func end(tx *sqldb.Tx, ask query.Found) (seen int, last int64, err error) {
	text, args := ask.RenderEnd(tx.Dialect())
	var n int64
	err = tx.QueryRow(text, args...).Scan(&n, &last)
	return int(n), last, err
}

// Spans are the places of the terms in a field of a found record.
func (f *Finder) Spans(field *schema.Field, row query.Row) []Span {
	var spans []Span
	for _, t := range f.Terms {
		spans = append(spans, t.In(field, textOf(field, row))...)
	}
	slices.SortFunc(spans, func(a, b Span) int { return a.From - b.From })
	return spans
}
