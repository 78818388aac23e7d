package robot_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/connector/dingtalk"
	"clew.dev/clew/internal/connector/feishu"
	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/connector/wecom"
	"clew.dev/clew/internal/outbound"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// post sends one message by a vendor's robot to a server that answers so.
func post(t *testing.T, vendor string, answer http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	config := robot.Config{
		Base: server.URL, Key: "key", Secret: "secret", Now: time.Now,
		Client: outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(server.URL, "http://")}}),
	}
	made := map[string]robot.Robot{"dingtalk": dingtalk.New(config), "feishu": feishu.New(config), "wecom": wecom.New(config)}
	return made[vendor].Post(t.Context(), robot.Message{Key: "k", Title: "新线索", Items: []robot.Item{{Text: "苏州恒力", Link: "http://crm/x", Label: "打开"}}})
}

// TestRefusalsAreJudged: what each vendor's answer means for the next try.
func TestRefusalsAreJudged(t *testing.T) {
	type verdict struct {
		Code           int
		Retry, Content bool
		After          time.Duration
	}
	names := map[string]string{"dingtalk": `{"errcode":%d,"errmsg":%q}`, "wecom": `{"errcode":%d,"errmsg":%q}`, "feishu": `{"code":%d,"msg":%q}`}
	for _, c := range []struct {
		vendor string
		code   int
		text   string
		want   verdict
	}{
		{"dingtalk", -1, "系统繁忙", verdict{Retry: true}},
		{"dingtalk", 410100, "发送速度太快而限流", verdict{Retry: true, After: 10 * time.Minute}},
		{"dingtalk", 130101, "send too fast", verdict{Retry: true, After: time.Minute}},
		{"dingtalk", 310000, "keywords not in content", verdict{Content: true}},
		{"dingtalk", 310000, "sign not match", verdict{}},
		{"dingtalk", 400102, "机器人已停用", verdict{}},
		{"dingtalk", 430104, "内容不合规", verdict{Content: true}},
		{"wecom", -1, "system busy", verdict{Retry: true}},
		{"wecom", 45009, "api freq out of limit", verdict{Retry: true, After: time.Minute}},
		{"wecom", 93000, "invalid webhook url", verdict{}},
		{"wecom", 40058, "content too long", verdict{Content: true}},
		{"feishu", 11232, "frequency limited", verdict{Retry: true, After: time.Minute}},
		{"feishu", 99991400, "request trigger frequency limit", verdict{Retry: true, After: time.Minute}},
		{"feishu", 19021, "sign match fail", verdict{}},
		{"feishu", 19024, "Key Words Not Found", verdict{Content: true}},
		{"feishu", 9499, "Bad Request", verdict{Content: true}},
	} {
		t.Run(fmt.Sprint(c.vendor, " ", c.code, " ", c.text), func(t *testing.T) {
			err := post(t, c.vendor, func(w http.ResponseWriter, r *http.Request) {
				if body, _ := io.ReadAll(r.Body); !strings.Contains(string(body), "苏州恒力") {
					t.Errorf("the post does not tell of the lead: %s", body)
				}
				_, _ = fmt.Fprintf(w, names[c.vendor], c.code, c.text)
			})
			e := robot.As(err)
			c.want.Code = c.code
			if diff := cmp.Diff(c.want, verdict{e.Code, e.Retry, e.Content, e.After}); diff != "" || e.Text != c.text {
				t.Errorf("%s %q", diff, e.Text)
			}
		})
	}
}

// TestAnswersThatAreNone: what no vendor should answer, and some proxies do.
func TestAnswersThatAreNone(t *testing.T) {
	answers := map[string]struct {
		answer http.HandlerFunc
		want   robot.Error
	}{
		"a page":       {say(200, "<html>"), robot.Error{Status: 200, Retry: true}},
		"nothing":      {say(200, ""), robot.Error{Status: 200, Retry: true}},
		"a list":       {say(200, "[]"), robot.Error{Status: 200, Retry: true}},
		"null":         {say(200, "null"), robot.Error{Status: 200, Retry: true}},
		"no code":      {say(200, `{"ok":true}`), robot.Error{Status: 200, Retry: true}},
		"a text code":  {say(200, `{"errcode":"0","code":"0"}`), robot.Error{Status: 200, Retry: true}},
		"not found":    {say(404, ""), robot.Error{Status: 404}},
		"forbidden":    {say(403, ""), robot.Error{Status: 403}},
		"a bad day":    {say(500, ""), robot.Error{Status: 500, Retry: true}},
		"a bad way":    {say(502, ""), robot.Error{Status: 502, Retry: true}},
		"too many":     {say(429, ""), robot.Error{Status: 429, Retry: true, After: 7 * time.Second}},
		"another host": {say(302, ""), robot.Error{Status: 302}},
	}
	for _, vendor := range []string{"dingtalk", "feishu", "wecom"} {
		for name, c := range answers {
			t.Run(vendor+" "+name, func(t *testing.T) {
				err := post(t, vendor, c.answer)
				if err == nil {
					t.Fatal("taken for a success")
				}
				if diff := cmp.Diff(c.want, *robot.As(err), cmpopts.IgnoreFields(robot.Error{}, "Vendor", "Text")); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestSuccessIsNoError(t *testing.T) {
	for _, vendor := range []string{"dingtalk", "feishu", "wecom"} {
		if err := post(t, vendor, say(200, `{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}`)); err != nil {
			t.Errorf("%s: %v", vendor, err)
		}
	}
}

// say answers with a status and a body.
func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "7")
		}
		if status == http.StatusFound {
			w.Header().Set("Location", "http://127.0.0.1:1/")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}
