package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"clew.dev/clew/internal/connector/oceanengine"
	"clew.dev/clew/internal/connector/robot"
)

func (s *stage) get(t *testing.T, path, language string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", language)
	return s.send(t, req)
}

func (s *stage) post(t *testing.T, path, body string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return s.send(t, req)
}

func (s *stage) send(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestPhonesShowWhatTheGroupsSee(t *testing.T) {
	s := newStage(t, weGroup, dingGroup, feiGroup)
	nasty := robot.Message{Key: "n", Title: "新线索", Items: []robot.Item{{Text: `<script>alert(1)</script> [x](javascript:alert(1)) "q"`}}}
	for _, message := range []robot.Message{lead(7), nasty} {
		if err := s.robot(t, dingGroup, 0).Post(t.Context(), message); err != nil {
			t.Fatal(err)
		}
		if err := s.robot(t, feiGroup, 0).Post(t.Context(), message); err != nil {
			t.Fatal(err)
		}
	}
	for language, words := range map[string][]string{
		"zh-CN,zh;q=0.9": {"线索 7 分给张伟", "签名已验证", "销售 TOP-3", `href="http://127.0.0.1:8420/lead/1"`},
		"en-GB":          {"线索 7 分给张伟", "Signature verified", "DingTalk", "No messages yet"},
	} {
		status, body := s.get(t, "", language)
		if status != http.StatusOK {
			t.Fatal(status)
		}
		for _, word := range words {
			if !strings.Contains(body, word) {
				t.Errorf("%s: page lacks %q", language, word)
			}
		}
		if strings.Contains(body, "<script>alert") || strings.Contains(body, `href="javascript`) || strings.Contains(body, `href="http://evil`) {
			t.Error("a stranger's markup came through")
		}
	}
	for path, want := range map[string]int{
		"g/dingtalk/ding-1": 200, "g/dingtalk/ding-1/chat": 200, "g/dingtalk/none": 404, "static/app.css": 200,
		"static/phones.js": 200, "douyin": 200, "_ctl/groups": 200, "_ctl/faults": 200, "nothing": 404,
	} {
		if status, _ := s.get(t, path, "en"); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}

func TestControl(t *testing.T) {
	s := newStage(t, weGroup)
	if status, _ := s.post(t, "_ctl/faults", `{"vendor":"wecom","mode":"errcode","value":45009,"count":2}`); status != http.StatusCreated {
		t.Fatal(status)
	}
	r := s.robot(t, weGroup, 0)
	for range 2 {
		if e := robot.As(r.Post(t.Context(), lead(1))); e.Code != 45009 || !e.Retry {
			t.Errorf("%+v", e)
		}
	}
	if err := r.Post(t.Context(), lead(1)); err != nil {
		t.Error(err)
	}
	_, body := s.get(t, "_ctl/received?vendor=wecom", "")
	var list struct {
		Items []struct {
			Seq  int64
			Code int
		}
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Items) != 1 {
		t.Errorf("%s %v", body, err)
	}
	for body, want := range map[string]int{`{"mode":"melt"}`: 422, `{"mode":"http","value":1}`: 422, `{`: 400} {
		if status, _ := s.post(t, "_ctl/faults", body); status != want {
			t.Errorf("%s: %d", body, status)
		}
	}
	if status, _ := s.post(t, "_ctl/faults", `{"mode":"drop"}`, "Sec-Fetch-Site", "cross-site"); status != http.StatusForbidden {
		t.Errorf("another site may break the sandbox: %d", status)
	}
	s.Clear()
	if got := s.Received("wecom", "we-1"); len(got) != 0 {
		t.Errorf("%d left", len(got))
	}
}

func TestDouyinSignsWhatTheConnectorVerifies(t *testing.T) {
	s := newStage(t)
	var signed struct{ Message, Clue, Body, Signature string }
	sign := func(form string) {
		t.Helper()
		status, body := s.post(t, "douyin/sign", form)
		if status != http.StatusOK || json.Unmarshal([]byte(body), &signed) != nil {
			t.Fatal(status, body)
		}
	}
	sign(`{"secret":"clew-demo-douyin","name":"王建国","phone":"19900001234","company":"苏州精锐","product":"HR-20","remark":"急需液压阀样品"}`)
	if !oceanengine.Verify("clew-demo-douyin", []byte(signed.Body), signed.Signature) {
		t.Error("the two implementations disagree")
	}
	m, err := oceanengine.Unwrap([]byte(signed.Body))
	var data struct {
		ID      string            `json:"clue_id"`
		Answers map[string]string `json:"remark_dict"`
	}
	if err != nil || json.Unmarshal(m.Data, &data) != nil || m.ID != signed.Message || data.ID != signed.Clue ||
		data.Answers["意向机型"] != "HR-20" || data.Answers["公司名称"] != "苏州精锐" {
		t.Errorf("%+v %+v %v", m, data, err)
	}
	sign(`{"secret":"clew-demo-douyin","forge":true}`)
	if oceanengine.Verify("clew-demo-douyin", []byte(signed.Body), signed.Signature) {
		t.Error("a forged signature verifies")
	}
	if status, _ := s.post(t, "douyin/sign", `{"message":"1"}`); status != http.StatusUnprocessableEntity {
		t.Error(status)
	}
}
