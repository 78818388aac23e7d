package api

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
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
	flow := &liveFlow{server: s, call: c, out: http.NewResponseController(c.W), reach: c.reach()}
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
	rights  bool // what the caller may see has to be asked anew
	reach   uint64
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
	case live.Rights:
		f.rights = true
	case live.Resync:
		f.resync = true
	}
}

// flush sends what gathered. Rights are asked anew each time, so that a role
// taken away ends the events at once.
func (f *liveFlow) flush(ctx context.Context) error {
	if len(f.changed) == 0 && !f.inbox && !f.bulk && !f.resync && !f.revoked && !f.rights {
		return nil
	}
	f.revoked, f.rights = false, false
	in, err := f.call.StillIn(ctx)
	if err != nil {
		return err
	}
	if !in {
		return fault.New(fault.Unauthorized, "unauthorized")
	}
	f.call.Snapshot = f.server.Snapshot()
	f.call.grant()
	if reach := f.call.reach(); reach != f.reach {
		f.reach, f.resync = reach, true
	}
	text, err := f.texts(ctx)
	f.changed, f.inbox, f.bulk, f.resync = nil, false, false, false
	if err != nil || text == "" {
		return err
	}
	return f.send(text)
}

// reach stands for all that decides which records the caller may see, beside the
// records themselves: his roles as they are, and whose people he sees.
func (c *Call) reach() uint64 {
	sum := fnv.New64a()
	user, _ := c.Directory.User(c.User.ID)
	for _, role := range user.Roles {
		document, _ := c.Snapshot.Document("role", role)
		fmt.Fprintln(sum, role, document.Version)
	}
	for _, people := range [][]string{c.Directory.Colleagues(c.User.ID), c.Directory.Branch(c.User.ID)} {
		fmt.Fprintln(sum, slices.Sorted(slices.Values(people)))
	}
	return sum.Sum64()
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
// until they were deleted, passed to somebody else or left his scope: he learns
// nothing of those but the id that he knew.
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
		lost, err := f.lost(object)
		if err != nil {
			return text, err
		}
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

// lost are the records of the object that the caller could read as they were
// before: who owns them now, or what decides on who sees them, has changed.
func (f *liveFlow) lost(object *schema.Object) (map[string]bool, error) {
	lost := map[string]bool{}
	if !f.call.Grants.Can(object, access.Read) {
		return lost, nil
	}
	for e := range f.changed {
		if e.Object != object.ID || e.Before == nil || e.Before.DeletedAt != nil {
			continue
		}
		could, err := f.call.Grants.Reads(object, *e.Before)
		if err != nil {
			return nil, err
		}
		if could {
			lost[e.ID] = true
		}
	}
	return lost, nil
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
