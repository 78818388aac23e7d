package bulk

import (
	_ "embed"
	"fmt"
	"log/slog"
	"sort"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

//go:embed testdata/company.yaml
var documents string

// company is the engine over a small company's deals; nothing runs by itself.
type company struct {
	*office.Company
	*Service
}

// onBoth runs a test on each database.
func onBoth(t *testing.T, test func(c *company)) {
	t.Helper()
	people := map[string]string{"ann": "seller", "bob": "seller", "eve": "boss", "kim": "reader"}
	office.Each(t, documents, people, nil, func(b *office.Company) {
		c := &company{Company: b}
		c.Service = c.service()
		test(c)
	})
}

// service is one node's engine.
func (c *company) service() *Service {
	return &Service{
		DB: c.Company.DB, Snapshot: c.Catalog.Current, Directory: c.People.Directory, Log: slog.New(slog.DiscardHandler),
		Records: &record.Store{DB: c.Company.DB, Snapshot: c.Catalog.Current, Directory: c.People.Directory},
		Grants:  c.Company.Grants,
	}
}

func (c *company) deal() *schema.Object { return c.Object("deal") }

// stored are values as a wish carries them.
func (c *company) stored(values map[string]any) map[string]any {
	set := c.Set("deal", values)
	for id, v := range set {
		f, _ := c.deal().FieldByID(id)
		set[id] = storedOrNil(f, v)
	}
	return set
}

// change applies one change through the engine's own write path.
func (c *company) change(who string, change record.Change) (string, error) {
	c.Helper()
	change.Actor, change.Object = c.Actor(who), c.deal()
	var done record.Result
	err := c.Write(func(tx *sqldb.Tx) (err error) {
		done, err = c.Service.Records.Apply(tx, change)
		return err
	})
	return done.ID, err
}

// edit changes a deal as eve.
func (c *company) edit(id string, values map[string]any) {
	c.Helper()
	_, err := c.change("eve", record.Change{Act: record.Update, ID: id, Set: c.Set("deal", values)})
	c.Must(err)
}

// deals makes n deals named 00, 01, …, of ann and bob in turn, in 苏州.
func (c *company) deals(n int) (ids []string) {
	c.Helper()
	for i := range n {
		id, err := c.change("eve", record.Change{Act: record.Create, Set: c.Set("deal", map[string]any{
			"name": fmt.Sprintf("%02d", i), "city": "苏州", "owner": c.IDs[[]string{"ann", "bob"}[i%2]], "rank": fmt.Sprint(i), "state": "进行中",
		})})
		c.Must(err)
		ids = append(ids, id)
	}
	return ids
}

// ask asks for an operation as a person.
func (c *company) ask(who string, wish Wish) (o Operation, err error) {
	c.Helper()
	err = c.Write(func(tx *sqldb.Tx) (err error) {
		o, err = c.Ask(tx, c.IDs[who], c.deal(), wish)
		return err
	})
	return o, err
}

// asked is ask for a wish that is granted.
func (c *company) asked(who string, wish Wish) string {
	c.Helper()
	o, err := c.ask(who, wish)
	c.Must(err)
	return o.ID
}

// get reads an operation as anyone.
func (c *company) get(id string) (o Operation) {
	c.Helper()
	c.Must(c.Company.DB.Read(c.Context(), func(tx *sqldb.Tx) (err error) {
		o, err = c.Get(tx, Anyone, id)
		return err
	}))
	return o
}

// carry advances everything to its end.
func (c *company) carry() {
	c.Helper()
	for worked := true; worked; {
		var err error
		worked, err = c.Advance(c.Context())
		c.Must(err)
	}
}

// stands says where an operation stands, "done 5: 3 done, 2 failed".
func (c *company) stands(id string) string {
	c.Helper()
	o := c.get(id)
	text := fmt.Sprintf("%s %d: %d done, %d failed", o.State, o.Total, o.Done, o.Failed)
	if o.Problem != "" {
		text += " " + o.Problem
	}
	return text
}

// where counts the live deals by a field's value, "苏州=3 无锡=2".
func (c *company) where(field string) string {
	c.Helper()
	counts := map[string]int{}
	f, _ := c.deal().Field(field)
	for _, row := range c.rows() {
		counts[fmt.Sprint(row.Values[f.ID])]++
	}
	var texts []string
	for value, n := range counts {
		texts = append(texts, fmt.Sprint(value, "=", n))
	}
	sort.Strings(texts)
	return strings.Join(texts, " ")
}

func (c *company) rows() []query.Row { return c.Rows("deal") }

// failures are what could not be changed, "name: code path code", by the name of the deal's place.
func (c *company) failures(id string, names []string) string {
	c.Helper()
	var texts []string
	c.Must(c.Company.DB.Read(c.Context(), func(tx *sqldb.Tx) error {
		found, err := c.Failures(tx, id, "", 100)
		for _, one := range found {
			text := one.Fault.Code
			for _, f := range one.Fault.Fields {
				text += " " + f.Path + " " + f.Code
			}
			for i, name := range names {
				if name == one.Record {
					text = fmt.Sprintf("%02d %s", i, text)
				}
			}
			texts = append(texts, text)
		}
		return err
	}))
	return strings.Join(texts, "; ")
}

// code is a fault's code, "" for none.
func code(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return office.Fault(err)
}
