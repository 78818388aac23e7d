package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Under the 等保 profile who has every right does not read the audit; he hands
// that right to somebody else, and nobody takes it himself.
func TestTheAuditIsInOtherHandsUnderMLPS(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		profile := func(name string) {
			admin("PUT", "/api/v1/security/rules", map[string]any{"profile": name, "idle_minutes": 30, "life_hours": 12, "factor_roles": []string{}, "factor_grace_days": 0}).want(t, name, 200)
		}
		mayAudit := func(short string) bool {
			rights, _ := c.as(short)("GET", "/api/v1/session", nil).json(t)["can"].([]any)
			got := c.as(short)("GET", "/api/v1/audit", nil).status == 200
			if got != slices.Contains(rights, any("audit.read")) {
				t.Errorf("%s: the session says %v, the audit answers %v", short, rights, got)
			}
			return got
		}
		if !mayAudit("admin") {
			t.Error("the usual profile keeps it from the administrator")
		}
		profile("mlps")
		if mayAudit("admin") {
			t.Error("the administrator reads the audit")
		}
		auditor := map[string]any{"label": map[string]any{"en": "Auditor"}, "home": "administrator", "rights": []string{"audit.read"}, "objects": map[string]any{}}
		admin("PUT", "/api/v1/config/role/auditor", auditor).want(t, "a role that names it", 201)
		me, _ := admin("GET", "/api/v1/session", nil).json(t)["user"].(map[string]any)
		user := "/api/v1/users/"
		admin("PATCH", user+fmt.Sprint(me["id"]), map[string]any{"roles": []string{"administrator", "auditor"}}).want(t, "to oneself", 403)
		admin("PATCH", user+c.ids["s1"], map[string]any{"roles": []string{"sales", "auditor"}}).want(t, "to another", 200)
		if !mayAudit("s1") {
			t.Error("the auditor does not read the audit")
		}
		admin("PATCH", user+c.ids["s1"], map[string]any{"password": "another one 1A"}).want(t, "a way to his rights", 403)
		all := map[string]any{"label": map[string]any{"en": "Administrator"}, "home": "administrator", "rights": []string{"*", "audit.read"},
			"objects": map[string]any{"*": map[string]any{"create": true, "read": true, "update": true, "delete": true, "scope": "all"}}}
		admin("PUT", "/api/v1/config/role/administrator", all).want(t, "one's own role names it", 403)
		profile("asvs")
		if !mayAudit("admin") {
			t.Error("the usual profile does not give it back")
		}
	})
}

func TestTheAuditSpeaksOfOperationsAndExports(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		id := c.lead(c.as("leader"), map[string]any{"company": "审计公司", "phone": "13900007171", "owner": c.ids["s1"]})
		c.as("admin")("POST", "/api/v1/operations", map[string]any{"object": "lead", "action": "delete", "ids": []string{id}}).want(t, "operation", 201)
		c.as("admin")("GET", "/api/v1/records/lead/export?format=csv", nil).want(t, "export", 200)
		for language, wanted := range map[string][]string{"zh-CN": {"对 1 条线索发起了批量操作：删除", "导出了"}, "en": {"Asked for a bulk operation on 1 records of Lead: delete", "Exported"}} {
			got := c.with("admin")("GET", "/api/v1/audit", nil, map[string]string{"Accept-Language": language}).items(t)
			var texts []string
			for _, item := range got {
				texts = append(texts, fmt.Sprint(item["text"]))
			}
			for _, want := range wanted {
				if !strings.Contains(strings.Join(texts, "\n"), want) {
					t.Errorf("%s: no %q in %v", language, want, texts)
				}
			}
		}
	})
}
