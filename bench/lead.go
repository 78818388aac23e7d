package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"

	"clew.dev/clew/internal/demo"
)

// repeated is the share of leads whose phone came before.
const repeated = 0.08

// bodies makes leads of 16 fields and about 0.9 KB, half as Douyin pushes and
// half as a website's JSON. Safe for concurrent use.
type bodies struct {
	url   string
	first int64 // number before the first lead
	next  atomic.Int64
}

var (
	provinces = []string{"江苏", "浙江", "广东", "湖北", "北京", "四川", "陕西", "辽宁", "山东", "上海"}
	trades    = []string{"汽车零部件", "锂电装备", "医疗器械", "电子制造", "机械加工"}
	titles    = []string{"采购经理", "设备部长", "总经理", "工艺工程师", "采购总监"}
	phrases   = []string{
		"我们工厂准备新上一条产线，", "想了解设备的检测精度和节拍，", "急需液压阀样品，", "请尽快安排工程师联系，",
		"预算已经批下来了，", "目前人工检测漏检率偏高，", "希望能到现场看一下演示样机，", "需要一份正式报价单，", "下个月要投产，",
	}
)

// request is the next lead as an HTTP request.
func (b *bodies) request(r *rand.Rand) (*http.Request, error) {
	n := b.next.Add(1)
	person := n
	if made := n - b.first; made > 20 && r.Float64() < repeated {
		person = n - 1 - r.Int64N(made-1)
	}
	if n%2 == 0 {
		return b.douyin(r, n, person)
	}
	return b.website(r, n, person)
}

func message(r *rand.Rand) string {
	var text strings.Builder
	for range 2 + r.IntN(6) {
		text.WriteString(phrases[r.IntN(len(phrases))])
	}
	return text.String()
}

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

func phoneOf(person int64) string { return fmt.Sprintf("1701%07d", person%10_000_000) }

func (b *bodies) website(r *rand.Rand, n, person int64) (*http.Request, error) {
	return b.post("/in/website-api", map[string]any{
		"external_id": fmt.Sprintf("web-%d", n), "company": fmt.Sprintf("苏州精工设备制造第%d有限公司", person), "contact": "王建国",
		"title": pick(r, titles), "phone": phoneOf(person), "email": fmt.Sprintf("buyer%d@example.cn", person),
		"wechat": fmt.Sprintf("wx_buyer_%d", person), "source": "官网", "industry": pick(r, trades), "region": pick(r, provinces),
		"city": "苏州", "product": "VX-200 视觉检测机", "budget": fmt.Sprint(10_000 * (1 + r.IntN(90))), "message": message(r),
		"tags": []string{"官网询价"}, "next_action": "电话沟通",
	}, func(q *http.Request, _ []byte) { q.Header.Set("Authorization", "Bearer "+demo.WebsiteSecret) })
}

func (b *bodies) douyin(r *rand.Rand, n, person int64) (*http.Request, error) {
	clue, err := json.Marshal(map[string]any{
		"clue_id": fmt.Sprintf("73%017d", n), "advertiser_name": "恒锐工业", "clue_source": 1, "name": "李雪梅",
		"telephone": phoneOf(person), "weixin": fmt.Sprintf("wx_buyer_%d", person), "email": fmt.Sprintf("buyer%d@example.cn", person),
		"province_name": pick(r, provinces), "city_name": "无锡", "remark": message(r), "create_time_detail": "2026-11-20 10:00:00",
		"remark_dict": map[string]string{
			"意向机型": "VX-200 视觉检测机", "公司名称": fmt.Sprintf("无锡恒通机械制造第%d有限公司", person),
			"职位": pick(r, titles), "行业": pick(r, trades), "预算": "30万",
		},
	})
	if err != nil {
		return nil, err
	}
	return b.post("/in/douyin", map[string]any{
		"message_id": fmt.Sprintf("74%017d", n), "service_label": "clue", "data": string(clue), "timestamp": 1, "nonce": "n",
	}, func(q *http.Request, body []byte) {
		mac := hmac.New(sha256.New, []byte(demo.DouyinSecret))
		mac.Write(body)
		q.Header.Set("X-Open-Signature", hex.EncodeToString(mac.Sum(nil)))
	})
}

func (b *bodies) post(path string, body any, sign func(*http.Request, []byte)) (*http.Request, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	q, err := http.NewRequest(http.MethodPost, b.url+path, strings.NewReader(string(raw)))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/json")
	sign(q, raw)
	return q, nil
}
