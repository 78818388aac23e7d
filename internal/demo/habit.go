package demo

import (
	"context"
	"slices"
	"time"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
)

// planFirst is how soon the owner claims and first calls: mostly within the
// half hour, sometimes the next day, now and then far too late.
func (w *world) planFirst(p *prospect, at time.Time) {
	if !w.calendar.IsWorkday(at.In(w.zone)) && p.rng.Float64() < 0.5 {
		w.then(p, w.onDuty(at, p), w.followUp)
		return
	}
	claimed := w.calendar.Add(at, p.between(2, 27))
	switch n := p.rng.Float64(); {
	case n < 0.84:
		w.then(p, claimed, w.claim)
	case n < 0.93:
		claimed = w.calendar.Add(at, p.between(31, 150))
		w.then(p, claimed, w.claim)
	}
	first := claimed
	switch n := p.rng.Float64(); {
	case n < 0.68:
		first = w.calendar.Add(claimed, p.between(1, 24))
	case n < 0.945:
		first = w.calendar.Add(claimed, p.between(30, 260))
	case n < 0.972:
		first = w.calendar.Add(claimed, p.between(510, 1200))
	default:
		first = w.calendar.Add(claimed, p.between(1600, 3200))
	}
	w.then(p, first, w.followUp)
}

// onDuty is when the person on duty calls on a free day: between nine and nine.
func (w *world) onDuty(at time.Time, p *prospect) time.Time {
	t := at.Add(p.between(5, 120))
	local := t.In(w.zone)
	if local.Hour() >= 9 && local.Hour() < 21 {
		return t
	}
	if local.Hour() >= 21 {
		local = local.AddDate(0, 0, 1)
	}
	return time.Date(local.Year(), local.Month(), local.Day(), 9, 0, 0, 0, w.zone).Add(p.between(5, 90))
}

// followUp is one contact with the customer: it closes the lead or promises the next.
func (w *world) followUp(ctx context.Context, p *prospect, at time.Time) error {
	if p.deal != nil {
		return nil
	}
	p.touches++
	card := &record.FollowUpCard{}
	var reason map[string]any
	if p.script != nil {
		w.scriptCard(p, card)
	} else if outcome := p.outcome(); outcome == "成交" {
		return w.open(ctx, p, at)
	} else if outcome != "" {
		w.closingCard(p, card, outcome)
		field, text := closingReason(p.rng, outcome)
		reason = map[string]any{field: text}
	} else {
		w.promisingCard(p, card, at)
	}
	set, err := w.values(reason)
	if err != nil {
		return err
	}
	err = w.apply(ctx, p, record.Change{Act: record.FollowUp, Actor: w.actor(p.owner), FollowUp: card, Set: set})
	if err != nil || p.closed || p.script != nil {
		return err
	}
	next := w.nextContact(p, at)
	w.then(p, next, w.followUp)
	if p.again {
		p.again = false
		if again := at.Add(time.Duration(float64(next.Sub(at)) * (0.2 + 0.6*p.rng.Float64()))); again.Before(next) {
			w.then(p, again, w.comeAgain)
		}
	}
	return nil
}

// outcome decides whether this contact ends the lead.
func (p *prospect) outcome() string {
	n := p.rng.Float64()
	if p.touches == 1 {
		switch {
		case n < 0.22:
			return "无效"
		case n < 0.26:
			return "战败"
		}
		return ""
	}
	won := 0.05
	if p.hot() {
		won = 0.12
	}
	switch {
	case n < won:
		return "成交"
	case n < won+0.27:
		return "战败"
	case n < won+0.32, p.touches > 7:
		return "无效"
	}
	return ""
}

func (w *world) closingCard(p *prospect, card *record.FollowUpCard, outcome string) {
	p.closed = true
	card.Action, card.Text, card.Outcome = w.choice("电话沟通"), pick(p.rng, ended()[outcome]), w.outcomeID(outcome)
}

// promisingCard says what was talked about and what comes next, by when.
func (w *world) promisingCard(p *prospect, card *record.FollowUpCard, at time.Time) {
	actions := []string{"电话沟通", "电话沟通", "提交报价", "演示样机", "安排参观", "签订试用", "推进招标"}
	action := actions[0]
	if p.touches > 1 {
		action = pick(p.rng, actions)
	}
	days := 1 + p.rng.IntN(6)
	if p.hot() {
		days = 1 + p.rng.IntN(2)
	}
	day := w.calendar.AddDays(at, days).In(w.zone)
	half := pick(p.rng, []int{18, 19, 20, 21, 22, 23, 28, 29, 30, 31, 32, 33, 34, 35}) // half hours since midnight
	p.dueAt = time.Date(day.Year(), day.Month(), day.Day(), half/2, half%2*30, 0, 0, w.zone)
	card.Action, card.Text = w.choice(action), pick(p.rng, said()[action])
	card.NextAction, card.NextDue = w.choice(pick(p.rng, actions)), p.dueAt
}

// nextContact is when the promise is kept: mostly in time; some people are
// slower than others, and the last days were busy.
func (w *world) nextContact(p *prospect, at time.Time) time.Time {
	late := 0.10 + 0.02*float64(slices.Index(w.sellers, p.owner)%6)
	if w.end.Sub(p.dueAt) < 4*24*time.Hour {
		late += 0.12
	}
	if p.rng.Float64() < late {
		return w.calendar.Add(p.dueAt, p.between(20, 1700))
	}
	next := w.calendar.Add(p.dueAt, -p.between(3, 180))
	if soonest := w.calendar.Add(at, 20*time.Minute); next.Before(soonest) {
		next = soonest
	}
	return next
}

// script is what one person does with one lead at a set time.
type script struct {
	at           time.Time
	action, text string
	next         string
	due          time.Time
}

// scripted are the leads that a visitor finds when logged in as sales: two
// whose time is over, three to call today, one for tomorrow.
func (w *world) scripted() []*prospect {
	lines := []struct {
		ago, due                        time.Duration // before and after the end
		company, contact, title, text   string
		product, budget, action, coming string
	}{
		{74 * time.Hour, -17 * time.Hour, "苏州锐成汽车零部件有限公司", "高建华", "采购总监", "主机厂催得紧，两条线要视觉检测，报价压到 48 万就定", "视觉检测设备", "500000", "提交报价", "提交报价"},
		{48 * time.Hour, -45 * time.Minute, "宁波东昇液压机械有限公司", "许海燕", "采购经理", "急需液压阀样品 20 只，昨天寄出，今天确认收货", "液压阀 DN50", "80000", "电话沟通", "电话沟通"},
		{25 * time.Hour, 45 * time.Minute, "常州信源锂电设备有限公司", "沈德明", "生产总监", "电芯外观检测，现用 6 个人目检，想看同行案例", "电芯外观检测机", "1200000", "电话沟通", "安排参观"},
		{22 * time.Hour, 4*time.Hour + 30*time.Minute, "上海泰和电子科技有限公司", "梁佳怡", "质量经理", "AOI 误判率高，样板寄来 5 块，下午给测试结果", "AOI 检测机", "350000", "演示样机", "演示样机"},
		{73 * time.Hour, 6 * time.Hour, "无锡华拓自动化有限公司", "郑立群", "项目经理", "招标文件下周发，先把技术参数给他", "焊接机器人", "600000", "推进招标", "推进招标"},
		{24 * time.Hour, 28 * time.Hour, "合肥启明医疗科技有限公司", "苏文博", "设备经理", "三甲医院项目，胃镜样机试用两周", "高清电子胃镜", "450000", "签订试用", "签订试用"},
	}
	var leads []*prospect
	for i, l := range lines {
		at := w.end.Add(-l.ago)
		p := newProspect(w.Seed, w.Leads+i, w.calendar.Next(at))
		p.source, p.way, p.seller = pick(p.rng, []string{"电话", "转介绍"}), "", salesEmail
		p.company, p.contact, p.title = l.company, l.contact, l.title
		p.place, p.nowhere = place{region: "华东", city: string([]rune(l.company)[:2])}, false
		p.product, p.budget, p.message, p.again, p.back = l.product, l.budget, l.text, false, false
		p.script = &script{w.calendar.Add(p.at, 9*time.Minute), l.action, l.text, l.coming, w.end.Add(l.due)}
		leads = append(leads, p)
	}
	return append(leads, w.homeless(w.Leads+len(lines))...)
}

// homeless are two of the last day whose region nobody knows: the manager put
// them back, so that there is something to be assigned.
func (w *world) homeless(index int) []*prospect {
	var leads []*prospect
	for i, ago := range []time.Duration{20 * time.Hour, 17*time.Hour + 30*time.Minute} {
		p := newProspect(w.Seed, index+i, w.end.Add(-ago))
		p.source, p.way, p.title = "百度", "website-api", "采购"
		p.nowhere, p.again, p.back = true, false, false
		leads = append(leads, p)
	}
	return leads
}

func (w *world) scriptCard(p *prospect, card *record.FollowUpCard) {
	s := p.script
	card.Action, card.Text, card.NextAction, card.NextDue = w.choice(s.action), s.text, w.choice(s.next), s.due
}

// choice is the id of a follow-up's action.
func (w *world) choice(name string) string { return idOf(w.lead.FollowUp.Actions, name) }

func (w *world) outcomeID(name string) string {
	for _, o := range w.lead.FollowUp.Outcomes {
		if o.Name == name {
			return o.ID
		}
	}
	return ""
}

func idOf(choices []schema.Choice, name string) string {
	for _, c := range choices {
		if c.Name == name {
			return c.ID
		}
	}
	return ""
}
