package feishu_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/connector/feishu"
	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/outbound"
)

var noon = time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)

// shown is a post as the group's members see it: paragraphs of pieces.
type shown struct {
	Title   string
	Content [][]struct{ Tag, Text, Href string }
}

// group plays the vendor's custom bot: everything is answered with HTTP 200, the
// signature and its time stand in the body.
type group struct {
	*httptest.Server
	hook, secret, keyword string
	clock                 *clewtest.Clock
	posts                 []shown
	raw                   []byte
	refuse                string
}

func newGroup(t *testing.T, g *group) *group {
	t.Helper()
	if g.clock == nil {
		g.clock = clewtest.NewClock(noon)
	}
	g.Server = httptest.NewServer(http.HandlerFunc(g.take))
	t.Cleanup(g.Close)
	return g
}

func (g *group) take(w http.ResponseWriter, r *http.Request) {
	g.raw, _ = io.ReadAll(r.Body)
	var post struct {
		Timestamp, Sign string
		Kind            string `json:"msg_type"`
		Content         struct {
			Post map[string]shown
		}
	}
	say := func(code int, text string) { fmt.Fprintf(w, `{"code":%d,"msg":%q,"data":{}}`, code, text) }
	page := func() shown { return post.Content.Post["zh_cn"] }
	switch {
	case g.refuse != "":
		_, _ = io.WriteString(w, g.refuse)
	case r.Method != "POST" || r.URL.Path != "/open-apis/bot/v2/hook/"+g.hook || r.URL.RawQuery != "":
		say(19001, "param invalid: incoming webhook access token invalid")
	case json.Unmarshal(g.raw, &post) != nil || post.Kind != "post" || len(g.raw) > 20<<10:
		say(9499, "Bad Request")
	case g.secret != "" && !g.signed(post.Timestamp, post.Sign):
		say(19021, "sign match fail or timestamp is not within one hour from current time")
	case g.keyword != "" && !strings.Contains(string(g.raw), g.keyword):
		say(19024, "Key Words Not Found")
	default:
		g.posts = append(g.posts, page())
		_, _ = io.WriteString(w, `{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}`)
	}
}

// signed is the vendor's side of the signature: the key is time and secret, the
// text is empty; the time is of seconds.
func (g *group) signed(seconds, sign string) bool {
	n, err := strconv.ParseInt(seconds, 10, 64)
	off := g.clock.Now().Sub(time.Unix(n, 0))
	mac := hmac.New(sha256.New, []byte(seconds+"\n"+g.secret))
	return err == nil && off <= time.Hour && off >= -time.Hour && sign == base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (g *group) robot(c robot.Config) *feishu.Robot {
	c.Base = g.URL
	c.Client = outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(g.URL, "http://")}})
	return feishu.New(c)
}

func message() robot.Message {
	return robot.Message{Key: "k", Title: "新线索", Items: []robot.Item{
		{Text: "「恒锐智能」分给了李雷", Lines: []string{"公司：恒锐智能", "电话：138****7777"}, Link: "https://crm.example.com/o/lead/1", Label: "打开"},
		{},
		{Text: "没有链接的一条"},
	}}
}

func TestAPostIsShownInParagraphs(t *testing.T) {
	g := newGroup(t, &group{hook: "h", secret: "s"})
	if err := g.robot(robot.Config{Key: "h", Secret: "s", Now: g.clock.Now}).Post(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, paragraph := range g.posts[0].Content {
		for _, piece := range paragraph {
			lines = append(lines, strings.TrimSpace(piece.Tag+" "+piece.Text+" "+piece.Href))
		}
	}
	want := []string{"text 「恒锐智能」分给了李雷", "text 公司：恒锐智能", "text 电话：138****7777", "a 打开 https://crm.example.com/o/lead/1", "text 没有链接的一条"}
	if g.posts[0].Title != "新线索" || strings.Join(lines, "|") != strings.Join(want, "|") {
		t.Errorf("%s: %q", g.posts[0].Title, lines)
	}
}

// TestWhatAStrangerTypesIsPlainText: this vendor reads no markdown, so what a
// form's visitor wrote stands there as he wrote it, on one line and without a link.
func TestWhatAStrangerTypesIsPlainText(t *testing.T) {
	g := newGroup(t, &group{hook: "h"})
	for _, typed := range []string{
		"[点这里](http://evil.example)", `<at user_id="all">所有人</at>`, "**粗** `码` # 题", `"},{"tag":"at","user_id":"all"`, "a\nb\r\nc\u2028d", "😀\x01", "{{.Secret}}",
	} {
		m := robot.Message{Title: typed, Items: []robot.Item{{Text: typed, Lines: []string{typed}, Link: "https://crm.example.com/", Label: typed}}}
		if err := g.robot(robot.Config{Key: "h"}).Post(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		post := g.posts[len(g.posts)-1]
		want := strings.NewReplacer("\r\n", " ", "\n", " ", "\u2028", " ").Replace(typed)
		if len(post.Content) != 3 || post.Title != want {
			t.Errorf("%q is shown as %+v", typed, post)
			continue
		}
		for i, paragraph := range post.Content {
			tag := []string{"text", "text", "a"}[i]
			if len(paragraph) != 1 || paragraph[0].Tag != tag || paragraph[0].Text != want {
				t.Errorf("%q is shown as %+v", typed, paragraph)
			}
		}
	}
}

func TestTheVendorTakesTheSignature(t *testing.T) {
	for _, secret := range []string{"demo", "a+b/c=", "密钥", " ", "line\nbreak"} {
		g := newGroup(t, &group{hook: "h", secret: secret})
		if err := g.robot(robot.Config{Key: "h", Secret: secret, Now: g.clock.Now}).Post(t.Context(), message()); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

// TestAClockThatIsOffSaysSo: the refusal is about the robot, not about the post.
func TestAClockThatIsOffSaysSo(t *testing.T) {
	g := newGroup(t, &group{hook: "h", secret: "s"})
	for off, taken := range map[time.Duration]bool{
		0: true, time.Hour: true, -time.Hour: true, time.Hour + time.Second: false, -time.Hour - time.Second: false, -1000 * time.Hour: false,
	} {
		ours := clewtest.NewClock(noon.Add(off))
		err := g.robot(robot.Config{Key: "h", Secret: "s", Now: ours.Now}).Post(t.Context(), message())
		if taken != (err == nil) {
			t.Errorf("%s off: %v", off, err)
		}
		if err != nil {
			if e := robot.As(err); e.Code != 19021 || e.Content || e.Retry {
				t.Errorf("%s off: %+v", off, e)
			}
		}
	}
}

// TestAnUnsignedPostCarriesNoTime and needs no clock.
func TestAnUnsignedPostCarriesNoTime(t *testing.T) {
	g := newGroup(t, &group{hook: "h"})
	if err := g.robot(robot.Config{Key: "h"}).Post(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(g.raw), "timestamp") || strings.Contains(string(g.raw), "sign") {
		t.Errorf("%s", g.raw)
	}
}

// TestAHookIsOnePartOfTheAddress: it cannot lead to another of the vendor's doors.
func TestAHookIsOnePartOfTheAddress(t *testing.T) {
	for _, hook := range []string{"6a9d-11", "a b", "../../im/v1/messages", "a/b", "a?b=c", "a#b", "%2e%2e", "密"} {
		var path string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			path = r.URL.EscapedPath()
			_, _ = io.WriteString(w, `{"code":0}`)
		}))
		g := &group{Server: server}
		err := g.robot(robot.Config{Key: hook}).Post(t.Context(), message())
		server.Close()
		rest, ok := strings.CutPrefix(path, "/open-apis/bot/v2/hook/")
		if err != nil || !ok || rest == "" || strings.ContainsAny(rest, "/?#") {
			t.Errorf("%q calls %s: %v", hook, path, err)
		}
	}
}

// TestTheSignatureIsWeighed: a signed body is longer, and the limit is one of
// the whole body.
func TestTheSignatureIsWeighed(t *testing.T) {
	g := newGroup(t, &group{hook: "h", secret: "s"})
	r := g.robot(robot.Config{Key: "h", Secret: "s", Now: g.clock.Now})
	m := robot.Message{Title: "x", Items: []robot.Item{{Text: "a"}}}
	m.Items[0].Text = strings.Repeat("x", 1+r.Limit()-r.Size(m))
	if err := r.Post(t.Context(), m); err != nil || len(g.raw) != 20<<10 {
		t.Errorf("a full post: %d bytes, %v", len(g.raw), err)
	}
	m.Items[0].Text += "x"
	if e := robot.As(r.Post(t.Context(), m)); e == nil || e.Code != 9499 || !e.Content || e.Retry {
		t.Errorf("a byte too many: %+v", e)
	}
}

// TestAKeywordIsPutInFront where the group demands one and the title has none.
func TestAKeywordIsPutInFront(t *testing.T) {
	g := newGroup(t, &group{hook: "h", keyword: "销售"})
	if e := robot.As(g.robot(robot.Config{Key: "h"}).Post(t.Context(), message())); e == nil || e.Code != 19024 || !e.Content {
		t.Errorf("without: %+v", e)
	}
	if err := g.robot(robot.Config{Key: "h", Keyword: "销售"}).Post(t.Context(), message()); err != nil {
		t.Errorf("with: %v", err)
	}
}

func TestWhatEachCodeMeans(t *testing.T) {
	g := newGroup(t, &group{hook: "h"})
	for _, c := range []struct {
		code           int
		retry, content bool
		after          time.Duration
	}{
		{11232, true, false, time.Minute},
		{99991400, true, false, time.Minute},
		{19001, false, false, 0},
		{19021, false, false, 0},
		{19022, false, false, 0},
		{19024, false, true, 0},
		{19036, false, true, 0},
		{9499, false, true, 0},
		{10003, false, true, 0},
	} {
		g.refuse = fmt.Sprintf(`{"code":%d,"msg":"no"}`, c.code)
		e := robot.As(g.robot(robot.Config{Key: "h"}).Post(t.Context(), message()))
		if e == nil || e.Code != c.code || e.Retry != c.retry || e.Content != c.content || e.After != c.after || e.Vendor != "feishu" {
			t.Errorf("%d: %+v", c.code, e)
		}
	}
}
