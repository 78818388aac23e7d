package catalog

import "clew.dev/clew/internal/schema"

// ObjectDefinition is the body of a document of kind object. Fields are
// referred to by API name, choices by name or id.
type ObjectDefinition struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Label    schema.Label      `json:"label"`
	Plural   schema.Label      `json:"plural"`
	Title    string            `json:"title"`
	Owner    string            `json:"owner"`
	Fields   []FieldDefinition `json:"fields"`
	Keys     []keyDefinition   `json:"keys"`
	Party    *partyDefinition  `json:"party"`
	Closed   *closedDefinition `json:"closed"`
	Stage    *stageDefinition  `json:"stage"`
	FollowUp *followDefinition `json:"follow_up"`
	Health   *healthDefinition `json:"health"`
	Agenda   *agendaDefinition `json:"agenda"`

	Broadcast []broadcastDefinition `json:"broadcast"`
}

type broadcastDefinition struct {
	Fields []string `json:"fields"`
	Roles  []string `json:"roles"`
}

// FieldDefinition is one field in an object document, or the body of a
// document of kind field, where `object` is the object that the field belongs
// to and `points_to` what a reference points to.
type FieldDefinition struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	Label      schema.Label       `json:"label"`
	Help       schema.Label       `json:"help"`
	Type       string             `json:"type"`
	Required   bool               `json:"required"`
	Unique     bool               `json:"unique"`
	Indexed    bool               `json:"indexed"`
	ReadOnly   bool               `json:"read_only"`
	Scale      *int               `json:"scale"`
	Max        int                `json:"max"`
	Currency   string             `json:"currency"`
	Format     string             `json:"format"`
	Searchable bool               `json:"searchable"`
	Object     string             `json:"object"`
	PointsTo   string             `json:"points_to"`
	Choices    []choiceDefinition `json:"choices"`

	RequiredWhen *requiredWhenDefinition `json:"required_when"`
}

type requiredWhenDefinition struct {
	Field     string   `json:"field"`
	Choices   []string `json:"choices"`
	Otherwise string   `json:"otherwise"`
}

type stageDefinition struct {
	Field string `json:"field"`
	Since string `json:"since"`
}

type choiceDefinition struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Label   schema.Label `json:"label"`
	Color   string       `json:"color"`
	Retired bool         `json:"retired"`
}

type keyDefinition struct {
	Field  string   `json:"field"`
	Kind   string   `json:"kind"`
	Ignore []string `json:"ignore"`
}

type partyDefinition struct {
	Object string            `json:"object"`
	Field  string            `json:"field"`
	Copy   map[string]string `json:"copy"`
}

type closedDefinition struct {
	Field   string   `json:"field"`
	Choices []string `json:"choices"`
	At      string   `json:"at"`
}

type followDefinition struct {
	Object     string              `json:"object"`
	Link       string              `json:"link"`
	Actions    []choiceDefinition  `json:"actions"` // absent: the choices of next_action
	Outcomes   []outcomeDefinition `json:"outcomes"`
	NextAction string              `json:"next_action"`
	NextDue    string              `json:"next_due"`
	Status     string              `json:"status"`
	Initial    string              `json:"initial"`
	Assigned   string              `json:"assigned"`
	Working    string              `json:"working"`
	Due        int                 `json:"due"`
}

type outcomeDefinition struct {
	choiceDefinition
	Sets string `json:"sets"`
}

type agendaDefinition struct {
	Due  string `json:"due"`
	Done string `json:"done"`
}

type healthDefinition struct {
	Source       string `json:"source"`
	FirstTouch   string `json:"first_touch"`
	LastTouch    string `json:"last_touch"`
	OverdueSince string `json:"overdue_since"`
	Score        string `json:"score"`
	Stars        string `json:"stars"`
	SourceTime   string `json:"source_time"`
	Touches      string `json:"touches"`
}

// choice is the compiled form.
func (c choiceDefinition) choice() schema.Choice {
	return schema.Choice{
		ID: c.ID, Name: schema.Clean(c.Name), Label: labelOr(c.Label, c.Name), Color: c.Color, Retired: c.Retired,
	}
}

// labelOr is the label, or the name where there is none.
func labelOr(l schema.Label, name string) schema.Label {
	if l == nil {
		l = schema.Label{}
	}
	if l.In("zh-CN") == "" {
		return schema.Label{"zh-CN": name}
	}
	if l["zh-CN"] == "" {
		with := schema.Label{"zh-CN": name}
		for language, text := range l {
			with[language] = text
		}
		return with
	}
	return l
}
