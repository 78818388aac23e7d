package server_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A record's whole life over HTTP: made, read, changed, refused, deleted, brought back.
func TestARecordOverHTTP(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		t.Run("create and read", func(t *testing.T) { createAndRead(t, c) })
		t.Run("values", func(t *testing.T) { valuesAsPeopleWriteThem(t, leader) })
		t.Run("faults all at once", func(t *testing.T) { faultsAllAtOnce(t, leader) })
		t.Run("if-match", func(t *testing.T) { ifMatch(t, c) })
		t.Run("base", func(t *testing.T) { base(t, leader) })
		t.Run("once under a key", func(t *testing.T) { onceUnderAKey(t, c) })
		t.Run("batch", func(t *testing.T) { batch(t, c) })
	})
}

func createAndRead(t *testing.T, c *company) {
	leader := c.with("leader")
	made := leader("POST", leads, map[string]any{"company": "博锐", "region": "华东"}, nil).want(t, "create", 201)
	id := made.json(t)["id"].(string)
	if got := made.header.Get("Location"); got != leads+"/"+id {
		t.Errorf("Location = %q", got)
	}
	read := leader("GET", leads+"/"+id, nil, nil).want(t, "get", 200)
	if tag := read.header.Get("ETag"); tag == "" || tag != made.header.Get("ETag") {
		t.Errorf("ETag made %q, read %q", made.header.Get("ETag"), tag)
	}
	if !bytes.Equal(read.body, made.body) {
		t.Errorf("made %s\nread %s", made.body, read.body)
	}
	head := leader("HEAD", leads+"/"+id, nil, nil).want(t, "head", 200)
	if len(head.body) != 0 || head.header.Get("ETag") != read.header.Get("ETag") {
		t.Errorf("head: %q %q", head.body, head.header.Get("ETag"))
	}
	for _, method := range []string{"GET", "HEAD"} {
		for _, tag := range []string{read.header.Get("ETag"), `"x", ` + read.header.Get("ETag"), "W/" + read.header.Get("ETag"), "*"} {
			same := leader(method, leads+"/"+id, nil, map[string]string{"If-None-Match": tag}).want(t, method+" known "+tag, 304)
			if len(same.body) != 0 {
				t.Errorf("304 has a body: %s", same.body)
			}
		}
	}
	leader("GET", leads+"/"+id, nil, map[string]string{"If-None-Match": `"old"`}).want(t, "get with an old tag", 200)
	for _, absent := range []string{"01900000-0000-7000-8000-000000000000", "nonsense", "%27"} {
		missing := leader("GET", leads+"/"+absent, nil, nil).want(t, "absent "+absent, 404)
		if missing.header.Get("ETag") != "" || missing.json(t)["code"] != "not_found" {
			t.Errorf("absent: %s", missing.body)
		}
		leader("HEAD", leads+"/"+absent, nil, nil).want(t, "head absent", 404)
	}
	leader("GET", "/api/v1/records/nothing", nil, nil).want(t, "unknown object", 404)
}

func valuesAsPeopleWriteThem(t *testing.T, leader caller) {
	for _, source := range []string{"抖音", "Douyin", "crm.lead.source.douyin"} {
		got := leader("POST", leads, map[string]any{"source": source}).want(t, source, 201).json(t)
		if got["source"] != "抖音" {
			t.Errorf("%s became %v", source, got["source"])
		}
	}
	for i, phone := range []string{"137 0000 2000", "+86 137-0000-2001", "(0512) 6280 1234", "１３７００００２００３"} {
		want := []string{"+8613700002000", "+8613700002001", "+8651262801234", "+8613700002003"}[i]
		got := leader("POST", leads, map[string]any{"phone": phone}).want(t, phone, 201).json(t)
		if got["phone"] != want {
			t.Errorf("%s became %v", phone, got["phone"])
		}
	}
	money := func(raw, want string) {
		got := leader("POST", leads, `{"budget":`+raw+`}`).want(t, raw, 201).json(t)
		if diff := cmp.Diff(map[string]any{"amount": want, "currency": "CNY"}, got["budget"]); diff != "" {
			t.Errorf("%s: %s", raw, diff)
		}
	}
	money(`{"amount":"120000.1","currency":"CNY"}`, "120000.10")
	money(`"9007199254740993.07"`, "9007199254740993.07")
	money(`9007199254740993.07`, "9007199254740993.07")
	money(`{"amount":0.1,"currency":"CNY"}`, "0.10")
	tags := leader("POST", leads, map[string]any{"tags": []string{"液压", " 急需 ", "液压"}}).want(t, "tags", 201).json(t)
	if diff := cmp.Diff([]any{"液压", "急需"}, tags["tags"]); diff != "" {
		t.Errorf("tags: %s", diff)
	}
	made := leader("POST", leads, map[string]any{"company": "Ａ公司 ", "next_due": "2027-03-01T10:00:00+08:00"}).want(t, "text", 201).json(t)
	if made["company"] != "A公司" || made["next_due"] != "2027-03-01T02:00:00Z" {
		t.Errorf("text and time: %v %v", made["company"], made["next_due"])
	}
}

func faultsAllAtOnce(t *testing.T, leader caller) {
	cases := []struct {
		name, body string
		status     int
		faults     []string
	}{
		{"several", `{"phone":"12","source":"月球","email":"x","nonsense":1,"next_due":"soon","budget":"a lot"}`, 422, []string{
			"budget invalid_number", "email invalid_email", "next_due invalid_datetime", "nonsense unknown_field", "phone invalid_phone", "source unknown_choice",
		}},
		{"read-only", `{"score":99,"first_touch_at":"2026-01-01T00:00:00Z"}`, 403, []string{"first_touch_at read_only", "score read_only"}},
		{
			"mass assignment", `{"owner_id":"x","created_by":"x","tenant_id":"x","id":"x","version":1,"_role":"x","created_at":"2020-01-01","updated_at":"2020-01-01","deleted_at":null,"revision":9,"thread_seq":0}`,
			422, []string{
				"_role unknown_field", "created_at unknown_field", "created_by unknown_field", "deleted_at unknown_field", "id unknown_field",
				"owner_id unknown_field", "revision unknown_field", "tenant_id unknown_field", "thread_seq unknown_field", "updated_at unknown_field", "version unknown_field",
			},
		},
		{"another's case", `{"Company":"x","ｃompany":"y"}`, 422, []string{"Company unknown_field", "ｃompany unknown_field"}},
		{"currency", `{"budget":{"amount":"1","currency":"yuan"}}`, 422, []string{"budget invalid_currency"}},
		{"too fine", `{"budget":"1.001"}`, 422, []string{"budget too_precise"}},
		{"too large", `{"budget":"1e30"}`, 422, []string{"budget out_of_range"}},
		{"unknown person", `{"owner":"01900000-0000-7000-8000-000000000000"}`, 422, []string{"owner unknown_user"}},
		{"no JSON", `{"company":`, 400, nil},
		{"NaN", `{"budget":NaN}`, 400, nil},
		{"no object", `[1]`, 422, nil},
	}
	before := leader("GET", leads+"?count=1", nil).json(t)["count"]
	id := leader("POST", leads, map[string]any{"company": "steady"}).json(t)["id"].(string)
	steady := leader("GET", leads+"/"+id, nil)
	for _, one := range cases {
		for _, way := range []struct{ method, path string }{{"POST", leads}, {"PATCH", leads + "/" + id}} {
			got := leader(way.method, way.path, one.body).want(t, way.method+" "+one.name, one.status)
			if one.faults == nil {
				continue
			}
			if diff := cmp.Diff(one.faults, got.faults(t)); diff != "" {
				t.Errorf("%s %s: %s\n%s", way.method, one.name, diff, got.body)
			}
		}
	}
	if after := leader("GET", leads+"?count=1", nil).json(t)["count"]; after != before.(float64)+1 {
		t.Errorf("refused calls made records: %v then %v", before, after)
	}
	if still := leader("GET", leads+"/"+id, nil); !bytes.Equal(still.body, steady.body) {
		t.Errorf("refused calls changed the record: %s\n%s", steady.body, still.body)
	}
}

func ifMatch(t *testing.T, c *company) {
	leader := c.with("leader")
	made := leader("POST", leads, map[string]any{"company": "a"}, nil)
	path, tag := leads+"/"+made.json(t)["id"].(string), made.header.Get("ETag")
	first := leader("PATCH", path, map[string]any{"company": "b"}, map[string]string{"If-Match": tag}).want(t, "fresh", 200)
	if first.header.Get("ETag") == tag {
		t.Error("the tag did not move")
	}
	stale := leader("PATCH", path, map[string]any{"company": "c", "city": "d"}, map[string]string{"If-Match": tag}).want(t, "stale", 412)
	if stale.json(t)["code"] != "stale" {
		t.Errorf("stale: %s", stale.body)
	}
	leader("DELETE", path, nil, map[string]string{"If-Match": tag}).want(t, "stale delete", 412)
	if now := leader("GET", path, nil, nil); !bytes.Equal(now.body, first.body) {
		t.Errorf("a stale write was written: %s", now.body)
	}
	leader("PATCH", path, map[string]any{"company": "c"}, map[string]string{"If-Match": `"x", ` + first.header.Get("ETag")}).want(t, "one of two", 200)
	leader("PATCH", path, map[string]any{"company": "d"}, map[string]string{"If-Match": "*"}).want(t, "any", 200)
	blank := leader("PATCH", path, `{"company":null,"city":""}`, nil).want(t, "blank", 200).json(t)
	if blank["company"] != nil {
		t.Errorf("company = %v", blank["company"])
	}
}

func base(t *testing.T, leader caller) {
	id := leader("POST", leads, map[string]any{"company": "a", "city": "苏州", "budget": "10"}).json(t)["id"].(string)
	path := leads + "/" + id
	leader("PATCH", path, map[string]any{"city": "无锡", "base": map[string]any{"city": "苏州"}}).want(t, "base holds", 200)
	before := leader("GET", path, nil)
	conflict := leader("PATCH", path, `{"company":"b","city":"常州","budget":"30","base":{"company":"a","city":"苏州","budget":{"amount":"10.00","currency":"CNY"}}}`).want(t, "base moved", 409)
	errors, _ := conflict.json(t)["errors"].([]any)
	if len(errors) != 1 {
		t.Fatalf("conflict: %s", conflict.body)
	}
	one := errors[0].(map[string]any)
	if one["path"] != "city" || one["current"] != "无锡" {
		t.Errorf("conflict: %v", one)
	}
	if after := leader("GET", path, nil); !bytes.Equal(before.body, after.body) {
		t.Errorf("a refused base wrote: %s", after.body)
	}
	leader("PATCH", path, map[string]any{"city": "常州", "base": map[string]any{"nonsense": 1}}).want(t, "unknown base", 422)
	leader("PATCH", path, map[string]any{"city": "常州", "base": "x"}).want(t, "no base", 422)
	leader("PATCH", path, map[string]any{"city": "常州", "base": map[string]any{"city": nil}}).want(t, "blank base", 409)
}

func onceUnderAKey(t *testing.T, c *company) {
	leader := c.with("leader")
	key := map[string]string{"Idempotency-Key": "k-1"}
	body := map[string]any{"company": "once", "phone": "13700009000"}
	first := leader("POST", leads, body, key).want(t, "first", 201)
	again := leader("POST", leads, body, key).want(t, "again", 201)
	if !bytes.Equal(first.body, again.body) || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("first %s\nagain %s", first.body, again.body)
	}
	leader("POST", leads, map[string]any{"company": "other"}, key).want(t, "another body", 422)
	found := leader("GET", leads+"?filter="+url.QueryEscape(`company="once"`), nil, nil).items(t)
	if len(found) != 1 {
		t.Errorf("%d records", len(found))
	}
}

func batch(t *testing.T, c *company) {
	leader := c.as("leader")
	first := c.lead(leader, map[string]any{"company": "one"})
	second := c.lead(leader, map[string]any{"company": "two"})
	got := leader("POST", leads+"/batch", map[string]any{"items": []any{
		map[string]any{"op": "create", "fields": map[string]any{"company": "three"}},
		map[string]any{"op": "update", "id": first, "fields": map[string]any{"company": "ONE"}},
		map[string]any{"op": "create", "fields": map[string]any{"phone": "1", "nonsense": 1}},
		map[string]any{"op": "delete", "id": second},
		map[string]any{"op": "update", "id": second, "fields": map[string]any{"company": "x"}},
		map[string]any{"op": "update", "id": first, "fields": map[string]any{"score": 1}},
		map[string]any{"op": "burn", "id": first},
	}}).want(t, "batch", 200).items(t)
	var statuses []string
	for _, item := range got {
		statuses = append(statuses, fmt.Sprint(item["status"]))
	}
	if diff := cmp.Diff("201 200 422 200 404 403 422", strings.Join(statuses, " ")); diff != "" {
		t.Errorf("%s\n%v", diff, got)
	}
	if errors, _ := got[2]["errors"].([]any); len(errors) != 2 {
		t.Errorf("faults of the third: %v", got[2])
	}
	if one := leader("GET", leads+"/"+first, nil).json(t); one["company"] != "ONE" {
		t.Errorf("first = %v", one["company"])
	}
	leader("GET", leads+"/"+second, nil).want(t, "deleted", 404)
	many := make([]any, 501)
	for i := range many {
		many[i] = map[string]any{"op": "create", "fields": map[string]any{}}
	}
	leader("POST", leads+"/batch", map[string]any{"items": many}).want(t, "501", http.StatusBadRequest)
}
