package conversion_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/conversion"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/sqldb"
)

// TestALeadBecomesWhatItsDocumentSays: each value where it belongs, choices by
// their names, references among what was made, and the lead points to it all.
func TestALeadBecomesWhatItsDocumentSays(t *testing.T) {
	onBoth(t, func(c *company) {
		lead := c.lead(map[string]any{
			"company": "恒力液压", "contact": "王伟", "phone": "13900000001", "product": "VX-200", "city": "苏州", "trade": "汽车",
			"budget": "1234567.80", "rank": "3.00", "tags": []any{"急", "样品"}, "status": "新", "due": "2026-03-05T01:00:00Z",
		})
		made, fault := c.convert("eve", lead, nil)
		c.Same("fault", fault, "")
		for _, one := range []struct{ object, field, want string }{
			{"firm", "name", "恒力液压"}, {"firm", "city", "苏州"}, {"firm", "trade", "t.firm.trade.auto"}, {"firm", "owner", c.IDs["ann"]},
			{"person", "name", "王伟"}, {"person", "phone", "+8613900000001"}, {"person", "wechat", ""}, {"person", "firm", made["firm"]},
			{"deal", "name", "恒力液压 VX-200"}, {"deal", "amount", "map[amount:1234567.80 currency:CNY]"}, {"deal", "rank", "3"},
			{"deal", "tags", "[急 样品]"}, {"deal", "stage", "t.deal.stage.first"}, {"deal", "lead", lead}, {"deal", "firm", made["firm"]}, {"deal", "person", made["person"]},
		} {
			c.Same(one.object+"."+one.field, c.Value(one.object, made[one.object], one.field), one.want)
		}
		for field, want := range map[string]string{"status": "t.lead.status.deal", "due": "", "firm": made["firm"], "person": made["person"], "deal": made["deal"], "budget": "map[amount:1234567.80 currency:CNY]"} {
			c.Same("lead."+field, c.Value("lead", lead, field), want)
		}
		c.Same("threads", fmt.Sprint(c.Kinds(lead), c.Kinds(made["deal"])), "[received converted] [received converted]")
		c.Read(func(tx *sqldb.Tx) error {
			links, by, err := conversion.Links(tx, lead)
			c.Same("kept", fmt.Sprint(len(links), by == c.IDs["eve"], links[0].Made), "3 true true")
			none, nobody, nerr := conversion.Links(tx, made["deal"])
			c.Same("of a record that was not converted", fmt.Sprintf("%v %q %v", none, nobody, nerr), `[] "" <nil>`)
			return err
		})
		_, fault = c.convert("eve", lead, nil)
		c.Same("again", fault, "already_converted")
	})
}

// TestWhatIsMissingIsLeftOut: an optional target without what it requires, a
// template with a blank in it, a choice that the other object does not have.
func TestWhatIsMissingIsLeftOut(t *testing.T) {
	onBoth(t, func(c *company) {
		for _, one := range []struct {
			name   string
			lead   map[string]any
			wishes map[string]conversion.Wish
			want   string // the plan
			fault  string
			deal   string // its name
		}{
			{"no firm", map[string]any{"contact": "a", "product": "VX"}, nil, "firm skip, person create, deal create", "", "VX"},
			{"a firm, no product", map[string]any{"company": "a 公司"}, nil, "firm create, person create, deal create", "", "a 公司"},
			{"nothing for the deal's name", map[string]any{"contact": "a"}, nil, "firm skip, person create, deal create", "invalid_input: deal.name required", ""},
			{"a name that was typed", map[string]any{"contact": "a"}, c.typed("deal", map[string]any{"name": "typed"}), "firm skip, person create, deal create", "", "typed"},
			{"typed over the copied one", map[string]any{"company": "b 公司"}, c.typed("deal", map[string]any{"name": "typed"}), "firm create, person create, deal create", "", "typed"},
			{"a required target cannot be left out", map[string]any{"company": "c 公司"}, map[string]conversion.Wish{"deal": {Skip: true}}, "firm create, person create, deal create", "", "c 公司"},
			{"an optional one can", map[string]any{"company": "d 公司"}, map[string]conversion.Wish{"firm": {Skip: true}, "person": {Skip: true}}, "firm skip, person skip, deal create", "", "d 公司"},
			{"spaces", map[string]any{"company": "  e   公司 ", "product": " X  1 "}, nil, "firm create, person create, deal create", "", "e 公司 X 1"},
			{"brackets and marks", map[string]any{"company": "{product} <z9>", "product": "\"q\""}, nil, "firm create, person create, deal create", "", "{product} <z9> \"q\""},
		} {
			lead := c.lead(one.lead)
			plan, _ := c.plan("ann", lead, one.wishes)
			c.Same(one.name, plan, one.want)
			before := len(c.all())
			made, fault := c.convert("ann", lead, one.wishes)
			c.Same(one.name, fault, one.fault)
			if one.fault != "" {
				c.Same(one.name+" leaves nothing", len(c.all()), before)
				continue
			}
			c.Same(one.name, c.Value("deal", made["deal"], "name"), one.deal)
			c.Same(one.name+": firm", c.Value("deal", made["deal"], "firm"), made["firm"])
		}
		lead := c.lead(map[string]any{"company": "f 公司", "trade": "其他"})
		made, fault := c.convert("eve", lead, nil)
		c.Same("fault", fault, "")
		c.Same("a choice that the firm has not", c.Value("firm", made["firm"], "trade"), "")
	})
}

// typed is a wish with values for one target.
func (c *company) typed(object string, values map[string]any) map[string]conversion.Wish {
	c.Helper()
	return map[string]conversion.Wish{object: {Set: c.Set(object, values)}}
}

// TestWhatIsKnownIsUsed: what the lead points to, who has the same number, what
// has the same name; a new one where that is asked for.
func TestWhatIsKnownIsUsed(t *testing.T) {
	onBoth(t, func(c *company) {
		hers := c.Create("eve", "firm", map[string]any{"name": "恒力液压有限公司", "owner": c.IDs["ann"]})
		his := c.Create("eve", "firm", map[string]any{"name": "博锐精工", "owner": c.IDs["bob"]})
		person := c.Create("eve", "person", map[string]any{"name": "老王", "phone": "13900000001", "owner": c.IDs["ann"]})
		for _, one := range []struct {
			name   string
			lead   map[string]any
			wishes map[string]conversion.Wish
			plan   string
			firm   string // known one, "" for a new one
			person string
		}{
			{"the same name", map[string]any{"company": "恒力液压（苏州）", "product": "a"}, nil, "firm reuse, person create, deal create", hers, ""},
			{"another's of the same name", map[string]any{"company": "博锐精工", "product": "b"}, nil, "firm create hidden, person create, deal create", "", ""},
			{"a new one all the same", map[string]any{"company": "恒力液压", "product": "c"}, map[string]conversion.Wish{"firm": {New: true}}, "firm create, person create, deal create", "", ""},
			{"one that is chosen", map[string]any{"company": "x", "product": "d"}, map[string]conversion.Wish{"firm": {Use: hers}}, "firm reuse, person create, deal create", hers, ""},
			{"one that the lead points to", map[string]any{"company": "y", "firm": hers, "product": "e"}, nil, "firm reuse, person create, deal create", hers, ""},
			{"another's that it points to", map[string]any{"company": "y", "firm": his, "product": "f"}, nil, "firm reuse hidden, person create, deal create", his, ""},
			{"the same number", map[string]any{"company": "z 厂", "phone": "+86 139 0000 0001", "product": "g"}, nil, "firm create, person reuse, deal create", "", person},
			{"a number leaves no choice", map[string]any{"company": "z2 厂", "phone": "13900000001", "product": "h"}, map[string]conversion.Wish{"person": {New: true}}, "firm create, person reuse, deal create", "", person},
		} {
			lead := c.lead(one.lead)
			plan, _ := c.plan("ann", lead, one.wishes)
			c.Same(one.name, plan, one.plan)
			made, fault := c.convert("ann", lead, one.wishes)
			c.Same(one.name+": fault", fault, "")
			if one.firm != "" {
				c.Same(one.name, made["firm"], one.firm)
			} else if made["firm"] == hers || made["firm"] == his {
				t.Errorf("%s: used a known firm", one.name)
			}
			if one.person != "" {
				c.Same(one.name, made["person"], one.person)
			}
		}
		c.Same("whom she may not see stays as he is", c.Value("firm", his, "name"), "博锐精工")
		lead := c.lead(map[string]any{"company": "x", "product": "i"})
		for name, use := range map[string]string{"another's": his, "absent": "moon", "of another object": person} {
			_, fault := c.convert("ann", lead, map[string]conversion.Wish{"firm": {Use: use}})
			c.Same(name, fault, "invalid_input: firm.use unknown_record")
		}
	})
}

// TestBlanksOfAKnownOneAreFilled: what it has stays, unless it was typed; and
// nothing where the person may not change it.
func TestBlanksOfAKnownOneAreFilled(t *testing.T) {
	onBoth(t, func(c *company) {
		person := c.Create("eve", "person", map[string]any{"name": "老王", "phone": "13900000001", "owner": c.IDs["ann"]})
		lead := c.lead(map[string]any{"company": "a 厂", "contact": "王伟", "phone": "13900000001", "wechat": "ww"})
		_, fault := c.convert("ann", lead, nil)
		c.Same("fault", fault, "")
		c.Same("his name stays", c.Value("person", person, "name"), "老王")
		c.Same("his blank is filled", c.Value("person", person, "wechat"), "ww")
		c.Same("and his firm", c.Value("person", person, "firm"), c.Value("lead", lead, "firm"))
		second := c.lead(map[string]any{"company": "b 厂", "phone": "13900000001"})
		_, fault = c.convert("ann", second, c.typed("person", map[string]any{"name": "王伟"}))
		c.Same("fault", fault, "")
		c.Same("what was typed goes over it", c.Value("person", person, "name"), "王伟")
		c.Same("his firm stays", c.Value("person", person, "firm"), c.Value("lead", lead, "firm"))
		third := c.lead(map[string]any{"company": "c 厂", "phone": "13900000001", "owner": c.IDs["bob"], "contact": "别名"})
		made, fault := c.convert("bob", third, nil)
		c.Same("fault", fault, "")
		c.Same("another's person is used", made["person"], person)
		c.Same("and left alone", c.Value("person", person, "name"), "王伟")
	})
}

// TestRightsOfWhoConverts: over the lead, over each target, over each field.
func TestRightsOfWhoConverts(t *testing.T) {
	onBoth(t, func(c *company) {
		lead := c.lead(map[string]any{"company": "a 厂", "budget": "987654", "rank": "7"})
		for _, one := range []struct{ name, who, id, want string }{
			{"another's lead", "bob", lead, "not_found"},
			{"absent", "eve", "moon", "not_found"},
			{"who may not make one of them", "kim", lead, "may_not_create: person may_not_create"},
			{"nobody", "mallory", lead, "forbidden"},
		} {
			plan, _ := c.plan(one.who, one.id, nil)
			c.Same(one.name, plan, one.want)
			_, fault := c.convert(one.who, one.id, nil)
			c.Same(one.name, fault, one.want)
		}
		made, fault := c.convert("ann", lead, nil)
		c.Same("fault", fault, "")
		c.Same("what she may not read is not copied", c.Value("deal", made["deal"], "amount"), "")
		c.Same("what she may not write is not copied", c.Value("deal", made["deal"], "rank"), "")
		c.Same("the owner is hers to set", c.Value("deal", made["deal"], "owner"), c.IDs["ann"])
		unowned := c.lead(map[string]any{"company": "b 厂", "owner": nil})
		made, fault = c.convert("eve", unowned, nil)
		c.Same("fault", fault, "")
		c.Same("nobody's lead becomes the deal of who converts it", c.Value("deal", made["deal"], "owner"), c.IDs["eve"])
	})
}

// TestWhichLeadsAreConverted: those that the document means, as they are now.
func TestWhichLeadsAreConverted(t *testing.T) {
	onBoth(t, func(c *company) {
		lost := c.lead(map[string]any{"company": "a 厂", "status": "战败"})
		plan, _ := c.plan("ann", lost, nil)
		c.Same("lost", plan, "not_convertible")
		blank := c.lead(map[string]any{"company": "b 厂"})
		_, fault := c.convert("ann", blank, nil)
		c.Same("without a status", fault, "")
		gone := c.lead(map[string]any{"company": "c 厂"})
		c.Delete("eve", "lead", gone)
		_, fault = c.convert("ann", gone, nil)
		c.Same("deleted", fault, "not_found")
		seen := c.lead(map[string]any{"company": "d 厂"})
		stale := office.Fault(c.Write(func(tx *sqldb.Tx) error {
			_, err := c.engine.Convert(c.Reader(tx, "ann"), c.Actor("ann"), c.document(), seen, nil, func(row query.Row) error {
				c.Same("asked about", row.ID, seen)
				return errStale()
			})
			return err
		}))
		c.Same("not as it was seen", stale, "stale")
		c.Same("nothing was made", c.Count("SELECT COUNT(*) FROM conversion WHERE record=$1", seen), 0)
	})
}

// TestTwoConversionsAtOnce: one is carried out, the other is told so.
func TestTwoConversionsAtOnce(t *testing.T) {
	onBoth(t, func(c *company) {
		lead := c.lead(map[string]any{"company": "a 厂", "contact": "王", "phone": "13900000001"})
		document := c.document()
		faults := make([]string, 4)
		var all sync.WaitGroup
		for i := range faults {
			all.Go(func() {
				faults[i] = office.Fault(c.Write(func(tx *sqldb.Tx) error {
					_, err := c.engine.Convert(c.Reader(tx, "ann"), c.Actor("ann"), document, lead, nil, nil)
					return err
				}))
			})
		}
		all.Wait()
		if text := strings.Join(faults, " "); strings.Count(text, "already_converted") != 3 {
			t.Errorf("faults %q", faults)
		}
		for _, object := range []string{"firm", "person", "deal"} {
			c.Same(object, len(c.Rows(object)), 1)
		}
	})
}

// errStale is what a caller answers whose view is not current.
func errStale() error { return fault.New(fault.Stale, "stale") }
