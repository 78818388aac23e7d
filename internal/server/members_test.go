package server_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/api"
)

// filled is a value of a body's type in which every text is the given one, every
// list has an item and every number is 1: it gets past the shape of the body to
// where its values are used.
func filled(kind reflect.Type, text string, depth int) reflect.Value {
	v := reflect.New(kind).Elem()
	if depth > 6 {
		return v
	}
	switch {
	case kind == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 3, 3, 4, 5, 6, 0, time.UTC)))
		return v
	case kind == reflect.TypeFor[json.Number]():
		v.SetString("1")
		return v
	case kind == reflect.TypeFor[json.RawMessage]():
		raw, _ := json.Marshal(text)
		v.SetBytes(raw)
		return v
	}
	switch kind.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1)
	case reflect.Pointer:
		v.Set(reflect.New(kind.Elem()))
		v.Elem().Set(filled(kind.Elem(), text, depth+1))
	case reflect.Slice:
		v.Set(reflect.Append(v, filled(kind.Elem(), text, depth+1)))
	case reflect.Map:
		v.Set(reflect.MakeMap(kind))
		key := reflect.New(kind.Key()).Elem()
		if key.Kind() == reflect.String {
			key.SetString("company")
		}
		v.SetMapIndex(key, filled(kind.Elem(), text, depth+1))
	case reflect.Interface:
		if kind.NumMethod() == 0 {
			v.Set(reflect.ValueOf(text))
		}
	case reflect.Struct:
		for i := range kind.NumField() {
			if kind.Field(i).IsExported() {
				v.Field(i).Set(filled(kind.Field(i).Type, text, depth+1))
			}
		}
	}
	return v
}

// words are the texts that every member of every body is tried with.
func words() map[string]string {
	return map[string]string{
		"a NUL": "\x00", "a NUL within": "a\x00b", "long": longNoise(5000), "long Chinese": strings.Repeat("张", 3000), "an id of none": absentID, "nothing": "", "blanks": " \u3000\t",
		"a quote": "' OR 1=1 --", "a picture": "👨‍👩‍👧‍👦", "a name": "company", "an object": "lead", "a number": "-1e400", "a moment": "9999-12-31T23:59:59Z", "a way up": "../../etc/passwd", "an address": "http://169.254.169.254/", "a filter": `company="x" AND`,
	}
}

// TestNoMemberBreaksARoute: for each route that takes a body, every member holds
// each of these words in turn, on both databases; what comes back is an answer
// or a refusal, and nothing of the inside.
func TestNoMemberBreaksARoute(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		boss := c.as("boss")
		there := c.standing(boss)
		header := c.bearers()["administrator"]
		tried := 0
		for _, route := range unsafeRoutes() {
			if route.In == nil || leavesNothing(route) {
				continue
			}
			for what, text := range words() {
				path := c.reaching(c.as("leader"), route.Path, there)
				body, err := json.Marshal(filled(reflect.TypeOf(route.In), text, 0).Interface())
				c.must(err)
				tried++
				status, head, raw := c.status(route.Method, path, body, header)
				problem(t, route.Method+" "+route.Path+" with "+what, status, head, raw)
				if what != "nothing" {
					continue
				}
				// The same with each member alone: a refusal of the first must not hide the others.
				var all map[string]json.RawMessage
				if json.Unmarshal(body, &all) != nil {
					continue
				}
				for member := range all {
					for _, hard := range []string{"\x00", longNoise(5000)} {
						one, err := json.Marshal(filled(reflect.TypeOf(route.In), hard, 0).Interface())
						c.must(err)
						var full map[string]json.RawMessage
						c.must(json.Unmarshal(one, &full))
						alone, err := json.Marshal(map[string]json.RawMessage{member: full[member]})
						c.must(err)
						status, head, raw := c.status(route.Method, path, alone, header)
						problem(t, route.Method+" "+route.Path+" with "+member+" alone", status, head, raw)
					}
				}
			}
		}
		boss("GET", "/api/v1/session", nil).want(t, "alive", 200)
		if tried < 500 {
			t.Errorf("only %d bodies", tried)
		}
	})
}

// leavesNothing are routes that would take the caller himself away.
func leavesNothing(route api.Route) bool {
	return route.Path == "/api/v1/session" && route.Method == "DELETE" || strings.HasPrefix(route.Path, "/api/v1/session/password")
}
