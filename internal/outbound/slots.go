package outbound

import (
	"context"
	"fmt"
	"sync"
)

// slots bounds the calls that are under way to one host, so that a host that
// hangs holds up its own callers only. Hosts without callers take no memory.
type slots struct {
	mu    sync.Mutex
	size  int
	hosts map[string]*lane
}

type lane struct {
	places chan struct{}
	users  int
}

func newSlots(size int) *slots { return &slots{size: size, hosts: map[string]*lane{}} }

// take waits for a place; the returned function gives it back.
func (s *slots) take(ctx context.Context, host string) (func(), error) {
	l := s.enter(host)
	select {
	case l.places <- struct{}{}:
		return func() { <-l.places; s.leave(host, l) }, nil
	case <-ctx.Done():
		s.leave(host, l)
		return nil, fmt.Errorf("outbound: no place for %s: %w", host, ctx.Err())
	}
}

func (s *slots) enter(host string) *lane {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.hosts[host]
	if l == nil {
		l = &lane{places: make(chan struct{}, s.size)}
		s.hosts[host] = l
	}
	l.users++
	return l
}

func (s *slots) leave(host string, l *lane) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(s.hosts, host)
	}
}
