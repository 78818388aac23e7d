package search_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/search"
	"clew.dev/clew/internal/sqldb"
)

const documents = `
document: company
id: t.company
name: company
label: {zh-CN: 公司}
zone: Asia/Shanghai
country: CN
currency: CNY
language: zh-CN
---
document: object
id: t.lead
name: lead
label: {zh-CN: 线索}
title: company
owner: owner
fields:
  - {id: t.lead.company, name: company, label: {zh-CN: 公司}, type: text}
  - {id: t.lead.contact, name: contact, label: {zh-CN: 联系人}, type: text, searchable: true}
  - {id: t.lead.phone, name: phone, label: {zh-CN: 电话}, type: phone}
  - {id: t.lead.note, name: note, label: {zh-CN: 备注}, type: long_text}
  - {id: t.lead.owner, name: owner, label: {zh-CN: 负责人}, type: person}
---
document: role
id: t.role.boss
name: boss
label: {zh-CN: 老板}
home: sales
objects: {lead: {create: true, read: true, update: true, delete: true, scope: all}}
---
document: role
id: t.role.seller
name: seller
label: {zh-CN: 销售}
home: sales
objects: {lead: {create: true, read: true, update: true, scope: own}}
---
document: role
id: t.role.mate
name: mate
label: {zh-CN: 同事}
home: sales
objects: {lead: {read: true, scope: team, fields: {'*': read, contact: hidden}}}
---
document: role
id: t.role.guest
name: guest
label: {zh-CN: 访客}
home: sales
objects: {lead: {read: true, scope: '电话 != ""', fields: {'*': read, owner: hidden}}}
`

// foundry is a company whose changes the index takes in.
type foundry struct {
	*office.Company
	index *search.Index
}

func onEach(t *testing.T, test func(c *foundry)) {
	t.Helper()
	people := map[string]string{"ann": "boss", "bob": "seller", "eve": "seller", "joe": "mate", "tom": "guest"}
	office.Each(t, documents, people, nil, func(c *office.Company) {
		index := search.NewIndex(c.DB, c.Catalog.Current, slog.New(slog.DiscardHandler))
		c.Records.Reactions = []record.Reaction{{Name: "search", Run: index.Note}}
		test(&foundry{c, index})
	})
}

// fill makes leads of few words, so that many hold the same, given to bob, eve and nobody in turn.
func (c *foundry) fill(n int) {
	c.Helper()
	towns, firms, ends := []string{"苏州", "上海", "无锡"}, []string{"恒力", "博锐", "Acme", "长安", "恒瑞"}, []string{"液压", "机械", "Robotics"}
	owners := []string{"bob", "eve", ""}
	err := c.Write(func(tx *sqldb.Tx) error {
		for i := range n {
			values := map[string]any{"company": towns[i%3] + firms[i%5] + " " + ends[i%7%3], "contact": []string{"王磊", "李娜", "Wang Lei"}[i%11%3]}
			if i%4 == 0 {
				values["phone"] = fmt.Sprintf("138%08d", i*7919)
			}
			if owner := owners[i%13%3]; owner != "" {
				values["owner"] = c.IDs[owner]
			}
			change := record.Change{Act: record.Create, Actor: c.Actor("ann"), Object: c.Object("lead"), Set: c.Set("lead", values)}
			if _, err := c.Records.Apply(tx, change); err != nil {
				return err
			}
		}
		return nil
	})
	c.Must(err)
	c.Must(c.index.CatchUp(c.Context()))
}

// finder asks as a person, in the object as he may know it.
func (c *foundry) finder(tx *sqldb.Tx, who, typed string) *search.Finder {
	reader := c.Reader(tx, who)
	return &search.Finder{Reader: reader, Object: reader.Grants.Visible(c.Object("lead")), Terms: search.Terms(typed)}
}

// pages are all hits of a question, in pages of a size.
func (c *foundry) pages(who, typed string, size int) (ids []string) {
	c.Helper()
	c.Read(func(tx *sqldb.Tx) error {
		ids = nil
		var from *search.Place
		for {
			hits, err := c.finder(tx, who, typed).Find(size, from)
			if err != nil {
				return err
			}
			if len(hits.Rows) > size {
				c.Errorf("%s %q: %d rows on a page of %d", who, typed, len(hits.Rows), size)
			}
			for _, row := range hits.Rows {
				ids = append(ids, row.ID)
			}
			if hits.Next == nil {
				return nil
			}
			if len(ids) > 1000 {
				return fmt.Errorf("%s %q: the pages do not end", who, typed)
			}
			from = hits.Next
		}
	})
	return ids
}

// scan is what a look at every record that the person may read gives.
func (c *foundry) scan(who, typed string) (ids []string) {
	c.Helper()
	terms := search.Terms(typed)
	c.Read(func(tx *sqldb.Tx) error {
		reader := c.Reader(tx, who)
		visible := reader.Grants.Visible(c.Object("lead"))
		rows, err := record.Select(tx, query.Select{
			Object: visible, Fields: visible.Fields, Where: reader.Grants.Scope(visible, access.Read), Sort: []query.Sort{{System: "id"}},
		})
		for _, row := range rows {
			if len(terms) > 0 && search.Holds(terms, search.Searchable(visible), row) {
				ids = append(ids, row.ID)
			}
		}
		return err
	})
	return ids
}

// Property: whoever asks for whatever words, the pages together are what a look
// at every record gives: nothing twice, nothing missing, the size of a page no matter.
func TestThePagesTogetherAreAll(t *testing.T) {
	onEach(t, func(c *foundry) {
		c.fill(180) // more than one look at the index gives
		words := []string{"恒", "恒力", "sz", "suzhou", "szhl", "a", "ac", "acme", "王", "wang", "wangl", "恒力 王", "液压", "robot", "138", "1380", "上海 acme", "苏州恒力", "l", "无", "没有", "长安 机械", "lei wang"}
		rapid.Check(c.T, func(r *rapid.T) {
			who := rapid.SampledFrom([]string{"ann", "bob", "eve", "joe", "tom"}).Draw(r, "who")
			typed := rapid.SampledFrom(words).Draw(r, "typed")
			size := rapid.SampledFrom([]int{1, 3, 7, 20, 50, 500}).Draw(r, "size")
			if size == 1 && len(c.scan(who, typed)) > 60 {
				size = 2
			}
			got, want := c.pages(who, typed, size), c.scan(who, typed)
			if whole := c.pages(who, typed, 500); !slices.Equal(got, whole) {
				r.Fatalf("%s %q: in pages of %d\n%v\nat once\n%v", who, typed, size, got, whole)
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				r.Fatalf("%s %q finds\n%v\nthere are\n%v", who, typed, got, want)
			}
		})
	})
}

// TestTheOrderOfWhatIsFound: titles that begin so come first, then one's own,
// then the rest; of equals the latest written.
func TestTheOrderOfWhatIsFound(t *testing.T) {
	onEach(t, func(c *foundry) {
		named := map[string]string{}
		for _, one := range []struct{ name, company, contact, owner string }{
			{"in the middle", "苏州恒力", "", ""}, {"ann's", "上海恒力", "", "ann"}, {"begins", "恒力液压", "", "bob"},
			{"by the contact", "博锐", "恒力", ""}, {"begins later", "恒力机械", "", ""}, {"ann's contact", "长安", "恒力", "ann"},
		} {
			values := map[string]any{"company": one.company, "contact": one.contact}
			if one.owner != "" {
				values["owner"] = c.IDs[one.owner]
			}
			named[c.Create("ann", "lead", values)] = one.name
		}
		check := func(when, who, typed, want string) {
			c.Helper()
			c.Must(c.index.CatchUp(c.Context()))
			var names []string
			for _, id := range c.pages(who, typed, 2) {
				names = append(names, named[id])
			}
			if got := strings.Join(names, ", "); got != want {
				c.Errorf("%s, %s types %q:\n got %s\nwant %s", when, who, typed, got, want)
			}
		}
		all := "begins later, begins, ann's contact, ann's, by the contact, in the middle"
		check("at first", "ann", "恒力", all)
		check("at first", "ann", "hengli", "ann's contact, ann's, begins later, by the contact, begins, in the middle")
		check("at first", "ann", "恒力 ", all)
		check("at first", "bob", "恒力", "begins")
		check("at first", "joe", "恒力", "begins, ann's")
		check("at first", "ann", "恒力液压", "begins")
		var middle string
		for id, name := range named {
			if name == "in the middle" {
				middle = id
			}
		}
		c.Edit("ann", "lead", middle, map[string]any{"company": "苏州恒力二厂"})
		check("written again", "ann", "恒力", "begins later, begins, ann's contact, ann's, in the middle, by the contact")
		c.Edit("ann", "lead", middle, map[string]any{"owner": c.IDs["ann"]})
		check("given to her", "ann", "恒力", "begins later, begins, in the middle, ann's contact, ann's, by the contact")
		c.Delete("ann", "lead", middle)
		check("deleted", "ann", "苏州", "")
		c.Restore("ann", "lead", middle)
		check("restored", "ann", "苏州", "in the middle")
	})
}

// TestAFieldIsMadeSearchable: what was found before goes on being found while old
// records are taken in anew, and afterwards the new field finds them as well.
func TestAFieldIsMadeSearchable(t *testing.T) {
	onEach(t, func(c *foundry) {
		id := c.Create("ann", "lead", map[string]any{"company": "苏州恒力", "note": "报价三台"})
		c.Must(c.index.CatchUp(c.Context()))
		check := func(when, typed string, want bool) {
			c.Helper()
			if got := slices.Equal(c.pages("ann", typed, 5), []string{id}); got != want {
				c.Errorf("%s %q finds it: %t", when, typed, got)
			}
		}
		check("before", "报价", false)
		c.Publish(strings.Replace(documents, "type: long_text}", "type: long_text, searchable: true}", 1))
		check("published", "恒力", true)
		check("published", "szh", true)
		check("published", "报价", false)
		c.Must(c.index.CatchUp(c.Context()))
		check("taken in", "恒力", true)
		check("taken in", "报价", true)
		c.Read(func(tx *sqldb.Tx) error {
			left, err := search.Backfill(tx)
			if len(left) != 0 {
				c.Errorf("still to be taken in: %+v", left)
			}
			return err
		})
		c.Publish(documents)
		check("taken back", "恒力", true)
		check("taken back", "报价", false)
		c.Must(c.index.CatchUp(c.Context()))
		check("taken back and in", "报价", false)
	})
}

// TestWhatIsInterruptedIsTakenInLater: a catch-up that is broken off leaves what
// it did not come to; two at once, as on two nodes, do it once.
func TestWhatIsInterruptedIsTakenInLater(t *testing.T) {
	onEach(t, func(c *foundry) {
		id := c.Create("ann", "lead", map[string]any{"company": "苏州恒力"})
		broken, cancel := context.WithCancel(c.Context())
		cancel()
		if err := c.index.CatchUp(broken); err == nil {
			c.Error("a catch-up that was broken off says that all is in")
		}
		c.Same("broken off", c.pages("ann", "恒力", 5), []string(nil))
		c.Same("waiting", c.Count("SELECT COUNT(*) FROM search_pending"), 1)
		done := make(chan error)
		for range 2 {
			other := search.NewIndex(c.DB, c.Catalog.Current, slog.New(slog.DiscardHandler))
			go func() { done <- other.CatchUp(context.WithoutCancel(c.Context())) }()
		}
		c.Must(<-done)
		c.Must(<-done)
		c.Same("taken in", c.pages("ann", "恒力", 5), []string{id})
		c.Same("left", c.Count("SELECT COUNT(*) FROM search_pending"), 0)
	})
}

// TestOnlyWordsMakeWork: a change of what nobody searches leaves the index alone.
func TestOnlyWordsMakeWork(t *testing.T) {
	onEach(t, func(c *foundry) {
		id := c.Create("ann", "lead", map[string]any{"company": "苏州恒力"})
		c.Must(c.index.CatchUp(c.Context()))
		for _, one := range []struct {
			values map[string]any
			want   int
		}{
			{map[string]any{"note": "随便"}, 0},
			{map[string]any{"company": "苏州恒力"}, 0},
			{map[string]any{"company": "无锡恒力"}, 1},
			{map[string]any{"owner": c.IDs["bob"]}, 1},
			{map[string]any{"note": "又", "phone": "13800000001"}, 1},
		} {
			c.Edit("ann", "lead", id, one.values)
			c.Same(fmt.Sprint(one.values), c.Count("SELECT COUNT(*) FROM search_pending"), one.want)
			c.Must(c.index.CatchUp(c.Context()))
		}
	})
}
