package dingtalk_test

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
	"clew.dev/clew/internal/connector/dingtalk"
	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/outbound"
)

var noon = time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)

// group plays the vendor's robot: it checks the signature in the URL against its
// own clock, drops a post whose msgUuid it knows, and throttles.
type group struct {
	*httptest.Server
	token, secret, keyword string
	clock                  *clewtest.Clock
	taken                  map[string]bool
	posts                  []string
	refuse                 string
}

func newGroup(t *testing.T, g *group) *group {
	t.Helper()
	g.taken = map[string]bool{}
	if g.clock == nil {
		g.clock = clewtest.NewClock(noon)
	}
	g.Server = httptest.NewServer(http.HandlerFunc(g.take))
	t.Cleanup(g.Close)
	return g
}

func (g *group) take(w http.ResponseWriter, r *http.Request) {
	var post struct {
		Kind     string `json:"msgtype"`
		ID       string `json:"msgUuid"`
		Markdown struct{ Title, Text string }
	}
	raw, _ := io.ReadAll(r.Body)
	q := r.URL.Query()
	say := func(code int, text string) { fmt.Fprintf(w, `{"errcode":%d,"errmsg":%q}`, code, text) }
	switch {
	case g.refuse != "":
		_, _ = io.WriteString(w, g.refuse)
	case r.Method != "POST" || r.URL.Path != "/robot/send" || q.Get("access_token") != g.token:
		say(300005, "token is not exist")
	case g.secret != "" && g.wrongTime(q.Get("timestamp")):
		say(310000, "invalid timestamp")
	case g.secret != "" && !g.signed(q.Get("timestamp"), q.Get("sign")):
		say(310000, "sign not match")
	case json.Unmarshal(raw, &post) != nil || post.Kind != "markdown" || post.Markdown.Title == "" || len(raw) > 20000:
		say(40035, "缺少参数 json")
	case g.keyword != "" && !strings.Contains(post.Markdown.Text+post.Markdown.Title, g.keyword):
		say(310000, "keywords not in content")
	case g.taken[post.ID] && post.ID != "":
		say(0, "ok")
	default:
		g.taken[post.ID] = true
		g.posts = append(g.posts, post.Markdown.Text)
		say(0, "ok")
	}
}

// wrongTime: more than an hour off the vendor's clock, in milliseconds.
func (g *group) wrongTime(millis string) bool {
	n, err := strconv.ParseInt(millis, 10, 64)
	off := g.clock.Now().Sub(time.UnixMilli(n))
	return err != nil || off > time.Hour || off < -time.Hour
}

// signed is the vendor's side of the signature, written from its page.
func (g *group) signed(millis, sign string) bool {
	mac := hmac.New(sha256.New, []byte(g.secret))
	_, _ = io.WriteString(mac, millis+"\n"+g.secret)
	return sign == base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (g *group) robot(c robot.Config) *dingtalk.Robot {
	c.Base = g.URL
	c.Client = outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(g.URL, "http://")}})
	return dingtalk.New(c)
}

func message() robot.Message {
	return robot.Message{Key: "outbox:17", Title: "新线索", Items: []robot.Item{
		{Text: "「恒锐智能」分给了李雷", Lines: []string{"公司：恒锐智能"}, Link: "https://crm.example.com/o/lead/1", Label: "打开"},
	}}
}

// TestTheVendorTakesTheSignature at its own reckoning, whatever the secret is.
func TestTheVendorTakesTheSignature(t *testing.T) {
	for _, secret := range []string{"SEC0123456789abcdef", "a+b/c=&d", "密钥", " ", "line\nbreak"} {
		g := newGroup(t, &group{token: "t+o/k=e n", secret: secret})
		if err := g.robot(robot.Config{Key: g.token, Secret: secret, Now: g.clock.Now}).Post(t.Context(), message()); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
		if len(g.posts) != 1 || !strings.HasPrefix(g.posts[0], "#### 新线索\n\n「恒锐智能」") {
			t.Errorf("%q: shown %q", secret, g.posts)
		}
	}
}

// TestAClockThatIsOffSaysSo: within the hour posts go through; beyond, the fault
// is the robot's, so that no other post is thrown away for it.
func TestAClockThatIsOffSaysSo(t *testing.T) {
	g := newGroup(t, &group{token: "t", secret: "s"})
	for off, taken := range map[time.Duration]bool{
		0: true, 59 * time.Minute: true, -59 * time.Minute: true, time.Hour: true,
		61 * time.Minute: false, -61 * time.Minute: false, 8 * time.Hour: false, -365 * 24 * time.Hour: false,
	} {
		ours := clewtest.NewClock(g.clock.Now().Add(off))
		err := g.robot(robot.Config{Key: "t", Secret: "s", Now: ours.Now}).Post(t.Context(), message())
		if taken != (err == nil) {
			t.Errorf("%s off: %v", off, err)
		}
		if err != nil {
			if e := robot.As(err); e.Code != 310000 || e.Content || e.Retry {
				t.Errorf("%s off: %+v", off, e)
			}
		}
	}
}

// TestAWrongSecretIsTheRobotsFault, a missing keyword the post's.
func TestAWrongSecretIsTheRobotsFault(t *testing.T) {
	g := newGroup(t, &group{token: "t", secret: "right", keyword: "线索"})
	for name, c := range map[string]struct {
		config  robot.Config
		title   string
		content bool
	}{
		"another secret": {robot.Config{Key: "t", Secret: "wrong"}, "新线索", false},
		"no secret":      {robot.Config{Key: "t"}, "新线索", false},
		"no keyword":     {robot.Config{Key: "t", Secret: "right"}, "新客户", true},
	} {
		c.config.Now = g.clock.Now
		e := robot.As(g.robot(c.config).Post(t.Context(), robot.Message{Key: name, Title: c.title}))
		if e == nil || e.Code != 310000 || e.Content != c.content || e.Retry {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if err := g.robot(robot.Config{Key: "t", Secret: "right", Keyword: "线索", Now: g.clock.Now}).Post(t.Context(), robot.Message{Title: "新客户"}); err != nil {
		t.Errorf("with the keyword put in front: %v", err)
	}
}

// TestAnUnsignedRobotNeedsNoClock and sends neither time nor signature.
func TestAnUnsignedRobotNeedsNoClock(t *testing.T) {
	var query string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.RawQuery
		_, _ = io.WriteString(w, `{"errcode":0}`)
	}))
	defer server.Close()
	g := &group{Server: server}
	if err := g.robot(robot.Config{Key: "t&x=1"}).Post(t.Context(), message()); err != nil || query != "access_token=t%26x%3D1" {
		t.Errorf("%v, query %s", err, query)
	}
}

// TestAPostThatIsSentAgainIsShownOnce: its key is the vendor's msgUuid, however
// often the answer is lost and whenever it is signed anew.
func TestAPostThatIsSentAgainIsShownOnce(t *testing.T) {
	g := newGroup(t, &group{token: "t", secret: "s"})
	r := g.robot(robot.Config{Key: "t", Secret: "s", Now: g.clock.Now})
	for range 3 {
		if err := r.Post(t.Context(), message()); err != nil {
			t.Fatal(err)
		}
		g.clock.Advance(5 * time.Minute)
	}
	another := message()
	another.Key = "outbox:18"
	if err := r.Post(t.Context(), another); err != nil {
		t.Fatal(err)
	}
	if len(g.posts) != 2 {
		t.Errorf("shown %d times, want 2: %q", len(g.posts), g.posts)
	}
}

// TestTheBodyIsWeighedAsItIsSent: at the limit it is taken, and what JSON makes
// longer counts with what it becomes.
func TestTheBodyIsWeighedAsItIsSent(t *testing.T) {
	g := newGroup(t, &group{token: "t"})
	r := g.robot(robot.Config{Key: "t"})
	m := robot.Message{Key: "k", Title: "x", Items: []robot.Item{{Text: "a"}}}
	m.Items[0].Text = strings.Repeat("x", 1+r.Limit()-r.Size(m))
	if r.Size(m) != 20000 {
		t.Fatalf("weighs %d", r.Size(m))
	}
	if err := r.Post(t.Context(), m); err != nil {
		t.Errorf("a full post: %v", err)
	}
	m.Items[0].Text += "x"
	if e := robot.As(r.Post(t.Context(), m)); e == nil || !e.Content || e.Retry {
		t.Errorf("a byte too many: %+v", e)
	}
	for text, want := range map[string]int{"x": 1, "线": 3, `"`: 2, "\t": 2, "\x01": 6, "&": 6, "😀": 4} {
		empty, with := robot.Message{Items: []robot.Item{{Text: "-"}}}, robot.Message{Items: []robot.Item{{Text: "-" + text}}}
		if got := r.Size(with) - r.Size(empty); got != want {
			t.Errorf("%q weighs %d, want %d", text, got, want)
		}
	}
}

func TestWhatEachCodeMeans(t *testing.T) {
	g := newGroup(t, &group{token: "t"})
	for _, c := range []struct {
		code           int
		text           string
		retry, content bool
		after          time.Duration
	}{
		{-1, "系统繁忙", true, false, 0},
		{410100, "发送速度太快而限流", true, false, 10 * time.Minute},
		{130101, "send too fast, exceed 20 times per minute", true, false, time.Minute},
		{90018, "您的服务器调用钉钉开放平台的频率超限", true, false, time.Minute},
		{310000, "keywords not in content, more: [https://ding-doc.dingtalk.com/doc]", false, true, 0},
		{310000, "invalid timestamp", false, false, 0},
		{310000, "sign not match", false, false, 0},
		{310000, "ip X.X.X.X not in whitelist", false, false, 0},
		{400013, "群已被解散", false, false, 0},
		{400101, "access_token不存在", false, false, 0},
		{400102, "机器人已停用", false, false, 0},
		{400106, "机器人不存在", false, false, 0},
		{60020, "访问ip不在白名单之中", false, false, 0},
		{430101, "含有不安全的外链", false, true, 0},
		{430102, "含有不合适的文本", false, true, 0},
		{430103, "含有不合适的图片", false, true, 0},
		{430104, "含有不合适的内容", false, true, 0},
		{40035, "缺少参数 json", false, true, 0},
		{460101, "message too long", false, true, 0},
	} {
		g.refuse = fmt.Sprintf(`{"errcode":%d,"errmsg":%q}`, c.code, c.text)
		e := robot.As(g.robot(robot.Config{Key: "t"}).Post(t.Context(), message()))
		if e == nil || e.Code != c.code || e.Text != c.text || e.Retry != c.retry || e.Content != c.content || e.After != c.after {
			t.Errorf("%d %s: %+v", c.code, c.text, e)
		}
	}
}
