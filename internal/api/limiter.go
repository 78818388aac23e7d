package api

import (
	"sync"

	"golang.org/x/time/rate"
)

// Log-ins from one address.
const (
	loginsPerSecond = 5
	loginBurst      = 30
)

// addressesKept bounds a limiter's memory; beyond it all addresses start anew.
const addressesKept = 10_000

// limiter allows each address so many calls a second, by real time.
type limiter struct {
	limit     rate.Limit
	burst     int
	mu        sync.Mutex
	addresses map[string]*rate.Limiter
}

func newLimiter(perSecond float64, burst int) *limiter {
	return &limiter{limit: rate.Limit(perSecond), burst: burst, addresses: map[string]*rate.Limiter{}}
}

// allow takes one call of an address, if it has one left.
func (l *limiter) allow(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.addresses) >= addressesKept {
		clear(l.addresses)
	}
	one, ok := l.addresses[address]
	if !ok {
		one = rate.NewLimiter(l.limit, l.burst)
		l.addresses[address] = one
	}
	return one.Allow()
}
