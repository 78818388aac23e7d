// Package notify tells people and groups what happened. A message is a row in
// each recipient's inbox and in each group robot's outbox, written in the
// transaction of its cause, exactly once per (cause, recipient) and (robot,
// cause). Sentences are made when read: a person's with that person's rights,
// a group's with the fields that the robot's document lists.
//
// Outboxes are drained outside any transaction, at most 20 posts a minute and
// robot; when more than three rows wait they go out as digests that name each.
// The row is the truth: a post that the process did not live to confirm is
// posted again under the same key. Due times here are real time; an inbox row's
// "at" is business time.
package notify

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"clew.dev/clew/internal/outbound"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// Reader is who a text is made for: a person, or a group's robot.
type Reader struct {
	User     string   // "" = a robot
	Fields   []string // a robot's fields, by API name, in order
	Language string
}

// Subject is what a reader may know of a record.
type Subject struct {
	Label  string      // "" when the title may not be read
	Fields []FieldText // readable, in order, blank ones left out
	Link   string      // absolute, "" = none
}

// FieldText is one value as a reader sees it.
type FieldText struct{ Label, Text string }

// Options wire a Notify; DB, Box, Client, Describe and Person are needed.
type Options struct {
	DB     *sqldb.DB
	Log    *slog.Logger     // nil discards
	Now    func() time.Time // real time, nil = time.Now
	Client *outbound.Client

	// Describe tells what the reader may know of records of one object; a
	// record that may not be seen is absent.
	Describe func(tx *sqldb.Tx, who Reader, object string, ids []string) (map[string]Subject, error)
	// Changes says what a person changed in a record, with the reader's rights; may be nil.
	Changes func(tx *sqldb.Tx, who Reader, record, by string, span Span) (string, error)
	// Person is a user's name.
	Person func(id string) string
	// Label is what a document is called, "" when it has no label. A clock's stage
	// is asked for as kind "stage", name "CLOCK/STAGE". May be nil.
	Label func(kind, name, language string) string
	// Robots are the robot documents that are live.
	Robots func() []Robot
	// Base is a vendor's address where a robot's document names none; "" is the
	// vendor's own host.
	Base func(vendor string) string
	Box  *seal.Box // keeps robots' secrets

	// Told is called after the commit with those whose inbox changed; may be nil.
	Told func(recipients []string)
	// Dead is called in the transaction that gives rows up; may be nil.
	Dead func(tx *sqldb.Tx, robot, reason string, count int) error
	// Alone says that no other process serves this database: what a process
	// before this one had begun is taken up without waiting.
	Alone bool
}

// Notify is the inbox, the outboxes and their workers.
type Notify struct {
	Options
	holder  string
	history atomic.Bool

	nudge chan struct{}

	mu    sync.Mutex // of what follows
	stop  context.CancelFunc
	ended chan struct{}
}

// New makes a Notify; nothing runs before Start.
func New(o Options) *Notify {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Robots == nil {
		o.Robots = func() []Robot { return nil }
	}
	if o.Label == nil {
		o.Label = func(string, string, string) string { return "" }
	}
	if o.Base == nil {
		o.Base = func(string) string { return "" }
	}
	return &Notify{Options: o, holder: o.DB.NewID(), nudge: make(chan struct{}, 1)}
}

// SetHistory makes later messages count as already delivered and read: the
// generator of a company's past uses it.
func (n *Notify) SetHistory(on bool) { n.history.Store(on) }

func encode(params map[string]any) (string, error) {
	if len(params) == 0 {
		return "{}", nil
	}
	raw, err := json.Marshal(params)
	return string(raw), err
}
