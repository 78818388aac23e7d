package server_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/api"
)

// veiled hires somebody who may do everything with leads but read their title.
func (c *company) veiled() caller {
	c.Helper()
	all := map[string]any{"create": true, "read": true, "update": true, "delete": true, "scope": "all"}
	lead := maps.Clone(all)
	lead["fields"] = map[string]string{"company": "hidden"}
	c.as("admin")("PUT", "/api/v1/config/role/veiled", map[string]any{
		"label": map[string]any{"en": "veiled", "zh-CN": "veiled"}, "home": "manager",
		"rights":  []string{"records.export", "records.bulk", "operations.all", "dashboard.read", "users.read"},
		"objects": map[string]any{"*": all, "lead": lead},
	}).want(c.T, "role", 201)
	user, err := c.app.Accounts.CreateUser(c.Context(), account.NewUser{Name: "veiled", Email: "veiled@example.com", Roles: []string{"veiled"}, Password: password})
	c.must(err)
	c.ids["veiled"] = user.ID
	return c.as("veiled")
}

const titleCanary = "CNRYTITLE恒锐"

// TestAHiddenTitleIsNowhere: a record's title is its label all over the program.
// Who may not read that field meets the record everywhere and its title nowhere:
// in lists, links, messages, threads, files, previews, nor in what a write answers.
func TestAHiddenTitleIsNowhere(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		by := c.veiled()
		leader := c.as("admin")
		mine := c.lead(leader, map[string]any{"company": titleCanary, "phone": "13900000777", "owner": c.ids["veiled"]})
		twin := c.lead(leader, map[string]any{"company": titleCanary + "二", "city": "苏州", "owner": c.ids["veiled"]})
		task := leader("POST", "/api/v1/records/task", map[string]any{"subject": "call", "due": c.due(1), "lead": mine, "owner": c.ids["veiled"]})
		one, other := leads+"/"+mine, leads+"/"+twin
		leader("PATCH", one, map[string]any{"company": titleCanary + "改", "city": "无锡", "owner": c.ids["veiled"]}).want(t, "renamed", 200)
		leader("POST", one+"/comments", map[string]any{"text": "看", "mentions": []string{c.ids["veiled"]}}).want(t, "comment", 204)
		asked := c.request(leader, map[string]any{"object": "lead", "action": "edit", "ids": []string{mine, twin}, "fields": map[string]any{"region": "华东"}})
		c.carry(20)
		by("PUT", "/api/v1/pins/lead/"+mine, nil)
		by("PUT", "/api/v1/recent/lead/"+mine, nil)

		places := c.readings(mine, asked)
		var bare []string
		for _, route := range api.New(api.Dependencies{}).Routes() {
			if route.Method != "GET" || !strings.HasPrefix(route.Path, api.Prefix) || route.Path == "/api/v1/live" {
				continue
			}
			paths := places[route.Path]
			if paths == nil {
				paths = []string{fillers.Replace(strings.Replace(route.Path, "{object}/{id}", "lead/"+mine, 1))}
			}
			for _, path := range paths {
				got := by("GET", path, nil)
				if strings.Contains(string(got.body), "CNRYTITLE") {
					bare = append(bare, path)
					t.Errorf("GET %s tells the title: %.600s", path, got.body)
				}
			}
		}
		for _, w := range []struct {
			method, path string
			body         any
		}{
			{"PATCH", one, map[string]any{"city": "常州"}}, {"PATCH", one, map[string]any{"city": "x", "base": map[string]any{"city": "y"}}},
			{"POST", leads, map[string]any{"phone": "13900000777"}}, {"POST", leads + "?duplicate=touch", map[string]any{"phone": "13900000777"}},
			{"POST", leads + "/duplicates", map[string]any{"phone": "13900000777"}},
			{"POST", leads + "/batch", map[string]any{"items": []any{map[string]any{"op": "update", "id": mine, "fields": map[string]any{"city": "z"}}, map[string]any{"op": "create", "fields": map[string]any{"phone": "13900000777"}}}}},
			{"POST", operations + "?dry_run=1", map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"city": "x"}}},
			{"POST", leads + "/export", map[string]any{"format": "csv", "ids": []string{mine}}},
			{"POST", one + "/merge?dry_run=1", map[string]any{"other": twin}}, {"POST", one + "/convert?preview=1", map[string]any{"targets": map[string]any{}}},
			{"POST", "/api/v1/agenda/move", map[string]any{"object": "lead", "id": mine, "due_at": c.due(4)}},
			{"POST", one + "/follow-up", map[string]any{"action": "电话沟通", "text": "x", "next_action": "电话沟通", "next_due": c.due(3)}},
			{"POST", one + "/claim", nil}, {"POST", one + "/merge", map[string]any{"other": twin}}, {"POST", one + "/merge/undo", nil},
			{"DELETE", other, nil}, {"POST", other + "/restore", nil}, {"PATCH", other, map[string]any{"company": "guess"}},
		} {
			if got := by(w.method, w.path, w.body); strings.Contains(string(got.body), "CNRYTITLE") || got.status >= 500 {
				t.Errorf("%s %s: %d %.600s", w.method, w.path, got.status, got.body)
			}
		}
		if len(bare) == 0 {
			c.seesTitle(leader, places, task.status == 201)
		}
	})
}

// readings are addresses at which records are named, by their routes' paths.
func (c *company) readings(lead, operation string) map[string][]string {
	record := "/api/v1/records/{object}/{id}"
	one := leads + "/" + lead
	return map[string][]string{
		"/api/v1/records/{object}":              {leads, leads + "?count=1", leads + "?deleted=1", "/api/v1/records/task", "/api/v1/records/task?expand=lead", "/api/v1/records/interaction?expand=lead"},
		"/api/v1/records/{object}/groups":       {leads + "/groups?group=owner", "/api/v1/records/task/groups?group=lead"},
		"/api/v1/records/{object}/export":       {leads + "/export?format=csv", "/api/v1/records/task/export?format=csv"},
		"/api/v1/records/{object}/board":        {leads + "/board"},
		record + "/thread":                      {one + "/thread?limit=500"},
		record + "/duplicates":                  {one + "/duplicates"},
		"/api/v1/inbox":                         {"/api/v1/inbox?limit=500", "/api/v1/inbox?unread=1"},
		"/api/v1/search":                        {"/api/v1/search?q=cnrytitle", "/api/v1/search?q=0777", "/api/v1/search?q=%E6%81%92%E9%94%90"},
		"/api/v1/agenda":                        {"/api/v1/agenda?from=" + c.day(0) + "&to=" + c.day(20) + "&person=all"},
		"/api/v1/operations":                    {"/api/v1/operations?all=1"},
		"/api/v1/operations/{id}":               {"/api/v1/operations/" + operation},
		"/api/v1/operations/{id}/failures":      {"/api/v1/operations/" + operation + "/failures"},
		"/api/v1/dashboards/{object}/follow-up": {"/api/v1/dashboards/lead/follow-up"},
	}
}

// seesTitle makes sure that the test can fail: who may read the title meets it
// at most of these addresses.
func (c *company) seesTitle(by caller, places map[string][]string, tasks bool) {
	c.Helper()
	told := 0
	for _, paths := range places {
		if slices.ContainsFunc(paths, func(path string) bool { return strings.Contains(string(by("GET", path, nil).body), "CNRYTITLE") }) {
			told++
		}
	}
	if told < 5 {
		c.Errorf("only %d of %d places tell the title to anybody (tasks: %t)", told, len(places), tasks)
	}
}

// TestAnExportSaysWhatTheListSays compares, for a field of every type, each cell of
// both files in both languages with the record that the list answers.
func TestAnExportSaysWhatTheListSays(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.sampleObject()
		c.sample(11, 40)
		admin := c.with("admin")
		var fields []string
		for _, f := range sampleFields {
			fields = append(fields, f.name)
		}
		fields = append(fields, "owner", "link", "number", "id")
		records := c.listed(c.as("admin"), 500, "sort", "id")
		for language, words := range map[string]struct{ yes, no, and string }{"zh-CN": {"是", "否", "、"}, "en": {"Yes", "No", ", "}} {
			header := map[string]string{"Accept-Language": language}
			path := samples + "/export?sort=id&fields=" + strings.Join(fields, ",") + "&format="
			lines := admin("GET", path+"csv", nil, header).lines(t)
			rows := admin("GET", path+"xlsx", nil, header).sheet(t)
			if len(lines) != len(records)+1 || len(rows) != len(lines) {
				t.Fatalf("%d records, %d lines, %d rows", len(records), len(lines), len(rows))
			}
			for i, record := range records {
				at := 0
				for _, f := range fields {
					want := exported(c.zone(), record[f], words.yes, words.no, words.and)
					for part, text := range want {
						if got := lines[i+1][at]; got != text && got != "'"+text {
							t.Errorf("%s line %d, %s %d: %q, want %q", language, i, f, part, got, text)
						}
						inSheet := ""
						if at < len(rows[i+1]) {
							inSheet = rows[i+1][at]
						}
						if !sameCell(inSheet, text) {
							t.Errorf("%s row %d, %s %d: %q, want %q", language, i, f, part, inSheet, text)
						}
						at++
					}
					if f == "price" && len(want) == 1 {
						at++ // a blank amount has a blank currency
					}
				}
			}
		}
	})
}

// sameCell compares a text with what a spreadsheet shows of it: it drops the
// noughts at the end of a number.
func sameCell(got, want string) bool {
	if got == want {
		return true
	}
	plain := func(text string) string {
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' && r != '-' }) || !strings.Contains(text, ".") {
			return text
		}
		return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return plain(got) == plain(want)
}

// exported is a value of a list's answer as a file says it.
func exported(zone zoned, value any, yes, no, and string) []string {
	switch v := value.(type) {
	case nil:
		return []string{""}
	case bool:
		if v {
			return []string{yes}
		}
		return []string{no}
	case []any:
		var texts []string
		for _, one := range v {
			texts = append(texts, fmt.Sprint(one))
		}
		return []string{strings.Join(texts, and)}
	case map[string]any:
		if amount, ok := v["amount"]; ok {
			return []string{fmt.Sprint(amount), fmt.Sprint(v["currency"])}
		}
		label, _ := v["label"].(string)
		return []string{label}
	}
	return []string{zone(fmt.Sprint(value))}
}

// zoned says a moment as the company's clocks show it, and any other text as it is.
type zoned func(text string) string

func (c *company) zone() zoned {
	zone := c.app.Catalog.Current().Zone()
	return func(text string) string {
		moment, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return text
		}
		return moment.In(zone).Format(time.DateTime)
	}
}
