package reaction_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// office are the sentences in which the company itself changes: who works
// there, and by which rules.
var office = []step{
	{sentence(`capacity of _ is _`), func(s *story, a []string) { s.capacity(a[0], a[1]) }},
	{sentence(`_ leaves`), func(s *story, a []string) {
		s.administer("PATCH", "users/"+s.ids[a[0]], map[string]any{"active": false})
	}},
	{sentence(`_ comes back`), func(s *story, a []string) {
		delete(s.tokens, a[0]) // those from before are ended
		s.administer("PATCH", "users/"+s.ids[a[0]], map[string]any{"active": true})
	}},
	{sentence(`_ moves to _`), func(s *story, a []string) { s.move(a[0], a[1]) }},
	{sentence(`_ is made _`), func(s *story, a []string) {
		s.administer("PATCH", "users/"+s.ids[a[0]], map[string]any{"roles": []string{a[1]}})
	}},
	{sentence(`the rule _ _ becomes: *`), func(s *story, a []string) { s.publish(a[0], a[1], pairs(a[2])) }},
	{sentence(`_ exports _: *`), func(s *story, a []string) { s.export(a[0], a[1], a[2]) }},
}

func (s *story) administer(method, path string, body any) answer {
	s.Helper()
	a := s.ask(administrator, s.language, method, "/api/v1/"+path, body)
	s.hear(a)
	return a
}

// capacity bounds how many open leads a member of the pool east may carry.
func (s *story) capacity(person, most string) {
	s.Helper()
	var members []map[string]any
	for _, pool := range s.administer("GET", "pools", nil).items() {
		if pool["name"] != "east" {
			continue
		}
		for _, one := range pool["members"].([]any) {
			m := one.(map[string]any)
			id := m["user"].(map[string]any)["id"]
			next := map[string]any{"user": id, "weight": m["weight"], "capacity": m["capacity"]}
			if id == s.ids[person] {
				n, err := strconv.Atoi(most)
				s.must(err)
				next["capacity"] = n
			}
			members = append(members, next)
		}
	}
	s.administer("PUT", "pools/east/members", map[string]any{"members": members})
}

func (s *story) move(person, department string) {
	s.Helper()
	for _, one := range s.administer("GET", "departments", nil).items() {
		if one["name"] == department {
			s.administer("PATCH", "users/"+s.ids[person], map[string]any{"department": one["id"]})
			return
		}
	}
	s.Fatalf("no department %s", department)
}

// publish changes values in a document, each by its path, and puts it in force.
func (s *story) publish(kind, name string, changes settings) {
	s.Helper()
	document := s.administer("GET", "config/"+kind+"/"+name, nil).body
	body := document
	if inner, ok := document["body"].(map[string]any); ok {
		body = inner
	}
	for _, change := range changes {
		var value any
		if json.Unmarshal([]byte(change.value), &value) != nil {
			value = change.value
		}
		put(body, strings.Split(change.name, "."), value)
	}
	draft := fmt.Sprint(s.administer("POST", "config/drafts", map[string]any{"label": "story"}).body["id"])
	if s.administer("PUT", "config/"+kind+"/"+name+"?draft="+draft, body).refused() {
		return
	}
	done := s.administer("POST", "config/drafts/"+draft+"/publish", nil)
	if !done.refused() {
		s.say("version %v is in force", done.body["version"])
	}
}

// put sets the value at a path through objects and lists.
func put(node any, path []string, value any) {
	switch at := node.(type) {
	case map[string]any:
		if len(path) == 1 {
			at[path[0]] = value
			return
		}
		put(at[path[0]], path[1:], value)
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(at) {
			return
		}
		if len(path) == 1 {
			at[i] = value
			return
		}
		put(at[i], path[1:], value)
	}
}

// export tells the file that a person takes away, line by line.
func (s *story) export(person, object, fields string) {
	s.Helper()
	a := s.ask(person, s.language, "GET", "/api/v1/records/"+object+"/export?format=csv&sort=created_at&fields="+url.QueryEscape(strings.ReplaceAll(fields, " ", "")), nil)
	if !s.hear(a) {
		return
	}
	if a.status != http.StatusOK {
		s.Fatalf("export: %d", a.status)
	}
	for line := range strings.Lines(strings.TrimPrefix(a.text, "\ufeff")) {
		s.say("%s", strings.TrimRight(line, "\r\n"))
	}
}
