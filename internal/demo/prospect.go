package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// prospect is one lead of the story: what the customer sends, and how far the
// story has come. Its own random numbers make it independent of its neighbours.
type prospect struct {
	index  int
	rng    *rand.Rand
	at     time.Time
	source string // choice of lead.source
	way    string // the channel, "" when a sales person types it in
	seller string // e-mail of who types it in

	identity
	trade   trade
	title   string
	product string
	message string
	budget  string // "" when not given

	id      string // the record
	owner   string // e-mail
	touches int    // follow-ups so far
	closed  bool
	gone    bool    // closed, and known to be
	again   bool    // comes a second time while the lead is open
	back    bool    // is a customer whose earlier lead is closed
	script  *script // what one person will do, where the story needs it
	next    []event // what this act leads to
	dueAt   time.Time
	deal    *deal // what a serious lead has become
}

// identity is who the customer is.
type identity struct {
	company, contact, phone string
	place                   place
	nowhere                 bool // the customer does not say where
}

// newProspect draws a lead; its random numbers depend on seed and index alone.
func newProspect(seed uint64, index int, at time.Time) *prospect {
	p := &prospect{index: index, rng: rand.New(rand.NewPCG(seed, uint64(index))), at: at}
	p.drawSource()
	p.trade = pick(p.rng, trades())
	p.identity = p.drawIdentity()
	p.title = pick(p.rng, titles())
	p.product = pick(p.rng, p.trade.products)
	p.message = strings.ReplaceAll(pick(p.rng, p.trade.asks), "{产品}", strings.Fields(p.product)[0])
	if p.rng.Float64() < p.budgetShare() {
		p.budget = fmt.Sprint(pick(p.rng, []int{5, 8, 10, 12, 15, 20, 25, 30, 35, 50, 60, 80, 120}) * 10000)
	}
	p.again = p.rng.Float64() < 0.11 // those that close at the first contact never do: about 8 % remain
	p.back = p.rng.Float64() < 0.03
	return p
}

// drawSource spreads leads over sources, and sources over channels.
func (p *prospect) drawSource() {
	n := p.rng.Float64()
	switch {
	case n < 0.35:
		p.source, p.way = "抖音", "douyin"
	case n < 0.48:
		p.source, p.way = "官网", "website-api"
	case n < 0.60:
		p.source, p.way = "官网", "website"
	case n < 0.80:
		p.source, p.way = "展会", "expo"
	case n < 0.89:
		p.source, p.way = "百度", "website-api"
	case n < 0.92:
		p.source, p.way = "公众号", "website-api"
	case n < 0.96:
		p.source = "电话"
	default:
		p.source = "转介绍"
	}
}

func (p *prospect) budgetShare() float64 {
	switch p.source {
	case "抖音":
		return 0.38
	case "展会":
		return 0
	case "转介绍", "电话":
		return 0.8
	}
	return 0.55
}

func (p *prospect) drawIdentity() identity {
	where := pick(p.rng, places())
	company := where.city + pick(p.rng, brands()) + pick(p.rng, p.trade.words) + pick(p.rng, []string{"有限公司", "有限公司", "科技有限公司", "股份有限公司"})
	return identity{
		company: strings.Replace(company, "科技科技", "科技", 1),
		contact: pick(p.rng, surnames()) + pick(p.rng, givenNames()),
		phone:   phone(p.index),
		place:   where,
		nowhere: p.rng.Float64() < 0.03,
	}
}

// phone is the lead's own number: 17001…–17009…, scattered, none twice below
// nine million leads.
func phone(index int) string {
	const numbers, step = 9_000_000, 1_299_709 // coprime
	return fmt.Sprintf("%s%07d", PhonePrefix, 1_000_000+(index*step)%numbers)
}

// pool is which turn the lead takes: leads of one turn must come in order.
func (p *prospect) pool() string {
	switch {
	case p.seller != "":
		return fmt.Sprint("own ", p.index)
	case p.trade.industry == "汽车零部件" && p.title == "采购总监":
		return "top3"
	case p.nowhere:
		return "nowhere"
	}
	return p.place.region
}

// hot tells whether the customer is in a hurry.
func (p *prospect) hot() bool {
	for _, word := range []string{"急", "本周要", "尽快", "下周签", "预算批了"} {
		if strings.Contains(p.message, word) {
			return true
		}
	}
	return false
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// between is a duration drawn evenly from [low, high) minutes, to the second.
func (p *prospect) between(low, high int) time.Duration {
	return time.Duration(p.rng.IntN((high-low)*60))*time.Second + time.Duration(low)*time.Minute
}
