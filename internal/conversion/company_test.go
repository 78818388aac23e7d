package conversion_test

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/conversion"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

//go:embed testdata/company.yaml
var documents string

// company is the engine over leads that become a firm, a person and a deal.
type company struct {
	*office.Company
	engine *conversion.Engine
}

func onBoth(t *testing.T, test func(c *company)) {
	t.Helper()
	people := map[string]string{"ann": "seller", "bob": "seller", "eve": "boss", "kim": "clerk"}
	office.Each(t, documents, people, map[string]catalog.Compiler{"conversion": conversion.Compile}, func(b *office.Company) {
		test(&company{b, &conversion.Engine{Records: b.Records}})
	})
}

// document is the compiled conversion of leads.
func (c *company) document() *conversion.Conversion {
	c.Helper()
	found, ok := conversion.Of(c.Catalog.Current(), c.Object("lead"))
	if !ok {
		c.Fatal("leads have no conversion")
	}
	return found
}

// convert carries it out as a person; made are the ids by object.
func (c *company) convert(who, id string, wishes map[string]conversion.Wish) (made map[string]string, fault string) {
	c.Helper()
	made = map[string]string{}
	err := c.Write(func(tx *sqldb.Tx) error {
		done, err := c.engine.Convert(c.Reader(tx, who), c.Actor(who), c.document(), id, wishes, nil)
		clear(made)
		for _, link := range done.Links {
			made[strings.TrimPrefix(link.Object, "t.")] = link.ID
		}
		return err
	})
	return made, office.Fault(err)
}

// undo takes it back as a person.
func (c *company) undo(who, id string) string {
	c.Helper()
	return office.Fault(c.Write(func(tx *sqldb.Tx) error {
		return c.engine.Undo(c.Reader(tx, who), c.Actor(who), c.document(), id)
	}))
}

// plan is what a conversion would do, "firm create, person reuse, deal create".
func (c *company) plan(who, id string, wishes map[string]conversion.Wish) (text string, steps []conversion.Step) {
	c.Helper()
	c.Read(func(tx *sqldb.Tx) error {
		plan, err := c.engine.Prepare(c.Reader(tx, who), c.document(), id, wishes)
		if err != nil {
			text = office.Fault(err)
			return nil
		}
		var parts []string
		for _, step := range plan.Steps {
			part := step.Target.Object.Name + " " + step.Action
			if step.Hidden {
				part += " hidden"
			}
			parts = append(parts, part)
		}
		text, steps = strings.Join(parts, ", "), plan.Steps
		return nil
	})
	return text, steps
}

// lead makes a lead of ann's.
func (c *company) lead(values map[string]any) string {
	c.Helper()
	if _, ok := values["owner"]; !ok {
		values["owner"] = c.IDs["ann"]
	}
	return c.Create("eve", "lead", values)
}

// all are the live records' values by object and id: what an undo has to bring back.
func (c *company) all() map[string]string {
	c.Helper()
	found := map[string]string{}
	for _, object := range []string{"lead", "firm", "person", "deal", "note"} {
		for _, row := range c.Rows(object) {
			found[object+" "+row.ID] = c.values(object, row)
		}
	}
	return found
}

func (c *company) values(object string, row query.Row) string {
	text := ""
	for _, f := range c.Object(object).Fields {
		if v := row.Values[f.ID]; v != nil {
			text += fmt.Sprint(f.Name, "=", record.Stored(f, v), " ")
		}
	}
	return text
}
