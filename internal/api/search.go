package api

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/search"
	"clew.dev/clew/internal/sqldb"
	"golang.org/x/sync/errgroup"
)

func (s *Server) searchRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: Prefix + "/search", Tag: "search", Summary: "Find records by a few characters.",
		Policy: SignedIn("only the caller's records, by fields that he may read"), Out: SearchView{}, Handle: s.search,
		Query: []Parameter{
			{"q", "a part of a Chinese name, pinyin or its initials, the beginning of a word, four digits of a phone number"},
			{"objects", "API names; all if absent"}, {"limit", "1–50 for each object, 5 if absent"},
			{"cursor", "a group's next_cursor, with that one object"},
		},
	}}
}

// SearchView is what was found, object by object; those without a hit are left out.
type SearchView struct {
	Query  string        `json:"query"`
	Groups []SearchGroup `json:"groups"`
}

// SearchGroup is the hits in one object, the best first.
type SearchGroup struct {
	Object     string      `json:"object"`
	Label      string      `json:"label"`
	Items      []SearchHit `json:"items"`
	NextCursor any         `json:"next_cursor"`
}

// SearchHit is a record with the words of it that were found.
type SearchHit struct {
	Object  string         `json:"object"`
	ID      string         `json:"id"`
	Title   Highlighted    `json:"title"`
	Details []SearchDetail `json:"details"`
	Owner   *Reference     `json:"owner,omitempty"`
}

// Highlighted is a text and the stretches of it that were found, in UTF-16 units.
type Highlighted struct {
	Text  string   `json:"text"`
	Spans [][2]int `json:"spans"`
}

// SearchDetail is another field of a hit.
type SearchDetail struct {
	Field string `json:"field"`
	Label string `json:"label"`
	Highlighted
}

const (
	defaultHits = 5
	mostHits    = 50
	hitDetails  = 3

	searchedTogether = 4 // objects
)

func (s *Server) search(c *Call) error {
	limit, err := c.hitLimit()
	if err != nil {
		return err
	}
	objects, err := c.searchedObjects()
	if err != nil {
		return err
	}
	from, err := s.searchPlace(c, objects)
	if err != nil {
		return err
	}
	view := SearchView{Query: c.Query("q"), Groups: []SearchGroup{}}
	terms := search.Terms(view.Query)
	if len(terms) == 0 {
		return c.JSON(view)
	}
	groups, err := s.searchGroups(c, objects, terms, limit, from)
	if err != nil {
		return err
	}
	view.Groups = append(view.Groups, groups...)
	return c.JSON(view)
}

// searchGroups asks several objects at a time, each as it stands then.
func (s *Server) searchGroups(c *Call, objects []*schema.Object, terms []search.Term, limit int, from *search.Place) ([]SearchGroup, error) {
	found := make([]SearchGroup, len(objects))
	together, ctx := errgroup.WithContext(c.R.Context())
	together.SetLimit(searchedTogether)
	for i, object := range objects {
		together.Go(func() error {
			return s.DB.Read(ctx, func(tx *sqldb.Tx) error {
				finder := &search.Finder{Reader: s.reader(c, tx), Object: object, Terms: terms}
				hits, err := finder.Find(limit, from)
				found[i] = s.searchGroup(c, finder, hits)
				return err
			})
		})
	}
	err := together.Wait()
	return slices.DeleteFunc(found, func(g SearchGroup) bool { return len(g.Items) == 0 }), err
}

func (c *Call) hitLimit() (int, error) {
	text := c.Query("limit")
	if text == "" {
		return defaultHits, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostHits {
		return 0, invalidLimit(mostHits)
	}
	return n, nil
}

// searchedObjects are the objects asked for, or all; what the caller cannot
// read is not there. Those that are followed up come first.
func (c *Call) searchedObjects() ([]*schema.Object, error) {
	names := strings.FieldsFunc(c.Query("objects"), func(r rune) bool { return r == ',' })
	var objects []*schema.Object
	for _, object := range c.Snapshot.Objects {
		visible := c.Grants.Visible(object)
		if visible == nil || !c.Grants.Can(object, access.Read) || len(search.Searchable(visible)) == 0 {
			continue
		}
		if len(names) == 0 || slices.Contains(names, object.Name) {
			objects = append(objects, visible)
		}
	}
	if len(objects) == 0 && len(names) > 0 {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	slices.SortStableFunc(objects, func(a, b *schema.Object) int { return cmp.Compare(searchRank(a), searchRank(b)) })
	return objects, nil
}

func searchRank(o *schema.Object) int {
	if o.FollowUp != nil {
		return 0
	}
	return 1
}

// searchPlace opens the cursor, which belongs to one question in one object.
func (s *Server) searchPlace(c *Call, objects []*schema.Object) (*search.Place, error) {
	cursor := c.Query("cursor")
	if cursor == "" {
		return nil, nil
	}
	var place search.Place
	if len(objects) != 1 || s.Seal.OpenCursor(cursor, c.searchPurpose(objects[0]), &place) != nil {
		return nil, fault.New(fault.Malformed, "invalid_cursor", fault.Field{Path: "cursor", Code: "invalid_cursor"})
	}
	return &place, nil
}

func (c *Call) searchPurpose(o *schema.Object) string {
	return strings.Join([]string{"search", c.User.ID, o.ID, c.Query("q")}, "\x00")
}

func (s *Server) searchGroup(c *Call, finder *search.Finder, hits search.Hits) SearchGroup {
	object := finder.Object
	group := SearchGroup{Object: object.Name, Label: c.Label(object.Label), Items: make([]SearchHit, 0, len(hits.Rows))}
	for _, row := range hits.Rows {
		group.Items = append(group.Items, searchHit(c, finder, row))
	}
	if hits.Next != nil {
		if text, err := s.Seal.Cursor(hits.Next, c.searchPurpose(object)); err == nil {
			group.NextCursor = text
		}
	}
	return group
}

func searchHit(c *Call, finder *search.Finder, row query.Row) SearchHit {
	object := finder.Object
	hit := SearchHit{Object: object.Name, ID: row.ID, Title: Highlighted{Spans: [][2]int{}}, Details: []SearchDetail{}}
	if owner, ok := object.Field(object.OwnerField); ok {
		id, _ := row.Values[owner.ID].(string)
		hit.Owner = c.UserReference(id)
	}
	for _, f := range search.Searchable(object) {
		text, _ := f.Encode(row.Values[f.ID]).(string)
		if text == "" {
			continue
		}
		lit := highlight(text, finder.Spans(f, row))
		if f.Name == object.TitleField {
			hit.Title = lit
			continue
		}
		hit.Details = append(hit.Details, SearchDetail{Field: f.Name, Label: c.Label(f.Label), Highlighted: lit})
	}
	slices.SortStableFunc(hit.Details, func(a, b SearchDetail) int { return cmp.Compare(min(len(b.Spans), 1), min(len(a.Spans), 1)) })
	hit.Details = hit.Details[:min(len(hit.Details), hitDetails)]
	return hit
}

// highlight joins what overlaps and counts as browsers do.
func highlight(text string, spans []search.Span) Highlighted {
	runes := []rune(text)
	units := make([]int, len(runes)+1)
	for i, r := range runes {
		units[i+1] = units[i] + utf16.RuneLen(r)
	}
	lit := Highlighted{Text: text, Spans: [][2]int{}}
	for _, span := range spans {
		from, until := units[min(span.From, len(runes))], units[min(span.Until, len(runes))]
		if last := len(lit.Spans) - 1; last >= 0 && from <= lit.Spans[last][1] {
			lit.Spans[last][1] = max(lit.Spans[last][1], until)
			continue
		}
		lit.Spans = append(lit.Spans, [2]int{from, until})
	}
	return lit
}
