package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/fault"
)

// loseKey goes on without the file of the key, as after a restore that left it
// out, and without the secrets of channels and robots, so that others are told by themselves.
func (c *company) loseKey() {
	c.Helper()
	c.end()
	c.must(os.Remove(filepath.Join(c.options.Data, "secret.key")))
	c.begin()
	c.exec(`DELETE FROM channel_secret`)
	c.exec(`DELETE FROM robot_secret`)
}

// TestALostKeyLetsRecoveryCodesIn: what was sealed by a key that is gone is said
// to be unreadable; a recovery code, which needs no key, still opens the door.
func TestALostKeyLetsRecoveryCodesIn(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s, _ := c.enter("s1@example.com", password)
		_, recovery := s.enrol()
		c.loseKey()
		if _, told := c.warned()["key_wrong"]; !told {
			t.Error("the health page does not say that second factors cannot be read")
		}
		half, _ := c.enter("s1@example.com", password)
		refused := half.do("POST", "/api/v1/session/factor", map[string]any{"code": "000000"}).want(t, "a code of the app", 409).json(t)
		if refused["code"] != "factor_unreadable" || refused["title"] == "" {
			t.Errorf("refused: %v", refused)
		}
		whole := c.seat(half.do("POST", "/api/v1/session/factor", map[string]any{"code": recovery[0]}).want(t, "recovery code", 200))
		whole.do("GET", "/api/v1/session", nil).want(t, "in", 200)
		whole.do("POST", "/api/v1/session/factor/remove", map[string]any{"code": recovery[1]}).want(t, "take it away", 204)
		whole.enrol()
		if _, told := c.warned()["key_wrong"]; told {
			t.Error("the new factor is sealed by the new key, and the health page still complains")
		}
	})
}

// TestALostFactorGoesWithThePassword: who has the company's files lets a person
// in again who lost both; one who was disabled stays out.
func TestALostFactorGoesWithThePassword(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s, _ := c.enter("s1@example.com", password)
		s.enrol()
		link, _, err := c.app.ResetPassword(t.Context(), "s1@example.com", true)
		c.must(err)
		s.do("GET", "/api/v1/session", nil).want(t, "the session of before", 401)
		_, token, _ := strings.Cut(link, "#")
		c.send("POST", "/api/v1/session/reset", map[string]any{"token": token, "password": "something new"}, nil).want(t, "set", 204)
		again, _ := c.enter("s1@example.com", "something new")
		again.do("GET", "/api/v1/session", nil).want(t, "in without a code", 200)

		c.as("admin")("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"active": false}).want(t, "disabled", 200)
		_, _, err = c.app.ResetPassword(t.Context(), "s1@example.com", false)
		if f, ok := fault.As(err); !ok || f.Code != "user_inactive" {
			t.Error("disabled:", err)
		}
	})
}

// TestALostKeyIsToldByTheLogIn: the provider's secret cannot be read any more;
// people see a sentence on the log-in page, the administrator what to do.
func TestALostKeyIsToldByTheLogIn(t *testing.T) {
	onBothProvided(t, func(t *testing.T, c *provided) {
		c.loseKey()
		c.admin = c.as("admin")
		if place := c.browser().logIn("/lists/lead", "sub-leader"); !strings.HasPrefix(place, "/login?error=provider_unreadable") {
			t.Errorf("the log-in leads to %s", place)
		}
		if _, told := c.warned()["key_wrong"]; !told {
			t.Error("the health page does not say that the provider's secret cannot be read")
		}
		body := map[string]any{"enabled": true, "label": "公司账号", "issuer": c.address, "client_id": "clew", "allow_private": true}
		got := c.admin("POST", settings+"/test", body).want(t, "test with the kept secret", 422)
		if !strings.Contains(string(got.body), `"secret"`) || !strings.Contains(string(got.body), "provider_unreadable") {
			t.Errorf("the test says %s", got.body)
		}
		c.set(nil).want(t, "the secret anew", 200)
		if place := c.browser().logIn("/lists/lead", "sub-leader"); place != "/lists/lead" {
			t.Errorf("with the secret anew the log-in leads to %s", place)
		}
	})
}
