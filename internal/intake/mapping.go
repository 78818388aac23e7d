package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// Mapped is what a channel's document makes of one body.
type Mapped struct {
	Values      map[string]any    // canonical, by field id
	Flags       map[string]string // field id → code of what was kept or dropped although doubtful
	DeliveryKey string
	RecordKey   string
	SourceAt    *time.Time
}

// Map reads a body by the channel's document. A body that is no JSON object is
// Malformed; one that the mapping cannot satisfy is Invalid and names each
// field at fault. It does no I/O.
func (c *Channel) Map(body []byte, in schema.Input) (Mapped, error) {
	root, err := decode(body)
	if err != nil {
		return Mapped{}, err
	}
	m := Mapped{Values: map[string]any{}, Flags: map[string]string{}}
	m.DeliveryKey = keyOf(textAt(root, c.paths.deliveryKey))
	data, err := c.data(root)
	if err != nil {
		return m, err
	}
	m.RecordKey = keyOf(textAt(data, c.paths.recordKey))
	m.SourceAt = c.sourceTime(data, in.Zone)
	in.Flag = func(f *schema.Field, code string) { m.Flags[f.ID] = code }
	return m, c.mapFields(data, in, &m)
}

func decode(body []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var root map[string]any
	if err := decoder.Decode(&root); err != nil || root == nil {
		return nil, fault.New(fault.Malformed, "malformed_body", fault.Field{Code: "not_a_json_object"})
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) { // not More: that takes a closing bracket for the end
		return nil, fault.New(fault.Malformed, "malformed_body", fault.Field{Code: "trailing_data"})
	}
	return root, nil
}

// data is the part that is mapped.
func (c *Channel) data(root map[string]any) (map[string]any, error) {
	if c.Data == "" {
		return root, nil
	}
	if data, ok := open(at(root, c.paths.data)).(map[string]any); ok {
		return data, nil
	}
	return nil, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: c.Data, Code: "not_a_json_object"})
}

func (c *Channel) mapFields(data map[string]any, in schema.Input, m *Mapped) error {
	var faults fault.Collector
	mapped, read := map[string]bool{}, map[string]bool{}
	for _, r := range c.rules {
		mapped[r.field.Name] = true
		for _, path := range r.paths {
			read[path[0]] = true
		}
		r.apply(data, in, m, &faults)
	}
	if c.Passthrough {
		c.passThrough(data, mapped, read, in, m, &faults)
	}
	return faults.Err()
}

func (r rule) apply(data map[string]any, in schema.Input, m *Mapped, faults *fault.Collector) {
	raw := r.raw(data)
	if isBlank(raw) && r.Default != "" {
		raw = r.Default
	}
	if isBlank(raw) {
		if r.Required {
			faults.Add(&fault.Field{Path: r.field.Name, Code: "required"})
		}
		return
	}
	store(r.field, raw, r.Drop, in, m, faults)
}

func store(f *schema.Field, raw any, drop bool, in schema.Input, m *Mapped, faults *fault.Collector) {
	value, bad := f.Parse(raw, in)
	switch {
	case bad == nil && value != nil:
		m.Values[f.ID] = value
	case bad != nil && drop:
		m.Flags[f.ID] = bad.Code
	case bad != nil:
		faults.Add(bad)
	}
}

// raw is the first value that a path gives, transformed and mapped.
func (r rule) raw(data map[string]any) any {
	for _, path := range r.paths {
		raw := at(data, path)
		if isBlank(raw) {
			continue
		}
		text, ok := asText(raw)
		if !ok {
			return raw
		}
		for _, name := range r.Transform {
			text = transforms[name](text)
		}
		if mapped, ok := r.Map[text]; ok {
			text = mapped
		} else if r.Only {
			text = ""
		}
		if text != "" {
			return text
		}
	}
	return nil
}

// passThrough takes values by API names. What the program itself keeps cannot
// be set from outside, and an unknown name is a fault that names it, unless a
// rule reads it. Names that begin with "_" are remarks for the delivery, never
// values.
func (c *Channel) passThrough(data map[string]any, mapped, read map[string]bool, in schema.Input, m *Mapped, faults *fault.Collector) {
	for _, name := range slices.Sorted(maps.Keys(data)) {
		raw := data[name]
		if mapped[name] || isBlank(raw) || strings.HasPrefix(name, "_") {
			continue
		}
		f, ok := c.object.Field(name)
		switch {
		case !ok && read[name]:
		case !ok:
			faults.Add(&fault.Field{Path: name, Code: "unknown_field"})
		case f.ReadOnly || f.Name == c.object.OwnerField:
			faults.Add(&fault.Field{Path: name, Code: "read_only"})
		default:
			store(f, raw, false, in, m, faults)
		}
	}
}

func (c *Channel) sourceTime(data map[string]any, zone *time.Location) *time.Time {
	if c.SourceTime == nil {
		return nil
	}
	text := textAt(data, c.paths.sourceTime)
	if text == "" {
		return nil
	}
	if zone == nil {
		zone = time.UTC
	}
	if t, ok := parseTime(text, c.SourceTime.Layout, zone); ok {
		return &t
	}
	return nil
}

// parseTime reads a source's stamp; one that no calendar of four digits has is none.
func parseTime(text, layout string, zone *time.Location) (t time.Time, ok bool) {
	var err error
	switch layout {
	case "unix", "unix_ms":
		var n int64
		n, err = strconv.ParseInt(text, 10, 64)
		if t = time.UnixMilli(n); layout == "unix" {
			t = time.Unix(n, 0)
		}
	case "", "rfc3339":
		t, err = time.Parse(time.RFC3339, text)
	default:
		t, err = time.ParseInLocation(layout, text, zone)
	}
	t = t.UTC()
	return t, err == nil && t.Year() > 0 && t.Year() <= 9999
}

// splitPath cuts "a.b[0].c" into its steps; "" gives none.
func splitPath(path string) []string {
	path = strings.NewReplacer("[", ".", "]", "").Replace(path)
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' })
}

// at follows a path; JSON in a string is opened where the path goes on into it.
func at(value any, path []string) any {
	for _, step := range path {
		switch v := open(value).(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// open turns JSON in a string into what it holds.
func open(value any) any {
	text, ok := value.(string)
	if !ok {
		return value
	}
	text = strings.TrimSpace(text)
	if text == "" || (text[0] != '{' && text[0] != '[') {
		return value
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var inner any
	if decoder.Decode(&inner) != nil {
		return value
	}
	return inner
}

func textAt(value any, path []string) string {
	if len(path) == 0 {
		return ""
	}
	text, _ := asText(at(value, path))
	return text
}

// keyMost is how many bytes of a source's own id are kept as they are.
const keyMost = 500

// keyOf is a source's own id of something as an index can hold it: one that is
// too long, or no text, goes by its digest.
func keyOf(text string) string {
	if len(text) <= keyMost && utf8.ValidString(text) && !strings.ContainsRune(text, 0) {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func asText(raw any) (string, bool) {
	switch v := raw.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

func isBlank(raw any) bool {
	switch v := raw.(type) {
	case nil:
		return true
	case string:
		return schema.Clean(v) == ""
	case []any:
		return len(v) == 0
	}
	return false
}

func upper(s string) string { return strings.ToUpper(s) }
func lower(s string) string { return strings.ToLower(s) }

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, schema.Clean(s))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(schema.Clean(s), "\n")
	return strings.TrimSpace(line)
}

// amount writes "30万" as "300000"; what is no amount gives nothing.
func amount(s string) string {
	if d, ok := schema.ParseAmount(s); ok {
		return d.Text('f')
	}
	return ""
}
