package api

import (
	"net/http"

	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) inboxRoutes() []Route {
	own := SignedIn("everybody reads his own inbox alone")
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/inbox", Tag: "inbox", Summary: "Your messages, newest first.", Policy: own, Out: Inbox{}, Handle: s.listInbox,
			Query: []Parameter{{"unread", "1: the unread ones"}, {"limit", "1–500, 50 if absent"}, {"cursor", "next_cursor of the page before"}}},
		{Method: http.MethodPost, Path: Prefix + "/inbox/{id}/read", Tag: "inbox", Summary: "Mark one as read.", Policy: own, Out: Unread{}, Handle: s.readOne},
		{Method: http.MethodPost, Path: Prefix + "/inbox/read", Tag: "inbox", Summary: "Mark all as read.", Policy: own, Out: Unread{}, Handle: s.readAll},
	}
}

// InboxItem is a message with the record that it is about, as the reader may see it.
type InboxItem struct {
	ID          string `json:"id"`
	Kind        string `json:"kind"`
	At          string `json:"at"`
	Read        bool   `json:"read"`
	Urgent      bool   `json:"urgent"`
	Text        string `json:"text"`
	Object      string `json:"object,omitempty"`
	RecordID    string `json:"record_id,omitempty"`
	RecordLabel string `json:"record_label,omitempty"`
}

// Inbox is a page of messages with how many of all are unread.
type Inbox struct {
	Items  []InboxItem `json:"items"`
	Next   *string     `json:"next_cursor"` // null on the last page
	Unread int64       `json:"unread"`
}

// Unread is how many messages wait.
type Unread struct {
	Unread int64 `json:"unread"`
}

func (s *Server) listInbox(c *Call) error {
	limit, err := c.limit()
	if err != nil {
		return err
	}
	var answer Inbox
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		items, next, err := s.Notify.List(tx, c.User.ID, c.Language, c.Query("unread") == "1", c.Query("cursor"), limit)
		if err != nil {
			return err
		}
		if next != "" {
			answer.Next = &next
		}
		answer.Items = inboxItems(items)
		answer.Unread, err = s.Notify.Unread(tx, c.User.ID)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

func inboxItems(items []notify.Item) []InboxItem {
	out := make([]InboxItem, 0, len(items))
	for _, i := range items {
		out = append(out, InboxItem{
			ID: i.ID, Kind: i.Kind, At: stamp(i.At), Read: i.Read, Urgent: i.Urgent, Text: i.Text,
			Object: i.Object, RecordID: i.Record, RecordLabel: i.Label,
		})
	}
	return out
}

func (s *Server) readOne(c *Call) error {
	return s.markRead(c, func(tx *sqldb.Tx) error { return s.Notify.MarkRead(tx, c.User.ID, c.Param("id")) })
}

func (s *Server) readAll(c *Call) error {
	return s.markRead(c, func(tx *sqldb.Tx) error {
		_, err := s.Notify.MarkAll(tx, c.User.ID)
		return err
	})
}

func (s *Server) markRead(c *Call, mark func(*sqldb.Tx) error) error {
	var unread Unread
	err := c.Write(func(tx *sqldb.Tx) error {
		if err := mark(tx); err != nil {
			return err
		}
		n, err := s.Notify.Unread(tx, c.User.ID)
		unread.Unread = n
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(unread)
}
