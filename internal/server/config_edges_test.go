package server_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

const documents = "/api/v1/config/"

// field is a text field's definition.
func textField(name string) map[string]any {
	return map[string]any{"name": name, "type": "text", "label": map[string]string{"en": name, "zh-CN": name}}
}

// toy publishes a small object with these fields.
func (c *company) toy(by caller, name string, fields ...any) answer {
	c.Helper()
	label := map[string]string{"en": name, "zh-CN": name}
	return by("PUT", documents+"object/"+name, map[string]any{"label": label, "plural": label, "title": "name", "fields": append([]any{textField("name")}, fields...)})
}

// TestManyPublishAtOnce: of eight that publish at the same time each is either
// published whole or refused for what another did; nothing is lost, no version twice.
func TestManyPublishAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		before := admin("GET", "/api/v1/config/versions", nil).items(t)[0]["version"].(float64)
		var wait sync.WaitGroup
		answers := make([]answer, 8)
		for i := range answers {
			wait.Go(func() { answers[i] = c.toy(admin, fmt.Sprintf("toy%d", i), textField(fmt.Sprintf("f%d", i))) })
		}
		wait.Wait()
		done := 0
		for i, got := range answers {
			switch got.status {
			case 201:
				done++
				admin("POST", "/api/v1/records/"+fmt.Sprintf("toy%d", i), map[string]any{"name": "x", fmt.Sprintf("f%d", i): "y"}).want(t, "a record of it", 201)
			case 409, 412:
			default:
				t.Errorf("%d: %d %s", i, got.status, got.body)
			}
		}
		versions := admin("GET", "/api/v1/config/versions?limit=100", nil).items(t)
		if now := versions[0]["version"].(float64); int(now-before) != done || done == 0 {
			t.Errorf("%d published, the version went from %v to %v", done, before, now)
		}
		var numbers []float64
		for _, v := range versions {
			numbers = append(numbers, v["version"].(float64))
		}
		if !slices.IsSortedFunc(numbers, func(a, b float64) int { return int(b - a) }) || len(slices.Compact(slices.Clone(numbers))) != len(numbers) {
			t.Errorf("versions %v", numbers)
		}
	})
}

// TestADraftLosesNothingToADirectChange: who publishes a draft after somebody
// else changed the same document is told, and may then decide.
func TestADraftLosesNothingToADirectChange(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		c.toy(admin, "toy", textField("a")).want(t, "toy", 201)
		draft := admin("POST", "/api/v1/config/drafts", map[string]any{"label": "mine"}).want(t, "draft", 201).json(t)["id"].(string)
		mine := map[string]any{"label": map[string]string{"en": "mine", "zh-CN": "mine"}, "plural": map[string]string{"en": "mine", "zh-CN": "mine"}, "title": "name", "fields": []any{textField("name"), textField("a"), textField("mine")}}
		admin("PUT", documents+"object/toy?draft="+draft, mine).want(t, "into the draft", 200)
		c.toy(admin, "toy", textField("a"), textField("theirs")).want(t, "meanwhile", 200)
		got := admin("POST", "/api/v1/config/drafts/"+draft+"/publish", nil)
		if got.status == 200 || got.status == 201 {
			t.Errorf("published over another's change: %s", got.body)
		}
		catalog := string(admin("GET", documents+"object/toy", nil).body)
		if !strings.Contains(catalog, "theirs") {
			t.Errorf("another's change is lost: %s", catalog)
		}
		admin("POST", "/api/v1/config/drafts/"+draft+"/rebase", map[string]any{"mine": []string{"object/toy"}, "theirs": []string{}}).want(t, "decided", 200)
		if got := admin("POST", "/api/v1/config/drafts/"+draft+"/publish", nil); got.status >= 300 {
			t.Errorf("after the decision: %d %s", got.status, got.body)
		}
	})
}

// TestWhatIsUsedIsNotTakenAway: a document or a field that others name cannot be
// deleted from below them; the refusal names the ones that use it.
func TestWhatIsUsedIsNotTakenAway(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		for path, named := range map[string]string{
			"object/lead": "lead", "object/company": "company", "pool/east": "routing-table", "calendar/default": "", "role/sales": "sales",
		} {
			got := admin("DELETE", documents+path, nil)
			if got.status < 300 && path != "role/sales" {
				t.Errorf("%s was deleted: %d", path, got.status)
			}
			if got.status >= 500 || got.status == 422 && !strings.Contains(string(got.body), named) {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
		}
		c.toy(admin, "toy", textField("a")).want(t, "toy", 201)
		label := map[string]string{"en": "v", "zh-CN": "v"}
		admin("PUT", documents+"view/toy.v", map[string]any{"object": "toy", "label": label, "columns": []string{"name", "a"}, "filter": `a = "x"`}).want(t, "view", 201)
		got := c.toy(admin, "toy").want(t, "its field taken away", 422)
		if !strings.Contains(string(got.body), "toy.v") && !strings.Contains(string(got.body), "a") {
			t.Errorf("%s", got.body)
		}
		renamed := textField("b")
		renamed["id"] = fieldID(t, admin, "toy", "a")
		c.toy(admin, "toy", renamed).want(t, "renamed", 200)
		view := admin("GET", documents+"view/toy.v", nil)
		if body := string(view.body); !strings.Contains(body, `b = `) || strings.Contains(body, `"a"`) {
			t.Errorf("the view still says the old name: %s", body)
		}
		admin("DELETE", documents+"view/toy.v", nil).want(t, "the view", 204)
		c.toy(admin, "toy").want(t, "now it may go", 200)
	})
}

func fieldID(t *testing.T, by caller, object, field string) string {
	t.Helper()
	body := by("GET", documents+"object/"+object, nil).json(t)
	fields, _ := body["fields"].([]any)
	for _, one := range fields {
		if f := one.(map[string]any); f["name"] == field {
			return f["id"].(string)
		}
	}
	t.Fatalf("%s has no field %s: %v", object, field, body)
	return ""
}

// TestValuesComeBackWithTheirField: a roll-back to a version that has a deleted
// field brings the values back; one to a version before the field leaves it out.
func TestValuesComeBackWithTheirField(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		version := func() int {
			return int(admin("GET", "/api/v1/config/versions", nil).items(t)[0]["version"].(float64))
		}
		c.toy(admin, "toy").want(t, "without", 201)
		without := version()
		c.toy(admin, "toy", textField("a")).want(t, "with", 200)
		with := version()
		id := admin("POST", "/api/v1/records/toy", map[string]any{"name": "n", "a": "kept"}).want(t, "record", 201).json(t)["id"].(string)
		c.toy(admin, "toy").want(t, "taken out", 200)
		shown := func() map[string]any {
			return admin("GET", "/api/v1/records/toy/"+id, nil).want(t, "read", 200).json(t)
		}
		if _, there := shown()["a"]; there {
			t.Error("a field that is taken out is shown")
		}
		back := func(n int) answer {
			return admin("POST", fmt.Sprintf("/api/v1/config/versions/%d/rollback", n), nil)
		}
		if got := back(with); got.status >= 300 || shown()["a"] != "kept" {
			t.Errorf("back to the version with it: %d %s, %v", got.status, got.body, shown())
		}
		if got := back(without); got.status >= 300 {
			t.Errorf("back to the version without it: %d %s", got.status, got.body)
		}
		admin("GET", "/api/v1/records/toy?filter="+`ISBLANK(a)`, nil).want(t, "a filter on it", 422)
		if got := back(with); got.status >= 300 || shown()["a"] != "kept" {
			t.Errorf("and again: %d %s", got.status, got.body)
		}
		for _, n := range []string{"0", "-1", "99999", "x", "1.5"} {
			if got := admin("POST", "/api/v1/config/versions/"+n+"/rollback", nil); got.status != 404 && got.status != 400 {
				t.Errorf("back to %s: %d %s", n, got.status, got.body)
			}
		}
	})
}

// TestNamesThatAreNoNames: D66: what becomes an API name is looked at on every way in.
func TestNamesThatAreNoNames(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		bad := []string{
			`a"; DROP TABLE x--`, "", " ", "A", "1a", "a-b", "a.b", "a b", "é", "字段", "ａ", "a\u200b", "аdmin", strings.Repeat("a", 65), "a\x00", "id", "created_at", "updated_at", "deleted_at", "label", "base", "items",
		}
		kept := map[string]bool{"label": true, "items": true} // no words of the record's own
		for _, name := range bad {
			got := c.toy(admin, "toy", textField(name))
			if kept[name] {
				continue
			}
			if got.status != 422 {
				t.Errorf("the field %q: %d %s", name, got.status, got.body)
				continue
			}
			if faults := got.faults(t); !strings.HasPrefix(faults[0], "fields.1") {
				t.Errorf("the field %q: %v", name, faults)
			}
		}
		c.toy(admin, "toy", textField("dup"), textField("dup")).want(t, "twice the same", 422)
		draft := admin("POST", "/api/v1/config/drafts", map[string]any{"label": "d"}).want(t, "draft", 201).json(t)["id"].(string)
		admin("PUT", documents+"object/select?draft="+draft, map[string]any{"label": map[string]string{"en": "x", "zh-CN": "x"}, "title": "name", "fields": []any{textField("name"), textField("where"), textField("order"), textField("rowid"), textField("oid")}})
		if got := admin("POST", "/api/v1/config/drafts/"+draft+"/publish", nil); got.status >= 500 {
			t.Errorf("words of SQL: %d %s", got.status, got.body)
		} else if got.status < 300 {
			id := admin("POST", "/api/v1/records/select", map[string]any{"name": "n", "where": "w", "order": "o"}).want(t, "a record of such names", 201).json(t)["id"]
			items := admin("GET", "/api/v1/records/select?filter=where%3D%22w%22&sort=order,-rowid", nil).want(t, "its list", 200).items(t)
			if len(items) != 1 || items[0]["id"] != id {
				t.Errorf("%v", items)
			}
		}
	})
}
