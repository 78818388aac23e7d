package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"

	"clew.dev/clew/internal/fault"
	"github.com/goccy/go-yaml"
)

// ParseYAML reads the documents of one file. Each says its kind under the key
// `document`; several are separated by lines of "---". kind and name give what
// the text leaves out, "" when it must say so itself.
func ParseYAML(text []byte, kind, name string) ([]Document, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // the mark that some editors put in front
	if err := checkText(string(text)); err != nil {
		return nil, err
	}
	var documents []Document
	for _, part := range split(string(text)) {
		d, err := parseOne(part, kind, name)
		if err != nil {
			return nil, err
		}
		documents = append(documents, d)
	}
	return documents, nil
}

// mark is a line that sets documents apart, with or without a remark.
var mark = regexp.MustCompile(`^(---|\.\.\.)([ \t]+(#.*)?)?$`)

// split cuts a file at the lines that set documents apart; each part keeps its
// line numbers by blank lines before it, and parts without content are left out.
func split(text string) []string {
	var parts []string
	var current []string
	blank := true
	flush := func(next int) {
		if !blank {
			parts = append(parts, strings.Join(current, "\n"))
		}
		current, blank = make([]string, next), true
	}
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if mark.MatchString(line) {
			flush(i + 1)
			continue
		}
		current = append(current, line)
		trimmed := strings.TrimSpace(line)
		blank = blank && (trimmed == "" || strings.HasPrefix(trimmed, "#"))
	}
	flush(0)
	return parts
}

func parseOne(text, kind, name string) (Document, error) {
	if err := checkSize(text); err != nil {
		return Document{}, err
	}
	var raw, more any
	decoder := yaml.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&raw); err != nil {
		return Document{}, yamlFault(err)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) { // nothing is left out in silence
		return Document{}, refusal(firstLine(text), 1, "something follows the document that is not set apart by a line of ---")
	}
	body, ok := plain(raw).(map[string]any)
	if !ok {
		return Document{}, fault.New(fault.Malformed, "malformed_yaml", fault.Field{Code: "invalid_type", Line: firstLine(text), Column: 1})
	}
	if said, _ := body["document"].(string); said != "" && kind == "" {
		kind = said
	}
	d, err := NewDocument(kind, name, body)
	if problem, ok := fault.As(err); ok {
		problem.Fields = Document{Kind: kind, Name: name, Source: text}.Place(problem.Fields)
	}
	d.Source = text
	return d, err
}

// firstLine is the first line that is not blank.
func firstLine(text string) int {
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) != "" {
			return i + 1
		}
	}
	return 1
}

// yamlFault keeps the place of a syntax error.
func yamlFault(err error) error {
	e := fault.Field{Code: "malformed_yaml", Detail: err.Error()}
	var at yaml.Error
	if errors.As(err, &at) {
		e.Detail = at.GetMessage()
		if t := at.GetToken(); t != nil && t.Position != nil {
			e.Line, e.Column = t.Position.Line, t.Position.Column
		}
	}
	return &fault.Error{Kind: fault.Malformed, Code: "malformed_yaml", Fields: []fault.Field{e}, Cause: err}
}

// plain turns decoded YAML into what decoded JSON would be.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, one := range v {
			v[k] = plain(one)
		}
		return v
	case map[any]any:
		out := make(map[string]any, len(v))
		for k, one := range v {
			if s, ok := k.(string); ok {
				out[s] = plain(one)
			}
		}
		return out
	case []any:
		for i, one := range v {
			v[i] = plain(one)
		}
		return v
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) { // no number: the kind's schema says where
			return fmt.Sprint(v)
		}
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return json.Number(strings.TrimSuffix(jsonOf(v), ".0"))
		}
		return json.Number(jsonOf(v))
	case uint64, int64, int:
		return json.Number(jsonOf(v))
	}
	return v
}

func jsonOf(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return "0"
	}
	return string(raw)
}
