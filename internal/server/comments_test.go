package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// inbox is the texts of a person's messages of a kind.
func (c *company) inbox(short, kind string) []string {
	c.Helper()
	var texts []string
	for _, item := range c.as(short)("GET", "/api/v1/inbox", nil).items(c.T) {
		if item["kind"] == kind {
			texts = append(texts, fmt.Sprint(item["text"]))
		}
	}
	return texts
}

func TestACommentReachesWhoMayReadTheRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		id := c.lead(leader, map[string]any{"company": "评论公司", "phone": "13900001111", "owner": c.ids["s1"]})
		path := leads + "/" + id
		say := func(by string, body map[string]any) answer { return c.as(by)("POST", path+"/comments", body) }
		say("leader", map[string]any{"text": "@s1 请看一下报价", "mentions": []string{c.ids["s1"], c.ids["s1"]}}).want(t, "comment", 204)
		if got := c.inbox("s1", "mentioned"); len(got) != 1 || !strings.Contains(got[0], "leader") {
			t.Errorf("inbox of s1: %v", got)
		}
		if got := c.kinds(id); !strings.HasPrefix(got, "comment ") {
			t.Errorf("thread: %s", got)
		}
		thread := leader("GET", path+"/thread", nil).items(t)
		if !strings.Contains(fmt.Sprint(thread[0]["text"]), "请看一下报价") {
			t.Errorf("entry: %v", thread[0])
		}
		// Somebody who may not read the record is refused, and hears nothing.
		refused := say("leader", map[string]any{"text": "@s2", "mentions": []string{c.ids["s2"]}}).want(t, "mention of s2", 422)
		if got := refused.faults(t); fmt.Sprint(got) != "[mentions.0 mention_cannot_read]" {
			t.Errorf("faults %v", got)
		}
		if got := c.inbox("s2", "mentioned"); len(got) != 0 {
			t.Errorf("inbox of s2: %v", got)
		}
		say("s2", map[string]any{"text": "hello"}).want(t, "of who may not read", 404)
		c.as("s2")("PUT", path+"/follow", nil).want(t, "follow of who may not read", 404)
		c.as("s2")("GET", path+"/follow", nil).want(t, "question of who may not read", 404)
		for name, body := range map[string]map[string]any{
			"empty": {"text": "  "}, "long": {"text": strings.Repeat("长", 4001)}, "nobody": {"text": "x", "mentions": []string{"nobody"}},
		} {
			say("leader", body).want(t, name, 422)
		}
	})
}

// TestFollowersHearOfAComment: a word on a record reaches who follows it and its
// owner without an @, once; not who said it, who wants to hear nothing of it, or
// who may not read it any more.
func TestFollowersHearOfAComment(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		id := c.lead(leader, map[string]any{"company": "评论公司", "phone": "13900001111", "owner": c.ids["s1"]})
		path := leads + "/" + id
		say := func(by, text string, mentions ...string) {
			t.Helper()
			c.as(by)("POST", path+"/comments", map[string]any{"text": text, "mentions": mentions}).want(t, text, 204)
		}
		hear := func(what string, want map[string]int) {
			t.Helper()
			for _, who := range []string{"leader", "s1", "s2", "marketing", "admin"} {
				if got := c.inbox(who, "commented"); len(got) != want[who] {
					t.Errorf("%s: %s hears %v, want %d", what, who, got, want[who])
				}
			}
		}
		c.as("marketing")("PUT", path+"/follow", nil).want(t, "follow", 200)
		say("leader", "报价发了吗")
		hear("a word of the leader", map[string]int{"s1": 1, "marketing": 1})
		if got := c.inbox("marketing", "commented"); !strings.Contains(got[0], "leader") || !strings.Contains(got[0], "评论公司") || strings.Contains(got[0], "报价") {
			t.Errorf("told: %v", got)
		}
		say("s1", "发了")
		hear("the answer reaches who said something before", map[string]int{"leader": 1, "s1": 1, "marketing": 2})
		say("leader", "@s1 好", c.ids["s1"])
		hear("who is mentioned hears that alone", map[string]int{"leader": 1, "s1": 1, "marketing": 3})
		if got := c.inbox("s1", "mentioned"); len(got) != 1 {
			t.Errorf("mentioned: %v", got)
		}
		c.as("s1")("DELETE", path+"/follow", nil).want(t, "an owner who wants to hear nothing", 200)
		leader("PATCH", path, map[string]any{"owner": c.ids["s2"]}).want(t, "given to s2", 200)
		c.as("s2")("PUT", path+"/follow", nil).want(t, "follow", 200)
		leader("PATCH", path, map[string]any{"owner": c.ids["s3"]}).want(t, "given to s3", 200)
		say("leader", "换人了")
		hear("who may not read it any more", map[string]int{"leader": 1, "s1": 1, "marketing": 4})
		if got := c.inbox("s3", "commented"); len(got) != 1 {
			t.Errorf("the new owner hears %v", got)
		}
	})
}

func TestFollowersHearWhatChangedAsFarAsTheyMayRead(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		id := c.lead(leader, map[string]any{"company": "关注公司", "phone": "13900002222", "owner": c.ids["s1"]})
		path := leads + "/" + id
		change := func(by string, fields map[string]any) {
			c.as(by)("PATCH", path, map[string]any{"base": map[string]any{}}).want(t, "nothing", 200)
			etag := c.as(by)("GET", path, nil).header.Get("ETag")
			c.with(by)("PATCH", path, fields, map[string]string{"If-Match": etag}).want(t, "change", 200)
		}
		leader("PUT", path+"/follow", nil).want(t, "follow", 200)
		if leader("GET", path+"/follow", nil).json(t)["following"] != true {
			t.Error("not following")
		}
		change("s1", map[string]any{"company": "关注有限公司"})
		got := c.inbox("leader", "record_changed")
		if len(got) != 1 || !strings.Contains(got[0], "关注公司") || !strings.Contains(got[0], "关注有限公司") || !strings.Contains(got[0], "s1") {
			t.Fatalf("before → after: %v", got)
		}
		change("s1", map[string]any{"company": "关注集团"}) // joins the unread one, from the first to the last
		got = c.inbox("leader", "record_changed")
		if len(got) != 1 || !strings.Contains(got[0], "关注公司") || !strings.Contains(got[0], "关注集团") || strings.Contains(got[0], "有限") {
			t.Errorf("joined: %v", got)
		}
		change("leader", map[string]any{"company": "自己改的"})
		if got = c.inbox("leader", "record_changed"); len(got) != 1 {
			t.Errorf("one's own change: %v", got)
		}
		leader("POST", "/api/v1/inbox/read", nil)
		change("s1", map[string]any{"company": "又改了"})
		if got = c.inbox("leader", "record_changed"); len(got) != 2 {
			t.Errorf("after reading: %v", got)
		}
		leader("DELETE", path+"/follow", nil).want(t, "unfollow", 200)
		leader("POST", path+"/comments", map[string]any{"text": "不再关注"}).want(t, "comment", 204)
		change("s1", map[string]any{"company": "安静地改"})
		if got = c.inbox("leader", "record_changed"); len(got) != 2 {
			t.Errorf("after unfollowing, in spite of a comment: %v", got)
		}
	})
}

func TestAFollowerWhoLostTheRecordHearsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		id := c.lead(leader, map[string]any{"company": "转走公司", "phone": "13900003333", "owner": c.ids["s1"]})
		path := leads + "/" + id
		c.as("s1")("PUT", path+"/follow", nil).want(t, "follow", 200)
		write := func(fields map[string]any) {
			etag := leader("GET", path, nil).header.Get("ETag")
			c.with("leader")("PATCH", path, fields, map[string]string{"If-Match": etag}).want(t, "change", 200)
		}
		write(map[string]any{"owner": c.ids["s2"]})
		before := len(c.inbox("s1", "record_changed"))
		write(map[string]any{"company": "秘密改名"})
		got := c.inbox("s1", "record_changed")
		if len(got) != before || strings.Contains(strings.Join(got, " "), "秘密") {
			t.Errorf("inbox of s1: %v", got)
		}
	})
}

// TestRolesThatCareHearOfAChange: the object's broadcasts reach who has the role
// and may read the record, without following; who switched it off hears nothing.
func TestRolesThatCareHearOfAChange(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		made := leader("POST", "/api/v1/records/project", map[string]any{"name": "六轴项目", "owner": c.ids["s1"], "stage": "需求确认"}).want(t, "project", 201).json(t)
		path := "/api/v1/records/project/" + made["id"].(string)
		s1 := c.as("s1")
		s1("PATCH", path, map[string]any{"note": "只是备注"}).want(t, "a field nobody asked for", 200)
		if got := c.inbox("leader", "record_changed"); len(got) != 0 {
			t.Errorf("of a note: %v", got)
		}
		s1("PATCH", path, map[string]any{"stage": "报价", "amount": map[string]any{"amount": "880000.00", "currency": "CNY"}}).want(t, "stage", 200)
		got := c.inbox("leader", "record_changed")
		if len(got) != 1 || !strings.Contains(got[0], "需求确认") || !strings.Contains(got[0], "报价") || !strings.Contains(got[0], "s1") {
			t.Errorf("before → after: %v", got)
		}
		for _, short := range []string{"s1", "s2", "marketing"} {
			if got := c.inbox(short, "record_changed"); len(got) != 0 {
				t.Errorf("%s hears %v", short, got)
			}
		}
		leader("POST", "/api/v1/inbox/read", nil)
		leader("DELETE", path+"/follow", nil).want(t, "switch off", 200)
		s1("PATCH", path, map[string]any{"stage": "招投标"}).want(t, "stage", 200)
		if got := c.inbox("leader", "record_changed"); len(got) != 1 {
			t.Errorf("after switching off: %v", got)
		}
	})
}

func TestABroadcastNamesFieldsAndRolesThatThereAre(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		body := admin("GET", "/api/v1/config/object/project", nil).want(t, "document", 200).json(t)
		body["broadcast"] = []any{map[string]any{"fields": []string{"stage", "nothing"}, "roles": []string{"leader", "nobody"}}}
		refused := admin("PUT", "/api/v1/config/object/project", body).want(t, "unknown names", 422)
		if got := fmt.Sprint(refused.faults(t)); !strings.Contains(got, "broadcast.0.fields.1 unknown_field") || !strings.Contains(got, "broadcast.0.roles.1 unknown_role") {
			t.Errorf("faults %v", got)
		}
	})
}
