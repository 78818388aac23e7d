// Package robot is what the group robots of all messengers have in common: the
// message that is posted, the refusal that comes back, and one guarded call.
//
// Sizes are bytes of UTF-8. Errors are *Error; a call that never reached the
// vendor is one too (Code 0, Retry true).
package robot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/outbound"
)

// Message is one post: a title and the things that it tells of.
type Message struct {
	Key   string // stable over retries of the same post
	Title string
	Items []Item
}

// Item is one thing told: a sentence, details, and where to open it.
type Item struct {
	Text  string
	Lines []string
	Link  string // "" = none
	Label string // what the link is called
}

// Robot posts into one group.
type Robot interface {
	// Post delivers m; the error is an *Error.
	Post(ctx context.Context, m Message) error
	// Size is what m weighs against Limit.
	Size(m Message) int
	// Limit is the most that one post may weigh.
	Limit() int
}

// Config is one group's robot.
type Config struct {
	Base    string // "" = the vendor's own host
	Key     string // webhook key, access token or hook id
	Secret  string // signs, "" = unsigned
	Keyword string // a word that the group demands in each post, "" = none
	Client  *outbound.Client
	Now     func() time.Time // real time, for signatures
}

// Error is a refusal by the vendor or a failed call.
type Error struct {
	Vendor  string
	Status  int // HTTP status, 0 when there was no answer
	Code    int // the vendor's code
	Text    string
	Retry   bool          // worth trying again
	After   time.Duration // not before, 0 = as you like
	Content bool          // it is about this text, not about the robot
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: status %d, code %d: %s", e.Vendor, e.Status, e.Code, e.Text)
}

// As is err as an *Error; anything else counts as a failed call.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Text: err.Error(), Retry: true}
}

// Wire is where and how a vendor takes a post.
type Wire struct {
	Vendor     string
	Client     *outbound.Client
	Address    string
	Code, Text string       // the members of the answer that say how it went; code 0 is success
	Judge      func(*Error) // tells of another code whether it is worth a retry, or about the content
}

// Send posts body as JSON and reads the vendor's answer. What every vendor
// has in common – failed calls, statuses, answers that are none – is judged here.
func (w Wire) Send(ctx context.Context, body []byte) error {
	raw, err := w.call(ctx, body)
	if err != nil {
		return err
	}
	var answer map[string]json.RawMessage
	if json.Unmarshal(raw, &answer) != nil {
		return &Error{Vendor: w.Vendor, Status: http.StatusOK, Text: "not a JSON answer", Retry: true}
	}
	refusal := &Error{Vendor: w.Vendor, Status: http.StatusOK}
	var code *int // null is no code
	if json.Unmarshal(answer[w.Code], &code) != nil || code == nil {
		refusal.Text, refusal.Retry = "answer without "+w.Code, true
		return refusal
	}
	if refusal.Code = *code; refusal.Code == 0 {
		return nil
	}
	_ = json.Unmarshal(answer[w.Text], &refusal.Text) // only for people
	w.Judge(refusal)
	return refusal
}

func (w Wire) call(ctx context.Context, body []byte) ([]byte, error) {
	res, err := w.Client.Do(ctx, outbound.Request{
		Method: http.MethodPost, URL: w.Address, Body: body,
		Header: map[string]string{"Content-Type": "application/json; charset=utf-8"},
	})
	if err != nil {
		_, refused := fault.As(err)
		return nil, &Error{Vendor: w.Vendor, Text: err.Error(), Retry: !refused}
	}
	if res.Status != http.StatusOK {
		again := res.Status >= 500 || res.Status == http.StatusTooManyRequests || res.Status == http.StatusRequestTimeout
		return nil, &Error{Vendor: w.Vendor, Status: res.Status, Text: http.StatusText(res.Status),
			Retry: again, After: retryAfter(res.Header)}
	}
	return res.Body, nil
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, time.Hour)
}
