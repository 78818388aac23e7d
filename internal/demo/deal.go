package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/conversion"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// deal is what a lead that is serious goes through: a project by stages, a
// contract, payments.
type deal struct {
	project, company, contract string // ids
	stage                      int    // place in stagesOf
	amount                     int    // yuan
	payments                   int    // so far
	ticket                     string // the repair that is under way
	repair                     int    // its place in repairs
}

// stagesOf are the stages on the way to a signature; the last is the signature.
func stagesOf() []string {
	return []string{"需求确认", "方案确认中", "报价", "招投标", "合同拟订", "已签约"}
}

// open turns the lead into company, contact and project.
func (w *world) open(ctx context.Context, p *prospect, at time.Time) error {
	found, ok := conversion.Of(w.Snapshot(), w.lead)
	if !ok {
		return fault.New(fault.Conflict, "not_a_demo")
	}
	p.deal = &deal{amount: p.worth()}
	wishes := map[string]conversion.Wish{}
	for name, fields := range map[string]map[string]any{
		"project": {
			"name": projectName(p), "amount": fmt.Sprint(p.deal.amount), "next_action": "提交报价",
			"next_due":    w.calendar.Next(at.Add(p.between(2000, 12000))).Format(time.RFC3339),
			"expected_on": at.AddDate(0, 0, 20+p.rng.IntN(50)).In(w.zone).Format(time.DateOnly),
		},
	} {
		set, err := w.valuesOf(name, fields)
		if err != nil {
			return err
		}
		wishes[name] = conversion.Wish{Set: set}
	}
	err := w.DB.Write(ctx, func(tx *sqldb.Tx) error {
		snapshot := w.Snapshot()
		all := access.New(w.DB.Now).For(access.Principal{System: true}, access.Policy{Objects: snapshot.Objects, Zone: w.zone}, w.Accounts.Directory())
		r := &record.Reader{Tx: tx, Snapshot: snapshot, Directory: w.Accounts.Directory(), Grants: all}
		engine := conversion.Engine{Records: w.Records}
		done, err := engine.Convert(r, w.actor(p.owner), found, p.id, wishes, nil)
		for _, link := range done.Links {
			switch object, _ := snapshot.ObjectByID(link.Object); object.Name {
			case "project":
				p.deal.project = link.ID
			case "company":
				p.deal.company = link.ID
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("conversion of lead %d: %w", p.index, err)
	}
	w.then(p, w.later(p, at, 3), w.advance)
	return nil
}

func projectName(p *prospect) string {
	return strings.TrimSuffix(strings.TrimSuffix(p.company, "有限公司"), "股份") + " " + strings.Fields(p.product)[0]
}

// worth is what the customer said, or what such a machine costs.
func (p *prospect) worth() int {
	var budget int
	if _, err := fmt.Sscan(p.budget, &budget); err == nil && budget > 0 {
		return budget
	}
	return pick(p.rng, []int{8, 12, 18, 25, 36, 48, 60, 88, 120}) * 10000
}

// later is some working days on. The company gets faster over the half year:
// what took long in the first months takes half of that in the last.
func (w *world) later(p *prospect, at time.Time, days float64) time.Time {
	gone := float64(at.Sub(w.start)) / float64(w.end.Sub(w.start))
	days *= (1.7 - gone) * (0.5 + p.rng.Float64())
	return w.calendar.Add(at, time.Duration(days*8*float64(time.Hour)))
}

// advance moves the project one stage on; some are lost on the way, some skip the tender.
func (w *world) advance(ctx context.Context, p *prospect, at time.Time) error {
	d := p.deal
	stages := stagesOf()
	if d.stage >= 1 && p.rng.Float64() < 0.09 {
		return w.lose(ctx, p)
	}
	if d.stage++; stages[d.stage] == "招投标" && p.rng.Float64() < 0.6 {
		d.stage++
	}
	if stages[d.stage] == "已签约" {
		return w.sign(ctx, p, at)
	}
	fields := map[string]any{
		"stage": stages[d.stage], "probability": fmt.Sprint(20 * d.stage),
		"next_due": w.calendar.Next(at.Add(p.between(1500, 9000))).Format(time.RFC3339),
	}
	w.then(p, w.later(p, at, 2.5), w.advance)
	return w.change(ctx, p, "project", d.project, fields)
}

func (w *world) lose(ctx context.Context, p *prospect) error {
	reason := pick(p.rng, []string{"价格太高", "价格太高", "选了竞品", "选了竞品", "资金未批", "功能不符", "需求消失"})
	if err := w.change(ctx, p, "project", p.deal.project, map[string]any{
		"stage": "已丢单", "lost_reason": reason, "probability": "0", "next_action": nil, "next_due": nil,
	}); err != nil {
		return err
	}
	return w.closeLead(ctx, p, "战败", reason)
}

// sign wins the project: the contract, the first payments, and the lead is won.
func (w *world) sign(ctx context.Context, p *prospect, at time.Time) error {
	d := p.deal
	reason := pick(p.rng, []string{"产品匹配", "产品匹配", "价格合适", "交期快", "服务好", "老客户"})
	if err := w.change(ctx, p, "project", d.project, map[string]any{
		"stage": "已签约", "won_reason": reason, "probability": "100", "next_action": nil, "next_due": nil,
	}); err != nil {
		return err
	}
	day := at.In(w.zone)
	id, err := w.create(ctx, p, "contract", map[string]any{
		"name": projectName(p) + " 采购合同", "project": d.project, "company": blankOr(d.company), "amount": fmt.Sprint(d.amount),
		"signed_on": day.Format(time.DateOnly), "starts_on": day.AddDate(0, 0, 7).Format(time.DateOnly),
		"ends_on": day.AddDate(0, 0, pick(p.rng, []int{100, 140, 180, 365, 365})).Format(time.DateOnly), "status": "履约中", "owner": w.user[p.owner],
	})
	if err != nil {
		return err
	}
	d.contract = id
	w.then(p, w.later(p, at, 4), w.pay)
	return w.closeLead(ctx, p, "成交", reason)
}

// pay is a payment coming in: 30 % first, 60 % on delivery, 10 % after the
// acceptance; the next one is planned with it.
func (w *world) pay(ctx context.Context, p *prospect, at time.Time) error {
	d := p.deal
	shares := []int{30, 60, 10}
	if d.payments >= len(shares) {
		return nil
	}
	day := at.In(w.zone).Format(time.DateOnly)
	if _, err := w.create(ctx, p, "payment", map[string]any{
		"contract": d.contract, "company": blankOr(d.company), "amount": fmt.Sprint(d.amount / 100 * shares[d.payments]),
		"due_on": day, "paid_on": day, "status": "已到账", "owner": w.user[p.owner],
	}); err != nil {
		return err
	}
	if d.payments == 0 && p.rng.Float64() < 0.6 {
		w.then(p, w.later(p, at, 8), w.breakDown)
	}
	if d.payments++; d.payments < len(shares) {
		w.then(p, w.later(p, at, 18), w.pay)
	}
	return nil
}

// closeLead says how it ended, with the reason that the outcome asks for.
func (w *world) closeLead(ctx context.Context, p *prospect, outcome, reason string) error {
	p.closed = true
	field := map[string]string{"成交": "won_reason", "战败": "lost_reason", "无效": "invalid_reason"}[outcome]
	set, err := w.values(map[string]any{field: reason})
	if err != nil {
		return err
	}
	card := &record.FollowUpCard{Action: w.choice("电话沟通"), Text: pick(p.rng, ended()[outcome]), Outcome: w.outcomeID(outcome)}
	return w.apply(ctx, p, record.Change{Act: record.FollowUp, Actor: w.actor(p.owner), FollowUp: card, Set: set})
}

// closingReason is why a lead ends before there is a project.
func closingReason(rng *rand.Rand, outcome string) (field, reason string) {
	if outcome == "无效" {
		return "invalid_reason", pick(rng, []string{"空号错号", "空号错号", "非目标客户", "非目标客户", "测试或重复", "同行或广告", "求职"})
	}
	return "lost_reason", pick(rng, []string{"联系不上", "价格太高", "价格太高", "选了竞品", "需求消失", "资金未批", "功能不符"})
}

func blankOr(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// change is a person's change of another record of the deal.
func (w *world) change(ctx context.Context, p *prospect, object, id string, fields map[string]any) error {
	_, err := w.write(ctx, p, record.Update, object, id, fields)
	return err
}

// create is a new record of the deal.
func (w *world) create(ctx context.Context, p *prospect, object string, fields map[string]any) (string, error) {
	return w.write(ctx, p, record.Create, object, "", fields)
}

func (w *world) write(ctx context.Context, p *prospect, act record.Act, name, id string, fields map[string]any) (string, error) {
	return w.writeAs(ctx, p, p.owner, act, name, id, fields)
}

// writeAs is write by somebody other than the owner.
func (w *world) writeAs(ctx context.Context, p *prospect, who string, act record.Act, name, id string, fields map[string]any) (string, error) {
	set, err := w.valuesOf(name, fields)
	if err != nil {
		return "", err
	}
	object, _ := w.Snapshot().Object(name)
	err = w.DB.Write(ctx, func(tx *sqldb.Tx) error {
		done, err := w.Records.Apply(tx, record.Change{Act: act, Actor: w.actor(who), Object: object, ID: id, Set: set})
		id = done.ID
		return err
	})
	if err != nil {
		return "", fmt.Errorf("%s %s of lead %d: %w", act, name, p.index, err)
	}
	return id, nil
}
