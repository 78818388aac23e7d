package record_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/record"
)

// choicesOf are fields that people type into, each with values and a blank.
func choicesOf() map[string][]any {
	return map[string][]any{
		"company": {"恒力", "博锐", "  恒力 ", "O'Neil & 子", nil}, "contact": {"王", "李", nil}, "wechat": {"w1", nil},
		"amount": {"1", "1.00", "99999999999.99", "-0.01", nil}, "rank": {"0", "0.125", "-3", nil}, "on": {"2026-03-03", "2028-02-29", nil},
		"hot": {true, false, nil}, "tags": {[]any{"a"}, []any{"b", "a"}, []any{}, nil}, "source": {"官网", nil},
		"next_action": {"电话", "拜访", nil}, "next_due": {"2026-03-04T10:00:00+08:00", "2026-03-05T00:00:00Z", nil},
	}
}

// Property: what people changed is told once, field by field, from what was
// there to what there is now, so that the thread alone gives the record: after
// whatever was typed, claimed, deleted, restored, said, and refused.
func TestTheThreadAloneGivesTheRecord(t *testing.T) {
	onBoth(t, func(c *company) {
		random := rand.New(rand.NewPCG(7, 3))
		id := c.create("lead", map[string]any{"status": "新", "owner": c.ids["ann"]}).ID
		fields := slices.Sorted(maps.Keys(choicesOf()))
		told := map[string]any{}
		read := len(c.entries(id))
		for range 120 {
			c.clock.Advance(time.Minute)
			live := c.row("lead", id) != nil
			var err error
			turn := random.IntN(12)
			if !live && turn > 6 {
				turn = 0
			}
			switch turn {
			case 0:
				act := record.Delete
				if !live {
					act = record.Restore
				}
				_, err = c.act(act, id)
			case 1:
				_, err = c.act(record.Claim, id)
			case 2:
				_, err = c.apply(record.Change{Act: record.Update, Actor: c.as("bob"), Object: c.object("lead"), ID: id, Set: map[string]any{}})
			default:
				set := map[string]any{}
				for range 1 + random.IntN(3) {
					name := fields[random.IntN(len(fields))]
					values := choicesOf()[name]
					set[name] = values[random.IntN(len(values))]
				}
				_, err = c.update("lead", id, set)
			}
			if live && err != nil {
				c.Fatal(err)
			}
			entries := c.entries(id)
			for _, entry := range entries[read:] {
				c.replay(told, entry.Params)
			}
			read = len(entries)
			if row := c.row("lead", id); row != nil {
				for _, name := range fields {
					f, _ := c.object("lead").Field(name)
					var want any
					if v := row.Values[f.ID]; v != nil {
						want = record.Stored(f, v)
					}
					if fmt.Sprint(told[f.ID]) != fmt.Sprint(want) {
						c.Fatalf("%s is %v, the thread says %v", name, want, told[f.ID])
					}
				}
			}
		}
		c.same("entries were read", read > 40, true)
	})
}

// replay puts what an entry says over what was told before, which must agree.
func (c *company) replay(told map[string]any, params map[string]any) {
	c.Helper()
	before, _ := params["before"].(map[string]any)
	after, _ := params["after"].(map[string]any)
	if len(before) != len(after) {
		c.Fatalf("an entry tells %v before and %v after", before, after)
	}
	for field, value := range after {
		was, both := before[field]
		if !both || reflect.DeepEqual(was, value) {
			c.Fatalf("%s: from %v to %v", field, was, value)
		}
		if fmt.Sprint(told[field]) != fmt.Sprint(was) {
			c.Fatalf("%s was told to be %v, and changes from %v", field, told[field], was)
		}
		if value == nil {
			delete(told, field)
			continue
		}
		told[field] = value
	}
}

// TestAFollowUpLeavesWhatIsFurtherOn: only one that waits, or is over, becomes
// worked on; one that somebody moved on stays where it stands.
func TestAFollowUpLeavesWhatIsFurtherOn(t *testing.T) {
	onBoth(t, func(c *company) {
		for _, one := range []struct{ name, status, reason, want string }{
			{"one that nobody sorted", "", "", "working"},
			{"one that is new", "新", "", "working"},
			{"one that is worked on", "跟进中", "", "working"},
			{"one that was lost", "战败", "价格", "working"},
			{"one that was won", "成交", "匹配", "working"},
		} {
			values := map[string]any{"company": one.name, "status": one.status}
			switch one.status {
			case "战败":
				values["lost_reason"] = one.reason
			case "成交":
				values["won_reason"] = one.reason
			}
			id := c.create("lead", values).ID
			c.must(c.say(id))
			c.same(one.name, c.value("lead", id, "status"), "t.lead.status."+one.want)
		}
		id := c.create("lead", map[string]any{"company": "转了", "status": "新"}).ID
		c.publish(furtherOn())
		_, err := c.update("lead", id, map[string]any{"status": "已转"})
		c.must(err)
		c.must(c.say(id))
		c.same("one that was converted", c.value("lead", id, "status"), "t.lead.status.converted")
		c.same("its promise", c.value("lead", id, "next_due") != "", true)
	})
}

// say is a follow-up with a promise.
func (c *company) say(id string) error {
	_, err := c.followUp("ann", id, record.FollowUpCard{Action: ring, NextAction: visit, NextDue: c.clock.Now().Add(time.Hour)}, nil)
	return err
}

// TestWhatTwoShareHindersNeither: a delivery may bring a record a value that
// another holds; whoever changes something else of either is let, who types such
// a value anew is not.
func TestWhatTwoShareHindersNeither(t *testing.T) {
	onBoth(t, func(c *company) {
		one := c.deliver("1", map[string]any{"company": "一", "phone": "13900000001"}).ID
		two := c.deliver("2", map[string]any{"company": "二", "wechat": "shared"}).ID
		met := c.deliver("3", map[string]any{"phone": "13900000001", "wechat": "shared"})
		c.same("it met the one with the number", met.ID, one)
		c.same("and brought it the other's WeChat", c.value("lead", one, "wechat"), "shared")
		for _, id := range []string{one, two} {
			_, err := c.update("lead", id, map[string]any{"contact": "王"})
			c.must(err)
		}
		_, err := c.update("lead", one, map[string]any{"phone": "13900000009"})
		c.must(err)
		_, err = c.update("lead", one, map[string]any{"wechat": "own"})
		c.must(err)
		_, err = c.update("lead", one, map[string]any{"wechat": "shared"})
		c.refused("typed anew", err, "duplicate: wechat duplicate")
		_, err = c.update("lead", two, map[string]any{"wechat": "free"})
		c.must(err)
		_, err = c.update("lead", one, map[string]any{"wechat": "shared"})
		c.must(err)
		third := c.deliver("4", map[string]any{"wechat": "shared"})
		c.same("now it is the one's", third.ID, one)
	})
}

// furtherOn are the company's documents with a status beyond the work.
func furtherOn() string {
	const working = "      - {id: t.lead.status.working, name: 跟进中, label: {zh-CN: 跟进中, en: Working}}\n"
	return strings.Replace(objects, working, working+"      - {id: t.lead.status.converted, name: 已转, label: {zh-CN: 已转, en: Converted}}\n", 1)
}
