package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// item is the first entry of a list in an answer that has all these values.
func (a answer) item(list string, want map[string]any) map[string]any {
	items, _ := a.body[list].([]any)
	for _, one := range items {
		entry, _ := one.(map[string]any)
		fits := true
		for name, value := range want {
			fits = fits && cmp.Equal(entry[name], value)
		}
		if fits {
			return entry
		}
	}
	return nil
}

func TestDocumentsAreReadAndWritten(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		list := admin.do("GET", "/api/v1/config/scorecard", nil, "Accept-Language", "en")
		s.want("list", list, http.StatusOK, "")
		if list.item("items", map[string]any{"name": "lead", "label": "Lead score", "id": "crm.scorecard.lead"}) == nil {
			t.Errorf("the scorecard is not listed: %s", list.raw)
		}
		one := admin.do("GET", "/api/v1/config/routing-table/lead", nil)
		s.want("get", one, http.StatusOK, "")
		if !strings.Contains(one.raw, `来源=\"抖音\" AND ISBLANK(预算)`) {
			t.Errorf("not as people write it: %s", one.raw)
		}
		same := admin.do("GET", "/api/v1/config/routing-table/lead", nil, "If-None-Match", one.header.Get("ETag"))
		s.want("unchanged", same, http.StatusNotModified, "")

		text := admin.do("GET", "/api/v1/config/view/lead.all", nil, "Accept", "application/yaml")
		if text.status != http.StatusOK || !strings.HasPrefix(text.raw, "document: view\n") {
			t.Errorf("YAML: %d %s", text.status, text.raw)
		}
		changed := strings.Replace(text.raw, "zh-CN: ", "zh-CN: 新", 1)
		put := admin.do("PUT", "/api/v1/config/view/lead.all", changed, "Content-Type", "application/yaml", "Accept", "application/yaml")
		if put.status != http.StatusOK || put.raw == text.raw {
			t.Errorf("put YAML: %d %s", put.status, put.raw)
		}
		stale := admin.do("PUT", "/api/v1/config/view/lead.all", changed, "Content-Type", "application/yaml", "If-Match", `"v0"`)
		s.want("stale", stale, http.StatusPreconditionFailed, "stale")

		created := admin.do("PUT", "/api/v1/config/view/lead.hot", map[string]any{
			"label": map[string]any{"zh-CN": "高分", "en": "Hot"}, "object": "lead", "filter": "评分 >= 60", "columns": []string{"company"},
		})
		s.want("create", created, http.StatusCreated, "")
		s.want("delete", admin.do("DELETE", "/api/v1/config/view/lead.hot", nil), http.StatusNoContent, "")
		s.want("gone", admin.do("GET", "/api/v1/config/view/lead.hot", nil), http.StatusNotFound, "document_not_found")
		s.want("no such kind", admin.do("GET", "/api/v1/config/flux", nil), http.StatusNotFound, "unknown_kind")

		schema := admin.do("GET", "/api/v1/config/schemas/routing-table", nil)
		s.want("schema", schema, http.StatusOK, "")
		if schema.body["$id"] == nil {
			t.Errorf("schema: %s", schema.raw)
		}
		sales := s.logIn("sales")
		s.want("sales may not read", sales.do("GET", "/api/v1/config/view/lead.all", nil), http.StatusForbidden, "forbidden")
		s.want("nobody", s.call("GET", "/api/v1/config/view/lead.all", nil), http.StatusUnauthorized, "unauthorized")
	})
}

func TestWhatDoesNotCompileIsRefusedWithItsPlace(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		bad := "label: {en: X}\nobject: lead\nfilter: '预算 >= 300000 AND 不存在 = 1'\ncolumns: [company]\n"
		a := admin.do("PUT", "/api/v1/config/view/lead.x", bad, "Content-Type", "application/yaml", "Accept-Language", "en")
		s.want("yaml", a, http.StatusUnprocessableEntity, "does_not_compile")
		e := a.item("errors", map[string]any{"path": "filter"})
		if e == nil || e["line"] != 3.0 || e["column"] != 27.0 || e["code"] != "unknown_field" || !strings.Contains(fmt.Sprint(e["message"]), "\n") {
			t.Errorf("no place: %s", a.raw)
		}
		a = admin.do("PUT", "/api/v1/config/view/lead.x", "{\n \"label\": {\"en\": \"X\"},\n \"object\": \"lead\",\n \"filtre\": \"\"\n}", "Content-Type", "application/json")
		if e := a.item("errors", map[string]any{"code": "unknown_key"}); a.status != http.StatusUnprocessableEntity || e == nil || e["line"] == nil {
			t.Errorf("json: %s", a.raw)
		}
		a = admin.do("PUT", "/api/v1/config/view/lead.x", "label: [\nx", "Content-Type", "application/yaml")
		s.want("malformed yaml", a, http.StatusBadRequest, "malformed_yaml")
		if e := a.item("errors", map[string]any{}); e == nil || e["line"] == nil {
			t.Errorf("malformed yaml: %s", a.raw)
		}
		for what, text := range map[string]string{
			"anchors": "a: &a [x]\nb: [*a, *a]\n", "nesting": "a: " + strings.Repeat("[", 500_000),
		} {
			a = admin.do("PUT", "/api/v1/config/view/lead.x", text, "Content-Type", "application/yaml")
			s.want(what, a, http.StatusBadRequest, "malformed_yaml")
		}
		s.want("malformed json", admin.do("PUT", "/api/v1/config/view/lead.x", "{"), http.StatusBadRequest, "invalid_json")
		s.want("another name", admin.do("PUT", "/api/v1/config/view/lead.x", map[string]any{"name": "lead.y"}), http.StatusUnprocessableEntity, "invalid_input")
	})
}

func TestADraftIsValidatedComparedPublishedAndRolledBack(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		before := admin.do("GET", "/api/v1/config/versions", nil)
		items, _ := before.body["items"].([]any)
		first, _ := items[0].(map[string]any)

		draft := admin.do("POST", "/api/v1/config/drafts", map[string]any{"label": "visit date"})
		s.want("draft", draft, http.StatusCreated, "")
		id := draft.text("id")
		field := map[string]any{"object": "lead", "type": "date", "label": map[string]any{"zh-CN": "到访日", "en": "Visit"}, "when": "("}
		s.want("a draft need not be right", admin.do("PUT", "/api/v1/config/field/lead.visit?draft="+id, field), http.StatusOK, "")
		s.want("validate", admin.do("POST", "/api/v1/config/drafts/"+id+"/validate", nil), http.StatusUnprocessableEntity, "does_not_compile")
		delete(field, "when")
		s.want("mend", admin.do("PUT", "/api/v1/config/field/lead.visit?draft="+id, field), http.StatusOK, "")
		s.want("valid", admin.do("POST", "/api/v1/config/drafts/"+id+"/validate", nil), http.StatusOK, "")
		s.want("not live yet", admin.do("GET", "/api/v1/config/field/lead.visit", nil), http.StatusNotFound, "document_not_found")
		s.want("in the draft", admin.do("GET", "/api/v1/config/field/lead.visit?draft="+id, nil), http.StatusOK, "")
		listed := admin.do("GET", "/api/v1/config/field?draft="+id, nil)
		if listed.item("items", map[string]any{"name": "lead.visit", "draft": true}) == nil {
			t.Errorf("the draft's list: %s", listed.raw)
		}
		diff := admin.do("POST", "/api/v1/config/drafts/"+id+"/diff", nil)
		if diff.item("items", map[string]any{"kind": "field", "name": "lead.visit", "change": "added"}) == nil {
			t.Errorf("diff: %s", diff.raw)
		}
		published := admin.do("POST", "/api/v1/config/drafts/"+id+"/publish", nil)
		s.want("publish", published, http.StatusOK, "")
		s.want("twice", admin.do("POST", "/api/v1/config/drafts/"+id+"/publish", nil), http.StatusConflict, "draft_published")
		lead := admin.do("POST", "/api/v1/records/lead", map[string]any{"contact": "王", "visit": "2026-11-05"})
		s.want("the new field", lead, http.StatusCreated, "")
		if lead.body["visit"] != "2026-11-05" {
			t.Errorf("new field: %s", lead.raw)
		}
		s.want("roll back", admin.do("POST", fmt.Sprintf("/api/v1/config/versions/%v/rollback", first["version"]), nil), http.StatusOK, "")
		versions := admin.do("GET", "/api/v1/config/versions?limit=1", nil)
		if versions.item("items", map[string]any{"restored_from": first["version"]}) == nil {
			t.Errorf("versions: %s", versions.raw)
		}
		s.want("field gone", admin.do("POST", "/api/v1/records/lead", map[string]any{"visit": "2026-11-05"}), http.StatusUnprocessableEntity, "invalid_input")
		s.want("no such version", admin.do("POST", "/api/v1/config/versions/999/rollback", nil), http.StatusNotFound, "version_not_found")
		gone := admin.do("POST", "/api/v1/config/drafts", map[string]any{})
		s.want("drop", admin.do("DELETE", "/api/v1/config/drafts/"+gone.text("id"), nil), http.StatusNoContent, "")
		s.want("dropped", admin.do("GET", "/api/v1/config/drafts/"+gone.text("id"), nil), http.StatusNotFound, "draft_not_found")
	})
}

func TestABuilderGrantsNoMoreThanHeHas(t *testing.T) {
	crms(t, func(s *crm) {
		role := func(budget, scope string, rights ...string) map[string]any {
			return map[string]any{
				"label": map[string]any{"zh-CN": "搭建", "en": "Builder"}, "home": "sales", "rights": append([]string{}, rights...),
				"objects": map[string]any{"lead": map[string]any{"read": true, "scope": scope, "fields": map[string]any{"budget": budget}}},
			}
		}
		s.want("role", s.logIn("admin").do("PUT", "/api/v1/config/role/builder", role("hidden", "own", "config.read", "config.write")), http.StatusCreated, "")
		builder := s.logIn("builder")
		s.want("less", builder.do("PUT", "/api/v1/config/role/less", role("hidden", "own")), http.StatusCreated, "")
		for name, wider := range map[string]map[string]any{
			"field": role("read", "own"), "scope": role("hidden", "all"), "right": role("hidden", "own", "users.write"),
		} {
			s.want("more: "+name, builder.do("PUT", "/api/v1/config/role/builder", wider), http.StatusForbidden, "beyond_own_rights")
			draft := builder.do("POST", "/api/v1/config/drafts", map[string]any{}).text("id")
			s.want("draft: "+name, builder.do("PUT", "/api/v1/config/role/builder?draft="+draft, wider), http.StatusForbidden, "beyond_own_rights")
		}

		// A role that names an object only the draft has is looked at when it is published.
		draft := builder.do("POST", "/api/v1/config/drafts", map[string]any{}).text("id")
		object := builder.do("GET", "/api/v1/config/object/payment", nil)
		renamed := object.body
		delete(renamed, "name")
		s.want("rename", builder.do("PUT", "/api/v1/config/object/receipt?draft="+draft, renamed), http.StatusOK, "")
		wide := role("read", "all")
		wide["objects"] = map[string]any{"receipt": map[string]any{"read": true, "scope": "all"}}
		s.want("lay", builder.do("PUT", "/api/v1/config/role/builder?draft="+draft, wide), http.StatusOK, "")
		a := builder.do("POST", "/api/v1/config/drafts/"+draft+"/publish", nil)
		s.want("publish", a, http.StatusForbidden, "beyond_own_rights")
		kept := s.logIn("admin").do("GET", "/api/v1/config/role/builder", nil)
		if !strings.Contains(kept.raw, `"scope":"own"`) {
			t.Errorf("the role was changed: %s", kept.raw)
		}
		s.want("read only", s.logIn("sales").do("PUT", "/api/v1/config/role/less", role("hidden", "own")), http.StatusForbidden, "forbidden")
	})
}

func TestSimulationsDecideAndWriteNothing(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		fields := map[string]any{"source": "抖音", "title": "采购总监", "company": "苏州汇川", "message": "急需液压阀样品"}
		a := admin.do("POST", "/api/v1/simulate/scorecard/lead", map[string]any{"fields": fields})
		s.want("score", a, http.StatusOK, "")
		if a.item("contributions", map[string]any{"rule": "crm.scorecard.lead.decider", "points": 15.0}) == nil || a.body["total"] == nil {
			t.Errorf("score: %s", a.raw)
		}
		a = admin.do("POST", "/api/v1/simulate/routing-table/lead", map[string]any{"fields": fields})
		s.want("route", a, http.StatusOK, "")
		owner, _ := a.body["owner"].(map[string]any)
		if owner["label"] != "manager" || a.body["fallback"] != true || a.item("adds", map[string]any{"field": "tags"}) == nil {
			t.Errorf("route: %s", a.raw)
		}
		a = admin.do("POST", "/api/v1/simulate/lexicon/demand", map[string]any{"fields": fields})
		s.want("lexicon", a, http.StatusOK, "")
		if a.item("proposals", map[string]any{"field": "intent", "value": "高"}) == nil {
			t.Errorf("lexicon: %s", a.raw)
		}
		if leads := s.leads(); len(leads) != 0 {
			t.Errorf("a simulation wrote %v", leads)
		}

		lead := admin.do("POST", "/api/v1/records/lead", map[string]any{"contact": "李", "budget": map[string]any{"amount": "400000", "currency": "CNY"}})
		s.want("lead", lead, http.StatusCreated, "")
		of := func(who login) string {
			answer := who.do("POST", "/api/v1/simulate/scorecard/lead", map[string]any{"record": lead.text("id")})
			s.want("score of a record", answer, http.StatusOK, "")
			raw, _ := json.Marshal(answer.body["contributions"])
			return string(raw)
		}
		if !strings.Contains(of(admin), "budget_large") {
			t.Error("the record's budget does not count")
		}
		reader := map[string]any{
			"label": map[string]any{"zh-CN": "客服", "en": "Service"}, "home": "service", "rights": []string{"config.read"},
			"objects": map[string]any{"lead": map[string]any{"read": true, "scope": "all", "fields": map[string]any{"budget": "hidden"}}},
		}
		s.want("role", admin.do("PUT", "/api/v1/config/role/service", reader), http.StatusOK, "")
		service := s.logIn("service")
		if strings.Contains(of(service), "budget") {
			t.Error("a hidden field shows in the score")
		}
		a = service.do("POST", "/api/v1/simulate/scorecard/lead", map[string]any{"fields": map[string]any{"budget": "1"}})
		s.want("hidden field", a, http.StatusUnprocessableEntity, "invalid_input")
		s.want("no record", admin.do("POST", "/api/v1/simulate/scorecard/lead", map[string]any{"record": "nope"}), http.StatusNotFound, "not_found")
		s.want("no document", admin.do("POST", "/api/v1/simulate/scorecard/nope", map[string]any{}), http.StatusNotFound, "document_not_found")
		s.want("no right", s.logIn("sales").do("POST", "/api/v1/simulate/scorecard/lead", map[string]any{}), http.StatusForbidden, "forbidden")
	})
}
