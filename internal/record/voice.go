package record

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

//go:embed sentences/*.json
var sentenceFiles embed.FS

// Sentences are the phrases of thread entries, by language and key.
type Sentences map[string]map[string]string

// LoadSentences reads the embedded phrases.
func LoadSentences() (Sentences, error) {
	all := Sentences{}
	for _, language := range []string{"zh-CN", "en"} {
		raw, err := sentenceFiles.ReadFile("sentences/" + language + ".json")
		if err != nil {
			return nil, err
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			return nil, fmt.Errorf("sentences %s: %w", language, err)
		}
		all[language] = texts
	}
	return all, nil
}

// Voice tells entries to one reader: in the reader's language and zone, and
// only with fields that the reader may see.
type Voice struct {
	Language  string
	Zone      *time.Location
	Snapshot  *catalog.Snapshot
	Directory *account.Directory
	Visible   func(*schema.Object) *schema.Object // the object with the readable fields alone
	Texts     Sentences
	// Part finds the label of a document (part "") or of one of its parts, and
	// the ids of the fields that the part reads.
	Part func(kind, name, part string) (schema.Label, []string)

	titles map[string]string // of records that are values, by id; see NameReferences
}

// Told is an entry as a reader gets it.
type Told struct {
	ID     string         `json:"id"`
	Kind   string         `json:"kind"`
	At     time.Time      `json:"at"`
	Actor  ToldActor      `json:"actor"`
	Params map[string]any `json:"params"`
	Text   string         `json:"text"`
}

// ToldActor is an actor with its name.
type ToldActor struct {
	Kind  string `json:"kind"`
	ID    string `json:"id,omitempty"`
	Label string `json:"label"`
}

// Tell turns an entry into what its reader may know of it.
func (v *Voice) Tell(e thread.Entry) Told {
	object, ok := v.Snapshot.ObjectByID(e.Object)
	if !ok {
		return Told{}
	}
	s := &sentence{Voice: v, object: v.Visible(object), entry: e}
	s.params = s.readable(e.Params)
	return Told{
		ID: fmt.Sprintf("%s.%d", e.Record, e.Seq), Kind: e.Kind, At: e.At,
		Actor:  ToldActor{Kind: string(e.Actor.Kind), ID: e.Actor.ID, Label: s.actor()},
		Params: s.named(s.params), Text: s.text() + s.operation(),
	}
}

// Silent tells whether an entry is nothing to its reader: a change of fields
// none of which he may see, or a score that he may not see.
func (v *Voice) Silent(e thread.Entry) bool {
	after, changes := e.Params["after"].(map[string]any)
	object, ok := v.Snapshot.ObjectByID(e.Object)
	if !ok {
		return false
	}
	visible := v.Visible(object)
	if e.Kind == "scored" {
		s := &sentence{Voice: v, object: visible, entry: e}
		return !s.partReadable("scorecard", asString(e.Params["card"]), "")
	}
	if e.Kind != "changed" || !changes {
		return false
	}
	for id := range after {
		if _, ok := visible.FieldByID(id); ok {
			return false
		}
	}
	return true
}

// sentence is one entry on its way to a text.
type sentence struct {
	*Voice
	object *schema.Object
	entry  thread.Entry
	params map[string]any // by field id, only what may be read
}

// valueMaps are the parameters that hold values by field id.
var valueMaps = []string{"fields", "before", "after", "inputs", "added", "flags", "kept"}

// readable leaves out each value whose field the reader may not see, and each
// part of a decision that rests on such a field.
func (s *sentence) readable(params map[string]any) map[string]any {
	kept := make(map[string]any, len(params))
	for name, value := range params {
		switch {
		case slices.Contains(valueMaps, name):
			kept[name] = s.readableFields(value)
		case name == "proposals":
			kept[name] = s.readableParts(value)
		case name == "adds":
			kept[name] = s.readableOf(value, "routing-table", asString(params["table"]), "row")
		case name == "contributions":
			kept[name] = s.readableOf(value, "scorecard", asString(params["card"]), "rule")
		case name == "failed":
			// a rule that could not be computed is for those who keep the rules
		case name == "values" || name == "recorded" || name == "skipped":
			// what a decision rested on is for deciding it again, not for reading
		case name == "row" && !s.partReadable("routing-table", asString(params["table"]), asString(value)):
		default:
			kept[name] = value
		}
	}
	return kept
}

func (s *sentence) readableFields(value any) map[string]any {
	fields, _ := value.(map[string]any)
	kept := make(map[string]any, len(fields))
	for id, v := range fields {
		if _, ok := s.object.FieldByID(id); ok {
			kept[id] = v
		}
	}
	return kept
}

// readableParts keeps the parts all of whose fields ("reads", "field") may be seen.
func (s *sentence) readableParts(value any) []any {
	parts, _ := value.([]any)
	kept := make([]any, 0, len(parts))
	for _, part := range parts {
		if m, ok := part.(map[string]any); ok && s.mayRead(m) {
			kept = append(kept, m)
		}
	}
	return kept
}

// readableOf keeps the items of a document's parts (rules, rows) all of whose
// fields may be read; of names the part in an item.
func (s *sentence) readableOf(value any, kind, name, of string) []any {
	kept := []any{}
	for _, item := range listOf(value) {
		if s.partReadable(kind, name, asString(item[of])) && s.mayRead(item) {
			kept = append(kept, item)
		}
	}
	return kept
}

func (s *sentence) partReadable(kind, name, part string) bool {
	_, reads := s.Part(kind, name, part)
	for _, id := range reads {
		if _, ok := s.object.FieldByID(id); !ok {
			return false
		}
	}
	return true
}

func (s *sentence) mayRead(part map[string]any) bool {
	ids := stringsOf(part["reads"])
	if id, ok := part["field"].(string); ok {
		ids = append(ids, id)
	}
	for _, id := range ids {
		if _, ok := s.object.FieldByID(id); !ok {
			return false
		}
	}
	return true
}

// named gives the values their API names and the shapes of the API.
func (s *sentence) named(params map[string]any) map[string]any {
	named := make(map[string]any, len(params))
	for name, value := range params {
		if name == "mentions" {
			named[name] = s.people(stringsOf(value))
			continue
		}
		fields, isMap := value.(map[string]any)
		if !isMap || !slices.Contains(valueMaps, name) {
			named[name] = value
			continue
		}
		out := make(map[string]any, len(fields))
		for id, v := range fields {
			f, _ := s.object.FieldByID(id)
			out[f.Name] = s.apiValue(f, v)
		}
		named[name] = out
	}
	return named
}

func (s *sentence) people(ids []string) []any {
	people := make([]any, len(ids))
	for i, id := range ids {
		people[i] = map[string]any{"id": id, "label": s.person(id)}
	}
	return people
}

func (s *sentence) apiValue(f *schema.Field, v any) any {
	switch f.Type {
	case "choice":
		if c, ok := f.Choice(asString(v)); ok {
			return c.Name
		}
	case "choices":
		names := []string{}
		for _, id := range stringsOf(v) {
			if c, ok := f.Choice(id); ok {
				names = append(names, c.Name)
			}
		}
		return names
	case "person":
		if v != nil {
			return map[string]any{"id": v, "label": s.person(asString(v))}
		}
	case "reference":
		if v != nil {
			return map[string]any{"id": v}
		}
	}
	return v
}

// show writes a stored value as a person reads it.
func (s *sentence) show(f *schema.Field, v any) string {
	switch f.Type {
	case "choice":
		if c, ok := f.Choice(asString(v)); ok {
			return c.Label.In(s.Language)
		}
	case "choices", "tags":
		if labels := s.choiceLabels(f, stringsOf(v)); len(labels) > 0 {
			return s.join(labels)
		}
		return s.phrase("blank")
	case "person":
		if v != nil {
			return s.person(asString(v))
		}
	case "reference":
		if v != nil {
			return s.reference(f.ObjectName, asString(v))
		}
	case "boolean":
		if b, ok := v.(bool); ok {
			return s.phrase(fmt.Sprint(b))
		}
	case "datetime":
		if t, err := time.Parse(time.RFC3339, asString(v)); err == nil {
			return s.moment(t)
		}
	case "currency":
		if m, ok := v.(map[string]any); ok {
			return fmt.Sprint(m["amount"], " ", m["currency"])
		}
	}
	if v == nil || v == "" {
		return s.phrase("blank")
	}
	return fmt.Sprint(v)
}

func (s *sentence) choiceLabels(f *schema.Field, ids []string) []string {
	labels := make([]string, 0, len(ids))
	for _, id := range ids {
		if c, ok := f.Choice(id); ok {
			id = c.Label.In(s.Language)
		}
		labels = append(labels, id)
	}
	return labels
}

func (v *Voice) person(id string) string {
	if u, ok := v.Directory.User(id); ok {
		return u.Name
	}
	return v.phrase("someone")
}

func (v *Voice) moment(t time.Time) string { return t.In(v.Zone).Format("01-02 15:04") }

func (v *Voice) phrase(key string) string {
	texts, ok := v.Texts[v.Language]
	if !ok {
		texts = v.Texts["zh-CN"]
	}
	return texts[key]
}

// say fills a phrase; names and values come in pairs.
func (v *Voice) say(key string, pairs ...string) string {
	replacements := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		replacements = append(replacements, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(replacements...).Replace(v.phrase(key))
}

func (v *Voice) join(parts []string) string { return strings.Join(parts, v.phrase("and")) }

func (s *sentence) actor() string {
	a := s.entry.Actor
	switch a.Kind {
	case thread.User:
		return s.person(a.ID)
	case thread.Channel:
		return s.label("channel", a.ID)
	case thread.Clock:
		return s.label("clock", a.ID)
	}
	return s.phrase("system")
}

// label is a configuration document's label in the reader's language.
func (v *Voice) label(kind, name string) string { return v.part(kind, name, "") }

// part is the label of a part of a document, its id where it has none any more.
func (v *Voice) part(kind, name, part string) string {
	label, _ := v.Part(kind, name, part)
	switch text := label.In(v.Language); {
	case text != "":
		return text
	case part != "":
		return part
	}
	return name
}

func asString(v any) string {
	s, _ := v.(string)
	return s
}

func stringsOf(v any) []string {
	switch list := v.(type) {
	case []string:
		return list
	case []any:
		out := make([]string, 0, len(list))
		for _, one := range list {
			out = append(out, asString(one))
		}
		return out
	}
	return nil
}

func sortedIDs(m map[string]any) []string {
	ids := make([]string, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}
