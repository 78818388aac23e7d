package record_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// TestWhoMeetsWhom: the same value under one key is the same open record,
// however it is written, and what is no key brings nobody together.
func TestWhoMeetsWhom(t *testing.T) {
	onBoth(t, func(c *company) {
		for i, one := range []struct {
			name          string
			first, second map[string]any
			meets         bool
		}{
			{"the same phone", map[string]any{"phone": "13900000001"}, map[string]any{"phone": "13900000001"}, true},
			{"a phone written otherwise", map[string]any{"phone": "13900000002"}, map[string]any{"phone": "+86 139 0000 0002"}, true},
			{"another phone", map[string]any{"phone": "13900000004"}, map[string]any{"phone": "13900000005"}, false},
			{"WeChat in another case", map[string]any{"wechat": "LiMing_88"}, map[string]any{"wechat": "liming_88"}, true},
			{"WeChat with spaces around", map[string]any{"wechat": "zhao-66"}, map[string]any{"wechat": " zhao-66 "}, true},
			{"one key of two", map[string]any{"phone": "13900000006", "wechat": "w6"}, map[string]any{"phone": "13900000007", "wechat": "w6"}, true},
			{"the same company alone", map[string]any{"company": "恒力"}, map[string]any{"company": "恒力"}, false},
			{"nothing at all", map[string]any{}, map[string]any{}, false},
		} {
			first := c.deliver("", one.first)
			second := c.deliver("", one.second)
			if got := second.ID == first.ID; got != one.meets {
				t.Errorf("%d %s: met %v", i, one.name, got)
			}
			want := record.Create
			if one.meets {
				want = record.Touch
			}
			if second.Act != want || second.Created == one.meets {
				t.Errorf("%s: became %s, created %v", one.name, second.Act, second.Created)
			}
		}
	})
}

// TestAPersonIsToldOfADuplicateInsteadOfATouch: who types a lead in is refused
// with the field that met, and nothing of the attempt stays.
func TestAPersonIsToldOfADuplicateInsteadOfATouch(t *testing.T) {
	onBoth(t, func(c *company) {
		first := c.create("lead", map[string]any{"phone": "13900000001", "company": "恒力"})
		for _, values := range []map[string]any{
			{"phone": "13900000001"}, {"phone": "13900000001", "wechat": "new-one"},
		} {
			_, err := c.apply(record.Change{Act: record.Create, Actor: c.as("bob"), Object: c.object("lead"), Set: c.set("lead", values)})
			c.refused("a duplicate", err, "duplicate: phone duplicate")
			if f, ok := fault.As(err); !ok || f.Kind != fault.Conflict || f.Params[record.DuplicateOf] != first.ID {
				t.Errorf("the duplicate names %+v", f)
			}
		}
		c.same("keys", c.keys(first.ID), "phone +8613900000001")
		c.same("thread", c.kinds(first.ID), "received matched")
		next := c.create("lead", map[string]any{"wechat": "new-one"})
		c.same("a refused one took its key along", c.keys(next.ID), "wechat new-one")
	})
}

// TestTheStrongestKeyDecides: a delivery that meets two records touches the one
// that the first declared key finds, and the other keeps what it has.
func TestTheStrongestKeyDecides(t *testing.T) {
	onBoth(t, func(c *company) {
		byPhone := c.create("lead", map[string]any{"phone": "13900000001"})
		byWeChat := c.create("lead", map[string]any{"wechat": "zhao"})
		met := c.deliver("", map[string]any{"phone": "13900000001", "wechat": "zhao"})
		c.same("met", met.ID, byPhone.ID)
		c.same("its keys", c.keys(byPhone.ID), "phone +8613900000001")
		c.same("the other's keys", c.keys(byWeChat.ID), "wechat zhao")
		c.same("the blank was filled", c.value("lead", byPhone.ID, "wechat"), "zhao")
		again := c.deliver("", map[string]any{"wechat": "zhao"})
		c.same("WeChat alone still meets its own", again.ID, byWeChat.ID)
	})
}

// TestASourcesOwnIdFindsItsRecordOpenOrClosed: phone numbers meet open records
// alone, a channel's id of what it sends meets its record whatever became of it.
func TestASourcesOwnIdFindsItsRecordOpenOrClosed(t *testing.T) {
	onBoth(t, func(c *company) {
		first := c.deliver("clue-1", map[string]any{"phone": "13900000001", "status": "新"})
		c.same("keys", c.keys(first.ID), "!web external clue-1, phone +8613900000001")
		_, err := c.update("lead", first.ID, map[string]any{"status": "成交"})
		c.must(err)
		c.same("keys once closed", c.keys(first.ID), "!web external clue-1")
		again := c.deliver("clue-1", map[string]any{"phone": "13900000001"})
		c.same("its own id", again.ID, first.ID)
		fresh := c.deliver("clue-2", map[string]any{"phone": "13900000001"})
		if fresh.ID == first.ID || !fresh.Created {
			t.Errorf("a phone number met the closed record %s", first.ID)
		}
		c.same("another channel's id of the same text", c.apart("clue-1"), true)
	})
}

// apart tells whether the same id from another channel makes another record.
func (c *company) apart(key string) bool {
	c.Helper()
	result, err := c.apply(record.Change{
		Act: record.Create, Actor: thread.Actor{Kind: thread.Channel, ID: "fair"}, Object: c.object("lead"), TouchOpen: true,
		Set: c.set("lead", map[string]any{"company": "x"}), Delivery: &record.Delivery{Channel: "fair", Key: key},
	})
	c.must(err)
	return result.Created
}

// TestKeysFollowTheRecord: taken when it opens or a keyed field changes, given
// back when it closes or is deleted.
func TestKeysFollowTheRecord(t *testing.T) {
	onBoth(t, func(c *company) {
		lead := c.deliver("clue-1", map[string]any{"phone": "13900000001", "wechat": "zhao"})
		step := func(what string, act func() error, want string) {
			t.Helper()
			c.clock.Advance(time.Minute)
			c.must(act())
			if got := c.keys(lead.ID); got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		change := func(values map[string]any) func() error {
			return func() error { _, err := c.update("lead", lead.ID, values); return err }
		}
		act := func(a record.Act) func() error {
			return func() error { _, err := c.act(a, lead.ID); return err }
		}
		all := "!web external clue-1, phone +8613900000001, wechat zhao"
		step("another phone", change(map[string]any{"phone": "13900000002"}), "!web external clue-1, phone +8613900000002, wechat zhao")
		step("the first again", change(map[string]any{"phone": "13900000001"}), all)
		step("another field", change(map[string]any{"company": "恒力"}), all)
		step("a key blanked", change(map[string]any{"wechat": nil}), "!web external clue-1, phone +8613900000001")
		step("filled again", change(map[string]any{"wechat": "ZHAO"}), all)
		step("closed", change(map[string]any{"status": "成交"}), "!web external clue-1")
		step("changed while closed", change(map[string]any{"wechat": "qian"}), "!web external clue-1")
		step("open again", change(map[string]any{"status": "新"}), "!web external clue-1, phone +8613900000001, wechat qian")
		step("deleted", act(record.Delete), "-"+lead.ID+"!web external clue-1")
		step("restored", act(record.Restore), "!web external clue-1, phone +8613900000001, wechat qian")
		step("closed and deleted", func() error {
			if err := change(map[string]any{"status": "成交"})(); err != nil {
				return err
			}
			return act(record.Delete)()
		}, "-"+lead.ID+"!web external clue-1")
		step("restored closed", act(record.Restore), "!web external clue-1")
	})
}

// TestARecordThatOpensMeetsWhoTookItsPlace: what was free while it was closed or
// deleted may be another's by now; then it does not open, and stays as it was.
func TestARecordThatOpensMeetsWhoTookItsPlace(t *testing.T) {
	onBoth(t, func(c *company) {
		closed := c.create("lead", map[string]any{"phone": "13900000001", "status": "新"})
		_, err := c.update("lead", closed.ID, map[string]any{"status": "成交"})
		c.must(err)
		deleted := c.create("lead", map[string]any{"wechat": "zhao"})
		_, err = c.act(record.Delete, deleted.ID)
		c.must(err)
		now := c.create("lead", map[string]any{"phone": "13900000001", "wechat": "zhao"})
		_, err = c.update("lead", closed.ID, map[string]any{"status": "跟进中"})
		c.refused("opening", err, "duplicate: phone duplicate")
		_, err = c.act(record.Restore, deleted.ID)
		c.refused("restoring", err, "duplicate: wechat duplicate")
		c.same("status", c.value("lead", closed.ID, "status"), "t.lead.status.won")
		c.same("the deleted one", c.value("lead", deleted.ID, "wechat"), "gone")
		c.same("keys", c.keys(now.ID), "phone +8613900000001, wechat zhao")
		_, err = c.update("lead", now.ID, map[string]any{"phone": "13900000009"})
		c.must(err)
		_, err = c.update("lead", closed.ID, map[string]any{"status": "跟进中"})
		c.must(err)
		_, err = c.update("lead", closed.ID, map[string]any{"wechat": "zhao"})
		c.refused("taking another's key", err, "duplicate: wechat duplicate")
	})
}

// TestTenDeliveriesAtOnceAreOneRecord: whoever is first makes it, the others
// touch it, and the count says how many.
func TestTenDeliveriesAtOnceAreOneRecord(t *testing.T) {
	onBoth(t, func(c *company) {
		o, set := c.object("lead"), c.set("lead", map[string]any{"phone": "13900000001"})
		var all sync.WaitGroup
		failed := make(chan error, 10)
		for i := range 10 {
			all.Go(func() {
				failed <- c.db.Write(t.Context(), func(tx *sqldb.Tx) error {
					_, err := c.store.Apply(tx, record.Change{
						Act: record.Create, Actor: thread.Actor{Kind: thread.Channel, ID: "web"}, Object: o, TouchOpen: true, Set: set,
						Delivery: &record.Delivery{ID: fmt.Sprint(i), Channel: "web"},
					})
					return err
				})
			})
		}
		all.Wait()
		for range 10 {
			c.must(<-failed)
		}
		var ids []string
		c.read(func(tx *sqldb.Tx) (err error) {
			ids, err = record.Holders(tx, o, set)
			return err
		})
		if len(ids) != 1 {
			t.Fatalf("%d leads hold the number", len(ids))
		}
		c.same("touches", c.value("lead", ids[0], "touches"), "9")
		c.same("thread", c.kinds(ids[0]), "received matched"+strings.Repeat(" touched", 9))
	})
}

// TestATouchFillsBlanksAndTakesNothing: what stands, stays; lists grow; the
// owner and the reason of the record are not a channel's to change.
func TestATouchFillsBlanksAndTakesNothing(t *testing.T) {
	onBoth(t, func(c *company) {
		lead := c.create("lead", map[string]any{"phone": "13900000001", "company": "恒力", "tags": []any{"样品"}, "owner": c.ids["ann"], "amount": "100"})
		touched := c.deliver("", map[string]any{
			"phone": "13900000001", "company": "别的公司", "contact": "王伟", "tags": []any{"急", "样品"}, "owner": c.ids["bob"], "amount": "5", "hot": false,
		})
		c.same("met", touched.ID, lead.ID)
		for field, want := range map[string]string{
			"company": "恒力", "contact": "王伟", "tags": "[样品 急]", "owner": c.ids["ann"], "amount": "map[amount:100.00 currency:CNY]", "hot": "false", "touches": "1",
		} {
			c.same(field, c.value("lead", lead.ID, field), want)
		}
		entries := c.entries(lead.ID)
		last := entries[len(entries)-1]
		if fields, _ := last.Params["fields"].(map[string]any); last.Kind != "touched" || fields["t.lead.company"] != "别的公司" {
			t.Errorf("the thread keeps of what came: %v", last.Params)
		}
		again := c.deliver("", map[string]any{"phone": "13900000001", "hot": true})
		c.same("FALSE is no blank", c.value("lead", again.ID, "hot"), "false")
	})
}

// TestTheParty: records of one person share his record, which is made once and
// belongs to who owns the first.
func TestTheParty(t *testing.T) {
	onBoth(t, func(c *company) {
		first := c.deliver("", map[string]any{"phone": "13900000001", "contact": "王伟", "owner": c.ids["ann"]})
		person := c.value("lead", first.ID, "person")
		c.same("name", c.value("person", person, "name"), "王伟")
		c.same("owner", c.value("person", person, "owner"), c.ids["ann"])
		c.same("number", c.value("person", person, "no"), "P001")
		c.same("thread", c.kinds(person), "received")
		_, err := c.update("lead", first.ID, map[string]any{"status": "成交"})
		c.must(err)
		second := c.deliver("", map[string]any{"phone": "13900000001", "wechat": "ww", "contact": "王先生", "owner": c.ids["bob"]})
		c.same("the same person", c.value("lead", second.ID, "person"), person)
		c.same("he keeps his name", c.value("person", person, "name"), "王伟")
		c.same("and who knows him", c.value("person", person, "owner"), c.ids["ann"])
		third := c.deliver("", map[string]any{"wechat": "ww", "phone": "13900000003"})
		c.same("touch by the new key", third.ID, second.ID)
		nobody := c.deliver("", map[string]any{"contact": "匿名"})
		c.same("without a key there is no person", c.value("lead", nobody.ID, "person"), "")
		given := c.deliver("", map[string]any{"phone": "13900000009", "person": person})
		c.same("one who is named stays", c.value("lead", given.ID, "person"), person)
	})
}

// TestAPersonIsKnownByAllThatLeadsBroughtOfHim: the key that a later lead adds
// leads to the same person from then on.
func TestAPersonIsKnownByAllThatLeadsBroughtOfHim(t *testing.T) {
	onBoth(t, func(c *company) {
		first := c.deliver("", map[string]any{"phone": "13900000001", "contact": "王伟"})
		person := c.value("lead", first.ID, "person")
		_, err := c.update("lead", first.ID, map[string]any{"status": "成交"})
		c.must(err)
		second := c.deliver("", map[string]any{"phone": "13900000001", "wechat": "ww"})
		_, err = c.update("lead", second.ID, map[string]any{"status": "成交"})
		c.must(err)
		third := c.deliver("", map[string]any{"wechat": "ww"})
		if third.ID == second.ID {
			t.Fatal("met a closed lead")
		}
		c.same("by the key that came later", c.value("lead", third.ID, "person"), person)
	})
}

// TestATouchTellsMoreOfThePerson: a key that came with a touch is the person's, and
// nobody's where the record names no person, or is refused.
func TestATouchTellsMoreOfThePerson(t *testing.T) {
	onBoth(t, func(c *company) {
		first := c.deliver("", map[string]any{"phone": "13900000001", "contact": "王伟"})
		person := c.value("lead", first.ID, "person")
		c.deliver("", map[string]any{"phone": "13900000001", "wechat": "ww"})
		_, err := c.update("lead", first.ID, map[string]any{"status": "成交"})
		c.must(err)
		again := c.deliver("", map[string]any{"wechat": "ww"})
		c.same("by what a touch brought", c.value("lead", again.ID, "person"), person)

		alone := c.deliver("", map[string]any{"phone": "13900000002"})
		_, err = c.update("lead", alone.ID, map[string]any{"person": nil})
		c.must(err)
		c.deliver("", map[string]any{"phone": "13900000002", "wechat": "xx"})
		_, err = c.apply(record.Change{Act: record.Create, Actor: c.as("bob"), Object: c.object("lead"), Set: c.set("lead", map[string]any{"phone": "13900000002", "wechat": "yy"})})
		c.refused("a duplicate", err, "duplicate: phone duplicate")
		_, err = c.update("lead", alone.ID, map[string]any{"status": "成交"})
		c.must(err)
		for _, wechat := range []string{"xx", "yy"} {
			later := c.deliver("", map[string]any{"wechat": wechat})
			someone := c.value("lead", later.ID, "person")
			if someone == "" || someone == person || c.value("person", someone, "wechat") != wechat {
				t.Errorf("%s is of person %q, wechat %q", wechat, someone, c.value("person", someone, "wechat"))
			}
		}
	})
}

// TestAHintIsNoProof: companies of one name stand beside each other, and the
// first of them is what a name hints at.
func TestAHintIsNoProof(t *testing.T) {
	onBoth(t, func(c *company) {
		hinted := func(name string) string {
			var ids []string
			c.read(func(tx *sqldb.Tx) (err error) {
				ids, err = record.Hinted(tx, c.object("firm"), c.set("firm", map[string]any{"name": name}))
				return err
			})
			return strings.Join(ids, " ")
		}
		first := c.create("firm", map[string]any{"name": "恒力液压（苏州）有限公司"})
		second := c.create("firm", map[string]any{"name": "恒力液压有限公司"})
		c.same("the first keeps the hint", hinted("恒力液压"), first.ID)
		_, err := c.update("firm", first.ID, map[string]any{"name": "博锐精工"})
		c.must(err)
		c.same("renamed", hinted("恒力液压"), "")
		c.same("by its new name", hinted("博锐精工股份有限公司"), first.ID)
		_, err = c.update("firm", second.ID, map[string]any{"name": "恒力液压 有限公司"})
		c.must(err)
		c.same("who is written takes what is free", hinted("恒力液压"), second.ID)
		_, err = c.apply(record.Change{Act: record.Delete, Actor: c.as("ann"), Object: c.object("firm"), ID: second.ID})
		c.must(err)
		c.same("deleted", hinted("恒力液压"), "")
		_, err = c.apply(record.Change{Act: record.Restore, Actor: c.as("ann"), Object: c.object("firm"), ID: second.ID})
		c.must(err)
		c.same("restored", hinted("恒力液压"), second.ID)
	})
}

// TestANameThatIsTakenAwayHintsNoMore: what is blank, or nothing but marks, is
// no name, and gives back the one before.
func TestANameThatIsTakenAwayHintsNoMore(t *testing.T) {
	onBoth(t, func(c *company) {
		c.publish(strings.Replace(objects, "type: text, required: true}\n  - {id: t.firm.tax", "type: text}\n  - {id: t.firm.tax", 1))
		hinted := func() (ids []string) {
			c.read(func(tx *sqldb.Tx) (err error) {
				ids, err = record.Hinted(tx, c.object("firm"), c.set("firm", map[string]any{"name": "恒力液压"}))
				return err
			})
			return ids
		}
		id := c.create("firm", map[string]any{"name": "恒力液压"}).ID
		for _, name := range []any{nil, "——"} {
			c.same("named", hinted(), "["+id+"]")
			_, err := c.update("firm", id, map[string]any{"name": name})
			c.must(err)
			c.same(fmt.Sprint("named ", name), hinted(), "[]")
			_, err = c.update("firm", id, map[string]any{"name": "恒力液压有限公司"})
			c.must(err)
		}
	})
}
