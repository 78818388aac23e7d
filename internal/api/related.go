package api

import (
	"github.com/cockroachdb/apd/v3"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
)

// RelatedView is the records of one object that point to a record.
type RelatedView struct {
	Object    string   `json:"object"`
	Label     string   `json:"label"`
	Name      string   `json:"name"`  // of one record, in words
	Field     string   `json:"field"` // the reference by which they point
	CanCreate bool     `json:"can_create"`
	Columns   []string `json:"columns"`
	Records   []Record `json:"records"`
	Count     int      `json:"count"`
	More      bool     `json:"more"`
	Filter    string   `json:"filter"` // opens the whole list

	Sum  string `json:"sum,omitempty"` // the field that is added up
	Sums []any  `json:"sums,omitempty"`
	Done []any  `json:"done,omitempty"` // of those that are closed
	Left any    `json:"left,omitempty"` // of the record's own amount, once what is closed is taken off
}

// relatedLimit is how many records of one object are shown beside a record.
const relatedLimit = 10

func (s *Server) showRelated(c *Call) error {
	list := List[RelatedView]{Items: []RelatedView{}}
	err := s.readable(c, func(r *record.Reader, visible *schema.Object, row query.Row) error {
		for _, one := range s.relations(c, visible) {
			view, err := s.related(c, r, one, visible, row)
			if err != nil {
				return err
			}
			if view.Count > 0 || view.CanCreate {
				list.Items = append(list.Items, view)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}

// relations are the lists of the object's page, or, where it names none, every
// reference that points to the object; as far as the caller may see them.
func (s *Server) relations(c *Call, visible *schema.Object) []catalog.Related {
	var asked []catalog.Related
	for _, page := range catalog.All[*catalog.Page](s.Snapshot(), "page") {
		if page.Object.ID == visible.ID && len(page.Related) > 0 {
			asked = page.Related
			break
		}
	}
	if asked == nil {
		asked = s.pointingTo(visible)
	}
	var seen []catalog.Related
	for _, one := range asked {
		shown := c.Grants.Visible(one.Object)
		if shown == nil || !c.Grants.Can(one.Object, access.Read) {
			continue
		}
		if _, known := shown.FieldByID(one.By.ID); !known {
			continue
		}
		seen = append(seen, one.SeenAs(shown, visible))
	}
	return seen
}

func (s *Server) pointingTo(visible *schema.Object) []catalog.Related {
	var all []catalog.Related
	for _, other := range s.Snapshot().Objects {
		for _, f := range other.Fields {
			if f.Type == "reference" && f.ObjectName == visible.Name {
				all = append(all, catalog.Related{Object: other, By: f})
			}
		}
	}
	return all
}

func (s *Server) related(c *Call, r *record.Reader, one catalog.Related, visible *schema.Object, row query.Row) (RelatedView, error) {
	view := RelatedView{
		Object: one.Object.Name, Label: c.Label(one.Object.Plural), Name: c.Label(one.Object.Label), Field: one.By.Name,
		CanCreate: c.Grants.Can(one.Object, access.Create) && c.Grants.Field(one.By) == access.Writable,
		Columns:   []string{}, Records: []Record{}, Filter: one.By.Name + ` = "` + row.ID + `"`,
	}
	names := []string{"id"}
	for _, f := range one.Columns {
		names = append(names, f.Name)
	}
	view.Columns = append(view.Columns, names[1:]...)
	if one.Object.TitleField != "" {
		names = append(names, one.Object.TitleField)
	}
	here, err := s.pointing(r, one, row.ID, &view)
	if err != nil || here == nil {
		return view, err
	}
	page, err := r.List(record.Listing{Object: one.Object.Name, Also: here, Limit: relatedLimit, Count: true, Fields: names})
	if err != nil {
		return view, err
	}
	view.Count, view.More = page.Count, page.More || page.Next != nil
	items, err := s.views(c, r, page.Fields, page.Rows)
	if err != nil {
		return view, err
	}
	for i, item := range items {
		item["label"] = titleOf(one.Object, page.Rows[i])
		view.Records = append(view.Records, item)
	}
	if one.Sum == nil || view.Count == 0 {
		return view, nil
	}
	return view, view.addUp(c, r, one, here, row.Values)
}

// betweenLimit is how many records lie between two objects at most.
const betweenLimit = 200

// pointing is the condition of the list: records that point here, or to
// records that do, as far as the caller may see those; nil where there are none.
func (s *Server) pointing(r *record.Reader, one catalog.Related, id string, view *RelatedView) (query.Condition, error) {
	if one.Through == nil {
		return query.Where(one.By, expr.OpEqual, id), nil
	}
	view.CanCreate, view.Filter = false, ""
	shown := r.Grants.Visible(one.Between)
	if shown == nil || !r.Grants.Can(one.Between, access.Read) || r.Grants.Field(one.Through) == access.Hidden {
		return nil, nil
	}
	rows, err := record.Select(r.Tx, query.Select{
		Object: shown, Where: query.And{r.Grants.Scope(one.Between, access.Read), query.Where(one.Through, expr.OpEqual, id)}, Limit: betweenLimit,
	})
	ids := make([]any, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	if len(ids) == 0 {
		return nil, err
	}
	return query.In{Field: one.By, Values: ids}, err
}

// addUp adds the amounts, and compares those that are closed with the record's own.
func (v *RelatedView) addUp(c *Call, r *record.Reader, one catalog.Related, here query.Condition, values map[string]any) error {
	v.Sum = one.Sum.Name
	where := query.And{c.Grants.Scope(one.Object, access.Read), here, query.Not{Condition: query.Blank(one.Sum)}}
	var err error
	if v.Sums, _, err = sumsOf(r, one, where); err != nil {
		return err
	}
	rule := one.Object.Closed
	if rule == nil {
		return nil
	}
	status, known := one.Object.Field(rule.Field)
	if !known {
		return nil
	}
	ended := make([]any, 0, len(rule.Choices))
	for _, id := range rule.Choices {
		ended = append(ended, id)
	}
	var done map[string]*apd.Decimal
	if v.Done, done, err = sumsOf(r, one, append(where, query.In{Field: status, Values: ended})); err != nil || one.Of == nil {
		return err
	}
	own, ok := values[one.Of.ID].(schema.Money)
	if !ok || len(done) > 1 || len(done) == 1 && done[own.Currency] == nil {
		return nil // amounts of several currencies are not set off against each other
	}
	left := new(apd.Decimal).Set(own.Amount)
	if paid := done[own.Currency]; paid != nil {
		if _, err := apd.BaseContext.WithPrecision(60).Sub(left, left, paid); err != nil {
			return err
		}
	}
	v.Left = one.Of.Encode(schema.Money{Amount: left, Currency: own.Currency})
	return nil
}

func sumsOf(r *record.Reader, one catalog.Related, where query.Condition) (shown []any, byCurrency map[string]*apd.Decimal, err error) {
	byCurrency = map[string]*apd.Decimal{}
	err = eachGroup(r.Tx, query.Aggregate{Object: one.Object, Where: where, Measures: []query.Measure{{Kind: query.Sum, Field: one.Sum}}}, func(g query.Group) {
		if g.Values[0] == nil {
			return
		}
		shown = append(shown, one.Sum.Encode(g.Values[0]))
		if m, ok := g.Values[0].(schema.Money); ok {
			byCurrency[m.Currency] = m.Amount
		}
	})
	return shown, byCurrency, err
}
