package wecom_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/connector/wecom"
	"clew.dev/clew/internal/outbound"
)

// group plays the vendor's webhook as its page describes it: one address, the
// key in the query, JSON with a msgtype, 20 posts a minute.
type group struct {
	*httptest.Server
	key    string
	posts  []string // markdown that was shown
	refuse string   // answered instead
}

func newGroup(t *testing.T, key string) *group {
	t.Helper()
	g := &group{key: key}
	g.Server = httptest.NewServer(http.HandlerFunc(g.take))
	t.Cleanup(g.Close)
	return g
}

func (g *group) take(w http.ResponseWriter, r *http.Request) {
	var post struct {
		Kind     string `json:"msgtype"`
		Markdown struct{ Content string }
	}
	raw, _ := io.ReadAll(r.Body)
	say := func(code int, text string) { fmt.Fprintf(w, `{"errcode":%d,"errmsg":%q}`, code, text) }
	switch {
	case g.refuse != "":
		_, _ = io.WriteString(w, g.refuse)
	case r.Method != "POST" || r.URL.Path != "/cgi-bin/webhook/send" || r.URL.Query().Get("key") != g.key || len(r.URL.Query()) != 1:
		say(93000, "invalid webhook url, "+r.URL.RequestURI())
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || json.Unmarshal(raw, &post) != nil:
		say(47001, "data format error")
	case post.Kind != "markdown" || post.Markdown.Content == "":
		say(40008, "invalid message type")
	case len(post.Markdown.Content) > 4096:
		say(40058, "markdown.content exceed max length 4096")
	case len(g.posts) == 20:
		say(45009, "api freq out of limit")
	default:
		g.posts = append(g.posts, post.Markdown.Content)
		say(0, "ok")
	}
}

// robot of the group; it has no clock, for this vendor's posts are not signed.
func (g *group) robot(keyword string) *wecom.Robot {
	return wecom.New(robot.Config{Base: g.URL, Key: g.key, Keyword: keyword,
		Client: outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(g.URL, "http://")}})})
}

func message() robot.Message {
	return robot.Message{Key: "k1", Title: "新线索", Items: []robot.Item{
		{Text: "「恒锐智能」分给了李雷", Lines: []string{"公司：恒锐智能", "电话：138****7777"}, Link: "https://crm.example.com/o/lead/1", Label: "打开"},
		{Text: "", Lines: nil, Link: "", Label: ""},
		{Text: "没有链接的一条"},
	}}
}

func TestAPostIsShownAsMarkdown(t *testing.T) {
	g := newGroup(t, "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa")
	if err := g.robot("").Post(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	want := "**新线索**\n「恒锐智能」分给了李雷\n> 公司：恒锐智能\n> 电话：138＊＊＊＊7777\n[打开](https://crm.example.com/o/lead/1)\n\n没有链接的一条"
	if len(g.posts) != 1 || g.posts[0] != want {
		t.Errorf("shown %q, want %q", g.posts, want)
	}
}

// TestAKeyIsAnAddressPart: whatever was pasted as a key stays one parameter.
func TestAKeyIsAnAddressPart(t *testing.T) {
	for _, key := range []string{"a b", "a+b", "a&key=b", "a=b", "a/b?c#d", "%41", "密钥", "a\nb", "a;b"} {
		g := newGroup(t, key)
		if err := g.robot("").Post(t.Context(), message()); err != nil || len(g.posts) != 1 {
			t.Errorf("%q: %v", key, err)
		}
	}
}

// TestABaseMayEndWithASlash, or be a proxy's folder.
func TestABaseMayEndWithASlash(t *testing.T) {
	var seen []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.URL.Path)
		_, _ = io.WriteString(w, `{"errcode":0}`)
	}))
	defer server.Close()
	client := outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(server.URL, "http://")}})
	for _, base := range []string{"", "/", "/proxy", "/proxy/"} {
		if err := wecom.New(robot.Config{Base: server.URL + base, Key: "k", Client: client}).Post(t.Context(), message()); err != nil {
			t.Errorf("%q: %v", base, err)
		}
	}
	want := "/cgi-bin/webhook/send /cgi-bin/webhook/send /proxy/cgi-bin/webhook/send /proxy/cgi-bin/webhook/send"
	if got := strings.Join(seen, " "); got != want {
		t.Errorf("called %s", got)
	}
}

// TestTheLimitIsBytesOfMarkdown: one byte more than the limit is refused by the
// vendor as a matter of this post, not of the robot; Chinese letters weigh three.
func TestTheLimitIsBytesOfMarkdown(t *testing.T) {
	g := newGroup(t, "k")
	r := g.robot("")
	full := func(bytes int) robot.Message {
		empty := robot.Message{Title: "线", Items: []robot.Item{{Text: ""}}}
		empty.Items[0].Text = strings.Repeat("x", bytes-r.Size(empty))
		return empty
	}
	if m := full(r.Limit()); r.Size(m) != 4096 || r.Post(t.Context(), m) != nil {
		t.Errorf("a full post of %d bytes is not taken", r.Size(m))
	}
	e := robot.As(r.Post(t.Context(), full(r.Limit()+1)))
	if e == nil || e.Code != 40058 || !e.Content || e.Retry {
		t.Errorf("a byte too many: %+v", e)
	}
	if a, b := r.Size(robot.Message{Title: "线"}), r.Size(robot.Message{Title: "x"}); a-b != 2 {
		t.Errorf("线 weighs %d more than x", a-b)
	}
	if a, b := r.Size(robot.Message{Title: "["}), r.Size(robot.Message{Title: "x"}); a-b != 2 {
		t.Errorf("a made-inert mark weighs %d more than x", a-b)
	}
}

// TestTheKeywordIsWeighed: what is put in front of the title counts.
func TestTheKeywordIsWeighed(t *testing.T) {
	g := newGroup(t, "k")
	m := robot.Message{Title: "新线索"}
	if plain, with := g.robot("").Size(m), g.robot("Clew").Size(m); with-plain != len("Clew · ") {
		t.Errorf("%d and %d bytes", plain, with)
	}
	if plain, with := g.robot("").Size(m), g.robot("线索").Size(m); with != plain {
		t.Errorf("a keyword that the title has weighs %d", with-plain)
	}
}

// TestWhatEachCodeMeans goes through the vendor's codes that a group's robot
// can answer with.
func TestWhatEachCodeMeans(t *testing.T) {
	g := newGroup(t, "k")
	for _, c := range []struct {
		code           int
		retry, content bool
		after          time.Duration
	}{
		{-1, true, false, 0},
		{45009, true, false, time.Minute},
		{45033, true, false, time.Minute},
		{40001, false, false, 0},
		{60020, false, false, 0},
		{93000, false, false, 0},
		{93004, false, false, 0},
		{40008, false, true, 0},
		{40058, false, true, 0},
		{44004, false, true, 0},
		{45002, false, true, 0},
		{47001, false, true, 0},
		{999999, false, true, 0},
	} {
		g.refuse = fmt.Sprintf(`{"errcode":%d,"errmsg":"hint: [1790], more info"}`, c.code)
		e := robot.As(g.robot("").Post(t.Context(), message()))
		if e == nil || e.Code != c.code || e.Retry != c.retry || e.Content != c.content || e.After != c.after || e.Vendor != "wecom" {
			t.Errorf("%d: %+v", c.code, e)
		}
	}
}

// TestTheTwentyFirstPostOfAMinuteWaits a minute, and is not lost as if its text were wrong.
func TestTheTwentyFirstPostOfAMinuteWaits(t *testing.T) {
	g := newGroup(t, "k")
	for n := 1; n <= 20; n++ {
		if err := g.robot("").Post(t.Context(), message()); err != nil {
			t.Fatalf("post %d: %v", n, err)
		}
	}
	e := robot.As(g.robot("").Post(t.Context(), message()))
	if e == nil || !e.Retry || e.After != time.Minute || e.Content {
		t.Errorf("the 21st: %+v", e)
	}
	if len(g.posts) != 20 {
		t.Errorf("%d posts", len(g.posts))
	}
}

// TestWithoutABaseTheVendorIsAsked: with nothing configured the call goes to the
// vendor's own host by https, which this client may not reach.
func TestWithoutABaseTheVendorIsAsked(t *testing.T) {
	client := outbound.New(outbound.Options{Only: true})
	e := robot.As(wecom.New(robot.Config{Key: "hidden", Client: client}).Post(t.Context(), message()))
	if e == nil || e.Retry || strings.Contains(e.Text, "hidden") {
		t.Errorf("%+v", e)
	}
}
