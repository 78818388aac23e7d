package intake

import (
	"sync"

	"golang.org/x/time/rate"
)

// RetryAfter is how many seconds a sender who is slowed down should wait.
const RetryAfter = 5

// Wrong signatures that a channel counts, a second and at once. Beyond that
// they are turned away without a write; right ones are not affected.
const (
	forgedPerSecond = 10
	forgedBurst     = 200
)

// forgeries limits what wrong signatures may cost.
type forgeries struct {
	mu       sync.Mutex
	channels map[string]*rate.Limiter
}

func (f *forgeries) allow(channel string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.channels == nil {
		f.channels = map[string]*rate.Limiter{}
	}
	one, ok := f.channels[channel]
	if !ok {
		one = rate.NewLimiter(forgedPerSecond, forgedBurst)
		f.channels[channel] = one
	}
	return one.Allow()
}
