// Package oceanengine reads what Ocean Engine pushes about new clues (its SPI
// subscription): the signature, the URL check, the envelope, the answers.
//
// The signature is the hex HMAC-SHA256 of the raw body in X-Open-Signature. No
// time window is defined: timestamp and nonce are not looked at.
package oceanengine

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"clew.dev/clew/internal/fault"
)

// SignatureHeader carries the signature.
const SignatureHeader = "X-Open-Signature"

// Verify says whether the header's signature is that of the raw body, in
// constant time. Without a secret nothing verifies.
func Verify(secret string, body []byte, header string) bool {
	given, err := hex.DecodeString(strings.TrimSpace(header))
	if err != nil || secret == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal(given, mac.Sum(nil))
}

// Challenge finds the value of a URL check, asked in the query, a form or a
// JSON body; ok is false when the request is none. A JSON value keeps its type;
// a number in a query or form is answered as a number.
func Challenge(query url.Values, body []byte) (challenge json.RawMessage, ok bool) {
	if c, ok := fromValues(query); ok {
		return c, true
	}
	var message struct {
		Event     string          `json:"event"`
		Challenge json.RawMessage `json:"challenge"`
	}
	if err := json.Unmarshal(body, &message); err == nil {
		scalar := len(message.Challenge) > 0 && !bytes.ContainsAny(message.Challenge[:1], "{[n")
		return message.Challenge, message.Event == "verify_webhook" && scalar
	}
	if form, err := url.ParseQuery(string(body)); err == nil {
		return fromValues(form)
	}
	return nil, false
}

func fromValues(v url.Values) (json.RawMessage, bool) {
	text := v.Get("challenge")
	if v.Get("event") != "verify_webhook" || text == "" {
		return nil, false
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
		return json.RawMessage(text), true
	}
	quoted, err := json.Marshal(text)
	return quoted, err == nil
}

// Message is the envelope of one push.
type Message struct {
	ID          string          // message_id: the delivery key
	Label       string          // service_label
	PublishTime string          // as sent
	Data        json.RawMessage // the clue, a JSON object
}

// Unwrap reads the envelope; data comes as JSON in a string. The error is a
// Malformed fault that names the path.
func Unwrap(body []byte) (Message, error) {
	var envelope struct {
		ID          json.RawMessage `json:"message_id"`
		Label       string          `json:"service_label"`
		PublishTime json.RawMessage `json:"publish_time"`
		Data        json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return Message{}, malformed("")
	}
	data, err := inner(envelope.Data)
	if err != nil {
		return Message{}, err
	}
	id := scalar(envelope.ID)
	if id == "" {
		return Message{}, malformed("message_id")
	}
	return Message{ID: id, Label: envelope.Label, PublishTime: scalar(envelope.PublishTime), Data: data}, nil
}

func inner(raw json.RawMessage) (json.RawMessage, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		raw = json.RawMessage(text)
	}
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' || !json.Valid(raw) {
		return nil, malformed("data")
	}
	return raw, nil
}

// scalar is a JSON string's text or a number as written.
func scalar(raw json.RawMessage) string {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		return text
	}
	var number json.Number
	if err := json.Unmarshal(raw, &number); err == nil {
		return number.String()
	}
	return ""
}

func malformed(path string) error {
	return fault.New(fault.Malformed, "malformed_body", fault.Field{Path: path, Code: "malformed"})
}

// Acknowledge is the answer that stops redelivery.
func Acknowledge() []byte { return []byte(`{"BaseResp":{"StatusCode":200,"StatusMessage":"ok"}}`) }

// AnswerChallenge is the answer to a URL check.
func AnswerChallenge(challenge json.RawMessage) []byte {
	return []byte(`{"BaseResp":{"StatusCode":200,"StatusMessage":"ok"},"challenge":` + string(challenge) + `}`)
}
