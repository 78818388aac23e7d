// Package live tells open browsers that something changed. An event carries
// no data: who receives it reads again with their own rights. A slow reader
// never holds up a writer; it loses events and is told to read everything
// again.
package live

import (
	"sync"

	"clew.dev/clew/internal/query"
)

// The kinds of event.
const (
	Changed   = "change"    // a record was written
	Inbox     = "inbox"     // a person's inbox has news
	Figures   = "figures"   // the figures moved
	Operation = "operation" // one of a person's operations moved
	Resync    = "resync"    // events were lost: read again
	Revoked   = "revoked"   // a session or token of a person was ended: look at them again
	Rights    = "rights"    // people, departments or roles changed: ask anew what a reader may see
)

// buffer is how many events one reader may fall behind.
const buffer = 256

// Event is one hint. Object and ID are set for Changed, with the record as it
// was Before where it is not new; User for Inbox, Operation and Revoked.
type Event struct {
	Kind   string
	Object string
	ID     string
	User   string
	Before *query.Row // for asking who could see it, never for sending
}

// Hub passes events to its subscribers. The zero value is ready.
type Hub struct {
	mu   sync.Mutex
	subs map[*Subscription]struct{}
	shut bool
}

// Subscription is one reader's queue.
type Subscription struct {
	hub    *Hub
	events chan Event
	lost   bool
}

// Subscribe opens a queue; Close it when done.
func (h *Hub) Subscribe() *Subscription {
	s := &Subscription{hub: h, events: make(chan Event, buffer)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.shut {
		close(s.events)
		return s
	}
	if h.subs == nil {
		h.subs = map[*Subscription]struct{}{}
	}
	h.subs[s] = struct{}{}
	return s
}

// Publish passes an event to every subscriber without waiting for any.
func (h *Hub) Publish(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.offer(e)
	}
}

// offer queues an event, or notes that one was lost; Resync then takes the
// first free place.
func (s *Subscription) offer(e Event) {
	if s.lost {
		e = Event{Kind: Resync}
	}
	select {
	case s.events <- e:
		s.lost = false
	default:
		s.lost = true
	}
}

// Events is the queue; it is closed when the hub shuts.
func (s *Subscription) Events() <-chan Event { return s.events }

// Close ends the subscription.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	delete(s.hub.subs, s)
}

// Shut ends all subscriptions, so that open streams finish at a stop.
func (h *Hub) Shut() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.shut = true
	for s := range h.subs {
		close(s.events)
		delete(h.subs, s)
	}
}
