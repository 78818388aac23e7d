package server_test

import (
	"fmt"
	"strings"
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

// threadSays are the sentences of a record's thread of one kind, newest first.
func (c *company) threadSays(by, id, kind string) (texts []string) {
	c.Helper()
	for _, item := range c.as(by)("GET", leads+"/"+id+"/thread", nil).want(c.T, "thread", 200).items(c.T) {
		if item["kind"] == kind {
			texts = append(texts, fmt.Sprint(item["text"]))
		}
	}
	return texts
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
			if text := fmt.Sprint(got["text"]); !strings.Contains(text, "「"+rowLabel+"」") {
				t.Errorf("%s: told %q, not of %s", what, text, rowLabel)
			}
			if said := c.threadSays("leader", id, "routed"); len(said) != 1 || !strings.Contains(said[0], "「"+rowLabel+"」") {
				t.Errorf("%s: the thread says %q, not of %s", what, said, rowLabel)
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

// TestAScoreIsToldAsItWasThen: the rules that gave points are called what they
// were called then, be they renamed or removed since.
func TestAScoreIsToldAsItWasThen(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.hire("blind", map[string]any{"lead": map[string]any{"read": true, "scope": "all", "fields": map[string]any{"*": "read", "city": "hidden"}}})
		path := "/api/v1/config/scorecard/lead"
		edited := func(edit func(rules []any) []any) {
			body := c.as("admin")("GET", path, nil).want(t, "card", 200).json(t)
			body["rules"] = edit(body["rules"].([]any))
			c.as("admin")("PUT", path, body).want(t, "publish", 200)
		}
		rule := map[string]any{"id": "then", "label": map[string]any{"zh-CN": "苏州客户", "en": "Suzhou"}, "dimension": "behaviour", "when": `城市 = "苏州"`, "points": 7}
		edited(func(rules []any) []any { return append([]any{rule}, rules...) })
		id := c.push(clue("m1", "c1", "13800002004", nil)).header.Get("Clew-Record")
		said := func(by string) (labels string) {
			score, _ := c.as(by)("GET", leads+"/"+id+"/why", nil).want(t, "why", 200).json(t)["score"].(map[string]any)
			parts, _ := score["contributions"].([]any)
			for _, part := range parts {
				labels += fmt.Sprint(part.(map[string]any)["label"], " ")
			}
			return labels + fmt.Sprint(score["text"], c.threadSays(by, id, "scored"))
		}
		atOnce := said("leader")
		edited(func(rules []any) []any {
			rules[0].(map[string]any)["label"], rules[0].(map[string]any)["when"] = map[string]any{"zh-CN": "别的", "en": "Other"}, `来源 = "抖音"`
			return rules
		})
		if now := said("leader"); now != atOnce || !strings.Contains(now, "苏州客户") {
			t.Errorf("renamed: %s, was %s", now, atOnce)
		}
		if now := said("blind"); strings.Contains(now, "苏州") || strings.Contains(now, "别的") {
			t.Errorf("who may not see the city reads %s", now)
		}
		edited(func(rules []any) []any { return rules[1:] })
		if now := said("leader"); now != atOnce {
			t.Errorf("removed: %s, was %s", now, atOnce)
		}
	})
}

// TestAFormerConditionKeepsToFieldRights: who may not see a field that the row
// read then learns nothing of the row, though it does not read it any more.
func TestAFormerConditionKeepsToFieldRights(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.hire("blind", map[string]any{"lead": map[string]any{"read": true, "scope": "all", "fields": map[string]any{"*": "read", "city": "hidden"}}})
		c.tableEdited(func(rows []any) []any {
			return append([]any{map[string]any{"id": "secret", "label": map[string]any{"zh-CN": "苏州的", "en": "Suzhou"}, "when": `城市 = "苏州"`, "then": map[string]any{"person": "s3@example.com"}}}, rows...)
		})
		id := c.push(clue("m1", "c1", "13800002003", nil)).header.Get("Clew-Record")
		for _, now := range []string{`城市 = "苏州"`, `来源 = "抖音"`} {
			c.tableEdited(func(rows []any) []any {
				rows[0].(map[string]any)["when"] = now
				return rows
			})
			if got := c.whyOwner("blind", id); got["row"] != nil || got["condition"] != nil || got["row_label"] != nil || strings.Contains(fmt.Sprint(got["text"]), "苏州") {
				t.Errorf("while the row reads %s: %v", now, got)
			}
		}
		if got := c.whyOwner("leader", id); got["condition"] == nil || got["row"] != "secret" {
			t.Errorf("who may see it: %v", got)
		}
	})
}
