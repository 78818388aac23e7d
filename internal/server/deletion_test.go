package server_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestADeletedLeadIsGoneEverywhereAndComesBack(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, s1 := c.as("leader"), c.as("s1")
		id := c.push(clue("m1", "c1", "13700001111", nil)).header.Get("Clew-Record")
		path := leads + "/" + id
		s1("DELETE", path, nil).want(t, "a seller has no right to delete", 403)
		leader("DELETE", path, nil).want(t, "delete", 204)
		for _, suffix := range []string{"", "/thread", "/why", "/clocks", "/related"} {
			gone := leader("GET", path+suffix, nil).want(t, "GET"+suffix, 404)
			if absent := leader("GET", leads+"/01900000-0000-7000-8000-000000000000"+suffix, nil); !bytes.Equal(absent.body, gone.body) {
				t.Errorf("%s: gone %s, absent %s", suffix, gone.body, absent.body)
			}
		}
		leader("PATCH", path, map[string]any{"city": "x"}).want(t, "patch", 404)
		leader("DELETE", path, nil).want(t, "delete again", 404)
		leader("POST", path+"/claim", nil).want(t, "claim", 404)
		c.nowhere(leader, id)
		c.expectCount("SELECT COALESCE(SUM(open),0) FROM owner_load WHERE object='crm.lead'", 0)
		c.expectCount("SELECT COALESCE(SUM(created),0) FROM figure", 0)
		c.expectCount("SELECT COUNT(*) FROM clock_run WHERE phase='running'", 0)
		c.must(c.app.DB.SetOffset(5 * 24 * time.Hour))
		if n, err := c.app.Timer.Due(context.Background()); n != 0 || err != nil {
			t.Errorf("a deleted lead's clocks: %d %v", n, err)
		}
		deleted := leader("GET", ask("deleted", "1"), nil).items(t)
		if len(deleted) != 1 || deleted[0]["id"] != id {
			t.Errorf("deleted: %v", deleted)
		}
		c.as("marketing")("POST", path+"/restore", nil).want(t, "restore without the right", 403)
		back := leader("POST", path+"/restore", nil).want(t, "restore", 200).json(t)
		if back["phone"] != "+8613700001111" || back["owner"] == nil {
			t.Errorf("restored: %v", back)
		}
		leader("POST", path+"/restore", nil).want(t, "restore what is there", 404)
		if count := leader("GET", ask("count", "1"), nil).json(t)["count"]; count != 1.0 {
			t.Errorf("count after restore = %v", count)
		}
		c.expectCount("SELECT COALESCE(SUM(open),0) FROM owner_load WHERE object='crm.lead'", 1)
		c.expectCount("SELECT COALESCE(SUM(created),0) FROM figure", 1)
		c.expectCount("SELECT COUNT(*) FROM match_key WHERE scope='crm.lead' AND record='"+id+"'", 1)
		c.expectCount("SELECT COUNT(*) FROM clock_run WHERE phase='running' AND clock='silence-72h'", 1)
		if kinds := c.kinds(id); !strings.Contains(kinds, "deleted") || !strings.Contains(kinds, "restored") {
			t.Errorf("thread: %s", kinds)
		}
	})
}

// nowhere looks for a deleted lead on every list.
func (c *company) nowhere(by caller, id string) {
	c.Helper()
	for _, path := range []string{ask("count", "1"), "/api/v1/home", "/api/v1/dashboards/lead-health"} {
		got := by("GET", path, nil).want(c.T, path, 200)
		if bytes.Contains(got.body, []byte(id)) || bytes.Contains(got.body, []byte(`"count":1`)) || bytes.Contains(got.body, []byte(`"leads":1`)) {
			c.Errorf("%s still shows it: %s", path, got.body)
		}
	}
	if found := by("POST", leads+"/duplicates", map[string]any{"phone": "13700001111"}).items(c.T); len(found) != 0 {
		c.Errorf("duplicates: %v", found)
	}
}

func TestADeletedLeadsKeysAreFree(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		first := c.push(clue("m1", "c1", "13700001111", nil)).header.Get("Clew-Record")
		leader("DELETE", leads+"/"+first, nil).want(t, "delete", 204)
		second := c.push(clue("m2", "c2", "13700001111", nil)).header.Get("Clew-Record")
		if second == "" || second == first {
			t.Fatalf("after deletion the phone gave %q", second)
		}
		refused := leader("POST", leads+"/"+first+"/restore", nil).want(t, "restore beside a new one", 409)
		if refused.json(t)["code"] != "duplicate" {
			t.Errorf("restore: %s", refused.body)
		}
		sameClue := c.push(clue("m3", "c1", "13700003333", nil)).header.Get("Clew-Record")
		if sameClue == first || sameClue == "" {
			t.Errorf("the deleted lead's clue gave %q", sameClue)
		}
		leader("DELETE", leads+"/"+second, nil).want(t, "delete the second", 204)
		c.must(c.app.DB.SetOffset(31 * 24 * time.Hour))
		late := leader("POST", leads+"/"+first+"/restore", nil).want(t, "after 30 days", 409)
		if late.json(t)["code"] != "restore_too_late" {
			t.Errorf("late: %s", late.body)
		}
	})
}

func TestATouchByAPersonWhoMayNotSeeTheLead(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		id := c.push(clue("m1", "c1", "13700001111", nil)).header.Get("Clew-Record")
		s3 := c.as("s3")
		body := map[string]any{"company": "guess", "city": "guess", "phone": "13700001111"}
		got := s3("POST", leads+"?duplicate=touch", body)
		if got.status/100 != 2 {
			t.Errorf("touch: %d %s", got.status, got.body)
		}
		if bytes.Contains(got.body, []byte(id)) || strings.Contains(fmt.Sprint(got.header), id) {
			t.Errorf("the touch tells the record: %v %s", got.header, got.body)
		}
		batch := s3("POST", leads+"/batch?duplicate=touch", map[string]any{"items": []any{map[string]any{"op": "create", "fields": body}}})
		refused := s3("POST", leads+"/batch", map[string]any{"items": []any{map[string]any{"op": "create", "fields": body}}})
		for _, answer := range []answer{batch, refused, s3("POST", leads, body), s3("POST", leads+"/duplicates", body)} {
			if bytes.Contains(answer.body, []byte(id)) || bytes.Contains(answer.body, []byte("s1")) {
				t.Errorf("the record is told: %s", answer.body)
			}
		}
		lead := c.as("leader")("GET", leads+"/"+id, nil).json(t)
		if lead["company"] != "博锐精工" || lead["touches"] != "2" || lead["owner"].(map[string]any)["id"] != c.ids["s1"] {
			t.Errorf("touched: %v %v", lead["company"], lead["touches"])
		}
	})
}

func TestARestoredLeadMeetsItsClueAgainUnlessAnotherTookIt(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		again := func(message, clueID, phone string) string {
			return c.push(clue(message, clueID, phone, nil)).header.Get("Clew-Record")
		}
		first, second := again("m1", "c1", "13700001111"), again("m2", "c2", "13700002222")
		for _, id := range []string{first, second} {
			leader("DELETE", leads+"/"+id, nil).want(t, "delete", 204)
		}
		heir := again("m3", "c2", "13700003333")
		if heir == second || heir == "" {
			t.Fatalf("a deleted lead met its clue: %q", heir)
		}
		for _, id := range []string{first, second} {
			leader("POST", leads+"/"+id+"/restore", nil).want(t, "restore", 200)
		}
		if got := again("m4", "c1", "13700004444"); got != first {
			t.Errorf("the clue of the restored lead gave %s, want %s", got, first)
		}
		if got := again("m5", "c2", "13700005555"); got != heir {
			t.Errorf("the clue that was taken gave %s, want %s", got, heir)
		}
		c.expectCount("SELECT COUNT(*) FROM match_key WHERE scope LIKE '-%'", 0)
	})
}
