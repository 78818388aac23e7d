package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/api"
)

// description is /openapi.json as one person gets it.
type description struct {
	paths, schemas map[string]any
}

func (c *company) described(by caller) description {
	c.Helper()
	document := by("GET", "/openapi.json", nil).want(c.T, "the description", 200).json(c.T)
	return description{document["paths"].(map[string]any), document["components"].(map[string]any)["schemas"].(map[string]any)}
}

// answer is the schema of a route's answer, nil where the description names none.
func (d description) answer(method, path string, status int) any {
	operation, _ := at(d.paths, path, strings.ToLower(method)).(map[string]any)
	return at(operation, "responses", fmt.Sprint(status), "content", "application/json", "schema")
}

func at(node any, keys ...string) any {
	for _, key := range keys {
		m, _ := node.(map[string]any)
		node = m[key]
	}
	return node
}

// differs says in which places a value is not what its schema says. What the
// schema does not name may not be there: a client made from it would not know it.
func (d description) differs(place string, shape, value any) []string {
	schema, ok := shape.(map[string]any)
	if !ok || len(schema) == 0 {
		return nil
	}
	if name, ok := schema["$ref"].(string); ok {
		return d.differs(place, d.schemas[strings.TrimPrefix(name, "#/components/schemas/")], value)
	}
	if options, ok := schema["anyOf"].([]any); ok {
		var first []string
		for i, option := range options {
			found := d.differs(place, option, value)
			if len(found) == 0 {
				return nil
			}
			if i == 0 {
				first = found
			}
		}
		return first
	}
	if kinds := kindsOf(schema["type"]); len(kinds) > 0 && !slices.ContainsFunc(kinds, func(kind string) bool { return isKind(kind, value) }) {
		return []string{fmt.Sprintf("%s is %v, not %v", place, value, kinds)}
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, value) {
		return []string{fmt.Sprintf("%s is %v, none of %v", place, value, enum)}
	}
	switch v := value.(type) {
	case []any:
		return d.itemsDiffer(place, schema["items"], v)
	case map[string]any:
		return d.propertiesDiffer(place, schema, v)
	}
	return nil
}

func (d description) itemsDiffer(place string, shape any, items []any) (found []string) {
	for i, item := range items {
		found = append(found, d.differs(fmt.Sprintf("%s.%d", place, i), shape, item)...)
	}
	return found
}

func (d description) propertiesDiffer(place string, schema, value map[string]any) (found []string) {
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, there := value[name.(string)]; !there {
			found = append(found, fmt.Sprintf("%s lacks %s", place, name))
		}
	}
	properties, named := schema["properties"].(map[string]any)
	more, open := schema["additionalProperties"]
	for name, one := range value {
		shape, known := properties[name]
		switch {
		case known:
			found = append(found, d.differs(place+"."+name, shape, one)...)
		case open:
			found = append(found, d.differs(place+"."+name, more, one)...)
		case named:
			found = append(found, fmt.Sprintf("%s.%s is not described", place, name))
		}
	}
	return found
}

func kindsOf(kind any) (kinds []string) {
	switch kind := kind.(type) {
	case string:
		return []string{kind}
	case []any:
		for _, one := range kind {
			kinds = append(kinds, one.(string))
		}
	}
	return kinds
}

func isKind(kind string, value any) bool {
	switch v := value.(type) {
	case nil:
		return kind == "null"
	case bool:
		return kind == "boolean"
	case string:
		return kind == "string"
	case float64:
		return kind == "number" || kind == "integer" && v == float64(int64(v))
	case []any:
		return kind == "array"
	case map[string]any:
		return kind == "object"
	}
	return false
}

// TestAnswersAreAsDescribed asks each reading route that there is, of a company
// with something of everything, and compares what comes with /openapi.json:
// nothing is missing, nothing is there that is not described, each value is of its kind.
func TestAnswersAreAsDescribed(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.sampleObject()
		c.sample(7, 12)
		addresses := c.somethingOfEverything()
		for _, who := range []string{"admin", "leader", "s1"} {
			by := c.as(who)
			d := c.described(by)
			for _, route := range api.New(api.Dependencies{}).Routes() {
				if route.Method != "GET" || route.Out == nil {
					continue
				}
				paths := addresses[route.Path]
				if paths == nil {
					paths = []string{fillers.Replace(route.Path)}
				}
				for _, path := range paths {
					got := by("GET", path, nil)
					d.compare(t, who+" GET "+path, route.Path, path, got)
				}
			}
		}
	})
}

// compare holds an answer against the description, a refusal against Problem.
func (d description) compare(t *testing.T, what, template, path string, got answer) {
	t.Helper()
	var value any
	if err := json.Unmarshal(got.body, &value); err != nil {
		t.Errorf("%s: %d %.100s", what, got.status, got.body)
		return
	}
	shape := any(map[string]any{"$ref": "#/components/schemas/Problem"})
	if got.status < 400 {
		address, _, _ := strings.Cut(path, "?")
		shape = d.answer("GET", template, got.status)
		for object := range d.schemas {
			name, is := strings.CutPrefix(object, "record_")
			if is && strings.HasPrefix(address, "/api/v1/records/"+name) && strings.Contains(template, "{object}") {
				shape = d.answer("GET", strings.Replace(template, "{object}", name, 1), got.status)
			}
		}
		if shape == nil {
			t.Errorf("%s: %d is not described", what, got.status)
		}
	}
	for _, difference := range d.differs("", shape, value) {
		t.Errorf("%s: %s", what, difference)
	}
}

// somethingOfEverything makes what the reading routes tell of and gives their
// addresses by the routes' paths; a route that is not named is asked as it is.
func (c *company) somethingOfEverything() map[string][]string {
	c.Helper()
	leader, s1, admin := c.as("leader"), c.as("s1"), c.as("admin")
	lead := c.lead(leader, map[string]any{"company": "甲公司", "contact": "王", "phone": "13900000001", "budget": "1200.50", "tags": []string{"急"}, "owner": c.ids["s1"]})
	twin := c.lead(leader, map[string]any{"company": "甲公司", "owner": c.ids["s1"]})
	s1("POST", leads+"/"+lead+"/claim", nil).want(c.T, "claim", 200)
	s1("POST", leads+"/"+lead+"/follow-up", map[string]any{"action": "电话沟通", "text": "x", "next_action": "电话沟通", "next_due": c.due(1)}).want(c.T, "follow-up", 201)
	leader("POST", leads+"/"+lead+"/comments", map[string]any{"text": "看一下", "mentions": []string{c.ids["s1"]}}).want(c.T, "comment", 204)
	s1("POST", leads+"/"+lead+"/convert", map[string]any{"targets": map[string]any{}}).want(c.T, "convert", 201)
	company := s1("GET", "/api/v1/records/company", nil).items(c.T)[0]["id"].(string)
	done := admin("POST", operations, map[string]any{"object": "lead", "action": "edit", "ids": []string{twin, absentID}, "fields": map[string]any{"city": "苏州", "tags": []string{"a"}}}).want(c.T, "operation", 201).json(c.T)["id"].(string)
	c.carry(20)
	leader("PUT", "/api/v1/pins/lead/"+lead, nil)
	leader("PUT", "/api/v1/recent/lead/"+lead, nil)
	view := c.saveView(leader, "看法", nil)["id"]
	c.push(clue("m1", "c1", "13900000002", nil)).want(c.T, "clue", 200)
	c.push(clue("m2", "c2", "no phone", map[string]any{"telephone": ""}))
	c.send("POST", "/in/website-api", []byte(`{"nonsense": 1}`), map[string]string{"Authorization": "Bearer " + websiteToken})
	draft := admin("POST", "/api/v1/config/drafts", map[string]any{"label": "草稿"}).want(c.T, "draft", 201).json(c.T)["id"].(string)
	shown := admin("GET", "/api/v1/config/view", nil).items(c.T)[0]["name"].(string)
	body := admin("GET", documents+"view/"+shown, nil).json(c.T)
	body["label"] = map[string]any{"zh-CN": "改", "en": "Changed"}
	admin("PUT", documents+"view/"+shown+"?draft="+draft, body).want(c.T, "into the draft", 200)
	delivery := admin("GET", "/api/v1/channels/douyin/deliveries", nil).items(c.T)[0]["id"].(string)
	one, record := leads+"/"+lead, "/api/v1/records/{object}/{id}"
	return map[string][]string{
		"/api/v1/records/{object}":        {leads, leads + "?count=1&expand=person,organisation", "/api/v1/records/company", "/api/v1/records/contact", "/api/v1/records/sample", "/api/v1/records/interaction"},
		"/api/v1/records/{object}/groups": {leads + "/groups?group=status,owner&sum=budget,score", "/api/v1/records/sample/groups?group=day:week&sum=price", leads + "/groups?group=moon"},
		"/api/v1/records/{object}/board":  {leads + "/board", "/api/v1/records/project/board", "/api/v1/records/sample/board"},
		record:                            {one, "/api/v1/records/company/" + company + "?expand=owner"},
		record + "/thread":                {one + "/thread", leads + "/" + twin + "/thread?limit=1"},
		record + "/clocks":                {one + "/clocks", leads + "/" + twin + "/clocks"},
		record + "/why":                   {one + "/why"}, record + "/related": {one + "/related", "/api/v1/records/company/" + company + "/related"},
		record + "/convert": {one + "/convert", leads + "/" + twin + "/convert"}, record + "/stages": {one + "/stages"}, record + "/follow": {one + "/follow"},
		record + "/duplicates": {one + "/duplicates"}, record + "/export": {one}, "/api/v1/records/{object}/export": {leads + "/export?format=pdf"},
		"/api/v1/views":                         {"/api/v1/views?object=lead"},
		"/api/v1/operations":                    {"/api/v1/operations?all=1", "/api/v1/operations?limit=1"},
		"/api/v1/operations/{id}":               {"/api/v1/operations/" + done},
		"/api/v1/operations/{id}/failures":      {"/api/v1/operations/" + done + "/failures"},
		"/api/v1/search":                        {"/api/v1/search?q=" + "%E7%94%B2", "/api/v1/search?q=x&limit=0"},
		"/api/v1/agenda":                        {"/api/v1/agenda?from=" + c.day(0) + "&to=" + c.day(20) + "&person=all", "/api/v1/agenda"},
		"/api/v1/home/heat/{block}":             {places["/api/v1/home/heat/{block}"]},
		"/api/v1/home/risk/{block}":             {places["/api/v1/home/risk/{block}"]},
		"/api/v1/cycles/{name}":                 {places["/api/v1/cycles/{name}"], "/api/v1/cycles/moon"},
		"/api/v1/deliveries/{id}":               {"/api/v1/deliveries/" + delivery},
		"/api/v1/channels/{name}/deliveries":    {"/api/v1/channels/douyin/deliveries", "/api/v1/channels/website-api/deliveries?limit=1"},
		"/api/v1/config/{kind}":                 {"/api/v1/config/view", "/api/v1/config/view?draft=" + draft, "/api/v1/config/moon"},
		"/api/v1/config/{kind}/{name}":          {documents + "view/" + shown, documents + "object/lead"},
		"/api/v1/config/schemas/{kind}":         {"/api/v1/config/schemas/view"},
		"/api/v1/config/drafts/{id}":            {"/api/v1/config/drafts/" + draft},
		"/api/v1/config/versions/{n}/diff":      {"/api/v1/config/versions/1/diff"},
		"/api/v1/config/{kind}/{name}/versions": {documents + "view/" + shown + "/versions"},
		"/api/v1/config/{kind}/{name}/used":     {documents + "object/lead/used", documents + "object/lead/used?field=status"},
		"/api/v1/users/{id}/leave":              {"/api/v1/users/" + c.ids["s1"] + "/leave"},
		"/api/v1/users/{id}/sessions":           {"/api/v1/users/" + c.ids["s1"] + "/sessions"},
		"/api/v1/live":                          {one}, // a stream, see live_test.go
		"/api/v1/views/{id}":                    {fmt.Sprint("/api/v1/views/", view)},
		"/api/v1/dashboards/{object}/follow-up": {"/api/v1/dashboards/lead/follow-up"},
		"/api/v1/reasons/{object}":              {"/api/v1/reasons/lead"},
	}
}

// TestARequestIsDescribedAsItIsTaken: a new record has to have its required
// fields, a change of one need not, and both are taken as they are described.
func TestARequestIsDescribedAsItIsTaken(t *testing.T) {
	c := open(t, founded.Embedded(t))
	leader := c.as("leader")
	d := c.described(leader)
	body := func(method, path string) any {
		return at(d.paths, path, method, "requestBody", "content", "application/json", "schema")
	}
	required := func(shape any) (names []string) {
		parts, _ := at(shape, "allOf").([]any)
		for _, part := range append(parts, shape) {
			for _, name := range listOf(at(part, "required")) {
				names = append(names, fmt.Sprint(name))
			}
			if name, ok := at(part, "$ref").(string); ok {
				names = append(names, requiredOf(d.schemas[strings.TrimPrefix(name, "#/components/schemas/")])...)
			}
		}
		return names
	}
	for object, fields := range map[string]map[string]any{"company": {"name": "甲"}, "task": {"subject": "x", "due": c.due(1)}} {
		path := "/api/v1/records/" + object
		asked := required(body("post", path))
		for _, name := range asked {
			without := maps.Clone(fields)
			delete(without, name)
			if got := leader("POST", path, without).want(t, object+" without "+name, 422); !slices.Contains(got.faults(t), name+" required") {
				t.Errorf("%s: %s", object, got.body)
			}
		}
		if len(asked) == 0 {
			t.Errorf("nothing is asked for of a new %s", object)
		}
		made := leader("POST", path, fields).want(t, object, 201).json(t)
		for name := range made {
			if at(d.schemas, "record_"+object, "properties", name) == nil {
				t.Errorf("%s.%s is not described", object, name)
			}
		}
		if needs := required(body("patch", path+"/{id}")); len(needs) > 0 {
			t.Errorf("a change of a %s needs %v", object, needs)
		}
		leader("PATCH", path+"/"+made["id"].(string), map[string]any{}).want(t, "a change of nothing", 200)
	}
}

func requiredOf(shape any) (names []string) {
	for _, name := range listOf(at(shape, "required")) {
		names = append(names, fmt.Sprint(name))
	}
	return names
}

func listOf(v any) []any { list, _ := v.([]any); return list }
