package merge_test

import (
	_ "embed"
	"fmt"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/merge"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

//go:embed testdata/company.yaml
var documents string

// company is the engine over people and their leads.
type company struct {
	*office.Company
	*merge.Service
}

func onBoth(t *testing.T, test func(c *company)) {
	t.Helper()
	people := map[string]string{"ann": "seller", "bob": "seller", "eve": "boss"}
	office.Each(t, documents, people, nil, func(b *office.Company) {
		b.Records.Reactions = []record.Reaction{merge.Released(), merge.Regained()}
		test(&company{b, &merge.Service{Records: b.Records, Snapshot: b.Catalog.Current}})
	})
}

// wish is a person's of two records of an object; take names fields, "-name"
// keeps the winner's value.
func (c *company) wish(who, object, winner, loser string, take ...string) merge.Wish {
	c.Helper()
	w := merge.Wish{Asker: c.IDs[who], Grants: c.Grants(c.IDs[who]), Object: c.Object(object), Winner: winner, Loser: loser, Take: map[string]bool{}}
	for _, name := range take {
		name, keep := strings.CutPrefix(name, "-")
		f, ok := w.Object.Field(name)
		if !ok {
			c.Fatalf("no field %s", name)
		}
		w.Take[f.ID] = !keep
	}
	return w
}

func (c *company) merge(w merge.Wish) string {
	c.Helper()
	return office.Fault(c.Write(func(tx *sqldb.Tx) error { return c.Service.Merge(tx, w) }))
}

func (c *company) undo(who, object, winner string) (loser, fault string) {
	c.Helper()
	err := c.Write(func(tx *sqldb.Tx) (err error) {
		loser, err = c.Service.Undo(tx, c.wish(who, object, winner, ""))
		return err
	})
	return loser, office.Fault(err)
}

// kept is what the end of a merge says of people who have left.
func (c *company) kept(id string) string {
	c.Helper()
	said := []string{}
	c.Read(func(tx *sqldb.Tx) error {
		entries, err := thread.List(tx, id, 0, 10)
		for _, e := range entries {
			kept, _ := e.Params["kept"].(map[string]any)
			for field, person := range kept {
				f, _ := c.Object("person").FieldByID(field)
				said = append(said, e.Kind, f.Name, fmt.Sprint(person))
			}
		}
		return err
	})
	return fmt.Sprint(said)
}

// person makes a person of ann's.
func (c *company) person(values map[string]any) string {
	c.Helper()
	if values["owner"] == nil {
		values["owner"] = c.IDs["ann"]
	}
	return c.Create("ann", "person", values)
}

// deliver is a lead from a channel, which may touch one that is there.
func (c *company) deliver(key, phone string) string {
	c.Helper()
	var id string
	c.Must(c.Write(func(tx *sqldb.Tx) error {
		done, err := c.Company.Records.Apply(tx, record.Change{
			Act: record.Create, Actor: thread.Actor{Kind: thread.Channel, ID: "web"}, Object: c.Object("lead"), TouchOpen: true,
			Set: c.Set("lead", map[string]any{"phone": phone}), Delivery: &record.Delivery{ID: "d", Channel: "web", Key: key},
		})
		id = done.ID
		return err
	}))
	return id
}

// keys are those that lead to a record, "kind value", sorted.
func (c *company) keys(id string) string {
	c.Helper()
	var keys []string
	c.Read(func(tx *sqldb.Tx) error {
		rows, err := tx.Query("SELECT kind,value FROM match_key WHERE record=$1 AND scope NOT LIKE '-%'", id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind, value string
			if err := rows.Scan(&kind, &value); err != nil {
				return err
			}
			keys = append(keys, kind+" "+value)
		}
		return rows.Err()
	})
	sort.Strings(keys)
	return strings.Join(keys, ", ")
}

// TestWhoseValueStays: the winner's where it has one, the loser's where it has
// none, and whichever was asked for; what only the program writes stays.
func TestWhoseValueStays(t *testing.T) {
	onBoth(t, func(c *company) {
		for i, one := range []struct {
			name string
			take []string
			want string // name, amount, tags, wechat of the winner
		}{
			{"by themselves", nil, "甲 | map[amount:5.00 currency:CNY] | [x] | w"},
			{"the other's name", []string{"name"}, "乙 | map[amount:5.00 currency:CNY] | [x] | w"},
			{"a blank that is to stay", []string{"-wechat", "-tags"}, "甲 | map[amount:5.00 currency:CNY] |  | "},
			{"the other's blank", []string{"amount"}, "甲 |  | [x] | w"},
			{"what the program writes", []string{"no", "score"}, "甲 | map[amount:5.00 currency:CNY] | [x] | w"},
		} {
			winner := c.person(map[string]any{"name": "甲", "amount": "5", "phone": fmt.Sprintf("139000000%02d", 2*i)})
			loser := c.person(map[string]any{"name": "乙", "tags": []any{"x"}, "wechat": fmt.Sprint("w", i)})
			number := c.Value("person", winner, "no")
			plan := merge.Plan{}
			c.Read(func(tx *sqldb.Tx) (err error) {
				plan, err = c.Plan(tx, c.wish("ann", "person", winner, loser, one.take...))
				return err
			})
			c.Same(one.name, c.merge(c.wish("ann", "person", winner, loser, one.take...)), "")
			got := strings.ReplaceAll(strings.Join([]string{
				c.Value("person", winner, "name"), c.Value("person", winner, "amount"), c.Value("person", winner, "tags"), c.Value("person", winner, "wechat"),
			}, " | "), fmt.Sprint("w", i), "w")
			c.Same(one.name, got, one.want)
			c.Same(one.name+": its number", c.Value("person", winner, "no"), number)
			for id, value := range plan.Set {
				f, _ := c.Object("person").FieldByID(id)
				if shown := c.Value("person", winner, f.Name); value != nil && shown == "" {
					t.Errorf("%s: planned %s=%v", one.name, f.Name, value)
				}
			}
			c.Same(one.name+": the loser", c.Value("person", loser, "name"), "gone")
			c.Same(one.name+": told on both", fmt.Sprint(c.Kinds(winner), c.Kinds(loser)), kindsOf(len(plan.Set) > 0)+" [received matched merged_away deleted]")
		}
	})
}

// kindsOf is the winner's thread after a merge that changed values, or none.
func kindsOf(changed bool) string {
	if changed {
		return "[received matched merged changed]"
	}
	return "[received matched merged]"
}

// TestWhatPointedToTheLoserPointsToTheWinner: by each field, of each object, the
// deleted ones and the winner's own pointers aside; and back again.
func TestWhatPointedToTheLoserPointsToTheWinner(t *testing.T) {
	onBoth(t, func(c *company) {
		winner, loser := c.person(map[string]any{"name": "甲"}), c.person(map[string]any{"name": "乙"})
		friend := c.person(map[string]any{"name": "丙", "friend": loser})
		both := c.Create("eve", "lead", map[string]any{"name": "both", "person": loser, "second": loser})
		mixed := c.Create("eve", "lead", map[string]any{"name": "mixed", "person": winner, "second": loser})
		other := c.Create("eve", "lead", map[string]any{"name": "other", "person": friend})
		gone := c.Create("eve", "lead", map[string]any{"name": "gone", "person": loser})
		c.Delete("eve", "lead", gone)
		points := func() string {
			name := map[string]string{winner: "w", loser: "l", friend: "f", "": "-"}
			return fmt.Sprint(name[c.Value("person", friend, "friend")], " ", name[c.Value("lead", both, "person")], name[c.Value("lead", both, "second")],
				" ", name[c.Value("lead", mixed, "person")], name[c.Value("lead", mixed, "second")], " ", name[c.Value("lead", other, "person")])
		}
		before := points()
		c.Same("before", before, "l ll wl f")
		c.Same("merge", c.merge(c.wish("ann", "person", winner, loser)), "")
		c.Same("after", points(), "w ww ww f")
		moved := c.Create("eve", "lead", map[string]any{"name": "new", "person": winner})
		c.Edit("eve", "lead", both, map[string]any{"second": friend})
		undone, fault := c.undo("ann", "person", winner)
		c.Same("undo", fmt.Sprintf("%v %q", undone == loser, fault), `true ""`)
		c.Same("again, but for what moved on", points(), "l lf wl f")
		c.Same("what came to the winner since", c.Value("lead", moved, "person"), winner)
	})
}

// TestKeysLeadToTheWinner: what would have met the loser meets it, and the
// loser again once they are two.
func TestKeysLeadToTheWinner(t *testing.T) {
	onBoth(t, func(c *company) {
		winner, loser := c.deliver("clue-1", "13900000001"), c.deliver("clue-2", "13900000002")
		c.Same("merge", c.merge(c.wish("eve", "lead", winner, loser)), "")
		c.Same("keys", c.keys(winner), "external clue-1, external clue-2, phone +8613900000001, phone +8613900000002")
		c.Same("the loser's clue", c.deliver("clue-2", "13900000009"), winner)
		c.Same("the loser's phone", c.deliver("", "13900000002"), winner)
		c.Edit("eve", "lead", winner, map[string]any{"name": "x"})
		_, fault := c.undo("eve", "lead", winner)
		c.Same("undo", fault, "")
		c.Same("the winner's", c.keys(winner), "external clue-1, phone +8613900000001, phone +8613900000009")
		c.Same("the loser's", c.keys(loser), "external clue-2, phone +8613900000002")
		c.Same("a delivery to each", fmt.Sprint(c.deliver("", "13900000002") == loser, c.deliver("", "13900000001") == winner), "true true")
	})
}

// TestAClosedWinnerMeetsNobody: an open lead that is merged into a closed one
// leaves its number free for the next lead; its source's own id leads on.
func TestAClosedWinnerMeetsNobody(t *testing.T) {
	onBoth(t, func(c *company) {
		winner, loser := c.deliver("clue-1", "13900000001"), c.deliver("clue-2", "13900000002")
		c.Edit("eve", "lead", winner, map[string]any{"status": "战败"})
		c.Same("merge", c.merge(c.wish("eve", "lead", winner, loser)), "")
		c.Same("keys", c.keys(winner), "external clue-1, external clue-2")
		fresh := c.deliver("", "13900000002")
		if fresh == winner || fresh == loser {
			t.Error("the number of an open lead met a closed one")
		}
		_, fault := c.undo("eve", "lead", winner)
		c.Same("undo while another has the number", fault, "duplicate: phone duplicate")
		c.Edit("eve", "lead", fresh, map[string]any{"phone": "13900000003"})
		_, fault = c.undo("eve", "lead", winner)
		c.Same("undo", fault, "")
		c.Same("the loser's", c.keys(loser), "external clue-2, phone +8613900000002")
	})
}

// TestAWinnerThatOpensAgainMeetsAllItMet: whoever would have met one of the
// merged meets the winner once more, unless he belongs to another by now.
func TestAWinnerThatOpensAgainMeetsAllItMet(t *testing.T) {
	onBoth(t, func(c *company) {
		first, second, winner := c.deliver("clue-1", "13900000001"), c.deliver("clue-2", "13900000002"), c.deliver("clue-3", "13900000003")
		all := "external clue-1, external clue-2, external clue-3, phone +8613900000001, phone +8613900000002, phone +8613900000003"
		c.Same("merge", c.merge(c.wish("eve", "lead", second, first)), "")
		c.Clock.Advance(time.Second)
		c.Same("merge again", c.merge(c.wish("eve", "lead", winner, second)), "")
		c.Same("merged", c.keys(winner), all)
		c.Edit("eve", "lead", winner, map[string]any{"status": "战败"})
		c.Same("closed", c.keys(winner), "external clue-1, external clue-2, external clue-3")
		c.Edit("eve", "lead", winner, map[string]any{"status": "新"})
		c.Same("reopened", c.keys(winner), all)
		c.Delete("eve", "lead", winner)
		c.Same("deleted", c.keys(winner), "")
		c.Restore("eve", "lead", winner)
		c.Same("restored", c.keys(winner), all)

		c.Edit("eve", "lead", winner, map[string]any{"status": "战败"})
		other := c.deliver("", "13900000001")
		c.Edit("eve", "lead", winner, map[string]any{"status": "新"})
		c.Same("what another has", c.keys(other), "phone +8613900000001")
		c.Same("what is left", c.keys(winner), strings.Replace(all, "phone +8613900000001, ", "", 1))
		_, fault := c.undo("eve", "lead", winner)
		c.Same("undo", fault, "")
		c.Same("the winner's", c.keys(winner), "external clue-3, phone +8613900000003")
		c.Same("the second's", c.keys(second), "external clue-1, external clue-2, phone +8613900000002")
	})
}

// TestAMergeThatIsUndoneHandsNothingToWhoHasLeft: the winner stays with whom the
// merge gave it to; all else goes back.
func TestAMergeThatIsUndoneHandsNothingToWhoHasLeft(t *testing.T) {
	onBoth(t, func(c *company) {
		merged := func() (winner string) {
			winner = c.person(map[string]any{"name": "a"})
			loser := c.person(map[string]any{"name": "b", "owner": c.IDs["bob"]})
			c.Same("merge", c.merge(c.wish("eve", "person", winner, loser, "owner", "name")), "")
			return winner
		}
		stays, goes := merged(), merged()
		_, fault := c.undo("eve", "person", goes)
		c.Same("undo", fault, "")
		c.Same("back with ann", c.Value("person", goes, "owner"), c.IDs["ann"])
		active := false
		_, err := c.People.UpdateUser(c.Context(), c.IDs["ann"], account.UserChange{Active: &active})
		c.Must(err)
		_, fault = c.undo("eve", "person", stays)
		c.Same("undo after she left", fault, "")
		c.Same("still with bob", c.Value("person", stays, "owner")+c.Value("person", stays, "name"), c.IDs["bob"]+"a")
		c.Same("where she got it back", c.kept(goes), "[]")
		c.Same("where she did not", c.kept(stays), fmt.Sprintf("[unmerged %s %s]", c.Object("person").OwnerField, c.IDs["ann"]))
	})
}

// TestWhoMayMerge: both records have to be his, one to change, one to delete,
// and another's looks as if it were not there.
func TestWhoMayMerge(t *testing.T) {
	onBoth(t, func(c *company) {
		hers, his := c.person(map[string]any{"name": "甲"}), c.person(map[string]any{"name": "乙", "owner": c.IDs["bob"]})
		gone := c.person(map[string]any{"name": "丙"})
		c.Delete("eve", "person", gone)
		lead := c.Create("eve", "lead", map[string]any{"name": "x", "owner": c.IDs["ann"]})
		for _, one := range []struct {
			name, who, object, winner, loser string
			want                             string
		}{
			{"the same", "eve", "person", hers, hers, "invalid_input: other same_record"},
			{"a loser that he may not delete", "ann", "person", hers, his, "not_found"},
			{"a deleted loser", "eve", "person", hers, gone, "not_found"},
			{"a deleted winner", "eve", "person", gone, hers, "not_found"},
			{"an absent one", "eve", "person", hers, "absent", "not_found"},
			{"another object's", "eve", "person", hers, lead, "not_found"},
			{"an object that he only reads", "ann", "lead", lead, lead + "x", "not_found"},
			{"his to delete, his team's to change", "bob", "person", hers, his, ""},
		} {
			c.Same(one.name, c.merge(c.wish(one.who, one.object, one.winner, one.loser)), one.want)
		}
		_, fault := c.undo("ann", "person", hers)
		c.Same("undo by who may not restore the loser", fault, "not_found")
		_, fault = c.undo("bob", "person", hers)
		c.Same("undo by who merged", fault, "")
		_, fault = c.undo("bob", "person", hers)
		c.Same("undo again", fault, "not_merged")
	})
}

// TestWhatPreventsAnUndo: what somebody changed since, by name, and that the
// loser can no longer come back.
func TestWhatPreventsAnUndo(t *testing.T) {
	onBoth(t, func(c *company) {
		for _, one := range []struct {
			name   string
			change func(winner, loser string)
			want   string
		}{
			{"nothing", func(string, string) {}, ""},
			{"another field", func(w, _ string) { c.Edit("eve", "person", w, map[string]any{"amount": "7"}) }, ""},
			{"a field that was taken", func(w, _ string) { c.Edit("eve", "person", w, map[string]any{"wechat": "y"}) }, "changed_meanwhile: wechat changed_meanwhile"},
			{"two of them", func(w, _ string) { c.Edit("eve", "person", w, map[string]any{"wechat": nil, "tags": []any{"z"}}) }, "changed_meanwhile: tags changed_meanwhile, wechat changed_meanwhile"},
			{"thirty days and a moment", func(string, string) { c.Clock.Advance(record.Restorable + time.Second) }, "restore_too_late"},
			{"the loser restored by itself", func(_, l string) { c.Restore("eve", "person", l) }, "not_merged"},
		} {
			winner, loser := c.person(map[string]any{"name": "甲"}), c.person(map[string]any{"name": "乙", "wechat": one.name, "tags": []any{"x"}})
			if one.name == "the loser restored by itself" {
				c.Edit("eve", "person", loser, map[string]any{"wechat": nil})
			}
			c.Same(one.name+": merge", c.merge(c.wish("eve", "person", winner, loser)), "")
			one.change(winner, loser)
			before := fmt.Sprint(c.Value("person", winner, "wechat"), c.Value("person", winner, "tags"), c.Value("person", loser, "name"))
			_, fault := c.undo("eve", "person", winner)
			c.Same(one.name, fault, one.want)
			after := fmt.Sprint(c.Value("person", winner, "wechat"), c.Value("person", winner, "tags"), c.Value("person", loser, "name"))
			if one.want != "" && before != after {
				t.Errorf("%s: a refused undo changed %s to %s", one.name, before, after)
			}
			if one.want == "" {
				c.Same(one.name, after, "乙")
			}
		}
	})
}

// TestAChainOfMerges: the address of each leads to the last, the threads of all
// are parts of it, and they come apart in turn.
func TestAChainOfMerges(t *testing.T) {
	onBoth(t, func(c *company) {
		a, b, d := c.person(map[string]any{"name": "a"}), c.person(map[string]any{"name": "b"}), c.person(map[string]any{"name": "d"})
		c.Same("a into b", c.merge(c.wish("eve", "person", b, a)), "")
		c.Clock.Advance(time.Second)
		c.Same("b into d", c.merge(c.wish("eve", "person", d, b)), "")
		look := func() string {
			name := map[string]string{a: "a", b: "b", d: "d", "": "-"}
			text := ""
			c.Read(func(tx *sqldb.Tx) error {
				for _, id := range []string{a, b, d} {
					into, err := merge.Into(tx, id)
					if err != nil {
						return err
					}
					text += name[into]
				}
				for _, id := range []string{d, b, a} {
					parts, err := merge.Parts(tx, id)
					if err != nil {
						return err
					}
					text += " "
					for _, part := range parts {
						text += name[part]
					}
				}
				return nil
			})
			return text
		}
		c.Same("both", look(), "dd- ba a ")
		_, fault := c.undo("eve", "person", b)
		c.Same("a loser cannot give back", fault, "not_found")
		_, fault = c.undo("eve", "person", d)
		c.Same("the last first", fault, "")
		c.Same("one", look(), "b--  a ")
		_, fault = c.undo("eve", "person", b)
		c.Same("then the first", fault, "")
		c.Same("none", look(), "---   ")
		c.Same("a into b again", c.merge(c.wish("eve", "person", b, a)), "")
		c.Restore("eve", "person", a)
		c.Same("restored by itself", look(), "---   ")
	})
}

// TestFollowersComeAlong: who follows the loser follows the winner, unless he
// said about it that he does not want to, and goes back with it.
func TestFollowersComeAlong(t *testing.T) {
	onBoth(t, func(c *company) {
		winner, loser := c.person(map[string]any{"name": "甲"}), c.person(map[string]any{"name": "乙"})
		for _, row := range []struct {
			record, who string
			muted       int
		}{{winner, "ann", 0}, {winner, "bob", 1}, {loser, "ann", 0}, {loser, "bob", 0}, {loser, "eve", 0}} {
			c.Must(c.Write(func(tx *sqldb.Tx) error {
				_, err := tx.Exec("INSERT INTO follower(record,account_id,muted,at) VALUES($1,$2,$3,0)", row.record, c.IDs[row.who], row.muted)
				return err
			}))
		}
		follows := func() string {
			return fmt.Sprint(c.Count("SELECT COUNT(*) FROM follower WHERE record=$1 AND muted=0", winner), c.Count("SELECT COUNT(*) FROM follower WHERE record=$1 AND muted=1", winner))
		}
		c.Same("before", follows(), "1 1")
		c.Same("merge", c.merge(c.wish("eve", "person", winner, loser)), "")
		c.Same("after", follows(), "2 1")
		_, fault := c.undo("eve", "person", winner)
		c.Same("undo", fault, "")
		c.Same("again", follows(), "1 1")
	})
}

// TestTooManyReferencesAreRefused: a merge is one transaction, which must not
// hold the writer for long.
func TestTooManyReferencesAreRefused(t *testing.T) {
	onBoth(t, func(c *company) {
		winner, loser := c.person(map[string]any{"name": "甲"}), c.person(map[string]any{"name": "乙"})
		o := c.Object("lead")
		c.Must(c.Write(func(tx *sqldb.Tx) error {
			for i := range 501 {
				if _, err := c.Company.Records.Apply(tx, record.Change{
					Act: record.Create, Actor: c.Actor("eve"), Object: o, Set: map[string]any{"t.lead.name": fmt.Sprint(i), "t.lead.person": loser},
				}); err != nil {
					return err
				}
			}
			return nil
		}))
		c.Same("501", c.merge(c.wish("eve", "person", winner, loser)), "too_many_references")
		c.Delete("eve", "lead", c.Rows("lead")[0].ID)
		c.Same("500", c.merge(c.wish("eve", "person", winner, loser)), "")
		c.Same("all moved", c.Count("SELECT COUNT(*) FROM record_merge"), 1)
	})
}

// TestTwoMergesAtOnce: of the same two in both directions; one wins, and the
// other finds that there is nothing to merge.
func TestTwoMergesAtOnce(t *testing.T) {
	onBoth(t, func(c *company) {
		a, b := c.person(map[string]any{"name": "a"}), c.person(map[string]any{"name": "b"})
		wishes := []merge.Wish{c.wish("eve", "person", a, b), c.wish("eve", "person", b, a)}
		faults := make([]string, 2)
		var all sync.WaitGroup
		for i, w := range wishes {
			all.Go(func() {
				faults[i] = office.Fault(c.Write(func(tx *sqldb.Tx) error { return c.Service.Merge(tx, w) }))
			})
		}
		all.Wait()
		sort.Strings(faults)
		c.Same("faults", fmt.Sprintf("%q", faults), `["" "not_found"]`)
		c.Same("live", len(c.Rows("person")), 1)
		c.Same("kept", c.Count("SELECT COUNT(*) FROM record_merge WHERE undone_at IS NULL"), 1)
	})
}
