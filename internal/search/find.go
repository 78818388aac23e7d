package search

import (
	"reflect"
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

	earlier bool // some records are still in the index as an earlier program took them in
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

// hit is a record with its place in the index.
type hit struct {
	row query.Row
	n   int64
}

// Find gives at most limit records from a place on; nil begins.
func (f *Finder) Find(limit int, from *Place) (Hits, error) {
	if err := f.look(); err != nil {
		return Hits{}, err
	}
	asked := f.questions()
	if len(asked) == 0 {
		return Hits{}, nil
	}
	at := Place{Before: farthest}
	if from != nil {
		at = *from
	}
	tiers := f.tiers(asked)
	// Most objects hold none of the words, and many a question few: then the
	// first look is the whole answer, and what it gave need only be put in order.
	for i, words := range asked {
		places, err := f.places(words, farthest, firstWindow)
		if err != nil {
			return Hits{}, err
		}
		if len(places) == firstWindow {
			break
		}
		if i == len(asked)-1 {
			return f.few(tiers, places, at, limit)
		}
	}
	return f.many(tiers, at, limit)
}

// look tells whether the index holds the object's records as they are asked for today.
func (f *Finder) look() error {
	whole, ok := f.Reader.Snapshot.ObjectByID(f.Object.ID)
	if !ok {
		whole = f.Object
	}
	now, err := stateOf(f.Reader.Tx, whole.ID)
	f.earlier = !now.finished || now.fingerprint != fingerprint(whole)
	return err
}

// few puts all that there is in order.
func (f *Finder) few(tiers []query.Match, places []sqldb.Place, at Place, limit int) (Hits, error) {
	found, err := f.rows(places)
	if err != nil {
		return Hits{}, err
	}
	inTier := make([][]hit, len(tiers))
	for _, one := range found {
		tokens := Tokens(f.Object, one.row)
		if i := slices.IndexFunc(tiers, func(m query.Match) bool { return answers(tokens, m) }); i >= 0 {
			inTier[i] = append(inTier[i], one)
		}
	}
	var hits Hits
	for i := at.Tier; i < len(tiers); i++ {
		for _, one := range inTier[i] {
			if i == at.Tier && one.n >= at.Before {
				continue
			}
			if len(hits.Rows) == limit {
				hits.Next = &Place{i, one.n + 1}
				return hits, nil
			}
			hits.Rows = append(hits.Rows, one.row)
		}
	}
	return hits, nil
}

// many walks one tier after the other until there are enough.
func (f *Finder) many(tiers []query.Match, at Place, limit int) (Hits, error) {
	var hits Hits
	for ; at.Tier < len(tiers); at = (Place{at.Tier + 1, farthest}) {
		next, err := f.tier(tiers, at, limit, &hits)
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

// tier adds the records of one tier until there are enough, and tells where it
// stopped; nil when the tier is through.
func (f *Finder) tier(tiers []query.Match, at Place, limit int, hits *Hits) (*Place, error) {
	window := min(firstWindow, 2*limit+6)
	for range mostWindows {
		places, err := f.places(tiers[at.Tier], at.Before, window)
		if err != nil {
			return nil, err
		}
		found, err := f.rows(places)
		if err != nil {
			return nil, err
		}
		for _, one := range found {
			if len(hits.Rows) == limit {
				return &Place{at.Tier, one.n + 1}, nil
			}
			if f.isFirst(tiers[:at.Tier], one.row) {
				hits.Rows = append(hits.Rows, one.row)
			}
		}
		if len(places) < window {
			return nil, nil
		}
		at.Before = places[len(places)-1].N
		window = min(window*4, lastWindow)
	}
	if len(hits.Rows) >= limit {
		return &at, nil
	}
	return nil, nil
}

// isFirst tells whether a row belongs to no earlier tier.
func (f *Finder) isFirst(earlier []query.Match, row query.Row) bool {
	if len(earlier) == 0 {
		return true
	}
	tokens := Tokens(f.Object, row)
	return !slices.ContainsFunc(earlier, func(m query.Match) bool { return answers(tokens, m) })
}

// places is a window of the index: where a match is found, the latest first.
func (f *Finder) places(match query.Match, before int64, size int) ([]sqldb.Place, error) {
	return f.Reader.Tx.Places(f.Object.ID, match, before, size)
}

// rows are the records at the places that the reader may see and that really
// hold the terms, in the order of the places.
func (f *Finder) rows(places []sqldb.Place) ([]hit, error) {
	if len(places) == 0 {
		return nil, nil
	}
	ids := make([]any, len(places))
	for i, place := range places {
		ids[i] = place.Record
	}
	rows, err := record.Select(f.Reader.Tx, query.Select{
		Object: f.Object, Fields: readFields(f.Object),
		Where: query.And{query.In{System: "id", Values: ids}, f.Reader.Grants.Scope(f.Object, access.Read)},
	})
	if err != nil {
		return nil, err
	}
	byID := make(map[string]query.Row, len(rows))
	for _, row := range rows {
		byID[row.ID] = row
	}
	var found []hit
	for _, place := range places {
		row, readable := byID[place.Record]
		if readable && holds(f.Terms, Searchable(f.Object), row) {
			found = append(found, hit{row, place.N})
		}
	}
	return found, nil
}

// questions are the ways to put the words to the index: complete words before
// such as are only begun, which take longer to be gathered.
func (f *Finder) questions() []query.Match {
	forms := []form{complete, begun}
	if f.earlier {
		forms = []form{earlier}
	}
	var list []query.Match
	for _, w := range forms {
		words := matchOf(f.Terms, Searchable(f.Object), w)
		if !words.Empty() && (len(list) == 0 || !reflect.DeepEqual(words, list[0])) {
			list = append(list, words)
		}
	}
	return list
}

// tiers are the ways in which a record matters, the most first: complete words
// before begun ones; of either, titles that begin so, the reader's own, his
// people's, the rest.
func (f *Finder) tiers(asked []query.Match) []query.Match {
	people, all, more := f.Reader.Grants.Reach(f.Object, access.Read)
	if len(people) > mostPeople {
		people, more = nil, true
	}
	if f.Object.OwnerField == "" && f.hidesOwner() {
		return asked
	}
	me := f.Reader.Grants.Principal().UserID
	var list []query.Match
	for _, words := range asked {
		if begin, ok := f.begin(words); ok && all {
			list = append(list, begin)
		} else if ok && len(people) > 0 {
			list = append(list, both(begin, ownedBy(people)))
		}
		if all || more || slices.Contains(people, me) {
			list = append(list, both(words, ownedBy([]string{me})))
		}
		if !all && len(people) > 1 {
			list = append(list, both(words, ownedBy(people)))
		}
		if all || more {
			list = append(list, words)
		}
	}
	return list
}

// hidesOwner tells whether the records have owners whom the reader may not know.
func (f *Finder) hidesOwner() bool {
	whole, ok := f.Reader.Snapshot.ObjectByID(f.Object.ID)
	return ok && whole.OwnerField != ""
}

// begin asks for titles that begin with a question of one term.
func (f *Finder) begin(words query.Match) (query.Match, bool) {
	title, ok := f.Object.Field(f.Object.TitleField)
	if !ok || len(f.Terms) != 1 || !slices.Contains(Searchable(f.Object), title) {
		return query.Match{}, false
	}
	typed := joined(f.Terms[0].text)
	if len(typed) == 0 {
		return query.Match{}, false
	}
	start := query.Match{Token: codeOf(title) + beginMark + string(typed[:min(len(typed), beginRunes)]), Prefix: f.earlier && len(typed) < beginRunes}
	if len(typed) <= beginRunes {
		return start, true
	}
	return both(start, words), true
}

func ownedBy(people []string) (m query.Match) {
	for _, id := range people {
		m.Any = append(m.Any, query.Match{Token: ownerToken(id)})
	}
	return m
}

func both(a, b query.Match) query.Match { return query.Match{All: []query.Match{a, b}} }

// Spans are the places of the terms in a field of a found record.
func (f *Finder) Spans(field *schema.Field, row query.Row) []Span {
	var spans []Span
	for _, t := range f.Terms {
		spans = append(spans, t.In(field, textOf(field, row))...)
	}
	slices.SortFunc(spans, func(a, b Span) int { return a.From - b.From })
	return spans
}
