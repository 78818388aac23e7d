package demo

import (
	"context"
	"fmt"
	"time"

	"clew.dev/clew/internal/record"
)

// repairs are the steps of a ticket; the last is the signature of the customer.
func repairs() []string {
	return []string{"待受理", "已受理", "工程师出发", "现场检测", "签字验收"}
}

// faults are what breaks.
func faults() []string {
	return []string{"相机偶发掉线", "误判率变高", "光源亮度不稳", "软件升级后报警", "换型后要重新标定", "备件磨损，需更换"}
}

// breakDown is a customer who reports a fault of the machine that he bought.
func (w *world) breakDown(ctx context.Context, p *prospect, at time.Time) error {
	d, fault := p.deal, pick(p.rng, faults())
	id, err := w.writeAs(ctx, p, serviceEmail, record.Create, "ticket", "", map[string]any{
		"subject": p.product + "：" + fault, "fault": fault, "serial": fmt.Sprintf("QM-%d-%04d", at.In(w.zone).Year(), p.index%10000),
		"company": blankOr(d.company), "region": blankOr(p.place.region), "status": repairs()[0],
		"priority": pick(p.rng, []string{"普通", "普通", "紧急"}),
	})
	if err != nil {
		return err
	}
	d.ticket = id
	w.then(p, w.later(p, at, 0.2), w.mend)
	return nil
}

// mend takes the repair one step on; who signs it off says how good it was.
func (w *world) mend(ctx context.Context, p *prospect, at time.Time) error {
	d := p.deal
	d.repair++
	fields := map[string]any{"status": repairs()[d.repair], "owner": w.user[serviceEmail]}
	done := d.repair == len(repairs())-1
	if done {
		fields["score"] = pick(p.rng, []string{"5", "5", "4.5", "4", "4", "3", "2.5", "2"})
	}
	if _, err := w.writeAs(ctx, p, serviceEmail, record.Update, "ticket", d.ticket, fields); err != nil {
		return err
	}
	if !done {
		w.then(p, w.later(p, at, 1), w.mend)
	}
	return nil
}
