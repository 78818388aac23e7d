package config

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRewriteChangesWhatItIsTold: the texts of a document at their places, in lists,
// in maps and as keys that name something, and nothing else.
func TestRewriteChangesWhatItIsTold(t *testing.T) {
	const channel = `{"fields":[{"field":"source","map":{"a.b":"官网","x":"抖音"},"paths":["from"]},{"default":"官网","field":"region","paths":["区"]}],"kind":"bearer","label":{"zh-CN":"官网"},"object":"lead"}`
	const clock = `{"breach":[{"id":"b","set":{"status":"x"}}],"object":"lead","start":{"on":["created","changed:due"]},"target":{"field":"due"}}`
	for name, c := range map[string]struct {
		kind, body string
		change     func(l Leaf) string
		want       string
	}{
		"nothing": {"channel", channel, func(l Leaf) string { return l.Text }, channel},
		"choices, in a map and alone": {"channel", channel, func(l Leaf) string {
			if l.Shape.Pick == "choice" && l.Text == "官网" {
				return "网站"
			}
			return l.Text
		}, strings.Replace(strings.Replace(channel, `"a.b":"官网"`, `"a.b":"网站"`, 1), `"default":"官网"`, `"default":"网站"`, 1)},
		"fields": {"channel", channel, func(l Leaf) string {
			if l.Shape.Pick == "field" {
				return l.Text + "_x"
			}
			return l.Text
		}, strings.Replace(strings.Replace(channel, `"field":"source"`, `"field":"source_x"`, 1), `"field":"region"`, `"field":"region_x"`, 1)},
		"the object": {"channel", channel, func(l Leaf) string {
			if l.Shape.Pick == "object" {
				return "inquiry"
			}
			return l.Text
		}, strings.Replace(channel, `"lead"`, `"inquiry"`, 1)},
		"items of a list, and keys": {"clock", clock, func(l Leaf) string {
			switch {
			case l.Shape.Pick == "event" && l.Text == "changed:due":
				return "changed:until"
			case l.Shape.Pick == "field" && l.Text == "status":
				return "state"
			}
			return l.Text
		}, strings.Replace(strings.Replace(clock, "changed:due", "changed:until", 1), `"status":"x"`, `"state":"x"`, 1)},
	} {
		d := Document{Kind: c.kind, Name: "n", Body: json.RawMessage(c.body)}
		got, err := Rewrite(d, c.change)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, string(got.Body)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if string(d.Body) != c.body {
			t.Errorf("%s: the document that was given is changed to %s", name, d.Body)
		}
	}
}

// TestRewriteOfWhatIsNoDocument is an error, not a loss.
func TestRewriteOfWhatIsNoDocument(t *testing.T) {
	same := func(l Leaf) string { return l.Text + "x" }
	for name, d := range map[string]Document{
		"no such kind": {Kind: "nothing", Body: json.RawMessage(`{}`)},
		"no JSON":      {Kind: "channel", Body: json.RawMessage(`{`)},
		"no body":      {Kind: "channel"},
	} {
		if got, err := Rewrite(d, same); err == nil {
			t.Errorf("%s becomes %s", name, got.Body)
		}
	}
	empty := Document{Kind: "channel", Body: json.RawMessage(`{}`)}
	if got, err := Rewrite(empty, same); err != nil || string(got.Body) != `{}` {
		t.Errorf("an empty body becomes %s, %v", got.Body, err)
	}
}
