package api

import "clew.dev/clew/internal/sqldb"

// Health is what an administrator should look at, and how the system is.
type Health struct {
	Items []Warning `json:"items"`
	Facts []Fact    `json:"facts"`
}

// Warning is one thing that an administrator should look at; Advice says what to do.
type Warning struct {
	Code   string         `json:"code"`
	State  string         `json:"state"` // warn or bad
	Params map[string]any `json:"params,omitempty"`
	Text   string         `json:"text"`
	Advice string         `json:"advice"`
}

// How much a warning matters.
const (
	Warn = "warn" // something to see to in the next days
	Bad  = "bad"  // leads, messages or data are in danger now
)

// Fact is one figure of the system; Kind says how Value reads.
type Fact struct {
	Code  string `json:"code"`
	Kind  string `json:"kind"` // text, bytes, time, count or seconds
	Value any    `json:"value"`
}

func (s *Server) showSystem(c *Call) error {
	health := Health{Items: []Warning{}, Facts: []Fact{}}
	if !s.secure(c.R) && !loopback(c.R.Host) {
		health.Items = append(health.Items, Warning{Code: "plain_http", State: Bad})
	}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		found, err := s.Health(tx)
		health.Items = append(health.Items, found.Items...)
		health.Facts = append(health.Facts, found.Facts...)
		return err
	})
	if err != nil {
		return err
	}
	health.Items = s.messages.described(c.Language, health.Items)
	return c.JSON(health)
}

// Described are warnings with their sentences in a language.
func Described(language string, warnings []Warning) []Warning {
	return loadMessages().described(language, warnings)
}

func (m catalogue) described(language string, warnings []Warning) []Warning {
	list := make([]Warning, len(warnings))
	for i, w := range warnings {
		w.Text = m.text(language, "warning_"+w.Code, w.Params)
		w.Advice = m.text(language, "advice_"+w.Code, w.Params)
		list[i] = w
	}
	return list
}
