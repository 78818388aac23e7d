package server_test

import (
	"fmt"
	"testing"
)

// TestNobodyPublishesTheLastAdministratorAway: neither by taking the role away,
// nor its rights, nor its name; by a draft, directly and by a roll-back. What
// leaves somebody who can take it back is published.
func TestNobodyPublishesTheLastAdministratorAway(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		const role = "/api/v1/config/role/administrator"
		lesser := func(rights ...string) map[string]any {
			body := admin("GET", role, nil).want(t, "the role", 200).json(t)
			body["rights"] = rights
			return body
		}
		refused := func(what string, a answer) {
			t.Helper()
			if a.want(t, what, 409); a.json(t)["code"] != "last_administrator" {
				t.Errorf("%s: %s", what, a.body)
			}
			if can := admin("GET", "/api/v1/config", nil); can.status != 200 {
				t.Fatalf("%s: the administrator is locked out", what)
			}
		}
		drafted := func(method, path string, body any) answer {
			draft := fmt.Sprint(admin("POST", "/api/v1/config/drafts", map[string]any{"label": "x"}).json(t)["id"])
			admin(method, path+"?draft="+draft, body)
			refused(path+": the check", admin("POST", "/api/v1/config/drafts/"+draft+"/validate", nil))
			return admin("POST", "/api/v1/config/drafts/"+draft+"/publish", nil)
		}
		refused("it goes", admin("DELETE", role, nil))
		refused("it goes by a draft", drafted("DELETE", role, nil))
		refused("no configuration", admin("PUT", role, lesser("users.write", "config.read")))
		refused("no people, by a draft", drafted("PUT", role, lesser("config.write", "config.read")))
		renamed := lesser("*")
		renamed["name"] = "boss"
		if a := admin("PUT", role, renamed); a.status < 400 {
			t.Errorf("another name: %d %s", a.status, a.body)
		}

		before := admin("GET", "/api/v1/config/versions", nil).items(t)[0]["version"]
		second := map[string]any{"label": map[string]any{"en": "Second"}, "home": "administrator", "rights": []string{"*"}, "objects": lesser()["objects"]}
		admin("PUT", "/api/v1/config/role/second", second).want(t, "another role", 201)
		refused("which nobody has", admin("PUT", role, lesser("config.read")))
		admin("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"roles": []string{"second"}}).want(t, "somebody has it", 200)
		admin("PUT", role, lesser("config.read")).want(t, "he can take it back", 200)
		heir := c.as("s1")
		heir("POST", fmt.Sprintf("/api/v1/config/versions/%v/rollback", before), nil).want(t, "and does", 200)
		refused("again", admin("DELETE", role, nil))
	})
}
