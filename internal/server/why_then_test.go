package server_test

import (
	"fmt"
	"testing"
)

// tableEdited publishes the routing table as edit leaves its rows.
func (c *company) tableEdited(edit func(rows []any) []any) {
	c.Helper()
	admin, path := c.as("admin"), "/api/v1/config/routing-table/lead"
	body := admin("GET", path, nil).want(c.T, "table", 200).json(c.T)
	body["rows"] = edit(body["rows"].([]any))
	admin("PUT", path, body).want(c.T, "publish", 200)
}

// whyOwner is what a person reads of the owner's reasons.
func (c *company) whyOwner(by, id string) map[string]any {
	c.Helper()
	owner, _ := c.as(by)("GET", leads+"/"+id+"/why", nil).want(c.T, "why", 200).json(c.T)["owner"].(map[string]any)
	return owner
}

// TestAReasonIsToldAsItWasThen: the row that decided is told with the condition
// and the label that it had, in today's names, though it was changed or removed since.
func TestAReasonIsToldAsItWasThen(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		label := func(zh string) map[string]any { return map[string]any{"zh-CN": zh, "en": zh} }
		c.tableEdited(func(rows []any) []any {
			return append([]any{map[string]any{"id": "then", "label": label("苏州的抖音"), "when": `来源 = "抖音" AND 城市 = "苏州"`, "then": map[string]any{"person": "s3@example.com"}}}, rows...)
		})
		id := c.push(clue("m1", "c1", "13800002001", nil)).header.Get("Clew-Record")
		want := func(what, condition, rowLabel string, changed bool) {
			t.Helper()
			got := c.whyOwner("leader", id)
			if got["condition"] != condition || got["row_label"] != rowLabel || (got["row_changed"] == true) != changed {
				t.Errorf("%s: %v %v %v, want %s %s %t", what, got["condition"], got["row_label"], got["row_changed"], condition, rowLabel, changed)
			}
		}
		said := fmt.Sprint(c.whyOwner("leader", id)["condition"])
		want("at once", said, "苏州的抖音", false)
		c.tableEdited(func(rows []any) []any {
			row := rows[0].(map[string]any)
			row["when"], row["label"] = `来源 = "官网"`, label("官网")
			return rows
		})
		want("after the row was changed", said, "苏州的抖音", true)
		c.tableEdited(func(rows []any) []any { return rows[1:] })
		want("after the row was removed", said, "苏州的抖音", true)
		newer := c.push(clue("m2", "c2", "13800002002", nil)).header.Get("Clew-Record")
		if got := c.whyOwner("leader", newer); got["row_changed"] == true || got["condition"] == said {
			t.Errorf("a later decision: %v", got)
		}
	})
}

// TestAFormerConditionKeepsToFieldRights: who may not see a field that the row
// read then learns nothing of the row, though it does not read it any more.
func TestAFormerConditionKeepsToFieldRights(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.hire("blind", map[string]any{"lead": map[string]any{"read": true, "scope": "all", "fields": map[string]any{"*": "read", "city": "hidden"}}})
		c.tableEdited(func(rows []any) []any {
			return append([]any{map[string]any{"id": "secret", "when": `城市 = "苏州"`, "then": map[string]any{"person": "s3@example.com"}}}, rows...)
		})
		id := c.push(clue("m1", "c1", "13800002003", nil)).header.Get("Clew-Record")
		for _, now := range []string{`城市 = "苏州"`, `来源 = "抖音"`} {
			c.tableEdited(func(rows []any) []any {
				rows[0].(map[string]any)["when"] = now
				return rows
			})
			if got := c.whyOwner("blind", id); got["row"] != nil || got["condition"] != nil || got["row_label"] != nil {
				t.Errorf("while the row reads %s: %v", now, got)
			}
		}
		if got := c.whyOwner("leader", id); got["condition"] == nil || got["row"] != "secret" {
			t.Errorf("who may see it: %v", got)
		}
	})
}
