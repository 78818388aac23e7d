package sandbox_test

import (
	"context"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/connector"
	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/outbound"
	"clew.dev/clew/internal/sandbox"
)

// clock is a time that only moves when told.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// stage is a sandbox behind a real listener, and a client that may reach it.
type stage struct {
	*sandbox.Sandbox
	clock  *clock
	base   string
	client *outbound.Client
}

func newStage(t *testing.T, groups ...sandbox.Group) *stage {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)}
	s := sandbox.New(sandbox.Options{Now: c.now, Groups: groups})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	client := outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(server.URL, "http://")}, Only: true})
	t.Cleanup(client.Close)
	return &stage{Sandbox: s, clock: c, base: server.URL + "/sandbox/", client: client}
}

func (s *stage) robot(t *testing.T, g sandbox.Group, drift time.Duration) robot.Robot {
	t.Helper()
	keyword := ""
	if len(g.Keywords) > 0 {
		keyword = g.Keywords[0]
	}
	r, ok := connector.NewRobot(g.Vendor, robot.Config{
		Base: s.base + g.Vendor, Key: g.Key, Secret: g.Secret, Keyword: keyword, Client: s.client,
		Now: func() time.Time { return s.clock.now().Add(drift) },
	})
	if !ok {
		t.Fatalf("no robot of %s", g.Vendor)
	}
	return r
}

var (
	weGroup   = sandbox.Group{Vendor: "wecom", Key: "we-1", Name: "市场部"}
	dingGroup = sandbox.Group{Vendor: "dingtalk", Key: "ding-1", Secret: "SEC-ding", Name: "销售 TOP-3"}
	feiGroup  = sandbox.Group{Vendor: "feishu", Key: "fei-1", Secret: "fei-secret", Name: "售后"}
)

func lead(n int) robot.Message {
	return robot.Message{Key: "k" + strconv.Itoa(n), Title: "新线索", Items: []robot.Item{{
		Text: "线索 " + strconv.Itoa(n) + " 分给张伟", Lines: []string{"公司：[恒锐](http://evil)<@all>", "评分：82 ★★★★"},
		Link: "http://127.0.0.1:8420/lead/1", Label: "打开"}}}
}

func TestEveryRobotIsTakenAndVerified(t *testing.T) {
	s := newStage(t, weGroup, dingGroup, feiGroup)
	for _, g := range []sandbox.Group{weGroup, dingGroup, feiGroup} {
		if err := s.robot(t, g, 0).Post(t.Context(), lead(1)); err != nil {
			t.Fatalf("%s: %v", g.Vendor, err)
		}
		got := s.Received(g.Vendor, g.Key)
		want := "verified"
		if g.Secret == "" {
			want = "none"
		}
		if len(got) != 1 || got[0].Code != 0 || got[0].Signature != want {
			t.Errorf("%s: %+v", g.Vendor, got)
			continue
		}
		if !strings.Contains(got[0].Text, "线索 1 分给张伟") || !strings.Contains(got[0].Text, "[打开](http://127.0.0.1:8420/lead/1)") {
			t.Errorf("%s reads %q", g.Vendor, got[0].Text)
		}
		if g.Vendor != "feishu" && strings.Contains(got[0].Text, "](http://evil)") {
			t.Errorf("%s: a stranger's link came through: %q", g.Vendor, got[0].Text)
		}
	}
}

func TestVendorsRefuse(t *testing.T) {
	keyed := sandbox.Group{Vendor: "dingtalk", Key: "ding-k", Keywords: []string{"报修"}}
	feiKeyed := sandbox.Group{Vendor: "feishu", Key: "fei-k", Keywords: []string{"报修"}}
	off := sandbox.Group{Vendor: "dingtalk", Key: "ding-off", Disabled: true}
	s := newStage(t, weGroup, dingGroup, feiGroup, keyed, feiKeyed, off)
	with := func(g sandbox.Group, change func(*sandbox.Group)) sandbox.Group { change(&g); return g }
	long := robot.Message{Key: "k", Title: "长", Items: []robot.Item{{Text: strings.Repeat("长", 9000)}}}
	for _, c := range []struct {
		name    string
		group   sandbox.Group
		drift   time.Duration
		message robot.Message
		code    int
		text    string
		content bool
	}{
		{"wecom key", with(weGroup, func(g *sandbox.Group) { g.Key = "x" }), 0, lead(1), 93000, "invalid webhook url", false},
		{"wecom size", weGroup, 0, long, 40058, "exceed max length 4096", true},
		{"dingtalk no token", with(dingGroup, func(g *sandbox.Group) { g.Key = "" }), 0, lead(1), 400101, "access_token", false},
		{"dingtalk token", with(dingGroup, func(g *sandbox.Group) { g.Key = "x" }), 0, lead(1), 400106, "机器人不存在", false},
		{"dingtalk disabled", off, 0, lead(1), 400102, "机器人已停用", false},
		{"dingtalk unsigned", with(dingGroup, func(g *sandbox.Group) { g.Secret = "" }), 0, lead(1), 310000, "invalid timestamp", false},
		{"dingtalk secret", with(dingGroup, func(g *sandbox.Group) { g.Secret = "SEC-other" }), 0, lead(1), 310000, "sign not match", false},
		{"dingtalk late", dingGroup, -61 * time.Minute, lead(1), 310000, "invalid timestamp", false},
		{"dingtalk early", dingGroup, 61 * time.Minute, lead(1), 310000, "invalid timestamp", false},
		{"dingtalk keyword", with(keyed, func(g *sandbox.Group) { g.Keywords = nil }), 0, lead(1), 310000, "keywords not in content", true},
		{"dingtalk size", dingGroup, 0, long, 460101, "20000", true},
		{"feishu hook", with(feiGroup, func(g *sandbox.Group) { g.Key = "x" }), 0, lead(1), 19001, "token invalid", false},
		{"feishu secret", with(feiGroup, func(g *sandbox.Group) { g.Secret = "y" }), 0, lead(1), 19021, "sign match fail", false},
		{"feishu late", feiGroup, -61 * time.Minute, lead(1), 19021, "one hour", false},
		{"feishu keyword", with(feiKeyed, func(g *sandbox.Group) { g.Keywords = nil }), 0, lead(1), 19024, "Key Words Not Found", true},
		{"feishu size", feiGroup, 0, long, 9499, "Bad Request", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := s.robot(t, c.group, c.drift).Post(t.Context(), c.message)
			e := robot.As(err)
			if err == nil || e.Code != c.code || !strings.Contains(e.Text, c.text) || e.Retry || e.Content != c.content {
				t.Errorf("got %+v", e)
			}
		})
	}
	for _, g := range []sandbox.Group{keyed, feiKeyed} {
		if err := s.robot(t, g, 0).Post(t.Context(), lead(1)); err != nil {
			t.Errorf("%s with the keyword: %v", g.Vendor, err)
		}
	}
}

func TestRateLimits(t *testing.T) {
	for _, c := range []struct {
		group    sandbox.Group
		free     int
		step     time.Duration
		code     int
		after    time.Duration
		reopened time.Duration
	}{
		{weGroup, 20, 0, 45009, time.Minute, time.Minute},
		{dingGroup, 20, 0, 410100, 10 * time.Minute, 10 * time.Minute},
		{feiGroup, 5, 0, 11232, time.Minute, time.Second},
		{feiGroup, 100, 250 * time.Millisecond, 11232, time.Minute, time.Minute},
	} {
		s := newStage(t, c.group)
		r := s.robot(t, c.group, 0)
		for n := range c.free {
			if err := r.Post(t.Context(), lead(n)); err != nil {
				t.Fatalf("%s post %d: %v", c.group.Vendor, n, err)
			}
			s.clock.move(c.step)
		}
		e := robot.As(r.Post(t.Context(), lead(1000)))
		if e.Code != c.code || !e.Retry || e.After != c.after {
			t.Errorf("%s post %d: %+v", c.group.Vendor, c.free+1, e)
		}
		s.clock.move(c.reopened)
		if err := r.Post(t.Context(), lead(1001)); err != nil {
			t.Errorf("%s, later: %v", c.group.Vendor, err)
		}
	}
}

func TestDingTalkShowsARepeatedPostOnce(t *testing.T) {
	s := newStage(t, dingGroup)
	r := s.robot(t, dingGroup, 0)
	s.Fail(sandbox.Trouble{Mode: "lost", Count: 1})
	if e := robot.As(r.Post(t.Context(), lead(1))); !e.Retry || e.Code != 0 {
		t.Errorf("lost answer: %+v", e)
	}
	if err := r.Post(t.Context(), lead(1)); err != nil {
		t.Error(err)
	}
	got := s.Received("dingtalk", "ding-1")
	if len(got) != 2 || got[0].Repeated || !got[1].Repeated {
		t.Errorf("%+v", got)
	}
}

func TestTroublesAreClassified(t *testing.T) {
	s := newStage(t, weGroup, dingGroup, feiGroup)
	for _, c := range []struct {
		trouble sandbox.Trouble
		retry   bool
		after   time.Duration
	}{
		{sandbox.Trouble{Mode: "drop"}, true, 0},
		{sandbox.Trouble{Mode: "http", Value: 502}, true, 0},
		{sandbox.Trouble{Mode: "http", Value: 503, RetryAfter: "90"}, true, 90 * time.Second},
		{sandbox.Trouble{Mode: "http", Value: 429, RetryAfter: "7"}, true, 7 * time.Second},
		{sandbox.Trouble{Mode: "http", Value: 302}, false, 0},
		{sandbox.Trouble{Mode: "http", Value: 404}, false, 0},
		{sandbox.Trouble{Mode: "http", Value: 204}, false, 0},
		{sandbox.Trouble{Mode: "errcode", Value: 123456}, false, 0},
	} {
		for _, g := range []sandbox.Group{weGroup, dingGroup, feiGroup} {
			c.trouble.Count = 1
			s.Mend()
			s.Fail(c.trouble)
			e := robot.As(s.robot(t, g, 0).Post(t.Context(), lead(1)))
			if e.Retry != c.retry || e.After != c.after {
				t.Errorf("%s %+v: %+v", g.Vendor, c.trouble, e)
			}
		}
	}
	s.Mend()
	s.Fail(sandbox.Trouble{Mode: "delay", Value: 60_000, Count: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if e := robot.As(s.robot(t, weGroup, 0).Post(ctx, lead(1))); !e.Retry {
		t.Errorf("a hanging vendor: %+v", e)
	}
}

func TestRobotOutsideTheAllowListIsPermanent(t *testing.T) {
	r, _ := connector.NewRobot("wecom", robot.Config{Key: "k", Client: outbound.New(outbound.Options{Only: true})})
	if e := robot.As(r.Post(t.Context(), lead(1))); e.Retry || !strings.Contains(e.Text, "address_not_allowed") {
		t.Errorf("%+v", e)
	}
}

func TestSizeIsWhatIsSent(t *testing.T) {
	s := newStage(t, weGroup, dingGroup, feiGroup)
	for _, g := range []sandbox.Group{weGroup, dingGroup, feiGroup} {
		r := s.robot(t, g, 0)
		m := lead(1)
		for r.Size(m) <= r.Limit() {
			m.Items = append(m.Items, robot.Item{Text: "x"})
		}
		m.Items = m.Items[:len(m.Items)-1]
		if err := r.Post(t.Context(), m); err != nil {
			t.Errorf("%s at the limit: %v", g.Vendor, err)
		}
	}
}
