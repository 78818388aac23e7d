package api

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) channelRoutes() []Route {
	read, write := Needs(access.DeliveriesRead), Needs(access.DeliveriesWrite)
	in := Public("verified by the channel's own secret; a form's channel has a spam guard")
	return []Route{
		{Method: http.MethodPost, Path: "/in/{channel}", Tag: "intake", Summary: "Deliver to a channel.", Policy: in, Limit: intake.MaxRead + 1, Handle: s.receive},
		{Method: http.MethodGet, Path: "/in/{channel}", Tag: "intake", Summary: "Answer a vendor's check of the address.", Policy: in, Handle: s.receive},
		{Method: http.MethodGet, Path: Prefix + "/channels", Tag: "intake", Summary: "The channels with the counts of 30 days.", Policy: read, Out: List[ChannelView]{}, Handle: s.listChannels},
		{Method: http.MethodPut, Path: Prefix + "/channels/{name}/secret", Tag: "intake", Summary: "Set a channel's secret; it is never read back.", Policy: Needs(access.ChannelsWrite), Status: http.StatusNoContent, In: SecretBody{}, Handle: s.setChannelSecret},
		{Method: http.MethodGet, Path: Prefix + "/channels/{name}/deliveries", Tag: "intake", Summary: "A channel's deliveries, newest first.", Policy: read, Out: List[DeliveryView]{}, Handle: s.listDeliveries,
			Query: []Parameter{{"status", "accepted, touched, failed or rejected"}, {"limit", "1–500, 50 if absent"}, {"cursor", "next_cursor of the page before"}}},
		{Method: http.MethodPost, Path: Prefix + "/channels/{name}/replay", Tag: "intake", Summary: "Replay up to 500 failed deliveries.", Policy: write, Out: Replayed{}, Handle: s.replayAll},
		{Method: http.MethodGet, Path: Prefix + "/deliveries/{id}", Tag: "intake", Summary: "One delivery with its raw body and what it maps to now.", Policy: read, Out: DeliveryView{}, Handle: s.showDelivery},
		{Method: http.MethodPost, Path: Prefix + "/deliveries/{id}/replay", Tag: "intake", Summary: "Run a failed delivery again.", Policy: write, Out: ReplayAnswer{}, Handle: s.replayDelivery},
	}
}

// SecretBody carries a new secret.
type SecretBody struct {
	Secret string `json:"secret"`
}

// ChannelView is a channel with its counts.
type ChannelView struct {
	Name       string `json:"name"`
	Label      string `json:"label"`
	Kind       string `json:"kind"`
	URL        string `json:"url"`
	Object     string `json:"object"`
	HasSecret  bool   `json:"has_secret"`
	Received   int64  `json:"received"`
	Accepted   int64  `json:"accepted"`
	Touched    int64  `json:"touched"`
	Duplicates int64  `json:"duplicates"`
	Failed     int64  `json:"failed"`
	Rejected   int64  `json:"rejected"`
	Unsigned   int64  `json:"unsigned"`
	Delay      *int64 `json:"delay_p50_seconds,omitempty"` // median of the latest deliveries with a source's time
	LastAt     string `json:"last_at,omitempty"`
}

// DeliveryView is a delivery; headers, body and mapped come with a single one.
type DeliveryView struct {
	ID         string            `json:"id"`
	At         string            `json:"at"`
	Channel    string            `json:"channel"`
	Status     string            `json:"status"`
	ExternalID string            `json:"external_id,omitempty"`
	Record     Record            `json:"record,omitempty"`
	Delay      *int64            `json:"delay_seconds,omitempty"`
	Repeats    int64             `json:"repeats"`
	Errors     []ProblemField    `json:"errors,omitempty"`
	Preview    string            `json:"preview,omitempty"`
	Headers    map[string]string `json:"headers,omitempty"`
	Body       string            `json:"body,omitempty"`
	Mapped     Record            `json:"mapped,omitempty"`
}

// ReplayAnswer is what became of a replay.
type ReplayAnswer struct {
	Status string         `json:"status"`
	Record string         `json:"record,omitempty"`
	Errors []ProblemField `json:"errors,omitempty"`
}

// Replayed counts a channel's replay.
type Replayed struct {
	Replayed int `json:"replayed"`
	Failed   int `json:"failed"`
}

// receive takes a delivery; the answer's body is the channel's own acknowledgement.
func (s *Server) receive(c *Call) error {
	if channel, ok := s.Intake.Channel(c.Param("channel")); ok && channel.Signed() && !s.posts.allowSigned(channel, c.Address) {
		return fault.New(fault.TooMany, "too_many_deliveries").With("retry_after", intake.RetryAfter)
	}
	body, truncated, err := readLimited(c)
	if err != nil {
		return err
	}
	answer, err := s.Intake.Receive(c.R.Context(), intake.Request{
		Channel: c.Param("channel"), Query: c.R.URL.Query(), Header: c.R.Header, Body: body, Truncated: truncated, Sender: c.Address,
	})
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	if answer.Record != "" {
		h.Set("Clew-Record", answer.Record)
	}
	if answer.Delivery != "" {
		h.Set("Clew-Delivery", answer.Delivery)
	}
	c.W.WriteHeader(answer.Status)
	_, _ = c.W.Write(answer.Body) // a client that left cannot be told so
	return nil
}

// readLimited reads a body up to the most that is checked and tells whether there was more.
func readLimited(c *Call) (body []byte, truncated bool, err error) {
	body, err = io.ReadAll(io.LimitReader(c.R.Body, intake.MaxRead+1))
	var large *http.MaxBytesError
	if err != nil && !errors.As(err, &large) {
		return nil, false, fault.Wrap(fault.Malformed, "unreadable_body", err)
	}
	if len(body) > intake.MaxRead {
		return body[:intake.MaxRead], true, nil
	}
	return body, large != nil, nil
}

func (s *Server) listChannels(c *Call) error {
	list := List[ChannelView]{Items: []ChannelView{}}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		counts, err := s.Intake.Counts(tx)
		if err != nil {
			return err
		}
		for _, channel := range s.Intake.Channels() {
			view := s.channelView(c, channel, counts[channel.Name])
			if view.Delay, err = s.Intake.Delay(tx, channel.Name); err != nil {
				return err
			}
			list.Items = append(list.Items, view)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range list.Items {
		secret, err := s.Intake.Secrets.Get(c.R.Context(), list.Items[i].Name)
		if err != nil {
			return err
		}
		list.Items[i].HasSecret = secret != ""
	}
	return c.JSON(list)
}

func (s *Server) channelView(c *Call, channel *intake.Channel, n intake.Counts) ChannelView {
	view := ChannelView{
		Name: channel.Name, Label: c.Label(channel.Label), Kind: "signed", Object: channel.Object, URL: s.absolute(c, "/in/"+channel.Name),
		Received: n.Received, Accepted: n.Accepted, Touched: n.Touched, Duplicates: n.Repeated,
		Failed: max(0, n.Failed-n.Replayed), Rejected: n.Rejected + n.Unsigned, Unsigned: n.Unsigned,
	}
	switch channel.Kind {
	case intake.Bearer:
		view.Kind = "bearer"
	case intake.Form:
		view.Kind, view.URL = "form", s.absolute(c, "/f/"+channel.Form)
	}
	if n.LastAt != nil {
		view.LastAt = stamp(*n.LastAt)
	}
	return view
}

// absolute is an address as people reach the server.
func (s *Server) absolute(c *Call, path string) string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/") + path
	}
	scheme := "http"
	if s.secure(c.R) {
		scheme = "https"
	}
	return scheme + "://" + c.R.Host + path
}

func (s *Server) setChannelSecret(c *Call) error {
	var body SecretBody
	if err := c.Decode(&body); err != nil {
		return err
	}
	for _, channel := range s.Intake.Channels() {
		if channel.Name == c.Param("name") && channel.Signed() {
			if err := s.Intake.Secrets.Set(c.R.Context(), channel.Name, body.Secret); err != nil {
				return err
			}
			return c.NoContent()
		}
	}
	return fault.New(fault.NotFound, "not_found")
}

func (s *Server) listDeliveries(c *Call) error {
	limit, err := c.limit()
	if err != nil {
		return err
	}
	purpose := "deliveries " + c.Param("name") + " " + c.Query("status")
	var after []string
	if cursor := c.Query("cursor"); cursor != "" {
		if err := s.Seal.OpenCursor(cursor, purpose, &after); err != nil {
			return err
		}
	}
	answer := map[string]any{"next_cursor": nil}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		if err := s.Intake.Known(tx, c.Param("name")); err != nil {
			return err
		}
		page, err := s.Intake.List(tx, c.Param("name"), c.Query("status"), after, limit)
		if err != nil {
			return err
		}
		if page.Next != nil {
			if answer["next_cursor"], err = s.Seal.Cursor(page.Next, purpose); err != nil {
				return err
			}
		}
		items := make([]DeliveryView, 0, len(page.Items))
		for _, d := range page.Items {
			view, err := s.deliveryView(c, tx, d)
			if err != nil {
				return err
			}
			view.Preview, view.Body = view.Body, ""
			items = append(items, view)
		}
		answer["items"] = items
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

func (s *Server) deliveryView(c *Call, tx *sqldb.Tx, d intake.Delivery) (DeliveryView, error) {
	view := DeliveryView{
		ID: d.ID, At: stamp(d.At), Channel: d.Channel, Status: d.Status, ExternalID: d.ExternalID, Delay: d.DelaySeconds,
		Repeats: d.Repeats, Errors: s.Fields(c.Language, d.Errors), Headers: d.Headers, Body: d.Body,
	}
	object, ok := s.Snapshot().Object(d.Object)
	if d.Record == "" || !ok {
		return view, nil
	}
	found, err := s.reader(c, tx).Readable(object, []string{d.Record})
	if row, ok := found[d.Record]; ok {
		view.Record = Record{"object": object.Name, "id": row.ID, "label": titleOf(object, row)}
	}
	return view, err
}

func (s *Server) showDelivery(c *Call) error {
	var view DeliveryView
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		d, err := s.Intake.Get(tx, c.Param("id"))
		if err != nil {
			return err
		}
		if view, err = s.deliveryView(c, tx, d); err != nil {
			return err
		}
		view.Mapped = s.mapped(c, d)
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// mapped is what the channel's document makes of a delivery now, with the
// fields that the caller may read.
func (s *Server) mapped(c *Call, d intake.Delivery) Record {
	object, ok := s.Snapshot().Object(d.Object)
	if !ok || c.Grants.Visible(object) == nil {
		return nil
	}
	result, _ := s.Intake.Try(d) // a partial result is what the person wants to see beside the errors
	return fieldsShown(c, c.Grants.Visible(object), result.Values)
}

func fieldsShown(c *Call, visible *schema.Object, values map[string]any) Record {
	shown := Record{}
	for id, v := range values {
		if f, ok := visible.FieldByID(id); ok {
			shown[f.Name] = c.encodeField(f, v, nil)
		}
	}
	return shown
}

func (s *Server) replayDelivery(c *Call) error {
	answer, err := s.replay(c, c.Param("id"))
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

func (s *Server) replay(c *Call, id string) (ReplayAnswer, error) {
	done, err := s.Intake.Replay(c.R.Context(), id)
	if err != nil {
		return ReplayAnswer{}, err
	}
	answer := ReplayAnswer{Status: intake.Failed, Record: done.Record}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		d, err := s.Intake.Get(tx, id)
		answer.Status, answer.Errors = d.Status, s.Fields(c.Language, d.Errors)
		return err
	})
	return answer, err
}

// replayMost is how many deliveries one call replays.
const replayMost = 500

func (s *Server) replayAll(c *Call) error {
	var ids []string
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) (err error) {
		if err = s.Intake.Known(tx, c.Param("name")); err != nil {
			return err
		}
		ids, err = s.Intake.FailedIDs(tx, c.Param("name"), replayMost)
		return err
	})
	if err != nil {
		return err
	}
	var count Replayed
	for _, id := range ids {
		answer, err := s.replay(c, id)
		if err != nil {
			return err
		}
		if answer.Status == intake.Failed {
			count.Failed++
		} else {
			count.Replayed++
		}
	}
	return c.JSON(count)
}
