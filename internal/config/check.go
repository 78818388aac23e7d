package config

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"clew.dev/clew/internal/fault"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

//go:embed schemas/*.json
var schemaFiles embed.FS

// schemaHost is where the schemas refer to each other; nothing is fetched.
const schemaHost = "https://clew.dev/schemas/"

// Schemas checks documents against the JSON Schema of their kind. It is made
// once and may be used by several goroutines.
type Schemas struct {
	compiled map[string]*jsonschema.Schema
	mu       sync.Mutex // the validator is not known to be safe for several at once
}

// NewSchemas compiles the schema of every kind.
func NewSchemas() (*Schemas, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	names := append([]string{"common"}, Kinds()...)
	for _, name := range names {
		raw, err := SchemaOf(name)
		if err != nil {
			return nil, err
		}
		parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		if err := c.AddResource(schemaHost+name+".json", parsed); err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
	}
	s := &Schemas{compiled: map[string]*jsonschema.Schema{}}
	for _, name := range Kinds() {
		one, err := c.Compile(schemaHost + name + ".json")
		if err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		s.compiled[name] = one
	}
	return s, nil
}

// SchemaOf is the JSON Schema of a kind, as the API gives it; "common" is what they share.
func SchemaOf(kind string) ([]byte, error) {
	if kind != "common" && !IsKind(kind) {
		return nil, fault.New(fault.NotFound, "unknown_kind").With("kind", kind)
	}
	return schemaFiles.ReadFile("schemas/" + kind + ".json")
}

// Check lists everything in which a document differs from its kind's schema,
// with line and column where it has a source.
func (s *Schemas) Check(d Document) []fault.Field {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(d.Body))
	if err != nil {
		return d.Place([]fault.Field{{Code: "malformed_json", Detail: err.Error()}})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.compiled[d.Kind].Validate(parsed)
	problem, ok := err.(*jsonschema.ValidationError) //nolint:errorlint // the library returns it bare
	if !ok {
		return nil
	}
	found := (&finder{body: parsed, told: map[string]bool{}}).leaves(problem, nil)
	sort.SliceStable(found, func(i, j int) bool { return found[i].Path < found[j].Path })
	return d.Place(found)
}

// finder reads the faults out of what the validator says about a body.
type finder struct {
	body any
	told map[string]bool // the keys that are no keys
}

// leaves turns the tree of causes into one fault each. Of alternatives, only
// the first that comes closest is told.
func (f *finder) leaves(e *jsonschema.ValidationError, found []fault.Field) []fault.Field {
	switch k := e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf:
		return append(found, f.closest(e)...)
	case *kind.PropertyNames:
		return append(found, fault.Field{Path: f.key(f.body, "", len(e.InstanceLocation), k.Property), Code: "invalid_format"})
	}
	for _, cause := range e.Causes {
		found = f.leaves(cause, found)
	}
	if len(e.Causes) == 0 {
		found = append(found, faultsOf(e)...)
	}
	return found
}

// key is the path of the next key of that name which lies so deep. Of a wrong
// key the validator says how deep it lies, but not reliably where.
func (f *finder) key(v any, path string, depth int, name string) string {
	if depth < 0 {
		return ""
	}
	switch v := v.(type) {
	case map[string]any:
		if _, here := v[name]; depth == 0 && here && !f.told[join(path, name)] {
			f.told[join(path, name)] = true
			return join(path, name)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if found := f.key(v[key], join(path, key), depth-1, name); found != "" {
				return found
			}
		}
	case []any:
		for i, one := range v {
			if found := f.key(one, join(path, strconv.Itoa(i)), depth-1, name); found != "" {
				return found
			}
		}
	}
	return ""
}

func (f *finder) closest(e *jsonschema.ValidationError) []fault.Field {
	var best []fault.Field
	depth := -1
	for _, cause := range e.Causes {
		one := f.leaves(cause, nil)
		d := 0
		for _, each := range one {
			d = max(d, strings.Count(each.Path, "."))
		}
		if d > depth {
			best, depth = one, d
		}
	}
	return best
}

func faultsOf(e *jsonschema.ValidationError) []fault.Field {
	path := strings.Join(e.InstanceLocation, ".")
	at := func(key string) string {
		if path == "" {
			return key
		}
		return path + "." + key
	}
	var out []fault.Field
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, key := range k.Missing {
			out = append(out, fault.Field{Path: at(key), Code: "required"})
		}
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			out = append(out, fault.Field{Path: at(key), Code: "unknown_key"})
		}
	case *kind.Enum:
		out = append(out, fault.Field{Path: path, Code: "unknown_choice", Params: map[string]any{"value": k.Got, "allowed": words(k.Want)}})
	case *kind.Type:
		out = append(out, fault.Field{Path: path, Code: "invalid_type", Params: map[string]any{"want": strings.Join(k.Want, ", ")}})
	case *kind.Pattern:
		out = append(out, fault.Field{Path: path, Code: "invalid_format", Params: map[string]any{"pattern": k.Want}})
	case *kind.Minimum, *kind.Maximum:
		out = append(out, fault.Field{Path: path, Code: "out_of_range", Detail: e.Error()})
	case *kind.MinItems, *kind.MinLength, *kind.MinProperties:
		out = append(out, fault.Field{Path: path, Code: "required"})
	default:
		out = append(out, fault.Field{Path: path, Code: "invalid_shape", Detail: e.Error()})
	}
	return out
}

func words(values []any) string {
	out := make([]string, len(values))
	for i, v := range values {
		raw, _ := json.Marshal(v)
		out[i] = strings.Trim(string(raw), `"`)
	}
	return strings.Join(out, ", ")
}
