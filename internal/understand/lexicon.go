package understand

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	ahocorasick "github.com/petar-dambovaliev/aho-corasick"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Lexicon is a compiled definition. It is immutable and safe for concurrent use.
type Lexicon struct {
	object  *schema.Object
	source  []*schema.Field
	entries []entry
	words   []string // folded, each once
	says    [][]int  // per word: the entries that hold it
	finder  ahocorasick.AhoCorasick
}

type entry struct {
	id       string
	priority int
	set      []setting
	add      []addition
}

type setting struct {
	field *schema.Field
	value any // canonical
	rank  int // place among the field's choices
}

type addition struct {
	field  *schema.Field
	values []string // canonical
}

// Compile checks a definition against its object. A wrong one gives an
// Invalid fault with the path of each mistake.
func Compile(def Definition, object *schema.Object) (*Lexicon, error) {
	var faults fault.Collector
	l := &Lexicon{object: object}
	for i, name := range def.Source {
		if f := textField(object, name, fmt.Sprintf("source.%d", i), &faults); f != nil {
			l.source = append(l.source, f)
		}
	}
	place := map[string]int{}
	for i, e := range def.Entries {
		path := fmt.Sprintf("entries.%d", i)
		l.entries = append(l.entries, compileEntry(e, object, path, &faults))
		for j, word := range e.Words {
			text := fold(strings.TrimSpace(word)).text
			if text == "" {
				faults.Add(&fault.Field{Path: fmt.Sprintf("%s.words.%d", path, j), Code: "required"})
				continue
			}
			l.learn(place, text, i)
		}
		if len(e.Words) == 0 {
			faults.Add(&fault.Field{Path: path + ".words", Code: "required"})
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	builder := ahocorasick.NewAhoCorasickBuilder(ahocorasick.Opts{MatchKind: ahocorasick.StandardMatch})
	l.finder = builder.Build(l.words)
	return l, nil
}

func (l *Lexicon) learn(place map[string]int, word string, entry int) {
	at, known := place[word]
	if !known {
		at = len(l.words)
		place[word] = at
		l.words = append(l.words, word)
		l.says = append(l.says, nil)
	}
	if !slices.Contains(l.says[at], entry) {
		l.says[at] = append(l.says[at], entry)
	}
}

func textField(object *schema.Object, name, path string, faults *fault.Collector) *schema.Field {
	f, ok := object.Field(name)
	switch {
	case !ok:
		faults.Add(&fault.Field{Path: path, Code: "unknown_field", Params: map[string]any{"name": name}})
		return nil
	case f.Type != "text" && f.Type != "long_text" && f.Type != "url" && f.Type != "email":
		faults.Add(&fault.Field{Path: path, Code: "not_a_text", Params: map[string]any{"name": name}})
		return nil
	}
	return f
}

func compileEntry(e Entry, object *schema.Object, path string, faults *fault.Collector) entry {
	out := entry{id: e.ID, priority: e.Priority}
	for _, name := range slices.Sorted(maps.Keys(e.Set)) {
		at := path + ".set." + name
		f, value := parse(object, name, e.Set[name], at, faults)
		if f == nil {
			continue
		}
		if values, list := value.([]string); list { // a list only grows
			out.add = append(out.add, addition{f, values})
			continue
		}
		rank := slices.IndexFunc(f.Choices, func(c schema.Choice) bool { return c.ID == value })
		out.set = append(out.set, setting{f, value, rank})
	}
	for _, name := range slices.Sorted(maps.Keys(e.Add)) {
		at := path + ".add." + name
		f, value := parse(object, name, e.Add[name], at, faults)
		if f == nil {
			continue
		}
		values, ok := value.([]string)
		if !ok {
			faults.Add(&fault.Field{Path: at, Code: "not_a_list", Params: map[string]any{"name": name}})
			continue
		}
		out.add = append(out.add, addition{f, values})
	}
	if len(e.Set)+len(e.Add) == 0 {
		faults.Add(&fault.Field{Path: path, Code: "says_nothing"})
	}
	return out
}

// parse reads a value of the document for a field; nil when it is wrong.
func parse(object *schema.Object, name string, raw any, path string, faults *fault.Collector) (*schema.Field, any) {
	f, ok := object.Field(name)
	if !ok {
		faults.Add(&fault.Field{Path: path, Code: "unknown_field", Params: map[string]any{"name": name}})
		return nil, nil
	}
	value, wrong := f.Parse(raw, schema.Input{Person: true})
	if wrong != nil {
		wrong.Path = path
		faults.Add(wrong)
		return nil, nil
	}
	if value == nil {
		faults.Add(&fault.Field{Path: path, Code: "required"})
		return nil, nil
	}
	return f, value
}
