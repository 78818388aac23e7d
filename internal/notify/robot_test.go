package notify_test

import (
	"strings"
	"testing"

	"clew.dev/clew/internal/notify"
)

func TestWebhookKeyIsFoundInWhatIsPasted(t *testing.T) {
	for _, c := range []struct{ pasted, key string }{
		{"0a1b-2c3d", "0a1b-2c3d"},
		{"  0a1b-2c3d\n", "0a1b-2c3d"},
		{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b-2c3d", "0a1b-2c3d"},
		{"https://oapi.dingtalk.com/robot/send?access_token=f00", "f00"},
		{" https://open.feishu.cn/open-apis/bot/v2/hook/77-aa ", "77-aa"},
		{"https://open.larksuite.com/open-apis/bot/v2/hook/77-aa?x=1", "77-aa"},
		{"", ""},
		{" \t", ""},
		{"https://oapi.dingtalk.com/robot/send", ""},
		{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", ""},
		{"the key of the robot", ""},
	} {
		key, ok := notify.WebhookKey(c.pasted)
		if ok != (c.key != "") || ok && key != c.key {
			t.Errorf("%q holds %q, %v; want %q", c.pasted, key, ok, c.key)
		}
	}
}

func FuzzWebhookKeyIsOneWord(f *testing.F) {
	for _, seed := range []string{"a", "https://h/?key=a b", "http://[::1", "//h/hook/ x", "\u2003"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		key, ok := notify.WebhookKey(pasted)
		if ok && len(strings.Fields(key)) != 1 {
			t.Errorf("%q gave %q", pasted, key)
		}
	})
}
