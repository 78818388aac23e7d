package server_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"clew.dev/clew/internal/api"
)

// spoken are the properties of answers that hold words for people.
var spoken = []string{"label", "plural", "title", "text", "help", "message", "detail", "advice", "label_one", "words", "warnings", "row_label", "kind_label", "record_label", "strategy_label", "condition"}

// bilingual are the routes whose answers hold configuration as it is written, in
// all languages.
var bilingual = []string{"/config/{kind}/{name}", "/config/{kind}/{name}/versions", "/config/schemas/{kind}", "/config/versions/{n}/diff", "/deliveries/{id}"}

// TestAnEnglishReaderReadsEnglish: in a company whose own data is English, nothing
// that the program or its template says to an English reader is Chinese; and a
// Chinese reader is told the same things in Chinese.
func TestAnEnglishReaderReadsEnglish(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		department := c.as("admin")("GET", "/api/v1/departments", nil).items(t)[0]["id"].(string)
		c.as("admin")("PATCH", "/api/v1/departments/"+department, map[string]any{"name": "East"}).want(t, "the one Chinese name", 200)
		addresses := c.englishCompany()
		chinese := 0
		for _, who := range []string{"admin", "leader", "s1", "marketing", "service"} {
			by := c.with(who)
			for _, route := range api.New(api.Dependencies{}).Routes() {
				if route.Method != "GET" || route.Out == nil || slices.Contains(bilingual, strings.TrimPrefix(route.Path, api.Prefix)) {
					continue
				}
				paths := addresses[route.Path]
				if paths == nil {
					paths = []string{fillers.Replace(route.Path)}
				}
				for _, path := range paths {
					for _, one := range sentences("", by("GET", path, nil, map[string]string{"Accept-Language": "en"})) {
						if hasHan(strings.ReplaceAll(one, "department 华东", "")) { // as it was once called
							t.Errorf("%s GET %s says %s", who, path, one)
						}
					}
					chinese += len(slices.DeleteFunc(sentences("", by("GET", path, nil, map[string]string{"Accept-Language": "zh-CN"})), func(one string) bool { return !hasHan(one) }))
				}
			}
		}
		if chinese < 300 {
			t.Errorf("only %d things are said in Chinese to who wants Chinese", chinese)
		}
	})
}

// sentences are the words for people in an answer, each with its place.
func sentences(place string, got answer) []string {
	var value any
	if json.Unmarshal(got.body, &value) != nil {
		return nil
	}
	return wordsIn(place, "", value)
}

func wordsIn(place, name string, value any) (found []string) {
	switch v := value.(type) {
	case string:
		if slices.Contains(spoken, name) {
			found = append(found, place+": "+v)
		}
	case []any:
		for i, one := range v {
			found = append(found, wordsIn(fmt.Sprint(place, ".", i), name, one)...)
		}
	case map[string]any:
		for key, one := range v {
			if key != "labels" && key != "zh-CN" {
				found = append(found, wordsIn(place+"."+key, key, one)...)
			}
		}
	}
	return found
}

func hasHan(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// englishCompany makes a little of everything in English, and gives the addresses
// at which it is read.
func (c *company) englishCompany() map[string][]string {
	c.Helper()
	leader, s1 := c.as("leader"), c.as("s1")
	id := c.lead(leader, map[string]any{"company": "Acme", "contact": "Ann", "phone": "13900000001", "budget": "1200.50", "owner": c.ids["s1"], "source": "抖音", "intent": "高", "region": "华东"})
	plain := c.lead(leader, map[string]any{"company": "Beta", "owner": c.ids["s1"], "status": "已战败"})
	one := leads + "/" + id
	s1("POST", one+"/claim", nil).want(c.T, "claim", 200)
	s1("POST", one+"/follow-up", map[string]any{"action": "电话沟通", "text": "called", "next_action": "电话沟通", "next_due": c.due(1)}).want(c.T, "follow-up", 201)
	leader("PATCH", one, map[string]any{"status": "跟进中", "city": "Suzhou", "intent": "中"}).want(c.T, "change", 200)
	leader("POST", one+"/comments", map[string]any{"text": "look", "mentions": []string{c.ids["s1"]}}).want(c.T, "comment", 204)
	s1("POST", one+"/convert", map[string]any{"targets": map[string]any{}}).want(c.T, "convert", 201)
	asked := c.request(leader, map[string]any{"object": "lead", "action": "edit", "ids": []string{plain, absentID}, "fields": map[string]any{"region": "华东", "intent": "低"}})
	c.carry(20)
	c.saveView(leader, "mine", map[string]any{"shape": map[string]any{"filter": `来源 = "抖音"`, "columns": []string{"company"}}})
	draft := c.as("admin")("POST", "/api/v1/config/drafts", map[string]any{"label": "draft"}).want(c.T, "draft", 201).json(c.T)["id"].(string)
	record := "/api/v1/records/{object}/{id}"
	return map[string][]string{
		"/api/v1/records/{object}":        {leads, leads + "?limit=0", "/api/v1/records/interaction"},
		"/api/v1/records/{object}/groups": {leads + "/groups?group=status,owner", leads + "/groups?group=moon"},
		"/api/v1/records/{object}/board":  {"/api/v1/records/project/board", leads + "/board"},
		"/api/v1/records/{object}/export": {one}, record: {one},
		record + "/thread": {one + "/thread?limit=500", leads + "/" + plain + "/thread"}, record + "/clocks": {one + "/clocks"}, record + "/why": {one + "/why"},
		record + "/related": {one + "/related"}, record + "/convert": {one + "/convert", leads + "/" + plain + "/convert"}, record + "/stages": {one + "/stages"},
		record + "/follow": {one + "/follow"}, record + "/duplicates": {one + "/duplicates"},
		"/api/v1/views":      {"/api/v1/views?object=lead"},
		"/api/v1/operations": {"/api/v1/operations?all=1"}, "/api/v1/operations/{id}": {"/api/v1/operations/" + asked},
		"/api/v1/operations/{id}/failures":      {"/api/v1/operations/" + asked + "/failures"},
		"/api/v1/agenda":                        {"/api/v1/agenda?from=" + c.day(0) + "&to=" + c.day(20) + "&person=all"},
		"/api/v1/home/heat/{block}":             {places["/api/v1/home/heat/{block}"]},
		"/api/v1/home/risk/{block}":             {places["/api/v1/home/risk/{block}"]},
		"/api/v1/cycles/{name}":                 {places["/api/v1/cycles/{name}"]},
		"/api/v1/channels/{name}/deliveries":    {"/api/v1/channels/douyin/deliveries"},
		"/api/v1/config/{kind}":                 {"/api/v1/config/view", "/api/v1/config/role", "/api/v1/config/block", "/api/v1/config/clock", "/api/v1/config/object", "/api/v1/config/channel"},
		"/api/v1/config/drafts/{id}":            {"/api/v1/config/drafts/" + draft},
		"/api/v1/config/{kind}/{name}/used":     {documents + "object/lead/used", documents + "object/lead/used?field=status"},
		"/api/v1/users/{id}/leave":              {"/api/v1/users/" + c.ids["s1"] + "/leave"},
		"/api/v1/users/{id}/sessions":           {"/api/v1/users/" + c.ids["s1"] + "/sessions"},
		"/api/v1/dashboards/{object}/follow-up": {"/api/v1/dashboards/lead/follow-up"},
		"/api/v1/reasons/{object}":              {"/api/v1/reasons/lead"},
		"/api/v1/search":                        {"/api/v1/search?q=acme"},
		"/api/v1/live":                          {one},
	}
}
