package api_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"clew.dev/clew/internal/api"
)

func TestDescriptionShowsWhatTheReaderMaySee(t *testing.T) {
	sites(t, func(s *site) {
		for name, want := range map[string]bool{"admin": true, "sales": true, "service": false} {
			described := s.logIn(name).do("GET", "/openapi.json", nil)
			s.want(name, described, 200, "")
			if !strings.Contains(described.raw, "record_lead") {
				s.t.Errorf("%s does not see the object", name)
			}
			if got := strings.Contains(described.raw, `"budget"`); got != want {
				s.t.Errorf("%s sees the budget: %t", name, got)
			}
			page := s.logIn(name).do("GET", "/docs", nil)
			if got := strings.Contains(page.raw, "budget"); got != want {
				s.t.Errorf("%s sees the budget on the page: %t", name, got)
			}
		}
		if nobody := s.call("GET", "/openapi.json", nil); strings.Contains(nobody.raw, "record_lead") {
			s.t.Error("nobody sees the objects")
		}
	})
}

func TestStaticDescriptionIsWhole(t *testing.T) {
	document := api.Static("test")
	raw, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	schemas := document["components"].(map[string]any)["schemas"].(map[string]any)
	for _, match := range regexp.MustCompile(`#/components/schemas/([^"]+)`).FindAllStringSubmatch(string(raw), -1) {
		if schemas[match[1]] == nil {
			t.Errorf("no schema %s", match[1])
		}
	}
	paths := document["paths"].(map[string]any)
	ids := map[string]bool{}
	for _, route := range api.New(api.Dependencies{}).Routes() {
		item, _ := paths[route.Path].(map[string]any)
		operation, ok := item[strings.ToLower(route.Method)].(map[string]any)
		if !ok {
			t.Errorf("%s %s is not described", route.Method, route.Path)
			continue
		}
		id, _ := operation["operationId"].(string)
		if ids[id] {
			t.Errorf("operation %s stands twice", id)
		}
		ids[id] = true
	}
}

func TestPageLoadsNothingFromElsewhere(t *testing.T) {
	s := embeddedSite(t)
	page := s.call("GET", "/docs", nil)
	if regexp.MustCompile(`(src|href)="(https?:)?//`).MatchString(page.raw) || strings.Contains(page.raw, "<script") {
		t.Error("the page loads from elsewhere or runs scripts")
	}
	if !strings.Contains(page.raw, "POST /api/v1/session") {
		t.Errorf("page: %s", page.raw)
	}
}
