package config

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// flowWidth is how wide a value may be that is written on one line.
const flowWidth = 120

// plainText is what needs no quotes anywhere in YAML; words that mean
// something else are excepted below.
var plainText = regexp.MustCompile(`^[A-Za-z_\p{Han}][A-Za-z0-9_./\p{Han}-]*$`)

// FormatYAML writes a document as a file holds it. The same document always
// gives the same text, and ParseYAML gives the document back.
func FormatYAML(d Document) ([]byte, error) {
	body, err := d.fields()
	if err != nil {
		return nil, err
	}
	body["document"] = d.Kind
	var w yamlWriter
	w.mapping(body, 0, false)
	return []byte(w.b.String()), nil
}

// keyOrder is the order in which people expect the keys that most documents
// have; the others follow by alphabet.
func keyOrder() []string {
	return []string{
		"document", "id", "name", "label", "plural", "help", "kind", "type", "object", "field", "paths", "when", "then",
		"title", "owner", "words", "on", "start", "satisfied", "cancelled", "restart", "target", "zh-CN", "en",
	}
}

func orderedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	first := keyOrder()
	slices.SortFunc(keys, func(a, b string) int {
		i, j := slices.Index(first, a), slices.Index(first, b)
		switch {
		case i >= 0 && j >= 0:
			return i - j
		case i >= 0:
			return -1
		case j >= 0:
			return 1
		}
		return strings.Compare(a, b)
	})
	return keys
}

// yamlWriter writes block style, and flow style for what fits on a line.
type yamlWriter struct{ b strings.Builder }

// mapping writes one key a line; the first of a list item stands behind its dash.
func (w *yamlWriter) mapping(m map[string]any, indent int, afterDash bool) {
	for i, key := range orderedKeys(m) {
		if i > 0 || !afterDash {
			w.b.WriteString(strings.Repeat("  ", indent))
		}
		w.b.WriteString(yamlText(key) + ":")
		w.value(m[key], indent, utf8.RuneCountInString(key))
	}
}

func (w *yamlWriter) value(v any, indent, used int) {
	flow := yamlFlow(v)
	if utf8.RuneCountInString(flow)+2*indent+used <= flowWidth {
		w.b.WriteString(" " + flow + "\n")
		return
	}
	switch v := v.(type) {
	case map[string]any:
		w.b.WriteString("\n")
		w.mapping(v, indent+1, false)
	case []any:
		w.b.WriteString("\n")
		for _, item := range v {
			w.item(item, indent+1)
		}
	default:
		w.b.WriteString(" " + flow + "\n")
	}
}

func (w *yamlWriter) item(v any, indent int) {
	w.b.WriteString(strings.Repeat("  ", indent) + "- ")
	flow := yamlFlow(v)
	m, isMap := v.(map[string]any)
	if isMap && utf8.RuneCountInString(flow)+2*indent > flowWidth {
		w.mapping(m, indent+1, true)
		return
	}
	w.b.WriteString(flow + "\n")
}

func yamlFlow(v any) string {
	switch v := v.(type) {
	case map[string]any:
		parts := make([]string, 0, len(v))
		for _, key := range orderedKeys(v) {
			parts = append(parts, yamlText(key)+": "+yamlFlow(v[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = yamlFlow(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case string:
		return yamlText(v)
	case json.Number:
		return v.String()
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}

func yamlText(s string) string {
	switch {
	case plainText.MatchString(s) && !isYAMLWord(s):
		return s
	case strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == utf8.RuneError
	}):
		raw, err := json.Marshal(s)
		if err != nil {
			return `""`
		}
		return string(raw)
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// isYAMLWord says that a text would be read as something else without quotes.
func isYAMLWord(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf":
		return true
	}
	return false
}
