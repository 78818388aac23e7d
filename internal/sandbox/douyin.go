package sandbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"time"
)

// clueForm is what a person fills in on the sender page.
type clueForm struct {
	Secret   string `json:"secret"`
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Company  string `json:"company"`
	Product  string `json:"product"`
	Province string `json:"province"`
	City     string `json:"city"`
	Remark   string `json:"remark"`
	Forge    bool   `json:"forge"`   // sign with another secret
	Message  string `json:"message"` // message_id to send again, "" = a new one
	Clue     string `json:"clue"`    // clue_id to send again, "" = a new one
}

// clue is the data of a push: fields of the vendor's clue.
type clue struct {
	ID         string            `json:"clue_id"`
	Advertiser string            `json:"advertiser_name"`
	Ad         string            `json:"ad_name"`
	Type       int               `json:"clue_type"`
	Source     int               `json:"clue_source"`
	Name       string            `json:"name"`
	Phone      string            `json:"telephone"`
	Province   string            `json:"province_name"`
	City       string            `json:"city_name"`
	Remark     string            `json:"remark"`
	Answers    map[string]string `json:"remark_dict"`
	Created    string            `json:"create_time_detail"`
}

type push struct {
	Message     string   `json:"message_id"`
	Label       string   `json:"service_label"`
	Data        string   `json:"data"`
	Advertisers []string `json:"advertiser_ids"`
	Task        string   `json:"subscribe_task_id"`
	Published   string   `json:"publish_time"`
	Timestamp   int64    `json:"timestamp"`
	Nonce       string   `json:"nonce"`
}

// Signed is a push ready to be sent.
type Signed struct {
	Message   string `json:"message"` // message_id
	Clue      string `json:"clue"`    // clue_id
	Body      string `json:"body"`
	Signature string `json:"signature"` // of the header X-Open-Signature
}

// compose makes the push of a filled form and signs its raw body: hex
// HMAC-SHA256 keyed with the secret.
func compose(f clueForm, now time.Time) (Signed, error) {
	out := Signed{Message: f.Message, Clue: f.Clue}
	if out.Message == "" {
		out.Message = digits(now)
	}
	if out.Clue == "" {
		out.Clue = digits(now)
	}
	local := now.In(shanghai).Format("2006-01-02 15:04:05")
	data, err := json.Marshal(clue{
		ID: out.Clue, Advertiser: "恒锐工业", Ad: "液压阀样品活动", Source: 1, Name: f.Name, Phone: f.Phone,
		Province: f.Province, City: f.City, Remark: f.Remark, Created: local,
		Answers: map[string]string{"意向机型": f.Product, "公司名称": f.Company},
	})
	if err != nil {
		return Signed{}, err
	}
	body, err := json.Marshal(push{Message: out.Message, Label: "clue", Data: string(data), Advertisers: []string{"1790000000000001"},
		Task: "1", Published: local, Timestamp: now.UnixMilli(), Nonce: out.Message[len(out.Message)-8:]})
	if err != nil {
		return Signed{}, err
	}
	secret := f.Secret
	if f.Forge {
		secret += "-forged"
	}
	out.Body, out.Signature = string(body), hexHMAC(secret, body)
	return out, nil
}

func hexHMAC(secret string, body []byte) string {
	digest := hmac.New(sha256.New, []byte(secret))
	_, _ = digest.Write(body) // a hash never fails
	return fmt.Sprintf("%x", digest.Sum(nil))
}

// digits is a 19-digit id in the vendor's manner, unique enough for a sandbox.
func digits(now time.Time) string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // no random source
	}
	return fmt.Sprintf("%013d%06d", now.UnixMilli(), n)
}

func (s *Sandbox) signClue(w http.ResponseWriter, r *http.Request) {
	var f clueForm
	if !readJSON(w, r, &f) {
		return
	}
	for _, id := range []string{f.Message, f.Clue} {
		if id != "" && len(id) < 8 {
			writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": "an id has at least 8 digits"})
			return
		}
	}
	signed, err := compose(f, s.now())
	if err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, signed)
}

func (s *Sandbox) showDouyin(w http.ResponseWriter, r *http.Request) {
	p := s.newPage(r)
	tail := digits(s.now())
	p.Clue = clueForm{
		Secret: s.douyin.Secret, Name: "王建国", Phone: s.douyin.Phone + tail[len(tail)-max(0, 11-len(s.douyin.Phone)):],
		Company: "苏州精锐汽车零部件有限公司", Product: "比例液压阀 HR-20", Province: "江苏", City: "苏州", Remark: "急需液压阀样品，工业客户，请尽快联系",
	}
	render(w, "douyin.html", p)
}
