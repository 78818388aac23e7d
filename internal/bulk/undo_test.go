package bulk

import (
	"fmt"
	"strings"
	"testing"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// undone puts an operation back as a person and gives the operation that did.
func (c *company) undone(who, id string) string {
	c.Helper()
	var o Operation
	c.Must(c.Write(func(tx *sqldb.Tx) (err error) {
		o, err = c.Undo(tx, c.IDs[who], id)
		return err
	}))
	c.carry()
	return o.ID
}

// field is a field of a deal as a text, "gone" when it is deleted.
func (c *company) field(id, name string) string {
	c.Helper()
	f, _ := c.deal().Field(name)
	for _, row := range c.rows() {
		if row.ID == id {
			return fmt.Sprint(storedOrNil(f, row.Values[f.ID]))
		}
	}
	return "gone"
}

// TestUndoPutsBackWhatNobodyChangedSince: field by field of what was asked for,
// and a record that somebody changed there is left as he left it.
func TestUndoPutsBackWhatNobodyChangedSince(t *testing.T) {
	onBoth(t, func(c *company) {
		for _, one := range []struct {
			name     string
			meantime func(id string)
			city     string
			rank     string
			failure  string
		}{
			{"nothing", func(string) {}, "苏州", "1", ""},
			{"another field", func(id string) { c.edit(id, map[string]any{"name": "新名"}) }, "苏州", "1", ""},
			{"the same field", func(id string) { c.edit(id, map[string]any{"city": "别处"}) }, "别处", "9", "changed_meanwhile city changed_meanwhile"},
			{"both fields", func(id string) { c.edit(id, map[string]any{"city": "别处", "rank": nil}) }, "别处", "<nil>", "changed_meanwhile city changed_meanwhile rank changed_meanwhile"},
			{"to and fro", func(id string) {
				c.edit(id, map[string]any{"city": "别处"})
				c.edit(id, map[string]any{"city": "无锡"})
			}, "苏州", "1", ""},
			{"by hand already", func(id string) { c.edit(id, map[string]any{"city": "苏州", "rank": "1"}) }, "苏州", "1", "changed_meanwhile city changed_meanwhile rank changed_meanwhile"},
			{"a number written otherwise", func(id string) { c.edit(id, map[string]any{"rank": "09"}) }, "苏州", "1", ""},
			{"deleted", func(id string) { c.must2(c.change("eve", record.Change{Act: record.Delete, ID: id})) }, "gone", "gone", "no_longer_there"},
			{"deleted and restored", func(id string) {
				c.must2(c.change("eve", record.Change{Act: record.Delete, ID: id}))
				c.must2(c.change("eve", record.Change{Act: record.Restore, ID: id}))
			}, "苏州", "1", ""},
		} {
			ids := c.deals(2)
			c.edit(ids[0], map[string]any{"rank": "1"})
			op := c.asked("eve", Wish{Kind: Edit, IDs: ids[:1], Set: c.stored(map[string]any{"city": "无锡", "rank": "9"})})
			c.carry()
			one.meantime(ids[0])
			undo := c.undone("eve", op)
			c.Same(one.name+": city", c.field(ids[0], "city"), one.city)
			c.Same(one.name+": rank", c.field(ids[0], "rank"), one.rank)
			got := strings.TrimPrefix(c.failures(undo, ids), "00 ")
			if got != one.failure && got != swapped(one.failure) {
				t.Errorf("%s: %q, want %q", one.name, got, one.failure)
			}
			if c.get(op).UndoneBy != undo {
				t.Errorf("%s: undone by %q", one.name, c.get(op).UndoneBy)
			}
		}
	})
}

// swapped is a failure of two fields in the other order: they come as they come.
func swapped(failure string) string {
	words := strings.Fields(failure)
	if len(words) != 5 {
		return failure
	}
	return strings.Join([]string{words[0], words[3], words[4], words[1], words[2]}, " ")
}

func (c *company) must2(_ string, err error) {
	c.Helper()
	c.Must(err)
}

// TestNothingGoesBackToWhoHasLeft: a record that would go back to him stays with
// whom it was given to, and the report says so; the others go back.
func TestNothingGoesBackToWhoHasLeft(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(4)
		given := c.asked("eve", Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"owner": c.IDs["kim"], "city": "无锡"})})
		c.carry()
		active := false
		_, err := c.People.UpdateUser(c.Context(), c.IDs["bob"], account.UserChange{Active: &active})
		c.Must(err)
		undo := c.undone("eve", given)
		c.Same("undo", c.stands(undo), "done 4: 2 done, 2 failed")
		c.Same("failures", c.failures(undo, ids), "01 person_left owner person_left; 03 person_left owner person_left")
		for i, id := range ids {
			c.Same("owner and city", c.field(id, "owner")+c.field(id, "city"), []string{c.IDs["ann"] + "苏州", c.IDs["kim"] + "无锡"}[i%2])
		}
	})
}

// TestWhatFollowedGoesBackToo: a value that a reaction set because of the
// operation, unless it moved on since; that refuses nothing.
func TestWhatFollowedGoesBackToo(t *testing.T) {
	onBoth(t, func(c *company) {
		c.Service.Records.Reactions = []record.Reaction{{Name: "derive", Run: func(w *record.Work) error {
			if w.Text("city") == "无锡" && w.Changed("city") {
				w.Set("derived", "because of 无锡")
			}
			return nil
		}}}
		ids := c.deals(3)
		c.must2(c.change("eve", record.Change{Act: record.Update, ID: ids[2], Set: map[string]any{"t.deal.derived": "before"}}))
		op := c.asked("eve", Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"city": "无锡"})})
		c.carry()
		c.must2(c.change("eve", record.Change{Act: record.Update, ID: ids[1], Set: map[string]any{"t.deal.derived": "moved on"}}))
		undo := c.undone("eve", op)
		c.Same("undo", c.stands(undo), "done 3: 3 done, 0 failed")
		c.Same("cities", c.where("city"), "苏州=3")
		c.Same("what followed", c.where("derived"), "<nil>=1 before=1 moved on=1")
	})
}

// TestDeletionsAndRestoresAreUndone: unless somebody wrote the record since.
func TestDeletionsAndRestoresAreUndone(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(4)
		gone := c.asked("eve", Wish{Kind: Delete, IDs: ids})
		c.carry()
		c.Same("deleted", c.where("city"), "")
		c.must2(c.change("eve", record.Change{Act: record.Restore, ID: ids[0]}))
		c.must2(c.change("eve", record.Change{Act: record.Restore, ID: ids[1]}))
		c.must2(c.change("eve", record.Change{Act: record.Delete, ID: ids[1]}))
		back := c.undone("eve", gone)
		c.Same("undo", c.stands(back), "done 4: 2 done, 2 failed")
		c.Same("failures", c.failures(back, ids), "00 no_longer_there; 01 changed_meanwhile")
		c.Same("live", c.where("city"), "苏州=3")
		again := c.undone("eve", back) // the undo of an undo
		c.Same("undo of the undo", c.stands(again), "done 2: 2 done, 0 failed")
		c.Same("live", c.where("name"), "00=1")
		restored := c.asked("eve", Wish{Kind: Restore, Filter: `name <> "01"`})
		c.carry()
		c.Same("restore", c.stands(restored), "done 2: 2 done, 0 failed")
		c.edit(ids[2], map[string]any{"city": "无锡"})
		undo := c.undone("eve", restored)
		c.Same("undo of a restore", c.failures(undo, ids), "02 changed_meanwhile")
		c.Same("live", c.where("name"), "00=1 02=1")
	})
}

// TestUndoUnderAnotherConfiguration: a field that is gone since is left out, a
// choice that was retired comes back, one that may no longer be written refuses.
func TestUndoUnderAnotherConfiguration(t *testing.T) {
	onBoth(t, func(c *company) {
		const due = "  - {id: t.deal.due, name: due, label: {zh-CN: 期限}, type: date}\n"
		for _, one := range []struct {
			name, from, to string
			set            map[string]any
			field, want    string
			failure        string
		}{
			{"a field that is gone", due, "", map[string]any{"due": "2026-05-05", "city": "无锡"}, "city", "苏州", ""},
			{"a retired choice", "name: 进行中}", "name: 进行中, retired: true}", map[string]any{"state": "完成"}, "state", "t.deal.state.open", ""},
			{"a renamed choice", "name: 进行中}", "name: 开着}", map[string]any{"state": "完成"}, "state", "t.deal.state.open", ""},
			{"a renamed field", "name: city,", "name: town,", map[string]any{"city": "无锡"}, "town", "苏州", ""},
			{"a field that he may only read now", "delete: true, scope: all", "delete: true, scope: all, fields: {city: read}", map[string]any{"city": "无锡"}, "city", "无锡", "changed_meanwhile city read_only"},
			{"a field of another type", "name: city, label: {zh-CN: 城市}, type: text", "name: city, label: {zh-CN: 城市}, type: long_text", map[string]any{"city": "无锡"}, "city", "苏州", ""},
		} {
			ids := c.deals(1)
			op := c.asked("eve", Wish{Kind: Edit, IDs: ids, Set: c.stored(one.set)})
			c.carry()
			c.Publish(strings.Replace(documents, one.from, one.to, 1))
			undo := c.undone("eve", op)
			c.Same(one.name, c.field(ids[0], one.field), one.want)
			c.Same(one.name+" refuses", strings.TrimPrefix(c.failures(undo, ids), "00 "), one.failure)
			c.Publish(documents)
		}
	})
}

// TestNothingToPutBack: what was so before, and what could not be changed.
func TestNothingToPutBack(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(4)
		c.edit(ids[3], map[string]any{"code": "x"})
		op := c.asked("eve", Wish{Kind: Edit, IDs: append(ids[:3:3], "absent"), Set: c.stored(map[string]any{"code": "x"})})
		c.carry()
		c.Same("taken", c.stands(op), "done 4: 0 done, 4 failed")
		c.Same("failures", c.failures(op, ids), "00 not_unique code not_unique; 01 not_unique code not_unique; 02 not_unique code not_unique; no_longer_there")
		err := c.Write(func(tx *sqldb.Tx) error { _, err := c.Undo(tx, c.IDs["eve"], op); return err })
		c.Same("undo", code(err), "operation_not_undoable")
		same := c.asked("eve", Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"city": "苏州", "rank": "0"})})
		c.carry()
		c.Same("what was so", c.stands(same), "done 4: 4 done, 0 failed")
		undo := c.undone("eve", same)
		c.Same("is not undone", c.stands(undo), "done 3: 3 done, 0 failed") // deal 00 had rank 0 before
		c.Same("ranks", c.where("rank"), "0=1 1=1 2=1 3=1")
	})
}
