package bulk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// TestWhatTheFilterMeansIsFixedWhenAsked: ME is the asker, TODAY() the day of
// the wish, TEAM() his colleagues, and what is made later is left out.
func TestWhatTheFilterMeansIsFixedWhenAsked(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(6)
		c.edit(ids[0], map[string]any{"due": "2026-03-03"})
		c.edit(ids[2], map[string]any{"due": "2026-03-04"})
		c.edit(ids[5], map[string]any{"owner": nil})
		for i, one := range []struct {
			who, filter string
			want        string
		}{
			{"ann", "owner = ME()", "done 3: 3 done, 0 failed"},
			{"eve", "owner = ME()", "done 0: 0 done, 0 failed"},
			{"eve", "due = TODAY()", "done 1: 1 done, 0 failed"},
			{"eve", "due > TODAY()", "done 1: 1 done, 0 failed"},
			{"eve", "owner IN TEAM()", "done 5: 5 done, 0 failed"},
			{"ann", "owner IN TEAM()", "done 3: 3 done, 0 failed"},
			{"eve", "NOT owner IN TEAM()", "done 1: 1 done, 0 failed"},
			{"eve", `city = "苏州" OR TRUE`, "done 6: 6 done, 0 failed"},
			{"eve", "FALSE", "done 0: 0 done, 0 failed"},
		} {
			id := c.asked(one.who, Wish{Kind: Edit, Filter: one.filter, Set: c.stored(map[string]any{"city": fmt.Sprint("城", i)})})
			c.Clock.Advance(24 * time.Hour)
			late, err := c.change("eve", record.Change{Act: record.Create, Set: c.Set("deal", map[string]any{"name": "late", "owner": c.IDs["ann"], "due": "2026-03-03"})})
			c.Must(err)
			c.carry()
			c.Same(one.who+" "+one.filter, c.stands(id), one.want)
			_, err = c.change("eve", record.Change{Act: record.Delete, ID: late})
			c.Must(err)
			c.Clock.Advance(-24 * time.Hour)
		}
	})
}

// TestWishesThatCannotBeCarriedOut: rights that are not there, expressions that
// do not read, too many records. Nothing is asked for then.
func TestWishesThatCannotBeCarriedOut(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(1)
		many := make([]string, MaxIDs+1)
		for i := range many {
			many[i] = fmt.Sprintf("%06d", i)
		}
		city := c.stored(map[string]any{"city": "x"})
		for _, one := range []struct {
			name, who string
			wish      Wish
			want      string
		}{
			{"without the right", "kim", Wish{Kind: Edit, IDs: ids, Set: city}, "forbidden"},
			{"nobody", "mallory", Wish{Kind: Edit, IDs: ids, Set: city}, "forbidden"},
			{"deleting without the right", "ann", Wish{Kind: Delete, IDs: ids}, "forbidden"},
			{"restoring without the right", "ann", Wish{Kind: Restore, IDs: ids}, "forbidden"},
			{"a hidden field", "ann", Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"amount": "5"})}, "forbidden"},
			{"a read-only field", "eve", Wish{Kind: Edit, IDs: ids, Set: map[string]any{"t.deal.derived": "x"}}, "forbidden"},
			{"a field that there is not", "eve", Wish{Kind: Edit, IDs: ids, Set: map[string]any{"t.deal.moon": "x"}}, "forbidden"},
			{"somebody whom he may not name", "ann", Wish{Kind: Assign, IDs: ids, Set: map[string]any{"t.deal.owner": "019cb1da-4e00-7003-0000-000000000000"}}, "forbidden"},
			{"routing without the right", "ann", Wish{Kind: Assign, IDs: ids, Routing: &record.Routing{}}, "forbidden"},
			{"a filter over a hidden field", "ann", Wish{Kind: Edit, Filter: "amount > 1", Set: city}, "invalid_expression"},
			{"half a filter", "eve", Wish{Kind: Edit, Filter: "city =", Set: city}, "invalid_expression"},
			{"a filter that is no condition", "eve", Wish{Kind: Edit, Filter: "city", Set: city}, "invalid_expression"},
			{"too many", "eve", Wish{Kind: Edit, IDs: many, Set: city}, "too_many_items"},
			{"as many as may be", "eve", Wish{Kind: Edit, IDs: many[:MaxIDs], Set: city}, ""},
			{"too many, but the same", "eve", Wish{Kind: Edit, IDs: strings.Fields(strings.Repeat("a ", MaxIDs+1)), Set: city}, ""},
		} {
			o, err := c.ask(one.who, one.wish)
			c.Same(one.name, code(err), one.want)
			var there int
			c.Must(c.Company.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
				return tx.QueryRow("SELECT COUNT(*) FROM operation WHERE id=$1", o.ID).Scan(&there)
			}))
			c.Same(one.name+" is there", there == 1, one.want == "")
			perr := c.Company.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
				_, err := c.Preview(tx, c.IDs[one.who], c.deal(), one.wish)
				return err
			})
			c.Same(one.name+", looked at before", code(perr), one.want)
		}
	})
}

// TestAPreviewIsWhatHappens: as many as it says, and how many he may only read.
func TestAPreviewIsWhatHappens(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(9)
		for _, one := range []struct {
			who            string
			wish           Wish
			count, skipped int
		}{
			{"eve", Wish{Kind: Edit, Filter: ""}, 9, 0},
			{"ann", Wish{Kind: Edit, Filter: ""}, 5, 4},
			{"ann", Wish{Kind: Edit, Filter: "rank < 4"}, 2, 2},
			{"bob", Wish{Kind: Edit, IDs: ids[:3]}, 1, 2},
			{"eve", Wish{Kind: Edit, IDs: append([]string{"absent", ids[0], ids[0]}, ids[1])}, 2, 0},
			{"eve", Wish{Kind: Delete, Filter: "rank >= 7"}, 2, 0},
			{"eve", Wish{Kind: Restore, Filter: ""}, 2, 0},
		} {
			if one.wish.Kind == Edit {
				one.wish.Set = c.stored(map[string]any{"city": one.who + one.wish.Filter + fmt.Sprint(len(one.wish.IDs))})
			}
			var p Preview
			c.Must(c.Company.DB.Read(t.Context(), func(tx *sqldb.Tx) (err error) {
				p, err = c.Preview(tx, c.IDs[one.who], c.deal(), one.wish)
				return err
			}))
			what := fmt.Sprint(one.who, " ", one.wish.Kind, " ", one.wish.Filter, len(one.wish.IDs))
			if one.wish.Kind != Restore {
				c.Same(what+" skips", p.Skipped, one.skipped)
			}
			c.Same(what, p.Count, one.count)
			c.Same(what+" names", len(p.Sample), min(one.count, sampleSize))
			id := c.asked(one.who, one.wish)
			c.carry()
			c.Same(what+" did", c.get(id).Done, one.count)
		}
	})
}

// TestEachRecordIsChangedOnce: by two nodes at work on the same operations at
// the same time.
func TestEachRecordIsChangedOnce(t *testing.T) {
	onBoth(t, func(c *company) {
		c.deals(60)
		first := c.asked("eve", Wish{Kind: Edit, Filter: "", Set: c.stored(map[string]any{"city": "无锡"})})
		second := c.asked("eve", Wish{Kind: Edit, Filter: "", Set: c.stored(map[string]any{"rank": "100"})})
		c.Told = nil
		other := c.service()
		other.Told = nil
		var all sync.WaitGroup
		for _, node := range []*Service{c.Service, other} {
			all.Go(func() {
				for idle := 0; idle < 3; {
					if worked, err := node.Advance(t.Context()); err == nil && !worked {
						idle++
					}
				}
			})
		}
		all.Wait()
		c.Same("first", c.stands(first), "done 60: 60 done, 0 failed")
		c.Same("second", c.stands(second), "done 60: 60 done, 0 failed")
		for _, row := range c.rows() {
			if row.Revision != 3 {
				t.Errorf("%v was written %d times", row.Values["t.deal.name"], row.Revision-1)
			}
		}
	})
}

// TestWhatIsNobodysFaultIsTriedAndThenReported: the record that breaks the
// program is named after some tries, and those around it are changed.
func TestWhatIsNobodysFaultIsTriedAndThenReported(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(5)
		broken, tries := errors.New("broken"), 0
		c.Service.Records.Reactions = []record.Reaction{{Name: "poison", Run: func(w *record.Work) error {
			if w.Text("name") == "02" {
				tries++
				return broken
			}
			return nil
		}}}
		id := c.asked("eve", Wish{Kind: Edit, Filter: "", Set: c.stored(map[string]any{"city": "无锡"})})
		failed := 0
		for range 20 {
			worked, err := c.Advance(t.Context())
			if err != nil {
				if failed++; !errors.Is(err, broken) {
					t.Fatal(err)
				}
			} else if !worked {
				break
			}
		}
		if failed < patience || failed > 3*patience || tries < patience {
			t.Errorf("failed %d times, tried %d times", failed, tries)
		}
		c.Same("stands", c.stands(id), "done 5: 4 done, 1 failed")
		c.Same("failures", c.failures(id, ids), "02 internal")
		c.Same("cities", c.where("city"), "无锡=4 苏州=1")
	})
}

// TestOneThatBreaksHoldsNobodyElseUp: the other operations of the same look go on.
func TestOneThatBreaksHoldsNobodyElseUp(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(4)
		c.Service.Records.Reactions = []record.Reaction{{Name: "poison", Run: func(w *record.Work) error {
			if w.Text("name") == "00" && w.Text("city") == "坏" {
				return errors.New("broken")
			}
			return nil
		}}}
		bad := c.asked("eve", Wish{Kind: Edit, IDs: ids[:1], Set: c.stored(map[string]any{"city": "坏"})})
		good := c.asked("eve", Wish{Kind: Edit, IDs: ids[1:], Set: c.stored(map[string]any{"city": "好"})})
		if _, err := c.Advance(t.Context()); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("the error names no operation: %v", err)
		}
		c.Same("the good one", c.get(good).Done, 3)
		c.Same("the bad one", c.get(bad).Done, 0)
	})
}

// TestWhyAnOperationEndsBeforeItsEnd: rights that were taken away, a field of
// its filter or of its wish that is gone.
func TestWhyAnOperationEndsBeforeItsEnd(t *testing.T) {
	onBoth(t, func(c *company) {
		c.deals(4)
		for _, one := range []struct {
			name   string
			wish   Wish
			change func()
			want   string
		}{
			{"the right to operate", Wish{Kind: Edit, Set: c.stored(map[string]any{"city": "a"})}, func() {
				c.Publish(strings.Replace(documents, "rights: [records.bulk, records.assign]", "rights: [records.assign]", 1))
			}, "rights_revoked"},
			{"the right to change", Wish{Kind: Edit, Set: c.stored(map[string]any{"city": "b"})}, func() {
				c.Publish(strings.Replace(documents, "update: true, delete: true", "delete: true", 1))
			}, "rights_revoked"},
			{"the right to the field", Wish{Kind: Edit, Set: c.stored(map[string]any{"city": "c"})}, func() {
				c.Publish(strings.Replace(documents, "delete: true, scope: all", "delete: true, scope: all, fields: {city: read}", 1))
			}, "rights_revoked"},
			{"a hidden field of the filter", Wish{Kind: Edit, Filter: "rank > 0", Set: c.stored(map[string]any{"city": "d"})}, func() {
				c.Publish(strings.Replace(documents, "delete: true, scope: all", "delete: true, scope: all, fields: {rank: hidden}", 1))
			}, "filter_gone"},
			{"a field of the wish", Wish{Kind: Edit, Set: c.stored(map[string]any{"due": "2026-01-01"})}, func() {
				c.Publish(strings.Replace(documents, "  - {id: t.deal.due, name: due, label: {zh-CN: 期限}, type: date}\n", "", 1))
			}, "rights_revoked"},
		} {
			id := c.asked("eve", one.wish)
			one.change()
			c.carry()
			o := c.get(id)
			c.Same(one.name, fmt.Sprint(o.State, " ", o.Problem, " ", o.Done), "stopped "+one.want+" 0")
			if o.EndedAt.IsZero() {
				t.Errorf("%s: it never ended", one.name)
			}
			c.Publish(documents)
		}
	})
}

// TestStopAndResume: who may, when, and that nothing is done twice or left out.
func TestStopAndResume(t *testing.T) {
	onBoth(t, func(c *company) {
		c.deals(120)
		id := c.asked("eve", Wish{Kind: Edit, Filter: "", Set: c.stored(map[string]any{"city": "无锡"})})
		try := func(what string, fn func(tx *sqldb.Tx) error, want string) {
			t.Helper()
			c.Same(what, code(c.Write(fn)), want)
		}
		stop := func(who string) func(tx *sqldb.Tx) error {
			return func(tx *sqldb.Tx) error { return c.Stop(tx, c.IDs[who], id) }
		}
		resume := func(who string) func(tx *sqldb.Tx) error {
			return func(tx *sqldb.Tx) error { return c.Resume(tx, c.IDs[who], id) }
		}
		undo := func(tx *sqldb.Tx) error { _, err := c.Undo(tx, c.IDs["eve"], id); return err }
		_, err := c.Advance(t.Context())
		c.Must(err)
		try("another's", stop("ann"), "not_found")
		try("resume what runs", resume("eve"), "operation_not_resumable")
		try("undo what runs", undo, "operation_running")
		try("stop", stop("eve"), "")
		try("stop twice", stop("eve"), "operation_ended")
		half := c.get(id).Done
		c.carry()
		c.Same("it stands still", c.get(id).Done, half)
		try("resume another's", resume("ann"), "not_found")
		c.Publish(strings.Replace(documents, "rights: [records.bulk, records.assign]", "rights: [records.assign]", 1))
		try("resume without the right", resume("eve"), "forbidden")
		c.Publish(documents)
		try("resume", resume("eve"), "")
		c.carry()
		c.Same("at last", c.stands(id), "done 120: 120 done, 0 failed")
		for _, row := range c.rows() {
			if row.Revision != 2 {
				t.Errorf("%v was written %d times", row.Values["t.deal.name"], row.Revision-1)
			}
		}
		try("stop what is done", stop("eve"), "operation_ended")
		try("an administrator's stop of what is done", func(tx *sqldb.Tx) error { return c.Stop(tx, Anyone, id) }, "operation_ended")
		c.Clock.Advance(30 * 24 * time.Hour)
		try("undo too late", undo, "operation_not_undoable")
		try("what there is not", func(tx *sqldb.Tx) error { _, err := c.Undo(tx, c.IDs["eve"], "moon"); return err }, "not_found")
	})
}

// TestOperationsAreListedForTheirAsker: the newest first, page by page.
func TestOperationsAreListedForTheirAsker(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(1)
		var asked []string
		for i := range 7 {
			asked = append(asked, c.asked([]string{"eve", "ann"}[i%2], Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"city": fmt.Sprint(i)})}))
		}
		page := func(asker, before string, limit int) (names []string) {
			c.Must(c.Company.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
				found, err := c.List(tx, asker, before, limit)
				for _, o := range found {
					for i, id := range asked {
						if id == o.ID {
							names = append(names, fmt.Sprint(i))
						}
					}
				}
				return err
			}))
			return names
		}
		c.Same("eve's", page(c.IDs["eve"], "", 10), "[6 4 2 0]")
		c.Same("ann's", page(c.IDs["ann"], "", 2), "[5 3]")
		c.Same("behind them", page(c.IDs["ann"], asked[3], 2), "[1]")
		c.Same("everybody's", page(Anyone, "", 3), "[6 5 4]")
		c.Same("bob's", page(c.IDs["bob"], "", 10), "[]")
	})
}

// TestFormerValuesAreForgottenAfterThirtyDays: those that can no longer be put
// back, and no others.
func TestFormerValuesAreForgottenAfterThirtyDays(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(3)
		old := c.asked("eve", Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"city": "a"})})
		c.carry()
		c.Clock.Advance(29 * 24 * time.Hour)
		fresh := c.asked("eve", Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"city": "b"})})
		c.carry()
		waiting := c.asked("eve", Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"city": "c"})})
		left := func() string {
			var counts [3]int
			c.Must(c.Company.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
				for i, id := range []string{old, fresh, waiting} {
					if err := tx.QueryRow("SELECT COUNT(*) FROM operation_item WHERE operation=$1", id).Scan(&counts[i]); err != nil {
						return err
					}
				}
				return nil
			}))
			return fmt.Sprint(counts)
		}
		wished := func() string {
			said := ""
			for _, id := range []string{waiting, fresh, old} {
				one := c.get(id)
				said += fmt.Sprintf("%d %d %s ", len(one.IDs), len(one.Set), one.Kind)
			}
			return said
		}
		c.purge(t.Context())
		c.Same("after 29 days", left(), "[3 3 0]")
		c.Same("wished after 29 days", wished(), "3 1 edit 3 1 edit 3 1 edit ")
		c.Clock.Advance(24*time.Hour + time.Microsecond)
		c.purge(t.Context())
		c.Same("after 30 days", left(), "[0 3 0]")
		c.Same("wished after 30 days, the newest first", wished(), "3 1 edit 3 1 edit 0 0 edit ")
		c.Same("the operation itself stays", c.stands(old), "done 3: 3 done, 0 failed")
	})
}

// TestItRunsByItself: woken by a wish, and quiet after it was shut.
func TestItRunsByItself(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.deals(3)
		told := make(chan string, 100)
		c.Told = func(user string) { told <- user }
		c.Start(context.Background())
		id := c.asked("eve", Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"city": "无锡"})})
		for c.get(id).State != Done {
			select {
			case user := <-told:
				c.Same("told", user, c.IDs["eve"])
			case <-time.After(20 * time.Second):
				t.Fatal("nothing moved")
			}
		}
		c.Shut()
		after := c.asked("eve", Wish{Kind: Edit, IDs: ids, Set: c.stored(map[string]any{"city": "常州"})})
		c.Same("asked after the stop", c.stands(after), "queued 3: 0 done, 0 failed")
		c.service().Shut() // one that never began
	})
}
