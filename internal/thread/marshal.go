package thread

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// marshal writes parameters as encoding/json would without escaping HTML, names
// in order, into room, of which it returns what it needed. What they mostly
// consist of it writes without reflection.
func marshal(room []byte, params map[string]any) (text string, _ []byte, err error) {
	if len(params) == 0 {
		return "{}", room, nil
	}
	room, err = appendJSON(room[:0], params)
	return string(room), room, err
}

func appendJSON(b []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(b, "null"...), nil
	case string:
		return appendText(b, v)
	case bool:
		return strconv.AppendBool(b, v), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case map[string]any:
		return appendObject(b, v, appendJSON)
	case map[string]string:
		return appendObject(b, v, appendText)
	case []any:
		return appendList(b, v, appendJSON)
	case []string:
		return appendList(b, v, appendText)
	case []map[string]any:
		return appendList(b, v, func(b []byte, one map[string]any) ([]byte, error) { return appendJSON(b, one) })
	}
	return appendOther(b, value)
}

// appendOther writes what is seldom met. The library's line break is cut off.
func appendOther(b []byte, value any) ([]byte, error) {
	out := writer{b}
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return b, err
	}
	return out.text[:len(out.text)-1], nil
}

// writer appends what is written to it.
type writer struct{ text []byte }

func (w *writer) Write(p []byte) (int, error) {
	w.text = append(w.text, p...)
	return len(p), nil
}

func appendObject[V any](b []byte, object map[string]V, one func([]byte, V) ([]byte, error)) ([]byte, error) {
	if object == nil {
		return append(b, "null"...), nil
	}
	var few [32]string
	names := few[:0]
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	var err error
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendText(b, name); err != nil {
			return b, err
		}
		if b, err = one(append(b, ':'), object[name]); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

func appendList[V any](b []byte, list []V, one func([]byte, V) ([]byte, error)) ([]byte, error) {
	if list == nil {
		return append(b, "null"...), nil
	}
	var err error
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = one(b, v); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

// appendText writes a text that needs no escape itself.
func appendText(b []byte, text string) ([]byte, error) {
	if !plain(text) {
		return appendOther(b, text)
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"'), nil
}

// plain says that a text stands in JSON as it is: U+2028 and U+2029, the only
// letters beyond ASCII that do not, are left to the library.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c == 0xe2 && i+2 < len(text) && text[i+1] == 0x80 && text[i+2]&^1 == 0xa8 {
			return false
		}
	}
	return utf8.ValidString(text)
}
