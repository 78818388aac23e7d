package sandbox

import "time"

// Received is one post that arrived, taken or refused.
type Received struct {
	Seq       int64     `json:"seq"`
	At        time.Time `json:"at"`
	Vendor    string    `json:"vendor"`
	Key       string    `json:"key"`
	Group     string    `json:"group"`
	Kind      string    `json:"kind"` // the vendor's message type
	Title     string    `json:"title,omitempty"`
	Text      string    `json:"text"`      // as the group would read it, in the vendor's markup
	Signature string    `json:"signature"` // verified, none (the key is the secret), wrong
	Code      int       `json:"code"`      // 0 = taken
	Reason    string    `json:"reason,omitempty"`
	Repeated  bool      `json:"repeated,omitempty"` // taken before under the same msgUuid: not shown again
	Body      string    `json:"body"`

	lines [][]piece // of rich text, which is no markup; nil = Text is markup
}

// piece is a run of plain text, a link when href is set.
type piece struct{ text, href string }

// group is a Group with what happened to it; Sandbox.mu guards it.
type group struct {
	Group
	received []Received
	taken    []time.Time     // when posts were taken, within the last minute
	shut     time.Time       // throttled until
	seen     map[string]bool // msgUuids taken
	order    []string        // of seen, oldest first
}

// within counts the posts taken in the span before now.
func (g *group) within(now time.Time, span time.Duration) int {
	n := 0
	for _, at := range g.taken {
		if now.Sub(at) < span {
			n++
		}
	}
	return n
}

// take notes a post that counts against the limits.
func (g *group) take(now time.Time) {
	recent := g.taken[:0]
	for _, at := range g.taken {
		if now.Sub(at) < time.Minute {
			recent = append(recent, at)
		}
	}
	g.taken = append(recent, now)
}

// repeat says whether a message id was taken before, and notes it.
func (g *group) repeat(id string) bool {
	if id == "" {
		return false
	}
	if g.seen[id] {
		return true
	}
	g.seen[id] = true
	if g.order = append(g.order, id); len(g.order) > 4*kept {
		delete(g.seen, g.order[0])
		g.order = g.order[1:]
	}
	return false
}

func (g *group) keep(r Received) {
	if g.received = append(g.received, r); len(g.received) > kept {
		g.received = append([]Received(nil), g.received[len(g.received)-kept:]...)
	}
}
