package api

import (
	"net/http"
	"slices"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/conversion"
	"clew.dev/clew/internal/schema"
)

func (s *Server) catalogRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: Prefix + "/catalog", Tag: "catalog", Summary: "The objects, fields, views and forms that you may know of.",
		Policy: SignedIn("holds what the caller may see, nothing else"), Out: CatalogView{}, Handle: s.showCatalog,
	}}
}

// CatalogView is the present configuration as one reader sees it.
type CatalogView struct {
	Version int64        `json:"version"`
	Objects []ObjectView `json:"objects"`
}

// ObjectView is an object with what the reader may do.
type ObjectView struct {
	Name       string        `json:"name"`
	Label      string        `json:"label"`
	Plural     string        `json:"plural"`
	TitleField string        `json:"title_field"`
	OwnerField string        `json:"owner_field,omitempty"`
	Can        CanView       `json:"can"`
	Fields     []FieldView   `json:"fields"`
	FollowUp   *FollowUpView `json:"follow_up,omitempty"`
	Views      []Record      `json:"views"`
	Forms      []Record      `json:"forms"`
	Page       Record        `json:"page,omitempty"`
	// Converts says that the reader may turn records of it into others.
	Converts   bool   `json:"converts,omitempty"`
	StageField string `json:"stage_field,omitempty"`
}

// CanView is what may be done with an object's records.
type CanView struct {
	Create bool `json:"create"`
	Read   bool `json:"read"`
	Update bool `json:"update"`
	Delete bool `json:"delete"`
	Assign bool `json:"assign"`
}

// FieldView is a field.
type FieldView struct {
	Name     string       `json:"name"`
	Label    string       `json:"label"`
	Help     string       `json:"help,omitempty"`
	Type     string       `json:"type"`
	Required bool         `json:"required"`
	ReadOnly bool         `json:"read_only"`
	Indexed  bool         `json:"indexed"`
	Scale    int          `json:"scale,omitempty"`
	Currency string       `json:"currency,omitempty"`
	Object   string       `json:"object,omitempty"`
	Choices  []ChoiceView `json:"choices,omitempty"`

	RequiredWhen *RequiredWhenView `json:"required_when,omitempty"`
}

// RequiredWhenView names the choices of another field that ask for this one.
type RequiredWhenView struct {
	Field   string   `json:"field"`
	Choices []string `json:"choices"`
}

// ChoiceView is a choice.
type ChoiceView struct {
	Name   string `json:"name"`
	Label  string `json:"label"`
	Color  string `json:"color,omitempty"`
	Closes bool   `json:"closes,omitempty"`
	Sets   string `json:"sets,omitempty"` // the status that an outcome gives
}

// FollowUpView is the follow-up card of an object.
type FollowUpView struct {
	Actions         []ChoiceView `json:"actions"`
	Outcomes        []ChoiceView `json:"outcomes"`
	NextActionField string       `json:"next_action_field"`
	NextDueField    string       `json:"next_due_field"`
	StatusField     string       `json:"status_field,omitempty"`
	DefaultDays     int          `json:"default_days"`
}

func (s *Server) showCatalog(c *Call) error {
	snapshot := s.Snapshot()
	view := CatalogView{Version: snapshot.Version, Objects: []ObjectView{}}
	for _, object := range snapshot.Objects {
		if visible := c.Grants.Visible(object); visible != nil {
			view.Objects = append(view.Objects, c.objectView(snapshot, object, visible))
		}
	}
	return c.JSON(view)
}

func (c *Call) objectView(snapshot *catalog.Snapshot, object, visible *schema.Object) ObjectView {
	view := ObjectView{
		Name: visible.Name, Label: c.Label(visible.Label), Plural: c.Label(visible.Plural),
		TitleField: visible.TitleField, OwnerField: visible.OwnerField, Fields: []FieldView{},
		Can: CanView{
			Create: c.Grants.Can(object, access.Create), Read: c.Grants.Can(object, access.Read),
			Update: c.Grants.Can(object, access.Update), Delete: c.Grants.Can(object, access.Delete),
			Assign: c.Grants.Has(access.RecordsAssign),
		},
	}
	for _, f := range visible.Fields {
		view.Fields = append(view.Fields, c.fieldView(visible, f))
	}
	_, converts := conversion.Of(snapshot, object)
	view.Converts = converts && view.Can.Update
	if stage := visible.Stage; stage != nil {
		if _, known := visible.Field(stage.Field); known {
			view.StageField = stage.Field
		}
	}
	if rule := visible.FollowUp; rule != nil {
		view.FollowUp = c.followUpView(visible, rule)
	}
	view.Views = c.layouts(snapshot, "view", visible)
	view.Forms = c.layouts(snapshot, "form", visible)
	if pages := c.layouts(snapshot, "page", visible); len(pages) > 0 {
		view.Page = pages[0]
	}
	return view
}

func (c *Call) fieldView(visible *schema.Object, f *schema.Field) FieldView {
	view := FieldView{
		Name: f.Name, Label: c.Label(f.Label), Help: c.Label(f.Help), Type: f.Type, Required: f.Required,
		ReadOnly: f.ReadOnly || c.Grants.Field(f) < access.Writable, Indexed: f.Indexed, Scale: f.Scale,
		Currency: f.Currency, Object: f.ObjectName,
	}
	for _, choice := range f.Choices {
		one := c.choiceView(choice)
		one.Closes = visible.Closed != nil && visible.Closed.Field == f.Name && slices.Contains(visible.Closed.Choices, choice.ID)
		view.Choices = append(view.Choices, one)
	}
	view.RequiredWhen = requiredWhenView(visible, f)
	return view
}

func requiredWhenView(visible *schema.Object, f *schema.Field) *RequiredWhenView {
	if f.RequiredWhen == nil {
		return nil
	}
	asking, known := visible.Field(f.RequiredWhen.Field)
	if !known {
		return nil
	}
	view := &RequiredWhenView{Field: asking.Name, Choices: []string{}}
	for _, id := range f.RequiredWhen.Choices {
		if choice, ok := asking.Choice(id); ok {
			view.Choices = append(view.Choices, choice.Name)
		}
	}
	return view
}

func (c *Call) choiceView(choice schema.Choice) ChoiceView {
	return ChoiceView{Name: choice.Name, Label: c.Label(choice.Label), Color: choice.Color}
}

func (c *Call) followUpView(visible *schema.Object, rule *schema.FollowUp) *FollowUpView {
	view := &FollowUpView{
		Actions: []ChoiceView{}, Outcomes: []ChoiceView{},
		NextActionField: rule.NextAction, NextDueField: rule.NextDue, StatusField: rule.Status, DefaultDays: rule.Due,
	}
	for _, a := range rule.Actions {
		view.Actions = append(view.Actions, c.choiceView(a))
	}
	for _, o := range rule.Outcomes {
		outcome := c.choiceView(o.Choice)
		outcome.Closes = true
		if f, ok := visible.Field(rule.Status); ok {
			if choice, ok := f.Choice(o.Sets); ok {
				outcome.Sets = choice.Name
			}
		}
		view.Outcomes = append(view.Outcomes, outcome)
	}
	return view
}

// localize replaces each map of languages by its text.
func (c *Call) localize(value any) any {
	switch v := value.(type) {
	case map[string]any:
		if label, ok := asLabel(v); ok {
			return c.Label(label)
		}
		out := make(map[string]any, len(v))
		for name, inner := range v {
			out[name] = c.localize(inner)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = c.localize(inner)
		}
		return out
	}
	return value
}

func asLabel(m map[string]any) (schema.Label, bool) {
	label := schema.Label{}
	for language, text := range m {
		s, ok := text.(string)
		if !ok || language != "zh-CN" && language != "en" {
			return nil, false
		}
		label[language] = s
	}
	return label, len(label) > 0
}
