package server_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestAKeyStandsForOneRequest: of one person, address and body. Another request
// under it is told so, and does nothing; who only reads or may repeat freely needs none.
func TestAKeyStandsForOneRequest(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, admin := c.with("leader"), c.with("admin")
		id := c.lead(c.as("leader"), map[string]any{"company": "甲", "owner": c.ids["s1"]})
		say := leads + "/" + id + "/comments"
		key := func(k string) map[string]string { return map[string]string{"Idempotency-Key": k} }
		words := map[string]any{"text": "einmal"}
		leader("POST", say, words, key("k")).want(t, "comment", 204)
		if again := leader("POST", say, words, key("k")).want(t, "the same again", 204); again.header.Get("Idempotent-Replayed") != "true" {
			t.Error("the repeat does not say that it is one")
		}
		leader("POST", say+"?x=1", words, key("k")).want(t, "another parameter", 422)
		leader("POST", say, []byte(`{"text": "einmal"}`), key("k")).want(t, "the body written otherwise", 422)
		leader("POST", leads, words, key("k")).want(t, "another address", 422)
		leader("PUT", leads+"/"+id+"/follow", nil, key("k")).want(t, "what may be repeated anyhow", 200)
		leader("GET", leads+"/"+id, nil, key("k")).want(t, "a reading", 200)
		admin("POST", say, words, key("k")).want(t, "another person", 204)
		leader("POST", say, words, nil).want(t, "without a key", 204)
		if said := strings.Count(c.kinds(id), "comment"); said != 3 {
			t.Errorf("said %d times", said)
		}
		leader("POST", leads, map[string]any{"company": "x"}, key(strings.Repeat("k", 256))).want(t, "a long key", 400)
		leader("POST", leads, map[string]any{"company": "乙"}, key(strings.Repeat("k", 255))).want(t, "as long as may be", 201)
		leader("POST", leads, map[string]any{"company": "丙"}, key("钥匙 \"'%")).want(t, "a key of any letters", 201)
		leader("POST", leads, map[string]any{"company": "丙"}, key("钥匙 \"'%")).want(t, "and again", 201)
		c.expectCount("SELECT COUNT(*) FROM "+c.table("lead"), 3)
	})
}

// table is where an object's records lie.
func (c *company) table(object string) string {
	c.Helper()
	o, ok := c.app.Catalog.Current().Object(object)
	if !ok {
		c.Fatalf("no object %s", object)
	}
	return o.Table
}

// TestARefusalLeavesItsKeyFree: what was mended may come under the same key, and
// a key is forgotten after a day.
func TestARefusalLeavesItsKeyFree(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.with("leader")
		key := map[string]string{"Idempotency-Key": "k"}
		leader("POST", leads, map[string]any{"phone": "1"}, key).want(t, "wrong", 422)
		leader("POST", leads, "{", key).want(t, "no JSON", 400)
		leader("POST", leads, map[string]any{"score": 1}, key).want(t, "forbidden", 403)
		made := leader("POST", leads, map[string]any{"phone": "13900000001"}, key).want(t, "mended", 201)
		again := leader("POST", leads, map[string]any{"phone": "13900000001"}, key).want(t, "again", 201)
		for _, name := range []string{"Location", "ETag", "Content-Type"} {
			if made.header.Get(name) == "" || made.header.Get(name) != again.header.Get(name) {
				t.Errorf("%s: %q, then %q", name, made.header.Get(name), again.header.Get(name))
			}
		}
		if !bytes.Equal(made.body, again.body) {
			t.Errorf("%s, then %s", made.body, again.body)
		}
		leader("POST", leads, map[string]any{"phone": "13900000001"}, map[string]string{"Idempotency-Key": "other"}).want(t, "another key", 409)
		c.exec("UPDATE idempotency SET created_at=created_at-$1", (24*time.Hour + time.Second).Microseconds())
		leader("POST", leads, map[string]any{"phone": "13900000001"}, key).want(t, "a day later", 409)
	})
}

// TestABatchOfEverything: each item by itself, in order, seeing those before it,
// and a repeat under the same key does nothing twice.
func TestABatchOfEverything(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.with("leader")
		mine := c.lead(c.as("leader"), map[string]any{"company": "甲", "phone": "13900000001", "owner": c.ids["s1"]})
		item := func(op, id string, fields map[string]any) map[string]any {
			one := map[string]any{"op": op}
			if id != "" {
				one["id"] = id
			}
			if fields != nil {
				one["fields"] = fields
			}
			return one
		}
		body := map[string]any{"items": []any{
			item("create", "", map[string]any{"company": "乙", "phone": "13900000002"}),
			item("create", "", map[string]any{"company": "丙", "phone": "13900000002"}), // met the one above
			item("create", "an id of one's own", map[string]any{"company": "丁"}),
			item("update", mine, map[string]any{"phone": "13900000002"}),
			item("update", mine, map[string]any{"city": "苏州"}),
			item("update", mine, nil),
			item("update", "", map[string]any{"city": "x"}),
			item("delete", mine, nil),
			item("delete", mine, nil),
			item("", mine, nil),
			item("create", "", map[string]any{"company": "戊", "status": "已战败", "lost_reason": nil}),
			item("restore", mine, nil),
		}}
		key := map[string]string{"Idempotency-Key": "batch"}
		first := leader("POST", leads+"/batch", body, key).want(t, "batch", 200)
		var got []string
		for _, one := range first.items(t) {
			text := fmt.Sprint(one["status"])
			if one["code"] != nil {
				text += fmt.Sprint(" ", one["code"])
			}
			for _, f := range asList(one["errors"]) {
				text += fmt.Sprint(" ", f["path"], " ", f["code"])
			}
			got = append(got, text)
		}
		want := []string{
			"201", "409 duplicate phone duplicate", "422 invalid_input id id_not_chosen", "409 duplicate phone duplicate", "200", "200", "422 invalid_input id required", "200", "404 not_found",
			"422 invalid_input op unknown_choice", "201", "422 invalid_input op unknown_choice",
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("item %d: %s, want %s", i, got[i], want[i])
			}
		}
		again := leader("POST", leads+"/batch", body, key).want(t, "again", 200)
		if !bytes.Equal(first.body, again.body) {
			t.Errorf("again %s", again.body)
		}
		c.expectCount("SELECT COUNT(*) FROM "+c.table("lead")+" WHERE deleted_at IS NULL", 2)
		leader("POST", leads+"/batch", map[string]any{"items": []any{}}, nil).want(t, "an empty one", 200)
		touched := leader("POST", leads+"/batch?duplicate=touch", map[string]any{"items": []any{item("create", "", map[string]any{"phone": "13900000002"})}}, nil).items(t)
		if touched[0]["status"] != 200.0 || touched[0]["id"] == nil {
			t.Errorf("a touch: %v", touched)
		}
	})
}

// asList is a list of objects in an answer.
func asList(v any) (found []map[string]any) {
	items, _ := v.([]any)
	for _, item := range items {
		found = append(found, item.(map[string]any))
	}
	return found
}

// TestConditionsOnWhatWasSeen: If-Match and If-None-Match in every spelling; a
// refused write writes nothing.
func TestConditionsOnWhatWasSeen(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.with("leader")
		path := leads + "/" + c.lead(c.as("leader"), map[string]any{"company": "甲", "owner": c.ids["s1"]})
		tag := leader("GET", path, nil, nil).header.Get("ETag")
		for i, one := range []struct {
			name, match string
			status      int
		}{
			{"as it was seen", tag, 200}, {"weak", "W/" + tag, 412}, {"another", `"x"`, 412}, {"without quotes", strings.Trim(tag, `"`), 412},
			{"one of several", `"x", ` + tag, 200}, {"any", "*", 200}, {"nothing to compare", " ", 200}, {"of before", `"` + strings.Repeat("0", 16) + `"`, 412},
		} {
			was := leader("GET", path, nil, nil)
			match := strings.ReplaceAll(one.match, tag, was.header.Get("ETag"))
			got := leader("PATCH", path, map[string]any{"city": fmt.Sprint(i)}, map[string]string{"If-Match": match})
			got.want(t, one.name, one.status)
			now := leader("GET", path, nil, nil)
			if one.status == 412 && !bytes.Equal(was.body, now.body) {
				t.Errorf("%s: refused and written: %s", one.name, now.body)
			}
			if one.status == 200 && now.header.Get("ETag") == was.header.Get("ETag") {
				t.Errorf("%s: the tag stayed", one.name)
			}
		}
		tag = leader("GET", path, nil, nil).header.Get("ETag")
		for match, status := range map[string]int{tag: 304, "W/" + tag: 304, "*": 304, `"x"`: 200, `"x", ` + tag: 304} {
			got := leader("GET", path, nil, map[string]string{"If-None-Match": match}).want(t, "If-None-Match "+match, status)
			if status == 304 && len(got.body) > 0 {
				t.Errorf("%s: a body of %d bytes", match, len(got.body))
			}
		}
		var all sync.WaitGroup
		statuses := make([]int, 8)
		for i := range statuses {
			all.Go(func() {
				statuses[i] = leader("PATCH", path, map[string]any{"city": fmt.Sprint("at once ", i)}, map[string]string{"If-Match": tag}).status
			})
		}
		all.Wait()
		if text := fmt.Sprint(statuses); strings.Count(text, "200") != 1 || strings.Count(text, "412") != 7 {
			t.Errorf("of eight who saw the same: %s", text)
		}
	})
}
