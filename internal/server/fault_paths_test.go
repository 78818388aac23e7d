package server_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
)

// wrong is a request that is refused, and where it says so.
type wrong struct {
	name, who, method, path string
	body                    any
	want                    string // status, then "path code" of each fault
}

// TestWhatIsWrongIsNamedByItsPlace: over all kinds of routes each refusal names
// the field or parameter, with a sentence in the caller's language: no Chinese
// letter in the English one, and one in the Chinese.
func TestWhatIsWrongIsNamedByItsPlace(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		id := c.lead(leader, map[string]any{"company": "甲", "phone": "13900000001", "owner": c.ids["s1"]})
		one := leads + "/" + id
		task := leader("POST", "/api/v1/records/task", map[string]any{"subject": "x", "due": "2027-01-01T00:00:00Z"}).want(t, "task", 201).json(t)["id"].(string)
		dash := "/api/v1/dashboards/"
		for _, w := range []wrong{
			{"several fields at once", "leader", "POST", leads, map[string]any{"phone": "12", "email": "x", "budget": "many", "next_due": "soon", "nonsense": 1}, "422 budget invalid_number, email invalid_email, next_due invalid_datetime, nonsense unknown_field, phone invalid_phone"},
			{"a choice", "leader", "POST", leads, map[string]any{"source": "月亮"}, "422 source unknown_choice"},
			{"a person", "leader", "POST", leads, map[string]any{"owner": "moon"}, "422 owner unknown_user"},
			{"a reference", "leader", "POST", leads, map[string]any{"person": "moon"}, "422 person unknown_record"},
			{"a type", "leader", "POST", leads, map[string]any{"company": []any{7}, "tags": map[string]any{"a": 1}}, "422 company invalid_type, tags invalid_type"},
			{"too long", "leader", "POST", leads, map[string]any{"company": strings.Repeat("长", 201)}, "422 company too_long"},
			{"read only", "leader", "POST", leads, map[string]any{"score": 5}, "403 score read_only"},
			{"a hidden field", "service", "PATCH", one, map[string]any{"budget": 5}, "403 "},
			{"required", "leader", "POST", "/api/v1/records/company", map[string]any{}, "422 name required"},
			{"a reason", "leader", "PATCH", one, map[string]any{"won_reason": "月亮"}, "422 won_reason unknown_choice"},
			{"a duplicate", "leader", "POST", leads, map[string]any{"phone": "13900000001"}, "409 phone duplicate"},
			{"a parameter", "leader", "GET", leads + "?sort=moon", nil, "400 sort unknown_field"},
			{"a limit", "leader", "GET", leads + "?limit=501", nil, "400 limit out_of_range"},
			{"no number", "leader", "GET", leads + "?limit=x", nil, "400 limit out_of_range"},
			{"a filter", "leader", "GET", leads + "?filter=moon%3D1", nil, "422 filter unknown_field"},
			{"half a filter", "leader", "GET", leads + "?filter=city%3D", nil, "422 filter syntax"},
			{"a group", "leader", "GET", leads + "/groups?group=tags", nil, "400 group not_groupable"},
			{"a sum", "leader", "GET", leads + "/groups?group=status&sum=city", nil, "400 sum unknown_field"},
			{"a follow-up", "leader", "POST", one + "/follow-up", map[string]any{}, "422 action required, next_action required, next_due required"},
			{"a deadline that is past", "leader", "POST", one + "/follow-up", map[string]any{"action": "电话沟通", "next_action": "电话沟通", "next_due": "2020-01-01T00:00:00Z"}, "422 next_due in_the_past"},
			{"an outcome", "leader", "POST", one + "/follow-up", map[string]any{"action": "电话沟通", "outcome": "月亮"}, "422 outcome unknown_choice"},
			{"an empty comment", "leader", "POST", one + "/comments", map[string]any{"text": "\n"}, "422 text required"},
			{"the third of those mentioned", "leader", "POST", one + "/comments", map[string]any{"text": "x", "mentions": []string{c.ids["s1"], c.ids["leader"], "nobody", c.ids["s1"]}}, "422 mentions.2 unknown_user"},
			{"the first and the last", "leader", "POST", one + "/comments", map[string]any{"text": "x", "mentions": []string{"zzz", c.ids["s1"], c.ids["s2"]}}, "422 mentions.0 unknown_user, mentions.2 mention_cannot_read"},
			{"too many of them", "leader", "POST", one + "/comments", map[string]any{"text": "x", "mentions": strings.Fields(strings.Repeat("a ", 21))}, "422 mentions too_many"},
			{"a batch without items", "leader", "POST", leads + "/batch", map[string]any{}, "422 items required"},
			{"an alert", "leader", "PUT", "/api/v1/alerts", map[string]any{"off": []string{"touched", "moon"}}, "422 off unknown_choice"},
			{"a property that nobody knows", "leader", "PUT", "/api/v1/alerts", map[string]any{"of": []string{}}, "422 of unknown_field"},
			{"a view's object", "leader", "POST", views, map[string]any{"object": "moon", "label": "x", "shape": map[string]any{}}, "404 "},
			{"a view without a name", "leader", "POST", views, map[string]any{"object": "lead", "label": " ", "shape": map[string]any{}}, "422 label required"},
			{"a column of a view", "leader", "POST", views, map[string]any{"object": "lead", "label": "x", "shape": map[string]any{"columns": []string{"city", "moon"}}}, "422 shape.columns.1 unknown_field"},
			{"an agenda's day", "leader", "GET", "/api/v1/agenda?from=2026-13-01&to=2026-12-01", nil, "400 from invalid_date, to out_of_range"},
			{"a move without a time", "leader", "POST", "/api/v1/agenda/move", map[string]any{"object": "task", "id": task, "due_at": "x"}, "422 due_at invalid_datetime"},
			{"a dashboard's day", "leader", "GET", dash + "lead-health?from=yesterday&to=2026-01-01", nil, "400 from invalid_date"},
			{"a merge with itself", "leader", "POST", one + "/merge", map[string]any{"other": id}, "422 other same_record"},
			{"a merge's field", "leader", "POST", one + "/merge?dry_run=1", map[string]any{"other": "x", "fields": map[string]string{"moon": "this"}}, "422 fields.moon unknown_field"},
			{"whose value a merge takes", "leader", "POST", one + "/merge?dry_run=1", map[string]any{"other": "x", "fields": map[string]string{"city": "mine"}}, "422 fields.city unknown_choice"},
			{"an operation's fields", "leader", "POST", operations, map[string]any{"object": "lead", "action": "edit", "filter": "", "fields": map[string]any{"phone": "x"}}, "422 phone invalid_phone"},
			{"an export's fields", "leader", "GET", leads + "/export?format=csv&fields=city,moon", nil, "400 fields unknown_field"},
			{"an export's format", "leader", "GET", leads + "/export?format=pdf", nil, "400 format unknown_choice"},
			{"a user's address", "admin", "POST", "/api/v1/users", map[string]any{"name": "", "email": "x"}, "422 email invalid_email, name required"},
			{"a department", "admin", "POST", "/api/v1/departments", map[string]any{"name": "x", "parent": "moon"}, "422 parent unknown_department"},
			{"a role", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@y.cn", "roles": []string{"sales", "moon"}}, "422 roles.1 unknown_role"},
		} {
			for language, chinese := range map[string]bool{"en": false, "zh-CN": true} {
				got := c.with(w.who)(w.method, w.path, w.body, map[string]string{"Accept-Language": language})
				text := fmt.Sprint(got.status, " ", strings.Join(got.faults(t), ", "))
				if text != w.want {
					t.Errorf("%s: %s, want %s: %s", w.name, text, w.want, got.body)
					break
				}
				c.speaks(w.name+" in "+language, got, chinese)
			}
		}
	})
}

// speaks holds of a problem's title and its messages.
func (c *company) speaks(what string, got answer, chinese bool) {
	c.Helper()
	problem := got.json(c.T)
	texts := []string{fmt.Sprint(problem["title"])}
	faults, _ := problem["errors"].([]any)
	for _, one := range faults {
		texts = append(texts, fmt.Sprint(one.(map[string]any)["message"]))
	}
	for _, text := range texts {
		bare := strings.NewReplacer("月亮", "", "甲", "").Replace(text)
		if has := strings.ContainsFunc(bare, func(r rune) bool { return unicode.Is(unicode.Han, r) }); has != chinese {
			c.Errorf("%s says %q", what, text)
		}
	}
}
