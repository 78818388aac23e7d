package record_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// followUp says something of a lead as a person.
func (c *company) followUp(who, id string, card record.FollowUpCard, set map[string]any) (record.Result, error) {
	c.Helper()
	return c.apply(record.Change{
		Act: record.FollowUp, Actor: c.as(who), Object: c.object("lead"), ID: id, FollowUp: &card, Set: c.set("lead", set),
	})
}

const (
	ring  = "t.lead.next_action.ring"
	visit = "t.lead.next_action.visit"
)

// TestTheCommitmentLock: a follow-up names the next action and when, in the
// future, unless it ends the matter; whoever comes past the API too.
func TestTheCommitmentLock(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.create("lead", map[string]any{"company": "恒力", "status": "新"}).ID
		later := noon.Add(time.Hour)
		for _, one := range []struct {
			name string
			card record.FollowUpCard
			want string
		}{
			{"nothing", record.FollowUpCard{}, "invalid_input: action required, next_action required, next_due required"},
			{"no next action", record.FollowUpCard{Action: ring, NextDue: later}, "invalid_input: next_action required"},
			{"no deadline", record.FollowUpCard{Action: ring, NextAction: visit}, "invalid_input: next_due required"},
			{"a deadline that is past", record.FollowUpCard{Action: ring, NextAction: visit, NextDue: noon.Add(-time.Microsecond)}, "invalid_input: next_due in_the_past"},
			{"this very moment", record.FollowUpCard{Action: ring, NextAction: visit, NextDue: noon}, "invalid_input: next_due in_the_past"},
			{"an outcome without an action", record.FollowUpCard{Outcome: "t.lead.outcome.won"}, "invalid_input: action required"},
			{"an outcome that there is not", record.FollowUpCard{Action: ring, Outcome: "t.lead.outcome.moon"}, "invalid_input: outcome unknown_choice"},
			{"another object's choice", record.FollowUpCard{Action: ring, Outcome: "t.lead.status.won"}, "invalid_input: outcome unknown_choice"},
			{"lost without saying why", record.FollowUpCard{Action: ring, Outcome: "t.lead.outcome.lost"}, "invalid_input: lost_reason required"},
		} {
			_, err := c.followUp("ann", id, one.card, nil)
			c.refused(one.name, err, one.want)
		}
		c.same("status", c.value("lead", id, "status"), "t.lead.status.new")
		c.same("thread", c.kinds(id), "received matched")
		_, err := c.apply(record.Change{Act: record.FollowUp, Actor: c.as("ann"), Object: c.object("firm"), ID: c.create("firm", map[string]any{"name": "x"}).ID, FollowUp: &record.FollowUpCard{Action: ring}})
		c.refused("an object without follow-ups", err, "no_follow_up")
	})
}

// TestAFollowUpMovesTheLead: status, promise, touches and owner, and the record
// that it becomes says by how much the promise before it was kept.
func TestAFollowUpMovesTheLead(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.deliver("", map[string]any{"company": "恒力", "status": "新", "phone": "13900000001"}).ID
		due := noon.Add(2 * time.Hour)
		_, err := c.followUp("ann", id, record.FollowUpCard{Action: ring, Text: "先打个电话", NextAction: visit, NextDue: due}, nil)
		c.must(err)
		stamp := noon.Format(time.RFC3339)
		for field, want := range map[string]string{
			"status": "t.lead.status.working", "next_action": visit, "next_due": due.Format(time.RFC3339), "owner": c.ids["ann"], "first_at": stamp, "last_at": stamp,
		} {
			c.same(field, c.value("lead", id, field), want)
		}
		c.clock.Advance(2 * time.Hour) // at the very deadline
		_, err = c.followUp("bob", id, record.FollowUpCard{Action: visit, NextAction: ring, NextDue: due.Add(time.Hour)}, nil)
		c.must(err)
		c.same("the owner stays", c.value("lead", id, "owner"), c.ids["ann"])
		c.same("the first touch stays", c.value("lead", id, "first_at"), stamp)
		c.same("the last one moves", c.value("lead", id, "last_at"), due.Format(time.RFC3339))
		c.clock.Advance(time.Hour + time.Second)
		_, err = c.followUp("ann", id, record.FollowUpCard{Action: ring, Outcome: "t.lead.outcome.won"}, map[string]any{"amount": "12"})
		c.must(err)
		for field, want := range map[string]string{
			"status": "t.lead.status.won", "next_action": "", "next_due": "", "won_reason": "t.lead.won_reason.unsaid", "amount": "map[amount:12.00 currency:CNY]",
		} {
			c.same("won: "+field, c.value("lead", id, field), want)
		}
		person := c.value("lead", id, "person")
		c.same("what they became", c.calls(), strings.Join([]string{
			"先打个电话 ring ann  ", "visit bob true", "ring ann false",
		}, "; "))
		if person == "" || c.callsOf("person", person) != 3 || c.callsOf("lead", id) != 3 {
			t.Errorf("follow-ups point to %q", person)
		}
		c.same("thread", c.kinds(id), "received matched follow_up follow_up follow_up")
	})
}

// calls are the records that follow-ups became: text, action, by whom, and kept.
func (c *company) calls() string {
	c.Helper()
	names := map[string]string{}
	for name, id := range c.ids {
		names[id] = name
	}
	var all []string
	for _, row := range c.rows("call") {
		at := func(field string) any { return row.Values["t.call."+field] }
		one := strings.TrimPrefix(fmt.Sprint(at("action")), "t.call.action.") + " " + names[fmt.Sprint(at("by"))]
		if text, ok := at("text").(string); ok {
			one = text + " " + one
		}
		if kept, ok := at("kept").(bool); ok {
			one += fmt.Sprint(" ", kept)
		} else {
			one += "  "
		}
		all = append(all, one)
	}
	return strings.Join(all, "; ")
}

func (c *company) callsOf(field, id string) (n int) {
	c.Helper()
	for _, row := range c.rows("call") {
		if row.Values["t.call."+field] == id {
			n++
		}
	}
	return n
}

// TestReasonsGoWithTheChoice: asked of people, stood in for where the rule has
// one, blank again once the choice is another, and never asked of a clock.
func TestReasonsGoWithTheChoice(t *testing.T) {
	onBoth(t, func(c *company) {
		clock := thread.Actor{Kind: thread.Clock, ID: "commitment"}
		for _, one := range []struct {
			name   string
			actor  thread.Actor
			before map[string]any
			set    map[string]any
			want   string // fault, or the two reasons
		}{
			{"lost without a reason", c.as("ann"), nil, map[string]any{"status": "战败"}, "invalid_input: lost_reason required"},
			{"lost with a reason", c.as("ann"), nil, map[string]any{"status": "战败", "lost_reason": "价格"}, "price "},
			{"won without one has the stand-in", c.as("ann"), nil, map[string]any{"status": "成交"}, " unsaid"},
			{"won with one", c.as("ann"), nil, map[string]any{"status": "成交", "won_reason": "匹配"}, " fit"},
			{"a clock is not asked", clock, nil, map[string]any{"status": "战败"}, " "},
			{"from lost to won", c.as("ann"), map[string]any{"status": "战败", "lost_reason": "价格"}, map[string]any{"status": "成交"}, " unsaid"},
			{"open again", c.as("ann"), map[string]any{"status": "成交"}, map[string]any{"status": "跟进中"}, " "},
			{"the status blanked", c.as("ann"), map[string]any{"status": "成交"}, map[string]any{"status": nil}, " "},
			{"the reason taken away", c.as("ann"), map[string]any{"status": "战败", "lost_reason": "价格"}, map[string]any{"lost_reason": nil}, "invalid_input: lost_reason required"},
			{"another reason", c.as("ann"), map[string]any{"status": "战败", "lost_reason": "价格"}, map[string]any{"lost_reason": "其他"}, "other "},
			{"a reason beside another choice", c.as("ann"), nil, map[string]any{"lost_reason": "价格"}, "price "},
			{"another field of a lost lead", c.as("ann"), map[string]any{"status": "战败", "lost_reason": "价格"}, map[string]any{"company": "x"}, "price "},
		} {
			id := c.create("lead", one.before).ID
			_, err := c.apply(record.Change{Act: record.Update, Actor: one.actor, Object: c.object("lead"), ID: id, Set: c.set("lead", one.set)})
			if strings.HasPrefix(one.want, "invalid") {
				c.refused(one.name, err, one.want)
				continue
			}
			c.must(err)
			got := strings.TrimPrefix(c.value("lead", id, "lost_reason"), "t.lead.lost_reason.") + " " + strings.TrimPrefix(c.value("lead", id, "won_reason"), "t.lead.won_reason.")
			c.same(one.name, got, one.want)
		}
		_, err := c.apply(record.Change{Act: record.Create, Actor: c.as("ann"), Object: c.object("lead"), Set: c.set("lead", map[string]any{"status": "战败"})})
		c.refused("made lost", err, "invalid_input: lost_reason required")
	})
}

// TestClaiming: whoever comes first owns it, the next one only says so, and
// what has ended cannot be claimed.
func TestClaiming(t *testing.T) {
	onBoth(t, func(c *company) {
		claim := func(who thread.Actor, id string) error {
			_, err := c.apply(record.Change{Act: record.Claim, Actor: who, Object: c.object("lead"), ID: id})
			return err
		}
		free := c.deliver("", map[string]any{"company": "a"}).ID
		c.must(claim(thread.Actor{Kind: thread.Clock, ID: "claim"}, free))
		c.same("a clock owns nothing", c.value("lead", free, "owner"), "")
		c.must(claim(c.as("ann"), free))
		c.must(claim(c.as("bob"), free))
		c.same("owner", c.value("lead", free, "owner"), c.ids["ann"])
		c.same("thread", c.kinds(free), "received matched claimed claimed claimed")
		closed := c.create("lead", map[string]any{"status": "成交"}).ID
		c.refused("closed", claim(c.as("ann"), closed), "record_closed")
	})
}

// TestDeletedRecordsComeBackForThirtyDays: to the second.
func TestDeletedRecordsComeBackForThirtyDays(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.create("lead", map[string]any{"company": "a", "phone": "13900000001"}).ID
		for _, one := range []struct {
			name  string
			after time.Duration
			want  string
		}{
			{"at once", 0, "<nil>"},
			{"on the last moment", record.Restorable, "<nil>"},
			{"a microsecond later", record.Restorable + time.Microsecond, "restore_too_late"},
		} {
			_, err := c.act(record.Delete, id)
			c.must(err)
			if c.row("lead", id) != nil {
				t.Errorf("%s: still read", one.name)
			}
			c.clock.Advance(one.after)
			_, err = c.act(record.Restore, id)
			c.refused(one.name, err, one.want)
		}
		c.same("thread", c.kinds(id), "received matched deleted restored deleted restored deleted")
	})
}

// TestARestoreBringsBackWhatWasThere: values, owner, revision counted on.
func TestARestoreBringsBackWhatWasThere(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.create("lead", map[string]any{"company": "a", "amount": "5", "tags": []any{"x"}, "owner": c.ids["ann"]}).ID
		before := c.row("lead", id)
		_, err := c.act(record.Delete, id)
		c.must(err)
		back, err := c.act(record.Restore, id)
		c.must(err)
		after := c.row("lead", id)
		c.same("values", fmt.Sprint(after.Values), fmt.Sprint(before.Values))
		if after.DeletedAt != nil || after.Revision != before.Revision+2 || back.Before.DeletedAt == nil {
			t.Errorf("restored %+v", after)
		}
	})
}

// TestBrowsersHearOfWhatWasCommitted: once a change, with the record as it was,
// so that whoever could see it then is known.
func TestBrowsersHearOfWhatWasCommitted(t *testing.T) {
	onBoth(t, func(c *company) {
		heard := func(what, want string) {
			t.Helper()
			c.same(what, strings.Join(c.heard, "; "), want)
			c.heard = nil
		}
		id := c.create("lead", map[string]any{"company": "a", "owner": c.ids["ann"]}).ID
		heard("made", "t.lead "+id+" ")
		_, err := c.update("lead", id, map[string]any{"contact": "b"})
		c.must(err)
		heard("changed", "t.lead "+id+" "+c.ids["ann"])
		_, err = c.update("lead", id, map[string]any{"owner": c.ids["bob"]})
		c.must(err)
		heard("passed on", "t.lead "+id+" "+c.ids["ann"])
		_, err = c.update("lead", id, map[string]any{"owner": nil})
		c.must(err)
		heard("left to nobody", "t.lead "+id+" "+c.ids["bob"])
		gone := errors.New("rolled back")
		err = c.db.Write(t.Context(), func(tx *sqldb.Tx) error {
			_, err := c.store.Apply(tx, record.Change{Act: record.Delete, Actor: c.as("ann"), Object: c.object("lead"), ID: id})
			return errors.Join(err, gone)
		})
		if !errors.Is(err, gone) {
			t.Fatal(err)
		}
		heard("rolled back", "")
	})
}

// TestNotesReasonsAndOperationsStandInTheThread: a change that is part of
// something bigger says so instead of telling fields by themselves.
func TestNotesReasonsAndOperationsStandInTheThread(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.create("lead", map[string]any{"company": "a"}).ID
		last := func(change record.Change) thread.Entry {
			t.Helper()
			change.Act, change.Actor, change.Object, change.ID = record.Update, c.as("ann"), c.object("lead"), id
			_, err := c.apply(change)
			c.must(err)
			entries := c.entries(id)
			return entries[len(entries)-1]
		}
		e := last(record.Change{Set: c.set("lead", map[string]any{"company": "b"}), Reason: "写错了"})
		if e.Kind != "changed" || e.Params["reason"] != "写错了" {
			t.Errorf("with a reason: %+v", e)
		}
		e = last(record.Change{Set: c.set("lead", map[string]any{"company": "c"}), Operation: "op-1"})
		if e.Kind != "changed" || e.Params["operation"] != "op-1" {
			t.Errorf("of an operation: %+v", e)
		}
		note := &record.Note{Kind: record.Converted, Params: map[string]any{"from": "x"}}
		e = last(record.Change{Set: c.set("lead", map[string]any{"company": "d"}), Note: note})
		if e.Kind != record.Converted || e.Params["from"] != "x" || fmt.Sprint(e.Params["after"]) != "map[t.lead.company:d]" {
			t.Errorf("with a note: %+v", e)
		}
		e = last(record.Change{Set: c.set("lead", map[string]any{"company": "d"}), Note: note})
		if e.Kind != record.Converted || fmt.Sprint(e.Params["after"]) != "map[]" {
			t.Errorf("a note without a change: %+v", e)
		}
		if len(note.Params) != 1 {
			t.Errorf("the caller's note was written into: %v", note.Params)
		}
		e = last(record.Change{Merge: "other"})
		if e.Kind != "merged" || e.Params["record"] != "other" {
			t.Errorf("a merge: %+v", e)
		}
	})
}

// TestTheSourcesTimeIsKept: beside our own, which alone counts.
func TestTheSourcesTimeIsKept(t *testing.T) {
	onBoth(t, func(c *company) {
		at := noon.Add(-3 * time.Hour)
		made, err := c.apply(record.Change{
			Act: record.Create, Actor: thread.Actor{Kind: thread.Channel, ID: "web"}, Object: c.object("lead"), TouchOpen: true,
			Set:      c.set("lead", map[string]any{"company": "a"}),
			Delivery: &record.Delivery{ID: "d1", Channel: "web", SourceAt: &at, Flags: map[string]string{"t.lead.phone": "unusual_phone"}},
		})
		c.must(err)
		c.same("source_at", c.value("lead", made.ID, "source_at"), at.Format(time.RFC3339))
		entry := c.entries(made.ID)[0]
		if p := entry.Params; p["channel"] != "web" || p["delivery"] != "d1" || p["source_at"] != "2026-03-03T01:00:00Z" || fmt.Sprint(p["flags"]) != "map[t.lead.phone:unusual_phone]" {
			t.Errorf("the entry keeps %v", p)
		}
		if !c.row("lead", made.ID).CreatedAt.Equal(noon) {
			t.Error("received at the source's time")
		}
	})
}
