package record_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// TestARecordAndItsFirstEntry: what was given is there, who made it and when,
// and the thread begins with it.
func TestARecordAndItsFirstEntry(t *testing.T) {
	onBoth(t, func(c *company) {
		made := c.create("lead", map[string]any{
			"company": "恒力 \"液压\" <b>\\n", "amount": "1234567890123.45", "rank": "-0.125", "on": "2026-02-28", "hot": true, "tags": []any{"a,b", "c\"d"},
		})
		row := c.row("lead", made.ID)
		if row.CreatedBy != c.ids["ann"] || !row.CreatedAt.Equal(noon) || !row.UpdatedAt.Equal(noon) || row.Revision != 1 || row.ThreadSeq != 2 {
			t.Errorf("made by %s at %v, %v, revision %d, %d entries", row.CreatedBy, row.CreatedAt, row.UpdatedAt, row.Revision, row.ThreadSeq)
		}
		for field, want := range map[string]string{
			"company": "恒力 \"液压\" <b>\\n", "amount": "map[amount:1234567890123.45 currency:CNY]", "rank": "-0.125", "on": "2026-02-28", "hot": "true", "tags": "[a,b c\"d]",
		} {
			c.same(field, c.value("lead", made.ID, field), want)
		}
		entry := c.entries(made.ID)[0]
		fields, _ := entry.Params["fields"].(map[string]any)
		if entry.Kind != "received" || entry.Actor != c.as("ann") || len(fields) != 6 || fields["t.lead.company"] != "恒力 \"液压\" <b>\\n" {
			t.Errorf("the first entry is %+v", entry)
		}
		if made.Act != record.Create || !made.Created || made.Before != nil || made.Row.Revision != 1 {
			t.Errorf("the result is %+v", made)
		}
	})
}

// TestAnUpdateTellsWhatChanged: only that, with before and after; what is as it
// was writes nothing at all.
func TestAnUpdateTellsWhatChanged(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.create("lead", map[string]any{"company": "恒力", "amount": "100", "tags": []any{"a"}}).ID
		c.clock.Advance(time.Hour)
		for _, one := range []struct {
			name   string
			set    map[string]any
			before string
			after  string
		}{
			{"the same values", map[string]any{"company": "恒力", "amount": "100.00"}, "", ""},
			{"a blank that is blank", map[string]any{"contact": nil}, "", ""},
			{"one of two", map[string]any{"company": "恒力", "contact": "王"}, "map[t.lead.contact:<nil>]", "map[t.lead.contact:王]"},
			{"a value blanked", map[string]any{"contact": nil}, "map[t.lead.contact:王]", "map[t.lead.contact:<nil>]"},
			{"a list", map[string]any{"tags": []any{"b"}}, "map[t.lead.tags:[a]]", "map[t.lead.tags:[b]]"},
			{"money", map[string]any{"amount": "99.99"}, "map[t.lead.amount:map[amount:100.00 currency:CNY]]", "map[t.lead.amount:map[amount:99.99 currency:CNY]]"},
		} {
			was := c.row("lead", id)
			done, err := c.update("lead", id, one.set)
			c.must(err)
			row := c.row("lead", id)
			if one.after == "" {
				if row.Revision != was.Revision || !row.UpdatedAt.Equal(was.UpdatedAt) || row.ThreadSeq != was.ThreadSeq {
					t.Errorf("%s: wrote revision %d after %d", one.name, row.Revision, was.Revision)
				}
				continue
			}
			if row.Revision != was.Revision+1 || !row.UpdatedAt.Equal(noon.Add(time.Hour)) || !row.CreatedAt.Equal(noon) || done.Row.Revision != row.Revision {
				t.Errorf("%s: revision %d after %d", one.name, row.Revision, was.Revision)
			}
			entries := c.entries(id)
			last := entries[len(entries)-1]
			if got := fmt.Sprint(last.Params["before"], last.Params["after"]); last.Kind != "changed" || got != one.before+" "+one.after && got != one.before+one.after {
				t.Errorf("%s: %s %v", one.name, last.Kind, last.Params)
			}
		}
	})
}

// TestWhatCannotBeReachedCannotBeChanged: absent, deleted, of another object, or
// beyond the caller's scope, all look the same.
func TestWhatCannotBeReachedCannotBeChanged(t *testing.T) {
	onBoth(t, func(c *company) {
		mine := c.create("lead", map[string]any{"company": "a", "owner": c.ids["ann"]}).ID
		gone := c.create("lead", map[string]any{"company": "b"}).ID
		_, err := c.act(record.Delete, gone)
		c.must(err)
		owner, _ := c.object("lead").Field("owner")
		for _, one := range []struct {
			name, object, id string
			act              record.Act
			scope            query.Condition
			want             string
		}{
			{"absent", "lead", "019cb1da-4e00-7003-0000-000000000000", record.Update, nil, "not_found"},
			{"no id", "lead", "", record.Update, nil, "not_found"},
			{"SQL for an id", "lead", "' OR '1'='1", record.Delete, nil, "not_found"},
			{"deleted", "lead", gone, record.Update, nil, "not_found"},
			{"deleted twice", "lead", gone, record.Delete, nil, "not_found"},
			{"claim of a deleted one", "lead", gone, record.Claim, nil, "not_found"},
			{"restore of a live one", "lead", mine, record.Restore, nil, "not_found"},
			{"another object's", "person", mine, record.Update, nil, "not_found"},
			{"another's scope", "lead", mine, record.Update, query.Where(owner, "=", c.ids["bob"]), "not_found"},
			{"nobody's scope", "lead", mine, record.Delete, query.Or{}, "not_found"},
			{"his own scope", "lead", mine, record.Update, query.Where(owner, "=", c.ids["ann"]), "<nil>"},
		} {
			o := c.object(one.object)
			set := map[string]any{o.Fields[1].ID: "changed"}
			_, err := c.apply(record.Change{Act: one.act, Actor: c.as("bob"), Object: o, ID: one.id, Scope: one.scope, Set: set})
			c.refused(one.name, err, one.want)
		}
	})
}

// TestHoldsIsAskedUnderTheLock: what the caller saw is compared with what is
// there, and a refusal changes nothing.
func TestHoldsIsAskedUnderTheLock(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.create("lead", map[string]any{"company": "a"}).ID
		change := record.Change{Act: record.Update, Actor: c.as("ann"), Object: c.object("lead"), ID: id, Set: c.set("lead", map[string]any{"company": "b"})}
		stale := fault.New(fault.Stale, "stale")
		change.Holds = func(before query.Row) error {
			if before.Values["t.lead.company"] != "a" || before.Revision != 1 {
				t.Errorf("asked about %v", before)
			}
			return stale
		}
		if _, err := c.apply(change); !errors.Is(err, stale) {
			t.Errorf("refused with %v", err)
		}
		c.same("company", c.value("lead", id, "company"), "a")
		change.Holds = func(query.Row) error { return nil }
		_, err := c.apply(change)
		c.must(err)
		c.same("company", c.value("lead", id, "company"), "b")
	})
}

// TestARefusedChangeLeavesNothing: neither record nor key, entry, number or hint.
func TestARefusedChangeLeavesNothing(t *testing.T) {
	onBoth(t, func(c *company) {
		broken := errors.New("broken")
		for _, one := range []struct {
			name     string
			reaction func(w *record.Work) error
		}{
			{"an error", func(*record.Work) error { return broken }},
			{"a fault", func(*record.Work) error { return fault.New(fault.Invalid, "no") }},
		} {
			c.heard = nil
			c.store.Reactions = []record.Reaction{{Name: "last", Run: one.reaction}}
			_, err := c.apply(record.Change{Act: record.Create, Actor: c.as("ann"), Object: c.object("lead"), Set: c.set("lead", map[string]any{"phone": "13900000001"})})
			if err == nil || !strings.HasPrefix(err.Error(), "last: ") && fault.KindOf(err) == fault.Internal && !errors.Is(err, broken) {
				t.Errorf("%s: %v", one.name, err)
			}
			if len(c.heard) != 0 {
				t.Errorf("%s: browsers heard %v", one.name, c.heard)
			}
		}
		c.store.Reactions = nil
		for table, want := range map[string]int64{"match_key": 0, "thread_entry": 0, "counter": 0, c.object("lead").Table: 0, c.object("person").Table: 0} {
			var n int64
			c.read(func(tx *sqldb.Tx) error { return tx.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n) })
			c.same(table, n, want)
		}
		c.same("the first number", c.value("lead", c.create("lead", nil).ID, "no"), "L-2026-03-001")
	})
}

// TestReactionsRunInOrderAndSeeEachOther: each sees what the one before it set,
// and what a reaction says stands in the thread after the change itself.
func TestReactionsRunInOrderAndSeeEachOther(t *testing.T) {
	onBoth(t, func(c *company) {
		var seen []string
		c.store.Reactions = []record.Reaction{
			{Name: "one", Run: func(w *record.Work) error {
				seen = append(seen, fmt.Sprint("one ", w.Act, w.Created(), w.Open(), w.WasOpen(), w.Text("company"), w.Changed("company"), w.Changed("contact")))
				w.Set("contact", "from one")
				w.Set("no such field", "x")
				w.Facts["left"] = 1
				return nil
			}},
			{Name: "two", Run: func(w *record.Work) error {
				seen = append(seen, fmt.Sprint("two ", w.Text("contact"), w.Facts["left"], w.OwnerBefore(), w.Owner()))
				if added := w.AddTo("tags", []string{"x", "y"}); len(added) > 0 {
					w.SayAs(thread.Actor{Kind: thread.System}, "scored", map[string]any{"added": added})
				}
				return nil
			}},
		}
		id := c.create("lead", map[string]any{"company": "a", "tags": []any{"y"}}).ID
		_, err := c.update("lead", id, map[string]any{"status": "成交"})
		c.must(err)
		want := []string{"one create true true false a true false", "two from one 1  ", "one update false false true a false false", "two from one 1  "}
		if !slices.Equal(squeezed(seen), squeezed(want)) {
			t.Errorf("seen\n%q, want\n%q", seen, want)
		}
		c.same("tags", c.value("lead", id, "tags"), "[y x]")
		c.same("thread", c.kinds(id), "received matched scored changed")
		if added := c.entries(id)[2].Params["added"]; fmt.Sprint(added) != "[x]" {
			t.Errorf("added %v", added)
		}
	})
}

// squeezed are texts without their spaces, which Sprint puts by the types.
func squeezed(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = strings.ReplaceAll(text, " ", "")
	}
	return out
}

// TestNumbersCountByTheCompanysCalendar: 23:30 in London is the next year's
// morning in Shanghai; a series begins anew with its month, and a gap of a
// refused record is not left.
func TestNumbersCountByTheCompanysCalendar(t *testing.T) {
	onBoth(t, func(c *company) {
		number := func(want string) {
			t.Helper()
			c.same("number", c.value("lead", c.create("lead", nil).ID, "no"), want)
		}
		number("L-2026-03-001")
		number("L-2026-03-002")
		c.clock.Advance(time.Date(2026, 12, 31, 15, 59, 59, 0, time.UTC).Sub(noon)) // 23:59:59 in Shanghai
		number("L-2026-12-001")
		c.clock.Advance(time.Second)
		number("L-2027-01-001")
		_, err := c.apply(record.Change{Act: record.Create, Actor: c.as("ann"), Object: c.object("lead"), Set: c.set("lead", map[string]any{"status": "战败"})})
		c.refused("without a reason", err, "invalid_input: lost_reason required")
		number("L-2027-01-002")
		c.publish(strings.Replace(objects, "L-{yyyy}-{mm}-{000}", "{yy}/{000}号", 1))
		number("27/001号")
		number("27/002号")
	})
}

// TestNumbersAreGivenOnce: to records made at the same time as well.
func TestNumbersAreGivenOnce(t *testing.T) {
	onBoth(t, func(c *company) {
		o := c.object("lead")
		var all sync.WaitGroup
		errs := make(chan error, 20)
		for range 20 {
			all.Go(func() {
				errs <- c.db.Write(t.Context(), func(tx *sqldb.Tx) error {
					_, err := c.store.Apply(tx, record.Change{Act: record.Create, Actor: thread.Actor{Kind: thread.System}, Object: o, Set: map[string]any{}})
					return err
				})
			})
		}
		all.Wait()
		for range 20 {
			c.must(<-errs)
		}
		var numbers []string
		c.read(func(tx *sqldb.Tx) error {
			rows, err := record.Select(tx, query.Select{Object: o, Fields: o.Fields})
			for _, row := range rows {
				numbers = append(numbers, fmt.Sprint(row.Values["t.lead.no"]))
			}
			return err
		})
		slices.Sort(numbers)
		if distinct := len(slices.Compact(slices.Clone(numbers))); distinct != 20 || numbers[19] != "L-2026-03-020" {
			t.Errorf("20 records got %v", numbers)
		}
	})
}

// TestUniqueValuesNameTheirField: whichever of the fields it is, and nothing of
// the record that has it; a deleted one's value is free, and blank is no value.
func TestUniqueValuesNameTheirField(t *testing.T) {
	onBoth(t, func(c *company) {
		first := c.create("firm", map[string]any{"name": "甲", "tax": "91320500", "site": "a.cn"})
		second := c.create("firm", map[string]any{"name": "乙"})
		c.create("firm", map[string]any{"name": "丙"})
		for _, one := range []struct {
			name string
			set  map[string]any
			want string
		}{
			{"the first field", map[string]any{"name": "丁", "tax": "91320500"}, "not_unique: tax not_unique"},
			{"the second field", map[string]any{"name": "丁", "site": "a.cn"}, "not_unique: site not_unique"},
			{"another value", map[string]any{"name": "丁", "tax": "91320501", "site": "b.cn"}, "<nil>"},
		} {
			_, err := c.apply(record.Change{Act: record.Create, Actor: c.as("ann"), Object: c.object("firm"), Set: c.set("firm", one.set)})
			c.refused("new: "+one.name, err, one.want)
			if f, ok := fault.As(err); ok && (len(f.Params) != 0 || f.Kind != fault.Conflict) {
				t.Errorf("%s: tells %+v", one.name, f)
			}
		}
		_, err := c.update("firm", second.ID, map[string]any{"site": "a.cn"})
		c.refused("changed", err, "not_unique: site not_unique")
		_, err = c.apply(record.Change{Act: record.Delete, Actor: c.as("ann"), Object: c.object("firm"), ID: first.ID})
		c.must(err)
		_, err = c.update("firm", second.ID, map[string]any{"site": "a.cn"})
		c.must(err)
		_, err = c.apply(record.Change{Act: record.Restore, Actor: c.as("ann"), Object: c.object("firm"), ID: first.ID})
		c.refused("restored beside another", err, "not_unique: site not_unique")
	})
}

// TestTheTwelfthColumnIsNotTheFirst: a value that is taken names its own field,
// also where the physical name of one column begins like that of another.
func TestTheTwelfthColumnIsNotTheFirst(t *testing.T) {
	onBoth(t, func(c *company) {
		var text strings.Builder
		text.WriteString("document: object\nid: t.wide\nname: wide\nlabel: {zh-CN: 宽}\ntitle: f1\nfields:\n")
		for i := 1; i <= 30; i++ {
			fmt.Fprintf(&text, "  - {id: t.wide.f%d, name: f%d, label: {zh-CN: 字段%d}, type: text, unique: true}\n", i, i, i)
		}
		c.publish(text.String())
		set := map[string]any{}
		for i := 1; i <= 30; i++ {
			set[fmt.Sprint("f", i)] = "x"
		}
		c.create("wide", set)
		for i := 1; i <= 30; i++ {
			name := fmt.Sprint("f", i)
			_, err := c.apply(record.Change{Act: record.Create, Actor: c.as("ann"), Object: c.object("wide"), Set: c.set("wide", map[string]any{name: "x"})})
			c.refused(name, err, "not_unique: "+name+" not_unique")
		}
	})
}

// TestRequiredFields: a new record has them, no change takes them away, and a
// record that lacks one from before can still be changed elsewhere and deleted.
func TestRequiredFields(t *testing.T) {
	onBoth(t, func(c *company) {
		_, err := c.apply(record.Change{Act: record.Create, Actor: c.as("ann"), Object: c.object("firm"), Set: c.set("firm", map[string]any{"site": "x"})})
		c.refused("new", err, "invalid_input: name required")
		id := c.create("firm", map[string]any{"name": "甲"}).ID
		_, err = c.update("firm", id, map[string]any{"name": nil})
		c.refused("blanked", err, "invalid_input: name required")
		c.publish(strings.Replace(objects, "name: tax, label: {zh-CN: 税号}, type: text,", "name: tax, label: {zh-CN: 税号}, type: text, required: true,", 1))
		_, err = c.update("firm", id, map[string]any{"site": "y"})
		c.refused("one from before the rule", err, "<nil>")
		_, err = c.apply(record.Change{Act: record.Delete, Actor: c.as("ann"), Object: c.object("firm"), ID: id})
		c.refused("deleted", err, "<nil>")
		_, err = c.apply(record.Change{Act: record.Restore, Actor: c.as("ann"), Object: c.object("firm"), ID: id})
		c.refused("restored", err, "<nil>")
	})
}
