package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestEdgesOfTheContract: what a program may do by the letter of the contract
// and a browser never does.
func TestEdgesOfTheContract(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		t.Run("both conditions count", func(t *testing.T) { bothConditionsCount(t, c) })
		t.Run("a name without an id names nobody", func(t *testing.T) { aLabelNamesNobody(t, c) })
		t.Run("a list of names", func(t *testing.T) { namesInAList(t, c) })
		t.Run("a file under a key", func(t *testing.T) { aFileUnderAKey(t, c) })
		t.Run("the agenda goes by the clock", func(t *testing.T) { theAgendaGoesByTheClock(t, c) })
		t.Run("limits and cursors are named", func(t *testing.T) { limitsAndCursorsAreNamed(t, c) })
		t.Run("a body that is too large", func(t *testing.T) { whatIsTooLarge(t, c) })
		t.Run("what a key does not keep", func(t *testing.T) { refusalsUnderAKey(t, c) })
	})
}

// bothConditionsCount: If-Match is about the whole record, base about the fields
// that are changed. Who sends both means both.
func bothConditionsCount(t *testing.T, c *company) {
	leader := c.with("leader")
	path := leads + "/" + c.lead(c.as("leader"), map[string]any{"company": "甲", "owner": c.ids["s1"]})
	for _, one := range []struct {
		name        string
		fresh, base bool // what the client knows is as it is
		match       bool // it sends If-Match at all
		status      int
	}{
		{"both hold", true, true, true, 200},
		{"the record changed elsewhere", false, true, true, 412},
		{"the field changed", true, false, true, 409},
		{"both changed", false, false, true, 412},
		{"the record changed elsewhere, and nobody asks", false, true, false, 200},
		{"the field changed, without If-Match", false, false, false, 409},
	} {
		before := leader("GET", path, nil, nil)
		tag := before.header.Get("ETag")
		if !one.fresh {
			leader("PATCH", path, map[string]any{"city": one.name}, nil).want(t, "a change by somebody", 200)
		}
		seen := before.json(t)["contact"]
		if !one.base {
			seen = "whoever"
		}
		header := map[string]string{}
		if one.match {
			header["If-Match"] = tag
		}
		got := leader("PATCH", path, map[string]any{"contact": one.name, "base": map[string]any{"contact": seen}}, header).want(t, one.name, one.status)
		if after := leader("GET", path, nil, nil).json(t)["contact"]; (after == one.name) != (one.status == 200) {
			t.Errorf("%s: %d, and the field holds %v: %s", one.name, got.status, after, got.body)
		}
	}
}

// aLabelNamesNobody: an object is taken for a person or a record by its id; one
// that has none is no way to empty the field.
func aLabelNamesNobody(t *testing.T, c *company) {
	leader := c.as("leader")
	person := leader("POST", "/api/v1/records/contact", map[string]any{"name": "王"}).want(t, "contact", 201).json(t)["id"]
	path := leads + "/" + c.lead(leader, map[string]any{"company": "乙", "owner": c.ids["s1"], "person": person})
	for _, field := range []string{"owner", "person"} {
		for _, wrong := range []any{map[string]any{}, map[string]any{"label": "s1"}, map[string]any{"ID": person}, []any{person}, 7, true} {
			got := leader("PATCH", path, map[string]any{field: wrong})
			if faults := got.faults(t); got.status != 422 || len(faults) != 1 || !strings.HasPrefix(faults[0], field+" ") {
				t.Errorf("%s as %v: %d %s", field, wrong, got.status, got.body)
			}
		}
		if held := leader("GET", path, nil).json(t)[field]; held == nil {
			t.Fatalf("%s was emptied by an object without an id", field)
		}
		whole := leader("GET", path+"?expand=person", nil).json(t)[field]
		leader("PATCH", path, map[string]any{field: whole}).want(t, field+" as it is answered", 200)
		for _, blank := range []any{nil, "", map[string]any{"id": nil}} {
			if got := leader("PATCH", path, map[string]any{field: blank}).want(t, fmt.Sprint(field, " as ", blank), 200).json(t); got[field] != nil {
				t.Errorf("%s as %v is %v", field, blank, got[field])
			}
		}
	}
}

// namesInAList: people write blanks after commas and programs join lists, so a
// name may come twice; a record has each property once.
func namesInAList(t *testing.T, c *company) {
	leader := c.as("leader")
	id := c.lead(leader, map[string]any{"company": "丙", "city": "苏州", "budget": "10"})
	one := "&filter=" + `id%3D"` + id + `"`
	plain := leader("GET", leads+"?fields=company,city"+one, nil).want(t, "plain", 200)
	for _, fields := range []string{"company,%20city", "company,city,company", "%20company%20,city,%09city"} {
		if got := leader("GET", leads+"?fields="+fields+one, nil).want(t, fields, 200); string(got.body) != string(plain.body) {
			t.Errorf("%s: %s, want %s", fields, got.body, plain.body)
		}
	}
	for _, fields := range []string{"company,", ",", "%20", "company,,city", "company;city", "company%20city", "Company", "公司"} {
		got := leader("GET", leads+"?fields="+fields+one, nil)
		if got.status == 200 || got.status >= 500 {
			t.Errorf("fields=%s: %d %s", fields, got.status, got.body)
		}
	}
	for _, sort := range []string{"company,%20-city", "company,company", "company,-company"} {
		leader("GET", leads+"?sort="+sort, nil).want(t, sort, 200)
	}
	file := leader("POST", leads+"/export", map[string]any{"format": "csv", "ids": []string{id, id}, "fields": []string{"budget", " city", "budget"}}).lines(t)
	if diff := cmp.Diff([][]string{{"预算", "预算（币种）", "城市"}, {"10.00", "CNY", "苏州"}}, file); diff != "" {
		t.Error(diff)
	}
	for _, ids := range []any{nil, []string{}, []string{"x", "' OR 1=1 --"}} {
		if lines := leader("POST", leads+"/export", map[string]any{"format": "csv", "ids": ids}).lines(t); len(lines) != 1 {
			t.Errorf("chosen %v: %d lines", ids, len(lines))
		}
	}
}

// aFileUnderAKey: a file only reads. Repeated under its key it is the file of
// today with its name, not the answer of before without one.
func aFileUnderAKey(t *testing.T, c *company) {
	leader := c.with("leader")
	id := c.lead(c.as("leader"), map[string]any{"company": "丁"})
	for _, format := range []string{"csv", "xlsx"} {
		key := map[string]string{"Idempotency-Key": "file of " + format}
		body := map[string]any{"format": format, "ids": []string{id}, "fields": []string{"company"}}
		leader("PATCH", leads+"/"+id, map[string]any{"company": "丁一"}, nil).want(t, "name", 200)
		first := leader("POST", leads+"/export", body, key).want(t, format, 200)
		leader("PATCH", leads+"/"+id, map[string]any{"company": "丁二"}, nil).want(t, "another name", 200)
		again := leader("POST", leads+"/export", body, key).want(t, format+" again", 200)
		if name := again.header.Get("Content-Disposition"); name == "" || name != first.header.Get("Content-Disposition") {
			t.Errorf("%s: the file is called %q", format, name)
		}
		text := string(again.body)
		if format == "xlsx" {
			text = fmt.Sprint(again.sheet(t))
		}
		if !strings.Contains(text, "丁二") {
			t.Errorf("%s again: %.200s", format, text)
		}
	}
}

// theAgendaGoesByTheClock: a moment within a second comes after the second.
func theAgendaGoesByTheClock(t *testing.T, c *company) {
	s2 := c.as("s2")
	noon := c.due(3)
	for _, after := range []time.Duration{500 * time.Millisecond, 0, 250 * time.Millisecond, time.Microsecond, time.Second, -time.Microsecond} {
		s2("POST", "/api/v1/records/task", map[string]any{"subject": strings.Replace(after.String(), "µ", "u", 1), "due": noon.Add(after).Format(time.RFC3339Nano)}).want(t, "task", 201)
	}
	var got []string
	for _, item := range s2("GET", "/api/v1/agenda?to="+c.day(5), nil).items(t) {
		got = append(got, item["label"].(string))
	}
	if want := "-1us 0s 1us 250ms 500ms 1s"; strings.Join(got, " ") != want {
		t.Errorf("the agenda says %s, want %s", got, want)
	}
}

// limitsAndCursorsAreNamed: whichever list it is, the refusal names the parameter.
func limitsAndCursorsAreNamed(t *testing.T, c *company) {
	admin := c.as("admin")
	id := c.lead(c.as("leader"), map[string]any{"company": "戊", "owner": c.ids["s1"]})
	operation := c.as("admin")("POST", operations, map[string]any{"object": "lead", "action": "edit", "ids": []string{id}, "fields": map[string]any{"city": "x"}}).want(t, "operation", 201).json(t)["id"].(string)
	for path, most := range map[string]string{
		leads + "?": "500", leads + "/" + id + "/thread?": "500", "/api/v1/users?": "500", "/api/v1/inbox?": "500", "/api/v1/operations?": "500",
		"/api/v1/operations/" + operation + "/failures?": "500", "/api/v1/audit?": "500", "/api/v1/channels/douyin/deliveries?": "500", "/api/v1/search?q=x&": "50",
	} {
		for _, limit := range []string{"0", "-1", "501", "x", "1.0", "1e2", "0x10", "99999999999999999999", "%20", "１"} {
			if path == "/api/v1/search?q=x&" && limit == "501" {
				limit = "51"
			}
			got := admin("GET", path+"limit="+limit, nil).want(t, path+limit, 400)
			if faults := got.faults(t); len(faults) != 1 || !strings.HasPrefix(faults[0], "limit ") || !strings.Contains(string(got.body), most) {
				t.Errorf("%slimit=%s: %s", path, limit, got.body)
			}
		}
		admin("GET", path+"limit="+most, nil).want(t, path+"the most", 200)
		admin("GET", path+"limit=1", nil).want(t, path+"one", 200)
		admin("GET", path+"limit=", nil).want(t, path+"nothing said", 200)
		for _, cursor := range []string{"x", "AAAA", "%00", "null"} {
			got := admin("GET", path+"cursor="+cursor, nil).want(t, path+cursor, 400)
			if faults := fmt.Sprint(got.faults(t)); cursor != "%00" && faults != "[cursor invalid_cursor]" {
				t.Errorf("%scursor=%s: %s", path, cursor, got.body)
			}
		}
	}
}

// whatIsTooLarge: more items than a call takes are refused before any is done.
func whatIsTooLarge(t *testing.T, c *company) {
	leader := c.as("leader")
	before := leader("GET", leads+"?count=exact&limit=1", nil).json(t)["count"]
	items := make([]any, 501)
	for i := range items {
		items[i] = map[string]any{"op": "create", "fields": map[string]any{"company": fmt.Sprint("one of many ", i)}}
	}
	for _, language := range []string{"zh-CN", "en"} {
		got := c.with("leader")("POST", leads+"/batch", map[string]any{"items": items}, map[string]string{"Accept-Language": language}).want(t, "501 items", 400)
		if !strings.Contains(string(got.body), "500") {
			t.Errorf("%s does not say how many: %s", language, got.body)
		}
	}
	var ids []string
	for i := range 5001 {
		ids = append(ids, fmt.Sprint("x", i))
	}
	leader("POST", leads+"/export", map[string]any{"format": "csv", "ids": ids}).want(t, "5,001 records in a file", 400)
	leader("POST", leads+"/export", map[string]any{"format": "csv", "ids": ids[1:]}).want(t, "5,000 records in a file", 200)
	leader("POST", operations, map[string]any{"object": "lead", "action": "delete", "ids": ids}).want(t, "5,001 records in an operation", 400)
	if now := leader("GET", leads+"?count=exact&limit=1", nil).json(t)["count"]; now != before {
		t.Errorf("%v leads, then %v", before, now)
	}
}

// refusalsUnderAKey: what was refused leaves no answer behind, whatever the
// refusal; what was done leaves one for each person apart.
func refusalsUnderAKey(t *testing.T, c *company) {
	leader, s1 := c.with("leader"), c.with("s1")
	key := map[string]string{"Idempotency-Key": "one key for all"}
	id := c.lead(c.as("leader"), map[string]any{"company": "己", "owner": c.ids["s2"]})
	for what, path := range map[string]string{"may not read": leads + "/" + id + "/claim", "is not there": leads + "/" + absentID + "/claim", "no object": "/api/v1/records/moon", "no route": "/api/v1/moon"} {
		s1("POST", path, map[string]any{}, key).want(t, what, http.StatusNotFound)
	}
	s1("POST", "/api/v1/users", map[string]any{"name": "x"}, key).want(t, "no right", http.StatusForbidden)
	made := s1("POST", leads, map[string]any{"company": "of s1"}, key).want(t, "after all that", http.StatusCreated).json(t)["id"]
	other := leader("POST", leads, map[string]any{"company": "of s1"}, key).want(t, "another person's", http.StatusCreated).json(t)["id"]
	if made == other {
		t.Error("two people share an answer")
	}
	if again := s1("POST", leads, map[string]any{"company": "of s1"}, key).want(t, "again", http.StatusCreated); again.json(t)["id"] != made {
		t.Errorf("again %s", again.body)
	}
	token := s1("POST", "/api/v1/tokens", map[string]any{"name": "t"}, map[string]string{"Idempotency-Key": "token"}).want(t, "token", http.StatusCreated)
	again := s1("POST", "/api/v1/tokens", map[string]any{"name": "t"}, map[string]string{"Idempotency-Key": "token"}).want(t, "a secret is told once", http.StatusConflict)
	if secret := token.json(t)["token"].(string); strings.Contains(string(again.body), secret) {
		t.Error("the secret is told again")
	}
}
