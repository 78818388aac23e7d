package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/sandbox"
)

const (
	weSend   = "wecom/cgi-bin/webhook/send?key=we-1"
	dingSend = "dingtalk/robot/send?access_token=open"
	feiSend  = "feishu/open-apis/bot/v2/hook/open"
)

var (
	openDing = sandbox.Group{Vendor: "dingtalk", Key: "open", Name: "公开"}
	openFei  = sandbox.Group{Vendor: "feishu", Key: "open", Name: "公开"}
)

// codeOf is what a vendor answered, which is always HTTP 200 with a code.
func codeOf(t *testing.T, status int, body string) int {
	t.Helper()
	var answer struct {
		ErrCode *int `json:"errcode"`
		Code    *int `json:"code"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK || answer.ErrCode == nil && answer.Code == nil {
		t.Errorf("answered %d %.80q", status, body)
		return -999
	}
	if answer.ErrCode != nil {
		return *answer.ErrCode
	}
	return *answer.Code
}

// TestAPostMadeByHandIsJudgedAsTheVendorWould: another client than ours, with
// every mistake that one can make.
func TestAPostMadeByHandIsJudgedAsTheVendorWould(t *testing.T) {
	s := newStage(t, weGroup, openDing, openFei)
	for _, c := range []struct {
		address, body string
		code          int
	}{
		{weSend, `{"msgtype":"text","text":{"content":"好"}}`, 0},
		{weSend, `{"msgtype":"text","text":{"content":"好","mentioned_list":["@all"]}}`, 0},
		{weSend, `{"msgtype":"text","text":{"content":"` + strings.Repeat("长", 682) + `xx"}}`, 0},
		{weSend, `{"msgtype":"text","text":{"content":"` + strings.Repeat("长", 683) + `"}}`, 40058},
		{weSend, `{"msgtype":"markdown","markdown":{"content":"` + strings.Repeat("x", 4096) + `"}}`, 0},
		{weSend, `{"msgtype":"markdown","markdown":{"content":"` + strings.Repeat("x", 4097) + `"}}`, 40058},
		{weSend, `{"msgtype":"markdown","text":{"content":"x"}}`, 44004},
		{weSend, `{"msgtype":"markdown","markdown":{"content":""}}`, 44004},
		{weSend, `{"msgtype":"image","image":{"base64":"","md5":""}}`, 40008},
		{weSend, `{"msgtype":""}`, 40008},
		{weSend, `{}`, 40008},
		{weSend, ``, 47001},
		{weSend, `[]`, 47001},
		{weSend, `{"msgtype":7}`, 47001},
		{weSend, `msgtype=text&content=x`, 47001},
		{"wecom/cgi-bin/webhook/send", `{"msgtype":"text","text":{"content":"x"}}`, 93000},
		{"wecom/cgi-bin/webhook/send?key=we-1%00", `{"msgtype":"text","text":{"content":"x"}}`, 93000},
		{"wecom/cgi-bin/webhook/send?key=WE-1", `{"msgtype":"text","text":{"content":"x"}}`, 93000},
		{dingSend, `{"msgtype":"text","text":{"content":"x"}}`, 0},
		{dingSend, `{"msgtype":"markdown","markdown":{"title":"t","text":"x"}}`, 0},
		{dingSend, `{"msgtype":"markdown","markdown":{"title":"","text":"x"}}`, 40035},
		{dingSend, `{"msgtype":"markdown","markdown":{"title":"t","text":""}}`, 40035},
		{dingSend, `{"msgtype":"text"}`, 40035},
		{dingSend, `{"msgtype":"feedCard"}`, 400105},
		{dingSend, `{`, 40035},
		{"dingtalk/robot/send", `{"msgtype":"text","text":{"content":"x"}}`, 400101},
		{"dingtalk/robot/send?access_token=none", `{"msgtype":"text","text":{"content":"x"}}`, 400106},
		{feiSend, `{"msg_type":"text","content":{"text":"x"}}`, 0},
		{feiSend, `{"msg_type":"post","content":{"post":{"en_us":{"title":"t","content":[[{"tag":"text","text":"x"}]]}}}}`, 0},
		{feiSend, `{"msg_type":"post","content":{"post":{"fr_fr":{"title":"t","content":[]}}}}`, 9499},
		{feiSend, `{"msg_type":"post","content":{"post":{"zh_cn":{"title":"","content":[]}}}}`, 9499},
		{feiSend, `{"msg_type":"text","content":{"text":""}}`, 9499},
		{feiSend, `{"msg_type":"interactive"}`, 9499},
		{feiSend, `{"msg_type":"text","content":"{\"text\":\"x\"}"}`, 9499},
		{feiSend, `{"msg_type":"text","content":{"text":"` + strings.Repeat("x", 21_000) + `"}}`, 9499},
		{"feishu/open-apis/bot/v2/hook/none", `{"msg_type":"text","content":{"text":"x"}}`, 19001},
	} {
		s.clock.move(10 * time.Second) // none of this is about how often
		status, body := s.post(t, c.address, c.body, "Content-Type", "application/json")
		if got := codeOf(t, status, body); got != c.code {
			t.Errorf("%s %.90s: %d, want %d (%s)", c.address, c.body, got, c.code, body)
		}
	}
	if status, body := s.post(t, dingSend, `{"msgtype":"text","text":{"content":"x"}}`, "Content-Type", "text/plain"); codeOf(t, status, body) != 43004 {
		t.Errorf("DingTalk takes text/plain: %s", body)
	}
	for address, want := range map[string]int{weSend: 43002, dingSend: 43004, feiSend: 9499} {
		if status, body := s.get(t, address, ""); codeOf(t, status, body) != want {
			t.Errorf("GET %s: %s", address, body)
		}
	}
	if status, _ := s.post(t, weSend, strings.Repeat("x", 3<<20), "Content-Type", "application/json"); status != http.StatusRequestEntityTooLarge {
		t.Errorf("three megabytes: %d", status)
	}
}

// TestSignaturesAreCheckedToTheLetter: the vendor's side says what is wrong and
// keeps the post among the refused, where a person can look at it.
func TestSignaturesAreCheckedToTheLetter(t *testing.T) {
	s := newStage(t, dingGroup, feiGroup)
	now := s.clock.now()
	const ding, text = "dingtalk/robot/send?access_token=ding-1", `{"msgtype":"text","text":{"content":"x"}}`
	for name, query := range map[string]string{
		"nothing": "", "a time alone": fmt.Sprintf("&timestamp=%d", now.UnixMilli()), "no base64": fmt.Sprintf("&timestamp=%d&sign=%%%%%%", now.UnixMilli()),
		"seconds": fmt.Sprintf("&timestamp=%d&sign=x", now.Unix()), "the largest number": "&timestamp=9223372036854775807&sign=x", "the smallest": "&timestamp=-9223372036854775808&sign=x",
		"a fraction": "&timestamp=1.5&sign=x", "words": "&timestamp=now&sign=x", "an empty sign": fmt.Sprintf("&timestamp=%d&sign=", now.UnixMilli()),
	} {
		if status, body := s.post(t, ding+query, text, "Content-Type", "application/json"); codeOf(t, status, body) != 310000 {
			t.Errorf("DingTalk, %s: %s", name, body)
		}
	}
	for name, members := range map[string]string{
		"nothing": ``, "a time alone": fmt.Sprintf(`"timestamp":"%d",`, now.Unix()), "milliseconds": fmt.Sprintf(`"timestamp":"%d","sign":"x",`, now.UnixMilli()),
		"the largest number": `"timestamp":"9223372036854775807","sign":"x",`, "an empty sign": fmt.Sprintf(`"timestamp":"%d","sign":"",`, now.Unix()),
	} {
		if status, body := s.post(t, "feishu/open-apis/bot/v2/hook/fei-1", `{`+members+`"msg_type":"text","content":{"text":"x"}}`, "Content-Type", "application/json"); codeOf(t, status, body) != 19021 {
			t.Errorf("Feishu, %s: %s", name, body)
		}
	}
	for vendor, key := range map[string]string{"dingtalk": "ding-1", "feishu": "fei-1"} {
		for _, one := range s.Received(vendor, key) {
			if one.Signature != "wrong" || one.Code == 0 || one.Reason == "" {
				t.Errorf("%s kept %+v", vendor, one)
			}
		}
	}
}

// TestTheControlsAreThisPagesOwn: no other site can press them through a person's
// browser, and what is nonsense is refused.
func TestTheControlsAreThisPagesOwn(t *testing.T) {
	s := newStage(t, weGroup)
	for _, c := range []struct{ method, path, body string }{
		{"DELETE", "_ctl/received", ""}, {"PUT", "_ctl/groups", `{"vendor":"wecom","key":"evil"}`}, {"POST", "_ctl/faults", `{"mode":"drop"}`}, {"DELETE", "_ctl/faults", ""}, {"POST", "douyin/sign", `{}`},
	} {
		for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
			req, err := http.NewRequestWithContext(t.Context(), c.method, s.base+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set(header[0], header[1])
			if status, _ := s.send(t, req); status != http.StatusForbidden {
				t.Errorf("%s %s with %s: %d", c.method, c.path, header[0], status)
			}
		}
	}
	put := func(body string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.base+"_ctl/groups", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		status, _ := s.send(t, req)
		return status
	}
	for body, want := range map[string]int{
		`{"vendor":"feishu","key":"new","name":"新群"}`: 200, `{"vendor":"slack","key":"x"}`: 422, `{"vendor":"wecom","key":""}`: 422, `{"vendor":"wecom"}`: 422, `{`: 400, `[]`: 400, `null`: 422, ``: 400,
		`{"vendor":"wecom","key":"x","name":"` + strings.Repeat("x", 70_000) + `"}`: 400,
	} {
		if got := put(body); got != want {
			t.Errorf("PUT %.60s: %d, want %d", body, got, want)
		}
	}
	if groups := s.Groups(); len(groups) != 2 || groups[0].Name != "新群" {
		t.Errorf("groups %+v", groups)
	}
}

// TestAGroupKeepsItsPostsWhenItIsChanged, and forgets the oldest of very many;
// clearing takes posts, limits and throttling away.
func TestAGroupKeepsItsPostsWhenItIsChanged(t *testing.T) {
	s := newStage(t, openDing)
	for n := range 450 {
		s.clock.move(10 * time.Second)
		if status, body := s.post(t, dingSend, fmt.Sprintf(`{"msgtype":"text","text":{"content":"post %d"}}`, n), "Content-Type", "application/json"); codeOf(t, status, body) != 0 {
			t.Fatal(n, body)
		}
	}
	kept := s.Received("dingtalk", "open")
	if len(kept) != 400 || kept[0].Text != "post 50" || kept[399].Text != "post 449" {
		t.Errorf("%d kept, from %q", len(kept), kept[0].Text)
	}
	changed := openDing
	changed.Name, changed.Disabled = "另一个名字", true
	s.Put(changed)
	if got := s.Received("dingtalk", "open"); len(got) != 400 {
		t.Errorf("%d left after the group was renamed", len(got))
	}
	if status, body := s.post(t, dingSend, `{"msgtype":"text","text":{"content":"x"}}`, "Content-Type", "application/json"); codeOf(t, status, body) != 400102 {
		t.Errorf("a robot that was switched off: %s", body)
	}
	s.Put(openDing)
	for range 21 {
		s.post(t, dingSend, `{"msgtype":"text","text":{"content":"x"}}`, "Content-Type", "application/json")
	}
	throttled := func() bool {
		status, body := s.post(t, dingSend, `{"msgtype":"text","text":{"content":"x"}}`, "Content-Type", "application/json")
		return codeOf(t, status, body) == 410100
	}
	if !throttled() {
		t.Error("twenty-one at once are not throttled")
	}
	s.clock.move(9 * time.Minute)
	if !throttled() {
		t.Error("throttling ended before its ten minutes")
	}
	s.Clear()
	if throttled() || len(s.Received("dingtalk", "open")) != 1 {
		t.Error("clearing left limits or posts")
	}
}

// TestTroubleHitsWhomItIsFor, as often as it says, and no more is kept than a
// person could mean.
func TestTroubleHitsWhomItIsFor(t *testing.T) {
	s := newStage(t, weGroup, openDing, openFei)
	we, ding := s.robot(t, weGroup, 0), s.robot(t, openDing, 0)
	s.Fail(sandbox.Trouble{Vendor: "wecom", Key: "another", Mode: "errcode", Value: -1, Count: 5})
	s.Fail(sandbox.Trouble{Vendor: "dingtalk", Mode: "http", Value: 503, RetryAfter: "30", Count: 1})
	s.Fail(sandbox.Trouble{Mode: "errcode", Value: -1, Count: 0})
	if err := we.Post(t.Context(), lead(1)); err != nil {
		t.Errorf("another group's trouble hits: %v", err)
	}
	if e := robot.As(ding.Post(t.Context(), lead(1))); e == nil || e.Status != 503 || e.After != 30*time.Second || !e.Retry {
		t.Errorf("%+v", e)
	}
	if err := ding.Post(t.Context(), lead(1)); err != nil {
		t.Errorf("the trouble was for one post: %v", err)
	}
	s.Mend()
	for range 300 {
		s.Fail(sandbox.Trouble{Mode: "errcode", Value: -1, Count: 1})
	}
	_, body := s.get(t, "_ctl/faults", "")
	var list struct{ Items []sandbox.Trouble }
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Items) != 100 {
		t.Errorf("%d kept, %v", len(list.Items), err)
	}
	s.Mend()
	if err := we.Post(t.Context(), lead(2)); err != nil {
		t.Errorf("after all was mended: %v", err)
	}
}

// TestNoTextOfAGroupBecomesMarkup of the sandbox's own pages: names, titles and
// texts come from documents and from strangers.
func TestNoTextOfAGroupBecomesMarkup(t *testing.T) {
	payloads := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`, `[x](javascript:alert(1))`, `[x](data:text/html,<script>)`, `**<b onmouseover=alert(1)>**`,
		`[<img src=x>](https://a.example)`, `[x](https://a.example" onclick="alert(1))`, `[x](https://a.example'onclick='alert(1))`, `{{.Secret}}`, `</p></div><script>`, `&lt;script&gt;`, `[x](https://a.example/<script>)`,
	}
	s := newStage(t, weGroup, openDing, openFei)
	for n, text := range payloads {
		s.clock.move(10 * time.Second)
		quoted, _ := json.Marshal(text)
		s.Put(sandbox.Group{Vendor: "wecom", Key: fmt.Sprint("g", n), Name: text})
		for address, body := range map[string]string{
			weSend:   `{"msgtype":"markdown","markdown":{"content":` + string(quoted) + `}}`,
			dingSend: `{"msgtype":"markdown","markdown":{"title":` + string(quoted) + `,"text":` + string(quoted) + `}}`,
			feiSend:  `{"msg_type":"post","content":{"post":{"zh_cn":{"title":` + string(quoted) + `,"content":[[{"tag":"text","text":` + string(quoted) + `},{"tag":"a","text":` + string(quoted) + `,"href":` + string(quoted) + `}]]}}}}`,
		} {
			if status, answer := s.post(t, address, body, "Content-Type", "application/json"); codeOf(t, status, answer) != 0 {
				t.Errorf("%s %s: %s", address, text, answer)
			}
		}
	}
	for _, page := range []string{"", "g/wecom/we-1", "g/dingtalk/open", "g/feishu/open", "g/dingtalk/open/chat", "g/wecom/g0"} {
		status, body := s.get(t, page, "en")
		lower := strings.ToLower(body)
		for _, bad := range []string{"<script>alert", "<img", "<svg", `href="javascript`, `href="data:`, "<b ", `" onclick="alert`, "onerror=alert(1)>\"", "<script></p>"} {
			if strings.Contains(lower, bad) {
				t.Errorf("%s holds %s", page, bad)
			}
		}
		if status != http.StatusOK {
			t.Errorf("%s: %d", page, status)
		}
	}
}
