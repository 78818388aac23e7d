package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/live"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

const (
	liveGather = 100 * time.Millisecond // changes of this time go out together
	liveBeat   = 15 * time.Second       // a comment that keeps proxies and the session check going
)

func (s *Server) liveRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: Prefix + "/live", Tag: "live", Summary: "What changes, as server-sent events.",
		Policy: SignedIn("an event goes out only for a record that the caller may read, asked each time"), Handle: s.stream,
	}}
}

// stream sends hints until the client leaves, the server stops or the session
// ends. HEAD gets the header alone: a stream without a body would never end.
func (s *Server) stream(c *Call) error {
	h := c.W.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	if c.R.Method == http.MethodHead {
		return nil
	}
	subscription := s.Live.Subscribe()
	defer subscription.Close()
	flow := &liveFlow{server: s, call: c, out: http.NewResponseController(c.W)}
	if err := flow.send(": open\n\n"); err != nil {
		return nil // the client left
	}
	gather := time.NewTicker(liveGather)
	defer gather.Stop()
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-c.R.Context().Done():
			return nil
		case e, open := <-subscription.Events():
			if !open {
				return nil
			}
			flow.note(e)
		case <-gather.C:
			err = flow.flush(c.R.Context())
		case <-beat.C:
			flow.revoked = true // by another process, or by age
			err = flow.send(": beat\n\n")
		}
		if err != nil {
			return nil // headers are out: the client sees the end of the stream and comes back
		}
	}
}

// liveFlow gathers hints and sends those that the caller may know.
type liveFlow struct {
	server  *Server
	call    *Call
	out     *http.ResponseController
	changed map[live.Event]bool
	inbox   bool
	bulk    bool
	resync  bool
	revoked bool // the session or token has to be looked at
	sent    int64
}

func (f *liveFlow) note(e live.Event) {
	switch e.Kind {
	case live.Changed:
		if f.changed == nil {
			f.changed = map[live.Event]bool{}
		}
		f.changed[e] = true
	case live.Revoked:
		f.revoked = f.revoked || e.User == f.call.User.ID
	case live.Inbox:
		f.inbox = f.inbox || e.User == f.call.User.ID
	case live.Operation:
		f.bulk = f.bulk || e.User == f.call.User.ID
	case live.Resync:
		f.resync = true
	}
}

// flush sends what gathered. Rights are asked anew each time, so that a role
// taken away ends the events at once.
func (f *liveFlow) flush(ctx context.Context) error {
	if len(f.changed) == 0 && !f.inbox && !f.bulk && !f.resync && !f.revoked {
		return nil
	}
	f.revoked = false
	in, err := f.call.StillIn(ctx)
	if err != nil {
		return err
	}
	if !in {
		return fault.New(fault.Unauthorized, "unauthorized")
	}
	f.call.Snapshot = f.server.Snapshot()
	f.call.grant()
	text, err := f.texts(ctx)
	f.changed, f.inbox, f.bulk, f.resync = nil, false, false, false
	if err != nil || text == "" {
		return err
	}
	return f.send(text)
}

func (f *liveFlow) texts(ctx context.Context) (text string, err error) {
	err = f.server.DB.Read(ctx, func(tx *sqldb.Tx) error {
		if f.resync {
			text += f.event("resync", "{}")
		}
		if f.bulk {
			text += f.event("operation", "{}")
		}
		changes, err := f.changes(tx)
		text += changes
		if changes != "" && f.call.Grants.Has(access.DashboardRead) {
			text += f.event("figures", "{}")
		}
		if err != nil || !f.inbox {
			return err
		}
		unread, err := f.server.Notify.Unread(tx, f.call.User.ID)
		text += f.event("inbox", fmt.Sprintf(`{"unread":%d}`, unread))
		return err
	})
	return text, err
}

// changes are the hints for the records that the caller may read, or might
// until they were deleted or passed to somebody else: he learns nothing of
// those but the id that he knew.
func (f *liveFlow) changes(tx *sqldb.Tx) (text string, err error) {
	byObject := map[string][]string{}
	for e := range f.changed {
		byObject[e.Object] = append(byObject[e.Object], e.ID)
	}
	r := f.server.reader(f.call, tx)
	for id, records := range byObject {
		object, ok := r.Snapshot.ObjectByID(id)
		if !ok {
			continue
		}
		lost := f.lost(object)
		for _, among := range []func(*schema.Object, []string) (map[string]query.Row, error){r.Readable, r.Deleted} {
			found, err := among(object, records)
			if err != nil {
				return text, err
			}
			for record := range found {
				text += f.event("change", fmt.Sprintf(`{"object":%q,"id":%q}`, object.Name, record))
				delete(lost, record)
			}
		}
		for record := range lost {
			text += f.event("change", fmt.Sprintf(`{"object":%q,"id":%q}`, object.Name, record))
		}
	}
	return text, nil
}

// lost are the records of the object that passed from somebody whose records
// the caller reads to another: he could read them before.
func (f *liveFlow) lost(object *schema.Object) map[string]bool {
	lost := map[string]bool{}
	for e := range f.changed {
		if e.Object == object.ID && e.User != "" && f.call.Grants.ReadsOf(object, e.User) {
			lost[e.ID] = true
		}
	}
	return lost
}

func (f *liveFlow) event(name, data string) string {
	f.sent++
	return fmt.Sprintf("event: %s\nid: %d\ndata: %s\n\n", name, f.sent, data)
}

func (f *liveFlow) send(text string) error {
	if _, err := f.call.W.Write([]byte(text)); err != nil {
		return err
	}
	return f.out.Flush()
}
