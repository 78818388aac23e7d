package demo

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/schema"
)

// ahead is a world before anything has happened in it.
func ahead(t *testing.T, leads int) *world {
	t.Helper()
	w, err := newWorld(t.Context(), found(t, clewtest.Open(t, clewtest.Embedded(t)), leads))
	if err != nil {
		t.Fatal(err)
	}
	w.sellers = []string{"a@demo.example", "b@demo.example"}
	return w
}

// TestEveryCustomerHasANumberOfHisOwn that is a mobile number, as far as anybody
// will generate.
func TestEveryCustomerHasANumberOfHisOwn(t *testing.T) {
	seen := map[string]int{}
	for _, from := range []int{0, 1_000_000, 8_990_000} {
		for i := from; i < from+10_000; i++ {
			number := phone(i)
			if other, twice := seen[number]; twice {
				t.Fatalf("%d and %d have %s", other, i, number)
			}
			seen[number] = i
			if len(number) != 11 || !strings.HasPrefix(number, PhonePrefix) {
				t.Fatalf("%d has %s", i, number)
			}
		}
	}
	for i := range 200 {
		if _, ok := schema.NormalizePhone(phone(i*44_777), "CN"); !ok {
			t.Errorf("%s is no number", phone(i*44_777))
		}
	}
}

// TestALeadDependsOnItsNumberAlone: the same seed and number is the same lead,
// whatever else is drawn, so that a company with more leads has the same first ones.
func TestALeadDependsOnItsNumberAlone(t *testing.T) {
	at := time.Date(2026, 6, 1, 2, 0, 0, 0, time.UTC)
	text := func(p *prospect) string {
		return fmt.Sprint(p.source, p.way, p.identity, p.trade.industry, p.title, p.product, p.message, p.budget, p.again, p.back)
	}
	other := 0
	for i := range 300 {
		if a, b := text(newProspect(1, i, at)), text(newProspect(1, i, at.AddDate(0, 1, 0))); a != b {
			t.Fatalf("%d is %s and %s", i, a, b)
		}
		if text(newProspect(1, i, at)) != text(newProspect(2, i, at)) {
			other++
		}
	}
	if other < 290 {
		t.Errorf("of 300 leads only %d are others with another seed", other)
	}
}

// TestWhereLeadsComeFrom: the shares that the guide and the figures tell of.
func TestWhereLeadsComeFrom(t *testing.T) {
	const n = 20_000
	shares := map[string]float64{}
	for i := range n {
		p := newProspect(7, i, time.Time{})
		for key, is := range map[string]bool{
			p.source: true, "again": p.again, "back": p.back, "nowhere": p.nowhere, "typed in": p.way == "", "budget at a fair": p.source == "展会" && p.budget != "", "hot": p.hot(),
		} {
			if is {
				shares[key] += 1.0 / n
			}
		}
		if strings.Contains(p.message, "{") || strings.Contains(p.company, "科技科技") || p.contact == "" || p.product == "" {
			t.Fatalf("%d: %+v", i, p)
		}
	}
	for key, want := range map[string]float64{
		"抖音": 0.35, "官网": 0.25, "展会": 0.20, "百度": 0.09, "公众号": 0.03, "电话": 0.04, "转介绍": 0.04, "again": 0.11, "back": 0.03, "nowhere": 0.03, "typed in": 0.08, "budget at a fair": 0,
	} {
		if math.Abs(shares[key]-want) > 0.015 {
			t.Errorf("%s: %.3f of all, want %.2f", key, shares[key], want)
		}
	}
	if shares["hot"] < 0.1 || shares["hot"] > 0.5 {
		t.Errorf("%.2f of all are in a hurry", shares["hot"])
	}
}

// TestWhatIsSentIsUnderstood: the channels of the template read every body whole:
// nothing is dropped or doubted, and what the customer said is in its field.
func TestWhatIsSentIsUnderstood(t *testing.T) {
	w := ahead(t, 10)
	snapshot := w.Snapshot()
	ways := map[string]int{}
	for i := range 600 {
		p := newProspect(3, i, w.start)
		if p.way == "" {
			continue
		}
		ways[p.way]++
		body, err := json.Marshal(w.body(p, w.start.Add(time.Duration(i)*time.Hour)))
		if err != nil {
			t.Fatal(err)
		}
		channel, ok := catalog.Compiled[*intake.Channel](snapshot, "channel", p.way)
		if !ok {
			t.Fatalf("no channel %s", p.way)
		}
		m, err := channel.Map(body, snapshot.Input(false))
		if err != nil || len(m.Flags) > 0 {
			t.Fatalf("%s: %v, doubts %v\n%s", p.way, err, m.Flags, body)
		}
		get := func(name string) any {
			f, _ := w.lead.Field(name)
			return f.Encode(m.Values[f.ID])
		}
		for name, want := range map[string]any{"company": p.company, "contact": p.contact, "phone": "+86" + p.phone, "source": p.source, "message": schema.Clean(p.message)} {
			if got := get(name); got != want {
				t.Errorf("%s: %s is %v, want %v", p.way, name, got, want)
			}
		}
		if region := get("region"); !p.nowhere && region != p.place.region || p.nowhere && region != nil {
			t.Errorf("%s: %s is in %v", p.way, p.place.city, region)
		}
		if p.budget != "" && p.way != "expo" && p.way != "website" && !strings.Contains(fmt.Sprint(get("budget")), p.budget+".00") {
			t.Errorf("%s: the budget %s is %v", p.way, p.budget, get("budget"))
		}
	}
	if len(ways) < 4 {
		t.Errorf("only %v", ways)
	}
}

// TestWhenLeadsCome: within the half year, in their order, at hours that suit where
// they come from; who telephones does so while somebody is there.
func TestWhenLeadsCome(t *testing.T) {
	w := ahead(t, 1500)
	leads := w.arrivals()
	if len(leads) != 1500 || !slices.IsSortedFunc(leads, func(a, b *prospect) int { return a.at.Compare(b.at) }) {
		t.Fatalf("%d leads, or out of order", len(leads))
	}
	half, late := 0, 0
	for _, p := range leads {
		if p.at.Before(w.start.Add(-time.Hour)) || !p.at.Before(w.end) {
			t.Errorf("%s comes at %s", p.company, p.at)
		}
		if p.at.After(w.start.AddDate(0, 3, 0)) {
			half++
		}
		local := p.at.In(w.zone)
		clock := float64(local.Hour()) + float64(local.Minute())/60
		switch {
		case p.script != nil:
		case p.way == "expo" && (clock < 9.5 || clock > 17):
			t.Errorf("a fair at %s", local)
		case p.way == "" && !w.calendar.IsWorkday(local):
			t.Errorf("%s was typed in on %s", p.company, local)
		case p.way == "" && p.seller == "":
			t.Errorf("nobody typed %s in", p.company)
		case p.way == "douyin" && clock >= 18:
			late++
		}
	}
	if half < 780 || late < 100 {
		t.Errorf("%d of 1500 in the later half, %d in the evening", half, late)
	}
	same := w.arrivals()
	for i := range leads {
		if !leads[i].at.Equal(same[i].at) || leads[i].phone != same[i].phone {
			t.Fatalf("drawn again, lead %d comes at %s, not %s", i, same[i].at, leads[i].at)
		}
	}
}

// TestWaves: the acts of a wave are of different leads, within the span, in order,
// before the next clock; together they are all acts, each once.
func TestWaves(t *testing.T) {
	w := &world{end: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC), clock: &moving{}}
	w.start = w.end.AddDate(0, 0, -2)
	people := make([]*prospect, 12)
	for i := range people {
		people[i] = newProspect(1, i, w.start)
		people[i].id = "known"
	}
	for i := range 400 {
		w.add(event{at: w.start.Add(time.Duration(i*i*7919%172_000) * time.Second), who: people[i%len(people)], lane: fmt.Sprint(i)})
	}
	w.add(event{at: w.end, who: people[0], lane: "never"})
	if len(w.queue) != 400 {
		t.Fatalf("%d acts", len(w.queue))
	}
	seen, last := map[string]bool{}, time.Time{}
	for len(w.queue) > 0 {
		wake := w.queue[0].at.Add(7 * time.Minute)
		wave := w.wave(wake)
		busy := map[*prospect]bool{}
		for _, e := range wave {
			if busy[e.who] || seen[e.lane] || e.at.Before(last) || e.at.Sub(wave[0].at) >= span || !e.at.Before(wake) {
				t.Fatalf("%s at %s in a wave from %s", e.lane, e.at, wave[0].at)
			}
			busy[e.who], seen[e.lane], last = true, true, e.at
		}
		if got := w.clock.now(); !got.Equal(wave[0].at) {
			t.Fatalf("the clock shows %s in a wave from %s", got, wave[0].at)
		}
	}
	if len(seen) != 400 {
		t.Errorf("%d acts happened", len(seen))
	}
}

// TestOnDuty: on free days somebody calls between nine and nine, after the lead came.
func TestOnDuty(t *testing.T) {
	w := ahead(t, 1)
	p := newProspect(1, 1, w.start)
	for hour := range 24 * 3 {
		at := time.Date(2026, 10, 3, hour, 17, 0, 0, w.zone)
		got := w.onDuty(at, p).In(w.zone)
		if !got.After(at) || got.Hour() < 9 || got.Hour() >= 21 || got.Sub(at) > 16*time.Hour {
			t.Errorf("a lead of %s is called at %s", at, got)
		}
	}
}
