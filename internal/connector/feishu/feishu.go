// Package feishu posts into a Feishu group by its custom bot, signed.
//
// The signature is base64(HMAC-SHA256(key = timestamp "\n" secret, text
// empty)) with the time in seconds of real time, both in the body and within
// an hour of the vendor's clock. A post is rich text of at most 20 KB; 100 a
// minute and 5 a second. Refusals come as HTTP 200 with a code.
package feishu

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"clew.dev/clew/internal/connector/robot"
)

const (
	vendor = "feishu"
	host   = "https://open.feishu.cn"
	limit  = 20 << 10 // bytes of the body
)

// Robot is one group's custom bot.
type Robot struct{ config robot.Config }

// New makes a robot; an empty base is the vendor's host.
func New(c robot.Config) *Robot {
	if c.Base == "" {
		c.Base = host
	}
	return &Robot{config: c}
}

// Sign is the value of the member sign at a time in seconds since 1970.
func Sign(secret string, seconds int64) string {
	mac := hmac.New(sha256.New, []byte(strconv.FormatInt(seconds, 10)+"\n"+secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Limit is the bytes of one post's body.
func (r *Robot) Limit() int { return limit }

// Size is the bytes of m as a body.
func (r *Robot) Size(m robot.Message) int { return len(r.body(m)) }

type tag struct {
	Tag  string `json:"tag"`
	Text string `json:"text"`
	Href string `json:"href,omitempty"`
}

type post struct {
	Timestamp string  `json:"timestamp,omitempty"`
	Sign      string  `json:"sign,omitempty"`
	Kind      string  `json:"msg_type"`
	Content   content `json:"content"`
}

type content struct {
	Post map[string]page `json:"post"`
}

type page struct {
	Title   string  `json:"title"`
	Content [][]tag `json:"content"`
}

func paragraphs(m robot.Message) [][]tag {
	out := [][]tag{}
	for _, item := range m.Items {
		if item.Text != "" {
			out = append(out, []tag{{Tag: "text", Text: robot.Line(item.Text)}})
		}
		for _, line := range item.Lines {
			out = append(out, []tag{{Tag: "text", Text: robot.Line(line)}})
		}
		if item.Link != "" {
			out = append(out, []tag{{Tag: "a", Text: robot.Line(item.Label), Href: item.Link}})
		}
	}
	return out
}

func (r *Robot) body(m robot.Message) []byte {
	p := post{Kind: "post", Content: content{Post: map[string]page{"zh_cn": {
		Title: robot.Line(robot.WithKeyword(m.Title, r.config.Keyword)), Content: paragraphs(m)}}}}
	if r.config.Secret != "" {
		seconds := r.config.Now().Unix()
		p.Timestamp, p.Sign = strconv.FormatInt(seconds, 10), Sign(r.config.Secret, seconds)
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic("feishu: strings do not marshal: " + err.Error())
	}
	return body
}

// Post sends m. The vendor has no idempotency field for custom bots: a post
// whose answer is lost may be seen twice.
func (r *Robot) Post(ctx context.Context, m robot.Message) error {
	address := strings.TrimSuffix(r.config.Base, "/") + "/open-apis/bot/v2/hook/" + url.PathEscape(r.config.Key)
	wire := robot.Wire{Vendor: vendor, Client: r.config.Client, Address: address, Code: "code", Text: "msg", Judge: judge}
	return wire.Send(ctx, r.body(m))
}

func judge(e *robot.Error) {
	switch e.Code {
	case 11232, 99991400: // too often
		e.Retry, e.After = true, time.Minute
	case 19001, 19021, 19022: // hook, signature or time, address
	default: // 19024 keywords, 9499 bad request …: what this post says
		e.Content = true
	}
}
