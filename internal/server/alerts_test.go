package server_test

import (
	"net/http"
	"testing"
)

// Contract: what a browser announces is each person's own choice.
func TestAlertsAreOnesOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1, s2 := c.as("s1"), c.as("s2")
		first := s1("GET", "/api/v1/alerts", nil).want(t, "at first", http.StatusOK).json(t)
		if first["quiet"] != true || len(first["off"].([]any)) != 0 || len(first["kinds"].([]any)) == 0 {
			t.Errorf("at first: %v", first)
		}
		s1("PUT", "/api/v1/alerts", map[string]any{"quiet": false, "off": []string{"touched", "touched"}}).want(t, "choose", http.StatusOK)
		chosen := s1("GET", "/api/v1/alerts", nil).json(t)
		if off := chosen["off"].([]any); chosen["quiet"] != false || len(off) != 1 || off[0] != "touched" {
			t.Errorf("chosen: %v", chosen)
		}
		if other := s2("GET", "/api/v1/alerts", nil).json(t); other["quiet"] != true {
			t.Errorf("another's: %v", other)
		}
		s1("PUT", "/api/v1/alerts", map[string]any{"off": []string{"nonsense"}}).want(t, "unknown kind", http.StatusUnprocessableEntity)
	})
}
