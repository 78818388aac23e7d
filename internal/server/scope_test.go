package server_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"
)

const absentID = "01900000-0000-7000-8000-000000000000"

// TestASellerReachesOnlyHisOwn tries every path to another seller's lead.
func TestASellerReachesOnlyHisOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		mine, theirs := c.arrive(1), c.arrive(2)
		due := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
		c.followUp("s2", theirs, map[string]any{"next_action": "提交报价", "next_due": due})
		leader, s1 := c.as("leader"), c.with("s1")
		before := leader("GET", leads+"/"+theirs, nil)
		t.Run("reads", func(t *testing.T) { readsElsewhere(t, c, theirs) })
		t.Run("writes", func(t *testing.T) {
			for _, try := range []struct {
				method, suffix string
				body           any
			}{
				{"PATCH", "", map[string]any{"city": "x"}},
				{"POST", "/claim", nil},
				{"POST", "/follow-up", map[string]any{"action": "电话沟通", "next_action": "提交报价", "next_due": due}},
			} {
				header := map[string]string{"If-Match": before.header.Get("ETag")}
				got := s1(try.method, leads+"/"+theirs+try.suffix, try.body, header).want(t, try.method+try.suffix, 404)
				absent := s1(try.method, leads+"/"+absentID+try.suffix, try.body, header)
				if !bytes.Equal(got.body, absent.body) {
					t.Errorf("%s%s: %s, absent %s", try.method, try.suffix, got.body, absent.body)
				}
			}
			got := s1("POST", leads+"/batch", map[string]any{"items": []any{
				map[string]any{"op": "update", "id": theirs, "fields": map[string]any{"city": "x"}},
				map[string]any{"op": "update", "id": absentID, "fields": map[string]any{"city": "x"}},
				map[string]any{"op": "delete", "id": theirs},
			}}, nil).want(t, "batch", 200).items(t)
			if got[0]["status"] != 404.0 || got[1]["status"] != 404.0 || got[2]["status"] != 403.0 {
				t.Errorf("batch: %v", got)
			}
		})
		if after := leader("GET", leads+"/"+theirs, nil); !bytes.Equal(before.body, after.body) {
			t.Errorf("a refused call wrote: %s", after.body)
		}
		t.Run("hands over", func(t *testing.T) {
			path := leads + "/" + mine
			refused := s1("PATCH", path, map[string]any{"owner": c.ids["s2"]}, nil).want(t, "assign to another", 422)
			if got := refused.faults(t); len(got) != 1 || got[0] != "owner may_not_assign" {
				t.Errorf("assign: %v", got)
			}
			leader("PATCH", path, map[string]any{"owner": map[string]any{"id": c.ids["s2"], "label": "x"}}).want(t, "leader assigns", 200)
			s1("GET", path, nil, nil).want(t, "after the hand-over", 404)
		})
	})
}

func readsElsewhere(t *testing.T, c *company, theirs string) {
	s1 := c.with("s1")
	for _, suffix := range []string{"", "/thread", "/why", "/clocks", "/related"} {
		for _, method := range []string{"GET", "HEAD"} {
			got := s1(method, leads+"/"+theirs+suffix, nil, nil).want(t, method+suffix, 404)
			absent := s1(method, leads+"/"+absentID+suffix, nil, nil)
			if !bytes.Equal(got.body, absent.body) || got.header.Get("ETag") != "" {
				t.Errorf("%s%s: %s, absent %s", method, suffix, got.body, absent.body)
			}
		}
	}
	for _, path := range []string{
		leads, ask("count", "1"), ask("filter", `owner="`+c.ids["s2"]+`"`), ask("filter", `id="`+theirs+`"`), ask("sort", "-phone"), ask("deleted", "1"),
		"/api/v1/home", "/api/v1/inbox", "/api/v1/records/interaction", "/api/v1/records/contact", "/api/v1/records/interaction?filter=NOT%20ISBLANK(lead)",
	} {
		got := s1("GET", path, nil, nil)
		if bytes.Contains(got.body, []byte(theirs)) || bytes.Contains(got.body, []byte("13700000002")) {
			t.Errorf("%s shows it: %s", path, got.body)
		}
	}
	if got := s1("GET", ask("count", "1"), nil, nil).json(t)["count"]; got != 1.0 {
		t.Errorf("count = %v", got)
	}
	for _, path := range []string{"/api/v1/dashboards/lead-health", "/api/v1/channels", "/api/v1/channels/douyin/deliveries", "/api/v1/config/role/sales", "/api/v1/health/status"} {
		s1("GET", path, nil, nil).want(t, path, 403)
	}
}

// TestALinkToWhatOneMayNotReadIsRefused: else the link's label would tell.
func TestALinkToWhatOneMayNotReadIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		const interactions = "/api/v1/records/interaction"
		mine, theirs := c.arrive(1), c.arrive(2)
		s1 := c.as("s1")
		contact := c.as("leader")("GET", leads+"/"+theirs, nil).json(t)["person"].(map[string]any)["id"]
		for _, target := range []any{contact, absentID, "nonsense"} {
			refused := s1("PATCH", leads+"/"+mine, map[string]any{"person": target}).want(t, "link", 422)
			if got := refused.faults(t); len(got) != 1 || got[0] != "person unknown_record" {
				t.Errorf("link to %v: %v", target, got)
			}
		}
		own := s1("GET", leads+"/"+mine, nil).json(t)
		if own["person"].(map[string]any)["label"] == nil {
			t.Errorf("the seller does not see the contact of his own lead: %v", own["person"])
		}
		s1("PATCH", leads+"/"+mine, map[string]any{"person": own["person"], "city": "x"}).want(t, "the same link again", 200)
		s1("POST", interactions, map[string]any{"lead": theirs, "text": "x"}).want(t, "link on create", 422)
		made := s1("POST", interactions, map[string]any{"lead": mine, "text": "x"}).want(t, "link to one's own", http.StatusCreated)
		if !strings.Contains(string(made.body), mine) {
			t.Errorf("made %s", made.body)
		}
	})
}
