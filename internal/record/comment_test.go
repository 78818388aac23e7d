package record_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// remark says something of a lead to colleagues, and gives who was named anew.
func (c *company) remark(who, id string, comment record.Comment) ([]string, error) {
	c.Helper()
	change := record.Change{Act: record.Remark, Actor: c.as(who), Object: c.object("lead"), ID: id, Comment: &comment}
	_, err := c.apply(change)
	return comment.Fresh(), err
}

// said are a lead's comments as they read now, oldest first.
func (c *company) said(id string) string {
	c.Helper()
	var texts []string
	c.read(func(tx *sqldb.Tx) error {
		entries, err := thread.Since(tx, id, 0, record.Commented)
		if err != nil {
			return err
		}
		err = record.AmendComments(tx, entries)
		for _, e := range entries {
			text := fmt.Sprint(e.Seq, " ", e.Params["text"])
			if at, edited := e.Params["edited_at"]; edited {
				text += fmt.Sprint(" @", at)
			}
			texts = append(texts, text)
		}
		return err
	})
	return strings.Join(texts, "; ")
}

// TestCommentsAreSaidEditedAndTakenBack: by who wrote them, to their last
// wording, and nobody is told twice of the same.
func TestCommentsAreSaidEditedAndTakenBack(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.create("lead", map[string]any{"company": "a"}).ID
		fresh := func(what string, got []string, err error, want string) {
			t.Helper()
			c.must(err)
			var names []string
			for _, one := range got {
				for name, id := range c.ids {
					if id == one {
						names = append(names, name)
					}
				}
			}
			c.same(what+" tells", strings.Join(names, " "), want)
		}
		got, err := c.remark("ann", id, record.Comment{Text: "客户要样品 @bob", Mentions: []string{c.ids["bob"]}})
		fresh("the comment", got, err, "bob")
		got, err = c.remark("bob", id, record.Comment{Text: "已寄"})
		fresh("the answer", got, err, "")
		c.clock.Advance(time.Minute)
		got, err = c.remark("ann", id, record.Comment{Of: 3, Text: "客户要两件样品 @bob @eve", Mentions: []string{c.ids["bob"], c.ids["eve"]}})
		fresh("the edit", got, err, "eve")
		got, err = c.remark("ann", id, record.Comment{Of: 3, Text: "客户要三件样品 @bob", Mentions: []string{c.ids["bob"]}})
		fresh("the second edit", got, err, "")
		c.same("now", c.said(id), "3 客户要三件样品 @bob @2026-03-03T04:01:00Z; 4 已寄")
		before := c.row("lead", id).Revision
		got, err = c.remark("ann", id, record.Comment{Of: 3, Text: "客户要三件样品 @bob", Mentions: []string{c.ids["bob"]}})
		fresh("the same again", got, err, "")
		c.same("writes nothing", c.row("lead", id).Revision, before)
		_, err = c.remark("ann", id, record.Comment{Of: 3, Gone: true})
		c.must(err)
		c.same("taken back", c.said(id), "3 <nil>; 4 已寄")
		var kept int
		c.read(func(tx *sqldb.Tx) error {
			return tx.QueryRow("SELECT COUNT(*) FROM thread_entry WHERE record=$1 AND params LIKE '%样品%'", id).Scan(&kept)
		})
		c.same("entries that still hold its words", kept, 0)
		c.same("thread", c.kinds(id), "received matched comment comment comment_edited comment_edited comment_deleted")
	})
}

// TestWhatIsNoCommentOfHis: another's, one that is gone, an entry of another
// kind, a number beyond the end.
func TestWhatIsNoCommentOfHis(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.create("lead", map[string]any{"company": "a"}).ID
		other := c.create("lead", map[string]any{"company": "b"}).ID
		for _, said := range []string{"eins", "zwei"} {
			_, err := c.remark("ann", id, record.Comment{Text: said})
			c.must(err)
		}
		_, err := c.remark("ann", id, record.Comment{Of: 4, Text: "zwei!"})
		c.must(err)
		_, err = c.remark("ann", id, record.Comment{Of: 3, Gone: true})
		c.must(err)
		for _, one := range []struct {
			name, who, id string
			comment       record.Comment
			want          string
		}{
			{"another's", "bob", id, record.Comment{Of: 4, Text: "x"}, "comment_of_another"},
			{"another's, to take back", "bob", id, record.Comment{Of: 4, Gone: true}, "comment_of_another"},
			{"taken back already", "ann", id, record.Comment{Of: 3, Text: "x"}, "comment_deleted"},
			{"taken back twice", "ann", id, record.Comment{Of: 3, Gone: true}, "comment_deleted"},
			{"the first entry", "ann", id, record.Comment{Of: 1, Text: "x"}, "not_found"},
			{"an edit is no comment", "ann", id, record.Comment{Of: 5, Text: "x"}, "not_found"},
			{"beyond the end", "ann", id, record.Comment{Of: 99, Gone: true}, "not_found"},
			{"before the beginning", "ann", id, record.Comment{Of: -1, Gone: true}, "not_found"},
			{"of another record", "ann", other, record.Comment{Of: 4, Text: "x"}, "not_found"},
		} {
			_, err := c.remark(one.who, one.id, one.comment)
			c.refused(one.name, err, one.want)
		}
		c.same("what stays", c.said(id), "3 <nil>; 4 zwei! @2026-03-03T04:00:00Z")
	})
}

// TestAnEditOfOneCommentIsNotOneOfAnother: each keeps its own latest words,
// and taking one back leaves the others'.
func TestAnEditOfOneCommentIsNotOneOfAnother(t *testing.T) {
	onBoth(t, func(c *company) {
		id := c.create("lead", map[string]any{"company": "a"}).ID
		for _, text := range []string{"a", "b", "c"} {
			_, err := c.remark("ann", id, record.Comment{Text: text})
			c.must(err)
		}
		for _, edit := range []record.Comment{{Of: 5, Text: "c1"}, {Of: 3, Text: "a1"}, {Of: 5, Text: "c2"}, {Of: 4, Text: "b1"}, {Of: 3, Text: "a2"}} {
			_, err := c.remark("ann", id, edit)
			c.must(err)
		}
		at := " @2026-03-03T04:00:00Z"
		c.same("each", c.said(id), "3 a2"+at+"; 4 b1"+at+"; 5 c2"+at)
		_, err := c.remark("ann", id, record.Comment{Of: 3, Gone: true})
		c.must(err)
		c.same("one less", c.said(id), "3 <nil>; 4 b1"+at+"; 5 c2"+at)
		_, err = c.remark("ann", id, record.Comment{Of: 5, Text: "c3"})
		c.must(err)
		c.same("the last goes on", c.said(id), "3 <nil>; 4 b1"+at+"; 5 c3"+at)
	})
}
