// Package dingtalk posts into a DingTalk group by its custom robot, signed.
//
// The signature is base64(HMAC-SHA256(key = secret, text = timestamp "\n"
// secret)) with the time in milliseconds of real time, both in the URL and
// within an hour of the vendor's clock. A post is markdown of at most 20,000
// bytes; 20 a minute, over that 410100 for ten minutes. msgUuid makes a
// repeated post harmless.
package dingtalk

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
	vendor = "dingtalk"
	host   = "https://oapi.dingtalk.com"
	limit  = 20000 // bytes of the body
)

// Robot is one group's custom robot.
type Robot struct{ config robot.Config }

// New makes a robot; an empty base is the vendor's host.
func New(c robot.Config) *Robot {
	if c.Base == "" {
		c.Base = host
	}
	return &Robot{config: c}
}

// Sign is the value of the parameter sign, before URL encoding, at a time in
// milliseconds since 1970.
func Sign(secret string, millis int64) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strconv.FormatInt(millis, 10) + "\n" + secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Limit is the bytes of one post's body.
func (r *Robot) Limit() int { return limit }

// Size is the bytes of m as a body.
func (r *Robot) Size(m robot.Message) int { return len(r.body(m)) }

func (r *Robot) body(m robot.Message) []byte {
	title := robot.Inert(robot.WithKeyword(m.Title, r.config.Keyword))
	body, err := json.Marshal(map[string]any{
		"msgtype":  "markdown",
		"markdown": map[string]string{"title": title, "text": text(title, m)},
		"msgUuid":  m.Key,
	})
	if err != nil {
		panic("dingtalk: strings do not marshal: " + err.Error())
	}
	return body
}

func text(title string, m robot.Message) string {
	var b strings.Builder
	b.WriteString("#### " + title)
	for _, item := range m.Items {
		if item.Text != "" {
			b.WriteString("\n\n" + robot.Inert(item.Text))
		}
		for _, line := range item.Lines {
			b.WriteString("\n\n> " + robot.Inert(line))
		}
		if item.Link != "" {
			b.WriteString("\n\n[" + robot.Inert(item.Label) + "](" + item.Link + ")")
		}
	}
	return b.String()
}

func (r *Robot) address() string {
	q := url.Values{"access_token": {r.config.Key}}
	if r.config.Secret != "" {
		millis := r.config.Now().UnixMilli()
		q.Set("timestamp", strconv.FormatInt(millis, 10))
		q.Set("sign", Sign(r.config.Secret, millis))
	}
	return strings.TrimSuffix(r.config.Base, "/") + "/robot/send?" + q.Encode()
}

// Post sends m, its key as msgUuid.
func (r *Robot) Post(ctx context.Context, m robot.Message) error {
	wire := robot.Wire{Vendor: vendor, Client: r.config.Client, Address: r.address(), Code: "errcode", Text: "errmsg", Judge: judge}
	return wire.Send(ctx, r.body(m))
}

func judge(e *robot.Error) {
	switch e.Code {
	case -1: // system busy
		e.Retry = true
	case 410100: // throttled for ten minutes
		e.Retry, e.After = true, 10*time.Minute
	case 130101, 90018: // too fast
		e.Retry, e.After = true, time.Minute
	case 310000: // keywords, time, signature or address
		e.Content = strings.Contains(e.Text, "keyword")
	case 400013, 400101, 400102, 400106, 300001, 60020: // group, token, robot, address
	default: // 430101–430104, 460101, 40035 …: what this post says
		e.Content = true
	}
}
