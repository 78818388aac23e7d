package api

import (
	"cmp"
	"fmt"
	"slices"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// GroupPage is how the records of a list spread. Choices stand in their own
// order, people and references by their labels, everything else by value; blanks last.
type GroupPage struct {
	Items []GroupView `json:"items"`
	More  bool        `json:"more"` // there are more groups than are shown
}

// GroupView is one group. Keys are values as records show them, null for
// blank; a calendar step is "2026", "2026-01" or a day, of a week its Monday.
type GroupView struct {
	Keys   []any            `json:"keys"`
	Count  int64            `json:"count"`
	Sums   map[string][]any `json:"sums,omitempty"` // by field; of a currency one amount for each currency
	Filter string           `json:"filter"`         // finds just these records, beside the list's own filter
}

func (s *Server) groupRecords(c *Call) error {
	page := GroupPage{Items: []GroupView{}}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r := s.reader(c, tx)
		groups, err := r.Groups(record.Grouping{Object: c.Param("object"), Filter: c.Query("filter"), By: c.Query("group"), Sum: c.Query("sum")})
		if err != nil {
			return err
		}
		page.More = groups.More
		labels, err := s.groupLabels(r, groups)
		if err != nil {
			return err
		}
		c.arrange(groups, labels)
		for _, g := range groups.Items {
			page.Items = append(page.Items, c.groupView(groups, g, labels))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(page)
}

// groupLabels reads the labels of the references among the keys.
func (s *Server) groupLabels(r *record.Reader, groups record.Groups) (map[string]string, error) {
	var fields []*schema.Field
	for _, g := range groups.By {
		if g.Field != nil {
			fields = append(fields, g.Field)
		}
	}
	rows := make([]query.Row, 0, len(groups.Items))
	for _, item := range groups.Items {
		row := query.Row{Values: map[string]any{}}
		for i, g := range groups.By {
			if g.Field != nil && item.Keys[i] != nil {
				row.Values[g.Field.ID] = item.Keys[i]
			}
		}
		rows = append(rows, row)
	}
	return s.referenceLabels(r, fields, rows)
}

func (c *Call) groupView(groups record.Groups, g record.Group, labels map[string]string) GroupView {
	view := GroupView{Count: g.Count, Filter: g.Filter}
	for i, by := range groups.By {
		key := g.Keys[i]
		if by.Field != nil && by.Bucket == "" {
			key = c.encodeField(by.Field, key, labels)
		}
		view.Keys = append(view.Keys, key)
	}
	for i, f := range groups.Sums {
		if view.Sums == nil {
			view.Sums = map[string][]any{}
		}
		view.Sums[f.Name] = []any{}
		for _, sum := range g.Sums[i] {
			view.Sums[f.Name] = append(view.Sums[f.Name], f.Encode(sum))
		}
	}
	return view
}

// arrange puts the groups, which come by value, into the order in which
// people look for them.
func (c *Call) arrange(groups record.Groups, labels map[string]string) {
	place := map[string]int{} // of the first group of a key, and of each group
	for i, g := range groups.Items {
		first := fmt.Sprint(g.Keys[0])
		if _, ok := place[first]; !ok {
			place[first] = i
		}
		place[g.Filter] = i
	}
	slices.SortFunc(groups.Items, func(a, b record.Group) int {
		x, y := fmt.Sprint(a.Keys[0]), fmt.Sprint(b.Keys[0])
		for i, by := range groups.By {
			if i > 0 && x != y || by.Field == nil || by.Bucket != "" {
				continue
			}
			if order := c.compareKeys(by.Field, a.Keys[i], b.Keys[i], labels); order != 0 {
				return order
			}
		}
		return cmp.Or(cmp.Compare(place[x], place[y]), cmp.Compare(place[a.Filter], place[b.Filter]))
	})
}

func (c *Call) compareKeys(f *schema.Field, a, b any, labels map[string]string) int {
	if a == nil || b == nil {
		return cmp.Compare(blankLast(a), blankLast(b))
	}
	x, _ := a.(string)
	y, _ := b.(string)
	switch f.Type {
	case "choice":
		place := func(id string) int {
			return slices.IndexFunc(f.Choices, func(one schema.Choice) bool { return one.ID == id })
		}
		return cmp.Compare(place(x), place(y))
	case "person":
		u, _ := c.Directory.User(x)
		v, _ := c.Directory.User(y)
		return cmp.Or(cmp.Compare(u.Name, v.Name), cmp.Compare(x, y))
	case "reference":
		return cmp.Or(cmp.Compare(labels[x], labels[y]), cmp.Compare(x, y))
	}
	return 0
}

func blankLast(v any) int {
	if v == nil {
		return 1
	}
	return 0
}
