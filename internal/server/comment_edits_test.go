package server_test

import (
	"fmt"
	"strings"
	"testing"

	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// discussion is a lead of s1's on which people talk.
type discussion struct {
	*company
	id, path string
}

func (c *company) discussion() discussion {
	c.Helper()
	id := c.lead(c.as("leader"), map[string]any{"company": "讨论公司", "phone": "13900003001", "owner": c.ids["s1"]})
	return discussion{company: c, id: id, path: leads + "/" + id}
}

// say comments and gives the comment's address.
func (d discussion) say(by, text string, mentions ...string) string {
	d.Helper()
	d.as(by)("POST", d.path+"/comments", d.words(text, mentions...)).want(d.T, "comment", 204)
	return d.path + "/comments/" + d.entries()[0]["id"].(string)
}

func (d discussion) words(text string, mentions ...string) map[string]any {
	var ids []string
	for _, short := range mentions {
		ids = append(ids, d.ids[short])
	}
	return map[string]any{"text": text, "mentions": ids}
}

// entries are what the leader reads of the thread, the newest first.
func (d discussion) entries() []map[string]any {
	d.Helper()
	return d.as("leader")("GET", d.path+"/thread", nil).items(d.T)
}

// told are the sentences of the thread's entries of a kind, the newest first.
func (d discussion) told(kind string) (texts []string) {
	d.Helper()
	for _, e := range d.entries() {
		if e["kind"] == kind {
			texts = append(texts, fmt.Sprint(e["text"]))
		}
	}
	return texts
}

// chainHolds verifies the record's thread, and that nothing in it holds the words.
func (d discussion) chainHolds(words string) {
	d.Helper()
	d.must(d.app.DB.Read(d.Context(), func(tx *sqldb.Tx) error {
		broken, err := thread.Verify(tx, d.id)
		if broken != 0 {
			d.Errorf("the chain breaks at %d", broken)
		}
		return err
	}))
	if words != "" {
		d.expectCount("SELECT COUNT(*) FROM thread_entry WHERE params LIKE '%"+words+"%'", 0)
	}
}

func TestACommentIsEditedByWhoWroteIt(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		d := c.discussion()
		other := d.say("s1", "客户要三台")
		said := d.say("leader", "@s1 报价 88 万", "s1")
		edit := func(by, text string, mentions ...string) answer {
			return c.as(by)("PATCH", said, d.words(text, mentions...))
		}
		edit("leader", "@s1 @marketing 报价 86 万", "s1", "marketing").want(t, "edit", 204)
		if got := d.told("comment"); len(got) != 2 || !strings.Contains(got[0], "86 万") || !strings.Contains(got[0], "编辑过") || strings.Contains(got[1], "编辑过") {
			t.Errorf("comments: %v", got)
		}
		if got := d.told("comment_edited"); len(got) != 1 || !strings.Contains(got[0], "leader") || !strings.Contains(got[0], "88 万") {
			t.Errorf("who changed what: %v", got)
		}
		if s1, marketing := c.inbox("s1", "mentioned"), c.inbox("marketing", "mentioned"); len(s1) != 1 || len(marketing) != 1 {
			t.Errorf("only who is new is told: %v %v", s1, marketing)
		}
		edit("leader", "报价 85 万").want(t, "a second edit", 204)
		edit("leader", "报价 85 万").want(t, "an edit that changes nothing", 204)
		if comments, edits := d.told("comment"), d.told("comment_edited"); len(edits) != 2 || !strings.Contains(edits[0], "86 万") || !strings.Contains(comments[0], "85 万") {
			t.Errorf("after the second edit: %v %v", comments, edits)
		}
		params := d.entries()[2]["params"].(map[string]any)
		if params["edited_at"] == nil || fmt.Sprint(params["mentions"]) != "[]" {
			t.Errorf("params %v", params)
		}
		edit("s1", "改别人的").want(t, "of another", 403)
		edit("s2", "看不到").want(t, "by who may not read the record", 404)
		edit("leader", " ").want(t, "empty", 422)
		edit("leader", "@s2", "s2").want(t, "who cannot read it", 422)
		for name, entry := range map[string]string{
			"no comment": d.id + ".1", "not there": d.id + ".999", "no number": d.id + ".x", "of another record": "x.1", "below one": d.id + ".-1",
			"an edit": d.entries()[0]["id"].(string),
		} {
			c.as("leader")("PATCH", d.path+"/comments/"+entry, d.words("x")).want(t, name, 404)
			c.as("leader")("DELETE", d.path+"/comments/"+entry, nil).want(t, name, 404)
		}
		c.as("s1")("PATCH", other, d.words("客户要四台")).want(t, "one's own, older", 204)
		if got := d.told("comment"); !strings.Contains(got[1], "四台") || !strings.Contains(got[0], "85 万") {
			t.Errorf("each its own: %v", got)
		}
		d.chainHolds("")
	})
}

func TestADeletedCommentLeavesATraceWithoutWords(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		d := c.discussion()
		kept := d.say("leader", "留下的话")
		said := d.say("leader", "说错的话", "s1")
		c.as("leader")("PATCH", said, d.words("说错的话二")).want(t, "edit", 204)
		c.as("s1")("DELETE", said, nil).want(t, "of another", 403)
		c.as("s2")("DELETE", said, nil).want(t, "by who may not read the record", 404)
		c.as("leader")("DELETE", said, nil).want(t, "delete", 204)
		if got := d.told("comment"); len(got) != 2 || strings.Contains(got[0], "说错") || !strings.Contains(got[0], "leader") || !strings.Contains(got[1], "留下的话") {
			t.Errorf("comments: %v", got)
		}
		if got := d.told("comment_deleted"); len(got) != 1 || !strings.Contains(got[0], "leader") {
			t.Errorf("who deleted: %v", got)
		}
		d.chainHolds("说错")
		c.as("leader")("DELETE", said, nil).want(t, "again", 409)
		c.as("leader")("PATCH", said, d.words("又来")).want(t, "edit of a deleted one", 409)
		c.as("leader")("DELETE", kept, nil).want(t, "the other", 204)
		c.as("s1")("POST", d.path+"/comments", d.words("接着说")).want(t, "a new one", 204)
		d.chainHolds("留下")
	})
}
