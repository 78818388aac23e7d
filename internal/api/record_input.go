package api

import (
	"sort"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// parseFields reads a person's {field: value}. All faults come at once: an
// unknown field and one that may not be seen give the same bytes; one that may
// not be written is named as such.
func (s *Server) parseFields(c *Call, object, visible *schema.Object, body Record) (map[string]any, error) {
	set := make(map[string]any, len(body))
	var faults fault.Collector
	forbidden := false
	in := s.Snapshot().Input(true)
	for _, name := range sortedNames(body) {
		f, ok := visible.Field(name)
		switch {
		case !ok:
			faults.Add(&fault.Field{Path: name, Code: "unknown_field"})
		case f.ReadOnly || c.Grants.Field(f) < access.Writable:
			faults.Add(&fault.Field{Path: name, Code: "read_only"})
			forbidden = true
		default:
			value, bad := f.Parse(body[name], in)
			faults.Add(bad)
			set[f.ID] = value
			faults.Add(s.badTarget(c, object, f, value))
		}
	}
	err := faults.Err()
	if f, ok := fault.As(err); ok && forbidden {
		f.Kind, f.Code = fault.Forbidden, "read_only"
	}
	return set, err
}

// badTarget refuses an owner whom the caller may not name and a person who is none.
func (s *Server) badTarget(c *Call, object *schema.Object, f *schema.Field, value any) *fault.Field {
	id, ok := value.(string)
	if !ok || f.Type != "person" {
		return nil
	}
	if u, known := c.Directory.User(id); !known || !u.Active {
		return &fault.Field{Path: f.Name, Code: "unknown_user"}
	}
	if f.Name == object.OwnerField && !c.Grants.MayOwn(object, id) {
		return &fault.Field{Path: f.Name, Code: "may_not_assign"}
	}
	return nil
}

// parseSeen reads the values that a client had seen, in the API's shapes.
func (s *Server) parseSeen(visible *schema.Object, base map[string]any) (map[string]any, error) {
	seen := make(map[string]any, len(base))
	var faults fault.Collector
	for _, name := range sortedNames(base) {
		f, ok := visible.Field(name)
		if !ok {
			faults.Add(&fault.Field{Path: "base." + name, Code: "unknown_field"})
			continue
		}
		value, bad := f.Parse(base[name], s.Snapshot().Input(true))
		faults.Add(bad)
		seen[f.ID] = value
	}
	return seen, faults.Err()
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// card reads a follow-up by the object's rule.
func (s *Server) card(visible *schema.Object, body FollowUp) (*record.FollowUpCard, error) {
	rule := visible.FollowUp
	if rule == nil {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	var faults fault.Collector
	card := &record.FollowUpCard{Text: schema.Clean(body.Text)}
	card.Action = choiceOf(rule.Actions, body.Action, "action", &faults)
	outcomes := make([]schema.Choice, 0, len(rule.Outcomes))
	for _, o := range rule.Outcomes {
		outcomes = append(outcomes, o.Choice)
	}
	card.Outcome = choiceOf(outcomes, body.Outcome, "outcome", &faults)
	s.nextStep(visible, rule, body, card, &faults)
	if len([]rune(card.Text)) > longestNote {
		faults.Add(&fault.Field{Path: "text", Code: "too_long", Params: map[string]any{"max": longestNote}})
	}
	return card, faults.Err()
}

// longestNote is the most characters of a follow-up's text.
const longestNote = 4000

func (s *Server) nextStep(visible *schema.Object, rule *schema.FollowUp, body FollowUp, card *record.FollowUpCard, faults *fault.Collector) {
	in := s.Snapshot().Input(true)
	if f, ok := visible.Field(rule.NextAction); ok {
		value, bad := f.Parse(body.NextAction, in)
		faults.Add(renamed(bad, "next_action"))
		card.NextAction, _ = value.(string)
	}
	if f, ok := visible.Field(rule.NextDue); ok {
		value, bad := f.Parse(body.NextDue, in)
		faults.Add(renamed(bad, "next_due"))
		card.NextDue, _ = value.(time.Time)
	}
	if body.Outcome != "" { // it ends the matter, or is refused itself
		return
	}
	if card.NextAction == "" && body.NextAction == "" {
		faults.Add(&fault.Field{Path: "next_action", Code: "required"})
	}
	if card.NextDue.IsZero() && (body.NextDue == nil || body.NextDue == "") {
		faults.Add(&fault.Field{Path: "next_due", Code: "required"})
	}
}

func renamed(f *fault.Field, path string) *fault.Field {
	if f != nil {
		f.Path = path
	}
	return f
}

// choiceOf finds a choice by id, name or label; "" stays "".
func choiceOf(choices []schema.Choice, text, path string, faults *fault.Collector) string {
	text = schema.Clean(text)
	if text == "" {
		if path == "action" {
			faults.Add(&fault.Field{Path: path, Code: "required"})
		}
		return ""
	}
	for _, c := range choices {
		if c.ID == text || c.Name == text || c.Label["zh-CN"] == text || c.Label["en"] == text {
			return c.ID
		}
	}
	faults.Add(&fault.Field{Path: path, Code: "unknown_choice"})
	return ""
}

// Duplicate is an open record that has the same key. What may not be read is
// only said to be there.
type Duplicate struct {
	ID       string     `json:"id,omitempty"`
	Label    string     `json:"label,omitempty"`
	Owner    *Reference `json:"owner,omitempty"`
	Readable bool       `json:"readable"`
}

func (s *Server) findDuplicates(c *Call) error {
	object, visible, err := s.seen(c, access.Create)
	if err != nil {
		return err
	}
	var body Record
	if err := c.Decode(&body); err != nil {
		return err
	}
	values := map[string]any{}
	for _, name := range sortedNames(body) {
		if f, ok := visible.Field(name); ok {
			if value, bad := f.Parse(body[name], s.Snapshot().Input(true)); bad == nil && value != nil {
				values[f.ID] = value
			}
		}
	}
	list := List[Duplicate]{Items: []Duplicate{}}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		ids, err := record.Holders(tx, object, values)
		if err != nil {
			return err
		}
		list.Items, err = s.duplicates(c, tx, object, ids)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}

func (s *Server) duplicates(c *Call, tx *sqldb.Tx, object *schema.Object, ids []string) ([]Duplicate, error) {
	out := []Duplicate{}
	r := s.reader(c, tx)
	visible := c.Grants.Visible(object)
	for _, id := range ids {
		row, err := r.Get(visible, id)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			out = append(out, Duplicate{})
		case err != nil:
			return nil, err
		default:
			out = append(out, s.readableDuplicate(c, visible, row))
		}
	}
	return out, nil
}

func (s *Server) readableDuplicate(c *Call, visible *schema.Object, row query.Row) Duplicate {
	d := Duplicate{ID: row.ID, Label: titleOf(visible, row), Readable: true}
	if f, ok := visible.Field(visible.OwnerField); ok {
		owner, _ := row.Values[f.ID].(string)
		d.Owner = c.UserReference(owner)
	}
	return d
}

// explainDuplicate adds to a duplicate's fault what the caller may know of the open record.
func (s *Server) explainDuplicate(c *Call, object *schema.Object, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Code != "duplicate" {
		return err
	}
	holder, _ := f.Params[record.DuplicateOf].(string)
	f.Params = nil
	readErr := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		found, err := s.duplicates(c, tx, object, []string{holder})
		f.Extra = map[string]any{"duplicates": found}
		return err
	})
	if readErr != nil {
		return readErr
	}
	return f
}
