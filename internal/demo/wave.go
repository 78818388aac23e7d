package demo

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// span is how much business time the acts of one wave cover: less than the
// shortest clock, so that no clock that begins in a wave falls due in it.
const span = 25 * time.Minute

// event is one act of the story.
type event struct {
	at    time.Time
	order int // of its making, to tell equal times apart
	who   *prospect
	lane  string // acts of one lane come one after another
	do    func(ctx context.Context, p *prospect, at time.Time) error
}

type queue []event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].order < q[j].order
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(e any) { *q = append(*q, e.(event)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	*q = (*q)[:last]
	return e
}

// add puts an act into the story; what lies beyond the end never happens.
func (w *world) add(e event) {
	if e.at.Before(w.end) {
		w.born++
		e.order = w.born
		heap.Push(&w.queue, e)
	}
}

// live plays the story: waves of acts, and between them the clocks that fall
// due. The acts of a wave are of different leads and share commits; each has
// its own moment.
func (w *world) live(ctx context.Context) error {
	leads := w.arrivals()
	for _, p := range leads {
		w.add(event{at: p.at, who: p, lane: p.pool(), do: w.arrive})
	}
	done := 0
	for ctx.Err() == nil {
		wake, err := w.Timer.Next(ctx)
		if err != nil {
			return err
		}
		if !wake.IsZero() && !wake.After(w.end) && (len(w.queue) == 0 || !wake.After(w.queue[0].at)) {
			w.clock.set(wake)
			if _, err := w.Timer.Due(ctx); err != nil {
				return err
			}
			continue
		}
		if len(w.queue) == 0 {
			break
		}
		wave := w.wave(wake)
		if err := w.play(ctx, wave); err != nil {
			return err
		}
		if arrived := w.settle(wave); arrived > 0 && w.Progress != nil {
			done += arrived
			w.Progress(done, len(leads))
		}
	}
	w.clock.set(w.end)
	return ctx.Err()
}

// wave takes the next acts: within the span, before the next clock, and no two
// of one lead.
func (w *world) wave(wake time.Time) []event {
	until := w.queue[0].at.Add(span)
	busy := map[*prospect]bool{}
	var wave []event
	for len(w.queue) > 0 {
		next := w.queue[0]
		if !next.at.Before(until) || busy[next.who] || !wake.IsZero() && !next.at.Before(wake) {
			break
		}
		busy[next.who] = true
		wave = append(wave, heap.Pop(&w.queue).(event))
		if next.who.id == "" {
			w.welcomeBack(next.who)
		}
	}
	w.clock.set(wave[0].at)
	return wave
}

// play runs a wave, lane beside lane.
func (w *world) play(ctx context.Context, wave []event) error {
	lanes := map[string][]event{}
	for _, e := range wave {
		lanes[e.lane] = append(lanes[e.lane], e)
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for _, lane := range lanes {
		group.Go(func() {
			for _, e := range lane {
				if err := e.do(sqldb.At(ctx, e.at), e.who, e.at); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
			}
		})
	}
	group.Wait()
	return failed
}

// settle adds what the acts lead to, in the order of the acts, and counts the arrivals.
func (w *world) settle(wave []event) (arrived int) {
	for _, e := range wave {
		p := e.who
		if e.at.Equal(p.at) {
			arrived++
		}
		for _, next := range p.next {
			w.add(next)
		}
		p.next = nil
		if p.closed && !p.gone && !p.nowhere {
			p.gone = true
			w.former = append(w.former, p)
		}
	}
	return arrived
}

// welcomeBack gives a returning customer the identity of a closed lead.
func (w *world) welcomeBack(p *prospect) {
	if !p.back || len(w.former) == 0 || p.way == "" {
		return
	}
	for i, old := range w.former {
		if old.place.region == p.place.region && !p.nowhere {
			p.identity = old.identity
			w.former = append(w.former[:i:i], w.former[i+1:]...)
			return
		}
	}
}
