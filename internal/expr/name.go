package expr

import (
	"strings"

	"clew.dev/clew/internal/schema"
	"golang.org/x/text/unicode/norm"
)

// systemColumn is a column that every record has and expressions may name.
type systemColumn struct {
	name  string
	typ   Type
	label schema.Label
}

func systemColumns() []systemColumn {
	return []systemColumn{
		{"id", Text, schema.Label{"zh-CN": "编号", "en": "ID"}},
		{"created_at", DateTime, schema.Label{"zh-CN": "创建时间", "en": "Created"}},
		{"updated_at", DateTime, schema.Label{"zh-CN": "更新时间", "en": "Updated"}},
		{"created_by", Person, schema.Label{"zh-CN": "创建人", "en": "Created by"}},
	}
}

// binding is what a name means.
type binding struct {
	column Column
	typ    Type
	label  schema.Label
	name   string
}

func bindField(f *schema.Field) binding {
	return binding{column: Column{ID: f.ID, Field: f}, typ: TypeOf(f), label: f.Label, name: f.Name}
}

func bindSystem(s systemColumn) binding {
	return binding{column: Column{ID: s.name}, typ: s.typ, label: s.label, name: s.name}
}

func (e Env) fields() []*schema.Field {
	if e.Object == nil {
		return nil
	}
	return e.Object.Fields
}

// names lists what can be named, the object's own fields first.
func (e Env) names() []binding {
	var out []binding
	for _, f := range e.fields() {
		out = append(out, bindField(f))
	}
	if e.Object != nil {
		for _, s := range systemColumns() {
			out = append(out, bindSystem(s))
		}
	}
	return out
}

// resolve finds what a name means: an API name, else a field's label in any
// language, else a system column's label. Several results are an ambiguity.
func (e Env) resolve(name string) []binding {
	all := e.names()
	var labelled, system []binding
	for _, b := range all {
		if b.name == name {
			return []binding{b}
		}
		if !labelHas(b.label, name) {
			continue
		}
		if b.column.Field == nil {
			system = append(system, b)
		} else {
			labelled = append(labelled, b)
		}
	}
	if len(labelled) > 0 {
		return labelled
	}
	return system
}

func (e Env) byID(id string) (binding, bool) {
	for _, b := range e.names() {
		if b.column.ID == id {
			return b, true
		}
	}
	return binding{}, false
}

// nearestName is the name that may have been meant, "" if none is near.
func (e Env) nearestName(name string) string {
	var candidates []string
	for _, b := range e.names() {
		candidates = append(candidates, b.name)
		candidates = append(candidates, sorted(b.label)...)
	}
	if s := nearest(name, candidates); s != "" {
		return written(s)
	}
	return ""
}

// choicesNamed finds the choices that a text may mean: by id, by name, by any label.
func choicesNamed(f *schema.Field, text string) []schema.Choice {
	var labelled []schema.Choice
	for _, c := range f.Choices {
		if c.ID == text {
			return []schema.Choice{c}
		}
	}
	for _, c := range f.Choices {
		if normal(c.Name) == text {
			return []schema.Choice{c}
		}
		if labelHas(c.Label, text) {
			labelled = append(labelled, c)
		}
	}
	return labelled
}

func labelHas(l schema.Label, text string) bool {
	for _, s := range l {
		if normal(s) == text {
			return true
		}
	}
	return false
}

func sorted(l schema.Label) []string {
	var out []string
	for _, language := range [...]string{"zh-CN", "en"} {
		if s := l[language]; s != "" {
			out = append(out, s)
		}
	}
	return out
}

func normal(s string) string { return norm.NFKC.String(s) }

// nearest is the candidate with the fewest edits, at most a third of the name's length (at least one).
func nearest(name string, candidates []string) string {
	limit := max(1, len([]rune(name))/3)
	best, found := limit+1, ""
	for _, c := range candidates {
		d := distance([]rune(strings.ToLower(name)), []rune(strings.ToLower(c)))
		if d < best && c != name {
			best, found = d, c
		}
	}
	return found
}

// distance is the number of edits between a and b: a letter more, less or other,
// or two neighbours exchanged, which is the commonest slip.
func distance(a, b []rune) int {
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x == b[j-1] && a[i-1] == y {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

// written is a name as it stands in a text: in [ ] where it is no identifier.
func written(name string) string {
	if plain(name) {
		return name
	}
	return "[" + strings.ReplaceAll(name, "]", "]]") + "]"
}

func plain(name string) bool {
	for i, r := range name {
		if !namePart(r) || (i == 0 && !nameStart(r)) {
			return false
		}
	}
	return name != "" && keyword(token{kind: tokenName, text: name}) == ""
}
