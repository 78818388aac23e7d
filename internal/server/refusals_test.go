package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestWhatAPersonGetsWrong: people, departments, pools, leave, tokens, log-ins and
// one's own settings. One person does everything wrong, and nothing changes by it.
func TestWhatAPersonGetsWrong(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		department := c.as("admin")("GET", "/api/v1/departments", nil).items(t)[0]["id"].(string)
		user, me := "/api/v1/users/"+c.ids["s1"], "/api/v1/users/"+c.ids["leader"]
		leave := user + "/leave"
		before := c.standingPeople()
		c.refuses(t, []wrong{
			{"a user of nothing", "admin", "POST", "/api/v1/users", map[string]any{}, "422 email invalid_email, name required"},
			{"blanks", "admin", "POST", "/api/v1/users", map[string]any{"name": "\u3000", "email": " "}, "422 email invalid_email, name required"},
			{"an address without a place", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@"}, "422 email invalid_email"},
			{"an address with a name", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "X <x@example.com>"}, "422 email invalid_email"},
			{"an address that breaks lines", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@example.com\nBcc: y@example.com"}, "422 email invalid_email"},
			{"a taken address in other letters", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "S1@EXAMPLE.COM"}, "409 email email_taken"},
			{"an unknown role, the second", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@example.com", "roles": []string{"sales", "king"}}, "422 roles.1 unknown_role"},
			{"an unknown department", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@example.com", "department": absentID}, "422 department unknown_department"},
			{"a short password", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@example.com", "password": "short"}, "422 password password_too_short"},
			{"a language that we do not speak", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@example.com", "language": "fr"}, "422 language unknown_language"},
			{"a zone that is none", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@example.com", "zone": "Mars/Olympus"}, "422 zone unknown_zone"},
			{"a load below nothing", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@example.com", "capacity": -1}, "422 capacity negative"},
			{"half a record", "admin", "POST", "/api/v1/users", map[string]any{"name": "x", "email": "x@example.com", "capacity": 1.5}, "422 capacity wrong_type"},
			{"everything at once", "admin", "POST", "/api/v1/users", map[string]any{"email": "x", "password": "x", "language": "fr", "capacity": -1, "department": "x"}, "422 capacity negative, department unknown_department, email invalid_email, language unknown_language, name required, password password_too_short"},
			{"a long name", "admin", "PATCH", user, map[string]any{"name": strings.Repeat("长", 201)}, "422 name too_long"},
			{"no name", "admin", "PATCH", user, map[string]any{"name": ""}, "422 name required"},
			{"somebody else's address", "admin", "PATCH", user, map[string]any{"email": "s2@example.com"}, "409 email email_taken"},
			{"roles that are a word", "admin", "PATCH", user, map[string]any{"roles": "sales"}, "422 roles wrong_type"},
			{"what cannot be set", "admin", "PATCH", user, map[string]any{"id": "x", "open_load": 0, "away": true}, "422 away unknown_field, id unknown_field, open_load unknown_field"},
			{"the only administrator goes", "admin", "PATCH", "/api/v1/users/" + c.adminID(), map[string]any{"active": false}, "409 "},
			{"nobody", "admin", "PATCH", "/api/v1/users/" + absentID, map[string]any{"name": "x"}, "404 "},
			{"without the right", "leader", "PATCH", me, map[string]any{"name": "x"}, "403 "},
			{"a department of nothing", "admin", "POST", "/api/v1/departments", map[string]any{}, "422 name required"},
			{"below nothing", "admin", "POST", "/api/v1/departments", map[string]any{"name": "x", "parent": absentID}, "422 parent unknown_department"},
			{"led by nobody", "admin", "POST", "/api/v1/departments", map[string]any{"name": "x", "leader": absentID}, "422 leader unknown_user"},
			{"below itself", "admin", "PATCH", "/api/v1/departments/" + department, map[string]any{"parent": department}, "422 parent department_loop"},
			{"a department that is not there", "admin", "PATCH", "/api/v1/departments/" + absentID, map[string]any{"name": "x"}, "404 "},
			{"a pool of nobody's", "admin", "PUT", "/api/v1/pools/east/members", map[string]any{"members": []any{map[string]any{"user": absentID}}}, "422 members.0.user unknown_user"},
			{"the same twice", "admin", "PUT", "/api/v1/pools/east/members", map[string]any{"members": []any{map[string]any{"user": c.ids["s1"]}, map[string]any{"user": c.ids["s1"]}}}, "422 members.1.user repeated"},
			{"a weight below nothing", "admin", "PUT", "/api/v1/pools/east/members", map[string]any{"members": []any{map[string]any{"user": c.ids["s1"], "weight": -1}}}, "422 members.0.weight negative"},
			{"members that are absent", "admin", "PUT", "/api/v1/pools/east/members", map[string]any{}, "422 members required"},
			{"leave that ends before it begins", "s1", "POST", leave, map[string]any{"from": "2026-12-02", "to": "2026-12-01"}, "422 to not_after"},
			{"leave from nowhere", "s1", "POST", leave, map[string]any{"to": "2026-12-01"}, "422 from required"},
			{"leave at no time", "s1", "POST", leave, map[string]any{"from": "2026-02-30", "to": "soon"}, "422 from invalid_datetime, to invalid_datetime"},
			{"leave of a colleague", "s2", "POST", leave, map[string]any{"from": "2026-12-01", "to": "2026-12-02"}, "403 "},
			{"leave of nobody", "admin", "POST", "/api/v1/users/" + absentID + "/leave", map[string]any{"from": "2026-12-01", "to": "2026-12-02"}, "404 "},
			{"a token without a name", "s1", "POST", "/api/v1/tokens", map[string]any{"name": " "}, "422 name required"},
			{"a token that is not there", "s1", "DELETE", "/api/v1/tokens/" + absentID, nil, "404 "},
			{"one's language", "s1", "PATCH", "/api/v1/session", map[string]any{"language": "fr"}, "422 language unknown_language"},
			{"one's alerts", "s1", "PUT", "/api/v1/alerts", map[string]any{"quiet": "yes"}, "422 quiet wrong_type"},
			{"a message that is not there", "s1", "POST", "/api/v1/inbox/" + absentID + "/read", nil, "404 "},
			{"a channel's secret by a seller", "s1", "PUT", "/api/v1/channels/douyin/secret", map[string]any{"secret": "x"}, "403 "},
			{"a channel that is not there", "admin", "PUT", "/api/v1/channels/moon/secret", map[string]any{"secret": "long enough"}, "404 "},
			{"the audit's day", "admin", "GET", "/api/v1/audit?from=soon", nil, "422 from invalid_date"},
			{"rules that nobody made", "admin", "PUT", "/api/v1/security/rules", map[string]any{"profile": "none", "idle_minutes": 30, "life_hours": 12}, "422 profile unknown_choice"},
			{"demo without a demo", "admin", "POST", "/api/v1/demo/advance", map[string]any{"hours": 1}, "404 "},
		})
		if after := c.standingPeople(); after != before {
			t.Errorf("what was refused changed something:\n%s\n%s", before, after)
		}
	})
}

// refuses sends each request in both languages and compares with what is wanted.
func (c *company) refuses(t *testing.T, all []wrong) {
	t.Helper()
	for _, w := range all {
		for _, language := range []string{"en", "zh-CN"} {
			got := c.with(w.who)(w.method, w.path, w.body, map[string]string{"Accept-Language": language})
			if said := fmt.Sprint(got.status, " ", strings.Join(got.faults(t), ", ")); said != w.want {
				t.Errorf("%s: %s, want %s: %s", w.name, said, w.want, got.body)
			}
			c.speaks(w.name, got, language == "zh-CN")
		}
	}
}

// standingPeople is everything that an administrator sees of people.
func (c *company) standingPeople() string {
	c.Helper()
	admin := c.as("admin")
	var all strings.Builder
	for _, path := range []string{"/users?limit=500", "/departments", "/pools", "/users/" + c.ids["s1"] + "/leave"} {
		all.Write(admin("GET", "/api/v1"+path, nil).want(c.T, path, 200).body)
	}
	return all.String()
}

func (c *company) adminID() string {
	c.Helper()
	return c.as("admin")("GET", "/api/v1/session", nil).json(c.T)["user"].(map[string]any)["id"].(string)
}

// TestWhatIsWrongWithAnOperation: before anything is asked for it is known what
// cannot be done; the list of operations stays empty.
func TestWhatIsWrongWithAnOperation(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		id := c.lead(leader, map[string]any{"company": "甲", "owner": c.ids["s1"]})
		other := c.lead(leader, map[string]any{"company": "乙", "owner": c.ids["s1"]})
		contact := leader("POST", "/api/v1/records/contact", map[string]any{"name": "王"}).want(t, "contact", 201).json(t)["id"].(string)
		wish := func(more map[string]any) map[string]any {
			body := map[string]any{"object": "lead", "action": "edit", "ids": []string{id}, "fields": map[string]any{"city": "苏州"}}
			for k, v := range more {
				if body[k] = v; v == nil {
					delete(body, k)
				}
			}
			return body
		}
		assign := func(more map[string]any) map[string]any {
			all := map[string]any{"action": "assign", "fields": nil}
			for k, v := range more {
				all[k] = v
			}
			return wish(all)
		}
		one := leads + "/" + id
		c.refuses(t, []wrong{
			{"nothing", "leader", "POST", operations, map[string]any{}, "422 object unknown_object"},
			{"an object that is not there", "leader", "POST", operations, wish(map[string]any{"object": "moon"}), "422 object unknown_object"},
			{"an act that is none", "leader", "POST", operations, wish(map[string]any{"action": "polish"}), "422 action unknown_action"},
			{"an undo by hand", "leader", "POST", operations, wish(map[string]any{"action": "undo"}), "422 action unknown_action"},
			{"neither filter nor ids", "leader", "POST", operations, wish(map[string]any{"ids": nil}), "422 filter nothing_chosen"},
			{"no ids", "leader", "POST", operations, wish(map[string]any{"ids": []string{}}), "422 filter nothing_chosen"},
			{"both", "leader", "POST", operations, wish(map[string]any{"filter": ""}), "422 filter nothing_chosen"},
			{"half a filter", "leader", "POST", operations, wish(map[string]any{"ids": nil, "filter": "city ="}), "422 filter syntax"},
			{"a filter over nothing", "leader", "POST", operations, wish(map[string]any{"ids": nil, "filter": "moon = 1"}), "422 filter unknown_field"},
			{"nothing to write", "leader", "POST", operations, wish(map[string]any{"fields": nil}), "422 fields required"},
			{"an empty thing to write", "leader", "POST", operations, wish(map[string]any{"fields": map[string]any{}}), "422 fields required"},
			{"a field that is not there", "leader", "POST", operations, wish(map[string]any{"fields": map[string]any{"moon": 1}}), "422 moon unknown_field"},
			{"two wrong values", "leader", "POST", operations, wish(map[string]any{"fields": map[string]any{"phone": "1", "email": "x"}}), "422 email invalid_email, phone invalid_phone"},
			{"a computed field", "leader", "POST", operations, wish(map[string]any{"fields": map[string]any{"score": 5}}), "403 score read_only"},
			{"a plan for the past", "leader", "POST", operations, wish(map[string]any{"fields": map[string]any{"next_due": "2020-01-01T00:00:00Z"}}), "422 next_due in_the_past"},
			{"a reference to nothing", "leader", "POST", operations, wish(map[string]any{"fields": map[string]any{"person": absentID}}), "422 person unknown_record"},
			{"assigned to nobody", "leader", "POST", operations, assign(nil), "422 owner one_target"},
			{"assigned twice", "leader", "POST", operations, assign(map[string]any{"owner": c.ids["s1"], "pool": "east"}), "422 owner one_target"},
			{"assigned to a stranger", "leader", "POST", operations, assign(map[string]any{"owner": absentID}), "422 owner unknown_user"},
			{"assigned to no pool", "leader", "POST", operations, assign(map[string]any{"pool": "moon"}), "422 pool unknown_pool"},
			{"what he may not write", "service", "POST", operations, wish(nil), "403 city read_only"},
			{"an operation that is not there", "leader", "GET", operations + "/" + absentID, nil, "404 "},
			{"its failures", "leader", "GET", operations + "/" + absentID + "/failures", nil, "404 "},
			{"its end", "leader", "POST", operations + "/" + absentID + "/stop", nil, "404 "},
			{"its undo", "leader", "POST", operations + "/" + absentID + "/undo", nil, "404 "},
			{"going on with it", "leader", "POST", operations + "/" + absentID + "/resume", nil, "404 "},

			{"a merge with nothing", "leader", "POST", one + "/merge", map[string]any{}, "404 "},
			{"a merge with what is not there", "leader", "POST", one + "/merge", map[string]any{"other": absentID}, "404 "},
			{"a merge with another kind", "leader", "POST", one + "/merge", map[string]any{"other": contact}, "404 "},
			{"a merge by who may not delete", "s1", "POST", one + "/merge", map[string]any{"other": other}, "403 "},
			{"a merge that takes a computed value", "leader", "POST", one + "/merge", map[string]any{"other": other, "fields": map[string]string{"score": "other"}}, "422 fields.score read_only"},
			{"an undo of no merge", "leader", "POST", one + "/merge/undo", nil, "409 "},
			{"a conversion of what is not there", "leader", "POST", leads + "/" + absentID + "/convert", map[string]any{}, "404 "},
			{"a conversion of what has none", "leader", "POST", "/api/v1/records/contact/" + contact + "/convert", map[string]any{}, "404 "},
			{"an undo of no conversion", "leader", "POST", one + "/convert/undo", nil, "409 "},
			{"a target that is none", "leader", "POST", one + "/convert", map[string]any{"targets": map[string]any{"moon": map[string]any{}}}, "422 moon unknown_object"},
			{"a target's field that is none", "leader", "POST", one + "/convert", map[string]any{"targets": map[string]any{"company": map[string]any{"fields": map[string]any{"moon": 1}}}}, "422 company.moon unknown_field"},
			{"a known company that is not", "leader", "POST", one + "/convert", map[string]any{"targets": map[string]any{"company": map[string]any{"use": absentID}}}, "422 company.use unknown_record"},

			{"a pin of nothing", "leader", "PUT", "/api/v1/pins/lead/" + absentID, nil, "404 "},
			{"a pin of no kind", "leader", "PUT", "/api/v1/pins/moon/" + id, nil, "404 "},
			{"a pin of another kind", "leader", "PUT", "/api/v1/pins/contact/" + id, nil, "404 "},
			{"a pin of another's", "s2", "PUT", "/api/v1/pins/lead/" + id, nil, "404 "},
			{"opening another's", "s2", "PUT", "/api/v1/recent/lead/" + id, nil, "404 "},
			{"a comment on another's", "s2", "POST", one + "/comments", map[string]any{"text": "x"}, "404 "},
			{"a comment that is a number", "leader", "POST", one + "/comments", map[string]any{"text": 5}, "422 text wrong_type"},
			{"a long comment", "leader", "POST", one + "/comments", map[string]any{"text": strings.Repeat("长", 4001)}, "422 text too_long"},
			{"a change of no comment", "leader", "PATCH", one + "/comments/" + id + ".99999", map[string]any{"text": "x"}, "404 "},
			{"a change of what is no comment", "leader", "PATCH", one + "/comments/" + id + ".1", map[string]any{"text": "x"}, "404 "},
			{"a comment of another record", "leader", "DELETE", one + "/comments/" + other + ".1", nil, "404 "},
			{"a comment by half its name", "leader", "DELETE", one + "/comments/1", nil, "404 "},
			{"a board without a view", "leader", "GET", leads + "/board?view=moon", nil, "404 "},
			{"a board's filter", "leader", "GET", "/api/v1/records/project/board?filter=moon%3D1", nil, "422 filter unknown_field"},
			{"stages of another's", "s2", "GET", one + "/stages", nil, "404 "},
			{"a heat map that is none", "leader", "GET", "/api/v1/home/heat/moon", nil, "404 "},
			{"a cycle that is none", "leader", "GET", "/api/v1/cycles/moon", nil, "404 "},
			{"four hundred days and one", "leader", "GET", "/api/v1/reasons/lead?from=2025-01-01&to=2026-02-06", nil, "400 from range_too_long"},
			{"a search for nothing in nothing", "leader", "GET", "/api/v1/search?q=x&objects=moon", nil, "404 "},
			{"an agenda without an end", "leader", "GET", "/api/v1/agenda?from=2026-11-01", nil, "400 to invalid_date, to out_of_range"},
			{"an agenda of a year", "leader", "GET", "/api/v1/agenda?from=2026-01-01&to=2026-12-31", nil, "400 to out_of_range"},
			{"a move of nothing", "leader", "POST", "/api/v1/agenda/move", map[string]any{"object": "moon"}, "404 "},
			{"a move to nowhen", "leader", "POST", "/api/v1/agenda/move", map[string]any{"object": "lead", "id": id}, "422 due_at required"},
			{"a move with a long reason", "leader", "POST", "/api/v1/agenda/move", map[string]any{"object": "lead", "id": id, "due_at": "2030-01-01", "reason": strings.Repeat("长", 201)}, "422 reason too_long"},
		})
		if list := c.as("admin")("GET", operations+"?all=1", nil).items(t); len(list) != 0 {
			t.Errorf("%d operations were asked for all the same", len(list))
		}
	})
}
