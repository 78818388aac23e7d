package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// feishu is the custom bot of open.feishu.cn; its refusals are HTTP 200.
type feishu struct{}

func (feishu) name() string               { return "feishu" }
func (feishu) key(r *http.Request) string { return r.PathValue("key") }

func (feishu) answer(no *refusal) any {
	if no == nil {
		return map[string]any{"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": map[string]any{}, "msg": "success"}
	}
	return map[string]any{"code": no.code, "data": map[string]any{}, "msg": no.text}
}

type feishuPost struct {
	Timestamp string `json:"timestamp"`
	Sign      string `json:"sign"`
	Kind      string `json:"msg_type"`
	Content   struct {
		Text string                `json:"text"`
		Post map[string]feishuPage `json:"post"`
	} `json:"content"`
}

type feishuPage struct {
	Title   string `json:"title"`
	Content [][]struct {
		Tag  string `json:"tag"`
		Text string `json:"text"`
		Href string `json:"href"`
	} `json:"content"`
}

func (feishu) read(g *group, r *http.Request, body []byte, now time.Time, into *Received) *refusal {
	if g == nil {
		return &refusal{19001, "param invalid: incoming webhook access token invalid"}
	}
	var post feishuPost
	if r.Method != http.MethodPost || len(body) > 20<<10 || json.Unmarshal(body, &post) != nil {
		return &refusal{9499, "Bad Request"}
	}
	if no := feishuSignature(g.Secret, post, now, into); no != nil {
		return no
	}
	if !feishuContent(post, into) {
		return &refusal{9499, "Bad Request"}
	}
	if lacksKeyword(g.Keywords, into.Title+"\n"+into.Text) {
		return &refusal{19024, "Key Words Not Found"}
	}
	if g.within(now, time.Minute) >= 100 || g.within(now, time.Second) >= 5 {
		return &refusal{11232, "frequency limited"}
	}
	g.take(now)
	return nil
}

// feishuSignature recomputes sign: the key of the HMAC-SHA256 is the text
// "timestamp", line feed, secret; what is signed is empty; base64.
func feishuSignature(secret string, post feishuPost, now time.Time, into *Received) *refusal {
	if secret == "" {
		return nil
	}
	mismatch := &refusal{19021, "sign match fail or timestamp is not within one hour from current time"}
	into.Signature = "wrong"
	stamp, err := strconv.ParseInt(post.Timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(stamp, 0)).Abs() > time.Hour {
		return mismatch
	}
	key := strings.Join([]string{post.Timestamp, secret}, "\n")
	want := base64.StdEncoding.EncodeToString(hmac.New(sha256.New, []byte(key)).Sum(nil))
	if !hmac.Equal([]byte(want), []byte(post.Sign)) {
		return mismatch
	}
	into.Signature = "verified"
	return nil
}

// feishuContent renders rich text as lines; a link is [text](address).
func feishuContent(post feishuPost, into *Received) bool {
	into.Kind = post.Kind
	switch post.Kind {
	case "text":
		into.Text = post.Content.Text
		for _, line := range strings.Split(into.Text, "\n") {
			into.lines = append(into.lines, []piece{{text: line}})
		}
		return into.Text != ""
	case "post":
		page, ok := post.Content.Post["zh_cn"]
		if !ok {
			page, ok = post.Content.Post["en_us"]
		}
		into.Title = page.Title
		into.Text, into.lines = feishuLines(page)
		return ok && into.Title+into.Text != ""
	}
	return false
}

func feishuLines(page feishuPage) (text string, pieces [][]piece) {
	lines := make([]string, 0, len(page.Content))
	for _, paragraph := range page.Content {
		line, run := "", []piece{}
		for _, part := range paragraph {
			if part.Tag == "a" {
				line += "[" + part.Text + "](" + part.Href + ")"
			} else {
				line += part.Text
			}
			run = append(run, piece{part.Text, part.Href})
		}
		lines, pieces = append(lines, line), append(pieces, run)
	}
	return strings.Join(lines, "\n"), pieces
}
