package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
)

// canaries occur only in what an attacker may not read.
var canaries = []string{"771133", "881144", "991155", "cnry", "CNRY", "13712340001", "13712340002", "金丝雀"}

// attack is one try of docs' attack cases: A1 and so on. {R} is a record that
// the attacker may not read, {F} a field that he may not, {O} a record of his own.
type attack struct {
	name         string
	method, path string
	body         string
	status       int // 0 is anything below 500
}

// prey is a company with something to hide, and its attackers:
//   - s1, a seller: R and everything about it belongs to s2;
//   - prober: may do everything with everything, but never sees a budget or an amount.
type prey struct {
	*company
	r, rContact, rInteraction, rTask, rProject, rView, rOperation string
	own, second                                                   string // of the prober and s1
}

// besieged sets the company up.
func besieged(t *testing.T, c *company) *prey {
	t.Helper()
	p := &prey{company: c}
	p.probe()
	admin, s2 := c.as("admin"), c.as("s2")
	p.own = c.lead(admin, map[string]any{"company": "own", "phone": "13600000001", "owner": c.ids["s1"], "budget": "771133.57", "city": "苏州"})
	p.second = c.lead(admin, map[string]any{"company": "own two", "phone": "13600000002", "owner": c.ids["s1"], "budget": "881144.68"})
	admin("PATCH", leads+"/"+p.own, map[string]any{"budget": "991155.79", "city": "无锡"}).want(t, "history", 200)
	p.r = c.lead(s2, map[string]any{
		"company": "CNRY金丝雀公司", "contact": "金丝雀", "phone": "13712340001", "wechat": "cnry_wechat", "email": "cnry@example.com", "city": "CNRY-city", "message": "cnry message", "owner": c.ids["s2"],
	})
	whole := s2("GET", leads+"/"+p.r, nil).json(t)
	p.rContact = idOf(whole["person"])
	s2("POST", leads+"/"+p.r+"/follow-up", map[string]any{"action": "电话沟通", "text": "cnry follow-up", "next_action": "提交报价", "next_due": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}).want(t, "follow up", 201)
	admin("POST", leads+"/"+p.r+"/comments", map[string]any{"text": "cnry @s2", "mentions": []string{c.ids["s2"]}}).want(t, "mention", 204)
	s2("POST", leads+"/"+p.r+"/comments", map[string]any{"text": "cnry comment"}).want(t, "comment", 204)
	made := func(object string, fields map[string]any) string {
		t.Helper()
		id, _ := s2("POST", "/api/v1/records/"+object, fields).want(t, object, 201).json(t)["id"].(string)
		return id
	}
	p.rInteraction = made("interaction", map[string]any{"lead": p.r, "text": "cnry interaction"})
	p.rTask = made("task", map[string]any{"subject": "cnry task", "owner": c.ids["s2"], "lead": p.r})
	p.rProject = made("project", map[string]any{"name": "CNRY project", "owner": c.ids["s2"]})
	p.rView, _ = c.saveView(s2, "cnry view", nil)["id"].(string)
	p.rOperation = c.request(s2, map[string]any{"object": "lead", "action": "edit", "ids": []string{p.r}, "fields": map[string]any{"city": "CNRY-city"}})
	s2("PUT", "/api/v1/pins/lead/"+p.r, nil).want(t, "pin", 204)
	c.indexed()
	return p
}

// probe publishes the prober's role and hires him.
func (p *prey) probe() {
	p.Helper()
	all := map[string]any{"create": true, "read": true, "update": true, "delete": true, "scope": "all"}
	but := func(field string) map[string]any {
		return map[string]any{"create": true, "read": true, "update": true, "delete": true, "scope": "all", "fields": map[string]any{"*": "write", field: "hidden"}}
	}
	p.as("admin")("PUT", "/api/v1/config/role/prober", map[string]any{
		"label": map[string]string{"zh-CN": "探子", "en": "Prober"}, "home": "manager",
		"rights":  []string{"users.read", "dashboard.read", "records.assign", "records.bulk", "records.export", "deliveries.read"},
		"objects": map[string]any{"*": all, "lead": but("budget"), "project": but("amount"), "contract": but("amount"), "payment": but("amount")},
	}).want(p.T, "role", 201)
	u, err := p.app.Accounts.CreateUser(context.Background(), account.NewUser{Name: "prober", Email: "prober@example.com", Roles: []string{"prober"}, Password: password})
	p.must(err)
	p.ids["prober"] = u.ID
}

// filled puts the record and the field into the try.
func (p *prey) filled(text, record, field string) string {
	return strings.NewReplacer(
		"{R}", record, "{O}", p.own, "{O2}", p.second, "{F}", field, "{ME}", p.ids["s1"], "{S2}", p.ids["s2"],
		"{FROM}", time.Now().AddDate(0, 0, -10).Format(time.DateOnly), "{TO}", time.Now().AddDate(0, 0, 20).Format(time.DateOnly),
	).Replace(text)
}

// escaped is a path with its query parameters escaped, as they stand readable in the table.
func escaped(path string) string {
	path, query, ok := strings.Cut(path, "?")
	if !ok {
		return path
	}
	values := url.Values{}
	for _, pair := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		values.Add(name, value)
	}
	return path + "?" + values.Encode()
}

func (p *prey) try(by caller, a attack, record, field string) answer {
	p.Helper()
	var body any
	if a.body != "" {
		body = p.filled(a.body, record, field)
	}
	return by(a.method, escaped(p.filled(a.path, record, field)), body)
}

// silent scans every byte of an answer for what the attacker may not read.
func silent(t *testing.T, what string, got answer, but ...string) {
	t.Helper()
	told := got.header.Clone()
	told.Del("X-Request-Id") // random letters may spell anything
	text := string(got.body) + fmt.Sprint(told)
	for _, harmless := range but {
		text = strings.ReplaceAll(text, harmless, "")
	}
	for _, canary := range canaries {
		if at := strings.Index(text, canary); at >= 0 {
			t.Errorf("%s tells %s: …%s…", what, canary, text[max(0, at-100):min(len(text), at+100)])
		}
	}
	if got.status >= 500 {
		t.Errorf("%s: %d %s", what, got.status, got.body)
	}
	if got.header.Get("Server-Timing") != "" {
		t.Errorf("%s tells how long its parts took (A31)", what)
	}
}

// sameBytes compares two answers, with what was asked for left out.
func sameBytes(t *testing.T, what string, a, b answer, asked ...string) {
	t.Helper()
	plain := func(x answer) string {
		text := fmt.Sprintf("%d %q %s", x.status, x.header.Get("ETag"), x.body)
		for _, one := range asked {
			quoted, _ := json.Marshal(one)
			text = strings.NewReplacer(strings.Trim(string(quoted), `"`), "_", one, "_").Replace(text)
		}
		return timePattern.ReplaceAllString(text, "T")
	}
	if plain(a) != plain(b) {
		t.Errorf("%s:\n%.400s\nabsent:\n%.400s", what, plain(a), plain(b))
	}
}
