package api

import (
	"fmt"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"

	"github.com/cockroachdb/apd/v3"
)

// RiskView are the customers whose contracts end within RiskDays (H7). A
// customer is lost sight of after SilentDays without contact.
type RiskView struct {
	Within     int        `json:"within"`
	SilentDays int        `json:"silent_days"`
	Low        string     `json:"low"`
	More       bool       `json:"more,omitempty"` // there are more than are shown
	Items      []RiskItem `json:"items"`
}

// RiskItem is one contract that ends. Silent is in whole days, nil when nobody
// is known to have spoken to the customer; Score is a decimal, nil without one.
type RiskItem struct {
	ID       string     `json:"id"`
	Label    string     `json:"label"`
	Object   string     `json:"object"`
	Company  *Reference `json:"company"`
	EndsOn   string     `json:"ends_on"`
	DaysLeft int        `json:"days_left"`
	Silent   *int       `json:"silent"`
	Score    *string    `json:"score"`
	Level    string     `json:"level"` // red, amber or ""
}

// The bounds of a risk block: how far it looks, and how many contracts it shows.
const (
	riskDays  = 90
	riskItems = 300
)

// risk is one reading of a risk block.
type risk struct {
	server  *Server
	call    *Call
	reader  *record.Reader
	block   *catalog.Block
	object  *schema.Object // as the caller may know it
	ends    *schema.Field
	company *schema.Field
	today   time.Time // midnight of the company's day, as a date is kept
	low     *apd.Decimal
}

func (s *Server) showRisk(c *Call) error {
	b, err := c.homeBlock(catalog.RiskBlock)
	if err != nil {
		return err
	}
	view := RiskView{Within: riskDays, SilentDays: b.Risk.Silent, Low: b.Risk.Low, Items: []RiskItem{}}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r := risk{server: s, call: c, reader: s.reader(c, tx), block: b, object: c.Grants.Visible(b.Object)}
		if r.low, _, err = apd.NewFromString(b.Risk.Low); err != nil || !r.sees() {
			return err
		}
		year, month, day := tx.Now().In(c.companyZone()).Date()
		r.today = time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		err := r.fill(&view)
		if needsHidden(err) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// sees finds the fields of the contract among those that the caller may read.
func (r *risk) sees() bool {
	var ends, company bool
	r.ends, ends = r.object.Field(r.block.Risk.Ends.Name)
	r.company, company = r.object.Field(r.block.Risk.Company.Name)
	return ends && company
}

func (r *risk) fill(view *RiskView) error {
	filter := fmt.Sprintf(`%s >= "%s" AND %s <= "%s"`, r.ends.Name, r.today.Format(time.DateOnly), r.ends.Name, r.today.AddDate(0, 0, riskDays).Format(time.DateOnly))
	if r.block.Filter != "" {
		filter = "(" + r.block.Filter + ") AND " + filter
	}
	page, err := r.reader.List(record.Listing{Object: r.object.Name, Filter: filter, Sort: r.ends.Name, Limit: riskItems})
	if err != nil {
		return err
	}
	companies := r.companies(page.Rows)
	spoken, err := r.spoken(companies)
	if err != nil {
		return err
	}
	scores, err := r.scores(companies)
	if err != nil {
		return err
	}
	labels, err := r.server.referenceLabels(r.reader, []*schema.Field{r.company}, page.Rows)
	if err != nil {
		return err
	}
	view.More = page.Next != nil
	for _, row := range page.Rows {
		view.Items = append(view.Items, r.item(row, labels, spoken, scores))
	}
	return nil
}

// companies are the customers of the rows, each once.
func (r *risk) companies(rows []query.Row) []any {
	var ids []any
	seen := map[string]bool{}
	for _, row := range rows {
		if id, ok := row.Values[r.company.ID].(string); ok && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// spoken is when somebody last spoke to each customer, as far as the caller may see it.
func (r *risk) spoken(companies []any) (map[string]time.Time, error) {
	last := map[string]time.Time{}
	for _, contact := range r.block.Risk.Contacts {
		groups, err := r.byCompany(contact, query.Max, companies)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			id, _ := g.Keys[0].(string)
			if at, ok := g.Values[0].(time.Time); ok && at.After(last[id]) {
				last[id] = at
			}
		}
	}
	return last, nil
}

// scores is the average service score of each customer.
func (r *risk) scores(companies []any) (map[string]*apd.Decimal, error) {
	scores := map[string]*apd.Decimal{}
	if r.block.Risk.Score == nil {
		return scores, nil
	}
	groups, err := r.byCompany(*r.block.Risk.Score, query.Average, companies)
	for _, g := range groups {
		id, _ := g.Keys[0].(string)
		if score, ok := g.Values[0].(*apd.Decimal); ok {
			scores[id] = score
		}
	}
	return scores, err
}

// byCompany computes one figure of a linked object for each customer; nothing
// where the caller may not read it.
func (r *risk) byCompany(l catalog.Linked, kind query.MeasureKind, companies []any) ([]query.Group, error) {
	object := r.call.Grants.Visible(l.Object)
	if object == nil || len(companies) == 0 || !r.call.Grants.Can(l.Object, access.Read) {
		return nil, nil
	}
	link, seen := object.Field(l.Link.Name)
	field, also := object.Field(l.Field.Name)
	if !seen || !also {
		return nil, nil
	}
	return r.reader.Aggregate(query.Aggregate{
		Object: object, Where: query.In{Field: link, Values: companies},
		Group: []query.GroupBy{{Field: link}}, Measures: []query.Measure{{Kind: kind, Field: field}},
	})
}

func (r *risk) item(row query.Row, labels map[string]string, spoken map[string]time.Time, scores map[string]*apd.Decimal) RiskItem {
	item := RiskItem{ID: row.ID, Object: r.object.Name}
	if f, ok := r.object.Field(r.object.TitleField); ok {
		item.Label, _ = row.Values[f.ID].(string)
	}
	ends, _ := row.Values[r.ends.ID].(schema.Date)
	item.EndsOn = string(ends)
	if day, err := time.Parse(time.DateOnly, item.EndsOn); err == nil {
		item.DaysLeft = int(day.Sub(r.today) / (24 * time.Hour))
	}
	company, _ := row.Values[r.company.ID].(string)
	if company != "" {
		item.Company = &Reference{ID: company, Label: labels[company]}
	}
	if at, ok := spoken[company]; ok {
		days := max(0, int(r.reader.Tx.Now().Sub(at)/(24*time.Hour)))
		item.Silent = &days
	}
	bad := false
	if score := scores[company]; score != nil {
		text := oneDecimal(score)
		item.Score, bad = &text, score.Cmp(r.low) < 0
	}
	item.Level = level(item.Silent == nil || *item.Silent > r.block.Risk.Silent, bad)
	return item
}

// level is how great the risk is: a silent customer who is also unhappy is lost next (H7).
func level(silent, bad bool) string {
	switch {
	case silent && bad:
		return "red"
	case silent || bad:
		return "amber"
	}
	return ""
}

// oneDecimal is a score as people say it.
func oneDecimal(score *apd.Decimal) string {
	var rounded apd.Decimal
	if _, err := apd.BaseContext.WithPrecision(20).Quantize(&rounded, score, -1); err != nil {
		return score.String()
	}
	return rounded.Text('f')
}
