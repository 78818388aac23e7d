package server_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestPhonesAsTheyArrive runs testdata/phones.txt through a channel and through a person.
func TestPhonesAsTheyArrive(t *testing.T) {
	raw, err := os.ReadFile("testdata/phones.txt")
	if err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		for n, line := range strings.Split(string(raw), "\n") {
			parts := strings.Split(line, "|")
			if strings.HasPrefix(line, "#") || len(parts) != 3 {
				continue
			}
			typed, want := parts[1], strings.TrimSpace(parts[2])
			got := c.send("POST", "/in/website-api", map[string]any{"company": fmt.Sprint("行", n), "phone": typed, "external_id": fmt.Sprint("p", n)}, map[string]string{"Authorization": "Bearer " + websiteToken})
			id := got.header.Get("Clew-Record")
			if id == "" {
				t.Errorf("line %d: a lead was lost for %q: %d %s", n+1, typed, got.status, got.body)
				continue
			}
			stored := leader("GET", leads+"/"+id, nil).json(t)["phone"]
			if want == "kept" && stored != strings.TrimSpace(typed) || want != "kept" && stored != want {
				t.Errorf("line %d: %q is stored as %v, want %s", n+1, typed, stored, want)
			}
			person := leader("POST", leads+"?duplicate=touch", map[string]any{"company": "person", "phone": typed})
			if want == "kept" != (person.status == 422) {
				t.Errorf("line %d: a person's %q: %d %s", n+1, typed, person.status, person.body)
			}
			if want == "kept" && fmt.Sprint(person.faults(t)) != "[phone invalid_phone]" {
				t.Errorf("line %d: %v", n+1, person.faults(t))
			}
		}
	})
}
