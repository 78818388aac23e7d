package conversion_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// TestUndoBringsEverythingBack: with values of every kind before the conversion,
// with what was made and with what was only used.
func TestUndoBringsEverythingBack(t *testing.T) {
	onBoth(t, func(c *company) {
		c.Create("eve", "firm", map[string]any{"name": "恒力液压", "owner": c.IDs["ann"]})
		c.Create("eve", "person", map[string]any{"name": "老王", "phone": "13900000001", "owner": c.IDs["ann"]})
		for i, one := range []map[string]any{
			{"company": "全新公司", "contact": "李", "phone": "13900000009", "status": "新", "due": "2026-03-05T01:00:00+08:00"},
			{"company": "恒力液压", "city": "苏州", "trade": "汽车", "phone": "13900000001", "wechat": "ww", "budget": "0.10", "due": "2026-03-05T01:00:00.123456Z"},
			{"product": "只有机型"},
		} {
			lead := c.lead(one)
			before := c.all()
			for round := range 2 {
				_, fault := c.convert("ann", lead, nil)
				c.Same(fmt.Sprint("convert ", i, round), fault, "")
				c.Same(fmt.Sprint("undo ", i, round), c.undo("ann", lead), "")
				if after := c.all(); !maps.Equal(before, after) {
					t.Errorf("lead %d, round %d: - before + after\n- %v\n+ %v", i, round, before, after)
				}
			}
			c.Same("undo of nothing", c.undo("ann", lead), "not_converted")
		}
	})
}

// TestWhatPreventsAnUndo: another person's work on what was made, on the lead,
// a record that points there now, and time. The program's own work does not.
func TestWhatPreventsAnUndo(t *testing.T) {
	onBoth(t, func(c *company) {
		for _, one := range []struct {
			name   string
			change func(lead string, made map[string]string)
			want   string
		}{
			{"nothing", func(string, map[string]string) {}, ""},
			{"one's own work", func(_ string, made map[string]string) {
				c.Edit("ann", "deal", made["deal"], map[string]any{"name": "x"})
			}, ""},
			{"another's on the deal", func(_ string, made map[string]string) {
				c.Edit("eve", "deal", made["deal"], map[string]any{"name": "x"})
			}, "changed_since: deal changed_by"},
			{"two others' on two records", func(lead string, made map[string]string) {
				c.Edit("eve", "deal", made["deal"], map[string]any{"name": "x"})
				c.Edit("bob", "deal", made["deal"], map[string]any{"name": "y"})
				c.Edit("eve", "lead", lead, map[string]any{"city": "x"})
			}, "changed_since: deal changed_by, deal changed_by, lead changed_by"},
			{"another's record that points to the deal", func(_ string, made map[string]string) {
				c.Create("eve", "note", map[string]any{"text": "x", "deal": made["deal"]})
			}, "changed_since: deal linked_by"},
			{"one's own that does", func(_ string, made map[string]string) {
				c.Create("ann", "note", map[string]any{"text": "x", "deal": made["deal"]})
			}, "changed_since: deal linked_by"},
			{"a deleted one that did", func(_ string, made map[string]string) {
				c.Delete("eve", "note", c.Create("eve", "note", map[string]any{"text": "x", "deal": made["deal"]}))
			}, ""},
			{"thirty days", func(string, map[string]string) { c.Clock.Advance(30 * 24 * time.Hour) }, ""},
			{"a moment more", func(string, map[string]string) { c.Clock.Advance(30*24*time.Hour + time.Microsecond) }, "undo_too_late"},
			{"the deal is gone already", func(_ string, made map[string]string) { c.Delete("ann", "deal", made["deal"]) }, ""},
		} {
			lead := c.lead(map[string]any{"company": one.name + " 厂", "status": "新"})
			made, fault := c.convert("ann", lead, nil)
			c.Same(one.name+": convert", fault, "")
			one.change(lead, made)
			before := c.all()
			c.Same(one.name, c.undo("ann", lead), one.want)
			if one.want != "" {
				if !maps.Equal(before, c.all()) {
					t.Errorf("%s: a refused undo changed something", one.name)
				}
				continue
			}
			c.Same(one.name+": status", c.Value("lead", lead, "status"), "t.lead.status.new")
			c.Same(one.name+": deal", c.Value("deal", made["deal"], "name"), "gone")
			c.Same(one.name+": kept", c.Count("SELECT COUNT(*) FROM conversion WHERE record=$1", lead), 0)
		}
	})
}

// TestWhatMovedOnSinceIsLeft: values of the lead and of a known firm that the
// converter himself changed afterwards stay as he left them.
func TestWhatMovedOnSinceIsLeft(t *testing.T) {
	onBoth(t, func(c *company) {
		firm := c.Create("eve", "firm", map[string]any{"name": "恒力液压", "owner": c.IDs["ann"]})
		lead := c.lead(map[string]any{"company": "恒力液压", "city": "苏州", "trade": "汽车", "status": "新", "due": "2026-03-05T01:00:00Z"})
		_, fault := c.convert("ann", lead, nil)
		c.Same("convert", fault, "")
		c.Same("filled", c.Value("firm", firm, "city"), "苏州")
		c.Edit("ann", "firm", firm, map[string]any{"city": "无锡"})
		c.Edit("ann", "lead", lead, map[string]any{"due": "2026-04-01T00:00:00Z"})
		c.Same("undo", c.undo("ann", lead), "")
		c.Same("the firm's city", c.Value("firm", firm, "city"), "无锡")
		c.Same("its trade is blank again", c.Value("firm", firm, "trade"), "")
		c.Same("the lead's deadline", c.Value("lead", lead, "due"), "2026-04-01T00:00:00Z")
		c.Same("its status", c.Value("lead", lead, "status"), "t.lead.status.new")
		c.Same("threads", fmt.Sprint(c.Kinds(firm)), "[received matched converted changed unconverted]")
	})
}

// TestAnUndoHandsNothingToWhoHasLeft: a lead that the conversion took from
// somebody who has left since stays as it is, and the thread says it.
func TestAnUndoHandsNothingToWhoHasLeft(t *testing.T) {
	onBoth(t, func(c *company) {
		c.Publish(strings.Replace(documents, "sets: {status: 已转, due: null}", "sets: {status: 已转, due: null, owner: null}", 1))
		converted := func() string {
			lead := c.lead(map[string]any{"company": "a 厂", "product": "x"})
			_, fault := c.convert("eve", lead, map[string]wish{"firm": {New: true}})
			c.Same("convert", fault, "")
			c.Same("taken from her", c.Value("lead", lead, "owner"), "")
			return lead
		}
		goes, stays := converted(), converted()
		c.Same("undo", c.undo("eve", goes), "")
		c.Same("back with ann", c.Value("lead", goes, "owner"), c.IDs["ann"])
		active := false
		_, err := c.People.UpdateUser(c.Context(), c.IDs["ann"], account.UserChange{Active: &active})
		c.Must(err)
		c.Same("undo after she left", c.undo("eve", stays), "")
		c.Same("still nobody's", c.Value("lead", stays, "owner"), "")
		c.Same("its status", c.Value("lead", stays, "status"), c.Value("lead", goes, "status"))
		owner, _ := c.Object("lead").Field("owner")
		c.Same("said", c.said(stays), fmt.Sprintf("unconverted map[%s:%s]", owner.ID, c.IDs["ann"]))
		c.Same("nothing to say", c.said(goes), "unconverted <nil>")
	})
}

// said is the latest entry of a thread, with the people who have left.
func (c *company) said(id string) (text string) {
	c.Helper()
	c.Read(func(tx *sqldb.Tx) error {
		entries, err := thread.List(tx, id, 0, 1)
		text = fmt.Sprint(entries[0].Kind, " ", entries[0].Params["kept"])
		return err
	})
	return text
}

// TestWhoMayUndo: who converted, or who may delete what was made; nobody who
// does not have the lead.
func TestWhoMayUndo(t *testing.T) {
	onBoth(t, func(c *company) {
		convert := func() string {
			lead := c.lead(map[string]any{"company": "a 厂", "product": "x"})
			_, fault := c.convert("ann", lead, map[string]wish{"firm": {New: true}})
			c.Same("convert", fault, "")
			return lead
		}
		lead := convert()
		c.Same("without the lead", c.undo("bob", lead), "not_found")
		c.Same("without the right to delete", c.undo("kim", lead), "forbidden")
		c.Same("who may delete", c.undo("eve", lead), "")
		lead = convert()
		c.Same("who converted", c.undo("ann", lead), "")
		c.Same("who may delete nothing himself", office.Fault(func() error {
			_, err := c.Change("ann", "deal", record.Change{Act: record.Delete, ID: "absent"})
			return err
		}()), "not_found")
	})
}
