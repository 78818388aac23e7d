package server_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestConfigurationByTheLetter: documents over HTTP as a program uses them: with
// conditions, in both notations, in drafts and in versions.
func TestConfigurationByTheLetter(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		t.Run("conditions on documents", func(t *testing.T) { conditionsOnDocuments(t, c) })
		t.Run("of eight who saw the same", func(t *testing.T) { oneOfEightPublishes(t, c) })
		t.Run("of eight with one draft", func(t *testing.T) { oneOfEightWritesTheDraft(t, c) })
		t.Run("both notations", func(t *testing.T) { bothNotations(t, c) })
		t.Run("refusals", func(t *testing.T) { documentsThatAreRefused(t, c) })
		t.Run("a draft's life", func(t *testing.T) { theLifeOfADraft(t, c) })
		t.Run("versions", func(t *testing.T) { versionsByTheirNumber(t, c) })
		t.Run("who may", func(t *testing.T) { whoWritesTheConfiguration(t, c) })
	})
}

// plainView is a small document that nothing else depends on.
func plainView(label string) map[string]any {
	return map[string]any{"object": "lead", "label": map[string]any{"zh-CN": label, "en": label}, "columns": []any{"company", "city"}}
}

// conditionsOnDocuments: If-Match in every spelling, for a write and for a removal.
func conditionsOnDocuments(t *testing.T, c *company) {
	admin := c.with("admin")
	path := documents + "view/lead.conditions"
	match := func(tag string) map[string]string { return map[string]string{"If-Match": tag} }
	admin("PUT", path, plainView("零"), match("*")).want(t, "any one, of none", 412)
	admin("PUT", path, plainView("零"), match(`"v1"`)).want(t, "one, of none", 412)
	admin("DELETE", path, nil, match("*")).want(t, "a removal of none", 412)
	tag := admin("PUT", path, plainView("一"), nil).want(t, "new", 201).header.Get("ETag")
	for i, one := range []struct {
		name, match string
		status      int
	}{
		{"as it was seen", "TAG", 200}, {"any", "*", 200}, {"one of several", `"x", TAG`, 200}, {"without blanks", `"x",TAG`, 200},
		{"another", `"v0"`, 412}, {"weak", "W/TAG", 412}, {"no tag", "v1", 412},
	} {
		now := admin("GET", path, nil, nil)
		if seen := now.header.Get("ETag"); seen != tag {
			t.Fatalf("%s: written as %s, read as %s", one.name, tag, seen)
		}
		put := admin("PUT", path, plainView(fmt.Sprint("第", i)), match(strings.ReplaceAll(one.match, "TAG", tag))).want(t, one.name, one.status)
		if after := admin("GET", path, nil, nil); (string(after.body) != string(now.body)) != (one.status == 200) {
			t.Errorf("%s: %d, and it reads %s", one.name, one.status, after.body)
		}
		if one.status == 200 {
			tag = put.header.Get("ETag")
		}
	}
	for match, status := range map[string]int{tag: 304, "W/" + tag: 304, "*": 304, `"x", ` + tag: 304, `"x"`: 200} {
		if got := admin("GET", path, nil, map[string]string{"If-None-Match": match}).want(t, "If-None-Match "+match, status); status == 304 && len(got.body) > 0 {
			t.Errorf("%s has a body of %d bytes", match, len(got.body))
		}
	}
	admin("DELETE", path, nil, match(`"v0"`)).want(t, "a removal of what changed since", 412)
	admin("GET", path, nil, nil).want(t, "still there", 200)
	admin("DELETE", path, nil, match(tag)).want(t, "a removal of what was seen", 204)
	admin("GET", path, nil, nil).want(t, "gone", 404)
}

// oneOfEightPublishes: a condition holds until what it is for is done, not only
// when the request comes in.
func oneOfEightPublishes(t *testing.T, c *company) {
	admin := c.with("admin")
	path := documents + "view/lead.race"
	tag := admin("PUT", path, plainView("零"), nil).want(t, "new", 201).header.Get("ETag")
	var all sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		all.Go(func() {
			statuses[i] = admin("PUT", path, plainView(fmt.Sprint("第", i)), map[string]string{"If-Match": tag}).status
		})
	}
	all.Wait()
	if text := fmt.Sprint(statuses); strings.Count(text, "200") != 1 || strings.Count(text, "412") != 7 {
		t.Errorf("of eight who saw the same: %s", text)
	}
}

// oneOfEightWritesTheDraft: the same for what is not live yet, be it changed or removed.
func oneOfEightWritesTheDraft(t *testing.T, c *company) {
	admin := c.with("admin")
	path := documents + "view/lead.race"
	draft := admin("POST", documents+"drafts", map[string]any{}, nil).want(t, "draft", 201).json(t)["id"].(string)
	for round := range 10 {
		tag := admin("GET", path+"?draft="+draft, nil, nil).want(t, "as it stands", 200).header.Get("ETag")
		var all sync.WaitGroup
		answers := make([]answer, 8)
		for i := range answers {
			method, body := "PUT", any(plainView(fmt.Sprint("第", round, "-", i)))
			if round == 9 && i%2 == 0 {
				method, body = "DELETE", nil
			}
			all.Go(func() {
				answers[i] = admin(method, path+"?draft="+draft, body, map[string]string{"If-Match": tag})
			})
		}
		all.Wait()
		passed := 0
		for _, a := range answers {
			if a.status/100 == 2 {
				passed++
			} else if a.status != 412 {
				t.Errorf("round %d: %d %s", round, a.status, a.body)
			}
		}
		if passed != 1 {
			t.Errorf("round %d: %d of eight who saw the same have written", round, passed)
		}
	}
	admin("DELETE", documents+"drafts/"+draft, nil, nil).want(t, "drop", 204)
	admin("PUT", path+"?draft="+draft, plainView("x"), map[string]string{"If-Match": "*"}).want(t, "into no draft", 404)
}

// bothNotations: a document is the same in JSON and in YAML, whichever way it
// goes in and comes out, and labels in any script stay what they were.
func bothNotations(t *testing.T, c *company) {
	admin := c.with("admin")
	label := map[string]any{"zh-CN": "线索：「重要」# 与 - 和 \"引号\"", "en": "yes: no, 'true' & <null> 😀 مرحبا"}
	body := plainView("x")
	body["label"] = label
	path := documents + "view/lead.notation"
	for _, accept := range []string{"application/yaml", "text/yaml", "application/x-yaml", "application/json, application/yaml;q=0.9"} {
		put := admin("PUT", path, body, nil)
		if put.status/100 != 2 {
			t.Fatalf("%d %s", put.status, put.body)
		}
		text := admin("GET", path, nil, map[string]string{"Accept": accept}).want(t, accept, 200)
		if kind := text.header.Get("Content-Type"); kind != "application/yaml; charset=utf-8" {
			t.Errorf("%s gets %s", accept, kind)
		}
		back := admin("PUT", path, text.body, map[string]string{"Content-Type": "application/yaml"}).want(t, "back as it came", 200)
		if diff := cmp.Diff(label, back.json(t)["label"]); diff != "" {
			t.Errorf("%s: %s", accept, diff)
		}
	}
	for _, kind := range []string{"view", "object", "role", "clock", "routing-table", "scorecard", "calendar", "channel", "form", "page", "lexicon", "conversion", "block", "pool"} {
		for _, one := range admin("GET", "/api/v1/config/"+kind, nil, nil).want(t, kind, 200).items(t) {
			at := fmt.Sprint(documents, kind, "/", one["name"])
			text := admin("GET", at, nil, map[string]string{"Accept": "application/yaml"}).want(t, at, 200)
			converted := admin("POST", "/api/v1/config/convert", map[string]any{"kind": kind, "name": one["name"], "yaml": string(text.body)}, nil).want(t, at+" as text", 200)
			if diff := cmp.Diff(admin("GET", at, nil, nil).json(t), converted.json(t)["body"]); diff != "" {
				t.Errorf("%s is another document in YAML: %s", at, diff)
			}
		}
	}
}

// documentsThatAreRefused: each refusal has its status and its place, in both languages.
func documentsThatAreRefused(t *testing.T, c *company) {
	admin := c.with("admin")
	path := documents + "view/lead.refused"
	yaml := func(text string) (any, string) { return []byte(text), "application/yaml" }
	for _, one := range []struct {
		name, path string
		yaml       string // the body, where it is YAML
		body       any
		status     int
		faults     string
	}{
		{"no such kind", documents + "moon/x", "", plainView("x"), 404, ""},
		{"a kind as it is called in Go", documents + "routingTable/x", "", plainView("x"), 404, ""},
		{"no JSON", path, "", "{", 400, " syntax"},
		{"two JSON documents", path, "", "{}{}", 400, " trailing_data"},
		{"no object", path, "", "[]", 422, " wrong_type"},
		{"nothing in it", path, "", "{}", 422, "*"},
		{"no YAML", path, "a: [", nil, 400, "*"},
		{"two YAML documents", path, "label: {en: x}\n---\nlabel: {en: y}\n", nil, 400, ""},
		{"an anchor", path, "label: &a {en: x}\nother: *a\n", nil, 400, " no_anchors"},
		{"a hundred brackets", path, "a: " + strings.Repeat("[", 101) + strings.Repeat("]", 101), nil, 400, " too_deep"},
		{"another name in it", path, "", map[string]any{"name": "lead.other", "object": "lead", "label": map[string]any{"en": "x"}}, 422, "*"},
		{"an object that is not there", path, "", map[string]any{"object": "moon", "label": map[string]any{"en": "x", "zh-CN": "x"}, "columns": []any{"a"}}, 422, "*object unknown_object"},
		{"a column that is not there", path, "", map[string]any{"object": "lead", "label": map[string]any{"en": "x", "zh-CN": "x"}, "columns": []any{"company", "moon"}}, 422, "*columns.1 unknown_field"},
		{"a filter that is none", path, "", map[string]any{"object": "lead", "label": map[string]any{"en": "x", "zh-CN": "x"}, "columns": []any{"company"}, "filter": "city ="}, 422, "*filter syntax"},
		{"a word that nobody knows", path, "", map[string]any{"object": "lead", "label": map[string]any{"en": "x", "zh-CN": "x"}, "columns": []any{"company"}, "colour": "red"}, 422, "*colour"},
	} {
		body, kind := one.body, "application/json"
		if one.yaml != "" {
			body, kind = yaml(one.yaml)
		}
		for _, language := range []string{"zh-CN", "en"} {
			got := admin("PUT", one.path, body, map[string]string{"Content-Type": kind, "Accept-Language": language}).want(t, one.name, one.status)
			c.speaks(one.name, got, language == "zh-CN")
			faults := strings.Join(got.faults(t), ", ")
			if part, loose := strings.CutPrefix(one.faults, "*"); faults != one.faults && !(loose && strings.Contains(faults, part) && faults != "") {
				t.Errorf("%s: %q, want %q: %s", one.name, faults, one.faults, got.body)
			}
		}
		admin("GET", path, nil, nil).want(t, "nothing of it is there: "+one.name, 404)
	}
}

// theLifeOfADraft: begun, filled, looked at, published once; afterwards it takes
// nothing and gives what it held.
func theLifeOfADraft(t *testing.T, c *company) {
	admin := c.as("admin")
	drafts := "/api/v1/config/drafts"
	admin("POST", drafts, map[string]any{"label": strings.Repeat("长", 201)}).want(t, "a long label", 422)
	id := admin("POST", drafts, map[string]any{"label": " 新视图 "}).want(t, "a draft", 201).json(t)["id"].(string)
	one := drafts + "/" + id
	in := documents + "view/lead.drafted?draft=" + id
	admin("POST", one+"/validate", nil).want(t, "an empty one is right", 200)
	admin("PUT", in, plainView("稿")).want(t, "into it", 200)
	admin("GET", documents+"view/lead.drafted", nil).want(t, "not in force", 404)
	admin("GET", in, nil).want(t, "in the draft", 200)
	if got := admin("GET", one, nil).json(t); got["label"] != "新视图" || len(asList(got["documents"])) != 1 {
		t.Errorf("the draft: %v", got)
	}
	wrong := plainView("稿")
	wrong["columns"] = []any{"moon"}
	admin("PUT", in, wrong).want(t, "a draft need not be right", 200)
	refused := admin("POST", one+"/validate", nil).want(t, "but says so", 422)
	if faults := refused.faults(t); len(faults) != 1 || !strings.HasSuffix(faults[0], "columns.0 unknown_field") {
		t.Errorf("%s", refused.body)
	}
	admin("POST", one+"/publish", nil).want(t, "and is not published", 422)
	admin("DELETE", in, nil).want(t, "a removal of what is only here", 204)
	admin("PUT", in, plainView("稿二")).want(t, "right again", 200)
	admin("POST", one+"/publish", nil).want(t, "published", 200)
	admin("GET", documents+"view/lead.drafted", nil).want(t, "in force", 200)
	for what, got := range map[string]answer{
		"published again": admin("POST", one+"/publish", nil), "validated": admin("POST", one+"/validate", nil), "written": admin("PUT", in, plainView("稿三")),
	} {
		if got.status != 409 {
			t.Errorf("a published draft is %s: %d %s", what, got.status, got.body)
		}
	}
	for _, method := range []string{"GET", "DELETE"} {
		admin(method, drafts+"/"+absentID, nil).want(t, method+" of no draft", 404)
	}
	for _, act := range []string{"validate", "publish", "diff", "effects"} {
		admin("POST", drafts+"/"+absentID+"/"+act, nil).want(t, act+" of no draft", 404)
	}
	admin("PUT", documents+"view/lead.drafted?draft="+absentID, plainView("x")).want(t, "into no draft", 404)
	admin("GET", documents+"view/lead.drafted?draft="+absentID, nil).want(t, "out of no draft", 404)
}

// versionsByTheirNumber: what is no number, or none that there was, is not found.
func versionsByTheirNumber(t *testing.T, c *company) {
	admin := c.as("admin")
	versions := "/api/v1/config/versions"
	path := documents + "view/lead.versions"
	admin("PUT", path, plainView("一")).want(t, "first", 201)
	first := fmt.Sprint(admin("GET", versions+"?limit=1", nil).items(t)[0]["version"])
	admin("PUT", path, plainView("二")).want(t, "second", 200)
	then := admin("GET", path+"?version="+first, nil).want(t, "as it was", 200).json(t)
	if label := then["label"].(map[string]any)["en"]; label != "一" {
		t.Errorf("at %s it was %v", first, label)
	}
	for _, n := range []string{"0", "-1", "99999", "x", "1.5", "1e3", "99999999999999999999", "%20", "１"} {
		for what, got := range map[string]answer{
			"read": admin("GET", path+"?version="+n, nil), "compared": admin("GET", versions+"/"+n+"/diff", nil), "restored": admin("POST", versions+"/"+n+"/rollback", nil),
		} {
			if got.status != 404 {
				t.Errorf("version %s %s: %d %s", n, what, got.status, got.body)
			}
		}
	}
	before := admin("GET", versions+"?limit=1", nil).items(t)[0]["version"]
	admin("PUT", path, plainView("二")).want(t, "the same again", 200)
	if now := admin("GET", versions+"?limit=1", nil).items(t)[0]["version"]; now != before {
		t.Errorf("writing what is there already made version %v of %v", now, before)
	}
	admin("POST", versions+"/"+first+"/rollback", nil).want(t, "back", 200)
	if label := admin("GET", path, nil).json(t)["label"].(map[string]any)["en"]; label != "一" {
		t.Errorf("rolled back to %v", label)
	}
	if newest := admin("GET", versions+"?limit=1", nil).items(t)[0]; fmt.Sprint(newest["restored_from"]) != first {
		t.Errorf("the newest version: %v", newest)
	}
}

// whoWritesTheConfiguration: without the right each way in is closed, whether
// the document is there or not, and nothing changes.
func whoWritesTheConfiguration(t *testing.T, c *company) {
	admin := c.as("admin")
	path := documents + "view/lead.closed"
	admin("PUT", path, plainView("一")).want(t, "there", 201)
	before := admin("GET", "/api/v1/config/versions?limit=1", nil).items(t)[0]["version"]
	draft := admin("POST", "/api/v1/config/drafts", map[string]any{}).json(t)["id"].(string)
	for _, who := range []string{"s1", "service", "marketing"} {
		by := c.as(who)
		for _, one := range []struct {
			method, path string
			body         any
		}{
			{"PUT", path, plainView("二")}, {"PUT", documents + "view/absent", plainView("二")}, {"DELETE", path, nil}, {"DELETE", documents + "view/absent", nil},
			{"PUT", path + "?draft=" + draft, plainView("二")}, {"POST", "/api/v1/config/drafts", map[string]any{}}, {"DELETE", "/api/v1/config/drafts/" + draft, nil},
			{"POST", "/api/v1/config/drafts/" + draft + "/publish", nil}, {"POST", "/api/v1/config/versions/1/rollback", nil}, {"POST", "/api/v1/config/convert", map[string]any{"kind": "view", "name": "x", "yaml": "a: b"}},
		} {
			by(one.method, one.path, one.body).want(t, who+" "+one.method+" "+one.path, 403)
		}
	}
	if now := admin("GET", "/api/v1/config/versions?limit=1", nil).items(t)[0]["version"]; now != before {
		t.Errorf("version %v became %v", before, now)
	}
}
