package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"clew.dev/clew/internal/config"
)

// hostile are values that stand where others are wanted: of other types, empty,
// deep, long, with what no text holds, and names of what is not there.
func hostile() []any {
	deep := any("x")
	for range 60 {
		deep = []any{deep}
	}
	many := make([]any, 3000)
	for i := range many {
		many[i] = map[string]any{"id": "same", "name": "same"}
	}
	return []any{
		nil, true, -1, 1e300, json.Number("123456789012345678901234567890"), "", "nobody_made_this", "a\u0000b", "../../etc/passwd", "{{x}}", "((((((", "owner = ",
		"REPEAT(REPEAT(", strings.Repeat("长", 70_000), []any{}, []any{nil}, map[string]any{}, map[string]any{"": ""}, map[string]any{"unknown": map[string]any{"zh-CN": 1}}, deep, many,
		strings.Repeat("NOT ", 3000) + "TRUE", strings.Repeat("(", 5000), "1" + strings.Repeat("+1", 20_000),
	}
}

// spots are the paths of all values of a document, each as a function that puts another there.
func spots(value any, path string, put func(any), found *[]spot) {
	*found = append(*found, spot{path, put})
	switch v := value.(type) {
	case map[string]any:
		for _, name := range sortedKeys(v) {
			spots(v[name], path+"."+name, func(x any) { v[name] = x }, found)
		}
	case []any:
		for i := range v {
			spots(v[i], path+"."+strconv.Itoa(i), func(x any) { v[i] = x }, found)
		}
	}
}

type spot struct {
	path string
	put  func(any)
}

func sortedKeys(m map[string]any) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// hostileTries is how many values are tried in a document of each kind.
const hostileTries = 4

// TestHostileDocumentsOfEveryKind: whatever stands at any place of a document of
// any kind, writing, checking, comparing and counting it answers with what is
// wrong and where, and never breaks.
func TestHostileDocumentsOfEveryKind(t *testing.T) {
	c := open(t, founded.Embedded(t))
	admin := c.as("admin")
	admin("PUT", documents+"field/lead.extra", map[string]any{"object": "lead", "type": "text", "label": map[string]any{"zh-CN": "另外", "en": "Extra"}}).want(t, "a field of its own", 201)
	luck := rand.New(rand.NewPCG(20, 11))
	values := hostile()
	draft := admin("POST", documents+"drafts", map[string]any{}).want(t, "draft", 201).json(t)["id"].(string)
	for _, kind := range config.Kinds() {
		items := admin("GET", documents+kind, nil).want(t, kind, 200).items(t)
		name := items[luck.IntN(len(items))]["name"].(string)
		original := admin("GET", documents+kind+"/"+name, nil).want(t, name, 200).body
		for range hostileTries {
			var body map[string]any
			c.must(json.Unmarshal(original, &body))
			var found []spot
			spots(body, "", func(any) {}, &found)
			one, value := found[1+luck.IntN(len(found)-1)], values[luck.IntN(len(values))]
			if luck.IntN(8) == 0 {
				body["unheard_of"] = value
			} else {
				one.put(value)
			}
			what := fmt.Sprintf("%s/%s%s = %.60s", kind, name, one.path, fmt.Sprint(value))
			c.standsUp(admin, draft, kind+"/"+name, what, body)
		}
		admin("PUT", documents+kind+"/"+name+"?draft="+draft, original).want(t, "the original "+name, 200)
	}
}

// standsUp writes a document into a draft and asks all that can be asked of it.
func (c *company) standsUp(admin caller, draft, document, what string, body map[string]any) {
	c.Helper()
	in := documents + "drafts/" + draft
	put := admin("PUT", documents+document+"?draft="+draft, body)
	c.refusedWell(what+": put", put)
	if put.status != 200 {
		return
	}
	for _, ask := range []string{"/validate", "/diff", "/effects"} {
		c.refusedWell(what+": "+ask, admin("POST", in+ask, nil))
	}
	c.refusedWell(what+": get", admin("GET", documents+document+"?draft="+draft, nil))
}

// refusedWell holds of an answer that is either well or says what is wrong, and where.
func (c *company) refusedWell(what string, got answer) {
	c.Helper()
	if got.status/100 == 2 {
		return
	}
	kind := got.header.Get("Content-Type")
	if got.status >= 500 || !strings.HasPrefix(kind, "application/problem+json") || got.status == 422 && len(got.faults(c.T)) == 0 {
		c.Errorf("%s: %d %s %.600s", what, got.status, kind, got.body)
	}
	for _, f := range got.faults(c.T) {
		if strings.HasPrefix(f, " ") {
			c.Errorf("%s: without a path: %.300s", what, got.body)
		}
	}
}

// TestADraftNeedNotHaveItsShape: what cannot be read yet is compared and counted
// as far as it goes, and told with its place when it is validated.
func TestADraftNeedNotHaveItsShape(t *testing.T) {
	c := open(t, founded.Embedded(t))
	admin := c.as("admin")
	for _, one := range []struct{ kind, name, path, at string }{
		{"object", "ticket", "fields.0.label", "fields.0.label"}, {"object", "ticket", "fields.0", "fields.0"}, {"object", "ticket", "fields", "fields.0"},
		{"block", "sales.due_today", "position", "position"},
	} {
		draft := admin("POST", documents+"drafts", map[string]any{}).want(t, "draft", 201).json(t)["id"].(string)
		body := admin("GET", documents+one.kind+"/"+one.name, nil).want(t, one.name, 200).json(t)
		var found []spot
		spots(body, "", func(any) {}, &found)
		for _, s := range found {
			if s.path == "."+one.path {
				s.put([]any{true})
			}
		}
		c.standsUp(admin, draft, one.kind+"/"+one.name, one.path, body)
		got := admin("POST", documents+"drafts/"+draft+"/validate", nil).want(t, one.path, 422).faults(t)
		if !slices.ContainsFunc(got, func(f string) bool { return strings.HasSuffix(f, one.at+" invalid_type") }) {
			t.Errorf("%s: %v", one.path, got)
		}
	}
	body := admin("GET", documents+"block/sales.due_today", nil).json(t)
	body["position"] = json.Number("123456789012345678901234567890")
	if got := admin("PUT", documents+"block/sales.due_today", body).want(t, "a number beyond all", 422).faults(t); len(got) != 1 || got[0] != "position invalid_shape" {
		t.Errorf("a number beyond all: %v", got)
	}
}
