package sqldb

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"clew.dev/clew/internal/fault"
)

const (
	turnTime  = 50 * time.Millisecond // for how long a read counts as a quick one
	turnGrace = 20 * time.Millisecond // how long a read lets groups go first
)

// turns let only so many quick reads run at a time: further ones would be no
// sooner done, and a lead that comes in would stand behind each of them at every
// step of its way. Who came first is first. While a group is written a read waits,
// but not for long, however many groups there are. One that takes longer than a
// quick one gives its turn back, so that it holds up no other.
type turns struct {
	most   int // reads at a time
	beside int // that many of them beside a group, once they have waited

	mu      sync.Mutex
	taken   int
	writing int // groups
	waiting []*waiter
}

// waiter is a read that has no turn yet.
type waiter struct {
	since time.Time
	turn  chan struct{} // closed when it is there
}

// newTurns are for so many reads at a time.
func newTurns(most int) *turns {
	return &turns{most: most, beside: min(most, max(1, runtime.GOMAXPROCS(0)-1))}
}

// take waits for a turn; the returned function gives it back, once.
func (t *turns) take(ctx context.Context) (giveBack func(), err error) {
	if err := t.wait(ctx); err != nil {
		return nil, err
	}
	once := sync.OnceFunc(func() { t.change(&t.taken, -1) })
	long := time.AfterFunc(turnTime, once)
	return func() { long.Stop(); once() }, nil
}

// write is for as long as a group is written.
func (t *turns) write() (done func()) {
	t.change(&t.writing, 1)
	return func() { t.change(&t.writing, -1) }
}

func (t *turns) wait(ctx context.Context) error {
	mine := t.enter()
	if mine == nil {
		return nil
	}
	grace := time.AfterFunc(turnGrace, func() { t.change(&t.taken, 0) })
	defer grace.Stop()
	patience := time.NewTimer(acquireWait)
	defer patience.Stop()
	select {
	case <-mine.turn:
		return nil
	case <-ctx.Done():
		t.leave(mine)
		return ctx.Err()
	case <-patience.C:
		t.leave(mine)
		return fault.New(fault.Unavailable, "database_busy")
	}
}

// enter takes a turn, or stands in the line and gives its place.
func (t *turns) enter() *waiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine := &waiter{since: time.Now(), turn: make(chan struct{})}
	t.waiting = append(t.waiting, mine)
	t.next()
	if !slices.Contains(t.waiting, mine) {
		return nil
	}
	return mine
}

// leave goes away without having had the turn, or gives it to the next.
func (t *turns) leave(mine *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.waiting, mine); i >= 0 {
		t.waiting = slices.Delete(t.waiting, i, i+1)
	} else {
		t.taken--
	}
	t.next()
}

func (t *turns) change(count *int, by int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*count += by
	t.next()
}

// next calls those whose turn it is.
func (t *turns) next() {
	for len(t.waiting) > 0 && t.taken < t.limit(t.waiting[0]) {
		close(t.waiting[0].turn)
		t.waiting = slices.Delete(t.waiting, 0, 1)
		t.taken++
	}
}

func (t *turns) limit(first *waiter) int {
	switch {
	case t.writing == 0:
		return t.most
	case time.Since(first.since) >= turnGrace:
		return t.beside
	default:
		return 0
	}
}
