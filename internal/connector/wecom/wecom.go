// Package wecom posts into a WeCom group by its webhook robot
// (work.weixin.qq.com/api/doc/90000/90136/91770).
//
// There is no signature: the key is the secret. A post is markdown of at most
// 4,096 bytes; 20 posts a minute, over that errcode 45009.
package wecom

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"clew.dev/clew/internal/connector/robot"
)

const (
	vendor   = "wecom"
	host     = "https://qyapi.weixin.qq.com"
	markdown = 4096 // bytes
)

// Robot is one group's webhook.
type Robot struct{ config robot.Config }

// New makes a robot; an empty base is the vendor's host.
func New(c robot.Config) *Robot {
	if c.Base == "" {
		c.Base = host
	}
	return &Robot{config: c}
}

// Limit is the bytes of markdown in one post.
func (r *Robot) Limit() int { return markdown }

// Size is the bytes of m as markdown.
func (r *Robot) Size(m robot.Message) int { return len(r.text(m)) }

func (r *Robot) text(m robot.Message) string {
	var b strings.Builder
	b.WriteString("**" + robot.Inert(robot.WithKeyword(m.Title, r.config.Keyword)) + "**")
	for _, item := range m.Items {
		b.WriteString("\n")
		if item.Text != "" {
			b.WriteString(robot.Inert(item.Text))
		}
		for _, line := range item.Lines {
			b.WriteString("\n> " + robot.Inert(line))
		}
		if item.Link != "" {
			b.WriteString("\n[" + robot.Inert(item.Label) + "](" + item.Link + ")")
		}
	}
	return b.String()
}

// Post sends m. The vendor has no idempotency field for robots: a post whose
// answer is lost may be seen twice.
func (r *Robot) Post(ctx context.Context, m robot.Message) error {
	body, err := json.Marshal(map[string]any{
		"msgtype": "markdown", "markdown": map[string]string{"content": r.text(m)}})
	if err != nil {
		return err
	}
	address := strings.TrimSuffix(r.config.Base, "/") + "/cgi-bin/webhook/send?key=" + url.QueryEscape(r.config.Key)
	wire := robot.Wire{Vendor: vendor, Client: r.config.Client, Address: address, Code: "errcode", Text: "errmsg", Judge: judge}
	return wire.Send(ctx, body)
}

// judge reads the errcode; a business refusal is never tried again.
func judge(e *robot.Error) {
	switch e.Code {
	case -1: // system busy
		e.Retry = true
	case 45009, 45033: // too often, too many at a time
		e.Retry, e.After = true, time.Minute
	case 93000, 93004, 40001, 60020: // key, disabled robot, address
	default: // 40008, 40058, 45002 …: what this post says
		e.Content = true
	}
}
