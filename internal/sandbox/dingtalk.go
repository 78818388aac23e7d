package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// dingtalk is the custom robot of oapi.dingtalk.com/robot/send.
type dingtalk struct{}

func (dingtalk) name() string               { return "dingtalk" }
func (dingtalk) key(r *http.Request) string { return r.URL.Query().Get("access_token") }

func (dingtalk) answer(no *refusal) any {
	if no == nil {
		return map[string]any{"errcode": 0, "errmsg": "ok"}
	}
	return map[string]any{"errcode": no.code, "errmsg": no.text}
}

func (d dingtalk) read(g *group, r *http.Request, body []byte, now time.Time, into *Received) *refusal {
	if no := dingtalkAddress(g, d.key(r), r); no != nil {
		return no
	}
	if no := dingtalkSignature(g.Secret, r, now, into); no != nil {
		return no
	}
	id, no := dingtalkContent(body, into)
	if no != nil {
		return no
	}
	if lacksKeyword(g.Keywords, into.Title+"\n"+into.Text) {
		return &refusal{310000, "keywords not in content"}
	}
	if g.within(now, time.Minute) >= 20 && !now.Before(g.shut) {
		g.shut = now.Add(10 * time.Minute)
	}
	if now.Before(g.shut) {
		return &refusal{410100, "发送速度太快而限流"}
	}
	g.take(now)
	into.Repeated = g.repeat(id)
	return nil
}

func dingtalkAddress(g *group, token string, r *http.Request) *refusal {
	switch {
	case token == "":
		return &refusal{400101, "access_token不存在"}
	case g == nil:
		return &refusal{400106, "机器人不存在"}
	case g.Disabled:
		return &refusal{400102, "机器人已停用"}
	case r.Method != http.MethodPost || !jsonType(r):
		return &refusal{43004, "无效的HTTP HEADER Content-Type"}
	}
	return nil
}

// dingtalkSignature recomputes sign: HMAC-SHA256 with the secret as key over
// the line "timestamp", a line feed, the secret; base64. Both come in the URL.
func dingtalkSignature(secret string, r *http.Request, now time.Time, into *Received) *refusal {
	if secret == "" {
		return nil
	}
	into.Signature = "wrong"
	query := r.URL.Query()
	stamp, err := strconv.ParseInt(query.Get("timestamp"), 10, 64)
	if err != nil || now.Sub(time.UnixMilli(stamp)).Abs() > time.Hour {
		return &refusal{310000, "invalid timestamp"}
	}
	digest := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(digest, "%s\n%s", query.Get("timestamp"), secret) // a hash never fails
	sent, err := base64.StdEncoding.DecodeString(query.Get("sign"))
	if err != nil || !hmac.Equal(sent, digest.Sum(nil)) {
		return &refusal{310000, "sign not match"}
	}
	into.Signature = "verified"
	return nil
}

func dingtalkContent(body []byte, into *Received) (id string, no *refusal) {
	var post struct {
		ID       string                        `json:"msgUuid"`
		Kind     string                        `json:"msgtype"`
		Text     *struct{ Content string }     `json:"text"`
		Markdown *struct{ Title, Text string } `json:"markdown"`
	}
	if err := json.Unmarshal(body, &post); err != nil {
		return "", &refusal{40035, "缺少参数 json"}
	}
	into.Kind = post.Kind
	switch {
	case post.Kind == "text" && post.Text != nil:
		into.Text = post.Text.Content
	case post.Kind == "markdown" && post.Markdown != nil && post.Markdown.Title != "":
		into.Title, into.Text = post.Markdown.Title, post.Markdown.Text
	case post.Kind == "text" || post.Kind == "markdown":
		return "", &refusal{40035, "缺少参数 " + post.Kind}
	default:
		return "", &refusal{400105, "不支持的消息类型"}
	}
	if into.Text == "" {
		return "", &refusal{40035, "缺少参数 content"}
	}
	if len(body) > 20000 {
		return "", &refusal{460101, "message too long, exceed 20000 bytes"}
	}
	return post.ID, nil
}
