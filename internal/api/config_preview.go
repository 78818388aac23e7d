package api

import (
	"net/http"
	"strings"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) previewRoutes() []Route {
	return []Route{{
		Method: http.MethodPost, Path: configPath + "/channel/{name}/preview", Tag: "config", Handle: s.previewMapping,
		Summary: "What a channel's mapping, as it is being written, makes of a captured delivery or a pasted sample; nothing is written.",
		Policy:  Needs(access.ConfigWrite), In: Previewed{}, Out: PreviewView{}, Limit: intake.MaxBody + 1<<20,
		Query: []Parameter{{"draft", "the id of a draft; without it what is in force"}},
	}}
}

// Previewed names a captured delivery, or carries a sample.
type Previewed struct {
	Delivery string `json:"delivery,omitempty"` // needs the right to read deliveries
	Sample   string `json:"sample,omitempty"`
	Document Record `json:"document,omitempty"` // the mapping as it is being written
}

// PreviewView is what the mapping makes of it.
type PreviewView struct {
	Fields      []PreviewField `json:"fields"`
	Errors      []ProblemField `json:"errors"`
	DeliveryKey string         `json:"delivery_key,omitempty"`
	RecordKey   string         `json:"record_key,omitempty"`
	SourceAt    string         `json:"source_at,omitempty"`
}

// PreviewField is one field of the record that would come of it.
type PreviewField struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Value any    `json:"value"`
	Flag  string `json:"flag,omitempty"` // what is doubtful about the value, or why it was dropped
}

func (s *Server) previewMapping(c *Call) error {
	var in Previewed
	if err := c.Decode(&in); err != nil {
		return err
	}
	sample, err := s.sampleOf(c, in)
	if err != nil {
		return err
	}
	proposing, err := s.proposing(c, "channel", c.Param("name"), in.Document)
	if err != nil {
		return err
	}
	channel, ok := catalog.Compiled[*intake.Channel](proposing.Snapshot, "channel", c.Param("name"))
	if !ok || proposing.Grants.Visible(channel.NewObject()) == nil {
		return fault.New(fault.NotFound, "document_not_found").With("kind", "channel").With("name", c.Param("name"))
	}
	mapped, err := channel.Map([]byte(sample), proposing.Snapshot.Input(false))
	view := proposing.preview(s, proposing.Grants.Visible(channel.NewObject()), mapped)
	if problem, ok := fault.As(err); ok {
		view.Errors = s.Fields(c.Language, problem.Fields)
	} else if err != nil {
		return err
	}
	return c.JSON(view)
}

// sampleOf is the text to map: pasted, or of one of the channel's own deliveries.
func (s *Server) sampleOf(c *Call, in Previewed) (string, error) {
	if in.Delivery == "" {
		return in.Sample, nil
	}
	if !c.Grants.Has(access.DeliveriesRead) {
		return "", fault.New(fault.Forbidden, "forbidden")
	}
	if !isText(in.Delivery) {
		return "", fault.New(fault.NotFound, "not_found")
	}
	var body string
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		d, err := s.Intake.Get(tx, in.Delivery)
		if err == nil && d.Channel != c.Param("name") {
			err = fault.New(fault.NotFound, "not_found")
		}
		body = d.Body
		return err
	})
	return body, err
}

// preview shows the fields in the order of the object, without those that the caller may not see.
func (c *Call) preview(s *Server, visible *schema.Object, mapped intake.Mapped) PreviewView {
	view := PreviewView{Fields: []PreviewField{}, Errors: []ProblemField{}, DeliveryKey: mapped.DeliveryKey, RecordKey: mapped.RecordKey}
	if mapped.SourceAt != nil {
		view.SourceAt = stamp(*mapped.SourceAt)
	}
	for _, f := range visible.Fields {
		value, ok := mapped.Values[f.ID]
		flag := mapped.Flags[f.ID]
		if !ok && flag == "" {
			continue
		}
		one := PreviewField{Name: f.Name, Label: c.Label(f.Label)}
		if ok {
			one.Value = c.encodeField(f, value, nil)
		}
		if flag != "" {
			one.Flag = strings.TrimSpace(s.messages.text(c.Language, flag, nil))
		}
		view.Fields = append(view.Fields, one)
	}
	return view
}
