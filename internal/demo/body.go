package demo

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"clew.dev/clew/internal/connector/oceanengine"
	"clew.dev/clew/internal/intake"
)

// deliver sends the customer's words through the channel, as its sender would.
func (w *world) deliver(ctx context.Context, p *prospect, at time.Time) error {
	body, err := json.Marshal(w.body(p, at))
	if err != nil {
		return err
	}
	answer, err := w.Intake.Receive(ctx, intake.Request{Channel: p.way, Header: headers(p.way, body), Body: body, Hosted: p.way == "website" || p.way == "expo"})
	if err != nil {
		return fmt.Errorf("delivery to %s: %w", p.way, err)
	}
	if answer.Record == "" {
		return fmt.Errorf("delivery to %s failed: %s: %s", p.way, answer.Body, body)
	}
	p.id = answer.Record
	return nil
}

func headers(channel string, body []byte) http.Header {
	h := http.Header{"Content-Type": {"application/json"}}
	switch channel {
	case "douyin":
		mac := hmac.New(sha256.New, []byte(DouyinSecret))
		mac.Write(body)
		h.Set(oceanengine.SignatureHeader, hex.EncodeToString(mac.Sum(nil)))
	case "website-api":
		h.Set("Authorization", "Bearer "+WebsiteSecret)
	}
	return h
}

func (w *world) body(p *prospect, at time.Time) any {
	switch p.way {
	case "douyin":
		return w.clue(p, at)
	case "website-api":
		return p.inquiry()
	}
	return p.form()
}

// push is the envelope of Ocean Engine's subscription; Data is the clue as text.
type push struct {
	MessageID     string   `json:"message_id"`
	ServiceLabel  string   `json:"service_label"`
	Data          string   `json:"data"`
	AdvertiserIDs []int64  `json:"advertiser_ids"`
	TaskID        int64    `json:"subscribe_task_id"`
	PublishTime   int64    `json:"publish_time"`
	Timestamp     int64    `json:"timestamp"`
	Nonce         string   `json:"nonce"`
	Accounts      []string `json:"account_relation"`
}

// clue is what a Douyin form gives, with the vendor's field names.
type clue struct {
	ClueID      string            `json:"clue_id"`
	ClueType    int               `json:"clue_type"`
	ClueSource  int               `json:"clue_source"`
	Advertiser  string            `json:"advertiser_name"`
	Promotion   string            `json:"promotion_name"`
	Name        string            `json:"name"`
	Telephone   string            `json:"telephone"`
	Province    string            `json:"province_name,omitempty"`
	City        string            `json:"city_name,omitempty"`
	Remark      string            `json:"remark,omitempty"`
	Answers     map[string]string `json:"remark_dict"`
	CreateTime  int64             `json:"create_time"`
	CreatedText string            `json:"create_time_detail"`
}

func (w *world) clue(p *prospect, at time.Time) push {
	left := at.Add(-time.Duration(p.rng.IntN(240)+5) * time.Second)
	c := clue{
		ClueID: "73" + digits(p, 17), ClueSource: 1, Advertiser: Name, Name: p.contact, Telephone: p.phone,
		Promotion: pick(p.rng, []string{"视觉检测-华东-意向", "液压阀-短视频", "焊接机器人-直播间", "企业号主页留资"}),
		Province:  p.place.province, City: p.place.city, Remark: p.message,
		Answers:    map[string]string{"公司名称": p.company, "意向机型": p.product},
		CreateTime: left.Unix(), CreatedText: left.In(w.zone).Format(time.DateTime),
	}
	if p.nowhere {
		c.Province, c.City = "", ""
	}
	if p.pool() == "top3" || p.rng.Float64() < 0.6 {
		c.Answers["职位"] = p.title
	}
	if p.pool() == "top3" || p.rng.Float64() < 0.5 {
		c.Answers["行业"] = p.trade.industry
	}
	if p.budget != "" {
		c.Answers["预算"] = tenThousands(p.budget)
	}
	text, _ := json.Marshal(c) // strings and numbers always encode
	return push{
		MessageID: fmt.Sprintf("m%d-%s", p.index, digits(p, 10)), ServiceLabel: "CLUE_PUSH", Data: string(text),
		AdvertiserIDs: []int64{1740000000001}, TaskID: 20011, PublishTime: at.Unix(), Timestamp: at.UnixMilli(), Nonce: digits(p, 8),
	}
}

// tenThousands writes 300000 as people do: 30万.
func tenThousands(amount string) string {
	n, _ := strconv.Atoi(amount)
	return fmt.Sprintf("%d万", n/10000)
}

func digits(p *prospect, n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('0' + p.rng.IntN(10))
	}
	return string(text)
}

// inquiry is what the website's own program posts, by API names.
func (p *prospect) inquiry() map[string]any {
	body := map[string]any{
		"source": p.source, "company": p.company, "contact": p.contact, "phone": p.phone, "title": p.title,
		"industry": p.trade.industry, "product": p.product, "message": p.message,
		"external_id": fmt.Sprintf("web-%d-%s", p.index, digits(p, 6)),
	}
	if !p.nowhere {
		body["region"], body["city"] = p.place.province, p.place.city
	}
	if p.budget != "" {
		body["budget"] = p.budget
	}
	return body
}

// form is what the hosted forms send; their QR codes say for which region they hang.
func (p *prospect) form() map[string]any {
	body := map[string]any{"company": p.company, "contact": p.contact, "phone": p.phone, "message": p.message}
	if !p.nowhere {
		body["region"], body["city"] = p.place.region, p.place.city
	}
	if p.way == "expo" {
		body["title"] = p.title
		if p.pool() == "top3" {
			body["industry"] = p.trade.industry
		}
		return body
	}
	body["product"] = p.product
	if p.pool() == "top3" {
		body["title"], body["industry"] = p.title, p.trade.industry
	}
	return body
}
