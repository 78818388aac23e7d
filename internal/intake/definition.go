// Package intake is the way in for channels: it verifies a request, keeps the
// raw delivery, maps it by the channel's document and hands the result to the
// one write path, all in one transaction (decisions.md, "Intake is one
// synchronous transaction").
package intake

import (
	"encoding/json"

	"clew.dev/clew/internal/schema"
)

// Kind is how a channel's requests are verified and unwrapped.
type Kind string

// The kinds of channel.
const (
	Bearer          Kind = "bearer"           // Authorization: Bearer SECRET, any JSON object
	OceanEngineSPI  Kind = "ocean-engine-spi" // X-Open-Signature; `data` is JSON in a string
	Form            Kind = "form"             // a hosted form of ours; no secret
	SignedHeaderHex Kind = "hmac-sha256"      // a header of one's choice holds hex HMAC-SHA256 of the raw body
)

// Definition is the body of a configuration document of kind channel.
type Definition struct {
	ID    string       `json:"id,omitempty"`
	Label schema.Label `json:"label,omitempty"`
	Kind  Kind         `json:"kind"`
	// Object is the API name of the object that a delivery becomes.
	Object string `json:"object"`
	// Form names the hosted form (kind form).
	Form string `json:"form,omitempty"`
	// SignatureHeader is the header of kind hmac-sha256.
	SignatureHeader string `json:"signature_header,omitempty"`
	// Data is the path to the part that is mapped; JSON in a string is opened.
	Data string `json:"data,omitempty"`
	// DeliveryKey is the path (from the body's root) of the vendor's id of one
	// delivery: the same id gets the first answer again.
	DeliveryKey string `json:"delivery_key,omitempty"`
	// RecordKey is the path (inside Data) of the vendor's id of the thing
	// itself: another delivery of it is a touch.
	RecordKey string `json:"record_key,omitempty"`
	// SourceTime is where the source's own time stamp stands.
	SourceTime *SourceTime `json:"source_time,omitempty"`
	// Fields are the mapping.
	Fields []Mapping `json:"fields,omitempty"`
	// Passthrough takes {field: value} by API names for fields without a mapping.
	Passthrough bool `json:"passthrough,omitempty"`
	// Acknowledge is the body of the answer; absent means {"delivery","record"}.
	Acknowledge json.RawMessage `json:"acknowledge,omitempty"`
	// PerMinute limits what a hosted form takes from one address; 0 is the form's own limit.
	PerMinute int `json:"per_minute,omitempty"`
}

// SourceTime says where a time stamp stands and how it is written.
type SourceTime struct {
	Path string `json:"path"`
	// Layout is rfc3339, unix, unix_ms, or a Go layout read in the company's zone.
	Layout string `json:"layout,omitempty"`
}

// Mapping fills one field.
type Mapping struct {
	Field string `json:"field"` // API name
	// Paths are tried in order; the first that gives a value is taken.
	Paths []string `json:"paths,omitempty"`
	// Transform is applied in order: trim, upper, lower, digits, amount (30万 → 300000), first_line.
	Transform []string `json:"transform,omitempty"`
	// Map replaces values; a value that is not listed stays, unless Only.
	Map  map[string]string `json:"map,omitempty"`
	Only bool              `json:"only,omitempty"`
	// Default is used when nothing else gave a value.
	Default string `json:"default,omitempty"`
	// Required makes a delivery without the value fail, with this field's path.
	Required bool `json:"required,omitempty"`
	// Drop forgets a value that the field's type refuses (an unknown choice)
	// and flags it, instead of failing the delivery.
	Drop bool `json:"drop,omitempty"`
}
