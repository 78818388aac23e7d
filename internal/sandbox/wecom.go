package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// wecom is the group robot of work.weixin.qq.com/api/doc/90000/90136/91770.
type wecom struct{}

func (wecom) name() string               { return "wecom" }
func (wecom) key(r *http.Request) string { return r.URL.Query().Get("key") }

func (wecom) answer(no *refusal) any {
	if no == nil {
		return map[string]any{"errcode": 0, "errmsg": "ok"}
	}
	return map[string]any{"errcode": no.code, "errmsg": no.text}
}

func (wecom) read(g *group, r *http.Request, body []byte, now time.Time, into *Received) *refusal {
	if r.Method != http.MethodPost {
		return &refusal{43002, "require POST method"}
	}
	if g == nil {
		return &refusal{93000, "invalid webhook url"}
	}
	if g.Disabled {
		return &refusal{93004, "robot disabled"}
	}
	if no := wecomContent(body, into); no != nil {
		return no
	}
	if g.within(now, time.Minute) >= 20 {
		return &refusal{45009, "api freq out of limit"}
	}
	g.take(now)
	return nil
}

func wecomContent(body []byte, into *Received) *refusal {
	var post struct {
		Kind     string                    `json:"msgtype"`
		Text     *struct{ Content string } `json:"text"`
		Markdown *struct{ Content string } `json:"markdown"`
	}
	if err := json.Unmarshal(body, &post); err != nil {
		return &refusal{47001, "data format error"}
	}
	into.Kind = post.Kind
	limit, part := 0, (*struct{ Content string })(nil)
	switch post.Kind {
	case "text":
		limit, part = 2048, post.Text
	case "markdown":
		limit, part = 4096, post.Markdown
	default:
		return &refusal{40008, "invalid message type"}
	}
	if part == nil || part.Content == "" {
		return &refusal{44004, "text content is empty"}
	}
	into.Text = part.Content
	if len(part.Content) > limit {
		return &refusal{40058, fmt.Sprintf("%s.content exceed max length %d. invalid Request Parameter", post.Kind, limit)}
	}
	return nil
}
